// SPDX-License-Identifier: MIT OR Apache-2.0
//! TLS, both sides.

use crate::table::parameters;

parameters! {
    /// Whether the certificate authorities of the operating system are trusted in addition to those
    /// that are configured.
    ///
    /// With many authorities any of them can vouch for any name, so leave it off where access
    /// depends on client certificates.
    tls_append_default_CA: Flag = "no", since "2.4";
    /// The configuration file of OpenSSL.
    ///
    /// - `default`: that of the system.
    /// - `none`: none.
    ///
    /// Or the full name of a file. Posthorn's TLS library has no such file and ignores the setting.
    tls_config_file: Text = "default", since "3.9";
    /// The section of `tls_config_file` that is used.
    tls_config_name: Text = "", since "3.9";
    /// How many random bytes a program asks tlsmgr(8) for when it starts.
    tls_daemon_random_bytes: Int = "32", at_least 1, since "2.2";
    /// The digests that TLSA records may use, best first.
    ///
    /// An element `name=number` assigns a number of the registry to a name. Only digests in the
    /// list are used; the full value, number 0, always may be.
    tls_dane_digests: List = "sha512 sha256", at_least 1, since "2.11";
    /// The OpenSSL workarounds for broken peers that are switched off.
    ///
    /// A list of names without the prefix `SSL_OP_`, such as `LEGACY_SERVER_CONNECT`,
    /// `DONT_INSERT_EMPTY_FRAGMENTS` or `TLSEXT_PADDING`; or a hexadecimal number that begins with
    /// `0x`. Posthorn's TLS library has no such workarounds, so the setting is accepted and does
    /// nothing.
    tls_disable_workarounds: List = "", since "2.8";
    /// The elliptic curve groups for the key exchange, best first.
    ///
    /// Names that the TLS library does not have are skipped. Leave the default unless a peer gives
    /// trouble.
    tls_eecdh_auto_curves: List =
        "X25519 X448 prime256v1 secp384r1 secp521r1", since "3.2";
    /// The curve of the key exchange grade `strong`, which is no longer used.
    tls_eecdh_strong_curve: Text = "prime256v1", since "2.6", ignored "nothing reads it";
    /// The curve of the key exchange grade `ultra`, which is no longer used.
    tls_eecdh_ultra_curve: Text = "secp384r1", since "2.6", ignored "nothing reads it";
    /// Nothing any more: export ciphers do not exist.
    tls_export_cipherlist: Text = "", since "2.3", ignored "nothing reads it";
    /// Whether a connection is closed without waiting for the peer's last word in TLS.
    tls_fast_shutdown_enable: Flag = "yes", since "3.5";
    /// The groups of finite fields for the key exchange in TLS 1.3, best first.
    tls_ffdhe_auto_groups: List =
        "ffdhe2048 ffdhe3072", since "3.8";
    /// The ciphers of grade `high`, in the notation of OpenSSL.
    tls_high_cipherlist: Text =
        "aNULL:-aNULL:HIGH:!SEED:!IDEA:!3DES:!RC2:!RC4:!RC5:!kDH:!kECDH:!aDSS:!MD5:@STRENGTH", at_least 1, since "2.3";
    /// Nothing any more: ciphers of grade `low` do not exist.
    tls_low_cipherlist: Text = "", since "2.3", ignored "nothing reads it";
    /// The ciphers of grade `medium`, in the notation of OpenSSL.
    ///
    /// Change the grade in the `smtp_tls_ciphers` family of parameters rather than the list of a
    /// grade.
    tls_medium_cipherlist: Text =
        "aNULL:-aNULL:HIGH:MEDIUM:!SEED:!IDEA:!3DES:!RC2:!RC4:!RC5:!kDH:!kECDH:!aDSS:!MD5:+RC4:@STRENGTH", at_least 1, since "2.3";
    /// The ciphers of grade `null`, which sign and do not encrypt.
    tls_null_cipherlist: Text = "eNULL:!kDH:!kECDH:!aDSS:!MD5:!aNULL", at_least 1, since "2.3";
    /// Whether the server's order of ciphers wins over the client's.
    tls_preempt_cipherlist: Flag = "no", since "2.8";
    /// How many bytes tlsmgr(8) reads from `tls_random_source` at a time.
    tls_random_bytes: Int = "32", at_least 1, since "2.2";
    /// The file in which tlsmgr(8) keeps its random state from one run to the next.
    ///
    /// It must lie below `data_directory`.
    tls_random_exchange_name: Text = "${data_directory}/prng_exch", since "2.2";
    /// How often tlsmgr(8) saves its random state.
    tls_random_prng_update_period: Time = "3600s", at_least 1, since "2.2";
    /// The longest time between two fresh seeds of tlsmgr(8).
    tls_random_reseed_period: Time = "3600s", at_least 1, since "2.2";
    /// Where tlsmgr(8) gets randomness from outside: `dev:` and a device, `egd:` and a socket, or a
    /// file.
    ///
    /// A source that blocks, such as /dev/random, delays mail.
    tls_random_source: Text = "dev:/dev/urandom", since "2.2";
    /// Whether the header `TLS-Required: no` (RFC 8689) is honoured.
    ///
    /// The mail then goes to servers whose TLS is missing or cannot be verified, too. It is meant
    /// for reports about broken TLS.
    tls_required_enable: Flag = "yes", since "3.10";
    /// Tables with the certificates for each name that a client may ask the server for.
    ///
    /// The key is the name, or `.parent.domain`; the result is a list of files as in
    /// `smtpd_tls_chain_files`. An indexed table contains the files themselves and is built with
    /// `postmap -F`, so that no daemon needs to read private keys:
    ///
    /// ```text
    /// # postmap -F hash:/etc/postfix/sni
    /// mail.example.com   /etc/ssl/private/example.pem
    /// ```
    tls_server_sni_maps: Tables = "", since "3.4";
    /// The cipher of TLS session tickets; empty issues no tickets.
    ///
    /// A change takes effect when the keys change next.
    tls_session_ticket_cipher: Text = "aes-256-cbc", since "3.0";
    /// OpenSSL options to switch on, by name.
    ///
    /// A list of names without the prefix `SSL_OP_`, in upper or lower case, such as `NO_TICKET`,
    /// `NO_COMPRESSION`, `NO_RENEGOTIATION`, `PRIORITIZE_CHACHA`, `ENABLE_MIDDLEBOX_COMPAT` and
    /// `LEGACY_SERVER_CONNECT`; or a hexadecimal number that begins with `0x`, for options without
    /// a name here. Posthorn's TLS library never compresses or renegotiates; options that have no
    /// meaning for it are accepted and do nothing.
    tls_ssl_options: List = "", since "2.11";
    /// How many handshake traces all daemons together may write in the time `anvil_rate_time_unit`;
    /// 0 or less means no limit.
    tls_trace_rate_limit: Int = "1", since "3.12";
    /// Whether a client certificate is accepted that was issued for servers only.
    ///
    /// Public authorities stop issuing certificates for clients; servers that identify themselves
    /// with their own certificate need it.
    tls_trust_server_ccerts: Flag = "no", since "3.12";
    /// Whether `*` in a certificate name stands for more than one label.
    ///
    /// With `yes`, `*.example.com` matches a.b.example.com.
    tls_wildcard_matches_multiple_labels: Flag = "yes", since "2.11";
}
