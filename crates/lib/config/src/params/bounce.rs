// SPDX-License-Identifier: MIT OR Apache-2.0
//! Notifications of senders and postmasters.

use crate::table::parameters;

parameters! {
    /// Also write the `<recipient>: text` line in bounce/defer logs next to the attribute
    /// lines.
    backwards_bounce_logfile_compatibility: Flag = "yes", since "2.1";
    /// Postmaster address for bounce copies and for smtpd session transcripts of rejected mail.
    bounce_notice_recipient: Text = "postmaster", at_least 1;
    /// When the original is larger, only its headers are returned.
    bounce_size_limit: Int = "50000", at_least 1;
    /// Templates overriding the built-in failure/delay/success/verify texts.
    bounce_template_file: Text = "", since "2.3";
    /// Send a notice when a delayed message is finally delivered.
    confirm_delay_cleared: Flag = "no", since "3.0";
    /// Table mapping `D.S.N text` to a replacement; class 2 cannot become 4/5 or the reverse;
    /// default of the local_, virtual_, pipe_, smtp_ and lmtp_ versions (error(8) and
    /// discard(8) do not filter).
    default_delivery_status_filter: Tables = "", since "3.0";
    /// Two characters, default `+=`.
    default_verp_delimiters: Text = "+=", at_least 2, at_most 2, since "1.1";
    /// Postmaster address for delay notices.
    delay_notice_recipient: Text = "postmaster", at_least 1;
    /// Age at which the sender gets a delay notice (unit h); 0 = off.
    delay_warning_time: Time = "0h";
    /// Send one bounce for all recipients even for VERP mail.
    disable_verp_bounces: Flag = "no", since "1.1";
    /// Localpart of the sender of postmaster notices and bounces of bounces; mail to it is
    /// discarded.
    double_bounce_sender: Text = "double-bounce", at_least 1;
    /// Keep original recipients: X-Original-To, duplicate elimination by (orig,final) pair, DSN
    /// fields; `no` merges duplicates by final address.
    enable_original_recipient: Flag = "yes", since "2.1";
    /// Add References/In-Reply-To of the original Message-ID in notices.
    enable_threaded_bounces: Flag = "no", since "3.6";
    /// Postmaster address for policy/resource/software/protocol notices.
    error_notice_recipient: Text = "postmaster", at_least 1;
    /// Bounce and/or notify: subject self-generated mail to header/body checks and
    /// `non_smtpd_milters`.
    internal_mail_filter_classes: List = "", since "2.3";
    /// Which troubles the postmaster hears of: bounce, 2bounce, data, delay, policy, protocol,
    /// resource, software.
    notify_classes: List = "resource, software", since "2.9";
    /// Turn 5xx into 4xx in replies and deliveries; no local bounces.
    soft_bounce: Flag = "no";
    /// Where double bounces (bounces that cannot be delivered) go; needs class 2bounce (or
    /// bounce) in `notify_classes`.
    two_bounce_notice_recipient: Text =
        "postmaster", named "2bounce_notice_recipient", at_least 1;
    /// Allowed VERP delimiters.
    verp_delimiter_filter: Text = "-=+", at_least 1, since "1.1";
}
