// SPDX-License-Identifier: MIT OR Apache-2.0
//! Address classes and routing.

use crate::table::parameters;

parameters! {
    /// The `transport:nexthop` that every message is sent through after it was queued, such as a
    /// virus scanner.
    ///
    /// It is an after-queue filter: the mail was acknowledged, goes to the filter as a whole, and
    /// comes back over SMTP or sendmail(1) into a service that has the filter switched off.
    /// cleanup(8) writes the value into the queue file, so a change concerns new mail; `postsuper
    /// -r ALL` brings it to waiting mail. A FILTER action of access(5) or header_checks(5) wins
    /// over it. Empty switches it off. Without a next hop, `default_filter_nexthop` decides.
    ///
    /// ```text
    /// # main.cf
    /// content_filter = scan:[127.0.0.1]:10025
    /// # master.cf
    /// scan             unix  -  -  n  -  10  smtp
    ///     -o disable_dns_lookups=yes
    /// 127.0.0.1:10026  inet  n  -  n  -  10  smtpd
    ///     -o content_filter=
    ///     -o mynetworks=127.0.0.0/8
    /// ```
    ///
    /// Do not rewrite addresses twice: give one side
    /// `receive_override_options=no_address_mappings`.
    content_filter: Service = "";
    /// The next hop for a `content_filter` or FILTER action that names none.
    ///
    /// Empty means the domain of the recipient. A value makes the mail for all domains share the
    /// limits of one destination, which is what filters in another process mostly want: before
    /// version 2.7 it was `$myhostname`.
    default_filter_nexthop: Service = "", since "2.7";
    /// The `transport:nexthop` for mail to domains that are not in a class of our own.
    ///
    /// Without a next hop it is the recipient's domain, or `relayhost`.
    /// `sender_dependent_default_transport_maps` comes before it, and `transport_maps` before both.
    ///
    /// ```text
    /// # this system sends nothing to the outside
    /// default_transport = error:outside mail is not possible here
    /// ```
    default_transport: Service = "smtp", at_least 1;
    /// What is looked up in `sender_dependent_default_transport_maps` for the null sender.
    empty_address_default_transport_maps_lookup_key: Text = "<>", at_least 1, since "2.7";
    /// What is looked up in `sender_dependent_relayhost_maps` for the null sender.
    empty_address_relayhost_maps_lookup_key: Text = "<>", at_least 1, since "2.5";
    /// All the names that exist in the domains of `mydestination`, `inet_interfaces` and
    /// `proxy_interfaces`.
    ///
    /// smtpd(8) refuses other recipients with "User unknown in local recipient table". Keys are the
    /// local part and `user@domain`, with and without address extension; results do not matter. The
    /// default covers accounts and aliases; change it when local users live elsewhere, for example
    /// with `mailbox_transport`, `fallback_transport` or `luser_relay`. An empty value accepts
    /// every name, and then mail to unknown users is bounced later, often to innocents.
    ///
    /// ```text
    /// local_recipient_maps = $alias_maps ldap:/etc/postfix/users.cf
    /// ```
    ///
    /// A chrooted smtpd(8) sees no /etc/passwd of its own; `proxy:` asks the proxymap(8) service
    /// outside.
    local_recipient_maps: Tables = "proxy:unix:passwd.byname $alias_maps";
    /// The `transport:nexthop` for the domains of `mydestination` and for addresses of our network
    /// interfaces.
    local_transport: Service = "local:$myhostname", at_least 1;
    /// The domains whose users are local: accounts and aliases of this system.
    ///
    /// Elements are names, `/file/name` and `type:table`, of which only the key matters. Names
    /// match exactly; subdomains must be listed. Addresses of the form `user@[ip]` with an address
    /// of `inet_interfaces` or `proxy_interfaces` are local too. A domain must not be in
    /// `virtual_alias_domains` or `virtual_mailbox_domains` as well: the log warns, and one of them
    /// wins.
    ///
    /// ```text
    /// mydestination = $myhostname, localhost.$mydomain, localhost, $mydomain
    /// ```
    mydestination: List = "$myhostname, localhost.$mydomain, localhost";
    /// The domain that is appended to addresses without one in mail from this system.
    ///
    /// Usually `$myhostname`, or `$mydomain` where users are known by the name of the domain. A
    /// name that begins with a slash is a file that contains it, as in Debian's `/etc/mailname`.
    myorigin: Text = "$myhostname", at_least 1;
    /// The domains that this system takes mail for and passes on: as backup MX, or as a gateway to
    /// an inside host.
    ///
    /// Mail to them is accepted from strangers by `reject_unauth_destination`, goes out through
    /// `relay_transport`, and its recipients are checked with `relay_recipient_maps`. Elements are
    /// names, `/file/name` and `type:table`. With `relay_domains` in
    /// `parent_domain_matches_subdomains` a name also stands for its subdomains; without, write
    /// `.example.com` for those. The old default `$mydestination` applies below
    /// `compatibility_level` 2.
    relay_domains: List = "${{$compatibility_level} <level {2} ? {$mydestination} : {}}";
    /// The recipients that exist in `relay_domains`.
    ///
    /// Others are refused by smtpd(8) with "User unknown in relay recipient table". Keys are
    /// `user@domain` and `@domain`, with and without address extension; results do not matter.
    /// Empty, every recipient is accepted and may bounce later; `reject_unverified_recipient` is an
    /// alternative where no list exists.
    relay_recipient_maps: Tables = "", since "2.0";
    /// The `transport:nexthop` for `relay_domains`.
    ///
    /// The `relay` service of `master.cf` is an smtp(8) client of its own, so that inbound mail
    /// does not wait behind outbound mail.
    relay_transport: Service = "relay", at_least 1, since "2.0";
    /// The host that mail to the outside is handed to.
    ///
    /// - `domain`: the mail exchangers of the domain.
    /// - `[host]`: this host, without a look for mail exchangers.
    /// - `[host]:port`: at this port, a number or a service name; `[address]` works too.
    ///
    /// Several, separated by comma or white space, are tried from left to right. It is used for
    /// domains outside our classes; `transport_maps`, `sender_dependent_relayhost_maps` and an
    /// explicit next hop in `default_transport` come first. Empty sends directly to the
    /// destination. It is not expanded with anything of the message.
    ///
    /// ```text
    /// relayhost = [smtp.provider.example]:587
    /// ```
    relayhost: Service = "";
    /// Tables that choose the `default_transport` by envelope sender.
    ///
    /// Keys are the sender address and `@domain`; the null sender is looked up as
    /// `empty_address_default_transport_maps_lookup_key`. The result `DUNNO` ends the search and
    /// leaves `default_transport`. An empty transport keeps the default one, and an empty next hop
    /// the default next hop. Mail to domains in our own classes and in `transport_maps` is not
    /// concerned.
    sender_dependent_default_transport_maps: Tables = "", since "2.7";
    /// Tables that choose the `relayhost` by envelope sender.
    ///
    /// Keys are the sender address and `@domain`; the null sender is looked up as
    /// `empty_address_relayhost_maps_lookup_key`. `DUNNO` ends the search and leaves `relayhost`.
    /// With `smtp_sender_dependent_authentication` each sender may use an account of its own there.
    ///
    /// ```text
    /// # /etc/postfix/sender_relay
    /// ann@example.com    [smtp.one.example]:587
    /// @example.org       [smtp.two.example]:587
    /// ```
    sender_dependent_relayhost_maps: Tables = "", since "2.3";
    /// Tables that choose transport and next hop by recipient, before anything else does.
    ///
    /// transport(5) describes keys and results. A result that leaves the transport or the next hop
    /// empty changes nothing in that part. A table cannot substitute parts of the key into the
    /// result. Mail for a changed destination that already waits in the active queue goes where it
    /// was going; reload to bring it to the new one.
    ///
    /// ```text
    /// example.com       smtp:[inside.example.com]
    /// .example.net      slow:
    /// old.example.org   error:5.1.6 this domain has moved
    /// ```
    transport_maps: Tables = "";
    /// The domains all of whose addresses are aliases for addresses elsewhere.
    ///
    /// Recipients must be in `virtual_alias_maps`; others are refused with "User unknown in virtual
    /// alias table". The default takes each domain that is a key of `virtual_alias_maps`; state the
    /// domains when that table is not indexed by domain, or when a query should not be wasted on
    /// it. Elements are names, `/file/name` and `type:table`; only keys matter.
    virtual_alias_domains: List = "$virtual_alias_maps", since "2.0";
    /// The domains whose users have mailboxes but no accounts.
    ///
    /// Mail to them goes to `virtual_transport`, after a check that the recipient is in
    /// `virtual_mailbox_maps`. Elements are names, `/file/name` and `type:table`; only keys matter,
    /// the result may be anything. A domain here must not be in `mydestination` or
    /// `virtual_alias_domains`.
    virtual_mailbox_domains: List = "$virtual_mailbox_maps", since "2.0";
    /// The `transport:nexthop` for `virtual_mailbox_domains`.
    ///
    /// ```text
    /// virtual_transport = lmtp:unix:private/dovecot-lmtp
    /// ```
    virtual_transport: Service = "virtual", at_least 1, since "2.0";
}
