// SPDX-License-Identifier: MIT OR Apache-2.0
//! One next hop of one transport: its window, its waiting entries, and whether it is alive.

use super::Moment;
use super::arena::{Chain, Key};
use super::entry::Entry;
use super::feedback::Window;
use super::scheduler::Trouble;
use super::transport::Transport;
use std::time::Duration;

/// Whether deliveries may start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Life {
    /// Within the window.
    Alive,
    /// A pause after a delivery (`destination_rate_delay`).
    Pausing { until: Moment },
    /// Not reachable.
    Dead { until: Moment, trouble: Trouble },
}

/// Hints for the connection cache of the delivery agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct ConnectionCache {
    /// Look for an open connection.
    pub(crate) load: bool,
    /// Keep the connection afterwards.
    pub(crate) store: bool,
}

/// Everything that goes to one next hop through one transport.
pub(crate) struct Destination {
    /// The transport that it belongs to.
    pub(crate) transport: Key<Transport>,
    /// What tells it apart: the next hop, or a recipient at the next hop; lower case.
    pub(crate) name: Vec<u8>,
    /// Where deliveries go.
    pub(crate) nexthop: Vec<u8>,
    /// Hints for the next delivery.
    pub(crate) cache: ConnectionCache,
    pub(super) window: Window,
    pub(super) life: Life,
    pub(super) waiting: Chain<Entry>,
    pub(super) waiting_count: u32,
    pub(super) busy: u32,
    /// What this destination adds to the transport's count of entries that could be delivered.
    pub(super) deliverable: u32,
    /// Some job could not be served because of this destination, in this round of the transport.
    pub(super) blocks_round: Option<u64>,
    pub(super) last_delivery: Option<Moment>,
    pub(super) next_clog_warning: Moment,
}

impl Destination {
    /// A destination that nothing is known about.
    pub(super) fn new(
        transport: Key<Transport>,
        name: Vec<u8>,
        nexthop: Vec<u8>,
        window: Window,
    ) -> Self {
        Destination {
            transport,
            name,
            nexthop,
            cache: ConnectionCache::default(),
            window,
            life: Life::Alive,
            waiting: Chain::new(|entry| &mut entry.waiting),
            waiting_count: 0,
            busy: 0,
            deliverable: 0,
            blocks_round: None,
            last_delivery: None,
            next_clog_warning: Moment::ZERO,
        }
    }

    /// Whether one more delivery may start.
    pub(super) fn has_room(&self) -> bool {
        self.life == Life::Alive && self.busy < self.window.size()
    }

    /// How many of its waiting entries could be delivered now.
    pub(super) fn room_for_waiting(&self) -> u32 {
        match self.life {
            Life::Alive => self
                .window
                .size()
                .saturating_sub(self.busy)
                .min(self.waiting_count),
            Life::Pausing { .. } | Life::Dead { .. } => 0,
        }
    }

    /// Why it is dead, if it is.
    pub(super) fn trouble(&self) -> Option<&Trouble> {
        match &self.life {
            Life::Dead { trouble, .. } => Some(trouble),
            Life::Alive | Life::Pausing { .. } => None,
        }
    }

    /// Nothing waits and nothing runs.
    pub(super) fn is_idle(&self) -> bool {
        self.waiting_count == 0 && self.busy == 0
    }

    /// Decides about connection caching for a delivery that starts now, when it is already counted
    /// in `busy`. Caching starts when deliveries follow each other without a pause, and what was
    /// stored is used up even after storing has stopped.
    pub(super) fn plan_connection_cache(&mut self, now: Moment) {
        let back_to_back = self
            .last_delivery
            .is_some_and(|last| now <= last + Duration::from_secs(1));
        if !self.cache.store {
            if back_to_back {
                self.cache = ConnectionCache {
                    load: true,
                    store: true,
                };
            }
        } else if !back_to_back && self.busy <= 1 {
            self.cache.store = false;
        }
    }
}
