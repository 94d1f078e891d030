// SPDX-License-Identifier: MIT OR Apache-2.0
//! The ORCPT parameter: the recipient as the sender knew it, with its address type.

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
