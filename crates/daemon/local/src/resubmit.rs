// SPDX-License-Identifier: MIT OR Apache-2.0
//! Messages to be forwarded: copies with recipients and a sender of their own, through cleanup.
//!
//! There is one copy for each pair of `Delivered-To:` address and sender. Recipients are sent to
//! cleanup while the expansion goes on; the content follows when all of it went well, otherwise
//! the copies are withdrawn.
//!
//! *Invariants:* a recipient is not done before cleanup has accepted all its copies.
//!
//! *Postfix:* `local/forward`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use delivery::Verdict;
use delivery::content::ContentError;
use ipc::client::ClientError;
use ipc::flags::{CleanupFlags, SendOptions};
use ipc::record::RecordType;
use ipc::services::cleanup::Submission;
use mail::address::quote_822_local;
use mail::dsn::{Action, Dsn, Status};
use mail::header::date;
use runtime::log;
use sys::clock;

use crate::run::Run;
use crate::step::Step;

/// The copies of one message.
#[derive(Default)]
pub(crate) struct Forwards(Vec<Copy>);

struct Copy {
    delivered: Vec<u8>,
    sender: Vec<u8>,
    submission: Submission,
    started: SystemTime,
}

/// Why a copy is not complete.
enum Stop {
    Content(ContentError),
    /// Cleanup does not listen any more; it may still say why.
    Write,
}

impl Run<'_> {
    /// Adds the current address to the copy that it belongs to.
    pub(crate) fn add_to_forward(&mut self, step: &Step) -> Result<(), ClientError> {
        let delivered = step.delivered_to();
        let known = self
            .forwards
            .0
            .iter()
            .position(|copy| copy.delivered == delivered && copy.sender == step.sender);
        let index = match known {
            Some(index) => index,
            None => {
                let copy = self.open_copy(step)?;
                self.forwards.0.push(copy);
                self.forwards.0.len() - 1
            }
        };
        let Some(copy) = self.forwards.0.get_mut(index) else {
            return Ok(());
        };
        let recipient = &step.recipient;
        let submission = &mut copy.submission;
        let mut send = || {
            if !recipient.dsn_orcpt.is_empty() {
                submission.attribute("dsn_orig_rcpt", &recipient.dsn_orcpt)?;
            }
            if !recipient.notify.is_empty() {
                submission.attribute("notify_flags", recipient.notify.bits().to_string())?;
            }
            if !recipient.original.is_empty() {
                submission.record(RecordType::OriginalRecipient, &recipient.original)?;
            }
            submission.record(RecordType::Recipient, &recipient.address)
        };
        // Trouble with the connection shows again, and is reported, when the copy is finished.
        if let Err(error) = send() {
            log::verbose(format_args!("cleanup: {error}"));
        }
        Ok(())
    }

    fn open_copy(&self, step: &Step) -> Result<Copy, ClientError> {
        let request = &self.message.request;
        let mut flags = self.agent.cleanup_flags;
        if request.sendopts.contains(SendOptions::SMTPUTF8_REQUESTED) {
            flags |= CleanupFlags::SMTPUTF8;
        }
        if request.sendopts.contains(SendOptions::REQUIRETLS_HEADER) {
            flags |= CleanupFlags::REQUIRETLS;
        }
        let timeout = self.agent.ipc_timeout();
        let mut submission = Submission::open(&self.agent.cleanup, flags, timeout)?;
        let started = SystemTime::now();
        let since = started.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        let time = format!("{} {}", since.as_secs(), since.subsec_micros());
        let client = &request.client;
        let ret = step.ret.bits().to_string();
        let ret: &[u8] = if step.ret.is_empty() {
            b""
        } else {
            ret.as_bytes()
        };
        let attributes: [(&str, &[u8]); 11] = [
            ("ret_flags", ret),
            ("envelope_id", &step.envelope_id),
            ("log_client_name", &client.name),
            ("log_client_address", &client.address),
            ("log_protocol_name", &client.protocol),
            ("log_helo_name", &client.helo),
            ("sasl_method", &client.sasl_method),
            ("sasl_username", &client.sasl_username),
            ("sasl_sender", &client.sasl_sender),
            ("log_ident", &request.log_ident),
            ("rewrite_context", &request.rewrite_context),
        ];
        let mut send = || {
            submission.record(RecordType::ArrivalTime, time.as_bytes())?;
            submission.record(RecordType::Sender, &step.sender)?;
            attributes
                .iter()
                .filter(|(_, value)| !value.is_empty())
                .try_for_each(|(name, value)| submission.attribute(name, value))
        };
        if let Err(error) = send() {
            log::verbose(format_args!("cleanup: {error}"));
        }
        Ok(Copy {
            delivered: step.delivered_to().to_vec(),
            sender: step.sender.clone(),
            submission,
            started,
        })
    }

    /// Sends the copies on their way, if everything else went well.
    pub(crate) fn finish_forwarding(&mut self, step: &Step, so_far: Verdict) -> Verdict {
        let mut verdict = Verdict::Done;
        for copy in std::mem::take(&mut self.forwards.0) {
            if so_far | verdict == Verdict::Done {
                verdict |= self.finish_copy(step, copy);
            }
        }
        verdict
    }

    fn finish_copy(&mut self, step: &Step, mut copy: Copy) -> Verdict {
        let queue_id = copy.submission.queue_id().to_owned();
        if let Err(Stop::Content(error)) = self.send_content(&mut copy) {
            // Dropping the submission withdraws the copy.
            log::warning(format_args!("{}: {error}", self.message.queue_id()));
            return Verdict::Retry;
        }
        match copy.submission.finish() {
            Ok(reply) if reply.status.is_empty() => {
                let text = format!("forwarded as {queue_id}");
                let mut dsn = Dsn::simple(Status::new(2, 0, 0), text);
                dsn.action = Some(Action::Relayed);
                let mut step = step.clone();
                // The expansion has been reported.
                step.drop_notify_success();
                self.report(&step, dsn)
            }
            Ok(reply) => {
                log::warning(format_args!(
                    "{}: error forwarding as {queue_id}: {}",
                    self.message.queue_id(),
                    reply.status.text()
                ));
                self.say(step, (4, 3, 0), "unable to forward message")
            }
            Err(error) => {
                log::warning(error);
                self.say(step, (4, 3, 0), "unable to forward message")
            }
        }
    }

    fn send_content(&self, copy: &mut Copy) -> Result<(), Stop> {
        let written = |result: std::io::Result<()>| result.map_err(|_| Stop::Write);
        let params = &self.agent.params;
        let seconds = clock::unix_seconds(copy.started);
        let offset = clock::local_time(seconds).utc_offset;
        let date = date::format(seconds, offset, &clock::zone_name(seconds));
        let received = format!("Received: by {} ({})", params.myhostname, params.mail_name);
        let id = format!("\tid {}; {date}", copy.submission.queue_id());
        let submission = &mut copy.submission;
        written(submission.record(RecordType::MessageContent, b""))?;
        written(submission.record(RecordType::RegularText, received.as_bytes()))?;
        written(submission.record(RecordType::RegularText, id.as_bytes()))?;
        if self.agent.delivered_header.forward {
            let address = quote_822_local(&copy.delivered.to_ascii_lowercase());
            let header = [b"Delivered-To: ", &address[..]].concat();
            written(submission.record(RecordType::RegularText, &header))?;
        }
        let mut content = self.message.content();
        while let Some(piece) = content.next().map_err(Stop::Content)? {
            let kind = if piece.continued {
                RecordType::ContinuedText
            } else {
                RecordType::RegularText
            };
            written(submission.record(kind, piece.text))?;
        }
        written(submission.record(RecordType::ExtractedInformation, b""))?;
        written(submission.record(RecordType::End, b""))
    }
}
