// SPDX-License-Identifier: MIT OR Apache-2.0
//! SMTPUTF8, REQUIRETLS and TLSRPT.

use crate::table::parameters;

parameters! {
    /// ICU transitional mapping for ß, final sigma etc.
    enable_idna2003_compatibility: Flag = "no", since "3.2";
    /// Offer REQUIRETLS (only after STARTTLS) and honour it.
    requiretls_enable: Flag = "yes", since "3.11";
    /// Record as `Require-TLS-ESMTP: yes` header so it survives content filters.
    requiretls_esmtp_header: Flag = "yes", since "3.11";
    /// Notices about REQUIRETLS mail carry only headers and do not themselves enforce
    /// REQUIRETLS.
    requiretls_redact_dsn: Flag = "yes", since "3.11";
    /// Ordered actions or tables: enforce, opportunistic+starttls, opportunistic, disable.
    smtp_requiretls_policy | lmtp_requiretls_policy: List =
        "inline:{{${domain_to_ascii{$mydomain}}=opportunistic}, {.${domain_to_ascii{$mydomain}}=opportunistic}, {localhost=opportunistic}}, cidr:{{0.0.0.0/0 opportunistic}, {::/0 opportunistic}}, enforce" | "opportunistic", since "3.11";
    /// Mail origins whose UTF-8 content sets SMTPUTF8: sendmail, smtpd, qmqpd, forward, bounce,
    /// notify, verify, all.
    smtputf8_autodetect_classes: List = "sendmail, verify", at_least 1, since "3.0";
    /// SMTPUTF8 support (default yes at `compatibility_level` ≥ 1).
    smtputf8_enable: Flag = "${{$compatibility_level} <level {1} ? {no} : {yes}}", since "3.0";
    /// UTF-8 addresses only in SMTPUTF8 transactions.
    strict_smtputf8: Flag = "no", since "3.0";
}
