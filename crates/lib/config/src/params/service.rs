// SPDX-License-Identifier: MIT OR Apache-2.0
//! Names of services in `master.cf` that programs look for.

use crate::table::parameters;

parameters! {
    /// The name in `master.cf` of verify(8).
    ///
    /// The names in this group are for systems whose `master.cf` runs a second copy of a service
    /// with other settings: a program given `-o` with such a name talks to that copy.
    address_verify_service_name: Text = "verify", at_least 1;
    /// The name in `master.cf` of the bounce(8) service that returns mail.
    bounce_service_name: Text = "bounce", at_least 1, since "2.0";
    /// The name in `master.cf` of the cleanup(8) service that a program hands its mail to.
    ///
    /// The best known use is a second cleanup(8) without header checks, milters or virtual aliases
    /// for mail that comes back from a content filter:
    ///
    /// ```text
    /// 127.0.0.1:10025 inet n - n - - smtpd
    ///     -o cleanup_service_name=cleanup-after-filter
    /// ```
    cleanup_service_name: Text = "cleanup", at_least 1, since "2.0";
    /// The name in `master.cf` of scache(8).
    connection_cache_service_name: Text = "scache", at_least 1, since "2.2";
    /// The name in `master.cf` of the bounce(8) service that records delays.
    defer_service_name: Text = "defer", at_least 1, since "2.0";
    /// The name in `master.cf` of error(8).
    error_service_name: Text = "error", at_least 1, since "2.0";
    /// The name in `master.cf` of flush(8).
    flush_service_name: Text = "flush", at_least 1, since "2.0";
    /// The name in `master.cf` of pickup(8).
    pickup_service_name: Text = "pickup", at_least 1, since "2.0";
    /// The name in `master.cf` of postlogd(8).
    ///
    /// Its socket is found by every program when `maillog_file` is set.
    postlog_service_name: Text = "postlog", at_least 1, since "3.4";
    /// The name in `master.cf` of the proxymap(8) service that reads tables.
    proxymap_service_name: Text = "proxymap", at_least 1, since "2.6";
    /// The name in `master.cf` of the proxymap(8) service that also changes tables.
    proxywrite_service_name: Text = "proxywrite", at_least 1, since "2.6";
    /// The name in `master.cf` of qmgr(8).
    queue_service_name: Text = "qmgr", at_least 1, since "2.0";
    /// The name in `master.cf` of trivial-rewrite(8).
    rewrite_service_name: Text = "rewrite", at_least 1, since "2.0";
    /// The name in `master.cf` of showq(8).
    showq_service_name: Text = "showq", at_least 1, since "2.0";
    /// The name in `master.cf` of tlsmgr(8).
    tlsmgr_service_name: Text = "tlsmgr", at_least 1, since "2.11";
    /// The name in `master.cf` of the bounce(8) service that reports successful and traced
    /// deliveries.
    trace_service_name: Text = "trace", at_least 1, since "2.1";
}
