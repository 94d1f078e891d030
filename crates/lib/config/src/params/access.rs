// SPDX-License-Identifier: MIT OR Apache-2.0
//! Access restrictions of the SMTP server.

use crate::table::parameters;

parameters! {
    /// The reply code when an access(5) table says DEFER, DEFER_IF_PERMIT or DEFER_IF_REJECT.
    access_map_defer_code: Int = "450", since "2.6";
    /// The reply code when an access(5) table says REJECT.
    access_map_reject_code: Int = "554";
    /// Whether strangers may give a route in a recipient address, such as `user%remote@here`.
    ///
    /// A backup mail exchanger that forwards such mail to the primary one makes of it a relay for
    /// everybody: the primary trusts the backup, takes the route for its own, and sends the message
    /// on. With `no`, mail with such a route is not accepted for the domains of `relay_domains`,
    /// and such an address matches no access(5) table. Leave it as it is.
    allow_untrusted_routing: Flag = "no";
    /// The reply when a client, name or address is found in a DNS list.
    ///
    /// The reply of one list can be set with `rbl_reply_maps`. Names that are replaced, and no
    /// others:
    ///
    /// - `$client`, `$client_address`, `$client_name`, `$reverse_client_name`: the client.
    /// - `$helo_name`, `$sender`, `$sender_domain`, `$sender_name`, `$recipient`,
    ///   `$recipient_domain`, `$recipient_name`: what the client has said.
    /// - `$rbl_class`: what was found: `Client host`, `Helo command`, `Sender address` and so on.
    /// - `$rbl_code`: the value of `maps_rbl_reject_code`.
    /// - `$rbl_domain`: the list.
    /// - `$rbl_reason`: the text that the list gives, or empty.
    /// - `$rbl_what`: the name, domain or address that was found.
    ///
    /// `${name?text}` and `${name:text}` work too. The reply must begin with a code of class 4 or
    /// 5.
    default_rbl_reply: Raw =
        "$rbl_code Service unavailable; $rbl_class [$rbl_what] blocked using $rbl_domain${rbl_reason?; $rbl_reason}", at_least 1, since "2.0";
    /// The reply code of the restriction `defer`.
    defer_code: Int = "450";
    /// The reply code of `reject_invalid_helo_hostname`.
    invalid_hostname_reject_code: Int = "501";
    /// The DNS lists of the restriction `reject_maps_rbl`, which no longer exists.
    ///
    /// Name each list in `reject_rbl_client` instead.
    maps_rbl_domains: List = "";
    /// The reply code when something is found in a DNS list.
    ///
    /// It holds for `reject_rbl_client`, `reject_rhsbl_client` and its kin, as `$rbl_code` in
    /// `default_rbl_reply`.
    maps_rbl_reject_code: Int = "554";
    /// The reply code of `reject_multi_recipient_bounce`.
    multi_recipient_bounce_reject_code: Int = "550", since "2.1";
    /// The reply code of restrictions that demand a name with a domain.
    ///
    /// They are `reject_non_fqdn_helo_hostname`, `reject_non_fqdn_sender` and
    /// `reject_non_fqdn_recipient`.
    non_fqdn_reject_code: Int = "504";
    /// Networks in which a primary mail exchanger must be for `permit_mx_backup`.
    ///
    /// That restriction accepts mail for every domain that names this system among its mail
    /// exchangers, so that any domain's owner can make this system his relay. Listing networks
    /// limits it to domains whose first mail exchanger is known. Better list the domains in
    /// `relay_domains`.
    permit_mx_backup_networks: List = "";
    /// The reply code of `reject_plaintext_session`.
    plaintext_reject_code: Int = "450", since "2.3";
    /// Tables that give the reply for one DNS list.
    ///
    /// The key is the argument of the restriction, such as `zen.example` or
    /// `zen.example=127.0.0.2`; the latter falls back to the part before the equals sign since
    /// Postfix 3.10. The result is as in `default_rbl_reply`, which holds for lists that no table
    /// has.
    rbl_reply_maps: Tables = "", since "2.0";
    /// The reply code of the restriction `reject`.
    reject_code: Int = "554";
    /// What a reject restriction does when it cannot find out what it must know.
    ///
    /// A DNS server that does not answer, for instance, leaves open whether a domain exists.
    ///
    /// - `defer_if_permit`: refuses for now, if nothing else refuses for good.
    /// - `defer`: refuses for now at once, and looks no further.
    ///
    /// It is the default of `unknown_address_tempfail_action`,
    /// `unknown_helo_hostname_tempfail_action`, `unverified_recipient_tempfail_action` and
    /// `unverified_sender_tempfail_action`.
    reject_tempfail_action: Text = "defer_if_permit", at_least 1, since "2.6";
    /// Tables with the fingerprints of client certificates that `permit_tls_clientcerts` accepts.
    ///
    /// The key is the fingerprint of the certificate, or of its public key, in hexadecimal with
    /// colons; the digest is `smtpd_tls_fingerprint_digest`. The value does not matter: a name
    /// helps people. Not used unless the server asks clients for certificates, see
    /// `smtpd_tls_ask_ccert`.
    ///
    /// ```text
    /// # relay_clientcerts = hash:/etc/postfix/relay_clientcerts
    /// D7:04:2F:A7:0B:8C:A5:21:FA:31:77:E1:41:8A:EE:80:1E:21:B7:3C   laptop.example.com
    /// ```
    relay_clientcerts: List = "", since "2.2";
    /// The reply code of `reject_unauth_destination`.
    ///
    /// `defer_unauth_destination` uses the same digits with 4 in place of the 5.
    relay_domains_reject_code: Int = "554";
    /// Whether replies about unknown recipients say in which table they are missing.
    ///
    /// With `no` the reply is `User unknown`, without `in local recipient table` and the like.
    show_user_unknown_table_name: Flag = "yes", since "2.0";
    /// What must hold for a client.
    ///
    /// The list is evaluated at each RCPT TO with what is known then (when the client connects,
    /// with `smtpd_delay_reject = no`). Elements are separated by comma or white space, and tried
    /// from left to right until one decides. A list that decides nothing permits; so does an empty
    /// one. To permit here ends this list only.
    ///
    /// Tables are looked up, and their results understood, as access(5) says. About clients:
    ///
    /// - `check_ccert_access type:table`: looks up the fingerprint of the client's certificate,
    ///   then that of its public key. `check_ccert_access { type:table, { search_order =
    ///   pubkey_fingerprint } }` names what is looked up, since 3.5. The digest is
    ///   `smtpd_tls_fingerprint_digest`; the server must ask for certificates, see
    ///   `smtpd_tls_ask_ccert`. The certificate need not be one that can be verified.
    /// - `check_client_access type:table`: looks up the verified name, its parent domains, the
    ///   address, and its networks.
    /// - `check_client_a_access type:table`, `check_client_mx_access type:table`,
    ///   `check_client_ns_access type:table`: looks up the addresses (since 3.0), mail exchangers
    ///   or name servers (since 2.7) of the client's name, and their addresses. Without mail
    ///   exchangers the name takes their place. Such a table cannot say OK, since the owner of a
    ///   domain chooses whom it names; for exceptions it says DUNNO.
    /// - `check_reverse_client_hostname_access type:table`: looks up the name that the address has,
    ///   even when that name does not have this address (since 2.6); it cannot say OK. There are
    ///   forms with `_a`, `_mx` and `_ns` before `_access` too.
    /// - `check_sasl_access type:table`: looks up the login name, with `@` and a domain where
    ///   `smtpd_sasl_local_domain` is set (since 2.11).
    /// - `permit_inet_interfaces`: permits clients that are this system itself, by
    ///   `inet_interfaces`.
    /// - `permit_mynetworks`: permits clients in `mynetworks`.
    /// - `permit_sasl_authenticated`: permits clients that have logged in.
    /// - `permit_tls_all_clientcerts`: permits clients with a certificate that can be verified.
    ///   Only where a private certificate authority is the only one that is trusted, see
    ///   `tls_append_default_CA`.
    /// - `permit_tls_clientcerts`: permits clients whose certificate is in `relay_clientcerts`.
    /// - `permit_dnswl_client domain=d.d.d.d`, `permit_rhswl_client domain=d.d.d.d`: permits a
    ///   client whose address, or name, a DNS list has (since 2.8). It never lets a stranger relay.
    ///   When the list cannot be asked, what follows may refuse for now only. A name is a weak
    ///   reason for an exception, since the lookup of names fails now and then.
    /// - `reject_rbl_client domain=d.d.d.d`: refuses a client whose address, with its bytes in
    ///   reverse order, has an A record below the domain. With the part after the equals sign only
    ///   such answers count, where a `d` is a number or a choice such as `[2;4..8]`. A list that
    ///   cannot be asked refuses nobody. The reply is `default_rbl_reply`, or from
    ///   `rbl_reply_maps`.
    /// - `reject_rhsbl_client domain=d.d.d.d`, `reject_rhsbl_reverse_client domain=d.d.d.d`: the
    ///   same with the client's verified name, or (since 2.8, and mostly better) the name that its
    ///   address has.
    /// - `reject_unknown_client_hostname`: refuses a client whose address has no name, or whose
    ///   name does not have its address, with `unknown_client_reject_code`. This is strict, and
    ///   hits innocents. An old name is `reject_unknown_client`.
    /// - `reject_unknown_reverse_client_hostname`: refuses a client whose address has no name, with
    ///   `unknown_client_reject_code` (since 2.3).
    ///
    /// In every list:
    ///
    /// - `check_policy_service server`: asks a policy server, such as `unix:private/policy` or
    ///   `inet:127.0.0.1:9998`. A form in braces sets for this server what
    ///   `smtpd_policy_service_timeout` and its kin set for all: `{ inet:host:port, timeout=10s,
    ///   default_action=DUNNO }`.
    /// - `defer`: refuses for now, with `defer_code`.
    /// - `defer_if_permit`, `defer_if_reject`: refuses for now if what follows would permit, or
    ///   would refuse for good.
    /// - `permit`: permits. At the end of a list it says what would happen anyway.
    /// - `reject`: refuses, with `reject_code`.
    /// - `reject_multi_recipient_bounce`: refuses mail with the null sender and several recipients,
    ///   with `multi_recipient_bounce_reject_code`. It sees all recipients only in
    ///   `smtpd_data_restrictions` and later; before, it refuses the second recipient and further
    ///   ones.
    /// - `reject_plaintext_session`: refuses clients that do not use TLS, with
    ///   `plaintext_reject_code`. Not before they could have begun it.
    /// - `reject_unauth_pipelining`: refuses clients that have sent ahead, at any time in the
    ///   session, where they must wait.
    /// - `sleep seconds`: waits, and goes on. It keeps a process busy (since 2.3).
    /// - `warn_if_reject`: the next element only logs `reject_warning` where it would have refused.
    /// - *name*: a list from `smtpd_restriction_classes`.
    /// - `type:table`: short for the check of this place, here `check_client_access`.
    ///
    /// The elements of `smtpd_helo_restrictions`, `smtpd_sender_restrictions` and
    /// `smtpd_recipient_restrictions` may stand here too. They know what they need as long as
    /// `smtpd_delay_reject` is on.
    ///
    /// ```text
    /// smtpd_client_restrictions = permit_mynetworks,
    ///     check_client_access cidr:/etc/postfix/clients,
    ///     reject_rbl_client dnsbl.example=127.0.0.[2;4..8]
    /// ```
    smtpd_client_restrictions: List = "";
    /// What must hold at the DATA or first BDAT command.
    ///
    /// The list has the form of `smtpd_client_restrictions` and may use everything that the client,
    /// HELO, sender and recipient lists may. A recipient is known here only when the message has
    /// exactly one, since the decision is about all of them. `reject_unauth_pipelining` belongs
    /// here; so does `reject_multi_recipient_bounce`, for which all recipients must be known.
    ///
    /// ```text
    /// smtpd_data_restrictions = reject_unauth_pipelining, reject_multi_recipient_bounce
    /// ```
    smtpd_data_restrictions: List = "", since "2.0";
    /// Whether client, HELO and sender lists wait for a recipient.
    ///
    /// With `yes` they are evaluated at RCPT TO or ETRN. So a refused client hears it in a place
    /// where all clients understand it, and the log has its sender and recipient. They are
    /// evaluated anew for each recipient. With `no` each list is evaluated as soon as possible, and
    /// restrictions can use only what is known then.
    smtpd_delay_reject: Flag = "yes";
    /// Tables that change or drop DNS records that the SMTP server gets.
    ///
    /// Each record is looked up as text, as in `smtp_dns_reply_filter`, which has an example.
    smtpd_dns_reply_filter: Tables = "", since "3.0";
    /// What must hold when the whole message has arrived.
    ///
    /// The list has the form of `smtpd_client_restrictions`; as in `smtpd_data_restrictions`, the
    /// recipient is known only when there is exactly one. A policy server learns the size of the
    /// message here.
    smtpd_end_of_data_restrictions: List = "", since "2.2";
    /// What must hold for the ETRN command, by which a site asks for its waiting mail.
    ///
    /// The list has the form of `smtpd_client_restrictions`, whose elements and those of
    /// `smtpd_helo_restrictions` it may use, and is evaluated after the client and HELO lists. Only
    /// domains in `fast_flush_domains` can be asked for. It has an element of its own:
    ///
    /// - `check_etrn_access type:table`: looks up the domain that the client names, and its parent
    ///   domains.
    ///
    /// ```text
    /// smtpd_etrn_restrictions = permit_mynetworks, check_etrn_access hash:/etc/postfix/etrn, reject
    /// ```
    smtpd_etrn_restrictions: List = "";
    /// What must hold for the name that a client gives with HELO or EHLO.
    ///
    /// The list has the form of `smtpd_client_restrictions`, whose elements it may use, and those
    /// of `smtpd_sender_restrictions` and `smtpd_recipient_restrictions` as long as
    /// `smtpd_delay_reject` is on. Set `smtpd_helo_required`, or a client evades the list by saying
    /// nothing. Its own elements:
    ///
    /// - `check_helo_access type:table`: looks up the name and its parent domains.
    /// - `check_helo_a_access type:table`, `check_helo_mx_access type:table`, `check_helo_ns_access
    ///   type:table`: looks up addresses (since 3.0), mail exchangers or name servers of the name.
    ///   Without mail exchangers the name takes their place. Such a table cannot say OK; for
    ///   exceptions it says DUNNO.
    /// - `reject_invalid_helo_hostname`: refuses a name that is none by its form, with
    ///   `invalid_hostname_reject_code`. An old name is `reject_invalid_hostname`.
    /// - `reject_non_fqdn_helo_hostname`: refuses a name without domain, with
    ///   `non_fqdn_reject_code`; an address in brackets is fine. An old name is
    ///   `reject_non_fqdn_hostname`.
    /// - `reject_rhsbl_helo domain=d.d.d.d`: refuses a name that a DNS list has, see
    ///   `reject_rbl_client`.
    /// - `reject_unknown_helo_hostname`: refuses a name with neither address nor mail exchanger,
    ///   with `unknown_hostname_reject_code`, or as `unknown_helo_hostname_tempfail_action` says.
    ///   This hits innocents. An old name is `reject_unknown_hostname`.
    ///
    /// ```text
    /// smtpd_helo_required = yes
    /// smtpd_helo_restrictions = permit_mynetworks, reject_invalid_helo_hostname,
    ///     check_helo_access hash:/etc/postfix/helo
    /// ```
    smtpd_helo_restrictions: List = "";
    /// The `permit` decisions that are logged.
    ///
    /// A list of names of permit restrictions, such as `permit_dnswl_client`, or `static:all`. Each
    /// is logged with the client and the addresses. It shows which exception let something through.
    smtpd_log_access_permit_actions: List = "", since "2.10";
    /// What stands for the null sender in access(5) tables.
    ///
    /// Some types of table cannot have an empty key.
    smtpd_null_access_lookup_key: Text = "<>";
    /// What is done when a policy server cannot be asked.
    ///
    /// An action as in access(5); names of restriction classes and tables in it must be known to
    /// the server already. It is used after all attempts of `smtpd_policy_service_try_limit`, or
    /// when the answer makes no sense. `DUNNO` lets mail pass while the server is down. A policy
    /// server can have its own with `default_action=`, see `smtpd_client_restrictions`.
    smtpd_policy_service_default_action: Text =
        "451 4.3.5 Server configuration problem", at_least 1, since "3.0";
    /// How long an unused connection to a policy server stays open.
    smtpd_policy_service_max_idle: Time = "300s", at_least 1, since "2.1";
    /// How long a connection to a policy server is used before a new one is made.
    smtpd_policy_service_max_ttl: Time = "1000s", at_least 1, since "2.1";
    /// A text that policy servers get as the attribute `policy_context`.
    ///
    /// One server can so tell several services, or places in a list, apart. Mostly set with
    /// `policy_context=` for one use of a server.
    smtpd_policy_service_policy_context: Text = "", since "3.1";
    /// How many requests are sent over one connection to a policy server; 0 sets no limit.
    smtpd_policy_service_request_limit: Int = "0", since "3.0";
    /// How long the server waits before it asks a policy server again after trouble.
    smtpd_policy_service_retry_delay: Time = "1s", at_least 1, since "3.0";
    /// How long the server waits for a policy server to accept a connection, a request, and to
    /// answer.
    smtpd_policy_service_timeout: Time = "100s", at_least 1, since "2.1";
    /// How often a policy server is asked before the answer is
    /// `smtpd_policy_service_default_action`.
    smtpd_policy_service_try_limit: Int = "2", at_least 1, since "3.0";
    /// What must hold for a recipient, beyond the permission to relay.
    ///
    /// The list has the form of `smtpd_client_restrictions`, and may use everything that the
    /// client, HELO and sender lists may. It is evaluated at each RCPT TO, after
    /// `smtpd_relay_restrictions` (before it with `smtpd_relay_before_recipient_restrictions =
    /// no`). To permit here cannot make the server an open relay as long as the relay list is in
    /// force. Before Postfix 2.10 there was no relay list; a configuration from then keeps its
    /// meaning when that is set to empty.
    ///
    /// One of the two lists must have an element that stops strangers from relaying, or the server
    /// refuses to work: `reject_unauth_destination`, `defer_unauth_destination`, `reject`, `defer`
    /// or `defer_if_permit`.
    ///
    /// Its own elements:
    ///
    /// - `check_recipient_access type:table`: looks up the recipient, its domain and parent
    ///   domains, and its local part, as access(5) says.
    /// - `check_recipient_a_access type:table`, `check_recipient_mx_access type:table`,
    ///   `check_recipient_ns_access type:table`: looks up addresses (since 3.0), mail exchangers or
    ///   name servers of the recipient's domain. Such a table cannot say OK; for exceptions it says
    ///   DUNNO.
    /// - `permit_auth_destination`: permits recipients in the domains of this system:
    ///   `mydestination`, `inet_interfaces`, `proxy_interfaces`, `virtual_alias_domains`,
    ///   `virtual_mailbox_domains` and `relay_domains`, but no addresses with a route, such as
    ///   `user@elsewhere@domain`.
    /// - `permit_mx_backup`: permits domains that name this system as a mail exchanger, though not
    ///   as the first, and what `permit_auth_destination` permits. Deprecated, see
    ///   `permit_mx_backup_networks`.
    /// - `reject_unauth_destination`: refuses what `permit_auth_destination` would not permit, with
    ///   `relay_domains_reject_code`.
    /// - `defer_unauth_destination`: the same, for now (since 2.10).
    /// - `reject_non_fqdn_recipient`: refuses an address without full domain, with
    ///   `non_fqdn_reject_code`.
    /// - `reject_rhsbl_recipient domain=d.d.d.d`: refuses a domain that a DNS list has, see
    ///   `reject_rbl_client`.
    /// - `reject_unknown_recipient_domain`: refuses a domain that is not one of this system's and
    ///   has neither mail exchanger nor address, or that wants no mail (null MX). Codes:
    ///   `unknown_address_reject_code`, `unknown_address_tempfail_action`.
    /// - `reject_unlisted_recipient`: refuses an address that is missing in the tables of its
    ///   address class. The server does this anyway at the end, see
    ///   `smtpd_reject_unlisted_recipient`; here it saves the effort of what follows. An old name
    ///   is `check_recipient_maps`.
    /// - `reject_unverified_recipient`: refuses an address that a probe cannot be delivered to, see
    ///   `address_verify_map`. Codes: `unverified_recipient_reject_code`,
    ///   `unverified_recipient_defer_code`, `unverified_recipient_tempfail_action`.
    ///
    /// ```text
    /// smtpd_recipient_restrictions =
    ///     reject_unknown_recipient_domain,
    ///     reject_unlisted_recipient,
    ///     check_policy_service unix:private/policy
    /// ```
    ///
    /// Tests that cost DNS queries or a conversation with a policy server belong at the end.
    smtpd_recipient_restrictions: List = "";
    /// Whether recipients that do not exist are refused even when no restriction does it.
    ///
    /// An address that is missing in the tables of its class is refused after the recipient list:
    /// `local_recipient_maps`, `virtual_alias_maps`, `virtual_mailbox_maps`,
    /// `relay_recipient_maps`. Otherwise the mail is accepted, and later returned to a sender who
    /// mostly did not send it.
    smtpd_reject_unlisted_recipient: Flag = "yes", since "2.1";
    /// Whether senders that do not exist here are refused even when no restriction does it.
    ///
    /// With `yes`, a sender in a domain of this system must be in the tables of its class, whoever
    /// the client is. It stops a worm that invents senders.
    smtpd_reject_unlisted_sender: Flag = "no", since "2.1";
    /// Whether the relay list is evaluated before the recipient list.
    ///
    /// With `yes` policy servers in the recipient list are not asked about recipients to which
    /// relaying is refused. A `compatibility_level` below 3.6 keeps the order of older releases.
    smtpd_relay_before_recipient_restrictions: Flag =
        "${{$compatibility_level} <level {3.6} ? {no} : {yes}}", since "3.6";
    /// Who may send mail to other sites through this system.
    ///
    /// The list has the form of `smtpd_recipient_restrictions` and may use the same elements. It is
    /// separate so that a list against spam, with its exceptions, cannot open the relay by mistake.
    /// The default permits clients in `mynetworks` and those that have logged in, and refuses
    /// others for now, so that a mistake loses no mail; `reject_unauth_destination` refuses for
    /// good. With a `compatibility_level` below 1 it is empty, and `smtpd_recipient_restrictions`
    /// must do the work.
    ///
    /// ```text
    /// smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
    /// ```
    smtpd_relay_restrictions: List =
        "${{$compatibility_level} <level {1} ? {} : {permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination}}", since "2.10";
    /// Tables that say which logins own a sender address.
    ///
    /// The keys are the address, first with and then without its extension, the local part when the
    /// domain is local, and `@domain`. The result is a list of login names. It is used by the
    /// restrictions `reject_sender_login_mismatch`, `reject_authenticated_sender_login_mismatch`,
    /// `reject_known_sender_login_mismatch` and `reject_unauthenticated_sender_login_mismatch`.
    ///
    /// ```text
    /// # smtpd_sender_login_maps = hash:/etc/postfix/sender_login
    /// anna@example.com    anna
    /// info@example.com    anna, boris
    /// ```
    smtpd_sender_login_maps: Tables = "";
    /// What must hold for a sender address.
    ///
    /// The list has the form of `smtpd_client_restrictions`, and may use everything that the client
    /// and HELO lists may, and the elements of `smtpd_recipient_restrictions` as long as
    /// `smtpd_delay_reject` is on. Its own elements:
    ///
    /// - `check_sender_access type:table`: looks up the sender, its domain and parent domains, and
    ///   its local part, as access(5) says; the null sender as `smtpd_null_access_lookup_key`.
    /// - `check_sender_a_access type:table`, `check_sender_mx_access type:table`,
    ///   `check_sender_ns_access type:table`: looks up addresses (since 3.0), mail exchangers or
    ///   name servers of the sender's domain. Such a table cannot say OK; for exceptions it says
    ///   DUNNO.
    /// - `reject_authenticated_sender_login_mismatch`: refuses a client that has logged in and does
    ///   not own the address by `smtpd_sender_login_maps`.
    /// - `reject_known_sender_login_mismatch`: refuses a client that does not own the address, if
    ///   the tables have the address at all (since 2.11).
    /// - `reject_sender_login_mismatch`: refuses a client that has logged in and does not own the
    ///   address, or that has not and uses an address that somebody owns.
    /// - `reject_unauthenticated_sender_login_mismatch`: refuses a client that has not logged in
    ///   and uses an address that somebody owns.
    /// - `reject_non_fqdn_sender`: refuses an address without full domain, with
    ///   `non_fqdn_reject_code`.
    /// - `reject_rhsbl_sender domain=d.d.d.d`: refuses a domain that a DNS list has, see
    ///   `reject_rbl_client`.
    /// - `reject_unknown_sender_domain`: refuses a domain that is not one of this system's and has
    ///   neither mail exchanger nor address, or that wants no mail (null MX). Codes:
    ///   `unknown_address_reject_code`, `unknown_address_tempfail_action`.
    /// - `reject_unlisted_sender`: refuses an address in a domain of this system that is missing in
    ///   the tables of its class, see `smtpd_reject_unlisted_sender`.
    /// - `reject_unverified_sender`: refuses an address that a probe cannot be delivered to. Codes:
    ///   `unverified_sender_reject_code`, `unverified_sender_defer_code`,
    ///   `unverified_sender_tempfail_action`. Probing the senders of all mail annoys other sites,
    ///   which may block you.
    ///
    /// ```text
    /// smtpd_sender_restrictions = reject_unknown_sender_domain,
    ///     check_sender_access hash:/etc/postfix/senders
    /// ```
    smtpd_sender_restrictions: List = "";
    /// The reply code of `reject_unknown_sender_domain` and `reject_unknown_recipient_domain`.
    ///
    /// The code is 450 when DNS gives no clear answer, whatever is set here, and 550 (for a
    /// recipient 556) for a domain that wants no mail.
    unknown_address_reject_code: Int = "450";
    /// What `reject_unknown_sender_domain` and `reject_unknown_recipient_domain` do when DNS gives
    /// no answer.
    ///
    /// See `reject_tempfail_action`.
    unknown_address_tempfail_action: Text = "$reject_tempfail_action", at_least 1, since "2.6";
    /// The reply code of `reject_unknown_client_hostname` and of the restrictions about reverse
    /// names.
    ///
    /// It is always 450 when DNS gives no clear answer.
    unknown_client_reject_code: Int = "450";
    /// What `reject_unknown_helo_hostname` does when DNS gives no answer.
    ///
    /// See `reject_tempfail_action`.
    unknown_helo_hostname_tempfail_action: Text =
        "$reject_tempfail_action", at_least 1, since "2.6";
    /// The reply code of `reject_unknown_helo_hostname`.
    ///
    /// It is always 450 when DNS gives no clear answer.
    unknown_hostname_reject_code: Int = "450";
    /// The reply code for a recipient that is in a domain of `mydestination` and not in
    /// `local_recipient_maps`.
    ///
    /// Set 450 while you are not sure that the tables are complete.
    unknown_local_recipient_reject_code: Int = "550", since "2.0";
    /// The reply code for a recipient that is in a domain of `relay_domains` and not in
    /// `relay_recipient_maps`.
    unknown_relay_recipient_reject_code: Int = "550", since "2.0";
    /// The reply code for a recipient that is in a domain of `virtual_alias_domains` and not in
    /// `virtual_alias_maps`.
    unknown_virtual_alias_reject_code: Int = "550", since "2.0";
    /// The reply code for a recipient that is in a domain of `virtual_mailbox_domains` and not in
    /// `virtual_mailbox_maps`.
    unknown_virtual_mailbox_reject_code: Int = "550", since "2.0";
    /// The reply code of `reject_unverified_recipient` while a probe has no result, or fails for
    /// now.
    ///
    /// With 250 the recipient is accepted then.
    unverified_recipient_defer_code: Int = "450", at_least 200, at_most 499, since "2.6";
    /// The reply code of `reject_unverified_recipient` when a probe says that the address is bad.
    ///
    /// Change it to 550 when you trust the results. With 250 the recipient is accepted all the
    /// same.
    unverified_recipient_reject_code: Int = "450", at_least 200, at_most 599, since "2.1";
    /// What a client hears about a recipient that could not be verified.
    ///
    /// Empty, it hears what the probe brought to light, which may reveal too much about the inside.
    unverified_recipient_reject_reason: Text = "", since "2.6";
    /// What `reject_unverified_recipient` does when the probe fails for now.
    ///
    /// See `reject_tempfail_action`.
    unverified_recipient_tempfail_action: Text =
        "$reject_tempfail_action", at_least 1, since "2.6";
    /// The reply code of `reject_unverified_sender` while a probe has no result, or fails for now.
    ///
    /// With 250 the sender is accepted then.
    unverified_sender_defer_code: Int = "450", at_least 200, at_most 499, since "2.6";
    /// The reply code of `reject_unverified_sender` when a probe says that the address is bad.
    ///
    /// Change it to 550 when you trust the results. With 250 the sender is accepted all the same.
    unverified_sender_reject_code: Int = "450", at_least 200, at_most 599, since "2.1";
    /// What a client hears about a sender that could not be verified.
    ///
    /// Empty, it hears what the probe brought to light.
    unverified_sender_reject_reason: Text = "", since "2.6";
    /// What `reject_unverified_sender` does when the probe fails for now.
    ///
    /// See `reject_tempfail_action`.
    unverified_sender_tempfail_action: Text = "$reject_tempfail_action", at_least 1, since "2.6";
}
