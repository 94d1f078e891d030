// SPDX-License-Identifier: MIT OR Apache-2.0
//! What proxymap reads from `main.cf`.

config::select! {
    /// Which tables, and how they are opened.
    pub(crate) struct Params {
        proxy_read_maps,
        proxy_write_maps,
        tables: maps::Params,
    }
}
