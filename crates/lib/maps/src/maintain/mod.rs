// SPDX-License-Identifier: MIT OR Apache-2.0
//! What postmap(1) and postalias(1) do with tables: build, update, query, delete, list.
//!
//! The programs read options and print; the work is here once. All functions give back the text
//! of a fatal error; warnings go to the log.
//!
//! *Postfix:* postmap(1), postalias(1).

mod build;
mod print;
mod query;

pub use build::{Aliases, Content, Permissions, Source, rebuild, update_from};
pub use print::{Style, write_entry};
pub use query::{delete, keys, list, query, query_lines};

use crate::{Options, Table, open};

/// A table on the command line: `type:name`, or a name alone for the default type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The table type.
    pub kind: String,
    /// The name; for types with a file its path without suffix.
    pub name: String,
}

impl Target {
    /// Reads an argument; `default_kind` is `default_database_type`.
    pub fn parse(argument: &str, default_kind: &str) -> Self {
        match argument.split_once(':') {
            Some((kind, name)) => Self {
                kind: kind.to_owned(),
                name: name.to_owned(),
            },
            None => Self {
                kind: default_kind.to_owned(),
                name: argument.to_owned(),
            },
        }
    }

    fn specification(&self) -> String {
        format!("{}:{}", self.kind, self.name)
    }

    /// Opens the table; what cannot be opened is an error at once.
    fn open(&self, options: &Options) -> Result<Box<dyn Table>, String> {
        let mut options = options.clone();
        options.open_error_is_fatal = true;
        open(&self.specification(), &options).map_err(|error| error.to_string())
    }
}
