// SPDX-License-Identifier: MIT OR Apache-2.0
//! Mail filters.

use crate::table::parameters;

parameters! {
    /// How long to wait until a milter has taken a command and answered it.
    milter_command_timeout: Time = "30s", at_least 1, since "2.3";
    /// The macros that milters are told of a new connection.
    ///
    /// Names of more than one letter stand in braces. A milter may ask for others; what has no
    /// value is left out, or taken from `milter_macro_defaults`. The same goes for all parameters
    /// of this family.
    milter_connect_macros: List = "j {daemon_name} {daemon_addr} v _", since "2.3";
    /// How long to wait for the connection to a milter and for its answer to the first negotiation.
    milter_connect_timeout: Time = "30s", at_least 1, since "2.3";
    /// How long to wait until a milter has taken and judged the content of a message.
    milter_content_timeout: Time = "300s", at_least 1, since "2.3";
    /// The macros that milters are told at DATA.
    ///
    /// It needs a `milter_protocol` of 4 or more.
    milter_data_macros: List = "i", since "2.3";
    /// What happens to mail when a milter cannot be reached or makes a mistake.
    ///
    /// - `accept`: goes on as if there were no such milter.
    /// - `reject`: refuses the mail for good.
    /// - `tempfail`: refuses it for now.
    /// - `shutdown`: since Postfix 3.11 and by default, refuses it for now and closes the connection.
    /// - `quarantine`: since Postfix 2.6, accepts it into the hold queue.
    ///
    /// The definition of a milter may say otherwise, in braces: `smtpd_milters = {
    /// inet:localhost:8891, default_action = accept }`.
    milter_default_action: Text = "shutdown", at_least 1, since "2.3";
    /// The macros that milters are told at the end of a message.
    milter_end_of_data_macros: List = "i", since "2.3";
    /// The macros that milters are told at the end of the headers.
    milter_end_of_header_macros: List = "i", since "2.5";
    /// Tables of patterns for headers that milters add or change.
    ///
    /// header_checks(5) describes them; of the actions, PREPEND does not work here. They can act on
    /// what a spam filter found:
    ///
    /// ```text
    /// /^X-Spam-Flag:\s+YES/   FILTER spambox:
    /// ```
    milter_header_checks: Tables = "", since "2.7";
    /// The macros that milters are told at HELO.
    milter_helo_macros: List =
        "{tls_version} {cipher} {cipher_bits} {cert_subject} {cert_issuer}", since "2.3";
    /// The value of the macro `{daemon_name}`.
    ///
    /// A milter may treat mail of the submission service in another way when that service sets this
    /// to `ORIGINATING`.
    milter_macro_daemon_name: Text = "$myhostname", at_least 1, since "2.3";
    /// Values of macros that have none, or that are not known here, as a list of `name=value`.
    ///
    /// ```text
    /// milter_macro_defaults = {auth_type}=none, { {client_note} = from $myhostname }
    /// ```
    milter_macro_defaults: List = "", since "3.1";
    /// The value of the macro `v`.
    milter_macro_v: Text = "$mail_name $mail_version", at_least 1, since "2.3";
    /// The macros that milters are told at MAIL FROM.
    milter_mail_macros: List =
        "i {auth_type} {auth_authen} {auth_author} {mail_addr} {mail_host} {mail_mailer}", since "2.3";
    /// The version of the milter protocol, and options.
    ///
    /// - `2`: what Sendmail 8.11 and old libraries speak.
    /// - `3`: also knows unknown commands.
    /// - `4`: also knows DATA.
    /// - `6`: also lets a milter leave out answers and see rejected recipients; that of Sendmail
    ///   8.14.
    /// - `no_header_reply`: the milter does not answer headers; for milters that miscount.
    ///
    /// A version that the milter does not speak makes the negotiation fail.
    milter_protocol: Text = "6", at_least 1, since "2.3";
    /// The macros that milters are told at RCPT TO.
    milter_rcpt_macros: List = "i {rcpt_addr} {rcpt_host} {rcpt_mailer}", since "2.3";
    /// The macros that milters are told of an unknown command.
    milter_unknown_command_macros: List = "", since "2.3";
    /// The milters for mail that does not come over SMTP: from sendmail(1), qmqpd(8), and mail that
    /// `postsuper -r` requeues.
    ///
    /// cleanup(8) calls them and imitates an SMTP session from localhost. A milter that wants to
    /// refuse single recipients cannot do that here. The form is that of `smtpd_milters`.
    non_smtpd_milters: List = "", since "2.3";
    /// Tables that choose the `smtpd_milters` of a client by its address.
    ///
    /// Keys are the address and its networks as in access(5); cidr tables are handy. The result is
    /// a list of milters, or:
    ///
    /// - `DISABLE`: no milters for this client.
    smtpd_milter_maps: Tables = "", since "3.2";
    /// The milters that see mail while it arrives over SMTP.
    ///
    /// Each is asked in turn, before the mail is acknowledged, and may refuse or change it. The
    /// forms are:
    ///
    /// - `unix:path`: a socket below the queue directory, for a chrooted smtpd(8) always.
    /// - `inet:host:port`: a TCP port.
    /// - `{ endpoint, name = value, ... }`: with own values of `command_timeout`,
    ///   `connect_timeout`, `content_timeout`, `default_action`, `protocol`.
    ///
    /// ```text
    /// smtpd_milters = unix:opendkim/opendkim.sock, { inet:localhost:11332, default_action = accept }
    /// non_smtpd_milters = $smtpd_milters
    /// ```
    smtpd_milters: List = "", since "2.3";
}
