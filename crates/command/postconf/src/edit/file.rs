// SPDX-License-Identifier: MIT OR Apache-2.0
//! Putting a new text in the place of a file.
//!
//! *Invariants*: the new text goes to `FILE.tmp` with the owner and the rights of the old
//! file, reaches the disk, and is renamed into place. A second editor waits for the first one,
//! and then changes what that one wrote. After trouble the old file is what it was.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _, fchown};
use std::path::Path;

use config::{ConfigError, read_bounded};

use crate::Failure;

/// Changes the file `path` as `change` says.
pub(super) fn update(
    path: &str,
    change: impl FnOnce(&[u8]) -> Result<Vec<u8>, Failure>,
) -> Result<(), Failure> {
    let temporary = format!("{path}.tmp");
    let failed = |what: String| move |error| fatal(&what, &error);
    let file = opened(&temporary).map_err(failed(format!("open {temporary}")))?;
    let result = changed(path, &temporary, &file, change);
    if result.is_err() {
        // It is ours as long as it is locked.
        let _ = fs::remove_file(&temporary);
    }
    result
}

fn changed(
    path: &str,
    temporary: &str,
    mut file: &File,
    change: impl FnOnce(&[u8]) -> Result<Vec<u8>, Failure>,
) -> Result<(), Failure> {
    let unreadable = |error| fatal(&format!("open {path} for reading"), &error);
    let old = fs::metadata(path).map_err(unreadable)?;
    let text = read_bounded(Path::new(path)).map_err(|error| match error {
        ConfigError::Unreadable { source, .. } => unreadable(source),
        other => other.into(),
    })?;
    let text = change(&text)?;
    let mut write = || {
        file.set_len(0)?;
        file.write_all(&text)?;
        let new = file.metadata()?;
        if (new.uid(), new.gid()) != (old.uid(), old.gid()) {
            match fchown(file, Some(old.uid()), Some(old.gid())) {
                // Who is not root can do no better than the original.
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
                result => result?,
            }
        }
        file.set_permissions(fs::Permissions::from_mode(old.mode() & 0o7777))?;
        sys::files::fsync(file)?;
        fs::rename(temporary, path)?;
        let directory = Path::new(path)
            .parent()
            .filter(|parent| parent.as_os_str() != "");
        sys::files::fsync(&File::open(directory.unwrap_or(Path::new(".")))?)
    };
    write().map_err(|error| fatal(&format!("close {temporary}"), &error))
}

/// The temporary file, locked.
fn opened(temporary: &str) -> io::Result<File> {
    loop {
        let mut options = OpenOptions::new();
        let options = options.write(true).create(true).truncate(false);
        let file = options.mode(0o600).open(temporary)?;
        sys::lock::lock(&file, sys::lock::Kind::Exclusive)?;
        // Another editor may have put it in place, or removed it, while this one waited.
        let ours = file.metadata()?;
        match fs::metadata(temporary) {
            Ok(named) if (named.dev(), named.ino()) == (ours.dev(), ours.ino()) => return Ok(file),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
}

fn fatal(what: &str, error: &io::Error) -> Failure {
    Failure::Fatal(format!("{what}: {}", config::reason(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(path: &str) -> String {
        fs::read_to_string(path).expect("it is there")
    }

    #[test]
    fn the_file_keeps_its_owner_and_mode() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("main.cf").display().to_string();
        fs::write(&path, "a = 1").expect("it is written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("it is ours");
        let root = fs::metadata(&path).expect("it is there").uid() == 0;
        if root {
            std::os::unix::fs::chown(&path, Some(12), Some(34)).expect("root may");
        }
        update(&path, |old| Ok([old, b"\nb"].concat())).expect("it is changed");
        assert_eq!(text(&path), "a = 1\nb");
        let new = fs::metadata(&path).expect("it is there");
        assert_eq!(new.mode() & 0o7777, 0o640);
        assert!(!root || (new.uid(), new.gid()) == (12, 34));
    }

    #[test]
    fn trouble_leaves_the_old_file_and_nothing_else() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("main.cf").display().to_string();
        assert!(
            update(&path, |_| Ok(Vec::new())).is_err(),
            "there is no such file"
        );
        fs::write(&path, "a = 1").expect("it is written");
        assert!(update(&path, |_| Err(Failure::Silent)).is_err());
        assert_eq!(text(&path), "a = 1");
        let files = fs::read_dir(directory.path()).expect("it is there").count();
        assert_eq!(files, 1);
    }

    #[test]
    fn editors_wait_for_each_other() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("main.cf").display().to_string();
        fs::write(&path, "").expect("it is written");
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..5 {
                        update(&path, |old| Ok([old, b"x"].concat())).expect("it is changed");
                    }
                });
            }
        });
        assert_eq!(text(&path), "x".repeat(20));
    }
}
