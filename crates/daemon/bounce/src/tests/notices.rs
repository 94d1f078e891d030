// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who is told what.

use ipc::flags::SendOptions;
use mail::dsn::{Notify, Ret};

use super::*;

#[test]
fn failure_notice_has_the_form_of_a_delivery_status_notification() {
    let bench = Bench::new("");
    bench.append(Queue::Bounce, Recipient::new("user@example.com"), failure());
    let mut second = Recipient::new("a b@x.org");
    second.original = b"alias@x.org".to_vec();
    second.dsn_orcpt = b"rfc822;orig@x.org".to_vec();
    let mut dsn = failure();
    (dsn.diag_type, dsn.diag_text) = (b"smtp".to_vec(), b"550 5.1.1 no".to_vec());
    (dsn.mta_type, dsn.mta_name) = (b"dns".to_vec(), b"mx.x.org".to_vec());
    dsn.reason =
        b"host mx.x.org[192.0.2.1] said: 550 5.1.1 no (in reply to RCPT TO command)".to_vec();
    bench.append(Queue::Bounce, second, dsn);
    let mut message = bench.message();
    message.envelope_id = b"envid".to_vec();
    assert_eq!(bench.flush(message), Some(0));
    assert!(!bench.has_log(Queue::Bounce));
    let id = &bench.id;
    assert!(bench.logged(&format!("{id}: sender non-delivery notification: NEW1")));
    let [notice] = bench.notices().try_into().unwrap();
    assert_eq!(notice.flags, CleanupFlags::INTERNAL);
    assert_eq!(notice.first(RecordType::Sender), "");
    assert_eq!(notice.first(RecordType::Recipient), "sender@example.com");
    let lines = notice.lines();
    let boundary = lines
        .iter()
        .find_map(|line| line.strip_prefix("\tboundary=\""))
        .unwrap();
    let boundary = boundary.trim_end_matches('"');
    let expected = format!(
        "Received: by mail.example.com (Postfix)\n\tid NEW1; DATE\nDate: DATE\n\
         From: Mail Delivery System <MAILER-DAEMON>\nSubject: Undelivered Mail Returned to Sender\n\
         To: sender@example.com\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=delivery-status;\n\
         \tboundary=\"{boundary}\"\nContent-Transfer-Encoding: 7bit\n\n\
         This is a MIME-encapsulated message.\n\n--{boundary}\n\
         Content-Description: Notification\nContent-Type: text/plain; charset=us-ascii\n\n\
         TEXT\n\n<user@example.com>: unknown user\n\n\
         <\"a b\"@x.org> (expanded from <alias@x.org>): host mx.x.org[192.0.2.1] said: 550\n    \
         5.1.1 no (in reply to RCPT TO command)\n\n--{boundary}\n\
         Content-Description: Delivery report\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; mail.example.com\nOriginal-Envelope-Id: envid\n\
         X-Postfix-Queue-ID: {id}\nX-Postfix-Sender: rfc822; sender@example.com\n\
         Arrival-Date: DATE\n\nFinal-Recipient: rfc822; user@example.com\nAction: failed\n\
         Status: 5.1.1\nDiagnostic-Code: X-Postfix; unknown user\n\n\
         Final-Recipient: rfc822; \"a b\"@x.org\nOriginal-Recipient: rfc822;orig@x.org\n\
         Action: failed\nStatus: 5.1.1\nRemote-MTA: dns; mx.x.org\n\
         Diagnostic-Code: smtp; 550 5.1.1 no\n\n--{boundary}\n\
         Content-Description: Undelivered Message\nContent-Type: message/rfc822\n\n\
         Return-Path: <sender@example.com>\nReceived: by x\nSubject: test\n\
         Message-Id: <orig@id>\n\nbody\n.dot\n\n--{boundary}--"
    );
    let text = bench
        .site
        .templates
        .get(crate::template::Kind::Failure)
        .text;
    let mut got = lines
        .join("\n")
        .replace(text.trim_end_matches('\n'), "TEXT");
    for mark in ["\tid NEW1; ", "Date: ", "Arrival-Date: "] {
        let start = got.find(mark).unwrap() + mark.len();
        let end = start + got[start..].find('\n').unwrap();
        got.replace_range(start..end, "DATE");
    }
    assert_eq!(got, expected);
}

#[test]
fn notify_decides_who_hears_of_what() {
    for (notify, on_failure, on_delay) in [
        (Notify::empty(), true, true),
        (Notify::NEVER, false, false),
        (Notify::SUCCESS, false, false),
        (Notify::FAILURE, true, false),
        (Notify::DELAY, false, true),
    ] {
        let bench = Bench::new("");
        let mut recipient = Recipient::new("user@example.com");
        recipient.notify = notify;
        bench.append(Queue::Bounce, recipient.clone(), failure());
        assert_eq!(bench.flush(bench.message()), Some(0));
        assert_eq!(bench.notices().len(), usize::from(on_failure), "{notify:?}");
        assert!(!bench.has_log(Queue::Bounce));
        bench.append(Queue::Defer, recipient, failure());
        let (flags, message) = (BounceFlags::empty(), bench.message());
        assert_eq!(
            bench.ask(Queue::Defer, &Request::Warn { flags, message }),
            Some(0)
        );
        assert_eq!(bench.notices().len(), usize::from(on_delay), "{notify:?}");
        assert!(bench.has_log(Queue::Defer), "a delay notice keeps the log");
    }
}

#[test]
fn null_sender_is_never_told() {
    let null = |bench: &Bench| Message {
        sender: Vec::new(),
        ..bench.message()
    };
    let bench = Bench::new("notify_classes = bounce");
    bench.append(Queue::Bounce, Recipient::new("user@example.com"), failure());
    assert_eq!(bench.flush(null(&bench)), Some(0));
    assert!(bench.notices().is_empty() && !bench.has_log(Queue::Bounce));
    bench.append(Queue::Trace, Recipient::new("user@example.com"), failure());
    let trace = Request::Trace {
        flags: BounceFlags::empty(),
        message: null(&bench),
    };
    assert_eq!(bench.ask(Queue::Trace, &trace), Some(0));
    assert!(bench.notices().is_empty() && !bench.has_log(Queue::Trace));
    assert!(bench.logged("not sending trace/success notification for single-bounce message"));
}

#[test]
fn report_about_mail_from_nobody_goes_to_the_postmaster_who_asked_for_it() {
    let bench = Bench::new(
        "notify_classes = 2bounce\n2bounce_notice_recipient = pm2\nmail_name = Post office",
    );
    bench.append(Queue::Trace, Recipient::new("user@example.com"), failure());
    let trace = Request::Trace {
        flags: BounceFlags::empty(),
        message: Message {
            sender: Vec::new(),
            ..bench.message()
        },
    };
    assert_eq!(bench.ask(Queue::Trace, &trace), Some(0));
    let [notice] = bench.notices().try_into().unwrap();
    let sender = "double-bounce@mail.example.com";
    assert_eq!(notice.first(RecordType::Sender), sender);
    assert_eq!(notice.first(RecordType::Recipient), "pm2");
    assert!(notice.has("Diagnostic-Code: X-Post-office; unknown user"));
}

#[test]
fn bounce_of_a_bounce_goes_to_the_postmaster_and_no_further() {
    let bench = Bench::new("notify_classes = 2bounce\n2bounce_notice_recipient = pm2");
    bench.append(Queue::Bounce, Recipient::new("user@example.com"), failure());
    assert_eq!(
        bench.flush(Message {
            sender: Vec::new(),
            ..bench.message()
        }),
        Some(0)
    );
    let [notice] = bench.notices().try_into().unwrap();
    assert_eq!(
        notice.first(RecordType::Sender),
        "double-bounce@mail.example.com"
    );
    assert_eq!(notice.first(RecordType::Recipient), "pm2");
    assert!(notice.has("Subject: Postmaster Copy: Undelivered Mail"));
    assert!(notice.has("Auto-Submitted: auto-generated") && notice.has("body"));
    assert!(!notice.has("                   The mail system"));
    bench.append(Queue::Bounce, Recipient::new("pm2"), failure());
    let sender = b"Double-Bounce@mail.example.com".to_vec();
    assert_eq!(
        bench.flush(Message {
            sender,
            ..bench.message()
        }),
        Some(0)
    );
    assert!(bench.notices().is_empty() && !bench.has_log(Queue::Bounce));
    assert!(bench.logged("undeliverable postmaster notification discarded"));
}

#[test]
fn postmaster_gets_headers_only_and_everything_that_happened() {
    let bench = Bench::new("notify_classes = bounce delay\nbounce_notice_recipient = pm1");
    let mut silent = Recipient::new("silent@example.com");
    silent.notify = Notify::NEVER;
    bench.append(Queue::Bounce, silent, failure());
    assert_eq!(bench.flush(bench.message()), Some(0));
    let [notice] = bench.notices().try_into().unwrap();
    assert_eq!(notice.first(RecordType::Recipient), "pm1");
    assert!(notice.has("Content-Description: Undelivered Message Headers"));
    assert!(notice.has("Subject: test") && !notice.has("body"));
    bench.append(Queue::Defer, Recipient::new("user@example.com"), failure());
    let (flags, message) = (BounceFlags::empty(), bench.message());
    assert_eq!(
        bench.ask(Queue::Defer, &Request::Warn { flags, message }),
        Some(0)
    );
    let [notice, copy] = bench.notices().try_into().unwrap();
    assert!(notice.has("Action: delayed") && copy.has("Subject: Postmaster Warning: Delayed Mail"));
    assert!(
        notice
            .lines()
            .iter()
            .any(|line| line.starts_with("Will-Retry-Until: "))
    );
    assert!(bench.logged(": sender delay notification: NEW1"));
    assert!(bench.logged(": postmaster delay notification: NEW1"));
}

#[test]
fn as_much_is_returned_as_sender_size_and_secrecy_allow() {
    let returned = |settings: &str, ret: Ret, options: SendOptions| {
        let bench = Bench::new(settings);
        bench.append(Queue::Bounce, Recipient::new("user@example.com"), failure());
        bench.flush(Message {
            ret,
            sendopts: options,
            ..bench.message()
        });
        let [notice] = bench.notices().try_into().unwrap();
        assert_eq!(
            notice.has("body"),
            notice.has("Content-Description: Undelivered Message")
        );
        notice.has("body")
    };
    let none = SendOptions::empty();
    assert!(returned("", Ret::FULL, none) && returned("", Ret::empty(), none));
    assert!(!returned("", Ret::HDRS, none));
    assert!(!returned("bounce_size_limit = 10", Ret::FULL, none));
    assert!(!returned("", Ret::FULL, SendOptions::REQUIRETLS_ESMTP));
    assert!(returned(
        "requiretls_redact_dsn = no",
        Ret::FULL,
        SendOptions::REQUIRETLS_ESMTP
    ));
}

#[test]
fn trace_is_a_success_report_or_what_the_user_asked_for() {
    let bench = Bench::new("");
    for (flags, subject) in [
        (
            BounceFlags::empty(),
            "Subject: Successful Mail Delivery Report",
        ),
        (
            BounceFlags::USER_VERIFY,
            "Subject: Mail Delivery Status Report",
        ),
        (BounceFlags::RECORD, "Subject: Mail Delivery Status Report"),
    ] {
        let mut dsn = Dsn::simple(Status::new(2, 0, 0), "250 ok");
        dsn.action = Some(Action::Relayed);
        bench.append(Queue::Trace, Recipient::new("user@example.com"), dsn);
        let message = bench.message();
        assert_eq!(
            bench.ask(Queue::Trace, &Request::Trace { flags, message }),
            Some(0)
        );
        let [notice] = bench.notices().try_into().unwrap();
        assert!(notice.has(subject) && notice.has("Action: relayed"));
        assert!(notice.has("Content-Description: Message Headers") && !notice.has("body"));
        assert!(bench.logged(": sender delivery status notification: NEW1"));
        assert!(!bench.has_log(Queue::Trace));
    }
}

#[test]
fn verp_sends_one_notice_for_each_recipient() {
    let bench = Bench::new("");
    bench.append(Queue::Bounce, Recipient::new("user@example.com"), failure());
    let mut second = Recipient::new("forwarded@elsewhere.org");
    second.original = b"u2@x.org".to_vec();
    bench.append(Queue::Bounce, second, failure());
    let request = Request::Verp {
        flags: BounceFlags::empty(),
        message: bench.message(),
        delimiters: b"+=".to_vec(),
    };
    assert_eq!(bench.ask(Queue::Bounce, &request), Some(0));
    let recipients: Vec<String> = bench
        .notices()
        .iter()
        .map(|notice| notice.first(RecordType::Recipient))
        .collect();
    assert_eq!(
        recipients,
        [
            "sender+user=example.com@example.com",
            "sender+u2=x.org@example.com"
        ]
    );
    assert!(!bench.has_log(Queue::Bounce));
}

#[test]
fn single_failure_needs_no_log_and_marks_its_recipient() {
    let bench = Bench::new("");
    let file = bench.site.layout.open(Queue::Active, &bench.id).unwrap();
    let mut reader = queue::file::Reader::new(file);
    let offset = loop {
        let record = reader.next_record().unwrap().expect("a recipient");
        if record.kind == RecordType::Recipient {
            break record.offset;
        }
    };
    let recipient = Recipient {
        offset,
        ..Recipient::new("user@example.com")
    };
    let request = Request::One {
        flags: BounceFlags::DELETE_RECIPIENT,
        message: bench.message(),
        recipient,
        dsn: Box::new(failure()),
    };
    assert_eq!(bench.ask(Queue::Bounce, &request), Some(0));
    assert_eq!(bench.notices().len(), 1);
    reader.refresh();
    reader.seek(offset);
    assert_eq!(
        reader.next_record().unwrap().unwrap().kind,
        RecordType::DoneRecipient
    );
}

#[test]
fn notice_that_cleanup_refuses_is_a_failure_and_keeps_the_log() {
    let bench = Bench::new("");
    *bench.verdict.borrow_mut() = CleanupStatus::WRITE;
    bench.append(Queue::Bounce, Recipient::new("user@example.com"), failure());
    assert_eq!(bench.flush(bench.message()), Some(-1));
    assert!(bench.has_log(Queue::Bounce));
    assert!(bench.logged(": sender notification failed to <sender@example.com>: queue file write"));
    let (flags, message) = (BounceFlags::CLEAN, bench.message());
    assert_eq!(
        bench.ask(Queue::Bounce, &Request::Flush { flags, message }),
        Some(-1)
    );
    assert!(
        !bench.has_log(Queue::Bounce),
        "the client cleans up after itself"
    );
}

#[test]
fn notice_is_sent_without_log_and_without_message() {
    let bench = Bench::new("");
    bench.site.layout.remove(Queue::Active, &bench.id).unwrap();
    assert_eq!(bench.flush(bench.message()), Some(0));
    let [notice] = bench.notices().try_into().unwrap();
    assert!(notice.has("\t--- Delivery report unavailable ---"));
    assert!(notice.has("\t--- Undelivered message unavailable ---"));
    assert!(
        notice.lines().last().unwrap().ends_with("--"),
        "parts are closed"
    );
}

#[test]
fn internationalized_mail_gets_the_global_types() {
    let bench = Bench::new("smtputf8_enable = yes\nenable_threaded_bounces = yes");
    bench.append(Queue::Bounce, Recipient::new("ü@x.org"), failure());
    let sendopts = SendOptions::SMTPUTF8_REQUESTED | SendOptions::REQUIRETLS_HEADER;
    assert_eq!(
        bench.flush(Message {
            sendopts,
            ..bench.message()
        }),
        Some(0)
    );
    let [notice] = bench.notices().try_into().unwrap();
    assert!(notice.flags.contains(CleanupFlags::SMTPUTF8));
    for line in [
        "Content-Type: text/plain; charset=utf-8",
        "Content-Type: message/global-delivery-status",
        "Content-Type: message/global",
        "Final-Recipient: utf-8; ü@x.org",
        "References: <orig@id>",
        "In-Reply-To: <orig@id>",
        "TLS-Required: no",
    ] {
        assert!(notice.has(line), "{line}");
    }
}
