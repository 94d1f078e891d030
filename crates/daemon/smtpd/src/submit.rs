// SPDX-License-Identifier: MIT OR Apache-2.0
//! The message on its way to the queue: opened with its first recipient, finished after its
//! content.
//!
//! *Invariants*: finishing takes the transaction out of the session, whatever comes of it; `250`
//! is said only after cleanup said that the message is safe.
//!
//! *Postfix:* mail_open_stream and the end of data of smtpd(8).

use bstr::ByteSlice;
use ipc::flags::{CleanupFlags, CleanupStatus};
use ipc::record::RecordType;
use ipc::services::cleanup::Reply;
use mail::header::date;
use mail::text::printable;
use runtime::event::smtpd::Origin;
use runtime::log;

use crate::chat::Lost;
use crate::envelope::{Head, LoggedOrigin};
use crate::login;
use crate::received::{Received, with};
use crate::restrictions::Refusal;
use crate::session::{Handled, Outcome, Session, Subject};
use crate::submission::Submission;
use crate::transaction::{Actions, MailState};

impl Session<'_> {
    /// Begins the message at cleanup, if that was not done yet. An error is the reply.
    pub(crate) fn open_submission(&mut self) -> Result<(), String> {
        let is_open = |state: &MailState| {
            state
                .transaction()
                .is_none_or(|transaction| transaction.submission.is_some())
        };
        if is_open(&self.mail) {
            return Ok(());
        }
        let rewrite_context = self.rewrite_context()?;
        let smtputf8 = self
            .mail
            .transaction()
            .is_some_and(|open| open.sender.smtputf8);
        let opened = if self.site.stand_alone {
            let directory = &self.site.params.command_directory;
            Submission::to_postdrop(directory, self.jail.ipc_timeout())
        } else {
            let endpoint = self.jail.public(&self.site.params.cleanup_service_name);
            let flags = self.site.cleanup_flags(smtputf8);
            Submission::to_cleanup(&endpoint, flags, self.jail.ipc_timeout())
                .map_err(|error| error.to_string())
        };
        let mut submission = opened.map_err(|error| {
            log::warning(error);
            "451 4.3.0 Error: queue file write error".to_owned()
        })?;
        let Some(transaction) = self.mail.transaction() else {
            return Ok(());
        };
        let queue_id = submission.queue_id().to_owned();
        let head = Head {
            arrival: transaction.arrival,
            content_filter: &self.site.params.content_filter,
            sender: &transaction.sender,
            logged: LoggedOrigin {
                ident: self.forwarded.ident.as_deref().unwrap_or(&queue_id),
                rewrite_context,
                ..self.logged_origin()
            },
            peer: &self.peer,
            helo: self.helo.as_deref(),
            protocol: self.protocol(),
            login: self.login.as_ref(),
        };
        if self.site.stand_alone {
            head.write_submitted(&mut submission);
        } else {
            head.write(&mut submission);
        }
        log::info(Origin {
            queue_id: &queue_id,
            client: &self.client,
            login: login::event(
                self.login.as_ref(),
                transaction.sender.vouched_by.as_deref(),
            ),
            original_queue_id: self.forwarded.ident.as_deref(),
            original_client: self.forwarded.client().as_ref(),
        });
        if let Some(transaction) = self.mail.transaction_mut() {
            transaction.submission = Some(submission);
        }
        Ok(())
    }

    /// Whether addresses in headers are completed as those of our own users. An error is the
    /// reply.
    fn rewrite_context(&mut self) -> Result<&'static str, String> {
        if let Some(context) = self.forwarded.rewrite_context {
            return Ok(context);
        }
        if self.site.stand_alone {
            return Ok("local");
        }
        let checked = self.evaluate(Subject::default(), |evaluator| {
            evaluator.is_rewritten_locally()
        });
        match checked {
            Ok(true) => Ok("local"),
            Ok(false) => Ok("remote"),
            Err(Refusal::Reply(reply)) => Err(reply),
            Err(Refusal::HangUp) => Err("421 4.3.0 Service not available".to_owned()),
        }
    }

    /// What the log of later programs says about the origin.
    fn logged_origin(&self) -> LoggedOrigin<'_> {
        let forwarded = &self.forwarded;
        // XFORWARD says all, or nothing.
        if forwarded.is_active() {
            return LoggedOrigin {
                ident: "",
                name: forwarded.name.as_deref().unwrap_or("unknown"),
                address: forwarded.address.as_deref().unwrap_or("unknown"),
                port: forwarded.port.as_deref().unwrap_or("unknown"),
                helo: forwarded.helo.as_deref(),
                protocol: forwarded.protocol.as_deref().unwrap_or(self.protocol()),
                rewrite_context: "",
            };
        }
        LoggedOrigin {
            ident: "",
            name: &self.peer.name,
            address: &self.peer.address,
            port: &self.peer.port,
            helo: self.helo.as_deref(),
            protocol: self.protocol(),
            rewrite_context: "",
        }
    }

    /// Begins the content segment: headers of access tables, then our own `Received:`.
    pub(crate) fn begin_content(&mut self) {
        let declared = self.mail.transaction();
        let protocol = with(
            self.protocol(),
            declared.is_some_and(|transaction| transaction.sender.smtputf8),
            self.tls.is_some(),
            self.login.is_some(),
        );
        let tells_tls = self.site.params.smtpd_tls_received_header;
        let summary = self.tls.as_ref().filter(|_| tells_tls);
        let asked = self.site.tls.settings.ask;
        let tls = summary.map_or(Vec::new(), |summary| summary.received(asked));
        let hide_client = self.site.params.smtpd_hide_client_session;
        let client_address = self.peer.tagged_address().to_string();
        let login = self.login.as_ref().map(|login| login.user.as_str());
        let (params, peer, helo) = (&self.site.params, &self.peer, self.helo.as_deref());
        let Some(transaction) = self.mail.transaction_mut() else {
            return;
        };
        let seconds = sys::clock::unix_seconds(transaction.arrival);
        let offset = sys::clock::local_time(seconds).utc_offset;
        let date = date::format(seconds, offset, &sys::clock::zone_name(seconds));
        let Some(submission) = &mut transaction.submission else {
            return;
        };
        let recipient = transaction.first_recipient.as_deref();
        let queue_id = submission.queue_id().to_owned();
        let received = Received {
            helo: helo.unwrap_or(&peer.name),
            client_name: &peer.name,
            client_address: &client_address,
            myhostname: &params.myhostname,
            mail_name: &params.mail_name,
            tls: &tls,
            protocol: &protocol,
            login: login.filter(|_| params.smtpd_sasl_authenticated_header),
            queue_id: &queue_id,
            recipient: recipient.filter(|_| transaction.recipients == 1),
            date: &date,
            hide_client,
        };
        submission.record(RecordType::MessageContent, b"");
        for header in transaction.actions.prepend.drain(..) {
            submission.record(RecordType::RegularText, &header);
        }
        for line in received.lines() {
            submission.record(RecordType::RegularText, &line);
        }
    }

    /// The end of the content: the last checks, the verdict of cleanup, and the reply.
    /// `chunked` is the size of what came by BDAT.
    pub(crate) fn end_content(
        &mut self,
        status: CleanupStatus,
        has_bare_newline: bool,
        chunked: Option<u64>,
    ) -> Outcome {
        self.state = "END-OF-MESSAGE";
        if has_bare_newline && self.chat.bare_newlines == mail::line::BareNewline::Reject {
            let reply = self.bare_newline_reply();
            self.log_decision("reject", &reply);
            self.mail = MailState::Idle;
            return self.refuse(reply);
        }
        let mut refusal: Option<Refusal> = None;
        if status.is_empty() && !self.site.stand_alone {
            refusal = self
                .evaluate(Subject::default(), |evaluator| evaluator.end_of_data())
                .err();
        }
        let state = std::mem::replace(&mut self.mail, MailState::Idle);
        let MailState::Open(transaction) = state else {
            return self.refuse("503 5.5.1 Error: need RCPT command");
        };
        if let Some(refusal) = refusal {
            return self.refuse_by(refusal);
        }
        let Some(mut submission) = transaction.submission else {
            return self.refuse("503 5.5.1 Error: need RCPT command");
        };
        if !status.is_empty() {
            if status.contains(CleanupStatus::SIZE) {
                let queue_id = submission.queue_id();
                log::warning(format_args!("{queue_id}: queue file size limit exceeded"));
            }
            drop(submission);
            return self.say_verdict(&Reply {
                status,
                reason: Vec::new(),
            });
        }
        let queue_id = submission.queue_id().to_owned();
        submission.record(RecordType::ExtractedInformation, b"");
        if !self.site.stand_alone {
            write_actions(&mut submission, &transaction.actions);
        }
        submission.record(RecordType::End, b"");
        let reply = submission.finish();
        if !reply.status.is_empty() || is_smtp_reply(&reply.reason) {
            return self.say_verdict(&reply);
        }
        self.chat.errors = 0;
        self.chat.junk = 0;
        match chunked {
            Some(bytes) => self.accept(format_args!(
                "250 2.0.0 Ok: {bytes} bytes queued as {queue_id}"
            )),
            None => self.accept(format_args!("250 2.0.0 Ok: queued as {queue_id}")),
        }
    }

    /// Says why a message was not accepted: the gravest reason.
    fn say_verdict(&mut self, verdict: &Reply) -> Outcome {
        if is_smtp_reply(&verdict.reason) {
            self.chat.say_foreign(&verdict.reason)?;
            return Ok(Handled::Refused);
        }
        let detail = verdict.status.detail();
        let reason = printable(&verdict.reason, b' ');
        let (code, dsn, text) = (detail.reply, detail.dsn, detail.text);
        let has_reason = CleanupStatus::DEFER | CleanupStatus::CONT;
        if detail.status.intersects(has_reason) && !reason.is_empty() {
            return self.refuse(format_args!("{code} {}", reason.as_bstr()));
        }
        if detail.status == CleanupStatus::BAD {
            let number = verdict.status.bits();
            return self.refuse(format_args!("{code} {dsn} Error: internal error {number}"));
        }
        self.refuse(format_args!("{code} {dsn} Error: {text}"))
    }

    /// Throws content away that follows a refused command, up to `bytes`.
    pub(crate) fn discard_content(&mut self, mut bytes: u64) -> Result<(), Lost> {
        let mut clock = self.chat.start_content();
        while bytes > 0 {
            let available = self.chat.content()?.len();
            let wanted = usize::try_from(bytes).unwrap_or(usize::MAX).min(available);
            self.chat.consume(wanted, &mut clock);
            bytes = bytes.saturating_sub(u64::try_from(wanted).unwrap_or(u64::MAX));
        }
        Ok(())
    }
}

/// What access tables want done, after the content.
fn write_actions(submission: &mut Submission, actions: &Actions) {
    if let Some(filter) = &actions.filter {
        submission.record(RecordType::CONTENT_FILTER, filter);
    }
    if let Some(redirect) = &actions.redirect {
        submission.record(RecordType::Redirect, redirect);
    }
    for address in &actions.bcc {
        submission.attribute("notify_flags", "1");
        submission.attribute("dsn_orig_rcpt", [b"rfc822;", address.as_slice()].concat());
        submission.record(RecordType::Recipient, address);
    }
    let mut flags = CleanupFlags::empty();
    flags.set(CleanupFlags::HOLD, actions.hold);
    flags.set(CleanupFlags::DISCARD, actions.discard);
    if !flags.is_empty() {
        submission.record(
            RecordType::CleanupFlags,
            flags.bits().to_string().as_bytes(),
        );
    }
}

/// Whether a text is a complete refusal in SMTP terms.
fn is_smtp_reply(text: &[u8]) -> bool {
    match text.split_at_checked(3) {
        Some((code, rest)) => {
            matches!(code.first(), Some(b'4' | b'5'))
                && code.iter().all(u8::is_ascii_digit)
                && matches!(rest.first(), None | Some(b' ' | b'-'))
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complete_replies_are_told_from_reasons() {
        assert!(is_smtp_reply(b"550 5.7.1 no") && is_smtp_reply(b"421-x") && is_smtp_reply(b"450"));
        assert!(!is_smtp_reply(b"5.7.1 no") && !is_smtp_reply(b"250 Ok") && !is_smtp_reply(b"55"));
    }
}
