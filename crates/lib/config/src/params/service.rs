// SPDX-License-Identifier: MIT OR Apache-2.0
//! Names of services in `master.cf` that programs look for.

use crate::table::parameters;

parameters! {
    /// Master.cf service name of verify(8).
    address_verify_service_name: Text = "verify", at_least 1;
    /// Master.cf name of the bounce service.
    bounce_service_name: Text = "bounce", at_least 1, since "2.0";
    /// Master.cf name of cleanup(8).
    cleanup_service_name: Text = "cleanup", at_least 1, since "2.0";
    /// Master.cf name of scache(8).
    connection_cache_service_name: Text = "scache", at_least 1, since "2.2";
    /// Master.cf name of the defer log service.
    defer_service_name: Text = "defer", at_least 1, since "2.0";
    /// Master.cf name of error(8).
    error_service_name: Text = "error", at_least 1, since "2.0";
    /// Master.cf name of flush(8).
    flush_service_name: Text = "flush", at_least 1, since "2.0";
    /// Master.cf name of pickup(8).
    pickup_service_name: Text = "pickup", at_least 1, since "2.0";
    /// Master.cf name of postlogd(8).
    postlog_service_name: Text = "postlog", at_least 1, since "3.4";
    /// Master.cf name of the read-only service.
    proxymap_service_name: Text = "proxymap", at_least 1, since "2.6";
    /// Master.cf name of the read-write service.
    proxywrite_service_name: Text = "proxywrite", at_least 1, since "2.6";
    /// Master.cf name of qmgr.
    queue_service_name: Text = "qmgr", at_least 1, since "2.0";
    /// Master.cf name of trivial-rewrite.
    rewrite_service_name: Text = "rewrite", at_least 1, since "2.0";
    /// Master.cf name of showq.
    showq_service_name: Text = "showq", at_least 1, since "2.0";
    /// Master.cf name of tlsmgr.
    tlsmgr_service_name: Text = "tlsmgr", at_least 1, since "2.11";
    /// Master.cf name of the trace service.
    trace_service_name: Text = "trace", at_least 1, since "2.1";
}
