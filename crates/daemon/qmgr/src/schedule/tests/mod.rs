// SPDX-License-Identifier: MIT OR Apache-2.0
//! Simulations of the scheduler: a clock that is a number, and delivery agents that are lists.

mod order;
mod random;
mod resources;
mod troubles;

use super::destination::ConnectionCache;
use super::*;
use std::collections::HashMap;
use std::time::Duration;

/// A scheduler with a clock, the deliveries in progress, and what happened.
struct Simulation {
    scheduler: Scheduler,
    now: Moment,
    messages: Vec<Key<Message>>,
    /// Recipients that are still in the files.
    files: Vec<Vec<(String, String)>>,
    running: Vec<Key<Entry>>,
    /// `message:recipient` in the order of delivery.
    delivered: Vec<String>,
    /// Recipients that the caller had to defer, with the trouble.
    deferred: Vec<(String, String)>,
    /// Messages that were reported as drained with nothing left in their files.
    finished: Vec<usize>,
}

fn limits() -> Limits {
    Limits {
        recipients: 20000,
        recipients_per_message: 10,
        messages: 20000,
        dead_destination: Duration::from_secs(300),
        dead_transport: Duration::from_secs(60),
        delimiters: Vec::new(),
    }
}

fn transport_limits() -> TransportLimits {
    TransportLimits {
        window: WindowLimits {
            initial: 5,
            maximum: 20,
            positive: Feedback::Constant(1.0),
            negative: Feedback::Constant(1.0),
            failed_cohorts: 1,
        },
        recipients_per_delivery: 50,
        destination_rate_delay: Duration::ZERO,
        transport_rate_delay: Duration::ZERO,
        recipients: 20000,
        extra_recipients: 1000,
        refill_limit: 100,
        refill_delay: Duration::from_secs(5),
        slot_cost: 5,
        slot_loan: 3,
        slot_discount: 50,
        minimum_slots: 3,
    }
}

impl Simulation {
    fn new() -> Self {
        Self::with(limits(), |limits| limits)
    }

    fn with(limits: Limits, change: impl Fn(TransportLimits) -> TransportLimits + 'static) -> Self {
        let settings = move |name: &[u8]| match name {
            b"retry" | b"error" => transport_limits(),
            _ => change(transport_limits()),
        };
        Simulation {
            scheduler: Scheduler::new(limits, Duration::from_secs(300), settings),
            now: Duration::from_secs(1),
            messages: Vec::new(),
            files: Vec::new(),
            running: Vec::new(),
            delivered: Vec::new(),
            deferred: Vec::new(),
            finished: Vec::new(),
        }
    }

    /// A message whose file holds these recipients, as `(transport, address)`; the next hop is the
    /// domain. Returns its number.
    fn message(&mut self, recipients: &[(&str, &str)]) -> usize {
        let file = recipients
            .iter()
            .map(|(t, a)| ((*t).to_owned(), (*a).to_owned()))
            .collect();
        self.files.push(file);
        self.messages.push(self.scheduler.add_message(self.now));
        let number = self.messages.len() - 1;
        self.read(number, false);
        number
    }

    /// A message to `count` recipients of `domain` through smtp.
    fn bulk(&mut self, count: usize, domain: &str) -> usize {
        let addresses: Vec<_> = (0..count).map(|i| format!("u{i:05}@{domain}")).collect();
        let recipients: Vec<_> = addresses.iter().map(|a| ("smtp", a.as_str())).collect();
        self.message(&recipients)
    }

    fn read(&mut self, number: usize, flush: bool) {
        let message = self.messages[number];
        let allowance = self.scheduler.reading_allowance(message);
        let file = &mut self.files[number];
        let part = file.drain(..allowance.min(file.len()));
        let routes = part
            .map(|(transport, address)| route(&transport, &address))
            .collect();
        let unread = self.files[number].len();
        self.scheduler
            .admit(message, routes, unread, flush, self.now);
        self.follow_up();
    }

    fn follow_up(&mut self) {
        while let Some(effect) = self.scheduler.next_effect() {
            match effect {
                Effect::Defer {
                    recipients,
                    trouble,
                    ..
                } => {
                    let reason = String::from_utf8(trouble.reason).unwrap();
                    self.deferred.extend(
                        recipients
                            .into_iter()
                            .map(|r| (text(&r.address), reason.clone())),
                    );
                }
                Effect::Drained(message) => {
                    let number = self.messages.iter().position(|m| *m == message).unwrap();
                    if self.files[number].is_empty() {
                        self.finished.push(number);
                        self.scheduler.remove_message(message);
                    } else {
                        self.read(number, false);
                    }
                }
                Effect::Clogged { .. } => {}
            }
        }
        self.scheduler.check();
    }

    /// Starts whatever can be started; returns the recipients, one text per delivery.
    fn start(&mut self) -> Vec<String> {
        let mut started = Vec::new();
        while let Some(transport) = self.scheduler.next_transport() {
            self.scheduler.agent_answered(transport);
            let pausing = !self.scheduler.transports[transport]
                .limits
                .transport_rate_delay
                .is_zero();
            match self.select(transport) {
                Some(entry) => {
                    started.push(self.describe(entry));
                    self.running.push(entry);
                }
                None => assert!(pausing, "an agent was asked for in vain"),
            }
        }
        started
    }

    fn select(&mut self, transport: Key<Transport>) -> Option<Key<Entry>> {
        loop {
            match self.scheduler.select(transport, self.now) {
                Selection::Entry(entry) => {
                    self.scheduler.check();
                    return Some(entry);
                }
                Selection::Refill(message) => {
                    let number = self.messages.iter().position(|m| *m == message).unwrap();
                    self.read(number, false);
                }
                Selection::Nothing => return None,
            }
        }
    }

    fn describe(&self, entry: Key<Entry>) -> String {
        let entry = self.scheduler.entry(entry).unwrap();
        let number = self
            .messages
            .iter()
            .position(|m| *m == entry.message)
            .unwrap();
        let destination = self.scheduler.destination(entry.destination).unwrap();
        let transport = text(&self.scheduler.transport(destination.transport).name);
        let recipients: Vec<_> = entry.recipients.iter().map(|r| text(&r.address)).collect();
        format!("{number}:{transport}:{}", recipients.join(","))
    }

    fn end(&mut self, entry: Key<Entry>, report: Report) {
        let number = self.describe(entry);
        if report == Report::Done {
            self.delivered.push(number);
        }
        self.running.retain(|e| *e != entry);
        self.scheduler.finished(entry, report, self.now);
        self.follow_up();
    }

    /// Ends the oldest delivery.
    fn end_first(&mut self, report: Report) {
        self.end(self.running[0], report);
    }

    /// Delivers everything, one delivery at a time, and returns the messages in that order.
    fn drain_one_at_a_time(&mut self, transport: &str) -> String {
        let key = self.scheduler.transport_named(transport.as_bytes());
        let mut order = String::new();
        while let Some(entry) = self.select(key) {
            order.push_str(self.describe(entry).split(':').next().unwrap());
            self.running.push(entry);
            self.end(entry, Report::Done);
        }
        order
    }

    fn pass(&mut self, seconds: u64) {
        self.now += Duration::from_secs(seconds);
        self.scheduler.wake_up(self.now);
        self.follow_up();
    }
}

fn route(transport: &str, address: &str) -> Route {
    let domain = address.rsplit('@').next().unwrap();
    Route {
        transport: transport.as_bytes().to_vec(),
        nexthop: domain.as_bytes().to_vec(),
        recipient: ipc::services::Recipient::new(address),
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn unreachable() -> Report {
    Report::Unreachable(Trouble::new("4.4.1", "connection refused"))
}

fn lost() -> Report {
    Report::Lost(Trouble::new("4.3.0", "unknown mail transport error"))
}

impl Scheduler {
    /// Recomputes every account from scratch and compares.
    fn check(&self) {
        let mut recipients = 0;
        let mut of_message: HashMap<_, Vec<_>> = HashMap::new();
        let mut of_destination: HashMap<_, Vec<_>> = HashMap::new();
        let mut of_transport: HashMap<_, Vec<_>> = HashMap::new();
        for key in self.entries.keys() {
            let entry = &self.entries[key];
            assert!(self.messages.get(entry.message).is_some());
            let peer = &self.peers[entry.peer];
            assert_eq!(peer.destination, entry.destination);
            recipients += entry.recipients.len();
            of_message.entry(entry.message).or_default().push(key);
            of_destination
                .entry(entry.destination)
                .or_default()
                .push(key);
            let job = &self.jobs[peer.job];
            assert!(
                entry.busy || job.listed,
                "a job with waiting entries is listed"
            );
        }
        assert_eq!(self.recipients, recipients);
        for key in self.jobs.keys() {
            of_transport
                .entry(self.jobs[key].transport)
                .or_default()
                .push(key);
        }
        for key in self.messages.keys() {
            self.check_message(key, &of_message.remove(&key).unwrap_or_default());
        }
        for key in self.transports.keys() {
            self.check_transport(key, &of_transport.remove(&key).unwrap_or_default());
        }
        for key in self.destinations.keys() {
            self.check_destination(key, &of_destination.remove(&key).unwrap_or_default());
        }
        assert_eq!(self.peers.len(), self.peer_of.len());
    }

    fn check_message(&self, key: Key<Message>, own: &[Key<Entry>]) {
        let message = &self.messages[key];
        assert_eq!(message.entries, own.len());
        let in_entries: usize = own.iter().map(|e| self.entries[*e].recipients.len()).sum();
        assert_eq!(message.recipients, i64::try_from(in_entries).unwrap());
        let slots: i64 = message.jobs.iter().map(|job| self.jobs[*job].slots).sum();
        let minimum = i64::try_from(self.limits.recipients_per_message).unwrap();
        assert_eq!(message.allowance, minimum + slots);
        let in_jobs: i64 = message
            .jobs
            .iter()
            .map(|job| self.jobs[*job].recipients)
            .sum();
        assert_eq!(message.recipients, in_jobs);
        for job in &message.jobs {
            let mut waiting = 0;
            for entry in self.jobs[*job]
                .peers
                .iter()
                .flat_map(|peer| &self.peers[*peer].waiting)
            {
                assert!(!self.entries[*entry].busy);
                waiting += 1;
            }
            let job = &self.jobs[*job];
            assert_eq!(job.entries_read - job.entries_selected, waiting);
        }
    }

    fn check_transport(&self, key: Key<Transport>, jobs: &[Key<job::Job>]) {
        let transport = &self.transports[key];
        let slots: i64 = jobs.iter().map(|job| self.jobs[*job].slots).sum();
        assert_eq!(slots + transport.unused_slots, transport.limits.recipients);
        assert!(transport.unused_slots >= -transport.limits.extra_recipients);
        let (mut listed, mut walk, mut seen_current) = (0, transport.order.first(), false);
        while let Some(job) = walk {
            listed += 1;
            seen_current |= transport.current == Some(job);
            let job = &self.jobs[job];
            assert!(job.listed);
            let passed = !seen_current && job.has_entries();
            assert!(
                !passed || job.blocked_in_round == transport.round,
                "job passed over"
            );
            for peer in job.peers.iter().map(|peer| &self.peers[*peer]) {
                let could =
                    !peer.waiting.is_empty() && self.destinations[peer.destination].has_room();
                assert!(
                    !could || job.blocked_in_round != transport.round,
                    "job forgotten"
                );
            }
            walk = job.in_order.after();
        }
        assert_eq!(
            listed,
            jobs.iter().filter(|job| self.jobs[**job].listed).count()
        );
        assert!(seen_current || transport.current.is_none());
        let (mut aged, mut walk) = (Vec::new(), transport.by_age.first());
        while let Some(job) = walk {
            aged.push(self.age(job));
            walk = self.jobs[job].in_age.after();
        }
        assert!(aged.is_sorted());
        assert_eq!(aged.len(), listed);
        let mut unread = transport.by_age.first();
        while let Some(job) = unread {
            if !self.messages[self.jobs[job].message].fully_read {
                break;
            }
            unread = self.jobs[job].in_age.after();
        }
        assert_eq!(transport.first_unread, unread);
        let deliverable: u32 = transport
            .destinations
            .values()
            .map(|d| self.destinations[*d].deliverable)
            .sum();
        assert_eq!(transport.deliverable, deliverable);
    }

    fn check_destination(&self, key: Key<destination::Destination>, entries: &[Key<Entry>]) {
        let destination = &self.destinations[key];
        let busy = entries
            .iter()
            .filter(|entry| self.entries[**entry].busy)
            .count();
        assert_eq!(usize::try_from(destination.busy).unwrap(), busy);
        assert_eq!(
            usize::try_from(destination.waiting_count).unwrap(),
            entries.len() - busy
        );
        assert_eq!(destination.deliverable, destination.room_for_waiting());
        assert!(!destination.is_idle() || destination.life != destination::Life::Alive);
    }
}
