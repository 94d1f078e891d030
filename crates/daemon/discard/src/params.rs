// SPDX-License-Identifier: MIT OR Apache-2.0
//! What discard(8) reads from main.cf.

use delivery::StatusParams;

config::select! {
    /// The parameters of discard(8).
    pub(crate) struct Params {
        hash_queue_depth,
        hash_queue_names,
        status: StatusParams,
    }
}
