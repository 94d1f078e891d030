// SPDX-License-Identifier: MIT OR Apache-2.0
//! What postalias reads from main.cf.

config::select! {
    /// The parameters of postalias.
    pub(crate) struct Params {
        default_database_type,
        myhostname,
        smtputf8_enable,
        tables: maps::Params,
    }
}
