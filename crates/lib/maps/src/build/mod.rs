// SPDX-License-Identifier: MIT OR Apache-2.0
//! Makes and updates table files, whole: the new file is written beside the old one, brought to
//! stable storage, and renamed. Readers see the old table or the new one, and notice the change
//! because the old file has no name any more.
//!
//! *Invariants:* one writer at a time: the temporary file `TABLE.tmp` is locked while it is in
//! use. A writer that dies leaves the old table as it was.
//!
//! *Bugs:* where the directory may not be written to but the table may, an existing `.db` file is
//! overwritten in place under an exclusive lock, as the original always does.
//!
//! *Postfix:* mkmap(3), dict_db(3) and dict_cdb(3) for writing.

mod entries;
#[cfg(test)]
mod tests;

use std::fs::{self, File, Permissions};
use std::io::{self, Seek, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use berkeley::Pair;
use bstr::ByteSlice;
use entries::Entries;
use runtime::log;
use sys::files::{Expect, OpenFlags, safe_open};
use sys::lock;

use crate::format::Format;
use crate::types::indexed::Terminated;
use crate::types::{reason, with_suffix};
use crate::{Options, Terminator};

/// What happens to an entry whose key is in the table already. The first one stays in any case
/// but [`Duplicates::Replace`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duplicates {
    /// A warning is logged.
    Warn,
    /// Nothing is said.
    Ignore,
    /// The new entry replaces the old one.
    Replace,
}

/// How a table is made.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How keys and values are stored: case, UTF-8, terminators.
    pub stored: Options,
    /// What to do with keys that are there already.
    pub duplicates: Duplicates,
    /// Permissions of a file that does not exist yet.
    pub mode: u32,
}

/// Why a table was not made; the text is the whole message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BuildError(pub String);

/// A table that is being made. Nothing is visible before [`Build::commit`].
pub struct Build {
    settings: Settings,
    format: Format,
    /// The table as warnings about keys name it.
    table: String,
    /// The table as warnings about duplicates name it.
    shown: String,
    path: PathBuf,
    output: Output,
    /// The existing file, locked against programs that update in place.
    existing: Option<File>,
    entries: Entries,
}

enum Output {
    Temporary { file: File, path: PathBuf },
    InPlace(File),
}

impl Build {
    /// Begins an empty table that will replace the one of that name.
    ///
    /// # Errors
    /// A type that cannot be made, or a file that cannot be written.
    pub fn create(kind: &str, name: &str, settings: &Settings) -> Result<Self, BuildError> {
        Self::begin(kind, name, settings)
    }

    /// Begins with the entries of the existing table, if there is one.
    ///
    /// # Errors
    /// As for [`Build::create`]; also a type that cannot be updated, or a damaged table.
    pub fn update(kind: &str, name: &str, settings: &Settings) -> Result<Self, BuildError> {
        if kind == "cdb" {
            return Err(BuildError(
                "dict_cdb_open: inappropriate open flags for cdb database - specify O_RDONLY or \
                 O_WRONLY|O_CREAT|O_TRUNC"
                    .to_owned(),
            ));
        }
        let mut build = Self::begin(kind, name, settings)?;
        if let Some(file) = build.existing.as_ref().filter(|file| !is_empty(file)) {
            let entries = build
                .format
                .load(&build.path, file)
                .map_err(|why| build.cannot_open(&why))?;
            for (key, value) in entries {
                build.entries.put(&key, &value);
            }
        }
        Ok(build)
    }

    fn begin(kind: &str, name: &str, settings: &Settings) -> Result<Self, BuildError> {
        let format = Format::of(kind)?;
        let path = with_suffix(Path::new(name), format.suffix());
        let existing_failed =
            |error: io::Error| BuildError(format!("open {}: {}", path.display(), reason(&error)));
        if format.is_updated() {
            // Who may not write to a table may not replace it either.
            open_existing(&path).map_err(existing_failed)?;
        }
        let output = open_output(&path, format).map_err(|error| {
            let path = format.first_written(&path);
            BuildError(format!(
                "open database {}: {}",
                path.display(),
                reason(&error)
            ))
        })?;
        let existing = match &output {
            Output::Temporary { .. } if format.is_updated() => lock_existing(&path),
            Output::Temporary { .. } => Ok(None),
            Output::InPlace(file) => file.try_clone().map(Some),
        }
        .map_err(existing_failed)?;
        if existing.as_ref().is_some_and(is_empty) {
            log::warning(format_args!(
                "removing zero-length database file: {}",
                path.display()
            ));
        }
        Ok(Self {
            settings: settings.clone(),
            table: format!("{kind}:{}", path.display()),
            shown: format.shown(name),
            format,
            path,
            output,
            existing,
            entries: Entries::default(),
        })
    }

    /// Whether entries must be UTF-8.
    pub(crate) fn takes_utf8(&self) -> bool {
        self.settings.stored.utf8
    }

    /// Whether the table existed before.
    pub fn existed(&self) -> bool {
        self.existing.is_some()
    }

    /// What to say of a table that should exist and does not.
    pub(crate) fn missing(&self) -> String {
        self.cannot_open("No such file or directory").0
    }

    /// Adds an entry.
    pub fn add(&mut self, key: &[u8], value: &[u8]) {
        let key = self.settings.stored.folded(key);
        let terminated = self.terminated();
        let stored = terminated.stored(&key);
        if self.settings.duplicates != Duplicates::Replace && self.entries.contains(&stored) {
            if self.settings.duplicates == Duplicates::Warn {
                log::warning(format_args!(
                    "{}: duplicate entry: \"{}\"",
                    self.shown,
                    key.as_bstr()
                ));
            }
            return;
        }
        self.entries.put(&stored, &terminated.stored(value));
    }

    /// Adds an entry, or replaces it, whatever the settings say of duplicates.
    pub fn replace(&mut self, key: &[u8], value: &[u8]) {
        let terminated = self.terminated();
        self.entries
            .put(&terminated.stored(key), &terminated.stored(value));
    }

    /// Adds an entry, or replaces it, exactly as given: not folded, without terminator.
    pub fn add_exactly(&mut self, key: &[u8], value: &[u8]) {
        self.entries.put(key, value);
    }

    /// Removes the entry of a key; tells whether there was one.
    pub fn remove(&mut self, key: &[u8]) -> bool {
        if !self.settings.stored.accepts(&self.table, key) {
            return false;
        }
        let key = self.settings.stored.folded(key);
        let mut removed = false;
        for terminated in self.settings.stored.terminator.choices() {
            removed |= self.entries.remove(&terminated.stored(&key));
        }
        removed
    }

    /// Puts the new table in place.
    ///
    /// # Errors
    /// The table could not be written; the old one is untouched.
    pub fn commit(mut self) -> Result<(), BuildError> {
        let entries = std::mem::take(&mut self.entries);
        let entries = entries.pairs();
        let result = match &self.output {
            Output::Temporary { file, path } => self.write_temporary(file, path, &entries),
            Output::InPlace(file) => self.write_in_place(file, &entries),
        };
        result.map_err(|error| {
            BuildError(format!("write {}: {}", self.path.display(), reason(&error)))
        })
    }

    fn write_temporary(&self, file: &File, path: &Path, entries: &[Pair<'_>]) -> io::Result<()> {
        self.format.store(file, path, entries)?;
        let mode = match &self.existing {
            // An existing table keeps its owner and permissions, as if it were updated in place.
            Some(existing) => {
                let old = existing.metadata()?;
                let new = file.metadata()?;
                if (old.uid(), old.gid()) != (new.uid(), new.gid()) {
                    // Only root can; anybody else becomes the owner of what he makes.
                    let _ = std::os::unix::fs::fchown(file, Some(old.uid()), Some(old.gid()));
                }
                old.mode() & 0o777
            }
            None => self.settings.mode,
        };
        file.set_permissions(Permissions::from_mode(mode))?;
        file.sync_all()?;
        fs::rename(path, &self.path)?;
        let parent = self
            .path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
    }

    fn write_in_place(&self, mut file: &File, entries: &[Pair<'_>]) -> io::Result<()> {
        let bytes = self.format.encode(entries)?;
        file.rewind()?;
        file.set_len(0)?;
        file.write_all(&bytes)?;
        file.sync_all()
    }

    fn terminated(&self) -> Terminated {
        match self.settings.stored.terminator {
            Terminator::Usual => self.format.usual(),
            Terminator::Nul => Terminated::Yes,
            Terminator::None => Terminated::No,
        }
    }

    fn cannot_open(&self, why: &str) -> BuildError {
        BuildError(format!("open database {}: {why}", self.path.display()))
    }
}

impl Drop for Build {
    fn drop(&mut self) {
        if let Output::Temporary { file, path } = &self.output
            && is_at(file, path)
        {
            // Not committed. A file that cannot be removed is used again by the next writer.
            let _ = fs::remove_file(path);
        }
    }
}

/// Whether `path` names the open file.
fn is_at(file: &File, path: &Path) -> bool {
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(open), Ok(named)) => (open.dev(), open.ino()) == (named.dev(), named.ino()),
        _ => false,
    }
}

/// Opens and locks the temporary file; whoever holds the lock is the only writer.
fn open_output(path: &Path, format: Format) -> io::Result<Output> {
    let temporary = with_suffix(path, ".tmp");
    loop {
        let flags = OpenFlags::O_RDWR | OpenFlags::O_CREAT;
        let file = match safe_open(&temporary, flags, 0o600, Expect::default()) {
            Ok(file) => file,
            Err(error) => {
                let error = io::Error::from(error);
                let denied = error.kind() == io::ErrorKind::PermissionDenied;
                return if denied && format.can_be_overwritten() {
                    // The directory's permissions are the reason if there is no table yet.
                    in_place(path).map_err(|other| match other.kind() {
                        io::ErrorKind::NotFound => error,
                        _ => other,
                    })
                } else {
                    Err(error)
                };
            }
        };
        lock::lock(&file, lock::Kind::Exclusive)?;
        // The writer before may have renamed the file while this one waited.
        if is_at(&file, &temporary) {
            file.set_len(0)?;
            return Ok(Output::Temporary {
                file,
                path: temporary,
            });
        }
    }
}

fn in_place(path: &Path) -> io::Result<Output> {
    let file = File::options().read(true).write(true).open(path)?;
    lock::lock(&file, lock::Kind::Exclusive)?;
    Ok(Output::InPlace(file))
}

fn is_empty(file: &File) -> bool {
    file.metadata().is_ok_and(|metadata| metadata.len() == 0)
}

fn open_existing(path: &Path) -> io::Result<Option<File>> {
    match File::options().read(true).write(true).open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Opens the existing table and keeps programs that update in place away from it.
fn lock_existing(path: &Path) -> io::Result<Option<File>> {
    loop {
        let Some(file) = open_existing(path)? else {
            return Ok(None);
        };
        lock::lock(&file, lock::Kind::Exclusive)?;
        if is_at(&file, path) {
            return Ok(Some(file));
        }
    }
}
