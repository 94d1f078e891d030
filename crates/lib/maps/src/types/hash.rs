// SPDX-License-Identifier: MIT OR Apache-2.0
//! `hash:name` and `btree:name`: Berkeley DB files `name.db`, made by postmap(1) and postalias(1).
//!
//! Keys and values are stored with a terminator or without; the first key that is found tells
//! which. A request holds a shared lock, because other programs may update the file in place.
//!
//! *Postfix:* dict_db(3).

use std::fs::File;
use std::path::Path;

use berkeley::{Kind, Reader};
use sys::lock;

use super::{cannot_open, reason, until_nul, with_suffix};
use crate::stamp::Stamp;
use crate::{Found, Listed, LookupError, OpenError, Owner, Table};

/// Whether keys end with a NUL byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Terminated {
    Yes,
    No,
}

impl Terminated {
    /// What to try while nothing is known.
    pub(crate) const EITHER: [Self; 2] = [Self::Yes, Self::No];

    pub(crate) fn stored(self, text: &[u8]) -> Vec<u8> {
        let mut stored = text.to_vec();
        if self == Self::Yes {
            stored.push(0);
        }
        stored
    }
}

struct Database {
    name: String,
    reader: Reader<File>,
    stamp: Stamp,
    terminated: Option<Terminated>,
}

pub(super) fn open(kind: Kind, name: &str) -> super::Opened {
    let source = Path::new(name);
    let path = with_suffix(source, ".db");
    let file = File::open(&path).map_err(|error| cannot_open(&path, &error))?;
    let stamp = Stamp::of(&file).map_err(|error| cannot_open(&path, &error))?;
    let refused = |what: &dyn std::fmt::Display| {
        OpenError(format!("open database {}: {what}", path.display()))
    };
    let reader = Reader::open(file).map_err(|error| match error {
        berkeley::Error::Io(error) => cannot_open(&path, &error),
        error @ berkeley::Error::Format(_) => refused(&error),
    })?;
    let kind_name = match kind {
        Kind::Hash => "hash",
        Kind::Btree => "btree",
    };
    if reader.kind() != kind {
        return Err(refused(&"Invalid argument"));
    }
    stamp.warn_if_older_than(source, &path);
    Ok(Box::new(Database {
        name: format!("{kind_name}:{}", path.display()),
        reader,
        stamp,
        terminated: None,
    }))
}

impl Database {
    fn locked<T>(
        &self,
        act: impl FnOnce(&Reader<File>) -> Result<T, berkeley::Error>,
    ) -> Result<T, LookupError> {
        let trouble =
            |what: String| LookupError::Retry(format!("error reading {}: {what}", self.name));
        lock::lock(self.reader.source(), lock::Kind::Shared)
            .map_err(|error| trouble(reason(&error)))?;
        let result = act(&self.reader);
        lock::unlock(self.reader.source()).map_err(|error| trouble(reason(&error)))?;
        result.map_err(|error| trouble(error.to_string()))
    }
}

impl Table for Database {
    fn get(&mut self, key: &[u8]) -> Found {
        let known = self.terminated;
        let found = self.locked(|reader| {
            for terminated in Terminated::EITHER {
                if known.is_none_or(|known| known == terminated)
                    && let Some(value) = reader.get(&terminated.stored(key))?
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
        self.stamp.changed()
    }

    fn entries(&mut self) -> Listed {
        self.locked(|reader| {
            reader
                .entries()?
                .map(|entry| entry.map(|(key, value)| (until_nul(key), until_nul(value))))
                .collect::<Result<_, _>>()
                .map(Some)
        })
    }
}
