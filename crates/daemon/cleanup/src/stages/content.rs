// SPDX-License-Identifier: MIT OR Apache-2.0
//! The second segment: lines of content become headers, then body.
//!
//! [`mail::mime::walker`] tells headers from bodies, of the message, of its parts and of messages
//! inside it. A header is collected from its lines up to `header_size_limit`; what is longer is cut
//! off there. A line that is no header ends the headers; missing headers and an empty line are
//! added before it. Headers of parts are checked and copied. Stray CR and LF inside a line become spaces (`cleanup_replace_stray_cr_lf`), since other
//! systems could take them for line ends.
//!
//! *Invariants:* memory is one header of `header_size_limit` and one record.
//!
//! *Postfix:* cleanup/cleanup_message(3).

use ipc::flags::CleanupFlags;
use ipc::record::RecordType;
use mail::mime::walker::{Event, Limits, Place, Walker};

use crate::checks::{BodyScan, Checked};
use crate::faults::Faults;
use crate::message::Processing;
use crate::stages::headers::Seen;

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
    /// What the structure should not have had.
    pub(crate) faults: Faults,
    /// Where in the structure we are; made for the first line.
    walker: Option<Walker>,
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
                let mut walker = self.walker();
                let continued = kind == RecordType::ContinuedText;
                walker.take(data, continued, &mut |event| self.take_event(&event));
                self.message.content.walker = Some(walker);
            }
            RecordType::ExtractedInformation => {
                let mut walker = self.walker();
                walker.finish(&mut |event| self.take_event(&event));
                self.refuse_faults();
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

    /// The walker, which comes back after each line.
    fn walker(&mut self) -> Walker {
        let params = &self.site.params;
        let size = |value: i32| usize::try_from(value).unwrap_or(0);
        self.message.content.walker.take().unwrap_or_else(|| {
            let limits = Limits {
                header: size(params.header_size_limit).max(1),
                nesting: size(params.mime_nesting_limit),
                boundary: size(params.mime_boundary_length_limit),
            };
            if params.disable_mime_input_processing {
                Walker::without_structure(limits)
            } else {
                Walker::new(limits)
            }
        })
    }

    fn take_event(&mut self, event: &Event<'_>) {
        match *event {
            Event::Header(place, header) => {
                self.message.content.body_scan.begin_part();
                match place {
                    Place::Primary => self.take_header(header),
                    Place::Part | Place::Nested => self.take_inner_header(place, header),
                }
            }
            Event::EndOfHeaders => self.finish_headers(),
            Event::Body { text, continued } => {
                let kind = if continued {
                    RecordType::ContinuedText
                } else {
                    RecordType::RegularText
                };
                self.take_body(kind, text);
            }
            Event::Fault(fault, text) => self.note_fault(fault, text),
        }
    }

    /// A header of a part, or of a message inside the message: checked, and otherwise as it is.
    fn take_inner_header(&mut self, place: Place, header: &[u8]) {
        if self.message.flags.contains(CleanupFlags::FILTER) {
            match self.check_header(place, header) {
                Checked::Keep => {}
                Checked::Drop => return,
                Checked::Prepend(text) => self.put_lines(&text),
                Checked::Replace(text) => {
                    self.put_lines(&text);
                    return;
                }
            }
        }
        self.note_encoding_header(header);
        self.put_lines(header);
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
        self.message.put(kind, data);
    }
}

fn without_line_breaks(data: &[u8]) -> Vec<u8> {
    data.iter()
        .map(|b| if matches!(b, b'\r' | b'\n') { b' ' } else { *b })
        .collect()
}
