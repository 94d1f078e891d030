// SPDX-License-Identifier: MIT OR Apache-2.0
//! A mail system around one agent: users, aliases, files, and services that remember.
//!
//! All users are the one that runs the test, so that nothing depends on root's rights; what
//! depends on them is tested with the whole system.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use config::MainCf;
use delivery::fixture::{FakeService, captured_log, lines, marks, message};
use delivery::mailbox::Identity;
use delivery::record::Records;
use delivery::{Message, Reporter, Verdict};
use ipc::client::{Endpoint, announce_protocol};
use ipc::flags::{CleanupStatus, ResolveFlags, ServerFlags};
use ipc::record::{RecordReader, RecordType};
use ipc::services::resolve::Resolved;
use ipc::services::rewrite::{self, Request, Rewritten};
use ipc::services::{bounce, cleanup};
use runtime::stream::Stream;
use sys::users::User;

use crate::agent::Agent;
use crate::params::Params;
use crate::run;
use crate::users::Users;

/// A copy that was forwarded: its records.
pub(super) type Forwarded = Vec<(RecordType, String)>;

pub(super) struct Site {
    pub(super) directory: tempfile::TempDir,
    pub(super) log: Rc<RefCell<Vec<String>>>,
    pub(super) agent: Agent,
    services: FakeService,
    cleanups: Rc<RefCell<Vec<Stream>>>,
}

struct FixedUsers(HashMap<Vec<u8>, User>);

impl Users for FixedUsers {
    fn by_name(&self, name: &[u8]) -> io::Result<Option<User>> {
        match name {
            b"unlucky" => Err(io::Error::other("no answer")),
            name => Ok(self.0.get(name).cloned()),
        }
    }

    fn by_uid(&self, uid: u32) -> io::Result<Option<User>> {
        Ok(self.0.values().find(|user| user.uid == uid).cloned())
    }
}

impl Site {
    /// A site with users joe and jane, these aliases, and these lines in main.cf.
    pub(super) fn new(aliases: &str, main_cf: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path();
        let spool = root.join("spool");
        std::fs::create_dir(&spool).unwrap();
        let text = format!(
            "compatibility_level = 3.6\nmyhostname = mail.test\nrecipient_delimiter = +\n\
             alias_maps = inline:{{ {aliases} }}\nbiff = no\nfallback_transport_maps =\n\
             mail_spool_directory = {}\nmailbox_delivery_lock = flock\n{main_cf}\n",
            spool.display()
        );
        let main_cf = MainCf::from_text(root, &text).unwrap();
        let mut agent = Agent::new(Params::load(&main_cf).unwrap(), "main.cf").unwrap();
        agent.users = Box::new(FixedUsers(
            ["joe", "jane", "owner-less"]
                .map(|name| (name.into(), user(root, name)))
                .into(),
        ));
        agent.default_identity = Identity {
            uid: sys::users::effective_uid(),
            gid: sys::users::effective_gid(),
        };
        let services = FakeService::new(0);
        agent.reporter = Reporter::new(
            &agent.params.status,
            Records::played_by(&services.endpoint),
            None,
        );
        agent.rewriter = rewrite::Client::new(fake_rewrite());
        let cleanups = Rc::default();
        agent.cleanup = fake_cleanup(Rc::clone(&cleanups), CleanupStatus::empty());
        Self {
            directory,
            log: captured_log(),
            agent,
            services,
            cleanups,
        }
    }

    /// The same site, whose cleanup refuses messages.
    pub(super) fn with_cleanup_that_says(mut self, status: CleanupStatus) -> Self {
        self.agent.cleanup = fake_cleanup(Rc::clone(&self.cleanups), status);
        self
    }

    /// Delivers one message to one recipient.
    pub(super) fn deliver(&mut self, recipient: &str) -> Verdict {
        self.deliver_message(&hello(recipient))
    }

    pub(super) fn deliver_message(&mut self, message: &Message) -> Verdict {
        let verdict = run::deliver(&mut self.agent, message, "local");
        let mark = if verdict == Verdict::Done { b"D" } else { b"R" };
        assert_eq!(marks(message), mark, "the mark says what the verdict says");
        verdict
    }

    /// Delivers, and gives the status and text of the log line.
    pub(super) fn outcome(&mut self, recipient: &str) -> String {
        let before = self.log.borrow().len();
        let _ = self.deliver(recipient);
        let lines = self.log.borrow()[before..].to_vec();
        let outcomes: Vec<String> = lines
            .iter()
            .filter_map(|line| Some(line.split_once("dsn=")?.1.to_owned()))
            .collect();
        outcomes.join("\n")
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(super) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    pub(super) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    pub(super) fn log_text(&self) -> String {
        self.log.borrow().join("\n")
    }

    /// What the bounce, defer and trace services were told.
    pub(super) fn records(&self) -> Vec<bounce::Request> {
        self.services.requests()
    }

    /// The copies that were forwarded whole, and those that were begun.
    pub(super) fn forwarded(&self) -> Vec<Forwarded> {
        let streams = self.cleanups.borrow_mut().split_off(0);
        streams.into_iter().map(read_submission).collect()
    }
}

fn user(root: &Path, name: &str) -> User {
    let home = root.join(name);
    std::fs::create_dir(&home).unwrap();
    User {
        name: name.to_owned(),
        uid: sys::users::effective_uid(),
        gid: sys::users::effective_gid(),
        full_name: String::new(),
        home,
        shell: "/bin/sh".into(),
    }
}

/// A message to one recipient.
pub(super) fn hello(recipient: &str) -> Message {
    message(
        &lines(&["Subject: hello", "", "From here", "text"]),
        &[recipient],
    )
}

/// Addresses without domain are here; `away.test` is away, `bad.test` is no address, and
/// `down.test` cannot be resolved.
fn fake_rewrite() -> Endpoint {
    Endpoint::fake("private/rewrite", || {
        let (client, server) = sys::socket::pair()?;
        std::thread::spawn(move || {
            let mut server = Stream::new(server);
            announce_protocol(&mut server, rewrite::PROTOCOL).unwrap();
            while let Ok(request) = Request::read(&mut server) {
                match request {
                    Request::Rewrite { address, .. } => {
                        let here: &[u8] = if address.contains(&b'@') {
                            b""
                        } else {
                            b"@here.test"
                        };
                        let address = [&address[..], here].concat();
                        let server_flags = ServerFlags::empty();
                        Rewritten {
                            server: server_flags,
                            address,
                        }
                        .write(&mut server)
                        .unwrap();
                    }
                    Request::Resolve { address, .. } => {
                        resolved(&address).write(&mut server).unwrap();
                    }
                }
            }
        });
        Ok(Stream::new(client))
    })
}

fn resolved(address: &[u8]) -> Resolved {
    let (_, domain) = mail::address::split_at_last_at(address);
    let (transport, flags) = match domain {
        Some(b"here.test") => ("local", ResolveFlags::CLASS_LOCAL),
        Some(b"bad.test") => ("smtp", ResolveFlags::ERROR),
        Some(b"down.test") => ("smtp", ResolveFlags::FAIL),
        _ => ("smtp", ResolveFlags::CLASS_DEFAULT),
    };
    Resolved {
        server: ServerFlags::empty(),
        transport: transport.into(),
        nexthop: domain.unwrap_or_default().to_vec(),
        recipient: address.to_vec(),
        flags,
    }
}

/// Says its queue id and its verdict at once, and keeps what it is sent.
fn fake_cleanup(kept: Rc<RefCell<Vec<Stream>>>, status: CleanupStatus) -> Endpoint {
    Endpoint::fake("public/cleanup", move || {
        let (mut server, client) = Stream::pair()?;
        let number = kept.borrow().len() + 1;
        cleanup::announce(&mut server, &format!("F{number}"))?;
        cleanup::Reply {
            status,
            reason: Vec::new(),
        }
        .write(&mut server)?;
        kept.borrow_mut().push(server);
        Ok(client)
    })
}

fn read_submission(mut stream: Stream) -> Forwarded {
    if cleanup::read_flags(&mut stream).is_err() {
        return Vec::new();
    }
    let mut records = Vec::new();
    let mut reader = RecordReader::new(&mut stream);
    while let Ok(Some(record)) = reader.next(1 << 20) {
        records.push((
            record.kind,
            String::from_utf8_lossy(&record.data).into_owned(),
        ));
        if record.kind == RecordType::End {
            break;
        }
    }
    records
}

/// The texts of the records of one kind.
pub(super) fn of_kind(copy: &Forwarded, kind: RecordType) -> Vec<&str> {
    copy.iter()
        .filter(|(k, _)| *k == kind)
        .map(|(_, text)| text.as_str())
        .collect()
}
