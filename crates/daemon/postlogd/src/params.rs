// SPDX-License-Identifier: MIT OR Apache-2.0
//! What postlogd reads from `main.cf`.

config::select! {
    /// The log file and its conditions.
    pub(crate) struct Params {
        maillog_file,
        maillog_file_permissions,
        maillog_file_prefixes,
        postlogd_watchdog_timeout,
    }
}
