// SPDX-License-Identifier: MIT OR Apache-2.0
//! The queue manager in whole conversations: a queue in a temporary directory, a resolver in a
//! thread, and delivery agents and bounce daemons played by the tests.

mod delivery;
mod ending;
mod hostile;
mod intake;

use crate::{Event, QueueManager};
use config::MainCf;
use ipc::client::{self, Endpoint};
use ipc::flags::{ResolveFlags, ServerFlags};
use ipc::record::RecordType;
use ipc::services::delivery::{DeliveryRequest, Reply};
use ipc::services::resolve::Resolved;
use ipc::services::{bounce, delivery as agent, rewrite};
use mail::dsn::{Dsn, Status};
use queue::file::{Maker, SizeRecord, Stamp};
use queue::id::IdForm;
use queue::{Layout, Queue, QueueId};
use runtime::log;
use runtime::stream::Stream;
use server::{Jail, Loop, Triggered};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::fs::File;
use std::os::fd::OwnedFd;
use std::rc::Rc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tempfile::TempDir;

type Connections = Rc<RefCell<VecDeque<Stream>>>;

/// A queue manager, its queue, and its neighbours.
struct Post {
    qmgr: QueueManager,
    ctx: Loop<Event>,
    directory: TempDir,
    layout: Layout,
    log: Rc<RefCell<Vec<String>>>,
    connections: Vec<(&'static str, Connections)>,
}

const SERVICES: [&str; 8] = [
    "smtp", "local", "retry", "error", "filter", "bounce", "defer", "trace",
];

/// A delivery agent that got a request.
struct Job {
    stream: Stream,
    request: DeliveryRequest,
}

impl Job {
    fn recipients(&self) -> Vec<String> {
        self.request
            .recipients
            .iter()
            .map(|r| text(&r.address))
            .collect()
    }

    fn reply(mut self, finished: bool, unreachable: Option<Dsn>) {
        Reply {
            finished,
            unreachable,
        }
        .write(&mut self.stream)
        .unwrap();
    }
}

impl Post {
    fn new() -> Post {
        Post::with("")
    }

    fn with(settings: &str) -> Post {
        let directory = tempfile::tempdir().unwrap();
        for queue in Queue::ALL {
            std::fs::create_dir(directory.path().join(queue.name())).unwrap();
        }
        let layout = Layout::new(directory.path(), "", 1);
        let lines = Rc::new(RefCell::new(Vec::new()));
        log::start("postfix/qmgr", vec![log::Sink::Capture(lines.clone())]);
        let text = format!("myhostname = mail.example\nqueue_run_delay = 1000s\n{settings}");
        let main_cf = MainCf::from_text(directory.path(), &text).unwrap();
        let resolver = Endpoint::fake("private/rewrite", || {
            let (ours, theirs) = sys::socket::pair()?;
            std::thread::spawn(move || serve_rewrite(theirs));
            Ok(Stream::new(ours))
        });
        let mut jail = Jail::for_test("qmgr");
        let mut connections = Vec::new();
        for service in SERVICES {
            let waiting = Connections::default();
            let name = format!("private/{service}");
            let kept = waiting.clone();
            jail = jail.with_fake(Endpoint::fake(&name, move || {
                let (ours, theirs) = Stream::pair()?;
                kept.borrow_mut().push_back(theirs);
                Ok(ours)
            }));
            connections.push((service, waiting));
        }
        let qmgr = QueueManager::new(&main_cf, layout.clone(), resolver).unwrap();
        let ctx = Loop::for_test(jail).unwrap();
        Post {
            qmgr,
            ctx,
            directory,
            layout,
            log: lines,
            connections,
        }
    }

    /// Lets the queue manager do everything it can do without waiting.
    fn work(&mut self) {
        let mut quiet = 0;
        while quiet < 2 {
            let more = self.qmgr.before_wait(&mut self.ctx) == Some(Duration::ZERO);
            let events = self.ctx.wait_for_test(Duration::ZERO).unwrap();
            quiet = if more || !events.is_empty() {
                0
            } else {
                quiet + 1
            };
            for event in events {
                self.qmgr.event(event, &mut self.ctx);
            }
        }
    }

    fn trigger(&mut self, bytes: &[u8]) {
        self.qmgr.triggered(bytes, &mut self.ctx);
        self.work();
    }

    /// The next connection to a service, with the greeting of `protocol` sent.
    fn greet(&mut self, service: &str, protocol: &str) -> Option<Stream> {
        let waiting = &self
            .connections
            .iter()
            .find(|(name, _)| *name == service)
            .unwrap()
            .1;
        let mut stream = waiting.borrow_mut().pop_front()?;
        // A queue manager that hung up is of no interest.
        client::announce_protocol(&mut stream, protocol).ok()?;
        stream.set_timeout(Duration::from_secs(10));
        self.work();
        Some(stream)
    }

    /// The next request to a delivery agent.
    fn job(&mut self, service: &str) -> Option<Job> {
        while let Some(mut stream) = self.greet(service, agent::PROTOCOL) {
            if let Ok(request) = DeliveryRequest::read(&mut stream) {
                return Some(Job { stream, request });
            }
        }
        None
    }

    /// The next request to a bounce daemon, answered with `status`.
    fn notice(&mut self, service: &str, status: i32) -> Option<bounce::Request> {
        let mut stream = self.greet(service, bounce::PROTOCOL)?;
        let request = bounce::Request::read(&mut stream).unwrap();
        client::write_status(&mut stream, status).unwrap();
        self.work();
        Some(request)
    }

    fn reply(&mut self, job: Job, finished: bool) {
        job.reply(finished, None);
        self.work();
    }

    /// Marks recipients done, as agents do.
    fn mark_done(&self, job: &Job) {
        let id = QueueId::parse(&job.request.queue_id).unwrap();
        let file = self.layout.open(Queue::Active, &id).unwrap();
        for recipient in &job.request.recipients {
            assert!(queue::edit::mark_done(&file, recipient.offset).unwrap());
        }
    }

    fn ids(&self, queue: Queue) -> Vec<String> {
        let mut names: Vec<_> = std::fs::read_dir(self.layout.directory(queue))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn log(&self) -> Vec<String> {
        self.log.borrow().clone()
    }

    fn logged(&self, part: &str) -> usize {
        self.log
            .borrow()
            .iter()
            .filter(|line| line.contains(part))
            .count()
    }

    /// How long from now until a file's time has come, in seconds.
    fn waits(&self, queue: Queue, id: &QueueId) -> u64 {
        let time = std::fs::metadata(self.layout.path(queue, id))
            .unwrap()
            .modified()
            .unwrap();
        let wait = time.duration_since(SystemTime::now()).unwrap_or_default();
        (wait + Duration::from_millis(999)).as_secs()
    }

    fn log_file(&self, log: Queue, id: &QueueId, text: &str) {
        std::fs::write(self.layout.path(log, id), text).unwrap();
    }
}

/// A message to be put into a queue.
struct Draft<'a> {
    sender: &'a str,
    recipients: Vec<&'a str>,
    age: u64,
    records: Vec<(RecordType, Vec<u8>)>,
    flags: u32,
}

fn draft<'a>(sender: &'a str, recipients: &[&'a str]) -> Draft<'a> {
    Draft {
        sender,
        recipients: recipients.to_vec(),
        age: 0,
        records: Vec::new(),
        flags: 0,
    }
}

impl Draft<'_> {
    fn record(mut self, kind: RecordType, data: &str) -> Self {
        self.records.push((kind, data.into()));
        self
    }

    fn aged(mut self, seconds: u64) -> Self {
        self.age = seconds;
        self
    }

    fn put(self, post: &Post, queue: Queue) -> QueueId {
        let maker = Maker {
            layout: post.layout.clone(),
            form: IdForm::Short,
        };
        let mut file = maker.create(queue).unwrap();
        let mut sizes = SizeRecord {
            recipient_count: self.recipients.len() as u64,
            queue_manager_flags: self.flags,
            ..SizeRecord::default()
        };
        file.set_sizes(&sizes).unwrap();
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_secs()
            - self.age;
        file.record(RecordType::ArrivalTime, format!("{now} 0").as_bytes())
            .unwrap();
        file.attribute("create_time", now.to_string().as_bytes())
            .unwrap();
        for (kind, data) in &self.records {
            file.record(*kind, data).unwrap();
        }
        file.record(RecordType::Sender, self.sender.as_bytes())
            .unwrap();
        for recipient in &self.recipients {
            file.record(RecordType::Recipient, recipient.as_bytes())
                .unwrap();
        }
        file.record(RecordType::MessageContent, b"").unwrap();
        sizes.data_offset = file.position();
        file.record(RecordType::RegularText, b"Subject: x").unwrap();
        sizes.content_length = file.position() - sizes.data_offset;
        file.record(RecordType::ExtractedInformation, b"").unwrap();
        file.record(RecordType::End, b"").unwrap();
        file.set_sizes(&sizes).unwrap();
        file.commit(Stamp::Now).unwrap().id
    }
}

/// Plays trivial-rewrite: the domain says what is wanted.
fn serve_rewrite(socket: OwnedFd) {
    let mut stream = Stream::new(socket);
    client::announce_protocol(&mut stream, rewrite::PROTOCOL).unwrap();
    while let Ok(request) = rewrite::Request::read(&mut stream) {
        let server = ServerFlags::empty();
        let answered = match request {
            rewrite::Request::Rewrite { address, .. } => {
                rewrite::Rewritten { server, address }.write(&mut stream)
            }
            rewrite::Request::Resolve { address, .. } => {
                resolved(server, address).write(&mut stream)
            }
        };
        if answered.is_err() {
            return;
        }
    }
}

fn resolved(server: ServerFlags, address: Vec<u8>) -> Resolved {
    let (_, domain) = mail::address::split_at_last_at(&address);
    let domain = text(domain.unwrap_or_default());
    let (transport, flags) = match domain.as_str() {
        "local.example" => ("local", ResolveFlags::CLASS_LOCAL),
        "bad.example" => ("smtp", ResolveFlags::ERROR),
        "broken.example" => ("smtp", ResolveFlags::FAIL),
        "nowhere.example" => ("missing", ResolveFlags::CLASS_DEFAULT),
        _ => ("smtp", ResolveFlags::CLASS_DEFAULT),
    };
    let (transport, nexthop) = (transport.into(), domain.into());
    Resolved {
        server,
        transport,
        nexthop,
        recipient: address,
        flags,
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn refused() -> Dsn {
    Dsn::simple(Status::new(4, 4, 1), "connection refused")
}

fn open(post: &Post, queue: Queue, id: &QueueId) -> File {
    post.layout.open(queue, id).unwrap()
}
