// SPDX-License-Identifier: MIT OR Apache-2.0
//! Authentication, both sides.

use crate::table::parameters;

parameters! {
    /// Also announce `AUTH=mech …` in EHLO.
    broken_sasl_auth_clients: Flag = "no";
    /// Colon list of directories searched for the Cyrus application file.
    cyrus_sasl_config_path: Text = "", since "2.5";
    /// Also send authzid = authcid.
    send_cyrus_sasl_authzid: Flag = "no", since "2.4";
    /// Table (proxy:…) of failed logins to suppress repeats; key server/user.
    smtp_sasl_auth_cache_name | lmtp_sasl_auth_cache_name: Text = "", since "2.5";
    /// Age of those entries.
    smtp_sasl_auth_cache_time | lmtp_sasl_auth_cache_time: Time = "90d", since "2.5";
    /// Authenticate to servers.
    smtp_sasl_auth_enable | lmtp_sasl_auth_enable: Flag = "no";
    /// 535 defers instead of bounces.
    smtp_sasl_auth_soft_bounce | lmtp_sasl_auth_soft_bounce: Flag = "yes", since "2.5";
    /// Mechanisms allowed (list or tables).
    smtp_sasl_mechanism_filter | lmtp_sasl_mechanism_filter: List = "", since "2.2";
    /// Sender (if sender-dependent), host, or nexthop → user:password.
    smtp_sasl_password_maps | lmtp_sasl_password_maps: Tables = "";
    /// Delimiter instead of `:`.
    smtp_sasl_password_result_delimiter | lmtp_sasl_password_result_delimiter: Text =
        ":", at_least 1, at_most 1, since "3.9";
    /// Plug-in specific path.
    smtp_sasl_path | lmtp_sasl_path: Text = "", since "2.3";
    /// Properties that a mechanism must have: noplaintext, noactive, nodictionary, noanonymous,
    /// `mutual_auth` ….
    smtp_sasl_security_options | lmtp_sasl_security_options: List = "noplaintext, noanonymous";
    /// The same for TLS sessions.
    smtp_sasl_tls_security_options | lmtp_sasl_tls_security_options: List =
        "$smtp_sasl_security_options" | "$lmtp_sasl_security_options", since "2.2";
    /// The same for sessions with verified certificate.
    smtp_sasl_tls_verified_security_options | lmtp_sasl_tls_verified_security_options: List =
        "$smtp_sasl_tls_security_options" | "$lmtp_sasl_tls_security_options", since "2.6";
    /// Cyrus.
    smtp_sasl_type | lmtp_sasl_type: Text = "cyrus", at_least 1, since "2.3";
    /// Per-sender credentials; turns connection caching off.
    smtp_sender_dependent_authentication | lmtp_sender_dependent_authentication: Flag =
        "no", since "2.3";
    /// Offer AUTH.
    smtpd_sasl_auth_enable: Flag = "no";
    /// Add (Authenticated sender: …) to Received:.
    smtpd_sasl_authenticated_header: Flag = "no", since "2.3";
    /// Clients not offered AUTH.
    smtpd_sasl_exceptions_networks: List = "", since "2.1";
    /// Realm.
    smtpd_sasl_local_domain: Text = "";
    /// Mechanisms announced (default !external, static:rest).
    smtpd_sasl_mechanism_filter: List = "!external, static:rest", since "3.6";
    /// Plug-in specific path (cyrus: application name; dovecot: socket).
    smtpd_sasl_path: Text = "smtpd", at_least 1, since "2.3";
    /// Longest client response line (≥ 12288).
    smtpd_sasl_response_limit: Int = "12288", at_least 12288, since "3.4";
    /// Properties that a mechanism must have: noplaintext, noactive, nodictionary, noanonymous,
    /// `forward_secrecy` ….
    smtpd_sasl_security_options: List = "noanonymous";
    /// Service name given to the plug-in.
    smtpd_sasl_service: Text = "smtp", at_least 1, since "2.11";
    /// The same under TLS.
    smtpd_sasl_tls_security_options: List = "$smtpd_sasl_security_options", since "2.2";
    /// The implementation: cyrus or dovecot.
    smtpd_sasl_type: Text = "cyrus", at_least 1, since "2.3";
}
