// SPDX-License-Identifier: MIT OR Apache-2.0
//! `texthash:/file`: a source file of postmap(1), read whole when it is opened.
//!
//! Changes are not noticed later. A file that changes while it is read is read again.
//!
//! *Postfix:* dict_thash(3).

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;

use bstr::ByteSlice;
use runtime::log;

use super::{cannot_open, reason};
use crate::source::{Entries, LogicalLines, SourceEntry, Syntax};
use crate::stamp::Stamp;
use crate::{Found, Listed, OpenError, Options, Owner, Table};

/// How often a file is read that others keep writing to.
const MAX_READS: usize = 4;

struct TextHash {
    name: String,
    entries: HashMap<Vec<u8>, Vec<u8>>,
    owner: Owner,
}

pub(super) fn open(name: &str, options: &Options) -> super::Opened {
    let path = Path::new(name);
    let mut reads = 1;
    loop {
        let file = File::open(path).map_err(|error| cannot_open(path, &error))?;
        let failed = |error: io::Error| OpenError(format!("read {name}: {}", reason(&error)));
        let stamp = Stamp::of(&file).map_err(failed)?;
        let entries = read(file, name, options).map_err(failed)?;
        if reads < MAX_READS && stamp.changed() {
            reads += 1;
            continue;
        }
        let owner = stamp.owner();
        return Ok(Box::new(TextHash {
            name: format!("texthash:{name}"),
            entries,
            owner,
        }));
    }
}

fn read(file: File, name: &str, options: &Options) -> io::Result<HashMap<Vec<u8>, Vec<u8>>> {
    let lines = LogicalLines::new(BufReader::new(file), name);
    let mut source = Entries::new(lines, Syntax::TextHash, options.utf8);
    let mut entries = HashMap::new();
    while let Some(SourceEntry { key, value, line }) = source.next_entry()? {
        let key = options.folded(&key).into_owned();
        match entries.entry(key) {
            Slot::Occupied(slot) => log::warning(format_args!(
                "{name}, line {line}: duplicate entry: \"{}\"",
                slot.key().as_bstr()
            )),
            Slot::Vacant(slot) => {
                slot.insert(value);
            }
        }
    }
    Ok(entries)
}

impl Table for TextHash {
    fn get(&mut self, key: &[u8]) -> Found {
        Ok(self.entries.get(key).cloned())
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn owner(&self) -> Owner {
        self.owner
    }

    fn entries(&mut self) -> Listed {
        let mut entries: Vec<_> = self
            .entries
            .iter()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        entries.sort_unstable();
        Ok(Some(entries))
    }
}
