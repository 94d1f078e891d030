// SPDX-License-Identifier: MIT OR Apache-2.0
//! The files in maildrop, and what becomes of each.
//!
//! *Invariants*: a file is looked at through the descriptor that is read, opened beneath the
//! directory without following a link, and must be regular, complete, and without a second name.
//! A round over the directory is repeated as long as it got rid of files, so that nothing that
//! arrived meanwhile waits; a round without success ends the work, whatever lies there.
//!
//! *Postfix:* pickup(8).

use std::ffi::OsStr;
use std::fs::File;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Duration;

use ipc::client::Endpoint;
use queue::scan::{Entry, Scan};
use queue::trust::{self, Verdict};
use queue::{Layout, Queue, QueueId};
use runtime::log;
use sys::files::{OpenFlags, open_beneath};

use crate::Site;
use crate::copy::{self, Submitted};

/// What messages call the directory.
const DIRECTORY: &str = "maildrop";

/// What becomes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It was taken, or cannot ever be.
    Remove,
    /// It stays for the next time.
    Keep,
    /// It stays, and so does everything else: cleanup cannot be reached.
    KeepAll,
}

/// Takes every message that can be taken.
pub(crate) fn take_all(site: &Site, layout: &Layout, cleanup: &Endpoint, timeout: Duration) {
    loop {
        let mut scan = match Scan::open(layout, Queue::Maildrop) {
            Ok(scan) => scan,
            Err(error) => {
                log::warning(format_args!("open directory {DIRECTORY}: {error}"));
                return;
            }
        };
        let mut removed = 0;
        while let Some(entry) = scan.next_entry() {
            let id = match entry {
                Ok(Entry::Message { id, .. }) => id,
                Ok(Entry::Stray { .. }) => continue,
                Err(error) => {
                    log::warning(format_args!("scan {DIRECTORY}: {error}"));
                    return;
                }
            };
            match take(site, layout, cleanup, timeout, &id) {
                Fate::Remove => removed += u32::from(remove(layout, &id)),
                Fate::Keep => {}
                Fate::KeepAll => return,
            }
            runtime::watchdog::pat();
        }
        if removed == 0 {
            return;
        }
    }
}

fn remove(layout: &Layout, id: &QueueId) -> bool {
    let removed = layout.remove(Queue::Maildrop, id);
    if let Err(error) = &removed {
        log::warning(format_args!("remove {DIRECTORY}/{id}: {error}"));
    }
    removed.is_ok()
}

/// Takes one message.
fn take(site: &Site, layout: &Layout, cleanup: &Endpoint, timeout: Duration, id: &QueueId) -> Fate {
    let path = Path::new(DIRECTORY).join(id.as_str());
    let directory = File::open(layout.directory(Queue::Maildrop));
    let file = match directory.and_then(|directory| open(directory.as_fd(), id)) {
        Ok(file) => file,
        Err(error) => {
            if error.kind() != std::io::ErrorKind::NotFound {
                log::warning(format_args!("open input file {}: {error}", path.display()));
            }
            return Fate::Keep;
        }
    };
    let metadata = match file.metadata() {
        Ok(metadata) => metadata,
        Err(error) => {
            log::warning(format_args!("stat {}: {error}", path.display()));
            return Fate::Keep;
        }
    };
    match trust::judge(&path, metadata) {
        Verdict::Ready(metadata) => {
            let requeued = metadata.uid() == site.owner && metadata.mode() & 0o004 == 0;
            let message = Submitted {
                file,
                path: &path,
                id,
                uid: metadata.uid(),
                modified: metadata.mtime(),
                requeued,
            };
            copy::message(site, cleanup, timeout, message)
        }
        Verdict::NotReady(_) | Verdict::Gone => Fate::Keep,
        Verdict::Alien(why) => {
            log::warning(why);
            Fate::Keep
        }
    }
}

/// Opens a file in the directory; a FIFO does not hold this up.
fn open(directory: BorrowedFd<'_>, id: &QueueId) -> std::io::Result<File> {
    let flags = OpenFlags::O_RDONLY | OpenFlags::O_NONBLOCK;
    open_beneath(directory, OsStr::new(id.as_str()), flags, 0)
}
