// SPDX-License-Identifier: MIT OR Apache-2.0
//! Host, domain, interfaces and networks.

use crate::table::parameters;

parameters! {
    /// Localpart that receives mail addressed to the null address.
    empty_address_recipient: Text = "MAILER-DAEMON", at_least 1;
    /// Addresses to listen on and treat as ours: all, loopback-only, addresses or names; also
    /// drives local-domain \[ip\] matching and best-MX detection; needs restart.
    inet_interfaces: List = "all";
    /// The protocols in use: ipv4, ipv6 or all; needs restart.
    inet_protocols: List = "all", since "2.2";
    /// Comma separated name=…=port list consulted before services(5).
    known_tcp_ports: List =
        "lmtp=24, smtp=25, smtps=submissions=465, submission=587", since "3.6";
    /// Default: myhostname without first label, or localdomain.
    mydomain: Text = "";
    /// FQDN; default gethostname(), with $mydomain appended if not qualified.
    myhostname: Text = "";
    /// Trusted clients; default derived from `mynetworks_style` and interfaces; IPv6 in \[ \];
    /// first match with ! supported.
    mynetworks: List = "";
    /// Host (default at `compatibility_level` ≥ 2), subnet, class.
    mynetworks_style: Text =
        "${{$compatibility_level} <level {2} ? {subnet} : {host}}", at_least 1;
    /// NAT/proxy addresses treated as ours (no listening).
    proxy_interfaces: List = "", since "2.0";
    /// Receive window for listeners and client sockets, 0 = OS.
    tcp_windowsize: Int = "0", since "2.6";
}
