// SPDX-License-Identifier: MIT OR Apache-2.0
//! The syntax of a header line.

/// How long the header label is (without blanks before the colon), if the line begins a header.
pub fn is_header_line(line: &[u8]) -> Option<usize> {
    let _ = line;
    None
}

/// Whether the text is a valid header name.
pub fn is_header_name(name: &[u8]) -> bool {
    let _ = name;
    false
}

/// Splits a header line (or folded header) into name and body; leading blanks of the body and
/// blanks before the colon are dropped.
pub fn parse_header(header: &[u8]) -> Option<(&[u8], &[u8])> {
    let _ = header;
    None
}
