// SPDX-License-Identifier: MIT OR Apache-2.0
//! Address extensions: `user+extension` (recipient_delimiter).
//!
//! *Postfix:* global/split_addr(3), global/strip_addr(3).

use super::split_at_last_at;

/// Splits a local part at the first of the delimiter characters: the bare name, and the
/// delimiter with the extension. Nothing is split off addresses that must stay whole
/// (`mailer-daemon`, `postmaster`, `double-bounce`; `owner-x` and `x-request` when a hyphen is
/// a delimiter), and the bare name is never empty.
pub fn split_extension<'a>(
    local: &'a [u8],
    delimiters: &[u8],
) -> (&'a [u8], Option<(u8, &'a [u8])>) {
    const WHOLE: [&[u8]; 3] = [b"mailer-daemon", b"postmaster", b"double-bounce"];
    if WHOLE.iter().any(|name| local.eq_ignore_ascii_case(name)) {
        return (local, None);
    }
    if delimiters.contains(&b'-') && is_list_owner(local) {
        return (local, None);
    }
    let Some(at) = local
        .iter()
        .position(|b| delimiters.contains(b))
        .filter(|&at| at > 0)
    else {
        return (local, None);
    };
    match (local.get(..at), local.get(at), local.get(at + 1..)) {
        (Some(name), Some(&delimiter), Some(extension)) => (name, Some((delimiter, extension))),
        _ => (local, None),
    }
}

/// `owner-list` or `list-request`.
fn is_list_owner(local: &[u8]) -> bool {
    let starts = local
        .get(..6)
        .is_some_and(|start| start.eq_ignore_ascii_case(b"owner-"));
    let end = local
        .len()
        .checked_sub(8)
        .filter(|&at| at > 0)
        .and_then(|at| local.get(at..));
    starts || end.is_some_and(|end| end.eq_ignore_ascii_case(b"-request"))
}

/// The whole address without its extension, or `None` when it has none.
pub fn strip_extension(address: &[u8], delimiters: &[u8]) -> Option<Vec<u8>> {
    let (local, domain) = split_at_last_at(address);
    let (name, extension) = split_extension(local, delimiters);
    extension?;
    let mut out = name.to_vec();
    if let Some(domain) = domain {
        out.push(b'@');
        out.extend_from_slice(domain);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_at_the_first_delimiter() {
        assert_eq!(
            split_extension(b"joe+a-b", b"+-"),
            (&b"joe"[..], Some((b'+', &b"a-b"[..])))
        );
        assert_eq!(split_extension(b"joe", b"+"), (&b"joe"[..], None));
        assert_eq!(split_extension(b"joe+x", b""), (&b"joe+x"[..], None));
        assert_eq!(
            split_extension(b"joe+", b"+"),
            (&b"joe"[..], Some((b'+', &b""[..])))
        );
    }

    #[test]
    fn never_leaves_an_empty_name() {
        assert_eq!(split_extension(b"+joe+x", b"+"), (&b"+joe+x"[..], None));
        assert_eq!(split_extension(b"+", b"+"), (&b"+"[..], None));
    }

    #[test]
    fn keeps_special_names_whole() {
        for name in [
            &b"MAILER-DAEMON"[..],
            b"double-bounce",
            b"owner-list",
            b"list-request",
        ] {
            assert_eq!(split_extension(name, b"-"), (name, None));
        }
        assert!(split_extension(b"owner-list+x", b"+").1.is_some());
    }

    #[test]
    fn strips_from_whole_addresses() {
        assert_eq!(
            strip_extension(b"a+b@c.com", b"+"),
            Some(b"a@c.com".to_vec())
        );
        assert_eq!(strip_extension(b"a+b", b"+"), Some(b"a".to_vec()));
        assert_eq!(strip_extension(b"a@c+d.com", b"+"), None);
    }
}
