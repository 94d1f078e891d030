// SPDX-License-Identifier: MIT OR Apache-2.0
//! `hash:name` and `btree:name`: Berkeley DB files `name.db`, made by postmap(1) and postalias(1).
//!
//! A request holds a shared lock, because other programs may update the file in place.
//!
//! *Postfix:* dict_db(3).

use std::fs::File;

use berkeley::{Kind, Reader};

use super::indexed::{self, Changes, Store};
use crate::{Entry, OpenError, Options};

pub(super) fn open(kind: Kind, name: &str, options: &Options) -> super::Opened {
    let named = match kind {
        Kind::Hash => ("hash", name),
        Kind::Btree => ("btree", name),
    };
    indexed::open(named, (".db", true), options, Changes::Any, |file, path| {
        reader(file, kind)
            .map_err(|why| OpenError(format!("open database {}: {why}", path.display())))
    })
}

/// Opens a file of one kind; an error is the reason alone.
pub(crate) fn reader(file: File, kind: Kind) -> Result<Reader<File>, String> {
    let reader = Reader::open(file).map_err(|error| match error {
        berkeley::Error::Io(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => {
            super::reason(&error)
        }
        // In the words of the original, which says the same of every file that is no database.
        berkeley::Error::Io(_) | berkeley::Error::Format(_) => "Invalid argument".to_owned(),
    })?;
    if reader.kind() == kind {
        Ok(reader)
    } else {
        Err("Invalid argument".to_owned())
    }
}

impl Store for Reader<File> {
    fn value(&self, key: &[u8]) -> Result<Option<Vec<u8>>, String> {
        self.get(key).map_err(|error| error.to_string())
    }

    fn entries(&self) -> Result<Vec<Entry>, String> {
        // Not this function again, but that of the reader.
        Reader::entries(self)
            .and_then(Iterator::collect)
            .map_err(|error| error.to_string())
    }

    fn locked(&self) -> Option<&File> {
        Some(self.source())
    }
}
