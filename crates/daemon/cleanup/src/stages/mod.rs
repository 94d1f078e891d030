// SPDX-License-Identifier: MIT OR Apache-2.0
//! The stages of a message: envelope, content, extracted. Each takes the records of its segment.
//!
//! *Invariants:* records that could change what was written before (pointers, padding) are never
//! taken from a client.

pub(crate) mod content;
mod envelope;
mod extracted;
pub(crate) mod headers;

use ipc::record::RecordType;
use runtime::log;

use crate::message::{Processing, Stage};

impl Processing<'_> {
    /// Takes the next record from the client.
    pub(crate) fn take(&mut self, kind: RecordType, data: &[u8]) {
        if matches!(kind, RecordType::Pointer | RecordType::DeletedText) {
            log::warning(format_args!(
                "{}: record type {} not allowed - discarding this message",
                self.message.id(),
                kind.byte()
            ));
            self.message.status |= ipc::flags::CleanupStatus::BAD;
            return;
        }
        match self.message.stage {
            Stage::Envelope => self.take_envelope(kind, data),
            Stage::Content => self.take_content(kind, data),
            Stage::Extracted => self.take_extracted(kind, data),
            Stage::Finished => {}
        }
    }
}
