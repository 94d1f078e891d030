// SPDX-License-Identifier: MIT OR Apache-2.0
//! LMTP, and connections that are used again.

use std::time::{Duration, Instant};

use ipc::flags::DeliverFlags;

use super::{Bench, mail_to};

const BODY: &str = "C: Subject: hello
    C:
    C: Hi.
    C: ..
    C: bye
    C: .
    ";

#[test]
fn lmtp_has_a_verdict_for_every_recipient() {
    let mut bench = Bench::lmtp("");
    bench.call(
        "private/dovecot-lmtp",
        &format!(
            "S: 220 x LMTP
             C: LHLO me.test
             S: 250-x
             S: 250 PIPELINING
             C: MAIL FROM:<sender@example.org>
             C: RCPT TO:<a@example.org>
             C: RCPT TO:<b@example.org>
             C: RCPT TO:<c@example.org>
             C: DATA
             S: 250 ok
             S: 250 ok
             S: 550 5.1.1 unknown
             S: 250 ok
             S: 354 go
             {BODY}
             C: QUIT
             S: 250 2.0.0 saved
             S: 452 4.2.2 full"
        ),
    );
    // For LMTP main.cf wants to hear the answer to QUIT unless told otherwise.
    let recipients = ["a@example.org", "b@example.org", "c@example.org"];
    let outcome = bench.deliver(&mail_to("unix:private/dovecot-lmtp", &recipients));
    assert!(!outcome.done);
    assert_eq!(outcome.marks, "DDR");
    let log = outcome.log();
    assert!(log.contains("to=<a@example.org>, relay=me.test[private/dovecot-lmtp], dsn=2.0.0, status=sent (250 2.0.0 saved)"), "{log}");
    assert!(
        log.contains("to=<c@example.org>") && log.contains("dsn=4.2.2, status=deferred"),
        "{log}"
    );
}

#[test]
fn a_socket_that_is_not_there_is_an_unreachable_server() {
    let mut bench = Bench::lmtp("");
    bench.call_fails("private/x", 2);
    let outcome = bench.deliver(&mail_to("unix:private/x", &["a@example.org"]));
    assert!(outcome.unreachable);
    assert_eq!(
        outcome.reasons(),
        ["4.4.1 connect to me.test[private/x]: No such file or directory"]
    );
}

#[test]
fn lmtp_over_tcp_never_asks_for_exchangers_and_uses_its_own_port() {
    let mut bench = Bench::lmtp("");
    bench.call_fails("192.0.2.3:24", 111);
    let outcome = bench.deliver(&mail_to("inet:plain.test", &["a@example.org"]));
    assert_eq!(outcome.marks, "R");
    let outcome = Bench::lmtp("").deliver(&mail_to("two.test", &["a@example.org"]));
    assert!(
        outcome.reasons()[0].starts_with("5.4.4"),
        "{:?}",
        outcome.reasons()
    );
}

fn first(end: &str) -> String {
    format!(
        "S: 220 x
         C: EHLO me.test
         S: 250-x
         S: 250 PIPELINING
         C: MAIL FROM:<sender@example.org>
         C: RCPT TO:<a@example.org>
         C: DATA
         S: 250 ok
         S: 250 ok
         S: 354 go
         {BODY}
         S: 250 first
         {end}"
    )
}

fn busy(recipient: &str) -> delivery::Message {
    let mut message = mail_to("two.test", &[recipient]);
    message.request.flags |= DeliverFlags::CONNECTION_LOAD | DeliverFlags::CONNECTION_STORE;
    message
}

#[test]
fn a_connection_is_used_again_while_the_queue_manager_wants_it() {
    let mut bench = Bench::new("");
    bench.call(
        "192.0.2.1:25",
        &first(&format!(
            "C: RSET
             C: MAIL FROM:<sender@example.org>
             C: RCPT TO:<b@example.org>
             C: DATA
             S: 250 reset
             S: 250 ok
             S: 250 ok
             S: 354 go
             {BODY}
             C: QUIT
             S: 250 second"
        )),
    );
    let answer = bench
        .courier
        .deliver(&busy("a@example.org"), &mut bench.reporter);
    assert_eq!(answer.verdict, delivery::Verdict::Done);
    let mut last = busy("b@example.org");
    last.request.flags -= DeliverFlags::CONNECTION_STORE;
    let outcome = bench.deliver(&last);
    assert!(
        outcome.log[1].contains("relay=a.two.test[192.0.2.1]:25, conn_use=2, delay="),
        "{:?}",
        outcome.log
    );
}

#[test]
fn a_kept_connection_that_died_costs_nothing() {
    let mut bench = Bench::new("");
    bench.call(
        "192.0.2.1:25",
        &first(
            "C: RSET
             C: MAIL FROM:<sender@example.org>
             C: RCPT TO:<b@example.org>
             C: DATA
             S: <close>",
        ),
    );
    let _ = bench
        .courier
        .deliver(&busy("a@example.org"), &mut bench.reporter);
    // The same server again, on a new connection.
    bench.call(
        "192.0.2.1:25",
        "S: 220 x
         C: EHLO me.test
         S: 250 x
         C: MAIL FROM:<sender@example.org>
         S: 250 ok
         C: RCPT TO:<b@example.org>
         S: 550 no
         C: RSET
         S: 250 ok",
    );
    let outcome = bench.deliver(&busy("b@example.org"));
    assert_eq!(outcome.marks, "D");
    assert!(
        !outcome.log().contains("lost connection"),
        "{}",
        outcome.log()
    );
}

#[test]
fn a_server_that_says_goodbye_while_idle_is_not_asked_again() {
    let mut bench = Bench::new("");
    bench.call("192.0.2.1:25", &first("S: 421 closing"));
    let _ = bench
        .courier
        .deliver(&busy("a@example.org"), &mut bench.reporter);
    bench.scripts.clear();
    bench
        .call_fails("192.0.2.1:25", 111)
        .call_fails("192.0.2.2:25", 111);
    assert_eq!(bench.deliver(&busy("b@example.org")).marks, "R");
}

#[test]
fn idle_connections_are_closed_in_time_and_at_the_end() {
    let mut bench = Bench::new("");
    bench.call("192.0.2.1:25", &first("C: QUIT"));
    let _ = bench
        .courier
        .deliver(&busy("a@example.org"), &mut bench.reporter);
    let idle = &mut bench.courier.idle;
    let wait = idle.expire(Instant::now()).unwrap();
    assert!(wait <= Duration::from_secs(2) && wait > Duration::from_secs(1));
    assert_eq!(idle.expire(Instant::now() + Duration::from_secs(2)), None);
    bench.scripts[0].finish();
}

#[test]
fn listed_destinations_are_kept_without_being_asked() {
    let mut bench = Bench::new("smtp_connection_cache_destinations = two.test\n");
    bench.call("192.0.2.1:25", &first("C: QUIT"));
    let message = mail_to("two.test", &["a@example.org"]);
    let _ = bench.courier.deliver(&message, &mut bench.reporter);
    bench.courier.idle.close();
    bench.scripts[0].finish();
}

#[test]
fn a_connection_is_not_used_beyond_its_count() {
    let mut bench = Bench::new("smtp_connection_reuse_count_limit = 1\n");
    let script = first("").replace("C: .\n", "C: .\nC: QUIT\n");
    bench.call("192.0.2.1:25", &script);
    let outcome = bench.deliver(&busy("a@example.org"));
    assert_eq!(outcome.marks, "D");
}

#[test]
fn a_failed_transaction_does_not_spoil_the_connection() {
    let mut bench = Bench::new("");
    bench.call(
        "192.0.2.1:25",
        "S: 220 x
         C: EHLO me.test
         S: 250 x
         C: MAIL FROM:<sender@example.org>
         S: 250 ok
         C: RCPT TO:<a@example.org>
         S: 550 no
         C: RSET
         S: 250 ok
         C: RSET
         S: 250 ok
         C: MAIL FROM:<sender@example.org>
         S: 250 ok
         C: RCPT TO:<b@example.org>
         S: 550 no
         C: RSET
         S: 250 ok",
    );
    let _ = bench
        .courier
        .deliver(&busy("a@example.org"), &mut bench.reporter);
    let outcome = bench.deliver(&busy("b@example.org"));
    assert_eq!(outcome.marks, "D");
    assert!(outcome.log[1].contains("conn_use=2"), "{:?}", outcome.log);
}
