// SPDX-License-Identifier: MIT OR Apache-2.0
//! Outcomes that the queue manager records itself: mail that not even the retry agent can take,
//! and mail to the double-bounce address.
//!
//! *Errors*: a recipient that could not be recorded is tried again like any other, and its message
//! does not expire in this run, since a notice would not mention the recipient.
//!
//! *Postfix:* qmgr_defer, and the discarding part of qmgr_message.

use crate::schedule::{self, Destination, Key, Trouble};
use crate::{Event, QueueManager};
use bstr::ByteSlice as _;
use ipc::flags::BounceFlags;
use ipc::services::{Recipient, bounce};
use mail::dsn::{Action, Dsn, Status};
use queue::Queue;
use runtime::event::{Delays, Delivery};
use runtime::log;
use server::Loop;
use std::time::{Duration, Instant, SystemTime};

/// After a failure, the defer service is left alone for this long: mail without a record is better
/// than a queue manager that stands still.
const PAUSE: Duration = Duration::from_secs(10);

impl QueueManager {
    /// Records recipients as deferred.
    pub(crate) fn postpone(
        &mut self,
        key: Key<schedule::Message>,
        recipients: &[Recipient],
        trouble: &Trouble,
        ctx: &mut Loop<Event>,
    ) {
        let status = Status::parse(trouble.status.as_bytes()).unwrap_or(Status::new(4, 0, 0));
        let mut dsn = Dsn::simple(status, trouble.reason.clone());
        dsn.action = Some(Action::Delayed);
        for recipient in recipients {
            self.log_outcome(key, recipient, &dsn, "deferred");
            let recorded = self.append_to_defer_log(key, recipient, &dsn, ctx);
            if let Some(message) = self.messages.get_mut(&key) {
                message.deferred = true;
                message.unrecorded |= !recorded;
            }
        }
    }

    fn append_to_defer_log(
        &mut self,
        key: Key<schedule::Message>,
        recipient: &Recipient,
        dsn: &Dsn,
        ctx: &mut Loop<Event>,
    ) -> bool {
        if self
            .defer_service_fails_until
            .is_some_and(|until| Instant::now() < until)
        {
            return false;
        }
        let Some(message) = self.messages.get(&key) else {
            return false;
        };
        let request = bounce::Request::Append {
            flags: BounceFlags::empty(),
            queue_id: message.id.as_str().into(),
            recipient: recipient.clone(),
            dsn: dsn.clone(),
        };
        let endpoint = ctx.jail().private(&self.params.defer_service_name);
        let failure = match request.ask(&endpoint, self.params.qmgr_ipc_timeout) {
            Ok(0) => return true,
            Ok(status) => format!("{}: status {status}", endpoint.name()),
            Err(error) => error.to_string(),
        };
        log::warning(format_args!(
            "{}: cannot record: {failure}",
            message.id.as_str()
        ));
        self.defer_service_fails_until = Some(Instant::now() + PAUSE);
        false
    }

    /// Finishes a recipient without delivery.
    pub(crate) fn discard(
        &mut self,
        key: Key<schedule::Message>,
        recipient: &Recipient,
        text: &str,
        _ctx: &mut Loop<Event>,
    ) {
        let dsn = Dsn::simple(Status::new(2, 0, 0), text);
        self.log_outcome(key, recipient, &dsn, "sent");
        let Some(message) = self.messages.get_mut(&key) else {
            return;
        };
        let marked = self
            .layout
            .open(Queue::Active, &message.id)
            .and_then(|file| queue::edit::mark_done(&file, recipient.offset));
        if let Err(error) = marked {
            log::warning(format_args!(
                "{}: mark recipient: {error}",
                message.id.as_str()
            ));
            message.deferred = true;
        }
    }

    fn log_outcome(
        &self,
        key: Key<schedule::Message>,
        recipient: &Recipient,
        dsn: &Dsn,
        status: &str,
    ) {
        let Some(message) = self.messages.get(&key) else {
            return;
        };
        let now = SystemTime::now();
        let between =
            |from: SystemTime, to: SystemTime| to.duration_since(from).unwrap_or_default();
        let before = between(message.arrival, message.active_since);
        let queued = between(message.active_since, now);
        let resolution = self.params.delay_logging_resolution_limit;
        log::info(Delivery {
            queue_id: message.id.as_str(),
            recipient: &self.shown(&recipient.address),
            original_recipient: &self.shown(&recipient.original),
            relay: "none",
            uses: 0,
            delays: Delays {
                total: between(message.arrival, now),
                parts: [before, queued, Duration::ZERO, Duration::ZERO],
                resolution: u32::try_from(resolution).unwrap_or(0),
            },
            tls: "",
            dsn: &dsn.status,
            status,
            text: &dsn.reason,
        });
    }

    /// Says which destination fills the active queue, and what might help.
    pub(crate) fn warn_of_clog(&self, key: Key<Destination>, entries: u32) {
        let Some(destination) = self.scheduler.destination(key) else {
            return;
        };
        let Some((window, busy)) = self.scheduler.load(key) else {
            return;
        };
        let transport = self.scheduler.transport(destination.transport);
        let name = transport.name.as_bstr();
        let total = self.scheduler.message_count();
        log::warning(format_args!(
            "mail for {} is using up {entries} of {total} active queue entries",
            destination.nexthop.as_bstr()
        ));
        let share = f64::from(entries) / f64::from(u32::try_from(total.max(1)).unwrap_or(u32::MAX));
        if share < 0.9 {
            log::warning("this may slow down other mail deliveries");
        }
        let limit = transport.limits.window.maximum;
        if limit > 0 && limit <= busy.saturating_add(1) {
            log::warning(format_args!(
                "you may need to increase the main.cf {name}_destination_concurrency_limit from \
                 {limit}"
            ));
        } else if window > busy {
            log::warning(format_args!(
                "you may need to increase the master.cf process limit of the {name} service"
            ));
        }
        log::warning("please avoid flushing the whole queue when you have");
        log::warning("lots of deferred mail, that is bad for performance");
        log::warning("to turn off these warnings specify: qmgr_clog_warn_time = 0");
    }
}
