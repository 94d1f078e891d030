// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is said, and what replies mean.

use ipc::flags::{DeliverFlags, SendOptions};
use mail::dsn::{Notify, Ret};

use super::{Bench, mail_to, with_content};

pub(super) const NEXTHOP: &str = "[192.0.2.1]:2525";
pub(super) const SERVER: &str = "192.0.2.1:2525";

#[test]
fn a_message_is_sent_line_by_line_where_nothing_is_offered() {
    let mut bench = Bench::new("");
    bench.call(
        SERVER,
        "S: 220 mx.example.org ESMTP
         C: EHLO me.test
         S: 500 what?
         C: HELO me.test
         S: 250 hello
         C: MAIL FROM:<sender@example.org>
         S: 250 ok
         C: RCPT TO:<a@example.org>
         S: 250 ok
         C: DATA
         S: 354 go ahead
         C: Subject: hello
         C:
         C: Hi.
         C: ..
         C: bye
         C: .
         C: QUIT
         S: 250 2.0.0 queued as 12345",
    );
    let outcome = bench.deliver(&mail_to(NEXTHOP, &["a@example.org"]));
    assert!(outcome.done && !outcome.unreachable);
    assert_eq!(outcome.marks, "D");
    assert_eq!(
        outcome.log(),
        "3C91B2: to=<a@example.org>, relay=192.0.2.1[192.0.2.1]:2525, dsn=2.0.0, status=sent \
         (250 2.0.0 queued as 12345)\n"
    );
}

#[test]
fn commands_are_pipelined_and_parameters_have_their_order() {
    let mut bench = Bench::new("");
    bench.call(
        SERVER,
        "S: 220 mx.example.org ESMTP
         C: EHLO me.test
         S: 250-mx.example.org
         S: 250-PIPELINING
         S: 250-SIZE 10000
         S: 250-DSN
         S: 250-ENHANCEDSTATUSCODES
         S: 250-SMTPUTF8
         S: 250 8BITMIME
         C: MAIL FROM:<sender@example.org> SIZE=31 BODY=8BITMIME ENVID=a+2Bb RET=HDRS SMTPUTF8
         C: RCPT TO:<\"a b\"@example.org> ORCPT=rfc822;x+2By@example.org NOTIFY=SUCCESS,DELAY
         C: RCPT TO:<b@example.org> ORCPT=rfc822;B@example.org
         C: DATA
         S: 250 2.1.0 ok
         S: 250 2.1.5 ok
         S: 550 5.1.1 no
         S: 354 go ahead
         C: Subject: hello
         C:
         C: Hi.
         C: ..
         C: bye
         C: .
         C: QUIT
         S: 250-2.0.0 queued
         S: 250 2.0.0 as 12345",
    );
    let mut message = mail_to(NEXTHOP, &["a b@example.org", "b@example.org"]);
    message.request.encoding = b"8bit".to_vec();
    message.request.envelope_id = b"a+b".to_vec();
    message.request.ret = Ret::HDRS;
    message.request.sendopts = SendOptions::SMTPUTF8_REQUESTED | SendOptions::SMTPUTF8_HEADER;
    let recipients = &mut message.request.recipients;
    recipients[0].dsn_orcpt = b"rfc822;x+y@example.org".to_vec();
    recipients[0].notify = Notify::SUCCESS | Notify::DELAY;
    recipients[1].original = b"B@example.org".to_vec();
    let outcome = bench.deliver(&message);
    assert!(outcome.done);
    assert_eq!(outcome.marks, "DD");
    assert_eq!(
        outcome.log(),
        "3C91B2: to=<b@example.org>, relay=192.0.2.1[192.0.2.1]:2525, dsn=5.1.1, status=bounced \
         (host 192.0.2.1[192.0.2.1] said: 550 5.1.1 no (in reply to RCPT TO command))\n\
         3C91B2: to=<\"a b\"@example.org>, relay=192.0.2.1[192.0.2.1]:2525, dsn=2.0.0, status=sent \
         (250-2.0.0 queued 250 2.0.0 as 12345)\n"
    );
    // The server knows DSN: it sends the notice of success, not we.
    assert_eq!(outcome.recorded.len(), 1);
}

pub(super) const OFFER: &str = "S: 220 mx.example.org ESMTP
    C: EHLO me.test
    S: 250-mx.example.org
    S: 250 PIPELINING
    ";

#[test]
fn with_all_recipients_refused_an_unstoppable_data_is_ended_empty() {
    let mut bench = Bench::new("");
    bench.call(
        SERVER,
        &format!(
            "{OFFER}
             C: MAIL FROM:<sender@example.org>
             C: RCPT TO:<a@example.org>
             C: DATA
             S: 250 ok
             S: 550 no such user
             S: 354 go ahead
             C: .
             S: 554 no valid recipients
             C: QUIT"
        ),
    );
    let outcome = bench.deliver(&mail_to(NEXTHOP, &["a@example.org"]));
    assert_eq!(outcome.marks, "D");
    assert_eq!(
        outcome.reasons(),
        ["5.0.0 host 192.0.2.1[192.0.2.1] said: 550 no such user (in reply to RCPT TO command)"]
    );
}

#[test]
fn without_pipelining_nothing_is_sent_for_nobody() {
    let mut bench = Bench::new("");
    bench.call(
        SERVER,
        "S: 220 mx
         C: EHLO me.test
         S: 250 mx
         C: MAIL FROM:<sender@example.org>
         S: 250 ok
         C: RCPT TO:<a@example.org>
         S: 450 4.2.0 not now
         C: RSET
         S: 250 ok
         C: QUIT",
    );
    let outcome = bench.deliver(&mail_to(NEXTHOP, &["a@example.org"]));
    assert!(!outcome.done && !outcome.unreachable);
    assert_eq!(outcome.marks, "R");
    assert!(
        outcome.log().contains("dsn=4.2.0, status=deferred (host"),
        "{}",
        outcome.log()
    );
}

#[test]
fn a_refused_sender_is_refused_for_all_recipients_once() {
    let mut bench = Bench::new("");
    bench.call(
        SERVER,
        &format!(
            "{OFFER}
             C: MAIL FROM:<sender@example.org>
             C: RCPT TO:<a@example.org>
             C: RCPT TO:<b@example.org>
             C: DATA
             S: 550 5.7.1 not you
             S: 503 need MAIL
             S: 503 need MAIL
             S: 503 need RCPT
             C: RSET
             S: 250 ok
             C: QUIT"
        ),
    );
    let outcome = bench.deliver(&mail_to(NEXTHOP, &["a@example.org", "b@example.org"]));
    assert_eq!(outcome.marks, "DD");
    let refused = "5.7.1 host 192.0.2.1[192.0.2.1] said: 550 5.7.1 not you \
                   (in reply to MAIL FROM command)";
    assert_eq!(outcome.reasons(), [refused, refused]);
}

#[test]
fn a_refused_message_is_refused_for_the_accepted_recipients() {
    let mut bench = Bench::new("");
    bench.call(
        SERVER,
        &format!(
            "{OFFER}
             C: MAIL FROM:<sender@example.org>
             C: RCPT TO:<a@example.org>
             C: RCPT TO:<b@example.org>
             C: DATA
             S: 250 ok
             S: 250 ok
             S: 451 4.3.0 not now
             S: 354 go ahead
             C: Subject: hello
             C:
             C: Hi.
             C: ..
             C: bye
             C: .
             C: QUIT
             S: 554 5.6.0 spam"
        ),
    );
    let outcome = bench.deliver(&mail_to(NEXTHOP, &["a@example.org", "b@example.org"]));
    assert!(!outcome.done);
    assert_eq!(outcome.marks, "DR");
    let log = outcome.log();
    assert!(log.contains("status=bounced (host 192.0.2.1[192.0.2.1] said: 554 5.6.0 spam (in reply to end of DATA command))"), "{log}");
    assert!(
        log.contains("to=<b@example.org>") && log.contains("dsn=4.3.0, status=deferred"),
        "{log}"
    );
}

/// Where conversations break, and what is said about it.
const STAGES: [(&str, &str); 8] = [
    (
        "S: <close>",
        "lost connection with 192.0.2.1[192.0.2.1] while receiving the initial server greeting",
    ),
    (
        "S: <timeout>",
        "conversation with 192.0.2.1[192.0.2.1] timed out while receiving the initial server greeting",
    ),
    (
        "S: 220 x
          C: EHLO me.test
          S: <close>",
        "lost connection with 192.0.2.1[192.0.2.1] while performing the EHLO handshake",
    ),
    (
        "S: 220 x
          C: EHLO me.test
          S: 500 no
          C: HELO me.test
          S: <close>",
        "lost connection with 192.0.2.1[192.0.2.1] while performing the HELO handshake",
    ),
    (
        "S: 220 x
          C: EHLO me.test
          S: 250 x
          C: MAIL FROM:<sender@example.org>
          S: <close>",
        "lost connection with 192.0.2.1[192.0.2.1] while sending MAIL FROM",
    ),
    (
        "S: 220 x
          C: EHLO me.test
          S: 250 x
          C: MAIL FROM:<sender@example.org>
          S: 250 ok
          C: RCPT TO:<a@example.org>
          S: <timeout>",
        "conversation with 192.0.2.1[192.0.2.1] timed out while sending RCPT TO",
    ),
    (
        "S: 220 x
          C: EHLO me.test
          S: 250 x
          C: MAIL FROM:<sender@example.org>
          S: 250 ok
          C: RCPT TO:<a@example.org>
          S: 250 ok
          C: DATA
          S: <close>",
        "lost connection with 192.0.2.1[192.0.2.1] while sending DATA command",
    ),
    (
        "S: 220 x
          C: EHLO me.test
          S: 250 x
          C: MAIL FROM:<sender@example.org>
          S: 250 ok
          C: RCPT TO:<a@example.org>
          S: 250 ok
          C: DATA
          S: 354 go
          C: Subject: hello
          C:
          C: Hi.
          C: ..
          C: bye
          C: .
          C: QUIT
          S: <close>",
        "lost connection with 192.0.2.1[192.0.2.1] while sending end of data -- message may be sent more than once",
    ),
];

#[test]
fn lost_connections_say_at_which_stage() {
    for (script, reason) in STAGES {
        let mut bench = Bench::new("");
        bench.call(SERVER, script);
        let outcome = bench.deliver(&mail_to(NEXTHOP, &["a@example.org"]));
        assert_eq!(outcome.reasons(), [format!("4.4.2 {reason}")]);
        assert_eq!(outcome.marks, "R");
        assert!(outcome.unreachable, "{reason}");
    }
}

#[test]
fn a_refusal_in_the_middle_of_the_data_is_heard() {
    let mut bench = Bench::new("");
    let script = format!(
        "{OFFER}
         C: MAIL FROM:<sender@example.org>
         C: RCPT TO:<a@example.org>
         C: DATA
         S: 250 ok
         S: 250 ok
         S: 354 go ahead
         S: <break>
         S: 552 5.2.2 too much"
    );
    bench.call(SERVER, &script);
    let long = "x".repeat(900);
    let content = vec![long.as_str(); 200];
    let outcome = bench.deliver(&with_content(NEXTHOP, &["a@example.org"], &content));
    assert_eq!(outcome.marks, "D");
    assert!(
        outcome.reasons()[0].starts_with("5.2.2 host 192.0.2.1[192.0.2.1] said: 552 5.2.2 too")
    );
}

#[test]
fn a_2xx_in_the_middle_of_the_data_is_not_believed() {
    let mut bench = Bench::new("");
    let script = format!(
        "{OFFER}
         C: MAIL FROM:<sender@example.org>
         C: RCPT TO:<a@example.org>
         C: DATA
         S: 250 ok
         S: 250 ok
         S: 354 go ahead
         S: <break>
         S: 250 thanks"
    );
    bench.call(SERVER, &script);
    let long = "x".repeat(900);
    let content = vec![long.as_str(); 200];
    let outcome = bench.deliver(&with_content(NEXTHOP, &["a@example.org"], &content));
    assert_eq!(outcome.marks, "R");
    assert!(
        outcome.reasons()[0].contains("while sending message body"),
        "{:?}",
        outcome.reasons()
    );
}

#[test]
fn a_reply_that_fits_nothing_is_a_protocol_error() {
    let mut bench = Bench::new("");
    bench.call(
        SERVER,
        "S: 220 x
         C: EHLO me.test
         S: 250 x
         C: MAIL FROM:<sender@example.org>
         S: 354 go ahead
         C: RSET
         S: 250 ok
         C: QUIT",
    );
    let outcome = bench.deliver(&mail_to(NEXTHOP, &["a@example.org"]));
    assert_eq!(
        outcome.reasons(),
        ["5.5.0 host 192.0.2.1[192.0.2.1] said: 354 go ahead \
          (in reply to MAIL FROM command)"]
    );
}

#[test]
fn garbage_is_skipped_with_a_warning_and_made_printable() {
    let mut bench = Bench::new("");
    bench.call(
        SERVER,
        &format!(
            "{OFFER}
             C: MAIL FROM:<sender@example.org>
             C: RCPT TO:<a@example.org>
             C: DATA
             S: hello\u{7}
             S: 250 ok
             S: 550 5.1.1 \u{1b}[31mno
             S: 503 no
             C: RSET
             S: 250 ok
             C: QUIT"
        ),
    );
    let outcome = bench.deliver(&mail_to(NEXTHOP, &["a@example.org"]));
    let log = outcome.log();
    assert!(
        log.contains("warning: 3C91B2: non-ESMTP response from 192.0.2.1[192.0.2.1]:2525: hello?"),
        "{log}"
    );
    assert!(log.contains("said: 550 5.1.1 ?[31mno"), "{log}");
}

#[test]
fn probes_end_before_the_data() {
    let mut bench = Bench::new("");
    bench.call(
        SERVER,
        &format!(
            "{OFFER}
             C: MAIL FROM:<sender@example.org>
             C: RCPT TO:<a@example.org>
             C: RCPT TO:<b@example.org>
             S: 250 ok
             S: 250 2.1.5 fine
             S: 550 5.1.1 no
             C: RSET
             S: 250 ok
             C: QUIT"
        ),
    );
    let mut message = mail_to(NEXTHOP, &["a@example.org", "b@example.org"]);
    message.request.flags = DeliverFlags::USER_VERIFY;
    let outcome = bench.deliver(&message);
    assert_eq!(outcome.reasons().len(), 2);
    let log = outcome.log();
    assert!(log.contains("status=deliverable (250 2.1.5 fine)"), "{log}");
    assert!(log.contains("status=undeliverable (host"), "{log}");
}
