// SPDX-License-Identifier: MIT OR Apache-2.0
//! The message on standard input: lines, and recipients in its headers.
//!
//! *Invariants*: memory is bounded by the longest piece of a line and the longest header,
//! whatever comes in.
//!
//! *Postfix:* sendmail(1), global/rec_streamlf(3), global/mime_state(3).

use std::io::{self, BufRead};

use mail::address::header_list::List;
use mail::address::token;
use mail::header::{Flags, HeaderName, is_header_line, parse_header};

/// A piece of input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// A line, or its end.
    Line,
    /// A part of a line that goes on.
    Part,
}

/// What happens to the CR at the end of a line (`sendmail_fix_line_endings`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Returns {
    /// It is taken off.
    Strip,
    /// It is taken off if the first line has one.
    Undecided,
    /// It stays.
    Keep,
}

impl Returns {
    /// Reads the parameter's value.
    pub(crate) fn parse(text: &str) -> Option<Returns> {
        match text {
            "always" => Some(Returns::Strip),
            "strict" => Some(Returns::Undecided),
            "never" => Some(Returns::Keep),
            _ => None,
        }
    }
}

/// The lines of a message, in pieces of bounded length.
pub(crate) struct Lines<R> {
    input: R,
    limit: usize,
    returns: Returns,
    dot_ends: bool,
    /// Whether mbox separators at the top are still to be skipped.
    at_top: bool,
    /// Whether the last piece was part of a line.
    within_line: bool,
    ended: bool,
}

impl<R: BufRead> Lines<R> {
    /// Lines of `input`, in pieces of at most `limit` bytes.
    pub(crate) fn new(input: R, limit: usize, returns: Returns, dot_ends: bool) -> Lines<R> {
        let (at_top, within_line, ended) = (true, false, false);
        Lines {
            input,
            limit: limit.max(1),
            returns,
            dot_ends,
            at_top,
            within_line,
            ended,
        }
    }

    /// The next piece, into `text`; nothing at the end of the message.
    pub(crate) fn next(&mut self, text: &mut Vec<u8>) -> io::Result<Option<Piece>> {
        while !self.ended {
            let Some(piece) = self.read(text)? else {
                self.ended = true;
                break;
            };
            let starts_line = !self.within_line;
            self.within_line = piece == Piece::Part;
            if self.returns == Returns::Undecided && piece == Piece::Line {
                let found = text.ends_with(b"\r");
                self.returns = if found { Returns::Strip } else { Returns::Keep };
            }
            if self.at_top {
                if piece == Piece::Line && is_mbox_separator(text) {
                    continue;
                }
                self.at_top = false;
            }
            if self.returns == Returns::Strip && piece == Piece::Line {
                while text.last() == Some(&b'\r') {
                    text.pop();
                }
            }
            if self.dot_ends && starts_line && piece == Piece::Line && text.as_slice() == b"." {
                self.ended = true;
                break;
            }
            return Ok(Some(piece));
        }
        Ok(None)
    }

    /// Reads up to a newline or the limit. A last line without newline is a line.
    fn read(&mut self, text: &mut Vec<u8>) -> io::Result<Option<Piece>> {
        text.clear();
        loop {
            let available = match self.input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            if available.is_empty() {
                let unfinished = !text.is_empty() || self.within_line;
                return Ok(unfinished.then_some(Piece::Line));
            }
            let room = self.limit - text.len();
            let end = available
                .iter()
                .take(room + 1)
                .position(|byte| *byte == b'\n');
            match end {
                Some(end) => {
                    text.extend_from_slice(available.get(..end).unwrap_or_default());
                    self.input.consume(end + 1);
                    return Ok(Some(Piece::Line));
                }
                None => {
                    let count = available.len().min(room);
                    text.extend_from_slice(available.get(..count).unwrap_or_default());
                    self.input.consume(count);
                    // At the limit, a newline may still follow at once.
                    if text.len() == self.limit && !self.newline_follows()? {
                        return Ok(Some(Piece::Part));
                    }
                }
            }
        }
    }

    fn newline_follows(&mut self) -> io::Result<bool> {
        loop {
            match self.input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => return other.map(|next| next.is_empty() || next.starts_with(b"\n")),
            }
        }
    }
}

/// `From ` with any number of `>` in front.
fn is_mbox_separator(line: &[u8]) -> bool {
    let quotes = line.iter().take_while(|byte| **byte == b'>').count();
    line.get(quotes..)
        .is_some_and(|rest| rest.starts_with(b"From "))
}

/// Recipients in the headers of a message.
#[derive(Debug)]
pub(crate) struct Recipients {
    in_headers: bool,
    header: Vec<u8>,
    limit: usize,
    ordinary: Vec<Vec<u8>>,
    resent: Vec<Vec<u8>>,
    is_resent: bool,
}

/// A header is longer than `header_size_limit`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooLong;

impl Recipients {
    /// A search through headers of at most `limit` bytes.
    pub(crate) fn new(limit: usize) -> Recipients {
        Recipients {
            in_headers: true,
            header: Vec::new(),
            limit,
            ordinary: Vec::new(),
            resent: Vec::new(),
            is_resent: false,
        }
    }

    /// Looks at a piece of the message; `starts_line` says whether a line begins with it.
    pub(crate) fn look(&mut self, text: &[u8], starts_line: bool) -> Result<(), TooLong> {
        if !self.in_headers {
            return Ok(());
        }
        if starts_line {
            let continues = text.starts_with(b" ") || text.starts_with(b"\t");
            if continues && !self.header.is_empty() {
                self.header.push(b'\n');
            } else {
                self.end_header();
                if is_header_line(text).is_none() {
                    self.in_headers = false;
                    return Ok(());
                }
            }
        }
        if self.header.len() + text.len() > self.limit {
            return Err(TooLong);
        }
        self.header.extend_from_slice(text);
        Ok(())
    }

    fn end_header(&mut self) {
        let header = std::mem::take(&mut self.header);
        let Some((name, body)) = parse_header(&header) else {
            return;
        };
        let Some(known) = HeaderName::find(name) else {
            return;
        };
        let is_resent = known.flags().contains(Flags::RESENT);
        self.is_resent |= is_resent;
        if known.flags().contains(Flags::EXTRACT) {
            let list = List::parse(body);
            let found = list.addresses().map(token::internal);
            if is_resent {
                self.resent.extend(found)
            } else {
                self.ordinary.extend(found)
            }
        }
    }

    /// The recipients: those of the `Resent-` headers, if there is any such header.
    pub(crate) fn finish(mut self) -> Vec<Vec<u8>> {
        self.end_header();
        if self.is_resent {
            self.resent
        } else {
            self.ordinary
        }
    }
}

#[cfg(test)]
mod tests;
