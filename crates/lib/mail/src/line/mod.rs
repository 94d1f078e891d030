// SPDX-License-Identifier: MIT OR Apache-2.0
//! A line of mail, and the decoder that is the only way to get one from a network stream.

mod decoder;
mod stuffing;
#[cfg(test)]
mod tests;

pub use decoder::{BareNewline, Event, LineDecoder};
pub use stuffing::dot_stuff_into;

use std::borrow::Cow;

/// One line of content, or a piece of an overlong one: it contains no LF.
///
/// *Invariants*: no LF inside, so that a writer that adds its own line end can never write two
/// lines for one. Carriage returns inside are content; see [`Line::without_stray_returns`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a>(Cow<'a, [u8]>);

impl<'a> Line<'a> {
    /// A line from text that did not come through the decoder (a queue file record, a header we
    /// made). Every LF inside becomes a space.
    pub fn from_record(text: &'a [u8]) -> Line<'a> {
        if text.contains(&b'\n') {
            let spaced = text
                .iter()
                .map(|&b| if b == b'\n' { b' ' } else { b })
                .collect();
            Line(Cow::Owned(spaced))
        } else {
            Line(Cow::Borrowed(text))
        }
    }

    /// The same line with every CR replaced by a space (cleanup_replace_stray_cr_lf).
    pub fn without_stray_returns(self) -> Line<'a> {
        if !self.0.contains(&b'\r') {
            return self;
        }
        let spaced = self
            .0
            .iter()
            .map(|&b| if b == b'\r' { b' ' } else { b })
            .collect();
        Line(Cow::Owned(spaced))
    }

    /// The text of the line, without any line end.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text of the line, owned.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0.into_owned()
    }

    /// Whether there is nothing between the line ends.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// How a line of input ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnd {
    /// CR LF.
    Crlf,
    /// LF alone.
    BareLf,
    /// Not at all.
    Missing,
}

/// Takes one line end off a command line or reply.
pub fn strip_line_end(raw: &[u8]) -> (&[u8], LineEnd) {
    match raw.strip_suffix(b"\n") {
        None => (raw, LineEnd::Missing),
        Some(text) => match text.strip_suffix(b"\r") {
            Some(text) => (text, LineEnd::Crlf),
            None => (text, LineEnd::BareLf),
        },
    }
}
