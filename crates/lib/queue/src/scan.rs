// SPDX-License-Identifier: MIT OR Apache-2.0
//! Walks a queue directory, one entry at a time, through its hashed subdirectories.
//!
//! *Invariants:* never deeper than [`DEPTH_LIMIT`]; memory is bounded by the depth, not by the
//! number of files. Entries may come and go while the walk goes on; one that disappears is skipped.
//!
//! *Postfix:* util/scan_dir(3), global/mail_scan_dir(3).

use std::collections::VecDeque;
use std::fs::{self, ReadDir};
use std::io;
use std::path::PathBuf;

use crate::id::QueueId;
use crate::layout::{Layout, Queue};

/// Deepest directory level that is entered.
pub const DEPTH_LIMIT: usize = 16;

/// What a directory entry is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A name that is a queue id, and where it was found (not always where it belongs).
    Message {
        /// The name.
        id: QueueId,
        /// The path, from the layout's root.
        path: PathBuf,
    },
    /// Anything else that is not a directory: temporary names, strays.
    Stray {
        /// The path, from the layout's root.
        path: PathBuf,
    },
}

/// A walk in progress.
#[derive(Debug)]
pub struct Scan {
    open: Vec<ReadDir>,
    pending: VecDeque<io::Error>,
}

impl Scan {
    /// Begins a walk. A missing directory is an error.
    pub fn open(layout: &Layout, queue: Queue) -> io::Result<Scan> {
        let top = fs::read_dir(layout.directory(queue))?;
        Ok(Scan {
            open: vec![top],
            pending: VecDeque::new(),
        })
    }

    /// The ids of messages only; errors end the walk silently (they are logged by who opened it
    /// with [`Scan::next_entry`]).
    pub fn messages(self) -> impl Iterator<Item = QueueId> {
        self.filter_map(|entry| match entry {
            Ok(Entry::Message { id, .. }) => Some(id),
            Ok(Entry::Stray { .. }) | Err(_) => None,
        })
    }

    /// The next entry, in the order of the file system.
    pub fn next_entry(&mut self) -> Option<io::Result<Entry>> {
        if let Some(error) = self.pending.pop_front() {
            return Some(Err(error));
        }
        while let Some(directory) = self.open.last_mut() {
            let Some(entry) = directory.next() else {
                self.open.pop();
                continue;
            };
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.open.pop();
                    return Some(Err(error));
                }
            };
            let kind = match entry.file_type() {
                Ok(kind) => kind,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Some(Err(error)),
            };
            let path = entry.path();
            if kind.is_dir() {
                self.descend(&path);
                if let Some(error) = self.pending.pop_front() {
                    return Some(Err(error));
                }
                continue;
            }
            return Some(Ok(match QueueId::from_file_name(&entry.file_name()) {
                Some(id) => Entry::Message { id, path },
                None => Entry::Stray { path },
            }));
        }
        None
    }

    fn descend(&mut self, path: &std::path::Path) {
        if self.open.len() > DEPTH_LIMIT {
            return;
        }
        match fs::read_dir(path) {
            Ok(directory) => self.open.push(directory),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => self.pending.push_back(error),
        }
    }
}

impl Iterator for Scan {
    type Item = io::Result<Entry>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_entry()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walk_finds_messages_in_hashed_directories_and_strays() {
        let dir = tempfile::tempdir().unwrap();
        let layout = Layout::new(dir.path(), "deferred", 2);
        for name in ["AB1", "AC2", "B_3"] {
            let id = QueueId::parse(name).unwrap();
            layout.create_directories(Queue::Deferred, &id).unwrap();
            fs::write(layout.path(Queue::Deferred, &id), b"").unwrap();
        }
        fs::write(dir.path().join("deferred/123.456"), b"").unwrap();
        let mut ids = Vec::new();
        let mut strays = 0;
        for entry in Scan::open(&layout, Queue::Deferred).unwrap() {
            match entry.unwrap() {
                Entry::Message { id, path } => {
                    assert_eq!(path, layout.path(Queue::Deferred, &id));
                    ids.push(id.to_string());
                }
                Entry::Stray { .. } => strays += 1,
            }
        }
        ids.sort();
        assert_eq!(
            (ids, strays),
            (vec!["AB1".into(), "AC2".into(), "B_3".into()], 1)
        );
        assert!(Scan::open(&layout, Queue::Hold).is_err());
    }
}
