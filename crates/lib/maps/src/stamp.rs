// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is remembered of a table's file when it is opened: who owns it, and which file it was.
//!
//! *Postfix:* dict_changed(3), the owner part of dict_open(3).

use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

use runtime::log;

use crate::Owner;

/// How much younger than this a source may be without a warning: somebody may be editing it.
const SOURCE_GRACE: Duration = Duration::from_secs(100);

/// A table's file as it was when it was opened.
pub(crate) struct Stamp {
    file: File,
    owner: Owner,
    modified: (i64, i64),
}

fn modified(metadata: &Metadata) -> (i64, i64) {
    (metadata.mtime(), metadata.mtime_nsec())
}

impl Stamp {
    pub(crate) fn of(file: &File) -> io::Result<Self> {
        let metadata = file.metadata()?;
        Ok(Self {
            file: file.try_clone()?,
            owner: owner_of(&metadata),
            modified: modified(&metadata),
        })
    }

    pub(crate) fn owner(&self) -> Owner {
        self.owner
    }

    /// Whether the file was replaced, or written to.
    pub(crate) fn changed(&self) -> bool {
        self.file
            .metadata()
            .is_ok_and(|now| now.nlink() == 0 || modified(&now) != self.modified)
    }

    /// Whether the file was replaced by another one.
    pub(crate) fn replaced(&self) -> bool {
        self.file.metadata().is_ok_and(|now| now.nlink() == 0)
    }

    /// Warns about a source that was changed after its table was built.
    pub(crate) fn warn_if_older_than(&self, source: &Path, table: &Path) {
        let Ok(source_modified) = source.metadata().map(|metadata| metadata.mtime()) else {
            return;
        };
        let now = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        let limit = now.saturating_sub(SOURCE_GRACE).as_secs();
        if source_modified > self.modified.0
            && i64::try_from(limit).is_ok_and(|limit| source_modified < limit)
        {
            log::warning(format_args!(
                "database {} is older than source file {}",
                table.display(),
                source.display()
            ));
        }
    }
}

/// Who controls a file: root's files are as good as the configuration.
pub(crate) fn owner_of(metadata: &Metadata) -> Owner {
    match metadata.uid() {
        0 => Owner::Trusted,
        uid => Owner::User(uid),
    }
}
