// SPDX-License-Identifier: MIT OR Apache-2.0
//! What every delivery agent reads from main.cf.

config::select! {
    /// How outcomes are logged and reported; embedded in the agents' own sets.
    pub struct StatusParams {
        bounce_service_name,
        defer_service_name,
        trace_service_name,
        flush_service_name,
        fast_flush_domains,
        /// What to say where an old default of it makes a difference.
        fast_flush_notice: config::compat::FastFlushNotice,
        parent_domain_matches_subdomains,
        address_verify_service_name,
        address_verify_negative_cache,
        soft_bounce,
        delay_logging_resolution_limit,
        ipc_timeout,
        tables: maps::Params,
    }
}
