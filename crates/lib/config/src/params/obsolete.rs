// SPDX-License-Identifier: MIT OR Apache-2.0
//! Names that are documented, but read by nothing any more.

use crate::table::parameters;

parameters! {
    /// No parameter: the name of a function in `main.cf`.
    ///
    /// `${domain_to_ascii{text}}` gives the ASCII form of an internationalised domain name.
    domain_to_ascii: Text =
        "", since "3.11", removed "not a parameter: main.cf function ${domain_to_ascii{…}} (3.11)";
    /// Once asked for notices to the address of an `Errors-To:` header.
    enable_errors_to: Text = "", removed "removed in 2.2";
    /// Once limited how many recipients were taken from headers.
    extract_recipient_limit: Text = "", removed "removed in 2.1";
    /// Once kept LMTP connections open; `lmtp_connection_cache_on_demand` and its kin do.
    lmtp_cache_connection: Text = "", since "2.2", removed "removed in 2.3";
    /// Once was meant to route mail by its sender; `sender_dependent_relayhost_maps` does.
    sender_based_routing: Text =
        "", removed "never effective; use sender_dependent_relayhost_maps";
    /// Once made the SMTP client leave a server that greets with 4xx, which it now always does.
    smtp_skip_4xx_greeting: Text = "", removed "removed in 2.0";
    /// Once named OpenSSL ciphers for the SMTP client; `smtp_tls_ciphers` chooses a grade.
    smtp_tls_cipherlist: Text = "", since "2.2", removed "removed";
    /// Once named the configuration file of the Cyrus SASL library; `smtpd_sasl_path` does.
    smtpd_sasl_application_name: Text = "", since "2.1", removed "removed; see smtpd_sasl_path";
    /// Once named OpenSSL ciphers for the SMTP server; `smtpd_tls_ciphers` chooses a grade.
    smtpd_tls_cipherlist: Text = "", since "2.2", removed "removed";
    /// Once decided which digests of several TLSA records were used; the strongest is.
    tls_dane_digest_agility: Text = "", since "2.11", removed "ignored since 3.2";
    /// Once switched TLSA records with the digest of a trust anchor; they always work.
    tls_dane_trust_anchor_digest_enable: Text = "", since "2.11", removed "ignored since 3.2";
    /// Once kept wrong public key fingerprints of version 2.9 working.
    tls_legacy_public_key_fingerprints: Text = "", since "2.9", removed "removed";
    /// Once named the parameter with the log level of tlsproxy(8)'s client side.
    tlsproxy_client_loglevel_parameter: Text = "", since "3.4", removed "removed";
    /// Once limited the age of cached sessions in tlsproxy(8).
    tlsproxy_tls_session_cache_timeout: Text = "", since "2.8", removed "removed";
}
