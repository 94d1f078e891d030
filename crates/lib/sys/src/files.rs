// SPDX-License-Identifier: MIT OR Apache-2.0
//! Opening files that others can touch, and the few file calls that std lacks.
//!
//! *Invariants:* nothing here follows a symbolic link in the last component of a name.
//!
//! *Errors:* [`SafeOpenError`] tells a system error from a file that must not be trusted.
//!
//! *Postfix:* safe_open(3), set_eugid-free parts of fsspace(3), warn_stat(3).

use std::ffi::OsStr;
use std::fmt;
use std::fs::{File, FileTimes, Metadata};
use std::io;
use std::os::fd::BorrowedFd;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::Path;
use std::time::SystemTime;

use nix::errno::Errno;
pub use nix::fcntl::OFlag as OpenFlags;
use nix::sys::stat::Mode;

/// Writes the file's data and metadata to stable storage.
pub fn fsync(file: &File) -> io::Result<()> {
    file.sync_all()
}

/// Opens `name` in the directory behind `dir`, close-on-exec, without following a link.
///
/// # Errors
/// `ELOOP` when `name` is a symbolic link; `InvalidInput` when it holds a slash.
pub fn open_beneath(
    dir: BorrowedFd<'_>,
    name: &OsStr,
    flags: OpenFlags,
    mode: u32,
) -> io::Result<File> {
    if name.as_encoded_bytes().contains(&b'/') {
        return Err(io::Error::from(io::ErrorKind::InvalidInput));
    }
    let flags = flags | OpenFlags::O_CLOEXEC | OpenFlags::O_NOFOLLOW;
    Ok(File::from(nix::fcntl::openat(
        dir,
        name,
        flags,
        Mode::from_bits_truncate(mode),
    )?))
}

/// A handle on what has this name, even if it is a symbolic link. It needs no right to read, and
/// gives none: it tells what became of the file.
pub fn handle(path: &Path) -> io::Result<File> {
    let flags = OpenFlags::O_PATH | OpenFlags::O_CLOEXEC | OpenFlags::O_NOFOLLOW;
    Ok(File::from(nix::fcntl::open(path, flags, Mode::empty())?))
}

/// The kind of file that [`safe_open`] expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FileKind {
    /// A regular file.
    #[default]
    Regular,
    /// A FIFO.
    Fifo,
    /// Anything but a directory: a device that an administrator names as a target.
    Any,
}

/// What an existing file must be before [`safe_open`] trusts it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Expect {
    /// The user that must own the file; `None`: anybody.
    pub owner: Option<u32>,
    /// What kind of file it must be.
    pub kind: FileKind,
}

/// Why [`safe_open`] gave no file.
#[derive(Debug)]
pub enum SafeOpenError {
    /// A system call failed.
    Io(io::Error),
    /// The file is not what was expected; the text completes "cannot open file: ...".
    Unsafe(String),
}

impl fmt::Display for SafeOpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::Unsafe(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for SafeOpenError {}

impl From<io::Error> for SafeOpenError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<SafeOpenError> for io::Error {
    fn from(error: SafeOpenError) -> Self {
        match error {
            SafeOpenError::Io(error) => error,
            SafeOpenError::Unsafe(why) => io::Error::new(io::ErrorKind::PermissionDenied, why),
        }
    }
}

/// Opens a file in a directory that others may write to, and checks after opening that it is
/// the expected kind of file, with one link, the expected owner, and still at that name. A
/// symbolic link is followed only where root made it and nobody else could have.
///
/// With `O_CREAT` a missing file is made with `mode` and the owner is not checked for it; with
/// `O_EXCL` as well, only a new file will do.
pub fn safe_open(
    path: &Path,
    flags: OpenFlags,
    mode: u32,
    expect: Expect,
) -> Result<File, SafeOpenError> {
    let creation = OpenFlags::O_CREAT | OpenFlags::O_EXCL;
    if !flags.contains(OpenFlags::O_CREAT) {
        return open_existing(path, flags, expect);
    }
    if flags.contains(OpenFlags::O_EXCL) {
        return create(path, flags, mode);
    }
    // The file may come or go between the two steps; a race that repeats is an attack.
    for _ in 0..10 {
        match open_existing(path, flags - creation, expect) {
            Err(SafeOpenError::Io(error)) if error.kind() == io::ErrorKind::NotFound => {}
            got => return got,
        }
        match create(path, flags, mode) {
            Err(SafeOpenError::Io(error)) if error.kind() == io::ErrorKind::AlreadyExists => {}
            got => return got,
        }
    }
    Err(SafeOpenError::Unsafe("file comes and goes".into()))
}

fn create(path: &Path, flags: OpenFlags, mode: u32) -> Result<File, SafeOpenError> {
    let flags = flags | OpenFlags::O_CREAT | OpenFlags::O_EXCL | OpenFlags::O_CLOEXEC;
    let fd = nix::fcntl::open(path, flags, Mode::from_bits_truncate(mode));
    Ok(File::from(fd.map_err(io::Error::from)?))
}

fn open_existing(path: &Path, flags: OpenFlags, expect: Expect) -> Result<File, SafeOpenError> {
    // Truncation waits until the file has been checked.
    let truncate = flags.contains(OpenFlags::O_TRUNC);
    let careful = OpenFlags::O_NOFOLLOW | OpenFlags::O_CLOEXEC | OpenFlags::O_NONBLOCK;
    let flags_now = (flags - OpenFlags::O_TRUNC) | careful;
    let mut opened = nix::fcntl::open(path, flags_now, Mode::empty());
    let is_link = matches!(opened, Err(Errno::ELOOP));
    if is_link {
        if !is_link_of_root(path)? {
            return Err(refused("file is a symbolic link"));
        }
        opened = nix::fcntl::open(path, flags_now - OpenFlags::O_NOFOLLOW, Mode::empty());
    }
    let file = File::from(opened.map_err(|error| SafeOpenError::Io(error.into()))?);
    let named = if is_link {
        path.metadata()?
    } else {
        path.symlink_metadata()?
    };
    check(&file.metadata()?, &named, expect)?;
    if !flags.contains(OpenFlags::O_NONBLOCK) {
        crate::fd::set_nonblocking(&file, false)?;
    }
    if truncate {
        file.set_len(0)?;
    }
    Ok(file)
}

/// Whether a symbolic link was made by root, in a directory where only root can make one.
fn is_link_of_root(path: &Path) -> io::Result<bool> {
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let (link, parent) = (path.symlink_metadata()?, parent.metadata()?);
    Ok(link.uid() == 0 && parent.uid() == 0 && parent.mode() & 0o022 == 0)
}

fn check(opened: &Metadata, named: &Metadata, expect: Expect) -> Result<(), SafeOpenError> {
    let right_kind = match expect.kind {
        FileKind::Regular => opened.is_file(),
        FileKind::Fifo => opened.file_type().is_fifo(),
        FileKind::Any => !opened.is_dir(),
    };
    if !right_kind {
        return Err(refused(match expect.kind {
            FileKind::Regular => "file is not a regular file",
            FileKind::Fifo => "file is not a FIFO",
            FileKind::Any => "file is a directory",
        }));
    }
    if let Some(owner) = expect.owner
        && opened.uid() != owner
    {
        return Err(SafeOpenError::Unsafe(format!(
            "file has wrong owner {}, expected {owner}",
            opened.uid()
        )));
    }
    if opened.nlink() != 1 {
        return Err(SafeOpenError::Unsafe(format!(
            "file has {} hard links",
            opened.nlink()
        )));
    }
    if named.dev() != opened.dev() || named.ino() != opened.ino() {
        return Err(refused("file status changed unexpectedly"));
    }
    Ok(())
}

fn refused(why: &str) -> SafeOpenError {
    SafeOpenError::Unsafe(why.to_owned())
}

/// Sets the permission bits that new files never get; gives back the old ones.
pub fn umask(mode: u32) -> u32 {
    nix::sys::stat::umask(Mode::from_bits_truncate(mode)).bits()
}

/// Sets access and modification time.
pub fn set_times(file: &File, when: SystemTime) -> io::Result<()> {
    file.set_times(FileTimes::new().set_accessed(when).set_modified(when))
}

/// Block size in bytes and free blocks (for ordinary users) of the file system of `path`.
pub fn free_space(path: &Path) -> io::Result<(u64, u64)> {
    let stat = nix::sys::statvfs::statvfs(path)?;
    Ok((stat.fragment_size(), stat.blocks_available()))
}

/// Makes a FIFO with exactly that mode.
pub fn mkfifo(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    nix::unistd::mkfifo(path, Mode::from_bits_truncate(mode))?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsFd;

    use super::*;

    fn open(path: &Path, owner: Option<u32>) -> Result<File, SafeOpenError> {
        let expect = Expect {
            owner,
            kind: FileKind::Regular,
        };
        safe_open(path, OpenFlags::O_RDWR, 0, expect)
    }

    #[test]
    fn links_and_strange_files_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        std::fs::write(&file, "x").unwrap();
        let me = crate::users::effective_uid();
        assert!(open(&file, Some(me)).is_ok());
        assert!(matches!(
            open(&file, Some(me + 1)),
            Err(SafeOpenError::Unsafe(_))
        ));
        let soft = dir.path().join("soft");
        std::os::unix::fs::symlink(&file, &soft).unwrap();
        // A link that root made where only root can make one is the one that is followed.
        assert_eq!(open(&soft, None).is_ok(), me == 0);
        let open_to_all = std::os::unix::fs::PermissionsExt::from_mode(0o777);
        std::fs::set_permissions(dir.path(), open_to_all).unwrap();
        assert!(matches!(open(&soft, None), Err(SafeOpenError::Unsafe(_))));
        let hard = dir.path().join("hard");
        std::fs::hard_link(&file, &hard).unwrap();
        assert!(matches!(open(&file, None), Err(SafeOpenError::Unsafe(_))));
        let fifo = dir.path().join("fifo");
        mkfifo(&fifo, 0o622).unwrap();
        assert!(matches!(open(&fifo, None), Err(SafeOpenError::Unsafe(_))));
        let expect = Expect {
            owner: None,
            kind: FileKind::Fifo,
        };
        assert!(safe_open(&fifo, OpenFlags::O_RDWR, 0, expect).is_ok());
    }

    #[test]
    fn a_missing_file_is_created_once() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("new");
        let flags = OpenFlags::O_RDWR | OpenFlags::O_CREAT;
        safe_open(&path, flags, 0o600, Expect::default()).unwrap();
        safe_open(&path, flags, 0o600, Expect::default()).unwrap();
        let only_new = flags | OpenFlags::O_EXCL;
        assert!(safe_open(&path, only_new, 0o600, Expect::default()).is_err());
    }

    #[test]
    fn a_name_beneath_a_directory_cannot_leave_it() {
        let dir = tempfile::tempdir().unwrap();
        let handle = File::open(dir.path()).unwrap();
        let flags = OpenFlags::O_RDWR | OpenFlags::O_CREAT;
        let name = OsStr::new("../escape");
        assert!(open_beneath(handle.as_fd(), name, flags, 0o600).is_err());
        assert!(open_beneath(handle.as_fd(), OsStr::new("ok"), flags, 0o600).is_ok());
    }

    #[test]
    fn free_space_is_known() {
        let (size, _free) = free_space(Path::new("/")).unwrap();
        assert!(size > 0);
    }
}
