// SPDX-License-Identifier: MIT OR Apache-2.0
//! The queue manager.

use crate::table::parameters;

parameters! {
    /// Preemption: one slot per this many delivered recipients (0 disables preemption).
    default_delivery_slot_cost: Int = "5";
    /// Percentage of the needed slots that may still be missing when preempting.
    default_delivery_slot_discount: Int = "50", at_most 100;
    /// Absolute number of slots that may still be missing when preempting.
    default_delivery_slot_loan: Int = "3";
    /// Pseudo-cohorts of handshake failures before a destination is declared dead; 0 = never.
    default_destination_concurrency_failed_cohort_limit: Int = "1", since "2.5";
    /// Parallel deliveries per destination.
    default_destination_concurrency_limit: Int = "20";
    /// Amount or expression (1, 1/concurrency, 1/sqrt_concurrency, number 0..1) subtracted per
    /// failure.
    default_destination_concurrency_negative_feedback: Text = "1", at_least 1, since "2.5";
    /// Same expressions, added per success.
    default_destination_concurrency_positive_feedback: Text = "1", at_least 1, since "2.5";
    /// Pause between deliveries to one destination over one transport; forces concurrency 1.
    default_destination_rate_delay: Time = "0s", since "2.5";
    /// Recipients per delivery; 1 makes a recipient the scheduling destination.
    default_destination_recipient_limit: Int = "50";
    /// Extra in-memory recipient slots reserved for preempting messages.
    default_extra_recipient_limit: Int = "1000";
    /// Messages that cannot accumulate this many slots are never preempted.
    default_minimum_delivery_slots: Int = "3";
    /// In-memory recipient limit per transport.
    default_recipient_limit: Int = "20000";
    /// Longest time between recipient refills.
    default_recipient_refill_delay: Time = "5s", at_least 1, since "2.4";
    /// Smallest refill batch.
    default_recipient_refill_limit: Int = "100", at_least 1, since "2.4";
    /// Pause between deliveries over a transport, regardless of destination.
    default_transport_rate_delay: Time = "0s", since "3.1";
    /// Transports that deliver only after an explicit flush (sendmail -q, ETRN …).
    defer_transports: List = "";
    /// Log every feedback computation.
    destination_concurrency_feedback_debug: Flag = "no", since "2.5";
    /// Starting parallelism per destination.
    initial_destination_concurrency: Int = "5", at_least 1;
    /// Upper bound of retry interval.
    maximal_backoff_time: Time = "4000s", at_least 1;
    /// Lower bound of retry interval and lifetime of dead-destination entries.
    minimal_backoff_time: Time = "300s", at_least 1;
    /// Minimum interval between warnings that a destination occupies too much of the active
    /// queue; 0 off.
    qmgr_clog_warn_time: Time = "300s", since "2.0";
    /// Watchdog of the queue manager.
    qmgr_daemon_timeout: Time = "1000s", at_least 1, since "2.8";
    /// Oqmgr only.
    qmgr_fudge_factor: Int = "100", at_least 10, at_most 100;
    /// Internal I/O limit of the queue manager.
    qmgr_ipc_timeout: Time = "60s", at_least 1, since "2.8";
    /// Size of the active queue.
    qmgr_message_active_limit: Int = "20000", at_least 1;
    /// In-memory recipients and size of the dead-destination cache.
    qmgr_message_recipient_limit: Int = "20000", at_least 1;
    /// Recipients that every message gets in memory.
    qmgr_message_recipient_minimum: Int = "10", at_least 1;
    /// Interval of deferred-queue scans.
    queue_run_delay: Time = "300s", at_least 1;
    /// Pause before retrying a broken transport.
    transport_retry_time: Time = "60s", at_least 1;
}
