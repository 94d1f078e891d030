// SPDX-License-Identifier: MIT OR Apache-2.0
//! TLS in servers.

use crate::table::parameters;

parameters! {
    /// Trusted client CAs, loaded before chroot.
    smtpd_tls_CAfile: Text = "", since "2.2";
    /// Trusted CA directory.
    smtpd_tls_CApath: Text = "", since "2.2";
    /// Issue session ids with cache off.
    smtpd_tls_always_issue_session_ids: Flag = "yes", since "2.3";
    /// Ask for a client certificate.
    smtpd_tls_ask_ccert: Flag = "no", since "2.2";
    /// AUTH only under TLS.
    smtpd_tls_auth_only: Flag = "no", since "2.2";
    /// Maximum chain depth.
    smtpd_tls_ccert_verifydepth: Int = "9", since "2.2";
    /// Legacy RSA server certificate.
    smtpd_tls_cert_file: Text = "", since "2.2";
    /// Key+chain files (replaces per-algorithm files).
    smtpd_tls_chain_files: List = "", since "3.4";
    /// Grade for opportunistic TLS.
    smtpd_tls_ciphers: Text = "medium", at_least 1, since "2.6";
    /// Legacy DSA certificate.
    smtpd_tls_dcert_file: Text = "", since "2.2";
    /// DH parameters, `auto` or empty lets OpenSSL 3 choose.
    smtpd_tls_dh1024_param_file: Text =
        "", since "2.2", deprecated "do not specify (leave at default)";
    /// Ignored.
    smtpd_tls_dh512_param_file: Text = "", since "2.2", deprecated "ignored";
    /// Legacy DSA key.
    smtpd_tls_dkey_file: Text = "$smtpd_tls_dcert_file", since "2.2";
    /// Legacy ECDSA certificate.
    smtpd_tls_eccert_file: Text = "", since "2.6";
    /// Legacy ECDSA key.
    smtpd_tls_eckey_file: Text = "$smtpd_tls_eccert_file", since "2.6";
    /// Ignored since 3.6 (auto).
    smtpd_tls_eecdh_grade: Text =
        "auto", at_least 1, since "2.6", deprecated "do not specify (leave at default)";
    /// Ask clients for RFC 7250 raw keys.
    smtpd_tls_enable_rpk: Flag = "no", since "3.9";
    /// Ciphers removed.
    smtpd_tls_exclude_ciphers: Text = "", since "2.3";
    /// Digest for client fingerprints (sha256 at `compatibility_level` ≥ 3.6).
    smtpd_tls_fingerprint_digest: Text =
        "${{$compatibility_level} <level {3.6} ? {md5} : {sha256}}", at_least 1, since "2.5";
    /// Legacy RSA key.
    smtpd_tls_key_file: Text = "$smtpd_tls_cert_file", since "2.2";
    /// Same syntax as `smtp_tls_loglevel`.
    smtpd_tls_loglevel: Text = "0", since "2.2";
    /// Peer name/address → loglevel or DUNNO.
    smtpd_tls_loglevel_maps: Tables = "", since "3.12";
    /// Grade for mandatory TLS.
    smtpd_tls_mandatory_ciphers: Text = "medium", at_least 1, since "2.3";
    /// Extra exclusions.
    smtpd_tls_mandatory_exclude_ciphers: Text = "", since "2.3";
    /// Protocols for mandatory TLS.
    smtpd_tls_mandatory_protocols: List = ">=TLSv1", since "2.3";
    /// Protocols for opportunistic TLS.
    smtpd_tls_protocols: List = ">=TLSv1", since "2.6";
    /// Put TLS details in Received:.
    smtpd_tls_received_header: Flag = "no", since "2.2";
    /// Require a trusted client certificate (mandatory TLS only).
    smtpd_tls_req_ccert: Flag = "no", since "2.2";
    /// The level: none, may, encrypt; ignored in wrapper mode.
    smtpd_tls_security_level: Text = "", since "2.3";
    /// Server session cache kept by tlsmgr.
    smtpd_tls_session_cache_database: Tables = "", since "2.2";
    /// Lifetime (1s..100d); also ticket key rotation.
    smtpd_tls_session_cache_timeout: Time = "3600s", at_most 8640000, since "2.2";
    /// Bytes per TLS trace file; 0 disables.
    smtpd_tls_trace_size_limit: Int = "102400", since "3.12";
    /// Implicit TLS (submissions).
    smtpd_tls_wrappermode: Flag = "no", since "2.2";
}
