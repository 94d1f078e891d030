// SPDX-License-Identifier: MIT OR Apache-2.0
//! When something ends: pauses and times of being left alone.
//!
//! A timer that was overtaken by events is not taken back; whoever wakes up checks whether the
//! time it was set for is still the one that counts.

use super::Moment;
use super::arena::Key;
use super::destination::Destination;
use super::transport::Transport;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What to look at when the time has come.
#[derive(Debug, Clone, Copy)]
pub(super) enum Timer {
    Transport(Key<Transport>),
    Destination(Key<Destination>),
}

struct Alarm {
    at: Moment,
    sequence: u64,
    timer: Timer,
}

impl PartialEq for Alarm {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.sequence) == (other.at, other.sequence)
    }
}

impl Eq for Alarm {}

impl PartialOrd for Alarm {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Alarm {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.sequence).cmp(&(other.at, other.sequence))
    }
}

/// All set timers.
pub(super) struct Timers {
    alarms: BinaryHeap<Reverse<Alarm>>,
    sequence: u64,
}

impl Timers {
    pub(super) fn new() -> Self {
        Timers {
            alarms: BinaryHeap::new(),
            sequence: 0,
        }
    }

    pub(super) fn set(&mut self, at: Moment, timer: Timer) {
        self.sequence += 1;
        self.alarms.push(Reverse(Alarm {
            at,
            sequence: self.sequence,
            timer,
        }));
    }

    /// When the first one goes off.
    pub(super) fn next(&self) -> Option<Moment> {
        self.alarms.peek().map(|alarm| alarm.0.at)
    }

    /// Takes one that went off, with the time it was set for.
    pub(super) fn expired(&mut self, now: Moment) -> Option<(Moment, Timer)> {
        if self.next()? > now {
            return None;
        }
        let Reverse(alarm) = self.alarms.pop()?;
        Some((alarm.at, alarm.timer))
    }
}
