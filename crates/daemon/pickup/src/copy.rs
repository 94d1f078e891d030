// SPDX-License-Identifier: MIT OR Apache-2.0
//! From a file in maildrop to cleanup.
//!
//! *Invariants*: total for any file. From a user's file passes what the submission sets of
//! [`ipc::record`] and [`ipc::services::submitted`] allow, and nothing else; from a file that
//! postsuper put back, what cleanup has to know again. A time of arrival that cannot be is not believed; the content filter
//! and the `Received:` header are our own.
//!
//! *Errors*: a file that cannot be right is [`Fate::Remove`], with a warning; trouble of
//! cleanup is [`Fate::Keep`].
//!
//! *Postfix:* pickup(8).

use std::fs::File;
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use ipc::client::{ClientError, Endpoint};
use ipc::flags::CleanupStatus;
use ipc::record::RecordType;
use ipc::services::cleanup::Submission;
use ipc::services::submitted;
use mail::header::date;
use queue::QueueId;
use queue::file::{FileError, Reader};
use runtime::event::pickup::PickedUp;
use runtime::log;
use sys::clock;

use crate::Site;
use crate::maildrop::Fate;

/// A file in maildrop.
pub(crate) struct Submitted<'s> {
    /// Open for reading, and complete.
    pub(crate) file: File,
    /// Its name for messages.
    pub(crate) path: &'s Path,
    /// Its name.
    pub(crate) id: &'s QueueId,
    /// Whose it is.
    pub(crate) uid: u32,
    /// When it was last written, in seconds since 1970.
    pub(crate) modified: i64,
    /// Whether postsuper put it back.
    pub(crate) requeued: bool,
}

/// Why copying ended early.
enum Stop {
    /// The file is not right.
    Bad(String),
    /// It cannot be read now.
    Unreadable(FileError),
    /// Cleanup went away; it may have said why.
    Cleanup,
}

impl From<FileError> for Stop {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Damaged { .. } => Stop::Bad(error.to_string()),
            other => Stop::Unreadable(other),
        }
    }
}

impl From<io::Error> for Stop {
    fn from(_: io::Error) -> Self {
        Stop::Cleanup
    }
}

/// Gives one message to cleanup.
pub(crate) fn message(
    site: &Site,
    cleanup: &Endpoint,
    timeout: Duration,
    message: Submitted<'_>,
) -> Fate {
    let flags = if message.requeued {
        site.requeued_flags
    } else {
        site.flags
    };
    let submission = match Submission::open(cleanup, flags, timeout) {
        Ok(submission) => submission,
        Err(error) => {
            log::warning(format_args!("{}: {error}", message.path.display()));
            return match error {
                ClientError::Unreachable { .. } => Fate::KeepAll,
                _ => Fate::Keep,
            };
        }
    };
    let (path, uid) = (message.path.display().to_string(), message.uid);
    let modified = plausible(message.modified, submission.queue_id());
    let Submitted {
        file, id, requeued, ..
    } = message;
    let mut copy = Copy {
        site,
        reader: Reader::new(file),
        submission,
        uid,
        requeued,
        modified,
        sender: None,
        has_time: false,
        about_recipient: Vec::new(),
    };
    match copy.all(id) {
        Ok(()) | Err(Stop::Cleanup) => verdict(copy.submission, &path),
        Err(Stop::Bad(why)) => {
            log::warning(format_args!("{path}: uid={uid}: {why}"));
            Fate::Remove
        }
        Err(Stop::Unreadable(error)) => {
            log::warning(format_args!("{path}: {error}"));
            Fate::Keep
        }
    }
}

/// What cleanup says, and what follows from it.
fn verdict(submission: Submission, path: &str) -> Fate {
    let queue_id = submission.queue_id().to_owned();
    let status = match submission.finish() {
        Ok(reply) if reply.status.is_empty() => return Fate::Remove,
        // A reason has been logged by cleanup itself.
        Ok(reply) if !reply.reason.is_empty() => reply.status,
        Ok(reply) => {
            let text = reply.status.text();
            log::warning(format_args!("{path}: error writing {queue_id}: {text}"));
            reply.status
        }
        Err(error) => {
            log::warning(format_args!("{path}: error writing {queue_id}: {error}"));
            return Fate::Keep;
        }
    };
    // A message without recipients was put back after its last one had been served.
    if status.intersects(CleanupStatus::BAD | CleanupStatus::RCPT) {
        Fate::Remove
    } else {
        Fate::Keep
    }
}

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// The time of arrival, unless it lies in the future by more than a wrong time zone can do.
fn plausible(modified: i64, queue_id: &str) -> i64 {
    let now = clock::unix_seconds(SystemTime::now());
    let age = now.saturating_sub(modified);
    if age < -2 * HOUR {
        let ahead = age.saturating_neg();
        log::warning(format_args!(
            "{queue_id}: message dated {ahead} seconds into the future"
        ));
        return now;
    }
    if age > DAY {
        let days = age / DAY;
        log::warning(format_args!(
            "{queue_id}: message has been queued for {days} days"
        ));
    }
    modified
}

/// One message on its way.
struct Copy<'c> {
    site: &'c Site,
    reader: Reader<File>,
    submission: Submission,
    uid: u32,
    requeued: bool,
    modified: i64,
    sender: Option<Vec<u8>>,
    has_time: bool,
    /// Records that belong to the recipient that follows.
    about_recipient: Vec<(RecordType, Vec<u8>)>,
}

impl Copy<'_> {
    fn all(&mut self, id: &QueueId) -> Result<(), Stop> {
        if !self.site.content_filter.is_empty() {
            let filter = self.site.content_filter.as_bytes();
            self.submission.record(RecordType::CONTENT_FILTER, filter)?;
        }
        self.envelope(RecordType::SUBMITTED_ENVELOPE, RecordType::MessageContent)?;
        let Some(sender) = &self.sender else {
            return Err(Stop::Bad("no envelope sender".to_owned()));
        };
        log::info(PickedUp {
            queue_id: self.submission.queue_id(),
            uid: self.uid,
            sender,
            original_id: self.requeued.then_some(id.as_str()),
        });
        self.submission.record(RecordType::MessageContent, b"")?;
        self.received_header()?;
        self.content()?;
        self.submission
            .record(RecordType::ExtractedInformation, b"")?;
        self.envelope(RecordType::SUBMITTED_EXTRACTED, RecordType::End)?;
        self.submission.record(RecordType::End, b"")?;
        Ok(())
    }

    /// Where the message came from, without telling the login name.
    fn received_header(&mut self) -> Result<(), Stop> {
        let Site {
            host, mail_name, ..
        } = self.site;
        let uid = self.uid;
        let line = format!("Received: by {host} ({mail_name}, from userid {uid})");
        self.submission
            .record(RecordType::RegularText, line.as_bytes())?;
        let offset = clock::local_time(self.modified).utc_offset;
        let date = date::format(self.modified, offset, &clock::zone_name(self.modified));
        let line = format!("\tid {}; {date}", self.submission.queue_id());
        self.submission
            .record(RecordType::RegularText, line.as_bytes())?;
        Ok(())
    }

    /// The next record, if this segment may hold it.
    fn next(&mut self, users: &[RecordType]) -> Result<(RecordType, Vec<u8>), Stop> {
        // Pointers are nothing for users.
        let record = if self.requeued {
            self.reader.next_record()?
        } else {
            self.reader.next_raw()?
        };
        let Some(record) = record else {
            return Err(Stop::Bad("file ends without end record".to_owned()));
        };
        let kind = record.kind;
        // The time of arrival is what postdrop writes first.
        let stamp = kind == RecordType::ArrivalTime && users.contains(&RecordType::Sender);
        if !(stamp || users.contains(&kind) || self.requeued && REQUEUED.contains(&kind)) {
            let byte = kind.byte();
            return Err(Stop::Bad(format!(
                "unexpected or malformed record type {byte}"
            )));
        }
        if record.data.len() > self.site.line_length_limit {
            let name = kind.name();
            return Err(Stop::Bad(format!("record of type {name} is too long")));
        }
        Ok((kind, record.data.to_vec()))
    }

    /// Copies the envelope, or what was extracted from the content.
    fn envelope(&mut self, users: &[RecordType], end: RecordType) -> Result<(), Stop> {
        loop {
            let (kind, data) = self.next(users)?;
            if kind == end {
                return Ok(());
            }
            if !submitted::is_one_line(&data) {
                let name = kind.name();
                return Err(Stop::Bad(format!(
                    "line break or NUL in record of type {name}"
                )));
            }
            match kind {
                RecordType::ArrivalTime => self.arrival_time(&data)?,
                // The first one counts, as in cleanup.
                RecordType::Sender if self.sender.is_none() => {
                    self.arrival_time(b"")?;
                    self.submission.record(kind, &data)?;
                    self.sender = Some(data);
                }
                RecordType::Attribute => self.attribute(data)?,
                RecordType::DsnEnvelopeId => {
                    self.attribute([b"envelope_id=", data.as_slice()].concat())?;
                }
                RecordType::DsnReturn => {
                    self.attribute([b"ret_flags=", data.as_slice()].concat())?;
                }
                RecordType::DsnOriginalRecipient => {
                    self.attribute([b"dsn_orig_rcpt=", data.as_slice()].concat())?;
                }
                RecordType::DsnNotify => {
                    self.attribute([b"notify_flags=", data.as_slice()].concat())?;
                }
                RecordType::OriginalRecipient => self.about_recipient.push((kind, data)),
                RecordType::Recipient => {
                    for (kind, data) in std::mem::take(&mut self.about_recipient) {
                        self.submission.record(kind, &data)?;
                    }
                    self.submission.record(kind, &data)?;
                }
                // Served already, with all that was said about it.
                RecordType::DoneRecipient | RecordType::CanceledRecipient => {
                    self.about_recipient.clear();
                }
                RecordType::FullName | RecordType::VerpDelimiters => {
                    self.submission.record(kind, &data)?;
                }
                // Sizes, times, filters and results of earlier processing are made anew.
                _ => {}
            }
            if self.about_recipient.len() > ABOUT_RECIPIENT_LIMIT {
                return Err(Stop::Bad("too many records about one recipient".to_owned()));
            }
        }
    }

    /// Sends the time of arrival, once: as postdrop wrote it with its fraction of a second, or,
    /// where that cannot be, as the file system says.
    fn arrival_time(&mut self, written: &[u8]) -> Result<(), Stop> {
        if std::mem::replace(&mut self.has_time, true) {
            return Ok(());
        }
        let written = std::str::from_utf8(written).unwrap_or_default();
        let (seconds, fraction) = written.split_once(' ').unwrap_or((written, "0"));
        let time = seconds
            .parse::<i64>()
            .ok()
            .zip(fraction.parse::<u32>().ok());
        let believed = time.filter(|(seconds, fraction)| {
            // A message that was put back may be old; a new one is as old as its file.
            let age = self.modified.saturating_sub(*seconds);
            *fraction < 1_000_000 && age >= 0 && (self.requeued || age < DAY)
        });
        let (seconds, fraction) = believed.unwrap_or((self.modified, 0));
        let time = format!("{seconds} {fraction}");
        self.submission
            .record(RecordType::ArrivalTime, time.as_bytes())?;
        Ok(())
    }

    /// Passes an attribute on, or keeps it for the recipient that it is about.
    fn attribute(&mut self, data: Vec<u8>) -> Result<(), Stop> {
        let name = match submitted::attribute(&data) {
            Ok((name, _)) => name,
            Err(_) if self.requeued => match data.iter().position(|byte| *byte == b'=') {
                Some(at) => std::str::from_utf8(data.get(..at).unwrap_or_default()).unwrap_or(""),
                None => "",
            },
            Err(why) => {
                let text = String::from_utf8_lossy(&data);
                let text: String = text.chars().take(200).collect();
                log::warning(format_args!("uid={}: {why}: {text}", self.uid));
                return Ok(());
            }
        };
        match name {
            "notify_flags" | "dsn_orig_rcpt" => {
                self.about_recipient.push((RecordType::Attribute, data));
            }
            // Age is counted anew.
            "" | "create_time" => {}
            _ => self.submission.record(RecordType::Attribute, &data)?,
        }
        Ok(())
    }

    fn content(&mut self) -> Result<(), Stop> {
        loop {
            let (kind, data) = self.next(RecordType::SUBMITTED_CONTENT)?;
            if kind == RecordType::ExtractedInformation {
                return Ok(());
            }
            if !matches!(kind, RecordType::RegularText | RecordType::ContinuedText) {
                let byte = kind.byte();
                return Err(Stop::Bad(format!(
                    "unexpected or malformed record type {byte}"
                )));
            }
            self.submission.record(kind, &data)?;
        }
    }
}

/// More than one recipient needs.
const ABOUT_RECIPIENT_LIMIT: usize = 8;

/// What else a file holds that postsuper put back.
const REQUEUED: &[RecordType] = &[
    RecordType::ArrivalTime,
    RecordType::CreateTime,
    RecordType::Inspector,
    RecordType::CONTENT_FILTER,
    RecordType::DoneRecipient,
    RecordType::CanceledRecipient,
    RecordType::OriginalRecipient,
    RecordType::WarningTime,
    RecordType::Killed,
    RecordType::Redirect,
    RecordType::CleanupFlags,
    RecordType::Delay,
    RecordType::MilterCount,
    RecordType::ReturnReceipt,
    RecordType::ErrorsTo,
    RecordType::Priority,
    RecordType::DsnReturn,
    RecordType::DsnOriginalRecipient,
    RecordType::DsnNotify,
    RecordType::DsnEnvelopeId,
];
