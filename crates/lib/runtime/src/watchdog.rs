// SPDX-License-Identifier: MIT OR Apache-2.0
//! Ends a daemon that makes no progress for too long, with the log line for it.
//!
//! *Postfix:* watchdog(3) as the server skeletons use it.

use std::time::Duration;

/// Starts the watchdog: a process that does not [`pat`] it for `limit` logs
/// `fatal: watchdog timeout` and exits with status 1.
pub fn start(limit: Duration) {
    if let Some((descriptor, record)) =
        crate::log::prepared_record(crate::log::Severity::Fatal, "watchdog timeout")
    {
        sys::watchdog::report_to(descriptor, record);
    }
    if let Err(error) = sys::watchdog::start(limit, "fatal: watchdog timeout\n") {
        crate::log::warning(format_args!("cannot start the watchdog: {error}"));
    }
}

/// Says that the process makes progress. Not a system call.
pub fn pat() {
    sys::watchdog::pat();
}

/// Stops the watchdog, for a wait that may rightly last for ever.
pub fn stop() {
    sys::watchdog::stop();
}
