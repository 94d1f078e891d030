// SPDX-License-Identifier: MIT OR Apache-2.0
//! What smtpd reads from main.cf.

config::select! {
    /// The selection.
    pub(crate) struct Params {
        /// Names of this system.
        myhostname,
        mail_name,

        /// Other services.
        cleanup_service_name,
        rewrite_service_name,
        flush_service_name,
        ipc_timeout,
        ipc_idle,
        ipc_ttl,
        command_directory,

        /// The session.
        smtpd_banner,
        smtpd_timeout,
        smtpd_per_request_deadline,
        smtpd_min_data_rate,
        smtpd_error_sleep_time,
        smtpd_soft_error_limit,
        smtpd_hard_error_limit,
        smtpd_junk_command_limit,
        smtpd_peername_lookup,
        smtpd_client_port_logging,
        smtpd_helo_required,
        smtpd_delay_reject,
        smtpd_command_filter,
        smtpd_noop_commands,
        smtpd_forbidden_commands,
        smtpd_forbid_unauth_pipelining,
        smtpd_forbid_bare_newline,
        smtpd_forbid_bare_newline_exclusions,
        smtpd_forbid_bare_newline_reject_code,
        smtpd_discard_ehlo_keywords,
        smtpd_discard_ehlo_keyword_address_maps,
        disable_vrfy_command,
        line_length_limit,
        soft_bounce,

        /// The message.
        message_size_limit,
        queue_minfree,
        smtpd_recipient_limit,
        smtpd_recipient_overshoot_limit,
        smtpd_delay_open_until_valid_rcpt,
        header_address_token_limit,
        strict_rfc821_envelopes,
        strict_smtputf8,
        smtputf8_enable,
        smtputf8_autodetect_classes,
        receive_override_options,
        content_filter,
        local_header_rewrite_clients,
        smtpd_hide_client_session,

        /// Who may do more.
        mynetworks,
        inet_interfaces,
        inet_protocols,
        proxy_interfaces,
        smtpd_authorized_xclient_hosts,
        smtpd_authorized_xforward_hosts,
        smtpd_authorized_verp_clients,
        default_verp_delimiters,
        verp_delimiter_filter,

        /// Access restrictions.
        smtpd_restriction_classes,
        smtpd_client_restrictions,
        smtpd_helo_restrictions,
        smtpd_sender_restrictions,
        smtpd_relay_restrictions,
        smtpd_recipient_restrictions,
        smtpd_etrn_restrictions,
        smtpd_data_restrictions,
        smtpd_end_of_data_restrictions,
        smtpd_relay_before_recipient_restrictions,
        smtpd_reject_unlisted_sender,
        smtpd_reject_unlisted_recipient,
        smtpd_null_access_lookup_key,
        parent_domain_matches_subdomains,
        recipient_delimiter,
        allow_untrusted_routing,
        double_bounce_sender,
        show_user_unknown_table_name,

        /// Policy servers.
        smtpd_policy_service_default_action,
        smtpd_policy_service_max_idle,
        smtpd_policy_service_max_ttl,
        smtpd_policy_service_policy_context,
        smtpd_policy_service_request_limit,
        smtpd_policy_service_retry_delay,
        smtpd_policy_service_timeout,
        smtpd_policy_service_try_limit,
        stress,
        compatibility_level,
        mail_version,

        smtpd_log_access_permit_actions,

        /// DNS lists.
        default_rbl_reply,
        maps_rbl_reject_code,
        rbl_reply_maps,
        smtpd_expansion_filter,

        /// The reply codes of restrictions.
        access_map_defer_code,
        access_map_reject_code,
        defer_code,
        reject_code,
        relay_domains_reject_code,
        invalid_hostname_reject_code,
        non_fqdn_reject_code,
        unknown_address_reject_code,
        unknown_client_reject_code,
        unknown_hostname_reject_code,
        unknown_local_recipient_reject_code,
        unknown_relay_recipient_reject_code,
        unknown_virtual_alias_reject_code,
        unknown_virtual_mailbox_reject_code,
        multi_recipient_bounce_reject_code,
        plaintext_reject_code,

        /// Tables of valid addresses.
        local_recipient_maps,
        relay_recipient_maps,
        virtual_mailbox_maps,
        virtual_alias_maps,
        canonical_maps,
        sender_canonical_maps,
        recipient_canonical_maps,
        myorigin,
        mydestination,

        /// How tables are opened.
        tables: maps::Params,

        /// Encryption.
        tls: tls::ServerParams,
        smtpd_starttls_timeout,
        smtpd_tls_received_header,
        smtpd_tls_auth_only,
        relay_clientcerts,

        /// Logins.
        smtpd_sasl_auth_enable,
        smtpd_sasl_type,
        smtpd_sasl_path,
        smtpd_sasl_service,
        smtpd_sasl_local_domain,
        cyrus_sasl_config_path,
        smtpd_sasl_security_options,
        smtpd_sasl_tls_security_options,
        smtpd_sasl_mechanism_filter,
        smtpd_sasl_exceptions_networks,
        smtpd_sasl_response_limit,
        smtpd_sasl_authenticated_header,
        broken_sasl_auth_clients,
        smtpd_sender_login_maps,
    }
}
