// SPDX-License-Identifier: MIT OR Apache-2.0
//! The parameter table: every parameter of Postfix 3.12, a file per area.
//!
//! Each parameter is a unit struct whose name is the exact spelling in `main.cf`, so that a
//! search finds everything. Where the name is no identifier, `named` gives the spelling.
//!
//! The doc comment of a declaration is its entry in postconf(5), shown also by
//! `postconf --explain`. It is written in a small part of Markdown:
//!
//! - The first sentence is the summary that the pages of programs show. It stands alone.
//! - Paragraphs are separated by empty lines. `- text` and `1. text` make items; ``- `value`: text``
//!   defines a value. Further lines of an item are indented by two. Items do not nest.
//! - An example stands between ```` ```text ```` and ```` ``` ````.
//! - Names of parameters, values and all that is typed stand in backticks, where nothing needs
//!   an escape; `*placeholder*`. Pages are referred to as access(5), cleanup(8).
//! - What the declaration says (type, default, bounds, since when it exists, what replaces it)
//!   is not repeated: the manual adds it. Later changes of behaviour are told.
//!
//! A name with an underscore in backticks must be a parameter, a value that some entry defines,
//! or a line of `words.txt`; a page must exist. Tests see to both.
//!
//! *Invariants*: names are unique; within a file they are sorted; every default is a value
//! that the parameter's own type and bounds accept.
//!
//! *Postfix:* `global/mail_params.h` and the tables in each program.

use crate::table::Spec;
use sorted::SORTED;

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
mod sorted;
mod submission;
mod tables;
mod tls;
mod tls_client;
mod tls_server;
mod transport;
mod verify;
mod virtual_;

/// A declaration, and its twin under the `lmtp_` prefix.
pub type Declared = (&'static Spec, Option<&'static Spec>);

/// The lines of a declaration's doc comment.
pub(crate) type Prose = &'static [&'static str];

macro_rules! areas {
    ($($area:ident)*) => {
        $(pub use $area::*;)*
        /// All declarations, an area at a time.
        static AREAS: &[&[Declared]] = &[$($area::SPECS),*];
        /// Their texts. Programs that do not show them must not come here.
        static TEXTS: &[&[Prose]] = &[$($area::PROSE),*];
    };
}
areas! {
    basic install network service instance log resource queue
    submission classes address cleanup content extensions tables smtpd
    access postscreen smtp tls tls_server tls_client sasl milter
    qmgr transport local virtual_ bounce verify obsolete
}

/// Every declaration with its text, an area at a time.
pub(crate) fn told() -> impl Iterator<Item = (&'static Declared, Prose)> {
    let areas = AREAS.iter().zip(TEXTS);
    areas.flat_map(|(specs, texts)| specs.iter().zip(texts.iter().copied()))
}

/// Every declaration, twins included, sorted by name.
pub fn all() -> &'static [&'static Spec] {
    &SORTED
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
