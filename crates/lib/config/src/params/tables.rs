// SPDX-License-Identifier: MIT OR Apache-2.0
//! Lookup tables.

use crate::table::parameters;

parameters! {
    /// Cache size when building hash/btree files.
    berkeley_db_create_buffer_size: Int = "16777216", at_least 1, since "2.0";
    /// Cache size when reading hash/btree files.
    berkeley_db_read_buffer_size: Int = "131072", at_least 1, since "2.0";
    /// `no`: daemons keep running with the table disabled and requests needing it fail
    /// temporarily; `yes`: fatal at open.
    daemon_table_open_error_is_fatal: Flag = "no", since "2.9";
    /// Table type used in defaults of `address_verify_map` and `postscreen_cache_map`.
    default_cache_db_type: Text = "btree", at_least 1, since "3.11";
    /// Type used by newaliases, postalias, postmap without explicit type and in many defaults.
    default_database_type: Text = "hash", at_least 1;
    /// Initial LMDB map size; doubled on full.
    lmdb_map_size: Size = "16777216", at_least 1, since "2.11";
    /// Table overriding the hash/btree replacement per type or type:name.
    non_bdb_custom_mapping: List = "", since "3.11";
    /// Path prefixes where `nbdb_reindexd` may run postmap/postalias as root.
    non_bdb_migration_allow_root_prefixes: List = "/etc /usr/local/etc", since "3.11";
    /// Path prefixes where `nbdb_reindexd` may run them as the file owner.
    non_bdb_migration_allow_user_prefixes: List =
        "$data_directory /var/lib/mailman /var/lib/mailman3", since "3.11";
    /// The level: disable, enable-redirect, enable-reindex; set it with `postfix non-bdb
    /// LEVEL`.
    non_bdb_migration_level: Text = "disable", at_least 1, since "3.11";
    /// Log each redirect of a Berkeley DB name.
    non_bdb_migration_log_redirect: Flag = "yes", since "3.11";
    /// Master.cf name of `nbdb_reindexd`.
    non_bdb_migration_service_name: Text = "nbdb_reindex", since "3.11";
    /// Features where `example.com` also matches subdomains.
    parent_domain_matches_subdomains: List =
        "debug_peer_list,fast_flush_domains,mynetworks,permit_mx_backup_networks,qmqpd_authorized_clients,relay_domains,smtpd_access_maps", since "1.0";
    /// Tables (proxy: references) that proxymap may open read-only; default expands a long list
    /// of table parameters.
    proxy_read_maps: List =
        "$local_recipient_maps $mydestination $virtual_alias_maps $virtual_alias_domains $virtual_mailbox_maps $virtual_mailbox_domains $relay_recipient_maps $relay_domains $canonical_maps $sender_canonical_maps $recipient_canonical_maps $relocated_maps $transport_maps $mynetworks $smtpd_sender_login_maps $sender_bcc_maps $recipient_bcc_maps $smtp_generic_maps $lmtp_generic_maps $alias_maps $smtpd_client_restrictions $smtpd_helo_restrictions $smtpd_sender_restrictions $smtpd_relay_restrictions $smtpd_recipient_restrictions $address_verify_sender_dependent_default_transport_maps $address_verify_sender_dependent_relayhost_maps $address_verify_transport_maps $fallback_transport_maps $lmtp_discard_lhlo_keyword_address_maps $lmtp_pix_workaround_maps $lmtp_sasl_password_maps $lmtp_tls_policy_maps $mailbox_command_maps $mailbox_transport_maps $postscreen_discard_ehlo_keyword_address_maps $rbl_reply_maps $sender_dependent_default_transport_maps $sender_dependent_relayhost_maps $smtp_discard_ehlo_keyword_address_maps $smtp_pix_workaround_maps $smtp_sasl_password_maps $smtp_tls_policy_maps $smtpd_discard_ehlo_keyword_address_maps $smtpd_milter_maps $virtual_gid_maps $virtual_uid_maps $local_login_sender_maps $postscreen_reject_footer_maps $smtpd_reject_footer_maps $tls_server_sni_maps $tlsproxy_client_policy_maps $default_delivery_status_filter $lmtp_delivery_status_filter $lmtp_dns_reply_filter $lmtp_reply_filter $local_delivery_status_filter $pipe_delivery_status_filter $postscreen_command_filter $smtp_delivery_status_filter $smtp_dns_reply_filter $smtp_reply_filter $smtpd_command_filter $smtpd_dns_reply_filter $virtual_delivery_status_filter $body_checks $header_checks $lmtp_body_checks $lmtp_header_checks $lmtp_mime_header_checks $lmtp_nested_header_checks $milter_header_checks $mime_header_checks $nested_header_checks $smtp_body_checks $smtp_header_checks $smtp_mime_header_checks $smtp_nested_header_checks $smtpd_reject_filter_maps $debug_peer_list $smtpd_etrn_restrictions $fast_flush_domains $authorized_flush_users $lmtp_connection_cache_destinations $local_header_rewrite_clients $masquerade_exceptions $postscreen_access_list $postscreen_allowlist_interfaces $postscreen_forbidden_commands $qmqpd_authorized_clients $authorized_mailq_users $smtp_connection_cache_destinations $smtpd_log_access_permit_actions $smtpd_forbidden_commands $smtpd_client_event_limit_exceptions $smtpd_sasl_exceptions_networks $smtpd_sasl_mechanism_filter $smtp_requiretls_policy $smtp_sasl_mechanism_filter $authorized_submit_users $smtpd_authorized_verp_clients $smtpd_authorized_xclient_hosts $smtpd_authorized_xforward_hosts $lmtp_tls_loglevel_maps $postscreen_tls_loglevel_maps $smtp_tls_loglevel_maps $smtpd_tls_loglevel_maps", since "2.0";
    /// Tables that proxywrite may change.
    proxy_write_maps: List =
        "$smtp_sasl_auth_cache_name $lmtp_sasl_auth_cache_name $address_verify_map $postscreen_cache_map", since "2.5";
    /// Longer queries: warning and not found.
    socketmap_max_query_size: Int = "10000", at_least 1, since "3.12";
    /// Longest reply.
    socketmap_max_reply_size: Int = "100000", at_least 1, since "3.10";
}
