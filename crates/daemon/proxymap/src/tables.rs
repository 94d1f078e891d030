// SPDX-License-Identifier: MIT OR Apache-2.0
//! The open tables.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::vec;

use ipc::flags::TableFlags;
use maps::{Entry, LookupError, Options, Table};
use runtime::log;

/// A table that clients share.
pub(crate) struct Opened {
    pub(crate) table: Box<dyn Table>,
    /// What a sequence of requests for all entries has not given yet.
    rest: vec::IntoIter<Entry>,
}

/// Which table, and how it treats keys: whether without regard to case, and as UTF-8.
type Instance = (String, bool, bool);

/// The open tables, by name and treatment of keys.
pub(crate) struct Tables {
    options: Options,
    open: HashMap<Instance, Opened>,
}

impl Tables {
    pub(crate) fn new(options: Options) -> Tables {
        Tables {
            options,
            open: HashMap::new(),
        }
    }

    /// The table as this client treats keys. One that cannot be opened fails every request.
    pub(crate) fn find(&mut self, name: &str, flags: TableFlags) -> &mut Opened {
        let fold = flags.intersects(TableFlags::FOLD_FIXED | TableFlags::FOLD_PATTERN);
        let utf8 = flags.contains(TableFlags::UTF8_REQUEST);
        self.instance(name, fold, utf8)
    }

    /// Opens a table as most programs use it.
    pub(crate) fn open_usual(&mut self, name: &str) {
        let (fold, utf8) = (self.options.fold, self.options.utf8);
        self.instance(name, fold, utf8);
    }

    fn instance(&mut self, name: &str, fold: bool, utf8: bool) -> &mut Opened {
        match self.open.entry((name.to_owned(), fold, utf8)) {
            Slot::Occupied(known) => known.into_mut(),
            Slot::Vacant(unknown) => {
                let mut options = self.options.clone();
                options.fold = fold;
                options.utf8 = utf8;
                unknown.insert(Opened {
                    table: maps::open_or_fail_requests(name, &options),
                    rest: Vec::new().into_iter(),
                })
            }
        }
    }

    /// A table whose file changed since it was opened.
    pub(crate) fn changed(&self) -> Option<String> {
        let changed = self.open.values().find(|opened| opened.table.changed())?;
        Some(changed.table.opened_as().to_owned())
    }
}

impl Opened {
    /// What its type is like, for clients.
    pub(crate) fn kind(&self) -> TableFlags {
        if self.table.is_fixed() {
            TableFlags::FIXED
        } else {
            TableFlags::PATTERN
        }
    }

    /// The first or the next entry; `None` behind the last.
    pub(crate) fn next_entry(&mut self, first: bool) -> Result<Option<Entry>, LookupError> {
        if first {
            let entries = self.table.entries()?.ok_or_else(|| {
                let message = format!(
                    "table {}: sequence operation is not supported",
                    self.table.name()
                );
                log::warning(&message);
                LookupError::Configuration(message)
            })?;
            self.rest = entries.into_iter();
        }
        Ok(self.rest.next())
    }
}
