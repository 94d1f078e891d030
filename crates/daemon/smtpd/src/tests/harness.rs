// SPDX-License-Identifier: MIT OR Apache-2.0
//! The server under test, its neighbours, and the client's side of a dialogue.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use config::MainCf;
use ipc::client::{Endpoint, announce_protocol};
use ipc::flags::{CleanupFlags, CleanupStatus, ResolveFlags, ServerFlags};
use ipc::record::{RecordReader, RecordType};
use ipc::services::resolve::Resolved;
use ipc::services::rewrite::{self, Request, Rewritten};
use ipc::services::{cleanup, flush};
use runtime::log::{self, Sink};
use runtime::stream::Stream;
use server::{Client, Jail, Program, SingleClient, Startup};
use tls::fixture::Authority;

use crate::Smtpd;

const MAIN_CF: &str = "
compatibility_level = 3.12
myhostname = mail.example.test
mydestination = mail.example.test, example.test
mynetworks = 127.0.0.0/8
inet_interfaces = loopback-only
alias_maps =
local_recipient_maps = inline:{ {x=x}, {y=y}, {root=x} }
smtpd_error_sleep_time = 0
smtpd_authorized_xclient_hosts = 127.0.0.1
smtpd_timeout = 20
";

/// A message as cleanup saw it.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) flags: CleanupFlags,
    /// Type and text of each record.
    pub(super) records: Vec<(char, String)>,
    /// Whether the end record came.
    pub(super) complete: bool,
}

impl Message {
    /// The records as text, one on a line, without what changes with time.
    pub(super) fn text(&self) -> String {
        let lines = self.records.iter().filter(|(kind, _)| *kind != 'T');
        lines
            .map(|(kind, text)| format!("{kind} {text}").trim_end().to_owned() + "\n")
            .collect()
    }

    /// The content only.
    pub(super) fn content(&self) -> String {
        let start = self
            .records
            .iter()
            .position(|(kind, _)| *kind == 'M')
            .unwrap_or(0);
        let lines = self
            .records
            .iter()
            .skip(start + 1)
            .filter(|(kind, _)| "NL".contains(*kind));
        lines
            .map(|(kind, text)| format!("{kind} {text}\n"))
            .collect()
    }
}

/// What happened.
pub(super) struct Played {
    pub(super) log: Vec<String>,
    pub(super) messages: Vec<Message>,
    /// What the client read, and what it missed.
    pub(super) transcript: String,
    failed: bool,
}

impl Played {
    /// The replies were as written.
    #[track_caller]
    pub(super) fn check(self) -> Played {
        assert!(!self.failed, "{}\n{}", self.transcript, self.log.join("\n"));
        self
    }

    /// A line of the log begins like this.
    #[track_caller]
    pub(super) fn logged(&self, start: &str) -> &Played {
        let found = self.log.iter().any(|line| line.starts_with(start));
        assert!(found, "no {start}\n{}", self.log.join("\n"));
        self
    }
}

/// The server under test.
pub(super) struct Server {
    main_cf: String,
    verdict: cleanup::Reply,
    zone: Option<String>,
    address: Option<String>,
    client: Option<TlsClient>,
}

/// What a client needs for TLS: whom it trusts, and its certificate and key.
#[derive(Clone)]
pub(super) struct TlsClient {
    pub(super) authority: Authority,
    pub(super) own: Option<(PathBuf, PathBuf)>,
}

impl Server {
    pub(super) fn new() -> Server {
        let verdict = cleanup::Reply {
            status: CleanupStatus::empty(),
            reason: Vec::new(),
        };
        Server {
            main_cf: MAIN_CF.to_owned(),
            verdict,
            zone: None,
            address: None,
            client: None,
        }
    }

    /// What the client begins TLS with.
    pub(super) fn tls_client(mut self, client: TlsClient) -> Server {
        self.client = Some(client);
        self
    }

    /// What the name server knows: lines of `NAME TYPE DATA`.
    pub(super) fn dns(mut self, zone: &str) -> Server {
        self.zone = Some(zone.to_owned());
        self
    }

    /// Where the client comes from, as somebody who passed the connection on says.
    pub(super) fn from(mut self, address: &str) -> Server {
        self.address = Some(address.to_owned());
        self
    }

    /// Adds to main.cf.
    pub(super) fn main(mut self, text: &str) -> Server {
        self.main_cf.push_str(text);
        self.main_cf.push('\n');
        self
    }

    /// What cleanup says about messages.
    pub(super) fn verdict(mut self, status: CleanupStatus, reason: &str) -> Server {
        self.verdict = cleanup::Reply {
            status,
            reason: reason.as_bytes().to_vec(),
        };
        self
    }

    /// Prepares the program, or says why not.
    pub(super) fn prepare(&self) -> Result<Smtpd, String> {
        let main_cf = MainCf::from_text(Path::new("/nowhere"), &self.main_cf).expect("main.cf");
        Smtpd::prepare(&Startup::for_test(main_cf, "smtpd"))
    }

    /// Plays a dialogue. `C:` lines are sent, `R:` lines are sent with escapes and without CRLF,
    /// `S:` lines are expected, `*` in them stands for anything, and `S: EOF` for the end. At `TLS`
    /// the client begins a handshake.
    pub(super) fn play(self, script: &str) -> Played {
        let (script, client) = (script.to_owned(), self.client.clone());
        self.run(move |stream| Dialogue::new(stream, client).play(&script))
    }

    /// Lets `client` talk to the server; it says what it saw, and whether that was right.
    pub(super) fn run(
        self,
        client: impl FnOnce(UnixStream) -> (String, bool) + Send + 'static,
    ) -> Played {
        let log = Rc::new(RefCell::new(Vec::new()));
        log::start("postfix/smtpd", vec![Sink::Capture(log.clone())]);
        let mut smtpd = self.prepare().expect("a good configuration");
        let messages = Arc::new(Mutex::new(Vec::new()));
        let neighbours = Arc::new(Mutex::new(Vec::new()));
        let jail = Jail::for_test("smtpd")
            .with_fake(fake_cleanup(
                messages.clone(),
                neighbours.clone(),
                self.verdict,
            ))
            .with_fake(fake_flush())
            .with_fake(fake_rewrite());
        smtpd.in_jail(&jail).expect("in jail");
        let _hosts_file = self.zone.as_ref().map(|zone| {
            let (resolver, directory) = dns::fixture::resolver(zone, "");
            smtpd.site.resolver = Some(resolver);
            directory
        });
        let (ours, theirs) = UnixStream::pair().expect("socket pair");
        let client = thread::spawn(move || client(theirs));
        let mut connection = Client::for_test(Stream::new(ours.into()));
        if let Some(address) = &self.address {
            connection.attributes = [
                ("client_address", address.as_str()),
                ("client_port", "4711"),
                ("server_address", "192.0.2.25"),
                ("server_port", "25"),
            ]
            .map(|(name, value)| (name.into(), value.into()))
            .to_vec();
        }
        smtpd.serve(connection, &jail);
        let (transcript, passed) = client.join().expect("the client's thread");
        drop(smtpd);
        for neighbour in neighbours.lock().expect("lock").drain(..) {
            let neighbour: thread::JoinHandle<()> = neighbour;
            neighbour.join().expect("cleanup");
        }
        let log = log.borrow().clone();
        let messages = messages.lock().expect("lock").clone();
        Played {
            log,
            messages,
            transcript,
            failed: !passed,
        }
    }
}

/// The client's side.
struct Dialogue {
    stream: BufReader<Box<dyn ReadAndWrite>>,
    socket: UnixStream,
    client: Option<TlsClient>,
    transcript: String,
}

trait ReadAndWrite: Read + Write {}

impl<T: Read + Write> ReadAndWrite for T {}

impl Dialogue {
    fn new(stream: UnixStream, client: Option<TlsClient>) -> Dialogue {
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .expect("time limit");
        let socket = stream.try_clone().expect("clone");
        Dialogue {
            stream: BufReader::new(Box::new(stream)),
            socket,
            client,
            transcript: String::new(),
        }
    }

    fn play(mut self, script: &str) -> (String, bool) {
        let passed = script
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .all(|line| {
                self.transcript.push_str(line);
                self.transcript.push('\n');
                match line.split_once(':') {
                    Some(("C", text)) => {
                        let text = text.strip_prefix(' ').unwrap_or(text);
                        self.send(format!("{text}\r\n").as_bytes());
                        true
                    }
                    Some(("R", text)) => {
                        self.send(&unescaped(text.strip_prefix(' ').unwrap_or(text)));
                        true
                    }
                    None if line == "TLS" => self.encrypt(),
                    _ => self.expect(line.strip_prefix("S: ").unwrap_or(line)),
                }
            });
        (self.transcript, passed)
    }

    fn send(&mut self, bytes: &[u8]) {
        // A server that hung up shows in what is expected next.
        let stream = self.stream.get_mut();
        let _ = stream.write_all(bytes).and_then(|()| stream.flush());
    }

    fn encrypt(&mut self) -> bool {
        let client = self.client.as_ref().expect("an authority");
        let socket = self.socket.try_clone().expect("clone");
        let encrypted = client.authority.client(socket, client.own.as_ref());
        self.stream = BufReader::new(Box::new(encrypted));
        true
    }

    fn expect(&mut self, expected: &str) -> bool {
        let mut line = Vec::new();
        let _ = self.stream.read_until(b'\n', &mut line);
        let line = String::from_utf8_lossy(&line)
            .trim_end_matches(['\r', '\n'])
            .to_owned();
        let line = if line.is_empty() {
            "EOF".to_owned()
        } else {
            line
        };
        if matches(expected, &line) {
            return true;
        }
        self.transcript.push_str(&format!("found: {line}\n"));
        false
    }
}

/// Reads everything until the server hangs up.
pub(super) fn read_to_end(mut stream: &UnixStream) -> String {
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("time limit");
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => match text.strip_prefix(start) {
            Some(text) => (0..=text.len())
                .filter_map(|at| text.get(at..))
                .any(|text| matches(rest, text)),
            None => false,
        },
    }
}

/// `\r`, `\n`, `\\` and `\xNN`.
fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        match rest.next() {
            Some(b'r') => bytes.push(b'\r'),
            Some(b'n') => bytes.push(b'\n'),
            Some(b'x') => {
                let digits: Vec<u8> = rest.by_ref().take(2).collect();
                let digits = String::from_utf8(digits).expect("two digits");
                bytes.push(u8::from_str_radix(&digits, 16).expect("two digits"));
            }
            Some(other) => bytes.push(other),
            None => {}
        }
    }
    bytes
}

type Messages = Arc<Mutex<Vec<Message>>>;
type Threads = Arc<Mutex<Vec<thread::JoinHandle<()>>>>;

fn fake_cleanup(messages: Messages, threads: Threads, verdict: cleanup::Reply) -> Endpoint {
    Endpoint::fake("public/cleanup", move || {
        let (ours, theirs) = sys::socket::pair()?;
        let (messages, verdict) = (messages.clone(), verdict.clone());
        let thread = thread::spawn(move || {
            let mut stream = Stream::new(theirs);
            let number = messages.lock().expect("lock").len() + 1;
            cleanup::announce(&mut stream, &format!("QID{number}")).expect("announce");
            // A message that is withdrawn at once may not even have said this.
            let flags = cleanup::read_flags(&mut stream).unwrap_or_default();
            let mut message = Message {
                flags,
                records: Vec::new(),
                complete: false,
            };
            {
                let mut records = RecordReader::new(&mut stream);
                while let Ok(Some(record)) = records.next(1 << 20) {
                    let text = String::from_utf8_lossy(&record.data).into_owned();
                    message.records.push((char::from(record.kind.byte()), text));
                    if record.kind == RecordType::End {
                        message.complete = true;
                        break;
                    }
                }
            }
            let complete = message.complete;
            messages.lock().expect("lock").push(message);
            if complete {
                let _ = verdict.write(&mut stream);
            }
        });
        threads.lock().expect("lock").push(thread);
        Ok(Stream::new(ours))
    })
}

/// Remembers mail for queued.test only.
fn fake_flush() -> Endpoint {
    Endpoint::fake("public/flush", || {
        let (ours, theirs) = sys::socket::pair()?;
        thread::spawn(move || {
            let mut stream = Stream::new(theirs);
            announce_protocol(&mut stream, flush::PROTOCOL).expect("announce");
            let request = flush::Request::read(&mut stream).expect("request");
            let queued = flush::Request::SendSite {
                site: b"queued.test".to_vec(),
            };
            let status = if request == queued {
                flush::Status::Ok
            } else {
                flush::Status::Deny
            };
            ipc::client::write_status(&mut stream, status.code()).expect("status");
        });
        Ok(Stream::new(ours))
    })
}

fn fake_rewrite() -> Endpoint {
    Endpoint::fake("private/rewrite", || {
        let (ours, theirs) = sys::socket::pair()?;
        thread::spawn(move || {
            let mut stream = Stream::new(theirs);
            announce_protocol(&mut stream, rewrite::PROTOCOL).expect("announce");
            while let Ok(request) = Request::read(&mut stream) {
                let answered = match request {
                    Request::Rewrite { address, .. } => {
                        let address = complete(address);
                        Rewritten {
                            server: ServerFlags::empty(),
                            address,
                        }
                        .write(&mut stream)
                    }
                    Request::Resolve { address, .. } => resolve(address).write(&mut stream),
                };
                if answered.is_err() {
                    break;
                }
            }
        });
        Ok(Stream::new(ours))
    })
}

fn complete(address: Vec<u8>) -> Vec<u8> {
    if address.contains(&b'@') {
        return address;
    }
    [address.as_slice(), b"@mail.example.test"].concat()
}

/// A small resolver: the domain decides.
fn resolve(address: Vec<u8>) -> Resolved {
    let (local, domain) = mail::address::split_at_last_at(&address);
    let (transport, mut flags) = match domain.unwrap_or_default() {
        b"mail.example.test" | b"example.test" => ("local", ResolveFlags::CLASS_LOCAL),
        b"virtual.test" => ("virtual", ResolveFlags::CLASS_VIRTUAL),
        b"alias.test" => ("error", ResolveFlags::CLASS_ALIAS),
        b"relay.test" => ("relay", ResolveFlags::CLASS_RELAY),
        b"fail.test" => ("smtp", ResolveFlags::FAIL),
        b"127.0.0.1" | b"" => ("smtp", ResolveFlags::ERROR),
        _ => ("smtp", ResolveFlags::CLASS_DEFAULT),
    };
    flags.set(
        ResolveFlags::ROUTED,
        local.iter().any(|b| b"%!@".contains(b)),
    );
    let nexthop: &[u8] = if transport == "error" {
        b"5.1.1 User unknown in virtual alias table"
    } else {
        domain.unwrap_or_default()
    };
    Resolved {
        server: ServerFlags::empty(),
        transport: transport.into(),
        nexthop: nexthop.to_vec(),
        recipient: address.clone(),
        flags,
    }
}
