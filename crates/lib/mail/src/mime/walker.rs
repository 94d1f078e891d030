// SPDX-License-Identifier: MIT OR Apache-2.0
//! Walks through a message line by line and tells headers from bodies: the message's own, those
//! of the parts of a multipart, and those of messages inside messages.
//!
//! *Invariants:* total for any input. Memory is one header of about [`Limits::header`] bytes, and
//! [`Limits::nesting`] boundaries of at most [`Limits::boundary`] bytes; the stack does not grow
//! with the depth of the message.
//!
//! *Postfix:* mime_state(3), without its conversion.

use super::content_type::{ContentType, Kind, Transfer};
use crate::header::{HeaderName, is_header_line, parse_header};

/// Bounds, from the parameters of those names.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// `header_size_limit`: bytes of a header.
    pub header: usize,
    /// `mime_nesting_limit`: levels of parts in parts.
    pub nesting: usize,
    /// `mime_boundary_length_limit`: bytes of a boundary that are compared.
    pub boundary: usize,
}

/// Whose headers are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The message's own.
    Primary,
    /// Those of a part.
    Part,
    /// Those of a message inside the message.
    Nested,
}

/// What a message should not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// Parts in parts beyond the limit; the innermost are not looked into.
    Nesting,
    /// A header beyond the limit; the rest was cut off.
    LongHeader,
    /// Bytes above 127 in a header.
    EightBitHeader,
    /// Bytes above 127 in a body that is not said to have them.
    EightBitBody,
    /// A multipart or message that is encoded as a whole.
    EncodedStructure,
}

/// What was found.
#[derive(Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// A header, lines separated by LF.
    Header(Place, &'a [u8]),
    /// The message's own headers are complete.
    EndOfHeaders,
    /// A line of a body, an empty line after headers, or a boundary; `continued` if the next
    /// event has more of the same line.
    Body {
        /// Without line end.
        text: &'a [u8],
        /// More of the line follows.
        continued: bool,
    },
    /// Something is wrong; the text is where.
    Fault(Fault, &'a [u8]),
}

/// What is read now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Headers(Place),
    Body,
}

/// A boundary whose end was not seen yet.
#[derive(Debug)]
struct Boundary {
    text: Vec<u8>,
    part_kind: Kind,
}

/// How far a message has been read.
#[derive(Debug)]
pub struct Walker {
    limits: Limits,
    /// Whether parts are looked for.
    structured: bool,
    state: State,
    /// What the current headers have said of what comes after them.
    kind: Kind,
    /// What the current headers have said of encoding.
    transfer: Transfer,
    /// What the headers around them allow.
    domain: Transfer,
    /// The innermost last.
    boundaries: Vec<Boundary>,
    header: Vec<u8>,
    /// The last piece was not the end of its line.
    in_line: bool,
}

impl Walker {
    /// At the beginning of a message.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            structured: true,
            state: State::Headers(Place::Primary),
            kind: Kind::Other,
            transfer: Transfer::SevenBit,
            domain: Transfer::SevenBit,
            boundaries: Vec::new(),
            header: Vec::new(),
            in_line: false,
        }
    }

    /// At the beginning of a message whose own headers alone matter
    /// (`disable_mime_input_processing`): the rest is body.
    #[must_use]
    pub fn without_structure(limits: Limits) -> Self {
        Self {
            structured: false,
            ..Self::new(limits)
        }
    }

    /// Takes a line, or a piece of one: then `continued`, if more of it follows.
    pub fn take(&mut self, text: &[u8], continued: bool, visit: &mut dyn FnMut(Event<'_>)) {
        let in_line = std::mem::replace(&mut self.in_line, continued);
        if let State::Headers(place) = self.state {
            let folded = matches!(text.first(), Some(b' ' | b'\t'));
            if !self.header.is_empty() && (in_line || folded) {
                self.extend_header(text, !in_line, visit);
                return;
            }
            self.finish_header(place, visit);
            if let Some(label) = is_header_line(text) {
                self.header = without_blanks_before_colon(text, label);
                if self.header.len() > self.limits.header {
                    self.header.truncate(self.limits.header);
                    visit(Event::Fault(Fault::LongHeader, &self.header));
                }
                return;
            }
            self.finish_headers(place, text.is_empty(), visit);
            if text.is_empty() {
                visit(Event::Body { text, continued });
                return;
            }
        }
        self.body(text, in_line, visit);
        visit(Event::Body { text, continued });
    }

    /// The message is complete.
    pub fn finish(&mut self, visit: &mut dyn FnMut(Event<'_>)) {
        if let State::Headers(place) = self.state {
            self.finish_header(place, visit);
            if place == Place::Primary {
                visit(Event::EndOfHeaders);
            }
            self.state = State::Body;
        }
    }

    fn extend_header(&mut self, text: &[u8], new_line: bool, visit: &mut dyn FnMut(Event<'_>)) {
        let taken = usize::from(new_line);
        let room = self.limits.header.saturating_sub(self.header.len());
        let room = room.saturating_sub(taken);
        if text.len() > room {
            visit(Event::Fault(Fault::LongHeader, &self.header));
        }
        // No line of the header may be empty: that would end it.
        if room > 0 {
            self.header.extend_from_slice(&b"\n"[..taken]);
            self.header
                .extend_from_slice(text.get(..room).unwrap_or(text));
        }
    }

    fn finish_header(&mut self, place: Place, visit: &mut dyn FnMut(Event<'_>)) {
        if self.header.is_empty() {
            return;
        }
        let header = std::mem::take(&mut self.header);
        if let Some((label, body)) = parse_header(&header).filter(|_| self.structured) {
            match HeaderName::find(label) {
                Some(HeaderName::ContentType) => self.note_type(body, visit),
                Some(HeaderName::ContentTransferEncoding) => {
                    self.transfer = Transfer::parse(body).unwrap_or(self.transfer);
                }
                _ => {}
            }
        }
        if !header.is_ascii() {
            visit(Event::Fault(Fault::EightBitHeader, &header));
        }
        visit(Event::Header(place, &header));
    }

    fn note_type(&mut self, body: &[u8], visit: &mut dyn FnMut(Event<'_>)) {
        let content_type = ContentType::parse(body);
        self.kind = content_type.kind;
        for mut text in content_type.boundaries {
            // The first two levels are free, as in the original.
            if self.boundaries.len() > self.limits.nesting.saturating_add(1) {
                visit(Event::Fault(Fault::Nesting, &text));
                continue;
            }
            text.truncate(self.limits.boundary);
            self.boundaries.push(Boundary {
                text,
                part_kind: content_type.part_kind,
            });
        }
    }

    /// The headers end with an empty line, or with a line that is no header.
    fn finish_headers(&mut self, place: Place, empty: bool, visit: &mut dyn FnMut(Event<'_>)) {
        if place == Place::Primary {
            visit(Event::EndOfHeaders);
            if !empty {
                visit(Event::Body {
                    text: b"",
                    continued: false,
                });
            }
        }
        if let Transfer::Encoded(encoding) = self.transfer
            && self.kind != Kind::Other
        {
            visit(Event::Fault(Fault::EncodedStructure, encoding.as_bytes()));
        }
        self.domain = self.transfer;
        self.state = if empty && self.kind == Kind::Message {
            self.begin_headers(Kind::Other);
            State::Headers(Place::Nested)
        } else {
            State::Body
        };
    }

    fn begin_headers(&mut self, kind: Kind) {
        self.kind = kind;
        self.transfer = Transfer::SevenBit;
    }

    fn body(&mut self, text: &[u8], in_line: bool, visit: &mut dyn FnMut(Event<'_>)) {
        if !in_line
            && let Some(after) = text.strip_prefix(b"--")
            && !after.is_empty()
        {
            self.boundary(after);
        }
        if self.domain != Transfer::EightBit && !text.is_ascii() {
            visit(Event::Fault(Fault::EightBitBody, text));
        }
    }

    /// A line that may be a boundary: the innermost that it begins with counts, and everything
    /// inside it is over.
    fn boundary(&mut self, line: &[u8]) {
        let begins = |boundary: &Boundary| line.starts_with(&boundary.text);
        let Some(level) = self.boundaries.iter().rposition(begins) else {
            return;
        };
        self.boundaries.truncate(level + 1);
        let Some(boundary) = self.boundaries.last() else {
            return;
        };
        let is_last = line
            .get(boundary.text.len()..)
            .is_some_and(|rest| rest.starts_with(b"--"));
        if is_last {
            self.boundaries.pop();
            self.begin_headers(Kind::Other);
        } else {
            let kind = boundary.part_kind;
            self.begin_headers(kind);
            self.state = State::Headers(Place::Part);
        }
        self.domain = Transfer::SevenBit;
    }
}

/// `Label : body` has no blanks before the colon for whoever reads it later.
fn without_blanks_before_colon(line: &[u8], label: usize) -> Vec<u8> {
    let (label, rest) = line.split_at_checked(label).unwrap_or((line, b""));
    let blanks = rest.iter().take_while(|byte| **byte != b':').count();
    [label, rest.get(blanks..).unwrap_or_default()].concat()
}
