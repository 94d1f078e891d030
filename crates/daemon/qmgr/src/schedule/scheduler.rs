// SPDX-License-Identifier: MIT OR Apache-2.0
//! The scheduler as one value: what it holds, what it is told, and what it answers.

use super::Moment;
use super::arena::{Arena, Key};
use super::destination::{Destination, Life};
use super::entry::Entry;
use super::job::{Job, Peer};
use super::limits::{Limits, TransportLimits};
use super::message::Message;
use super::timers::{Timer, Timers};
use super::transport::{Service, Transport};
use ipc::services::Recipient;
use std::collections::{HashMap, VecDeque};

/// Why mail is not even tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trouble {
    /// Enhanced status code, of class 4.
    pub(crate) status: String,
    /// What happened.
    pub(crate) reason: Vec<u8>,
}

impl Trouble {
    /// A trouble of this status and reason.
    pub(crate) fn new(status: &str, reason: &str) -> Self {
        Trouble {
            status: status.to_owned(),
            reason: reason.as_bytes().to_vec(),
        }
    }

    /// What makes the retry agent report it.
    pub(crate) fn as_nexthop(&self) -> Vec<u8> {
        [self.status.as_bytes(), b" ", &self.reason].concat()
    }
}

/// Where the resolver sends a recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route {
    /// The delivery agent.
    pub(crate) transport: Vec<u8>,
    /// Its destination.
    pub(crate) nexthop: Vec<u8>,
    /// The recipient, with its resolved address.
    pub(crate) recipient: Recipient,
}

/// What a delivery agent made of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Report {
    /// All recipients are finished.
    Done,
    /// Some recipients must be tried again.
    TryAgain,
    /// Some recipients must be tried again, since the whole destination is in trouble.
    Unreachable(Trouble),
    /// The agent gave no usable report.
    Lost(Trouble),
}

/// The answer to "which entry now?".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Selection {
    /// Deliver this.
    Entry(Key<Entry>),
    /// First read more recipients of this message, then ask again.
    Refill(Key<Message>),
    /// Nothing.
    Nothing,
}

/// What the caller has to do besides, in this order.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Record these recipients as deferred; not even the retry agent can be asked to.
    Defer {
        message: Key<Message>,
        recipients: Vec<Recipient>,
        trouble: Trouble,
    },
    /// No entry of this message is left: read on, or finish it.
    Drained(Key<Message>),
    /// A destination takes up a large part of the active queue.
    Clogged {
        destination: Key<Destination>,
        entries: u32,
    },
}

/// Tells the limits of a transport by its name.
type Settings = Box<dyn Fn(&[u8]) -> TransportLimits>;

/// Every message, recipient and destination of the active queue.
pub(crate) struct Scheduler {
    pub(super) limits: Limits,
    settings: Settings,
    pub(super) transports: Arena<Transport>,
    by_name: HashMap<Vec<u8>, Key<Transport>>,
    turns: VecDeque<Key<Transport>>,
    pub(super) destinations: Arena<Destination>,
    pub(super) messages: Arena<Message>,
    pub(super) jobs: Arena<Job>,
    pub(super) peers: Arena<Peer>,
    pub(super) peer_of: HashMap<(Key<Job>, Key<Destination>), Key<Peer>>,
    pub(super) entries: Arena<Entry>,
    /// Recipients in memory.
    pub(super) recipients: usize,
    pub(super) sequence: u64,
    pub(super) timers: Timers,
    pub(super) effects: VecDeque<Effect>,
    /// How often to warn about one destination; zero is never.
    pub(super) clog_warning_interval: std::time::Duration,
}

/// The transport that records recipients as deferred.
pub(super) const RETRY: &[u8] = b"retry";
/// The transport that bounces recipients.
pub(super) const ERROR: &[u8] = b"error";

impl Scheduler {
    /// An empty one; `settings` tells the limits of a transport by its name.
    pub(crate) fn new(
        limits: Limits,
        clog_warning_interval: std::time::Duration,
        settings: impl Fn(&[u8]) -> TransportLimits + 'static,
    ) -> Self {
        Scheduler {
            limits,
            settings: Box::new(settings),
            transports: Arena::new(),
            by_name: HashMap::new(),
            turns: VecDeque::new(),
            destinations: Arena::new(),
            messages: Arena::new(),
            jobs: Arena::new(),
            peers: Arena::new(),
            peer_of: HashMap::new(),
            entries: Arena::new(),
            recipients: 0,
            sequence: 0,
            timers: Timers::new(),
            effects: VecDeque::new(),
            clog_warning_interval,
        }
    }

    /// How many messages are in the active queue.
    pub(crate) fn message_count(&self) -> usize {
        self.messages.len()
    }

    /// Whether one more message may enter.
    pub(crate) fn has_room(&self) -> bool {
        self.messages.len() < self.limits.messages
    }

    /// What the caller has to do next.
    pub(crate) fn next_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// An entry that was selected and is not finished.
    pub(crate) fn entry(&self, entry: Key<Entry>) -> Option<&Entry> {
        self.entries.get(entry)
    }

    /// A destination that has entries.
    pub(crate) fn destination(&self, destination: Key<Destination>) -> Option<&Destination> {
        self.destinations.get(destination)
    }

    /// A transport; those are kept for ever.
    pub(crate) fn transport(&self, transport: Key<Transport>) -> &Transport {
        &self.transports[transport]
    }

    /// The window and the deliveries in progress of a destination, for warnings and tests.
    pub(crate) fn load(&self, destination: Key<Destination>) -> Option<(u32, u32)> {
        self.destinations
            .get(destination)
            .map(|d| (d.window.size(), d.busy))
    }

    pub(super) fn transport_named(&mut self, name: &[u8]) -> Key<Transport> {
        if let Some(known) = self.by_name.get(name) {
            return *known;
        }
        let limits = (self.settings)(name);
        let transport = self
            .transports
            .insert(Transport::new(name.to_vec(), limits));
        self.by_name.insert(name.to_vec(), transport);
        self.turns.push_back(transport);
        transport
    }

    /// The next transport that has something to deliver and needs an agent for it. Each answer
    /// counts as an agent asked for, until [`Scheduler::agent_answered`].
    pub(crate) fn next_transport(&mut self) -> Option<Key<Transport>> {
        for _ in 0..self.turns.len() {
            let transport = self.turns.pop_front()?;
            self.turns.push_back(transport);
            if self.transports[transport].wants_agent() {
                self.transports[transport].pending += 1;
                return Some(transport);
            }
        }
        None
    }

    /// An agent that was asked for is there, or will not come.
    pub(crate) fn agent_answered(&mut self, transport: Key<Transport>) {
        let transport = &mut self.transports[transport];
        transport.pending = transport.pending.saturating_sub(1);
    }

    /// Forgets all troubles, on the administrator's request.
    pub(crate) fn revive_all(&mut self) {
        for transport in self.transports.keys() {
            self.revive_transport(transport);
        }
        for destination in self.destinations.keys() {
            if self.destinations[destination].trouble().is_some() {
                self.revive_destination(destination);
            }
        }
    }

    pub(super) fn revive_transport(&mut self, transport: Key<Transport>) {
        let transport = &mut self.transports[transport];
        if transport.trouble().is_some() {
            transport.service = Service::Up;
        }
    }

    /// Calls a dead destination alive.
    pub(super) fn revive_destination(&mut self, key: Key<Destination>) {
        let destination = &mut self.destinations[key];
        let limits = self.transports[destination.transport].limits.window;
        let busy = destination.busy;
        destination.window.revive(&limits, busy);
        destination.life = Life::Alive;
        self.destination_changed(key);
        self.forget_idle_destination(key);
    }

    /// Gives back memory when no message is left; whether there were many.
    pub(crate) fn rest(&mut self) -> bool {
        let many = self.messages.rest();
        if many {
            self.jobs.rest();
            self.peers.rest();
            self.entries.rest();
            self.destinations.rest();
            self.peer_of.shrink_to(64);
            self.effects.shrink_to(64);
        }
        many
    }

    /// When to call [`Scheduler::wake_up`] at the latest.
    pub(crate) fn next_wake_up(&self) -> Option<Moment> {
        self.timers.next()
    }

    /// Ends the pauses and the troubles whose time is over.
    pub(crate) fn wake_up(&mut self, now: Moment) {
        while let Some((at, timer)) = self.timers.expired(now) {
            match timer {
                Timer::Transport(key) => {
                    let transport = &mut self.transports[key];
                    match transport.service {
                        Service::Pausing { until } | Service::Down { until, .. } if until == at => {
                            transport.service = Service::Up;
                        }
                        Service::Up | Service::Pausing { .. } | Service::Down { .. } => {}
                    }
                }
                Timer::Destination(key) => self.destination_timer(key, at),
            }
        }
    }

    fn destination_timer(&mut self, key: Key<Destination>, at: Moment) {
        let Some(destination) = self.destinations.get_mut(key) else {
            return;
        };
        match destination.life {
            Life::Dead { until, .. } if until == at => self.revive_destination(key),
            Life::Pausing { until } if until == at => {
                destination.life = Life::Alive;
                self.destination_changed(key);
                self.forget_idle_destination(key);
            }
            Life::Alive | Life::Pausing { .. } | Life::Dead { .. } => {}
        }
    }

    /// To be called after each change of a destination's life, window, waiting or running
    /// entries: keeps the transport's count, and frees jobs that waited for room here.
    pub(super) fn destination_changed(&mut self, key: Key<Destination>) {
        let destination = &mut self.destinations[key];
        let transport = &mut self.transports[destination.transport];
        let deliverable = destination.room_for_waiting();
        transport.deliverable = transport.deliverable - destination.deliverable + deliverable;
        destination.deliverable = deliverable;
        if destination.blocks_round == Some(transport.round) {
            if deliverable > 0 {
                transport.round += 1;
                transport.current = transport.order.first();
                transport.candidate = None;
            }
            if deliverable > 0 || destination.waiting_count == 0 {
                destination.blocks_round = None;
            }
        }
    }

    /// Nothing is remembered about a destination that is alive and idle; of dead ones, only as
    /// many as memory allows.
    pub(super) fn forget_idle_destination(&mut self, key: Key<Destination>) {
        let too_many = self.destinations.len() > 2 * self.limits.recipients;
        let Some(destination) = self.destinations.get(key) else {
            return;
        };
        let keep = match destination.life {
            Life::Alive => false,
            Life::Pausing { .. } => true,
            Life::Dead { .. } => !too_many,
        };
        if keep || !destination.is_idle() {
            return;
        }
        if let Some(destination) = self.destinations.remove(key) {
            self.transports[destination.transport]
                .destinations
                .remove(&destination.name);
        }
    }

    /// The next number of an order.
    pub(super) fn next_sequence(&mut self) -> u64 {
        self.sequence += 1;
        self.sequence
    }
}
