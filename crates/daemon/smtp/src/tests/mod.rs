// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whole conversations: what the client says to scripted servers, what it logs and records, and
//! which recipients it marks as done.

mod connections;
mod dialogue;
mod features;
mod script;
mod servers;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use config::{MainCf, Prefix};
use delivery::fixture::{FakeService, captured_log, marks, message};
use delivery::record::Records;
use delivery::{Message, Reporter, Verdict};
use dns::Families;
use ipc::record::RecordType;
use ipc::services::bounce::Request;
use mail::dsn::Dsn;

use crate::courier::Courier;
use crate::own::OwnAddresses;
use crate::params::Params;
use crate::setup::courier_with;
use script::{Call, Calls, Script};

/// What every test begins with: the client is called `me.test`.
const MAIN_CF: &str = "
myhostname = me.test
mydomain = test
inet_protocols = all
smtp_randomize_addresses = no
smtp_skip_quit_response = yes
lmtp_skip_quit_response = yes
";

const ZONE: &str = "
two.test MX 10 a.two.test
two.test MX 20 b.two.test
a.two.test A 192.0.2.1
b.two.test A 192.0.2.2
plain.test A 192.0.2.3
me2.test MX 10 here.me2.test
me2.test MX 5 better.me2.test
here.me2.test A 192.0.2.100
better.me2.test A 192.0.2.4
mine.test MX 10 here.me2.test
null.test MX 0 .
later.test SERVFAIL
noaddress.test MX 10 missing.test
six.test MX 10 v6.six.test
v6.six.test AAAA 2001:db8::6
v6.six.test A 192.0.2.6
";

/// A client with its surroundings.
struct Bench {
    courier: Courier,
    reporter: Reporter,
    service: FakeService,
    log: Rc<RefCell<Vec<String>>>,
    calls: Rc<RefCell<VecDeque<(String, Call)>>>,
    scripts: Vec<Script>,
    _files: tempfile::TempDir,
}

impl Bench {
    fn new(main_cf: &str) -> Bench {
        Bench::speaking(Prefix::Smtp, main_cf)
    }

    fn lmtp(main_cf: &str) -> Bench {
        Bench::speaking(Prefix::Lmtp, main_cf)
    }

    fn speaking(prefix: Prefix, main_cf: &str) -> Bench {
        let log = captured_log();
        let text = format!("{MAIN_CF}{main_cf}");
        let main_cf = MainCf::from_text(std::path::Path::new("/nowhere"), &text).unwrap();
        let params = Params::load_as(&main_cf, prefix).unwrap();
        let (resolver, files) = dns::fixture::resolver(ZONE, "192.0.2.50 hosts.test\n");
        let own = OwnAddresses::these(&["192.0.2.100", "127.0.0.1"]);
        let lmtp = prefix == Prefix::Lmtp;
        let mut courier = courier_with(&params, lmtp, Families::Both, own, resolver).unwrap();
        let calls = Rc::new(RefCell::new(VecDeque::new()));
        courier.connector.dial = Box::new(Calls(Rc::clone(&calls)));
        let service = FakeService::new(0);
        let records = Records::played_by(&service.endpoint);
        let reporter = Reporter::new(&params.status, records, None);
        Bench {
            courier,
            reporter,
            service,
            log,
            calls,
            scripts: Vec::new(),
            _files: files,
        }
    }

    /// The next connection is to this address, and goes like this.
    fn call(&mut self, to: &str, script: &str) -> &mut Bench {
        let script = Script::new(script);
        self.scripts.push(script.clone());
        self.calls
            .borrow_mut()
            .push_back((to.to_owned(), Call::Script(script)));
        self
    }

    /// The next connection is to this address, and fails.
    fn call_fails(&mut self, to: &str, error: i32) -> &mut Bench {
        self.calls
            .borrow_mut()
            .push_back((to.to_owned(), Call::Error(error)));
        self
    }

    /// Delivers a message and checks that everything in the scripts happened.
    fn deliver(&mut self, message: &Message) -> Outcome {
        let answer = self.courier.deliver(message, &mut self.reporter);
        for script in &self.scripts {
            script.finish();
        }
        assert!(self.calls.borrow().is_empty(), "a server was not called");
        let requests = self.service.requests();
        let recorded = requests.into_iter().map(|request| match request {
            Request::Append { recipient, dsn, .. } => {
                (String::from_utf8(recipient.address).unwrap(), dsn)
            }
            other => panic!("unexpected request {other:?}"),
        });
        Outcome {
            done: answer.verdict == Verdict::Done,
            unreachable: answer.unreachable.is_some(),
            marks: String::from_utf8(marks(message)).unwrap(),
            recorded: recorded.collect(),
            log: self.log.borrow_mut().split_off(0),
        }
    }
}

/// What became of a message.
struct Outcome {
    done: bool,
    unreachable: bool,
    marks: String,
    recorded: Vec<(String, Dsn)>,
    log: Vec<String>,
}

impl Outcome {
    /// Log lines without the parts that depend on the clock.
    fn log(&self) -> String {
        let mut text = String::new();
        for line in &self.log {
            match (line.find(", delay="), line.find(", dsn=")) {
                (Some(from), Some(to)) => {
                    text.push_str(&line[..from]);
                    text.push_str(&line[to..]);
                }
                _ => text.push_str(line),
            }
            text.push('\n');
        }
        text
    }

    fn reasons(&self) -> Vec<String> {
        let reason = |(_, dsn): &(String, Dsn)| {
            format!("{} {}", dsn.status, String::from_utf8_lossy(&dsn.reason))
        };
        self.recorded.iter().map(reason).collect()
    }
}

/// A short message for these recipients, to this next hop.
fn mail_to(nexthop: &str, recipients: &[&str]) -> Message {
    with_content(
        nexthop,
        recipients,
        &["Subject: hello", "", "Hi.", ".", "bye"],
    )
}

fn with_content(nexthop: &str, recipients: &[&str], content: &[&str]) -> Message {
    let lines: Vec<(RecordType, &[u8])> = content
        .iter()
        .map(|line| (RecordType::RegularText, line.as_bytes()))
        .collect();
    let mut message = message(&lines, recipients);
    message.request.nexthop = nexthop.as_bytes().to_vec();
    message
}
