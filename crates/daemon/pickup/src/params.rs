// SPDX-License-Identifier: MIT OR Apache-2.0
//! What pickup reads from main.cf.

config::select! {
    /// All parameters of the program.
    pub(crate) struct Params {
        /// Where all mail goes first.
        content_filter,
        /// What cleanup leaves undone with local mail.
        receive_override_options,
        smtputf8_enable,
        smtputf8_autodetect_classes,
        /// For the header that tells where the message came from.
        mail_name,
        myhostname,
        /// The longest record.
        line_length_limit,
        cleanup_service_name,
        /// Whose files were put back by postsuper.
        mail_owner,
    }
}
