// SPDX-License-Identifier: MIT OR Apache-2.0
//! What postmap reads from main.cf.

config::select! {
    /// The parameters of postmap.
    pub(crate) struct Params {
        default_database_type,
        smtputf8_enable,
        tables: maps::Params,
    }
}
