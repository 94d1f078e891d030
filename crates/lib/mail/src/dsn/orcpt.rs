// SPDX-License-Identifier: MIT OR Apache-2.0
//! The ORCPT and ENVID parameters (RFC 3461): names that the sender gave, carried unchanged.
//!
//! *Postfix:* the option code of smtpd(8); an encoded NUL is refused since 3.12.

use super::xtext_decode;

/// An original recipient, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginalRecipient {
    /// `rfc822`, `utf-8`, ...
    pub address_type: Vec<u8>,
    /// The address, without xtext encoding.
    pub address: Vec<u8>,
}

impl OriginalRecipient {
    /// Reads `type;xtext`, as in the RCPT command. `None` when there is no type, the address is
    /// empty, the encoding is bad, or the decoded address contains a NUL or line break.
    pub fn parse(text: &[u8]) -> Option<OriginalRecipient> {
        let semicolon = text.iter().position(|&b| b == b';')?;
        let (address_type, rest) = text.split_at_checked(semicolon)?;
        let address = xtext_decode(rest.get(1..)?)?;
        let unsafe_byte = |b: &u8| matches!(b, 0 | b'\n' | b'\r');
        if address_type.is_empty() || address.is_empty() || address.iter().any(unsafe_byte) {
            return None;
        }
        Some(OriginalRecipient {
            address_type: address_type.to_vec(),
            address,
        })
    }

    /// `type;address`, not encoded: the form of queue files and notifications.
    pub fn to_text(&self) -> Vec<u8> {
        [self.address_type.as_slice(), b";", &self.address].concat()
    }
}

/// Reads an ENVID value, xtext. `None` when the encoding is bad, or when the decoded text is
/// empty or has other than printable ASCII, space and TAB.
pub fn parse_envelope_id(text: &[u8]) -> Option<Vec<u8>> {
    let id = xtext_decode(text)?;
    let is_plain = |b: &u8| matches!(b, b' '..=b'~' | b'\t');
    (!id.is_empty() && id.iter().all(is_plain)).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn original_recipients_have_a_type() {
        let original = OriginalRecipient::parse(b"rfc822;a+2Bb@c.com").expect("valid");
        assert_eq!(original.to_text(), b"rfc822;a+b@c.com");
        for bad in [
            &b"a@b"[..],
            b";a@b",
            b"rfc822;",
            b"rfc822;a+00b",
            b"rfc822;a+0Ab",
            b"rfc822;a+zz",
        ] {
            assert_eq!(
                OriginalRecipient::parse(bad),
                None,
                "{}",
                bad.escape_ascii()
            );
        }
    }

    #[test]
    fn envelope_ids_are_printable() {
        assert_eq!(parse_envelope_id(b"a+20b+09c"), Some(b"a b\tc".to_vec()));
        for bad in [&b""[..], b"+00", b"+0A", b"+E9", b"+z"] {
            assert_eq!(parse_envelope_id(bad), None);
        }
    }
}
