// SPDX-License-Identifier: MIT OR Apache-2.0
//! Starting a child: its command line, descriptors and environment.
//!
//! *Postfix:* master_spawn.c, the argument part of master_ent.c.

use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

use config::environment::Environment;
use config::master_cf::Service as Entry;
use ipc::services::master::{GENERATION, descriptor};
use sys::spawn::{Child, Spawn};

use crate::endpoint::Named;
use crate::service::{Service, is_stress_capable};

/// What all children have in common.
pub(crate) struct Common<'a> {
    pub(crate) daemon_directory: &'a Path,
    pub(crate) environment: &'a Environment,
    /// The mail-flow pipe.
    pub(crate) flow: &'a (OwnedFd, OwnedFd),
    /// Master stays with its terminal (`-d`).
    pub(crate) stay: bool,
    /// Master is verbose.
    pub(crate) verbose: bool,
}

/// Starts a child of a service.
pub(crate) fn start(
    service: &Service,
    common: &Common<'_>,
    generation: u32,
    stressed: bool,
) -> io::Result<Child> {
    let entry = &service.entry;
    let mut spawn = Spawn::new(common.daemon_directory.join(&entry.command))
        .arg0(base_name(&entry.command))
        .args(arguments(entry, &service.named, common, stressed))
        .env_clear();
    for (name, value) in common.environment {
        spawn = spawn.env(name, value);
    }
    spawn = spawn
        .env(GENERATION, format!("{generation:o}"))
        .fd(descriptor::FLOW_READ, common.flow.0.try_clone()?)
        .fd(descriptor::FLOW_WRITE, common.flow.1.try_clone()?);
    if let Some(status) = &service.status {
        spawn = spawn.fd(descriptor::STATUS, status.theirs.try_clone()?);
    }
    for (number, socket) in (descriptor::LISTEN..).zip(&service.sockets) {
        spawn = spawn.fd(number, socket.try_clone()?);
    }
    spawn.spawn()
}

fn base_name(command: &str) -> &str {
    command.rsplit('/').next().unwrap_or(command)
}

/// The arguments after the program's name: master's own, then those of master.cf.
fn arguments(entry: &Entry, named: &Named, common: &Common<'_>, stressed: bool) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    let mut add = |words: &[&str]| list.extend(words.iter().map(|word| (*word).to_owned()));
    match entry.max_processes {
        1 => add(&["-l"]),
        0 => add(&["-z"]),
        _ => {}
    }
    if base_name(&entry.command) != entry.name {
        add(&["-n", &entry.name]);
    }
    add(&["-t", entry.kind.word()]);
    if common.stay {
        add(&["-d"]);
    }
    if common.verbose {
        add(&["-v"]);
    }
    if entry.unprivileged {
        add(&["-u"]);
    }
    if entry.chroot {
        add(&["-c"]);
    }
    if is_stress_capable(entry, named) {
        add(&["-o", if stressed { "stress=yes" } else { "stress=" }]);
    }
    if named.sockets() > 1 {
        add(&["-s", &named.sockets().to_string()]);
    }
    list.extend(entry.args.iter().cloned());
    list
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::time::Duration;

    use config::master_cf::Kind;

    use super::*;
    use crate::endpoint::Endpoint;

    fn entry(name: &str, command: &str, kind: Kind, max_processes: u32) -> Entry {
        Entry {
            name: name.to_owned(),
            kind,
            private: true,
            unprivileged: true,
            chroot: false,
            chroot_by_default: false,
            wakeup: Duration::ZERO,
            wakeup_only_if_used: false,
            max_processes,
            command: command.to_owned(),
            args: vec!["-o".to_owned(), "a=b".to_owned()],
            line: 1,
        }
    }

    fn line(entry: &Entry, named: &Named, stressed: bool) -> String {
        let flow = sys::fd::pipe().unwrap();
        let common = Common {
            daemon_directory: Path::new("/d"),
            environment: &Environment::new(),
            flow: &flow,
            stay: false,
            verbose: true,
        };
        arguments(entry, named, &common, stressed).join(" ")
    }

    #[test]
    fn a_private_service_gets_the_short_line() {
        let named = Named {
            endpoint: Endpoint::Path(PathBuf::from("private/defer")),
            name: "private/defer".to_owned(),
            is_public: false,
        };
        let entry = entry("defer", "bounce", Kind::Unix, 0);
        assert_eq!(
            line(&entry, &named, false),
            "-z -n defer -t unix -v -u -o a=b"
        );
    }

    #[test]
    fn a_public_service_is_told_about_stress_and_sockets() {
        let addresses = ["0.0.0.0:25", "[::]:25"].map(|text| text.parse().unwrap());
        let named = Named {
            endpoint: Endpoint::Inet(addresses.to_vec()),
            name: "25".to_owned(),
            is_public: true,
        };
        let mut entry = entry("smtp", "smtpd", Kind::Inet, 100);
        entry.chroot = true;
        let want = "-n smtp -t inet -v -u -c -o stress=yes -s 2 -o a=b";
        assert_eq!(line(&entry, &named, true), want);
        assert!(line(&entry, &named, false).contains("-o stress= -s 2"));
    }
}
