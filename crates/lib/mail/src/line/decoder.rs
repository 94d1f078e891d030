// SPDX-License-Identifier: MIT OR Apache-2.0
//! The SMTP DATA stream decoder: bytes from the client become lines and one end of data.
//!
//! This is the only place that decides what ends a line and what ends a message; smuggled
//! commands (CVE-2023-51764) live or die here.
//!
//! *Invariants*: at most `line_length_limit` + 1 bytes are kept between calls; the same input
//! gives the same events however it is cut into calls; after the end of data no byte is used.
//!
//! *Postfix:* global/smtp_stream(3), and the loop over DATA in smtpd(8).

use super::Line;
use bstr::ByteSlice;
use std::borrow::Cow;

/// What to do about lines that end in LF without CR (smtpd_forbid_bare_newline).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BareNewline {
    /// A bare LF is a line end like any other, also around the final dot; all CRs before the
    /// line end are removed.
    Accept,
    /// A bare LF ends a line, but only CRLF.CRLF ends the message; other lines with only a dot
    /// are dropped. One CR before the line end is removed.
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

/// Decodes the data that follow an SMTP DATA command, or the chunks of BDAT.
#[derive(Debug)]
pub struct LineDecoder {
    policy: BareNewline,
    limit: usize,
    dots: bool,
    /// The beginning of a line, at most limit + 1 bytes.
    pub(super) partial: Vec<u8>,
    /// Whether a piece of the present line was given out already.
    continuing: bool,
    previous_ended_in_crlf: bool,
    saw_bare_newline: bool,
    done: bool,
}

impl LineDecoder {
    /// A decoder for one message after DATA; pieces have at most `line_length_limit` bytes.
    pub fn new(policy: BareNewline, line_length_limit: usize) -> LineDecoder {
        LineDecoder {
            policy,
            limit: line_length_limit.max(1),
            dots: true,
            partial: Vec::new(),
            continuing: false,
            previous_ended_in_crlf: true,
            saw_bare_newline: false,
            done: false,
        }
    }

    /// A decoder for the content of BDAT chunks, where a dot is nothing special. The caller
    /// knows where the content ends, and calls [`LineDecoder::finish`] there.
    pub fn for_chunks(policy: BareNewline, line_length_limit: usize) -> LineDecoder {
        LineDecoder {
            dots: false,
            ..LineDecoder::new(policy, line_length_limit)
        }
    }

    /// Takes input, calls `sink` for each event, and returns how many bytes were used: all of
    /// them, or up to and including the end of data.
    pub fn feed(&mut self, input: &[u8], sink: &mut impl FnMut(Event<'_>)) -> usize {
        let mut used = 0;
        while !self.done {
            let rest = input.get(used..).unwrap_or_default();
            // Text up to the limit, and a line end.
            let room = (self.limit + 2).saturating_sub(self.partial.len());
            let window = rest.get(..room).unwrap_or(rest);
            match window.find_byte(b'\n') {
                Some(end) => {
                    used += end + 1;
                    let text = window.get(..end).unwrap_or_default();
                    if self.partial.is_empty() {
                        self.line(text, sink);
                    } else {
                        let mut partial = std::mem::take(&mut self.partial);
                        partial.extend_from_slice(text);
                        self.line(&partial, sink);
                        partial.clear();
                        self.partial = partial;
                    }
                }
                None if window.len() < room => {
                    self.partial.extend_from_slice(window);
                    return input.len();
                }
                None => {
                    used += window.len();
                    self.partial.extend_from_slice(window);
                    let mut piece = std::mem::take(&mut self.partial);
                    self.piece(piece.get(..self.limit).unwrap_or_default(), true, sink);
                    piece.drain(..self.limit.min(piece.len()));
                    self.partial = piece;
                }
            }
        }
        used
    }

    /// Ends the content where the chunks end: a last line without line end is still a line.
    pub fn finish(&mut self, sink: &mut impl FnMut(Event<'_>)) {
        let text = std::mem::take(&mut self.partial);
        if !self.done && (self.continuing || !text.is_empty()) {
            self.text(&text, sink);
        }
        self.done = true;
    }

    /// Whether the end of data was seen.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// Whether any line ended in a bare LF (never set with `BareNewline::Accept`).
    pub fn saw_bare_newline(&self) -> bool {
        self.saw_bare_newline
    }

    /// A whole line, or the rest of one, with everything but its LF.
    fn line(&mut self, raw: &[u8], sink: &mut impl FnMut(Event<'_>)) {
        let (text, crlf) = match self.policy {
            BareNewline::Accept => (raw.trim_end_with(|c| c == '\r'), true),
            BareNewline::Normalize | BareNewline::Note | BareNewline::Reject => {
                match raw.strip_suffix(b"\r") {
                    Some(text) => (text, true),
                    None => (raw, false),
                }
            }
        };
        self.saw_bare_newline |= !crlf;
        let after_crlf = std::mem::replace(&mut self.previous_ended_in_crlf, crlf);
        if self.dots && !self.continuing && text == b"." {
            if crlf && after_crlf {
                self.done = true;
                sink(Event::EndOfData);
            }
            return;
        }
        self.text(text, sink);
    }

    /// The last piece of a line; one byte too long when a bare LF came where CRLF had room.
    fn text(&mut self, text: &[u8], sink: &mut impl FnMut(Event<'_>)) {
        match text.split_at_checked(self.limit) {
            Some((piece, rest)) if !rest.is_empty() => {
                self.piece(piece, true, sink);
                self.piece(rest, false, sink);
            }
            _ => self.piece(text, false, sink),
        }
    }

    fn piece(&mut self, text: &[u8], continued: bool, sink: &mut impl FnMut(Event<'_>)) {
        let text = match text.strip_prefix(b".") {
            Some(rest) if self.dots && !self.continuing => rest,
            _ => text,
        };
        self.continuing = continued;
        sink(Event::Line {
            line: Line(Cow::Borrowed(text)),
            continued,
        });
    }
}
