// SPDX-License-Identifier: MIT OR Apache-2.0
//! The envelope: order of records, rewriting, expansion, copies, refusals.

use ipc::services::bounce::Request;
use mail::dsn::{Action, Notify};

use super::*;

const CONTENT: [&str; 3] = ["Received: by x", "", "body"];

#[test]
fn plain_message_is_written_in_the_measured_order() {
    let mut bench = Bench::new("delay_warning_time = 3600s");
    let outcome = bench.send(
        EXTERNAL,
        &[
            ('T', "1700000000 123456"),
            ('A', "log_client_name=client.example.net"),
            ('A', "rewrite_context=local"),
            ('S', "sender@example.com"),
            ('R', "user@example.com"),
            ('M', ""),
            ('N', "Received: by x"),
            ('N', "Message-Id: <a@b>"),
            ('N', "Date: now"),
            ('N', ""),
            ('N', "body"),
            ('X', ""),
            ('E', ""),
        ],
    );
    let records: Vec<&str> = outcome
        .records()
        .iter()
        .map(String::as_str)
        .filter(|record| !record.starts_with("A create_time="))
        .collect();
    assert_eq!(
        records,
        [
            "C              80             313               1               0              80               0",
            "T 1700000000 123456",
            "A log_client_name=client.example.net",
            "A rewrite_context=local",
            "S sender@example.com",
            "W      1700003600",
            "A dsn_orig_rcpt=rfc822;user@example.com",
            "O user@example.com",
            "R user@example.com",
            "M ",
            "N Received: by x",
            "N Message-Id: <a@b>",
            "N Date: now",
            "N From: sender@example.com",
            "N ",
            "N body",
            "X ",
            "A message_id=<a@b>",
            "E ",
        ]
    );
    assert!(outcome.records()[2].starts_with("A create_time="));
    assert!(outcome.logged(": message-id=<a@b>"));
    assert_eq!(bench.triggers(), b"W");
}

#[test]
fn envelope_without_its_required_records_is_refused() {
    let mut bench = Bench::new("");
    let time = ('T', "1700000000 5");
    for (records, warning) in [
        (
            vec![('S', "s@x.org"), ('R', "r@x.org")],
            "missing time envelope record",
        ),
        (
            vec![time, ('R', "r@x.org")],
            "missing sender envelope record",
        ),
        (vec![time, ('M', "")], "missing sender envelope record"),
        (
            vec![time, ('S', "a@x.org"), ('S', "b@x.org")],
            "multiple envelope sender records",
        ),
        (
            vec![('T', "abc"), ('S', ""), ('R', "r@x.org")],
            "missing time envelope record",
        ),
        (
            vec![time, ('N', "x")],
            "unexpected record type 78 in envelope",
        ),
        (
            vec![time, ('p', "              0")],
            "record type 112 not allowed",
        ),
        (
            vec![time, ('A', "nonsense")],
            "missing '=' after attribute name: nonsense",
        ),
        (
            vec![time, ('A', "rewrite_context=zonk")],
            "bad rewriting context: zonk",
        ),
        (
            vec![time, ('A', "ret_flags=9")],
            "bad DSN RET record <ret_flags=9>",
        ),
    ] {
        let mut records = records;
        records.push(('E', ""));
        let outcome = bench.send(EXTERNAL, &records);
        assert_eq!(outcome.status(), CleanupStatus::BAD);
        assert!(outcome.logged(warning), "{warning}: {:?}", outcome.log);
        assert!(outcome.logged(": removed (canceled)"));
        assert!(outcome.messages.is_empty());
    }
}

#[test]
fn message_without_recipients_is_refused() {
    let outcome = Bench::new("always_bcc = a@x.org").mail(&[], &CONTENT);
    assert_eq!(outcome.status(), CleanupStatus::RCPT);
    assert!(outcome.messages.is_empty());
}

#[test]
fn aliases_expand_in_order_and_each_recipient_is_queued_once() {
    let mut bench = Bench::new(
        "virtual_alias_maps = inline:{ { all@example.com = a@example.com, b@x.org \"c d\"@x.org }, \
         { a@example.com = a@example.com, aa@x.org } }",
    );
    let outcome = bench.mail(
        &[('R', "all@example.com"), ('R', "ALL@Example.com")],
        &CONTENT,
    );
    assert_eq!(
        outcome.recipients(),
        ["a@example.com", "b@x.org", "c d@x.org", "aa@x.org"]
    );
    let outcome = bench.mail_with(CleanupFlags::BCC_OK, &[('R', "all@example.com")], &CONTENT);
    assert_eq!(
        outcome.recipients(),
        ["all@example.com"],
        "mapping is not allowed"
    );
}

#[test]
fn expanded_recipient_with_success_notice_is_told_expanded() {
    let mut bench = Bench::new("virtual_alias_maps = inline:{ { v@x.org = w@x.org } }");
    let envelope = [
        ('A', "notify_flags=2"),
        ('A', "dsn_orig_rcpt=rfc822;orig@x.org"),
        ('R', "v@x.org"),
    ];
    let outcome = bench.mail(&envelope, &CONTENT);
    let expected = [
        "A notify_flags=1",
        "A dsn_orig_rcpt=rfc822;orig@x.org",
        "O v@x.org",
        "R w@x.org",
    ];
    assert!(
        outcome
            .records()
            .windows(4)
            .any(|records| records == expected)
    );
    let traced = bench.traced.borrow();
    let [Request::Append { recipient, dsn, .. }] = traced.as_slice() else {
        panic!("one entry")
    };
    assert_eq!(
        (recipient.address.as_slice(), recipient.notify),
        (&b"v@x.org"[..], Notify::SUCCESS)
    );
    assert_eq!(dsn.action, Some(Action::Expanded));
    assert_eq!(
        outcome.records()[0].split_ascii_whitespace().nth(4),
        Some("4"),
        "qmgr flags"
    );
}

#[test]
fn unreasonable_aliases_are_refused_for_now() {
    let mut bench = Bench::new(
        "virtual_alias_maps = inline:{ { l1@x.org = l2@x.org }, { l2@x.org = l1@x.org }, \
         { many@x.org = a@x.org b@x.org c@x.org d@x.org } }\nvirtual_alias_expansion_limit = 3",
    );
    for (address, warning) in [
        (
            "l1@x.org",
            "unreasonable virtual_alias_maps map nesting for l1@x.org -- message not",
        ),
        (
            "many@x.org",
            "unreasonable virtual_alias_maps map expansion size for many@x.org",
        ),
    ] {
        let outcome = bench.mail(&[('R', address)], &CONTENT);
        assert_eq!(outcome.status(), CleanupStatus::DEFER);
        assert_eq!(outcome.reason(), "4.6.0 Alias expansion error");
        assert!(outcome.logged(warning), "{:?}", outcome.log);
    }
}

#[test]
fn broken_table_refuses_the_message_for_now() {
    let mut bench = Bench::new("canonical_maps = fail:broken");
    let outcome = bench.mail(&[('R', "r@x.org")], &CONTENT);
    assert_eq!(outcome.status(), CleanupStatus::WRITE);
    assert!(outcome.logged("canonical_maps map lookup problem for s@example.com"));
}

#[test]
fn canonical_mapping_is_repeated_and_masquerading_spares_recipients() {
    let mut bench = Bench::new(
        "canonical_maps = inline:{ { s@example.com = b@example.com }, { b@example.com = \
         joe@host.masq.net }, { l1@x.org = l2@x.org }, { l2@x.org = l1@x.org } }\n\
         masquerade_domains = !keep.masq.net masq.net\nmasquerade_exceptions = root",
    );
    let outcome = bench.mail(
        &[
            ('R', "u@host.masq.net"),
            ('R', "s@example.com"),
            ('R', "l1@x.org"),
        ],
        &[
            "Received: by x",
            "From: Joe <s@example.com>",
            "To: a@B.Masq.net, root@c.masq.net, a@d.keep.masq.net",
            "",
        ],
    );
    assert!(outcome.records().contains(&"S joe@masq.net".to_owned()));
    assert_eq!(
        outcome.recipients(),
        ["u@host.masq.net", "joe@host.masq.net", "l1@x.org"]
    );
    assert!(outcome.logged("unreasonable canonical_maps map nesting for l1@x.org"));
    assert_eq!(outcome.content()[1], "From: Joe <joe@masq.net>");
    assert_eq!(
        outcome.content()[2],
        "To: a@masq.net, root@c.masq.net, a@d.keep.masq.net"
    );
}

#[test]
fn nothing_is_mapped_where_the_client_does_not_allow_it() {
    let mut bench = Bench::new(
        "canonical_maps = inline:{ { s@example.com = b@host.masq.net } }\n\
         masquerade_domains = masq.net\nvirtual_alias_maps = inline:{ { r@x.org = other@x.org } }",
    );
    let content = [
        "Received: by x",
        "From: s@example.com",
        "To: c@host.masq.net",
        "",
    ];
    let outcome = bench.mail_with(CleanupFlags::BCC_OK, &[('R', "r@x.org")], &content);
    assert!(outcome.records().contains(&"S s@example.com".to_owned()));
    assert_eq!(outcome.recipients(), ["r@x.org"]);
    assert_eq!(outcome.content()[1..3], content[1..3]);
}

#[test]
fn automatic_copies_are_silent_and_only_where_allowed() {
    let mut bench = Bench::new(
        "always_bcc = always@x.org\nsender_bcc_maps = inline:{ { s@example.com = sent@x.org } }\n\
         recipient_bcc_maps = inline:{ { r@x.org = copy@x.org } }",
    );
    let outcome = bench.mail(&[('R', "r@x.org"), ('R', "r2@x.org")], &CONTENT);
    assert_eq!(
        outcome.recipients(),
        [
            "sent@x.org",
            "r@x.org",
            "copy@x.org",
            "r2@x.org",
            "always@x.org"
        ]
    );
    let tail = ["A notify_flags=1", "O always@x.org", "R always@x.org", "E "];
    assert!(outcome.records().ends_with(&tail.map(str::to_owned)));
    let outcome = bench.mail_with(CleanupFlags::INTERNAL, &[('R', "r@x.org")], &CONTENT);
    assert_eq!(outcome.recipients(), ["r@x.org"]);
}

#[test]
fn empty_recipient_becomes_mailer_daemon() {
    let outcome = Bench::new("").mail(&[('R', "")], &CONTENT);
    assert_eq!(outcome.recipients(), ["MAILER-DAEMON@mail.example.com"]);
    assert!(outcome.records().contains(&"O ".to_owned()));
}

#[test]
fn late_recipients_and_attributes_are_taken_from_the_extracted_segment() {
    let mut bench = Bench::new("");
    let outcome = bench.send(
        EXTERNAL,
        &[
            ('T', "1700000000 5"),
            ('S', "s@example.com"),
            ('M', ""),
            ('N', "Received: by x"),
            ('N', "Message-Id: <a@b>"),
            ('N', "Content-Transfer-Encoding: 8bit"),
            ('N', ""),
            ('X', ""),
            ('A', "foo=bar"),
            ('A', "notify_flags=4"),
            ('R', "late@x.org"),
            ('A', "after=recipient"),
            ('E', ""),
        ],
    );
    let start = outcome
        .records()
        .iter()
        .position(|record| record == "X ")
        .unwrap();
    assert_eq!(
        outcome.records()[start..],
        [
            "X ",
            "A foo=bar",
            "A message_id=<a@b>",
            "A encoding=8bit",
            "A notify_flags=4",
            "A dsn_orig_rcpt=rfc822;late@x.org",
            "O late@x.org",
            "R late@x.org",
            "A after=recipient",
            "E "
        ]
        .map(str::to_owned)
    );
    let flags: u32 = outcome.records()[0]
        .split_ascii_whitespace()
        .nth(4)
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(
        flags,
        1 | 8,
        "recipients are mixed with others; failures may be reported"
    );
}

#[test]
fn verp_needs_a_sender() {
    let mut bench = Bench::new("");
    let rest = [
        ('R', "r@x.org"),
        ('M', ""),
        ('N', "Received: x"),
        ('X', ""),
        ('E', ""),
    ];
    for (sender, kept) in [("", false), ("s@x.org", true)] {
        let mut records = vec![('T', "1700000000 5"), ('S', sender), ('V', "+=")];
        records.extend(rest);
        let outcome = bench.send(EXTERNAL, &records);
        assert_eq!(outcome.records().contains(&"V +=".to_owned()), kept);
        assert_eq!(
            outcome.logged("ignoring VERP request for null sender"),
            !kept
        );
    }
}

#[test]
fn held_message_goes_to_the_hold_queue_and_a_discarded_one_nowhere() {
    let mut bench = Bench::new("");
    let outcome = bench.mail_with(EXTERNAL | CleanupFlags::HOLD, &[('R', "r@x.org")], &CONTENT);
    assert_eq!(outcome.messages[0].0, "hold");
    assert!(bench.triggers().is_empty());
    let outcome = bench.mail_with(
        EXTERNAL | CleanupFlags::DISCARD,
        &[('R', "r@x.org")],
        &CONTENT,
    );
    assert_eq!(outcome.status(), CleanupStatus::empty());
    assert!(outcome.messages.is_empty());
    let outcome = bench.mail(&[('f', "4"), ('R', "r@x.org")], &CONTENT);
    assert_eq!(outcome.messages[0].0, "hold");
}

#[test]
fn utf8_needs_are_found_out_when_asked() {
    let mut bench = Bench::new("");
    let options = |outcome: &Outcome| -> u32 {
        outcome.records()[0]
            .split_ascii_whitespace()
            .last()
            .unwrap()
            .parse()
            .unwrap()
    };
    let content = ["Received: by x", "Subject: ü", ""];
    let auto = EXTERNAL | CleanupFlags::AUTOUTF8;
    assert_eq!(options(&bench.mail(&[('R', "r@x.org")], &content)), 2);
    assert_eq!(
        options(&bench.mail_with(auto, &[('R', "r@x.org")], &content)),
        3
    );
    let outcome = bench.mail_with(auto, &[('R', "ü@x.org")], &CONTENT);
    assert_eq!(options(&outcome), 1);
    assert!(
        outcome
            .records()
            .contains(&"A dsn_orig_rcpt=utf-8;ü@x.org".to_owned())
    );
}
