// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whole conversations: a client in memory, a queue in a temporary directory, and neighbours played
//! by the other ends of [`ipc::services`].

mod content;
mod envelope;
mod hostile;

use std::cell::RefCell;
use std::fs;
use std::io::Read as _;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::rc::Rc;

use config::MainCf;
use ipc::client::Endpoint;
use ipc::flags::{CleanupFlags, CleanupStatus, ServerFlags};
use ipc::record::{self, RecordType};
use ipc::services::bounce;
use ipc::services::cleanup::Reply;
use ipc::services::rewrite::{self, Request, Rewritten, Rule};
use queue::Layout;
use queue::file::Reader;
use runtime::log::{self, Sink};
use runtime::stream::Stream;

use crate::params::Params;
use crate::site::Site;
use runtime::stand_in::{Conversation, StandIn};

/// A site with its neighbours.
struct Bench {
    site: Site,
    directory: tempfile::TempDir,
    log: Rc<RefCell<Vec<String>>>,
    bounced: Rc<RefCell<Vec<bounce::Request>>>,
    traced: Rc<RefCell<Vec<bounce::Request>>>,
    triggers: UnixListener,
}

/// What a client got.
struct Outcome {
    reply: Option<Reply>,
    /// Complete messages: queue, and records as `K data`.
    messages: Vec<(String, Vec<String>)>,
    log: Vec<String>,
}

impl Bench {
    fn new(settings: &str) -> Bench {
        let directory = tempfile::tempdir().unwrap();
        for queue in ["incoming", "hold", "trace", "bounce"] {
            fs::create_dir(directory.path().join(queue)).unwrap();
        }
        let text = format!(
            "myhostname = mail.example.com\nmyorigin = mail.example.com\n\
             mydestination = mail.example.com\ninet_interfaces = 127.0.0.1\n\
             proxy_interfaces =\nsmtputf8_enable = yes\nvirtual_alias_maps =\nheader_checks =\nmime_header_checks =\n\
             nested_header_checks =\ncanonical_classes = envelope_sender, envelope_recipient, \
             header_sender, header_recipient\n{settings}\n"
        );
        let main_cf = MainCf::from_text(Path::new("/nowhere"), &text).unwrap();
        let params = Params::load(&main_cf).unwrap();
        let layout = Layout::new(directory.path(), "", 1);
        let rewriter = Endpoint::fake("private/rewrite", || Ok(rewrite_stand_in()));
        let mut site = Site::open(params, rewrite::Client::new(rewriter), layout).unwrap();
        let (bounced, traced) = (Rc::default(), Rc::default());
        site.services.bounce = recorder("private/bounce", &bounced);
        site.services.trace = recorder("private/trace", &traced);
        let socket = directory.path().join("qmgr");
        let triggers = UnixListener::bind(&socket).unwrap();
        triggers.set_nonblocking(true).unwrap();
        site.services.queue_manager = Endpoint::at(&socket);
        let lines = Rc::new(RefCell::new(Vec::new()));
        log::start("postfix/cleanup", vec![Sink::Capture(Rc::clone(&lines))]);
        Bench {
            site,
            directory,
            log: lines,
            bounced,
            traced,
            triggers,
        }
    }

    /// A client that sends these bytes after its flags.
    fn send_bytes(&mut self, flags: CleanupFlags, bytes: &[u8]) -> Outcome {
        self.log.borrow_mut().clear();
        let mut input = ipc::attr::Writer::new(ipc::attr::Codec::Zero);
        input.int("flags", flags.bits()).end();
        let input = [input.into_bytes(), bytes.to_vec()].concat();
        let conversation = Conversation::new(input);
        let mut stream = conversation.stream();
        crate::conversation::serve(&mut self.site, &mut stream);
        Outcome {
            reply: conversation
                .answer()
                .and_then(|mut answer| Reply::read(&mut answer, "test").ok()),
            messages: self.take_messages(),
            log: self.log.borrow().clone(),
        }
    }

    fn send(&mut self, flags: CleanupFlags, records: &[(char, &str)]) -> Outcome {
        let mut bytes = Vec::new();
        for (kind, data) in records {
            let kind = RecordType::from_byte(u8::try_from(*kind).unwrap()).unwrap();
            record::write(&mut bytes, kind, data.as_bytes());
        }
        self.send_bytes(flags, &bytes)
    }

    /// An ordinary message: the given envelope records after the sender, and content lines.
    fn mail(&mut self, recipients: &[(char, &str)], content: &[&str]) -> Outcome {
        self.mail_with(EXTERNAL, recipients, content)
    }

    fn mail_with(
        &mut self,
        flags: CleanupFlags,
        recipients: &[(char, &str)],
        content: &[&str],
    ) -> Outcome {
        let mut records = vec![('T', "1700000000 5"), ('S', "s@example.com")];
        records.extend_from_slice(recipients);
        records.push(('M', ""));
        records.extend(content.iter().map(|line| ('N', *line)));
        records.extend([('X', ""), ('E', "")]);
        self.send(flags, &records)
    }

    /// What the queue manager was woken up with.
    fn triggers(&self) -> Vec<u8> {
        let mut heard = Vec::new();
        while let Ok((mut client, _)) = self.triggers.accept() {
            client.read_to_end(&mut heard).unwrap();
        }
        heard
    }

    fn take_messages(&self) -> Vec<(String, Vec<String>)> {
        let mut messages = Vec::new();
        for queue in ["incoming", "hold"] {
            for entry in fs::read_dir(self.directory.path().join(queue)).unwrap() {
                let path = entry.unwrap().path();
                messages.push((queue.to_owned(), read(&path)));
                fs::remove_file(path).unwrap();
            }
        }
        messages
    }
}

const EXTERNAL: CleanupFlags = CleanupFlags::EXTERNAL;

impl Outcome {
    fn status(&self) -> CleanupStatus {
        self.reply.as_ref().expect("a verdict").status
    }

    fn reason(&self) -> String {
        String::from_utf8(self.reply.as_ref().expect("a verdict").reason.clone()).unwrap()
    }

    /// The records of the one message that was accepted.
    fn records(&self) -> &[String] {
        assert_eq!(self.status(), CleanupStatus::empty(), "{:?}", self.log);
        assert_eq!(self.messages.len(), 1, "{:?}", self.log);
        &self.messages[0].1
    }

    /// Recipients, in order.
    fn recipients(&self) -> Vec<&str> {
        self.records()
            .iter()
            .filter_map(|record| record.strip_prefix("R "))
            .collect()
    }

    /// Lines of content.
    fn content(&self) -> Vec<&str> {
        let records = self.records();
        let start = records.iter().position(|record| record == "M ").unwrap();
        let end = records.iter().position(|record| record == "X ").unwrap();
        records[start + 1..end]
            .iter()
            .map(|record| &record[2..])
            .collect()
    }

    fn logged(&self, text: &str) -> bool {
        self.log.iter().any(|line| line.contains(text))
    }
}

fn read(path: &Path) -> Vec<String> {
    let mut reader = Reader::new(fs::File::open(path).unwrap());
    let mut records = Vec::new();
    while let Some(record) = reader.next_record().unwrap() {
        let kind = char::from(record.kind.byte());
        records.push(format!("{kind} {}", String::from_utf8_lossy(record.data)));
    }
    records
}

/// Completes addresses as trivial-rewrite would: `user` becomes `user@mail.example.com`.
fn rewrite_stand_in() -> Stream {
    let mut hello = ipc::attr::Writer::new(ipc::attr::Codec::Zero);
    hello.text("protocol", rewrite::PROTOCOL).end();
    Stream::over(Box::new(StandIn::new(hello.into_bytes(), |bytes| {
        let mut request = Conversation::new(bytes.to_vec()).stream();
        let Ok(Request::Rewrite { rule, address }) = Request::read(&mut request) else {
            return Vec::new();
        };
        let mut address = address;
        if !address.contains(&b'@') {
            let domain: &[u8] = if rule == Rule::Local {
                b"@mail.example.com"
            } else {
                b"@remote.invalid"
            };
            address.extend_from_slice(domain);
        }
        let answer = Conversation::new(Vec::new());
        let mut stream = answer.stream();
        Rewritten {
            server: ServerFlags::empty(),
            address,
        }
        .write(&mut stream)
        .unwrap();
        answer.output()
    })))
}

/// A bounce service that keeps what it was asked.
fn recorder(name: &str, requests: &Rc<RefCell<Vec<bounce::Request>>>) -> Endpoint {
    let requests = Rc::clone(requests);
    Endpoint::fake(name, move || {
        let requests = Rc::clone(&requests);
        let mut hello = ipc::attr::Writer::new(ipc::attr::Codec::Zero);
        hello.text("protocol", bounce::PROTOCOL).end();
        Ok(Stream::over(Box::new(StandIn::new(
            hello.into_bytes(),
            move |bytes| {
                let mut request = Conversation::new(bytes.to_vec()).stream();
                let Ok(request) = bounce::Request::read(&mut request) else {
                    return Vec::new();
                };
                requests.borrow_mut().push(request);
                let mut answer = ipc::attr::Writer::new(ipc::attr::Codec::Zero);
                answer.int("status", 0).end();
                answer.into_bytes()
            },
        ))))
    })
}
