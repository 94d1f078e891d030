// SPDX-License-Identifier: MIT OR Apache-2.0
//! What every daemon states about itself, and what it is given.

use crate::jail::Jail;
use crate::options::Transport;
use config::MainCf;
use ipc::services::pass;
use runtime::stream::Stream;
use std::net::SocketAddr;
use std::time::Duration;

/// As whom a daemon runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunAs {
    /// As `mail_owner`, if `master.cf` says "unprivileged", as it should.
    MailOwner,
    /// As root, because it acts for recipients (local, virtual, pipe, spawn): it is an error
    /// when `master.cf` says "unprivileged".
    Root,
}

/// What a daemon needs and what it gives up: the security statement at the top of its `lib.rs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Privileges {
    /// As whom it runs.
    pub user: RunAs,
    /// It is the only process of its service: `master.cf` must say 1 process.
    pub solitary: bool,
    /// It must be started whenever there is a client: `master.cf` must say 0 (no limit).
    pub unlimited_processes: bool,
    /// It waits a little for each client when the queue manager cannot keep up.
    pub in_flow_delay: bool,
    /// It keeps standard output, to write a log there.
    pub keep_stdout: bool,
    /// It does not end after `max_use` clients or `max_idle` seconds.
    pub endless: bool,
    /// It starts other programs. One that does not is not allowed to.
    pub starts_programs: bool,
    /// It opens internet sockets itself, beside those it is given. One that does not is not
    /// allowed to.
    pub internet: bool,
    /// It changes files outside the queue and data directories. One that does not is not allowed
    /// to.
    pub writes_elsewhere: bool,
}

impl Privileges {
    /// An unprivileged daemon that serves many clients, and may ask others over the network.
    pub const MAIL_OWNER: Privileges = Privileges {
        user: RunAs::MailOwner,
        solitary: false,
        unlimited_processes: false,
        in_flow_delay: false,
        keep_stdout: false,
        endless: false,
        starts_programs: false,
        internet: true,
        writes_elsewhere: false,
    };

    /// A daemon that acts for recipients, and starts their commands.
    pub const ROOT: Privileges = Privileges {
        user: RunAs::Root,
        starts_programs: true,
        writes_elsewhere: true,
        ..Privileges::MAIL_OWNER
    };
}

/// A daemon.
pub trait Program: Sized {
    /// Its name: the file's, the manual page's, the package's.
    const NAME: &'static str;

    /// What it needs and what it gives up.
    const PRIVILEGES: Privileges;

    /// Selects parameters and opens tables and files, outside the jail and with the rights that
    /// master gave.
    ///
    /// # Errors
    /// The text of the fatal line.
    fn prepare(start: &Startup) -> Result<Self, String>;

    /// Does what is left to do inside the jail.
    ///
    /// # Errors
    /// The text of the fatal line.
    fn in_jail(&mut self, jail: &Jail) -> Result<(), String> {
        let _ = jail;
        Ok(())
    }

    /// The name of a table that changed since it was opened: the process ends at the next
    /// opportunity, so that a new one opens the new table.
    fn changed_table(&mut self) -> Option<String> {
        None
    }

    /// How long one round of work may take before the watchdog ends the process, when it is not
    /// `daemon_timeout`.
    fn watchdog(&self) -> Option<Duration> {
        None
    }

    /// Called before an ordinary end.
    fn ending(&mut self, jail: &Jail) {
        let _ = jail;
    }
}

/// What a program starts from.
pub struct Startup {
    /// `main.cf`, with the overrides of the command line.
    pub main_cf: MainCf,
    /// The service's name in `master.cf`; the program's own name unless `-n` says otherwise.
    pub service: String,
    /// The name under which the program was started: `smtp` and `lmtp` are one program.
    pub process: String,
    /// How clients reach it; nothing when it serves standard input.
    pub transport: Option<Transport>,
    /// What follows the options on the command line.
    pub arguments: Vec<String>,
    /// Whether `-v` was given, and how often.
    pub verbose: u8,
}

impl Startup {
    /// A start for tests: no command line, and this `main.cf`.
    #[must_use]
    pub fn for_test(main_cf: MainCf, service: &str) -> Startup {
        Startup {
            main_cf,
            service: service.to_owned(),
            process: service.to_owned(),
            transport: Some(Transport::Unix),
            arguments: Vec::new(),
            verbose: 0,
        }
    }
}

/// A client that connected.
pub struct Client {
    /// The connection. Its time limit is `ipc_timeout` until the program sets another.
    pub stream: Stream,
    /// Who is at the other end, for internet connections.
    pub peer: Option<SocketAddr>,
    /// What the program that handed the connection over said about it; empty for others.
    pub attributes: pass::Attributes,
}

impl Client {
    /// A client on any stream, for tests.
    #[must_use]
    pub fn for_test(stream: Stream) -> Client {
        Client {
            stream,
            peer: None,
            attributes: Vec::new(),
        }
    }
}
