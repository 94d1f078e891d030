// SPDX-License-Identifier: MIT OR Apache-2.0
//! The structure of the queue: every file under its right name, in its right directory, and nothing
//! that a crash left behind.
//!
//! A short queue id holds the inode number of its file, which is what makes it unique; after a
//! queue was restored from elsewhere the two must be made to agree again. The logs of a message go
//! with it.
//!
//! *Invariants*: a file is never overwritten: where the right name is taken by a file that has to go
//! elsewhere itself, the file waits under the right name with a `#` until the second pass. Logs are
//! renamed before their message, so that an interrupted run can be repeated.
//!
//! *Postfix:* the super() function of postsuper.

use crate::Interrupted;
use crate::options::{QUEUES, Structure};
use crate::report::Report;
use queue::id::IdForm;
use queue::scan::{Entry, Scan};
use queue::{Layout, Queue, QueueId};
use runtime::log;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Files that are not complete after this time never will be.
const STALE: Duration = Duration::from_secs(7 * 86400);
/// Deepest directory that is looked into.
const DEPTH_LIMIT: u8 = 16;
/// What a name ends with whose right place is taken.
const WAITING: u8 = b'#';

/// Which repairs are wanted, and how names look.
pub(crate) struct Repair<'a> {
    /// Where the queue is.
    pub(crate) layout: &'a Layout,
    /// The form of new names.
    pub(crate) form: IdForm,
    /// Names and places.
    pub(crate) structure: Option<Structure>,
    /// Stale files.
    pub(crate) purge: bool,
}

fn is_log(queue: Queue) -> bool {
    matches!(
        queue,
        Queue::Bounce | Queue::Defer | Queue::Trace | Queue::Flush
    )
}

impl Repair<'_> {
    /// Repairs these queues, or all.
    pub(crate) fn run(
        &self,
        queues: &[Queue],
        report: &mut Report,
        interrupted: &Interrupted,
    ) -> Result<(), String> {
        let chosen = |queue: &&Queue| queues.is_empty() || queues.contains(*queue);
        for queue in QUEUES.iter().filter(chosen) {
            // What waits for a name in the first pass gets it in the second.
            let left = self.pass(*queue, true, report, interrupted)?;
            if left > 0 {
                let left = self.pass(*queue, false, report, interrupted)?;
                report.misplaced += left;
            }
            if self.purge || self.structure.is_some() {
                self.remove_directories(*queue);
            }
        }
        Ok(())
    }

    /// Goes through one queue; gives the number of files that are still not where they belong.
    fn pass(
        &self,
        queue: Queue,
        first: bool,
        report: &mut Report,
        interrupted: &Interrupted,
    ) -> Result<u64, String> {
        let directory = queue.name();
        let scan = Scan::open(self.layout, queue)
            .map_err(|error| format!("open directory {directory}: {error}"))?;
        // All names first: what is renamed while it is listed may be listed twice.
        let mut entries = Vec::new();
        for entry in scan {
            match entry {
                Ok(Entry::Message { path, .. } | Entry::Stray { path }) => entries.push(path),
                Err(error) => return Err(format!("read directory {directory}: {error}")),
            }
        }
        let mut left = 0;
        for path in entries {
            interrupted.check(report);
            left += u64::from(!self.file(queue, &path, first, report)?);
        }
        Ok(left)
    }

    /// Looks after one file; whether it is, in the end, where it belongs.
    fn file(
        &self,
        queue: Queue,
        path: &Path,
        first: bool,
        report: &mut Report,
    ) -> Result<bool, String> {
        let Ok(metadata) = fs::symlink_metadata(path) else {
            return Ok(true);
        };
        if self.purge && is_stale(queue, &metadata) {
            return match fs::remove_file(path) {
                Ok(()) => {
                    log::verbose(format_args!("removed file {}", path.display()));
                    Ok(true)
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
                Err(error) => Err(format!("remove file {}: {error}", path.display())),
            };
        }
        let name = path
            .file_name()
            .map(|name| name.as_bytes())
            .unwrap_or_default();
        let bare = name.strip_suffix(&[WAITING]).unwrap_or(name);
        let wanted = QueueId::parse(bare).and_then(|id| self.wanted(queue, &id, &metadata));
        let Some(wanted) = wanted.filter(|_| metadata.is_file()) else {
            if first {
                log::warning(format_args!("bogus file name: {}", path.display()));
            }
            return Ok(true);
        };
        if self.structure.is_none() {
            return Ok(true);
        }
        let target = self.layout.path(queue, &wanted);
        if target == path {
            return Ok(true);
        }
        let waited = bare.len() != name.len();
        let old = QueueId::parse(bare).filter(|old| *old != wanted && !is_log(queue));
        if target.symlink_metadata().is_ok() {
            if let Some(old) = old {
                self.rename_logs(|log| self.layout.path(log, &old), &wanted, with_mark)?;
                self.rename(path, &with_mark(&target), queue, &wanted)?;
                report.renamed += 1;
            }
            return Ok(false);
        }
        if let Some(old) = old {
            self.rename_logs(
                |log| self.layout.path(log, &old),
                &wanted,
                Path::to_path_buf,
            )?;
            report.renamed += 1;
        } else if waited {
            let from = |log| with_mark(&self.layout.path(log, &wanted));
            self.rename_logs(from, &wanted, Path::to_path_buf)?;
        }
        self.rename(path, &target, queue, &wanted)?;
        Ok(true)
    }

    /// The name that a file should have.
    fn wanted(&self, queue: Queue, id: &QueueId, metadata: &Metadata) -> Option<QueueId> {
        if is_log(queue) {
            return Some(id.clone());
        }
        let inode = metadata.ino();
        if id.is_long() {
            return match (self.form, self.structure) {
                (IdForm::Long, Some(Structure::Any)) => id.with_inode(inode),
                (IdForm::Long, _) => Some(id.clone()),
                (IdForm::Short, _) => QueueId::parse(format!("{}{inode:X}", id.hash_characters())),
            };
        }
        // Without room for the microseconds it was never a queue id.
        id.with_inode(inode)
    }

    fn rename(&self, from: &Path, to: &Path, queue: Queue, id: &QueueId) -> Result<(), String> {
        let done = match fs::rename(from, to) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => self
                .layout
                .create_directories(queue, id)
                .and_then(|()| fs::rename(from, to)),
            done => done,
        };
        match done {
            Ok(()) => {
                let (from, to) = (from.display(), to.display());
                log::verbose(format_args!("renamed file {from} as {to}"));
                Ok(())
            }
            // It was delivered, or removed, meanwhile.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => {
                let (from, to) = (from.display(), to.display());
                Err(format!("rename file {from} as {to}: {error}"))
            }
        }
    }

    /// Makes the logs of a message, which are where `from` says, those of `new`; `mark` says under
    /// which name exactly.
    fn rename_logs(
        &self,
        from: impl Fn(Queue) -> PathBuf,
        new: &QueueId,
        mark: impl Fn(&Path) -> PathBuf,
    ) -> Result<(), String> {
        for log in [Queue::Bounce, Queue::Defer, Queue::Trace] {
            let path = from(log);
            if path.symlink_metadata().is_ok() {
                self.rename(&path, &mark(&self.layout.path(log, new)), log, new)?;
            }
        }
        Ok(())
    }

    /// Removes directories that hashing does not need (any more).
    fn remove_directories(&self, queue: Queue) {
        remove_below(
            &self.layout.directory(queue),
            self.layout.depth(queue),
            DEPTH_LIMIT,
        );
    }
}

/// Removes the empty directories more than `needed` levels below `directory`.
fn remove_below(directory: &Path, needed: u8, levels: u8) {
    let Some(levels) = levels.checked_sub(1) else {
        return;
    };
    let Ok(entries) = fs::read_dir(directory) else {
        return;
    };
    for entry in entries.flatten() {
        if !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        let path = entry.path();
        remove_below(&path, needed.saturating_sub(1), levels);
        if needed == 0 {
            match fs::remove_dir(&path) {
                Ok(()) => log::verbose(format_args!("remove subdirectory {}", path.display())),
                Err(error) => {
                    log::warning(format_args!(
                        "remove subdirectory {}: {error}",
                        path.display()
                    ));
                }
            }
        }
    }
}

/// A file that a program was writing when it ended: without the permissions of a complete one, and
/// old.
fn is_stale(queue: Queue, metadata: &Metadata) -> bool {
    let complete = if is_log(queue) { 0o600 } else { 0o700 };
    let old = SystemTime::now().checked_sub(STALE);
    let time = metadata.modified().ok();
    metadata.is_file()
        && metadata.mode() & complete != complete
        && time.zip(old).is_some_and(|(time, old)| time < old)
}

fn with_mark(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("#");
    PathBuf::from(name)
}
