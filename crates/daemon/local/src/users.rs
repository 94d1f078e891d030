// SPDX-License-Identifier: MIT OR Apache-2.0
//! The users of this system, and with whose rights something is done.
//!
//! *Invariants:* nothing is ever done with root's rights on behalf of mail: where no other rights
//! are known, those of `default_privs` apply. Without root's rights the one user is everybody
//! that process can be.
//!
//! *Postfix:* mypwd(3), stat_as(3), fopen_as(3), the user attributes of local(8).

use std::ffi::OsString;
use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use delivery::mailbox::Identity;
use sys::identity::with_effective;
use sys::users::{self, User};

/// Where users are looked up.
pub(crate) trait Users {
    /// The user of that name.
    fn by_name(&self, name: &[u8]) -> io::Result<Option<User>>;
    /// The user with that id.
    fn by_uid(&self, uid: u32) -> io::Result<Option<User>>;
}

/// The users of the system.
pub(crate) struct SystemUsers;

impl Users for SystemUsers {
    fn by_name(&self, name: &[u8]) -> io::Result<Option<User>> {
        match std::str::from_utf8(name) {
            Ok(name) if !name.contains('\0') => users::by_name(name),
            _ => Ok(None),
        }
    }

    fn by_uid(&self, uid: u32) -> io::Result<Option<User>> {
        users::by_uid(uid)
    }
}

/// Whose files and commands an expansion may reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rights {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
    pub(crate) name: String,
    pub(crate) home: PathBuf,
    pub(crate) shell: OsString,
}

impl Rights {
    pub(crate) fn of(user: User) -> Self {
        Self {
            uid: user.uid,
            gid: user.gid,
            name: user.name,
            home: user.home,
            shell: user.shell.into_os_string(),
        }
    }

    pub(crate) fn identity(&self) -> Identity {
        possible(Identity {
            uid: self.uid,
            gid: self.gid,
        })
    }
}

/// Without root's rights there is one group as there is one user.
fn possible(identity: Identity) -> Identity {
    if users::real_uid() != 0 && identity.uid == users::effective_uid() {
        Identity {
            gid: users::effective_gid(),
            ..identity
        }
    } else {
        identity
    }
}

/// The identity for files and commands: that of the rights, and nobody where they are root's or
/// unknown.
pub(crate) fn least(rights: Option<&Rights>, default: Identity) -> Identity {
    let (uid, gid) = rights.map_or((0, 0), |rights| (rights.uid, rights.gid));
    possible(Identity {
        uid: if uid == 0 { default.uid } else { uid },
        gid: if gid == 0 { default.gid } else { gid },
    })
}

/// Acts with somebody's rights.
pub(crate) fn act_as<T>(identity: Identity, act: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    with_effective(identity.uid, identity.gid, act)?
}

/// The state of a file, with somebody's rights.
pub(crate) fn stat_as(path: &Path, identity: Identity) -> io::Result<Metadata> {
    act_as(identity, || std::fs::metadata(path))
}

/// The state of a file or link, with somebody's rights.
pub(crate) fn lstat_as(path: &Path, identity: Identity) -> io::Result<Metadata> {
    act_as(identity, || std::fs::symlink_metadata(path))
}

/// Opens a file for reading, with somebody's rights.
pub(crate) fn open_as(path: &Path, identity: Identity) -> io::Result<File> {
    act_as(identity, || File::open(path))
}
