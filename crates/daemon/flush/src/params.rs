// SPDX-License-Identifier: MIT OR Apache-2.0
//! What flush(8) reads from main.cf.

config::select! {
    /// The parameters of flush(8).
    pub(crate) struct Params {
        fast_flush_domains,
        fast_flush_purge_time,
        fast_flush_refresh_time,
        hash_queue_depth,
        hash_queue_names,
        parent_domain_matches_subdomains,
        queue_service_name,
        trigger_timeout,
        tables: maps::Params,
    }
}
