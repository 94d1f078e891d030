// SPDX-License-Identifier: MIT OR Apache-2.0
//! Conversations with a Dovecot that a test plays.

use super::*;
use crate::fixture::{FakeDovecot, HELLO};
use runtime::log::{self, Sink};
use std::cell::RefCell;
use std::rc::Rc;

fn about() -> About {
    let end = |address: &str, port: &str| (address.to_owned(), port.to_owned());
    About {
        service: "smtp".to_owned(),
        local: end("192.0.2.25", "587"),
        remote: end("192.0.2.1", "4711"),
        ..About::default()
    }
}

fn rules(options: &str) -> Security {
    Security::parse(options).expect("options")
}

/// Everything that is logged from here on.
fn logged() -> Rc<RefCell<Vec<String>>> {
    let lines = Rc::new(RefCell::new(Vec::new()));
    log::start("test", vec![Sink::Capture(lines.clone())]);
    lines
}

/// A Dovecot that answers each login with this, where `ID` stands for its number.
fn answering(answer: &'static str) -> (FakeDovecot, Dovecot) {
    let fake = FakeDovecot::new(HELLO, move |line| {
        let id = line.split('\t').nth(1).unwrap_or_default();
        Some(match line.starts_with("AUTH") {
            true => answer.replace("ID", id),
            false => String::new(),
        })
    });
    let mut dovecot = Dovecot::new(&fake.path());
    dovecot.mechanisms(Security::default());
    (fake, dovecot)
}

#[test]
fn mechanisms_are_those_that_the_session_may_use() {
    let fake = FakeDovecot::with_alice();
    let mut dovecot = Dovecot::new(&format!("unix:{}", fake.path()));
    let mut offered = |options: &str| dovecot.mechanisms(rules(options)).join(" ");
    assert_eq!(offered("noanonymous"), "PLAIN LOGIN CRAM-MD5");
    assert_eq!(offered("noplaintext noanonymous"), "CRAM-MD5");
    assert_eq!(offered(""), "PLAIN LOGIN CRAM-MD5 ANONYMOUS");
    assert_eq!(offered("mutual_auth"), "");
}

#[test]
fn a_login_is_told_with_everything_known_about_the_session() {
    let fake = FakeDovecot::with_alice();
    let mut dovecot = Dovecot::new(&fake.path());
    dovecot.mechanisms(Security::default());
    let about = About {
        encrypted: true,
        certified: true,
        ..about()
    };
    let answer = dovecot.begin(&about, "plain", Some("YWxpY2U="));
    assert_eq!(answer, Answer::Success("alice".to_owned()));
    let heard = fake.heard();
    assert!(heard[0].starts_with("VERSION\t1\t") && heard[1].starts_with("CPID\t"));
    assert_eq!(
        heard[2],
        "AUTH\t1\tplain\tservice=smtp\tnologin\tlip=192.0.2.25\trip=192.0.2.1\tlport=587\t\
         rport=4711\tsecured\tvalid-client-cert\tresp=YWxpY2U="
    );
}

#[test]
fn challenges_go_on_until_dovecot_decides() {
    let fake = FakeDovecot::with_alice();
    let mut dovecot = Dovecot::new(&fake.path());
    dovecot.mechanisms(Security::default());
    let challenge = Answer::Challenge("VXNlcm5hbWU6".to_owned());
    assert_eq!(dovecot.begin(&about(), "LOGIN", None), challenge);
    assert_eq!(dovecot.answer("eA=="), Answer::Refused(String::new()));
    assert_eq!(dovecot.user(), Some("bob"));
    assert_eq!(dovecot.begin(&about(), "LOGIN", None), challenge);
    let refused = Answer::Refused("Nothing said".to_owned());
    assert_eq!(dovecot.answer(""), refused);
    assert_eq!(dovecot.begin(&about(), "LOGIN", None), challenge);
    let success = Answer::Success("alice".to_owned());
    assert_eq!(dovecot.answer("YWxpY2U="), success);
    assert_eq!(
        fake.heard().last().map(String::as_str),
        Some("CONT\t3\tYWxpY2U=")
    );
}

#[test]
fn what_is_no_base64_does_not_reach_dovecot() {
    let fake = FakeDovecot::with_alice();
    let mut dovecot = Dovecot::new(&fake.path());
    dovecot.mechanisms(Security::default());
    let refused = |text: &str| Answer::Refused(text.to_owned());
    assert_eq!(
        dovecot.begin(&about(), "PLAIN", Some("a\tb")),
        refused("Invalid base64 data in initial response")
    );
    assert_eq!(
        dovecot.answer("*\nOK"),
        refused("Invalid base64 data in continued response")
    );
    assert_eq!(
        dovecot.begin(&about(), "SECRET", Some("=")),
        refused("Invalid authentication mechanism: 'SECRET'")
    );
    assert!(fake.heard().iter().all(|line| !line.starts_with("AUTH")));
}

#[test]
fn an_answer_that_makes_no_sense_is_a_refusal() {
    let logged = logged();
    let backend = || Answer::Refused("Authentication backend error".to_owned());
    let begin = |answer| answering(answer).1.begin(&about(), "PLAIN", Some("="));
    assert_eq!(begin("OK\tID\n"), backend());
    assert_eq!(begin("CONT\tID\n"), backend());
    assert_eq!(
        begin("NEWS\tID\nOK\t99\tuser=x\nOK\nFAIL\tID\treason=a\x01b\n"),
        { Answer::Refused("a?b".to_owned()) }
    );
    assert_eq!(
        *logged.borrow(),
        [
            "warning: missing Dovecot server OK username field",
            "warning: missing Dovecot server CONT reply field",
            "warning: SASL: Protocol error",
        ]
    );
}

#[test]
fn a_connection_that_was_lost_is_made_anew_for_the_next_login() {
    let fake = FakeDovecot::new(
        HELLO,
        |line| match line.split('\t').collect::<Vec<_>>()[..] {
            ["AUTH", _, .., "resp=QQ=="] => None,
            ["AUTH", id, ..] => Some(format!("OK\t{id}\tuser=alice\n")),
            _ => Some(String::new()),
        },
    );
    let mut dovecot = Dovecot::new(&fake.path());
    dovecot.mechanisms(Security::default());
    let lost = Answer::Unavailable("Connection lost to authentication server".to_owned());
    assert_eq!(dovecot.begin(&about(), "PLAIN", Some("QQ==")), lost);
    let success = Answer::Success("alice".to_owned());
    assert_eq!(dovecot.begin(&about(), "PLAIN", Some("Qg==")), success);
}

#[test]
fn a_line_without_end_ends_the_connection() {
    let fake = FakeDovecot::new(HELLO, |line| {
        Some(if line.starts_with("AUTH") {
            "x".repeat(LINE_LIMIT + 1)
        } else {
            String::new()
        })
    });
    let mut dovecot = Dovecot::new(&fake.path());
    dovecot.mechanisms(Security::default());
    let lost = Answer::Unavailable("Connection lost to authentication server".to_owned());
    assert_eq!(dovecot.begin(&about(), "PLAIN", Some("=")), lost);
}

#[test]
fn a_stranger_behind_the_socket_is_not_trusted() {
    let logged = logged();
    let mechanisms = |hello: &str| {
        let fake = FakeDovecot::new(hello, |_| Some(String::new()));
        Dovecot::new(&fake.path()).mechanisms(Security::default())
    };
    assert!(mechanisms("VERSION\t2\t0\nMECH\tPLAIN\nDONE\n").is_empty());
    assert!(mechanisms("VERSION\tx\nDONE\n").is_empty());
    assert!(mechanisms("VERSION\t1\t0\nSPID\t1\n").is_empty());
    assert!(mechanisms(&"x\n".repeat(LINES_LIMIT)).is_empty());
    assert_eq!(
        mechanisms("MECH\ta b\nMECH\t\nMECH\nMECH\tX-1\nDONE\n"),
        ["X-1"]
    );
    assert!(
        Dovecot::new("/nonexistent/auth")
            .mechanisms(Security::default())
            .is_empty()
    );
    assert_eq!(
        *logged.borrow(),
        [
            "warning: SASL: Protocol version mismatch (2 vs. 1)",
            "warning: SASL: Protocol version error",
            "warning: SASL: Connected to wrong auth socket (auth-master instead of auth-client)",
            "warning: SASL: handshake failed: it does not end",
            "warning: SASL: Connect to Dovecot auth socket '/nonexistent/auth' failed: No such \
             file or directory",
        ]
    );
}
