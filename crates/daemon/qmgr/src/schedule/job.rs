// SPDX-License-Identifier: MIT OR Apache-2.0
//! One message within one transport, and its share of each destination there.

use super::arena::{Key, Links};
use super::destination::Destination;
use super::entry::Entry;
use super::message::Message;
use super::transport::Transport;
use std::collections::VecDeque;

/// One message within one transport.
pub(crate) struct Job {
    pub(super) message: Key<Message>,
    pub(super) transport: Key<Transport>,
    /// Recipients in memory.
    pub(super) recipients: i64,
    /// Recipient slots that the transport gave it.
    pub(super) slots: i64,
    /// Entries made so far.
    pub(super) entries_read: i64,
    /// Entries selected so far.
    pub(super) entries_selected: i64,
    /// Delivery slots earned for jobs that overtake this one, times the slot cost.
    pub(super) slots_available: i64,
    /// Delivery slots used, less what was expected when it overtook its parent.
    pub(super) slots_used: i64,
    /// The round of the transport in which its destinations had no room; 0 is never a round.
    pub(super) blocked_in_round: u64,
    /// How deep it is in overtaking; its parent is the job that it overtook.
    pub(super) level: u32,
    pub(super) parent: Option<Key<Job>>,
    pub(super) children: Vec<Key<Job>>,
    /// Its destinations, in the order of turns.
    pub(super) peers: VecDeque<Key<Peer>>,
    /// Whether it is in the chains of its transport.
    pub(super) listed: bool,
    pub(super) in_order: Links<Job>,
    pub(super) in_age: Links<Job>,
}

impl Job {
    /// A job without entries, not yet listed.
    pub(super) fn new(message: Key<Message>, transport: Key<Transport>) -> Self {
        Job {
            message,
            transport,
            recipients: 0,
            slots: 0,
            entries_read: 0,
            entries_selected: 0,
            slots_available: 0,
            slots_used: 0,
            blocked_in_round: 0,
            level: 0,
            parent: None,
            children: Vec::new(),
            peers: VecDeque::new(),
            listed: false,
            in_order: Links::new(),
            in_age: Links::new(),
        }
    }

    /// Whether an entry is waiting.
    pub(super) fn has_entries(&self) -> bool {
        self.entries_selected < self.entries_read
    }
}

/// One job within one destination.
pub(crate) struct Peer {
    pub(super) job: Key<Job>,
    pub(super) destination: Key<Destination>,
    /// Its waiting entries.
    pub(super) waiting: VecDeque<Key<Entry>>,
    /// Its entries, waiting or being delivered.
    pub(super) entries: usize,
}
