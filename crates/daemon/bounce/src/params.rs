// SPDX-License-Identifier: MIT OR Apache-2.0
//! What bounce reads from main.cf.

config::select! {
    /// What bounce reads from main.cf.
    pub(crate) struct Params {
        backwards_bounce_logfile_compatibility,
        bounce_notice_recipient,
        bounce_size_limit,
        bounce_template_file,
        cleanup_service_name,
        delay_notice_recipient,
        delay_warning_time,
        double_bounce_sender,
        enable_threaded_bounces,
        hash_queue_depth,
        hash_queue_names,
        header_from_format,
        internal_mail_filter_classes,
        ipc_timeout,
        mail_name,
        maximal_queue_lifetime,
        mydomain,
        myhostname,
        myorigin,
        notify_classes,
        requiretls_redact_dsn,
        smtputf8_autodetect_classes,
        smtputf8_enable,
        two_bounce_notice_recipient,
    }
}
