// SPDX-License-Identifier: MIT OR Apache-2.0
//! One delivery agent by name: its jobs, its destinations, its recipient slots.

use super::Moment;
use super::arena::{Chain, Key};
use super::destination::Destination;
use super::job::Job;
use super::limits::TransportLimits;
use super::scheduler::Trouble;
use std::collections::HashMap;

/// Whether delivery agents may be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Service {
    /// Yes.
    Up,
    /// A pause between deliveries (`transport_rate_delay`).
    Pausing { until: Moment },
    /// Agents cannot be reached.
    Down { until: Moment, trouble: Trouble },
}

/// The best job to overtake the current one, remembered between selections.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    /// For which current job this was found.
    pub(super) current: Key<Job>,
    pub(super) found_at: Moment,
    pub(super) best: Option<Key<Job>>,
}

/// Everything that goes through one kind of delivery agent.
pub(crate) struct Transport {
    /// Its master.cf service name.
    pub(crate) name: Vec<u8>,
    /// Its settings.
    pub(crate) limits: TransportLimits,
    pub(super) service: Service,
    /// Agents asked for, that have not answered yet.
    pub(super) pending: u32,
    /// Entries that could be delivered now, over all destinations.
    pub(super) deliverable: u32,
    pub(super) destinations: HashMap<Vec<u8>, Key<Destination>>,
    /// Jobs with entries to select, in the order of service.
    pub(super) order: Chain<Job>,
    /// The same jobs in the order in which their messages came.
    pub(super) by_age: Chain<Job>,
    /// Where the next selection starts: everything before it in `order` is blocked or empty.
    pub(super) current: Option<Key<Job>>,
    /// The oldest job whose message is not fully read.
    pub(super) first_unread: Option<Key<Job>>,
    /// Jobs marked with this number are blocked by their destinations; a new number frees all.
    pub(super) round: u64,
    pub(super) candidate: Option<Candidate>,
    /// Recipient slots that no job has; negative when overtaking jobs took some of the extra ones.
    pub(super) unused_slots: i64,
}

impl Transport {
    /// How many agents may be asked for at once.
    const MOST_PENDING: u32 = 2;

    /// A transport that nothing is known about.
    pub(super) fn new(name: Vec<u8>, limits: TransportLimits) -> Self {
        let limits = limits.consistent();
        Transport {
            name,
            service: Service::Up,
            pending: 0,
            deliverable: 0,
            destinations: HashMap::new(),
            order: Chain::new(|job| &mut job.in_order),
            by_age: Chain::new(|job| &mut job.in_age),
            current: None,
            first_unread: None,
            round: 1,
            candidate: None,
            unused_slots: limits.recipients,
            limits,
        }
    }

    /// Whether one more agent should be asked for.
    pub(super) fn wants_agent(&self) -> bool {
        let most = if self.limits.transport_rate_delay.is_zero() {
            Self::MOST_PENDING
        } else {
            1
        };
        self.service == Service::Up && self.pending < most && self.deliverable > self.pending
    }

    /// Why it is down, if it is.
    pub(super) fn trouble(&self) -> Option<&Trouble> {
        match &self.service {
            Service::Down { trouble, .. } => Some(trouble),
            Service::Up | Service::Pausing { .. } => None,
        }
    }
}
