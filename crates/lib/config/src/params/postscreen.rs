// SPDX-License-Identifier: MIT OR Apache-2.0
//! The triage server in front of the SMTP server.

use crate::table::parameters;

parameters! {
    /// How long dnsblog(8) holds its answers back, for tests.
    dnsblog_reply_delay: Time = "0s", since "2.8";
    /// The name in `master.cf` of dnsblog(8).
    dnsblog_service_name: Text = "dnsblog", at_least 1, since "2.8";
    /// What is known about clients before any test.
    ///
    /// Elements are tried from left to right, until one says yes or no:
    ///
    /// - `permit_mynetworks`: clients in `mynetworks` skip all tests.
    /// - `permit`: so do all others.
    /// - `reject`: what `postscreen_denylist_action` says is done.
    /// - `dunno`: ends the list; the tests begin.
    ///
    /// `type:table` is looked up by the client's address, and its result is such a word or a list;
    /// use cidr tables.
    ///
    /// ```text
    /// postscreen_access_list = permit_mynetworks, cidr:/etc/postfix/postscreen_access.cidr
    /// ```
    postscreen_access_list: List = "permit_mynetworks", since "2.8";
    /// The addresses of this host at which a new client can pass the tests.
    ///
    /// At others, clients are told to try again, until they have come to one of these. With a
    /// backup MX on the same host it catches those who only try the backup. `!address` excludes;
    /// the first match decides.
    ///
    /// ```text
    /// postscreen_allowlist_interfaces = !203.0.113.2, static:all
    /// ```
    postscreen_allowlist_interfaces: List =
        "${postscreen_whitelist_interfaces?{$postscreen_whitelist_interfaces}:{static:all}}", since "3.6";
    /// What happens to a client that ends lines with a lone line feed.
    ///
    /// - `ignore`: the failure is logged, and the client may go on; the test is repeated next time.
    /// - `enforce`: mail is refused with 550 when recipients are named, so that sender and
    ///   recipient are logged.
    /// - `drop`: the connection is closed with 521.
    postscreen_bare_newline_action: Text = "ignore", at_least 1, since "2.8";
    /// Whether clients are tested for lines that end with a lone line feed.
    ///
    /// It is one of the tests after the greeting: a client that passes must come again, since
    /// postscreen(8) cannot hand over a session that has begun.
    postscreen_bare_newline_enable: Flag = "no", since "2.8";
    /// How long a passed bare newline test is remembered.
    postscreen_bare_newline_ttl: Time = "30d", at_least 1, since "2.8";
    /// The name of `postscreen_denylist_action` before version 3.6.
    postscreen_blacklist_action: Text =
        "", since "2.8", legacy "postscreen_denylist_action";
    /// The time between scans that remove old entries from `postscreen_cache_map`; 0 scans never.
    postscreen_cache_cleanup_interval: Time = "12h", since "2.8";
    /// The table in which the results of tests are kept.
    ///
    /// It is written by the one postscreen(8) process. To share it between several, use `proxy:`
    /// and `proxy_write_maps`, or a memcache table. With an empty value nothing is remembered
    /// beyond the process.
    postscreen_cache_map: Tables =
        "$default_cache_db_type:$data_directory/postscreen_cache", since "2.8";
    /// How long results are kept after they lost their value.
    ///
    /// A client that returns meanwhile is tested again, but logged as `PASS OLD`.
    postscreen_cache_retention_time: Time = "7d", at_least 1, since "2.8";
    /// How many connections one client may have to postscreen(8) at once.
    postscreen_client_connection_count_limit: Int =
        "$smtpd_client_connection_count_limit", since "2.8";
    /// How many commands a client may send to postscreen(8)'s own SMTP engine.
    ///
    /// More get `421` and the end of the session.
    postscreen_command_count_limit: Int = "20", at_least 1, since "2.8";
    /// The `smtpd_command_filter` of postscreen(8).
    postscreen_command_filter: Tables = "", since "2.8";
    /// How long a client may take for one whole command line.
    postscreen_command_time_limit: Time = "${stress?{10}:{300}}s", at_least 1, since "2.8";
    /// What happens to clients that `postscreen_access_list` rejects; the words are those of
    /// `postscreen_bare_newline_action`.
    postscreen_denylist_action: Text =
        "${postscreen_blacklist_action?{$postscreen_blacklist_action}:{ignore}}", at_least 1, since "3.6";
    /// The `disable_vrfy_command` of postscreen(8).
    postscreen_disable_vrfy_command: Flag = "$disable_vrfy_command", since "2.8";
    /// The `smtpd_discard_ehlo_keyword_address_maps` of postscreen(8).
    postscreen_discard_ehlo_keyword_address_maps: Tables =
        "$smtpd_discard_ehlo_keyword_address_maps", since "2.8";
    /// The `smtpd_discard_ehlo_keywords` of postscreen(8).
    postscreen_discard_ehlo_keywords: List = "$smtpd_discard_ehlo_keywords", since "2.8";
    /// What happens to clients whose score in the block lists reaches `postscreen_dnsbl_threshold`;
    /// the words are those of `postscreen_bare_newline_action`.
    postscreen_dnsbl_action: Text = "ignore", at_least 1, since "2.8";
    /// The score, a negative number, at which a client needs no further tests; 0 switches that off.
    ///
    /// Lists of good senders with a negative weight lead to it. The result lives as long as the DNS
    /// records.
    postscreen_dnsbl_allowlist_threshold: Int =
        "${postscreen_dnsbl_whitelist_threshold?{$postscreen_dnsbl_whitelist_threshold}:{0}}", since "3.6";
    /// The longest time for which a passed block list test is remembered.
    ///
    /// A bare number counts hours.
    postscreen_dnsbl_max_ttl: Time =
        "${postscreen_dnsbl_ttl?{$postscreen_dnsbl_ttl}:{1}}h", at_least 1, since "3.1";
    /// The shortest time for which a passed block list test is remembered, whatever the DNS says.
    postscreen_dnsbl_min_ttl: Time = "60s", at_least 1, since "3.1";
    /// A table with the names of block lists that clients are told.
    ///
    /// The key is the domain in `postscreen_dnsbl_sites`, which may contain a secret access code;
    /// the result is the public name.
    postscreen_dnsbl_reply_map: Tables = "", since "2.8";
    /// The DNS block lists, and allow lists, that a client's address is looked up in.
    ///
    /// An element is `domain`, `domain=filter` or `domain=filter*weight`. The filter selects
    /// replies: `127.0.0.2`, or numbers and ranges in brackets: `127.0.[0..255].[2;4..8]`. The
    /// weight, 1 if none is given, is added to the client's score; negative ones are for lists of
    /// good senders. Look-ups run at once, through dnsblog(8).
    ///
    /// ```text
    /// postscreen_dnsbl_sites = zen.example.org*3, bl.example.net=127.0.0.[2..11]*2,
    ///     allow.example.com=127.0.[0..255].[1..3]*-4
    /// postscreen_dnsbl_threshold = 3
    /// postscreen_dnsbl_action = enforce
    /// ```
    postscreen_dnsbl_sites: List = "", since "2.8";
    /// The score from which on a client is treated by `postscreen_dnsbl_action`.
    postscreen_dnsbl_threshold: Int = "1", at_least 1, since "2.8";
    /// How long to wait for block lists after `postscreen_greet_wait` has ended.
    postscreen_dnsbl_timeout: Time = "10s", at_least 1, since "3.0";
    /// The name of `postscreen_dnsbl_max_ttl` before version 3.1.
    postscreen_dnsbl_ttl: Text =
        "", since "2.8", legacy "postscreen_dnsbl_max_ttl";
    /// The name of `postscreen_dnsbl_allowlist_threshold` before version 3.6.
    postscreen_dnsbl_whitelist_threshold: Text =
        "", since "2.11", legacy "postscreen_dnsbl_allowlist_threshold";
    /// The `smtpd_enforce_tls` of postscreen(8).
    postscreen_enforce_tls: Flag =
        "$smtpd_enforce_tls", since "2.8", deprecated "specify \"postscreen_tls_security_level\"";
    /// The characters that may come out of `$name` expansions in `postscreen_reject_footer`.
    postscreen_expansion_filter: Raw = "$smtpd_expansion_filter", at_least 1, since "2.8";
    /// The `smtpd_forbidden_commands` of postscreen(8).
    postscreen_forbidden_commands: List = "$smtpd_forbidden_commands", since "2.8";
    /// What happens to clients that talk before their turn; the words are those of
    /// `postscreen_bare_newline_action`.
    postscreen_greet_action: Text = "ignore", at_least 1, since "2.8";
    /// The first line of a greeting that is not yet complete, which tempts impatient clients to
    /// talk.
    ///
    /// Empty sends none.
    postscreen_greet_banner: Text = "$smtpd_banner", since "2.8";
    /// How long a passed greeting test is remembered.
    postscreen_greet_ttl: Time = "1d", at_least 1, since "2.8";
    /// How long a new client must wait for the complete greeting.
    ///
    /// Block lists are asked meanwhile. It is short under `stress`.
    postscreen_greet_wait: Time = "${stress?{2}:{6}}s", at_least 1, since "2.8";
    /// The `smtpd_helo_required` of postscreen(8).
    postscreen_helo_required: Flag = "$smtpd_helo_required", since "2.8";
    /// What happens to clients that send commands of other protocols, or no commands at all; the
    /// words are those of `postscreen_bare_newline_action`.
    postscreen_non_smtp_command_action: Text = "drop", at_least 1, since "2.8";
    /// Whether clients are tested for commands in `postscreen_forbidden_commands` and for lines
    /// that look like headers.
    ///
    /// It is one of the tests after the greeting, as `postscreen_bare_newline_enable`.
    postscreen_non_smtp_command_enable: Flag = "no", since "2.8";
    /// How long a passed command test is remembered.
    postscreen_non_smtp_command_ttl: Time = "30d", at_least 1, since "2.8";
    /// What happens to clients that send several commands at once though that was not offered; the
    /// words are those of `postscreen_bare_newline_action`.
    postscreen_pipelining_action: Text = "enforce", at_least 1, since "2.8";
    /// Whether clients are tested for sending several commands at once.
    ///
    /// It is one of the tests after the greeting, as `postscreen_bare_newline_enable`.
    postscreen_pipelining_enable: Flag = "no", since "2.8";
    /// How long a passed pipelining test is remembered.
    postscreen_pipelining_ttl: Time = "30d", at_least 1, since "2.8";
    /// How many clients may wait for smtpd(8) after their tests.
    ///
    /// Further ones get `421`.
    postscreen_post_queue_limit: Int = "$default_process_limit", at_least 5, since "2.8";
    /// How many clients may be under test at once.
    ///
    /// Further ones that have not passed before get `421`.
    postscreen_pre_queue_limit: Int = "$default_process_limit", at_least 10, since "2.8";
    /// The `smtpd_reject_footer` of postscreen(8).
    postscreen_reject_footer: Raw = "$smtpd_reject_footer", since "2.8";
    /// The `smtpd_reject_footer_maps` of postscreen(8).
    postscreen_reject_footer_maps: Tables = "$smtpd_reject_footer_maps", since "3.4";
    /// The `smtpd_starttls_timeout` of postscreen(8).
    postscreen_starttls_timeout: Time = "$smtpd_starttls_timeout", at_least 1, since "3.12";
    /// The `smtpd_tls_CAfile` of postscreen(8).
    postscreen_tls_CAfile: Text = "$smtpd_tls_CAfile", since "3.12";
    /// The `smtpd_tls_CApath` of postscreen(8).
    postscreen_tls_CApath: Text = "$smtpd_tls_CApath", since "3.12";
    /// The `smtpd_tls_always_issue_session_ids` of postscreen(8).
    postscreen_tls_always_issue_session_ids: Flag =
        "$smtpd_tls_always_issue_session_ids", since "3.12";
    /// The `smtpd_tls_ask_ccert` of postscreen(8).
    postscreen_tls_ask_ccert: Flag = "$smtpd_tls_ask_ccert", since "3.12";
    /// The `smtpd_tls_ccert_verifydepth` of postscreen(8).
    postscreen_tls_ccert_verifydepth: Int = "$smtpd_tls_ccert_verifydepth", since "3.12";
    /// The `smtpd_tls_cert_file` of postscreen(8).
    postscreen_tls_cert_file: Text = "$smtpd_tls_cert_file", since "3.12";
    /// The `smtpd_tls_chain_files` of postscreen(8).
    postscreen_tls_chain_files: List = "$smtpd_tls_chain_files", since "3.12";
    /// The `smtpd_tls_ciphers` of postscreen(8).
    postscreen_tls_ciphers: Text = "$smtpd_tls_ciphers", at_least 1, since "3.12";
    /// The `smtpd_tls_dcert_file` of postscreen(8).
    postscreen_tls_dcert_file: Text = "$smtpd_tls_dcert_file", since "3.12";
    /// The `smtpd_tls_dh1024_param_file` of postscreen(8).
    postscreen_tls_dh1024_param_file: Text = "$smtpd_tls_dh1024_param_file", since "3.12";
    /// The `smtpd_tls_dh512_param_file` of postscreen(8).
    postscreen_tls_dh512_param_file: Text = "$smtpd_tls_dh512_param_file", since "3.12";
    /// The `smtpd_tls_dkey_file` of postscreen(8).
    postscreen_tls_dkey_file: Text = "$smtpd_tls_dkey_file", since "3.12";
    /// The `smtpd_tls_eccert_file` of postscreen(8).
    postscreen_tls_eccert_file: Text = "$smtpd_tls_eccert_file", since "3.12";
    /// The `smtpd_tls_eckey_file` of postscreen(8).
    postscreen_tls_eckey_file: Text = "$smtpd_tls_eckey_file", since "3.12";
    /// The `smtpd_tls_eecdh_grade` of postscreen(8).
    postscreen_tls_eecdh_grade: Text = "$smtpd_tls_eecdh_grade", at_least 1, since "3.12";
    /// The `smtpd_tls_enable_rpk` of postscreen(8).
    postscreen_tls_enable_rpk: Flag = "$smtpd_tls_enable_rpk", since "3.12";
    /// The `smtpd_tls_exclude_ciphers` of postscreen(8).
    postscreen_tls_exclude_ciphers: Text = "$smtpd_tls_exclude_ciphers", since "3.12";
    /// The `smtpd_tls_fingerprint_digest` of postscreen(8).
    postscreen_tls_fingerprint_digest: Text =
        "$smtpd_tls_fingerprint_digest", at_least 1, since "3.12";
    /// The `smtpd_tls_key_file` of postscreen(8).
    postscreen_tls_key_file: Text = "$smtpd_tls_key_file", since "3.12";
    /// The `smtpd_tls_loglevel` of postscreen(8).
    postscreen_tls_loglevel: Text = "$smtpd_tls_loglevel", since "3.12";
    /// The `smtpd_tls_loglevel_maps` of postscreen(8).
    postscreen_tls_loglevel_maps: Tables = "$smtpd_tls_loglevel_maps", since "3.12";
    /// The `smtpd_tls_mandatory_ciphers` of postscreen(8).
    postscreen_tls_mandatory_ciphers: Text =
        "$smtpd_tls_mandatory_ciphers", at_least 1, since "3.12";
    /// The `smtpd_tls_mandatory_exclude_ciphers` of postscreen(8).
    postscreen_tls_mandatory_exclude_ciphers: Text =
        "$smtpd_tls_mandatory_exclude_ciphers", since "3.12";
    /// The `smtpd_tls_mandatory_protocols` of postscreen(8).
    postscreen_tls_mandatory_protocols: List = "$smtpd_tls_mandatory_protocols", since "3.12";
    /// The `smtpd_tls_protocols` of postscreen(8).
    postscreen_tls_protocols: List = "$smtpd_tls_protocols", since "3.12";
    /// The `smtpd_tls_req_ccert` of postscreen(8).
    postscreen_tls_req_ccert: Flag = "$smtpd_tls_req_ccert", since "3.12";
    /// The `smtpd_tls_security_level` of postscreen(8).
    postscreen_tls_security_level: Text = "$smtpd_tls_security_level", since "2.8";
    /// The `smtpd_tls_trace_size_limit` of postscreen(8).
    postscreen_tls_trace_size_limit: Int = "$smtpd_tls_trace_size_limit", since "3.12";
    /// The protocol in which a load balancer in front tells the client's address.
    ///
    /// - `haproxy`: that of HAProxy, version 1 or 2.
    ///
    /// Empty means that clients connect directly. It must match what the balancer sends, or every
    /// connection fails.
    postscreen_upstream_proxy_protocol: Text = "", since "2.10";
    /// How long to wait for what the load balancer says.
    postscreen_upstream_proxy_timeout: Time = "5s", at_least 1, since "2.10";
    /// The `smtpd_use_tls` of postscreen(8).
    postscreen_use_tls: Flag =
        "$smtpd_use_tls", since "2.8", deprecated "specify \"postscreen_tls_security_level\"";
    /// How long postscreen(8) may be busy with one thing before its watchdog ends it.
    postscreen_watchdog_timeout: Time = "10s", at_least 10, since "2.8";
    /// The name of `postscreen_allowlist_interfaces` before version 3.6.
    postscreen_whitelist_interfaces: Text =
        "", since "2.9", legacy "postscreen_allowlist_interfaces";
}
