// SPDX-License-Identifier: MIT OR Apache-2.0
//! What postqueue(1) reads from main.cf.

config::select! {
    /// The parameters of postqueue(1).
    pub(crate) struct Params {
        // Who may do what.
        authorized_flush_users,
        authorized_mailq_users,
        mail_owner,
        // Whom it talks to.
        daemon_directory,
        flush_service_name,
        queue_service_name,
        showq_service_name,
        trigger_timeout,
        // How it shows what it heard.
        enable_long_queue_ids,
    }
}
