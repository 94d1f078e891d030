// SPDX-License-Identifier: MIT OR Apache-2.0
//! What showq(8) reads from main.cf.

config::select! {
    /// The parameters of showq(8).
    pub(crate) struct Params {
        duplicate_filter_limit,
        empty_address_recipient,
        hash_queue_depth,
        hash_queue_names,
    }
}
