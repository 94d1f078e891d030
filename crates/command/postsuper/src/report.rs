// SPDX-License-Identifier: MIT OR Apache-2.0
//! What was done, and what people must know when it was cut short.

use runtime::log;

/// Numbers of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Report {
    pub(crate) requeued: u64,
    pub(crate) deleted: u64,
    pub(crate) expired: u64,
    pub(crate) held: u64,
    pub(crate) released: u64,
    /// Names that were changed to match inode numbers.
    pub(crate) renamed: u64,
    /// Files that are known to be in the wrong place, or under the wrong name, still.
    pub(crate) misplaced: u64,
}

/// Which numbers were asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Asked {
    pub(crate) requeue: bool,
    pub(crate) delete: bool,
    pub(crate) expire: bool,
    pub(crate) hold: bool,
    pub(crate) release: bool,
}

impl Report {
    /// Logs the numbers: those that were asked for, and those that are not zero.
    pub(crate) fn log(&self, asked: Asked) {
        let lines = [
            (asked.requeue, "Requeued", self.requeued),
            (asked.delete, "Deleted", self.deleted),
            (asked.expire, "Force-expired", self.expired),
            (asked.hold, "Placed on hold", self.held),
            (asked.release, "Released from hold", self.released),
            (false, "Renamed to match inode number", self.renamed),
        ];
        for (wanted, what, number) in lines {
            if wanted || number > 0 {
                let plural = if number == 1 { "" } else { "s" };
                log::info(format_args!("{what}: {number} message{plural}"));
            }
        }
        if self.renamed > 0 {
            log::warning("QUEUE FILE NAMES WERE CHANGED TO MATCH INODE NUMBERS");
        }
    }

    /// Warns when the structure of the queue is left half repaired.
    pub(crate) fn warn_if_incomplete(&self) {
        if self.renamed > 0 || self.misplaced > 0 {
            log::warning("OPERATION INCOMPLETE -- RERUN COMMAND TO FIX THE QUEUE FIRST");
        }
    }
}
