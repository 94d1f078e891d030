// SPDX-License-Identifier: MIT OR Apache-2.0
//! Names that are documented, but read by nothing any more.

use crate::table::parameters;

parameters! {
    /// Not read by anything: not a parameter: main.cf function ${`domain_to_ascii`{…}} (3.11).
    domain_to_ascii: Text =
        "", since "3.11", removed "not a parameter: main.cf function ${domain_to_ascii{…}} (3.11)";
    /// Not read by anything: removed in 2.2.
    enable_errors_to: Text = "", removed "removed in 2.2";
    /// Not read by anything: removed in 2.1.
    extract_recipient_limit: Text = "", removed "removed in 2.1";
    /// Not read by anything: removed in 2.3.
    lmtp_cache_connection: Text = "", since "2.2", removed "removed in 2.3";
    /// Not read by anything: never effective; use `sender_dependent_relayhost_maps`.
    sender_based_routing: Text =
        "", removed "never effective; use sender_dependent_relayhost_maps";
    /// Not read by anything: removed in 2.0.
    smtp_skip_4xx_greeting: Text = "", removed "removed in 2.0";
    /// Not read by anything: removed.
    smtp_tls_cipherlist: Text = "", since "2.2", removed "removed";
    /// Not read by anything: removed; see `smtpd_sasl_path`.
    smtpd_sasl_application_name: Text = "", since "2.1", removed "removed; see smtpd_sasl_path";
    /// Not read by anything: removed.
    smtpd_tls_cipherlist: Text = "", since "2.2", removed "removed";
    /// Not read by anything: ignored since 3.2.
    tls_dane_digest_agility: Text = "", since "2.11", removed "ignored since 3.2";
    /// Not read by anything: ignored since 3.2.
    tls_dane_trust_anchor_digest_enable: Text = "", since "2.11", removed "ignored since 3.2";
    /// Not read by anything: removed.
    tls_legacy_public_key_fingerprints: Text = "", since "2.9", removed "removed";
    /// Not read by anything: removed.
    tlsproxy_client_loglevel_parameter: Text = "", since "3.4", removed "removed";
    /// Not read by anything: removed.
    tlsproxy_tls_session_cache_timeout: Text = "", since "2.8", removed "removed";
}
