// SPDX-License-Identifier: MIT OR Apache-2.0
//! Text that is safe to log, and text to compare.
//!
//! *Postfix:* util/printable(3), util/casefold(3).

/// The text with each control character, and each byte that is not part of valid UTF-8,
/// replaced. For log lines and listings.
pub fn printable(text: &[u8], replacement: u8) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for chunk in text.utf8_chunks() {
        out.extend(chunk.valid().bytes().map(|b| {
            if b < b' ' || b == 0x7f {
                replacement
            } else {
                b
            }
        }));
        out.extend(chunk.invalid().iter().map(|_| replacement));
    }
    out
}

/// The text in lower case: all of Unicode when it is UTF-8, only ASCII otherwise.
pub fn casefold(text: &[u8]) -> Vec<u8> {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    match std::str::from_utf8(text) {
        Ok(text) => text.to_lowercase().into_bytes(),
        Err(_) => text.to_ascii_lowercase(),
    }
}

/// Whether the text is valid UTF-8.
pub fn is_utf8(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_and_broken_utf8_are_replaced() {
        assert_eq!(
            printable(b"a\n\x7f\xff\xe9z\xc3\xa9", b'?'),
            "a????z\u{e9}".as_bytes()
        );
    }

    #[test]
    fn case_is_folded_in_all_of_unicode() {
        assert_eq!(casefold("ÄB".as_bytes()), "äb".as_bytes());
        assert_eq!(casefold(b"\xC4B"), b"\xC4b");
    }
}
