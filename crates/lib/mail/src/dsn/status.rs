// SPDX-License-Identifier: MIT OR Apache-2.0
//! The enhanced status code: `class.subject.detail` (RFC 3463).
//!
//! *Postfix:* global/dsn_util(3).

use std::fmt;

/// An enhanced status code, such as `5.1.1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Status {
    /// 2 success, 4 temporary failure, 5 permanent failure.
    pub class: u8,
    /// 0 to 999.
    pub subject: u16,
    /// 0 to 999.
    pub detail: u16,
}

impl Status {
    /// A status from its three numbers.
    pub const fn new(class: u8, subject: u16, detail: u16) -> Status {
        Status {
            class,
            subject,
            detail,
        }
    }

    /// Reads exactly one status: class 2, 4 or 5, one to three digits for the others.
    pub fn parse(text: &[u8]) -> Option<Status> {
        match parse_prefix(text) {
            Some((status, length)) if length == text.len() => Some(status),
            _ => None,
        }
    }

    /// The same status in another class.
    pub const fn with_class(self, class: u8) -> Status {
        Status { class, ..self }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

/// Splits `5.1.1 text` into status and text (leading blanks of the text dropped). `None` when
/// the text does not begin with a status followed by a blank or the end.
pub fn split_status_text(text: &[u8]) -> Option<(Status, &[u8])> {
    let (status, length) = parse_prefix(text)?;
    Some((status, text.get(length..)?.trim_ascii_start()))
}

fn parse_prefix(text: &[u8]) -> Option<(Status, usize)> {
    let (class, rest) = match text {
        [class @ (b'2' | b'4' | b'5'), b'.', rest @ ..] => (class - b'0', rest),
        _ => return None,
    };
    let (subject, rest) = number(rest)?;
    let rest = rest.strip_prefix(b".")?;
    let (detail, rest) = number(rest)?;
    match rest.first() {
        None => {}
        Some(byte) if byte.is_ascii_whitespace() => {}
        Some(_) => return None,
    }
    Some((
        Status {
            class,
            subject,
            detail,
        },
        text.len() - rest.len(),
    ))
}

fn number(text: &[u8]) -> Option<(u16, &[u8])> {
    let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
    if digits == 0 || digits > 3 {
        return None;
    }
    let (digits, rest) = text.split_at_checked(digits)?;
    let value = digits
        .iter()
        .fold(0u16, |value, b| value * 10 + u16::from(b - b'0'));
    Some((value, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_and_written() {
        assert_eq!(Status::parse(b"5.1.10"), Some(Status::new(5, 1, 10)));
        assert_eq!(Status::new(4, 2, 0).to_string(), "4.2.0");
        for bad in [
            &b""[..],
            b"3.1.1",
            b"5.1",
            b"5.1.",
            b"5.1.1x",
            b"5.1.1 ",
            b"5.1234.1",
            b"5..1",
        ] {
            assert_eq!(Status::parse(bad), None, "{}", bad.escape_ascii());
        }
    }

    #[test]
    fn a_status_is_split_off_text() {
        assert_eq!(
            split_status_text(b"4.7.1  no"),
            Some((Status::new(4, 7, 1), &b"no"[..]))
        );
        assert_eq!(
            split_status_text(b"4.7.1"),
            Some((Status::new(4, 7, 1), &b""[..]))
        );
        assert_eq!(split_status_text(b"no 4.7.1"), None);
        assert_eq!(split_status_text(b"4.7.1no"), None);
    }
}
