// SPDX-License-Identifier: MIT OR Apache-2.0
//! The queue on disk, and fast flush.

use crate::table::parameters;

parameters! {
    /// Lifetime of mail with the null sender; 0 = try once.
    bounce_queue_lifetime: Time = "5d", at_most 8640000, since "2.1";
    /// Non-repeating base-52 queue ids instead of short hexadecimal ones.
    enable_long_queue_ids: Flag = "no", since "2.9";
    /// Destinations with flush(8) logs (ETRN, sendmail -qR, postqueue -s).
    fast_flush_domains: List = "$relay_domains";
    /// Age at which an empty flush log is removed (unit d).
    fast_flush_purge_time: Time = "7d", at_least 1;
    /// Age at which an unread flush log is replayed (unit h).
    fast_flush_refresh_time: Time = "12h", at_least 1;
    /// Directory levels for hashed queues (1..).
    hash_queue_depth: Int = "1", at_least 1;
    /// Queues that are hashed.
    hash_queue_names: List = "deferred, defer", at_least 1;
    /// Age limit, then bounce; 0 = one attempt.
    maximal_queue_lifetime: Time = "5d", at_most 8640000;
    /// Size in bytes including envelope; 0 unlimited.
    message_size_limit: Size = "10240000";
    /// Named attributes per queue file.
    queue_file_attribute_count_limit: Int = "100", at_least 1, since "2.0";
    /// Free bytes needed to accept mail; smtpd also wants 1.5 × `message_size_limit`.
    queue_minfree: Size = "0";
}
