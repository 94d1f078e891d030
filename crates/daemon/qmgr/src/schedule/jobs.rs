// SPDX-License-Identifier: MIT OR Apache-2.0
//! The lists of jobs of a transport: how jobs get in, and when they leave.
//!
//! *Invariants*: a listed job is in both chains; every job that has waiting entries is listed; a
//! job is retired when its message is fully read and its last entry was selected.

use super::arena::Key;
use super::job::Job;
use super::message::Message;
use super::scheduler::Scheduler;
use super::transport::Transport;

impl Scheduler {
    /// The listed job of a message within a transport.
    pub(super) fn obtain_job(
        &mut self,
        message: Key<Message>,
        transport: Key<Transport>,
    ) -> Key<Job> {
        let known = self.messages[message]
            .jobs
            .iter()
            .copied()
            .find(|job| self.jobs[*job].transport == transport);
        let job = known.unwrap_or_else(|| {
            let job = self.jobs.insert(Job::new(message, transport));
            self.messages[message].jobs.push(job);
            job
        });
        if !self.jobs[job].listed {
            self.list(job);
        }
        job
    }

    /// A job got one more waiting entry.
    pub(super) fn job_grew(&mut self, key: Key<Job>) {
        let job = &mut self.jobs[key];
        let had_entries = job.has_entries();
        job.entries_read += 1;
        let transport = &mut self.transports[job.transport];
        let blocked = job.blocked_in_round == transport.round;
        job.blocked_in_round = 0;
        if (blocked || !had_entries) && job.in_order.after().is_some() {
            // It may stand before the current job, and have a destination with room now.
            transport.current = transport.order.first();
        } else if transport.current.is_none() {
            transport.current = Some(key);
        }
    }

    /// Puts a job into the chains at the place that its message's age gives it.
    fn list(&mut self, key: Key<Job>) {
        let age = self.age(key);
        let transport_key = self.jobs[key].transport;
        let younger = self.first_younger(transport_key, age);
        let next = self.place_in_order(transport_key, age);
        let transport = &mut self.transports[transport_key];
        transport.by_age.insert_before(&mut self.jobs, younger, key);
        transport.order.insert_before(&mut self.jobs, next, key);
        transport.candidate = None;
        match next {
            None if transport.current.is_none() => transport.current = Some(key),
            None => {}
            // Rare: a later part of a message that came before others.
            Some(_) => transport.current = transport.order.first(),
        }
        self.jobs[key].listed = true;
        self.jobs[key].level = 0;
        self.give_slots(key, age);
    }

    pub(super) fn age(&self, job: Key<Job>) -> u64 {
        self.messages[self.jobs[job].message].sequence
    }

    fn first_younger(&self, transport: Key<Transport>, age: u64) -> Option<Key<Job>> {
        let mut younger = None;
        let mut walk = self.transports[transport].by_age.last();
        while let Some(job) = walk {
            if self.age(job) < age {
                break;
            }
            younger = Some(job);
            walk = self.jobs[job].in_age.before();
        }
        younger
    }

    /// Behind the last job that did not overtake and is older; but never before a job at the head
    /// that is already being served.
    fn place_in_order(&self, transport: Key<Transport>, age: u64) -> Option<Key<Job>> {
        let order = &self.transports[transport].order;
        let mut next = None;
        let mut walk = order.last();
        while let Some(job) = walk {
            if self.jobs[job].parent.is_none() && self.age(job) < age {
                return next;
            }
            next = Some(job);
            walk = self.jobs[job].in_order.before();
        }
        match next {
            Some(head) if self.jobs[head].slots_used != 0 => self.jobs[head].in_order.after(),
            _ => next,
        }
    }

    /// Takes a job off the lists when nothing of it can wait any more.
    pub(super) fn retire_if_served(&mut self, key: Key<Job>) {
        let Some(job) = self.jobs.get(key) else {
            return;
        };
        if job.listed && !job.has_entries() && self.messages[job.message].fully_read {
            self.retire(key);
        }
    }

    pub(super) fn retire(&mut self, key: Key<Job>) {
        self.leave_stack(key);
        self.return_slots(key);
        let job = &mut self.jobs[key];
        job.listed = false;
        let after = job.in_order.after();
        let transport = &mut self.transports[job.transport];
        if transport.current == Some(key) {
            transport.current = after;
        }
        transport.candidate = None;
        transport.order.remove(&mut self.jobs, key);
        transport.by_age.remove(&mut self.jobs, key);
    }

    /// Ends what ties a job to those that it overtook and that overtook it. What it did not use of
    /// the slots that it cost is paid back, to the very job that paid.
    pub(super) fn leave_stack(&mut self, key: Key<Job>) {
        let slot_cost = self.transports[self.jobs[key].transport].limits.slot_cost;
        let job = &mut self.jobs[key];
        let (level, slots_used) = (job.level, job.slots_used);
        let parent = job.parent.take();
        let children = std::mem::take(&mut job.children);
        job.level = 0;
        job.slots_used = 0;
        if let Some(parent_key) = parent {
            let parent = &mut self.jobs[parent_key];
            parent.children.retain(|child| *child != key);
            if level == parent.level + 1 {
                parent.slots_available -= slots_used * slot_cost;
            }
            parent.children.extend(children.iter().copied());
        }
        for child in children {
            self.jobs[child].parent = parent;
        }
    }

    /// Forgets a message without entries, with its jobs.
    pub(crate) fn remove_message(&mut self, key: Key<Message>) {
        let Some(message) = self.messages.get_mut(key) else {
            return;
        };
        debug_assert_eq!(message.entries, 0, "a message with entries is not through");
        message.fully_read = true;
        let jobs = message.jobs.clone();
        for job in jobs {
            self.return_slots(job);
            if self.jobs[job].listed {
                self.retire(job);
            }
            self.jobs.remove(job);
        }
        self.messages.remove(key);
    }
}
