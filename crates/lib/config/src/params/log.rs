// SPDX-License-Identifier: MIT OR Apache-2.0
//! Logging and debugging.

use crate::table::parameters;

parameters! {
    /// How many times `-v` a program counts while it talks to a peer of `debug_peer_list`.
    debug_peer_level: Int = "2", at_least 1;
    /// The peers whose conversations are logged in detail.
    ///
    /// Elements are host names, domains (subdomains too if `parent_domain_matches_subdomains` says
    /// so), addresses, networks, `/file/name` and `type:table`. Since Postfix 3.6 next hops match
    /// as well. It is the way to see one session on a busy server:
    ///
    /// ```text
    /// debug_peer_list = 192.0.2.7, example.com
    /// ```
    debug_peer_list: List = "";
    /// The shell command that is run when a daemon has `-D` in `master.cf`.
    ///
    /// Parameters of `main.cf` are expanded, and `$process_id`, `$process_name` and
    /// `$daemon_directory` too. The daemon waits a little for it.
    ///
    /// ```text
    /// debugger_command = strace -p $process_id -o /tmp/$process_name.$process_id & sleep 1
    /// ```
    debugger_command: Text = "";
    /// The largest number of digits after the decimal point in the `delay=` and `delays=` fields of
    /// the log.
    ///
    /// Small times are shown with up to this many, large ones with fewer.
    delay_logging_resolution_limit: Int = "2", at_most 6, since "2.3";
    /// A number that makes programs fail on purpose, for tests of the original.
    ///
    /// Faults in Posthorn's tests are injected from outside, so nothing depends on it.
    fault_injection_code: Int = "0";
    /// Whether programs warn of settings that are legal but probably a mistake.
    helpful_warnings: Flag = "yes", since "2.0";
    /// How addresses appear in the log.
    ///
    /// - `external`: as they travel, with quotes around unusual local parts: `"a b"@example.com`.
    /// - `internal`: without, as versions before 3.5 did: `a b@example.com`.
    info_log_address_format: Text = "external", at_least 1, since "3.5";
    /// The file that postlogd(8) writes the log to; empty sends it to syslog.
    ///
    /// It must lie below `maillog_file_prefixes`. `/dev/stdout` is for containers and works only
    /// with `postfix start-fg`. The postlog service must be in `master.cf`. `postfix logrotate`
    /// moves the file away.
    maillog_file: Text = "", since "3.4";
    /// The command that `postfix logrotate` runs on the file it moved away; the name is its one
    /// argument.
    maillog_file_compressor: Text = "gzip", at_least 1, since "3.4";
    /// The permissions of a new log file.
    ///
    /// Only `0600`, `0640` and `0644` are accepted.
    maillog_file_permissions: Text = "0600", at_least 1, since "3.9";
    /// The beginnings of names that `maillog_file` may have.
    ///
    /// A mistake in the configuration can then not overwrite something else.
    maillog_file_prefixes: List = "/var, /dev/stdout", at_least 1, since "3.4";
    /// What `postfix logrotate` adds to the name of the file it moves away, in the notation of
    /// strftime(3).
    maillog_file_rotate_suffix: Text = "%Y%m%d-%H%M%S", at_least 1, since "3.4";
    /// How long postlogd(8) may take to write before its watchdog ends it.
    postlogd_watchdog_timeout: Time = "10s", at_least 10, since "3.4";
    /// Whether the log uses the words allowlist and denylist.
    ///
    /// `no` keeps the older words in the lines of postscreen(8), for tools that look for them;
    /// below `compatibility_level` 3.6 that is the default.
    respectful_logging: Flag =
        "${{$compatibility_level} <level {3.6} ? {no} : {yes}}", since "3.6";
    /// The facility of syslog(3) that all programs log to.
    ///
    /// Until a program has read `main.cf` it uses `mail`.
    syslog_facility: Text = "mail", at_least 1;
    /// The name that stands before the program's own in the log: `postfix/smtpd`.
    ///
    /// A service may have its own, which makes its lines easy to find:
    ///
    /// ```text
    /// submission inet n - n - - smtpd
    ///     -o syslog_name=postfix/submission
    /// ```
    ///
    /// A name that a log analyser does not know hides the lines from it.
    syslog_name: Text = "${multi_instance_name?{$multi_instance_name}:{postfix}}", at_least 1;
}
