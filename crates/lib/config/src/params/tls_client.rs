// SPDX-License-Identifier: MIT OR Apache-2.0
//! TLS in clients.

use crate::table::parameters;

parameters! {
    /// Whether the SMTP client insists on TLS, in the manner of versions before 2.3.
    smtp_enforce_tls | lmtp_enforce_tls: Flag =
        "no", since "2.2", deprecated "specify \"smtp_tls_security_level\"";
    /// A file with the certificate authorities that may vouch for servers.
    ///
    /// It is read before privileges are dropped and before chroot. Without it (and
    /// `smtp_tls_CApath`) no certificate can be verified, which opportunistic TLS does not need.
    ///
    /// ```text
    /// smtp_tls_CAfile = /etc/ssl/certs/ca-certificates.crt
    /// ```
    smtp_tls_CAfile | lmtp_tls_CAfile: Text = "", since "2.2";
    /// A directory with such authorities, one to a file.
    ///
    /// Files are found by hashes of their names, which `openssl rehash` makes. A chrooted client
    /// needs it inside the jail.
    smtp_tls_CApath | lmtp_tls_CApath: Text = "", since "2.2";
    /// Whether a session is given up in which a reply to a later command came before that command,
    /// around the TLS handshake.
    ///
    /// It guards against an attack on renegotiation that modern libraries no longer allow.
    smtp_tls_block_early_mail_reply | lmtp_tls_block_early_mail_reply: Flag = "no", since "2.7";
    /// A file with the client's RSA certificate and the authorities between it and a root.
    ///
    /// Most servers do not ask for one; leave it empty unless one does, since a certificate that
    /// fails to please can make matters worse. The rest is as with `smtpd_tls_cert_file`.
    /// `smtp_tls_chain_files` is the newer way, and wins where both are set.
    smtp_tls_cert_file | lmtp_tls_cert_file: Text = "", since "2.2";
    /// Files with the client's private keys and certificate chains.
    ///
    /// The form is that of `smtpd_tls_chain_files`: each key before its chain, one chain for each
    /// kind of key. Most servers do not ask for a certificate; leave it empty unless one does. It
    /// replaces `smtp_tls_cert_file`, `smtp_tls_key_file` and their kin, which have no effect
    /// beside it.
    ///
    /// ```text
    /// smtp_tls_chain_files = /etc/postfix/client.pem
    /// ```
    smtp_tls_chain_files | lmtp_tls_chain_files: List = "", since "3.4";
    /// The least cipher grade of opportunistic TLS.
    ///
    /// The words are those of `smtpd_tls_ciphers`. Where TLS is required,
    /// `smtp_tls_mandatory_ciphers` holds.
    smtp_tls_ciphers | lmtp_tls_ciphers: Text = "medium", at_least 1, since "2.6";
    /// Whether encrypted connections are kept open for further mail.
    ///
    /// tlsproxy(8) then does the encryption, since scache(8) cannot keep the secrets of a session.
    /// `postfix tls` is not needed for it; the service must be in `master.cf`.
    smtp_tls_connection_reuse | lmtp_tls_connection_reuse: Flag = "no", since "3.4";
    /// What to do with TLSA records of servers whose names came from mail exchanger records without
    /// DNSSEC.
    ///
    /// - `dane`: obey them, without a claim that it is the right server.
    /// - `encrypt`: only insist on TLS.
    /// - `may`: use TLS if it can be had.
    smtp_tls_dane_insecure_mx_policy: Text = "dane", since "3.1";
    /// A file with the client's DSA certificate.
    smtp_tls_dcert_file | lmtp_tls_dcert_file: Text = "", since "2.2";
    /// The file with the private key for `smtp_tls_dcert_file`.
    smtp_tls_dkey_file | lmtp_tls_dkey_file: Text =
        "$smtp_tls_dcert_file" | "$lmtp_tls_dcert_file", since "2.2";
    /// A file with the client's ECDSA certificate.
    smtp_tls_eccert_file | lmtp_tls_eccert_file: Text = "", since "2.6";
    /// The file with the private key for `smtp_tls_eccert_file`.
    smtp_tls_eckey_file | lmtp_tls_eckey_file: Text =
        "$smtp_tls_eccert_file" | "$lmtp_tls_eccert_file", since "2.6";
    /// Whether servers may send a bare public key (RFC 7250) instead of a certificate.
    ///
    /// It matters where keys are recognised by fingerprint or by DANE.
    smtp_tls_enable_rpk | lmtp_tls_enable_rpk: Flag = "no", since "3.9";
    /// Whether the name in the server's certificate must match, where `smtp_enforce_tls` insists on
    /// TLS.
    smtp_tls_enforce_peername | lmtp_tls_enforce_peername: Flag =
        "yes", since "2.2", deprecated "specify \"smtp_tls_security_level\"";
    /// Whether the attributes of an MTA-STS policy in the result of `smtp_tls_policy_maps` are
    /// obeyed.
    ///
    /// Then only servers that match the patterns of the policy are used, and their certificates
    /// must be for the name of the server.
    smtp_tls_enforce_sts_mx_patterns | lmtp_tls_enforce_sts_mx_patterns: Flag =
        "yes", since "3.10";
    /// Ciphers, and kinds of ciphers, that are not used at any level.
    smtp_tls_exclude_ciphers | lmtp_tls_exclude_ciphers: Text = "", since "2.3";
    /// The fingerprints that a server's certificate or key may have at the level `fingerprint`.
    ///
    /// They are separated by white space, comma or `|`, in hexadecimal with colons, in the digest
    /// `smtp_tls_fingerprint_digest`. Neither names, nor dates, nor authorities matter then. Mostly
    /// each destination has its own, with `match=` in `smtp_tls_policy_maps`. List the new
    /// fingerprint beside the old one before a certificate changes; the fingerprint of the key
    /// outlives the certificate.
    smtp_tls_fingerprint_cert_match | lmtp_tls_fingerprint_cert_match: List = "", since "2.5";
    /// The digest in which fingerprints of server certificates are computed.
    ///
    /// `sha256`, or another that the TLS library has. A `compatibility_level` below 3.6 keeps
    /// `md5`, which nobody should rely on any more. It holds for `smtp_tls_fingerprint_cert_match`,
    /// for `match=` in `smtp_tls_policy_maps`, and in the log. To get the fingerprint of a
    /// certificate, and of its key:
    ///
    /// ```text
    /// openssl x509 -in cert.pem -noout -fingerprint -sha256
    /// openssl x509 -in cert.pem -noout -pubkey | openssl pkey -pubin -outform DER | openssl dgst -sha256 -c
    /// ```
    smtp_tls_fingerprint_digest | lmtp_tls_fingerprint_digest: Text =
        "${{$compatibility_level} <level {3.6} ? {md5} : {sha256}}", at_least 1, since "2.5";
    /// Whether TLSA records are looked up even for hosts whose address records are without DNSSEC.
    smtp_tls_force_insecure_host_tlsa_lookup | lmtp_tls_force_insecure_host_tlsa_lookup: Flag =
        "no", since "2.11";
    /// The file with the private key for `smtp_tls_cert_file`.
    smtp_tls_key_file | lmtp_tls_key_file: Text =
        "$smtp_tls_cert_file" | "$lmtp_tls_cert_file", since "2.2";
    /// How much is logged about TLS in the client.
    ///
    /// The numbers are those of `smtpd_tls_loglevel`, up to 9; above 4 nothing is added. Since
    /// Postfix 3.12 words may be combined instead:
    ///
    /// - `none`: nothing.
    /// - `routine`: what 1 logs.
    /// - `debug`: what 2 logs.
    /// - `ssl-expert`: what 3 logs.
    /// - `ssl-developer`: what 4 logs.
    /// - `summary`: one line for each handshake.
    /// - `untrusted`: why a certificate is not trusted.
    /// - `peercert`: what the certificate contains.
    /// - `certmatch`: how names were compared.
    /// - `verbose`: the steps of the decision.
    /// - `cache`: sessions and tickets.
    /// - `dane`: TLSA records.
    /// - `ssl-debug`: the steps of handshakes.
    /// - `ssl-handshake-packet-dump`: what is sent in handshakes.
    /// - `ssl-session-packet-dump`: everything that is sent.
    ///
    /// `,trace` behind any of them writes the handshake to a file below the queue directory.
    smtp_tls_loglevel | lmtp_tls_loglevel: Text = "0", since "2.2";
    /// Tables with another `smtp_tls_loglevel` for single servers.
    ///
    /// Keys are the name and the address of the server, with parent domains and networks. `DUNNO`
    /// ends the search.
    smtp_tls_loglevel_maps | lmtp_tls_loglevel_maps: Tables = "", since "3.12";
    /// The least cipher grade where TLS is required.
    ///
    /// It holds for the levels from `encrypt` on; the words are those of `smtpd_tls_ciphers`. A
    /// destination has its own with `ciphers=` in `smtp_tls_policy_maps`.
    smtp_tls_mandatory_ciphers | lmtp_tls_mandatory_ciphers: Text =
        "medium", at_least 1, since "2.3";
    /// Ciphers that are not used where TLS is required, in addition to `smtp_tls_exclude_ciphers`.
    smtp_tls_mandatory_exclude_ciphers | lmtp_tls_mandatory_exclude_ciphers: Text =
        "", since "2.3";
    /// The versions of the protocol where TLS is required.
    ///
    /// It holds for the levels from `encrypt` on; the form is that of
    /// `smtpd_tls_mandatory_protocols`. A destination has its own with `protocols=` in
    /// `smtp_tls_policy_maps`, where the parts are separated by colons. Some servers with TLSA
    /// records still speak nothing newer than TLS 1.0.
    ///
    /// ```text
    /// smtp_tls_mandatory_protocols = >=TLSv1.2
    /// ```
    smtp_tls_mandatory_protocols | lmtp_tls_mandatory_protocols: List = ">=TLSv1", since "2.3";
    /// Whether it is logged when a server offers STARTTLS and the client does not use TLS.
    smtp_tls_note_starttls_offer | lmtp_tls_note_starttls_offer: Flag = "no", since "2.2";
    /// Tables with the use of TLS for single destinations, in the manner of versions before 2.3.
    ///
    /// Use `smtp_tls_policy_maps`, beside which this has no effect. The next hop and the name of
    /// the server are looked up, and the stricter of two results counts, except that `MAY` is less
    /// than all others:
    ///
    /// - `NONE`: the level `none`.
    /// - `MAY`: the level `may`.
    /// - `MUST_NOPEERMATCH`: the level `encrypt`.
    /// - `MUST`: the level `verify`.
    ///
    /// The name of the server comes from DNS, so that whoever can forge DNS answers chooses the
    /// policy.
    smtp_tls_per_site | lmtp_tls_per_site: Text =
        "", since "2.2", deprecated "specify \"smtp_tls_policy_maps\"";
    /// Tables with the security level, and more, for single destinations.
    ///
    /// The key is the next hop as `relayhost` or transport(5) writes it, with brackets and port, or
    /// the recipient's domain. When that is a plain domain and is not found, parent domains are
    /// tried, with a leading dot. The result is a level of `smtp_tls_security_level`, and
    /// attributes `name=value` after it, each of which stands for the parameter of all
    /// destinations:
    ///
    /// - `match=`: names, or fingerprints, separated by colons (names) or `|` (fingerprints);
    ///   several `match=` add up. At `secure` and `verify` the words are those of
    ///   `smtp_tls_secure_cert_match`; `fingerprint` needs them.
    /// - `protocols=`: the versions, separated by colons.
    /// - `ciphers=`, `exclude=`: the least cipher grade, and ciphers not to use.
    /// - `tafile=`: a file as in `smtp_tls_trust_anchor_file`; several add up.
    /// - `servername=`: the name to send, as `smtp_tls_servername`.
    /// - `connection_reuse=`: `yes` or `no`, as `smtp_tls_connection_reuse`.
    /// - `enable_rpk=`: `yes` or `no`, as `smtp_tls_enable_rpk`.
    /// - `policy_type=`, `policy_domain=` and others: what a program that fetches MTA-STS policies
    ///   adds, for reports and `smtp_tls_enforce_sts_mx_patterns`.
    ///
    /// A result that makes no sense, and a table that cannot be asked, defer the mail.
    ///
    /// ```text
    /// example.com              encrypt
    /// .partner.example         secure match=.partner.example
    /// [mail.example.net]:587   fingerprint match=3D:95:34:51:...
    /// clear.example            none
    /// ```
    ///
    /// Opportunistic levels save no mail that a network attacker wants to read: for such
    /// destinations use `dane-only`, `fingerprint`, or `secure` with names that you know.
    smtp_tls_policy_maps | lmtp_tls_policy_maps: Tables = "", since "2.3";
    /// The versions of the protocol in opportunistic TLS.
    ///
    /// It holds for the level `may`, and for `dane` where there are no usable records; the form is
    /// that of `smtpd_tls_mandatory_protocols`. A stricter range does not make mail safer here: a
    /// server that cannot follow gets the mail unencrypted.
    smtp_tls_protocols | lmtp_tls_protocols: List = ">=TLSv1", since "2.6";
    /// How many authorities may stand between a server certificate and a trusted one.
    smtp_tls_scert_verifydepth | lmtp_tls_scert_verifydepth: Int = "9", since "2.2";
    /// The names that a server's certificate must bear one of, at the level `secure`.
    ///
    /// - `nexthop`: the next hop.
    /// - `dot-nexthop`: any subdomain of the next hop.
    /// - `hostname`: the name of the server, which DNS told and which is therefore not secure.
    ///
    /// Other words are names themselves; with a leading dot they stand for subdomains.
    smtp_tls_secure_cert_match | lmtp_tls_secure_cert_match: List =
        "nexthop, dot-nexthop" | "nexthop", at_least 1, since "2.3";
    /// Whether, and how safely, the SMTP client uses TLS.
    ///
    /// - `none`: never.
    /// - `may`: when the server offers it; in the clear otherwise. Certificates do not matter.
    /// - `encrypt`: always; mail waits if it cannot be had. Certificates do not matter.
    /// - `dane`: as the TLSA records of the server say, and `may` where there are none; it needs
    ///   `smtp_dns_support_level = dnssec`.
    /// - `dane-only`: only with usable TLSA records.
    /// - `fingerprint`: only servers whose certificate or key is known.
    /// - `verify`: only servers with a trusted certificate for a name in
    ///   `smtp_tls_verify_cert_match`.
    /// - `secure`: only servers with a trusted certificate for a name in
    ///   `smtp_tls_secure_cert_match`; it does not depend on DNS being honest.
    ///
    /// `smtp_tls_policy_maps` changes it for single destinations. The levels above `dane` are no
    /// good for mail to everybody. The default is `may` from `compatibility_level` 3.11 on; before
    /// that, and for LMTP, it is empty and follows the older `smtp_use_tls` and `smtp_enforce_tls`.
    smtp_tls_security_level | lmtp_tls_security_level: Text =
        "${{$compatibility_level} <level {3.11} ? {} : {may}}" | "", since "2.3";
    /// The name that the server is told in the TLS handshake (SNI).
    ///
    /// - `hostname`: the name of the server.
    /// - `nexthop`: the next hop.
    ///
    /// Anything else is the name itself; empty sends none. With DANE the standard decides.
    smtp_tls_servername | lmtp_tls_servername: Text = "", since "3.4";
    /// The table in which tlsmgr(8) keeps sessions, so that they can be resumed.
    ///
    /// ```text
    /// smtp_tls_session_cache_database = btree:$data_directory/smtp_scache
    /// ```
    smtp_tls_session_cache_database | lmtp_tls_session_cache_database: Tables = "", since "2.2";
    /// How long a session may be resumed.
    smtp_tls_session_cache_timeout | lmtp_tls_session_cache_timeout: Time =
        "3600s", at_most 8640000, since "2.2";
    /// The largest size of a file with a handshake trace, in bytes; 0 writes none.
    smtp_tls_trace_size_limit | lmtp_tls_trace_size_limit: Int = "102400", since "3.12";
    /// A file with certificates or keys that replace all other authorities at the levels `verify`
    /// and `secure`.
    ///
    /// The file, in PEM form, has certificates of authorities, or bare public keys. They need not
    /// be signed by themselves, and their expiry does not matter: an authority between the server
    /// and a root will do. The server's chain must lead to one of them, and the name must match. It
    /// is read before privileges are dropped. Mostly a destination has its own, with `tafile=` in
    /// `smtp_tls_policy_maps`.
    smtp_tls_trust_anchor_file | lmtp_tls_trust_anchor_file: Text = "", since "2.11";
    /// The names that a server's certificate must bear one of, at the level `verify`.
    ///
    /// The words are those of `smtp_tls_secure_cert_match`. By default it is the name of the server
    /// as DNS told it, so the level protects only where DNS can be trusted. A destination has its
    /// own with `match=` in `smtp_tls_policy_maps`.
    smtp_tls_verify_cert_match | lmtp_tls_verify_cert_match: List =
        "hostname", at_least 1, since "2.3";
    /// Whether TLS begins with the first byte, without STARTTLS, as on port 465.
    ///
    /// It needs a level of `encrypt` or more.
    ///
    /// ```text
    /// relayhost = [smtp.provider.example]:465
    /// smtp_tls_wrappermode = yes
    /// smtp_tls_security_level = encrypt
    /// ```
    smtp_tls_wrappermode | lmtp_tls_wrappermode: Flag = "no", since "3.0";
    /// Whether the outcome of TLS handshakes is reported to a program that sends reports by RFC
    /// 8460.
    smtp_tlsrpt_enable | lmtp_tlsrpt_enable: Flag = "no", since "3.10";
    /// Whether resumed sessions are left out of these reports.
    smtp_tlsrpt_skip_reused_handshakes | lmtp_tlsrpt_skip_reused_handshakes: Flag =
        "no", since "3.10";
    /// The Unix socket of the program that takes these reports, relative to the queue directory.
    smtp_tlsrpt_socket_name | lmtp_tlsrpt_socket_name: Text = "", since "3.10";
    /// Whether the SMTP client uses TLS where it can be had, in the manner of versions before 2.3.
    smtp_use_tls | lmtp_use_tls: Flag =
        "no", since "2.2", deprecated "specify \"smtp_tls_security_level\"";
    /// The `smtp_tls_CAfile` of the client side of tlsproxy(8).
    tlsproxy_client_CAfile: Text = "$smtp_tls_CAfile", since "3.4";
    /// The `smtp_tls_CApath` of the client side of tlsproxy(8).
    tlsproxy_client_CApath: Text = "$smtp_tls_CApath", since "3.4";
    /// The `smtp_tls_cert_file` of the client side of tlsproxy(8).
    tlsproxy_client_cert_file: Text = "$smtp_tls_cert_file", since "3.4";
    /// The `smtp_tls_chain_files` of the client side of tlsproxy(8).
    tlsproxy_client_chain_files: List = "$smtp_tls_chain_files", since "3.4";
    /// The `smtp_tls_dcert_file` of the client side of tlsproxy(8).
    tlsproxy_client_dcert_file: Text = "$smtp_tls_dcert_file", since "3.4";
    /// The `smtp_tls_dkey_file` of the client side of tlsproxy(8).
    tlsproxy_client_dkey_file: Text = "$smtp_tls_dkey_file", since "3.4";
    /// The `smtp_tls_eccert_file` of the client side of tlsproxy(8).
    tlsproxy_client_eccert_file: Text = "$smtp_tls_eccert_file", since "3.4";
    /// The `smtp_tls_eckey_file` of the client side of tlsproxy(8).
    tlsproxy_client_eckey_file: Text = "$smtp_tls_eckey_file", since "3.4";
    /// The `smtp_enforce_tls` of tlsproxy(8).
    tlsproxy_client_enforce_tls: Flag =
        "$smtp_enforce_tls", since "3.4", deprecated "specify \"tlsproxy_client_security_level\"";
    /// The `smtp_tls_fingerprint_digest` of the client side of tlsproxy(8).
    tlsproxy_client_fingerprint_digest: Text =
        "$smtp_tls_fingerprint_digest", at_least 1, since "3.4";
    /// The `smtp_tls_key_file` of the client side of tlsproxy(8).
    tlsproxy_client_key_file: Text = "$smtp_tls_key_file", since "3.4";
    /// The name of `tlsproxy_client_security_level` before version 3.7.
    tlsproxy_client_level: Text =
        "", since "3.4", legacy "tlsproxy_client_security_level";
    /// The `smtp_tls_loglevel` of the client side of tlsproxy(8).
    tlsproxy_client_loglevel: Text = "$smtp_tls_loglevel", since "3.4";
    /// The `smtp_tls_per_site` of tlsproxy(8).
    tlsproxy_client_per_site: Text =
        "$smtp_tls_per_site", since "3.4", deprecated "specify \"tlsproxy_client_policy_maps\"";
    /// The name of `tlsproxy_client_policy_maps` before version 3.7.
    tlsproxy_client_policy: Text =
        "", since "3.4", legacy "tlsproxy_client_policy_maps";
    /// The `smtp_tls_policy_maps` of the client side of tlsproxy(8).
    tlsproxy_client_policy_maps: Tables =
        "${tlsproxy_client_policy?{$tlsproxy_client_policy}:{$smtp_tls_policy_maps}}", since "3.7";
    /// The `smtp_tls_scert_verifydepth` of the client side of tlsproxy(8).
    tlsproxy_client_scert_verifydepth: Int = "$smtp_tls_scert_verifydepth", since "3.4";
    /// The `smtp_tls_security_level` of the client side of tlsproxy(8).
    tlsproxy_client_security_level: Text =
        "${tlsproxy_client_level?{$tlsproxy_client_level}:{$smtp_tls_security_level}}", since "3.7";
    /// The `smtp_use_tls` of tlsproxy(8).
    tlsproxy_client_use_tls: Flag =
        "$smtp_use_tls", since "3.4", deprecated "specify \"tlsproxy_client_security_level\"";
    /// The `smtpd_enforce_tls` of tlsproxy(8).
    tlsproxy_enforce_tls: Flag =
        "$smtpd_enforce_tls", since "2.8", deprecated "specify \"tlsproxy_tls_security_level\"";
    /// The name in `master.cf` of tlsproxy(8).
    tlsproxy_service_name: Text = "tlsproxy", at_least 1, since "2.8";
    /// The `smtpd_tls_CAfile` of the server side of tlsproxy(8).
    tlsproxy_tls_CAfile: Text = "$smtpd_tls_CAfile", since "2.8";
    /// The `smtpd_tls_CApath` of the server side of tlsproxy(8).
    tlsproxy_tls_CApath: Text = "$smtpd_tls_CApath", since "2.8";
    /// The `smtpd_tls_always_issue_session_ids` of the server side of tlsproxy(8).
    tlsproxy_tls_always_issue_session_ids: Flag =
        "$smtpd_tls_always_issue_session_ids", since "2.8";
    /// The `smtpd_tls_ask_ccert` of the server side of tlsproxy(8).
    tlsproxy_tls_ask_ccert: Flag = "$smtpd_tls_ask_ccert", since "2.8";
    /// The `smtpd_tls_ccert_verifydepth` of the server side of tlsproxy(8).
    tlsproxy_tls_ccert_verifydepth: Int = "$smtpd_tls_ccert_verifydepth", since "2.8";
    /// The `smtpd_tls_cert_file` of the server side of tlsproxy(8).
    tlsproxy_tls_cert_file: Text = "$smtpd_tls_cert_file", since "2.8";
    /// The `smtpd_tls_chain_files` of the server side of tlsproxy(8).
    tlsproxy_tls_chain_files: List = "$smtpd_tls_chain_files", since "3.4";
    /// The `smtpd_tls_ciphers` of the server side of tlsproxy(8).
    tlsproxy_tls_ciphers: Text = "$smtpd_tls_ciphers", at_least 1, since "2.8";
    /// The `smtpd_tls_dcert_file` of the server side of tlsproxy(8).
    tlsproxy_tls_dcert_file: Text = "$smtpd_tls_dcert_file", since "2.8";
    /// The `smtpd_tls_dh1024_param_file` of the server side of tlsproxy(8).
    tlsproxy_tls_dh1024_param_file: Text = "$smtpd_tls_dh1024_param_file", since "2.8";
    /// The `smtpd_tls_dh512_param_file` of the server side of tlsproxy(8).
    tlsproxy_tls_dh512_param_file: Text = "$smtpd_tls_dh512_param_file", since "2.8";
    /// The `smtpd_tls_dkey_file` of the server side of tlsproxy(8).
    tlsproxy_tls_dkey_file: Text = "$smtpd_tls_dkey_file", since "2.8";
    /// The `smtpd_tls_eccert_file` of the server side of tlsproxy(8).
    tlsproxy_tls_eccert_file: Text = "$smtpd_tls_eccert_file", since "2.8";
    /// The `smtpd_tls_eckey_file` of the server side of tlsproxy(8).
    tlsproxy_tls_eckey_file: Text = "$smtpd_tls_eckey_file", since "2.8";
    /// The `smtpd_tls_eecdh_grade` of the server side of tlsproxy(8).
    tlsproxy_tls_eecdh_grade: Text = "$smtpd_tls_eecdh_grade", at_least 1, since "2.8";
    /// The `smtpd_tls_enable_rpk` of the server side of tlsproxy(8).
    tlsproxy_tls_enable_rpk: Flag = "$smtpd_tls_enable_rpk", since "3.9";
    /// The `smtpd_tls_exclude_ciphers` of the server side of tlsproxy(8).
    tlsproxy_tls_exclude_ciphers: Text = "$smtpd_tls_exclude_ciphers", since "2.8";
    /// The `smtpd_tls_fingerprint_digest` of the server side of tlsproxy(8).
    tlsproxy_tls_fingerprint_digest: Text =
        "$smtpd_tls_fingerprint_digest", at_least 1, since "2.8";
    /// The `smtpd_tls_key_file` of the server side of tlsproxy(8).
    tlsproxy_tls_key_file: Text = "$smtpd_tls_key_file", since "2.8";
    /// The `smtpd_tls_loglevel` of the server side of tlsproxy(8).
    tlsproxy_tls_loglevel: Text = "$smtpd_tls_loglevel", since "2.8";
    /// The `smtpd_tls_mandatory_ciphers` of the server side of tlsproxy(8).
    tlsproxy_tls_mandatory_ciphers: Text =
        "$smtpd_tls_mandatory_ciphers", at_least 1, since "2.8";
    /// The `smtpd_tls_mandatory_exclude_ciphers` of the server side of tlsproxy(8).
    tlsproxy_tls_mandatory_exclude_ciphers: Text =
        "$smtpd_tls_mandatory_exclude_ciphers", since "2.8";
    /// The `smtpd_tls_mandatory_protocols` of the server side of tlsproxy(8).
    tlsproxy_tls_mandatory_protocols: List = "$smtpd_tls_mandatory_protocols", since "2.8";
    /// The `smtpd_tls_protocols` of the server side of tlsproxy(8).
    tlsproxy_tls_protocols: List = "$smtpd_tls_protocols", since "2.8";
    /// The `smtpd_tls_req_ccert` of the server side of tlsproxy(8).
    tlsproxy_tls_req_ccert: Flag = "$smtpd_tls_req_ccert", since "2.8";
    /// The `smtpd_tls_security_level` of the server side of tlsproxy(8).
    tlsproxy_tls_security_level: Text = "$smtpd_tls_security_level", since "2.8";
    /// The `smtpd_use_tls` of tlsproxy(8).
    tlsproxy_use_tls: Flag =
        "$smtpd_use_tls", since "2.8", deprecated "specify \"tlsproxy_tls_security_level\"";
    /// How long tlsproxy(8) may be busy with one thing before its watchdog ends it.
    tlsproxy_watchdog_timeout: Time = "10s", at_least 10, since "2.8";
}
