// SPDX-License-Identifier: MIT OR Apache-2.0
//! The parameter table.

use crate::table::{Spec, parameters};

parameters! {
    /// Parameter `2bounce_notice_recipient`.
    two_bounce_notice_recipient: Text = "postmaster", named "2bounce_notice_recipient", at_least 1;
    /// Parameter `access_map_defer_code`.
    access_map_defer_code: Int = "450";
    /// Parameter `access_map_reject_code`.
    access_map_reject_code: Int = "554";
    /// Parameter `address_verify_cache_cleanup_interval`.
    address_verify_cache_cleanup_interval: Time = "12h";
    /// Parameter `address_verify_default_transport`.
    address_verify_default_transport: Text = "$default_transport", at_least 1;
    /// Parameter `address_verify_local_transport`.
    address_verify_local_transport: Text = "$local_transport", at_least 1;
    /// Parameter `address_verify_map`.
    address_verify_map: Text = "$default_cache_db_type:$data_directory/verify_cache";
    /// Parameter `address_verify_negative_cache`.
    address_verify_negative_cache: Flag = "yes";
    /// Parameter `address_verify_negative_expire_time`.
    address_verify_negative_expire_time: Time = "3d", at_least 1;
    /// Parameter `address_verify_negative_refresh_time`.
    address_verify_negative_refresh_time: Time = "3h", at_least 1;
    /// Parameter `address_verify_pending_request_limit`.
    address_verify_pending_request_limit: Int = "5000", at_least 1;
    /// Parameter `address_verify_poll_count`.
    address_verify_poll_count: Int = "${stress?{1}:{3}}", at_least 1;
    /// Parameter `address_verify_poll_delay`.
    address_verify_poll_delay: Time = "3s", at_least 1;
    /// Parameter `address_verify_positive_expire_time`.
    address_verify_positive_expire_time: Time = "31d", at_least 1;
    /// Parameter `address_verify_positive_refresh_time`.
    address_verify_positive_refresh_time: Time = "7d", at_least 1;
    /// Parameter `address_verify_relay_transport`.
    address_verify_relay_transport: Text = "$relay_transport", at_least 1;
    /// Parameter `address_verify_relayhost`.
    address_verify_relayhost: Text = "$relayhost";
    /// Parameter `address_verify_sender`.
    address_verify_sender: Text = "$double_bounce_sender";
    /// Parameter `address_verify_sender_dependent_default_transport_maps`.
    address_verify_sender_dependent_default_transport_maps: Text = "$sender_dependent_default_transport_maps";
    /// Parameter `address_verify_sender_dependent_relayhost_maps`.
    address_verify_sender_dependent_relayhost_maps: Text = "$sender_dependent_relayhost_maps";
    /// Parameter `address_verify_sender_ttl`.
    address_verify_sender_ttl: Time = "0s";
    /// Parameter `address_verify_service_name`.
    address_verify_service_name: Text = "verify", at_least 1;
    /// Parameter `address_verify_transport_maps`.
    address_verify_transport_maps: Text = "$transport_maps";
    /// Parameter `address_verify_virtual_transport`.
    address_verify_virtual_transport: Text = "$virtual_transport", at_least 1;
    /// Parameter `alias_database`.
    alias_database: Text = "$default_database_type:/etc/aliases";
    /// Parameter `alias_maps`.
    alias_maps: Text = "$default_database_type:/etc/aliases, nis:mail.aliases";
    /// Parameter `allow_mail_to_commands`.
    allow_mail_to_commands: Text = "alias, forward";
    /// Parameter `allow_mail_to_files`.
    allow_mail_to_files: Text = "alias, forward";
    /// Parameter `allow_min_user`.
    allow_min_user: Flag = "no";
    /// Parameter `allow_percent_hack`.
    allow_percent_hack: Flag = "yes";
    /// Parameter `allow_srv_lookup_fallback`.
    allow_srv_lookup_fallback: Flag = "no";
    /// Parameter `allow_untrusted_routing`.
    allow_untrusted_routing: Flag = "no";
    /// Parameter `alternate_config_directories`.
    alternate_config_directories: Text = "";
    /// Parameter `always_add_missing_headers`.
    always_add_missing_headers: Flag = "no";
    /// Parameter `always_bcc`.
    always_bcc: Text = "";
    /// Parameter `anvil_rate_time_unit`.
    anvil_rate_time_unit: Time = "60s", at_least 1;
    /// Parameter `anvil_status_update_time`.
    anvil_status_update_time: Time = "600s", at_least 1;
    /// Parameter `append_at_myorigin`.
    append_at_myorigin: Flag = "yes";
    /// Parameter `append_dot_mydomain`.
    append_dot_mydomain: Flag = "${{$compatibility_level} <level {1} ? {yes} : {no}}";
    /// Parameter `application_event_drain_time`.
    application_event_drain_time: Time = "100s", at_least 1;
    /// Parameter `authorized_flush_users`.
    authorized_flush_users: Text = "static:anyone";
    /// Parameter `authorized_mailq_users`.
    authorized_mailq_users: Text = "static:anyone";
    /// Parameter `authorized_submit_users`.
    authorized_submit_users: Text = "static:anyone";
    /// Parameter `authorized_verp_clients`.
    authorized_verp_clients: Text = "$mynetworks";
    /// Parameter `backwards_bounce_logfile_compatibility`.
    backwards_bounce_logfile_compatibility: Flag = "yes";
    /// Parameter `berkeley_db_create_buffer_size`.
    berkeley_db_create_buffer_size: Int = "16777216", at_least 1;
    /// Parameter `berkeley_db_read_buffer_size`.
    berkeley_db_read_buffer_size: Int = "131072", at_least 1;
    /// Parameter `best_mx_transport`.
    best_mx_transport: Text = "";
    /// Parameter `biff`.
    biff: Flag = "yes";
    /// Parameter `body_checks`.
    body_checks: Text = "";
    /// Parameter `body_checks_size_limit`.
    body_checks_size_limit: Int = "51200";
    /// Parameter `bounce_notice_recipient`.
    bounce_notice_recipient: Text = "postmaster", at_least 1;
    /// Parameter `bounce_queue_lifetime`.
    bounce_queue_lifetime: Time = "5d", at_least 0, at_most 8640000;
    /// Parameter `bounce_service_name`.
    bounce_service_name: Text = "bounce", at_least 1;
    /// Parameter `bounce_size_limit`.
    bounce_size_limit: Int = "50000", at_least 1;
    /// Parameter `bounce_template_file`.
    bounce_template_file: Text = "";
    /// Parameter `broken_sasl_auth_clients`.
    broken_sasl_auth_clients: Flag = "no";
    /// Parameter `canonical_classes`.
    canonical_classes: Text = "envelope_sender, envelope_recipient, header_sender, header_recipient", at_least 1;
    /// Parameter `canonical_maps`.
    canonical_maps: Text = "";
    /// Parameter `cleanup_replace_stray_cr_lf`.
    cleanup_replace_stray_cr_lf: Flag = "yes";
    /// Parameter `cleanup_service_name`.
    cleanup_service_name: Text = "cleanup", at_least 1;
    /// Parameter `command_directory`.
    command_directory: Path = "/usr/sbin", at_least 1;
    /// Parameter `command_execution_directory`.
    command_execution_directory: Raw = "";
    /// Parameter `command_expansion_filter`.
    command_expansion_filter: Text = "1234567890!@%-_=+:,./abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", at_least 1;
    /// Parameter `command_time_limit`.
    command_time_limit: Time = "1000s", at_least 1;
    /// Parameter `compatibility_level`.
    compatibility_level: Text = "0";
    /// Parameter `config_directory`.
    config_directory: Path = "/etc/postfix";
    /// Parameter `confirm_delay_cleared`.
    confirm_delay_cleared: Flag = "no";
    /// Parameter `connection_cache_protocol_timeout`.
    connection_cache_protocol_timeout: Time = "5s", at_least 1;
    /// Parameter `connection_cache_service_name`.
    connection_cache_service_name: Text = "scache", at_least 1;
    /// Parameter `connection_cache_status_update_time`.
    connection_cache_status_update_time: Time = "600s", at_least 1;
    /// Parameter `connection_cache_ttl_limit`.
    connection_cache_ttl_limit: Time = "2s", at_least 1;
    /// Parameter `content_filter`.
    content_filter: Text = "";
    /// Parameter `cyrus_sasl_config_path`.
    cyrus_sasl_config_path: Text = "";
    /// Parameter `daemon_directory`.
    daemon_directory: Path = "/usr/libexec/postfix", at_least 1;
    /// Parameter `daemon_table_open_error_is_fatal`.
    daemon_table_open_error_is_fatal: Flag = "no";
    /// Parameter `daemon_timeout`.
    daemon_timeout: Time = "18000s", at_least 1;
    /// Parameter `data_directory`.
    data_directory: Path = "/var/lib/postfix", at_least 1;
    /// Parameter `debug_peer_level`.
    debug_peer_level: Int = "2", at_least 1;
    /// Parameter `debug_peer_list`.
    debug_peer_list: Text = "";
    /// Parameter `debugger_command`.
    debugger_command: Text = "";
    /// Parameter `default_cache_db_type`.
    default_cache_db_type: Text = "btree", at_least 1;
    /// Parameter `default_database_type`.
    default_database_type: Text = "hash", at_least 1;
    /// Parameter `default_delivery_slot_cost`.
    default_delivery_slot_cost: Int = "5";
    /// Parameter `default_delivery_slot_discount`.
    default_delivery_slot_discount: Int = "50", at_least 0, at_most 100;
    /// Parameter `default_delivery_slot_loan`.
    default_delivery_slot_loan: Int = "3";
    /// Parameter `default_delivery_status_filter`.
    default_delivery_status_filter: Text = "";
    /// Parameter `default_destination_concurrency_failed_cohort_limit`.
    default_destination_concurrency_failed_cohort_limit: Int = "1";
    /// Parameter `default_destination_concurrency_limit`.
    default_destination_concurrency_limit: Int = "20";
    /// Parameter `default_destination_concurrency_negative_feedback`.
    default_destination_concurrency_negative_feedback: Text = "1", at_least 1;
    /// Parameter `default_destination_concurrency_positive_feedback`.
    default_destination_concurrency_positive_feedback: Text = "1", at_least 1;
    /// Parameter `default_destination_rate_delay`.
    default_destination_rate_delay: Time = "0s";
    /// Parameter `default_destination_recipient_limit`.
    default_destination_recipient_limit: Int = "50";
    /// Parameter `default_extra_recipient_limit`.
    default_extra_recipient_limit: Int = "1000";
    /// Parameter `default_filter_nexthop`.
    default_filter_nexthop: Text = "";
    /// Parameter `default_minimum_delivery_slots`.
    default_minimum_delivery_slots: Int = "3";
    /// Parameter `default_privs`.
    default_privs: Text = "nobody", at_least 1;
    /// Parameter `default_process_limit`.
    default_process_limit: Int = "100", at_least 1;
    /// Parameter `default_rbl_reply`.
    default_rbl_reply: Raw = "$rbl_code Service unavailable; $rbl_class [$rbl_what] blocked using $rbl_domain${rbl_reason?; $rbl_reason}", at_least 1;
    /// Parameter `default_recipient_limit`.
    default_recipient_limit: Int = "20000";
    /// Parameter `default_recipient_refill_delay`.
    default_recipient_refill_delay: Time = "5s", at_least 1;
    /// Parameter `default_recipient_refill_limit`.
    default_recipient_refill_limit: Int = "100", at_least 1;
    /// Parameter `default_transport`.
    default_transport: Text = "smtp", at_least 1;
    /// Parameter `default_transport_rate_delay`.
    default_transport_rate_delay: Time = "0s";
    /// Parameter `default_verp_delimiters`.
    default_verp_delimiters: Text = "+=";
    /// Parameter `defer_code`.
    defer_code: Int = "450";
    /// Parameter `defer_service_name`.
    defer_service_name: Text = "defer", at_least 1;
    /// Parameter `defer_transports`.
    defer_transports: Text = "";
    /// Parameter `delay_logging_resolution_limit`.
    delay_logging_resolution_limit: Int = "2", at_least 0, at_most 6;
    /// Parameter `delay_notice_recipient`.
    delay_notice_recipient: Text = "postmaster", at_least 1;
    /// Parameter `delay_warning_time`.
    delay_warning_time: Time = "0h";
    /// Parameter `deliver_lock_attempts`.
    deliver_lock_attempts: Int = "20", at_least 1;
    /// Parameter `deliver_lock_delay`.
    deliver_lock_delay: Time = "1s", at_least 1;
    /// Parameter `destination_concurrency_feedback_debug`.
    destination_concurrency_feedback_debug: Flag = "no";
    /// Parameter `detect_8bit_encoding_header`.
    detect_8bit_encoding_header: Flag = "yes";
    /// Parameter `disable_dns_lookups`.
    disable_dns_lookups: Flag = "no";
    /// Parameter `disable_mime_input_processing`.
    disable_mime_input_processing: Flag = "no";
    /// Parameter `disable_mime_output_conversion`.
    disable_mime_output_conversion: Flag = "no";
    /// Parameter `disable_verp_bounces`.
    disable_verp_bounces: Flag = "no";
    /// Parameter `disable_vrfy_command`.
    disable_vrfy_command: Flag = "no";
    /// Parameter `dns_ncache_ttl_fix_enable`.
    dns_ncache_ttl_fix_enable: Flag = "no";
    /// Parameter `dnsblog_reply_delay`.
    dnsblog_reply_delay: Time = "0s";
    /// Parameter `dnsblog_service_name`.
    dnsblog_service_name: Text = "dnsblog", at_least 1;
    /// Parameter `dnssec_probe`.
    dnssec_probe: Text = "ns:.";
    /// Parameter `dont_remove`.
    dont_remove: Int = "0";
    /// Parameter `double_bounce_sender`.
    double_bounce_sender: Text = "double-bounce", at_least 1;
    /// Parameter `duplicate_filter_limit`.
    duplicate_filter_limit: Int = "1000";
    /// Parameter `empty_address_default_transport_maps_lookup_key`.
    empty_address_default_transport_maps_lookup_key: Text = "<>", at_least 1;
    /// Parameter `empty_address_local_login_sender_maps_lookup_key`.
    empty_address_local_login_sender_maps_lookup_key: Text = "<>";
    /// Parameter `empty_address_recipient`.
    empty_address_recipient: Text = "MAILER-DAEMON", at_least 1;
    /// Parameter `empty_address_relayhost_maps_lookup_key`.
    empty_address_relayhost_maps_lookup_key: Text = "<>", at_least 1;
    /// Parameter `enable_idna2003_compatibility`.
    enable_idna2003_compatibility: Flag = "no";
    /// Parameter `enable_long_queue_ids`.
    enable_long_queue_ids: Flag = "no";
    /// Parameter `enable_original_recipient`.
    enable_original_recipient: Flag = "yes";
    /// Parameter `enable_threaded_bounces`.
    enable_threaded_bounces: Flag = "no";
    /// Parameter `error_notice_recipient`.
    error_notice_recipient: Text = "postmaster", at_least 1;
    /// Parameter `error_service_name`.
    error_service_name: Text = "error", at_least 1;
    /// Parameter `execution_directory_expansion_filter`.
    execution_directory_expansion_filter: Text = "1234567890!@%-_=+:,./abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", at_least 1;
    /// Parameter `expand_owner_alias`.
    expand_owner_alias: Flag = "no";
    /// Parameter `export_environment`.
    export_environment: Text = "TZ MAIL_CONFIG LANG";
    /// Parameter `fallback_relay`.
    fallback_relay: Text = "";
    /// Parameter `fallback_transport`.
    fallback_transport: Text = "";
    /// Parameter `fallback_transport_maps`.
    fallback_transport_maps: Text = "";
    /// Parameter `fast_flush_domains`.
    fast_flush_domains: Text = "$relay_domains";
    /// Parameter `fast_flush_purge_time`.
    fast_flush_purge_time: Time = "7d", at_least 1;
    /// Parameter `fast_flush_refresh_time`.
    fast_flush_refresh_time: Time = "12h", at_least 1;
    /// Parameter `fault_injection_code`.
    fault_injection_code: Int = "0";
    /// Parameter `flush_service_name`.
    flush_service_name: Text = "flush", at_least 1;
    /// Parameter `force_mime_input_conversion`.
    force_mime_input_conversion: Flag = "no";
    /// Parameter `fork_attempts`.
    fork_attempts: Int = "5", at_least 1;
    /// Parameter `fork_delay`.
    fork_delay: Time = "1s", at_least 1;
    /// Parameter `forward_expansion_filter`.
    forward_expansion_filter: Text = "1234567890!@%-_=+:,./abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", at_least 1;
    /// Parameter `forward_path`.
    forward_path: Raw = "$home/.forward${recipient_delimiter}${extension}, $home/.forward";
    /// Parameter `frozen_delivered_to`.
    frozen_delivered_to: Flag = "yes";
    /// Parameter `full_name_encoding_charset`.
    full_name_encoding_charset: Text = "utf-8", at_least 1;
    /// Parameter `hash_queue_depth`.
    hash_queue_depth: Int = "1", at_least 1;
    /// Parameter `hash_queue_names`.
    hash_queue_names: Text = "deferred, defer", at_least 1;
    /// Parameter `header_address_token_limit`.
    header_address_token_limit: Int = "10240", at_least 1;
    /// Parameter `header_checks`.
    header_checks: Text = "";
    /// Parameter `header_from_format`.
    header_from_format: Text = "standard", at_least 1;
    /// Parameter `header_size_limit`.
    header_size_limit: Int = "102400", at_least 1;
    /// Parameter `helpful_warnings`.
    helpful_warnings: Flag = "yes";
    /// Parameter `home_mailbox`.
    home_mailbox: Text = "";
    /// Parameter `hopcount_limit`.
    hopcount_limit: Int = "50", at_least 1;
    /// Parameter `html_directory`.
    html_directory: Text = "no", at_least 1;
    /// Parameter `ignore_mx_lookup_error`.
    ignore_mx_lookup_error: Flag = "no";
    /// Parameter `ignore_srv_lookup_error`.
    ignore_srv_lookup_error: Flag = "no";
    /// Parameter `import_environment`.
    import_environment: Text = "MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ XAUTHORITY DISPLAY LANG=C POSTLOG_SERVICE POSTLOG_HOSTNAME XDG_RUNTIME_DIR";
    /// Parameter `in_flow_delay`.
    in_flow_delay: Time = "1s", at_least 0, at_most 10;
    /// Parameter `inet_interfaces`.
    inet_interfaces: Text = "all";
    /// Parameter `inet_protocols`.
    inet_protocols: Text = "all";
    /// Parameter `info_log_address_format`.
    info_log_address_format: Text = "external", at_least 1;
    /// Parameter `initial_destination_concurrency`.
    initial_destination_concurrency: Int = "5", at_least 1;
    /// Parameter `internal_mail_filter_classes`.
    internal_mail_filter_classes: Text = "";
    /// Parameter `invalid_hostname_reject_code`.
    invalid_hostname_reject_code: Int = "501";
    /// Parameter `ipc_idle`.
    ipc_idle: Time = "5s", at_least 1;
    /// Parameter `ipc_timeout`.
    ipc_timeout: Time = "3600s", at_least 1;
    /// Parameter `ipc_ttl`.
    ipc_ttl: Time = "1000s", at_least 1;
    /// Parameter `known_tcp_ports`.
    known_tcp_ports: Text = "lmtp=24, smtp=25, smtps=submissions=465, submission=587";
    /// Parameter `line_length_limit`.
    line_length_limit: Int = "2048", at_least 512;
    /// Parameter `lmdb_map_size`.
    lmdb_map_size: Size = "16777216", at_least 1;
    /// Parameter `lmtp_assume_final`.
    lmtp_assume_final: Flag = "no";
    /// Parameter `local_command_shell`.
    local_command_shell: Text = "";
    /// Parameter `local_delivery_status_filter`.
    local_delivery_status_filter: Text = "$default_delivery_status_filter";
    /// Parameter `local_destination_concurrency_limit`.
    local_destination_concurrency_limit: Int = "2";
    /// Parameter `local_destination_recipient_limit`.
    local_destination_recipient_limit: Int = "1";
    /// Parameter `local_header_rewrite_clients`.
    local_header_rewrite_clients: Text = "permit_inet_interfaces";
    /// Parameter `local_login_sender_maps`.
    local_login_sender_maps: Text = "static:*";
    /// Parameter `local_recipient_maps`.
    local_recipient_maps: Text = "proxy:unix:passwd.byname $alias_maps";
    /// Parameter `local_transport`.
    local_transport: Text = "local:$myhostname", at_least 1;
    /// Parameter `luser_relay`.
    luser_relay: Raw = "";
    /// Parameter `mail_name`.
    mail_name: Text = "Postfix", at_least 1;
    /// Parameter `mail_owner`.
    mail_owner: Text = "postfix", at_least 1;
    /// Parameter `mail_release_date`.
    mail_release_date: Text = "20260821";
    /// Parameter `mail_spool_directory`.
    mail_spool_directory: Text = "/var/mail";
    /// Parameter `mail_version`.
    mail_version: Text = "3.12-20260821";
    /// Parameter `mailbox_command`.
    mailbox_command: Raw = "";
    /// Parameter `mailbox_command_maps`.
    mailbox_command_maps: Text = "";
    /// Parameter `mailbox_delivery_lock`.
    mailbox_delivery_lock: Text = "fcntl, dotlock", at_least 1;
    /// Parameter `mailbox_size_limit`.
    mailbox_size_limit: Size = "51200000";
    /// Parameter `mailbox_transport`.
    mailbox_transport: Text = "";
    /// Parameter `mailbox_transport_maps`.
    mailbox_transport_maps: Text = "";
    /// Parameter `maillog_file`.
    maillog_file: Text = "";
    /// Parameter `maillog_file_compressor`.
    maillog_file_compressor: Text = "gzip", at_least 1;
    /// Parameter `maillog_file_permissions`.
    maillog_file_permissions: Text = "0600", at_least 1;
    /// Parameter `maillog_file_prefixes`.
    maillog_file_prefixes: Text = "/var, /dev/stdout", at_least 1;
    /// Parameter `maillog_file_rotate_suffix`.
    maillog_file_rotate_suffix: Text = "%Y%m%d-%H%M%S", at_least 1;
    /// Parameter `mailq_path`.
    mailq_path: Text = "/usr/bin/mailq", at_least 1;
    /// Parameter `manpage_directory`.
    manpage_directory: Text = "/usr/local/man", at_least 1;
    /// Parameter `maps_rbl_domains`.
    maps_rbl_domains: Text = "";
    /// Parameter `maps_rbl_reject_code`.
    maps_rbl_reject_code: Int = "554";
    /// Parameter `masquerade_classes`.
    masquerade_classes: Text = "envelope_sender, header_sender, header_recipient";
    /// Parameter `masquerade_domains`.
    masquerade_domains: Text = "";
    /// Parameter `masquerade_exceptions`.
    masquerade_exceptions: Text = "";
    /// Parameter `master_service_disable`.
    master_service_disable: Text = "";
    /// Parameter `max_idle`.
    max_idle: Time = "100s", at_least 1;
    /// Parameter `max_use`.
    max_use: Int = "100", at_least 1;
    /// Parameter `maximal_backoff_time`.
    maximal_backoff_time: Time = "4000s", at_least 1;
    /// Parameter `maximal_queue_lifetime`.
    maximal_queue_lifetime: Time = "5d", at_least 0, at_most 8640000;
    /// Parameter `message_drop_headers`.
    message_drop_headers: Text = "bcc, content-length, resent-bcc, return-path";
    /// Parameter `message_reject_characters`.
    message_reject_characters: Text = "";
    /// Parameter `message_size_limit`.
    message_size_limit: Size = "10240000";
    /// Parameter `message_strip_characters`.
    message_strip_characters: Text = "";
    /// Parameter `meta_directory`.
    meta_directory: Path = "/etc/postfix", at_least 1;
    /// Parameter `milter_command_timeout`.
    milter_command_timeout: Time = "30s", at_least 1;
    /// Parameter `milter_connect_macros`.
    milter_connect_macros: Text = "j {daemon_name} {daemon_addr} v _";
    /// Parameter `milter_connect_timeout`.
    milter_connect_timeout: Time = "30s", at_least 1;
    /// Parameter `milter_content_timeout`.
    milter_content_timeout: Time = "300s", at_least 1;
    /// Parameter `milter_data_macros`.
    milter_data_macros: Text = "i";
    /// Parameter `milter_default_action`.
    milter_default_action: Text = "shutdown", at_least 1;
    /// Parameter `milter_end_of_data_macros`.
    milter_end_of_data_macros: Text = "i";
    /// Parameter `milter_end_of_header_macros`.
    milter_end_of_header_macros: Text = "i";
    /// Parameter `milter_header_checks`.
    milter_header_checks: Text = "";
    /// Parameter `milter_helo_macros`.
    milter_helo_macros: Text = "{tls_version} {cipher} {cipher_bits} {cert_subject} {cert_issuer}";
    /// Parameter `milter_macro_daemon_name`.
    milter_macro_daemon_name: Text = "$myhostname", at_least 1;
    /// Parameter `milter_macro_defaults`.
    milter_macro_defaults: Text = "";
    /// Parameter `milter_macro_v`.
    milter_macro_v: Text = "$mail_name $mail_version", at_least 1;
    /// Parameter `milter_mail_macros`.
    milter_mail_macros: Text = "i {auth_type} {auth_authen} {auth_author} {mail_addr} {mail_host} {mail_mailer}";
    /// Parameter `milter_protocol`.
    milter_protocol: Text = "6", at_least 1;
    /// Parameter `milter_rcpt_macros`.
    milter_rcpt_macros: Text = "i {rcpt_addr} {rcpt_host} {rcpt_mailer}";
    /// Parameter `milter_unknown_command_macros`.
    milter_unknown_command_macros: Text = "";
    /// Parameter `mime_boundary_length_limit`.
    mime_boundary_length_limit: Int = "2048", at_least 1;
    /// Parameter `mime_header_checks`.
    mime_header_checks: Text = "$header_checks";
    /// Parameter `mime_nesting_limit`.
    mime_nesting_limit: Int = "100", at_least 1;
    /// Parameter `minimal_backoff_time`.
    minimal_backoff_time: Time = "300s", at_least 1;
    /// Parameter `multi_instance_directories`.
    multi_instance_directories: Text = "";
    /// Parameter `multi_instance_enable`.
    multi_instance_enable: Flag = "no";
    /// Parameter `multi_instance_group`.
    multi_instance_group: Text = "";
    /// Parameter `multi_instance_name`.
    multi_instance_name: Text = "";
    /// Parameter `multi_instance_wrapper`.
    multi_instance_wrapper: Text = "";
    /// Parameter `multi_recipient_bounce_reject_code`.
    multi_recipient_bounce_reject_code: Int = "550";
    /// Parameter `mydestination`.
    mydestination: Text = "$myhostname, localhost.$mydomain, localhost";
    /// Parameter `mydomain`.
    mydomain: Text = "localdomain";
    /// Parameter `myhostname`.
    myhostname: Text = "vm.localdomain";
    /// Parameter `mynetworks`.
    mynetworks: Text = "127.0.0.0/8 192.0.2.0/24 [::1]/128 [fd00::]/64 [fe80::]/64";
    /// Parameter `mynetworks_style`.
    mynetworks_style: Text = "${{$compatibility_level} <level {2} ? {subnet} : {host}}", at_least 1;
    /// Parameter `myorigin`.
    myorigin: Text = "$myhostname", at_least 1;
    /// Parameter `nested_header_checks`.
    nested_header_checks: Text = "$header_checks";
    /// Parameter `newaliases_path`.
    newaliases_path: Text = "/usr/bin/newaliases", at_least 1;
    /// Parameter `non_bdb_custom_mapping`.
    non_bdb_custom_mapping: Text = "";
    /// Parameter `non_bdb_migration_allow_root_prefixes`.
    non_bdb_migration_allow_root_prefixes: Text = "/etc /usr/local/etc";
    /// Parameter `non_bdb_migration_allow_user_prefixes`.
    non_bdb_migration_allow_user_prefixes: Text = "$data_directory /var/lib/mailman /var/lib/mailman3";
    /// Parameter `non_bdb_migration_level`.
    non_bdb_migration_level: Text = "disable", at_least 1;
    /// Parameter `non_bdb_migration_log_redirect`.
    non_bdb_migration_log_redirect: Flag = "yes";
    /// Parameter `non_bdb_migration_service_name`.
    non_bdb_migration_service_name: Text = "nbdb_reindex";
    /// Parameter `non_empty_end_of_header_action`.
    non_empty_end_of_header_action: Text = "fix_quietly", at_least 1;
    /// Parameter `non_fqdn_reject_code`.
    non_fqdn_reject_code: Int = "504";
    /// Parameter `non_smtpd_milters`.
    non_smtpd_milters: Text = "";
    /// Parameter `notify_classes`.
    notify_classes: Text = "resource, software";
    /// Parameter `openssl_path`.
    openssl_path: Text = "openssl", at_least 1;
    /// Parameter `owner_request_special`.
    owner_request_special: Flag = "yes";
    /// Parameter `parent_domain_matches_subdomains`.
    parent_domain_matches_subdomains: Text = "debug_peer_list,fast_flush_domains,mynetworks,permit_mx_backup_networks,qmqpd_authorized_clients,relay_domains,smtpd_access_maps";
    /// Parameter `permit_mx_backup_networks`.
    permit_mx_backup_networks: Text = "";
    /// Parameter `pickup_service_name`.
    pickup_service_name: Text = "pickup", at_least 1;
    /// Parameter `pipe_delivery_status_filter`.
    pipe_delivery_status_filter: Text = "$default_delivery_status_filter";
    /// Parameter `plaintext_reject_code`.
    plaintext_reject_code: Int = "450";
    /// Parameter `postlog_service_name`.
    postlog_service_name: Text = "postlog", at_least 1;
    /// Parameter `postlogd_watchdog_timeout`.
    postlogd_watchdog_timeout: Time = "10s", at_least 10;
    /// Parameter `postmulti_control_commands`.
    postmulti_control_commands: Text = "reload flush";
    /// Parameter `postmulti_start_commands`.
    postmulti_start_commands: Text = "start";
    /// Parameter `postmulti_stop_commands`.
    postmulti_stop_commands: Text = "stop abort drain quick-stop";
    /// Parameter `postscreen_access_list`.
    postscreen_access_list: Text = "permit_mynetworks";
    /// Parameter `postscreen_allowlist_interfaces`.
    postscreen_allowlist_interfaces: Text = "${postscreen_whitelist_interfaces?{$postscreen_whitelist_interfaces}:{static:all}}";
    /// Parameter `postscreen_bare_newline_action`.
    postscreen_bare_newline_action: Text = "ignore", at_least 1;
    /// Parameter `postscreen_bare_newline_enable`.
    postscreen_bare_newline_enable: Flag = "no";
    /// Parameter `postscreen_bare_newline_ttl`.
    postscreen_bare_newline_ttl: Time = "30d", at_least 1;
    /// Parameter `postscreen_blacklist_action`.
    postscreen_blacklist_action: Text = "ignore";
    /// Parameter `postscreen_cache_cleanup_interval`.
    postscreen_cache_cleanup_interval: Time = "12h";
    /// Parameter `postscreen_cache_map`.
    postscreen_cache_map: Text = "$default_cache_db_type:$data_directory/postscreen_cache";
    /// Parameter `postscreen_cache_retention_time`.
    postscreen_cache_retention_time: Time = "7d", at_least 1;
    /// Parameter `postscreen_client_connection_count_limit`.
    postscreen_client_connection_count_limit: Int = "$smtpd_client_connection_count_limit";
    /// Parameter `postscreen_command_count_limit`.
    postscreen_command_count_limit: Int = "20", at_least 1;
    /// Parameter `postscreen_command_filter`.
    postscreen_command_filter: Text = "";
    /// Parameter `postscreen_command_time_limit`.
    postscreen_command_time_limit: Time = "${stress?{10}:{300}}s", at_least 1;
    /// Parameter `postscreen_denylist_action`.
    postscreen_denylist_action: Text = "${postscreen_blacklist_action?{$postscreen_blacklist_action}:{ignore}}", at_least 1;
    /// Parameter `postscreen_disable_vrfy_command`.
    postscreen_disable_vrfy_command: Flag = "$disable_vrfy_command";
    /// Parameter `postscreen_discard_ehlo_keyword_address_maps`.
    postscreen_discard_ehlo_keyword_address_maps: Text = "$smtpd_discard_ehlo_keyword_address_maps";
    /// Parameter `postscreen_discard_ehlo_keywords`.
    postscreen_discard_ehlo_keywords: Text = "$smtpd_discard_ehlo_keywords";
    /// Parameter `postscreen_dnsbl_action`.
    postscreen_dnsbl_action: Text = "ignore", at_least 1;
    /// Parameter `postscreen_dnsbl_allowlist_threshold`.
    postscreen_dnsbl_allowlist_threshold: Int = "${postscreen_dnsbl_whitelist_threshold?{$postscreen_dnsbl_whitelist_threshold}:{0}}";
    /// Parameter `postscreen_dnsbl_max_ttl`.
    postscreen_dnsbl_max_ttl: Time = "${postscreen_dnsbl_ttl?{$postscreen_dnsbl_ttl}:{1}}h", at_least 1;
    /// Parameter `postscreen_dnsbl_min_ttl`.
    postscreen_dnsbl_min_ttl: Time = "60s", at_least 1;
    /// Parameter `postscreen_dnsbl_reply_map`.
    postscreen_dnsbl_reply_map: Text = "";
    /// Parameter `postscreen_dnsbl_sites`.
    postscreen_dnsbl_sites: Text = "";
    /// Parameter `postscreen_dnsbl_threshold`.
    postscreen_dnsbl_threshold: Int = "1", at_least 1;
    /// Parameter `postscreen_dnsbl_timeout`.
    postscreen_dnsbl_timeout: Time = "10s", at_least 1;
    /// Parameter `postscreen_dnsbl_ttl`.
    postscreen_dnsbl_ttl: Text = "1h";
    /// Parameter `postscreen_dnsbl_whitelist_threshold`.
    postscreen_dnsbl_whitelist_threshold: Text = "0";
    /// Parameter `postscreen_enforce_tls`.
    postscreen_enforce_tls: Flag = "$smtpd_enforce_tls";
    /// Parameter `postscreen_expansion_filter`.
    postscreen_expansion_filter: Raw = "$smtpd_expansion_filter", at_least 1;
    /// Parameter `postscreen_forbidden_commands`.
    postscreen_forbidden_commands: Text = "$smtpd_forbidden_commands";
    /// Parameter `postscreen_greet_action`.
    postscreen_greet_action: Text = "ignore", at_least 1;
    /// Parameter `postscreen_greet_banner`.
    postscreen_greet_banner: Text = "$smtpd_banner";
    /// Parameter `postscreen_greet_ttl`.
    postscreen_greet_ttl: Time = "1d", at_least 1;
    /// Parameter `postscreen_greet_wait`.
    postscreen_greet_wait: Time = "${stress?{2}:{6}}s", at_least 1;
    /// Parameter `postscreen_helo_required`.
    postscreen_helo_required: Flag = "$smtpd_helo_required";
    /// Parameter `postscreen_non_smtp_command_action`.
    postscreen_non_smtp_command_action: Text = "drop", at_least 1;
    /// Parameter `postscreen_non_smtp_command_enable`.
    postscreen_non_smtp_command_enable: Flag = "no";
    /// Parameter `postscreen_non_smtp_command_ttl`.
    postscreen_non_smtp_command_ttl: Time = "30d", at_least 1;
    /// Parameter `postscreen_pipelining_action`.
    postscreen_pipelining_action: Text = "enforce", at_least 1;
    /// Parameter `postscreen_pipelining_enable`.
    postscreen_pipelining_enable: Flag = "no";
    /// Parameter `postscreen_pipelining_ttl`.
    postscreen_pipelining_ttl: Time = "30d", at_least 1;
    /// Parameter `postscreen_post_queue_limit`.
    postscreen_post_queue_limit: Int = "$default_process_limit", at_least 5;
    /// Parameter `postscreen_pre_queue_limit`.
    postscreen_pre_queue_limit: Int = "$default_process_limit", at_least 10;
    /// Parameter `postscreen_reject_footer`.
    postscreen_reject_footer: Raw = "$smtpd_reject_footer";
    /// Parameter `postscreen_reject_footer_maps`.
    postscreen_reject_footer_maps: Text = "$smtpd_reject_footer_maps";
    /// Parameter `postscreen_starttls_timeout`.
    postscreen_starttls_timeout: Time = "$smtpd_starttls_timeout", at_least 1;
    /// Parameter `postscreen_tls_CAfile`.
    postscreen_tls_CAfile: Text = "$smtpd_tls_CAfile";
    /// Parameter `postscreen_tls_CApath`.
    postscreen_tls_CApath: Text = "$smtpd_tls_CApath";
    /// Parameter `postscreen_tls_always_issue_session_ids`.
    postscreen_tls_always_issue_session_ids: Flag = "$smtpd_tls_always_issue_session_ids";
    /// Parameter `postscreen_tls_ask_ccert`.
    postscreen_tls_ask_ccert: Flag = "$smtpd_tls_ask_ccert";
    /// Parameter `postscreen_tls_ccert_verifydepth`.
    postscreen_tls_ccert_verifydepth: Int = "$smtpd_tls_ccert_verifydepth";
    /// Parameter `postscreen_tls_cert_file`.
    postscreen_tls_cert_file: Text = "$smtpd_tls_cert_file";
    /// Parameter `postscreen_tls_chain_files`.
    postscreen_tls_chain_files: Text = "$smtpd_tls_chain_files";
    /// Parameter `postscreen_tls_ciphers`.
    postscreen_tls_ciphers: Text = "$smtpd_tls_ciphers", at_least 1;
    /// Parameter `postscreen_tls_dcert_file`.
    postscreen_tls_dcert_file: Text = "$smtpd_tls_dcert_file";
    /// Parameter `postscreen_tls_dh1024_param_file`.
    postscreen_tls_dh1024_param_file: Text = "$smtpd_tls_dh1024_param_file";
    /// Parameter `postscreen_tls_dh512_param_file`.
    postscreen_tls_dh512_param_file: Text = "$smtpd_tls_dh512_param_file";
    /// Parameter `postscreen_tls_dkey_file`.
    postscreen_tls_dkey_file: Text = "$smtpd_tls_dkey_file";
    /// Parameter `postscreen_tls_eccert_file`.
    postscreen_tls_eccert_file: Text = "$smtpd_tls_eccert_file";
    /// Parameter `postscreen_tls_eckey_file`.
    postscreen_tls_eckey_file: Text = "$smtpd_tls_eckey_file";
    /// Parameter `postscreen_tls_eecdh_grade`.
    postscreen_tls_eecdh_grade: Text = "$smtpd_tls_eecdh_grade", at_least 1;
    /// Parameter `postscreen_tls_enable_rpk`.
    postscreen_tls_enable_rpk: Flag = "$smtpd_tls_enable_rpk";
    /// Parameter `postscreen_tls_exclude_ciphers`.
    postscreen_tls_exclude_ciphers: Text = "$smtpd_tls_exclude_ciphers";
    /// Parameter `postscreen_tls_fingerprint_digest`.
    postscreen_tls_fingerprint_digest: Text = "$smtpd_tls_fingerprint_digest", at_least 1;
    /// Parameter `postscreen_tls_key_file`.
    postscreen_tls_key_file: Text = "$smtpd_tls_key_file";
    /// Parameter `postscreen_tls_loglevel`.
    postscreen_tls_loglevel: Text = "$smtpd_tls_loglevel";
    /// Parameter `postscreen_tls_loglevel_maps`.
    postscreen_tls_loglevel_maps: Text = "$smtpd_tls_loglevel_maps";
    /// Parameter `postscreen_tls_mandatory_ciphers`.
    postscreen_tls_mandatory_ciphers: Text = "$smtpd_tls_mandatory_ciphers", at_least 1;
    /// Parameter `postscreen_tls_mandatory_exclude_ciphers`.
    postscreen_tls_mandatory_exclude_ciphers: Text = "$smtpd_tls_mandatory_exclude_ciphers";
    /// Parameter `postscreen_tls_mandatory_protocols`.
    postscreen_tls_mandatory_protocols: Text = "$smtpd_tls_mandatory_protocols";
    /// Parameter `postscreen_tls_protocols`.
    postscreen_tls_protocols: Text = "$smtpd_tls_protocols";
    /// Parameter `postscreen_tls_req_ccert`.
    postscreen_tls_req_ccert: Flag = "$smtpd_tls_req_ccert";
    /// Parameter `postscreen_tls_security_level`.
    postscreen_tls_security_level: Text = "$smtpd_tls_security_level";
    /// Parameter `postscreen_tls_trace_size_limit`.
    postscreen_tls_trace_size_limit: Int = "$smtpd_tls_trace_size_limit";
    /// Parameter `postscreen_upstream_proxy_protocol`.
    postscreen_upstream_proxy_protocol: Text = "";
    /// Parameter `postscreen_upstream_proxy_timeout`.
    postscreen_upstream_proxy_timeout: Time = "5s", at_least 1;
    /// Parameter `postscreen_use_tls`.
    postscreen_use_tls: Flag = "$smtpd_use_tls";
    /// Parameter `postscreen_watchdog_timeout`.
    postscreen_watchdog_timeout: Time = "10s", at_least 10;
    /// Parameter `postscreen_whitelist_interfaces`.
    postscreen_whitelist_interfaces: Text = "static:all";
    /// Parameter `prepend_delivered_header`.
    prepend_delivered_header: Text = "command, file, forward";
    /// Parameter `process_id`.
    process_id: Text = "25806";
    /// Parameter `process_id_directory`.
    process_id_directory: Text = "pid", at_least 1;
    /// Parameter `process_name`.
    process_name: Text = "postconf";
    /// Parameter `propagate_unmatched_extensions`.
    propagate_unmatched_extensions: Text = "canonical, virtual";
    /// Parameter `proxy_interfaces`.
    proxy_interfaces: Text = "";
    /// Parameter `proxy_read_maps`.
    proxy_read_maps: Text = "$local_recipient_maps $mydestination $virtual_alias_maps $virtual_alias_domains $virtual_mailbox_maps $virtual_mailbox_domains $relay_recipient_maps $relay_domains $canonical_maps $sender_canonical_maps $recipient_canonical_maps $relocated_maps $transport_maps $mynetworks $smtpd_sender_login_maps $sender_bcc_maps $recipient_bcc_maps $smtp_generic_maps $lmtp_generic_maps $alias_maps $smtpd_client_restrictions $smtpd_helo_restrictions $smtpd_sender_restrictions $smtpd_relay_restrictions $smtpd_recipient_restrictions $address_verify_sender_dependent_default_transport_maps $address_verify_sender_dependent_relayhost_maps $address_verify_transport_maps $fallback_transport_maps $lmtp_discard_lhlo_keyword_address_maps $lmtp_pix_workaround_maps $lmtp_sasl_password_maps $lmtp_tls_policy_maps $mailbox_command_maps $mailbox_transport_maps $postscreen_discard_ehlo_keyword_address_maps $rbl_reply_maps $sender_dependent_default_transport_maps $sender_dependent_relayhost_maps $smtp_discard_ehlo_keyword_address_maps $smtp_pix_workaround_maps $smtp_sasl_password_maps $smtp_tls_policy_maps $smtpd_discard_ehlo_keyword_address_maps $smtpd_milter_maps $virtual_gid_maps $virtual_uid_maps $local_login_sender_maps $postscreen_reject_footer_maps $smtpd_reject_footer_maps $tls_server_sni_maps $tlsproxy_client_policy_maps $default_delivery_status_filter $lmtp_delivery_status_filter $lmtp_dns_reply_filter $lmtp_reply_filter $local_delivery_status_filter $pipe_delivery_status_filter $postscreen_command_filter $smtp_delivery_status_filter $smtp_dns_reply_filter $smtp_reply_filter $smtpd_command_filter $smtpd_dns_reply_filter $virtual_delivery_status_filter $body_checks $header_checks $lmtp_body_checks $lmtp_header_checks $lmtp_mime_header_checks $lmtp_nested_header_checks $milter_header_checks $mime_header_checks $nested_header_checks $smtp_body_checks $smtp_header_checks $smtp_mime_header_checks $smtp_nested_header_checks $smtpd_reject_filter_maps $debug_peer_list $smtpd_etrn_restrictions $fast_flush_domains $authorized_flush_users $lmtp_connection_cache_destinations $local_header_rewrite_clients $masquerade_exceptions $postscreen_access_list $postscreen_allowlist_interfaces $postscreen_forbidden_commands $qmqpd_authorized_clients $authorized_mailq_users $smtp_connection_cache_destinations $smtpd_log_access_permit_actions $smtpd_forbidden_commands $smtpd_client_event_limit_exceptions $smtpd_sasl_exceptions_networks $smtpd_sasl_mechanism_filter $smtp_requiretls_policy $smtp_sasl_mechanism_filter $authorized_submit_users $smtpd_authorized_verp_clients $smtpd_authorized_xclient_hosts $smtpd_authorized_xforward_hosts $lmtp_tls_loglevel_maps $postscreen_tls_loglevel_maps $smtp_tls_loglevel_maps $smtpd_tls_loglevel_maps";
    /// Parameter `proxy_write_maps`.
    proxy_write_maps: Text = "$smtp_sasl_auth_cache_name $lmtp_sasl_auth_cache_name $address_verify_map $postscreen_cache_map";
    /// Parameter `proxymap_service_name`.
    proxymap_service_name: Text = "proxymap", at_least 1;
    /// Parameter `proxywrite_service_name`.
    proxywrite_service_name: Text = "proxywrite", at_least 1;
    /// Parameter `qmgr_clog_warn_time`.
    qmgr_clog_warn_time: Time = "300s";
    /// Parameter `qmgr_daemon_timeout`.
    qmgr_daemon_timeout: Time = "1000s", at_least 1;
    /// Parameter `qmgr_fudge_factor`.
    qmgr_fudge_factor: Int = "100", at_least 10, at_most 100;
    /// Parameter `qmgr_ipc_timeout`.
    qmgr_ipc_timeout: Time = "60s", at_least 1;
    /// Parameter `qmgr_message_active_limit`.
    qmgr_message_active_limit: Int = "20000", at_least 1;
    /// Parameter `qmgr_message_recipient_limit`.
    qmgr_message_recipient_limit: Int = "20000", at_least 1;
    /// Parameter `qmgr_message_recipient_minimum`.
    qmgr_message_recipient_minimum: Int = "10", at_least 1;
    /// Parameter `qmqpd_authorized_clients`.
    qmqpd_authorized_clients: Text = "";
    /// Parameter `qmqpd_client_port_logging`.
    qmqpd_client_port_logging: Flag = "no";
    /// Parameter `qmqpd_error_delay`.
    qmqpd_error_delay: Time = "1s";
    /// Parameter `qmqpd_timeout`.
    qmqpd_timeout: Time = "300s", at_least 1;
    /// Parameter `queue_directory`.
    queue_directory: Path = "/var/spool/postfix", at_least 1;
    /// Parameter `queue_file_attribute_count_limit`.
    queue_file_attribute_count_limit: Int = "100", at_least 1;
    /// Parameter `queue_minfree`.
    queue_minfree: Size = "0";
    /// Parameter `queue_run_delay`.
    queue_run_delay: Time = "300s", at_least 1;
    /// Parameter `queue_service_name`.
    queue_service_name: Text = "qmgr", at_least 1;
    /// Parameter `rbl_reply_maps`.
    rbl_reply_maps: Text = "";
    /// Parameter `readme_directory`.
    readme_directory: Text = "no", at_least 1;
    /// Parameter `receive_override_options`.
    receive_override_options: Text = "";
    /// Parameter `recipient_bcc_maps`.
    recipient_bcc_maps: Text = "";
    /// Parameter `recipient_canonical_classes`.
    recipient_canonical_classes: Text = "envelope_recipient, header_recipient", at_least 1;
    /// Parameter `recipient_canonical_maps`.
    recipient_canonical_maps: Text = "";
    /// Parameter `recipient_delimiter`.
    recipient_delimiter: Text = "";
    /// Parameter `reject_code`.
    reject_code: Int = "554";
    /// Parameter `reject_tempfail_action`.
    reject_tempfail_action: Text = "defer_if_permit", at_least 1;
    /// Parameter `relay_clientcerts`.
    relay_clientcerts: Text = "";
    /// Parameter `relay_domains`.
    relay_domains: Text = "${{$compatibility_level} <level {2} ? {$mydestination} : {}}";
    /// Parameter `relay_domains_reject_code`.
    relay_domains_reject_code: Int = "554";
    /// Parameter `relay_recipient_maps`.
    relay_recipient_maps: Text = "";
    /// Parameter `relay_transport`.
    relay_transport: Text = "relay", at_least 1;
    /// Parameter `relayhost`.
    relayhost: Text = "";
    /// Parameter `relocated_maps`.
    relocated_maps: Text = "";
    /// Parameter `relocated_prefix_enable`.
    relocated_prefix_enable: Flag = "yes";
    /// Parameter `remote_header_rewrite_domain`.
    remote_header_rewrite_domain: Text = "";
    /// Parameter `require_home_directory`.
    require_home_directory: Flag = "no";
    /// Parameter `requiretls_enable`.
    requiretls_enable: Flag = "yes";
    /// Parameter `requiretls_esmtp_header`.
    requiretls_esmtp_header: Flag = "yes";
    /// Parameter `requiretls_redact_dsn`.
    requiretls_redact_dsn: Flag = "yes";
    /// Parameter `reset_owner_alias`.
    reset_owner_alias: Flag = "no";
    /// Parameter `resolve_dequoted_address`.
    resolve_dequoted_address: Flag = "yes";
    /// Parameter `resolve_null_domain`.
    resolve_null_domain: Flag = "no";
    /// Parameter `resolve_numeric_domain`.
    resolve_numeric_domain: Flag = "no";
    /// Parameter `respectful_logging`.
    respectful_logging: Flag = "${{$compatibility_level} <level {3.6} ? {no} : {yes}}";
    /// Parameter `rewrite_service_name`.
    rewrite_service_name: Text = "rewrite", at_least 1;
    /// Parameter `sample_directory`.
    sample_directory: Text = "/etc/postfix", at_least 1;
    /// Parameter `send_cyrus_sasl_authzid`.
    send_cyrus_sasl_authzid: Flag = "no";
    /// Parameter `sender_bcc_maps`.
    sender_bcc_maps: Text = "";
    /// Parameter `sender_canonical_classes`.
    sender_canonical_classes: Text = "envelope_sender, header_sender", at_least 1;
    /// Parameter `sender_canonical_maps`.
    sender_canonical_maps: Text = "";
    /// Parameter `sender_dependent_default_transport_maps`.
    sender_dependent_default_transport_maps: Text = "";
    /// Parameter `sender_dependent_relayhost_maps`.
    sender_dependent_relayhost_maps: Text = "";
    /// Parameter `sendmail_fix_line_endings`.
    sendmail_fix_line_endings: Text = "always", at_least 1;
    /// Parameter `sendmail_path`.
    sendmail_path: Text = "/usr/sbin/sendmail", at_least 1;
    /// Parameter `service_name`.
    service_name: Text = "";
    /// Parameter `service_throttle_time`.
    service_throttle_time: Time = "60s", at_least 1;
    /// Parameter `setgid_group`.
    setgid_group: Text = "postdrop", at_least 1;
    /// Parameter `shlib_directory`.
    shlib_directory: Path = "no", at_least 1;
    /// Parameter `show_user_unknown_table_name`.
    show_user_unknown_table_name: Flag = "yes";
    /// Parameter `showq_service_name`.
    showq_service_name: Text = "showq", at_least 1;
    /// Parameter `smtp_address_preference`.
    smtp_address_preference | lmtp_address_preference: Text = "any", at_least 1;
    /// Parameter `smtp_address_verify_target`.
    smtp_address_verify_target | lmtp_address_verify_target: Text = "rcpt", at_least 1;
    /// Parameter `smtp_always_send_ehlo`.
    smtp_always_send_ehlo: Flag = "yes";
    /// Parameter `smtp_balance_inet_protocols`.
    smtp_balance_inet_protocols | lmtp_balance_inet_protocols: Flag = "yes";
    /// Parameter `smtp_bind_address`.
    smtp_bind_address | lmtp_bind_address: Text = "";
    /// Parameter `smtp_bind_address6`.
    smtp_bind_address6 | lmtp_bind_address6: Text = "";
    /// Parameter `smtp_bind_address_enforce`.
    smtp_bind_address_enforce | lmtp_bind_address_enforce: Flag = "no";
    /// Parameter `smtp_body_checks`.
    smtp_body_checks | lmtp_body_checks: Text = "";
    /// Parameter `smtp_cname_overrides_servername`.
    smtp_cname_overrides_servername | lmtp_cname_overrides_servername: Flag = "no";
    /// Parameter `smtp_connect_timeout`.
    smtp_connect_timeout | lmtp_connect_timeout: Time = "30s" | "0s";
    /// Parameter `smtp_connection_cache_destinations`.
    smtp_connection_cache_destinations | lmtp_connection_cache_destinations: Text = "";
    /// Parameter `smtp_connection_cache_on_demand`.
    smtp_connection_cache_on_demand | lmtp_connection_cache_on_demand: Flag = "yes";
    /// Parameter `smtp_connection_cache_time_limit`.
    smtp_connection_cache_time_limit | lmtp_connection_cache_time_limit: Time = "2s", at_least 1;
    /// Parameter `smtp_connection_reuse_count_limit`.
    smtp_connection_reuse_count_limit | lmtp_connection_reuse_count_limit: Int = "0";
    /// Parameter `smtp_connection_reuse_time_limit`.
    smtp_connection_reuse_time_limit | lmtp_connection_reuse_time_limit: Time = "300s", at_least 1;
    /// Parameter `smtp_data_done_timeout`.
    smtp_data_done_timeout | lmtp_data_done_timeout: Time = "600s", at_least 1;
    /// Parameter `smtp_data_init_timeout`.
    smtp_data_init_timeout | lmtp_data_init_timeout: Time = "120s", at_least 1;
    /// Parameter `smtp_data_xfer_timeout`.
    smtp_data_xfer_timeout | lmtp_data_xfer_timeout: Time = "180s", at_least 1;
    /// Parameter `smtp_defer_if_no_mx_address_found`.
    smtp_defer_if_no_mx_address_found | lmtp_defer_if_no_mx_address_found: Flag = "no";
    /// Parameter `smtp_delivery_status_filter`.
    smtp_delivery_status_filter | lmtp_delivery_status_filter: Text = "$default_delivery_status_filter";
    /// Parameter `smtp_discard_ehlo_keyword_address_maps`.
    smtp_discard_ehlo_keyword_address_maps | lmtp_discard_lhlo_keyword_address_maps: Text = "";
    /// Parameter `smtp_discard_ehlo_keywords`.
    smtp_discard_ehlo_keywords | lmtp_discard_lhlo_keywords: Text = "";
    /// Parameter `smtp_dns_reply_filter`.
    smtp_dns_reply_filter | lmtp_dns_reply_filter: Text = "";
    /// Parameter `smtp_dns_resolver_options`.
    smtp_dns_resolver_options | lmtp_dns_resolver_options: Text = "";
    /// Parameter `smtp_dns_support_level`.
    smtp_dns_support_level | lmtp_dns_support_level: Text = "";
    /// Parameter `smtp_enforce_tls`.
    smtp_enforce_tls | lmtp_enforce_tls: Flag = "no";
    /// Parameter `smtp_fallback_relay`.
    smtp_fallback_relay | lmtp_fallback_relay: Text = "$fallback_relay" | "";
    /// Parameter `smtp_generic_maps`.
    smtp_generic_maps | lmtp_generic_maps: Text = "";
    /// Parameter `smtp_header_checks`.
    smtp_header_checks | lmtp_header_checks: Text = "";
    /// Parameter `smtp_helo_name`.
    smtp_helo_name | lmtp_lhlo_name: Text = "$myhostname", at_least 1;
    /// Parameter `smtp_helo_timeout`.
    smtp_helo_timeout | lmtp_lhlo_timeout: Time = "300s", at_least 1;
    /// Parameter `smtp_host_lookup`.
    smtp_host_lookup | lmtp_host_lookup: Text = "dns", at_least 1;
    /// Parameter `smtp_line_length_limit`.
    smtp_line_length_limit | lmtp_line_length_limit: Int = "998";
    /// Parameter `smtp_log_tls_feature_status`.
    smtp_log_tls_feature_status | lmtp_log_tls_feature_status: Flag = "yes";
    /// Parameter `smtp_mail_timeout`.
    smtp_mail_timeout | lmtp_mail_timeout: Time = "300s", at_least 1;
    /// Parameter `smtp_mime_header_checks`.
    smtp_mime_header_checks | lmtp_mime_header_checks: Text = "";
    /// Parameter `smtp_min_data_rate`.
    smtp_min_data_rate | lmtp_min_data_rate: Int = "500", at_least 1;
    /// Parameter `smtp_mx_address_limit`.
    smtp_mx_address_limit | lmtp_mx_address_limit: Int = "5";
    /// Parameter `smtp_mx_session_limit`.
    smtp_mx_session_limit | lmtp_mx_session_limit: Int = "2";
    /// Parameter `smtp_nested_header_checks`.
    smtp_nested_header_checks | lmtp_nested_header_checks: Text = "";
    /// Parameter `smtp_never_send_ehlo`.
    smtp_never_send_ehlo: Flag = "no";
    /// Parameter `smtp_per_record_deadline`.
    smtp_per_record_deadline | lmtp_per_record_deadline: Text = "no";
    /// Parameter `smtp_per_request_deadline`.
    smtp_per_request_deadline | lmtp_per_request_deadline: Flag = "${smtp_per_record_deadline?{$smtp_per_record_deadline}:{no}}" | "${lmtp_per_record_deadline?{$lmtp_per_record_deadline}:{no}}";
    /// Parameter `smtp_pix_workaround_delay_time`.
    smtp_pix_workaround_delay_time | lmtp_pix_workaround_delay_time: Time = "10s", at_least 1;
    /// Parameter `smtp_pix_workaround_maps`.
    smtp_pix_workaround_maps | lmtp_pix_workaround_maps: Text = "";
    /// Parameter `smtp_pix_workaround_threshold_time`.
    smtp_pix_workaround_threshold_time | lmtp_pix_workaround_threshold_time: Time = "500s";
    /// Parameter `smtp_pix_workarounds`.
    smtp_pix_workarounds | lmtp_pix_workarounds: Text = "disable_esmtp,delay_dotcrlf";
    /// Parameter `smtp_quit_timeout`.
    smtp_quit_timeout | lmtp_quit_timeout: Time = "300s", at_least 1;
    /// Parameter `smtp_quote_rfc821_envelope`.
    smtp_quote_rfc821_envelope | lmtp_quote_rfc821_envelope: Flag = "yes";
    /// Parameter `smtp_randomize_addresses`.
    smtp_randomize_addresses | lmtp_randomize_addresses: Flag = "yes";
    /// Parameter `smtp_rcpt_timeout`.
    smtp_rcpt_timeout | lmtp_rcpt_timeout: Time = "300s", at_least 1;
    /// Parameter `smtp_reply_filter`.
    smtp_reply_filter | lmtp_reply_filter: Text = "";
    /// Parameter `smtp_requiretls_policy`.
    smtp_requiretls_policy | lmtp_requiretls_policy: Text = "inline:{{${domain_to_ascii{$mydomain}}=opportunistic}, {.${domain_to_ascii{$mydomain}}=opportunistic}, {localhost=opportunistic}}, cidr:{{0.0.0.0/0 opportunistic}, {::/0 opportunistic}}, enforce" | "opportunistic";
    /// Parameter `smtp_rset_timeout`.
    smtp_rset_timeout | lmtp_rset_timeout: Time = "20s", at_least 1;
    /// Parameter `smtp_sasl_auth_cache_name`.
    smtp_sasl_auth_cache_name | lmtp_sasl_auth_cache_name: Text = "";
    /// Parameter `smtp_sasl_auth_cache_time`.
    smtp_sasl_auth_cache_time | lmtp_sasl_auth_cache_time: Time = "90d";
    /// Parameter `smtp_sasl_auth_enable`.
    smtp_sasl_auth_enable | lmtp_sasl_auth_enable: Flag = "no";
    /// Parameter `smtp_sasl_auth_soft_bounce`.
    smtp_sasl_auth_soft_bounce | lmtp_sasl_auth_soft_bounce: Flag = "yes";
    /// Parameter `smtp_sasl_mechanism_filter`.
    smtp_sasl_mechanism_filter | lmtp_sasl_mechanism_filter: Text = "";
    /// Parameter `smtp_sasl_password_maps`.
    smtp_sasl_password_maps | lmtp_sasl_password_maps: Text = "";
    /// Parameter `smtp_sasl_password_result_delimiter`.
    smtp_sasl_password_result_delimiter | lmtp_sasl_password_result_delimiter: Text = ":", at_least 1;
    /// Parameter `smtp_sasl_path`.
    smtp_sasl_path | lmtp_sasl_path: Text = "";
    /// Parameter `smtp_sasl_security_options`.
    smtp_sasl_security_options | lmtp_sasl_security_options: Text = "noplaintext, noanonymous";
    /// Parameter `smtp_sasl_tls_security_options`.
    smtp_sasl_tls_security_options | lmtp_sasl_tls_security_options: Text = "$smtp_sasl_security_options" | "$lmtp_sasl_security_options";
    /// Parameter `smtp_sasl_tls_verified_security_options`.
    smtp_sasl_tls_verified_security_options | lmtp_sasl_tls_verified_security_options: Text = "$smtp_sasl_tls_security_options" | "$lmtp_sasl_tls_security_options";
    /// Parameter `smtp_sasl_type`.
    smtp_sasl_type | lmtp_sasl_type: Text = "cyrus", at_least 1;
    /// Parameter `smtp_send_dummy_mail_auth`.
    smtp_send_dummy_mail_auth | lmtp_send_dummy_mail_auth: Flag = "no";
    /// Parameter `smtp_send_xforward_command`.
    smtp_send_xforward_command | lmtp_send_xforward_command: Flag = "no";
    /// Parameter `smtp_sender_dependent_authentication`.
    smtp_sender_dependent_authentication | lmtp_sender_dependent_authentication: Flag = "no";
    /// Parameter `smtp_skip_5xx_greeting`.
    smtp_skip_5xx_greeting | lmtp_skip_5xx_greeting: Flag = "yes";
    /// Parameter `smtp_skip_quit_response`.
    smtp_skip_quit_response | lmtp_skip_quit_response: Flag = "yes" | "no";
    /// Parameter `smtp_starttls_timeout`.
    smtp_starttls_timeout | lmtp_starttls_timeout: Time = "300s", at_least 1;
    /// Parameter `smtp_tcp_port`.
    smtp_tcp_port | lmtp_tcp_port: Text = "smtp" | "24";
    /// Parameter `smtp_tls_CAfile`.
    smtp_tls_CAfile | lmtp_tls_CAfile: Text = "";
    /// Parameter `smtp_tls_CApath`.
    smtp_tls_CApath | lmtp_tls_CApath: Text = "";
    /// Parameter `smtp_tls_block_early_mail_reply`.
    smtp_tls_block_early_mail_reply | lmtp_tls_block_early_mail_reply: Flag = "no";
    /// Parameter `smtp_tls_cert_file`.
    smtp_tls_cert_file | lmtp_tls_cert_file: Text = "";
    /// Parameter `smtp_tls_chain_files`.
    smtp_tls_chain_files | lmtp_tls_chain_files: Text = "";
    /// Parameter `smtp_tls_ciphers`.
    smtp_tls_ciphers | lmtp_tls_ciphers: Text = "medium", at_least 1;
    /// Parameter `smtp_tls_connection_reuse`.
    smtp_tls_connection_reuse | lmtp_tls_connection_reuse: Flag = "no";
    /// Parameter `smtp_tls_dane_insecure_mx_policy`.
    smtp_tls_dane_insecure_mx_policy: Text = "dane";
    /// Parameter `smtp_tls_dcert_file`.
    smtp_tls_dcert_file | lmtp_tls_dcert_file: Text = "";
    /// Parameter `smtp_tls_dkey_file`.
    smtp_tls_dkey_file | lmtp_tls_dkey_file: Text = "$smtp_tls_dcert_file" | "$lmtp_tls_dcert_file";
    /// Parameter `smtp_tls_eccert_file`.
    smtp_tls_eccert_file | lmtp_tls_eccert_file: Text = "";
    /// Parameter `smtp_tls_eckey_file`.
    smtp_tls_eckey_file | lmtp_tls_eckey_file: Text = "$smtp_tls_eccert_file" | "$lmtp_tls_eccert_file";
    /// Parameter `smtp_tls_enable_rpk`.
    smtp_tls_enable_rpk | lmtp_tls_enable_rpk: Flag = "no";
    /// Parameter `smtp_tls_enforce_peername`.
    smtp_tls_enforce_peername | lmtp_tls_enforce_peername: Flag = "yes";
    /// Parameter `smtp_tls_enforce_sts_mx_patterns`.
    smtp_tls_enforce_sts_mx_patterns | lmtp_tls_enforce_sts_mx_patterns: Flag = "yes";
    /// Parameter `smtp_tls_exclude_ciphers`.
    smtp_tls_exclude_ciphers | lmtp_tls_exclude_ciphers: Text = "";
    /// Parameter `smtp_tls_fingerprint_cert_match`.
    smtp_tls_fingerprint_cert_match | lmtp_tls_fingerprint_cert_match: Text = "";
    /// Parameter `smtp_tls_fingerprint_digest`.
    smtp_tls_fingerprint_digest | lmtp_tls_fingerprint_digest: Text = "${{$compatibility_level} <level {3.6} ? {md5} : {sha256}}", at_least 1;
    /// Parameter `smtp_tls_force_insecure_host_tlsa_lookup`.
    smtp_tls_force_insecure_host_tlsa_lookup | lmtp_tls_force_insecure_host_tlsa_lookup: Flag = "no";
    /// Parameter `smtp_tls_key_file`.
    smtp_tls_key_file | lmtp_tls_key_file: Text = "$smtp_tls_cert_file" | "$lmtp_tls_cert_file";
    /// Parameter `smtp_tls_loglevel`.
    smtp_tls_loglevel | lmtp_tls_loglevel: Text = "0";
    /// Parameter `smtp_tls_loglevel_maps`.
    smtp_tls_loglevel_maps | lmtp_tls_loglevel_maps: Text = "";
    /// Parameter `smtp_tls_mandatory_ciphers`.
    smtp_tls_mandatory_ciphers | lmtp_tls_mandatory_ciphers: Text = "medium", at_least 1;
    /// Parameter `smtp_tls_mandatory_exclude_ciphers`.
    smtp_tls_mandatory_exclude_ciphers | lmtp_tls_mandatory_exclude_ciphers: Text = "";
    /// Parameter `smtp_tls_mandatory_protocols`.
    smtp_tls_mandatory_protocols | lmtp_tls_mandatory_protocols: Text = ">=TLSv1";
    /// Parameter `smtp_tls_note_starttls_offer`.
    smtp_tls_note_starttls_offer | lmtp_tls_note_starttls_offer: Flag = "no";
    /// Parameter `smtp_tls_per_site`.
    smtp_tls_per_site | lmtp_tls_per_site: Text = "";
    /// Parameter `smtp_tls_policy_maps`.
    smtp_tls_policy_maps | lmtp_tls_policy_maps: Text = "";
    /// Parameter `smtp_tls_protocols`.
    smtp_tls_protocols | lmtp_tls_protocols: Text = ">=TLSv1";
    /// Parameter `smtp_tls_scert_verifydepth`.
    smtp_tls_scert_verifydepth | lmtp_tls_scert_verifydepth: Int = "9";
    /// Parameter `smtp_tls_secure_cert_match`.
    smtp_tls_secure_cert_match | lmtp_tls_secure_cert_match: Text = "nexthop, dot-nexthop" | "nexthop", at_least 1;
    /// Parameter `smtp_tls_security_level`.
    smtp_tls_security_level | lmtp_tls_security_level: Text = "${{$compatibility_level} <level {3.11} ? {} : {may}}" | "";
    /// Parameter `smtp_tls_servername`.
    smtp_tls_servername | lmtp_tls_servername: Text = "";
    /// Parameter `smtp_tls_session_cache_database`.
    smtp_tls_session_cache_database | lmtp_tls_session_cache_database: Text = "";
    /// Parameter `smtp_tls_session_cache_timeout`.
    smtp_tls_session_cache_timeout | lmtp_tls_session_cache_timeout: Time = "3600s", at_least 0, at_most 8640000;
    /// Parameter `smtp_tls_trace_size_limit`.
    smtp_tls_trace_size_limit | lmtp_tls_trace_size_limit: Int = "102400";
    /// Parameter `smtp_tls_trust_anchor_file`.
    smtp_tls_trust_anchor_file | lmtp_tls_trust_anchor_file: Text = "";
    /// Parameter `smtp_tls_verify_cert_match`.
    smtp_tls_verify_cert_match | lmtp_tls_verify_cert_match: Text = "hostname", at_least 1;
    /// Parameter `smtp_tls_wrappermode`.
    smtp_tls_wrappermode | lmtp_tls_wrappermode: Flag = "no";
    /// Parameter `smtp_tlsrpt_enable`.
    smtp_tlsrpt_enable | lmtp_tlsrpt_enable: Flag = "no";
    /// Parameter `smtp_tlsrpt_skip_reused_handshakes`.
    smtp_tlsrpt_skip_reused_handshakes | lmtp_tlsrpt_skip_reused_handshakes: Flag = "no";
    /// Parameter `smtp_tlsrpt_socket_name`.
    smtp_tlsrpt_socket_name | lmtp_tlsrpt_socket_name: Text = "";
    /// Parameter `smtp_use_tls`.
    smtp_use_tls | lmtp_use_tls: Flag = "no";
    /// Parameter `smtp_xforward_timeout`.
    smtp_xforward_timeout | lmtp_xforward_timeout: Time = "300s", at_least 1;
    /// Parameter `smtpd_authorized_verp_clients`.
    smtpd_authorized_verp_clients: Text = "$authorized_verp_clients";
    /// Parameter `smtpd_authorized_xclient_hosts`.
    smtpd_authorized_xclient_hosts: Text = "";
    /// Parameter `smtpd_authorized_xforward_hosts`.
    smtpd_authorized_xforward_hosts: Text = "";
    /// Parameter `smtpd_banner`.
    smtpd_banner: Text = "$myhostname ESMTP $mail_name", at_least 1;
    /// Parameter `smtpd_client_auth_rate_limit`.
    smtpd_client_auth_rate_limit: Int = "0";
    /// Parameter `smtpd_client_connection_count_limit`.
    smtpd_client_connection_count_limit: Int = "50";
    /// Parameter `smtpd_client_connection_limit_exceptions`.
    smtpd_client_connection_limit_exceptions: Text = "$mynetworks";
    /// Parameter `smtpd_client_connection_rate_limit`.
    smtpd_client_connection_rate_limit: Int = "0";
    /// Parameter `smtpd_client_event_limit_exceptions`.
    smtpd_client_event_limit_exceptions: Text = "${smtpd_client_connection_limit_exceptions:$mynetworks}";
    /// Parameter `smtpd_client_ipv4_prefix_length`.
    smtpd_client_ipv4_prefix_length: Int = "32", at_least 0, at_most 32;
    /// Parameter `smtpd_client_ipv6_prefix_length`.
    smtpd_client_ipv6_prefix_length: Int = "84", at_least 0, at_most 128;
    /// Parameter `smtpd_client_message_rate_limit`.
    smtpd_client_message_rate_limit: Int = "0";
    /// Parameter `smtpd_client_new_tls_session_rate_limit`.
    smtpd_client_new_tls_session_rate_limit: Int = "0";
    /// Parameter `smtpd_client_port_logging`.
    smtpd_client_port_logging: Flag = "no";
    /// Parameter `smtpd_client_recipient_rate_limit`.
    smtpd_client_recipient_rate_limit: Int = "0";
    /// Parameter `smtpd_client_restrictions`.
    smtpd_client_restrictions: Text = "";
    /// Parameter `smtpd_command_filter`.
    smtpd_command_filter: Text = "";
    /// Parameter `smtpd_data_restrictions`.
    smtpd_data_restrictions: Text = "";
    /// Parameter `smtpd_delay_open_until_valid_rcpt`.
    smtpd_delay_open_until_valid_rcpt: Flag = "yes";
    /// Parameter `smtpd_delay_reject`.
    smtpd_delay_reject: Flag = "yes";
    /// Parameter `smtpd_discard_ehlo_keyword_address_maps`.
    smtpd_discard_ehlo_keyword_address_maps: Text = "";
    /// Parameter `smtpd_discard_ehlo_keywords`.
    smtpd_discard_ehlo_keywords: Text = "";
    /// Parameter `smtpd_dns_reply_filter`.
    smtpd_dns_reply_filter: Text = "";
    /// Parameter `smtpd_end_of_data_restrictions`.
    smtpd_end_of_data_restrictions: Text = "";
    /// Parameter `smtpd_enforce_tls`.
    smtpd_enforce_tls: Flag = "no";
    /// Parameter `smtpd_error_sleep_time`.
    smtpd_error_sleep_time: Time = "1s";
    /// Parameter `smtpd_etrn_restrictions`.
    smtpd_etrn_restrictions: Text = "";
    /// Parameter `smtpd_expansion_filter`.
    smtpd_expansion_filter: Raw = "\\t\\40!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\\\]^_`abcdefghijklmnopqrstuvwxyz{|}~", at_least 1;
    /// Parameter `smtpd_forbid_bare_newline`.
    smtpd_forbid_bare_newline: Text = "normalize", at_least 1;
    /// Parameter `smtpd_forbid_bare_newline_exclusions`.
    smtpd_forbid_bare_newline_exclusions: Text = "$mynetworks";
    /// Parameter `smtpd_forbid_bare_newline_reject_code`.
    smtpd_forbid_bare_newline_reject_code: Int = "550", at_least 500, at_most 599;
    /// Parameter `smtpd_forbid_unauth_pipelining`.
    smtpd_forbid_unauth_pipelining: Flag = "yes";
    /// Parameter `smtpd_forbidden_commands`.
    smtpd_forbidden_commands: Text = "CONNECT GET POST regexp:{{/^[^A-Z]/ Bogus}}";
    /// Parameter `smtpd_hard_error_limit`.
    smtpd_hard_error_limit: Int = "${stress?{1}:{20}}", at_least 1;
    /// Parameter `smtpd_helo_required`.
    smtpd_helo_required: Flag = "no";
    /// Parameter `smtpd_helo_restrictions`.
    smtpd_helo_restrictions: Text = "";
    /// Parameter `smtpd_hide_client_session`.
    smtpd_hide_client_session: Flag = "no";
    /// Parameter `smtpd_history_flush_threshold`.
    smtpd_history_flush_threshold: Int = "100", at_least 1;
    /// Parameter `smtpd_junk_command_limit`.
    smtpd_junk_command_limit: Int = "${stress?{1}:{100}}", at_least 1;
    /// Parameter `smtpd_log_access_permit_actions`.
    smtpd_log_access_permit_actions: Text = "";
    /// Parameter `smtpd_milter_maps`.
    smtpd_milter_maps: Text = "";
    /// Parameter `smtpd_milters`.
    smtpd_milters: Text = "";
    /// Parameter `smtpd_min_data_rate`.
    smtpd_min_data_rate: Int = "500", at_least 1;
    /// Parameter `smtpd_noop_commands`.
    smtpd_noop_commands: Text = "";
    /// Parameter `smtpd_null_access_lookup_key`.
    smtpd_null_access_lookup_key: Text = "<>";
    /// Parameter `smtpd_peername_lookup`.
    smtpd_peername_lookup: Flag = "yes";
    /// Parameter `smtpd_per_record_deadline`.
    smtpd_per_record_deadline: Text = "normal: no, overload: yes";
    /// Parameter `smtpd_per_request_deadline`.
    smtpd_per_request_deadline: Flag = "${smtpd_per_record_deadline?{$smtpd_per_record_deadline}:{${stress?{yes}:{no}}}}";
    /// Parameter `smtpd_policy_service_default_action`.
    smtpd_policy_service_default_action: Text = "451 4.3.5 Server configuration problem", at_least 1;
    /// Parameter `smtpd_policy_service_max_idle`.
    smtpd_policy_service_max_idle: Time = "300s", at_least 1;
    /// Parameter `smtpd_policy_service_max_ttl`.
    smtpd_policy_service_max_ttl: Time = "1000s", at_least 1;
    /// Parameter `smtpd_policy_service_policy_context`.
    smtpd_policy_service_policy_context: Text = "";
    /// Parameter `smtpd_policy_service_request_limit`.
    smtpd_policy_service_request_limit: Int = "0";
    /// Parameter `smtpd_policy_service_retry_delay`.
    smtpd_policy_service_retry_delay: Time = "1s", at_least 1;
    /// Parameter `smtpd_policy_service_timeout`.
    smtpd_policy_service_timeout: Time = "100s", at_least 1;
    /// Parameter `smtpd_policy_service_try_limit`.
    smtpd_policy_service_try_limit: Int = "2", at_least 1;
    /// Parameter `smtpd_proxy_ehlo`.
    smtpd_proxy_ehlo: Text = "$myhostname";
    /// Parameter `smtpd_proxy_filter`.
    smtpd_proxy_filter: Text = "";
    /// Parameter `smtpd_proxy_options`.
    smtpd_proxy_options: Text = "";
    /// Parameter `smtpd_proxy_timeout`.
    smtpd_proxy_timeout: Time = "100s", at_least 1;
    /// Parameter `smtpd_recipient_limit`.
    smtpd_recipient_limit: Int = "1000", at_least 1;
    /// Parameter `smtpd_recipient_overshoot_limit`.
    smtpd_recipient_overshoot_limit: Int = "1000", at_least 1;
    /// Parameter `smtpd_recipient_restrictions`.
    smtpd_recipient_restrictions: Text = "";
    /// Parameter `smtpd_reject_filter_maps`.
    smtpd_reject_filter_maps: Text = "";
    /// Parameter `smtpd_reject_footer`.
    smtpd_reject_footer: Raw = "";
    /// Parameter `smtpd_reject_footer_maps`.
    smtpd_reject_footer_maps: Text = "";
    /// Parameter `smtpd_reject_unlisted_recipient`.
    smtpd_reject_unlisted_recipient: Flag = "yes";
    /// Parameter `smtpd_reject_unlisted_sender`.
    smtpd_reject_unlisted_sender: Flag = "no";
    /// Parameter `smtpd_relay_before_recipient_restrictions`.
    smtpd_relay_before_recipient_restrictions: Flag = "${{$compatibility_level} <level {3.6} ? {no} : {yes}}";
    /// Parameter `smtpd_relay_restrictions`.
    smtpd_relay_restrictions: Text = "${{$compatibility_level} <level {1} ? {} : {permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination}}";
    /// Parameter `smtpd_restriction_classes`.
    smtpd_restriction_classes: Text = "";
    /// Parameter `smtpd_sasl_auth_enable`.
    smtpd_sasl_auth_enable: Flag = "no";
    /// Parameter `smtpd_sasl_authenticated_header`.
    smtpd_sasl_authenticated_header: Flag = "no";
    /// Parameter `smtpd_sasl_exceptions_networks`.
    smtpd_sasl_exceptions_networks: Text = "";
    /// Parameter `smtpd_sasl_local_domain`.
    smtpd_sasl_local_domain: Text = "";
    /// Parameter `smtpd_sasl_mechanism_filter`.
    smtpd_sasl_mechanism_filter: Text = "!external, static:rest";
    /// Parameter `smtpd_sasl_path`.
    smtpd_sasl_path: Text = "smtpd", at_least 1;
    /// Parameter `smtpd_sasl_response_limit`.
    smtpd_sasl_response_limit: Int = "12288", at_least 12288;
    /// Parameter `smtpd_sasl_security_options`.
    smtpd_sasl_security_options: Text = "noanonymous";
    /// Parameter `smtpd_sasl_service`.
    smtpd_sasl_service: Text = "smtp", at_least 1;
    /// Parameter `smtpd_sasl_tls_security_options`.
    smtpd_sasl_tls_security_options: Text = "$smtpd_sasl_security_options";
    /// Parameter `smtpd_sasl_type`.
    smtpd_sasl_type: Text = "cyrus", at_least 1;
    /// Parameter `smtpd_sender_login_maps`.
    smtpd_sender_login_maps: Text = "";
    /// Parameter `smtpd_sender_restrictions`.
    smtpd_sender_restrictions: Text = "";
    /// Parameter `smtpd_service_name`.
    smtpd_service_name: Text = "smtpd", at_least 1;
    /// Parameter `smtpd_soft_error_limit`.
    smtpd_soft_error_limit: Int = "10", at_least 1;
    /// Parameter `smtpd_starttls_timeout`.
    smtpd_starttls_timeout: Time = "${stress?{10}:{300}}s", at_least 1;
    /// Parameter `smtpd_timeout`.
    smtpd_timeout: Time = "${stress?{10}:{300}}s", at_least 1;
    /// Parameter `smtpd_tls_CAfile`.
    smtpd_tls_CAfile: Text = "";
    /// Parameter `smtpd_tls_CApath`.
    smtpd_tls_CApath: Text = "";
    /// Parameter `smtpd_tls_always_issue_session_ids`.
    smtpd_tls_always_issue_session_ids: Flag = "yes";
    /// Parameter `smtpd_tls_ask_ccert`.
    smtpd_tls_ask_ccert: Flag = "no";
    /// Parameter `smtpd_tls_auth_only`.
    smtpd_tls_auth_only: Flag = "no";
    /// Parameter `smtpd_tls_ccert_verifydepth`.
    smtpd_tls_ccert_verifydepth: Int = "9";
    /// Parameter `smtpd_tls_cert_file`.
    smtpd_tls_cert_file: Text = "";
    /// Parameter `smtpd_tls_chain_files`.
    smtpd_tls_chain_files: Text = "";
    /// Parameter `smtpd_tls_ciphers`.
    smtpd_tls_ciphers: Text = "medium", at_least 1;
    /// Parameter `smtpd_tls_dcert_file`.
    smtpd_tls_dcert_file: Text = "";
    /// Parameter `smtpd_tls_dh1024_param_file`.
    smtpd_tls_dh1024_param_file: Text = "";
    /// Parameter `smtpd_tls_dh512_param_file`.
    smtpd_tls_dh512_param_file: Text = "";
    /// Parameter `smtpd_tls_dkey_file`.
    smtpd_tls_dkey_file: Text = "$smtpd_tls_dcert_file";
    /// Parameter `smtpd_tls_eccert_file`.
    smtpd_tls_eccert_file: Text = "";
    /// Parameter `smtpd_tls_eckey_file`.
    smtpd_tls_eckey_file: Text = "$smtpd_tls_eccert_file";
    /// Parameter `smtpd_tls_eecdh_grade`.
    smtpd_tls_eecdh_grade: Text = "auto", at_least 1;
    /// Parameter `smtpd_tls_enable_rpk`.
    smtpd_tls_enable_rpk: Flag = "no";
    /// Parameter `smtpd_tls_exclude_ciphers`.
    smtpd_tls_exclude_ciphers: Text = "";
    /// Parameter `smtpd_tls_fingerprint_digest`.
    smtpd_tls_fingerprint_digest: Text = "${{$compatibility_level} <level {3.6} ? {md5} : {sha256}}", at_least 1;
    /// Parameter `smtpd_tls_key_file`.
    smtpd_tls_key_file: Text = "$smtpd_tls_cert_file";
    /// Parameter `smtpd_tls_loglevel`.
    smtpd_tls_loglevel: Text = "0";
    /// Parameter `smtpd_tls_loglevel_maps`.
    smtpd_tls_loglevel_maps: Text = "";
    /// Parameter `smtpd_tls_mandatory_ciphers`.
    smtpd_tls_mandatory_ciphers: Text = "medium", at_least 1;
    /// Parameter `smtpd_tls_mandatory_exclude_ciphers`.
    smtpd_tls_mandatory_exclude_ciphers: Text = "";
    /// Parameter `smtpd_tls_mandatory_protocols`.
    smtpd_tls_mandatory_protocols: Text = ">=TLSv1";
    /// Parameter `smtpd_tls_protocols`.
    smtpd_tls_protocols: Text = ">=TLSv1";
    /// Parameter `smtpd_tls_received_header`.
    smtpd_tls_received_header: Flag = "no";
    /// Parameter `smtpd_tls_req_ccert`.
    smtpd_tls_req_ccert: Flag = "no";
    /// Parameter `smtpd_tls_security_level`.
    smtpd_tls_security_level: Text = "";
    /// Parameter `smtpd_tls_session_cache_database`.
    smtpd_tls_session_cache_database: Text = "";
    /// Parameter `smtpd_tls_session_cache_timeout`.
    smtpd_tls_session_cache_timeout: Time = "3600s", at_least 0, at_most 8640000;
    /// Parameter `smtpd_tls_trace_size_limit`.
    smtpd_tls_trace_size_limit: Int = "102400";
    /// Parameter `smtpd_tls_wrappermode`.
    smtpd_tls_wrappermode: Flag = "no";
    /// Parameter `smtpd_upstream_proxy_protocol`.
    smtpd_upstream_proxy_protocol: Text = "";
    /// Parameter `smtpd_upstream_proxy_timeout`.
    smtpd_upstream_proxy_timeout: Time = "5s", at_least 1;
    /// Parameter `smtpd_use_tls`.
    smtpd_use_tls: Flag = "no";
    /// Parameter `smtputf8_autodetect_classes`.
    smtputf8_autodetect_classes: Text = "sendmail, verify", at_least 1;
    /// Parameter `smtputf8_enable`.
    smtputf8_enable: Flag = "${{$compatibility_level} <level {1} ? {no} : {yes}}";
    /// Parameter `socketmap_max_query_size`.
    socketmap_max_query_size: Int = "10000", at_least 1;
    /// Parameter `socketmap_max_reply_size`.
    socketmap_max_reply_size: Int = "100000", at_least 1;
    /// Parameter `soft_bounce`.
    soft_bounce: Flag = "no";
    /// Parameter `stale_lock_time`.
    stale_lock_time: Time = "500s", at_least 1;
    /// Parameter `stress`.
    stress: Text = "";
    /// Parameter `strict_7bit_headers`.
    strict_7bit_headers: Flag = "no";
    /// Parameter `strict_8bitmime`.
    strict_8bitmime: Flag = "no";
    /// Parameter `strict_8bitmime_body`.
    strict_8bitmime_body: Flag = "no";
    /// Parameter `strict_mailbox_ownership`.
    strict_mailbox_ownership: Flag = "yes";
    /// Parameter `strict_mime_encoding_domain`.
    strict_mime_encoding_domain: Flag = "no";
    /// Parameter `strict_rfc821_envelopes`.
    strict_rfc821_envelopes: Flag = "no";
    /// Parameter `strict_smtputf8`.
    strict_smtputf8: Flag = "no";
    /// Parameter `sun_mailtool_compatibility`.
    sun_mailtool_compatibility: Flag = "no";
    /// Parameter `swap_bangpath`.
    swap_bangpath: Flag = "yes";
    /// Parameter `syslog_facility`.
    syslog_facility: Text = "mail", at_least 1;
    /// Parameter `syslog_name`.
    syslog_name: Text = "${multi_instance_name?{$multi_instance_name}:{postfix}}", at_least 1;
    /// Parameter `tcp_windowsize`.
    tcp_windowsize: Int = "0";
    /// Parameter `tls_append_default_CA`.
    tls_append_default_CA: Flag = "no";
    /// Parameter `tls_config_file`.
    tls_config_file: Text = "default";
    /// Parameter `tls_config_name`.
    tls_config_name: Text = "";
    /// Parameter `tls_daemon_random_bytes`.
    tls_daemon_random_bytes: Int = "32", at_least 1;
    /// Parameter `tls_dane_digests`.
    tls_dane_digests: Text = "sha512 sha256", at_least 1;
    /// Parameter `tls_disable_workarounds`.
    tls_disable_workarounds: Text = "";
    /// Parameter `tls_eecdh_auto_curves`.
    tls_eecdh_auto_curves: Text = "X25519 X448 prime256v1 secp384r1 secp521r1";
    /// Parameter `tls_eecdh_strong_curve`.
    tls_eecdh_strong_curve: Text = "prime256v1";
    /// Parameter `tls_eecdh_ultra_curve`.
    tls_eecdh_ultra_curve: Text = "secp384r1";
    /// Parameter `tls_export_cipherlist`.
    tls_export_cipherlist: Text = "";
    /// Parameter `tls_fast_shutdown_enable`.
    tls_fast_shutdown_enable: Flag = "yes";
    /// Parameter `tls_ffdhe_auto_groups`.
    tls_ffdhe_auto_groups: Text = "ffdhe2048 ffdhe3072";
    /// Parameter `tls_high_cipherlist`.
    tls_high_cipherlist: Text = "aNULL:-aNULL:HIGH:!SEED:!IDEA:!3DES:!RC2:!RC4:!RC5:!kDH:!kECDH:!aDSS:!MD5:@STRENGTH", at_least 1;
    /// Parameter `tls_low_cipherlist`.
    tls_low_cipherlist: Text = "";
    /// Parameter `tls_medium_cipherlist`.
    tls_medium_cipherlist: Text = "aNULL:-aNULL:HIGH:MEDIUM:!SEED:!IDEA:!3DES:!RC2:!RC4:!RC5:!kDH:!kECDH:!aDSS:!MD5:+RC4:@STRENGTH", at_least 1;
    /// Parameter `tls_null_cipherlist`.
    tls_null_cipherlist: Text = "eNULL:!kDH:!kECDH:!aDSS:!MD5:!aNULL", at_least 1;
    /// Parameter `tls_preempt_cipherlist`.
    tls_preempt_cipherlist: Flag = "no";
    /// Parameter `tls_random_bytes`.
    tls_random_bytes: Int = "32", at_least 1;
    /// Parameter `tls_random_exchange_name`.
    tls_random_exchange_name: Text = "${data_directory}/prng_exch";
    /// Parameter `tls_random_prng_update_period`.
    tls_random_prng_update_period: Time = "3600s", at_least 1;
    /// Parameter `tls_random_reseed_period`.
    tls_random_reseed_period: Time = "3600s", at_least 1;
    /// Parameter `tls_random_source`.
    tls_random_source: Text = "dev:/dev/urandom";
    /// Parameter `tls_required_enable`.
    tls_required_enable: Flag = "yes";
    /// Parameter `tls_server_sni_maps`.
    tls_server_sni_maps: Text = "";
    /// Parameter `tls_session_ticket_cipher`.
    tls_session_ticket_cipher: Text = "aes-256-cbc";
    /// Parameter `tls_ssl_options`.
    tls_ssl_options: Text = "";
    /// Parameter `tls_trace_rate_limit`.
    tls_trace_rate_limit: Int = "1";
    /// Parameter `tls_trust_server_ccerts`.
    tls_trust_server_ccerts: Flag = "no";
    /// Parameter `tls_wildcard_matches_multiple_labels`.
    tls_wildcard_matches_multiple_labels: Flag = "yes";
    /// Parameter `tlsmgr_service_name`.
    tlsmgr_service_name: Text = "tlsmgr", at_least 1;
    /// Parameter `tlsproxy_client_CAfile`.
    tlsproxy_client_CAfile: Text = "$smtp_tls_CAfile";
    /// Parameter `tlsproxy_client_CApath`.
    tlsproxy_client_CApath: Text = "$smtp_tls_CApath";
    /// Parameter `tlsproxy_client_cert_file`.
    tlsproxy_client_cert_file: Text = "$smtp_tls_cert_file";
    /// Parameter `tlsproxy_client_chain_files`.
    tlsproxy_client_chain_files: Text = "$smtp_tls_chain_files";
    /// Parameter `tlsproxy_client_dcert_file`.
    tlsproxy_client_dcert_file: Text = "$smtp_tls_dcert_file";
    /// Parameter `tlsproxy_client_dkey_file`.
    tlsproxy_client_dkey_file: Text = "$smtp_tls_dkey_file";
    /// Parameter `tlsproxy_client_eccert_file`.
    tlsproxy_client_eccert_file: Text = "$smtp_tls_eccert_file";
    /// Parameter `tlsproxy_client_eckey_file`.
    tlsproxy_client_eckey_file: Text = "$smtp_tls_eckey_file";
    /// Parameter `tlsproxy_client_enforce_tls`.
    tlsproxy_client_enforce_tls: Flag = "$smtp_enforce_tls";
    /// Parameter `tlsproxy_client_fingerprint_digest`.
    tlsproxy_client_fingerprint_digest: Text = "$smtp_tls_fingerprint_digest", at_least 1;
    /// Parameter `tlsproxy_client_key_file`.
    tlsproxy_client_key_file: Text = "$smtp_tls_key_file";
    /// Parameter `tlsproxy_client_level`.
    tlsproxy_client_level: Text = "$smtp_tls_security_level";
    /// Parameter `tlsproxy_client_loglevel`.
    tlsproxy_client_loglevel: Text = "$smtp_tls_loglevel";
    /// Parameter `tlsproxy_client_per_site`.
    tlsproxy_client_per_site: Text = "$smtp_tls_per_site";
    /// Parameter `tlsproxy_client_policy`.
    tlsproxy_client_policy: Text = "$smtp_tls_policy_maps";
    /// Parameter `tlsproxy_client_policy_maps`.
    tlsproxy_client_policy_maps: Text = "${tlsproxy_client_policy?{$tlsproxy_client_policy}:{$smtp_tls_policy_maps}}";
    /// Parameter `tlsproxy_client_scert_verifydepth`.
    tlsproxy_client_scert_verifydepth: Int = "$smtp_tls_scert_verifydepth";
    /// Parameter `tlsproxy_client_security_level`.
    tlsproxy_client_security_level: Text = "${tlsproxy_client_level?{$tlsproxy_client_level}:{$smtp_tls_security_level}}";
    /// Parameter `tlsproxy_client_use_tls`.
    tlsproxy_client_use_tls: Flag = "$smtp_use_tls";
    /// Parameter `tlsproxy_enforce_tls`.
    tlsproxy_enforce_tls: Flag = "$smtpd_enforce_tls";
    /// Parameter `tlsproxy_service_name`.
    tlsproxy_service_name: Text = "tlsproxy", at_least 1;
    /// Parameter `tlsproxy_tls_CAfile`.
    tlsproxy_tls_CAfile: Text = "$smtpd_tls_CAfile";
    /// Parameter `tlsproxy_tls_CApath`.
    tlsproxy_tls_CApath: Text = "$smtpd_tls_CApath";
    /// Parameter `tlsproxy_tls_always_issue_session_ids`.
    tlsproxy_tls_always_issue_session_ids: Flag = "$smtpd_tls_always_issue_session_ids";
    /// Parameter `tlsproxy_tls_ask_ccert`.
    tlsproxy_tls_ask_ccert: Flag = "$smtpd_tls_ask_ccert";
    /// Parameter `tlsproxy_tls_ccert_verifydepth`.
    tlsproxy_tls_ccert_verifydepth: Int = "$smtpd_tls_ccert_verifydepth";
    /// Parameter `tlsproxy_tls_cert_file`.
    tlsproxy_tls_cert_file: Text = "$smtpd_tls_cert_file";
    /// Parameter `tlsproxy_tls_chain_files`.
    tlsproxy_tls_chain_files: Text = "$smtpd_tls_chain_files";
    /// Parameter `tlsproxy_tls_ciphers`.
    tlsproxy_tls_ciphers: Text = "$smtpd_tls_ciphers", at_least 1;
    /// Parameter `tlsproxy_tls_dcert_file`.
    tlsproxy_tls_dcert_file: Text = "$smtpd_tls_dcert_file";
    /// Parameter `tlsproxy_tls_dh1024_param_file`.
    tlsproxy_tls_dh1024_param_file: Text = "$smtpd_tls_dh1024_param_file";
    /// Parameter `tlsproxy_tls_dh512_param_file`.
    tlsproxy_tls_dh512_param_file: Text = "$smtpd_tls_dh512_param_file";
    /// Parameter `tlsproxy_tls_dkey_file`.
    tlsproxy_tls_dkey_file: Text = "$smtpd_tls_dkey_file";
    /// Parameter `tlsproxy_tls_eccert_file`.
    tlsproxy_tls_eccert_file: Text = "$smtpd_tls_eccert_file";
    /// Parameter `tlsproxy_tls_eckey_file`.
    tlsproxy_tls_eckey_file: Text = "$smtpd_tls_eckey_file";
    /// Parameter `tlsproxy_tls_eecdh_grade`.
    tlsproxy_tls_eecdh_grade: Text = "$smtpd_tls_eecdh_grade", at_least 1;
    /// Parameter `tlsproxy_tls_enable_rpk`.
    tlsproxy_tls_enable_rpk: Flag = "$smtpd_tls_enable_rpk";
    /// Parameter `tlsproxy_tls_exclude_ciphers`.
    tlsproxy_tls_exclude_ciphers: Text = "$smtpd_tls_exclude_ciphers";
    /// Parameter `tlsproxy_tls_fingerprint_digest`.
    tlsproxy_tls_fingerprint_digest: Text = "$smtpd_tls_fingerprint_digest", at_least 1;
    /// Parameter `tlsproxy_tls_key_file`.
    tlsproxy_tls_key_file: Text = "$smtpd_tls_key_file";
    /// Parameter `tlsproxy_tls_loglevel`.
    tlsproxy_tls_loglevel: Text = "$smtpd_tls_loglevel";
    /// Parameter `tlsproxy_tls_mandatory_ciphers`.
    tlsproxy_tls_mandatory_ciphers: Text = "$smtpd_tls_mandatory_ciphers", at_least 1;
    /// Parameter `tlsproxy_tls_mandatory_exclude_ciphers`.
    tlsproxy_tls_mandatory_exclude_ciphers: Text = "$smtpd_tls_mandatory_exclude_ciphers";
    /// Parameter `tlsproxy_tls_mandatory_protocols`.
    tlsproxy_tls_mandatory_protocols: Text = "$smtpd_tls_mandatory_protocols";
    /// Parameter `tlsproxy_tls_protocols`.
    tlsproxy_tls_protocols: Text = "$smtpd_tls_protocols";
    /// Parameter `tlsproxy_tls_req_ccert`.
    tlsproxy_tls_req_ccert: Flag = "$smtpd_tls_req_ccert";
    /// Parameter `tlsproxy_tls_security_level`.
    tlsproxy_tls_security_level: Text = "$smtpd_tls_security_level";
    /// Parameter `tlsproxy_use_tls`.
    tlsproxy_use_tls: Flag = "$smtpd_use_tls";
    /// Parameter `tlsproxy_watchdog_timeout`.
    tlsproxy_watchdog_timeout: Time = "10s", at_least 10;
    /// Parameter `trace_service_name`.
    trace_service_name: Text = "trace", at_least 1;
    /// Parameter `transport_maps`.
    transport_maps: Text = "";
    /// Parameter `transport_retry_time`.
    transport_retry_time: Time = "60s", at_least 1;
    /// Parameter `trigger_timeout`.
    trigger_timeout: Time = "10s", at_least 1;
    /// Parameter `undisclosed_recipients_header`.
    undisclosed_recipients_header: Text = "";
    /// Parameter `unknown_address_reject_code`.
    unknown_address_reject_code: Int = "450";
    /// Parameter `unknown_address_tempfail_action`.
    unknown_address_tempfail_action: Text = "$reject_tempfail_action", at_least 1;
    /// Parameter `unknown_client_reject_code`.
    unknown_client_reject_code: Int = "450";
    /// Parameter `unknown_helo_hostname_tempfail_action`.
    unknown_helo_hostname_tempfail_action: Text = "$reject_tempfail_action", at_least 1;
    /// Parameter `unknown_hostname_reject_code`.
    unknown_hostname_reject_code: Int = "450";
    /// Parameter `unknown_local_recipient_reject_code`.
    unknown_local_recipient_reject_code: Int = "550";
    /// Parameter `unknown_relay_recipient_reject_code`.
    unknown_relay_recipient_reject_code: Int = "550";
    /// Parameter `unknown_virtual_alias_reject_code`.
    unknown_virtual_alias_reject_code: Int = "550";
    /// Parameter `unknown_virtual_mailbox_reject_code`.
    unknown_virtual_mailbox_reject_code: Int = "550";
    /// Parameter `unverified_recipient_defer_code`.
    unverified_recipient_defer_code: Int = "450", at_least 200, at_most 499;
    /// Parameter `unverified_recipient_reject_code`.
    unverified_recipient_reject_code: Int = "450", at_least 200, at_most 599;
    /// Parameter `unverified_recipient_reject_reason`.
    unverified_recipient_reject_reason: Text = "";
    /// Parameter `unverified_recipient_tempfail_action`.
    unverified_recipient_tempfail_action: Text = "$reject_tempfail_action", at_least 1;
    /// Parameter `unverified_sender_defer_code`.
    unverified_sender_defer_code: Int = "450", at_least 200, at_most 499;
    /// Parameter `unverified_sender_reject_code`.
    unverified_sender_reject_code: Int = "450", at_least 200, at_most 599;
    /// Parameter `unverified_sender_reject_reason`.
    unverified_sender_reject_reason: Text = "";
    /// Parameter `unverified_sender_tempfail_action`.
    unverified_sender_tempfail_action: Text = "$reject_tempfail_action", at_least 1;
    /// Parameter `use_srv_lookup`.
    use_srv_lookup: Text = "";
    /// Parameter `verp_delimiter_filter`.
    verp_delimiter_filter: Text = "-=+", at_least 1;
    /// Parameter `virtual_alias_address_length_limit`.
    virtual_alias_address_length_limit: Int = "1000", at_least 1;
    /// Parameter `virtual_alias_domains`.
    virtual_alias_domains: Text = "$virtual_alias_maps";
    /// Parameter `virtual_alias_expansion_limit`.
    virtual_alias_expansion_limit: Int = "1000", at_least 1;
    /// Parameter `virtual_alias_maps`.
    virtual_alias_maps: Text = "$virtual_maps";
    /// Parameter `virtual_alias_recursion_limit`.
    virtual_alias_recursion_limit: Int = "1000", at_least 1;
    /// Parameter `virtual_delivery_status_filter`.
    virtual_delivery_status_filter: Text = "$default_delivery_status_filter";
    /// Parameter `virtual_gid_maps`.
    virtual_gid_maps: Text = "";
    /// Parameter `virtual_mailbox_base`.
    virtual_mailbox_base: Text = "", at_least 1;
    /// Parameter `virtual_mailbox_domains`.
    virtual_mailbox_domains: Text = "$virtual_mailbox_maps";
    /// Parameter `virtual_mailbox_limit`.
    virtual_mailbox_limit: Size = "51200000";
    /// Parameter `virtual_mailbox_lock`.
    virtual_mailbox_lock: Text = "fcntl, dotlock", at_least 1;
    /// Parameter `virtual_mailbox_maps`.
    virtual_mailbox_maps: Text = "";
    /// Parameter `virtual_maps`.
    virtual_maps: Text = "";
    /// Parameter `virtual_minimum_uid`.
    virtual_minimum_uid: Int = "100", at_least 1;
    /// Parameter `virtual_transport`.
    virtual_transport: Text = "virtual", at_least 1;
    /// Parameter `virtual_uid_maps`.
    virtual_uid_maps: Text = "";
    /// Parameter `transport_destination_concurrency_limit`.
    transport_destination_concurrency_limit: Int = "$default_destination_concurrency_limit", at_least 0;
    /// Parameter `transport_destination_recipient_limit`.
    transport_destination_recipient_limit: Int = "$default_destination_recipient_limit", at_least 0;
    /// Parameter `transport_destination_concurrency_positive_feedback`.
    transport_destination_concurrency_positive_feedback: Text = "$default_destination_concurrency_positive_feedback";
    /// Parameter `transport_destination_concurrency_negative_feedback`.
    transport_destination_concurrency_negative_feedback: Text = "$default_destination_concurrency_negative_feedback";
    /// Parameter `transport_destination_concurrency_failed_cohort_limit`.
    transport_destination_concurrency_failed_cohort_limit: Int = "$default_destination_concurrency_failed_cohort_limit", at_least 0;
    /// Parameter `transport_initial_destination_concurrency`.
    transport_initial_destination_concurrency: Int = "$initial_destination_concurrency", at_least 1;
    /// Parameter `transport_destination_rate_delay`.
    transport_destination_rate_delay: Time = "$default_destination_rate_delay", at_least 0;
    /// Parameter `transport_transport_rate_delay`.
    transport_transport_rate_delay: Time = "$default_transport_rate_delay", at_least 0;
    /// Parameter `transport_recipient_limit`.
    transport_recipient_limit: Int = "$default_recipient_limit", at_least 0;
    /// Parameter `transport_extra_recipient_limit`.
    transport_extra_recipient_limit: Int = "$default_extra_recipient_limit", at_least 0;
    /// Parameter `transport_recipient_refill_limit`.
    transport_recipient_refill_limit: Int = "$default_recipient_refill_limit", at_least 1;
    /// Parameter `transport_recipient_refill_delay`.
    transport_recipient_refill_delay: Time = "$default_recipient_refill_delay", at_least 1;
    /// Parameter `transport_delivery_slot_cost`.
    transport_delivery_slot_cost: Int = "$default_delivery_slot_cost", at_least 0;
    /// Parameter `transport_delivery_slot_loan`.
    transport_delivery_slot_loan: Int = "$default_delivery_slot_loan", at_least 0;
    /// Parameter `transport_delivery_slot_discount`.
    transport_delivery_slot_discount: Int = "$default_delivery_slot_discount", at_least 0, at_most 100;
    /// Parameter `transport_minimum_delivery_slots`.
    transport_minimum_delivery_slots: Int = "$default_minimum_delivery_slots", at_least 0;
    /// Parameter `transport_time_limit`.
    transport_time_limit: Time = "$command_time_limit", at_least 1;
    /// Parameter `smtp_skip_4xx_greeting`.
    smtp_skip_4xx_greeting: Text = "yes";
    /// Parameter `enable_errors_to`.
    enable_errors_to: Text = "no";
    /// Parameter `extract_recipient_limit`.
    extract_recipient_limit: Text = "10240";
    /// Parameter `lmtp_cache_connection`.
    lmtp_cache_connection: Text = "yes";
    /// Parameter `sender_based_routing`.
    sender_based_routing: Text = "no";
    /// Parameter `smtpd_sasl_application_name`.
    smtpd_sasl_application_name: Text = "smtpd";
    /// Parameter `smtpd_tls_cipherlist`.
    smtpd_tls_cipherlist: Text = "";
    /// Parameter `smtp_tls_cipherlist`.
    smtp_tls_cipherlist: Text = "";
    /// Parameter `tls_legacy_public_key_fingerprints`.
    tls_legacy_public_key_fingerprints: Text = "no";
    /// Parameter `tlsproxy_tls_session_cache_timeout`.
    tlsproxy_tls_session_cache_timeout: Text = "$smtpd_tls_session_cache_timeout";
    /// Parameter `tls_dane_trust_anchor_digest_enable`.
    tls_dane_trust_anchor_digest_enable: Text = "yes";
    /// Parameter `tls_dane_digest_agility`.
    tls_dane_digest_agility: Text = "on";
    /// Parameter `tlsproxy_client_loglevel_parameter`.
    tlsproxy_client_loglevel_parameter: Text = "smtp_tls_loglevel";
    /// Parameter `domain_to_ascii`.
    domain_to_ascii: Text = "no default";
}

/// Every declared parameter; the second of a pair is the twin under the `lmtp_` prefix.
pub fn all() -> &'static [(&'static Spec, Option<&'static Spec>)] {
    SPECS
}
