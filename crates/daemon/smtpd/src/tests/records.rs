// SPDX-License-Identifier: MIT OR Apache-2.0
//! What cleanup gets: the records and their order, as in queue files of the original.

use ipc::flags::{CleanupFlags, CleanupStatus};

use super::harness::Server;

#[test]
fn the_envelope_says_who_and_from_where() {
    let played = Server::new()
        .play(
            "S: 220 *
             C: XCLIENT NAME=client.example REVERSE_NAME=client.example ADDR=2001:db8::1 PORT=4711 DESTADDR=192.0.2.9 DESTPORT=25
             S: 220 *
             R: EHLO foo\\r\\n
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250 *
             C: MAIL FROM:<\"a b\"@x.com> BODY=8BITMIME RET=HDRS ENVID=foo+20bar SMTPUTF8
             S: 250 *
             C: RCPT TO:<x@example.test> NOTIFY=never ORCPT=rfc822;foo+2B@bar
             S: 250 *
             C: RCPT TO:y NOTIFY=SUCCESS,delay
             S: 250 *
             C: RCPT TO:<Postmaster>
             S: 250 *
             C: DATA
             S: 354 *
             C:   leading
             C: .
             S: 250 *",
        )
        .check();
    let message = &played.messages[0];
    let text = message.text();
    let (envelope, content) = text.split_once("M\n").expect("two segments");
    assert_eq!(
        envelope,
        "A log_ident=QID1\nA rewrite_context=remote\nA envelope_id=foo bar\nA ret_flags=2\n\
         S a b@x.com\nA encoding=8bit\nA log_client_name=client.example\n\
         A log_client_address=2001:db8::1\nA log_client_port=4711\n\
         A log_message_origin=client.example[2001:db8::1]\nA log_helo_name=foo\n\
         A log_protocol_name=ESMTP\nA client_name=client.example\n\
         A reverse_client_name=client.example\nA client_address=2001:db8::1\n\
         A client_port=4711\nA server_address=192.0.2.9\nA server_port=25\nA helo_name=foo\n\
         A protocol_name=ESMTP\nA client_address_type=10\n\
         A notify_flags=1\nA dsn_orig_rcpt=rfc822;foo+@bar\nR x@example.test\n\
         A notify_flags=10\nA dsn_orig_rcpt=rfc822;y\nR y\n\
         A dsn_orig_rcpt=rfc822;Postmaster\nR Postmaster\n"
    );
    assert!(
        content.starts_with(
            "N Received: from foo (client.example [IPv6:2001:db8::1])\n\
             N \tby mail.example.test (Postfix) with UTF8SMTP id QID1;\nN \t"
        ),
        "{content}"
    );
    assert!(content.ends_with("N\nN   leading\nX\nE\n") || content.contains("N\nN leading"));
    let flags = CleanupFlags::EXTERNAL | CleanupFlags::SMTP_REPLY | CleanupFlags::SMTPUTF8;
    assert_eq!(message.flags, flags);
}

#[test]
fn mail_from_this_machine_is_rewritten_as_our_own() {
    let played = Server::new()
        .play(
            "S: 220 *
             C: HELO <x y>(\\\";@
             S: 250 *
             C: MAIL FROM:<a@b.com>
             S: 250 *
             C: RCPT TO:<x>
             S: 250 *
             C: DATA
             S: 354 *
             C: x
             C: .
             S: 250 *",
        )
        .check();
    let text = played.messages[0].text();
    assert!(text.contains("A rewrite_context=local\n"), "{text}");
    assert!(
        text.contains("N Received: from ?x?y?????? (localhost [127.0.0.1])\n"),
        "{text}"
    );
    assert!(text.contains("id QID1\nN \tfor <x>; "), "{text}");
    assert!(text.contains("A client_address_type=2\n"), "{text}");
}

#[test]
fn clients_in_a_table_are_rewritten_as_our_own() {
    for (list, context) in [
        ("check_address_map inline:{{127.0.0.1=x}}", "local"),
        ("inline:{{127.0.0.1=x}}", "local"),
        ("inline:{{192.0.2.1=x}}", "remote"),
        ("permit_mynetworks", "local"),
        ("", "remote"),
    ] {
        let played = Server::new()
            .main(&format!(
                "local_header_rewrite_clients = {list}\nsmtpd_delay_open_until_valid_rcpt = no"
            ))
            .play(
                "S: 220 *\nC: HELO x\nS: 250 *\nC: MAIL FROM:<>\nS: 250 *\nC: RCPT TO:<x>\n\
                 S: 250 *\nC: DATA\nS: 354 *\nC: .\nS: 250 *",
            )
            .check();
        let text = played.messages[0].text();
        assert!(
            text.contains(&format!("A rewrite_context={context}\n")),
            "{list}: {text}"
        );
    }
}

#[test]
fn access_actions_travel_with_the_message() {
    let played = Server::new()
        .main(
            "smtpd_sender_restrictions = check_sender_access inline:{
                {h.com=HOLD for review}, {f.com=FILTER smtp:[127.0.0.1]:10025},
                {r.com=REDIRECT other@example.test}, {b.com=BCC copy@example.test},
                {p.com=PREPEND X-Seen: yes}, {d.com=DISCARD} }",
        )
        .play(&format!(
            "S: 220 *\nC: HELO x\nS: 250 *\n{}",
            ["h.com", "f.com", "r.com", "b.com", "p.com", "d.com"]
                .map(|domain| format!(
                    "C: MAIL FROM:<a@{domain}>\nS: 250 *\nC: RCPT TO:<x>\nS: 250 *\nC: DATA\n\
                     S: 354 *\nC: .\nS: 250 *\n"
                ))
                .concat()
        ))
        .check();
    let ends: Vec<String> = played
        .messages
        .iter()
        .map(|message| {
            message
                .text()
                .split_once("\nX\n")
                .expect("segments")
                .1
                .to_owned()
        })
        .collect();
    assert_eq!(ends[0], "f 4\nE\n");
    assert_eq!(ends[1], "L smtp:[127.0.0.1]:10025\nE\n");
    assert_eq!(ends[2], "> other@example.test\nE\n");
    assert_eq!(
        ends[3],
        "A notify_flags=1\nA dsn_orig_rcpt=rfc822;copy@example.test\nR copy@example.test\nE\n"
    );
    assert!(
        played.messages[4]
            .content()
            .starts_with("N X-Seen: yes\nN Received: ")
    );
    assert_eq!(ends[5], "f 8\nE\n");
    played.logged(
        "NOQUEUE: hold: RCPT from localhost[127.0.0.1]: <a@h.com>: Sender address for review; \
         from=<a@h.com> to=<x> proto=SMTP helo=<x>",
    );
    played.logged(
        "NOQUEUE: filter: RCPT from localhost[127.0.0.1]: <a@f.com>: Sender address \
         triggers FILTER smtp:[127.0.0.1]:10025; from=<a@f.com> to=<x> proto=SMTP helo=<x>",
    );
}

#[test]
fn cleanups_verdict_is_the_reply() {
    let verdicts = [
        (
            CleanupStatus::SIZE,
            "",
            "552 5.3.4 Error: message file too big",
        ),
        (CleanupStatus::HOPS, "", "554 5.4.0 Error: too many hops"),
        (
            CleanupStatus::WRITE,
            "",
            "451 4.3.0 Error: queue file write error",
        ),
        (CleanupStatus::BAD, "", "451 4.3.0 Error: internal error 1"),
        (CleanupStatus::CONT, "5.7.1 no spam", "550 5.7.1 no spam"),
        (
            CleanupStatus::CONT,
            "",
            "550 5.7.1 Error: message content rejected",
        ),
        (
            CleanupStatus::CONT,
            "554 5.7.9 complete",
            "554 5.7.9 complete",
        ),
        (
            CleanupStatus::DEFER,
            "",
            "451 4.7.1 Error: service unavailable",
        ),
    ];
    for (status, reason, reply) in verdicts {
        Server::new()
            .verdict(status, reason)
            .play(&format!(
                "S: 220 *\nC: HELO x\nS: 250 *\nC: MAIL FROM:<>\nS: 250 *\nC: RCPT TO:<x>\n\
                 S: 250 *\nC: DATA\nS: 354 *\nC: .\nS: {reply}\nC: MAIL FROM:<>\nS: 250 *"
            ))
            .check();
    }
}

#[test]
fn a_reset_withdraws_the_message() {
    let played = Server::new()
        .play(
            "S: 220 *
             C: HELO x
             S: 250 *
             C: MAIL FROM:<>
             S: 250 *
             C: RCPT TO:<x>
             S: 250 *
             C: RSET
             S: 250 *
             C: DATA
             S: 503 5.5.1 Error: need RCPT command",
        )
        .check();
    assert!(!played.messages[0].complete);
}
