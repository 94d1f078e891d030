// SPDX-License-Identifier: MIT OR Apache-2.0
//! A directory with one file per message.
//!
//! The message is written and synced under `tmp`, then linked into `new`: a reader sees it
//! whole or not at all, and no lock is needed.
//!
//! *Postfix:* `local/maildir`, `virtual/maildir`, sane_link(3).

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use mail::dsn::Status;
use sys::identity::with_effective;

use super::{Identity, copy_and_sync};
use crate::content::Content;
use crate::copy::Style;
use crate::trouble::{Trouble, error_text};

/// A delivery to one maildir.
#[derive(Clone, Debug)]
pub struct Maildir<'a> {
    /// The directory that has, or will have, `tmp`, `new` and `cur`.
    pub path: &'a Path,
    /// With whose rights everything is done.
    pub identity: Identity,
    /// The name of this host, for the file name.
    pub host: &'a str,
    /// The status of an error that has none of its own.
    pub default_status: Status,
}

impl Maildir<'_> {
    /// Adds the message.
    ///
    /// # Errors
    /// Nothing is left in `new`, and nothing is left in `tmp` that could be removed.
    pub fn add(&self, content: &mut Content<'_>, style: &Style<'_>) -> Result<(), Trouble> {
        let who = self.identity;
        let outcome = with_effective(who.uid, who.gid, || self.deliver(content, style));
        outcome.map_err(|error| {
            let text = format!(
                "cannot switch to uid {} gid {}: {}",
                who.uid,
                who.gid,
                error_text(&error)
            );
            Trouble::new(Status::new(4, 3, 0), text)
        })?
    }

    fn deliver(&self, content: &mut Content<'_>, style: &Style<'_>) -> Result<(), Trouble> {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let temporary = self.path.join("tmp").join(format!(
            "{}.P{}.{}",
            now.as_secs(),
            std::process::id(),
            self.host
        ));
        let file = self
            .create(&temporary)
            .map_err(|error| self.trouble(&error, &temporary))?;
        let outcome = self.fill_and_link(&file, content, style, &temporary, now);
        if let Err(error) = fs::remove_file(&temporary) {
            let path = temporary.display();
            runtime::log::warning(format_args!("remove {path}: {}", error_text(&error)));
        }
        outcome
    }

    fn fill_and_link(
        &self,
        file: &File,
        content: &mut Content<'_>,
        style: &Style<'_>,
        temporary: &Path,
        now: std::time::Duration,
    ) -> Result<(), Trouble> {
        let meta = file
            .metadata()
            .map_err(|error| self.trouble(&error, temporary))?;
        copy_and_sync(content, style, file, true)?;
        let final_name = format!(
            "{}.V{:x}I{:x}M{}.{}",
            now.as_secs(),
            meta.dev(),
            meta.ino(),
            now.subsec_micros(),
            self.host
        );
        let target = self.path.join("new").join(final_name);
        match link(temporary, &target) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                make_directories(&self.path.join("cur"))
                    .and_then(|()| make_directories(&self.path.join("new")))
                    .and_then(|()| link(temporary, &target))
                    .map_err(|error| self.trouble(&error, &target))
            }
            outcome => outcome.map_err(|error| self.trouble(&error, &target)),
        }
    }

    fn create(&self, path: &Path) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(0o600);
        match options.open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                make_directories(&self.path.join("tmp"))?;
                options.open(path)
            }
            outcome => outcome,
        }
    }

    fn trouble(&self, error: &io::Error, path: &Path) -> Trouble {
        let doing = format!("create maildir file {}", path.display());
        let trouble = Trouble::from_io(error, self.default_status, &doing);
        if error.kind() == io::ErrorKind::PermissionDenied {
            let Identity { uid, gid } = self.identity;
            let text = error_text(error);
            runtime::log::warning(format_args!(
                "maildir access problem for UID/GID={uid}/{gid}: {doing}: {text}"
            ));
            runtime::log::warning("perhaps you need to create the maildirs in advance");
        }
        trouble
    }
}

/// Makes a directory and those above it, for their owner alone.
fn make_directories(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// link(2), believed only after a second look: over NFS it may report a failure of something
/// that was done.
fn link(from: &Path, to: &Path) -> io::Result<()> {
    let Err(error) = fs::hard_link(from, to) else {
        return Ok(());
    };
    let same = |a: PathBuf, b: PathBuf| -> io::Result<bool> {
        let (a, b) = (fs::symlink_metadata(a)?, fs::symlink_metadata(b)?);
        Ok(a.dev() == b.dev() && a.ino() == b.ino())
    };
    match same(from.to_path_buf(), to.to_path_buf()) {
        Ok(true) => {
            let (from, to) = (from.display(), to.display());
            runtime::log::info(format_args!("link {from} to {to}: link exists ({error})"));
            Ok(())
        }
        Ok(false) | Err(_) => Err(error),
    }
}
