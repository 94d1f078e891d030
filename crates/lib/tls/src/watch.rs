// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whether a file is still the one that was read, asked from inside a jail.
//!
//! A daemon that has changed its root directory and given up its rights can neither find nor read
//! the key files that it was started with. It can keep handles on them, and on every symbolic link
//! that led there (certificates are renewed by pointing a link elsewhere): a name that was given
//! to another file shows as a handle without links, or with a new time of change.
//!
//! *Invariants:* handles give no access to content.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path, PathBuf};

/// Links that may follow one another: the kernel's own bound.
const MOST_LINKS: usize = 40;

/// What would be different for another file, or another content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    size: u64,
    changed: (i64, i64),
    modified: (i64, i64),
}

impl State {
    fn of(metadata: &Metadata) -> State {
        State {
            size: metadata.size(),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
        }
    }
}

/// Handles on the files that something was read from.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    handles: Vec<(PathBuf, File, State)>,
}

impl Watch {
    /// Watches one more file. Call it before the file is read.
    pub(crate) fn add(&mut self, path: &Path) -> io::Result<()> {
        let mut rest: VecDeque<OsString> = VecDeque::new();
        push_front(&mut rest, path);
        let mut reached = PathBuf::from(if path.is_absolute() { "/" } else { "." });
        let mut links = 0;
        while let Some(name) = rest.pop_front() {
            if name == ".." {
                reached.pop();
                continue;
            }
            let here = reached.join(&name);
            if let Ok(target) = std::fs::read_link(&here) {
                links += 1;
                if links > MOST_LINKS {
                    return Err(io::Error::other("too many symbolic links"));
                }
                self.keep(path, &here)?;
                if target.is_absolute() {
                    reached = PathBuf::from("/");
                }
                push_front(&mut rest, &target);
            } else {
                reached = here;
            }
        }
        self.keep(path, &reached)
    }

    fn keep(&mut self, path: &Path, name: &Path) -> io::Result<()> {
        let handle = sys::files::handle(name)?;
        let state = State::of(&handle.metadata()?);
        self.handles.push((path.to_owned(), handle, state));
        Ok(())
    }

    /// The first file that is not what it was.
    pub(crate) fn changed(&self) -> Option<&Path> {
        let is_same = |handle: &File, state: &State| {
            handle
                .metadata()
                .is_ok_and(|now| now.nlink() != 0 && State::of(&now) == *state)
        };
        let mut handles = self.handles.iter();
        let found = handles.find(|(_, handle, state)| !is_same(handle, state));
        found.map(|(path, _, _)| path.as_path())
    }
}

fn push_front(rest: &mut VecDeque<OsString>, path: &Path) {
    for component in path.components().rev() {
        match component {
            Component::Normal(name) => rest.push_front(name.to_owned()),
            Component::ParentDir => rest.push_front("..".into()),
            Component::RootDir | Component::CurDir | Component::Prefix(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{rename, write};
    use std::os::unix::fs::symlink;

    fn watched(path: &Path) -> Watch {
        let mut watch = Watch::default();
        watch.add(path).expect("a file");
        assert_eq!(watch.changed(), None);
        watch
    }

    #[test]
    fn a_file_that_is_replaced_or_rewritten_has_changed() {
        let directory = tempfile::tempdir().expect("directory");
        let (old, new) = (directory.path().join("key"), directory.path().join("new"));
        write(&old, "1").expect("write");
        write(&new, "2").expect("write");
        let watch = watched(&old);
        rename(&new, &old).expect("rename");
        assert_eq!(watch.changed(), Some(old.as_path()));
        let watch = watched(&old);
        write(&old, "333").expect("write");
        assert_eq!(watch.changed(), Some(old.as_path()));
    }

    #[test]
    fn a_link_that_points_elsewhere_is_noticed_in_the_middle_of_a_path_too() {
        let directory = tempfile::tempdir().expect("directory");
        let at = |name: &str| directory.path().join(name);
        for round in ["one", "two"] {
            std::fs::create_dir(at(round)).expect("directory");
            write(at(round).join("key"), round).expect("write");
        }
        symlink("one", at("live")).expect("link");
        symlink("live/key", at("key")).expect("link");
        let watch = watched(&at("key"));
        symlink("two", at("next")).expect("link");
        rename(at("next"), at("live")).expect("rename");
        assert_eq!(watch.changed(), Some(at("key").as_path()));
    }
}
