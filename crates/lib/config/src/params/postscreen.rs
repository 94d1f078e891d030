// SPDX-License-Identifier: MIT OR Apache-2.0
//! The triage server in front of the SMTP server.

use crate::table::parameters;

parameters! {
    /// Debugging: delay of dnsblog answers.
    dnsblog_reply_delay: Time = "0s", since "2.8";
    /// Master.cf name of dnsblog(8).
    dnsblog_service_name: Text = "dnsblog", at_least 1, since "2.8";
    /// An ordered list: `permit_mynetworks`, permit, reject, dunno, or type:table whose result
    /// is such a list; address keys only, no partial lookups.
    postscreen_access_list: List = "permit_mynetworks", since "2.8";
    /// Local addresses on which new clients can earn allowlist status (first match, !
    /// supported).
    postscreen_allowlist_interfaces: List =
        "${postscreen_whitelist_interfaces?{$postscreen_whitelist_interfaces}:{static:all}}", since "3.6";
    /// Whether to ignore, enforce (550 per recipient at RCPT) or drop (521).
    postscreen_bare_newline_action: Text = "ignore", at_least 1, since "2.8";
    /// Turn on the deep test for bare newlines.
    postscreen_bare_newline_enable: Flag = "no", since "2.8";
    /// Cache lifetime of a pass.
    postscreen_bare_newline_ttl: Time = "30d", at_least 1, since "2.8";
    /// Pre-3.6 name of `postscreen_denylist_action`.
    postscreen_blacklist_action: Text =
        "", since "2.8", legacy "pre-3.6 name of postscreen_denylist_action";
    /// Period of cache expiry scans; 0 = off; table must support delete and sequence.
    postscreen_cache_cleanup_interval: Time = "12h", since "2.8";
    /// Persistent result cache; key client address, value list of expiry times; proxy: needed
    /// for sharing.
    postscreen_cache_map: Tables =
        "$default_cache_db_type:$data_directory/postscreen_cache", since "2.8";
    /// Keep expired entries this long so returning clients count as OLD.
    postscreen_cache_retention_time: Time = "7d", at_least 1, since "2.8";
    /// Concurrent connections per client; default $smtpd_client_connection_count_limit.
    postscreen_client_connection_count_limit: Int =
        "$smtpd_client_connection_count_limit", since "2.8";
    /// Commands per dummy-SMTP session, then 421.
    postscreen_command_count_limit: Int = "20", at_least 1, since "2.8";
    /// As `smtpd_command_filter`.
    postscreen_command_filter: Tables = "", since "2.8";
    /// Time to send a complete command line (stress dependent).
    postscreen_command_time_limit: Time = "${stress?{10}:{300}}s", at_least 1, since "2.8";
    /// Whether to ignore, enforce or drop: for clients that match `reject` in the access list.
    postscreen_denylist_action: Text =
        "${postscreen_blacklist_action?{$postscreen_blacklist_action}:{ignore}}", at_least 1, since "3.6";
    /// Default $disable_vrfy_command.
    postscreen_disable_vrfy_command: Flag = "$disable_vrfy_command", since "2.8";
    /// Default $smtpd_discard_ehlo_keyword_address_maps.
    postscreen_discard_ehlo_keyword_address_maps: Tables =
        "$smtpd_discard_ehlo_keyword_address_maps", since "2.8";
    /// Default $smtpd_discard_ehlo_keywords.
    postscreen_discard_ehlo_keywords: List = "$smtpd_discard_ehlo_keywords", since "2.8";
    /// Whether to ignore, enforce or drop when score ≥ threshold.
    postscreen_dnsbl_action: Text = "ignore", at_least 1, since "2.8";
    /// Negative value: scores ≤ it let the client skip remaining tests, with expiry from DNS
    /// TTL.
    postscreen_dnsbl_allowlist_threshold: Int =
        "${postscreen_dnsbl_whitelist_threshold?{$postscreen_dnsbl_whitelist_threshold}:{0}}", since "3.6";
    /// Upper bound of pass lifetime from DNS TTL.
    postscreen_dnsbl_max_ttl: Time =
        "${postscreen_dnsbl_ttl?{$postscreen_dnsbl_ttl}:{1}}h", at_least 1, since "3.1";
    /// Lower bound.
    postscreen_dnsbl_min_ttl: Time = "60s", at_least 1, since "3.1";
    /// DNSBL domain → public name used in replies (hides keys).
    postscreen_dnsbl_reply_map: Tables = "", since "2.8";
    /// Domain\[=d.d.d.d filter\]\[\*weight\] list.
    postscreen_dnsbl_sites: List = "", since "2.8";
    /// Score that blocks (inclusive).
    postscreen_dnsbl_threshold: Int = "1", at_least 1, since "2.8";
    /// How long to wait for DNSBL answers after the greet wait is over.
    postscreen_dnsbl_timeout: Time = "10s", at_least 1, since "3.0";
    /// Pre-3.1 name of `postscreen_dnsbl_max_ttl`.
    postscreen_dnsbl_ttl: Text =
        "", since "2.8", legacy "pre-3.1 name of postscreen_dnsbl_max_ttl";
    /// Pre-3.6 name of `postscreen_dnsbl_allowlist_threshold`.
    postscreen_dnsbl_whitelist_threshold: Text =
        "", since "2.11", legacy "pre-3.6 name of postscreen_dnsbl_allowlist_threshold";
    /// Old: mandatory TLS; use `postscreen_tls_security_level`.
    postscreen_enforce_tls: Flag =
        "$smtpd_enforce_tls", since "2.8", deprecated "specify \"postscreen_tls_security_level\"";
    /// Characters allowed in `postscreen_reject_footer` expansions.
    postscreen_expansion_filter: Raw = "$smtpd_expansion_filter", at_least 1, since "2.8";
    /// Default $smtpd_forbidden_commands.
    postscreen_forbidden_commands: List = "$smtpd_forbidden_commands", since "2.8";
    /// Whether to ignore, enforce or drop: for clients that talk before the greeting.
    postscreen_greet_action: Text = "ignore", at_least 1, since "2.8";
    /// Text of the early `220-` teaser; empty disables.
    postscreen_greet_banner: Text = "$smtpd_banner", since "2.8";
    /// Cache lifetime of a pregreet pass.
    postscreen_greet_ttl: Time = "1d", at_least 1, since "2.8";
    /// How long to wait (stress dependent 2s/6s).
    postscreen_greet_wait: Time = "${stress?{2}:{6}}s", at_least 1, since "2.8";
    /// Default $smtpd_helo_required.
    postscreen_helo_required: Flag = "$smtpd_helo_required", since "2.8";
    /// Whether to ignore, enforce or drop.
    postscreen_non_smtp_command_action: Text = "drop", at_least 1, since "2.8";
    /// Turn on the test.
    postscreen_non_smtp_command_enable: Flag = "no", since "2.8";
    /// Cache lifetime.
    postscreen_non_smtp_command_ttl: Time = "30d", at_least 1, since "2.8";
    /// Whether to ignore, enforce or drop.
    postscreen_pipelining_action: Text = "enforce", at_least 1, since "2.8";
    /// Turn on the test.
    postscreen_pipelining_enable: Flag = "no", since "2.8";
    /// Cache lifetime.
    postscreen_pipelining_ttl: Time = "30d", at_least 1, since "2.8";
    /// Clients waiting for smtpd; over it everybody gets 421.
    postscreen_post_queue_limit: Int = "$default_process_limit", at_least 5, since "2.8";
    /// Clients under test; over it untested clients get 421.
    postscreen_pre_queue_limit: Int = "$default_process_limit", at_least 10, since "2.8";
    /// Default $smtpd_reject_footer.
    postscreen_reject_footer: Raw = "$smtpd_reject_footer", since "2.8";
    /// Default $smtpd_reject_footer_maps.
    postscreen_reject_footer_maps: Tables = "$smtpd_reject_footer_maps", since "3.4";
    /// Twin of `smtpd_starttls_timeout`.
    postscreen_starttls_timeout: Time = "$smtpd_starttls_timeout", at_least 1, since "3.12";
    /// postscreen's version of `smtpd_tls_CAfile`: trusted client CAs, loaded before chroot.
    postscreen_tls_CAfile: Text = "$smtpd_tls_CAfile", since "3.12";
    /// postscreen's version of `smtpd_tls_CApath`: trusted CA directory.
    postscreen_tls_CApath: Text = "$smtpd_tls_CApath", since "3.12";
    /// postscreen's version of `smtpd_tls_always_issue_session_ids`: issue session ids with
    /// cache off.
    postscreen_tls_always_issue_session_ids: Flag =
        "$smtpd_tls_always_issue_session_ids", since "3.12";
    /// postscreen's version of `smtpd_tls_ask_ccert`: ask for a client certificate.
    postscreen_tls_ask_ccert: Flag = "$smtpd_tls_ask_ccert", since "3.12";
    /// postscreen's version of `smtpd_tls_ccert_verifydepth`: maximum chain depth.
    postscreen_tls_ccert_verifydepth: Int = "$smtpd_tls_ccert_verifydepth", since "3.12";
    /// postscreen's version of `smtpd_tls_cert_file`: legacy RSA server certificate.
    postscreen_tls_cert_file: Text = "$smtpd_tls_cert_file", since "3.12";
    /// postscreen's version of `smtpd_tls_chain_files`: key+chain files (replaces per-algorithm
    /// files).
    postscreen_tls_chain_files: List = "$smtpd_tls_chain_files", since "3.12";
    /// postscreen's version of `smtpd_tls_ciphers`: grade for opportunistic TLS.
    postscreen_tls_ciphers: Text = "$smtpd_tls_ciphers", at_least 1, since "3.12";
    /// postscreen's version of `smtpd_tls_dcert_file`: legacy DSA certificate.
    postscreen_tls_dcert_file: Text = "$smtpd_tls_dcert_file", since "3.12";
    /// postscreen's version of `smtpd_tls_dh1024_param_file`: DH parameters, `auto` or empty
    /// lets OpenSSL 3 choose.
    postscreen_tls_dh1024_param_file: Text = "$smtpd_tls_dh1024_param_file", since "3.12";
    /// postscreen's version of `smtpd_tls_dh512_param_file`: ignored.
    postscreen_tls_dh512_param_file: Text = "$smtpd_tls_dh512_param_file", since "3.12";
    /// postscreen's version of `smtpd_tls_dkey_file`: legacy DSA key.
    postscreen_tls_dkey_file: Text = "$smtpd_tls_dkey_file", since "3.12";
    /// postscreen's version of `smtpd_tls_eccert_file`: legacy ECDSA certificate.
    postscreen_tls_eccert_file: Text = "$smtpd_tls_eccert_file", since "3.12";
    /// postscreen's version of `smtpd_tls_eckey_file`: legacy ECDSA key.
    postscreen_tls_eckey_file: Text = "$smtpd_tls_eckey_file", since "3.12";
    /// postscreen's version of `smtpd_tls_eecdh_grade`: ignored since 3.6 (auto).
    postscreen_tls_eecdh_grade: Text = "$smtpd_tls_eecdh_grade", at_least 1, since "3.12";
    /// postscreen's version of `smtpd_tls_enable_rpk`: ask clients for RFC 7250 raw keys.
    postscreen_tls_enable_rpk: Flag = "$smtpd_tls_enable_rpk", since "3.12";
    /// postscreen's version of `smtpd_tls_exclude_ciphers`: ciphers removed.
    postscreen_tls_exclude_ciphers: Text = "$smtpd_tls_exclude_ciphers", since "3.12";
    /// postscreen's version of `smtpd_tls_fingerprint_digest`: digest for client fingerprints
    /// (sha256 at `compatibility_level` ≥ 3.6).
    postscreen_tls_fingerprint_digest: Text =
        "$smtpd_tls_fingerprint_digest", at_least 1, since "3.12";
    /// postscreen's version of `smtpd_tls_key_file`: legacy RSA key.
    postscreen_tls_key_file: Text = "$smtpd_tls_key_file", since "3.12";
    /// postscreen's version of `smtpd_tls_loglevel`: same syntax as `smtp_tls_loglevel`.
    postscreen_tls_loglevel: Text = "$smtpd_tls_loglevel", since "3.12";
    /// postscreen's version of `smtpd_tls_loglevel_maps`: peer name/address → loglevel or
    /// DUNNO.
    postscreen_tls_loglevel_maps: Tables = "$smtpd_tls_loglevel_maps", since "3.12";
    /// postscreen's version of `smtpd_tls_mandatory_ciphers`: grade for mandatory TLS.
    postscreen_tls_mandatory_ciphers: Text =
        "$smtpd_tls_mandatory_ciphers", at_least 1, since "3.12";
    /// postscreen's version of `smtpd_tls_mandatory_exclude_ciphers`: extra exclusions.
    postscreen_tls_mandatory_exclude_ciphers: Text =
        "$smtpd_tls_mandatory_exclude_ciphers", since "3.12";
    /// postscreen's version of `smtpd_tls_mandatory_protocols`: protocols for mandatory TLS.
    postscreen_tls_mandatory_protocols: List = "$smtpd_tls_mandatory_protocols", since "3.12";
    /// postscreen's version of `smtpd_tls_protocols`: protocols for opportunistic TLS.
    postscreen_tls_protocols: List = "$smtpd_tls_protocols", since "3.12";
    /// postscreen's version of `smtpd_tls_req_ccert`: require a trusted client certificate
    /// (mandatory TLS only).
    postscreen_tls_req_ccert: Flag = "$smtpd_tls_req_ccert", since "3.12";
    /// postscreen's version of `smtpd_tls_security_level`: none, may, encrypt; ignored in
    /// wrapper mode.
    postscreen_tls_security_level: Text = "$smtpd_tls_security_level", since "2.8";
    /// postscreen's version of `smtpd_tls_trace_size_limit`: bytes per TLS trace file; 0
    /// disables.
    postscreen_tls_trace_size_limit: Int = "$smtpd_tls_trace_size_limit", since "3.12";
    /// `haproxy` (v1/v2) or empty.
    postscreen_upstream_proxy_protocol: Text = "", since "2.10";
    /// Time limit for the proxy header.
    postscreen_upstream_proxy_timeout: Time = "5s", at_least 1, since "2.10";
    /// Old: opportunistic TLS; use `postscreen_tls_security_level`.
    postscreen_use_tls: Flag =
        "$smtpd_use_tls", since "2.8", deprecated "specify \"postscreen_tls_security_level\"";
    /// Watchdog (≥ 10s).
    postscreen_watchdog_timeout: Time = "10s", at_least 10, since "2.8";
    /// Pre-3.6 name of `postscreen_allowlist_interfaces`.
    postscreen_whitelist_interfaces: Text =
        "", since "2.9", legacy "pre-3.6 name of postscreen_allowlist_interfaces";
}
