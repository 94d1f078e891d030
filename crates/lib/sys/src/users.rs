// SPDX-License-Identifier: MIT OR Apache-2.0
//! Users and groups of this machine, and the name of the machine.
//!
//! *Errors:* "no such user" is `Ok(None)`; an error means that the question could not be
//! answered, and should be asked again later.
//!
//! *Postfix:* mypwd(3), get_hostname(3), unsafe(3).

use std::io;
use std::path::PathBuf;

use nix::unistd::{Gid, Group, Uid};

/// One entry of the password database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Login name.
    pub name: String,
    /// User id.
    pub uid: u32,
    /// Primary group id.
    pub gid: u32,
    /// The GECOS field.
    pub full_name: String,
    /// Home directory.
    pub home: PathBuf,
    /// Login shell.
    pub shell: PathBuf,
}

impl From<nix::unistd::User> for User {
    fn from(user: nix::unistd::User) -> Self {
        Self {
            name: user.name,
            uid: user.uid.as_raw(),
            gid: user.gid.as_raw(),
            full_name: user.gecos.to_string_lossy().into_owned(),
            home: user.dir,
            shell: user.shell,
        }
    }
}

/// Looks a user up by login name.
pub fn by_name(name: &str) -> io::Result<Option<User>> {
    if name.contains('\0') {
        return Ok(None);
    }
    Ok(nix::unistd::User::from_name(name)?.map(User::from))
}

/// Looks a user up by id.
pub fn by_uid(uid: u32) -> io::Result<Option<User>> {
    Ok(nix::unistd::User::from_uid(Uid::from_raw(uid))?.map(User::from))
}

/// Looks the id of a group up by name.
pub fn group_by_name(name: &str) -> io::Result<Option<u32>> {
    if name.contains('\0') {
        return Ok(None);
    }
    Ok(Group::from_name(name)?.map(|group| group.gid.as_raw()))
}

/// Looks the members of a group up by the group's name: its id, and their login names.
pub fn group_members(name: &str) -> io::Result<Option<(u32, Vec<String>)>> {
    if name.contains('\0') {
        return Ok(None);
    }
    Ok(Group::from_name(name)?.map(|group| (group.gid.as_raw(), group.mem)))
}

/// Looks the name of a group up by id.
pub fn group_name(gid: u32) -> io::Result<Option<String>> {
    Ok(Group::from_gid(Gid::from_raw(gid))?.map(|group| group.name))
}

/// The name of this machine as the kernel has it; `localhost` when it has none.
pub fn host_name() -> String {
    let name = nix::unistd::gethostname().unwrap_or_default();
    let name = name.to_string_lossy();
    if name.is_empty() {
        "localhost".to_owned()
    } else {
        name.into_owned()
    }
}

/// The user who started this process.
pub fn real_uid() -> u32 {
    Uid::current().as_raw()
}

/// The user whose rights this process has now.
pub fn effective_uid() -> u32 {
    Uid::effective().as_raw()
}

/// The group of the user who started this process.
pub fn real_gid() -> u32 {
    Gid::current().as_raw()
}

/// The group whose rights this process has now.
pub fn effective_gid() -> u32 {
    Gid::effective().as_raw()
}

/// Whether this process has rights that its caller has not (a set-uid or set-gid program).
pub fn is_set_id() -> bool {
    real_uid() != effective_uid() || real_gid() != effective_gid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_is_known_by_name_and_number() {
        let root = by_name("root").unwrap().unwrap();
        assert_eq!(root.uid, 0);
        assert_eq!(by_uid(0).unwrap().unwrap().name, "root");
        assert_eq!(group_by_name("root").unwrap(), Some(0));
        assert_eq!(group_name(0).unwrap().as_deref(), Some("root"));
    }

    #[test]
    fn an_unknown_user_is_absent_not_an_error() {
        assert_eq!(by_name("no-such-user-here").unwrap(), None);
        assert_eq!(by_name("nul\0name").unwrap(), None);
    }
}
