// SPDX-License-Identifier: MIT OR Apache-2.0
//! `unix:passwd.byname` and `unix:group.byname`: the system's users and groups.
//!
//! The value is a line as in passwd(5) or group(5); the password is always `x`, and the members
//! of a group are left out: only the presence of an entry and its numbers are used.
//!
//! *Postfix:* dict_unix(3).

use crate::{Found, LookupError, OpenError, Owner, Table};

enum Source {
    Users,
    Groups,
}

struct Unix {
    name: String,
    source: Source,
}

pub(super) fn open(name: &str) -> super::Opened {
    let source = match name {
        "passwd.byname" => Source::Users,
        "group.byname" => Source::Groups,
        _ => return Err(OpenError(format!("unknown table: unix:{name}"))),
    };
    Ok(Box::new(Unix {
        name: format!("unix:{name}"),
        source,
    }))
}

impl Table for Unix {
    fn get(&mut self, key: &[u8]) -> Found {
        let Ok(key) = std::str::from_utf8(key) else {
            return Ok(None);
        };
        if key.contains('\0') {
            return Ok(None);
        }
        let trouble = |error: std::io::Error| LookupError::Retry(super::reason(&error));
        let line = match self.source {
            Source::Users => sys::users::by_name(key).map_err(trouble)?.map(|user| {
                format!(
                    "{}:x:{}:{}:{}:{}:{}",
                    user.name,
                    user.uid,
                    user.gid,
                    user.full_name,
                    user.home.display(),
                    user.shell.display()
                )
            }),
            Source::Groups => sys::users::group_by_name(key)
                .map_err(trouble)?
                .map(|gid| format!("{key}:x:{gid}:")),
        };
        Ok(line.map(String::into_bytes))
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn owner(&self) -> Owner {
        Owner::Trusted
    }
}
