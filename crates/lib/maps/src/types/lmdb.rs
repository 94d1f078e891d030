// SPDX-License-Identifier: MIT OR Apache-2.0
//! `lmdb:name`: LMDB files `name.lmdb`, made by postmap(1) and postalias(1).
//!
//! *Postfix:* dict_lmdb(3).

use std::fs::File;
use std::path::Path;

use sys::lmdb;
use sys::lock;

use super::hash::Terminated;
use super::{cannot_open, reason, until_nul, with_suffix};
use crate::stamp::Stamp;
use crate::{Found, Listed, LookupError, Owner, Table};

struct Database {
    name: String,
    table: lmdb::Table,
    /// The same file, for locks.
    file: File,
    stamp: Stamp,
    terminated: Option<Terminated>,
}

pub(super) fn open(name: &str) -> super::Opened {
    let source = Path::new(name);
    let path = with_suffix(source, ".lmdb");
    let cannot = |error: std::io::Error| cannot_open(&path, &error);
    let file = File::open(&path).map_err(cannot)?;
    let stamp = Stamp::of(&file).map_err(cannot)?;
    let table = lmdb::Table::open(&path).map_err(cannot)?;
    stamp.warn_if_older_than(source, &path);
    Ok(Box::new(Database {
        name: format!("lmdb:{name}"),
        table,
        file,
        stamp,
        terminated: None,
    }))
}

impl Database {
    fn locked<T>(
        &self,
        act: impl FnOnce(&lmdb::Table) -> std::io::Result<T>,
    ) -> Result<T, LookupError> {
        let trouble = |error: std::io::Error| {
            LookupError::Retry(format!("error reading {}: {}", self.name, reason(&error)))
        };
        lock::lock(&self.file, lock::Kind::Shared).map_err(trouble)?;
        let result = act(&self.table);
        lock::unlock(&self.file).map_err(trouble)?;
        result.map_err(trouble)
    }
}

impl Table for Database {
    fn get(&mut self, key: &[u8]) -> Found {
        let known = self.terminated;
        let found = self.locked(|table| {
            for terminated in Terminated::EITHER {
                if known.is_none_or(|known| known == terminated)
                    && let Some(value) = table.get(&terminated.stored(key))?
                {
                    return Ok(Some((value, terminated)));
                }
            }
            Ok(None)
        })?;
        Ok(found.map(|(value, terminated)| {
            self.terminated = Some(terminated);
            until_nul(value)
        }))
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn owner(&self) -> Owner {
        self.stamp.owner()
    }

    fn changed(&self) -> bool {
        // Several programs may write to one file in turn: only a new file is a change.
        self.stamp.replaced()
    }

    fn entries(&mut self) -> Listed {
        let mut entries = Vec::new();
        self.locked(|table| {
            table.for_each(|key, value| {
                entries.push((until_nul(key.to_vec()), until_nul(value.to_vec())));
                true
            })
        })?;
        Ok(Some(entries))
    }
}
