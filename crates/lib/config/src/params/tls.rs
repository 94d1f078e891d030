// SPDX-License-Identifier: MIT OR Apache-2.0
//! TLS, both sides.

use crate::table::parameters;

parameters! {
    /// Also use the OpenSSL default CA store.
    tls_append_default_CA: Flag = "no", since "2.4";
    /// OpenSSL config: default, none, or path.
    tls_config_file: Text = "default", since "3.9";
    /// Section name in that file.
    tls_config_name: Text = "", since "3.9";
    /// Seed size fetched from tlsmgr.
    tls_daemon_random_bytes: Int = "32", at_least 1, since "2.2";
    /// Digests for TLSA matching type, preference order, optional =number.
    tls_dane_digests: List = "sha512 sha256", at_least 1, since "2.11";
    /// OpenSSL bug workarounds to switch off (names or hex mask).
    tls_disable_workarounds: List = "", since "2.8";
    /// Supported groups; compiled default depends on OpenSSL: ≥ 3.5 `?X25519MLKEM768:DEFAULT`
    /// (then it is not to be changed), older `X25519 X448 prime256v1 secp384r1 secp521r1` as
    /// far as the library has them.
    tls_eecdh_auto_curves: List =
        "X25519 X448 prime256v1 secp384r1 secp521r1", since "3.2", deprecated "do not specify with OpenSSL 3.5 or later";
    /// Unused.
    tls_eecdh_strong_curve: Text = "prime256v1", since "2.6", deprecated "ignored";
    /// Unused.
    tls_eecdh_ultra_curve: Text = "secp384r1", since "2.6", deprecated "ignored";
    /// Ignored.
    tls_export_cipherlist: Text = "", since "2.3", deprecated "ignored";
    /// Do not wait for the peer's close notify.
    tls_fast_shutdown_enable: Flag = "yes", since "3.5";
    /// FFDHE groups for TLS 1.3.
    tls_ffdhe_auto_groups: List =
        "ffdhe2048 ffdhe3072", since "3.8", deprecated "do not specify with OpenSSL 3.5 or later";
    /// OpenSSL list for grade high.
    tls_high_cipherlist: Text =
        "aNULL:-aNULL:HIGH:!SEED:!IDEA:!3DES:!RC2:!RC4:!RC5:!kDH:!kECDH:!aDSS:!MD5:@STRENGTH", at_least 1, since "2.3";
    /// Ignored.
    tls_low_cipherlist: Text = "", since "2.3", deprecated "ignored";
    /// OpenSSL list for grade medium.
    tls_medium_cipherlist: Text =
        "aNULL:-aNULL:HIGH:MEDIUM:!SEED:!IDEA:!3DES:!RC2:!RC4:!RC5:!kDH:!kECDH:!aDSS:!MD5:+RC4:@STRENGTH", at_least 1, since "2.3";
    /// OpenSSL list for grade null.
    tls_null_cipherlist: Text = "eNULL:!kDH:!kECDH:!aDSS:!MD5:!aNULL", at_least 1, since "2.3";
    /// Server order wins.
    tls_preempt_cipherlist: Flag = "no", since "2.8";
    /// Bytes read from the random source.
    tls_random_bytes: Int = "32", at_least 1, since "2.2";
    /// PRNG state file (1024 bytes).
    tls_random_exchange_name: Text = "${data_directory}/prng_exch", since "2.2";
    /// State save interval.
    tls_random_prng_update_period: Time = "3600s", at_least 1, since "2.2";
    /// Maximum reseed interval.
    tls_random_reseed_period: Time = "3600s", at_least 1, since "2.2";
    /// Where seeds come from: dev:, egd: or file.
    tls_random_source: Text = "dev:/dev/urandom", since "2.2";
    /// Honour `TLS-Required: no`.
    tls_required_enable: Flag = "yes", since "3.10";
    /// SNI name or .parent → chain file list (base64 file contents in indexed tables made with
    /// postmap -F).
    tls_server_sni_maps: Tables = "", since "3.4";
    /// Ticket cipher (CBC, 128-bit block); empty disables tickets.
    tls_session_ticket_cipher: Text = "aes-256-cbc", since "3.0";
    /// OpenSSL options to enable (names or hex mask).
    tls_ssl_options: List = "", since "2.11";
    /// Traces per `anvil_rate_time_unit` over all daemons; ≤0 unlimited.
    tls_trace_rate_limit: Int = "1", since "3.12";
    /// Accept client certificates with only serverAuth EKU.
    tls_trust_server_ccerts: Flag = "no", since "3.12";
    /// `*` may match several labels.
    tls_wildcard_matches_multiple_labels: Flag = "yes", since "2.11";
}
