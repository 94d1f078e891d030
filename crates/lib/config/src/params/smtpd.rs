// SPDX-License-Identifier: MIT OR Apache-2.0
//! The SMTP and QMQP servers.

use crate::table::parameters;

parameters! {
    /// The old name of `smtpd_authorized_verp_clients`.
    ///
    /// The default is empty, so that nobody may use XVERP; older manuals that name `$mynetworks`
    /// here are wrong.
    authorized_verp_clients: Text =
        "", since "1.1", legacy "smtpd_authorized_verp_clients";
    /// Whether the SMTP server refuses the VRFY command.
    ///
    /// VRFY tells a client whether a mailbox exists, without a message. With `yes` the answer is
    /// `502 5.5.1`, and EHLO does not announce the command.
    disable_vrfy_command: Flag = "no";
    /// The clients that may submit mail over QMQP; nobody by default.
    ///
    /// A list of host names, domains, addresses, networks, `/file/name` and `type:table`, with
    /// `!pattern` for exceptions. QMQP has no other control: whoever is on this list may send
    /// anything anywhere.
    qmqpd_authorized_clients: List = "";
    /// Whether log lines about QMQP clients have the client's port, as `name[address]:port`.
    qmqpd_client_port_logging: Flag = "no", since "2.5";
    /// How long the QMQP server waits before it refuses something.
    ///
    /// It slows down clients that repeat the same mistake.
    qmqpd_error_delay: Time = "1s";
    /// How long the QMQP server waits for data from, or to, a client.
    qmqpd_timeout: Time = "300s", at_least 1;
    /// What is not done with mail that a service receives.
    ///
    /// It is set for a service in `master.cf`, mostly the one that takes mail back from a content
    /// filter, so that the work is done once. The options:
    ///
    /// - `no_unknown_recipient_checks`: accepts recipients without looking whether they exist. The
    ///   service before the filter has done that.
    /// - `no_address_mappings`: no canonical or virtual alias mapping, no masquerading, no
    ///   automatic BCC recipients. Set on the service before the filter when the filter is to see
    ///   original addresses.
    /// - `no_header_body_checks`: no header and body checks. Set on the service after the filter.
    /// - `no_milters`: no milters. Set on the service after the filter.
    ///
    /// `no_address_mappings` and `no_header_body_checks` are requests to cleanup(8) about one
    /// message and do not depend on the parameters of the cleanup service.
    ///
    /// ```text
    /// # master.cf: mail that comes back from the filter
    /// 127.0.0.1:10026 inet n - n - 10 smtpd
    ///     -o content_filter=
    ///     -o receive_override_options=no_unknown_recipient_checks,no_header_body_checks,no_milters
    /// ```
    receive_override_options: List = "", since "2.1";
    /// The clients that may ask for variable envelope return paths with XVERP.
    ///
    /// A list of host names, domains, addresses, networks, `/file/name` and `type:table`. For them
    /// a message with many recipients is split into one for each recipient, with the recipient in
    /// the sender address, so bounces tell who they are about. See `default_verp_delimiters`.
    smtpd_authorized_verp_clients: List = "$authorized_verp_clients", since "2.1";
    /// The clients that may use XCLIENT, and so claim to be any other client.
    ///
    /// A list of host names, domains, addresses, networks, `/file/name` and `type:table`. XCLIENT
    /// replaces name, address, HELO name, protocol and login of the client in the eyes of every
    /// restriction and of the log. It serves proxies that hand SMTP sessions on, and tests of
    /// access rules. Never list a network in which others live.
    smtpd_authorized_xclient_hosts: List = "", since "2.1";
    /// The clients that may use XFORWARD to say where mail first came from.
    ///
    /// A list of host names, domains, addresses, networks, `/file/name` and `type:table`. What they
    /// say is used for logging, and passed on; it does not change who may do what. List the host of
    /// an SMTP content filter, so that the log lines after the filter name the original client.
    smtpd_authorized_xforward_hosts: List = "", since "2.1";
    /// What the SMTP server says when a client connects, after the code 220.
    ///
    /// The text must begin with the host name. It is an obligation of RFC 5321; that the name of
    /// the software follows is not. Some clients look for the word `ESMTP` before they use EHLO.
    ///
    /// ```text
    /// smtpd_banner = $myhostname ESMTP
    /// ```
    smtpd_banner: Text = "$myhostname ESMTP $mail_name", at_least 1;
    /// How many AUTH commands a client may send in `anvil_rate_time_unit`; 0 sets no limit.
    ///
    /// Commands are counted whether or not they succeed. Beyond the limit the answer is `450
    /// 4.7.1`. Clients in `smtpd_client_event_limit_exceptions` are not counted.
    smtpd_client_auth_rate_limit: Int = "0", since "3.1";
    /// How many connections a client may have at the same time; 0 sets no limit.
    ///
    /// Beyond the limit a new connection gets `421 4.7.0` and is closed. The default is half of the
    /// default process limit, so one client cannot take all processes. Clients in
    /// `smtpd_client_event_limit_exceptions` are not counted; clients are told apart by
    /// `smtpd_client_ipv4_prefix_length` and `smtpd_client_ipv6_prefix_length`. The limit keeps a
    /// broken client from hurting others. It is not meant to shape legitimate traffic, and does not
    /// help against many clients at once.
    smtpd_client_connection_count_limit: Int = "50", since "2.2";
    /// The old name of `smtpd_client_event_limit_exceptions`.
    smtpd_client_connection_limit_exceptions: Text =
        "", legacy "smtpd_client_event_limit_exceptions";
    /// How many connections a client may make in `anvil_rate_time_unit`; 0 sets no limit.
    ///
    /// Beyond the limit a new connection gets `421 4.7.0` and is closed. Clients in
    /// `smtpd_client_event_limit_exceptions` are not counted. As with the other limits of this
    /// kind, an innocent busy client suffers first: choose a large number.
    smtpd_client_connection_rate_limit: Int = "0", since "2.2";
    /// The clients to which no limits of connections, rates and commands apply.
    ///
    /// A list of host names, domains, addresses, networks, `/file/name` and `type:table`. The
    /// limits are `smtpd_client_connection_count_limit` and those whose names end in `_rate_limit`.
    /// Where one network cannot be trusted with everything, list less than `$mynetworks`.
    smtpd_client_event_limit_exceptions: List =
        "${smtpd_client_connection_limit_exceptions:$mynetworks}", since "2.2";
    /// How many bits of an IPv4 address tell clients apart when they are counted.
    ///
    /// With 32 every address is a client of its own; with 24, addresses that share three bytes are
    /// counted together. It concerns the limits that anvil(8) counts for.
    smtpd_client_ipv4_prefix_length: Int = "32", at_most 32, since "3.8";
    /// How many bits of an IPv6 address tell clients apart when they are counted.
    ///
    /// A single host often has a whole network of 64 bits, and could use a new address for every
    /// connection. It concerns the limits that anvil(8) counts for. Before Postfix 3.8 all 128 bits
    /// counted.
    smtpd_client_ipv6_prefix_length: Int = "84", at_most 128, since "3.8";
    /// How many messages a client may begin in `anvil_rate_time_unit`; 0 sets no limit.
    ///
    /// Each MAIL FROM counts, whether or not the message is accepted. Beyond the limit the answer
    /// is `450 4.7.1`. Clients in `smtpd_client_event_limit_exceptions` are not counted.
    smtpd_client_message_rate_limit: Int = "0", since "2.2";
    /// How many new TLS sessions a client may negotiate in `anvil_rate_time_unit`; 0 sets no limit.
    ///
    /// Sessions that are resumed do not count. Beyond the limit STARTTLS gets `454 4.7.0`. Clients
    /// in `smtpd_client_event_limit_exceptions` are not counted.
    smtpd_client_new_tls_session_rate_limit: Int = "0", since "2.3";
    /// Whether log lines about SMTP clients have the client's port, as `name[address]:port`.
    ///
    /// It helps to find one user behind a translated address. Programs that read the log must be
    /// able to cope.
    smtpd_client_port_logging: Flag = "no", since "2.5";
    /// How many recipients a client may name in `anvil_rate_time_unit`; 0 sets no limit.
    ///
    /// Each RCPT TO and VRFY counts, whether or not it is accepted. Beyond the limit the answer is
    /// `450 4.7.1`. Clients in `smtpd_client_event_limit_exceptions` are not counted.
    smtpd_client_recipient_rate_limit: Int = "0", since "2.2";
    /// Tables that replace commands of SMTP clients before they are understood.
    ///
    /// A complete command line is looked up, without its line end. When a table has it, the result
    /// is executed in its place and the exchange is logged. Content of messages (after DATA and
    /// BDAT) and answers during AUTH are not looked up. Use pcre_table(5) or regexp_table(5), and
    /// only as a last resort for clients that cannot be repaired.
    ///
    /// ```text
    /// # /etc/postfix/command_filter: addresses without angle brackets
    /// /^(RCPT\s+TO:\s*)([^<>\s]+)\s*$/    $1<$2>
    /// # options that some client sends and means nothing by
    /// /^(MAIL FROM:<[^>]*>)\s+AUTH=<>/    $1
    /// ```
    smtpd_command_filter: Tables = "", since "2.7";
    /// Whether the server begins a queue file only when a recipient has been accepted.
    ///
    /// With `no` a file is begun at MAIL FROM, and log lines about refused recipients have a queue
    /// id instead of `NOQUEUE`. That costs a file for every attempt to send spam.
    smtpd_delay_open_until_valid_rcpt: Flag = "yes", since "2.3";
    /// Tables that give, by client address, the EHLO keywords that are not announced.
    ///
    /// The result is a list as in `smtpd_discard_ehlo_keywords`, in whose place it is used for this
    /// client. A list after EHLO helps a client whose implementation of an extension is broken.
    /// Addresses are looked up without brackets; cidr_table(5) is the natural type.
    ///
    /// ```text
    /// # cidr:/etc/postfix/ehlo: an old firewall that mistreats chunks
    /// 192.0.2.0/24    chunking, silent-discard
    /// ```
    smtpd_discard_ehlo_keyword_address_maps: Tables = "", since "2.2";
    /// EHLO keywords that the server does not announce, and whose commands it then refuses.
    ///
    /// The words, in upper or lower case: `8bitmime`, `auth`, `chunking`, `dsn`,
    /// `enhancedstatuscodes`, `etrn`, `pipelining`, `requiretls`, `size`, `smtputf8`, `starttls`,
    /// `verp`, `vrfy`, `xclient`, `xforward`. Other words are ignored. The word `silent-discard`
    /// keeps the server from logging that it left something out.
    ///
    /// ```text
    /// smtpd_discard_ehlo_keywords = chunking, etrn, silent-discard
    /// ```
    smtpd_discard_ehlo_keywords: List = "", since "2.2";
    /// Whether clients must use TLS before they can send mail.
    ///
    /// `smtpd_tls_security_level = encrypt` says the same, and wins when it is set.
    smtpd_enforce_tls: Flag =
        "no", since "2.2", deprecated "specify \"smtpd_tls_security_level\"";
    /// How long the server waits before each answer when a client makes many errors.
    ///
    /// The pause begins when the session has `smtpd_soft_error_limit` errors, and ends with the
    /// session, or with an accepted message. 0 is no pause.
    smtpd_error_sleep_time: Time = "1s";
    /// The characters that may come out of `$name` in texts of reject replies.
    ///
    /// Other characters become an underscore, in `default_rbl_reply`, `rbl_reply_maps` and
    /// `smtpd_reject_footer`. The list is written with the escapes of C, such as `\\t` and `\\40`.
    smtpd_expansion_filter: Raw =
        "\\t\\40!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\\\]^_`abcdefghijklmnopqrstuvwxyz{|}~", at_least 1, since "2.0";
    /// What the server does when lines of a client end with LF alone instead of CR and LF.
    ///
    /// A server that takes a lone LF for a line end, behind another that does not, can be made to
    /// see two messages where the first saw one, with forged addresses (SMTP smuggling).
    ///
    /// - `normalize`: only `CR LF . CR LF` ends a message. A lone LF ends a line, and is stored as
    ///   any other line end. A line with a lone dot that did not end in the proper way is dropped.
    /// - `yes`: the same as `normalize`.
    /// - `note`: as `normalize`, and the line in the log about the end of the session has
    ///   `notes=bare_lf`.
    /// - `reject`: as `normalize`, and a command or message with a lone LF is refused with
    ///   `smtpd_forbid_bare_newline_reject_code`, also when the message came in BDAT chunks.
    /// - `no`: every line end is good, as before Postfix 3.9. Do not use this for clients from the
    ///   Internet.
    ///
    /// Clients in `smtpd_forbid_bare_newline_exclusions` are spared. Local programs that send with
    /// lone LF, and tests of load balancers, are the reason why they exist. For a client that is
    /// well-behaved but for its chunks, leave out `chunking` with
    /// `smtpd_discard_ehlo_keyword_address_maps`.
    smtpd_forbid_bare_newline: Text = "normalize", at_least 1, since "3.9";
    /// The clients for which `smtpd_forbid_bare_newline` does not hold.
    ///
    /// A list of host names, domains, addresses, networks, `/file/name` and `type:table`. Do not
    /// list a server that forwards mail of strangers: through it, they are within the exception.
    smtpd_forbid_bare_newline_exclusions: List = "$mynetworks", since "3.9";
    /// The reply code for `smtpd_forbid_bare_newline = reject`.
    ///
    /// With 521 the server also ends the session.
    smtpd_forbid_bare_newline_reject_code: Int = "550", at_least 500, at_most 599, since "3.9";
    /// Whether the server ends the session of a client that sends ahead where it must wait.
    ///
    /// A client may send several commands at once only after EHLO has announced PIPELINING, and
    /// never past commands such as EHLO or DATA, whose answer decides how it goes on. With `yes`
    /// the answer to such input is `554 5.5.0`. With `no` it is logged, and the restriction
    /// `reject_unauth_pipelining` may act on it.
    smtpd_forbid_unauth_pipelining: Flag = "yes", since "3.9";
    /// Commands that make the server end the session at once.
    ///
    /// A list of commands, or of tables in which the first word of an unknown command is looked up.
    /// They show that the client is no mail client but, for instance, a web browser that somebody
    /// has talked into posting a form to port 25. Lines that look like message headers have the
    /// same effect. The answer is `221 2.7.0`, and the log has `non-SMTP command`.
    ///
    /// Commands that the server knows are not looked up.
    smtpd_forbidden_commands: List = "CONNECT GET POST regexp:{{/^[^A-Z]/ Bogus}}", since "2.2";
    /// How many errors a session may have before the server ends it.
    ///
    /// The server then answers `421 4.7.0` and hangs up. An accepted message sets the count back to
    /// zero. Under stress one error is enough; see `smtpd_soft_error_limit` for what happens on the
    /// way.
    smtpd_hard_error_limit: Int = "${stress?{1}:{20}}", at_least 1;
    /// Whether a client must say HELO or EHLO before MAIL.
    ///
    /// Without it, restrictions of `smtpd_helo_restrictions` can be evaded by saying nothing.
    smtpd_helo_required: Flag = "no";
    /// Whether the `Received:` header leaves out the client and the TLS session.
    ///
    /// Meant for submission services, so that recipients do not learn where their correspondent's
    /// computer is. The log has everything all the same.
    ///
    /// ```text
    /// # master.cf
    /// submission inet n - n - - smtpd -o smtpd_hide_client_session=yes
    /// ```
    smtpd_hide_client_session: Flag = "no", since "3.10";
    /// How many lines of a conversation the server keeps for reports to postmaster.
    ///
    /// When there are more, the older ones are thrown away. They are thrown away also at EHLO, RSET
    /// and the end of a message. See `notify_classes`.
    smtpd_history_flush_threshold: Int = "100", at_least 1;
    /// How many commands that lead nowhere a client may send before they count as errors.
    ///
    /// HELO, EHLO, RSET, NOOP, VRFY, ETRN and the commands of `smtpd_noop_commands` are counted; an
    /// accepted message sets the count back to zero. From the limit on, each is an error towards
    /// `smtpd_hard_error_limit`.
    smtpd_junk_command_limit: Int = "${stress?{1}:{100}}", at_least 1;
    /// The bytes in a second that a client must send to extend the time for its message.
    ///
    /// Where `smtpd_per_request_deadline` is on, a message has `smtpd_timeout` and one second more
    /// for every so many bytes that have arrived. So a slow client can send a large message, but
    /// one that sends a byte now and then cannot hold a process.
    smtpd_min_data_rate: Int = "500", at_least 1, since "3.7";
    /// Commands that the server answers with `250 2.0.0 Ok` without doing anything.
    ///
    /// A list of commands, in upper or lower case. It is for clients that insist on a command that
    /// does not exist.
    smtpd_noop_commands: List = "";
    /// Whether the server looks up names of clients.
    ///
    /// With `no` every client is called `unknown`, and restrictions and tables see only addresses.
    /// It saves time where DNS is slow or absent. Otherwise the name is what the address maps to,
    /// provided that the name maps back to the address.
    smtpd_peername_lookup: Flag = "yes", since "2.3";
    /// The old name of `smtpd_per_request_deadline`.
    ///
    /// Before Postfix 3.7 the limit was for one line, and not for a whole request.
    smtpd_per_record_deadline: Text = "", since "2.9", legacy "smtpd_per_request_deadline";
    /// Whether `smtpd_timeout` limits a whole request instead of each read and write.
    ///
    /// With `yes` a client that sends a command one byte at a time does not get more time with
    /// every byte. Messages get more as they arrive, see `smtpd_min_data_rate`. The limit also
    /// covers TLS handshakes, with `smtpd_starttls_timeout`. By default it is on under stress.
    smtpd_per_request_deadline: Flag =
        "${smtpd_per_record_deadline?{$smtpd_per_record_deadline}:{${stress?{yes}:{no}}}}", since "3.7";
    /// The name by which the server introduces itself to a filter before the queue.
    ///
    /// See `smtpd_proxy_filter`.
    smtpd_proxy_ehlo: Text = "$myhostname", since "2.1";
    /// A filter that every message passes through before it is queued.
    ///
    /// The server connects to it as an SMTP client, repeats MAIL, RCPT and the content to it, and
    /// gives its answer to the end of the message to the client. So a message that the filter
    /// refuses was never accepted. The filter passes good mail on to a second smtpd service, and
    /// must be fast: it works while the client waits. Empty is no filter.
    ///
    /// A value is `host:port`, `inet:host:port` or `unix:path`. Set it for one service in
    /// `master.cf`. Recipients that restrictions refuse never reach the filter; cleanup(8) does not
    /// see the mail in this service, so actions such as HOLD and FILTER, and milters at this place,
    /// do not combine with it.
    ///
    /// ```text
    /// # master.cf
    /// smtp      inet  n - n - 20 smtpd
    ///     -o smtpd_proxy_filter=127.0.0.1:10025
    ///     -o smtpd_proxy_options=speed_adjust
    /// 127.0.0.1:10026 inet n - n - - smtpd
    ///     -o smtpd_authorized_xforward_hosts=127.0.0.0/8
    ///     -o smtpd_client_restrictions=
    ///     -o mynetworks=127.0.0.0/8
    /// ```
    smtpd_proxy_filter: Service = "", since "2.1";
    /// How the server talks to the filter of `smtpd_proxy_filter`.
    ///
    /// - `speed_adjust`: takes the whole message from the client first, and only then connects to
    ///   the filter. Fewer filter processes are needed, since none waits for a slow client.
    smtpd_proxy_options: List = "", since "2.7";
    /// How long the server waits for the filter of `smtpd_proxy_filter`.
    ///
    /// It is the limit of each connection, read and write.
    smtpd_proxy_timeout: Time = "100s", at_least 1, since "2.1";
    /// How many recipients a message may have.
    ///
    /// Further recipients are refused with `452 4.5.3`, which makes clients send the message again
    /// to the rest of them. RFC 5321 demands at least 100. See `smtpd_recipient_overshoot_limit`.
    smtpd_recipient_limit: Int = "1000", at_least 1;
    /// How many recipients beyond `smtpd_recipient_limit` are refused before that counts as errors.
    ///
    /// A client that sends ahead cannot stop in time; it should not run into
    /// `smtpd_hard_error_limit` for that.
    smtpd_recipient_overshoot_limit: Int = "1000", at_least 1;
    /// Tables that replace replies with which the server refuses something.
    ///
    /// The complete reply, of class 4 or 5, is looked up as the client would see it, without line
    /// end. The result is a complete reply too; one that is not of class 4 or 5 is ignored with a
    /// warning. Both are logged. It comes before `smtpd_reject_footer`.
    ///
    /// ```text
    /// # pcre:/etc/postfix/reject_filter: say less
    /// /^(550 5\.1\.1 <\S+>: )Recipient address rejected: User unknown/    ${1}no such user
    /// ```
    smtpd_reject_filter_maps: Tables = "", since "3.11";
    /// Text that is appended to every reply that refuses something.
    ///
    /// Meant for the person who gets a returned message: where to ask, and what to tell.
    ///
    /// `\n` begins a new line of the reply, with the same code. `\c` at the beginning continues the
    /// line of the reply instead of beginning one; some clients cannot take several lines. These
    /// names are replaced, and no others:
    ///
    /// - `$client_address`, `$client_port`: the client, as in the log.
    /// - `$localtime`: the time, as in the log.
    /// - `$server_name`: the value of `myhostname`.
    ///
    /// What comes out of a name may have only the characters of `smtpd_expansion_filter`.
    ///
    /// ```text
    /// smtpd_reject_footer = \c. For help, call 555-0100 and tell ($localtime, $client_address)
    /// ```
    smtpd_reject_footer: Raw = "", since "2.8";
    /// Tables that give the text to append to a reply that refuses something.
    ///
    /// The complete reply is looked up, without line end. When a table has it, the result is used
    /// as `smtpd_reject_footer` would be, which stands for all others. In pcre_table(5) and
    /// regexp_table(5) write `$$name` for a name that is to be replaced.
    smtpd_reject_footer_maps: Tables = "", since "3.4";
    /// Names that stand for lists of access restrictions.
    ///
    /// Each name is then defined as if it were a parameter, and may be used in restriction lists
    /// and as the result in an access(5) table. That is how restrictions depend on the client,
    /// sender or recipient.
    ///
    /// ```text
    /// smtpd_restriction_classes = strict, lenient
    /// strict = reject_unknown_sender_domain, reject_rbl_client dnsbl.example
    /// lenient = permit
    /// smtpd_recipient_restrictions = check_recipient_access hash:/etc/postfix/protection
    /// # /etc/postfix/protection
    /// anna@example.com   strict
    /// boris@example.com  lenient
    /// ```
    smtpd_restriction_classes: List = "";
    /// The name in `master.cf` of the service to which postscreen(8) hands clients.
    smtpd_service_name: Text = "smtpd", at_least 1, since "2.8";
    /// How many errors a session may have before the server becomes slow.
    ///
    /// From then on the server waits `smtpd_error_sleep_time` before every answer, until the
    /// session ends or a message is accepted. 0 never waits. Unknown commands, refused addresses
    /// and syntax errors are errors. See `smtpd_hard_error_limit`.
    smtpd_soft_error_limit: Int = "10", at_least 1;
    /// How long the server waits during TLS handshakes.
    ///
    /// It limits each read and write, or the whole handshake with `smtpd_per_request_deadline`.
    smtpd_starttls_timeout: Time = "${stress?{10}:{300}}s", at_least 1, since "2.2";
    /// How long the server waits for the next command of a client, and for the client to take a
    /// reply.
    ///
    /// RFC 5321 asks for five minutes. Under stress, when all processes are busy, ten seconds keep
    /// the server available for others. With `smtpd_per_request_deadline` it limits a whole request
    /// instead of each read and write.
    smtpd_timeout: Time = "${stress?{10}:{300}}s", at_least 1;
    /// The protocol by which a proxy in front of the server tells who the client is.
    ///
    /// - `haproxy`: the first bytes of a connection are a header of the PROXY protocol, version 1
    ///   or 2. A connection without such a header gets `421 4.3.0`.
    ///
    /// Empty, the client is whoever connects. Set it for a service that only the proxy can reach:
    /// who can send the header can claim any address. Behind postscreen(8), set
    /// `postscreen_upstream_proxy_protocol` instead.
    smtpd_upstream_proxy_protocol: Text = "", since "2.10";
    /// How long the server waits for the header of `smtpd_upstream_proxy_protocol`.
    smtpd_upstream_proxy_timeout: Time = "5s", at_least 1, since "2.10";
    /// Whether the server announces STARTTLS.
    ///
    /// `smtpd_tls_security_level = may` says the same, and wins when it is set.
    smtpd_use_tls: Flag = "no", since "2.2", deprecated "specify \"smtpd_tls_security_level\"";
    /// Whether addresses in MAIL FROM and RCPT TO must be written as RFC 821 says.
    ///
    /// With `yes` an address must stand in `<>`, and comments or phrases around it are refused. Bad
    /// clients, and programs that are no mail clients, write addresses as people do in headers;
    /// refusing them costs mail.
    strict_rfc821_envelopes: Flag = "no";
}
