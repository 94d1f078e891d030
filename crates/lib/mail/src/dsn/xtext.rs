// SPDX-License-Identifier: MIT OR Apache-2.0
//! The xtext encoding of RFC 3461: `+XX` for bytes that may not stand for themselves.
//!
//! *Postfix:* global/xtext(3).

/// Encodes bytes outside `!` to `~`, and `+` and `=`.
pub fn xtext_encode(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for &byte in text {
        if (b'!'..=b'~').contains(&byte) && byte != b'+' && byte != b'=' {
            out.push(byte);
        } else {
            out.extend_from_slice(format!("+{byte:02X}").as_bytes());
        }
    }
    out
}

/// Decodes; `None` when a `+` is not followed by two hexadecimal digits.
pub fn xtext_decode(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.iter().copied();
    while let Some(byte) = bytes.next() {
        if byte == b'+' {
            let high = hex_value(bytes.next()?)?;
            let low = hex_value(bytes.next()?)?;
            out.push(high << 4 | low);
        } else {
            out.push(byte);
        }
    }
    Some(out)
}

fn hex_value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_what_needs_it_is_encoded() {
        assert_eq!(xtext_encode(b"a+b=c d\xe9"), b"a+2Bb+3Dc+20d+E9");
        assert_eq!(xtext_decode(b"a+2bb"), Some(b"a+b".to_vec()));
        for bad in [&b"+"[..], b"+2", b"+zz", b"a+-1"] {
            assert_eq!(xtext_decode(bad), None);
        }
    }

    proptest! {
        #[test]
        fn encoding_can_be_undone(text in prop::collection::vec(any::<u8>(), 0..40)) {
            prop_assert_eq!(xtext_decode(&xtext_encode(&text)), Some(text));
        }
    }
}
