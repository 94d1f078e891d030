// SPDX-License-Identifier: MIT OR Apache-2.0
//! What postdrop reads from main.cf.

config::select! {
    /// All parameters of the program.
    pub(crate) struct Params {
        // Who may submit what.
        authorized_submit_users,
        local_login_sender_maps,
        empty_address_local_login_sender_maps_lookup_key,
        recipient_delimiter,
        // What is taken.
        line_length_limit,
        message_size_limit,
        // What is made, and who is told.
        enable_long_queue_ids,
        pickup_service_name,
        trigger_timeout,
    }
}
