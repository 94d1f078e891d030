// SPDX-License-Identifier: MIT OR Apache-2.0
//! Internet mail as text: lines, addresses, headers, delivery status codes and SMTP syntax.
//!
//! Everything here is a pure function of its arguments: no files, no sockets, no clock, no
//! configuration. These are the parsers that the network reaches first, so they are *total*:
//! any byte string gives an answer, in bounded memory, and nothing panics.
//!
//! In reading order: [`line`] (a line of content, and the end of one), [`address`] (quoting,
//! extensions, address lists of headers), [`header`], [`dsn`], [`smtp`], [`mime`], [`text`].

pub mod address;
pub mod dsn;
pub mod header;
pub mod line;
pub mod mime;
pub mod smtp;
pub mod text;
