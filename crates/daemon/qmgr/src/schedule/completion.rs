// SPDX-License-Identifier: MIT OR Apache-2.0
//! What follows from the end of a delivery, and from troubles.

use super::Moment;
use super::admission::count;
use super::arena::Key;
use super::destination::{ConnectionCache, Destination, Life};
use super::entry::Entry;
use super::feedback::Verdict;
use super::scheduler::{Effect, RETRY, Report, Scheduler, Trouble};
use super::timers::Timer;
use super::transport::{Service, Transport};
use ipc::services::Recipient;

impl Scheduler {
    /// A delivery ended.
    pub(crate) fn finished(&mut self, key: Key<Entry>, report: Report, now: Moment) {
        let Some(entry) = self.entries.get(key) else {
            return;
        };
        let destination = entry.destination;
        let transport = self.destinations[destination].transport;
        match report {
            Report::Done | Report::TryAgain => {
                self.revive_transport(transport);
                self.destination_works(destination);
            }
            Report::Unreachable(trouble) => {
                self.revive_transport(transport);
                self.destination_fails(destination, &trouble, now);
            }
            Report::Lost(trouble) => {
                self.destination_fails(destination, &trouble, now);
                self.redirect(key, &trouble, now);
            }
        }
        self.drop_entry(key, now);
    }

    fn destination_works(&mut self, key: Key<Destination>) {
        let destination = &mut self.destinations[key];
        let limits = self.transports[destination.transport].limits.window;
        match destination.life {
            Life::Dead { .. } => self.revive_destination(key),
            Life::Alive | Life::Pausing { .. } => {
                let busy = destination.busy;
                destination.window.succeeded(&limits, busy);
                self.destination_changed(key);
            }
        }
    }

    fn destination_fails(&mut self, key: Key<Destination>, trouble: &Trouble, now: Moment) {
        let until = now + self.limits.dead_destination;
        let destination = &mut self.destinations[key];
        if destination.life != Life::Alive {
            return;
        }
        let limits = self.transports[destination.transport].limits.window;
        if destination.window.failed(&limits) == Verdict::Dead {
            destination.life = Life::Dead {
                until,
                trouble: trouble.clone(),
            };
            destination.cache = ConnectionCache::default();
            self.timers.set(until, Timer::Destination(key));
            self.defer_waiting(key, trouble, now);
        }
        self.destination_changed(key);
    }

    /// No agent of this transport can be had. Everything that waits for it is deferred, and new
    /// mail for it will be, until it is time to try again.
    pub(crate) fn transport_failed(&mut self, key: Key<Transport>, trouble: &Trouble, now: Moment) {
        let until = now + self.limits.dead_transport;
        let transport = &mut self.transports[key];
        if transport.trouble().is_none() {
            transport.service = Service::Down {
                until,
                trouble: trouble.clone(),
            };
            self.timers.set(until, Timer::Transport(key));
        }
        let mut destinations: Vec<_> = transport.destinations.values().copied().collect();
        destinations.sort_by(|a, b| self.destinations[*a].name.cmp(&self.destinations[*b].name));
        for destination in destinations {
            self.defer_waiting(destination, trouble, now);
        }
    }

    /// Everything that waits for this destination goes to the retry agent instead.
    fn defer_waiting(&mut self, key: Key<Destination>, trouble: &Trouble, now: Moment) {
        // An entry that leaves may take the destination with it.
        while let Some(entry) = self.destinations.get(key).and_then(|d| d.waiting.first()) {
            self.redirect(entry, trouble, now);
            self.drop_entry(entry, now);
        }
    }

    /// Hands the recipients of an entry to the retry agent; or, when that is in trouble or is the
    /// one that failed, to the caller.
    fn redirect(&mut self, key: Key<Entry>, trouble: &Trouble, now: Moment) {
        let entry = &self.entries[key];
        let message = entry.message;
        let transport = self.destinations[entry.destination].transport;
        let failed_retry = self.transports[transport].name == RETRY;
        let place = if failed_retry {
            None
        } else {
            self.retry_destination(trouble)
        };
        let recipients = self.take_recipients(key);
        let Some(destination) = place else {
            let trouble = trouble.clone();
            self.effects.push_back(Effect::Defer {
                message,
                recipients,
                trouble,
            });
            return;
        };
        let moved = count(recipients.len());
        self.recipients += recipients.len();
        self.messages[message].recipients += moved;
        let job = self.obtain_job(message, self.destinations[destination].transport);
        self.jobs[job].recipients += moved;
        let peer = self.obtain_peer(job, destination);
        self.create_entry(message, destination, peer, recipients, now);
    }

    /// Takes the recipients out of an entry and out of all accounts.
    fn take_recipients(&mut self, key: Key<Entry>) -> Vec<Recipient> {
        let entry = &mut self.entries[key];
        let (message, peer) = (entry.message, entry.peer);
        let recipients = std::mem::take(&mut entry.recipients);
        let job = self.peers[peer].job;
        self.recipients = self.recipients.saturating_sub(recipients.len());
        self.jobs[job].recipients -= count(recipients.len());
        self.messages[message].recipients -= count(recipients.len());
        recipients
    }

    /// Forgets an entry, and what lived only for it.
    fn drop_entry(&mut self, key: Key<Entry>, now: Moment) {
        self.take_recipients(key);
        let entry = &self.entries[key];
        let (message, peer_key, destination, busy) =
            (entry.message, entry.peer, entry.destination, entry.busy);
        let job = self.peers[peer_key].job;
        if busy {
            self.destinations[destination].busy -= 1;
        } else {
            self.stop_waiting(key);
            // As if it had been selected, but without earning anything.
            self.jobs[job].entries_selected += 1;
        }
        self.entries.remove(key);
        let peer = &mut self.peers[peer_key];
        peer.entries -= 1;
        if peer.entries == 0 {
            self.peers.remove(peer_key);
            self.peer_of.remove(&(job, destination));
            self.jobs[job].peers.retain(|other| *other != peer_key);
        }
        self.return_slots(job);
        self.retire_if_served(job);
        if busy {
            self.after_delivery(destination, now);
        }
        self.destination_changed(destination);
        self.forget_idle_destination(destination);
        self.messages[message].entries -= 1;
        if self.messages[message].entries == 0 {
            self.effects.push_back(Effect::Drained(message));
        }
    }

    fn after_delivery(&mut self, key: Key<Destination>, now: Moment) {
        let destination = &mut self.destinations[key];
        destination.last_delivery = Some(now);
        let pause = self.transports[destination.transport]
            .limits
            .destination_rate_delay;
        if !pause.is_zero() && destination.life == Life::Alive {
            destination.life = Life::Pausing { until: now + pause };
            self.timers.set(now + pause, Timer::Destination(key));
        }
    }
}
