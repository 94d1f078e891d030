// SPDX-License-Identifier: MIT OR Apache-2.0
//! `unix:passwd.byname` and `unix:group.byname`: the system's users and groups.
//!
//! The value is a line as in passwd(5) or group(5), where the password is always `x`.
//!
//! *Bugs:* inside a jail the name service finds none of its files; the file of users that was open
//! before then answers, as it was at that time.
//!
//! *Postfix:* dict_unix(3).

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};

use crate::{Found, LookupError, OpenError, Owner, Table};

enum Source {
    Users,
    Groups,
}

struct Unix {
    name: String,
    source: Source,
    /// The file that a jail hides.
    file: Option<File>,
}

pub(super) fn open(name: &str) -> super::Opened {
    let (source, path) = match name {
        "passwd.byname" => (Source::Users, "/etc/passwd"),
        "group.byname" => (Source::Groups, "/etc/group"),
        _ => return Err(OpenError(format!("unknown table: unix:{name}"))),
    };
    Ok(Box::new(Unix {
        name: format!("unix:{name}"),
        source,
        file: File::open(path).ok(),
    }))
}

/// The longest line of a user or group, with all its members.
const LINE_LIMIT: u64 = 1024 * 1024;

/// The line of a file in the format of passwd(5) or group(5) whose first field is `key`. Other
/// lines may be of any encoding.
fn line_of(mut file: &File, key: &str) -> std::io::Result<Option<String>> {
    file.rewind()?;
    let mut lines = BufReader::new(file);
    let mut line = Vec::new();
    loop {
        line.clear();
        if lines
            .by_ref()
            .take(LINE_LIMIT)
            .read_until(b'\n', &mut line)?
            == 0
        {
            return Ok(None);
        }
        if line.split(|byte| *byte == b':').next() == Some(key.as_bytes()) {
            let text = String::from_utf8_lossy(&line);
            return Ok(Some(text.trim_end_matches('\n').to_owned()));
        }
    }
}

impl Table for Unix {
    fn get(&mut self, key: &[u8]) -> Found {
        let Ok(key) = std::str::from_utf8(key) else {
            return Ok(None);
        };
        if key.contains('\0') {
            return Ok(None);
        }
        let found = match self.source {
            Source::Users => sys::users::by_name(key).map(|user| {
                user.map(|user| {
                    format!(
                        "{}:x:{}:{}:{}:{}:{}",
                        user.name,
                        user.uid,
                        user.gid,
                        user.full_name,
                        user.home.display(),
                        user.shell.display()
                    )
                })
            }),
            Source::Groups => sys::users::group_members(key).map(|group| {
                group.map(|(gid, members)| format!("{key}:x:{gid}:{}", members.join(",")))
            }),
        };
        let found = match (found, &self.file) {
            (Err(error), Some(file)) if error.kind() == std::io::ErrorKind::NotFound => {
                line_of(file, key)
            }
            (found, _) => found,
        };
        let line = found.map_err(|error| LookupError::Retry(super::reason(&error)))?;
        Ok(line.map(String::into_bytes))
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn owner(&self) -> Owner {
        Owner::Trusted
    }
}
