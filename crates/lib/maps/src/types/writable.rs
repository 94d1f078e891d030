// SPDX-License-Identifier: MIT OR Apache-2.0
//! `hash:`, `btree:` and `lmdb:` tables that a program changes while it runs, for proxywrite.
//!
//! *Bugs:* each change writes the whole table anew, which is slow for a large one.
//!
//! *Postfix:* the update operations of dict_db(3) and dict_lmdb(3).

use crate::build::{Build, BuildError, Duplicates, Settings};
use crate::{Found, Listed, LookupError, OpenError, Options, Owner, Table, Terminator};

struct Writable {
    kind: String,
    name: String,
    reader: Box<dyn Table>,
    options: Options,
}

/// Opens the table, and creates it if it is not there.
pub(super) fn open(kind: &str, name: &str, options: &Options) -> super::Opened {
    let mut options = options.clone();
    options.writable = false;
    let reader = match super::open(kind, name, &options) {
        Ok(reader) => reader,
        Err(_) => {
            let failed = |error: BuildError| OpenError(error.to_string());
            let build = Build::update(kind, name, &settings(&options)).map_err(failed)?;
            build.commit().map_err(failed)?;
            super::open(kind, name, &options)?
        }
    };
    Ok(Box::new(Writable {
        kind: kind.to_owned(),
        name: name.to_owned(),
        reader,
        options,
    }))
}

/// Keys come as they shall be stored.
fn settings(options: &Options) -> Settings {
    let mut stored = options.clone();
    stored.fold = false;
    stored.terminator = Terminator::Usual;
    Settings {
        stored,
        duplicates: Duplicates::Replace,
        mode: 0o600,
    }
}

impl Writable {
    fn change<T>(&mut self, act: impl FnOnce(&mut Build) -> T) -> Result<T, LookupError> {
        let failed = |error: BuildError| LookupError::Retry(error.to_string());
        let mut build =
            Build::update(&self.kind, &self.name, &settings(&self.options)).map_err(failed)?;
        let done = act(&mut build);
        build.commit().map_err(failed)?;
        self.reader = super::open(&self.kind, &self.name, &self.options)
            .map_err(|error| LookupError::Retry(error.to_string()))?;
        Ok(done)
    }
}

impl Table for Writable {
    fn get(&mut self, key: &[u8]) -> Found {
        self.reader.get(key)
    }

    fn name(&self) -> &str {
        self.reader.name()
    }

    fn owner(&self) -> Owner {
        self.reader.owner()
    }

    fn entries(&mut self) -> Listed {
        self.reader.entries()
    }

    fn put(&mut self, key: &[u8], value: &[u8]) -> Result<(), LookupError> {
        self.change(|build| build.replace(key, value))
    }

    fn remove(&mut self, key: &[u8]) -> Result<bool, LookupError> {
        self.change(|build| build.remove(key))
    }
}
