// SPDX-License-Identifier: MIT OR Apache-2.0
//! SMTPUTF8, REQUIRETLS and TLSRPT.

use crate::table::parameters;

parameters! {
    /// Whether a few characters in domain names are mapped as the older standard IDNA2003 did.
    ///
    /// It concerns the German sharp s, the Greek final sigma and two joiners: with `yes` `ß`
    /// becomes `ss`, with `no` the name keeps its own form.
    enable_idna2003_compatibility: Flag = "no", since "3.2";
    /// Whether the SMTP server offers REQUIRETLS (RFC 8689) after STARTTLS, and whether the mail
    /// system then honours it.
    ///
    /// Mail with this request goes only to servers that offer TLS with a certificate that can be
    /// checked and REQUIRETLS itself; otherwise it comes back.
    requiretls_enable: Flag = "yes", since "3.11";
    /// Whether the request for REQUIRETLS is also written as a header `Require-TLS-ESMTP: yes`.
    ///
    /// The header lets the request survive content filters that know nothing of it.
    requiretls_esmtp_header: Flag = "yes", since "3.11";
    /// Whether notices about mail with REQUIRETLS return only its headers.
    ///
    /// Such a notice may travel without TLS; with `no` it contains the message and itself asks for
    /// REQUIRETLS.
    requiretls_redact_dsn: Flag = "yes", since "3.11";
    /// How strictly the SMTP client obeys REQUIRETLS, by destination.
    ///
    /// The list holds actions and tables, and the first that decides wins. Tables are asked for the
    /// next hop, its parent domains and the address of the server:
    ///
    /// - `enforce`: do all that the standard asks.
    /// - `opportunistic+starttls`: insist on TLS, and on nothing else.
    /// - `opportunistic`: do what the server offers.
    /// - `disable`: behave as if nothing was asked.
    ///
    /// The default trusts our own domain and numerical addresses, where certificates are rarely to
    /// be had. The LMTP client is `opportunistic`.
    smtp_requiretls_policy | lmtp_requiretls_policy: List =
        "inline:{{${domain_to_ascii{$mydomain}}=opportunistic}, {.${domain_to_ascii{$mydomain}}=opportunistic}, {localhost=opportunistic}}, cidr:{{0.0.0.0/0 opportunistic}, {::/0 opportunistic}}, enforce" | "opportunistic", since "3.11";
    /// The origins of mail that is looked through for addresses and headers in UTF-8.
    ///
    /// What contains them is marked as mail that needs SMTPUTF8, though nobody asked for it. The
    /// words are:
    ///
    /// - `sendmail`: mail from sendmail(1).
    /// - `smtpd`: mail over SMTP.
    /// - `qmqpd`: mail from qmqpd(8).
    /// - `forward`: mail that local(8) forwards.
    /// - `bounce`: notices to senders.
    /// - `notify`: notices to the postmaster.
    /// - `verify`: probes of verify(8).
    /// - `all`: all of these.
    ///
    /// Mail that is marked by mistake cannot be delivered to servers without SMTPUTF8.
    smtputf8_autodetect_classes: List = "sendmail, verify", at_least 1, since "3.0";
    /// Whether addresses in UTF-8 work (RFC 6531), in mail and in tables.
    ///
    /// The SMTP server then offers SMTPUTF8, domain names may contain characters outside ASCII, and
    /// tables are matched without regard to case in UTF-8. Below `compatibility_level` 1 the
    /// default is `no`.
    smtputf8_enable: Flag = "${{$compatibility_level} <level {1} ? {no} : {yes}}", since "3.0";
    /// Whether addresses in UTF-8 are taken only in transactions that asked for SMTPUTF8.
    ///
    /// Many clients send them without asking; `no` lets them.
    strict_smtputf8: Flag = "no", since "3.0";
}
