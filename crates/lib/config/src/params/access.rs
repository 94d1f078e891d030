// SPDX-License-Identifier: MIT OR Apache-2.0
//! Access restrictions of the SMTP server.

use crate::table::parameters;

parameters! {
    /// Reply code for DEFER, DEFER_IF_PERMIT, DEFER_IF_REJECT results of access maps.
    access_map_defer_code: Int = "450", since "2.6";
    /// Reply code for REJECT results of access maps.
    access_map_reject_code: Int = "554";
    /// Accept sender-specified routing (user@a@b, %, !) from untrusted clients for
    /// `relay_domains`; `no` avoids the backup-MX relay loophole; also controls whether such
    /// non-local addresses match access tables.
    allow_untrusted_routing: Flag = "no";
    /// Reply template for RBL rejects; only its own attributes are expanded.
    default_rbl_reply: Raw =
        "$rbl_code Service unavailable; $rbl_class [$rbl_what] blocked using $rbl_domain${rbl_reason?; $rbl_reason}", at_least 1, since "2.0";
    /// Reply code of the defer restriction.
    defer_code: Int = "450";
    /// Reply code of `reject_invalid_helo_hostname`.
    invalid_hostname_reject_code: Int = "501";
    /// Obsolete domain list for `reject_maps_rbl`.
    maps_rbl_domains: List = "";
    /// Reply code of RBL restrictions.
    maps_rbl_reject_code: Int = "554";
    /// Reply code of `reject_multi_recipient_bounce`.
    multi_recipient_bounce_reject_code: Int = "550", since "2.1";
    /// Reply code of reject_non_fqdn_\*.
    non_fqdn_reject_code: Int = "504";
    /// Networks whose hosts qualify as primary MX for `permit_mx_backup`.
    permit_mx_backup_networks: List = "";
    /// Reply code of `reject_plaintext_session`.
    plaintext_reject_code: Int = "450", since "2.3";
    /// Templates by RBL argument; since 3.10 falls back from domain=filter to domain.
    rbl_reply_maps: Tables = "", since "2.0";
    /// Reply code of the reject restriction.
    reject_code: Int = "554";
    /// `defer_if_permit` or defer when a reject restriction cannot be evaluated.
    reject_tempfail_action: Text = "defer_if_permit", at_least 1, since "2.6";
    /// Fingerprint tables for `permit_tls_clientcerts`.
    relay_clientcerts: List = "", since "2.2";
    /// Reply code of `reject_unauth_destination`.
    relay_domains_reject_code: Int = "554";
    /// Append `in local recipient table` etc. to User unknown.
    show_user_unknown_table_name: Flag = "yes", since "2.0";
    /// Restrictions at connect.
    smtpd_client_restrictions: List = "";
    /// Restrictions at DATA or first BDAT; recipient available only for one-recipient mail.
    smtpd_data_restrictions: List = "", since "2.0";
    /// Evaluate connect/helo/sender lists at RCPT (or ETRN).
    smtpd_delay_reject: Flag = "yes";
    /// As `smtp_dns_reply_filter` for smtpd lookups (MX, A, AAAA, TXT).
    smtpd_dns_reply_filter: Tables = "", since "3.0";
    /// Restrictions after the final dot/LAST.
    smtpd_end_of_data_restrictions: List = "", since "2.2";
    /// Restrictions of ETRN.
    smtpd_etrn_restrictions: List = "";
    /// Restrictions at HELO.
    smtpd_helo_restrictions: List = "";
    /// Log these `permit` decisions.
    smtpd_log_access_permit_actions: List = "", since "2.10";
    /// Key for the null sender in access maps.
    smtpd_null_access_lookup_key: Text = "<>";
    /// Result when the policy server fails.
    smtpd_policy_service_default_action: Text =
        "451 4.3.5 Server configuration problem", at_least 1, since "3.0";
    /// Close an idle policy connection.
    smtpd_policy_service_max_idle: Time = "300s", at_least 1, since "2.1";
    /// Close an old policy connection.
    smtpd_policy_service_max_ttl: Time = "1000s", at_least 1, since "2.1";
    /// Value of `policy_context`.
    smtpd_policy_service_policy_context: Text = "", since "3.1";
    /// Requests per connection; 0 = unlimited.
    smtpd_policy_service_request_limit: Int = "0", since "3.0";
    /// Pause before resending.
    smtpd_policy_service_retry_delay: Time = "1s", at_least 1, since "3.0";
    /// I/O limit.
    smtpd_policy_service_timeout: Time = "100s", at_least 1, since "2.1";
    /// Attempts (min 1).
    smtpd_policy_service_try_limit: Int = "2", at_least 1, since "3.0";
    /// Restrictions at RCPT after relay restrictions.
    smtpd_recipient_restrictions: List = "";
    /// Implicit unknown-recipient check.
    smtpd_reject_unlisted_recipient: Flag = "yes", since "2.1";
    /// Implicit unknown-sender check.
    smtpd_reject_unlisted_sender: Flag = "no", since "2.1";
    /// Relay list first (default yes at `compatibility_level` ≥ 3.6).
    smtpd_relay_before_recipient_restrictions: Flag =
        "${{$compatibility_level} <level {3.6} ? {no} : {yes}}", since "3.6";
    /// Relay policy at RCPT.
    smtpd_relay_restrictions: List =
        "${{$compatibility_level} <level {1} ? {} : {permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination}}", since "2.10";
    /// Address → logins that own it (`reject_sender_login_mismatch` family).
    smtpd_sender_login_maps: Tables = "";
    /// Restrictions at MAIL.
    smtpd_sender_restrictions: List = "";
    /// Reply code of reject_unknown_\*_domain.
    unknown_address_reject_code: Int = "450";
    /// Action on temporary failure of those.
    unknown_address_tempfail_action: Text = "$reject_tempfail_action", at_least 1, since "2.6";
    /// Reply code of `reject_unknown_client_hostname`.
    unknown_client_reject_code: Int = "450";
    /// Action on temporary failure of `reject_unknown_helo_hostname`.
    unknown_helo_hostname_tempfail_action: Text =
        "$reject_tempfail_action", at_least 1, since "2.6";
    /// Reply code of `reject_unknown_helo_hostname`.
    unknown_hostname_reject_code: Int = "450";
    /// Reply code for unknown local recipients.
    unknown_local_recipient_reject_code: Int = "550", since "2.0";
    /// Same for relay.
    unknown_relay_recipient_reject_code: Int = "550", since "2.0";
    /// Same for virtual alias domains.
    unknown_virtual_alias_reject_code: Int = "550", since "2.0";
    /// Same for virtual mailbox domains.
    unknown_virtual_mailbox_reject_code: Int = "550", since "2.0";
    /// Reply code when a recipient probe fails temporarily (250 = accept).
    unverified_recipient_defer_code: Int = "450", at_least 200, at_most 499, since "2.6";
    /// Reply code when a recipient probe fails (250 = accept).
    unverified_recipient_reject_code: Int = "450", at_least 200, at_most 599, since "2.1";
    /// Fixed text instead of probe details.
    unverified_recipient_reject_reason: Text = "", since "2.6";
    /// Action when `reject_unverified_recipient` fails temporarily.
    unverified_recipient_tempfail_action: Text =
        "$reject_tempfail_action", at_least 1, since "2.6";
    /// Sender version.
    unverified_sender_defer_code: Int = "450", at_least 200, at_most 499, since "2.6";
    /// Sender version.
    unverified_sender_reject_code: Int = "450", at_least 200, at_most 599, since "2.1";
    /// Sender version.
    unverified_sender_reject_reason: Text = "", since "2.6";
    /// Sender version.
    unverified_sender_tempfail_action: Text = "$reject_tempfail_action", at_least 1, since "2.6";
}
