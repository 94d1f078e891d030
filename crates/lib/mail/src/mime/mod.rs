// SPDX-License-Identifier: MIT OR Apache-2.0
//! MIME: the content encoding label that travels with a message, and the [structure](walker) of
//! its parts.

mod content_type;
pub mod walker;
#[cfg(test)]
mod walker_tests;

/// The content encoding label that travels with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Only ASCII.
    SevenBit,
    /// Some byte above 127.
    EightBit,
}

impl Encoding {
    /// `7bit` or `8bit`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Encoding::SevenBit => "7bit",
            Encoding::EightBit => "8bit",
        }
    }

    /// The label with this name (BODY=, `encoding` attribute, Content-Transfer-Encoding).
    pub fn parse(word: &[u8]) -> Option<Encoding> {
        if word.eq_ignore_ascii_case(b"7bit") {
            Some(Encoding::SevenBit)
        } else if word.eq_ignore_ascii_case(b"8bit") || word.eq_ignore_ascii_case(b"8bitmime") {
            Some(Encoding::EightBit)
        } else {
            None
        }
    }

    /// What the text needs.
    pub fn of(text: &[u8]) -> Encoding {
        if text.is_ascii() {
            Encoding::SevenBit
        } else {
            Encoding::EightBit
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_read_and_written() {
        assert_eq!(Encoding::parse(b"8BITMIME"), Some(Encoding::EightBit));
        assert_eq!(Encoding::parse(b"binary"), None);
        assert_eq!(Encoding::of(b"\xe9").as_str(), "8bit");
        assert_eq!(Encoding::of(b"e").as_str(), "7bit");
    }
}
