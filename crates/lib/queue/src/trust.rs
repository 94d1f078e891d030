// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whether a directory entry is a queue file that may be processed.
//!
//! *Invariants:* nothing but a regular file with one link and complete owner permission is
//! believed; the answer is about the descriptor or entry itself, never about a link's target.
//!
//! *Postfix:* global/mail_open_ok(3).

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Owner permission of a complete file; without the execute bit the file is still being written.
pub const MODE_READY: u32 = 0o700;
/// Owner permission of a file that is still being written.
pub const MODE_INCOMPLETE: u32 = 0o600;
/// Set by `postsuper -e`: give up on the message at the next opportunity.
pub const MODE_EXPIRED: u32 = 0o010;
/// Set by flush(8): forget that the destinations of this message were dead.
pub const MODE_UNTHROTTLE: u32 = 0o040;

/// What a queue entry is.
#[derive(Debug)]
pub enum Verdict {
    /// A complete queue file.
    Ready(Metadata),
    /// Not complete yet (or not anymore): leave it alone, silently.
    NotReady(Metadata),
    /// There is no such file (another process was faster).
    Gone,
    /// Not a file this system made; the text says why and deserves a warning.
    Alien(String),
}

/// Looks at the entry at `path`, without following a link.
pub fn examine(path: &Path) -> io::Result<Verdict> {
    match fs::symlink_metadata(path) {
        Ok(metadata) => Ok(judge(path, metadata)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Verdict::Gone),
        Err(error) => Err(error),
    }
}

/// Judges metadata that were read from a descriptor or an entry.
pub fn judge(path: &Path, metadata: Metadata) -> Verdict {
    if !metadata.file_type().is_file() {
        let path = path.display();
        return Verdict::Alien(format!(
            "{path}: uid {}: not a regular file",
            metadata.uid()
        ));
    }
    if metadata.nlink() != 1 {
        let path = path.display();
        return Verdict::Alien(format!(
            "{path}: uid {}: file has {} links",
            metadata.uid(),
            metadata.nlink()
        ));
    }
    if metadata.mode() & 0o700 == MODE_READY {
        Verdict::Ready(metadata)
    } else {
        Verdict::NotReady(metadata)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn only_a_complete_regular_file_is_ready() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("A1");
        assert!(matches!(examine(&path).unwrap(), Verdict::Gone));
        fs::write(&path, b"x").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert!(matches!(examine(&path).unwrap(), Verdict::NotReady(_)));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o710)).unwrap();
        assert!(matches!(examine(&path).unwrap(), Verdict::Ready(_)));
        fs::hard_link(&path, dir.path().join("A2")).unwrap();
        assert!(matches!(examine(&path).unwrap(), Verdict::Alien(_)));
        std::os::unix::fs::symlink(&path, dir.path().join("A3")).unwrap();
        assert!(matches!(
            examine(&dir.path().join("A3")).unwrap(),
            Verdict::Alien(_)
        ));
    }
}
