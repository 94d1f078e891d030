// SPDX-License-Identifier: MIT OR Apache-2.0
//! How small jobs overtake large ones.
//!
//! Each delivery of a job earns a part of a slot for others. When the best candidate can be
//! delivered in the slots that the current job has earned (with some discount and some loan), it
//! moves in front of it, and the full price is charged. What it did not use in the end is paid
//! back. So no job is delayed by more than a constant factor, however many overtake it, and however
//! many overtake those.
//!
//! The candidate is the one with the longest waiting time per recipient among those that the
//! current job could ever earn enough slots for: not simply the smallest, or the second smallest
//! would wait for ever.
//!
//! *Postfix:* qmgr_job_preempt and its helpers; SCHEDULER_README.

use super::Moment;
use super::arena::Key;
use super::job::Job;
use super::scheduler::Scheduler;
use super::transport::Candidate;

impl Scheduler {
    /// The job to serve: the current one, or the one that overtakes it.
    pub(super) fn preempt(&mut self, current: Key<Job>, now: Moment) -> Key<Job> {
        let job = &self.jobs[current];
        let transport_key = job.transport;
        let limits = &self.transports[transport_key].limits;
        let (cost, loan, discount) = (limits.slot_cost, limits.slot_loan, limits.slot_discount);
        let available = job.slots_available;
        if available <= 0 || self.most_entries(current) < limits.minimum_slots * cost {
            return current;
        }
        let Some(candidate) = self.candidate(current, now) else {
            return current;
        };
        let needed = self.most_entries(candidate) - self.jobs[candidate].entries_selected;
        if (available / cost + loan) * 100 < needed * (100 - discount) {
            return current;
        }

        self.leave_stack(candidate);
        let transport = &mut self.transports[transport_key];
        transport.order.remove(&mut self.jobs, candidate);
        transport
            .order
            .insert_before(&mut self.jobs, Some(current), candidate);
        transport.current = Some(candidate);
        transport.candidate = None;
        let level = self.jobs[current].level + 1;
        self.jobs[current].children.push(candidate);
        self.jobs[current].slots_available -= needed * cost;
        let job = &mut self.jobs[candidate];
        job.parent = Some(current);
        job.level = level;
        job.slots_used = -needed;
        if !self.messages[job.message].fully_read {
            let transport = &self.transports[transport_key];
            let left = transport.limits.extra_recipients + transport.unused_slots;
            self.take_slots(candidate, ((left + 1) / 2).max(0));
        }
        candidate
    }

    /// An entry of this job was selected.
    pub(super) fn count_slot(&mut self, key: Key<Job>) {
        let job = &mut self.jobs[key];
        job.slots_available += 1;
        job.slots_used += 1;
        let transport = &mut self.transports[job.transport];
        // A job that was not the current one has become a slightly better candidate.
        if transport
            .candidate
            .is_some_and(|candidate| candidate.current != key)
        {
            transport.candidate = None;
        }
    }

    /// The most entries that this job can turn out to have had, when all recipients are read.
    fn most_entries(&self, key: Key<Job>) -> i64 {
        let job = &self.jobs[key];
        job.entries_read + self.messages[job.message].unread
    }

    fn candidate(&mut self, current: Key<Job>, now: Moment) -> Option<Key<Job>> {
        let transport_key = self.jobs[current].transport;
        if let Some(known) = self.transports[transport_key].candidate {
            // That there is none does not change with time alone.
            if known.current == current && (known.best.is_none() || known.found_at == now) {
                return known.best;
            }
        }
        let best = self.best_candidate(current, now);
        self.transports[transport_key].candidate = Some(Candidate {
            current,
            found_at: now,
            best,
        });
        best
    }

    fn best_candidate(&self, current: Key<Job>, now: Moment) -> Option<Key<Job>> {
        let job = &self.jobs[current];
        let transport = &self.transports[job.transport];
        let may_earn = job.entries_read - job.entries_selected + job.slots_available;
        let slots = may_earn / transport.limits.slot_cost;
        let mut best = None;
        let mut best_score = 0.0;
        let mut walk = if slots > 0 {
            job.in_order.after()
        } else {
            None
        };
        while let Some(key) = walk {
            let job = &self.jobs[key];
            walk = job.in_order.after();
            if !job.children.is_empty() || job.blocked_in_round == transport.round {
                continue;
            }
            let waited = now
                .saturating_sub(self.messages[job.message].queued)
                .as_secs_f64()
                + 1.0;
            let total = self.most_entries(key);
            let needed = total - job.entries_selected;
            if needed > 0 && needed <= slots {
                let score = waited / as_float(total);
                if score > best_score {
                    best_score = score;
                    best = Some(key);
                }
            }
            // Younger ones cannot do better.
            if waited <= best_score {
                break;
            }
        }
        best
    }
}

/// Entries in a score; beyond the range of `u32` they score alike.
fn as_float(entries: i64) -> f64 {
    f64::from(u32::try_from(entries).unwrap_or(u32::MAX))
}
