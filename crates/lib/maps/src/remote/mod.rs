// SPDX-License-Identifier: MIT OR Apache-2.0
//! What tables on servers have in common: settings files, connections, and templates that make queries of
//! keys and results of values. Used by the types here, and by the library of databases.
//!
//! *Postfix:* cfg_parser(3), db_common(3).

mod expansion;
mod link;
mod settings;

pub use expansion::{Expansions, Template};
pub use link::Address;
pub(crate) use link::{Link, malformed};
pub use settings::Settings;
