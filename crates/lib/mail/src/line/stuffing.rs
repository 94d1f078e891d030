// SPDX-License-Identifier: MIT OR Apache-2.0
//! Writing lines as an SMTP client: transparency (RFC 5321, section 4.5.2).

use super::Line;

/// Appends the line with CRLF to `out`, with a dot added before a leading dot.
pub fn dot_stuff_into(out: &mut Vec<u8>, line: &Line<'_>) {
    let text = line.as_bytes();
    if text.first() == Some(&b'.') {
        out.push(b'.');
    }
    out.extend_from_slice(text);
    out.extend_from_slice(b"\r\n");
}
