// SPDX-License-Identifier: MIT OR Apache-2.0
//! The token that exists only in the jail, and the way into it.
//!
//! *Invariants*: [`Jail`] has no public constructor but the one for tests; `enter` makes one
//! after the root directory and the user were changed for good. Becoming the user one already is
//! is checked, and then nothing: that is how an ordinary user runs the whole system.
//!
//! Then the kernel is asked to refuse what the program never needs: system calls of intruders,
//! starting programs, opening internet sockets, changing files outside the mail system. A program
//! that acts for recipients (as root) is not confined so, because its children would be too.
//!
//! *Postfix:* util/chroot_uid(3).

use ipc::client::{Class, Endpoint};
use runtime::log;
use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use sys::sandbox::Needs;

/// Proof that the process has given up what it does not need.
pub struct Jail {
    service: String,
    ipc_timeout: Duration,
    fakes: HashMap<String, Endpoint>,
}

impl Jail {
    /// A jail for tests.
    #[must_use]
    pub fn for_test(service: &str) -> Jail {
        let (service, ipc_timeout) = (service.to_owned(), Duration::from_secs(10));
        Jail {
            service,
            ipc_timeout,
            fakes: HashMap::new(),
        }
    }

    /// Puts a stand-in in the place of a service (`private/bounce`), for tests.
    #[must_use]
    pub fn with_fake(mut self, endpoint: Endpoint) -> Jail {
        self.fakes.insert(endpoint.name().to_owned(), endpoint);
        self
    }

    /// The service's name in `master.cf`.
    #[must_use]
    pub fn service(&self) -> &str {
        &self.service
    }

    /// `ipc_timeout`: how long internal conversations may wait.
    #[must_use]
    pub fn ipc_timeout(&self) -> Duration {
        self.ipc_timeout
    }

    /// A private service of this mail system.
    #[must_use]
    pub fn private(&self, service: &str) -> Endpoint {
        self.endpoint(Class::Private, service)
    }

    /// A public service of this mail system.
    #[must_use]
    pub fn public(&self, service: &str) -> Endpoint {
        self.endpoint(Class::Public, service)
    }

    fn endpoint(&self, class: Class, service: &str) -> Endpoint {
        let endpoint = Endpoint::new(class, service);
        self.fakes.get(endpoint.name()).cloned().unwrap_or(endpoint)
    }
}

/// What is to be given up.
pub(crate) struct Confinement<'a> {
    pub(crate) service: &'a str,
    pub(crate) ipc_timeout: Duration,
    /// Change the root directory to this one.
    pub(crate) root: Option<&'a Path>,
    /// Become this user: uid and gid.
    pub(crate) user: Option<(u32, u32)>,
    /// What the program may still do; nothing for one that acts for others.
    pub(crate) needs: Option<Needs>,
    /// Where it may change files, seen from inside: the queue directory and the data directory;
    /// nothing for anywhere.
    pub(crate) writes: Option<(&'a Path, &'a Path)>,
}

/// Gives up what is to be given up.
pub(crate) fn enter(confinement: &Confinement<'_>) -> Result<Jail, String> {
    if let Some(root) = confinement.root {
        sys::identity::chroot(root)
            .map_err(|error| format!("chroot({}): {error}", root.display()))?;
    }
    if let Some((uid, gid)) = confinement.user {
        sys::identity::become_user(uid, gid).map_err(|error| format!("setuid({uid}): {error}"))?;
    }
    if let Some((queue, data)) = confinement.writes {
        let directories = mail_system_directories(queue, data);
        let directories: Vec<&Path> = directories.iter().map(PathBuf::as_path).collect();
        report(sys::sandbox::write_only_beneath(&directories), "file");
    }
    if let Some(needs) = confinement.needs {
        report(sys::sandbox::restrict_calls(needs), "system call");
    }
    Ok(Jail {
        service: confinement.service.to_owned(),
        ipc_timeout: confinement.ipc_timeout,
        fakes: HashMap::new(),
    })
}

/// A kernel that cannot confine is no reason to refuse service.
fn report(confined: io::Result<bool>, what: &str) {
    match confined {
        Ok(true) => {}
        Ok(false) => log::verbose(format_args!("this kernel cannot restrict {what} access")),
        Err(error) => log::verbose(format_args!("cannot restrict {what} access: {error}")),
    }
}

/// Where a program of the mail system changes files: below the queue directory , what links in it lead to, and the data directory.
fn mail_system_directories(root: &Path, data_directory: &Path) -> Vec<PathBuf> {
    let mut directories = vec![root.to_path_buf(), data_directory.to_path_buf()];
    let entries = std::fs::read_dir(root).into_iter().flatten().flatten();
    let links = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_symlink()));
    directories.extend(links.map(|entry| entry.path()));
    directories
}
