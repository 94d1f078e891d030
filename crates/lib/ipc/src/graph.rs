// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who may talk to whom.
//!
//! One entry for each internal service: where it listens, what it announces, and which programs
//! have business with it. The tidy test compares this list with what the programs use, and the
//! architecture document shows it.

use crate::client::Class;
use crate::services::{bounce, cleanup, delivery, flush, proxymap, rewrite, showq};

/// One internal service.
#[derive(Debug, Clone, Copy)]
pub struct Service {
    /// The name of its socket in the shipped `master.cf`.
    pub name: &'static str,
    /// Who can reach the socket.
    pub class: Class,
    /// What the server announces when a client connects; nothing when it waits for the client.
    pub protocol: Option<&'static str>,
    /// The program behind the socket.
    pub program: &'static str,
    /// The programs that connect, or send triggers or datagrams. `*`: every program.
    pub callers: &'static [&'static str],
}

/// Programs that postpone mail, and so report why it waits.
const DEFERRERS: &[&str] = &["qmgr", "smtp", "local", "error", "discard"];

/// Programs that deliver or refuse mail, and so report what became of it.
const REPORTERS: &[&str] = &["cleanup", "qmgr", "smtp", "local", "error", "discard"];

/// Programs that hand messages over: the queue manager to all delivery agents; local as its
/// settings say; smtp where the system itself is the best mail exchanger.
const FORWARDERS: &[&str] = &["qmgr", "local", "smtp"];

/// Daemons whose parameters name tables.
const TABLE_USERS: &[&str] = &[
    "cleanup",
    "trivial-rewrite",
    "smtpd",
    "smtp",
    "local",
    "error",
    "discard",
    "flush",
];

const fn service(
    name: &'static str,
    class: Class,
    protocol: Option<&'static str>,
    program: &'static str,
    callers: &'static [&'static str],
) -> Service {
    Service {
        name,
        class,
        protocol,
        program,
        callers,
    }
}

/// All services, in the order of a message's way.
pub const SERVICES: &[Service] = &[
    service(
        "pickup",
        Class::Public,
        None,
        "pickup",
        &["master", "postdrop", "postkick", "postqueue"],
    ),
    service(
        "cleanup",
        Class::Public,
        Some(cleanup::PROTOCOL),
        "cleanup",
        &["smtpd", "pickup", "bounce", "local"],
    ),
    service(
        "rewrite",
        Class::Private,
        Some(rewrite::PROTOCOL),
        "trivial-rewrite",
        &["cleanup", "smtpd", "qmgr", "smtp", "local"],
    ),
    service(
        "qmgr",
        Class::Public,
        None,
        "qmgr",
        &["master", "cleanup", "postqueue", "flush", "postkick"],
    ),
    service(
        "smtp",
        Class::Private,
        Some(delivery::PROTOCOL),
        "smtp",
        FORWARDERS,
    ),
    service(
        "relay",
        Class::Private,
        Some(delivery::PROTOCOL),
        "smtp",
        FORWARDERS,
    ),
    service(
        "lmtp",
        Class::Private,
        Some(delivery::PROTOCOL),
        "smtp",
        FORWARDERS,
    ),
    service(
        "local",
        Class::Private,
        Some(delivery::PROTOCOL),
        "local",
        FORWARDERS,
    ),
    service(
        "error",
        Class::Private,
        Some(delivery::PROTOCOL),
        "error",
        FORWARDERS,
    ),
    service(
        "retry",
        Class::Private,
        Some(delivery::PROTOCOL),
        "error",
        FORWARDERS,
    ),
    service(
        "discard",
        Class::Private,
        Some(delivery::PROTOCOL),
        "discard",
        FORWARDERS,
    ),
    service(
        "bounce",
        Class::Private,
        Some(bounce::PROTOCOL),
        "bounce",
        REPORTERS,
    ),
    service(
        "defer",
        Class::Private,
        Some(bounce::PROTOCOL),
        "bounce",
        DEFERRERS,
    ),
    service(
        "trace",
        Class::Private,
        Some(bounce::PROTOCOL),
        "bounce",
        REPORTERS,
    ),
    service(
        "flush",
        Class::Public,
        Some(flush::PROTOCOL),
        "flush",
        &[
            "master",
            "smtpd",
            "postqueue",
            "smtp",
            "local",
            "error",
            "discard",
        ],
    ),
    service(
        "proxymap",
        Class::Private,
        Some(proxymap::PROTOCOL),
        "proxymap",
        TABLE_USERS,
    ),
    service(
        "proxywrite",
        Class::Private,
        Some(proxymap::PROTOCOL),
        "proxymap",
        TABLE_USERS,
    ),
    service(
        "showq",
        Class::Public,
        Some(showq::PROTOCOL),
        "showq",
        &["postqueue"],
    ),
    service("postlog", Class::Public, None, "postlogd", &["*"]),
];

/// The services that a program may talk to.
pub fn reachable_from(program: &str) -> impl Iterator<Item = &'static Service> {
    SERVICES.iter().filter(move |service| {
        service
            .callers
            .iter()
            .any(|caller| *caller == program || *caller == "*")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_service_has_one_entry() {
        for (index, service) in SERVICES.iter().enumerate() {
            let same = |other: &&Service| other.name == service.name;
            assert_eq!(SERVICES.iter().position(|other| same(&other)), Some(index));
            assert!(!service.callers.is_empty());
        }
    }

    #[test]
    fn a_command_reaches_public_services_only() {
        for command in ["postdrop", "postqueue", "postlog", "sendmail"] {
            assert!(reachable_from(command).all(|service| service.class == Class::Public));
        }
    }
}
