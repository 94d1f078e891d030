// SPDX-License-Identifier: MIT OR Apache-2.0
//! What tables with a file of keys and values have in common: who owns the file and whether it
//! changed, locks, and the terminators that keys and values may be stored with.
//!
//! *Postfix:* the shared part of dict_db(3), dict_lmdb(3) and dict_cdb(3).

use std::fs::File;
use std::io;
use std::path::Path;

use sys::lock;

use super::{cannot_open, reason, until_nul, with_suffix};
use crate::stamp::Stamp;
use crate::{Entry, Found, Listed, LookupError, OpenError, Options, Owner, Table};

/// Whether keys and values end with a NUL byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terminator {
    /// As is usual for the table type when it is written; either when it is read.
    Usual,
    /// They do.
    Nul,
    /// They do not.
    None,
}

impl Terminator {
    /// What a key may be stored as, most likely first.
    pub(crate) fn choices(self) -> &'static [Terminated] {
        match self {
            Self::Usual => &[Terminated::Yes, Terminated::No],
            Self::Nul => &[Terminated::Yes],
            Self::None => &[Terminated::No],
        }
    }
}

/// Whether one key ends with a NUL byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Terminated {
    Yes,
    No,
}

impl Terminated {
    pub(crate) fn stored(self, text: &[u8]) -> Vec<u8> {
        let mut stored = text.to_vec();
        if self == Self::Yes {
            stored.push(0);
        }
        stored
    }
}

/// Keys and values exactly as a file has them. Errors are texts.
pub(super) trait Store {
    /// The value of a key.
    fn value(&self, key: &[u8]) -> Result<Option<Vec<u8>>, String>;

    /// Every entry, in the order of the file.
    fn entries(&self) -> Result<Vec<Entry>, String>;

    /// The file that is locked while it is read, if others may write to it meanwhile.
    fn locked(&self) -> Option<&File> {
        None
    }
}

/// What changes in a file make it another table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Changes {
    /// It was replaced or written to.
    Any,
    /// It was replaced: several programs may write to one file in turn.
    Replaced,
}

/// A table over a [`Store`].
pub(super) struct Indexed<S> {
    name: String,
    store: S,
    stamp: Stamp,
    changes: Changes,
    terminator: Terminator,
}

/// Opens the file `name` plus `suffix` with `open`, and makes it a table that messages call
/// `kind:name`, with the suffix where `shows_suffix`.
pub(super) fn open<S: Store + 'static>(
    (kind, name): (&str, &str),
    (suffix, shows_suffix): (&str, bool),
    options: &Options,
    changes: Changes,
    open: impl FnOnce(File, &Path) -> Result<S, OpenError>,
) -> super::Opened {
    let source = Path::new(name);
    let path = with_suffix(source, suffix);
    let cannot = |error: io::Error| cannot_open(&path, &error);
    let file = File::open(&path).map_err(cannot)?;
    let stamp = Stamp::of(&file).map_err(cannot)?;
    let store = open(file, &path)?;
    stamp.warn_if_older_than(source, &path);
    let shown = if shows_suffix { suffix } else { "" };
    Ok(Box::new(Indexed {
        name: format!("{kind}:{name}{shown}"),
        store,
        stamp,
        changes,
        terminator: options.terminator,
    }))
}

impl<S: Store> Indexed<S> {
    fn read<T>(&self, act: impl FnOnce(&S) -> Result<T, String>) -> Result<T, LookupError> {
        let trouble =
            |what: String| LookupError::Retry(format!("error reading {}: {what}", self.name));
        let denied = |error: io::Error| trouble(reason(&error));
        let Some(file) = self.store.locked() else {
            return act(&self.store).map_err(trouble);
        };
        lock::lock(file, lock::Kind::Shared).map_err(denied)?;
        let result = act(&self.store);
        lock::unlock(file).map_err(denied)?;
        result.map_err(trouble)
    }
}

impl<S: Store> Table for Indexed<S> {
    fn get(&mut self, key: &[u8]) -> Found {
        let choices = self.terminator.choices();
        let found = self.read(|store| {
            for terminated in choices {
                if let Some(value) = store.value(&terminated.stored(key))? {
                    return Ok(Some((value, *terminated)));
                }
            }
            Ok(None)
        })?;
        Ok(found.map(|(value, terminated)| {
            // One key tells how all are stored.
            self.terminator = match terminated {
                Terminated::Yes => Terminator::Nul,
                Terminated::No => Terminator::None,
            };
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
        match self.changes {
            Changes::Any => self.stamp.changed(),
            Changes::Replaced => self.stamp.replaced(),
        }
    }

    fn entries(&mut self) -> Listed {
        let entries = self.read(S::entries)?.into_iter();
        let strip = |(key, value)| (until_nul(key), until_nul(value));
        Ok(Some(entries.map(strip).collect()))
    }
}
