// SPDX-License-Identifier: MIT OR Apache-2.0
//! A list of tables that are asked in order, as a parameter names them.
//!
//! *Errors:* an error of any table ends the search: a later table does not hide it.
//!
//! *Postfix:* maps(3).

use crate::{Found, OpenError, Options, Owner, Table};

/// The tables that a parameter such as `alias_maps` names.
pub struct Maps {
    title: String,
    tables: Vec<Box<dyn Table>>,
}

impl Maps {
    /// Opens the tables named in `specifications`, which are separated by commas or white space.
    /// `title` is the parameter's name, for messages.
    pub fn open(title: &str, specifications: &str, options: &Options) -> Result<Self, OpenError> {
        let tables = specifications
            .split([',', ' ', '\t', '\r', '\n'])
            .filter(|word| !word.is_empty())
            .map(|word| crate::open(word, options))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            title: title.to_owned(),
            tables,
        })
    }

    /// The parameter's name.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Whether no table is named at all.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    /// Asks every table for a complete key. The empty key is never found.
    pub fn get(&mut self, key: &[u8]) -> Found {
        self.search(key, false)
            .map(|hit| hit.map(|(value, _)| value))
    }

    /// Asks only tables with fixed keys, for a part of an address (a partial key).
    pub fn get_partial(&mut self, key: &[u8]) -> Found {
        self.search(key, true)
            .map(|hit| hit.map(|(value, _)| value))
    }

    /// As [`Maps::get`], with the owner of the table that answered.
    pub fn get_with_owner(
        &mut self,
        key: &[u8],
    ) -> Result<Option<(Vec<u8>, Owner)>, crate::LookupError> {
        Ok(self.search(key, false)?.map(|(value, which)| {
            (
                value,
                self.tables.get(which).map_or(Owner::Unknown, |t| t.owner()),
            )
        }))
    }

    /// The name of a table whose file changed since it was opened: a daemon then finishes its
    /// clients and restarts.
    pub fn changed(&self) -> Option<&str> {
        self.tables
            .iter()
            .find(|table| table.changed())
            .map(|table| table.name())
    }

    fn search(
        &mut self,
        key: &[u8],
        partial: bool,
    ) -> Result<Option<(Vec<u8>, usize)>, crate::LookupError> {
        if key.is_empty() {
            return Ok(None);
        }
        for (which, table) in self.tables.iter_mut().enumerate() {
            if partial && !table.is_fixed() {
                continue;
            }
            if let Some(value) = table.get(key)? {
                return Ok(Some((value, which)));
            }
        }
        Ok(None)
    }
}
