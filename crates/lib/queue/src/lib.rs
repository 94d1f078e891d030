// SPDX-License-Identifier: MIT OR Apache-2.0
//! The on-disk mail queue: directories, queue ids, queue files and bounce logs.
//!
//! Reading order: [`id`] names a message, [`layout`] says where its file lives, [`file`] writes and
//! reads the records, [`envelope`] makes sense of them, [`edit`] changes single records in place,
//! [`scan`] walks a queue directory, [`bounce_log`] keeps what happened to recipients, and
//! [`trust`] decides whether a directory entry may be believed.
//!
//! *Invariants:* a file that is complete, and only such a file, has mode 0700 (owner bits); it got
//! there after everything was written and before [`file::Writer::commit`] returned, which returns
//! only after fsync. Every state change of a message is a rename within one file system. Nothing
//! read from a queue file is believed: lengths, offsets, pointers and counts are bounded.
//!
//! *Postfix:* global/mail_queue(3), mail_stream(3), mail_open_ok(3), mail_scan_dir(3), record(3),
//! bounce_log(3), deliver_completed(3), and the file formats they write.

pub mod bounce_log;
pub mod edit;
pub mod envelope;
pub mod file;
pub mod id;
pub mod layout;
pub mod scan;
pub mod trust;

pub use id::QueueId;
pub use layout::{Layout, Queue};
