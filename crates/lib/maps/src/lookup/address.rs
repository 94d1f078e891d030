// SPDX-License-Identifier: MIT OR Apache-2.0
//! Looks up an address: whole, without extension, local part, `@domain`.
//!
//! Addresses go in and keys are tried in external form first (`"a b"@example.com`), then in
//! internal form (`a b@example.com`) where that differs.
//!
//! *Postfix:* mail_addr_find(3), mail_addr_map(3), mail_addr_crunch(3).

use crate::{LookupError, Maps};

/// What a search must know of the site's addresses.
pub struct Syntax<'a> {
    /// The characters of `recipient_delimiter`; empty for none.
    pub delimiters: &'a [u8],
    /// Whether a domain is `$myorigin` or local, so that the bare local part is a key too.
    pub is_local_domain: &'a mut dyn FnMut(&[u8]) -> Result<bool, LookupError>,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// The value in the table.
    pub value: Vec<u8>,
    /// The extension, with its delimiter, that was removed to find the entry.
    pub unmatched_extension: Option<Vec<u8>>,
}

/// Finds `address` (internal form): `user+ext@domain`, `user@domain`, `user+ext` and `user` if the
/// domain is local, `@domain`. Tables with patterns see only the first key.
pub fn find(
    maps: &mut Maps,
    address: &[u8],
    syntax: &mut Syntax<'_>,
) -> Result<Option<Match>, LookupError> {
    let _ = syntax;
    Ok(maps.get(address)?.map(|value| Match {
        value,
        unmatched_extension: None,
    }))
}

/// Finds `address` (internal form) and returns the addresses of the result in internal form, each
/// complete with a domain. A result `@other` keeps the local part. With `propagate` the unmatched
/// extension is added to each.
pub fn map(
    maps: &mut Maps,
    address: &[u8],
    propagate: bool,
    syntax: &mut Syntax<'_>,
    rewrite: &mut dyn FnMut(&[u8]) -> Result<Vec<u8>, LookupError>,
) -> Result<Option<Vec<Vec<u8>>>, LookupError> {
    let _ = propagate;
    match find(maps, address, syntax)? {
        Some(hit) => Ok(Some(vec![rewrite(&hit.value)?])),
        None => Ok(None),
    }
}
