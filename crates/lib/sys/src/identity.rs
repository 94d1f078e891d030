// SPDX-License-Identifier: MIT OR Apache-2.0
//! Becoming somebody else, for good or for the length of a closure; changing the root.
//!
//! *Invariants:* becoming who one already is does nothing but check, so that an instance of an
//! ordinary user runs the same code as root's. When rights cannot be given back after a
//! closure, the process ends: going on with the wrong rights is worse.
//!
//! *Postfix:* set_ugid(3), set_eugid(3), chroot_uid(3).

use std::io;
use std::path::Path;

use nix::errno::Errno;
use nix::unistd::{Gid, Uid};

use crate::users;

/// Gives up all other rights for good: supplementary groups, group, then user.
///
/// # Errors
/// `EPERM` when this process is neither root nor already that user.
pub fn become_user(uid: u32, gid: u32) -> io::Result<()> {
    if is_exactly(uid, gid)? {
        return Ok(());
    }
    if users::effective_uid() != 0 {
        nix::unistd::seteuid(Uid::from_raw(0))?;
    }
    nix::unistd::setgroups(&[Gid::from_raw(gid)])?;
    let (group, user) = (Gid::from_raw(gid), Uid::from_raw(uid));
    nix::unistd::setresgid(group, group, group)?;
    nix::unistd::setresuid(user, user, user)?;
    // Trust, but verify: nothing may be left to go back to.
    if is_exactly(uid, gid)? {
        Ok(())
    } else {
        Err(io::Error::from(Errno::EPERM))
    }
}

fn is_exactly(uid: u32, gid: u32) -> io::Result<bool> {
    let user = nix::unistd::getresuid()?;
    let group = nix::unistd::getresgid()?;
    let users = [user.real, user.effective, user.saved];
    let groups = [group.real, group.effective, group.saved];
    // A non-root process cannot change its supplementary groups; root must drop them.
    Ok(users.iter().all(|id| id.as_raw() == uid)
        && groups.iter().all(|id| id.as_raw() == gid)
        && uid != 0)
}

/// Makes `path` the root directory and the working directory.
pub fn chroot(path: &Path) -> io::Result<()> {
    nix::unistd::chroot(path)?;
    std::env::set_current_dir("/")
}

/// Sets the effective user and group; the real ones stay, so that this can be undone.
pub fn set_effective(uid: u32, gid: u32) -> io::Result<()> {
    if users::effective_uid() == uid && users::effective_gid() == gid {
        return Ok(());
    }
    if users::effective_uid() == uid && uid != 0 {
        // A set-gid program that goes back to its caller's group, or to its own.
        return Ok(nix::unistd::setegid(Gid::from_raw(gid))?);
    }
    if users::effective_uid() != 0 {
        nix::unistd::seteuid(Uid::from_raw(0))?;
    }
    nix::unistd::setegid(Gid::from_raw(gid))?;
    nix::unistd::setgroups(&[Gid::from_raw(gid)])?;
    Ok(nix::unistd::seteuid(Uid::from_raw(uid))?)
}

/// Runs `act` with the rights of another user, then takes the old rights back.
///
/// # Errors
/// Those of [`set_effective`]; `act` did not run then.
pub fn with_effective<T>(uid: u32, gid: u32, act: impl FnOnce() -> T) -> io::Result<T> {
    let (old_uid, old_gid) = (users::effective_uid(), users::effective_gid());
    if (old_uid, old_gid) == (uid, gid) {
        return Ok(act());
    }
    /// Gives the rights back even when the closure unwinds.
    struct Restore(u32, u32);
    impl Drop for Restore {
        fn drop(&mut self) {
            if set_effective(self.0, self.1).is_err() {
                std::process::abort();
            }
        }
    }
    let restore = Restore(old_uid, old_gid);
    set_effective(uid, gid)?;
    let result = act();
    drop(restore);
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn becoming_who_one_is_does_nothing() {
        let (uid, gid) = (users::effective_uid(), users::effective_gid());
        assert_eq!(with_effective(uid, gid, || 7).unwrap(), 7);
        set_effective(uid, gid).unwrap();
        if uid != 0 {
            become_user(uid, gid).unwrap();
        }
    }

    #[test]
    fn an_ordinary_user_cannot_become_another() {
        let uid = users::effective_uid();
        if uid != 0 {
            assert!(become_user(uid + 1, users::effective_gid()).is_err());
        }
    }
}
