// SPDX-License-Identifier: MIT OR Apache-2.0
//! Mail filters.

use crate::table::parameters;

parameters! {
    /// Command/reply limit (30s).
    milter_command_timeout: Time = "30s", at_least 1, since "2.3";
    /// Macros sent at connect.
    milter_connect_macros: List = "j {daemon_name} {daemon_addr} v _", since "2.3";
    /// Connect and negotiation limit (30s).
    milter_connect_timeout: Time = "30s", at_least 1, since "2.3";
    /// Limit for content transfer replies (300s).
    milter_content_timeout: Time = "300s", at_least 1, since "2.3";
    /// Macros after DATA (protocol ≥ 4).
    milter_data_macros: List = "i", since "2.3";
    /// What to do, accept, reject, tempfail, shutdown (default) or quarantine when a Milter is
    /// unavailable; per-Milter override.
    milter_default_action: Text = "shutdown", at_least 1, since "2.3";
    /// Macros at end of data.
    milter_end_of_data_macros: List = "i", since "2.3";
    /// Macros at end of headers.
    milter_end_of_header_macros: List = "i", since "2.5";
    /// Header checks for headers that Milters insert or change; no PREPEND.
    milter_header_checks: Tables = "", since "2.7";
    /// Macros at HELO.
    milter_helo_macros: List =
        "{tls_version} {cipher} {cipher_bits} {cert_subject} {cert_issuer}", since "2.3";
    /// Value of {`daemon_name`}.
    milter_macro_daemon_name: Text = "$myhostname", at_least 1, since "2.3";
    /// The name=value defaults for unavailable macros.
    milter_macro_defaults: List = "", since "3.1";
    /// Value of {v}.
    milter_macro_v: Text = "$mail_name $mail_version", at_least 1, since "2.3";
    /// Macros at MAIL.
    milter_mail_macros: List =
        "i {auth_type} {auth_authen} {auth_author} {mail_addr} {mail_host} {mail_mailer}", since "2.3";
    /// Version 2, 3, 4 or 6 plus `no_header_reply`.
    milter_protocol: Text = "6", at_least 1, since "2.3";
    /// Macros at RCPT.
    milter_rcpt_macros: List = "i {rcpt_addr} {rcpt_host} {rcpt_mailer}", since "2.3";
    /// Macros for unknown commands (protocol ≥ 3).
    milter_unknown_command_macros: List = "", since "2.3";
    /// Milters for pickup, qmqpd and requeued mail (applied by cleanup).
    non_smtpd_milters: List = "", since "2.3";
    /// Client address → milter list or DISABLE.
    smtpd_milter_maps: Tables = "", since "3.2";
    /// Milter endpoints with optional per-Milter { … name=value } settings.
    smtpd_milters: List = "", since "2.3";
}
