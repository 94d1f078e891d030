// SPDX-License-Identifier: MIT OR Apache-2.0
//! One file with all messages, and files named in aliases.
//!
//! *Invariants*: the file is locked before it is looked at, and looked at (kind, links, owner)
//! before anything is written; on any error it gets its old length back before the lock goes.
//!
//! *Errors*: [`Trouble`] with the status of the original and a text without the mailbox name,
//! which the agent puts in front.
//!
//! *Postfix:* mbox_open(3), safe_open(3), the file parts of `local/mailbox` and `local/file`.

use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom};
use std::os::unix::fs::{MetadataExt, fchown};
use std::path::Path;

use mail::dsn::Status;
use sys::files::{Expect, FileKind, OpenFlags, SafeOpenError};
use sys::identity::with_effective;

use super::lock::{DotLock, LockMethods, LockPatience, lock_file};
use super::{Identity, copy_and_sync};
use crate::content::Content;
use crate::copy::Style;
use crate::trouble::{Trouble, error_text, mailbox_status};

/// A delivery to one file.
#[derive(Clone, Debug)]
pub struct Mbox<'a> {
    /// The file.
    pub path: &'a Path,
    /// With whose rights it is opened, created and locked.
    pub open_as: Identity,
    /// With whose rights the message is written.
    pub write_as: Identity,
    /// The owner that a created file is given, when that is not who opens it.
    pub give_to: Option<Identity>,
    /// The file must belong to this user (`strict_mailbox_ownership`).
    pub owner: Option<u32>,
    /// Whether an existing target may be something else than a regular file (`/dev/null`
    /// in an alias). Such a target is neither locked nor truncated.
    pub any_kind: bool,
    /// Refuse a target that anybody may execute.
    pub refuse_executable: bool,
    /// How to lock.
    pub locks: LockMethods,
    /// Go on with a warning when there can be no lock file (targets named by users).
    pub dotlock_is_optional: bool,
    /// How long to try.
    pub patience: LockPatience,
    /// The status of an error that has none of its own.
    pub default_status: Status,
    /// The status of a target that is not a regular file.
    pub kind_status: Status,
}

impl Mbox<'_> {
    /// Appends the message, and gives the length that the file had before (for comsat(8)).
    ///
    /// # Errors
    /// Whatever happened, the file is as it was before.
    pub fn append(&self, content: &mut Content<'_>, style: &Style<'_>) -> Result<u64, Trouble> {
        let opened = self.as_user(self.open_as, || self.open());
        let (file, _lock_file) = opened??;
        let outcome = self.as_user(self.write_as, || self.write(&file, content, style));
        // The kernel's locks go with the file, before the lock file goes.
        drop(file);
        if let Some(lock) = _lock_file {
            // Removing the lock file needs the rights that made it.
            let _ = with_effective(self.open_as.uid, self.open_as.gid, move || drop(lock));
        }
        outcome?
    }

    fn as_user<T>(&self, who: Identity, act: impl FnOnce() -> T) -> Result<T, Trouble> {
        with_effective(who.uid, who.gid, act).map_err(|error| {
            let text = format!(
                "cannot switch to uid {} gid {}: {}",
                who.uid,
                who.gid,
                error_text(&error)
            );
            Trouble::new(Status::new(4, 3, 0), text)
        })
    }

    fn open(&self) -> Result<(File, Option<DotLock>), Trouble> {
        let lock = self.take_dotlock()?;
        let file = self.open_file().map_err(|(doing, error)| {
            let (status, text) = match &error {
                SafeOpenError::Io(error) => (
                    mailbox_status(error, self.default_status),
                    format!("{doing}: {}", error_text(error)),
                ),
                SafeOpenError::Unsafe(why) => (self.default_status, why.clone()),
            };
            Trouble::new(status, text)
        })?;
        let meta = self.stat(&file)?;
        if meta.is_file() {
            lock_file(&file, self.locks, &self.patience).map_err(|error| {
                Trouble::from_io(
                    &error,
                    self.default_status,
                    "unable to lock for exclusive access",
                )
            })?;
            // While we waited for the lock, the file may have been replaced or linked.
            if self.stat(&file)?.nlink() != 1 {
                let text = "target file status changed unexpectedly";
                return Err(Trouble::new(self.default_status, text));
            }
        } else if !self.any_kind {
            let text = format!("destination {} is not a regular file", self.path.display());
            return Err(Trouble::new(self.kind_status, text));
        }
        self.check_owner_and_mode(&meta)?;
        Ok((file, lock))
    }

    fn check_owner_and_mode(&self, meta: &fs::Metadata) -> Result<(), Trouble> {
        if self.owner.is_some_and(|owner| owner != meta.uid()) {
            let text = format!(
                "destination {} is not owned by recipient",
                self.path.display()
            );
            return Err(Trouble::new(Status::new(4, 2, 0), text));
        }
        if self.refuse_executable && meta.is_file() && meta.mode() & 0o111 != 0 {
            return Err(Trouble::new(Status::new(5, 7, 1), "file is executable"));
        }
        Ok(())
    }

    fn take_dotlock(&self) -> Result<Option<DotLock>, Trouble> {
        if !self.locks.dotlock {
            return Ok(None);
        }
        match fs::metadata(self.path) {
            Ok(meta) if !meta.is_file() => return Ok(None),
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Ok(None),
            Ok(_) | Err(_) => {}
        }
        let error = match DotLock::take(self.path, &self.patience) {
            Ok(lock) => return Ok(Some(lock)),
            Err(error) => error,
        };
        let name = DotLock::path_for(self.path);
        let text = format!(
            "unable to create lock file {}: {}",
            name.display(),
            error_text(&error)
        );
        if error.kind() == io::ErrorKind::AlreadyExists {
            return Err(Trouble::new(Status::new(4, 2, 0), text));
        }
        if self.dotlock_is_optional {
            runtime::log::warning(&text);
            return Ok(None);
        }
        Err(Trouble::new(
            mailbox_status(&error, self.default_status),
            text,
        ))
    }

    /// Opens or creates the file; an error comes with what was being done.
    fn open_file(&self) -> Result<File, (&'static str, SafeOpenError)> {
        const OPENING: &str = "cannot open file";
        const CREATING: &str = "cannot create file exclusively";
        let kind = if self.any_kind {
            FileKind::Any
        } else {
            FileKind::Regular
        };
        let existing = OpenFlags::O_APPEND | OpenFlags::O_WRONLY | OpenFlags::O_NONBLOCK;
        let expect = Expect { owner: None, kind };
        for _ in 0..10 {
            match sys::files::safe_open(self.path, existing, 0, expect) {
                Err(SafeOpenError::Io(error)) if error.kind() == io::ErrorKind::NotFound => {}
                got => return got.map_err(|error| (OPENING, error)),
            }
            let new = existing | OpenFlags::O_CREAT | OpenFlags::O_EXCL;
            match sys::files::safe_open(self.path, new, 0o600, expect) {
                Ok(file) => {
                    if let Some(owner) = self.give_to {
                        fchown(&file, Some(owner.uid), Some(owner.gid))
                            .map_err(|error| ("cannot change file ownership", error.into()))?;
                    }
                    return Ok(file);
                }
                // Somebody was faster: look at what they made.
                Err(SafeOpenError::Io(error)) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err((CREATING, error)),
            }
        }
        Err((
            OPENING,
            SafeOpenError::Unsafe("file status changed unexpectedly".into()),
        ))
    }

    fn write(
        &self,
        file: &File,
        content: &mut Content<'_>,
        style: &Style<'_>,
    ) -> Result<u64, Trouble> {
        let regular = self.stat(file)?.is_file();
        let mut end = file;
        let length = if regular {
            let seek = end.seek(SeekFrom::End(0));
            Some(seek.map_err(|e| Trouble::from_io(&e, self.default_status, "seek mailbox file"))?)
        } else {
            None
        };
        let outcome = copy_and_sync(content, style, file, regular);
        if outcome.is_err()
            && let Some(length) = length
            && let Err(error) = file.set_len(length)
        {
            let path = self.path.display();
            runtime::log::warning(format_args!("truncate mailbox {path}: {error}"));
        }
        outcome.map(|()| length.unwrap_or(0))
    }

    fn stat(&self, file: &File) -> Result<fs::Metadata, Trouble> {
        file.metadata()
            .map_err(|error| Trouble::from_io(&error, self.default_status, "fstat"))
    }
}
