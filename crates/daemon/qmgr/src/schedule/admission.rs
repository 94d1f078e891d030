// SPDX-License-Identifier: MIT OR Apache-2.0
//! How recipients come in: from routes to entries.

use super::Moment;
use super::arena::{Key, Links};
use super::destination::Destination;
use super::entry::Entry;
use super::feedback::Window;
use super::job::{Job, Peer};
use super::limits::Limits;
use super::message::Message;
use super::scheduler::{ERROR, Effect, RETRY, Route, Scheduler, Trouble};
use ipc::services::Recipient;
use std::collections::VecDeque;

impl Scheduler {
    /// A message enters the active queue, as yet without recipients.
    pub(crate) fn add_message(&mut self, now: Moment) -> Key<Message> {
        let sequence = self.next_sequence();
        self.messages.insert(Message {
            queued: now,
            sequence,
            refilled: now,
            jobs: Vec::new(),
            entries: 0,
            recipients: 0,
            allowance: count(self.limits.recipients_per_message),
            unread: 0,
            single_recipients: false,
            fully_read: false,
        })
    }

    /// Each delivery of this message may have one recipient only, since each has a sender of its
    /// own (VERP). To be called before its recipients are admitted.
    pub(crate) fn deliver_singly(&mut self, message: Key<Message>) {
        self.messages[message].single_recipients = true;
    }

    /// How many recipients may be read from the file of this message now; at least one.
    pub(crate) fn reading_allowance(&self, message: Key<Message>) -> usize {
        let message = &self.messages[message];
        let own = usize::try_from(message.allowance - message.recipients).unwrap_or(0);
        let first = message.jobs.is_empty();
        let common = self.limits.recipients.saturating_sub(self.recipients);
        let allowance = if first { own.max(common) } else { own };
        allowance.clamp(1, Limits::RECIPIENTS_PER_READING)
    }

    /// Takes in recipients that were read from the file of a message, of which at most `unread`
    /// recipients remain to be read; zero ends the reading. With `flush`, troubles of their
    /// destinations are forgotten first.
    pub(crate) fn admit(
        &mut self,
        message: Key<Message>,
        routes: Vec<Route>,
        unread: usize,
        flush: bool,
        now: Moment,
    ) {
        self.messages[message].refilled = now;
        self.messages[message].unread = count(unread);
        self.messages[message].fully_read = unread == 0;
        let mut placed = Vec::with_capacity(routes.len());
        for route in routes {
            match self.place(&route, flush) {
                Ok(destination) => placed.push((destination, route.recipient)),
                Err(trouble) => self.effects.push_back(Effect::Defer {
                    message,
                    recipients: vec![route.recipient],
                    trouble,
                }),
            }
        }
        placed.sort_by(|a, b| self.in_delivery_order(a, b));
        for (destination, recipient) in placed {
            self.assign(message, destination, recipient, now);
        }
        let jobs = self.messages[message].jobs.clone();
        if unread == 0 {
            for job in jobs {
                self.return_slots(job);
                self.retire_if_served(job);
            }
        }
        if self.messages[message].entries == 0 {
            self.effects.push_back(Effect::Drained(message));
        }
    }

    /// By transport, destination, domain, and address.
    fn in_delivery_order(
        &self,
        (a_place, a): &(Key<Destination>, Recipient),
        (b_place, b): &(Key<Destination>, Recipient),
    ) -> std::cmp::Ordering {
        let (a_destination, b_destination) =
            (&self.destinations[*a_place], &self.destinations[*b_place]);
        let (a_transport, b_transport) = (
            &self.transports[a_destination.transport],
            &self.transports[b_destination.transport],
        );
        a_transport
            .name
            .cmp(&b_transport.name)
            .then_with(|| a_destination.name.cmp(&b_destination.name))
            .then_with(|| domain(&a.address).cmp(&domain(&b.address)))
            .then_with(|| {
                a.address
                    .to_ascii_lowercase()
                    .cmp(&b.address.to_ascii_lowercase())
            })
    }

    /// The destination for a route, or the retry agent's when that is in trouble; the trouble
    /// itself when even the retry agent is.
    fn place(&mut self, route: &Route, flush: bool) -> Result<Key<Destination>, Trouble> {
        let transport = self.transport_named(&route.transport);
        if flush {
            self.revive_transport(transport);
        }
        if let Some(trouble) = self.transports[transport].trouble().cloned() {
            return self.retry_destination(&trouble).ok_or(trouble);
        }
        let name = self.destination_name(route);
        let destination = self.destination_named(&route.transport, &name, &route.nexthop);
        if flush && self.destinations[destination].trouble().is_some() {
            // An idle destination is forgotten when it is revived.
            self.revive_destination(destination);
            return Ok(self.destination_named(&route.transport, &name, &route.nexthop));
        }
        match self.destinations[destination].trouble().cloned() {
            None => Ok(destination),
            Some(trouble) => self.retry_destination(&trouble).ok_or(trouble),
        }
    }

    /// What tells destinations apart: the next hop; or, when an agent takes one recipient at a
    /// time, the recipient's mailbox at the next hop, so that one slow or bad recipient does not
    /// hold up the others.
    fn destination_name(&mut self, route: &Route) -> Vec<u8> {
        let transport = self.transport_named(&route.transport);
        let single = self.transports[transport].limits.recipients_per_delivery == 1;
        let mut name = if single && route.transport != RETRY && route.transport != ERROR {
            let (local, _) = mail::address::split_at_last_at(&route.recipient.address);
            let (bare, _) = mail::address::split_extension(local, &self.limits.delimiters);
            [bare, b"@", &route.nexthop].concat()
        } else {
            route.nexthop.clone()
        };
        name.make_ascii_lowercase();
        name
    }

    fn destination_named(
        &mut self,
        transport_name: &[u8],
        name: &[u8],
        nexthop: &[u8],
    ) -> Key<Destination> {
        let transport = self.transport_named(transport_name);
        if let Some(known) = self.transports[transport].destinations.get(name) {
            return *known;
        }
        let window = Window::new(&self.transports[transport].limits.window);
        let destination = Destination::new(transport, name.to_vec(), nexthop.to_vec(), window);
        let key = self.destinations.insert(destination);
        self.transports[transport]
            .destinations
            .insert(name.to_vec(), key);
        key
    }

    /// Where the retry agent reports this trouble, unless it is in trouble itself.
    pub(super) fn retry_destination(&mut self, trouble: &Trouble) -> Option<Key<Destination>> {
        let transport = self.transport_named(RETRY);
        if self.transports[transport].trouble().is_some() {
            return None;
        }
        let nexthop = trouble.as_nexthop();
        let destination = self.destination_named(RETRY, &nexthop.to_ascii_lowercase(), &nexthop);
        match self.destinations[destination].trouble() {
            None => Some(destination),
            Some(_) => None,
        }
    }

    fn assign(
        &mut self,
        message: Key<Message>,
        destination: Key<Destination>,
        recipient: Recipient,
        now: Moment,
    ) {
        let job = self.obtain_job(message, self.destinations[destination].transport);
        let peer = self.obtain_peer(job, destination);
        let entry = self.obtain_entry(message, destination, peer, now);
        self.entries[entry].recipients.push(recipient);
        self.jobs[job].recipients += 1;
        self.messages[message].recipients += 1;
        self.recipients += 1;
    }

    pub(super) fn obtain_peer(
        &mut self,
        job: Key<Job>,
        destination: Key<Destination>,
    ) -> Key<Peer> {
        if let Some(peer) = self.peer_of.get(&(job, destination)) {
            return *peer;
        }
        let peer = Peer {
            job,
            destination,
            waiting: VecDeque::new(),
            entries: 0,
        };
        let key = self.peers.insert(peer);
        self.peer_of.insert((job, destination), key);
        self.jobs[job].peers.push_back(key);
        key
    }

    fn obtain_entry(
        &mut self,
        message: Key<Message>,
        destination: Key<Destination>,
        peer: Key<Peer>,
        now: Moment,
    ) -> Key<Entry> {
        let transport = self.destinations[destination].transport;
        let limit = match self.transports[transport].limits.recipients_per_delivery {
            _ if self.messages[message].single_recipients => 1,
            0 => usize::MAX,
            limit => limit,
        };
        if let Some(last) = self.peers[peer].waiting.back()
            && self.entries[*last].recipients.len() < limit
        {
            return *last;
        }
        self.create_entry(message, destination, peer, Vec::new(), now)
    }

    /// Makes a waiting entry. The caller counts its recipients.
    pub(super) fn create_entry(
        &mut self,
        message: Key<Message>,
        destination: Key<Destination>,
        peer: Key<Peer>,
        recipients: Vec<Recipient>,
        now: Moment,
    ) -> Key<Entry> {
        let job = self.peers[peer].job;
        let entry = self.entries.insert(Entry {
            message,
            destination,
            peer,
            recipients,
            busy: false,
            waiting: Links::new(),
        });
        self.peers[peer].waiting.push_back(entry);
        self.peers[peer].entries += 1;
        self.messages[message].entries += 1;
        self.destinations[destination]
            .waiting
            .append(&mut self.entries, entry);
        self.destinations[destination].waiting_count += 1;
        self.job_grew(job);
        self.destination_changed(destination);
        self.watch_for_clogging(destination, now);
        entry
    }

    /// One destination must not fill the active queue unnoticed.
    fn watch_for_clogging(&mut self, key: Key<Destination>, now: Moment) {
        let share = self.limits.messages / 5;
        let interval = self.clog_warning_interval;
        let destination = &mut self.destinations[key];
        let entries = destination.waiting_count + destination.busy;
        let many = usize::try_from(entries).is_ok_and(|entries| entries > share);
        if interval.is_zero() || !many || now < destination.next_clog_warning {
            return;
        }
        destination.next_clog_warning = now + interval;
        self.effects.push_back(Effect::Clogged {
            destination: key,
            entries,
        });
    }
}

fn domain(address: &[u8]) -> Vec<u8> {
    let (_, domain) = mail::address::split_at_last_at(address);
    domain.unwrap_or_default().to_ascii_lowercase()
}

/// A number of recipients as the accounts keep it.
pub(super) fn count(recipients: usize) -> i64 {
    i64::try_from(recipients).unwrap_or(i64::MAX)
}
