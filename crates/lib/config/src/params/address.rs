// SPDX-License-Identifier: MIT OR Apache-2.0
//! Address rewriting and aliases.

use crate::table::parameters;

parameters! {
    /// Rewrite user%domain to user@domain.
    allow_percent_hack: Flag = "yes";
    /// Complete user with @$myorigin (local) or @$remote_header_rewrite_domain (remote); must
    /// stay on.
    append_at_myorigin: Flag = "yes";
    /// Complete user@host with .$mydomain; default no at `compatibility_level` ≥ 1, yes below.
    append_dot_mydomain: Flag = "${{$compatibility_level} <level {1} ? {yes} : {no}}";
    /// Where `canonical_maps` apply: `envelope_sender`, `envelope_recipient`, `header_sender`,
    /// `header_recipient`.
    canonical_classes: List =
        "envelope_sender, envelope_recipient, header_sender, header_recipient", at_least 1, since "2.2";
    /// Address rewriting of headers and envelopes in cleanup(8).
    canonical_maps: Tables = "";
    /// Where `masquerade_domains` apply (envelope recipients not by default).
    masquerade_classes: List = "envelope_sender, header_sender, header_recipient";
    /// Strip host part below these domains, first match wins, !domain exempts.
    masquerade_domains: List = "";
    /// User names never masqueraded.
    masquerade_exceptions: List = "";
    /// Which rewrites keep +extension: canonical, virtual, alias, forward, include, generic.
    propagate_unmatched_extensions: List = "canonical, virtual";
    /// `envelope_recipient`, `header_recipient`.
    recipient_canonical_classes: List =
        "envelope_recipient, header_recipient", at_least 1, since "2.2";
    /// Recipient rewriting, before `canonical_maps`.
    recipient_canonical_maps: Tables = "";
    /// Set of characters; the first one found in the localpart separates the extension.
    recipient_delimiter: Text = "";
    /// Recipient → new contact info; bounce in trivial-rewrite via error transport 5.1.6.
    relocated_maps: Tables = "";
    /// `no`: results must begin with their own 4/5.x.x status code and text.
    relocated_prefix_enable: Flag = "yes", since "3.11";
    /// Look for routing operators inside quotes (`yes`, safe).
    resolve_dequoted_address: Flag = "yes";
    /// Treat user@ as user@$myhostname instead of invalid.
    resolve_null_domain: Flag = "no", since "2.1";
    /// Treat user@1.2.3.4 as user@\[1.2.3.4\] instead of invalid.
    resolve_numeric_domain: Flag = "no", since "2.3";
    /// `envelope_sender`, `header_sender`.
    sender_canonical_classes: List = "envelope_sender, header_sender", at_least 1, since "2.2";
    /// Sender rewriting, before `canonical_maps`.
    sender_canonical_maps: Tables = "";
    /// Rewrite site!user to user@site.
    swap_bangpath: Flag = "yes";
    /// Longest result address of virtual expansion.
    virtual_alias_address_length_limit: Int = "1000", at_least 1, since "3.0";
    /// Addresses per original recipient.
    virtual_alias_expansion_limit: Int = "1000", at_least 1, since "2.1";
    /// Virtual aliasing for all recipients in cleanup.
    virtual_alias_maps: Tables = "$virtual_maps", since "2.0";
    /// Nesting depth.
    virtual_alias_recursion_limit: Int = "1000", at_least 1, since "2.1";
}
