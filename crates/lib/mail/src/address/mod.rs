// SPDX-License-Identifier: MIT OR Apache-2.0
//! Mail addresses: internal and external form, domains, extensions, and lists in headers.
//!
//! The *internal* form has no quoting (`a b@example.com`); the *external* form is as in a
//! header or SMTP command (`"a b"@example.com`).

mod extension;
pub mod header_list;
mod quote;
pub mod token;
pub mod verp;

pub use extension::{split_extension, strip_extension};
pub use quote::{quote_821_local, quote_822_local, unquote_822_local};

/// An address in internal form, taken apart at the last `@`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The part before the last `@`, unquoted.
    pub local: Vec<u8>,
    /// The part after it; `None` without `@`.
    pub domain: Option<Vec<u8>>,
}

impl Address {
    /// Takes an internal-form address apart.
    pub fn from_internal(address: &[u8]) -> Address {
        let (local, domain) = split_at_last_at(address);
        Address {
            local: local.to_vec(),
            domain: domain.map(<[u8]>::to_vec),
        }
    }

    /// The whole address, internal form.
    pub fn to_internal(&self) -> Vec<u8> {
        let mut address = self.local.clone();
        if let Some(domain) = &self.domain {
            address.push(b'@');
            address.extend_from_slice(domain);
        }
        address
    }
}

/// Splits at the last `@`: local part, and domain if there is an `@`.
pub fn split_at_last_at(address: &[u8]) -> (&[u8], Option<&[u8]>) {
    let mut parts = address.rsplitn(2, |&b| b == b'@');
    match (parts.next(), parts.next()) {
        (Some(domain), Some(local)) => (local, Some(domain)),
        _ => (address, None),
    }
}
