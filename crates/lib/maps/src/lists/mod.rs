// SPDX-License-Identifier: MIT OR Apache-2.0
//! Match lists: patterns, files of patterns and tables, with negation.
//!
//! *Postfix:* match_list(3), match_ops(3), string_list(3), domain_list(3), namadr_list(3).

mod addresses;
mod domains;
mod patterns;
mod strings;

pub use addresses::AddressList;
pub use domains::{DomainList, ParentMatch};
pub use strings::StringList;
