// SPDX-License-Identifier: MIT OR Apache-2.0
//! The file formats that can be written.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use berkeley::{DEFAULT_PAGE_SIZE, Pair};

use crate::Entry;
use crate::build::BuildError;
use crate::types::indexed::Terminated;
use crate::types::{cdb, hash, lmdb, reason, with_suffix};

/// A file format of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Btree,
    Cdb,
    Hash,
    Lmdb,
}

/// Table types that exist and cannot be made.
const NOT_MADE: [&str; 21] = [
    "cidr",
    "debug",
    "environ",
    "fail",
    "inline",
    "ldap",
    "memcache",
    "mysql",
    "pcre",
    "pgsql",
    "pipemap",
    "proxy",
    "randmap",
    "regexp",
    "socketmap",
    "sqlite",
    "static",
    "tcp",
    "texthash",
    "unionmap",
    "unix",
];

impl Format {
    pub(crate) fn of(kind: &str) -> Result<Self, BuildError> {
        match kind {
            "btree" => Ok(Self::Btree),
            "cdb" => Ok(Self::Cdb),
            "hash" => Ok(Self::Hash),
            "lmdb" => Ok(Self::Lmdb),
            kind if NOT_MADE.contains(&kind) => Err(BuildError(format!(
                "unsupported dictionary type: {kind} does not support bulk-mode creation."
            ))),
            kind => Err(BuildError(format!("unsupported dictionary type: {kind}"))),
        }
    }

    /// Whether tables of this type exist and cannot even be opened for writing.
    pub(crate) fn is_read_only(kind: &str) -> bool {
        NOT_MADE.contains(&kind) && !matches!(kind, "environ" | "fail" | "proxy" | "static")
    }

    pub(crate) fn suffix(self) -> &'static str {
        match self {
            Self::Btree | Self::Hash => ".db",
            Self::Cdb => ".cdb",
            Self::Lmdb => ".lmdb",
        }
    }

    /// The table as warnings about duplicates name it.
    pub(crate) fn shown(self, name: &str) -> String {
        match self {
            Self::Btree | Self::Hash => format!("{name}.db"),
            Self::Cdb => name.to_owned(),
            Self::Lmdb => format!("lmdb:{name}"),
        }
    }

    /// Whether keys and values usually end with a terminator.
    pub(crate) fn usual(self) -> Terminated {
        match self {
            Self::Btree | Self::Hash | Self::Lmdb => Terminated::Yes,
            Self::Cdb => Terminated::No,
        }
    }

    /// Whether an existing file is taken over by a new one, with its owner and permissions, as if
    /// it were updated in place; otherwise the new file has nothing to do with the old one.
    pub(crate) fn is_updated(self) -> bool {
        self != Self::Cdb
    }

    /// The file that cannot be opened when a table cannot be made.
    pub(crate) fn first_written(self, path: &Path) -> PathBuf {
        match self {
            Self::Cdb => with_suffix(path, ".tmp"),
            Self::Btree | Self::Hash | Self::Lmdb => path.to_owned(),
        }
    }

    /// Whether readers hold a lock, so that a file may be overwritten under an exclusive one.
    pub(crate) fn can_be_overwritten(self) -> bool {
        matches!(self, Self::Btree | Self::Hash)
    }

    /// The bytes of a file.
    pub(crate) fn encode(self, entries: &[Pair<'_>]) -> io::Result<Vec<u8>> {
        let invalid = |error: berkeley::Error| io::Error::other(error.to_string());
        match self {
            Self::Btree => berkeley::write_btree(entries, DEFAULT_PAGE_SIZE).map_err(invalid),
            Self::Hash => berkeley::write_hash(entries, DEFAULT_PAGE_SIZE).map_err(invalid),
            Self::Cdb => cdb::encode(entries),
            Self::Lmdb => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    /// Writes a new, empty file.
    pub(crate) fn store(
        self,
        mut file: &File,
        path: &Path,
        entries: &[Pair<'_>],
    ) -> io::Result<()> {
        match self {
            Self::Lmdb => sys::lmdb::write(path, 0o600, entries),
            Self::Btree | Self::Cdb | Self::Hash => file.write_all(&self.encode(entries)?),
        }
    }

    /// The entries of an existing file, as they are stored.
    pub(crate) fn load(self, path: &Path, file: &File) -> Result<Vec<Entry>, String> {
        match self {
            Self::Btree | Self::Hash => {
                let kind = match self {
                    Self::Btree => berkeley::Kind::Btree,
                    _ => berkeley::Kind::Hash,
                };
                let file = file.try_clone().map_err(|error| reason(&error))?;
                hash::reader(file, kind)?
                    .entries()
                    .and_then(Iterator::collect)
                    .map_err(|error: berkeley::Error| error.to_string())
            }
            Self::Lmdb => lmdb::list(path).map_err(|error| reason(&error)),
            Self::Cdb => file
                .try_clone()
                .and_then(cdb::Cdb::open)
                .and_then(|table| table.list())
                .map_err(|error| reason(&error)),
        }
    }
}
