// SPDX-License-Identifier: MIT OR Apache-2.0
//! The SMTP and LMTP client.

use crate::table::parameters;

parameters! {
    /// When SRV lookup fails or yields nothing, continue with MX/A lookup.
    allow_srv_lookup_fallback: Flag = "no", since "3.8";
    /// Transport used instead of bouncing when the local host is the best MX but the domain is
    /// not ours.
    best_mx_transport: Service = "";
    /// I/O limit for talking to scache(8).
    connection_cache_protocol_timeout: Time = "5s", at_least 1, since "2.3";
    /// How often scache logs hit/miss statistics.
    connection_cache_status_update_time: Time = "600s", at_least 1;
    /// Upper bound for the cache lifetime that a client may request.
    connection_cache_ttl_limit: Time = "2s", at_least 1;
    /// Old DNS switch of the SMTP client; ignored when `smtp_dns_support_level` is set.
    disable_dns_lookups: Flag = "no", deprecated "specify \"smtp_dns_support_level\"";
    /// Work around libc resolvers that hide negative answers.
    dns_ncache_ttl_fix_enable: Flag = "no", since "3.1";
    /// A type:name looked up once to see whether validation works; empty disables.
    dnssec_probe: Text = "ns:.", since "3.6";
    /// Old name of `smtp_fallback_relay`.
    fallback_relay: Text = "", legacy "old name of smtp_fallback_relay";
    /// Treat MX lookup without answer as `no MX` (fall back to A) instead of deferring.
    ignore_mx_lookup_error: Flag = "no";
    /// Treat SRV lookup failure as `no SRV`.
    ignore_srv_lookup_error: Flag = "no", since "3.8";
    /// Success DSN says `delivered` instead of `relayed` when the LMTP server has no DSN.
    lmtp_assume_final: Flag = "no";
    /// The family that comes first, any, ipv4 or ipv6, for equal-preference MX addresses.
    smtp_address_preference | lmtp_address_preference: Text = "any", at_least 1, since "2.8";
    /// The protocol stage at which a probe stops.
    smtp_address_verify_target | lmtp_address_verify_target: Text =
        "rcpt", at_least 1, since "3.0";
    /// EHLO first; `no`: only when banner contains ESMTP.
    smtp_always_send_ehlo: Flag = "yes";
    /// Make sure both address families survive `smtp_mx_address_limit`.
    smtp_balance_inet_protocols | lmtp_balance_inet_protocols: Flag = "yes", since "3.3";
    /// IPv4 source address.
    smtp_bind_address | lmtp_bind_address: Text = "";
    /// IPv6 source address.
    smtp_bind_address6 | lmtp_bind_address6: Text = "", since "2.2";
    /// Defer instead of warning when binding is impossible.
    smtp_bind_address_enforce | lmtp_bind_address_enforce: Flag = "no", since "3.7";
    /// `body_checks` at delivery time (no queue-changing actions).
    smtp_body_checks | lmtp_body_checks: Tables = "", since "2.5";
    /// Use the CNAME target as server name (hardened default no).
    smtp_cname_overrides_servername | lmtp_cname_overrides_servername: Flag =
        "no", since "2.2", deprecated "do not specify";
    /// TCP connect limit; 0 = OS.
    smtp_connect_timeout | lmtp_connect_timeout: Time = "30s" | "0s";
    /// Destinations always cached: domains, hosts, \[ip\], static:all.
    smtp_connection_cache_destinations | lmtp_connection_cache_destinations: List =
        "", since "2.2";
    /// Cache when qmgr signals a backlog.
    smtp_connection_cache_on_demand | lmtp_connection_cache_on_demand: Flag = "yes", since "2.2";
    /// Idle lifetime of a cached connection.
    smtp_connection_cache_time_limit | lmtp_connection_cache_time_limit: Time =
        "2s", at_least 1, since "2.2";
    /// Deliveries per connection, 0 = unlimited.
    smtp_connection_reuse_count_limit | lmtp_connection_reuse_count_limit: Int =
        "0", since "2.11";
    /// Age after which a connection is not reused, counted from connect.
    smtp_connection_reuse_time_limit | lmtp_connection_reuse_time_limit: Time =
        "300s", at_least 1, since "2.3";
    /// Limit for `.` and its reply.
    smtp_data_done_timeout | lmtp_data_done_timeout: Time = "600s", at_least 1;
    /// Limit for DATA and its reply.
    smtp_data_init_timeout | lmtp_data_init_timeout: Time = "120s", at_least 1;
    /// Limit per content write.
    smtp_data_xfer_timeout | lmtp_data_xfer_timeout: Time = "180s", at_least 1;
    /// Defer instead of bounce when no MX host resolves.
    smtp_defer_if_no_mx_address_found | lmtp_defer_if_no_mx_address_found: Flag =
        "no", since "2.1";
    /// Status filter of smtp(8).
    smtp_delivery_status_filter | lmtp_delivery_status_filter: Tables =
        "$default_delivery_status_filter", since "3.0";
    /// Per server address: EHLO keywords to ignore.
    smtp_discard_ehlo_keyword_address_maps | lmtp_discard_lhlo_keyword_address_maps: Tables =
        "", since "2.2";
    /// EHLO keywords to ignore (silent-discard suppresses logging).
    smtp_discard_ehlo_keywords | lmtp_discard_lhlo_keywords: List = "", since "2.2";
    /// `name ttl IN type [pref] value` → IGNORE.
    smtp_dns_reply_filter | lmtp_dns_reply_filter: Tables = "", since "3.0";
    /// `res_defnames`, `res_dnsrch`.
    smtp_dns_resolver_options | lmtp_dns_resolver_options: List = "", since "2.8";
    /// How DNS is used: disabled, enabled, dnssec (empty: follow `disable_dns_lookups`).
    smtp_dns_support_level | lmtp_dns_support_level: Text = "", since "2.11";
    /// Destinations tried after all others fail non-permanently; not used when we are an MX
    /// ourselves.
    smtp_fallback_relay | lmtp_fallback_relay: List = "$fallback_relay" | "", since "2.3";
    /// Address rewriting on the way out (envelope and headers).
    smtp_generic_maps | lmtp_generic_maps: Tables = "", since "2.2";
    /// `header_checks` at delivery time.
    smtp_header_checks | lmtp_header_checks: Tables = "", since "2.5";
    /// Name in HELO/EHLO.
    smtp_helo_name | lmtp_lhlo_name: Text = "$myhostname", at_least 1, since "2.0";
    /// Limit for the greeting and HELO exchange.
    smtp_helo_timeout | lmtp_lhlo_timeout: Time = "300s", at_least 1;
    /// Where names are looked up: dns, native or both.
    smtp_host_lookup | lmtp_host_lookup: List = "dns", at_least 1, since "2.1";
    /// Fold longer lines with CRLF SPACE; 0 = off.
    smtp_line_length_limit | lmtp_line_length_limit: Int = "998";
    /// Add tls=… to delivery log lines.
    smtp_log_tls_feature_status | lmtp_log_tls_feature_status: Flag = "yes", since "3.11";
    /// Limit for MAIL.
    smtp_mail_timeout | lmtp_mail_timeout: Time = "300s", at_least 1;
    /// `mime_header_checks` at delivery time.
    smtp_mime_header_checks | lmtp_mime_header_checks: Tables = "", since "2.5";
    /// Bytes/s that extend the per-request deadline.
    smtp_min_data_rate | lmtp_min_data_rate: Int = "500", at_least 1, since "3.7";
    /// Addresses tried per delivery; 0 = unlimited.
    smtp_mx_address_limit | lmtp_mx_address_limit: Int = "5", since "2.1";
    /// Completed handshakes per delivery; 0 = unlimited.
    smtp_mx_session_limit | lmtp_mx_session_limit: Int = "2", since "2.1";
    /// `nested_header_checks` at delivery time.
    smtp_nested_header_checks | lmtp_nested_header_checks: Tables = "", since "2.5";
    /// Always HELO.
    smtp_never_send_ehlo: Flag = "no";
    /// Old: limit per record.
    smtp_per_record_deadline | lmtp_per_record_deadline: Text =
        "", since "2.9", legacy "old: limit per record";
    /// Time limits apply to whole request/response (default on under stress).
    smtp_per_request_deadline | lmtp_per_request_deadline: Flag =
        "${smtp_per_record_deadline?{$smtp_per_record_deadline}:{no}}" | "${lmtp_per_record_deadline?{$lmtp_per_record_deadline}:{no}}", since "3.7";
    /// Pause before the final dot.
    smtp_pix_workaround_delay_time | lmtp_pix_workaround_delay_time: Time = "10s", at_least 1;
    /// Per-address workarounds.
    smtp_pix_workaround_maps | lmtp_pix_workaround_maps: Tables = "", since "2.4";
    /// Queue age at which `delay_dotcrlf` starts.
    smtp_pix_workaround_threshold_time | lmtp_pix_workaround_threshold_time: Time = "500s";
    /// `delay_dotcrlf`, `disable_esmtp`; applied when the greeting consists only of the
    /// characters 2, 0, \*, space, tab, newline.
    smtp_pix_workarounds | lmtp_pix_workarounds: List =
        "disable_esmtp,delay_dotcrlf", since "2.4";
    /// Limit for QUIT.
    smtp_quit_timeout | lmtp_quit_timeout: Time = "300s", at_least 1;
    /// Quote localparts as RFC 5321 requires.
    smtp_quote_rfc821_envelope | lmtp_quote_rfc821_envelope: Flag = "yes", since "2.1";
    /// Shuffle equal-preference MX hosts.
    smtp_randomize_addresses | lmtp_randomize_addresses: Flag = "yes";
    /// Limit for RCPT.
    smtp_rcpt_timeout | lmtp_rcpt_timeout: Time = "300s", at_least 1;
    /// Table transforming server reply lines.
    smtp_reply_filter | lmtp_reply_filter: Tables = "", since "2.7";
    /// Limit for RSET.
    smtp_rset_timeout | lmtp_rset_timeout: Time = "20s", at_least 1, since "2.1";
    /// Append AUTH=\<\> to MAIL in authenticated sessions.
    smtp_send_dummy_mail_auth | lmtp_send_dummy_mail_auth: Flag = "no", since "2.9";
    /// Send XFORWARD when offered.
    smtp_send_xforward_command | lmtp_send_xforward_command: Flag = "no", since "2.1";
    /// Try next server after 5xx greeting.
    smtp_skip_5xx_greeting | lmtp_skip_5xx_greeting: Flag = "yes";
    /// Do not wait for the QUIT reply.
    smtp_skip_quit_response | lmtp_skip_quit_response: Flag = "yes" | "no";
    /// TLS handshake limit.
    smtp_starttls_timeout | lmtp_starttls_timeout: Time = "300s", at_least 1, since "2.2";
    /// Default port.
    smtp_tcp_port | lmtp_tcp_port: Text = "smtp" | "24";
    /// Limit for XFORWARD.
    smtp_xforward_timeout | lmtp_xforward_timeout: Time = "300s", at_least 1, since "2.1";
    /// Service names for which SRV records are used (submission, submissions …); \[domain\]
    /// turns it off.
    use_srv_lookup: List = "", since "3.8";
}
