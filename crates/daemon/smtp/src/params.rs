// SPDX-License-Identifier: MIT OR Apache-2.0
//! What smtp(8) and lmtp(8) read from main.cf. Twins are read under the name of the protocol.

use delivery::StatusParams;

config::select! {
    /// Everything the client needs to know.
    pub(crate) struct Params {
        // Who we are.
        myhostname, mydomain, smtp_helo_name, inet_interfaces, proxy_interfaces, inet_protocols,
        // Where mail goes.
        relayhost, smtp_fallback_relay, best_mx_transport, smtp_tcp_port, smtp_host_lookup,
        disable_dns_lookups, smtp_dns_support_level, ignore_mx_lookup_error,
        smtp_defer_if_no_mx_address_found, smtp_randomize_addresses, smtp_address_preference,
        smtp_balance_inet_protocols, smtp_mx_address_limit, smtp_mx_session_limit,
        // Connecting, and keeping connections.
        smtp_bind_address, smtp_bind_address6, smtp_bind_address_enforce,
        smtp_connection_cache_destinations, smtp_connection_cache_on_demand,
        smtp_connection_cache_time_limit, smtp_connection_reuse_count_limit,
        smtp_connection_reuse_time_limit,
        // How long to wait.
        smtp_connect_timeout, smtp_helo_timeout, smtp_xforward_timeout, smtp_mail_timeout,
        smtp_rcpt_timeout, smtp_data_init_timeout, smtp_data_xfer_timeout, smtp_data_done_timeout,
        smtp_rset_timeout, smtp_quit_timeout, smtp_per_request_deadline, smtp_min_data_rate,
        ipc_timeout,
        // What to say.
        smtp_always_send_ehlo, smtp_never_send_ehlo, smtp_skip_5xx_greeting,
        smtp_skip_quit_response, smtp_discard_ehlo_keywords,
        smtp_discard_ehlo_keyword_address_maps, smtp_quote_rfc821_envelope,
        smtp_send_xforward_command, smtp_reply_filter, smtp_pix_workarounds,
        smtp_pix_workaround_maps, smtp_pix_workaround_delay_time,
        smtp_pix_workaround_threshold_time, smtp_address_verify_target, lmtp_assume_final,
        // The message.
        smtp_line_length_limit, smtp_generic_maps, disable_mime_output_conversion,
        recipient_delimiter, propagate_unmatched_extensions, mydestination, myorigin,
        rewrite_service_name, line_length_limit,
        // What is refused until this client can do it.
        smtp_enforce_tls, smtp_tls_security_level, smtp_tls_wrappermode,
        smtp_tls_policy_maps, smtp_sasl_auth_enable, smtp_sasl_password_maps,
        // The queue, outcomes.
        hash_queue_names, hash_queue_depth, helpful_warnings, smtp_delivery_status_filter,
        status: StatusParams,
    }
}
