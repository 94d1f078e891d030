// SPDX-License-Identifier: MIT OR Apache-2.0
//! From the records of a user to a file.
//!
//! *Invariants*: total for any input. The file holds only records that a user may write, in
//! their segments, and our own time of arrival; every record of an envelope is one line.
//! Memory: one record of at most `limit` bytes.
//!
//! *Postfix:* postdrop(1).

use std::io::BufRead;
use std::time::{SystemTime, UNIX_EPOCH};

use ipc::record::{RecordReader, RecordType};
use ipc::services::submitted;
use queue::file::{FileError, Writer};
use runtime::log;

use crate::permission::Refusal;

/// What came in.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Received {
    /// A whole message with sender and recipients.
    Message,
    /// A whole message without them.
    Incomplete,
    /// The input ended before the message did.
    Nothing,
}

/// Why there is no message.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The input is not what a user may send.
    Input(String),
    /// The user may not use this sender.
    Sender(Refusal),
    /// The file cannot be written. The input was read to its end.
    File(FileError),
}

/// The parts of a message, with what each may hold; the first type of each ends it.
const SEGMENTS: [&[RecordType]; 3] = [
    RecordType::SUBMITTED_ENVELOPE,
    RecordType::SUBMITTED_CONTENT,
    RecordType::SUBMITTED_EXTRACTED,
];

/// Copies a message; `check` says whether a sender may be used.
pub(crate) fn message(
    input: &mut dyn BufRead,
    writer: &mut Writer,
    limit: usize,
    check: &mut dyn FnMut(&[u8]) -> Result<(), Refusal>,
) -> Result<Received, Trouble> {
    let mut records = Records {
        reader: RecordReader::new(input),
        limit,
    };
    let mut message = Message {
        writer,
        senders: 0,
        recipients: 0,
        refused: None,
    };
    let copied = message.copy(&mut records, check);
    let Some(trouble) = message.refused.take() else {
        return copied;
    };
    // The client waits for our verdict only when it has said everything.
    records.drain().and(Err(trouble))
}

/// Records from the client.
struct Records<'i> {
    reader: RecordReader<&'i mut dyn BufRead>,
    limit: usize,
}

impl Records<'_> {
    fn next(&mut self, data: &mut Vec<u8>) -> Result<Option<RecordType>, Trouble> {
        let record = self.reader.next_into(self.limit, data);
        record.map_err(|error| Trouble::Input(format!("malformed input: {error}")))
    }

    /// Reads to the end of the message.
    fn drain(&mut self) -> Result<(), Trouble> {
        let mut data = Vec::new();
        while let Some(kind) = self.next(&mut data)? {
            if kind == RecordType::End {
                break;
            }
        }
        Ok(())
    }
}

/// A message on its way.
struct Message<'w> {
    writer: &'w mut Writer,
    senders: usize,
    recipients: usize,
    /// Trouble that is no fault of the input.
    refused: Option<Trouble>,
}

impl Message<'_> {
    fn copy(
        &mut self,
        records: &mut Records<'_>,
        check: &mut dyn FnMut(&[u8]) -> Result<(), Refusal>,
    ) -> Result<Received, Trouble> {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let time = format!("{} {}", now.as_secs(), now.subsec_micros());
        self.write(RecordType::ArrivalTime, time.as_bytes());
        let mut data = Vec::new();
        for allowed in SEGMENTS {
            loop {
                let Some(kind) = records.next(&mut data)? else {
                    return Ok(Received::Nothing);
                };
                if !allowed.contains(&kind) {
                    let byte = kind.byte();
                    return Err(Trouble::Input(format!("unexpected record type: {byte}")));
                }
                if allowed != RecordType::SUBMITTED_CONTENT && !submitted::is_one_line(&data) {
                    let name = kind.name();
                    let why = format!("line break or NUL in record of type {name}");
                    return Err(Trouble::Input(why));
                }
                self.record(kind, &data, check);
                if self.refused.is_some() {
                    return Ok(Received::Nothing);
                }
                if allowed.first() == Some(&kind) {
                    break;
                }
            }
        }
        let complete = self.senders > 0 && self.recipients > 0;
        Ok(if complete {
            Received::Message
        } else {
            Received::Incomplete
        })
    }

    /// Takes one allowed record.
    fn record(
        &mut self,
        kind: RecordType,
        data: &[u8],
        check: &mut dyn FnMut(&[u8]) -> Result<(), Refusal>,
    ) {
        match kind {
            // Sizes are ours to tell.
            RecordType::MessageSize => return,
            RecordType::Sender => {
                self.senders += 1;
                if let Err(refusal) = check(data) {
                    self.refused = Some(Trouble::Sender(refusal));
                    return;
                }
            }
            RecordType::Recipient => self.recipients += 1,
            RecordType::Attribute => {
                if let Err(why) = submitted::attribute(data) {
                    let text: String = String::from_utf8_lossy(data).chars().take(200).collect();
                    log::warning(format_args!(
                        "uid={}: {why}: {text}",
                        sys::users::real_uid()
                    ));
                    return;
                }
            }
            _ => {}
        }
        self.write(kind, data);
    }

    fn write(&mut self, kind: RecordType, data: &[u8]) {
        if let Err(error) = self.writer.record(kind, data) {
            self.refused = Some(Trouble::File(error));
        }
    }
}
