// SPDX-License-Identifier: MIT OR Apache-2.0
//! Commands and their replies.

use super::harness::Server;

#[test]
fn a_message_goes_from_ehlo_to_quit() {
    let played = Server::new()
        .play(
            "S: 220 mail.example.test ESMTP Postfix
             C: EHLO foo
             S: 250-mail.example.test
             S: 250-PIPELINING
             S: 250-SIZE 10240000
             S: 250-VRFY
             S: 250-ETRN
             S: 250-XCLIENT NAME ADDR PROTO HELO REVERSE_NAME PORT LOGIN DESTADDR DESTPORT
             S: 250-ENHANCEDSTATUSCODES
             S: 250-8BITMIME
             S: 250-DSN
             S: 250-SMTPUTF8
             S: 250 CHUNKING
             C: MAIL FROM:<a@b.com>
             S: 250 2.1.0 Ok
             C: RCPT TO:<x@example.test>
             S: 250 2.1.5 Ok
             C: DATA
             S: 354 End data with <CR><LF>.<CR><LF>
             C: Subject: x
             C:
             C: hi
             C: .
             S: 250 2.0.0 Ok: queued as QID1
             C: QUIT
             S: 221 2.0.0 Bye
             S: EOF",
        )
        .check();
    assert_eq!(
        played.log,
        [
            "connect from localhost[127.0.0.1]",
            "QID1: client=localhost[127.0.0.1]",
            "disconnect from localhost[127.0.0.1] ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5",
        ]
    );
}

#[test]
fn helo_needs_a_name() {
    Server::new()
        .play(
            "S: 220 *
             C: HELO
             S: 501 Syntax: HELO hostname
             C: EHLO
             S: 501 Syntax: EHLO hostname
             C: HELO a b
             S: 250 mail.example.test",
        )
        .check();
}

#[test]
fn second_mail_command_is_refused_with_503() {
    Server::new()
        .play(
            "S: 220 *
             C: HELO x
             S: 250 *
             C: MAIL FROM:<a@b.com>
             S: 250 2.1.0 Ok
             C: MAIL FROM:<a@b.com>
             S: 503 5.5.1 Error: nested MAIL command
             C: HELO x
             S: 250 *
             C: MAIL FROM:<a@b.com>
             S: 250 2.1.0 Ok
             C: RSET
             S: 250 2.0.0 Ok
             C: RCPT TO:<x>
             S: 503 5.5.1 Error: need MAIL command
             C: DATA
             S: 503 5.5.1 Error: need RCPT command",
        )
        .check();
}

#[test]
fn senders_are_read_leniently() {
    let played = Server::new()
        .main("smtpd_hard_error_limit = 100")
        .play(
            "S: 220 *
             C: MAIL
             S: 501 5.5.4 Syntax: MAIL FROM:<address>
             C: MAIL FROM :<a@b.com>
             S: 501 5.5.4 Syntax: MAIL FROM:<address>
             C: MAIL  FROM: a@b.com  SIZE=5
             S: 250 2.1.0 Ok
             C: RSET
             S: 250 2.0.0 Ok
             C: mail from:<a b@b.com>
             S: 501 5.1.7 Bad sender address syntax
             C: mail from:<a@b.com
             S: 501 5.1.7 Bad sender address syntax
             C: mail from:<a@b.com>x
             S: 501 5.1.7 Bad sender address syntax
             C: mail from: Foo <a@b.com>
             S: 555 5.5.4 Unsupported option: <a@b.com>
             C: mail from:<<a@b.com>>
             S: 250 2.1.0 Ok
             C: RSET
             S: 250 2.0.0 Ok
             C: mail from:<> AUTH=<>
             S: 250 2.1.0 Ok",
        )
        .check();
    played.logged(
        "warning: Illegal address syntax from localhost[127.0.0.1] in MAIL command: <a b@b.com>",
    );
}

#[test]
fn sender_options_are_checked() {
    Server::new()
        .play(
            "S: 220 *
             C: EHLO x
             S: 250-mail.example.test
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250 CHUNKING
             C: MAIL FROM:<a@b.com> SIZE=abc
             S: 501 5.5.4 Bad message size syntax
             C: MAIL FROM:<a@b.com> SIZE=999999999999999999999
             S: 552 5.3.4 Message size exceeds file system imposed limit
             C: MAIL FROM:<a@b.com> SIZE=10240001
             S: 552 5.3.4 Message size exceeds fixed limit
             C: MAIL FROM:<a@b.com> BODY=x
             S: 555 5.5.4 Unsupported option: BODY=x
             C: MAIL FROM:<a@b.com> RET=full RET=hdrs
             S: 501 5.5.4 Bad RET parameter syntax
             C: MAIL FROM:<a@b.com> ENVID=a+zz
             S: 501 5.5.4 Bad ENVID parameter syntax
             C: MAIL FROM:<a@b.com> ENVID=a+00
             S: 501 5.5.4 Bad ENVID parameter syntax
             C: MAIL FROM:<a@b.com> XVERP
             S: 555 5.5.4 Unsupported option: XVERP
             C: MAIL FROM:<a@b.com> body=8bitmime size=1 ret=hdrs envid=x smtputf8
             S: 250 2.1.0 Ok",
        )
        .check();
}

#[test]
fn recipients_are_read_leniently() {
    Server::new()
        .main("local_recipient_maps =\nsmtpd_hard_error_limit = 100")
        .play(
            "S: 220 *
             C: EHLO x
             S: 250-mail.example.test
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250 CHUNKING
             C: MAIL FROM:<>
             S: 250 2.1.0 Ok
             C: RCPT
             S: 501 5.5.4 Syntax: RCPT TO:<address>
             C: RCPT TO:<>
             S: 501 5.1.3 Bad recipient address syntax
             C: RCPT TO:<x@example.test> NOTIFY=never,success
             S: 501 5.5.4 Error: Bad NOTIFY parameter syntax
             C: RCPT TO:<x@example.test> ORCPT=rfc822;a+00
             S: 501 5.5.4 Error: Bad ORCPT parameter syntax
             C: RCPT TO:<x@example.test> FOO=1
             S: 555 5.5.4 Unsupported option: FOO=1
             C: RCPT TO: <@foo,@bar:x@example.test>
             S: 250 2.1.5 Ok
             C: RCPT TO:<x>
             S: 250 2.1.5 Ok
             C: RCPT TO:<x@127.0.0.1>
             S: 501 5.1.3 Bad recipient address syntax
             C: RCPT TO:<(comment) x@example.test>
             S: 250 2.1.5 Ok
             C: RCPT TO:<a,b@c.com>
             S: 501 5.1.3 Bad recipient address syntax
             C: DATA x
             S: 501 5.5.4 Syntax: DATA",
        )
        .check();
}

#[test]
fn too_many_recipients_are_refused_for_now() {
    let played = Server::new()
        .main("smtpd_recipient_limit = 1\nsmtpd_recipient_overshoot_limit = 1")
        .play(
            "S: 220 *
             C: HELO x
             S: 250 *
             C: MAIL FROM:<>
             S: 250 *
             C: RCPT TO:<x>
             S: 250 2.1.5 Ok
             C: RCPT TO:<y>
             S: 452 4.5.3 Error: too many recipients
             C: RCPT TO:<y>
             S: 452 4.5.3 Error: too many recipients
             C: QUIT
             S: 221 *",
        )
        .check();
    played
        .logged("disconnect from localhost[127.0.0.1] helo=1 mail=1 rcpt=2/3 quit=1 commands=5/6");
}

#[test]
fn small_commands_have_their_replies() {
    Server::new()
        .play(
            "S: 220 *
             C: AUTH PLAIN
             S: 503 5.5.1 Error: authentication not enabled
             C: HELO x
             S: 250 *
             C: NOOP foo bar
             S: 250 2.0.0 Ok
             C: RSET x
             S: 501 5.5.4 Syntax: RSET
             C: HELP
             S: 214 2.0.0 Commands: AUTH BDAT DATA EHLO ETRN HELO HELP MAIL NOOP QUIT RCPT RSET STARTTLS VRFY XCLIENT XFORWARD
             C: STARTTLS
             S: 502 5.5.1 Error: command not implemented
             C: AUTH PLAIN
             S: 503 5.5.1 Error: authentication not enabled
             C: EXPN
             S: 500 5.5.2 Error: command not recognized
             C:
             S: 500 5.5.2 Error: bad syntax
             R: RCPT TO:<\\xe9>\\r\\n
             S: 500 5.5.2 Error: bad UTF-8 syntax",
        )
        .check();
}

#[test]
fn a_nul_ends_a_command() {
    let played = Server::new()
        .play(
            "S: 220 *
             R: MAIL FROM:<a\\x00b@c.com>\\r\\n
             S: 501 5.1.7 Bad sender address syntax
             R: MAIL FROM:<a@c.com>\\x00foo\\r\\n
             S: 250 2.1.0 Ok
             R: RCPT TO:<\"x\\ry\"@relay.test>\\r\\n
             S: 250 2.1.5 Ok
             R: \\x00\\r\\n
             S: 500 5.5.2 Error: bad syntax
             C: DATA
             S: 354 *
             C: .
             S: 250 *",
        )
        .check();
    let text = played.messages[0].text();
    assert!(
        !text.contains('\r') && text.contains("R x y@relay.test\n"),
        "{text}"
    );
}

#[test]
fn vrfy_says_whether_a_recipient_would_be_accepted() {
    Server::new()
        .play(
            "S: 220 *
             C: HELO x
             S: 250 *
             C: VRFY
             S: 501 5.5.4 Syntax: VRFY address [SMTPUTF8]
             C: VRFY <x@example.test>
             S: 252 2.0.0 <x@example.test>
             C: VRFY x SMTPUTF8
             S: 252 2.0.0 x
             C: VRFY a b
             S: 501 5.1.3 Bad recipient address syntax
             C: VRFY nobody
             S: 550 5.1.1 <nobody>: Recipient address rejected: User unknown in local recipient table",
        )
        .check();
    Server::new()
        .main("disable_vrfy_command = yes")
        .play("S: 220 *\nC: VRFY x\nS: 502 5.5.1 VRFY command is disabled")
        .check();
}

#[test]
fn etrn_asks_the_flush_service() {
    Server::new()
        .play(
            "S: 220 *
             C: ETRN
             S: 500 Syntax: ETRN domain
             C: ETRN [1.2.3]
             S: 501 Error: invalid parameter syntax
             C: ETRN #foo.com
             S: 459 <foo.com>: service unavailable
             C: ETRN queued.test
             S: 250 Queuing started
             C: MAIL FROM:<>
             S: 250 *
             C: ETRN queued.test
             S: 503 Error: MAIL transaction in progress",
        )
        .check();
}

#[test]
fn ehlo_keywords_can_be_hidden() {
    let played = Server::new()
        .main("smtpd_discard_ehlo_keywords = dsn, CHUNKING, pipelining, xclient, vrfy, etrn, size")
        .play(
            "S: 220 *
             C: EHLO x
             S: 250-mail.example.test
             S: 250-ENHANCEDSTATUSCODES
             S: 250-8BITMIME
             S: 250 SMTPUTF8
             C: MAIL FROM:<a@b.com> RET=FULL
             S: 501 5.7.1 DSN support is disabled
             C: BDAT 1
             S: 521 5.5.1 Error: command not implemented
             S: EOF",
        )
        .check();
    played.logged("localhost[127.0.0.1]: discarding EHLO keywords: DSN CHUNKING PIPELINING");
}

#[test]
fn non_smtp_commands_end_the_session() {
    for command in ["GET / HTTP/1.0", "Subject: foo", "\\x16\\x03\\x01"] {
        let played = Server::new()
            .play(&format!(
                "S: 220 *
                 R: {command}\\r\\n
                 S: 221 2.7.0 Error: I can break rules, too. Goodbye.
                 S: EOF"
            ))
            .check();
        played.logged("warning: non-SMTP command from localhost[127.0.0.1]: ");
    }
}

#[test]
fn soft_bounce_makes_refusals_temporary() {
    Server::new()
        .main("soft_bounce = yes")
        .play(
            "S: 220 *
             C: EXPN
             S: 400 4.5.2 Error: command not recognized
             C: MAIL FROM:<>
             S: 250 *
             C: RCPT TO:<nobody>
             S: 450 4.1.1 <nobody>: Recipient address rejected: User unknown in local recipient table",
        )
        .check();
}

#[test]
fn xclient_begins_the_session_anew() {
    let played = Server::new()
        .play(
            "S: 220 *
             C: XCLIENT
             S: 501 5.5.4 Syntax: XCLIENT attribute=value...
             C: XCLIENT FOO=bar
             S: 501 5.5.4 Bad XCLIENT attribute name: FOO
             C: XCLIENT NAME=a+zz
             S: 501 5.5.4 Bad NAME syntax: a+zz
             C: XCLIENT ADDR=1.2.3
             S: 501 5.5.4 Bad ADDR syntax: 1.2.3
             C: XCLIENT NAME=client.example ADDR=192.0.2.1 HELO=foo PROTO=ESMTP
             S: 220 mail.example.test ESMTP Postfix
             C: XCLIENT ADDR=192.0.2.2
             S: 550 5.7.0 Error: insufficient authorization
             C: MAIL FROM:<a@b.com>
             S: 250 *
             C: RCPT TO:<a@c.com>
             S: 454 4.7.1 <a@c.com>: Relay access denied",
        )
        .check();
    played.logged(
        "NOQUEUE: reject: RCPT from client.example[192.0.2.1]: 454 4.7.1 <a@c.com>: Relay access \
         denied; from=<a@b.com> to=<a@c.com> proto=ESMTP helo=<foo>",
    );
}
