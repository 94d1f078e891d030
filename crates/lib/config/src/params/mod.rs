// SPDX-License-Identifier: MIT OR Apache-2.0
//! The parameter table: every parameter of Postfix 3.12, a file per area.
//!
//! Each parameter is a unit struct whose name is the exact spelling in `main.cf`, so that a
//! search finds everything. Where the name is no identifier, `named` gives the spelling.
//!
//! *Invariants*: names are unique; within a file they are sorted; every default is a value
//! that the parameter's own type and bounds accept.
//!
//! *Postfix:* `global/mail_params.h` and the tables in each program.

use std::sync::OnceLock;

use crate::table::Spec;

mod access;
mod address;
mod basic;
mod bounce;
mod classes;
mod cleanup;
mod content;
mod extensions;
mod install;
mod instance;
mod local;
mod log;
mod milter;
mod network;
mod obsolete;
mod postscreen;
mod qmgr;
mod queue;
mod resource;
mod sasl;
mod service;
mod smtp;
mod smtpd;
mod submission;
mod tables;
mod tls;
mod tls_client;
mod tls_server;
mod transport;
mod verify;
mod virtual_;

pub use access::*;
pub use address::*;
pub use basic::*;
pub use bounce::*;
pub use classes::*;
pub use cleanup::*;
pub use content::*;
pub use extensions::*;
pub use install::*;
pub use instance::*;
pub use local::*;
pub use log::*;
pub use milter::*;
pub use network::*;
pub use obsolete::*;
pub use postscreen::*;
pub use qmgr::*;
pub use queue::*;
pub use resource::*;
pub use sasl::*;
pub use service::*;
pub use smtp::*;
pub use smtpd::*;
pub use submission::*;
pub use tables::*;
pub use tls::*;
pub use tls_client::*;
pub use tls_server::*;
pub use transport::*;
pub use verify::*;
pub use virtual_::*;

/// A declaration, and its twin under the `lmtp_` prefix.
pub type Declared = (&'static Spec, Option<&'static Spec>);

/// All declarations, an area at a time.
static AREAS: &[&[Declared]] = &[
    basic::SPECS,
    install::SPECS,
    network::SPECS,
    service::SPECS,
    instance::SPECS,
    log::SPECS,
    resource::SPECS,
    queue::SPECS,
    submission::SPECS,
    classes::SPECS,
    address::SPECS,
    cleanup::SPECS,
    content::SPECS,
    extensions::SPECS,
    tables::SPECS,
    smtpd::SPECS,
    access::SPECS,
    postscreen::SPECS,
    smtp::SPECS,
    tls::SPECS,
    tls_server::SPECS,
    tls_client::SPECS,
    sasl::SPECS,
    milter::SPECS,
    qmgr::SPECS,
    transport::SPECS,
    local::SPECS,
    virtual_::SPECS,
    bounce::SPECS,
    verify::SPECS,
    obsolete::SPECS,
];

/// Every declaration, twins included, sorted by name.
pub fn all() -> &'static [&'static Spec] {
    static SORTED: OnceLock<Vec<&'static Spec>> = OnceLock::new();
    SORTED.get_or_init(|| {
        let declared = AREAS.iter().flat_map(|area| area.iter());
        let mut specs: Vec<_> = declared
            .flat_map(|(spec, twin)| [Some(*spec), *twin])
            .flatten()
            .collect();
        specs.sort_unstable_by_key(|spec| spec.name);
        specs
    })
}

/// The families with one member per transport; their names begin with `transport`.
pub fn families() -> impl Iterator<Item = &'static Spec> {
    transport::SPECS.iter().map(|(spec, _)| *spec)
}

/// The declaration of the parameter called `name` in `main.cf`.
pub fn find(name: &str) -> Option<&'static Spec> {
    let specs = all();
    let at = specs.binary_search_by_key(&name, |spec| spec.name).ok()?;
    specs.get(at).copied()
}

#[cfg(test)]
mod tests;
