// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where a queue file lives: the queue directories, and their hashed subdirectories.
//!
//! Daemons work with the queue directory as their current directory, so their layout is relative
//! and the same inside and outside a jail. Subdirectories are made when they are first needed.
//!
//! *Invariants:* a path made here stays beneath the root; a message moves by rename only.
//!
//! *Postfix:* global/mail_queue(3), dir_forest(3).

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::id::QueueId;

/// Deepest hashing that is believed; `hash_queue_depth` allows no more than this.
const DEPTH_LIMIT: u8 = 16;
/// `O_NOFOLLOW` and `O_NONBLOCK`: a queue entry is never a link, and opening a FIFO must not block.
pub(crate) const SAFE_FLAGS: i32 = 0o400_000 | 0o4000;

/// The queue directories.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Queue {
    /// Written by postdrop(1), emptied by pickup(8). Never hashed.
    Maildrop,
    /// Written by cleanup(8).
    Incoming,
    /// Being delivered.
    Active,
    /// Waiting for the next attempt.
    Deferred,
    /// Waiting for a person.
    Hold,
    /// Could not be parsed.
    Corrupt,
    /// Historical; nothing writes it.
    Saved,
    /// Logs of recipients that failed.
    Bounce,
    /// Logs of recipients that will be tried again.
    Defer,
    /// Logs of recipients for delivery reports.
    Trace,
    /// Lists of queue ids by destination.
    Flush,
}

impl Queue {
    /// All queues, in the order of the table in postconf(5).
    pub const ALL: [Queue; 11] = [
        Queue::Maildrop,
        Queue::Incoming,
        Queue::Active,
        Queue::Deferred,
        Queue::Hold,
        Queue::Corrupt,
        Queue::Saved,
        Queue::Bounce,
        Queue::Defer,
        Queue::Trace,
        Queue::Flush,
    ];

    /// The directory name, which is also the name in conversations (`queue_name`).
    pub const fn name(self) -> &'static str {
        match self {
            Queue::Maildrop => "maildrop",
            Queue::Incoming => "incoming",
            Queue::Active => "active",
            Queue::Deferred => "deferred",
            Queue::Hold => "hold",
            Queue::Corrupt => "corrupt",
            Queue::Saved => "saved",
            Queue::Bounce => "bounce",
            Queue::Defer => "defer",
            Queue::Trace => "trace",
            Queue::Flush => "flush",
        }
    }

    /// The queue of this name.
    pub fn parse(name: impl AsRef<[u8]>) -> Option<Queue> {
        let name = name.as_ref();
        Queue::ALL
            .into_iter()
            .find(|queue| queue.name().as_bytes() == name)
    }
}

/// The queue directory and which of its queues are hashed.
#[derive(Clone, Debug)]
pub struct Layout {
    root: PathBuf,
    hashed: Vec<Queue>,
    depth: u8,
}

impl Layout {
    /// A layout under `root`, with `hash_queue_names` and `hash_queue_depth` of main.cf.
    /// Names are compared without case; unknown ones and `maildrop` are ignored.
    pub fn new(root: impl Into<PathBuf>, hash_queue_names: &str, hash_queue_depth: u8) -> Layout {
        let words = || {
            hash_queue_names
                .split(|c: char| c == ',' || c.is_ascii_whitespace())
                .filter(|word| !word.is_empty())
        };
        let hashed = Queue::ALL
            .into_iter()
            .filter(|queue| *queue != Queue::Maildrop)
            .filter(|queue| words().any(|word| word.eq_ignore_ascii_case(queue.name())))
            .collect();
        Layout {
            root: root.into(),
            hashed,
            depth: hash_queue_depth.min(DEPTH_LIMIT),
        }
    }

    /// The layout of a daemon, whose current directory is the queue directory.
    /// The numbers are those of main.cf.
    pub fn relative(hash_queue_names: &str, hash_queue_depth: i32) -> Layout {
        let depth = u8::try_from(hash_queue_depth.max(0)).unwrap_or(u8::MAX);
        Layout::new("", hash_queue_names, depth)
    }

    /// The directory of a queue.
    pub fn directory(&self, queue: Queue) -> PathBuf {
        self.root.join(queue.name())
    }

    /// Number of subdirectory levels of a queue.
    pub fn depth(&self, queue: Queue) -> u8 {
        if self.hashed.contains(&queue) {
            self.depth
        } else {
            0
        }
    }

    /// Where the file of `id` belongs.
    pub fn path(&self, queue: Queue, id: &QueueId) -> PathBuf {
        let mut path = self.directory(queue);
        let depth = usize::from(self.depth(queue));
        if depth > 0 {
            let characters = id.hash_characters();
            let padded = characters.chars().chain(std::iter::repeat('_'));
            for character in padded.take(depth) {
                path.push(character.to_string());
            }
        }
        path.push(id.as_str());
        path
    }

    /// Opens an existing queue file for reading and in-place edits, without following a link.
    pub fn open(&self, queue: Queue, id: &QueueId) -> io::Result<File> {
        open_safely(
            &self.path(queue, id),
            OpenOptions::new().read(true).write(true),
        )
    }

    /// Opens an existing queue file for reading only.
    pub fn open_to_read(&self, queue: Queue, id: &QueueId) -> io::Result<File> {
        open_safely(&self.path(queue, id), OpenOptions::new().read(true))
    }

    /// Moves a message to another queue, under the same id.
    pub fn rename(&self, id: &QueueId, from: Queue, to: Queue) -> io::Result<()> {
        self.rename_as(id, from, id, to)
    }

    /// Moves a message to another queue and another id.
    pub fn rename_as(&self, id: &QueueId, from: Queue, new: &QueueId, to: Queue) -> io::Result<()> {
        self.rename_path(&self.path(from, id), new, to)
    }

    /// Moves the file at `path` to its place in a queue; makes missing directories.
    pub fn rename_path(&self, path: &Path, new: &QueueId, to: Queue) -> io::Result<()> {
        let target = self.path(to, new);
        match fs::rename(path, &target) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.depth(to) > 0 => {
                self.create_directories(to, new)?;
                fs::rename(path, &target)
            }
            result => result,
        }
    }

    /// Makes the hashed directories that the file of `id` needs, mode 0700.
    pub fn create_directories(&self, queue: Queue, id: &QueueId) -> io::Result<()> {
        match self.path(queue, id).parent() {
            Some(parent) => DirBuilder::new().recursive(true).mode(0o700).create(parent),
            None => Ok(()),
        }
    }

    /// Removes a queue file.
    pub fn remove(&self, queue: Queue, id: &QueueId) -> io::Result<()> {
        fs::remove_file(self.path(queue, id))
    }
}

fn open_safely(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    options.custom_flags(SAFE_FLAGS).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashed_queue_has_a_directory_per_character() {
        let layout = Layout::new("/q", "deferred, DEFER maildrop", 2);
        let id = QueueId::parse("ABC12").unwrap();
        assert_eq!(
            layout.path(Queue::Deferred, &id),
            Path::new("/q/deferred/A/B/ABC12")
        );
        assert_eq!(
            layout.path(Queue::Defer, &id),
            Path::new("/q/defer/A/B/ABC12")
        );
        assert_eq!(
            layout.path(Queue::Incoming, &id),
            Path::new("/q/incoming/ABC12")
        );
        assert_eq!(
            layout.path(Queue::Maildrop, &id),
            Path::new("/q/maildrop/ABC12")
        );
        let tiny = QueueId::parse("A").unwrap();
        assert_eq!(
            layout.path(Queue::Deferred, &tiny),
            Path::new("/q/deferred/A/_/A")
        );
    }

    #[test]
    fn rename_makes_the_directories_it_needs() {
        let dir = tempfile::tempdir().unwrap();
        let layout = Layout::new(dir.path(), "deferred", 1);
        let id = QueueId::parse("F00DA1").unwrap();
        for queue in [Queue::Active, Queue::Deferred] {
            fs::create_dir(layout.directory(queue)).unwrap();
        }
        fs::write(layout.path(Queue::Active, &id), b"x").unwrap();
        layout.rename(&id, Queue::Active, Queue::Deferred).unwrap();
        assert!(dir.path().join("deferred/F/F00DA1").exists());
        assert!(layout.open(Queue::Deferred, &id).is_ok());
        layout.remove(Queue::Deferred, &id).unwrap();
        let gone = layout
            .rename(&id, Queue::Active, Queue::Deferred)
            .unwrap_err();
        assert_eq!(gone.kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn link_in_the_queue_is_not_opened() {
        let dir = tempfile::tempdir().unwrap();
        let layout = Layout::new(dir.path(), "", 1);
        fs::create_dir(layout.directory(Queue::Incoming)).unwrap();
        std::os::unix::fs::symlink("/etc/passwd", dir.path().join("incoming/ABC")).unwrap();
        assert!(
            layout
                .open_to_read(Queue::Incoming, &QueueId::parse("ABC").unwrap())
                .is_err()
        );
    }
}
