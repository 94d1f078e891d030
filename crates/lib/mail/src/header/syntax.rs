// SPDX-License-Identifier: MIT OR Apache-2.0
//! The syntax of a header line.
//!
//! *Postfix:* global/is_header(3).

/// How long the header label is (without blanks before the colon), if the line begins a header.
/// Blanks before the colon are allowed, as RFC 822 did.
pub fn is_header_line(line: &[u8]) -> Option<usize> {
    let is_label = |b: &u8| (b'!'..=b'~').contains(b) && *b != b':';
    let label = line.iter().take_while(|b| is_label(b)).count();
    let mut rest = line
        .iter()
        .skip(label)
        .skip_while(|b| matches!(b, b' ' | b'\t'));
    (label > 0 && rest.next() == Some(&b':')).then_some(label)
}

/// Whether the text is a valid header name.
pub fn is_header_name(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(|b| (b'!'..=b'~').contains(b) && *b != b':')
}

/// Splits a header line (or folded header) into name and body; leading blanks of the body and
/// blanks before the colon are dropped.
pub fn parse_header(header: &[u8]) -> Option<(&[u8], &[u8])> {
    let (name, rest) = header.split_at_checked(is_header_line(header)?)?;
    let colon = rest.iter().position(|&b| b == b':')?;
    Some((name, rest.get(colon + 1..)?.trim_ascii_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_end_at_the_colon() {
        assert_eq!(is_header_line(b"Subject: x"), Some(7));
        assert_eq!(is_header_line(b"Subject \t: x"), Some(7));
        assert_eq!(is_header_line(b"a:"), Some(1));
    }

    #[test]
    fn other_lines_are_not_headers() {
        for line in [
            &b""[..],
            b":",
            b" a: b",
            b"From me today",
            b"a b: c",
            b"a\xe9: c",
            b"a",
        ] {
            assert_eq!(is_header_line(line), None);
        }
    }

    #[test]
    fn body_has_no_leading_blanks() {
        assert_eq!(
            parse_header(b"To : \n\ta@b"),
            Some((&b"To"[..], &b"a@b"[..]))
        );
        assert_eq!(parse_header(b"no header"), None);
    }
}
