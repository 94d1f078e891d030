// SPDX-License-Identifier: MIT OR Apache-2.0
//! How many recipients of which message are in memory.
//!
//! Each transport has a pool of recipient slots. A new job takes all that are free; when its
//! message is fully read, it passes on those that it does not need, to the oldest job whose message
//! is not fully read, or back to the pool. So the head of the line always reads in large portions.
//! A job that overtakes others while its message is not fully read gets half of what is left of the
//! extra slots. The slots of a message's jobs together, and a small minimum, are what the message
//! may have in memory.
//!
//! *Invariants*: per transport, the slots of its jobs and the unused ones add up to the pool's
//! size; unused slots are never fewer than minus the extra slots.

use super::Moment;
use super::arena::Key;
use super::job::Job;
use super::scheduler::Scheduler;

impl Scheduler {
    /// A job was listed: it takes all free slots. When its message is not fully read and older than
    /// all such others, it becomes the one that free slots go to.
    pub(super) fn give_slots(&mut self, key: Key<Job>, age: u64) {
        let transport = self.jobs[key].transport;
        let fully_read = self.messages[self.jobs[key].message].fully_read;
        match self.transports[transport].first_unread {
            _ if fully_read => {}
            None => self.transports[transport].first_unread = Some(key),
            Some(first) if self.age(first) > age => {
                self.transports[transport].first_unread = Some(key);
                self.pass_on_slots(first);
            }
            Some(_) => {}
        }
        self.take_slots(key, self.transports[transport].unused_slots.max(0));
    }

    /// Gives `slots` of the transport's pool to a job.
    pub(super) fn take_slots(&mut self, key: Key<Job>, slots: i64) {
        let job = &mut self.jobs[key];
        job.slots += slots;
        self.messages[job.message].allowance += slots;
        self.transports[job.transport].unused_slots -= slots;
    }

    /// Passes on what a job does not need, if its message is fully read.
    pub(super) fn return_slots(&mut self, key: Key<Job>) {
        let job = &self.jobs[key];
        if !self.messages[job.message].fully_read {
            return;
        }
        if self.transports[job.transport].first_unread == Some(key) {
            let next = self.next_unread(key);
            let transport = self.jobs[key].transport;
            self.transports[transport].first_unread = next;
        }
        self.pass_on_slots(key);
    }

    fn next_unread(&self, from: Key<Job>) -> Option<Key<Job>> {
        let mut walk = self.jobs[from].in_age.after();
        while let Some(job) = walk {
            if !self.messages[self.jobs[job].message].fully_read {
                return Some(job);
            }
            walk = self.jobs[job].in_age.after();
        }
        None
    }

    fn pass_on_slots(&mut self, key: Key<Job>) {
        let job = &self.jobs[key];
        let message = &self.messages[job.message];
        let spare = (job.slots - job.recipients).min(message.allowance - message.recipients);
        if spare <= 0 {
            return;
        }
        let transport = job.transport;
        self.take_slots(key, -spare);
        let free = self.transports[transport].unused_slots;
        if let Some(first) = self.transports[transport].first_unread
            && first != key
            && free > 0
        {
            self.take_slots(first, free);
        }
    }

    /// Whether the message of this job should be read on before more of it is delivered: when
    /// enough slots are free, or some are and the last reading was long enough ago.
    pub(super) fn wants_refill(&self, key: Key<Job>, now: Moment) -> bool {
        let job = &self.jobs[key];
        let message = &self.messages[job.message];
        let limits = &self.transports[job.transport].limits;
        let free = message.allowance - message.recipients;
        // A message without entries is about to be reported as drained.
        !message.fully_read
            && message.entries > 0
            && free > 0
            && (free >= limits.refill_limit || now > message.refilled + limits.refill_delay)
    }
}
