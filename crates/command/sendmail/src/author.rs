// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who sends the message: addresses of the command line, login name, full name.
//!
//! *Postfix:* global/username(3), util/fullname(3).

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use mail::address::header_list::List;
use mail::address::token;
use sys::users::User;

/// The addresses in a text that is read like an address header, in internal form.
pub(crate) fn addresses(text: &OsStr) -> Vec<Vec<u8>> {
    List::parse(text.as_bytes())
        .addresses()
        .map(token::internal)
        .collect()
}

/// The full name: what the environment says, or the account. May be empty.
pub(crate) fn full_name(environment: Option<&OsStr>, account: Option<&User>) -> Vec<u8> {
    let name = match (environment, account) {
        (Some(name), _) if !name.is_empty() => name.as_bytes().to_vec(),
        (_, Some(account)) => full_name_of(account).into_bytes(),
        (_, None) => Vec::new(),
    };
    one_line(name)
}

/// What stands in the account before the first comma; `&` is the login name, capitalized.
fn full_name_of(account: &User) -> String {
    let field = account
        .full_name
        .split([',', ';', '%'])
        .next()
        .unwrap_or_default();
    let mut letters = account.name.chars();
    let capitalized = match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    };
    field.replace('&', &capitalized)
}

/// A name becomes part of an envelope, where a line break would mean something.
pub(crate) fn one_line(mut text: Vec<u8>) -> Vec<u8> {
    for byte in &mut text {
        if byte.is_ascii_control() {
            *byte = b' ';
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(name: &str, full_name: &str) -> User {
        User {
            name: name.to_owned(),
            uid: 1000,
            gid: 1000,
            full_name: full_name.to_owned(),
            home: "/".into(),
            shell: "/bin/sh".into(),
        }
    }

    #[test]
    fn addresses_are_read_like_headers() {
        let found = addresses(OsStr::new(
            "A User <a@example.com>, \"b c\"@example.com (hi) d",
        ));
        assert_eq!(found, [&b"a@example.com"[..], b"b c@example.com", b"d"]);
        assert!(addresses(OsStr::new("<>")).is_empty());
        assert!(addresses(OsStr::new("")).is_empty());
    }

    #[test]
    fn the_full_name_comes_from_the_environment_or_the_account() {
        let alice = account("alice", "& Liddell, Room 1,,");
        assert_eq!(full_name(None, Some(&alice)), b"Alice Liddell");
        assert_eq!(full_name(Some(OsStr::new("A\nB")), Some(&alice)), b"A B");
        assert_eq!(
            full_name(Some(OsStr::new("")), Some(&alice)),
            b"Alice Liddell"
        );
        assert_eq!(full_name(None, None), b"");
    }
}
