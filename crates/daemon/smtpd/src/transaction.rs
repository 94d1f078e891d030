// SPDX-License-Identifier: MIT OR Apache-2.0
//! One mail transaction: everything between MAIL and the end of its data.
//!
//! *Invariants*: a transaction is a value. It is moved out of the session when its content is
//! complete, and dropped when it is reset, so there is no state that a reset could forget.
//! Dropping it withdraws what cleanup has of the message.

use std::time::SystemTime;

use mail::dsn::Ret;
use mail::mime::Encoding;

use crate::content::Chunks;
use crate::submission::Submission;

/// What access tables want done with the message.
#[derive(Debug, Default)]
pub(crate) struct Actions {
    /// HOLD.
    pub(crate) hold: bool,
    /// DISCARD: nothing is evaluated after it.
    pub(crate) discard: bool,
    /// FILTER transport:destination; the last one counts.
    pub(crate) filter: Option<Vec<u8>>,
    /// REDIRECT address; the last one counts.
    pub(crate) redirect: Option<Vec<u8>>,
    /// BCC addresses.
    pub(crate) bcc: Vec<Vec<u8>>,
    /// PREPEND headers.
    pub(crate) prepend: Vec<Vec<u8>>,
}

/// What MAIL FROM said.
#[derive(Debug)]
pub(crate) struct Sender {
    /// The address, internal form; empty for the null sender.
    pub(crate) address: Vec<u8>,
    /// BODY=.
    pub(crate) encoding: Option<Encoding>,
    /// SMTPUTF8.
    pub(crate) smtputf8: bool,
    /// SIZE=; 0 when not given.
    pub(crate) declared_size: u64,
    /// RET=.
    pub(crate) ret: Ret,
    /// ENVID=, decoded.
    pub(crate) envelope_id: Option<Vec<u8>>,
    /// XVERP.
    pub(crate) verp_delimiters: Option<Vec<u8>>,
    /// AUTH=, as it came: who vouches for the sender.
    pub(crate) vouched_by: Option<String>,
}

/// A mail transaction.
pub(crate) struct Transaction {
    /// What MAIL FROM said.
    pub(crate) sender: Sender,
    /// When it began.
    pub(crate) arrival: SystemTime,
    /// Tells it from all others on this host; policy servers see it.
    pub(crate) instance: String,
    /// The message at cleanup; made for the first accepted recipient.
    pub(crate) submission: Option<Submission>,
    /// How many recipients were accepted.
    pub(crate) recipients: usize,
    /// How many were refused because there are too many.
    pub(crate) overshoot: usize,
    /// The first accepted recipient, internal form.
    pub(crate) first_recipient: Option<Vec<u8>>,
    /// What access tables want.
    pub(crate) actions: Actions,
    /// The content so far, when it comes in BDAT chunks.
    pub(crate) chunks: Option<Chunks>,
}

impl Transaction {
    /// A transaction without recipients.
    pub(crate) fn new(sender: Sender, arrival: SystemTime) -> Transaction {
        Transaction {
            sender,
            arrival,
            instance: String::new(),
            submission: None,
            recipients: 0,
            overshoot: 0,
            first_recipient: None,
            actions: Actions::default(),
            chunks: None,
        }
    }

    /// Gives it a name by which it is known from now on; `number` counts those of the session.
    pub(crate) fn name_instance(&mut self, number: u32) {
        let since = self.arrival.duration_since(SystemTime::UNIX_EPOCH);
        let since = since.unwrap_or_default();
        let (seconds, fraction) = (since.as_secs(), since.subsec_micros());
        let process = std::process::id();
        self.instance = format!("{process:x}.{seconds:x}.{fraction:x}.{number:x}");
    }

    /// The queue id, once there is one.
    pub(crate) fn queue_id(&self) -> Option<&str> {
        self.submission.as_ref().map(Submission::queue_id)
    }
}

/// Where a session stands between greeting and QUIT.
pub(crate) enum MailState {
    /// No transaction.
    Idle,
    /// After MAIL.
    Open(Box<Transaction>),
    /// A BDAT chunk was refused: more chunks are thrown away until the last one or RSET.
    DiscardingChunks {
        /// Bytes thrown away so far.
        discarded: u64,
    },
}

impl MailState {
    /// The transaction, if there is one.
    pub(crate) fn transaction(&self) -> Option<&Transaction> {
        match self {
            MailState::Open(transaction) => Some(transaction),
            MailState::Idle | MailState::DiscardingChunks { .. } => None,
        }
    }

    /// The same, for changing.
    pub(crate) fn transaction_mut(&mut self) -> Option<&mut Transaction> {
        match self {
            MailState::Open(transaction) => Some(transaction),
            MailState::Idle | MailState::DiscardingChunks { .. } => None,
        }
    }
}
