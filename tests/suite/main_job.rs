// SPDX-License-Identifier: MIT OR Apache-2.0
//! A message goes in and comes out.

use kit::dialogue::matches;
use kit::{Instance, Setup};

#[test]
fn mail_from_the_sendmail_command_arrives_in_the_mailbox() {
    let instance = Setup::new().boot();
    let user = Instance::account();
    let sent = instance.sendmail(
        &["-f", "writer@client.example", &user],
        "Subject: hello\nTo: somebody\n\nFrom the first line\n.\nnot sent\n",
    );
    assert!(sent.status.success(), "{sent:?}");
    let mail = instance.wait_mail(&user, 1).remove(0);
    assert_eq!(mail.body(), ">From the first line\n");
    assert_eq!(
        mail.header("Return-Path").as_deref(),
        Some("<writer@client.example>")
    );
    assert_eq!(mail.header("Subject").as_deref(), Some("hello"));
    assert_eq!(
        mail.header("Delivered-To"),
        Some(format!("{user}@mail.example.test"))
    );
    let from = mail.header("From").expect("an author");
    assert!(from.contains("writer@client.example"), "{from}");
    let id = mail.header("Message-Id").expect("a message id");
    assert!(matches("<*.*@mail.example.test>", &id), "{id}");
    let received = mail.header("Received").expect("a trace");
    assert!(
        matches(
            "by mail.example.test (Postfix, from userid *)\n\tid *; *",
            &received
        ),
        "{received}"
    );
    instance.wait_empty_queue();
}

#[test]
fn mail_over_smtp_arrives_in_the_mailbox() {
    let instance = Setup::new().boot();
    let user = Instance::account();
    instance.smtp().play(&format!(
        "S: 220 mail.example.test ESMTP Postfix
         C: EHLO client.example
         S: 250-mail.example.test
         S: 250-PIPELINING
         S: 250-SIZE 10240000
         S: 250-VRFY
         S: 250-ETRN
         S: 250-ENHANCEDSTATUSCODES
         S: 250-8BITMIME
         S: 250-DSN
         S: 250-SMTPUTF8
         S: 250 CHUNKING
         C: MAIL FROM:<writer@client.example> SIZE=100
         S: 250 2.1.0 Ok
         C: RCPT TO:<{user}@mail.example.test>
         S: 250 2.1.5 Ok
         C: DATA
         S: 354 End data with <CR><LF>.<CR><LF>
         C: Subject: hello
         C:
         C: ..a dot
         C: .
         S: 250 2.0.0 Ok: queued as *
         C: QUIT
         S: 221 2.0.0 Bye"
    ));
    let mail = instance.wait_mail(&user, 1).remove(0);
    assert_eq!(mail.body(), ".a dot\n");
    let received = mail.header("Received").expect("a trace");
    let trace = "from client.example (* [*])\n\tby mail.example.test (Postfix) with ESMTP id *\n\t\
                 for <*@mail.example.test>; *";
    assert!(matches(trace, &received), "{received}");
}

#[test]
fn the_log_tells_the_story_of_a_message() {
    let instance = Setup::new().boot();
    let user = Instance::account();
    let reply = instance.deliver("a@client.example", &[&user], "Subject: x\n\nbody");
    let id = reply.rsplit(' ').next().expect("queue id");
    instance.wait_mail(&user, 1);
    instance.wait_log(&[id, ": removed"]);
    for line in [
        &format!("postfix/smtpd[*]: {id}: client=*[*]"),
        &format!("postfix/cleanup[*]: {id}: message-id=<*@mail.example.test>"),
        &format!("postfix/qmgr[*]: {id}: from=<a@client.example>, size=*, nrcpt=1 (queue active)"),
        &format!(
            "postfix/local[*]: {id}: to=<{user}@mail.example.test>, orig_to=<{user}>, \
             relay=local, delay=*, delays=*/*/*/*, dsn=2.0.0, status=sent (delivered to mailbox)"
        ),
        &format!("postfix/qmgr[*]: {id}: removed"),
    ] {
        let pattern = format!("* {line}");
        assert!(
            instance
                .log()
                .lines()
                .any(|logged| matches(&pattern, logged)),
            "{line} is not in\n{}",
            instance.log()
        );
    }
    let log = instance.log();
    for word in ["warning", "fatal", "panic"] {
        assert!(!log.contains(word), "{log}");
    }
}

#[test]
fn an_empty_queue_says_so() {
    let instance = Setup::new().boot();
    let listed = instance.run("mailq", &[]);
    assert_eq!(
        String::from_utf8_lossy(&listed.stdout),
        "Mail queue is empty\n"
    );
}

#[test]
fn a_hundred_messages_all_arrive() {
    let instance = Setup::new().boot();
    let user = Instance::account();
    let mut smtp = instance.smtp();
    smtp.reply();
    for number in 0..100 {
        let text = format!("Subject: number {number}\n\nbody\n");
        let reply = smtp.deliver("a@client.example", &[&user], &text);
        assert!(reply.starts_with("250 2.0.0 Ok: queued as "), "{reply}");
    }
    let mails = instance.wait_mail(&user, 100);
    let mut subjects: Vec<_> = mails
        .iter()
        .filter_map(|mail| mail.header("Subject"))
        .collect();
    subjects.sort();
    subjects.dedup();
    assert_eq!(subjects.len(), 100);
    instance.wait_empty_queue();
}

#[test]
fn a_stopped_system_keeps_mail_and_a_started_one_delivers_it() {
    let mut instance = Setup::new().boot();
    let user = Instance::account();
    instance.stop();
    let sent = instance.sendmail(&[&user], "Subject: patience\n\nbody\n");
    assert!(sent.status.success(), "{sent:?}");
    instance.start();
    assert_eq!(
        instance.wait_mail(&user, 1)[0].header("Subject").as_deref(),
        Some("patience")
    );
    instance.wait_empty_queue();
}

#[test]
fn reload_keeps_the_port_and_takes_new_settings() {
    let instance = Setup::new().boot();
    let path = instance.path("etc/main.cf");
    let text = std::fs::read_to_string(&path).expect("main.cf");
    std::fs::write(&path, text + "smtpd_banner = fresh ESMTP\n").expect("main.cf");
    let reloaded = instance.run("postfix", &["reload"]);
    assert!(reloaded.status.success(), "{reloaded:?}");
    instance.wait_log(&["reload -- version"]);
    kit::watch::until(
        &instance.path("log"),
        "the new banner",
        || {
            let mut smtp = instance.smtp();
            (smtp.reply() == "220 fresh ESMTP").then_some(())
        },
        || instance.log(),
    );
}
