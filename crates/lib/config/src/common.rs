// SPDX-License-Identifier: MIT OR Apache-2.0
//! What every program checks at its start, whether it needs the value or not: a mistake is to
//! be found by whoever makes it, with the next command, and not by the daemon that trips over
//! it at night.
//!
//! *Errors*: in the words of the original, with the place of the setting.
//!
//! *Postfix:* `global/mail_params.c`.

use runtime::net::hostname;

use crate::computed::{Families, own_addresses};
use crate::error::ConfigError;
use crate::main_cf::MainCf;
use crate::params;
use crate::value::{self, braced_words, unbraced, words};

/// Parameters whose values must be good, besides those that are looked at closely.
const CHECKED: [&str; 81] = [
    "address_verify_negative_cache",
    "address_verify_service_name",
    "alias_database",
    "application_event_drain_time",
    "backwards_bounce_logfile_compatibility",
    "berkeley_db_create_buffer_size",
    "berkeley_db_read_buffer_size",
    "bounce_service_name",
    "cleanup_service_name",
    "command_directory",
    "daemon_directory",
    "daemon_table_open_error_is_fatal",
    "daemon_timeout",
    "data_directory",
    "debug_peer_level",
    "debug_peer_list",
    "default_database_type",
    "default_privs",
    "default_verp_delimiters",
    "defer_service_name",
    "delay_logging_resolution_limit",
    "deliver_lock_attempts",
    "deliver_lock_delay",
    "disable_dns_lookups",
    "disable_mime_input_processing",
    "disable_mime_output_conversion",
    "double_bounce_sender",
    "enable_idna2003_compatibility",
    "error_service_name",
    "fast_flush_domains",
    "fault_injection_code",
    "flush_service_name",
    "fork_attempts",
    "fork_delay",
    "hash_queue_depth",
    "hash_queue_names",
    "header_address_token_limit",
    "header_size_limit",
    "helpful_warnings",
    "in_flow_delay",
    "ipc_idle",
    "ipc_timeout",
    "ipc_ttl",
    "lmdb_map_size",
    "mail_name",
    "mail_owner",
    "max_idle",
    "max_use",
    "message_size_limit",
    "meta_directory",
    "mime_boundary_length_limit",
    "mime_nesting_limit",
    "multi_instance_enable",
    "mydestination",
    "myorigin",
    "owner_request_special",
    "parent_domain_matches_subdomains",
    "pickup_service_name",
    "postlog_service_name",
    "proxy_interfaces",
    "proxymap_service_name",
    "queue_directory",
    "queue_service_name",
    "recipient_delimiter",
    "relay_domains",
    "relayhost",
    "respectful_logging",
    "rewrite_service_name",
    "setgid_group",
    "showq_service_name",
    "smtputf8_enable",
    "soft_bounce",
    "stale_lock_time",
    "strict_7bit_headers",
    "strict_8bitmime",
    "strict_8bitmime_body",
    "strict_mime_encoding_domain",
    "syslog_name",
    "trace_service_name",
    "trigger_timeout",
    "verp_delimiter_filter",
];

/// Checks what all programs have in common.
///
/// # Errors
/// The first value that cannot be used.
pub fn check(main_cf: &MainCf) -> Result<(), ConfigError> {
    main_cf.level()?;
    Families::load(main_cf)?;
    for name in ["myhostname", "mydomain"] {
        check_named(main_cf, name)?;
        let value = main_cf.evaluate(name)?.unwrap_or_default();
        if !hostname::is_valid(&value) {
            let why = format!("parameter {name}: bad parameter value: {value}");
            return Err(main_cf.located(name, &format!("file {}: {why}", main_cf.file())));
        }
    }
    for name in CHECKED {
        check_named(main_cf, name)?;
    }
    log_file(main_cf)?;
    for name in ["import_environment", "export_environment"] {
        environment(main_cf, name)?;
    }
    // What follows asks the system: not without need.
    if main_cf.is_set("inet_interfaces") {
        own_addresses(main_cf)?;
    }
    if main_cf.is_set("mynetworks_style") && !main_cf.is_set("mynetworks") {
        main_cf.load::<params::mynetworks>()?;
    }
    Ok(())
}

fn check_named(main_cf: &MainCf, name: &str) -> Result<(), ConfigError> {
    match params::find(name) {
        Some(spec) => value::check(main_cf, spec),
        None => Ok(()),
    }
}

/// Only below certain directories may a log file be.
fn log_file(main_cf: &MainCf) -> Result<(), ConfigError> {
    let file = main_cf.load::<params::maillog_file>()?;
    let prefixes = main_cf.load::<params::maillog_file_prefixes>()?;
    if file.is_empty() || words(&prefixes).any(|prefix| file.starts_with(prefix)) {
        return Ok(());
    }
    let why =
        format!("maillog_file value '{file}' does not match any prefix in maillog_file_prefixes");
    Err(main_cf.located("maillog_file", &why))
}

/// A list of names and of `name=value`, some of them in braces.
fn environment(main_cf: &MainCf, name: &str) -> Result<(), ConfigError> {
    let list = main_cf.evaluate(name)?.unwrap_or_default();
    for word in braced_words(&list, |c| c == ',') {
        if word.starts_with('{')
            && let Some(complaint) = unbraced(word).complaint
        {
            return Err(main_cf.located(name, &format!("{name}: {complaint}")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn refusal(settings: &str) -> String {
        let text = format!("myhostname = h.example\n{settings}\n");
        let main_cf = MainCf::from_text(Path::new("/cf"), &text).expect("good syntax");
        check(&main_cf).map_or_else(|error| error.to_string(), |()| "accepted".to_string())
    }

    #[test]
    fn every_name_is_declared() {
        let unknown = |name: &&str| params::find(name).is_none();
        let unknown: Vec<_> = CHECKED.iter().copied().filter(unknown).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }

    #[test]
    fn what_a_program_does_not_need_is_checked_too() {
        for (setting, why) in [
            (
                "soft_bounce = maybe",
                "bad boolean configuration: soft_bounce = maybe",
            ),
            (
                "message_size_limit = 10k",
                "bad numerical configuration: message_size_limit = 10k",
            ),
            (
                "fork_attempts = 0",
                "invalid fork_attempts parameter value 0 < 1",
            ),
            (
                "trigger_timeout = 1x",
                "parameter trigger_timeout: bad time value or unit: 1x",
            ),
            ("ipc_timeout = 0", "invalid ipc_timeout: 0 (min 1)"),
            ("mail_owner =", "bad string length 0 < 1: mail_owner = "),
            (
                "compatibility_level = x",
                "malformed compatibility level syntax: \"x\"",
            ),
            (
                "inet_protocols = ipv5",
                "unknown inet_protocols value \"ipv5\" in \"ipv5\"",
            ),
            (
                "myhostname = a b",
                "file /cf/main.cf: parameter myhostname: bad parameter value: a b",
            ),
            ("myhostname =", "bad string length 0 < 1: myhostname = "),
            (
                "maillog_file = /etc/x",
                "maillog_file value '/etc/x' does not match any prefix in maillog_file_prefixes",
            ),
            (
                "import_environment = A {B",
                "import_environment: missing '}' in \"{B\"",
            ),
            (
                "mynetworks_style = x",
                "unknown mynetworks mask style value \"x\" in \"x\"",
            ),
            (
                "mail_name = $a\na = $mail_name",
                "dictionary mail_dict: macro processing error: unreasonable macro call nesting: ",
            ),
        ] {
            let refusal = refusal(setting);
            assert!(refusal.starts_with(why), "{setting}: {refusal}");
            assert!(
                refusal.ends_with(", line 2)") || refusal.ends_with(", line 3)"),
                "{refusal}"
            );
        }
        assert_eq!(refusal("maillog_file = /var/log/mail"), "accepted");
        assert_eq!(refusal("import_environment = A {B = c d}"), "accepted");
    }
}
