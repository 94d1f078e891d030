// SPDX-License-Identifier: MIT OR Apache-2.0
//! How entries are printed.

use std::io::{self, Write};

/// The form of printed entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// `key TAB value`.
    Map,
    /// `key: TAB value`.
    Aliases,
    /// `{"key": "value"}`.
    Json,
}

/// Prints one entry on a line.
///
/// # Errors
/// Those of the output.
pub(super) fn write_entry(
    out: &mut dyn Write,
    style: Style,
    key: &[u8],
    value: &[u8],
) -> io::Result<()> {
    match style {
        Style::Map => [key, b"\t", value, b"\n"]
            .iter()
            .try_for_each(|part| out.write_all(part)),
        Style::Aliases => [key, b":\t", value, b"\n"]
            .iter()
            .try_for_each(|part| out.write_all(part)),
        Style::Json => {
            writeln!(out, "{{{}: {}}}", json_text(key), json_text(value))
        }
    }
}

/// A JSON string (RFC 8259, section 7); what is no UTF-8 becomes U+FFFD.
fn json_text(text: &[u8]) -> String {
    let mut json = String::from('"');
    for character in String::from_utf8_lossy(text).chars() {
        match character {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            '\u{8}' => json.push_str("\\b"),
            '\u{c}' => json.push_str("\\f"),
            control if control < ' ' || control == '\u{7f}' => {
                json.push_str(&format!("\\u{:04X}", u32::from(control)));
            }
            other => json.push(other),
        }
    }
    json.push('"');
    json
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(style: Style, key: &[u8], value: &[u8]) -> String {
        let mut out = Vec::new();
        write_entry(&mut out, style, key, value).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn each_style_has_its_separator() {
        assert_eq!(printed(Style::Map, b"k", b"v w"), "k\tv w\n");
        assert_eq!(printed(Style::Aliases, b"k", b"v w"), "k:\tv w\n");
    }

    #[test]
    fn json_escapes_what_it_must() {
        assert_eq!(
            printed(Style::Json, b"k\"", b"a\\b\t\x01"),
            "{\"k\\\"\": \"a\\\\b\\t\\u0001\"}\n"
        );
    }
}
