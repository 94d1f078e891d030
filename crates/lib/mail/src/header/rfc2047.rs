// SPDX-License-Identifier: MIT OR Apache-2.0
//! Encoded words (RFC 2047) for full names that are not ASCII.
//!
//! *Postfix:* global/rfc2047_code(3), in the context of a phrase.

use base64::Engine;

/// The longest encoded word (RFC 2047, section 2).
const WORD_LIMIT: usize = 75;

/// The name as encoded words in `charset`, or `None` when it is ASCII and needs none. Short
/// names and those that are mostly ASCII are written readably (Q), others in base64 (B). No
/// character of UTF-8 is split between words.
pub fn encode_full_name(name: &[u8], charset: &str) -> Option<Vec<u8>> {
    if name.is_ascii() {
        return None;
    }
    let use_base64 = quoted(name).len() > name.len().div_ceil(3) * 4;
    let overhead = charset.len() + "=??Q??=".len();
    let room = WORD_LIMIT.saturating_sub(overhead).max(12);
    let mut words: Vec<u8> = Vec::new();
    let mut text = Vec::new();
    for character in characters(name) {
        let mut longer = text.clone();
        longer.extend_from_slice(character);
        if encoded(&longer, use_base64).len() > room && !text.is_empty() {
            write_word(&mut words, charset, &text, use_base64);
            text = character.to_vec();
        } else {
            text = longer;
        }
    }
    write_word(&mut words, charset, &text, use_base64);
    Some(words)
}

fn write_word(words: &mut Vec<u8>, charset: &str, text: &[u8], use_base64: bool) {
    if !words.is_empty() {
        words.push(b' ');
    }
    words.extend_from_slice(b"=?");
    words.extend_from_slice(charset.as_bytes());
    words.extend_from_slice(if use_base64 { b"?B?" } else { b"?Q?" });
    words.extend_from_slice(&encoded(text, use_base64));
    words.extend_from_slice(b"?=");
}

/// Pieces that must stay in one word.
fn characters(name: &[u8]) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    for chunk in name.utf8_chunks() {
        let mut rest = chunk.valid();
        while let Some(first) = rest.chars().next() {
            let (character, tail) = rest.split_at(first.len_utf8());
            pieces.push(character.as_bytes());
            rest = tail;
        }
        pieces.extend(chunk.invalid().chunks(1));
    }
    pieces
}

fn encoded(text: &[u8], use_base64: bool) -> Vec<u8> {
    if use_base64 {
        base64::engine::general_purpose::STANDARD
            .encode(text)
            .into_bytes()
    } else {
        quoted(text)
    }
}

/// The Q encoding for words of a phrase (RFC 2047, section 5, rule 3).
fn quoted(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() * 3);
    for &byte in text {
        if byte.is_ascii_alphanumeric() || b"!*+-/".contains(&byte) {
            out.push(byte);
        } else if byte == b' ' {
            out.push(b'_');
        } else {
            out.extend_from_slice(format!("={byte:02X}").as_bytes());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(name: &str) -> String {
        String::from_utf8(encode_full_name(name.as_bytes(), "utf-8").unwrap_or_default())
            .expect("encoded words are ASCII")
    }

    #[test]
    fn ascii_needs_no_encoding() {
        assert_eq!(encode_full_name(b"Joe (x)", "utf-8"), None);
    }

    #[test]
    fn mostly_ascii_names_stay_readable() {
        assert_eq!(text("Jürgen Smith"), "=?utf-8?Q?J=C3=BCrgen_Smith?=");
    }

    #[test]
    fn other_names_become_base64() {
        assert_eq!(text("Ωμέγα"), "=?utf-8?B?zqnOvM6tzrPOsQ==?=");
    }

    #[test]
    fn long_names_become_several_words() {
        let words = text(&"é".repeat(100));
        assert!(words.split(' ').all(|word| word.len() <= WORD_LIMIT));
        assert!(words.split(' ').count() > 2);
    }

    #[test]
    fn bytes_that_are_not_utf8_are_encoded_too() {
        assert_eq!(
            encode_full_name(b"J\xfcrgen", "x"),
            Some(b"=?x?Q?J=FCrgen?=".to_vec())
        );
    }
}
