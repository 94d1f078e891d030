// SPDX-License-Identifier: MIT OR Apache-2.0
//! Headers and body: additions, removals, limits, checks.

use ipc::services::bounce::Request;

use super::*;

const TO: [(char, &str); 1] = [('R', "r@x.org")];

#[test]
fn missing_headers_are_added_for_local_clients() {
    let mut bench = Bench::new("undisclosed_recipients_header = To: undisclosed-recipients:;");
    let outcome = bench.mail(&TO, &["Received: by x", "", "b"]);
    let content = outcome.content();
    assert!(content[1].starts_with("Message-Id: <20"), "{content:?}");
    assert!(content[1].ends_with("@mail.example.com>"));
    assert!(content[2].starts_with("Date: "));
    assert_eq!(
        content[3..],
        [
            "From: s@example.com",
            "To: undisclosed-recipients:;",
            "",
            "b"
        ]
    );
    let id = content[1].strip_prefix("Message-Id: ").unwrap();
    assert!(outcome.logged(&format!(": message-id={id}")));
}

#[test]
fn headers_of_strangers_are_left_alone() {
    let stranger = [('A', "rewrite_context=remote"), ('R', "r@x.org")];
    let content = ["Received: by x", "To: user", "Bcc: secret", "", "b"];
    let mut bench = Bench::new("");
    let outcome = bench.mail(&stranger, &content);
    assert_eq!(outcome.content(), ["Received: by x", "To: user", "", "b"]);
    assert!(outcome.logged(": message-id=<>"));
    let mut bench = Bench::new("remote_header_rewrite_domain = remote.invalid");
    let outcome = bench.mail(&stranger, &content);
    assert_eq!(outcome.content()[1], "To: user@remote.invalid");
}

#[test]
fn resent_message_gets_resent_headers() {
    let mut bench = Bench::new("");
    let outcome = bench.mail(
        &TO,
        &["Received: by x", "Resent-To: foo", "From: bar", "", "b"],
    );
    let content = outcome.content();
    assert_eq!(content[1], "Resent-To: foo@mail.example.com");
    assert!(content[3].starts_with("Resent-Message-Id: <"));
    assert!(content[4].starts_with("Resent-Date: "));
    assert_eq!(content[5], "Resent-From: s@example.com");
    assert!(outcome.logged(": resent-message-id=<") && outcome.logged(": message-id=<>"));
}

#[test]
fn addresses_are_completed_and_unwanted_headers_dropped() {
    let outcome = Bench::new("").mail(
        &TO,
        &[
            "Received: by x",
            "To: \"x",
            " y\" <a@b>,",
            "\tz",
            "Return-Path: <x@y>",
            "BCC : hidden",
            "Content-length: 99",
            "X-Foo :  two  blanks",
            "Message-Id: <a@b>",
            "Date: now",
            "From: joe (Joe)",
            "",
        ],
    );
    assert_eq!(
        outcome.content(),
        [
            "Received: by x",
            "To: \"x  y\" <a@b>, z@mail.example.com",
            "X-Foo:  two  blanks",
            "Message-Id: <a@b>",
            "Date: now",
            "From: joe@mail.example.com (Joe)",
            "",
        ]
    );
}

#[test]
fn full_name_is_quoted_or_encoded_in_the_from_header() {
    let mut bench = Bench::new("");
    for (name, from) in [
        ("Full Name", "From: Full Name <s@example.com>"),
        (
            "A. B (c) \"x\"",
            "From: \"A. B (c) \\\"x\\\"\" <s@example.com>",
        ),
    ] {
        let outcome = bench.mail(&[('F', name), TO[0]], &["Received: by x", ""]);
        assert_eq!(outcome.content()[3], from);
    }
    let outcome = bench.mail(&[('F', "Jöhn"), TO[0]], &["Received: by x", ""]);
    assert!(
        outcome.content()[3].starts_with("From: =?utf-8?"),
        "{:?}",
        outcome.content()
    );
}

#[test]
fn line_that_is_no_header_ends_the_headers() {
    let mut bench = Bench::new("");
    let headers = [
        "Received: by x",
        "Message-Id: <a@b>",
        "Date: now",
        "From: x@x.org",
    ];
    for (line, rest) in [
        ("no header", vec!["", "no header", "b"]),
        (">From me", vec!["", ">From me", "b"]),
        ("", vec!["", "b"]),
    ] {
        let mut content = headers.to_vec();
        content.extend([line, "b"]);
        let outcome = bench.mail(&TO, &content);
        assert_eq!(outcome.content()[4..], rest);
    }
    let outcome = bench.mail(&TO, &headers);
    assert_eq!(
        outcome.content(),
        headers,
        "nothing is added to a message without body"
    );
}

#[test]
fn message_without_received_header_is_refused() {
    let outcome = Bench::new("").mail(&TO, &["Subject: x", "", "b"]);
    assert_eq!(outcome.status(), CleanupStatus::BAD);
    assert!(outcome.logged("message rejected: no Received: header"));
}

#[test]
fn stray_carriage_returns_and_line_feeds_become_spaces() {
    let outcome = Bench::new("").mail(&TO, &["Received: by x", "Subject: a\rb", "", "b\rc\nd"]);
    assert_eq!(outcome.content()[1], "Subject: a b");
    assert_eq!(outcome.content().last(), Some(&"b c d"));
}

#[test]
fn long_header_is_cut_and_a_long_line_kept_in_pieces() {
    let mut bench = Bench::new("header_size_limit = 1060\nline_length_limit = 512");
    let long = "x".repeat(1200);
    let header = format!("X-Long: {long}");
    let outcome = bench.mail(
        &TO,
        &[
            "Received: by x",
            &header,
            "X-Two: a",
            " aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            &format!(" {long}"),
            "",
            &long,
        ],
    );
    let text: Vec<&String> = outcome
        .records()
        .iter()
        .filter(|r| r.starts_with("L ") || r.starts_with("N "))
        .collect();
    let total =
        |start: usize, end: usize| text[start..end].iter().map(|r| r.len() - 2).sum::<usize>();
    assert_eq!(total(1, 4), 1060, "{text:?}");
    assert_eq!(total(4, 8) + 2, 1060, "{text:?}");
    let body: Vec<usize> = text[text.len() - 3..].iter().map(|r| r.len() - 2).collect();
    assert_eq!(body, [512, 512, 176]);
}

#[test]
fn message_over_the_size_limit_is_refused() {
    let mut bench = Bench::new("message_size_limit = 2000");
    let line = "b".repeat(900);
    let outcome = bench.mail(&TO, &["Received: by x", "", &line, &line, &line]);
    assert_eq!(outcome.status(), CleanupStatus::SIZE);
    assert!(outcome.logged("queue file size limit exceeded"));
    assert!(outcome.messages.is_empty());
    let content = ["Received: by x", "", &line, &line, &line];
    let outcome = bench.mail_with(EXTERNAL | CleanupFlags::BOUNCE, &TO, &content);
    assert_eq!(outcome.status(), CleanupStatus::empty());
    assert!(outcome.logged("dsn=5.3.4, status=bounced (message file too big)"));
    assert_eq!(bench.bounced.borrow().len(), 2);
}

#[test]
fn too_many_hops_are_refused_or_bounced() {
    let mut bench = Bench::new("hopcount_limit = 3");
    let content = ["Received: x", "Received: x", "Received: x", "", "b"];
    let outcome = bench.mail(&TO, &content);
    assert_eq!(outcome.status(), CleanupStatus::HOPS);
    assert!(outcome.logged("message rejected: hopcount exceeded"));
    let outcome = bench.mail_with(EXTERNAL | CleanupFlags::BOUNCE, &TO, &content);
    assert_eq!(outcome.status(), CleanupStatus::empty());
    assert!(outcome.messages.is_empty());
    assert!(outcome.logged(": to=<r@x.org>, relay=none, delay="));
    assert!(outcome.logged(", dsn=5.4.0, status=bounced (too many hops)"));
    let bounced = bench.bounced.borrow();
    let [
        Request::Append { recipient, .. },
        Request::Flush { message, .. },
    ] = bounced.as_slice()
    else {
        panic!("{bounced:?}")
    };
    assert_eq!(recipient.address, b"r@x.org");
    assert_eq!(
        (message.queue_name.as_slice(), message.sender.as_slice()),
        (&b"incoming"[..], &b"s@example.com"[..])
    );
}

#[test]
fn part_labeled_8bit_makes_the_message_8bit() {
    let mut bench = Bench::new("");
    let multipart = |encoding: &str| {
        vec![
            "Received: by x".to_owned(),
            "Content-Type: multipart/mixed; boundary=foo".into(),
            String::new(),
            "--foo".into(),
            format!("Content-Transfer-Encoding: {encoding}"),
            String::new(),
            "x".into(),
        ]
    };
    for (encoding, labeled) in [("7bit", false), ("8BIT", true), ("base64", false)] {
        let content = multipart(encoding);
        let content: Vec<&str> = content.iter().map(String::as_str).collect();
        let outcome = bench.mail(&TO, &content);
        assert_eq!(
            outcome.records().contains(&"A encoding=8bit".to_owned()),
            labeled
        );
    }
}

#[test]
fn header_checks_act_and_are_logged() {
    let mut bench = Bench::new(
        "header_checks = inline:{ { Subject:no = REJECT no spam }, { Subject:hold = HOLD }, \
         { Subject:filter = FILTER smtp:x }, { Subject:go = REDIRECT a@x.org }, \
         { Subject:gone = IGNORE }, { Subject:new = REPLACE To: user }, \
         { Subject:pre = PREPEND X-Pre: 1 }, { Subject:copy = BCC copy@x.org }, \
         { Subject:bye = DISCARD }, { Subject:later = REJECT 4.1.2 odd } }",
    );
    let mut check = |subject: &str| {
        let subject = format!("Subject:{subject}");
        bench.mail(&TO, &["Received: by x", &subject, "", "b"])
    };
    let outcome = check("no");
    assert_eq!(
        (outcome.status(), outcome.reason().as_str()),
        (CleanupStatus::CONT, "5.7.1 no spam")
    );
    assert!(outcome.logged(
        ": reject: header Subject:no from local; from=<s@example.com> to=<r@x.org>: 5.7.1 no spam"
    ));
    assert_eq!(check("later").status(), CleanupStatus::DEFER);
    assert_eq!(check("hold").messages[0].0, "hold");
    assert!(check("filter").records().contains(&"L smtp:x".to_owned()));
    assert!(check("go").records().contains(&"> a@x.org".to_owned()));
    assert!(!check("gone").content().contains(&"Subject:gone"));
    assert!(
        check("new")
            .content()
            .contains(&"To: user@mail.example.com")
    );
    assert_eq!(check("pre").content()[1..3], ["X-Pre: 1", "Subject:pre"]);
    assert_eq!(check("copy").recipients(), ["r@x.org", "copy@x.org"]);
    let outcome = check("bye");
    assert!(outcome.messages.is_empty() && outcome.logged(": discard: header Subject:bye"));
}

#[test]
fn body_checks_stop_at_their_limit_and_where_filtering_is_off() {
    let settings = "body_checks = inline:{ { bad = REJECT } }\nbody_checks_size_limit = 4";
    let mut bench = Bench::new(settings);
    assert_eq!(
        bench.mail(&TO, &["Received: x", "", "bad"]).status(),
        CleanupStatus::CONT
    );
    let late = ["Received: x", "", "1234567", "bad"];
    assert_eq!(bench.mail(&TO, &late).status(), CleanupStatus::empty());
    let unfiltered = EXTERNAL - CleanupFlags::FILTER;
    let outcome = bench.mail_with(unfiltered, &TO, &["Received: x", "", "bad"]);
    assert_eq!(outcome.status(), CleanupStatus::empty());
}
