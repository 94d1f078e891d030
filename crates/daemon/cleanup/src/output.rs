// SPDX-License-Identifier: MIT OR Apache-2.0
//! The queue file that is being written, with failures turned into status bits.
//!
//! Lines longer than `line_length_limit` become several records. The first failure is logged;
//! after it everything is refused by the writer beneath.
//!
//! *Postfix:* cleanup/cleanup_out(3), cleanup_final(3).

use ipc::flags::CleanupStatus;
use ipc::record::RecordType;
use queue::QueueId;
use queue::file::{Committed, FileError, Reader, SizeRecord, Stamp, Writer};
use runtime::log;

/// The queue file of one message.
pub(crate) struct Output {
    writer: Writer,
    line_limit: usize,
    failed: bool,
}

impl Output {
    /// Wraps a fresh queue file.
    pub(crate) fn new(mut writer: Writer, line_limit: usize, size_limit: Option<u64>) -> Output {
        if let Some(limit) = size_limit {
            writer.set_limit(limit);
        }
        Output {
            writer,
            line_limit: line_limit.max(1),
            failed: false,
        }
    }

    /// The queue id.
    pub(crate) fn id(&self) -> &str {
        self.writer.id().as_str()
    }

    /// The queue id.
    pub(crate) fn queue_id(&self) -> &QueueId {
        self.writer.id()
    }

    /// The queue that the file is in.
    pub(crate) fn queue(&self) -> queue::Queue {
        self.writer.queue()
    }

    /// When the file was made, seconds since the epoch.
    pub(crate) fn created(&self) -> u64 {
        let since = self.writer.created().duration_since(std::time::UNIX_EPOCH);
        since.unwrap_or_default().as_secs()
    }

    /// Offset of the next record.
    pub(crate) fn position(&self) -> u64 {
        self.writer.position()
    }

    /// Writes a record.
    pub(crate) fn put(&mut self, kind: RecordType, data: &[u8]) -> CleanupStatus {
        if matches!(kind, RecordType::RegularText | RecordType::ContinuedText) {
            return self.put_text(kind, data);
        }
        let written = self.writer.record(kind, data);
        self.judge(written)
    }

    fn put_text(&mut self, kind: RecordType, data: &[u8]) -> CleanupStatus {
        let mut rest = data;
        while let Some((piece, tail)) = rest.split_at_checked(self.line_limit)
            && !tail.is_empty()
        {
            let written = self.writer.record(RecordType::ContinuedText, piece);
            let status = self.judge(written);
            if !status.is_empty() {
                return status;
            }
            rest = tail;
        }
        let written = self.writer.record(kind, rest);
        self.judge(written)
    }

    /// Writes the first record, or its final numbers.
    pub(crate) fn put_sizes(&mut self, sizes: &SizeRecord) -> CleanupStatus {
        let written = self.writer.set_sizes(sizes);
        self.judge(written)
    }

    /// Moves the unfinished file to the hold queue.
    pub(crate) fn hold(&mut self) -> CleanupStatus {
        let moved = self.writer.move_to(queue::Queue::Hold);
        self.judge(moved)
    }

    /// What was written so far.
    pub(crate) fn reader(&mut self) -> Option<Reader> {
        self.writer.reader().map_err(|error| self.warn(&error)).ok()
    }

    /// Makes the message durable.
    pub(crate) fn commit(self, stamp: Stamp) -> Result<Committed, CleanupStatus> {
        let id = self.writer.id().clone();
        let failed = self.failed;
        self.writer.commit(stamp).map_err(|error| {
            if !failed {
                warn(&id, &error);
            }
            status_of(&error)
        })
    }

    fn judge(&mut self, result: Result<(), FileError>) -> CleanupStatus {
        match result {
            Ok(()) => CleanupStatus::empty(),
            Err(error) => {
                self.warn(&error);
                status_of(&error)
            }
        }
    }

    fn warn(&mut self, error: &FileError) {
        if !self.failed {
            self.failed = true;
            warn(self.writer.id(), error);
        }
    }
}

fn warn(id: &QueueId, error: &FileError) {
    match error {
        FileError::TooLarge => log::warning(format_args!("{id}: {error}")),
        FileError::Create { .. }
        | FileError::Write { .. }
        | FileError::Read(_)
        | FileError::Damaged { .. } => {
            log::warning(format_args!("{id}: queue file write error: {error}"));
        }
    }
}

fn status_of(error: &FileError) -> CleanupStatus {
    match error {
        FileError::TooLarge => CleanupStatus::SIZE,
        FileError::Create { .. }
        | FileError::Write { .. }
        | FileError::Read(_)
        | FileError::Damaged { .. } => CleanupStatus::WRITE,
    }
}
