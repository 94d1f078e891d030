// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a request means: append to a log, or tell somebody and be done with it.
//!
//! *Invariants:* a notice is never answered by a notice: mail from the null sender is reported to
//! the postmaster at most, and what comes from there to nobody. Status zero after an append means
//! that the entry is on disk; after a notice, that cleanup has it.
//!
//! *Postfix:* bounce/bounce(8), bounce_notify_service, bounce_notify_verp, bounce_one_service,
//! bounce_warn_service, bounce_trace_service.

use std::io;

use ipc::client::write_status;
use ipc::flags::BounceFlags;
use ipc::services::bounce::{Message, Request};
use queue::bounce_log::{self, Entries, Entry};
use queue::{Queue, QueueId};
use runtime::event::bounce::NotTraced;
use runtime::log;
use runtime::stream::Stream;

use crate::notice::{Notice, Reader, Sent, Source};
use crate::original::{Extent, Original};
use crate::site::Site;
use crate::template::Kind;

/// A status that means success.
const SUCCESS: i32 = 0;
/// A status that means failure.
const FAILURE: i32 = -1;

/// Serves one request; `log` is the log that this service keeps.
pub(crate) fn serve(site: &Site, log: Queue, stream: &mut Stream) {
    if ipc::client::announce_protocol(stream, ipc::services::bounce::PROTOCOL).is_err() {
        return;
    }
    let status = match Request::read(stream) {
        Ok(request) => handle(site, log, &request),
        Err(ipc::attr::AttrError::Gone) => return,
        Err(error) => {
            log::warning(error);
            FAILURE
        }
    };
    if let Err(error) = write_status(stream, status) {
        log::verbose(format_args!("client went away: {error}"));
    }
}

fn handle(site: &Site, log: Queue, request: &Request) -> i32 {
    let (flags, id) = match request {
        Request::Append {
            flags, queue_id, ..
        } => (*flags, queue_id),
        Request::Flush { flags, message }
        | Request::Warn { flags, message }
        | Request::Verp { flags, message, .. }
        | Request::One { flags, message, .. }
        | Request::Trace { flags, message } => (*flags, &message.queue_id),
    };
    let Some(id) = QueueId::parse(id) else {
        let id = String::from_utf8_lossy(id.get(..100).unwrap_or(id)).into_owned();
        log::warning(format_args!("malformed queue id: {id}"));
        return FAILURE;
    };
    let done = match request {
        Request::Append { recipient, dsn, .. } => {
            let entry = Entry {
                recipient: recipient.clone(),
                dsn: dsn.clone(),
            };
            append(site, log, &id, &entry)
        }
        Request::Flush { message, .. } => with_message(site, log, &id, message, flags, Case::flush),
        Request::Warn { message, .. } => with_message(site, log, &id, message, flags, Case::warn),
        Request::Trace { message, .. } => with_message(site, log, &id, message, flags, Case::trace),
        Request::Verp {
            message,
            delimiters,
            ..
        } => with_message(site, log, &id, message, flags, |case| case.verp(delimiters)),
        Request::One {
            message,
            recipient,
            dsn,
            ..
        } => {
            let entry = Entry {
                recipient: recipient.clone(),
                dsn: dsn.as_ref().clone(),
            };
            with_message(site, log, &id, message, flags, |case| case.one(&entry))
        }
    };
    if done {
        return SUCCESS;
    }
    if flags.contains(BounceFlags::CLEAN)
        && let Err(error) = bounce_log::remove(&site.layout, log, &id)
    {
        log::warning(format_args!("remove {} {id}: {error}", log.name()));
    }
    FAILURE
}

fn append(site: &Site, log: Queue, id: &QueueId, entry: &Entry) -> bool {
    let old_form = site.params.backwards_bounce_logfile_compatibility;
    match bounce_log::append(&site.layout, log, id, entry, old_form) {
        Ok(()) => true,
        Err(error) => {
            log::warning(format_args!("append to {} {id}: {error}", log.name()));
            false
        }
    }
}

fn with_message<'a>(
    site: &'a Site,
    log: Queue,
    id: &'a QueueId,
    message: &'a Message,
    flags: BounceFlags,
    act: impl FnOnce(&mut Case<'a>) -> bool,
) -> bool {
    let Some(queue) = Queue::parse(&message.queue_name) else {
        let name = message.queue_name.get(..100).unwrap_or(&message.queue_name);
        let name = String::from_utf8_lossy(name);
        log::warning(format_args!("malformed queue name: {name}"));
        return false;
    };
    act(&mut Case {
        site,
        log,
        id,
        queue,
        message,
        flags,
        original: None,
    })
}

/// A request about one message.
struct Case<'a> {
    site: &'a Site,
    log: Queue,
    id: &'a QueueId,
    queue: Queue,
    message: &'a Message,
    flags: BounceFlags,
    original: Option<Original>,
}

impl Case<'_> {
    /// Reports failures, and ends the log.
    fn flush(&mut self) -> bool {
        self.report_failure(Source::Log(self.log), None) && self.end_log()
    }

    /// Reports one failure without a log.
    fn one(&mut self, entry: &Entry) -> bool {
        if !self.report_failure(Source::One(entry), None) {
            return false;
        }
        if self.flags.contains(BounceFlags::DELETE_RECIPIENT) {
            self.mark_done(entry.recipient.offset);
        }
        true
    }

    /// Reports each failure to an address that names the recipient, and ends the log.
    fn verp(&mut self, delimiters: &[u8]) -> bool {
        let [first, second] = delimiters else {
            log::warning(format_args!("{}: bad VERP delimiters", self.id));
            return false;
        };
        if self.message.sender.is_empty() || self.is_double_bounce() {
            log::warning("request to send VERP-style notification of bounced mail");
            return self.flush();
        }
        let entries = match Entries::open(&self.site.layout, self.log, self.id) {
            Ok(Some(entries)) => entries,
            Ok(None) => return self.flush(),
            Err(error) => return self.unreadable(&error),
        };
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => return self.unreadable(&error),
            };
            let sender = mail::address::verp::verp_sender(
                [*first, *second],
                &self.message.sender,
                entry.recipient.sent_to(),
            );
            if !self.report_failure(Source::One(&entry), Some(&sender)) {
                return false;
            }
            // What was reported is not reported again when a later one fails.
            self.mark_done(entry.recipient.offset);
        }
        self.end_log()
    }

    /// Tells about delay, and keeps the log.
    fn warn(&mut self) -> bool {
        if self.is_double_bounce() {
            return true;
        }
        let source = Source::Log(self.log);
        let sender = self.message.sender.clone();
        let mut full = Extent::Full;
        if !sender.is_empty() {
            full = Extent::Headers;
            if self.tell(Kind::Delay, source, Reader::Sender, &sender, full) == Sent::Failed {
                return false;
            }
        }
        if self.site.classes.delay {
            let postmaster = self.site.params.delay_notice_recipient.clone();
            self.tell(
                Kind::Delay,
                source,
                Reader::Postmaster,
                postmaster.as_bytes(),
                full,
            );
        }
        true
    }

    /// Reports what was asked for, and ends the log.
    fn trace(&mut self) -> bool {
        let mut reader = self.message.sender.clone();
        if reader.is_empty() && self.site.classes.two_bounce {
            reader = self.two_bounce_reader();
        }
        if reader.is_empty() || self.is_double_bounce() {
            let is_double = !reader.is_empty();
            log::info(NotTraced {
                queue_id: self.id.as_str(),
                is_double,
            });
            return self.end_log();
        }
        let kind = if self
            .flags
            .intersects(BounceFlags::USER_VERIFY | BounceFlags::RECORD)
        {
            Kind::Verify
        } else {
            Kind::Success
        };
        let source = Source::Log(self.log);
        let sent = self.tell(kind, source, Reader::Sender, &reader, Extent::Headers);
        sent != Sent::Failed && self.end_log()
    }

    /// Tells the sender (or `instead`) and the postmaster about failures.
    fn report_failure(&mut self, source: Source<'_>, instead: Option<&[u8]>) -> bool {
        if self.is_double_bounce() {
            log::warning(format_args!(
                "{}: undeliverable postmaster notification discarded",
                self.id
            ));
            return true;
        }
        if self.message.sender.is_empty() {
            if !self.site.classes.two_bounce {
                return true;
            }
            let postmaster = self.two_bounce_reader();
            let sent = self.tell(
                Kind::Failure,
                source,
                Reader::Postmaster,
                &postmaster,
                Extent::Full,
            );
            return sent != Sent::Failed;
        }
        let sender = instead.map_or_else(|| self.message.sender.clone(), <[u8]>::to_vec);
        let sent = self.tell(Kind::Failure, source, Reader::Sender, &sender, Extent::Full);
        if sent == Sent::Failed {
            return false;
        }
        if self.site.classes.bounce {
            // The sender knows; a copy that fails must not make another one for the sender.
            let postmaster = self.site.params.bounce_notice_recipient.clone();
            let postmaster = postmaster.as_bytes();
            self.tell(
                Kind::Failure,
                source,
                Reader::Postmaster,
                postmaster,
                Extent::Headers,
            );
        }
        true
    }

    fn tell(
        &mut self,
        kind: Kind,
        source: Source<'_>,
        reader: Reader,
        recipient: &[u8],
        extent: Extent,
    ) -> Sent {
        let (layout, queue, id) = (&self.site.layout, self.queue, self.id);
        let original = self
            .original
            .get_or_insert_with(|| Original::open(layout, queue, id));
        let notice = Notice {
            site: self.site,
            id: self.id,
            message: self.message,
            kind,
            source,
            reader,
            recipient,
            extent,
        };
        notice.send(original)
    }

    /// Who reads what cannot be returned to a sender.
    fn two_bounce_reader(&self) -> Vec<u8> {
        let params = &self.site.params;
        params.two_bounce_notice_recipient.clone().into_bytes()
    }

    fn is_double_bounce(&self) -> bool {
        self.message
            .sender
            .eq_ignore_ascii_case(&self.site.double_bounce_sender())
    }

    fn unreadable(&self, error: &io::Error) -> bool {
        log::warning(format_args!(
            "read {} {}: {error}",
            self.log.name(),
            self.id
        ));
        false
    }

    /// Marks recipients as done where that was asked for, and removes the log.
    fn end_log(&self) -> bool {
        if self.flags.contains(BounceFlags::DELETE_RECIPIENT) {
            match Entries::open(&self.site.layout, self.log, self.id) {
                Ok(Some(entries)) => {
                    entries
                        .flatten()
                        .for_each(|entry| self.mark_done(entry.recipient.offset));
                }
                Ok(None) => {}
                Err(error) => return self.unreadable(&error),
            }
        }
        match bounce_log::remove(&self.site.layout, self.log, self.id) {
            Ok(()) => true,
            Err(error) => {
                log::warning(format_args!(
                    "remove {} {}: {error}",
                    self.log.name(),
                    self.id
                ));
                false
            }
        }
    }

    fn mark_done(&self, offset: u64) {
        if offset == 0 || !self.flags.contains(BounceFlags::DELETE_RECIPIENT) {
            return;
        }
        let marked = self
            .site
            .layout
            .open(self.queue, self.id)
            .and_then(|file| queue::edit::mark_done(&file, offset));
        if let Err(error) = marked {
            let queue = self.queue.name();
            log::warning(format_args!(
                "mark recipient of {queue} {}: {error}",
                self.id
            ));
        }
    }
}
