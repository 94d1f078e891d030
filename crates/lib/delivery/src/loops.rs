// SPDX-License-Identifier: MIT OR Apache-2.0
//! Forwarding loops: the `Delivered-To:` headers that a message already carries.
//!
//! *Invariants*: at most [`HEADER_LIMIT`] addresses are remembered; only the primary headers
//! are looked at.
//!
//! *Postfix:* delivered_hdr(3).

use std::collections::HashSet;

use mail::address::unquote_822_local;

use crate::content::{Content, ContentError};

/// More `Delivered-To:` headers than this are not remembered; no honest message has as many.
pub const HEADER_LIMIT: usize = 1000;
/// Longest header that is looked at, bytes.
const LENGTH_LIMIT: usize = 8192;

/// The addresses in the `Delivered-To:` headers of one message.
#[derive(Debug, Default)]
pub struct DeliveredTo(HashSet<Vec<u8>>);

impl DeliveredTo {
    /// Reads the primary headers.
    ///
    /// # Errors
    /// The content cannot be read.
    pub fn read(content: &mut Content<'_>) -> Result<DeliveredTo, ContentError> {
        let mut found = DeliveredTo::default();
        let mut header: Vec<u8> = Vec::new();
        let mut at_line_start = true;
        while let Some(piece) = content.next()? {
            let continues = !at_line_start || matches!(piece.text.first(), Some(b' ' | b'\t'));
            if !continues {
                found.note(&header);
                header.clear();
                if !is_header(piece.text) {
                    return Ok(found);
                }
            }
            let room = LENGTH_LIMIT.saturating_sub(header.len());
            header.extend_from_slice(piece.text.get(..room).unwrap_or(piece.text));
            at_line_start = !piece.continued;
        }
        found.note(&header);
        Ok(found)
    }

    /// Whether `address` (internal form) is among them, without regard to case.
    #[must_use]
    pub fn contains(&self, address: &[u8]) -> bool {
        self.0.contains(&address.to_ascii_lowercase())
    }

    fn note(&mut self, header: &[u8]) {
        let Some((name, value)) = split_header(header) else {
            return;
        };
        if name.eq_ignore_ascii_case(b"delivered-to") && self.0.len() < HEADER_LIMIT {
            self.0
                .insert(unquote_822_local(value.trim_ascii()).to_ascii_lowercase());
        }
    }
}

fn split_header(header: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = header.iter().position(|&b| b == b':')?;
    let (name, value) = header.split_at_checked(colon)?;
    Some((name.trim_ascii_end(), value.get(1..)?))
}

fn is_header(line: &[u8]) -> bool {
    let Some((name, _)) = split_header(line) else {
        return false;
    };
    !name.is_empty() && name.iter().all(|b| b.is_ascii_graphic())
}
