// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which of the environment's variables go on to other programs.
//!
//! The environment of a process is never changed; what a child gets is computed here and given
//! to it.
//!
//! *Postfix:* clean_env(3).

use std::collections::BTreeMap;
use std::ffi::OsString;

/// An environment about to be given to a program.
pub type Environment = BTreeMap<OsString, OsString>;

/// The variables that `import_environment` lets through: a list of names, and of `name=value`
/// pairs that are set whatever the environment says. A pair with blanks is written
/// `{ name = value }`.
pub fn imported(import_environment: &str) -> Environment {
    imported_from(import_environment, |name| std::env::var_os(name))
}

fn imported_from(list: &str, lookup: impl Fn(&str) -> Option<OsString>) -> Environment {
    let mut environment = Environment::new();
    for item in items(list) {
        match item.split_once('=') {
            Some((name, value)) => {
                environment.insert(name.trim().into(), value.trim().into());
            }
            None => {
                if let Some(value) = lookup(item) {
                    environment.insert(item.into(), value);
                }
            }
        }
    }
    environment
}

/// Words separated by comma or white space; braces keep a word together.
fn items(mut list: &str) -> Vec<&str> {
    let separator = |c: char| c == ',' || c.is_ascii_whitespace();
    let mut items = Vec::new();
    loop {
        list = list.trim_start_matches(separator);
        if list.is_empty() {
            return items;
        }
        let braced = list.strip_prefix('{').and_then(|rest| rest.split_once('}'));
        let (item, rest) = match braced {
            Some((item, rest)) => (item.trim(), rest),
            None => list.split_at(list.find(separator).unwrap_or(list.len())),
        };
        items.push(item);
        list = rest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_over_and_pairs_are_set() {
        let list = "MAIL_CONFIG, TZ LANG=C { GREETING = hello world } ABSENT";
        let environment = imported_from(list, |name| match name {
            "MAIL_CONFIG" | "LANG" | "SECRET" => Some(format!("old {name}").into()),
            _ => None,
        });
        let pairs: Vec<_> = environment
            .iter()
            .map(|(n, v)| format!("{}={}", n.display(), v.display()))
            .collect();
        assert_eq!(
            pairs,
            [
                "GREETING=hello world",
                "LANG=C",
                "MAIL_CONFIG=old MAIL_CONFIG"
            ]
        );
    }

    #[test]
    fn an_open_brace_is_a_word_like_another() {
        assert_eq!(items("{a b"), ["{a", "b"]);
        assert!(items(" , ").is_empty());
    }
}
