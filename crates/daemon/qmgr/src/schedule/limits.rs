// SPDX-License-Identifier: MIT OR Apache-2.0
//! The settings that the scheduler obeys, as plain values.

use super::feedback::WindowLimits;
use std::time::Duration;

/// Settings for the whole queue manager.
#[derive(Debug, Clone)]
pub(crate) struct Limits {
    /// Recipients in memory at which first readings become short
    /// (`qmgr_message_recipient_limit`).
    pub(crate) recipients: usize,
    /// Recipients that each message may have in memory in any case
    /// (`qmgr_message_recipient_minimum`).
    pub(crate) recipients_per_message: usize,
    /// Messages in the active queue (`qmgr_message_active_limit`).
    pub(crate) messages: usize,
    /// How long a dead destination is left alone (`minimal_backoff_time`).
    pub(crate) dead_destination: Duration,
    /// How long a broken transport is left alone (`transport_retry_time`).
    pub(crate) dead_transport: Duration,
    /// Characters that begin an address extension (`recipient_delimiter`).
    pub(crate) delimiters: Vec<u8>,
}

impl Limits {
    /// The most recipients that one reading of a queue file may bring, so that the queue manager
    /// stays responsive.
    pub(crate) const RECIPIENTS_PER_READING: usize = 5000;
}

/// Settings of one transport.
#[derive(Debug, Clone)]
pub(crate) struct TransportLimits {
    /// Simultaneous deliveries per destination.
    pub(crate) window: WindowLimits,
    /// Recipients per delivery request; 0 means any number. At 1, each recipient is a destination
    /// of its own.
    pub(crate) recipients_per_delivery: usize,
    /// The pause after each delivery to a destination.
    pub(crate) destination_rate_delay: Duration,
    /// The pause between deliveries through this transport.
    pub(crate) transport_rate_delay: Duration,
    /// Recipients in memory for this transport (`recipient_limit`).
    pub(crate) recipients: i64,
    /// More of them, for jobs that overtake others (`extra_recipient_limit`).
    pub(crate) extra_recipients: i64,
    /// How many recipients must fit before a queue file is read on at once.
    pub(crate) refill_limit: i64,
    /// How long a queue file is not read on for fewer recipients than that.
    pub(crate) refill_delay: Duration,
    /// How many deliveries of a job earn one slot for a job that overtakes it; below 2, none do.
    pub(crate) slot_cost: i64,
    /// Slots that may be missing.
    pub(crate) slot_loan: i64,
    /// Percentage of the needed slots that may be missing.
    pub(crate) slot_discount: i64,
    /// A job that can never earn this many slots is not overtaken.
    pub(crate) minimum_slots: i64,
}

impl TransportLimits {
    /// With a pause after each delivery there is no point in parallel deliveries; and a window
    /// does not start wider than it may become.
    #[must_use]
    pub(crate) fn consistent(mut self) -> Self {
        if self.window.maximum != 0 {
            self.window.initial = self.window.initial.min(self.window.maximum);
        }
        if !self.destination_rate_delay.is_zero() {
            self.window.initial = 1;
            self.window.maximum = 1;
        }
        self
    }
}
