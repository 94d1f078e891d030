// SPDX-License-Identifier: MIT OR Apache-2.0
//! What became of a recipient: the log line, the record for the sender, the mark in the file.
//!
//! A [`Reporter`] turns an outcome into all its consequences, in the order that loses nothing:
//! first the record with the bounce, defer or trace service, then the log line. The caller
//! marks the recipient as done only on [`Verdict::Done`].
//!
//! *Invariants*: a permanent failure that cannot be recorded becomes a temporary one; a
//! temporary one that cannot be recorded leaves the recipient in the queue file, which is why
//! no recipient is ever lost here. Probes (`sendmail -bv`, address verification) are recorded
//! and never bounce.
//!
//! *Postfix:* sent(3), bounce(3), defer(3), trace(3), verify(3), log_adhoc(3).

use std::ops::{BitOr, BitOrAssign};
use std::time::SystemTime;

use bstr::ByteSlice;
use ipc::flags::{BounceFlags, DeliverFlags, RecipientStatus};
use ipc::services::{MessageStats, Recipient};
use mail::address::quote_822_local;
use mail::dsn::{Action, Dsn, Notify, Status};
use runtime::event;
use runtime::log;

use crate::delays::delays;
use crate::filter::StatusFilter;
use crate::params::StatusParams;
use crate::record::{Kind, Records};
use crate::request::Message;

/// What the queue manager has to do about a recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Verdict {
    /// Nothing: delivered, or the failure is recorded for the sender.
    Done,
    /// Keep it and try again.
    Retry,
}

impl BitOr for Verdict {
    type Output = Verdict;
    fn bitor(self, other: Verdict) -> Verdict {
        if self == Verdict::Done { other } else { self }
    }
}

impl BitOrAssign for Verdict {
    fn bitor_assign(&mut self, other: Verdict) {
        *self = *self | other;
    }
}

/// One recipient's delivery attempt: everything but its outcome.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// The message.
    pub message: &'a Message,
    /// The recipient as it was attempted (an alias expansion has other addresses than the
    /// request, with the same offset).
    pub recipient: &'a Recipient,
    /// How far the attempt got.
    pub stats: &'a MessageStats,
    /// `relay=`: host, mailbox kind, or `none`.
    pub relay: &'a str,
}

/// Where a message with an owner alias reports failures to.
#[derive(Clone, Debug)]
pub struct Owner<'a> {
    /// The envelope sender that gets the notice (internal form).
    pub sender: &'a [u8],
}

/// The services and settings behind every outcome.
pub struct Reporter {
    records: Records,
    soft_bounce: bool,
    keep_negative_probes: bool,
    resolution: u32,
    filter: Option<StatusFilter>,
}

impl Reporter {
    /// The reporter of one agent.
    #[must_use]
    pub fn new(params: &StatusParams, records: Records, filter: Option<StatusFilter>) -> Reporter {
        Reporter {
            records,
            soft_bounce: params.soft_bounce,
            keep_negative_probes: params.address_verify_negative_cache,
            resolution: u32::try_from(params.delay_logging_resolution_limit).unwrap_or(2),
            filter,
        }
    }

    /// Whether permanent failures are only temporary here (`soft_bounce`).
    #[must_use]
    pub fn soft_bounce(&self) -> bool {
        self.soft_bounce
    }

    /// The name of a status filter table that changed since it was opened.
    #[must_use]
    pub fn changed(&self) -> Option<&str> {
        let filter = self.filter.as_ref().and_then(StatusFilter::changed);
        filter.or_else(|| self.records.changed())
    }

    /// Sent, deferred or bounced, by the class of the status.
    pub fn report(&mut self, attempt: Attempt<'_>, dsn: Dsn) -> Verdict {
        match dsn.status.class {
            2 => self.sent(attempt, dsn),
            4 => self.defer(attempt, dsn),
            _ => self.bounce(attempt, dsn),
        }
    }

    /// Delivered.
    pub fn sent(&mut self, attempt: Attempt<'_>, dsn: Dsn) -> Verdict {
        let mut dsn = with_class(dsn, 2, "sent", Status::new(2, 0, 0));
        if let Some(filter) = &mut self.filter {
            filter.apply(&mut dsn);
        }
        let flags = attempt.message.flags();
        if flags.contains(DeliverFlags::MTA_VERIFY) {
            return self.verified(attempt, &dsn, RecipientStatus::Ok);
        }
        if flags.contains(DeliverFlags::USER_VERIFY) {
            dsn.action = Some(Action::Deliverable);
            return self.probe(attempt, &dsn);
        }
        dsn.action.get_or_insert(Action::Delivered);
        let notify = attempt.recipient.notify;
        let delayed = flags.contains(DeliverFlags::RECORD_DELAYED)
            && (notify.is_empty() || notify.contains(Notify::DELAY));
        let wanted =
            flags.contains(DeliverFlags::RECORD) || delayed || notify.contains(Notify::SUCCESS);
        if wanted && !self.append(Kind::Trace, attempt, &dsn) {
            let (id, service) = (
                attempt.message.queue_id(),
                self.records.service(Kind::Trace),
            );
            dsn.status = Status::new(4, 3, 0);
            dsn.reason = format!("{id}: {service} service failed").into_bytes();
            return self.deferred(attempt, dsn);
        }
        self.log(attempt, &dsn, "sent");
        Verdict::Done
    }

    /// Not delivered, and never will be.
    pub fn bounce(&mut self, attempt: Attempt<'_>, dsn: Dsn) -> Verdict {
        let mut dsn = with_class(dsn, 5, "bounce_append", Status::new(5, 0, 0));
        if let Some(filter) = &mut self.filter {
            filter.apply(&mut dsn);
        }
        if dsn.status.class == 4 {
            self.deferred(attempt, dsn)
        } else {
            self.bounced(attempt, dsn)
        }
    }

    /// Not delivered yet.
    pub fn defer(&mut self, attempt: Attempt<'_>, dsn: Dsn) -> Verdict {
        let mut dsn = with_class(dsn, 4, "defer_append", Status::new(4, 0, 0));
        if let Some(filter) = &mut self.filter {
            filter.apply(&mut dsn);
        }
        if dsn.status.class == 5 {
            self.bounced(attempt, dsn)
        } else {
            self.deferred(attempt, dsn)
        }
    }

    /// A permanent failure that only the owner of a list or alias hears of.
    pub fn bounce_to(&mut self, owner: &Owner<'_>, attempt: Attempt<'_>, dsn: Dsn) -> Verdict {
        let mut dsn = with_class(dsn, 5, "bounce_one", Status::new(5, 0, 0));
        if let Some(filter) = &mut self.filter {
            filter.apply(&mut dsn);
        }
        let flags = attempt.message.flags();
        let probe = DeliverFlags::MTA_VERIFY | DeliverFlags::USER_VERIFY;
        if dsn.status.class == 4 {
            return self.deferred(attempt, dsn);
        }
        if self.soft_bounce || flags.intersects(probe) {
            return self.bounced(attempt, dsn);
        }
        dsn.action = Some(Action::Failed);
        let notice = attempt.message.notice(owner.sender);
        if self.records.notify(notice, attempt.recipient, &dsn)
            && (!flags.contains(DeliverFlags::RECORD) || self.append(Kind::Trace, attempt, &dsn))
        {
            self.log(attempt, &dsn, "bounced");
            return Verdict::Done;
        }
        self.not_recorded(attempt, dsn)
    }

    /// Notes for the sender what is neither success nor failure (an alias was expanded).
    pub fn trace(&mut self, attempt: Attempt<'_>, dsn: &Dsn) -> Verdict {
        if self.append(Kind::Trace, attempt, dsn) {
            Verdict::Done
        } else {
            Verdict::Retry
        }
    }

    fn bounced(&mut self, attempt: Attempt<'_>, mut dsn: Dsn) -> Verdict {
        let flags = attempt.message.flags();
        if flags.contains(DeliverFlags::MTA_VERIFY) {
            return self.verified(attempt, &dsn, RecipientStatus::Bounce);
        }
        if flags.contains(DeliverFlags::USER_VERIFY) {
            dsn.action = Some(Action::Undeliverable);
            return self.probe(attempt, &dsn);
        }
        let (log, word) = if self.soft_bounce {
            dsn.status = dsn.status.with_class(4);
            dsn.action = Some(Action::Delayed);
            (Kind::Defer, "SOFTBOUNCE")
        } else {
            dsn.action = Some(Action::Failed);
            (Kind::Bounce, "bounced")
        };
        let recorded = self.append(log, attempt, &dsn)
            && (!flags.contains(DeliverFlags::RECORD) || self.append(Kind::Trace, attempt, &dsn));
        if !recorded {
            return self.not_recorded(attempt, dsn);
        }
        self.log(attempt, &dsn, word);
        if self.soft_bounce {
            Verdict::Retry
        } else {
            Verdict::Done
        }
    }

    fn not_recorded(&mut self, attempt: Attempt<'_>, mut dsn: Dsn) -> Verdict {
        dsn.status = Status::new(4, 3, 0);
        let bounce = self.records.service(Kind::Bounce);
        let trace = self.records.service(Kind::Trace);
        dsn.reason = format!("{bounce} or {trace} service failure").into_bytes();
        self.deferred(attempt, dsn)
    }

    fn deferred(&mut self, attempt: Attempt<'_>, mut dsn: Dsn) -> Verdict {
        let flags = attempt.message.flags();
        if flags.contains(DeliverFlags::MTA_VERIFY) {
            return self.verified(attempt, &dsn, RecipientStatus::Defer);
        }
        if flags.contains(DeliverFlags::USER_VERIFY) {
            dsn.action = Some(Action::Undeliverable);
            return self.probe(attempt, &dsn);
        }
        dsn.action = Some(Action::Delayed);
        let id = attempt.message.queue_id();
        if !self.append(Kind::Defer, attempt, &dsn) {
            let service = self.records.service(Kind::Defer);
            log::warning(format_args!("{id}: {service} service failure"));
        }
        self.log(attempt, &dsn, "deferred");
        if flags.contains(DeliverFlags::RECORD) && !self.append(Kind::Trace, attempt, &dsn) {
            let service = self.records.service(Kind::Trace);
            log::warning(format_args!("{id}: {service} service failure"));
        }
        self.records.remember_site(id, &attempt.recipient.address);
        Verdict::Retry
    }

    /// `sendmail -bv`: nothing but a record for the report, and a log line.
    fn probe(&mut self, attempt: Attempt<'_>, dsn: &Dsn) -> Verdict {
        if !self.append(Kind::Trace, attempt, dsn) {
            return Verdict::Retry;
        }
        let word = dsn.action.map_or("", Action::as_str);
        self.log(attempt, dsn, word);
        Verdict::Done
    }

    /// An address verification probe: the answer goes to the verify service.
    fn verified(&mut self, attempt: Attempt<'_>, dsn: &Dsn, status: RecipientStatus) -> Verdict {
        let mut word = match status {
            RecipientStatus::Ok => "deliverable",
            RecipientStatus::Bounce | RecipientStatus::Defer | RecipientStatus::ToDo => {
                "undeliverable"
            }
        };
        if status == RecipientStatus::Ok || self.keep_negative_probes {
            let id = attempt.message.queue_id();
            if !self
                .records
                .verified(id, attempt.recipient, status, &dsn.reason)
            {
                return Verdict::Retry;
            }
        } else {
            word = "undeliverable-but-not-cached";
        }
        self.log(attempt, dsn, word);
        Verdict::Done
    }

    fn append(&self, kind: Kind, attempt: Attempt<'_>, dsn: &Dsn) -> bool {
        let queue_id = attempt.message.queue_id();
        let trace = attempt.message.flags() & DeliverFlags::TRACE;
        let flags = BounceFlags::from_bits_retain(trace.bits());
        if kind != Kind::Trace || attempt.relay == "none" {
            return self
                .records
                .append(kind, flags, queue_id, attempt.recipient, dsn);
        }
        // A report to the sender also says who did it.
        let mut dsn = dsn.clone();
        let by = format!("delivery via {}: ", attempt.relay);
        dsn.reason.splice(0..0, by.bytes());
        self.records
            .append(kind, flags, queue_id, attempt.recipient, &dsn)
    }

    fn log(&self, attempt: Attempt<'_>, dsn: &Dsn, word: &str) {
        log::info(event::Delivery {
            queue_id: attempt.message.queue_id(),
            recipient: &external(&attempt.recipient.address),
            original_recipient: &external(&attempt.recipient.original),
            relay: attempt.relay,
            uses: u32::try_from(attempt.stats.reuse_count)
                .unwrap_or(0)
                .saturating_add(1),
            delays: delays(attempt.stats, SystemTime::now(), self.resolution),
            tls: "",
            dsn: &dsn.status,
            status: word,
            text: &dsn.reason,
        });
    }
}

/// An address as the log shows it (`info_log_addr_form`).
fn external(address: &[u8]) -> Vec<u8> {
    if address.is_empty() {
        Vec::new()
    } else {
        quote_822_local(address)
    }
}

/// A status that belongs to the outcome; one that does not is replaced, with a warning.
fn with_class(mut dsn: Dsn, class: u8, what: &str, instead: Status) -> Dsn {
    if dsn.status.class != class {
        let (status, reason) = (dsn.status, dsn.reason.as_bstr());
        log::warning(format_args!(
            "{what}: ignoring dsn code \"{status}\" ({reason})"
        ));
        dsn.status = instead;
    }
    dsn
}
