// SPDX-License-Identifier: MIT OR Apache-2.0
//! TLS in servers.

use crate::table::parameters;

parameters! {
    /// A file with the certificate authorities that may vouch for client certificates.
    ///
    /// It is read before privileges are dropped and before chroot. The names of these authorities
    /// are told to clients, so keep the list short.
    smtpd_tls_CAfile: Text = "", since "2.2";
    /// A directory with such authorities, one to a file.
    ///
    /// Files are found by hashes of their names, which `openssl rehash` makes. A chrooted smtpd(8)
    /// needs it inside the jail.
    smtpd_tls_CApath: Text = "", since "2.2";
    /// Whether session ids are given out even without a session cache.
    ///
    /// Some clients fail without one.
    smtpd_tls_always_issue_session_ids: Flag = "yes", since "2.3";
    /// Whether clients are asked for a certificate.
    ///
    /// They may decline. It is what `permit_tls_clientcerts` and `check_ccert_access` live on; some
    /// clients behave oddly when asked, so do it on a service of its own.
    smtpd_tls_ask_ccert: Flag = "no", since "2.2";
    /// Whether AUTH is offered in encrypted sessions only.
    ///
    /// Without TLS the command is refused. Always a good idea where passwords are used.
    smtpd_tls_auth_only: Flag = "no", since "2.2";
    /// How many authorities may stand between a client certificate and a trusted one; 0 allows
    /// none.
    smtpd_tls_ccert_verifydepth: Int = "9", since "2.2";
    /// A file with the server's RSA certificate and the authorities between it and a root, in PEM
    /// form.
    ///
    /// The server's certificate comes first. A renewed file is used by new connections without a
    /// reload. `smtpd_tls_chain_files` is the newer way, and wins where both are set. `none` stands
    /// for no certificate. Without certificate the server offers no TLS to ordinary clients.
    ///
    /// ```text
    /// smtpd_tls_cert_file = /etc/letsencrypt/live/mail.example.com/fullchain.pem
    /// smtpd_tls_key_file = /etc/letsencrypt/live/mail.example.com/privkey.pem
    /// ```
    smtpd_tls_cert_file: Text = "", since "2.2";
    /// Files with private keys and their certificate chains.
    ///
    /// Each key stands before its chain, in one file or in consecutive files. There may be one
    /// chain for each kind of key (RSA, ECDSA, Ed25519); the client's abilities decide. They are
    /// read as root, so keys may be readable by root alone. It replaces all the older parameters
    /// with a kind of key in their names.
    ///
    /// ```text
    /// smtpd_tls_chain_files = /etc/postfix/ecdsa.pem, /etc/postfix/rsa.pem
    /// ```
    smtpd_tls_chain_files: List = "", since "3.4";
    /// The least cipher grade of opportunistic TLS.
    ///
    /// - `high`: the strongest ones.
    /// - `medium`: all that are not considered weak.
    /// - `null`: only ciphers without encryption, for tests.
    ///
    /// `export` and `low` are accepted as old names of `medium`. A stricter grade drives peers to
    /// no encryption at all.
    smtpd_tls_ciphers: Text = "medium", at_least 1, since "2.6";
    /// A file with the server's DSA certificate.
    ///
    /// No client of today uses DSA.
    smtpd_tls_dcert_file: Text = "", since "2.2";
    /// A file with parameters of the classical Diffie-Hellman key exchange.
    ///
    /// Empty or `auto` leaves the choice to the TLS library, which is right.
    smtpd_tls_dh1024_param_file: Text =
        "", since "2.2", deprecated "do not specify (leave at default)";
    /// Nothing any more: such short parameters served export ciphers.
    smtpd_tls_dh512_param_file: Text = "", since "2.2", ignored "nothing reads it";
    /// The file with the private key for `smtpd_tls_dcert_file`.
    smtpd_tls_dkey_file: Text = "$smtpd_tls_dcert_file", since "2.2";
    /// A file with the server's ECDSA certificate and the authorities between it and a root.
    smtpd_tls_eccert_file: Text = "", since "2.6";
    /// The file with the private key for `smtpd_tls_eccert_file`.
    smtpd_tls_eckey_file: Text = "$smtpd_tls_eccert_file", since "2.6";
    /// The grade of the elliptic curve key exchange.
    ///
    /// - `auto`: what client and server agree on, among `tls_eecdh_auto_curves`.
    /// - `strong`, `ultra`: curves of their own in older releases; today the same as `auto`.
    /// - `none`: no such key exchange. With TLS 1.3 it cannot be switched off.
    smtpd_tls_eecdh_grade: Text =
        "auto", at_least 1, since "2.6", deprecated "do not specify (leave at default)";
    /// Whether clients that are asked for a certificate may send a bare public key (RFC 7250)
    /// instead.
    ///
    /// Such clients are recognised by the fingerprint of the key.
    smtpd_tls_enable_rpk: Flag = "no", since "3.9";
    /// Ciphers, and kinds of ciphers, that are not used.
    ///
    /// They are OpenSSL names such as `RC4`, `aNULL`. With opportunistic TLS an exclusion can drive
    /// a peer to no encryption.
    smtpd_tls_exclude_ciphers: Text = "", since "2.3";
    /// The digest in which fingerprints of client certificates are computed.
    ///
    /// `sha256`, or another that the TLS library has. A `compatibility_level` below 3.6 keeps
    /// `md5`, which nobody should rely on any more. Fingerprints in `relay_clientcerts` and in
    /// tables of `check_ccert_access` must be of this kind, and policy servers get them so. See
    /// `smtp_tls_fingerprint_digest` for commands that print them.
    smtpd_tls_fingerprint_digest: Text =
        "${{$compatibility_level} <level {3.6} ? {md5} : {sha256}}", at_least 1, since "2.5";
    /// The file with the private key for `smtpd_tls_cert_file`; it must not be encrypted.
    smtpd_tls_key_file: Text = "$smtpd_tls_cert_file", since "2.2";
    /// How much is logged about TLS in the server.
    ///
    /// - `0`: nothing.
    /// - `1`: one line for each handshake, and problems.
    /// - `2`: the steps of handshakes too.
    /// - `3`: what is sent in handshakes too.
    /// - `4`: everything that is sent.
    ///
    /// The words of `smtp_tls_loglevel` work too. More than 1 is for finding a problem.
    smtpd_tls_loglevel: Text = "0", since "2.2";
    /// Tables with another `smtpd_tls_loglevel` for single clients.
    ///
    /// Keys are the name and the address of the client as in access(5). `DUNNO` ends the search.
    smtpd_tls_loglevel_maps: Tables = "", since "3.12";
    /// The least cipher grade where TLS is required.
    ///
    /// It holds with `smtpd_tls_security_level = encrypt` and in wrapper mode; the words are those
    /// of `smtpd_tls_ciphers`. What a grade contains is set with `tls_high_cipherlist` and
    /// `tls_medium_cipherlist`; single ciphers are left out with
    /// `smtpd_tls_mandatory_exclude_ciphers`.
    smtpd_tls_mandatory_ciphers: Text = "medium", at_least 1, since "2.3";
    /// Ciphers that are not used where TLS is required, in addition to `smtpd_tls_exclude_ciphers`.
    smtpd_tls_mandatory_exclude_ciphers: Text = "", since "2.3";
    /// The versions of the protocol where TLS is required.
    ///
    /// - `>=TLSv1.2`: this version or newer.
    /// - `<=TLSv1.2`: this version or older.
    /// - `!TLSv1.1`: not this version; the older form, from before Postfix 3.6. To leave out a
    ///   version leaves out all newer ones too, unless older ones are left out as well.
    /// - `TLSv1.2`: only the versions named in this way.
    ///
    /// Versions are `TLSv1`, `TLSv1.1`, `TLSv1.2`, `TLSv1.3`, and the historical `SSLv2` and
    /// `SSLv3`, or after `>=` and `<=` a hexadecimal number such as `0303`. Parts are separated by
    /// white space, comma or colon. Versions below 1.2 are not in Posthorn's TLS library; asking
    /// for them logs one warning.
    ///
    /// ```text
    /// smtpd_tls_mandatory_protocols = >=TLSv1.2
    /// ```
    smtpd_tls_mandatory_protocols: List = ">=TLSv1", since "2.3";
    /// The versions of the protocol in opportunistic TLS.
    ///
    /// The form is that of `smtpd_tls_mandatory_protocols`. A stricter range does not make mail
    /// safer here: a client that cannot follow sends the mail unencrypted.
    smtpd_tls_protocols: List = ">=TLSv1", since "2.6";
    /// Whether the `Received:` header tells the protocol, the cipher and the names in the client's
    /// certificate.
    smtpd_tls_received_header: Flag = "no", since "2.2";
    /// Whether a client without a trusted certificate is refused.
    ///
    /// It has an effect where TLS is required, by `smtpd_tls_security_level = encrypt` or wrapper
    /// mode; otherwise it only asks.
    smtpd_tls_req_ccert: Flag = "no", since "2.2";
    /// Whether the server offers TLS, and whether it insists.
    ///
    /// - `none`: no TLS.
    /// - `may`: offered to everybody by STARTTLS.
    /// - `encrypt`: mail only after STARTTLS. Never on a port that the world sends mail to.
    ///
    /// `verify` and `secure` are taken for `encrypt`. Empty follows the older `smtpd_use_tls` and
    /// `smtpd_enforce_tls`. With `smtpd_tls_wrappermode` every value above `none` is the same.
    smtpd_tls_security_level: Text = "", since "2.3";
    /// The table in which tlsmgr(8) keeps sessions for resumption.
    ///
    /// Tickets have made it unnecessary; leave it empty. `smtpd_tls_session_cache_timeout` counts
    /// for both.
    smtpd_tls_session_cache_database: Tables = "", since "2.2";
    /// How long a session may be resumed, and how long a key of session tickets is in use.
    ///
    /// 0 turns resumption off.
    smtpd_tls_session_cache_timeout: Time = "3600s", at_most 8640000, since "2.2";
    /// The largest size of a file with a handshake trace, in bytes; 0 writes none.
    smtpd_tls_trace_size_limit: Int = "102400", since "3.12";
    /// Whether TLS begins with the first byte, without STARTTLS, as on port 465.
    ///
    /// It belongs into `master.cf`:
    ///
    /// ```text
    /// submissions inet n - n - - smtpd
    ///     -o smtpd_tls_wrappermode=yes
    ///     -o smtpd_sasl_auth_enable=yes
    /// ```
    smtpd_tls_wrappermode: Flag = "no", since "2.2";
}
