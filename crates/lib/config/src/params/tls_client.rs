// SPDX-License-Identifier: MIT OR Apache-2.0
//! TLS in clients.

use crate::table::parameters;

parameters! {
    /// Old mandatory TLS switch.
    smtp_enforce_tls | lmtp_enforce_tls: Flag =
        "no", since "2.2", deprecated "specify \"smtp_tls_security_level\"";
    /// Trusted CA file, loaded before chroot.
    smtp_tls_CAfile | lmtp_tls_CAfile: Text = "", since "2.2";
    /// Trusted CA directory (needs hash links inside the chroot).
    smtp_tls_CApath | lmtp_tls_CApath: Text = "", since "2.2";
    /// Detect replies injected before the TLS handshake (CVE-2009-3555).
    smtp_tls_block_early_mail_reply | lmtp_tls_block_early_mail_reply: Flag = "no", since "2.7";
    /// Legacy RSA client certificate.
    smtp_tls_cert_file | lmtp_tls_cert_file: Text = "", since "2.2";
    /// Key+chain files, replaces the per-algorithm files.
    smtp_tls_chain_files | lmtp_tls_chain_files: List = "", since "3.4";
    /// Grade for opportunistic TLS: medium, high (low/export/null handled specially).
    smtp_tls_ciphers | lmtp_tls_ciphers: Text = "medium", at_least 1, since "2.6";
    /// Keep TLS sessions open through tlsproxy and scache.
    smtp_tls_connection_reuse | lmtp_tls_connection_reuse: Flag = "no", since "3.4";
    /// The level, may, encrypt or dane, for DNSSEC TLSA under insecure MX.
    smtp_tls_dane_insecure_mx_policy: Text = "dane", since "3.1";
    /// Legacy DSA client certificate.
    smtp_tls_dcert_file | lmtp_tls_dcert_file: Text = "", since "2.2";
    /// Legacy DSA client key.
    smtp_tls_dkey_file | lmtp_tls_dkey_file: Text =
        "$smtp_tls_dcert_file" | "$lmtp_tls_dcert_file", since "2.2";
    /// Legacy ECDSA client certificate.
    smtp_tls_eccert_file | lmtp_tls_eccert_file: Text = "", since "2.6";
    /// Legacy ECDSA client key.
    smtp_tls_eckey_file | lmtp_tls_eckey_file: Text =
        "$smtp_tls_eccert_file" | "$lmtp_tls_eccert_file", since "2.6";
    /// Ask servers for an RFC 7250 raw public key.
    smtp_tls_enable_rpk | lmtp_tls_enable_rpk: Flag = "no", since "3.9";
    /// Old: hostname check switch.
    smtp_tls_enforce_peername | lmtp_tls_enforce_peername: Flag = "yes", since "2.2";
    /// With STS attributes in the TLS policy: only MX hosts that match an STS pattern, and
    /// match certificate against MX hostname.
    smtp_tls_enforce_sts_mx_patterns | lmtp_tls_enforce_sts_mx_patterns: Flag =
        "yes", since "3.10";
    /// Ciphers removed at all levels.
    smtp_tls_exclude_ciphers | lmtp_tls_exclude_ciphers: Text = "", since "2.3";
    /// Fingerprints for level fingerprint.
    smtp_tls_fingerprint_cert_match | lmtp_tls_fingerprint_cert_match: List = "", since "2.5";
    /// Digest; default sha256 at `compatibility_level` ≥ 3.6, md5 below.
    smtp_tls_fingerprint_digest | lmtp_tls_fingerprint_digest: Text =
        "${{$compatibility_level} <level {3.6} ? {md5} : {sha256}}", at_least 1, since "2.5";
    /// Query TLSA even when the address record is insecure.
    smtp_tls_force_insecure_host_tlsa_lookup | lmtp_tls_force_insecure_host_tlsa_lookup: Flag =
        "no", since "2.11";
    /// Legacy RSA key, default $smtp_tls_cert_file.
    smtp_tls_key_file | lmtp_tls_key_file: Text =
        "$smtp_tls_cert_file" | "$lmtp_tls_cert_file", since "2.2";
    /// 0..9 (5-9 act as 4) or names none, routine, debug, ssl-expert, ssl-developer, summary,
    /// untrusted, peercert, certmatch, verbose, cache, dane, ssl-debug,
    /// ssl-handshake-packet-dump, ssl-session-packet-dump; combinable; `,trace` (3.12) writes a
    /// protocol trace file.
    smtp_tls_loglevel | lmtp_tls_loglevel: Text = "0", since "2.2";
    /// Peer name, then address (with parent/prefix lookups) → loglevel or DUNNO.
    smtp_tls_loglevel_maps | lmtp_tls_loglevel_maps: Tables = "", since "3.12";
    /// Grade for mandatory TLS.
    smtp_tls_mandatory_ciphers | lmtp_tls_mandatory_ciphers: Text =
        "medium", at_least 1, since "2.3";
    /// Extra exclusions for mandatory TLS.
    smtp_tls_mandatory_exclude_ciphers | lmtp_tls_mandatory_exclude_ciphers: Text =
        "", since "2.3";
    /// Protocol list for mandatory TLS (default \>=TLSv1).
    smtp_tls_mandatory_protocols | lmtp_tls_mandatory_protocols: List = ">=TLSv1", since "2.3";
    /// Log `Host offered STARTTLS` when TLS is off.
    smtp_tls_note_starttls_offer | lmtp_tls_note_starttls_offer: Flag = "no", since "2.2";
    /// Obsolete policy table.
    smtp_tls_per_site | lmtp_tls_per_site: Text =
        "", since "2.2", deprecated "specify \"smtp_tls_policy_maps\"";
    /// Nexthop → level and attributes.
    smtp_tls_policy_maps | lmtp_tls_policy_maps: Tables = "", since "2.3";
    /// Protocol list for opportunistic TLS.
    smtp_tls_protocols | lmtp_tls_protocols: List = ">=TLSv1", since "2.6";
    /// Maximum chain depth.
    smtp_tls_scert_verifydepth | lmtp_tls_scert_verifydepth: Int = "9", since "2.2";
    /// Match strategies at level secure (default nexthop, dot-nexthop).
    smtp_tls_secure_cert_match | lmtp_tls_secure_cert_match: List =
        "nexthop, dot-nexthop" | "nexthop", at_least 1, since "2.3";
    /// The level: none, may, encrypt, dane, dane-only, fingerprint, verify, secure; default
    /// empty/may by `compatibility_level` 3.11.
    smtp_tls_security_level | lmtp_tls_security_level: Text =
        "${{$compatibility_level} <level {3.11} ? {} : {may}}" | "", since "2.3";
    /// SNI name: hostname, nexthop or literal; DANE overrides.
    smtp_tls_servername | lmtp_tls_servername: Text = "", since "3.4";
    /// Client session cache, kept by tlsmgr.
    smtp_tls_session_cache_database | lmtp_tls_session_cache_database: Tables = "", since "2.2";
    /// Lifetime (1s..100d).
    smtp_tls_session_cache_timeout | lmtp_tls_session_cache_timeout: Time =
        "3600s", at_most 8640000, since "2.2";
    /// Bytes per TLS trace file; 0 disables.
    smtp_tls_trace_size_limit | lmtp_tls_trace_size_limit: Int = "102400", since "3.12";
    /// Trust anchors that replace the CA stores; no expiry check, need not be self-signed.
    smtp_tls_trust_anchor_file | lmtp_tls_trust_anchor_file: Text = "", since "2.11";
    /// Strategies at level verify (default hostname).
    smtp_tls_verify_cert_match | lmtp_tls_verify_cert_match: List =
        "hostname", at_least 1, since "2.3";
    /// Implicit TLS on connect; needs level encrypt or stronger.
    smtp_tls_wrappermode | lmtp_tls_wrappermode: Flag = "no", since "3.0";
    /// Send TLSRPT records.
    smtp_tlsrpt_enable | lmtp_tlsrpt_enable: Flag = "no", since "3.10";
    /// Do not report resumed sessions.
    smtp_tlsrpt_skip_reused_handshakes | lmtp_tlsrpt_skip_reused_handshakes: Flag =
        "no", since "3.10";
    /// Reporting daemon's socket.
    smtp_tlsrpt_socket_name | lmtp_tlsrpt_socket_name: Text = "", since "3.10";
    /// Old opportunistic switch.
    smtp_use_tls | lmtp_use_tls: Flag =
        "no", since "2.2", deprecated "specify \"smtp_tls_security_level\"";
    /// tlsproxy client-side version of `smtp_tls_CAfile`: trusted CA file, loaded before
    /// chroot.
    tlsproxy_client_CAfile: Text = "$smtp_tls_CAfile", since "3.4";
    /// tlsproxy client-side version of `smtp_tls_CApath`: trusted CA directory (needs hash
    /// links inside the chroot).
    tlsproxy_client_CApath: Text = "$smtp_tls_CApath", since "3.4";
    /// tlsproxy client-side version of `smtp_tls_cert_file`: legacy RSA client certificate.
    tlsproxy_client_cert_file: Text = "$smtp_tls_cert_file", since "3.4";
    /// tlsproxy client-side version of `smtp_tls_chain_files`: key+chain files, replaces the
    /// per-algorithm files.
    tlsproxy_client_chain_files: List = "$smtp_tls_chain_files", since "3.4";
    /// tlsproxy client-side version of `smtp_tls_dcert_file`: legacy DSA client certificate.
    tlsproxy_client_dcert_file: Text = "$smtp_tls_dcert_file", since "3.4";
    /// tlsproxy client-side version of `smtp_tls_dkey_file`: legacy DSA client key.
    tlsproxy_client_dkey_file: Text = "$smtp_tls_dkey_file", since "3.4";
    /// tlsproxy client-side version of `smtp_tls_eccert_file`: legacy ECDSA client certificate.
    tlsproxy_client_eccert_file: Text = "$smtp_tls_eccert_file", since "3.4";
    /// tlsproxy client-side version of `smtp_tls_eckey_file`: legacy ECDSA client key.
    tlsproxy_client_eckey_file: Text = "$smtp_tls_eckey_file", since "3.4";
    /// Old mandatory switch.
    tlsproxy_client_enforce_tls: Flag =
        "$smtp_enforce_tls", since "3.4", deprecated "specify \"tlsproxy_client_security_level\"";
    /// tlsproxy client-side version of `smtp_tls_fingerprint_digest`: digest; default sha256 at
    /// `compatibility_level` ≥ 3.6, md5 below.
    tlsproxy_client_fingerprint_digest: Text =
        "$smtp_tls_fingerprint_digest", at_least 1, since "3.4";
    /// tlsproxy client-side version of `smtp_tls_key_file`: legacy RSA key, default
    /// $smtp_tls_cert_file.
    tlsproxy_client_key_file: Text = "$smtp_tls_key_file", since "3.4";
    /// Pre-3.7 name of `tlsproxy_client_security_level`.
    tlsproxy_client_level: Text =
        "", since "3.4", legacy "pre-3.7 name of tlsproxy_client_security_level";
    /// tlsproxy client-side version of `smtp_tls_loglevel`: 0..9 (5-9 act as 4) or names none,
    /// routine, debug, ssl-expert, ssl-developer, summary, untrusted, peercert, certmatch,
    /// verbose, cache, dane, ssl-debug, ssl-handshake-packet-dump, ssl-session-packet-dump;
    /// combinable; `,trace` (3.12) writes a protocol trace file.
    tlsproxy_client_loglevel: Text = "$smtp_tls_loglevel", since "3.4";
    /// Old; use `tlsproxy_client_policy_maps`.
    tlsproxy_client_per_site: Text =
        "$smtp_tls_per_site", since "3.4", deprecated "specify \"tlsproxy_client_policy_maps\"";
    /// Pre-3.7 name of `tlsproxy_client_policy_maps`.
    tlsproxy_client_policy: Text =
        "", since "3.4", legacy "pre-3.7 name of tlsproxy_client_policy_maps";
    /// tlsproxy client-side version of `smtp_tls_policy_maps`: nexthop → level and attributes.
    tlsproxy_client_policy_maps: Tables =
        "${tlsproxy_client_policy?{$tlsproxy_client_policy}:{$smtp_tls_policy_maps}}", since "3.7";
    /// tlsproxy client-side version of `smtp_tls_scert_verifydepth`: maximum chain depth.
    tlsproxy_client_scert_verifydepth: Int = "$smtp_tls_scert_verifydepth", since "3.4";
    /// tlsproxy client-side version of `smtp_tls_security_level`: none, may, encrypt, dane,
    /// dane-only, fingerprint, verify, secure; default empty/may by `compatibility_level` 3.11.
    tlsproxy_client_security_level: Text =
        "${tlsproxy_client_level?{$tlsproxy_client_level}:{$smtp_tls_security_level}}", since "3.7";
    /// Old opportunistic switch.
    tlsproxy_client_use_tls: Flag =
        "$smtp_use_tls", since "3.4", deprecated "specify \"tlsproxy_client_security_level\"";
    /// Old mandatory switch.
    tlsproxy_enforce_tls: Flag =
        "$smtpd_enforce_tls", since "2.8", deprecated "specify \"tlsproxy_tls_security_level\"";
    /// Master.cf name of tlsproxy.
    tlsproxy_service_name: Text = "tlsproxy", at_least 1, since "2.8";
    /// tlsproxy server-side version of `smtpd_tls_CAfile`: trusted client CAs, loaded before
    /// chroot.
    tlsproxy_tls_CAfile: Text = "$smtpd_tls_CAfile", since "2.8";
    /// tlsproxy server-side version of `smtpd_tls_CApath`: trusted CA directory.
    tlsproxy_tls_CApath: Text = "$smtpd_tls_CApath", since "2.8";
    /// tlsproxy server-side version of `smtpd_tls_always_issue_session_ids`: issue session ids
    /// with cache off.
    tlsproxy_tls_always_issue_session_ids: Flag =
        "$smtpd_tls_always_issue_session_ids", since "2.8";
    /// tlsproxy server-side version of `smtpd_tls_ask_ccert`: ask for a client certificate.
    tlsproxy_tls_ask_ccert: Flag = "$smtpd_tls_ask_ccert", since "2.8";
    /// tlsproxy server-side version of `smtpd_tls_ccert_verifydepth`: maximum chain depth.
    tlsproxy_tls_ccert_verifydepth: Int = "$smtpd_tls_ccert_verifydepth", since "2.8";
    /// tlsproxy server-side version of `smtpd_tls_cert_file`: legacy RSA server certificate.
    tlsproxy_tls_cert_file: Text = "$smtpd_tls_cert_file", since "2.8";
    /// tlsproxy server-side version of `smtpd_tls_chain_files`: key+chain files (replaces
    /// per-algorithm files).
    tlsproxy_tls_chain_files: List = "$smtpd_tls_chain_files", since "3.4";
    /// tlsproxy server-side version of `smtpd_tls_ciphers`: grade for opportunistic TLS.
    tlsproxy_tls_ciphers: Text = "$smtpd_tls_ciphers", at_least 1, since "2.8";
    /// tlsproxy server-side version of `smtpd_tls_dcert_file`: legacy DSA certificate.
    tlsproxy_tls_dcert_file: Text = "$smtpd_tls_dcert_file", since "2.8";
    /// tlsproxy server-side version of `smtpd_tls_dh1024_param_file`: DH parameters, `auto` or
    /// empty lets OpenSSL 3 choose.
    tlsproxy_tls_dh1024_param_file: Text = "$smtpd_tls_dh1024_param_file", since "2.8";
    /// tlsproxy server-side version of `smtpd_tls_dh512_param_file`: ignored.
    tlsproxy_tls_dh512_param_file: Text = "$smtpd_tls_dh512_param_file", since "2.8";
    /// tlsproxy server-side version of `smtpd_tls_dkey_file`: legacy DSA key.
    tlsproxy_tls_dkey_file: Text = "$smtpd_tls_dkey_file", since "2.8";
    /// tlsproxy server-side version of `smtpd_tls_eccert_file`: legacy ECDSA certificate.
    tlsproxy_tls_eccert_file: Text = "$smtpd_tls_eccert_file", since "2.8";
    /// tlsproxy server-side version of `smtpd_tls_eckey_file`: legacy ECDSA key.
    tlsproxy_tls_eckey_file: Text = "$smtpd_tls_eckey_file", since "2.8";
    /// tlsproxy server-side version of `smtpd_tls_eecdh_grade`: ignored since 3.6 (auto).
    tlsproxy_tls_eecdh_grade: Text = "$smtpd_tls_eecdh_grade", at_least 1, since "2.8";
    /// tlsproxy server-side version of `smtpd_tls_enable_rpk`: ask clients for RFC 7250 raw
    /// keys.
    tlsproxy_tls_enable_rpk: Flag = "$smtpd_tls_enable_rpk", since "3.9";
    /// tlsproxy server-side version of `smtpd_tls_exclude_ciphers`: ciphers removed.
    tlsproxy_tls_exclude_ciphers: Text = "$smtpd_tls_exclude_ciphers", since "2.8";
    /// tlsproxy server-side version of `smtpd_tls_fingerprint_digest`: digest for client
    /// fingerprints (sha256 at `compatibility_level` ≥ 3.6).
    tlsproxy_tls_fingerprint_digest: Text =
        "$smtpd_tls_fingerprint_digest", at_least 1, since "2.8";
    /// tlsproxy server-side version of `smtpd_tls_key_file`: legacy RSA key.
    tlsproxy_tls_key_file: Text = "$smtpd_tls_key_file", since "2.8";
    /// tlsproxy server-side version of `smtpd_tls_loglevel`: same syntax as
    /// `smtp_tls_loglevel`.
    tlsproxy_tls_loglevel: Text = "$smtpd_tls_loglevel", since "2.8";
    /// tlsproxy server-side version of `smtpd_tls_mandatory_ciphers`: grade for mandatory TLS.
    tlsproxy_tls_mandatory_ciphers: Text =
        "$smtpd_tls_mandatory_ciphers", at_least 1, since "2.8";
    /// tlsproxy server-side version of `smtpd_tls_mandatory_exclude_ciphers`: extra exclusions.
    tlsproxy_tls_mandatory_exclude_ciphers: Text =
        "$smtpd_tls_mandatory_exclude_ciphers", since "2.8";
    /// tlsproxy server-side version of `smtpd_tls_mandatory_protocols`: protocols for mandatory
    /// TLS.
    tlsproxy_tls_mandatory_protocols: List = "$smtpd_tls_mandatory_protocols", since "2.8";
    /// tlsproxy server-side version of `smtpd_tls_protocols`: protocols for opportunistic TLS.
    tlsproxy_tls_protocols: List = "$smtpd_tls_protocols", since "2.8";
    /// tlsproxy server-side version of `smtpd_tls_req_ccert`: require a trusted client
    /// certificate (mandatory TLS only).
    tlsproxy_tls_req_ccert: Flag = "$smtpd_tls_req_ccert", since "2.8";
    /// tlsproxy server-side version of `smtpd_tls_security_level`: none, may, encrypt; ignored
    /// in wrapper mode.
    tlsproxy_tls_security_level: Text = "$smtpd_tls_security_level", since "2.8";
    /// Old opportunistic switch.
    tlsproxy_use_tls: Flag =
        "$smtpd_use_tls", since "2.8", deprecated "specify \"tlsproxy_tls_security_level\"";
    /// Watchdog (≥ 10s).
    tlsproxy_watchdog_timeout: Time = "10s", at_least 10, since "2.8";
}
