// SPDX-License-Identifier: MIT OR Apache-2.0
//! Lets small pieces of work gather while a process is busy.
//!
//! Waking a process costs more than what it then does with a status report or a line of the
//! log, and it costs the sender as well, who has to wake it. A busy receiver therefore sleeps
//! for a moment between two batches: what comes meanwhile wakes nobody.
//!
//! *Invariants*: what comes after a quiet time is taken at once; in a busy time it waits for
//! one pause at most.

use std::time::{Duration, Instant};

/// Pauses between batches that follow each other closely.
#[derive(Debug)]
pub struct Gather {
    pause: Duration,
    latest: Option<Instant>,
}

impl Gather {
    /// Pauses of this length.
    pub fn new(pause: Duration) -> Self {
        Self {
            pause,
            latest: None,
        }
    }

    /// To be called after each batch: sleeps if the one before was handled a moment ago.
    pub fn rest(&mut self) {
        if self.is_busy(Instant::now()) {
            std::thread::sleep(self.pause);
        }
        self.latest = Some(Instant::now());
    }

    /// Whether a batch that is handled now closely follows the one before.
    fn is_busy(&self, now: Instant) -> bool {
        self.latest
            .is_some_and(|latest| now.saturating_duration_since(latest) < self.pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAUSE: Duration = Duration::from_millis(1);

    #[test]
    fn the_first_batch_is_not_followed_by_a_pause() {
        assert!(!Gather::new(PAUSE).is_busy(Instant::now()));
    }

    #[test]
    fn batches_that_follow_each_other_closely_are_kept_apart() {
        let now = Instant::now();
        let gather = Gather {
            pause: PAUSE,
            latest: Some(now),
        };
        assert!(gather.is_busy(now + PAUSE / 2));
        assert!(!gather.is_busy(now + PAUSE));
    }
}
