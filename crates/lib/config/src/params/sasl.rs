// SPDX-License-Identifier: MIT OR Apache-2.0
//! Authentication, both sides.

use crate::table::parameters;

parameters! {
    /// Whether EHLO also announces `AUTH=` with an equals sign.
    ///
    /// Some programs of the 1990s (old versions of Outlook Express and Exchange) understand nothing
    /// else. It does no harm to others.
    broken_sasl_auth_clients: Flag = "no";
    /// The directories in which the Cyrus SASL library looks for the file that `smtpd_sasl_path`
    /// names.
    ///
    /// They are separated by colons. Empty means the library's own choice.
    cyrus_sasl_config_path: Text = "", since "2.5";
    /// Whether the SMTP client sends the login name a second time as the name to act for.
    ///
    /// No server needs it, and some refuse it.
    send_cyrus_sasl_authzid: Flag = "no", since "2.4";
    /// A table in which failed logins are remembered, so that they are not repeated for each
    /// message.
    ///
    /// It is written by all SMTP clients, hence through `proxy:`, and must be in
    /// `proxy_write_maps`. A new password in `smtp_sasl_password_maps` is tried at once. Servers
    /// that lock an account after failures are the reason for it.
    ///
    /// ```text
    /// smtp_sasl_auth_cache_name = proxy:btree:$data_directory/sasl_auth_cache
    /// ```
    smtp_sasl_auth_cache_name | lmtp_sasl_auth_cache_name: Text = "", since "2.5";
    /// How long a failed login is remembered in `smtp_sasl_auth_cache_name`.
    smtp_sasl_auth_cache_time | lmtp_sasl_auth_cache_time: Time = "90d", since "2.5";
    /// Whether the SMTP client logs in to servers that offer it.
    ///
    /// Names and passwords come from `smtp_sasl_password_maps`. The usual settings for a provider:
    ///
    /// ```text
    /// relayhost = [smtp.provider.example]:587
    /// smtp_sasl_auth_enable = yes
    /// smtp_sasl_password_maps = hash:/etc/postfix/sasl_passwd
    /// smtp_sasl_security_options = noanonymous
    /// smtp_tls_security_level = encrypt
    /// ```
    smtp_sasl_auth_enable | lmtp_sasl_auth_enable: Flag = "no";
    /// Whether mail waits when a login is refused for good; with `no` it bounces.
    smtp_sasl_auth_soft_bounce | lmtp_sasl_auth_soft_bounce: Flag = "yes", since "2.5";
    /// The mechanisms of the server that the SMTP client may use.
    ///
    /// Elements are names, `!name`, `/file/name` and `type:table`. Empty allows all that the
    /// library and `smtp_sasl_security_options` allow.
    smtp_sasl_mechanism_filter | lmtp_sasl_mechanism_filter: List = "", since "2.2";
    /// Tables with login name and password for servers.
    ///
    /// The result is `name:password`. Keys are, in this order: the sender address and `@domain`
    /// with `smtp_sender_dependent_authentication`, the name of the server, and the next hop as
    /// `relayhost` or transport(5) writes it, with brackets and port. Nothing found means no login.
    /// Tables are opened before privileges are dropped, so root may keep the file for itself.
    ///
    /// ```text
    /// # /etc/postfix/sasl_passwd, mode 0600
    /// [smtp.provider.example]:587   ann:secret
    /// ```
    smtp_sasl_password_maps | lmtp_sasl_password_maps: Tables = "";
    /// The character between name and password in results of `smtp_sasl_password_maps`.
    ///
    /// Change it where names contain a colon.
    smtp_sasl_password_result_delimiter | lmtp_sasl_password_result_delimiter: Text =
        ":", at_least 1, at_most 1, since "3.9";
    /// What the implementation chosen by `smtp_sasl_type` needs to find its configuration.
    smtp_sasl_path | lmtp_sasl_path: Text = "", since "2.3";
    /// What a mechanism must or must not be, when the session is not encrypted.
    ///
    /// - `noplaintext`: no mechanisms that send the password in the clear, such as PLAIN and LOGIN.
    /// - `noactive`: none that fall to an active attack.
    /// - `nodictionary`: none that fall to a passive dictionary attack.
    /// - `noanonymous`: none without a name.
    /// - `mutual_auth`: only those in which the server also proves who it is.
    ///
    /// The default allows no clear passwords; for providers that want PLAIN over TLS change
    /// `smtp_sasl_tls_security_options`.
    smtp_sasl_security_options | lmtp_sasl_security_options: List = "noplaintext, noanonymous";
    /// The `smtp_sasl_security_options` of encrypted sessions.
    smtp_sasl_tls_security_options | lmtp_sasl_tls_security_options: List =
        "$smtp_sasl_security_options" | "$lmtp_sasl_security_options", since "2.2";
    /// The `smtp_sasl_security_options` of encrypted sessions with a server whose certificate was
    /// verified.
    smtp_sasl_tls_verified_security_options | lmtp_sasl_tls_verified_security_options: List =
        "$smtp_sasl_tls_security_options" | "$lmtp_sasl_tls_security_options", since "2.6";
    /// The SASL implementation of the SMTP client; `postconf -A` lists those there are.
    smtp_sasl_type | lmtp_sasl_type: Text = "cyrus", at_least 1, since "2.3";
    /// Whether `smtp_sasl_password_maps` is first asked for the envelope sender.
    ///
    /// Connections are then not shared between messages. Together with
    /// `sender_dependent_relayhost_maps` each sender has a provider and an account.
    smtp_sender_dependent_authentication | lmtp_sender_dependent_authentication: Flag =
        "no", since "2.3";
    /// Whether clients may log in to the SMTP server.
    ///
    /// What a login is good for, `permit_sasl_authenticated` and `smtpd_sender_login_maps` decide.
    /// `smtpd_sasl_type` and `smtpd_sasl_path` say who checks passwords. Where passwords go over
    /// the network, set `smtpd_tls_auth_only` too. Usually it is on for the submission services in
    /// `master.cf` only:
    ///
    /// ```text
    /// submission inet n - n - - smtpd
    ///     -o smtpd_sasl_auth_enable=yes
    ///     -o smtpd_sasl_type=dovecot
    ///     -o smtpd_sasl_path=private/auth
    ///     -o smtpd_tls_security_level=encrypt
    /// ```
    smtpd_sasl_auth_enable: Flag = "no";
    /// Whether the `Received:` header tells the login name of the client.
    smtpd_sasl_authenticated_header: Flag = "no", since "2.3";
    /// Clients to whom AUTH is not offered.
    ///
    /// Elements are as in `mynetworks`. It is for programs that insist on a login once it is
    /// offered, though they need none.
    smtpd_sasl_exceptions_networks: List = "", since "2.1";
    /// The domain, or realm, of logins that name none.
    ///
    /// Some password databases need it; with Dovecot leave it empty.
    smtpd_sasl_local_domain: Text = "";
    /// The mechanisms of the SASL implementation that are offered to clients.
    ///
    /// Elements are names, `!name`, `/file/name` and `type:table`. The default leaves out EXTERNAL,
    /// which few can use.
    smtpd_sasl_mechanism_filter: List = "!external, static:rest", since "3.6";
    /// Where the implementation chosen by `smtpd_sasl_type` is found.
    ///
    /// With `dovecot` it is a socket: `inet:host:port`, or a path, relative to `queue_directory`
    /// where smtpd(8) is chrooted (`private/auth`). With `cyrus` it is the name of a file without
    /// `.conf`: `smtpd` stands for smtpd.conf in the library's directory.
    smtpd_sasl_path: Text = "smtpd", at_least 1, since "2.3";
    /// The longest line that a client may send during a login, in bytes.
    ///
    /// Tickets of Kerberos can be long.
    smtpd_sasl_response_limit: Int = "12288", at_least 12288, since "3.4";
    /// What a mechanism must or must not be, when the session is not encrypted.
    ///
    /// The words are those of `smtp_sasl_security_options`, without `mutual_auth` for Cyrus, and:
    ///
    /// - `forward_secrecy`: only mechanisms whose sessions stay secret when the password becomes
    ///   known (Dovecot).
    smtpd_sasl_security_options: List = "noanonymous";
    /// The name of the service that the SASL implementation is told.
    ///
    /// Dovecot passes it to its password checks; rules there may distinguish `smtp` from
    /// `submission`.
    smtpd_sasl_service: Text = "smtp", at_least 1, since "2.11";
    /// The `smtpd_sasl_security_options` of encrypted sessions.
    ///
    /// ```text
    /// smtpd_sasl_security_options = noanonymous, noplaintext
    /// smtpd_sasl_tls_security_options = noanonymous
    /// ```
    smtpd_sasl_tls_security_options: List = "$smtpd_sasl_security_options", since "2.2";
    /// The SASL implementation of the SMTP server; `postconf -a` lists those there are.
    ///
    /// - `dovecot`: asks a running Dovecot over a socket.
    /// - `cyrus`: uses the Cyrus SASL library's configuration.
    smtpd_sasl_type: Text = "cyrus", at_least 1, since "2.3";
}
