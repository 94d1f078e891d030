// SPDX-License-Identifier: MIT OR Apache-2.0
//! A message that this system writes itself, handed to cleanup line by line.
//!
//! *Errors:* the message counts as sent only after cleanup accepted it.
//!
//! *Postfix:* global/post_mail(3).

use std::time::{SystemTime, UNIX_EPOCH};

use ipc::client::Endpoint;
use ipc::flags::CleanupFlags;
use ipc::record::RecordType;
use ipc::services::cleanup::Submission;
use mail::address::quote_822_local;

use crate::site::Site;

/// A message on its way.
pub(crate) struct Letter {
    submission: Submission,
    failed: bool,
}

/// Who writes to whom.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Address<'a> {
    /// Envelope sender, internal form.
    pub(crate) sender: &'a [u8],
    /// Recipient, internal form.
    pub(crate) recipient: &'a [u8],
}

impl Letter {
    /// Begins a message, up to its Received: and Date: headers.
    pub(crate) fn begin(
        site: &Site,
        address: Address<'_>,
        flags: CleanupFlags,
    ) -> Result<Letter, String> {
        let endpoint: &Endpoint = &site.cleanup;
        let submission = Submission::open(endpoint, flags, site.params.ipc_timeout)
            .map_err(|error| error.to_string())?;
        let mut letter = Letter {
            submission,
            failed: false,
        };
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let time = format!("{} {}", now.as_secs(), now.subsec_micros());
        letter.record(RecordType::ArrivalTime, time.as_bytes());
        letter.record(RecordType::Attribute, b"log_message_origin=local");
        letter.record(RecordType::Attribute, b"trace_flags=0");
        letter.record(RecordType::Sender, address.sender);
        letter.record(RecordType::Recipient, address.recipient);
        letter.record(RecordType::MessageContent, b"");
        let date = local_date(now.as_secs());
        let (host, name) = (&site.params.myhostname, &site.params.mail_name);
        letter.line(format!("Received: by {host} ({name})"));
        let id = letter.id().to_owned();
        letter.line(format!("\tid {id}; {date}"));
        letter.line(format!("Date: {date}"));
        Ok(letter)
    }

    /// The queue id of the message.
    pub(crate) fn id(&self) -> &str {
        self.submission.queue_id()
    }

    /// Writes a To: header.
    pub(crate) fn to(&mut self, recipient: &[u8]) {
        let recipient = quote_822_local(recipient);
        self.line([b"To: ", recipient.as_slice()].concat());
    }

    /// Writes one line.
    pub(crate) fn line(&mut self, text: impl AsRef<[u8]>) {
        self.record(RecordType::RegularText, text.as_ref());
    }

    /// Writes one record.
    pub(crate) fn record(&mut self, kind: RecordType, data: &[u8]) {
        // What cleanup says at the end tells why it hung up.
        self.failed = self.failed || self.submission.record(kind, data).is_err();
    }

    /// Whether cleanup still listens.
    pub(crate) fn is_heard(&self) -> bool {
        !self.failed
    }

    /// Ends the message. The error says why it was not accepted.
    pub(crate) fn send(mut self) -> Result<(), String> {
        self.record(RecordType::ExtractedInformation, b"");
        self.record(RecordType::End, b"");
        let reply = self
            .submission
            .finish()
            .map_err(|error| error.to_string())?;
        if reply.status.is_empty() {
            return Ok(());
        }
        if reply.reason.is_empty() {
            return Err(reply.status.text().to_owned());
        }
        Err(String::from_utf8_lossy(&reply.reason).into_owned())
    }
}

/// A date in the local time zone, as in headers.
pub(crate) fn local_date(seconds: u64) -> String {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    let offset = sys::clock::local_time(seconds).utc_offset;
    mail::header::date::format(seconds, offset, &sys::clock::zone_name(seconds))
}
