// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which entry is delivered when an agent is there.

use super::Moment;
use super::arena::Key;
use super::entry::Entry;
use super::job::{Job, Peer};
use super::scheduler::{Scheduler, Selection};
use super::transport::{Service, Transport};
use crate::schedule::timers::Timer;

impl Scheduler {
    /// Selects the next entry of a transport and counts it as being delivered.
    ///
    /// After [`Selection::Refill`] the caller reads the message on and [admits](Scheduler::admit)
    /// what it read, then asks again.
    pub(crate) fn select(&mut self, transport: Key<Transport>, now: Moment) -> Selection {
        if self.transports[transport].service != Service::Up {
            return Selection::Nothing;
        }
        let Some(current) = self.transports[transport].current else {
            return Selection::Nothing;
        };
        let overtaking = self.transports[transport].limits.slot_cost >= 2;
        let first = if overtaking {
            self.preempt(current, now)
        } else {
            current
        };
        let mut walk = Some(first);
        while let Some(job) = walk {
            walk = self.jobs[job].in_order.after();
            if self.jobs[job].blocked_in_round == self.transports[transport].round {
                continue;
            }
            if self.wants_refill(job, now) {
                return Selection::Refill(self.jobs[job].message);
            }
            if let Some(peer) = self.peer_in_turn(job) {
                return Selection::Entry(self.take(transport, job, peer, now));
            }
            if self.jobs[job].has_entries() {
                self.mark_blocked(job);
            }
        }
        // All are blocked, or everything was selected meanwhile. Whoever changes that sets this.
        self.transports[transport].current = None;
        Selection::Nothing
    }

    /// The next of a job's destinations that has room and something waiting; those passed over keep
    /// their order.
    fn peer_in_turn(&mut self, job: Key<Job>) -> Option<Key<Peer>> {
        let job = &mut self.jobs[job];
        let found = job.peers.iter().position(|peer| {
            let peer = &self.peers[*peer];
            !peer.waiting.is_empty() && self.destinations[peer.destination].has_room()
        })?;
        job.peers.rotate_left(found + 1);
        job.peers.back().copied()
    }

    fn take(
        &mut self,
        transport: Key<Transport>,
        job: Key<Job>,
        peer: Key<Peer>,
        now: Moment,
    ) -> Key<Entry> {
        let entry = *self.peers[peer]
            .waiting
            .front()
            .expect("this peer has something waiting");
        self.stop_waiting(entry);
        self.entries[entry].busy = true;
        let destination_key = self.entries[entry].destination;
        let destination = &mut self.destinations[destination_key];
        destination.busy += 1;
        destination.plan_connection_cache(now);
        self.destination_changed(destination_key);
        self.jobs[job].entries_selected += 1;
        self.count_slot(job);
        self.transports[transport].current = Some(job);
        self.retire_if_served(job);
        self.pause_transport(transport, now);
        entry
    }

    fn pause_transport(&mut self, key: Key<Transport>, now: Moment) {
        let transport = &mut self.transports[key];
        let pause = transport.limits.transport_rate_delay;
        if !pause.is_zero() {
            transport.service = Service::Pausing { until: now + pause };
            self.timers.set(now + pause, Timer::Transport(key));
        }
    }

    /// An entry leaves the lists of those that wait.
    pub(super) fn stop_waiting(&mut self, key: Key<Entry>) {
        let (peer, destination) = (self.entries[key].peer, self.entries[key].destination);
        let waiting = &mut self.peers[peer].waiting;
        if let Some(place) = waiting.iter().position(|entry| *entry == key) {
            waiting.remove(place);
        }
        let destination = &mut self.destinations[destination];
        destination.waiting.remove(&mut self.entries, key);
        destination.waiting_count -= 1;
    }

    /// None of a job's destinations has room: it is passed over until one has.
    fn mark_blocked(&mut self, key: Key<Job>) {
        let job = &mut self.jobs[key];
        let round = self.transports[job.transport].round;
        job.blocked_in_round = round;
        for peer in &job.peers {
            let peer = &self.peers[*peer];
            if !peer.waiting.is_empty() {
                self.destinations[peer.destination].blocks_round = Some(round);
            }
        }
    }

    /// The agent did not take this entry: it waits again.
    pub(crate) fn unselect(&mut self, key: Key<Entry>) {
        let Some(entry) = self.entries.get_mut(key) else {
            return;
        };
        if !entry.busy {
            return;
        }
        entry.busy = false;
        let (peer, destination, message) = (entry.peer, entry.destination, entry.message);
        let job = self.peers[peer].job;
        self.peers[peer].waiting.push_front(key);
        let first = self.destinations[destination].waiting.first();
        let place = &mut self.destinations[destination];
        place.waiting.insert_before(&mut self.entries, first, key);
        place.waiting_count += 1;
        place.busy -= 1;
        self.jobs[job].entries_selected -= 1;
        self.jobs[job].blocked_in_round = 0;
        if !self.jobs[job].listed {
            self.obtain_job(message, self.jobs[job].transport);
        }
        let transport = self.jobs[job].transport;
        self.transports[transport].current = self.transports[transport].order.first();
        self.destination_changed(destination);
    }
}
