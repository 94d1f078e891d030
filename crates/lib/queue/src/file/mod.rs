// SPDX-License-Identifier: MIT OR Apache-2.0
//! Queue files: made by a [`Writer`], read by a [`Reader`].
//!
//! A file is a sequence of records: envelope, `M`, content, `X`, extracted envelope, `E`, and behind
//! that a heap reached only through pointer records.
//!
//! *Errors:* [`FileError`] says whether the file system or the file is to blame.

mod reader;
mod writer;

use std::io;
use std::path::PathBuf;

pub use reader::{ReadAt, Reader, Record};
pub use writer::{Committed, Maker, Stamp, Writer};

/// What can go wrong with a queue file.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// A file could not be made.
    #[error("create file {}: {source}", path.display())]
    Create {
        /// The path that was tried last.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Writing, syncing or marking as complete failed; the file will be removed.
    #[error("write file {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The size limit given to the writer was reached; nothing more is stored.
    #[error("queue file size limit exceeded")]
    TooLarge,
    /// Reading failed.
    #[error("read queue file: {0}")]
    Read(#[from] io::Error),
    /// The file does not hold what a queue file must hold.
    #[error("damaged queue file: {what} at offset {offset}")]
    Damaged {
        /// Offset of the offending record.
        offset: u64,
        /// What is wrong with it.
        what: &'static str,
    },
}

/// Bytes of the first record, `C`: type, length, and six right-justified fields of 15.
pub const SIZE_RECORD_LENGTH: usize = 2 + SIZE_DATA_LENGTH;
/// Bytes of the data of the first record.
pub const SIZE_DATA_LENGTH: usize = 6 * 15 + 5;
/// Bytes of the data of a pointer record.
pub const POINTER_DATA_LENGTH: usize = 15;
/// Longest record data that is read, in bytes. Writers keep to `line_length_limit`; this bounds
/// what a forged file can ask for.
pub const RECORD_DATA_LIMIT: usize = 1 << 20;

/// The six numbers of the first record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SizeRecord {
    /// Bytes of the content segment with record overhead.
    pub content_length: u64,
    /// Offset of the first content record.
    pub data_offset: u64,
    /// Number of recipients when the file was made.
    pub recipient_count: u64,
    /// What qmgr needs to know before it reads the rest ([`flags`](self::SizeRecord::MIXED)).
    pub queue_manager_flags: u32,
    /// Content length again; differs after a milter replaced the body.
    pub content_length_edited: u64,
    /// Send options (`ipc::flags`).
    pub send_options: u32,
}

impl SizeRecord {
    /// Bit 0 of the queue manager flags: recipient records are mixed with others, scan them all.
    pub const MIXED: u32 = 1;

    /// The data of the record.
    pub fn encode(&self) -> Vec<u8> {
        format!(
            "{:15} {:15} {:15} {:15} {:15} {:15}",
            self.content_length,
            self.data_offset,
            self.recipient_count,
            self.queue_manager_flags,
            self.content_length_edited,
            self.send_options
        )
        .into_bytes()
    }

    /// Reads the data of the record. Older files have fewer fields: two are required (the
    /// recipient count came with the third), the rest default to zero and to the first field.
    pub fn decode(data: &[u8]) -> Option<SizeRecord> {
        let text = std::str::from_utf8(data).ok()?;
        let mut fields = text
            .split_ascii_whitespace()
            .take(6)
            .map(|word| word.parse::<u64>());
        let mut next = || fields.next().map(Result::ok);
        let content_length = next()??;
        let data_offset = next()??;
        let recipient_count = next().map_or(Some(0), |field| field)?;
        let queue_manager_flags = next().map_or(Some(0), |field| field)?;
        let content_length_edited = next().map_or(Some(content_length), |field| field)?;
        let send_options = next().map_or(Some(0), |field| field)?;
        Some(SizeRecord {
            content_length,
            data_offset,
            recipient_count,
            queue_manager_flags: u32::try_from(queue_manager_flags).ok()?,
            content_length_edited,
            send_options: u32::try_from(send_options).ok()?,
        })
    }
}

#[cfg(test)]
mod tests;
