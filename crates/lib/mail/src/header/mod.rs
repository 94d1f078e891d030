// SPDX-License-Identifier: MIT OR Apache-2.0
//! Message headers: which lines are headers, what we know about their names, dates, encoding.

pub mod date;
mod names;
pub mod rfc2047;
mod syntax;

pub use names::{Flags, HeaderName};
pub use syntax::{is_header_line, is_header_name, parse_header};
