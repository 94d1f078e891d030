// SPDX-License-Identifier: MIT OR Apache-2.0
//! `lmdb:name`: LMDB files `name.lmdb`, made by postmap(1) and postalias(1).
//!
//! *Postfix:* dict_lmdb(3).

use std::fs::File;
use std::path::Path;

use super::indexed::{self, Changes, Store};
use super::{cannot_open, reason};
use crate::{Entry, Options};

struct Database {
    table: sys::lmdb::Table,
    /// The same file, for locks.
    file: File,
}

pub(super) fn open(name: &str, options: &Options) -> super::Opened {
    let suffix = (".lmdb", false);
    indexed::open(
        ("lmdb", name),
        suffix,
        options,
        Changes::Replaced,
        |file, path| {
            let table = sys::lmdb::Table::open(path).map_err(|error| cannot_open(path, &error))?;
            Ok(Database { table, file })
        },
    )
}

/// Every entry of the file at `path`, as it is stored.
pub(crate) fn list(path: &Path) -> std::io::Result<Vec<Entry>> {
    entries(&sys::lmdb::Table::open(path)?)
}

fn entries(table: &sys::lmdb::Table) -> std::io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    table.for_each(|key, value| {
        entries.push((key.to_vec(), value.to_vec()));
        true
    })?;
    Ok(entries)
}

impl Store for Database {
    fn value(&self, key: &[u8]) -> Result<Option<Vec<u8>>, String> {
        self.table.get(key).map_err(|error| reason(&error))
    }

    fn entries(&self) -> Result<Vec<Entry>, String> {
        entries(&self.table).map_err(|error| reason(&error))
    }

    fn locked(&self) -> Option<&File> {
        Some(&self.file)
    }
}
