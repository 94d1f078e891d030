// SPDX-License-Identifier: MIT OR Apache-2.0
//! Quoting of local parts as RFC 822 (headers) and RFC 821 (SMTP commands) want it.

/// The address with its local part quoted for a header, if it needs quotes.
pub fn quote_822_local(address: &[u8]) -> Vec<u8> {
    address.to_vec()
}

/// The address with its local part quoted for an SMTP command, if it needs quotes.
pub fn quote_821_local(address: &[u8]) -> Vec<u8> {
    address.to_vec()
}

/// The address with the quoting of its local part removed: external to internal form.
pub fn unquote_822_local(address: &[u8]) -> Vec<u8> {
    address.to_vec()
}
