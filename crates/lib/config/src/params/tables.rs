// SPDX-License-Identifier: MIT OR Apache-2.0
//! Lookup tables.

use crate::table::parameters;

parameters! {
    /// How much memory the building of a hash or btree table may use for its cache.
    ///
    /// Posthorn builds these files with its own code, which sorts in memory; the value is accepted
    /// and has no effect.
    berkeley_db_create_buffer_size: Int = "16777216", at_least 1, since "2.0";
    /// How much memory the reading of a hash or btree table may use for its cache.
    ///
    /// Posthorn reads these files with its own code and leaves caching to the kernel; the value is
    /// accepted and has no effect.
    berkeley_db_read_buffer_size: Int = "131072", at_least 1, since "2.0";
    /// Whether a daemon gives up when it cannot open a table.
    ///
    /// With `no` it logs the problem once, goes on, and every request that needs the table fails
    /// for now, so that mail waits. `yes` ends the process, as versions before 2.9 did, and stops
    /// all mail that it serves.
    daemon_table_open_error_is_fatal: Flag = "no", since "2.9";
    /// The type of the caches that programs keep in tables, in the defaults of `address_verify_map`
    /// and `postscreen_cache_map`.
    default_cache_db_type: Text = "btree", at_least 1, since "3.11";
    /// The type of tables for which no type is given to postmap(1), postalias(1) or newaliases(1),
    /// and in many defaults.
    ///
    /// `postconf -m` lists the types that exist here. After a change build the tables again.
    default_database_type: Text = "hash", at_least 1;
    /// The size to which an lmdb table may grow at first.
    ///
    /// It is doubled whenever it turns out too small, so the value only saves work.
    lmdb_map_size: Size = "16777216", at_least 1, since "2.11";
    /// The replacement for a hash or btree table, by `type` or `type:name`, on systems that lost
    /// Berkeley DB.
    ///
    /// Elements have the form `hash=lmdb` or `hash:/etc/aliases=cdb:/etc/aliases`. Nothing here
    /// needs to be replaced: Posthorn reads and writes these types itself, so this
    /// matters only where somebody sets `non_bdb_migration_level`.
    non_bdb_custom_mapping: List = "", since "3.11";
    /// The directories below which missing replacement tables may be built with the rights of root.
    non_bdb_migration_allow_root_prefixes: List = "/etc /usr/local/etc", since "3.11";
    /// The directories below which missing replacement tables may be built with the rights of their
    /// owner.
    non_bdb_migration_allow_user_prefixes: List =
        "$data_directory /var/lib/mailman /var/lib/mailman3", since "3.11";
    /// How hash and btree tables are treated on a system that lost Berkeley DB.
    ///
    /// - `disable`: they are what they are.
    /// - `enable-redirect`: their names are redirected to another type.
    /// - `enable-reindex`: moreover the tables of the other type are built where they are missing.
    ///
    /// `postfix non-bdb` shows and changes it. Posthorn has these types always, so `disable` is
    /// right.
    non_bdb_migration_level: Text = "disable", at_least 1, since "3.11";
    /// Whether each redirection of a hash or btree table is logged.
    non_bdb_migration_log_redirect: Flag = "yes", since "3.11";
    /// The name in `master.cf` of the service that builds missing replacement tables.
    non_bdb_migration_service_name: Text = "nbdb_reindex", since "3.11";
    /// The features in which `example.com` also stands for its subdomains.
    ///
    /// In features that are not listed, subdomains are written `.example.com`. Elements are names
    /// of parameters; `smtpd_access_maps` stands for all access tables of smtpd(8). An empty value
    /// makes all of them ask for the dot.
    parent_domain_matches_subdomains: List =
        "debug_peer_list,fast_flush_domains,mynetworks,permit_mx_backup_networks,qmqpd_authorized_clients,relay_domains,smtpd_access_maps", since "1.0";
    /// The tables that proxymap(8) may open for other programs.
    ///
    /// Only elements that begin with `proxy:` count; the rest of what the named parameters contain
    /// is skipped. A table that no parameter in the default names must be added here, or the
    /// request for it is refused and logged. Write the default that `postconf -d` shows, followed
    /// by the new element. Since Postfix 3.12, and here, the default contains every parameter that
    /// may name a table.
    proxy_read_maps: List =
        "$local_recipient_maps $mydestination $virtual_alias_maps $virtual_alias_domains $virtual_mailbox_maps $virtual_mailbox_domains $relay_recipient_maps $relay_domains $canonical_maps $sender_canonical_maps $recipient_canonical_maps $relocated_maps $transport_maps $mynetworks $smtpd_sender_login_maps $sender_bcc_maps $recipient_bcc_maps $smtp_generic_maps $lmtp_generic_maps $alias_maps $smtpd_client_restrictions $smtpd_helo_restrictions $smtpd_sender_restrictions $smtpd_relay_restrictions $smtpd_recipient_restrictions $address_verify_sender_dependent_default_transport_maps $address_verify_sender_dependent_relayhost_maps $address_verify_transport_maps $fallback_transport_maps $lmtp_discard_lhlo_keyword_address_maps $lmtp_pix_workaround_maps $lmtp_sasl_password_maps $lmtp_tls_policy_maps $mailbox_command_maps $mailbox_transport_maps $postscreen_discard_ehlo_keyword_address_maps $rbl_reply_maps $sender_dependent_default_transport_maps $sender_dependent_relayhost_maps $smtp_discard_ehlo_keyword_address_maps $smtp_pix_workaround_maps $smtp_sasl_password_maps $smtp_tls_policy_maps $smtpd_discard_ehlo_keyword_address_maps $smtpd_milter_maps $virtual_gid_maps $virtual_uid_maps $local_login_sender_maps $postscreen_reject_footer_maps $smtpd_reject_footer_maps $tls_server_sni_maps $tlsproxy_client_policy_maps $default_delivery_status_filter $lmtp_delivery_status_filter $lmtp_dns_reply_filter $lmtp_reply_filter $local_delivery_status_filter $pipe_delivery_status_filter $postscreen_command_filter $smtp_delivery_status_filter $smtp_dns_reply_filter $smtp_reply_filter $smtpd_command_filter $smtpd_dns_reply_filter $virtual_delivery_status_filter $body_checks $header_checks $lmtp_body_checks $lmtp_header_checks $lmtp_mime_header_checks $lmtp_nested_header_checks $milter_header_checks $mime_header_checks $nested_header_checks $smtp_body_checks $smtp_header_checks $smtp_mime_header_checks $smtp_nested_header_checks $smtpd_reject_filter_maps $debug_peer_list $smtpd_etrn_restrictions $fast_flush_domains $authorized_flush_users $lmtp_connection_cache_destinations $local_header_rewrite_clients $masquerade_exceptions $postscreen_access_list $postscreen_allowlist_interfaces $postscreen_forbidden_commands $qmqpd_authorized_clients $authorized_mailq_users $smtp_connection_cache_destinations $smtpd_log_access_permit_actions $smtpd_forbidden_commands $smtpd_client_event_limit_exceptions $smtpd_sasl_exceptions_networks $smtpd_sasl_mechanism_filter $smtp_requiretls_policy $smtp_sasl_mechanism_filter $authorized_submit_users $smtpd_authorized_verp_clients $smtpd_authorized_xclient_hosts $smtpd_authorized_xforward_hosts $lmtp_tls_loglevel_maps $postscreen_tls_loglevel_maps $smtp_tls_loglevel_maps $smtpd_tls_loglevel_maps", since "2.0";
    /// The tables that the proxywrite service of proxymap(8) may change.
    ///
    /// They are caches. Put them below `data_directory`, where only `mail_owner` may write.
    proxy_write_maps: List =
        "$smtp_sasl_auth_cache_name $lmtp_sasl_auth_cache_name $address_verify_map $postscreen_cache_map", since "2.5";
    /// The longest query that is sent to a socketmap server, in bytes.
    ///
    /// A longer one gets a warning and the answer that nothing was found.
    socketmap_max_query_size: Int = "10000", at_least 1, since "3.12";
    /// The longest reply that a socketmap server may send, in bytes.
    ///
    /// A longer one is a temporary failure.
    socketmap_max_reply_size: Int = "100000", at_least 1, since "3.10";
}
