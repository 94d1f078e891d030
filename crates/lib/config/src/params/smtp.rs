// SPDX-License-Identifier: MIT OR Apache-2.0
//! The SMTP and LMTP client.

use crate::table::parameters;

parameters! {
    /// Whether mail exchangers and addresses are looked up when a look for SRV records fails or
    /// finds none.
    ///
    /// It concerns services in `use_srv_lookup`. With `no` the mail waits, or returns when there is
    /// no such record.
    allow_srv_lookup_fallback: Flag = "no", since "3.8";
    /// The transport for domains whose best mail exchanger is this host, though they are not in any
    /// of our classes.
    ///
    /// Empty, such mail bounces as a loop. `local` delivers it here: convenient for many domains
    /// without entries in `mydestination`, but anybody who points a domain at us then makes us take
    /// its mail.
    best_mx_transport: Service = "";
    /// How long the SMTP client waits for scache(8).
    connection_cache_protocol_timeout: Time = "5s", at_least 1, since "2.3";
    /// How often scache(8) logs how well it serves.
    connection_cache_status_update_time: Time = "600s", at_least 1;
    /// The longest time for which scache(8) keeps a connection, whatever a client asks.
    connection_cache_ttl_limit: Time = "2s", at_least 1;
    /// Whether the SMTP client uses no DNS at all.
    ///
    /// `smtp_dns_support_level` says the same in a newer way, and wins where it is set. Hosts are
    /// then found by `smtp_host_lookup = native`.
    disable_dns_lookups: Flag = "no", deprecated "specify \"smtp_dns_support_level\"";
    /// Whether the resolver library is kept from hiding the time for which a negative answer may be
    /// remembered.
    ///
    /// Posthorn's resolver does not hide it; the setting has no effect.
    dns_ncache_ttl_fix_enable: Flag = "no", since "3.1";
    /// The DNS query that tells whether answers are validated here, as `type:name`.
    ///
    /// It is made once by a program that depends on DNSSEC, when it gets its first answers without
    /// validation; a warning follows if the probe is not validated either. Empty makes no probe.
    dnssec_probe: Text = "ns:.", since "3.6";
    /// The name of `smtp_fallback_relay` before version 2.3.
    fallback_relay: Text = "", legacy "smtp_fallback_relay";
    /// Whether a failed look for mail exchangers is treated as if there were none.
    ///
    /// Mail then goes to the address records of the domain, which is wrong whenever the failure is
    /// temporary.
    ignore_mx_lookup_error: Flag = "no";
    /// Whether a failed look for SRV records is treated as if there were none.
    ///
    /// With `allow_srv_lookup_fallback` the search goes on with mail exchangers.
    ignore_srv_lookup_error: Flag = "no", since "3.8";
    /// Whether a success report says `delivered` for mail that an LMTP server without DSN has
    /// taken.
    ///
    /// With `no` it says `relayed`, since nobody knows what the server does with it.
    lmtp_assume_final: Flag = "no";
    /// Which kind of address is tried first among servers of the same preference.
    ///
    /// - `any`: as chance has it.
    /// - `ipv4`: IPv4 addresses first.
    /// - `ipv6`: IPv6 addresses first.
    ///
    /// It matters where both protocols are in `inet_protocols` and one of them works badly. `any`
    /// also gets mail through when one of them is broken.
    smtp_address_preference | lmtp_address_preference: Text = "any", at_least 1, since "2.8";
    /// After which command an address verification probe is broken off.
    ///
    /// - `rcpt`: after RCPT TO.
    /// - `data`: after DATA, for servers that refuse no sooner.
    smtp_address_verify_target | lmtp_address_verify_target: Text =
        "rcpt", at_least 1, since "3.0";
    /// Whether every session begins with EHLO.
    ///
    /// With `no` that is so only where the greeting contains the word ESMTP, and HELO otherwise.
    smtp_always_send_ehlo: Flag = "yes";
    /// Whether both IPv4 and IPv6 addresses get a place among the `smtp_mx_address_limit` ones that
    /// are tried.
    smtp_balance_inet_protocols | lmtp_balance_inet_protocols: Flag = "yes", since "3.3";
    /// The IPv4 address that connections come from.
    ///
    /// It matters on hosts with several addresses, where the name in DNS must match. A service of
    /// `master.cf` may have its own. Where `inet_interfaces` names exactly one IPv4 address, that
    /// is used without being told.
    smtp_bind_address | lmtp_bind_address: Text = "";
    /// The IPv6 address that connections come from; it works as `smtp_bind_address`.
    smtp_bind_address6 | lmtp_bind_address6: Text = "", since "2.2";
    /// Whether mail waits when `smtp_bind_address` or `smtp_bind_address6` cannot be used.
    ///
    /// With `no` the system chooses an address, with a warning.
    smtp_bind_address_enforce | lmtp_bind_address_enforce: Flag = "no", since "3.7";
    /// The `body_checks` of the SMTP client.
    ///
    /// They act on outgoing mail while it is sent; what sits in the queue stays as it is. Actions
    /// that change where mail goes, or refuse it, do not work: the useful ones are REPLACE, IGNORE,
    /// PREPEND, STRIP, INFO, WARN and DUNNO.
    smtp_body_checks | lmtp_body_checks: Tables = "", since "2.5";
    /// Whether the name that an alias in DNS leads to is used for the login, for logging and for
    /// TLS.
    ///
    /// `no` is safe: the name then is the one we were told.
    smtp_cname_overrides_servername | lmtp_cname_overrides_servername: Flag =
        "no", since "2.2", deprecated "do not specify";
    /// How long to try to connect; 0 leaves it to the system.
    ///
    /// A server that cannot be reached costs this for each of its addresses, and keeps a process
    /// busy meanwhile.
    smtp_connect_timeout | lmtp_connect_timeout: Time = "30s" | "0s";
    /// The destinations to which connections are always kept open for further mail.
    ///
    /// Elements are domains, hosts without brackets, addresses in brackets, or `static:all`.
    /// Usually `smtp_connection_cache_on_demand` is enough.
    smtp_connection_cache_destinations | lmtp_connection_cache_destinations: List =
        "", since "2.2";
    /// Whether connections are kept open while much mail waits for a destination.
    smtp_connection_cache_on_demand | lmtp_connection_cache_on_demand: Flag = "yes", since "2.2";
    /// How long an idle connection is kept open for further mail.
    ///
    /// Busy servers dislike clients that hold idle connections. scache(8) allows no more than
    /// `connection_cache_ttl_limit`.
    smtp_connection_cache_time_limit | lmtp_connection_cache_time_limit: Time =
        "2s", at_least 1, since "2.2";
    /// How many messages may go through one connection; 0 means no limit.
    ///
    /// Some servers refuse or slow down after a number of messages.
    smtp_connection_reuse_count_limit | lmtp_connection_reuse_count_limit: Int =
        "0", since "2.11";
    /// How long after it was made a connection may take up another message.
    ///
    /// The time begins with the attempt to connect. It, and not a number of messages, keeps the
    /// load of several mail exchangers fair: a slow one is used for fewer messages, where a limit
    /// by number would draw more and more connections to it. A server that is fast may get
    /// thousands of messages over one connection.
    smtp_connection_reuse_time_limit | lmtp_connection_reuse_time_limit: Time =
        "300s", at_least 1, since "2.3";
    /// How long to send the final dot and to wait for the reply to it.
    ///
    /// When it ends without a reply, the mail is sent again later and may arrive twice: keep it
    /// long.
    smtp_data_done_timeout | lmtp_data_done_timeout: Time = "600s", at_least 1;
    /// How long to send DATA and to wait for the reply to it.
    smtp_data_init_timeout | lmtp_data_init_timeout: Time = "120s", at_least 1;
    /// How long each write of the content may take.
    smtp_data_xfer_timeout | lmtp_data_xfer_timeout: Time = "180s", at_least 1;
    /// Whether mail waits when none of a domain's mail exchangers has an address.
    ///
    /// With `no` it bounces. `yes` helps against mistakes in DNS that somebody will mend.
    smtp_defer_if_no_mx_address_found | lmtp_defer_if_no_mx_address_found: Flag =
        "no", since "2.1";
    /// The `default_delivery_status_filter` of the SMTP client.
    smtp_delivery_status_filter | lmtp_delivery_status_filter: Tables =
        "$default_delivery_status_filter", since "3.0";
    /// Tables with the `smtp_discard_ehlo_keywords` of single servers, by address.
    smtp_discard_ehlo_keyword_address_maps | lmtp_discard_lhlo_keyword_address_maps: Tables =
        "", since "2.2";
    /// Words in the reply to EHLO that the client pretends not to have seen.
    ///
    /// They are `pipelining`, `starttls`, `auth`, `dsn`, `8bitmime`, `size`, `xforward`, `etrn`,
    /// `verp`, `smtputf8`, `chunking` and `requiretls`, in any case. With the word `silent-discard`
    /// nothing is logged of it.
    smtp_discard_ehlo_keywords | lmtp_discard_lhlo_keywords: List = "", since "2.2";
    /// Tables that may drop records from DNS replies.
    ///
    /// The key is a record as a line: name, time to live, class, type, preference where there is
    /// one, and value, as in `example.com. 300 IN MX 10 mail.example.com.` The result `IGNORE`
    /// drops the record. Dropping all leaves the answer that there are none.
    ///
    /// ```text
    /// smtp_dns_reply_filter = pcre:/etc/postfix/dns_filter
    /// # no IPv6 towards this provider
    /// /^\S+\.big\.example\. \S+ IN AAAA /   IGNORE
    /// ```
    smtp_dns_reply_filter | lmtp_dns_reply_filter: Tables = "", since "3.0";
    /// How names without a final dot are looked up.
    ///
    /// - `res_defnames`: a name without any dot gets the default domain.
    /// - `res_dnsrch`: the list of search domains is tried.
    ///
    /// Empty looks names up as they are.
    smtp_dns_resolver_options | lmtp_dns_resolver_options: List = "", since "2.8";
    /// How the SMTP client uses DNS.
    ///
    /// - `disabled`: not at all: no mail exchangers, and addresses as the system finds them. No
    ///   good for mail to the Internet.
    /// - `enabled`: without regard to DNSSEC.
    /// - `dnssec`: with it; needed for DANE. Answers count as validated when the name server says
    ///   so. Mail exchangers from validated answers, and next hops in brackets, can then have
    ///   validated addresses and TLSA records. When such a lookup fails for now, addresses are not
    ///   looked up in another way.
    ///
    /// Since the name server is believed, it must validate answers and be one that nobody can stand
    /// in for: run it on this host, and name no other in resolver(5). `smtp_host_lookup` must have
    /// `dns`.
    ///
    /// Empty follows `disable_dns_lookups`.
    smtp_dns_support_level | lmtp_dns_support_level: Text = "", since "2.11";
    /// Hosts that take mail when a destination cannot be reached.
    ///
    /// The form is that of `relayhost`. They are tried after all servers of the destination failed
    /// without a definite refusal, so that another host may do the waiting. Not used for domains
    /// for which we ourselves are a mail exchanger.
    smtp_fallback_relay | lmtp_fallback_relay: List = "$fallback_relay" | "", since "2.3";
    /// Tables that change addresses in mail that goes out.
    ///
    /// generic(5) describes them. They act on envelope and headers, on the way out only: for hosts
    /// with made-up internal names that the world must not see.
    ///
    /// ```text
    /// smtp_generic_maps = hash:/etc/postfix/generic
    /// # /etc/postfix/generic
    /// ann@localdomain.local   ann.example@provider.example
    /// @localdomain.local      office@provider.example
    /// ```
    smtp_generic_maps | lmtp_generic_maps: Tables = "", since "2.2";
    /// The `header_checks` of the SMTP client; what is said of `smtp_body_checks` holds for it.
    smtp_header_checks | lmtp_header_checks: Tables = "", since "2.5";
    /// The name by which the client introduces itself in HELO and EHLO.
    ///
    /// Many servers want it to be a name in DNS that leads to the client's address.
    smtp_helo_name | lmtp_lhlo_name: Text = "$myhostname", at_least 1, since "2.0";
    /// How long to wait for the greeting, and for the reply to HELO or EHLO.
    smtp_helo_timeout | lmtp_lhlo_timeout: Time = "300s", at_least 1;
    /// How addresses of hosts are found.
    ///
    /// - `dns`: by DNS.
    /// - `native`: as the system does it for other programs, with /etc/hosts.
    ///
    /// Both may be given; the first that finds something wins. Mail exchangers are always looked up
    /// in DNS.
    smtp_host_lookup | lmtp_host_lookup: List = "dns", at_least 1, since "2.1";
    /// The longest line that is sent, in bytes; 0 means no limit.
    ///
    /// A longer one is broken, and what follows begins with a space. It keeps within what RFC 5322
    /// allows; signatures over such a line break.
    smtp_line_length_limit | lmtp_line_length_limit: Int = "998";
    /// Whether delivery lines in the log tell how TLS was used, as `tls=`.
    smtp_log_tls_feature_status | lmtp_log_tls_feature_status: Flag = "yes", since "3.11";
    /// How long to send MAIL FROM and to wait for the reply to it.
    smtp_mail_timeout | lmtp_mail_timeout: Time = "300s", at_least 1;
    /// The `mime_header_checks` of the SMTP client; what is said of `smtp_body_checks` holds for
    /// it.
    smtp_mime_header_checks | lmtp_mime_header_checks: Tables = "", since "2.5";
    /// How many bytes a second buy more time for a request under `smtp_per_request_deadline`.
    smtp_min_data_rate | lmtp_min_data_rate: Int = "500", at_least 1, since "3.7";
    /// How many addresses of mail exchangers one delivery tries; 0 means no limit.
    smtp_mx_address_limit | lmtp_mx_address_limit: Int = "5", since "2.1";
    /// How many sessions one delivery begins before it gives up for now; 0 means no limit.
    ///
    /// Only servers that could be greeted count.
    smtp_mx_session_limit | lmtp_mx_session_limit: Int = "2", since "2.1";
    /// The `nested_header_checks` of the SMTP client; what is said of `smtp_body_checks` holds for
    /// it.
    smtp_nested_header_checks | lmtp_nested_header_checks: Tables = "", since "2.5";
    /// Whether sessions never begin with EHLO, but with HELO.
    ///
    /// No extension works then: neither TLS nor login.
    smtp_never_send_ehlo: Flag = "no";
    /// The name of `smtp_per_request_deadline` before version 3.7.
    smtp_per_record_deadline | lmtp_per_record_deadline: Text =
        "", since "2.9", legacy "smtp_per_request_deadline";
    /// Whether time limits hold for whole requests and replies instead of each read or write.
    ///
    /// A server that sends one byte at a time then does not hold the client for ever.
    /// `smtp_min_data_rate` extends the time while data flows.
    smtp_per_request_deadline | lmtp_per_request_deadline: Flag =
        "${smtp_per_record_deadline?{$smtp_per_record_deadline}:{no}}" | "${lmtp_per_record_deadline?{$lmtp_per_record_deadline}:{no}}", since "3.7";
    /// How long the workaround `delay_dotcrlf` pauses before the final dot.
    ///
    /// It must be long enough for the other side to take everything sent before.
    smtp_pix_workaround_delay_time | lmtp_pix_workaround_delay_time: Time = "10s", at_least 1;
    /// Tables with the `smtp_pix_workarounds` of single servers, by address.
    smtp_pix_workaround_maps | lmtp_pix_workaround_maps: Tables = "", since "2.4";
    /// How old a message must be before the workaround `delay_dotcrlf` is used; 0 uses it at once.
    smtp_pix_workaround_threshold_time | lmtp_pix_workaround_threshold_time: Time = "500s";
    /// What to do about an old Cisco PIX firewall in front of a server.
    ///
    /// It is recognised by a greeting of asterisks.
    ///
    /// - `disable_esmtp`: HELO instead of EHLO, and no extensions.
    /// - `delay_dotcrlf`: a pause before the final dot, for firewalls that lose it.
    ///
    /// Empty does nothing.
    smtp_pix_workarounds | lmtp_pix_workarounds: List =
        "disable_esmtp,delay_dotcrlf", since "2.4";
    /// How long to send QUIT and to wait for the reply to it.
    smtp_quit_timeout | lmtp_quit_timeout: Time = "300s", at_least 1;
    /// Whether unusual local parts are quoted in MAIL FROM and RCPT TO as the standard wants.
    smtp_quote_rfc821_envelope | lmtp_quote_rfc821_envelope: Flag = "yes", since "2.1";
    /// Whether servers of the same preference are tried in random order.
    ///
    /// With `no` the order is that of the DNS reply.
    smtp_randomize_addresses | lmtp_randomize_addresses: Flag = "yes";
    /// How long to send RCPT TO and to wait for the reply to it.
    smtp_rcpt_timeout | lmtp_rcpt_timeout: Time = "300s", at_least 1;
    /// Tables that change single lines of servers' replies before they are understood.
    ///
    /// The key is a line without its end; a result replaces it. It helps where a server answers
    /// with the wrong kind of code:
    ///
    /// ```text
    /// smtp_reply_filter = pcre:/etc/postfix/reply_filter
    /// # this server means 4xx when it says that a mailbox is full
    /// /^552( .*mailbox full.*)/   452$1
    /// ```
    ///
    /// A wrong replacement can lose mail.
    smtp_reply_filter | lmtp_reply_filter: Tables = "", since "2.7";
    /// How long to send RSET and to wait for the reply to it, before a connection is used again.
    smtp_rset_timeout | lmtp_rset_timeout: Time = "20s", at_least 1, since "2.1";
    /// Whether MAIL FROM carries `AUTH=<>` in sessions with a login.
    ///
    /// A few servers want it.
    smtp_send_dummy_mail_auth | lmtp_send_dummy_mail_auth: Flag = "no", since "2.9";
    /// Whether servers that offer XFORWARD are told about the original client.
    ///
    /// It is for content filters on this host: their log and their headers then show the real
    /// client. Never towards the outside.
    smtp_send_xforward_command | lmtp_send_xforward_command: Flag = "no", since "2.1";
    /// Whether a server that greets with 5xx is left for the next one.
    ///
    /// With `no` the mail bounces.
    smtp_skip_5xx_greeting | lmtp_skip_5xx_greeting: Flag = "yes";
    /// Whether a session is closed without waiting for the reply to QUIT.
    smtp_skip_quit_response | lmtp_skip_quit_response: Flag = "yes" | "no";
    /// How long each read and write of a TLS handshake may take.
    smtp_starttls_timeout | lmtp_starttls_timeout: Time = "300s", at_least 1, since "2.2";
    /// The port of servers when the next hop names none.
    ///
    /// A number, or a name of `known_tcp_ports` or services(5). To use another port for some mail
    /// only, write it into `relayhost` or transport(5): `[mail.example.com]:587`.
    smtp_tcp_port | lmtp_tcp_port: Text = "smtp" | "24";
    /// How long to send XFORWARD and to wait for the reply to it.
    smtp_xforward_timeout | lmtp_xforward_timeout: Time = "300s", at_least 1, since "2.1";
    /// The services for which SRV records are looked up instead of mail exchangers.
    ///
    /// They are names such as `submission`: with a next hop of `example.com:submission` the records
    /// of `_submission._tcp.example.com` tell host and port. Brackets around the domain turn it
    /// off.
    ///
    /// ```text
    /// use_srv_lookup = submission
    /// relayhost = example.com:submission
    /// ```
    use_srv_lookup: List = "", since "3.8";
}
