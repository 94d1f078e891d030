// SPDX-License-Identifier: MIT OR Apache-2.0
//! Families with one member per transport: *transport* stands for the name of a service.

use crate::table::parameters;

parameters! {
    /// The `default_delivery_slot_cost` of one transport.
    ///
    /// Like all names of this family it is written with the name of the service in `master.cf` in
    /// the place of `transport`: `smtp_delivery_slot_cost`.
    transport_delivery_slot_cost: Int = "$default_delivery_slot_cost";
    /// The `default_delivery_slot_discount` of one transport, in percent.
    transport_delivery_slot_discount: Int = "$default_delivery_slot_discount", at_most 100;
    /// The `default_delivery_slot_loan` of one transport.
    transport_delivery_slot_loan: Int = "$default_delivery_slot_loan";
    /// The `default_destination_concurrency_failed_cohort_limit` of one transport.
    transport_destination_concurrency_failed_cohort_limit: Int =
        "$default_destination_concurrency_failed_cohort_limit", since "2.5";
    /// How many deliveries to one destination a transport may have at once; 0 means no limit.
    ///
    /// ```text
    /// smtp_destination_concurrency_limit = 10
    /// slow_destination_concurrency_limit = 1
    /// ```
    ///
    /// With a `transport_destination_recipient_limit` of 1 the destination is the recipient instead
    /// of the domain. A `transport_destination_rate_delay` above 0 makes it 1, whatever is written
    /// here.
    transport_destination_concurrency_limit: Int = "$default_destination_concurrency_limit";
    /// The `default_destination_concurrency_negative_feedback` of one transport.
    transport_destination_concurrency_negative_feedback: Text =
        "$default_destination_concurrency_negative_feedback", since "2.5";
    /// The `default_destination_concurrency_positive_feedback` of one transport.
    transport_destination_concurrency_positive_feedback: Text =
        "$default_destination_concurrency_positive_feedback", since "2.5";
    /// The pause between deliveries of one transport to the same destination.
    ///
    /// It is how mail to a site that counts messages is slowed down:
    ///
    /// ```text
    /// # master.cf
    /// slow      unix  -  -  n  -  -  smtp
    /// # main.cf
    /// transport_maps = hash:/etc/postfix/transport
    /// slow_destination_rate_delay = 2s
    /// # /etc/postfix/transport
    /// example.com   slow:
    /// ```
    transport_destination_rate_delay: Time = "$default_destination_rate_delay", since "2.5";
    /// How many recipients one delivery request of a transport may have; 0 means no limit.
    ///
    /// With 1, each recipient is a destination of its own for the limits of concurrency and rate.
    /// Programs run by pipe(8) that take one recipient need 1.
    transport_destination_recipient_limit: Int = "$default_destination_recipient_limit";
    /// The `default_extra_recipient_limit` of one transport.
    transport_extra_recipient_limit: Int = "$default_extra_recipient_limit";
    /// The `initial_destination_concurrency` of one transport.
    ///
    /// It is lowered to `transport_destination_concurrency_limit` where that is smaller.
    transport_initial_destination_concurrency: Int =
        "$initial_destination_concurrency", at_least 1, since "2.5";
    /// The `default_minimum_delivery_slots` of one transport.
    transport_minimum_delivery_slots: Int = "$default_minimum_delivery_slots";
    /// The `default_recipient_limit` of one transport.
    transport_recipient_limit: Int = "$default_recipient_limit";
    /// The `default_recipient_refill_delay` of one transport.
    transport_recipient_refill_delay: Time =
        "$default_recipient_refill_delay", at_least 1, since "2.4";
    /// The `default_recipient_refill_limit` of one transport.
    transport_recipient_refill_limit: Int =
        "$default_recipient_refill_limit", at_least 1, since "2.4";
    /// How long the command of one pipe(8) or spawn(8) service may run.
    ///
    /// A command that takes longer is killed, and its mail waits.
    transport_time_limit: Time = "$command_time_limit", at_least 1;
    /// The pause between any two deliveries of one transport.
    ///
    /// Only the first `transport` stands for the name of the service: `slow_transport_rate_delay`.
    /// Unlike `transport_destination_rate_delay` it counts all destinations together.
    transport_transport_rate_delay: Time = "$default_transport_rate_delay", since "3.1";
}
