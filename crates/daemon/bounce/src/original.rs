// SPDX-License-Identifier: MIT OR Apache-2.0
//! The message that a notice is about, as its queue file shows it.
//!
//! A notice is sent even when the file is gone or damaged: then it says less.
//!
//! *Invariants:* total for any file; reads from the envelope up to the content, and from the content
//! what is copied.

use bstr::ByteSlice;
use ipc::record::RecordType;
use mail::header::{HeaderName, parse_header};
use queue::envelope::LATEST_TIME;
use queue::file::{Reader, Record, SizeRecord};
use queue::{Layout, Queue, QueueId};
use runtime::log;

/// Longest Message-Id that is taken over.
const MESSAGE_ID_LIMIT: usize = 1000;

/// An original message.
pub(crate) struct Original {
    reader: Option<Reader>,
    content_offset: u64,
    /// Bytes of its content.
    pub(crate) size: u64,
    /// Its envelope sender; `None` when it is not known.
    pub(crate) sender: Option<Vec<u8>>,
    /// When it arrived, seconds since the epoch.
    pub(crate) arrival: Option<u64>,
}

/// What is copied from a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Everything.
    Full,
    /// What is before the first empty line.
    Headers,
}

impl Original {
    /// Opens a message.
    pub(crate) fn open(layout: &Layout, queue: Queue, id: &QueueId) -> Original {
        let mut original = Original {
            reader: None,
            content_offset: 0,
            size: 0,
            sender: None,
            arrival: None,
        };
        match layout.open_to_read(queue, id) {
            Ok(file) => {
                let length = file.metadata().map_or(0, |metadata| metadata.len());
                let mut reader = Reader::new(file);
                if original.read_envelope(&mut reader, length) {
                    original.reader = Some(reader);
                }
            }
            Err(error) => log::warning(format_args!("open {} {id}: {error}", queue.name())),
        }
        original
    }

    /// Whether there is content.
    pub(crate) fn is_available(&self) -> bool {
        self.reader.is_some()
    }

    /// Reads up to the content. A file that cleanup has not finished has no numbers in its first
    /// record; then the rest of the file counts.
    fn read_envelope(&mut self, reader: &mut Reader, length: u64) -> bool {
        let mut sizes = SizeRecord::default();
        loop {
            let record = match reader.next_record() {
                Ok(Some(record)) => record,
                Ok(None) => return false,
                Err(error) => {
                    log::warning(error);
                    return false;
                }
            };
            match record.kind {
                RecordType::MessageSize => {
                    sizes = SizeRecord::decode(record.data).unwrap_or_default();
                }
                RecordType::Sender => self.sender = Some(record.data.to_vec()),
                RecordType::ArrivalTime => {
                    let word = record.data.split_str(" ").next().unwrap_or_default();
                    let seconds = word.to_str().ok().and_then(|word| word.parse().ok());
                    self.arrival = seconds.filter(|seconds| *seconds <= LATEST_TIME);
                }
                RecordType::MessageContent => {
                    self.content_offset = reader.position();
                    self.size = if sizes.data_offset > 0 {
                        sizes.content_length
                    } else {
                        length.saturating_sub(self.content_offset)
                    };
                    return true;
                }
                _ => {}
            }
        }
    }

    /// Gives the records of the content to `copy`, until it says stop. False when the content is
    /// damaged or cut off.
    pub(crate) fn content(
        &mut self,
        extent: Extent,
        mut copy: impl FnMut(RecordType, &[u8]) -> bool,
    ) -> bool {
        let Some(reader) = &mut self.reader else {
            return false;
        };
        reader.seek(self.content_offset);
        let mut at_line_start = true;
        loop {
            match reader.next_record() {
                Ok(Some(Record { kind, data, .. }))
                    if matches!(kind, RecordType::RegularText | RecordType::ContinuedText) =>
                {
                    if extent == Extent::Headers && at_line_start && data.is_empty() {
                        return true;
                    }
                    at_line_start = kind == RecordType::RegularText;
                    if !copy(kind, data) {
                        return true;
                    }
                }
                Ok(Some(record)) => return record.kind == RecordType::ExtractedInformation,
                Ok(None) => return false,
                Err(error) => {
                    log::warning(error);
                    return false;
                }
            }
        }
    }

    /// The Message-Id of the message.
    pub(crate) fn message_id(&mut self) -> Option<Vec<u8>> {
        let mut header: Option<Vec<u8>> = None;
        self.content(Extent::Headers, |_, line| {
            if let Some(header) = &mut header {
                let continues = matches!(line.first(), Some(b' ' | b'\t'));
                if continues && header.len() < MESSAGE_ID_LIMIT {
                    header.extend_from_slice(line);
                }
                return continues;
            }
            let is_id = parse_header(line)
                .is_some_and(|(label, _)| HeaderName::find(label) == Some(HeaderName::MessageId));
            if is_id {
                header = Some(line.to_vec());
            }
            true
        });
        let header = header?;
        let (_, body) = parse_header(&header)?;
        let body = body.trim_ascii();
        let sound = body.len() <= MESSAGE_ID_LIMIT && body.first() == Some(&b'<');
        sound.then(|| body.to_vec())
    }
}
