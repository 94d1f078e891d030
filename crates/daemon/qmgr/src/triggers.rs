// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the queue manager is told, and what it does at its own times.
//!
//! Bytes nobody knows are logged and ignored: everybody on this machine can send some.
//!
//! *Postfix:* qmgr_trigger_event, qmgr_deferred_run_event, qmgr_move.

use crate::scan::Manner;
use crate::{Event, QueueManager};
use ipc::trigger;
use queue::scan::Scan;
use queue::{Queue, QueueId};
use runtime::log;
use server::Loop;
use std::io;
use std::time::SystemTime;

impl QueueManager {
    /// Obeys trigger bytes, in whatever order they come.
    pub(crate) fn obey(&mut self, requests: &[u8]) {
        let mut manner = Manner::default();
        let (mut incoming, mut deferred) = (false, false);
        for request in requests {
            match *request {
                trigger::WAKEUP | trigger::qmgr::SCAN_INCOMING => incoming = true,
                trigger::qmgr::SCAN_DEFERRED => deferred = true,
                trigger::qmgr::SCAN_ALL => manner.ignore_time = true,
                trigger::qmgr::FLUSH_DEAD => {
                    manner.lift_defer_transports = true;
                    self.scheduler.revive_all();
                }
                other => log::warning(format_args!(
                    "request {other} ({}) ignored",
                    char::from(other).escape_default()
                )),
            }
        }
        self.scans
            .request(&self.layout, Queue::Deferred, deferred, manner);
        self.scans
            .request(&self.layout, Queue::Incoming, incoming, manner);
    }

    /// Looks at both queues, and at the deferred queue again and again.
    pub(crate) fn begin_scans(&mut self, ctx: &mut Loop<Event>) {
        self.scans
            .request(&self.layout, Queue::Incoming, true, Manner::default());
        self.queue_run(ctx);
    }

    /// Looks at the deferred queue, and will do so again. A time to forget a past burst of mail, too.
    pub(crate) fn queue_run(&mut self, ctx: &mut Loop<Event>) {
        self.scans
            .request(&self.layout, Queue::Deferred, true, Manner::default());
        ctx.set_timer(self.params.queue_run_delay, Event::QueueRun);
        if self.scheduler.rest() {
            self.messages.shrink_to(64);
            sys::memory::give_back();
        }
    }

    /// What an earlier process was delivering becomes new mail. A message that a delivery agent
    /// still works on is locked, and will be left alone when it is its turn.
    pub(crate) fn requeue_active(&mut self) {
        let scan = match Scan::open(&self.layout, Queue::Active) {
            Ok(scan) => scan,
            Err(error) => log::fatal(format_args!("open queue directory active: {error}")),
        };
        // All names first: what is renamed while it is listed may be listed twice.
        let ids: Vec<QueueId> = scan.messages().collect();
        for id in ids {
            self.retime(Queue::Active, &id, SystemTime::now());
            self.move_message(&id, Queue::Active, Queue::Incoming);
        }
    }

    /// Sets when a file may be looked at next.
    pub(crate) fn retime(&mut self, queue: Queue, id: &QueueId, when: SystemTime) {
        let set = self
            .layout
            .open_to_read(queue, id)
            .and_then(|file| sys::files::set_times(&file, when));
        match set {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => log::fatal(format_args!(
                "update {} time stamps: {error}",
                self.layout.path(queue, id).display()
            )),
        }
    }

    /// Moves a message to another queue. Somebody else may have removed it; any other trouble of
    /// the file system ends this process, whose successor starts from what is on disk.
    pub(crate) fn move_message(&mut self, id: &QueueId, from: Queue, to: Queue) -> bool {
        match self.layout.rename(id, from, to) {
            Ok(()) => true,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                log::warning(format_args!(
                    "{}: rename from {} to {}: {}",
                    id.as_str(),
                    from.name(),
                    to.name(),
                    error
                ));
                false
            }
            Err(error) => log::fatal(format_args!(
                "{}: rename from {} to {}: {}",
                id.as_str(),
                from.name(),
                to.name(),
                error
            )),
        }
    }
}
