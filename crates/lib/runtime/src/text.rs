// SPDX-License-Identifier: MIT OR Apache-2.0
//! Encodings of bytes as text, and the words of the system.
//!
//! *Invariants:* decoding is total; what is not an encoding gives `None`.
//!
//! *Postfix:* base64_code(3), hex_code(3).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// What the system says about an error, as strerror(3) has it, without Rust's number.
pub fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error")
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// Base64 with padding, without line breaks.
pub fn base64_encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bytes of a base64 text with padding.
pub fn base64_decode(text: &[u8]) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Upper-case hexadecimal digits.
pub fn hex_encode(bytes: &[u8]) -> String {
    use std::fmt::Write;
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02X}");
    }
    text
}

/// The bytes of hexadecimal digits of either case.
pub fn hex_decode(text: &[u8]) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text.iter().map(|d| hex_digit(*d)).collect();
    let digits = digits?;
    let pairs = digits.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    Some(
        pairs
            .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit))
            .collect(),
    )
}

fn hex_digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_error_has_the_words_of_the_system_only() {
        let error = std::io::Error::from_raw_os_error(2);
        assert_eq!(reason(&error), "No such file or directory");
    }

    #[test]
    fn base64_round_trips_and_refuses_garbage() {
        assert_eq!(base64_encode(b"hello"), "aGVsbG8=");
        assert_eq!(base64_decode(b"aGVsbG8="), Some(b"hello".to_vec()));
        assert_eq!(base64_decode(b"aGVsbG8"), None);
        assert_eq!(base64_decode(b"\xff"), None);
    }

    #[test]
    fn hex_round_trips_and_refuses_garbage() {
        assert_eq!(hex_encode(&[0, 0xab, 0xff]), "00ABFF");
        assert_eq!(hex_decode(b"00abFF"), Some(vec![0, 0xab, 0xff]));
        assert_eq!(hex_decode(b"0"), None);
        assert_eq!(hex_decode(b"zz"), None);
    }
}
