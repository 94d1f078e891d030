// SPDX-License-Identifier: MIT OR Apache-2.0
//! Families of parameters with one member per transport.
//!
//! The manual calls them `transport_destination_concurrency_limit` and so on, where
//! *transport* stands for the name of a service in `master.cf`.

use crate::error::ConfigError;
use crate::main_cf::MainCf;
use crate::params;
use crate::table::{Parameter, ValueOf};

/// The value that a family member has for `transport`:
/// `per_transport(&main_cf, "smtp", params::transport_destination_concurrency_limit)`.
pub fn per_transport<P: Parameter>(
    main_cf: &MainCf,
    transport: &str,
    _family: P,
) -> Result<ValueOf<P>, ConfigError> {
    let name = member_name(transport, P::SPEC.name);
    // `local_destination_concurrency_limit` and a few more have declarations of their own.
    let spec = params::find(&name).unwrap_or(P::SPEC);
    main_cf.load_named::<P::Type>(&name, spec)
}

/// The name that the family `family` has for `transport`.
pub(crate) fn member_name(transport: &str, family: &str) -> String {
    let suffix = family.strip_prefix("transport").unwrap_or(family);
    format!("{transport}{suffix}")
}
