// SPDX-License-Identifier: MIT OR Apache-2.0
//! The encoding of LDAP's messages (the part of BER that RFC 4511 section 5.1 allows).
//!
//! *Invariants*: reading is total; no length is trusted, none is indefinite.

/// Tags of values.
pub(super) const BOOLEAN: u8 = 0x01;
pub(super) const INTEGER: u8 = 0x02;
pub(super) const OCTETS: u8 = 0x04;
pub(super) const ENUMERATED: u8 = 0x0a;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;

/// A tag, a length, and content.
pub(super) fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let length = u32::try_from(content.len()).unwrap_or(u32::MAX);
    match u8::try_from(length) {
        Ok(short @ 0..=0x7f) => out.push(short),
        _ => {
            out.push(0x84);
            out.extend_from_slice(&length.to_be_bytes());
        }
    }
    out.extend_from_slice(content);
    out
}

/// A tag around several values.
pub(super) fn group(tag: u8, values: &[Vec<u8>]) -> Vec<u8> {
    value(tag, &values.concat())
}

pub(super) fn octets(text: &[u8]) -> Vec<u8> {
    value(OCTETS, text)
}

pub(super) fn number(tag: u8, number: u32) -> Vec<u8> {
    let bytes = number.to_be_bytes();
    // A leading one bit would mean a negative number.
    let mut content = vec![0];
    content.extend(bytes.iter().skip_while(|byte| **byte == 0));
    if content.len() > 1 && content.get(1).is_some_and(|byte| *byte < 0x80) {
        content.remove(0);
    }
    value(tag, &content)
}

/// What is left of some content.
#[derive(Debug, Clone, Copy)]
pub(super) struct Values<'c>(pub(super) &'c [u8]);

impl<'c> Values<'c> {
    /// The next value: its tag and content.
    pub(super) fn next(&mut self) -> Option<(u8, &'c [u8])> {
        let (tag, rest) = self.0.split_first()?;
        let (first, mut rest) = rest.split_first()?;
        let length = if *first < 0x80 {
            usize::from(*first)
        } else {
            let count = usize::from(*first & 0x7f);
            if !(1..=4).contains(&count) {
                return None;
            }
            let (bytes, after) = rest.split_at_checked(count)?;
            rest = after;
            bytes
                .iter()
                .fold(0, |length, byte| length << 8 | usize::from(*byte))
        };
        let (content, after) = rest.split_at_checked(length)?;
        self.0 = after;
        Some((*tag, content))
    }

    /// The content of the next value, which must have this tag.
    pub(super) fn expect(&mut self, wanted: u8) -> Option<&'c [u8]> {
        let (tag, content) = self.next()?;
        (tag == wanted).then_some(content)
    }

    /// A number that is not negative.
    pub(super) fn number(&mut self, tag: u8) -> Option<u32> {
        let content = self.expect(tag)?;
        if content.is_empty() || content.len() > 5 || content.first()? & 0x80 != 0 {
            return None;
        }
        let number = content
            .iter()
            .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        u32::try_from(number).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        for wanted in [0, 1, 0x7f, 0x80, 0xff, 0x100, 0x8000, u32::MAX] {
            let bytes = number(INTEGER, wanted);
            assert_eq!(Values(&bytes).number(INTEGER), Some(wanted), "{wanted}");
        }
        let long = octets(&[b'x'; 300]);
        assert_eq!(Values(&long).expect(OCTETS).unwrap().len(), 300);
    }

    #[test]
    fn wrong_lengths_are_nothing() {
        for wrong in [
            &b""[..],
            b"\x04",
            b"\x04\x05ab",
            b"\x04\x80ab\0\0",
            b"\x04\x85\0\0\0\0\x01a",
            b"\x04\x84\xff\xff\xff\xffa",
        ] {
            assert!(Values(wrong).next().is_none(), "{wrong:?}");
        }
        assert_eq!(Values(b"\x02\x01\x80").number(INTEGER), None);
        assert_eq!(Values(b"\x02\x00").number(INTEGER), None);
    }
}
