// SPDX-License-Identifier: MIT OR Apache-2.0
//! Address classes and routing.

use crate::table::parameters;

parameters! {
    /// A transport:nexthop applied to whole messages after queueing; cleanup stores it in the
    /// queue file (record L), so `postsuper -r` is needed to change it.
    content_filter: Service = "";
    /// Next hop for `content_filter`/FILTER without nexthop; empty = recipient domain.
    default_filter_nexthop: Service = "", since "2.7";
    /// Transport\[:nexthop\] of the default (non-local) class.
    default_transport: Service = "smtp", at_least 1;
    /// Key for the null sender in `sender_dependent_default_transport_maps`.
    empty_address_default_transport_maps_lookup_key: Text = "<>", at_least 1, since "2.7";
    /// Key for the null sender in `sender_dependent_relayhost_maps`.
    empty_address_relayhost_maps_lookup_key: Text = "<>", at_least 1, since "2.5";
    /// Valid local recipients for smtpd; unset entries `` disables the check; default
    /// proxy:unix:passwd.byname $alias_maps.
    local_recipient_maps: Tables = "proxy:unix:passwd.byname $alias_maps";
    /// Transport of the local class (default local:$myhostname).
    local_transport: Service = "local:$myhostname", at_least 1;
    /// Local class domains; all matching is exact (no parent matching), /file and type:table
    /// allowed.
    mydestination: List = "$myhostname, localhost.$mydomain, localhost";
    /// Domain for locally posted addresses.
    myorigin: Text = "$myhostname", at_least 1;
    /// Relay class domains; default empty at `compatibility_level` ≥ 2, $mydestination below;
    /// matches subdomains when listed in `parent_domain_matches_subdomains`.
    relay_domains: List = "${{$compatibility_level} <level {2} ? {$mydestination} : {}}";
    /// Valid relay recipients; empty = no check; @domain wildcards.
    relay_recipient_maps: Tables = "", since "2.0";
    /// Transport of the relay class.
    relay_transport: Service = "relay", at_least 1, since "2.0";
    /// Default nexthop list for non-local, non-virtual mail; comma/space list; \[host\],
    /// host:port, \[host\]:port.
    relayhost: Service = "";
    /// Sender address or @domain → transport:nexthop for the default class; DUNNO stops.
    sender_dependent_default_transport_maps: Tables = "", since "2.7";
    /// Sender address or @domain → relayhost; DUNNO stops.
    sender_dependent_relayhost_maps: Tables = "", since "2.3";
    /// Recipient → transport:nexthop, see maps.md.
    transport_maps: Tables = "";
    /// Virtual alias class; default $virtual_alias_maps.
    virtual_alias_domains: List = "$virtual_alias_maps", since "2.0";
    /// Virtual mailbox class; default $virtual_mailbox_maps.
    virtual_mailbox_domains: List = "$virtual_mailbox_maps", since "2.0";
    /// Transport of the virtual mailbox class.
    virtual_transport: Service = "virtual", at_least 1, since "2.0";
}
