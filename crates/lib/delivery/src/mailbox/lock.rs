// SPDX-License-Identifier: MIT OR Apache-2.0
//! Mailbox locks: the lock file beside the mailbox, and the kernel's locks on it.
//!
//! *Errors*: an `io::Error` of kind `WouldBlock` when somebody else holds the kernel's lock,
//! `AlreadyExists` when somebody else holds the lock file.
//!
//! *Postfix:* dot_lockfile(3), deliver_flock(3).

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sys::lock::Kind;

/// How mailboxes are locked (`mailbox_delivery_lock`, `virtual_mailbox_lock`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LockMethods {
    /// A file `MAILBOX.lock`.
    pub dotlock: bool,
    /// flock(2).
    pub flock: bool,
    /// fcntl(2).
    pub fcntl: bool,
}

impl LockMethods {
    /// Reads a list of `dotlock`, `flock` and `fcntl`; the word that is none of them otherwise.
    ///
    /// # Errors
    /// The unknown word.
    pub fn parse(list: &str) -> Result<LockMethods, String> {
        let mut methods = LockMethods::default();
        let words = list.split(|c: char| c == ',' || c.is_ascii_whitespace());
        for word in words.filter(|word| !word.is_empty()) {
            match word.to_ascii_lowercase().as_str() {
                "dotlock" => methods.dotlock = true,
                "flock" => methods.flock = true,
                "fcntl" => methods.fcntl = true,
                _ => return Err(word.to_owned()),
            }
        }
        Ok(methods)
    }
}

/// How long to try.
#[derive(Clone, Copy, Debug)]
pub struct LockPatience {
    /// `deliver_lock_attempts`, at least one.
    pub attempts: u32,
    /// `deliver_lock_delay`.
    pub delay: Duration,
    /// `stale_lock_time`.
    pub stale_after: Duration,
}

impl LockPatience {
    fn pause(&self) {
        // Half as long to one and a half times as long, so that two waiters part.
        let half = self.delay / 2;
        let random = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |t| t.subsec_nanos());
        let share = f64::from(random % 1000) / 1000.0;
        std::thread::sleep(half + self.delay.mul_f64(share));
    }
}

/// A lock file, removed when dropped.
#[derive(Debug)]
pub(crate) struct DotLock {
    path: PathBuf,
}

impl DotLock {
    /// Creates `PATH.lock`; a stale one is taken away first.
    pub(crate) fn take(mailbox: &Path, patience: &LockPatience) -> io::Result<DotLock> {
        let mut name = OsString::from(mailbox);
        name.push(".lock");
        let path = PathBuf::from(name);
        let mut attempt = 0;
        loop {
            attempt += 1;
            let created = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o0)
                .open(&path);
            match created {
                Ok(_) => return Ok(DotLock { path }),
                Err(error)
                    if error.kind() != io::ErrorKind::AlreadyExists
                        || attempt >= patience.attempts =>
                {
                    return Err(error);
                }
                Err(_) => {}
            }
            if is_stale(&path, patience.stale_after) {
                fs::remove_file(&path)?;
            }
            patience.pause();
        }
    }

    /// The name of the lock file of a mailbox.
    pub(crate) fn path_for(mailbox: &Path) -> PathBuf {
        let mut name = OsString::from(mailbox);
        name.push(".lock");
        PathBuf::from(name)
    }
}

impl Drop for DotLock {
    fn drop(&mut self) {
        // Somebody may have taken it for stale; then it is not ours to complain about.
        let _ = fs::remove_file(&self.path);
    }
}

fn is_stale(path: &Path, after: Duration) -> bool {
    let Ok(meta) = fs::symlink_metadata(path) else {
        return false;
    };
    let Ok(now) = SystemTime::now().duration_since(UNIX_EPOCH) else {
        return false;
    };
    let changed = Duration::from_secs(u64::try_from(meta.ctime()).unwrap_or(0));
    now > changed + after
}

/// Takes the kernel's locks, exclusively.
pub(crate) fn lock_file(
    file: &File,
    methods: LockMethods,
    patience: &LockPatience,
) -> io::Result<()> {
    if methods.flock {
        persist(patience, || sys::lock::try_lock(file, Kind::Exclusive))?;
    }
    if methods.fcntl {
        persist(patience, || {
            sys::lock::fcntl_try_lock(file, Kind::Exclusive)
        })?;
    }
    Ok(())
}

fn persist(
    patience: &LockPatience,
    mut attempt: impl FnMut() -> io::Result<bool>,
) -> io::Result<()> {
    for count in 1.. {
        if attempt()? {
            return Ok(());
        }
        if count >= patience.attempts {
            break;
        }
        patience.pause();
    }
    // The text of EAGAIN is what administrators know.
    Err(io::Error::from_raw_os_error(EAGAIN))
}

/// "Resource temporarily unavailable" on Linux.
const EAGAIN: i32 = 11;
