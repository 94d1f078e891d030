// SPDX-License-Identifier: MIT OR Apache-2.0
//! The second segment: lines of content become headers, then body.
//!
//! A header is collected from its lines up to `header_size_limit`; what is longer is cut off there.
//! A line that is no header ends the headers; missing headers and an empty line are added before
//! it. Stray CR and LF inside a line become spaces (`cleanup_replace_stray_cr_lf`), since other
//! systems could take them for line ends.
//!
//! *Invariants:* memory is one header of `header_size_limit` and one record.
//!
//! *Postfix:* cleanup/cleanup_message(3), and the header part of global/mime_state(3).

use ipc::flags::CleanupFlags;
use ipc::record::RecordType;
use mail::header::is_header_line;

use crate::checks::{BodyScan, Checked};
use crate::message::Processing;
use crate::stages::headers::Seen;

/// Where in the content we are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Part {
    #[default]
    Headers,
    Body,
}

/// What is known about the content so far.
#[derive(Debug, Default)]
pub(crate) struct Content {
    /// Offset of the first content record.
    pub(crate) begins_at: u64,
    /// Offset behind the last one.
    pub(crate) ends_at: u64,
    /// What the headers were.
    pub(crate) seen: Seen,
    /// The `message_id` attribute for the extracted segment; empty when there is none.
    pub(crate) message_id: Vec<u8>,
    /// The `encoding` attribute for the extracted segment.
    pub(crate) label: Vec<u8>,
    /// How far body checks have come.
    pub(crate) body_scan: BodyScan,
    part: Part,
    /// The header that is being collected, lines separated by LF; empty when there is none.
    header: Vec<u8>,
    /// A line that came in pieces.
    line: Vec<u8>,
    in_line: bool,
    /// Whether the lines of the body that are read now may be headers of a MIME part.
    in_part_headers: bool,
}

impl Processing<'_> {
    /// Takes a record of the content segment.
    pub(crate) fn take_content(&mut self, kind: RecordType, data: &[u8]) {
        match kind {
            RecordType::RegularText | RecordType::ContinuedText => {
                let cleaned;
                let data = if self.site.params.cleanup_replace_stray_cr_lf
                    && data.iter().any(|b| matches!(b, b'\r' | b'\n'))
                {
                    cleaned = without_line_breaks(data);
                    &cleaned
                } else {
                    data
                };
                match self.message.content.part {
                    Part::Headers => self.take_header_piece(kind, data),
                    Part::Body => self.take_body(kind, data),
                }
            }
            RecordType::ExtractedInformation => {
                if !self.message.content.line.is_empty() || self.message.content.in_line {
                    self.end_header_line();
                }
                if self.message.content.part == Part::Headers {
                    self.end_headers();
                }
                if self.message.content.label.is_empty() {
                    let label = self.message.encoding.clone();
                    self.message.content.label = label;
                }
                self.begin_extracted();
            }
            _ => {
                let kind = kind.byte();
                self.message.reject_protocol(format_args!(
                    "unexpected record type {kind} in message content"
                ));
            }
        }
    }

    fn take_header_piece(&mut self, kind: RecordType, data: &[u8]) {
        // One byte above the limit is kept, so that the rest is known to be cut off.
        let limit = usize::try_from(self.site.params.header_size_limit)
            .unwrap_or(0)
            .max(1);
        let content = &mut self.message.content;
        if content.line.is_empty() && !content.in_line && !may_begin_header(data) {
            // A body of any length: not collected.
            self.end_headers();
            self.put_separator(kind, data);
            return;
        }
        let room = limit.saturating_sub(content.line.len());
        content
            .line
            .extend_from_slice(data.get(..room).unwrap_or(data));
        content.in_line = kind == RecordType::ContinuedText;
        if !content.in_line {
            self.end_header_line();
        }
    }

    /// A whole line was collected.
    fn end_header_line(&mut self) {
        let limit = usize::try_from(self.site.params.header_size_limit)
            .unwrap_or(0)
            .max(1);
        let content = &mut self.message.content;
        content.in_line = false;
        let line = std::mem::take(&mut content.line);
        if matches!(line.first(), Some(b' ' | b'\t')) && !content.header.is_empty() {
            let room = limit.saturating_sub(content.header.len());
            if room > 1 {
                content.header.push(b'\n');
                content
                    .header
                    .extend_from_slice(line.get(..room - 1).unwrap_or(&line));
            }
            return;
        }
        if is_header_line(&line).is_some() {
            self.finish_header();
            self.message.content.header = line;
            return;
        }
        self.end_headers();
        self.put_separator(RecordType::RegularText, &line);
    }

    fn finish_header(&mut self) {
        let header = std::mem::take(&mut self.message.content.header);
        if !header.is_empty() {
            self.take_header(&header);
        }
    }

    fn end_headers(&mut self) {
        self.finish_header();
        self.message.content.part = Part::Body;
        self.finish_headers();
    }

    /// The empty line between headers and body, and the line that ended the headers unless it was
    /// that line.
    fn put_separator(&mut self, kind: RecordType, line: &[u8]) {
        self.message.put(RecordType::RegularText, b"");
        if !line.is_empty() {
            self.take_body(kind, line);
        }
    }

    fn take_body(&mut self, kind: RecordType, data: &[u8]) {
        if self.message.flags.contains(CleanupFlags::FILTER)
            && !self.site.tables.body_checks.is_empty()
        {
            match self.check_body_line(data) {
                Checked::Keep => {}
                Checked::Drop => return,
                Checked::Replace(text) => {
                    self.message.put(RecordType::RegularText, &text);
                    return;
                }
                Checked::Prepend(text) => self.message.put(RecordType::RegularText, &text),
            }
        }
        self.look_for_part_encoding(data);
        self.message.put(kind, data);
    }

    /// A part of a multipart message that is labeled 8bit makes the whole message 8bit. Lines after
    /// a possible boundary and before an empty line are taken for headers; a label too many does
    /// no harm.
    fn look_for_part_encoding(&mut self, line: &[u8]) {
        let content = &mut self.message.content;
        if line.starts_with(b"--") {
            content.in_part_headers = content.seen.multipart;
        } else if line.is_empty() {
            content.in_part_headers = false;
        } else if content.in_part_headers {
            self.note_encoding_header(line);
        }
    }
}

fn without_line_breaks(data: &[u8]) -> Vec<u8> {
    data.iter()
        .map(|b| if matches!(b, b'\r' | b'\n') { b' ' } else { *b })
        .collect()
}

/// Whether the first piece of a line can be part of a header: a label, or a continuation.
fn may_begin_header(piece: &[u8]) -> bool {
    matches!(piece.first(), Some(b' ' | b'\t')) || is_header_line(piece).is_some()
}
