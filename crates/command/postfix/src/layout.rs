// SPDX-License-Identifier: MIT OR Apache-2.0
//! The directories of a mail system: which there are, whose they are, who may enter.
//!
//! *Invariants:* a directory that exists is not changed by [`create_missing`]; [`set_permissions`]
//! makes all of them what the table says. In a mail system of an ordinary user, where the table
//! says root, that user is meant.
//!
//! *Postfix:* postfix-files, post-install create-missing and set-permissions.

use std::fs::{DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, lchown};
use std::path::{Path, PathBuf};

use runtime::text::reason;

use crate::instance::Instance;

/// Who owns a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holder {
    Root,
    MailOwner,
    /// `mail_owner`, and the group of the set-gid commands.
    SetGid,
}

/// A directory below the queue directory.
struct Place {
    name: &'static str,
    holder: Holder,
    mode: u32,
    /// Whether all that is in it has the same owner.
    deep: bool,
}

const fn place(name: &'static str, holder: Holder, mode: u32, deep: bool) -> Place {
    Place {
        name,
        holder,
        mode,
        deep,
    }
}

/// What lies below the queue directory.
const PLACES: [Place; 15] = [
    place("active", Holder::MailOwner, 0o700, true),
    place("bounce", Holder::MailOwner, 0o700, true),
    place("corrupt", Holder::MailOwner, 0o700, true),
    place("defer", Holder::MailOwner, 0o700, true),
    place("deferred", Holder::MailOwner, 0o700, true),
    place("flush", Holder::MailOwner, 0o700, true),
    place("hold", Holder::MailOwner, 0o700, true),
    place("incoming", Holder::MailOwner, 0o700, true),
    // Files of maildrop belong to whoever posted them.
    place("maildrop", Holder::SetGid, 0o730, false),
    place("pid", Holder::Root, 0o755, false),
    place("private", Holder::MailOwner, 0o700, false),
    place("public", Holder::SetGid, 0o710, false),
    place("saved", Holder::MailOwner, 0o700, true),
    place("tlstrace", Holder::MailOwner, 0o700, true),
    place("trace", Holder::MailOwner, 0o700, true),
];

/// Mode of the commands that run with the rights of `setgid_group`.
const SET_GID_MODE: u32 = 0o2755;
/// Those commands.
const SET_GID_COMMANDS: [&str; 3] = ["postdrop", "postqueue", "postlog"];

/// A directory with what it should be.
struct Wanted {
    path: PathBuf,
    uid: u32,
    gid: Option<u32>,
    mode: u32,
    deep: bool,
}

fn wanted(instance: &Instance) -> Vec<Wanted> {
    let params = &instance.params;
    let queue = &params.queue_directory;
    let root = if instance.is_rootless() {
        instance.identity.owner_uid
    } else {
        0
    };
    let mut list = vec![
        Wanted {
            path: queue.clone(),
            uid: root,
            gid: None,
            mode: 0o755,
            deep: false,
        },
        Wanted {
            path: params.data_directory.clone(),
            uid: instance.identity.owner_uid,
            gid: None,
            mode: 0o700,
            deep: true,
        },
    ];
    list.extend(PLACES.iter().map(|place| {
        let (uid, gid) = match place.holder {
            Holder::Root => (root, None),
            Holder::MailOwner => (instance.identity.owner_uid, None),
            Holder::SetGid => (
                instance.identity.owner_uid,
                Some(instance.identity.setgid_gid),
            ),
        };
        Wanted {
            path: queue.join(place.name),
            uid,
            gid,
            mode: place.mode,
            deep: place.deep,
        }
    }));
    list
}

/// Makes the directories that do not exist.
pub(crate) fn create_missing(instance: &Instance) -> Result<(), String> {
    for directory in wanted(instance) {
        let context =
            |error: io::Error| format!("{}: {}", directory.path.display(), reason(&error));
        match DirBuilder::new().mode(0o700).create(&directory.path) {
            Ok(()) => {
                own(&directory.path, directory.uid, directory.gid).map_err(context)?;
                set_mode(&directory.path, directory.mode).map_err(context)?;
            }
            Err(_) if directory.path.is_dir() => {}
            Err(error) => return Err(context(error)),
        }
    }
    Ok(())
}

/// Makes the directories that do not exist, and all of them what they should be; the set-gid
/// commands as well, where root asks for it.
pub(crate) fn set_permissions(instance: &Instance) -> Result<(), String> {
    create_missing(instance)?;
    for directory in wanted(instance) {
        let context =
            |error: io::Error| format!("{}: {}", directory.path.display(), reason(&error));
        if directory.deep {
            own_tree(&directory.path, directory.uid).map_err(context)?;
        }
        own(&directory.path, directory.uid, directory.gid).map_err(context)?;
        set_mode(&directory.path, directory.mode).map_err(context)?;
    }
    if instance.is_rootless() || !instance.owns_shared_files() {
        return Ok(());
    }
    for name in SET_GID_COMMANDS {
        let path = instance.params.command_directory.join(name);
        let context = |error: io::Error| format!("{}: {}", path.display(), reason(&error));
        // The program itself, where the name is a link to it.
        let path = std::fs::canonicalize(&path).map_err(context)?;
        // In this order: a change of the owner takes the bit away.
        own(&path, 0, Some(instance.identity.setgid_gid)).map_err(context)?;
        set_mode(&path, SET_GID_MODE).map_err(context)?;
    }
    Ok(())
}

/// Gives a file away, if it is not there already.
fn own(path: &Path, uid: u32, gid: Option<u32>) -> io::Result<()> {
    let now = std::fs::symlink_metadata(path)?;
    if now.uid() == uid && gid.is_none_or(|gid| gid == now.gid()) {
        return Ok(());
    }
    lchown(path, Some(uid), gid)
}

/// Modes of queue files say how complete they are: only directories are changed.
fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    std::fs::set_permissions(path, Permissions::from_mode(mode))
}

/// Gives a directory and all that is below it away. Links are not followed.
fn own_tree(path: &Path, uid: u32) -> io::Result<()> {
    own(path, uid, None)?;
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            own_tree(&entry.path(), uid)?;
        } else {
            own(&entry.path(), uid, None)?;
        }
    }
    Ok(())
}
