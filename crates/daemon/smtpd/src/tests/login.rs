// SPDX-License-Identifier: MIT OR Apache-2.0
//! Logins, checked by a Dovecot that knows alice.

use super::harness::{Played, Server};
use sasl::fixture::{FakeDovecot, HELLO};

const RELAY: &str = "
    mynetworks =
    smtpd_sasl_auth_enable = yes
    smtpd_sasl_type = dovecot
    smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination";

/// Plays `script` after the greeting of a server where alice may relay.
fn play(settings: &str, script: &str) -> Played {
    let dovecot = FakeDovecot::with_alice();
    let script = format!("S: 220 *\n{script}");
    with(&dovecot, settings).play(&script).check()
}

fn with(dovecot: &FakeDovecot, settings: &str) -> Server {
    let settings: String = format!("{RELAY}\nsmtpd_sasl_path = {}\n{settings}", dovecot.path());
    let lines = settings.lines().map(str::trim);
    lines.fold(Server::new(), Server::main)
}

#[test]
fn who_logged_in_may_relay_and_is_named() {
    let played = play(
        "smtpd_sasl_authenticated_header = yes",
        "C: EHLO x
         S: 250-*
         S: 250-PIPELINING
         S: 250-SIZE *
         S: 250-VRFY
         S: 250-ETRN
         S: 250-AUTH PLAIN LOGIN CRAM-MD5
         S: 250-XCLIENT *
         S: 250-ENHANCEDSTATUSCODES
         S: 250-8BITMIME
         S: 250-DSN
         S: 250-SMTPUTF8
         S: 250 CHUNKING
         C: AUTH plain YWxpY2U=
         S: 235 2.7.0 Authentication successful
         C: MAIL FROM:<a@b.com> AUTH=c+40d
         S: 250 2.1.0 Ok
         C: RCPT TO:<a@elsewhere.test>
         S: 250 2.1.5 Ok
         C: DATA
         S: 354 *
         C: .
         S: 250 2.0.0 Ok: queued as QID1",
    );
    played.logged(
        "QID1: client=localhost[127.0.0.1], sasl_method=plain, sasl_username=alice, \
         sasl_sender=c+40d",
    );
    let envelope = played.messages[0].text();
    for record in [
        "A sasl_method=plain\nA sasl_username=alice\nA sasl_sender=c+40d\n",
        "N \t(Authenticated sender: alice)\nN \tby mail.example.test (Postfix) with ESMTPA id QID1\n",
    ] {
        assert!(envelope.contains(record), "{record}{envelope}");
    }
}

#[test]
fn a_wrong_response_is_refused_logged_and_counted() {
    let played = play(
        "smtpd_hard_error_limit = 6",
        "C: AUTH PLAIN eA==
         S: 535 5.7.8 Error: authentication failed: (reason unavailable)
         C: AUTH PLAIN =
         S: 535 5.7.8 Error: authentication failed: (reason unavailable)
         C: AUTH LOGIN
         S: 334 VXNlcm5hbWU6
         C:
         S: 535 5.7.8 Error: authentication failed: Nothing said
         C: AUTH LOGIN
         S: 334 VXNlcm5hbWU6
         C: a b
         S: 535 5.7.8 Error: authentication failed: Invalid base64 data in continued response
         C: AUTH LOGIN
         S: 334 VXNlcm5hbWU6
         C: *
         S: 501 5.7.0 Authentication aborted
         C: AUTH NTLM
         S: 535 5.7.8 Error: authentication failed: Invalid authentication mechanism: 'NTLM'
         C: AUTH PLAIN YWxpY2U=
         S: 421 4.7.0 mail.example.test Error: too many errors
         S: EOF",
    );
    let about = "warning: localhost[127.0.0.1]: SASL ";
    let failed = format!("{about}PLAIN authentication failed: (reason unavailable)");
    played
        .logged(&format!("{failed}, sasl_username=bob"))
        .logged(&format!("{about}LOGIN authentication failed: Nothing said"))
        .logged(&format!("{about}LOGIN authentication aborted"))
        .logged("NOQUEUE: too many errors after AUTH from localhost[127.0.0.1]");
}

#[test]
fn a_dovecot_that_goes_away_is_a_temporary_failure() {
    let dovecot = FakeDovecot::new(HELLO, |line| (!line.starts_with("AUTH")).then(String::new));
    let script = "S: 220 *
        C: AUTH PLAIN YWxpY2U=
        S: 454 4.7.0 Temporary authentication failure: Connection lost to authentication server";
    with(&dovecot, "").play(script).check();
}

#[test]
fn auth_has_its_place_in_a_session() {
    play(
        "smtpd_helo_required = yes",
        "C: AUTH PLAIN YWxpY2U=
         S: 503 5.5.1 Error: send HELO/EHLO first
         C: HELO x
         S: 250 *
         C: AUTH
         S: 501 5.5.4 Syntax: AUTH mechanism
         C: AUTH PLAIN a b
         S: 501 5.5.4 Syntax: AUTH mechanism
         C: MAIL FROM:<a@b.com> AUTH=x AUTH=<>
         S: 503 5.5.4 Error: multiple AUTH= options
         C: MAIL FROM:<a@b.com> AUTH=<>
         S: 250 2.1.0 Ok
         C: AUTH PLAIN YWxpY2U=
         S: 503 5.5.1 Error: MAIL transaction in progress
         C: RCPT TO:<a@elsewhere.test>
         S: 554 5.7.1 <a@elsewhere.test>: Relay access denied
         C: RSET
         S: 250 *
         C: AUTH PLAIN YWxpY2U=
         S: 235 2.7.0 Authentication successful
         C: AUTH PLAIN YWxpY2U=
         S: 503 5.5.1 Error: already authenticated
         C: MAIL FROM:<a@b.com>
         S: 250 2.1.0 Ok
         C: RCPT TO:<a@elsewhere.test>
         S: 250 2.1.5 Ok",
    );
}

#[test]
fn a_response_beyond_the_limit_is_skipped() {
    let long = "A".repeat(12_289);
    let played = play(
        "",
        &format!(
            "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: {long}\n\
             S: 500 5.5.6 SASL response limit exceeded\n\
             C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: {}\nS: 535 *",
            &long[1..]
        ),
    );
    played.logged("warning: localhost[127.0.0.1]: request longer than 12288: AAAA");
}

#[test]
fn logins_are_offered_only_where_main_cf_wants_them() {
    let not_enabled = "C: AUTH PLAIN YWxpY2U=\nS: 503 5.5.1 Error: authentication not enabled";
    play("smtpd_tls_auth_only = yes", not_enabled);
    play(
        "smtpd_tls_security_level = encrypt",
        "C: AUTH PLAIN YWxpY2U=\nS: 530 5.7.0 Must issue a STARTTLS command first",
    );
    play("smtpd_discard_ehlo_keywords = auth", not_enabled);
    // Whoever is not offered a login may ask for one all the same.
    let exception = "C: EHLO x
        S: 250-*
        S: 250-PIPELINING
        S: 250-SIZE *
        S: 250-VRFY
        S: 250-ETRN
        S: 250-XCLIENT *
        S: 250-ENHANCEDSTATUSCODES
        S: 250-8BITMIME
        S: 250-DSN
        S: 250-SMTPUTF8
        S: 250 CHUNKING
        C: AUTH PLAIN YWxpY2U=
        S: 235 *";
    play("smtpd_sasl_exceptions_networks = 127.0.0.0/8", exception);
}

#[test]
fn mechanisms_are_filtered_and_some_clients_read_them_in_another_spelling() {
    play(
        "smtpd_sasl_security_options =
         smtpd_sasl_mechanism_filter = plain, anonymous
         broken_sasl_auth_clients = yes
         smtpd_discard_ehlo_keywords = pipelining size vrfy etrn silent-discard",
        "C: EHLO x
         S: 250-mail.example.test
         S: 250-AUTH PLAIN ANONYMOUS
         S: 250-AUTH=PLAIN ANONYMOUS
         S: 250-XCLIENT *
         S: 250-ENHANCEDSTATUSCODES
         S: 250-8BITMIME
         S: 250-DSN
         S: 250-SMTPUTF8
         S: 250 CHUNKING
         C: AUTH LOGIN YWxpY2U=
         S: 535 5.7.8 Error: authentication failed: Invalid authentication mechanism: 'LOGIN'
         C: AUTH ANONYMOUS =
         S: 235 *
         C: MAIL FROM:<a@b.com>
         S: 250 *
         C: RCPT TO:<a@elsewhere.test>
         S: 554 5.7.1 <a@elsewhere.test>: Relay access denied",
    )
    .logged(
        "NOQUEUE: reject: RCPT from localhost[127.0.0.1]: 554 5.7.1 <a@elsewhere.test>: Relay \
         access denied; from=<a@b.com> to=<a@elsewhere.test> proto=ESMTP helo=<x> \
         sasl_method=ANONYMOUS sasl_username=anonymous",
    );
}

#[test]
fn a_trusted_client_says_who_logged_in() {
    let claim = "C: XCLIENT LOGIN=joe
        S: 220 *
        C: EHLO x
        S: 250-*\n";
    let offer = "S: 250-*\n".repeat(10) + "S: 250 CHUNKING\n";
    let script = format!(
        "{claim}{offer}C: AUTH PLAIN YWxpY2U=
         S: 503 5.5.1 Error: already authenticated
         C: MAIL FROM:<a@b.com>
         S: 250 *
         C: RCPT TO:<a@elsewhere.test>
         S: 250 *
         C: RSET
         S: 250 *
         C: XCLIENT NAME=other.example
         S: 220 *
         C: AUTH PLAIN YWxpY2U=
         S: 235 *"
    );
    play("", &script)
        .logged("QID1: client=localhost[127.0.0.1], sasl_method=XCLIENT, sasl_username=joe");
}

/// Senders with the replies that a client gets which did or did not log in.
fn senders(restriction: &str, logged_in: &[(&str, &str)], stranger: &[(&str, &str)]) {
    let dialogue = |login: &str, senders: &[(&str, &str)]| {
        let mut script = login.to_owned();
        for (sender, reply) in senders {
            script += &format!(
                "C: MAIL FROM:<{sender}>\nS: 250 *\nC: RCPT TO:<x@example.test>\nS: {reply}\n\
                 C: RSET\nS: 250 *\n"
            );
        }
        let settings = format!(
            "smtpd_sender_login_maps = inline:{{{{a@b.com=joe Alice}}, {{@c.com=bob}}}}
             smtpd_sender_restrictions = {restriction}"
        );
        play(&settings, &script);
    };
    dialogue("C: AUTH PLAIN YWxpY2U=\nS: 235 *\n", logged_in);
    dialogue("", stranger);
}

const OK: &str = "250 2.1.5 Ok";
const NOT_OWNED: &str = "553 5.7.1 *: Sender address rejected: not owned by user alice";
const NOT_LOGGED_IN: &str = "553 5.7.1 *: Sender address rejected: not logged in";

#[test]
fn senders_belong_to_their_users() {
    senders(
        "reject_sender_login_mismatch",
        &[
            ("a@b.com", OK),
            ("x@c.com", NOT_OWNED),
            ("x@d.com", NOT_OWNED),
            ("", OK),
        ],
        &[
            ("a@b.com", NOT_LOGGED_IN),
            ("x@c.com", NOT_LOGGED_IN),
            ("x@d.com", OK),
            ("", OK),
        ],
    );
    senders(
        "reject_known_sender_login_mismatch",
        &[("a@b.com", OK), ("x@c.com", NOT_OWNED), ("x@d.com", OK)],
        &[("a@b.com", NOT_LOGGED_IN), ("x@d.com", OK)],
    );
    senders(
        "reject_authenticated_sender_login_mismatch",
        &[("x@c.com", NOT_OWNED), ("x@d.com", NOT_OWNED)],
        &[("a@b.com", OK)],
    );
    senders(
        "reject_unauthenticated_sender_login_mismatch",
        &[("x@c.com", OK)],
        &[("a@b.com", NOT_LOGGED_IN), ("x@d.com", OK)],
    );
}

#[test]
fn a_table_of_users_decides() {
    let settings = "smtpd_sender_restrictions = check_sasl_access inline:{alice=REJECT}";
    play(
        settings,
        "C: MAIL FROM:<a@b.com>
         S: 250 *
         C: RCPT TO:<x@example.test>
         S: 250 *
         C: RSET
         S: 250 *
         C: AUTH PLAIN YWxpY2U=
         S: 235 *
         C: MAIL FROM:<a@b.com>
         S: 250 *
         C: RCPT TO:<x@example.test>
         S: 554 5.7.1 <alice>: SASL login name rejected: Access denied",
    );
}

#[test]
fn restrictions_about_logins_are_passed_over_where_there_are_none() {
    let restrictions = "smtpd_sender_restrictions = reject_sender_login_mismatch";
    let played = Server::new()
        .main(restrictions)
        .play("S: 220 *\nC: MAIL FROM:<a@b.com>\nS: 250 *\nC: RCPT TO:<x@example.test>\nS: 250 *")
        .check();
    for name in ["authenticated", "unauthenticated"] {
        played.logged(&format!(
            "warning: restriction `reject_{name}_sender_login_mismatch' ignored: no SASL support"
        ));
    }
}

#[test]
fn settings_that_make_no_sense_are_fatal() {
    let refused = |settings: &str| {
        let settings = format!("{RELAY}\n{settings}");
        let lines = settings.lines().map(str::trim);
        lines.fold(Server::new(), Server::main).prepare().err()
    };
    assert_eq!(
        refused("smtpd_sasl_security_options = noanonymous, nosuch").as_deref(),
        Some("unknown smtpd_sasl_security_options value \"nosuch\" in \"noanonymous, nosuch\"")
    );
    assert_eq!(
        refused("smtpd_sasl_type = nosuch").as_deref(),
        Some("unsupported SASL server implementation: nosuch")
    );
}
