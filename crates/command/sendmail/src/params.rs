// SPDX-License-Identifier: MIT OR Apache-2.0
//! What sendmail reads from main.cf.

config::select! {
    /// All parameters of the program.
    pub(crate) struct Params {
        // Programs that do the work, and what they may know.
        command_directory,
        daemon_directory,
        export_environment,
        alias_database,
        // Who may submit mail.
        authorized_submit_users,
        // The message.
        header_size_limit,
        line_length_limit,
        message_size_limit,
        sendmail_fix_line_endings,
        default_verp_delimiters,
        verp_delimiter_filter,
        requiretls_enable,
        smtputf8_enable,
    }
}
