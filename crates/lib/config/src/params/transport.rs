// SPDX-License-Identifier: MIT OR Apache-2.0
//! Families with one member per transport: *transport* stands for the name of a service.

use crate::table::parameters;

parameters! {
    /// 0 disables preemption.
    transport_delivery_slot_cost: Int = "$default_delivery_slot_cost";
    /// Percent.
    transport_delivery_slot_discount: Int = "$default_delivery_slot_discount", at_most 100;
    /// Per-transport override of `default_delivery_slot_loan`.
    transport_delivery_slot_loan: Int = "$default_delivery_slot_loan";
    /// Per-transport override of `default_destination_concurrency_failed_cohort_limit`.
    transport_destination_concurrency_failed_cohort_limit: Int =
        "$default_destination_concurrency_failed_cohort_limit", since "2.5";
    /// Max parallel deliveries per destination; 0 = unlimited; forced to 1 when
    /// SERVICE_destination_rate_delay \> 0.
    transport_destination_concurrency_limit: Int = "$default_destination_concurrency_limit";
    /// Per-transport override of `default_destination_concurrency_negative_feedback`.
    transport_destination_concurrency_negative_feedback: Text =
        "$default_destination_concurrency_negative_feedback", since "2.5";
    /// Per-transport override of `default_destination_concurrency_positive_feedback`.
    transport_destination_concurrency_positive_feedback: Text =
        "$default_destination_concurrency_positive_feedback", since "2.5";
    /// Per-transport override of `default_destination_rate_delay`.
    transport_destination_rate_delay: Time = "$default_destination_rate_delay", since "2.5";
    /// Recipients per delivery request; 0 = unlimited; 1 makes every recipient its own
    /// destination.
    transport_destination_recipient_limit: Int = "$default_destination_recipient_limit";
    /// Recipients per stack level.
    transport_extra_recipient_limit: Int = "$default_extra_recipient_limit";
    /// Lowered to the concurrency limit when that is smaller.
    transport_initial_destination_concurrency: Int =
        "$initial_destination_concurrency", at_least 1, since "2.5";
    /// Per-transport override of `default_minimum_delivery_slots`.
    transport_minimum_delivery_slots: Int = "$default_minimum_delivery_slots";
    /// In-memory recipients of this transport (`rcpt_unused`).
    transport_recipient_limit: Int = "$default_recipient_limit";
    /// Per-transport override of `default_recipient_refill_delay`.
    transport_recipient_refill_delay: Time =
        "$default_recipient_refill_delay", at_least 1, since "2.4";
    /// Per-transport override of `default_recipient_refill_limit`.
    transport_recipient_refill_limit: Int =
        "$default_recipient_refill_limit", at_least 1, since "2.4";
    /// Read by pipe(8) and spawn(8) under their master.cf service name; default
    /// $command_time_limit.
    transport_time_limit: Time = "$command_time_limit", at_least 1;
    /// Name is literally SERVICE_transport_rate_delay.
    transport_transport_rate_delay: Time = "$default_transport_rate_delay", since "3.1";
}
