// SPDX-License-Identifier: MIT OR Apache-2.0
//! What follows when all recipients in memory were tried: notices, further recipients, and then the
//! deferred queue or the end.
//!
//! The steps are: send the bounce log back to the sender; read on, if there are more recipients;
//! send a delivery report, if one was asked for; if recipients are left, give up when the message
//! is too old, or warn the sender; then remove the file or let it wait.
//!
//! *Invariants*: a file is removed only when no recipient is left, or when its sender was told about
//! all that are left; when anything fails on the way, the message waits in the deferred queue.
//!
//! *Postfix:* qmgr_active_done and its parts, qmgr_bounce.

use crate::schedule::{self, Key};
use crate::{Event, QueueManager};
use ipc::flags::{BounceFlags, DeliverFlags};
use ipc::record::RecordType;
use ipc::services::bounce;
use queue::trust::{self, Verdict};
use queue::{Queue, QueueId};
use runtime::event::qmgr::{Expired, Removed};
use runtime::log;
use server::Loop;
use std::io;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Which answer a message waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// The bounce log goes to the sender.
    Bounce,
    /// The delivery report goes to the sender.
    Report,
    /// The message is too old: the defer log goes to the sender.
    GiveUp,
    /// The sender is warned about the delay.
    Warn,
}

impl QueueManager {
    /// No entry of a message is left.
    pub(crate) fn drained(&mut self, key: Key<schedule::Message>, ctx: &mut Loop<Event>) {
        let Some(message) = self.messages.get(&key) else {
            self.scheduler.remove_message(key);
            return;
        };
        if !self.has_bounce_log(&message.id) {
            self.after_bounce(key, ctx);
            return;
        }
        let flags = BounceFlags::empty();
        let request = self.to_sender(key, flags);
        let service = self.params.bounce_service_name.clone();
        if let Some(request) = request {
            self.ask(&service, &request, key, Step::Bounce, ctx);
        }
    }

    /// A message got its answer.
    pub(crate) fn answered(
        &mut self,
        key: Key<schedule::Message>,
        step: Step,
        done: bool,
        ctx: &mut Loop<Event>,
    ) {
        let Some(message) = self.messages.get_mut(&key) else {
            return;
        };
        match step {
            Step::Bounce => {
                message.deferred |= !done;
                self.after_bounce(key, ctx);
            }
            Step::Report => {
                message.deferred |= !done;
                if done && message.trace_flags_offset > 0 {
                    self.report_once(key);
                }
                self.after_report(key, ctx);
            }
            Step::GiveUp => {
                message.deferred = !done;
                self.end(key);
            }
            Step::Warn => {
                if done {
                    self.warn_once(key);
                }
                self.end(key);
            }
        }
    }

    /// A request that makes the service's log into a notice: one per recipient where the sender
    /// asked for that.
    fn to_sender(
        &self,
        key: Key<schedule::Message>,
        flags: BounceFlags,
    ) -> Option<bounce::Request> {
        let message = self.messages.get(&key)?;
        let subject = message.subject_of_notice();
        if message.verp_delimiters.is_empty() || self.params.disable_verp_bounces {
            return Some(bounce::Request::Flush {
                flags,
                message: subject,
            });
        }
        let delimiters = message.verp_delimiters.clone();
        Some(bounce::Request::Verp {
            flags,
            message: subject,
            delimiters,
        })
    }

    /// Also one of an earlier run, whose notice failed. An empty one is the trace of a failure that
    /// made the delivery agent defer.
    fn has_bounce_log(&self, id: &QueueId) -> bool {
        let path = self.layout.path(Queue::Bounce, id);
        match std::fs::symlink_metadata(&path) {
            Ok(metadata) if metadata.len() > 0 => true,
            Ok(_) => {
                if let Err(error) = std::fs::remove_file(&path) {
                    log::warning(format_args!("remove {}: {error}", path.display()));
                }
                false
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => {
                log::warning(format_args!("{}: {error}", path.display()));
                // Better a notice too early than a lost one.
                true
            }
        }
    }

    fn after_bounce(&mut self, key: Key<schedule::Message>, ctx: &mut Loop<Event>) {
        let Some(message) = self.messages.get(&key) else {
            return;
        };
        let damaged = message.damaged || (message.deferred && self.became_damaged(&message.id));
        if damaged {
            let id = message.id.clone();
            self.keep_corrupt(&id);
            self.forget(key);
            return;
        }
        if message.continuation.is_some() {
            self.refill(key, ctx);
            return;
        }
        if message.wants_report() {
            let subject = message.subject_of_notice();
            // The report says whether the user asked for it.
            let trace = message.trace_flags & DeliverFlags::TRACE;
            let request = bounce::Request::Trace {
                flags: BounceFlags::from_bits_truncate(trace.bits()),
                message: subject,
            };
            let service = self.params.trace_service_name.clone();
            self.ask(&service, &request, key, Step::Report, ctx);
            return;
        }
        self.after_report(key, ctx);
    }

    /// A delivery agent that finds a queue file damaged changes its mode and defers.
    fn became_damaged(&self, id: &QueueId) -> bool {
        let verdict = trust::examine(&self.layout.path(Queue::Active, id));
        matches!(verdict, Ok(Verdict::NotReady(_) | Verdict::Alien(_)))
    }

    fn after_report(&mut self, key: Key<schedule::Message>, ctx: &mut Loop<Event>) {
        let Some(message) = self.messages.get(&key) else {
            return;
        };
        if !message.deferred {
            self.end(key);
            return;
        }
        let now = seconds(SystemTime::now());
        let lifetime = if message.sender.is_empty() {
            self.params.bounce_queue_lifetime
        } else {
            self.params.maximal_queue_lifetime
        };
        let too_old =
            message.created > 0 && now >= message.created.saturating_add(lifetime.as_secs());
        if (too_old || message.forced_expire) && !message.unrecorded {
            log::info(Expired {
                queue_id: message.id.as_str(),
                sender: &self.shown(&message.sender),
                forced: message.forced_expire,
            });
            let service = self.params.defer_service_name.clone();
            if let Some(request) = self.to_sender(key, BounceFlags::empty()) {
                self.ask(&service, &request, key, Step::GiveUp, ctx);
            }
            return;
        }
        let warn = message
            .warning
            .is_some_and(|warning| warning.seconds > 0 && now >= warning.seconds.saturating_sub(1));
        if warn {
            let subject = message.subject_of_notice();
            let request = bounce::Request::Warn {
                flags: BounceFlags::empty(),
                message: subject,
            };
            let service = self.params.defer_service_name.clone();
            self.ask(&service, &request, key, Step::Warn, ctx);
            return;
        }
        self.end(key);
    }

    /// Removes the file, or lets it wait.
    fn end(&mut self, key: Key<schedule::Message>) {
        let Some(message) = self.messages.get(&key) else {
            return;
        };
        let id = message.id.clone();
        if message.deferred {
            let later = SystemTime::now() + self.back_off(message.created);
            self.retime(Queue::Active, &id, later);
            self.move_message(&id, Queue::Active, Queue::Deferred);
        } else {
            match self.layout.remove(Queue::Active, &id) {
                Ok(()) => log::info(Removed {
                    queue_id: id.as_str(),
                }),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    log::warning(format_args!("remove {} from active: {error}", id.as_str()));
                }
                Err(error) => {
                    log::fatal(format_args!("remove {} from active: {error}", id.as_str()));
                }
            }
        }
        self.forget(key);
    }

    /// As long as it has been here, within limits: so the interval doubles each time.
    fn back_off(&self, created: u64) -> Duration {
        let (least, most) = (
            self.params.minimal_backoff_time,
            self.params.maximal_backoff_time,
        );
        if created == 0 {
            return least;
        }
        let age = Duration::from_secs(seconds(SystemTime::now()).saturating_sub(created));
        age.min(most).max(least)
    }

    fn forget(&mut self, key: Key<schedule::Message>) {
        if let Some(message) = self.messages.remove(&key) {
            self.probes -= usize::from(message.is_probe());
        }
        self.scheduler.remove_message(key);
    }

    /// The report was sent: no other one will be, when the rest of the message is delivered.
    fn report_once(&self, key: Key<schedule::Message>) {
        self.edit(key, |file, message| {
            queue::edit::kill(file, message.trace_flags_offset, RecordType::Attribute)
        });
    }

    fn warn_once(&self, key: Key<schedule::Message>) {
        self.edit(key, |file, message| match message.warning {
            Some(warning) => queue::edit::set_warning_time(file, warning.offset, 0),
            None => Ok(true),
        });
    }

    fn edit(
        &self,
        key: Key<schedule::Message>,
        change: impl FnOnce(&std::fs::File, &crate::message::Message) -> io::Result<bool>,
    ) {
        let Some(message) = self.messages.get(&key) else {
            return;
        };
        let id = &message.id;
        match self
            .layout
            .open(Queue::Active, id)
            .and_then(|file| change(&file, message))
        {
            Ok(true) => {}
            Ok(false) => {
                log::warning(format_args!(
                    "{}: queue file has no such record",
                    id.as_str()
                ));
            }
            Err(error) => log::warning(format_args!("{}: update queue file: {error}", id.as_str())),
        }
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
}
