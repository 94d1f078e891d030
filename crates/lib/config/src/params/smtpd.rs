// SPDX-License-Identifier: MIT OR Apache-2.0
//! The SMTP and QMQP servers.

use crate::table::parameters;

parameters! {
    /// Old name of `smtpd_authorized_verp_clients`. Nobody by default since the new name
    /// exists, whatever the old manual says.
    authorized_verp_clients: Text =
        "", since "1.1", legacy "old name of smtpd_authorized_verp_clients";
    /// Answer VRFY with 502 5.5.1.
    disable_vrfy_command: Flag = "no";
    /// Who may use qmqpd; empty = nobody.
    qmqpd_authorized_clients: List = "";
    /// Add client port to logs.
    qmqpd_client_port_logging: Flag = "no", since "2.5";
    /// Pause before a negative reply.
    qmqpd_error_delay: Time = "1s";
    /// Network I/O limit.
    qmqpd_timeout: Time = "300s", at_least 1;
    /// `no_unknown_recipient_checks`, `no_address_mappings`, `no_header_body_checks`,
    /// `no_milters` (per-service).
    receive_override_options: List = "", since "2.1";
    /// Who may use XVERP.
    smtpd_authorized_verp_clients: List = "$authorized_verp_clients", since "2.1";
    /// Who may use XCLIENT.
    smtpd_authorized_xclient_hosts: List = "", since "2.1";
    /// Who may use XFORWARD.
    smtpd_authorized_xforward_hosts: List = "", since "2.1";
    /// Text after `220 ` (must start with the hostname).
    smtpd_banner: Text = "$myhostname ESMTP $mail_name", at_least 1;
    /// AUTH commands per client per anvil unit; 0 = off.
    smtpd_client_auth_rate_limit: Int = "0", since "3.1";
    /// Concurrent connections per client (default half the process limit).
    smtpd_client_connection_count_limit: Int = "50", since "2.2";
    /// Old name of `smtpd_client_event_limit_exceptions`.
    smtpd_client_connection_limit_exceptions: Text =
        "", legacy "old name of smtpd_client_event_limit_exceptions";
    /// Connections per client per unit.
    smtpd_client_connection_rate_limit: Int = "0", since "2.2";
    /// Clients exempt from all anvil limits.
    smtpd_client_event_limit_exceptions: List =
        "${smtpd_client_connection_limit_exceptions:$mynetworks}", since "2.2";
    /// Aggregate anvil counters by this IPv4 prefix.
    smtpd_client_ipv4_prefix_length: Int = "32", at_most 32, since "3.8";
    /// The same for IPv6 (84).
    smtpd_client_ipv6_prefix_length: Int = "84", at_most 128, since "3.8";
    /// MAIL commands per client per unit.
    smtpd_client_message_rate_limit: Int = "0", since "2.2";
    /// Uncached TLS sessions per client per unit.
    smtpd_client_new_tls_session_rate_limit: Int = "0", since "2.3";
    /// Add `:port` to the logged client.
    smtpd_client_port_logging: Flag = "no", since "2.5";
    /// RCPT commands per client per unit.
    smtpd_client_recipient_rate_limit: Int = "0", since "2.2";
    /// Table transforming received commands before parsing (BDAT content excluded).
    smtpd_command_filter: Tables = "", since "2.7";
    /// Create the queue file only after an accepted recipient.
    smtpd_delay_open_until_valid_rcpt: Flag = "yes", since "2.3";
    /// Per client address: keywords not announced.
    smtpd_discard_ehlo_keyword_address_maps: Tables = "", since "2.2";
    /// Keywords not announced (case-insensitive): 8bitmime, auth, chunking, dsn,
    /// enhancedstatuscodes, etrn, pipelining, requiretls, size, smtputf8, starttls, verp, vrfy,
    /// xclient, xforward; silent-discard suppresses logging; unknown words ignored.
    smtpd_discard_ehlo_keywords: List = "", since "2.2";
    /// Old mandatory TLS switch.
    smtpd_enforce_tls: Flag =
        "no", since "2.2", deprecated "specify \"smtpd_tls_security_level\"";
    /// Pause per response between soft and hard error limits.
    smtpd_error_sleep_time: Time = "1s";
    /// Characters allowed in reply template expansions.
    smtpd_expansion_filter: Raw =
        "\\t\\40!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\\\]^_`abcdefghijklmnopqrstuvwxyz{|}~", at_least 1, since "2.0";
    /// What is done about bare newlines: normalize, note, reject, yes, no.
    smtpd_forbid_bare_newline: Text = "normalize", at_least 1, since "3.9";
    /// Clients exempt (default $mynetworks).
    smtpd_forbid_bare_newline_exclusions: List = "$mynetworks", since "3.9";
    /// Reply code for reject mode.
    smtpd_forbid_bare_newline_reject_code: Int = "550", at_least 500, at_most 599, since "3.9";
    /// Disconnect on early pipelining with 554 5.5.0.
    smtpd_forbid_unauth_pipelining: Flag = "yes", since "3.9";
    /// Commands that end the session with 221; default CONNECT GET POST regexp:{{/^\[^A-Z\]/
    /// Bogus}}.
    smtpd_forbidden_commands: List = "CONNECT GET POST regexp:{{/^[^A-Z]/ Bogus}}", since "2.2";
    /// Errors before 421 and hang-up (20, 1 under stress).
    smtpd_hard_error_limit: Int = "${stress?{1}:{20}}", at_least 1;
    /// Demand HELO/EHLO before MAIL etc.
    smtpd_helo_required: Flag = "no";
    /// Leave client details out of the Received: header.
    smtpd_hide_client_session: Flag = "no", since "3.10";
    /// History lines kept; flushed on EHLO, RSET, end of DATA and (since the 20260805 fix)
    /// whenever the threshold is reached.
    smtpd_history_flush_threshold: Int = "100", at_least 1;
    /// Junk commands before they count as errors; the code flags HELO, EHLO, RSET, NOOP, VRFY,
    /// ETRN and `smtpd_noop_commands` as junk.
    smtpd_junk_command_limit: Int = "${stress?{1}:{100}}", at_least 1;
    /// Bytes/s that extend the per-request deadline during DATA/BDAT.
    smtpd_min_data_rate: Int = "500", at_least 1, since "3.7";
    /// Commands answered 250 2.0.0 Ok without action.
    smtpd_noop_commands: List = "";
    /// DNS lookup and verification of the client name; `no` = always unknown.
    smtpd_peername_lookup: Flag = "yes", since "2.3";
    /// Old: limit per record.
    smtpd_per_record_deadline: Text = "", since "2.9", legacy "old: limit per record";
    /// Limit for the whole request/response (stress dependent).
    smtpd_per_request_deadline: Flag =
        "${smtpd_per_record_deadline?{$smtpd_per_record_deadline}:{${stress?{yes}:{no}}}}", since "3.7";
    /// EHLO name for the before-queue proxy.
    smtpd_proxy_ehlo: Text = "$myhostname", since "2.1";
    /// Before-queue filter endpoint: host:port, inet:…, unix:….
    smtpd_proxy_filter: Service = "", since "2.1";
    /// `speed_adjust` (buffer message first).
    smtpd_proxy_options: List = "", since "2.7";
    /// I/O limit of the proxy.
    smtpd_proxy_timeout: Time = "100s", at_least 1, since "2.1";
    /// Recipients per transaction, then 452.
    smtpd_recipient_limit: Int = "1000", at_least 1;
    /// Excess recipients not counted as errors.
    smtpd_recipient_overshoot_limit: Int = "1000", at_least 1;
    /// Table replacing complete 4xx/5xx reply texts.
    smtpd_reject_filter_maps: Tables = "", since "3.11";
    /// Text appended to 4xx/5xx replies (\n line break, \c same line).
    smtpd_reject_footer: Raw = "", since "2.8";
    /// Footer per reply.
    smtpd_reject_footer_maps: Tables = "", since "3.4";
    /// Names of user-defined restriction lists, each defined as main.cf parameter.
    smtpd_restriction_classes: List = "";
    /// Pass service to which postscreen hands clients.
    smtpd_service_name: Text = "smtpd", at_least 1, since "2.8";
    /// Errors before replies are delayed (10, 1 under stress).
    smtpd_soft_error_limit: Int = "10", at_least 1;
    /// TLS handshake limit (stress dependent).
    smtpd_starttls_timeout: Time = "${stress?{10}:{300}}s", at_least 1, since "2.2";
    /// Command/reply I/O limit (stress dependent).
    smtpd_timeout: Time = "${stress?{10}:{300}}s", at_least 1;
    /// The protocol of a proxy in front: haproxy or empty.
    smtpd_upstream_proxy_protocol: Text = "", since "2.10";
    /// Time limit for the proxy header.
    smtpd_upstream_proxy_timeout: Time = "5s", at_least 1, since "2.10";
    /// Old opportunistic switch.
    smtpd_use_tls: Flag = "no", since "2.2", deprecated "specify \"smtpd_tls_security_level\"";
    /// Demand \<\> and no comments in MAIL/RCPT.
    strict_rfc821_envelopes: Flag = "no";
}
