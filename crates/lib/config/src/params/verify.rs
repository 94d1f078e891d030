// SPDX-License-Identifier: MIT OR Apache-2.0
//! Address verification.

use crate::table::parameters;

parameters! {
    /// The time between scans that remove old results from `address_verify_map`; 0 scans never.
    ///
    /// The table type must be able to list and delete its entries. Each scan logs how many entries
    /// stayed and went, with the word `partial` when it was interrupted.
    address_verify_cache_cleanup_interval: Time = "12h", since "2.7";
    /// The `default_transport` of probes.
    ///
    /// A probe travels as mail does, and these parameters send it another way where mail goes
    /// through something that accepts everything, such as a content filter or a relay.
    address_verify_default_transport: Service = "$default_transport", at_least 1, since "2.1";
    /// The `local_transport` of probes.
    address_verify_local_transport: Service = "$local_transport", at_least 1, since "2.1";
    /// The table in which verify(8) keeps the results of probes.
    ///
    /// It is opened before privileges are dropped, for writing, by one process: put it in
    /// `data_directory`. Empty, results live in memory until verify(8) ends. A table shared between
    /// hosts needs `proxy:` or a server such as memcache. Delete the file, with the system stopped,
    /// when it is damaged.
    ///
    /// ```text
    /// address_verify_map = lmdb:$data_directory/verify_cache
    /// ```
    address_verify_map: Tables =
        "$default_cache_db_type:$data_directory/verify_cache", since "2.1";
    /// Whether failed probes are remembered.
    ///
    /// With `no` each look at a bad address sends a new probe, which costs both sides.
    address_verify_negative_cache: Flag = "yes", since "2.1";
    /// How long a failed probe is believed.
    ///
    /// A bare number counts days.
    address_verify_negative_expire_time: Time = "3d", at_least 1, since "2.1";
    /// The age from which a failed probe is repeated in the background while its result is still
    /// used.
    ///
    /// A bare number counts hours.
    address_verify_negative_refresh_time: Time = "3h", at_least 1, since "2.1";
    /// How many probes may be on their way at once.
    ///
    /// Further ones get a temporary failure from qmgr(8), so that probes never fill the active
    /// queue. A quarter of `qmgr_message_active_limit` is the usual value.
    address_verify_pending_request_limit: Int = "5000", at_least 1, since "3.1";
    /// How often smtpd(8) asks for the result of a probe before it answers the client that it
    /// should try again.
    ///
    /// Between questions it waits `address_verify_poll_delay`. 1 makes every new address wait for
    /// the client's next attempt, which acts like greylisting.
    address_verify_poll_count: Int = "${stress?{1}:{3}}", at_least 1, since "2.1";
    /// The pause between questions for the result of a probe.
    address_verify_poll_delay: Time = "3s", at_least 1, since "2.1";
    /// How long a successful probe is believed.
    ///
    /// A bare number counts days.
    address_verify_positive_expire_time: Time = "31d", at_least 1, since "2.1";
    /// The age from which a successful probe is repeated in the background while its result is
    /// still used.
    ///
    /// A bare number counts days. A repetition that fails does not replace the good result: that
    /// lives until `address_verify_positive_expire_time`.
    address_verify_positive_refresh_time: Time = "7d", at_least 1, since "2.1";
    /// The `relay_transport` of probes.
    address_verify_relay_transport: Service = "$relay_transport", at_least 1, since "2.1";
    /// The `relayhost` of probes; empty sends them directly to the destination.
    address_verify_relayhost: Service = "$relayhost", since "2.1";
    /// The envelope sender of probes.
    ///
    /// Empty or `<>` is the null sender; some sites refuse it, and then their users' addresses look
    /// bad. A name without a domain gets `@$myorigin`. Mail to this address is accepted without any
    /// access check and thrown away, so that probes of others back to us succeed. With
    /// `address_verify_sender_ttl` the address changes with time.
    address_verify_sender: Text = "$double_bounce_sender", since "2.1";
    /// The `sender_dependent_default_transport_maps` of probes.
    address_verify_sender_dependent_default_transport_maps: Tables =
        "$sender_dependent_default_transport_maps", since "2.7";
    /// The `sender_dependent_relayhost_maps` of probes.
    address_verify_sender_dependent_relayhost_maps: Tables =
        "$sender_dependent_relayhost_maps", since "2.3";
    /// How long the time-dependent form of `address_verify_sender` stays the same; 0 keeps the
    /// address fixed.
    ///
    /// A changing address is of no use to spammers who collect it. Several hours or more is
    /// sensible: sites that greylist want to see the same sender twice. The null sender never
    /// changes.
    address_verify_sender_ttl: Time = "0s", since "2.9";
    /// The `transport_maps` of probes.
    address_verify_transport_maps: Tables = "$transport_maps", since "2.1";
    /// The `virtual_transport` of probes.
    address_verify_virtual_transport: Service = "$virtual_transport", at_least 1, since "2.1";
}
