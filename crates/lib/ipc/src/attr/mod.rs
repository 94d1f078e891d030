// SPDX-License-Identifier: MIT OR Apache-2.0
//! Attribute lists: the requests and replies of nearly all internal services.
//!
//! A list is a sequence of `name`, `value` pairs and an end mark. Three encodings exist
//! ([`Codec`]); which one a service speaks is fixed by its protocol. [`Writer`] builds a list in
//! memory, so that it leaves in one write; [`Reader`] takes attributes off a buffered stream in
//! the order in which the protocol names them.
//!
//! *Invariants*: a name or value is at most [`STRING_LIMIT`] bytes with its terminator; at most
//! [`ATTRIBUTE_LIMIT`] attributes are read that the protocol does not name.
//!
//! *Errors*: [`AttrError`] says what the peer did; its text completes a warning.
//!
//! *Postfix:* util/attr_print0(3), attr_scan0(3), attr_print64(3), attr_scan64(3),
//! attr_print_plain(3), attr_scan_plain(3).

mod reader;
mod writer;

pub use reader::{Pair, Reader};
pub use writer::Writer;

use std::io;

/// The longest name or value, terminator included: four times the default `line_length_limit`.
pub const STRING_LIMIT: usize = 4 * 2048;

/// The largest number of attributes in one list that the protocol does not name.
pub const ATTRIBUTE_LIMIT: usize = 1024;

/// The attribute with which a server that speaks first names its protocol.
pub const PROTOCOL: &str = "protocol";

/// How names and values are written as bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codec {
    /// `name NUL value NUL`, ended by an empty name. The default between daemons.
    Zero,
    /// `base64(name):base64(value)` lines, ended by an empty line. No longer the default anywhere.
    Base64,
    /// `name=value` lines, ended by an empty line. Policy servers and anvil.
    Plain,
}

/// Why an attribute list could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AttrError {
    /// The peer closed the connection before the list was complete.
    #[error("premature end-of-input")]
    Gone,
    /// The peer took longer than the stream's time limit.
    #[error("timeout while reading input attributes")]
    TimedOut,
    /// The peer sent something else than its protocol says. The text says what.
    #[error("{0}")]
    Misbehaved(String),
}

impl From<io::Error> for AttrError {
    fn from(error: io::Error) -> AttrError {
        match error.kind() {
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => AttrError::TimedOut,
            _ => AttrError::Gone,
        }
    }
}

#[cfg(test)]
mod tests;
