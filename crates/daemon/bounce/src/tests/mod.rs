// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whole requests: a client in memory, logs and queue files in a temporary directory, and cleanup
//! played by the other end of [`ipc::services::cleanup`].

mod hostile;
mod notices;

use std::cell::RefCell;
use std::fs;
use std::path::Path;
use std::rc::Rc;

use config::MainCf;
use ipc::client::Endpoint;
use ipc::flags::{BounceFlags, CleanupFlags, CleanupStatus};
use ipc::record::{RecordReader, RecordType};
use ipc::services::Recipient;
use ipc::services::bounce::{Message, Request};
use ipc::services::cleanup::{self, Reply};
use mail::dsn::{Action, Dsn, Status};
use queue::file::{Maker, SizeRecord, Stamp};
use queue::id::IdForm;
use queue::{Layout, Queue, QueueId};
use runtime::log::{self, Sink};
use runtime::stream::Stream;

use crate::service;
use crate::site::Site;
use runtime::stand_in::{Conversation, StandIn};

/// A notice that cleanup was given.
#[derive(Clone, Debug)]
struct Given {
    flags: CleanupFlags,
    records: Vec<(RecordType, Vec<u8>)>,
}

impl Given {
    fn first(&self, kind: RecordType) -> String {
        let record = self.records.iter().find(|(known, _)| *known == kind);
        String::from_utf8_lossy(&record.expect("such a record").1).into_owned()
    }

    /// The lines of its content.
    fn lines(&self) -> Vec<String> {
        let text = self.records.iter().filter(|(kind, _)| {
            matches!(kind, RecordType::RegularText | RecordType::ContinuedText)
        });
        text.map(|(_, data)| String::from_utf8_lossy(data).into_owned())
            .collect()
    }

    fn has(&self, line: &str) -> bool {
        self.lines().iter().any(|known| known == line)
    }
}

/// A site with a message in its active queue.
struct Bench {
    site: Site,
    directory: tempfile::TempDir,
    log: Rc<RefCell<Vec<String>>>,
    given: Rc<RefCell<Vec<Given>>>,
    verdict: Rc<RefCell<CleanupStatus>>,
    id: QueueId,
}

const CONTENT: [&str; 6] = [
    "Received: by x",
    "Subject: test",
    "Message-Id: <orig@id>",
    "",
    "body",
    ".dot",
];

impl Bench {
    fn new(settings: &str) -> Bench {
        let directory = tempfile::tempdir().unwrap();
        for queue in ["active", "incoming", "bounce", "defer", "trace"] {
            fs::create_dir(directory.path().join(queue)).unwrap();
        }
        let text = format!(
            "myhostname = mail.example.com\nmydomain = example.com\nmyorigin = mail.example.com\n\
             smtputf8_enable = no\n{settings}\n"
        );
        let main_cf = MainCf::from_text(Path::new("/nowhere"), &text).unwrap();
        let layout = Layout::new(directory.path(), "", 1);
        let mut site = Site::open(&main_cf, Some(layout.clone())).unwrap();
        let given: Rc<RefCell<Vec<Given>>> = Rc::default();
        let verdict = Rc::new(RefCell::new(CleanupStatus::empty()));
        site.cleanup = cleanup_stand_in(&given, &verdict);
        let lines = Rc::new(RefCell::new(Vec::new()));
        log::start("postfix/bounce", vec![Sink::Capture(Rc::clone(&lines))]);
        let id = make_message(&layout, &CONTENT);
        Bench {
            site,
            directory,
            log: lines,
            given,
            verdict,
            id,
        }
    }

    /// Asks the service that keeps this log, and gives back its status.
    fn ask(&self, log: Queue, request: &Request) -> Option<i32> {
        self.ask_bytes(log, request.encode().into_bytes())
    }

    fn ask_bytes(&self, log: Queue, bytes: Vec<u8>) -> Option<i32> {
        self.log.borrow_mut().clear();
        let conversation = Conversation::new(bytes);
        let mut stream = conversation.stream();
        service::serve(&self.site, log, &mut stream);
        ipc::client::read_status(&mut conversation.answer()?, "test").ok()
    }

    fn append(&self, log: Queue, recipient: Recipient, dsn: Dsn) {
        let request = Request::Append {
            flags: BounceFlags::empty(),
            queue_id: self.id.as_str().into(),
            recipient,
            dsn,
        };
        assert_eq!(self.ask(log, &request), Some(0), "{:?}", self.log.borrow());
    }

    fn message(&self) -> Message {
        Message {
            queue_name: b"active".to_vec(),
            queue_id: self.id.as_str().into(),
            encoding: b"7bit".to_vec(),
            sender: b"sender@example.com".to_vec(),
            ..Message::default()
        }
    }

    fn flush(&self, message: Message) -> Option<i32> {
        self.ask(
            Queue::Bounce,
            &Request::Flush {
                flags: BounceFlags::empty(),
                message,
            },
        )
    }

    fn notices(&self) -> Vec<Given> {
        self.given.borrow_mut().drain(..).collect()
    }

    fn has_log(&self, log: Queue) -> bool {
        self.site.layout.path(log, &self.id).exists()
    }

    fn logged(&self, text: &str) -> bool {
        self.log.borrow().iter().any(|line| line.contains(text))
    }
}

fn failure() -> Dsn {
    let mut dsn = Dsn::simple(Status::new(5, 1, 1), "unknown user");
    dsn.action = Some(Action::Failed);
    dsn
}

fn make_message(layout: &Layout, content: &[&str]) -> QueueId {
    let maker = Maker {
        layout: layout.clone(),
        form: IdForm::Short,
    };
    let mut writer = maker.create(Queue::Incoming).unwrap();
    writer.set_sizes(&SizeRecord::default()).unwrap();
    writer
        .record(RecordType::ArrivalTime, b"1700000000 5")
        .unwrap();
    writer
        .record(RecordType::Sender, b"sender@example.com")
        .unwrap();
    writer
        .record(RecordType::Recipient, b"user@example.com")
        .unwrap();
    writer.record(RecordType::MessageContent, b"").unwrap();
    let data_offset = writer.position();
    for line in content {
        writer
            .record(RecordType::RegularText, line.as_bytes())
            .unwrap();
    }
    let content_length = writer.position() - data_offset;
    writer
        .record(RecordType::ExtractedInformation, b"")
        .unwrap();
    writer.record(RecordType::End, b"").unwrap();
    writer
        .set_sizes(&SizeRecord {
            content_length,
            data_offset,
            ..Default::default()
        })
        .unwrap();
    let id = writer.commit(Stamp::Now).unwrap().id;
    layout.rename(&id, Queue::Incoming, Queue::Active).unwrap();
    id
}

fn cleanup_stand_in(
    given: &Rc<RefCell<Vec<Given>>>,
    verdict: &Rc<RefCell<CleanupStatus>>,
) -> Endpoint {
    let (given, verdict) = (Rc::clone(given), Rc::clone(verdict));
    Endpoint::fake("public/cleanup", move || {
        let (given, verdict) = (Rc::clone(&given), Rc::clone(&verdict));
        let hello = Conversation::new(Vec::new());
        cleanup::announce(&mut hello.stream(), "NEW1").unwrap();
        Ok(Stream::over(Box::new(StandIn::new(
            hello.output(),
            move |bytes| {
                let mut input = Conversation::new(bytes.to_vec()).stream();
                let Ok(flags) = cleanup::read_flags(&mut input) else {
                    return Vec::new();
                };
                let mut reader = RecordReader::new(&mut input);
                let mut records = Vec::new();
                while let Ok(Some(record)) = reader.next(1 << 20) {
                    records.push((record.kind, record.data));
                }
                if records
                    .last()
                    .is_none_or(|(kind, _)| *kind != RecordType::End)
                {
                    return Vec::new();
                }
                given.borrow_mut().push(Given { flags, records });
                let answer = Conversation::new(Vec::new());
                Reply {
                    status: *verdict.borrow(),
                    reason: Vec::new(),
                }
                .write(&mut answer.stream())
                .unwrap();
                answer.output()
            },
        ))))
    })
}
