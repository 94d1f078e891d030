// SPDX-License-Identifier: MIT OR Apache-2.0
//! How messages enter the active queue, and how their recipients are read.
//!
//! *Invariants*: a file is renamed to `active` before it is read, and locked while its first
//! recipients are looked up; a file that cannot be read as a queue file is kept in `corrupt`, never
//! removed.
//!
//! *Postfix:* qmgr_active_feed, qmgr_message_alloc, qmgr_message_realloc.

use crate::message::{Message, Unusable};
use crate::resolve::Resolution;
use crate::scan::Manner;
use crate::schedule::{self, Key};
use crate::{Event, QueueManager};
use ipc::services::Recipient;
use queue::trust::{self, MODE_EXPIRED, MODE_READY, MODE_UNTHROTTLE, Verdict};
use queue::{Queue, QueueId};
use runtime::event::qmgr::{CorruptFile, QueueActive, StillDelivered};
use runtime::log;
use server::Loop;
use std::fs::{File, Metadata, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::time::{Duration, SystemTime};

/// How long a message is left alone that a delivery agent still holds.
const LOCKED_DELAY: Duration = Duration::from_secs(60);

impl QueueManager {
    /// Takes some messages in, if there is room. Whether there may be more to take in at once.
    pub(crate) fn take_in(&mut self, ctx: &mut Loop<Event>) -> bool {
        if !self.scans.going_on() || !self.scheduler.has_room() {
            return false;
        }
        let (mut taken, mut new_mail) = (0, 0);
        for _ in 0..Self::FILES_PER_PASS {
            if taken == Self::MESSAGES_PER_PASS || !self.scheduler.has_room() {
                break;
            }
            let Some((queue, id, manner)) = self.scans.next(&self.layout) else {
                break;
            };
            if self.feed(queue, &id, manner, ctx) {
                taken += 1;
                new_mail += usize::from(queue == Queue::Incoming);
                self.scans.took(queue, self.scheduler.has_room());
                self.ask_for_agents(ctx);
            }
        }
        self.adjust_flow(new_mail, ctx);
        self.scans.going_on() && self.scheduler.has_room()
    }

    /// Takes in one file, unless it is not ready or not its time.
    fn feed(&mut self, queue: Queue, id: &QueueId, manner: Manner, ctx: &mut Loop<Event>) -> bool {
        let Some(metadata) = self.ready(queue, id) else {
            return false;
        };
        let soon = SystemTime::now() + Duration::from_secs(1);
        if !manner.ignore_time && metadata.modified().is_ok_and(|time| time > soon) {
            return false;
        }
        if !self.move_message(id, queue, Queue::Active) {
            return false;
        }
        let now = self.now();
        let key = self.scheduler.add_message(now);
        let limit = self.scheduler.reading_allowance(key);
        let (mut message, recipients, file) = match Message::load(&self.layout, id, limit) {
            Ok(loaded) => loaded,
            Err(unusable) => {
                self.scheduler.remove_message(key);
                self.turn_away(id, &unusable);
                return false;
            }
        };
        let mode = metadata.mode();
        message.forced_expire = mode & MODE_EXPIRED != 0;
        message.flush = mode & MODE_UNTHROTTLE != 0;
        message.lift_defer_transports = manner.lift_defer_transports || message.flush;
        if message.flush {
            self.forget_flush_request(id, &file, mode);
        }
        self.reset_defer_log(id);
        self.welcome(key, message, recipients, ctx);
        // Now delivery agents may have it.
        drop(file);
        true
    }

    fn welcome(
        &mut self,
        key: Key<schedule::Message>,
        mut message: Message,
        recipients: Vec<Recipient>,
        ctx: &mut Loop<Event>,
    ) {
        let already_warned = message.warning.is_some_and(|warning| warning.seconds == 0);
        if self.params.confirm_delay_cleared && already_warned {
            message.trace_flags |= ipc::flags::DeliverFlags::RECORD_DELAYED;
        }
        log::info(QueueActive {
            queue_id: message.id.as_str(),
            sender: &self.shown(&message.sender),
            size: message.size(),
            recipients: recipients.len().saturating_add(message.unread()),
        });
        if !message.verp_delimiters.is_empty() {
            self.scheduler.deliver_singly(key);
        }
        self.probes += usize::from(message.is_probe());
        self.messages.insert(key, Box::new(message));
        self.admit(key, recipients, ctx);
        self.settle(ctx);
    }

    /// Finds out where recipients go, and hands them to the scheduler.
    fn admit(
        &mut self,
        key: Key<schedule::Message>,
        recipients: Vec<Recipient>,
        ctx: &mut Loop<Event>,
    ) {
        let Some(message) = self.messages.get_mut(&key) else {
            return;
        };
        let limit = usize::try_from(self.params.address_verify_pending_request_limit).unwrap_or(0);
        let excess_probes = self.probes > limit;
        let mut routes = Vec::with_capacity(recipients.len());
        let mut discarded = Vec::new();
        for recipient in recipients {
            match self.resolver.resolve(message, recipient, excess_probes) {
                Resolution::Deliver(route) => routes.push(route),
                Resolution::Discard(recipient, text) => discarded.push((recipient, text)),
                Resolution::Nothing => {}
            }
        }
        let (unread, flush) = (message.unread(), message.flush);
        for (recipient, text) in discarded {
            self.discard(key, &recipient, text, ctx);
        }
        let now = self.now();
        self.scheduler.admit(key, routes, unread, flush, now);
    }

    /// Reads more recipients of a message in the active queue.
    pub(crate) fn refill(&mut self, key: Key<schedule::Message>, ctx: &mut Loop<Event>) {
        let limit = self.scheduler.reading_allowance(key);
        let Some(message) = self.messages.get_mut(&key) else {
            return;
        };
        let recipients = match message.read_on(&self.layout, limit) {
            Ok(recipients) => recipients,
            Err(unusable) => {
                let id = message.id.as_str();
                log::warning(format_args!(
                    "{id}: cannot read more recipients: {unusable}"
                ));
                // What could not be read is tried again as a whole, or kept for inspection.
                message.continuation = None;
                match unusable {
                    Unusable::Damaged(_) => message.damaged = true,
                    Unusable::Unreadable(_) | Unusable::Locked => {
                        message.deferred = true;
                        message.unrecorded = true;
                    }
                    Unusable::Gone => {}
                }
                Vec::new()
            }
        };
        self.admit(key, recipients, ctx);
    }

    /// A file that may be processed, and nothing else.
    fn ready(&self, queue: Queue, id: &QueueId) -> Option<Metadata> {
        let path = self.layout.path(queue, id);
        match trust::examine(&path) {
            Ok(Verdict::Ready(metadata)) => Some(metadata),
            Ok(Verdict::NotReady(_) | Verdict::Gone) => None,
            Ok(Verdict::Alien(why)) => {
                log::warning(why);
                None
            }
            Err(error) => {
                log::warning(format_args!("{}: {error}", path.display()));
                None
            }
        }
    }

    /// Puts a file away that cannot be taken in.
    fn turn_away(&mut self, id: &QueueId, unusable: &Unusable) {
        match unusable {
            Unusable::Gone => {}
            Unusable::Locked => {
                log::info(StillDelivered {
                    queue_id: id.as_str(),
                });
                self.retime(Queue::Active, id, SystemTime::now() + LOCKED_DELAY);
                self.move_message(id, Queue::Active, Queue::Incoming);
            }
            Unusable::Damaged(why) => {
                log::warning(format_args!("{}: {why}", id.as_str()));
                self.keep_corrupt(id);
            }
            Unusable::Unreadable(error) => {
                log::warning(format_args!("{}: {error}", id.as_str()));
                let later = SystemTime::now() + self.params.minimal_backoff_time;
                self.retime(Queue::Active, id, later);
                self.move_message(id, Queue::Active, Queue::Deferred);
            }
        }
    }

    /// Keeps a damaged file of the active queue for inspection.
    pub(crate) fn keep_corrupt(&mut self, id: &QueueId) {
        if self.move_message(id, Queue::Active, Queue::Corrupt) {
            log::warning(CorruptFile {
                queue_id: id.as_str(),
            });
        }
    }

    /// The request to flush a message is obeyed once.
    fn forget_flush_request(&self, id: &QueueId, file: &File, mode: u32) {
        let mode = (mode & 0o777 & !MODE_UNTHROTTLE) | MODE_READY;
        if let Err(error) = file.set_permissions(Permissions::from_mode(mode)) {
            log::warning(format_args!("{}: reset mode: {error}", id.as_str()));
        }
    }

    /// Forgets why recipients were deferred: those of them that are left are tried now.
    fn reset_defer_log(&self, id: &QueueId) {
        if let Err(error) = queue::bounce_log::remove(&self.layout, Queue::Defer, id)
            && error.kind() != io::ErrorKind::NotFound
        {
            log::fatal(format_args!("remove defer log of {}: {error}", id.as_str()));
        }
    }

    /// An address as log lines show it.
    pub(crate) fn shown(&self, address: &[u8]) -> Vec<u8> {
        if self.params.info_log_address_format == "internal" {
            address.to_vec()
        } else {
            mail::address::quote_822_local(address)
        }
    }
}

impl std::fmt::Display for Unusable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Unusable::Locked => f.write_str("file is locked"),
            Unusable::Gone => f.write_str("file is gone"),
            Unusable::Damaged(why) => f.write_str(why),
            Unusable::Unreadable(error) => error.fmt(f),
        }
    }
}
