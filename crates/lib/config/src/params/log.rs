// SPDX-License-Identifier: MIT OR Apache-2.0
//! Logging and debugging.

use crate::table::parameters;

parameters! {
    /// Extra verbosity when the peer matches `debug_peer_list`.
    debug_peer_level: Int = "2", at_least 1;
    /// Peers whose conversations are logged in detail: hosts, domains, networks, tables; also
    /// nexthops since 3.6.
    debug_peer_list: List = "";
    /// Shell command run when a daemon has -D in master.cf; main.cf macros incl. $process_id,
    /// $process_name, $daemon_directory.
    debugger_command: Text = "";
    /// Maximum decimals in delay=/delays= (0..6).
    delay_logging_resolution_limit: Int = "2", at_most 6, since "2.3";
    /// Test aid: bit selects an internal failure.
    fault_injection_code: Int = "0";
    /// Log warnings about suspicious configuration.
    helpful_warnings: Flag = "yes", since "2.0";
    /// External (quoted) or internal form in logs.
    info_log_address_format: Text = "external", at_least 1, since "3.5";
    /// Postlogd target file; empty = syslog; /dev/stdout only with start-fg.
    maillog_file: Text = "", since "3.4";
    /// Command run by postfix logrotate with the rotated name.
    maillog_file_compressor: Text = "gzip", at_least 1, since "3.4";
    /// 0600, 0640 or 0644 for new logfiles.
    maillog_file_permissions: Text = "0600", at_least 1, since "3.9";
    /// Allowed prefixes of `maillog_file`.
    maillog_file_prefixes: List = "/var, /dev/stdout", at_least 1, since "3.4";
    /// Strftime suffix.
    maillog_file_rotate_suffix: Text = "%Y%m%d-%H%M%S", at_least 1, since "3.4";
    /// Watchdog (≥ 10s).
    postlogd_watchdog_timeout: Time = "10s", at_least 10, since "3.4";
    /// Use allowlist/denylist wording; `no` gives WHITELISTED/BLACKLISTED (default follows
    /// `compatibility_level` ≥ 3.6).
    respectful_logging: Flag =
        "${{$compatibility_level} <level {3.6} ? {no} : {yes}}", since "3.6";
    /// Syslog facility (after initialisation).
    syslog_facility: Text = "mail", at_least 1;
    /// Log tag prefix: NAME/program; default postfix or `multi_instance_name`.
    syslog_name: Text = "${multi_instance_name?{$multi_instance_name}:{postfix}}", at_least 1;
}
