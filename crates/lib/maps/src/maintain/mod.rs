// SPDX-License-Identifier: MIT OR Apache-2.0
//! postmap(1) and postalias(1): build, update, query, delete and list tables.
//!
//! They are one program with two syntaxes of sources; [`main`] is all of it but the start.
//! Functions give back the text of a fatal error; warnings go to the log.
//!
//! *Postfix:* postmap(1), postalias(1).

mod build;
mod command_line;
mod message;
mod print;
mod query;
mod run;
#[cfg(test)]
mod tests;

pub use command_line::Program;
pub use run::main;

use crate::{Options, Table, open};
use build::{Aliases, Content, Permissions, Source};
use print::Style;

/// A table on the command line: `type:name`, or a name alone for the default type.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Target {
    /// The table type.
    kind: String,
    /// The name; for types with a file its path without suffix.
    name: String,
}

impl Target {
    /// Reads an argument; `default_kind` is `default_database_type`.
    fn parse(argument: &str, default_kind: &str) -> Self {
        let (kind, name) = argument.split_once(':').unwrap_or((default_kind, argument));
        Self {
            kind: kind.to_owned(),
            name: name.to_owned(),
        }
    }

    fn specification(&self) -> String {
        format!("{}:{}", self.kind, self.name)
    }

    /// Opens the table; what cannot be opened is an error at once.
    fn open(&self, options: &Options) -> Result<Box<dyn Table>, String> {
        open(&self.specification(), options).map_err(|error| error.to_string())
    }
}
