// SPDX-License-Identifier: MIT OR Apache-2.0
//! Address verification.

use crate::table::parameters;

parameters! {
    /// Period of verify(8) cache expiry scans; 0 turns them off; table must support delete and
    /// sequence; logs retained/dropped counts, `partial` when interrupted.
    address_verify_cache_cleanup_interval: Time = "12h", since "2.7";
    /// Probe-time replacement for `default_transport`.
    address_verify_default_transport: Service = "$default_transport", at_least 1, since "2.1";
    /// Probe-time replacement for `local_transport`.
    address_verify_local_transport: Service = "$local_transport", at_least 1, since "2.1";
    /// verify(8) persistent result store, opened before privileges are dropped; empty value =
    /// in-memory tree lost on reload/stop.
    address_verify_map: Tables =
        "$default_cache_db_type:$data_directory/verify_cache", since "2.1";
    /// Store failing results; with `no` each lookup of a bad address sends a new probe.
    address_verify_negative_cache: Flag = "yes", since "2.1";
    /// Age at which a failing result is discarded (unit d).
    address_verify_negative_expire_time: Time = "3d", at_least 1, since "2.1";
    /// Age at which a failing result is re-probed while still being served (unit h).
    address_verify_negative_refresh_time: Time = "3h", at_least 1, since "2.1";
    /// Maximum probes in progress; qmgr answers the excess with a temporary failure; default
    /// 1/4 of `qmgr_message_active_limit`.
    address_verify_pending_request_limit: Int = "5000", at_least 1, since "3.1";
    /// How often smtpd asks verify(8) about a probe in progress before giving a tempfail; 1 =
    /// do not wait (greylisting-like); 3 normally, 1 under stress.
    address_verify_poll_count: Int = "${stress?{1}:{3}}", at_least 1, since "2.1";
    /// Pause between those polls.
    address_verify_poll_delay: Time = "3s", at_least 1, since "2.1";
    /// Age at which a good result is discarded (unit d).
    address_verify_positive_expire_time: Time = "31d", at_least 1, since "2.1";
    /// Age at which a good result is re-probed; a failing refresh does not overwrite it.
    address_verify_positive_refresh_time: Time = "7d", at_least 1, since "2.1";
    /// Probe-time replacement for `relay_transport`.
    address_verify_relay_transport: Service = "$relay_transport", at_least 1, since "2.1";
    /// Probe-time replacement for relayhost.
    address_verify_relayhost: Service = "$relayhost", since "2.1";
    /// Envelope sender of probes; empty or \<\> = null sender; value must not begin or end with
    /// @; rewritten like a local address (so a bare name gets @$myorigin); exempt from all
    /// smtpd access blocks.
    address_verify_sender: Text = "$double_bounce_sender", since "2.1";
    /// Probe-time replacement for `sender_dependent_default_transport_maps`.
    address_verify_sender_dependent_default_transport_maps: Tables =
        "$sender_dependent_default_transport_maps", since "2.7";
    /// Probe-time replacement for `sender_dependent_relayhost_maps`.
    address_verify_sender_dependent_relayhost_maps: Tables =
        "$sender_dependent_relayhost_maps", since "2.3";
    /// Non-zero: append a time-derived token to the localpart of the probe sender, changing
    /// every interval (recommended several hours or more); no effect for the null sender.
    address_verify_sender_ttl: Time = "0s", since "2.9";
    /// Probe-time replacement for `transport_maps`.
    address_verify_transport_maps: Tables = "$transport_maps", since "2.1";
    /// Probe-time replacement for `virtual_transport`.
    address_verify_virtual_transport: Service = "$virtual_transport", at_least 1, since "2.1";
}
