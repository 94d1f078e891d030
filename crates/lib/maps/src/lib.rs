// SPDX-License-Identifier: MIT OR Apache-2.0
//! Lookup tables, lists of tables, match lists, and the ways addresses are looked up in them.
//!
//! A *table* answers a key with a value, with "not found", or with an error that is kept apart
//! from both ([`Table`], [`LookupError`]). [`Maps`] is what a parameter such as
//! `virtual_alias_maps` names: tables that are asked in order. [`StringList`], [`DomainList`] and
//! [`AddressList`] are what parameters such as `mydestination` and `mynetworks` name: patterns,
//! files and tables that match or do not. [`lookup`] holds the search orders for addresses.
//!
//! *Invariants:* "not found" and "failed" are different types of answer; a table that cannot be
//! opened is replaced by one that fails every request, so that mail is deferred and never refused
//! because of a missing file. A table type is one file of `types`.
//!
//! *Postfix:* dict(3), maps(3), match_list(3), string_list(3), domain_list(3), namadr_list(3),
//! mail_addr_find(3), mail_addr_map(3).

mod block;
pub mod build;
mod format;
mod lists;
pub mod lookup;
pub mod maintain;
mod maps;
mod open;
mod options;
pub mod remote;
pub mod source;
mod specification;
mod stamp;
mod table;
mod types;

pub use lists::{AddressList, DomainList, ParentMatch, StringList};
pub use maps::{Maps, Owned};
pub use open::{OpenError, open, open_or_fail_requests};
pub use options::{Databases, Options, Params};
pub use specification::named_tables;
pub use table::{Entry, Found, Listed, LookupError, Owner, Table};
pub use types::Opened;
pub use types::indexed::Terminator;
