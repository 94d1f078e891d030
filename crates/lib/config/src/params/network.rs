// SPDX-License-Identifier: MIT OR Apache-2.0
//! Host, domain, interfaces and networks.

use crate::table::parameters;

parameters! {
    /// The local user who gets mail that is addressed to nobody.
    ///
    /// Mail whose recipient is the null address comes about when a notice about a notice cannot be
    /// delivered. Usually an alias leads from here to postmaster.
    empty_address_recipient: Text = "MAILER-DAEMON", at_least 1;
    /// The network addresses that mail is received on.
    ///
    /// - `all`: all of them.
    /// - `loopback-only`: only those of the host itself.
    ///
    /// Or a list of addresses and host names, without brackets. Mail for `user@[address]` is local
    /// for each of them, smtp(8) knows by them that a mail exchanger is this system, and binds to
    /// one when there is a single address of the kind. Stop and start the system after a change;
    /// `postfix reload` is not enough.
    ///
    /// When a proxy or address translation is in front, list its address in `proxy_interfaces`.
    ///
    /// ```text
    /// inet_interfaces = 192.0.2.1, 127.0.0.1
    /// ```
    inet_interfaces: List = "all";
    /// The protocols that mail is received and sent with: `ipv4`, `ipv6`, or `all`.
    ///
    /// It decides about listening, about which DNS records are looked up (A, AAAA), about
    /// `mynetworks` by default, and about addresses in `inet_interfaces`. `all` means those that
    /// the system has. Stop and start the system after a change.
    inet_protocols: List = "all", since "2.2";
    /// Ports by name, for which services(5) is not asked.
    ///
    /// A list of `name=port`; several names may have one port, as `smtps=submissions=465`. So
    /// programs need not see `/etc/services` in a jail, and a faulty file there does no harm.
    known_tcp_ports: List =
        "lmtp=24, smtp=25, smtps=submissions=465, submission=587", since "3.6";
    /// The domain of this system, mostly without the name of the host.
    ///
    /// The default is `myhostname` without its first part, or `localdomain` when there is no other.
    /// It stands as `$mydomain` in the defaults of other parameters.
    mydomain: Text = "", at_least 1;
    /// The full name of this host.
    ///
    /// It is what the system calls itself in the banner, HELO, `Received:` headers and returned
    /// mail, and is part of many defaults. By default it is the name that the operating system
    /// knows; when that has no dot, `mydomain` is added. It must be a valid name with a domain, and
    /// other systems should find your address under it.
    ///
    /// ```text
    /// myhostname = mail.example.com
    /// ```
    myhostname: Text = "", at_least 1;
    /// The networks whose clients are trusted to send mail through this system.
    ///
    /// A list of addresses and networks such as `192.0.2.0/24` and `[2001:db8::]/32`, of
    /// `/file/name` and `type:table`, and of `!pattern`. The first that matches decides. It is what
    /// `permit_mynetworks` permits, and the default of exceptions from several limits. When it is
    /// not set, it follows from `mynetworks_style`; when it is, that has no effect.
    ///
    /// A network here in which strangers live makes this system a relay for them.
    ///
    /// ```text
    /// mynetworks = 127.0.0.0/8 [::1]/128 192.0.2.0/24
    /// ```
    mynetworks: List = "";
    /// How the default of `mynetworks` follows from the addresses of this host.
    ///
    /// - `host`: only the host itself is trusted.
    /// - `subnet`: the networks that its interfaces are in. Wrong for a rented server, where they
    ///   belong to strangers.
    /// - `class`: the same, by the classes A, B and C of long ago. Mostly far too much.
    ///
    /// Only addresses in `inet_interfaces` are regarded. A `compatibility_level` below 2 keeps
    /// `subnet`.
    mynetworks_style: Text =
        "${{$compatibility_level} <level {2} ? {subnet} : {host}}", at_least 1;
    /// Addresses outside of this host that lead to it, through a proxy or address translation.
    ///
    /// The system does not listen on them, but treats them as its own: mail for `user@[address]` is
    /// local, and smtp(8) does not try to send to itself by way of them. Without it, mail loops
    /// when this system is the backup mail exchanger of a domain.
    proxy_interfaces: List = "", since "2.0";
    /// The size in bytes of the TCP receive window of connections; 0 leaves it to the system.
    ///
    /// It helps only against network devices that cannot deal with the scaling of windows; set less
    /// than 65536 then. Stop and start the system after a change.
    tcp_windowsize: Int = "0", since "2.6";
}
