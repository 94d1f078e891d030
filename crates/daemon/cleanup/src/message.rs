// SPDX-License-Identifier: MIT OR Apache-2.0
//! One message on its way into the queue: what is known about it, and what went wrong so far.
//!
//! *Invariants:* trouble is never forgotten: a status bit, once set, stays until the message is
//! bounced or refused. Nothing here grows with the content of the message.

use ipc::flags::{CleanupFlags, CleanupStatus};
use ipc::services::rewrite::Rule;
use mail::dsn::{Notify, Ret};

use crate::duplicates::Duplicates;
use crate::output::Output;
use crate::site::Site;
use crate::stages::content::Content;

/// Most automatic copies that checks may ask for.
const EXTRA_COPIES_LIMIT: usize = 1000;

/// Which part of the message comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Sender, recipients, attributes.
    Envelope,
    /// Headers and body.
    Content,
    /// What is known only after the content.
    Extracted,
    /// The end record was seen.
    Finished,
}

/// The records that come before a recipient and belong to it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pending {
    pub(crate) original: Vec<u8>,
    pub(crate) dsn_orcpt: Vec<u8>,
    pub(crate) notify: Notify,
}

/// Who handed the message in, for log lines.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origin {
    pub(crate) log_message_origin: Vec<u8>,
    pub(crate) log_protocol_name: Vec<u8>,
    pub(crate) log_helo_name: Vec<u8>,
    pub(crate) sasl_method: Vec<u8>,
    pub(crate) sasl_username: Vec<u8>,
    pub(crate) sasl_sender: Vec<u8>,
}

/// The state of one message.
pub(crate) struct Message {
    pub(crate) flags: CleanupFlags,
    pub(crate) status: CleanupStatus,
    pub(crate) reason: Vec<u8>,
    pub(crate) stage: Stage,
    pub(crate) output: Output,
    pub(crate) arrival: Option<(u64, u32)>,
    pub(crate) sender: Option<Vec<u8>>,
    pub(crate) last_recipient: Vec<u8>,
    pub(crate) full_name: Vec<u8>,
    pub(crate) encoding: Vec<u8>,
    /// How header addresses are completed; `None` leaves headers alone.
    pub(crate) header_context: Option<Rule>,
    pub(crate) envelope_id: Vec<u8>,
    pub(crate) ret: Ret,
    pub(crate) origin: Origin,
    pub(crate) pending: Pending,
    pub(crate) warning_written: bool,
    pub(crate) recipient_in_segment: bool,
    /// Whether the client named a recipient; automatic copies alone make no message.
    pub(crate) has_recipient: bool,
    pub(crate) recipients: u64,
    pub(crate) queue_manager_flags: u32,
    pub(crate) send_options: u32,
    pub(crate) duplicates: Duplicates,
    pub(crate) trace_written: bool,
    pub(crate) content_filter: Vec<u8>,
    pub(crate) redirect: Vec<u8>,
    pub(crate) extra_copies: Vec<Vec<u8>>,
    pub(crate) content: Content,
}

/// A message together with the site that processes it.
pub(crate) struct Processing<'s> {
    pub(crate) site: &'s mut Site,
    pub(crate) message: Message,
}

impl Message {
    /// A message about which nothing is known but how it is to be treated.
    pub(crate) fn new(site: &Site, output: Output, flags: CleanupFlags) -> Message {
        let limit = site.duplicate_limit();
        Message {
            flags,
            status: CleanupStatus::empty(),
            reason: Vec::new(),
            stage: Stage::Envelope,
            output,
            arrival: None,
            sender: None,
            last_recipient: Vec::new(),
            full_name: Vec::new(),
            encoding: Vec::new(),
            header_context: Some(Rule::Local),
            envelope_id: Vec::new(),
            ret: Ret::empty(),
            origin: Origin::default(),
            pending: Pending::default(),
            warning_written: false,
            recipient_in_segment: false,
            has_recipient: false,
            recipients: 0,
            queue_manager_flags: 0,
            send_options: 0,
            duplicates: Duplicates::new(limit),
            trace_written: false,
            content_filter: Vec::new(),
            redirect: Vec::new(),
            extra_copies: Vec::new(),
            content: Content::default(),
        }
    }

    /// Whether writing goes on. A message that cleanup itself will bounce is written to the end
    /// unless it cannot be complete.
    pub(crate) fn is_wanted(&self) -> bool {
        let fatal = if self.flags.contains(CleanupFlags::BOUNCE) {
            CleanupStatus::INCOMPLETE
        } else {
            CleanupStatus::all()
        };
        !self.status.intersects(fatal) && !self.flags.contains(CleanupFlags::DISCARD)
    }

    /// The queue id, for log lines.
    pub(crate) fn id(&self) -> &str {
        self.output.id()
    }

    /// Notes trouble and a reason that the client may pass on; the first reason stays.
    pub(crate) fn trouble(&mut self, status: CleanupStatus, reason: &str) {
        self.status |= status;
        if self.reason.is_empty() {
            self.reason = reason.as_bytes().to_vec();
        }
    }

    /// Adds an automatic copy that header or body checks asked for; at most
    /// [`EXTRA_COPIES_LIMIT`], each once.
    pub(crate) fn add_extra_copy(&mut self, address: Vec<u8>) {
        if self.extra_copies.len() < EXTRA_COPIES_LIMIT && !self.extra_copies.contains(&address) {
            self.extra_copies.push(address);
        }
    }

    /// Refuses the message because the client broke the protocol.
    pub(crate) fn reject_protocol(&mut self, what: impl std::fmt::Display) {
        runtime::log::warning(format_args!("{}: message rejected: {what}", self.id()));
        self.status |= CleanupStatus::BAD;
    }

    /// Writes one record; trouble is noted.
    pub(crate) fn put(&mut self, kind: ipc::record::RecordType, data: &[u8]) {
        if self.is_wanted() {
            self.status |= self.output.put(kind, data);
        }
    }

    /// Writes one attribute.
    pub(crate) fn put_attribute(&mut self, name: &str, value: impl AsRef<[u8]>) {
        let data = [name.as_bytes(), b"=", value.as_ref()].concat();
        self.put(ipc::record::RecordType::Attribute, &data);
    }
}
