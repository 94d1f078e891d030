// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who is delivered next: the scheduler of the active queue, without any I/O and without a clock.
//!
//! - A *message* is one queue file in the active queue, with some or all of its recipients.
//! - An *entry* is a batch of recipients of one message that go to one destination: what becomes
//!   one delivery request.
//! - A *transport* is everything that goes through one delivery agent, a *destination* everything
//!   that goes to one next hop through one transport.
//! - A *job* is one message within one transport, a *peer* one job within one destination.
//!
//! Transports take turns. Within a transport, jobs are served in the order in which their messages
//! came, except that small jobs may overtake large ones (`preempt`); within a job, its
//! destinations take turns; within a destination, the window (`feedback`) limits what runs at once.
//! How many recipients of which message are held in memory is decided in `pool`.
//!
//! The caller tells what happened and what time it is, and is told what to do next: which
//! transport needs a delivery agent, which entry to deliver, which message to read on, and, as
//! [`Effect`]s, which recipients to defer without an attempt and which messages are through.
//!
//! *Invariants*: an entry is waiting or being delivered, never both; whatever happens to an entry,
//! its recipients are handed out exactly once per reading of the queue file; when the last entry
//! of a message is gone, that is reported exactly once per batch.
//!
//! *Postfix:* qmgr_transport, qmgr_queue, qmgr_job, qmgr_peer, qmgr_entry, and the deciding parts
//! of qmgr_message, qmgr_defer and qmgr_error. The theory is in SCHEDULER_README.

mod admission;
mod arena;
mod completion;
mod destination;
mod entry;
mod feedback;
mod job;
mod jobs;
mod limits;
mod message;
mod pool;
mod preempt;
mod scheduler;
mod selection;
mod timers;
mod transport;

#[cfg(test)]
mod tests;

pub(crate) use arena::Key;
pub(crate) use destination::Destination;
pub(crate) use entry::Entry;
pub(crate) use feedback::{Feedback, WindowLimits};
pub(crate) use limits::{Limits, TransportLimits};
pub(crate) use message::Message;
pub(crate) use scheduler::{Effect, Report, Route, Scheduler, Selection, Trouble};
pub(crate) use transport::Transport;

/// A point in time: how long after an arbitrary start, on a clock that never goes back.
pub(crate) type Moment = std::time::Duration;
