// SPDX-License-Identifier: MIT OR Apache-2.0
//! Advisory locks on whole files: flock(2), and fcntl(2) for mailboxes.
//!
//! *Postfix:* myflock(3).

use std::fs::File;
use std::io;

use fs2::FileExt;
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, fcntl};

/// Who else may hold the lock at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Other shared holders.
    Shared,
    /// Nobody.
    Exclusive,
}

/// Waits for a flock(2) lock.
pub fn lock(file: &File, kind: Kind) -> io::Result<()> {
    loop {
        let got = match kind {
            Kind::Shared => FileExt::lock_shared(file),
            Kind::Exclusive => FileExt::lock_exclusive(file),
        };
        match got {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            got => return got,
        }
    }
}

/// Takes a flock(2) lock if it is free; `false` when somebody holds it.
pub fn try_lock(file: &File, kind: Kind) -> io::Result<bool> {
    let got = match kind {
        Kind::Shared => FileExt::try_lock_shared(file),
        Kind::Exclusive => FileExt::try_lock_exclusive(file),
    };
    match got {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(false),
        Err(error) => Err(error),
    }
}

/// Gives a flock(2) lock back.
pub fn unlock(file: &File) -> io::Result<()> {
    FileExt::unlock(file)
}

/// Waits for an fcntl(2) lock on the whole file.
pub fn fcntl_lock(file: &File, kind: Kind) -> io::Result<()> {
    let whole = whole_file(kind);
    loop {
        match fcntl(file, FcntlArg::F_SETLKW(&whole)) {
            Ok(_) => return Ok(()),
            Err(Errno::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Takes an fcntl(2) lock on the whole file if it is free; `false` when somebody holds it.
pub fn fcntl_try_lock(file: &File, kind: Kind) -> io::Result<bool> {
    match fcntl(file, FcntlArg::F_SETLK(&whole_file(kind))) {
        Ok(_) => Ok(true),
        Err(Errno::EAGAIN | Errno::EACCES) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "constants of the C library that fit"
)]
fn whole_file(kind: Kind) -> libc::flock {
    libc::flock {
        l_type: match kind {
            Kind::Shared => libc::F_RDLCK,
            Kind::Exclusive => libc::F_WRLCK,
        } as libc::c_short,
        l_whence: libc::SEEK_SET as libc::c_short,
        l_start: 0,
        l_len: 0,
        l_pid: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exclusive_flock_keeps_others_out_until_unlocked() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let one = File::open(file.path()).unwrap();
        let two = File::open(file.path()).unwrap();
        assert!(try_lock(&one, Kind::Exclusive).unwrap());
        assert!(!try_lock(&two, Kind::Shared).unwrap());
        unlock(&one).unwrap();
        lock(&two, Kind::Shared).unwrap();
        assert!(try_lock(&one, Kind::Shared).unwrap());
    }

    #[test]
    fn an_fcntl_lock_is_granted_to_its_own_process() {
        let file = tempfile::tempfile().unwrap();
        assert!(fcntl_try_lock(&file, Kind::Exclusive).unwrap());
        fcntl_lock(&file, Kind::Exclusive).unwrap();
    }
}
