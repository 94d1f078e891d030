// SPDX-License-Identifier: MIT OR Apache-2.0
//! Copies, outcomes and the conversation with the queue manager.

use std::io::{self, Write};

use ipc::flags::DeliverFlags;
use ipc::record::RecordType;
use ipc::services::bounce::Request;
use ipc::services::delivery::{self, DeliveryRequest, Reply};
use ipc::services::{MessageStats, Recipient};
use mail::dsn::{Action, Dsn, Notify, Status};
use queue::Layout;
use runtime::stream::Stream;

use crate::copy::{CopyError, Style, copy};
use crate::fixture::{FakeService, captured_log, lines, marks, message};
use crate::loops::DeliveredTo;
use crate::params::StatusParams;
use crate::record::Records;
use crate::request::{Answer, Message, serve};
use crate::status::{Attempt, Owner, Reporter, Verdict};

fn copied(message: &Message, style: &Style<'_>) -> String {
    let mut out = Vec::new();
    let written = copy(&mut message.content(), style, &mut out).unwrap();
    assert_eq!(written, out.len() as u64);
    String::from_utf8(out).unwrap()
}

#[test]
fn mailbox_style_has_four_lines_in_front_and_an_empty_one_behind() {
    let message = message(
        &lines(&["Subject: x", "", "From here", ".", "text From"]),
        &["a@b"],
    );
    let style = Style {
        from_line: Some("Wed Jun 30 21:49:08 1993"),
        quote_from: true,
        return_path: true,
        original_to: Some(b"A B@c"),
        delivered_to: Some(b"a@b"),
        blank_line: true,
        ..Style::plain(b"me@x\n.org")
    };
    let text = copied(&message, &style);
    assert!(
        text.starts_with("From ") && text.contains("  Wed Jun 30 21:49:08 1993\n"),
        "{text}"
    );
    assert!(text.contains("Return-Path: <"), "{text}");
    assert!(text.contains("X-Original-To: \"A B\"@c\nDelivered-To: a@b\nSubject: x\n\n>From here\n.\ntext From\n\n"), "{text}");
    assert_eq!(
        text.lines().count(),
        10,
        "an address made no line of its own: {text}"
    );
}

#[test]
fn null_sender_is_named_in_the_from_line_only() {
    let message = message(&lines(&["x"]), &[]);
    let style = Style {
        from_line: Some("DATE"),
        return_path: true,
        ..Style::plain(b"")
    };
    assert_eq!(
        copied(&message, &style),
        "From MAILER-DAEMON  DATE\nReturn-Path: <>\nx\n"
    );
}

#[test]
fn pieces_of_a_long_line_are_joined_and_the_last_line_gets_its_end() {
    let content: [(RecordType, &[u8]); 4] = [
        (RecordType::ContinuedText, b"ab"),
        (RecordType::RegularText, b"From c"),
        (RecordType::RegularText, b".d"),
        (RecordType::ContinuedText, b"e"),
    ];
    let message = message(&content, &[]);
    let style = Style {
        quote_from: true,
        double_dots: true,
        end_of_line: b"\r\n",
        ..Style::plain(b"")
    };
    assert_eq!(copied(&message, &style), "abFrom c\r\n..d\r\ne\r\n");
}

#[test]
fn a_damaged_file_is_marked_as_corrupt() {
    use std::os::unix::fs::PermissionsExt;
    let log = captured_log();
    let content: [(RecordType, &[u8]); 2] =
        [(RecordType::RegularText, b"x"), (RecordType::Sender, b"y")];
    let message = message(&content, &[]);
    let error = copy(&mut message.content(), &Style::plain(b""), &mut Vec::new()).unwrap_err();
    assert!(matches!(error, CopyError::Corrupt));
    assert_eq!(
        message.file().metadata().unwrap().permissions().mode() & 0o777,
        0o400
    );
    assert_eq!(log.borrow().len(), 1);
}

/// Writes so much, then says what a full disk says.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = bytes.len().min(self.0);
        self.0 -= count;
        if count == 0 {
            Err(io::Error::from_raw_os_error(28))
        } else {
            Ok(count)
        }
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_failed_write_has_the_text_of_the_system() {
    let message = message(&lines(&["0123456789"; 20]), &[]);
    let error = copy(&mut message.content(), &Style::plain(b""), &mut Full(50)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "error writing message: No space left on device"
    );
}

#[test]
fn delivered_to_headers_are_found_in_the_first_headers_only() {
    let text = [
        "Delivered-To: A@Example.org",
        "X: y",
        "delivered-to:",
        "\t\"b c\"@example.org",
        "",
        "Delivered-To: body@example.org",
    ];
    let message = message(&lines(&text), &[]);
    let found = DeliveredTo::read(&mut message.content()).unwrap();
    assert!(found.contains(b"a@example.ORG"));
    assert!(found.contains(b"b c@example.org"));
    assert!(!found.contains(b"body@example.org"));
}

fn params(text: &str) -> StatusParams {
    let main_cf = config::MainCf::from_text(std::path::Path::new("/nowhere"), text).unwrap();
    StatusParams::load(&main_cf).unwrap()
}

fn reporter(text: &str, service: &FakeService) -> Reporter {
    Reporter::new(&params(text), Records::played_by(&service.endpoint), None)
}

fn attempt<'a>(message: &'a Message, stats: &'a MessageStats) -> Attempt<'a> {
    Attempt {
        message,
        recipient: &message.request.recipients[0],
        stats,
        relay: "local",
    }
}

fn dsn(status: &str, reason: &str) -> Dsn {
    Dsn::simple(Status::parse(status.as_bytes()).unwrap(), reason)
}

#[test]
fn success_is_one_log_line_and_no_record() {
    let (log, service) = (captured_log(), FakeService::new(0));
    let message = message(&lines(&["x"]), &["a@example.org"]);
    let stats = MessageStats::default();
    let verdict = reporter("", &service).sent(
        attempt(&message, &stats),
        dsn("2.0.0", "delivered to mailbox"),
    );
    assert_eq!(verdict, Verdict::Done);
    assert!(service.requests().is_empty());
    assert_eq!(
        *log.borrow(),
        [
            "3C91B2: to=<a@example.org>, relay=local, delay=0, delays=0/0/0/0, dsn=2.0.0, \
          status=sent (delivered to mailbox)"
        ]
    );
}

#[test]
fn success_is_recorded_for_senders_who_want_to_know() {
    let (log, service) = (captured_log(), FakeService::new(0));
    let mut message = message(&lines(&["x"]), &["a@example.org"]);
    message.request.recipients[0].notify = Notify::SUCCESS;
    let stats = MessageStats::default();
    let verdict = reporter("", &service).sent(attempt(&message, &stats), dsn("2.0.0", "ok"));
    assert_eq!(verdict, Verdict::Done);
    let requests = service.requests();
    let [Request::Append { dsn, .. }] = requests.as_slice() else {
        panic!("{requests:?}")
    };
    assert_eq!(dsn.action, Some(Action::Delivered));
    assert_eq!(log.borrow().len(), 1);
}

#[test]
fn a_success_that_cannot_be_recorded_is_deferred() {
    let (log, service) = (captured_log(), FakeService::new(-1));
    let mut message = message(&lines(&["x"]), &["a@example.org"]);
    message.request.recipients[0].notify = Notify::SUCCESS;
    let stats = MessageStats::default();
    let verdict = reporter("", &service).sent(attempt(&message, &stats), dsn("2.0.0", "ok"));
    assert_eq!(verdict, Verdict::Retry);
    assert!(
        log.borrow()
            .join("\n")
            .contains("status=deferred (3C91B2: trace service failed)")
    );
}

#[test]
fn a_bounce_is_recorded_before_it_is_logged() {
    let (log, service) = (captured_log(), FakeService::new(0));
    let message = message(&lines(&["x"]), &["a@example.org"]);
    let stats = MessageStats::default();
    let failure = dsn("5.1.1", "unknown user: \"a\"");
    let verdict = reporter("", &service).report(attempt(&message, &stats), failure);
    assert_eq!(verdict, Verdict::Done);
    let requests = service.requests();
    let [
        Request::Append {
            queue_id,
            recipient,
            dsn,
            ..
        },
    ] = requests.as_slice()
    else {
        panic!("{requests:?}")
    };
    assert_eq!(
        (queue_id.as_slice(), dsn.action),
        (&b"3C91B2"[..], Some(Action::Failed))
    );
    assert_eq!(recipient.address, b"a@example.org");
    assert!(log.borrow()[0].ends_with("dsn=5.1.1, status=bounced (unknown user: \"a\")"));
}

#[test]
fn a_bounce_that_cannot_be_recorded_is_deferred_and_not_lost() {
    let (log, service) = (captured_log(), FakeService::new(-1));
    let message = message(&lines(&["x"]), &["a@example.org"]);
    let stats = MessageStats::default();
    let verdict = reporter("", &service).bounce(attempt(&message, &stats), dsn("5.1.1", "no"));
    assert_eq!(verdict, Verdict::Retry);
    let log = log.borrow().join("\n");
    assert!(
        log.contains("warning: 3C91B2: defer service failure"),
        "{log}"
    );
    assert!(
        log.contains("dsn=4.3.0, status=deferred (bounce or trace service failure)"),
        "{log}"
    );
}

#[test]
fn soft_bounce_keeps_the_recipient() {
    let (log, service) = (captured_log(), FakeService::new(0));
    let message = message(&lines(&["x"]), &["a@example.org"]);
    let stats = MessageStats::default();
    let mut reporter = reporter("soft_bounce = yes\n", &service);
    assert_eq!(
        reporter.bounce(attempt(&message, &stats), dsn("5.1.1", "no")),
        Verdict::Retry
    );
    let requests = service.requests();
    let [Request::Append { dsn, .. }] = requests.as_slice() else {
        panic!("{requests:?}")
    };
    assert_eq!((dsn.status.class, dsn.action), (4, Some(Action::Delayed)));
    assert!(log.borrow()[0].contains("dsn=4.1.1, status=SOFTBOUNCE (no)"));
}

#[test]
fn a_probe_is_only_recorded() {
    let (log, service) = (captured_log(), FakeService::new(0));
    let mut message = message(&lines(&["x"]), &["a@example.org"]);
    message.request.flags = DeliverFlags::USER_VERIFY;
    let stats = MessageStats::default();
    let mut reporter = reporter("", &service);
    for failure in [
        dsn("5.1.1", "no"),
        dsn("4.1.1", "not yet"),
        dsn("2.1.5", "yes"),
    ] {
        assert_eq!(
            reporter.report(attempt(&message, &stats), failure),
            Verdict::Done
        );
    }
    let actions: Vec<_> = service
        .requests()
        .into_iter()
        .map(|request| match request {
            Request::Append { dsn, .. } => dsn.action.unwrap().as_str(),
            _ => "another request",
        })
        .collect();
    assert_eq!(actions, ["undeliverable", "undeliverable", "deliverable"]);
    assert!(log.borrow()[0].contains("status=undeliverable (no)"));
}

#[test]
fn an_owner_hears_of_the_failure_alone() {
    let (log, service) = (captured_log(), FakeService::new(0));
    let message = message(&lines(&["x"]), &["a@example.org"]);
    let stats = MessageStats::default();
    let owner = Owner {
        sender: b"owner-list@example.org",
    };
    let mut reporter = reporter("", &service);
    let verdict = reporter.bounce_to(&owner, attempt(&message, &stats), dsn("5.1.1", "no"));
    assert_eq!(verdict, Verdict::Done);
    let requests = service.requests();
    let [Request::One { message, .. }] = requests.as_slice() else {
        panic!("{requests:?}")
    };
    assert_eq!(message.sender, b"owner-list@example.org");
    assert_eq!(log.borrow().len(), 1);
}

#[test]
fn a_status_of_the_wrong_class_is_replaced() {
    let (log, service) = (captured_log(), FakeService::new(0));
    let message = message(&lines(&["x"]), &["a@example.org"]);
    let stats = MessageStats::default();
    let verdict = reporter("", &service).bounce(attempt(&message, &stats), dsn("2.0.0", "odd"));
    assert_eq!(verdict, Verdict::Done);
    assert!(log.borrow()[0].starts_with("warning: bounce_append: ignoring dsn code \"2.0.0\""));
    assert!(log.borrow()[1].contains("dsn=5.0.0"));
}

#[test]
fn verdicts_add_up_to_retry() {
    assert_eq!(Verdict::Done | Verdict::Retry, Verdict::Retry);
    assert_eq!(Verdict::Done | Verdict::Done, Verdict::Done);
}

/// Plays the queue manager: sends a request for a file in a queue and gives the reply.
fn conversation(file: Option<&Message>, deliver: impl FnOnce(&Message) -> Answer) -> Option<Reply> {
    let directory = tempfile::tempdir().unwrap();
    let mut request = DeliveryRequest {
        queue_id: b"ABC123".to_vec(),
        recipients: vec![Recipient::new("a@example.org")],
        ..DeliveryRequest::default()
    };
    if let Some(message) = file {
        std::fs::create_dir(directory.path().join("active")).unwrap();
        let path = directory.path().join("active/ABC123");
        let mut from = message.file().try_clone().unwrap();
        io::Seek::rewind(&mut from).unwrap();
        io::copy(&mut from, &mut std::fs::File::create(path).unwrap()).unwrap();
        request.recipients = message.request.recipients.clone();
        request.data_offset = message.request.data_offset;
    }
    let (mut server, mut client) = Stream::pair().unwrap();
    request.encode().send(&mut client).unwrap();
    // The agent waits for us to close; here we only can when it is done.
    server.set_timeout(std::time::Duration::from_millis(20));
    serve(&mut server, &Layout::new(directory.path(), "", 1), deliver);
    drop(server);
    delivery::expect_announcement(&mut client, "private/test").unwrap();
    Reply::read(&mut client, "private/test").ok()
}

#[test]
fn a_request_is_served_and_answered() {
    let stored = message(
        &lines(&["Subject: hello"]),
        &["a@example.org", "b@example.org"],
    );
    let mut seen = None;
    let reply = conversation(Some(&stored), |message| {
        message.mark_done(message.request.recipients[1].offset);
        message.mark_done(0);
        seen = Some(marks(message));
        assert!(message.request.stats.agent_handoff.is_some());
        let mut text = Vec::new();
        copy(&mut message.content(), &Style::plain(b""), &mut text).unwrap();
        assert_eq!(text, b"Subject: hello\n");
        Answer {
            verdict: Verdict::Retry,
            unreachable: Some(dsn("4.4.1", "connect to x: refused")),
        }
    });
    assert_eq!(seen.unwrap(), b"RD");
    let reply = reply.unwrap();
    assert!(!reply.finished);
    assert_eq!(reply.unreachable.unwrap().reason, b"connect to x: refused");
}

#[test]
fn a_message_that_is_gone_gets_no_reply() {
    let log = captured_log();
    let reply = conversation(None, |_| panic!("there is nothing to deliver"));
    assert_eq!(reply, None);
    assert_eq!(
        *log.borrow(),
        ["warning: open active ABC123: No such file or directory"]
    );
}

#[test]
fn a_request_of_a_queue_manager_that_is_gone_is_not_carried_out() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::create_dir(directory.path().join("active")).unwrap();
    std::fs::write(directory.path().join("active/ABC123"), "").unwrap();
    let request = DeliveryRequest {
        queue_id: b"ABC123".to_vec(),
        recipients: vec![Recipient::new("a@example.org")],
        ..DeliveryRequest::default()
    };
    let (mut server, mut client) = Stream::pair().unwrap();
    request.encode().send(&mut client).unwrap();
    delivery::announce(&mut server).unwrap();
    delivery::expect_announcement(&mut client, "private/test").unwrap();
    // As if the agent was busy until now, and its greeting was read.
    drop(client);
    serve(&mut server, &Layout::new(directory.path(), "", 1), |_| {
        panic!("there is nobody to deliver for")
    });
}

#[test]
fn a_client_that_leaves_is_no_request() {
    let log = captured_log();
    let (mut server, client) = Stream::pair().unwrap();
    drop(client);
    serve(&mut server, &Layout::new("/nowhere", "", 1), |_| {
        panic!("no request")
    });
    assert!(log.borrow().is_empty());
}
