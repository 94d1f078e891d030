// SPDX-License-Identifier: MIT OR Apache-2.0
//! The queue manager.

use crate::table::parameters;

parameters! {
    /// How often a message may be overtaken: once for this many recipients delivered.
    ///
    /// Each transport has a queue of messages. For every so many of its recipients that are
    /// delivered, the message that is being served earns a slot, and when it has enough of them, a
    /// smaller message goes first and uses them up. So a message with few recipients need not wait
    /// for a large mailing list, which loses little. 0 turns overtaking off; smaller numbers favour
    /// small messages more. At least 2 makes sense. A transport has its own in
    /// `transport_delivery_slot_cost`.
    default_delivery_slot_cost: Int = "5";
    /// How many per cent of the slots that overtaking needs may be missing.
    ///
    /// A message may overtake when so much of its size less this discount, and less
    /// `default_delivery_slot_loan`, has been earned. See `default_delivery_slot_cost`; a transport
    /// has its own in `transport_delivery_slot_discount`.
    default_delivery_slot_discount: Int = "50", at_most 100;
    /// How many of the slots that overtaking needs may be missing.
    ///
    /// A small number lets tiny messages pass at once. See `default_delivery_slot_discount`; a
    /// transport has its own in `transport_delivery_slot_loan`.
    default_delivery_slot_loan: Int = "3";
    /// How many rounds of failed connections make a destination count as dead; 0 is never.
    ///
    /// A round is as many failures in a row as there may be deliveries at the same time. Mail for a
    /// dead destination is deferred without an attempt, for `minimal_backoff_time`. A larger number
    /// suits a destination that refuses connections now and then. A transport has its own in
    /// `transport_destination_concurrency_failed_cohort_limit`.
    default_destination_concurrency_failed_cohort_limit: Int = "1", since "2.5";
    /// How many deliveries to one destination may run at the same time.
    ///
    /// It is reached gradually, see `initial_destination_concurrency` and the feedback parameters.
    /// What a destination is depends on the transport: for smtp(8) the next hop; with
    /// `transport_destination_recipient_limit = 1` the recipient. A transport has its own in
    /// `transport_destination_concurrency_limit`; for local(8) it is 2, so that one mailbox is not
    /// overrun. The number of processes in `master.cf` is a limit too.
    default_destination_concurrency_limit: Int = "20";
    /// How much the number of parallel deliveries falls with each failed connection.
    ///
    /// A number from 0 to 1, alone or over `concurrency` or `sqrt_concurrency`, the present number
    /// or its square root: `1`, `0.5/concurrency`. With `1/concurrency` a whole round of failures
    /// takes one off. The default takes one off for each failure. Failures after the connection has
    /// been made do not count. See `default_destination_concurrency_failed_cohort_limit`; a
    /// transport has its own in `transport_destination_concurrency_negative_feedback`.
    default_destination_concurrency_negative_feedback: Text = "1", at_least 1, since "2.5";
    /// How much the number of parallel deliveries rises with each delivery.
    ///
    /// The form is that of `default_destination_concurrency_negative_feedback`. The default doubles
    /// the number in each round, and `1/concurrency` adds one. A transport has its own in
    /// `transport_destination_concurrency_positive_feedback`.
    default_destination_concurrency_positive_feedback: Text = "1", at_least 1, since "2.5";
    /// The time between two deliveries to the same destination; 0 is none.
    ///
    /// With any other value deliveries to a destination come one after the other, each so long
    /// after the end of the one before, and the concurrency limit has no effect. With
    /// `transport_destination_recipient_limit = 1` a destination is a recipient. A transport has
    /// its own in `transport_destination_rate_delay`.
    ///
    /// ```text
    /// # master.cf has a service "slow" with the command smtp
    /// slow_destination_rate_delay = 2s
    /// slow_destination_recipient_limit = 20
    /// ```
    default_destination_rate_delay: Time = "0s", since "2.5";
    /// How many recipients one delivery of a message may have.
    ///
    /// A message with more is delivered in several pieces. With 1 every recipient is a destination
    /// of its own, so the limits of concurrency and rate hold for recipients and not for domains. A
    /// transport has its own in `transport_destination_recipient_limit`.
    default_destination_recipient_limit: Int = "50";
    /// How many further recipients may be in memory for messages that overtake others.
    ///
    /// They come on top of `default_recipient_limit`, so that messages which overtake find room. A
    /// transport has its own in `transport_extra_recipient_limit`.
    default_extra_recipient_limit: Int = "1000";
    /// How many slots a message must be able to earn to be overtaken at all.
    ///
    /// A message with few recipients would earn too little to be worth the trouble. See
    /// `default_delivery_slot_cost`; a transport has its own in `transport_minimum_delivery_slots`.
    default_minimum_delivery_slots: Int = "3";
    /// How many recipients of one transport may be in memory.
    ///
    /// It also has an effect on how much of a large message is read at a time. It is limited by
    /// `qmgr_message_recipient_limit`; a transport has its own in `transport_recipient_limit`.
    default_recipient_limit: Int = "20000";
    /// How long it may take until further recipients of a message are read.
    ///
    /// Recipients are read from the queue file in pieces, when so much time has passed or
    /// `default_recipient_refill_limit` of them would fit. A transport has its own in
    /// `transport_recipient_refill_delay`.
    default_recipient_refill_delay: Time = "5s", at_least 1, since "2.4";
    /// How many recipients of a message must fit into memory before further ones are read.
    ///
    /// Reading a few at a time would be slow. See `default_recipient_refill_delay`; a transport has
    /// its own in `transport_recipient_refill_limit`.
    default_recipient_refill_limit: Int = "100", at_least 1, since "2.4";
    /// The time between two deliveries over the same transport, whatever the destinations; 0 is
    /// none.
    ///
    /// With any other value a transport makes one delivery at a time. A transport has its own in
    /// `transport_transport_rate_delay`.
    default_transport_rate_delay: Time = "0s", since "3.1";
    /// Transports that deliver only when somebody asks.
    ///
    /// Mail for them waits until `sendmail -q`, `postqueue -f`, or ETRN and `postqueue -s` for its
    /// destination. For a host with a connection by telephone, `defer_transports = smtp` keeps mail
    /// until the connection is there.
    defer_transports: List = "";
    /// Whether every change of the number of parallel deliveries is logged.
    ///
    /// It is meant for the study of the feedback, and writes very much.
    destination_concurrency_feedback_debug: Flag = "no", since "2.5";
    /// How many deliveries to a destination run at the same time at first.
    ///
    /// From there it goes up and down with success and failure. A transport has its own in
    /// `transport_initial_destination_concurrency`.
    initial_destination_concurrency: Int = "5", at_least 1;
    /// The longest time between two attempts to deliver a message.
    ///
    /// See `minimal_backoff_time`.
    maximal_backoff_time: Time = "4000s", at_least 1;
    /// The shortest time between two attempts to deliver a message.
    ///
    /// After each attempt a message waits as long as it has been in the queue, but not less than
    /// this and not more than `maximal_backoff_time`. It is also how long a destination that cannot
    /// be reached counts as dead. Keep it at, or above, `queue_run_delay`: the queue is looked at
    /// no more often.
    minimal_backoff_time: Time = "300s", at_least 1;
    /// How often a warning says that one destination fills the active queue; 0 is never.
    ///
    /// Other mail then waits in the incoming queue. The cure is mostly a transport of its own for
    /// that destination, with limits of its own.
    qmgr_clog_warn_time: Time = "300s", since "2.0";
    /// How long the queue manager may be busy with one thing before its watchdog ends it.
    qmgr_daemon_timeout: Time = "1000s", at_least 1, since "2.8";
    /// How fairly the old queue manager treats large messages, in per cent.
    ///
    /// It is read only by a queue manager that does not let messages overtake, which this system
    /// does not have. See `default_delivery_slot_cost` for what serves the purpose now.
    qmgr_fudge_factor: Int = "100", at_least 10, at_most 100;
    /// How long the queue manager waits for an answer on an internal connection.
    ///
    /// It is shorter than `ipc_timeout`, because everything waits for the queue manager.
    qmgr_ipc_timeout: Time = "60s", at_least 1, since "2.8";
    /// How many messages the active queue may hold.
    ///
    /// Further messages wait in the incoming and deferred queues, and are taken from both in turn.
    /// A message takes memory only while it is in the active queue.
    qmgr_message_active_limit: Int = "20000", at_least 1;
    /// How many recipients may be in memory, of all messages together.
    ///
    /// It must not be smaller than `qmgr_message_active_limit`, and is raised to that otherwise,
    /// with a warning. It also limits how many destinations are remembered as dead.
    qmgr_message_recipient_limit: Int = "20000", at_least 1;
    /// How many recipients of each message may be in memory, whatever the other limits say.
    ///
    /// So every message in the active queue makes some progress.
    qmgr_message_recipient_minimum: Int = "10", at_least 1;
    /// The time between two scans of the deferred queue.
    ///
    /// A scan picks up the messages whose time has come. Keep it at, or below,
    /// `minimal_backoff_time`.
    queue_run_delay: Time = "300s", at_least 1;
    /// How long the queue manager waits before it tries a delivery agent again that did not work.
    ///
    /// An agent that does not start, or dies, makes its mail wait this long.
    transport_retry_time: Time = "60s", at_least 1;
}
