// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the scheduler knows about one message: its age and its recipients in memory.

use super::Moment;
use super::arena::Key;
use super::job::Job;

/// One message of the active queue, as far as the scheduler is concerned.
pub(crate) struct Message {
    /// When it entered the active queue.
    pub(super) queued: Moment,
    /// Its place in the order of entering, which decides between equal moments.
    pub(super) sequence: u64,
    /// When recipients were last read from its file.
    pub(super) refilled: Moment,
    /// One per transport that has, or had, recipients of it.
    pub(super) jobs: Vec<Key<Job>>,
    /// Entries that wait or are being delivered.
    pub(super) entries: usize,
    /// Recipients in those entries.
    pub(super) recipients: i64,
    /// How many recipients it may have in memory: its own minimum and the slots of its jobs.
    pub(super) allowance: i64,
    /// At most this many recipients are still only in the file.
    pub(super) unread: i64,
    /// Each delivery may have one recipient only (VERP).
    pub(super) single_recipients: bool,
    /// No recipient is left in the file.
    pub(super) fully_read: bool,
}
