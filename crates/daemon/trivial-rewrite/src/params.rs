// SPDX-License-Identifier: MIT OR Apache-2.0
//! What trivial-rewrite reads from `main.cf`.

config::select! {
    /// Everything: the standard form of addresses, address classes, and routes.
    pub(crate) struct Params {
        // Standard form.
        allow_percent_hack,
        append_at_myorigin,
        append_dot_mydomain,
        mydomain,
        myhostname,
        myorigin,
        remote_header_rewrite_domain,
        swap_bangpath,
        // What an address may be.
        allow_min_user,
        empty_address_recipient,
        recipient_delimiter,
        resolve_dequoted_address,
        resolve_null_domain,
        resolve_numeric_domain,
        smtputf8_enable,
        // Address classes.
        helpful_warnings,
        inet_interfaces,
        inet_protocols,
        mydestination,
        parent_domain_matches_subdomains,
        proxy_interfaces,
        relay_domains,
        show_user_unknown_table_name,
        virtual_alias_domains,
        virtual_mailbox_domains,
        // Tables.
        empty_address_default_transport_maps_lookup_key,
        empty_address_relayhost_maps_lookup_key,
        relocated_maps,
        relocated_prefix_enable,
        tables: maps::Params,
        mail: Mail,
        probe: Probe,
    }
}

config::select! {
    /// Routes of mail.
    pub(crate) struct Mail {
        default_transport,
        local_transport,
        relay_transport,
        relayhost,
        sender_dependent_default_transport_maps,
        sender_dependent_relayhost_maps,
        transport_maps,
        virtual_transport,
    }
}

config::select! {
    /// Routes of address probes.
    pub(crate) struct Probe {
        address_verify_default_transport,
        address_verify_local_transport,
        address_verify_relay_transport,
        address_verify_relayhost,
        address_verify_sender_dependent_default_transport_maps,
        address_verify_sender_dependent_relayhost_maps,
        address_verify_transport_maps,
        address_verify_virtual_transport,
    }
}
