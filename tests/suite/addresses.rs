// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where an address leads: literals, delimiters, aliases, unknown users, foreign domains.

use kit::message::maildir;
use kit::{Instance, Setup, watch};

/// The note in the first guide: an IP address is a destination only inside brackets.
#[test]
fn mail_to_a_bracketed_address_is_delivered_and_to_a_bare_one_is_not() {
    let instance = Setup::new().main("proxy_interfaces = 127.0.0.1").boot();
    let user = Instance::account();
    let sent = instance.sendmail(&[&format!("{user}@[127.0.0.1]")], "Subject: one\n\nbody\n");
    assert!(sent.status.success());
    instance.wait_mail(&user, 1);
    let sent = instance.sendmail(
        &["-f", "", &format!("{user}@127.0.0.1")],
        "Subject: two\n\nbody\n",
    );
    assert!(sent.status.success());
    instance.wait_log(&[
        "@127.0.0.1>",
        "status=bounced (bad address syntax",
        "dsn=5.1.3",
    ]);
    instance.wait_empty_queue();
    assert_eq!(instance.wait_mail(&user, 1).len(), 1);
}

#[test]
fn an_unknown_user_is_refused_at_once() {
    let instance = Setup::new().boot();
    let reply = instance.deliver("a@client.example", &["nobody-here"], "x");
    assert_eq!(
        reply,
        "550 5.1.1 <nobody-here>: Recipient address rejected: User unknown in local recipient table"
    );
}

#[test]
fn a_stranger_cannot_relay() {
    let instance = Setup::new().main("mynetworks = 192.0.2.0/24").boot();
    for recipient in [
        "a@elsewhere.example",
        "a%elsewhere.example@mail.example.test",
        "elsewhere.example!a",
        "@mail.example.test:a@elsewhere.example",
        "\"a@elsewhere.example\"@mail.example.test",
        "a@elsewhere.example@mail.example.test",
        "a@[192.0.2.1]",
    ] {
        let reply = instance.deliver("b@client.example", &[recipient], "x");
        assert!(
            reply.starts_with("5") || reply.starts_with("4"),
            "{recipient}: {reply}"
        );
    }
    assert!(instance.queue_files().is_empty());
}

#[test]
fn an_address_extension_is_ignored_where_nothing_uses_it() {
    let instance = Setup::new().main("recipient_delimiter = +").boot();
    let user = Instance::account();
    let reply = instance.deliver("a@client.example", &[&format!("{user}+lists")], "x");
    assert!(reply.starts_with("250"), "{reply}");
    let mail = instance.wait_mail(&user, 1).remove(0);
    assert_eq!(
        mail.header("Delivered-To"),
        Some(format!("{user}+lists@mail.example.test"))
    );
}

#[test]
fn aliases_lead_to_users_files_commands_and_lists() {
    let user = Instance::account();
    let instance = Setup::new()
        .aliases(&format!(
            "friend: {user}\nfile: $FILE\nlist: :include:$LIST\nowner-list: {user}\n"
        ))
        .build();
    let root = instance.path("");
    let aliases = std::fs::read_to_string(instance.path("etc/aliases")).expect("aliases");
    let list = root.join("etc/list");
    std::fs::write(&list, format!("# members\n{user},\n  {user}@localhost\n")).expect("list");
    let aliases = aliases
        .replace("$FILE", &root.join("mail/archive").display().to_string())
        .replace("$LIST", &list.display().to_string());
    std::fs::write(instance.path("etc/aliases"), aliases).expect("aliases");
    assert!(instance.run("newaliases", &[]).status.success());
    let mut instance = instance;
    instance.start();
    instance.deliver(
        "a@client.example",
        &["friend", "file", "list"],
        "Subject: x\n\nbody",
    );
    instance.wait_log(&[
        "to=<file@mail.example.test>",
        "status=sent (delivered to file:",
    ]);
    instance.wait_mail(&user, 2);
    instance.wait_empty_queue();
    let archive = kit::message::mbox(&instance.path("mail/archive"));
    assert_eq!(archive.len(), 1);
}

#[test]
fn a_maildir_below_the_spool_gets_one_file_a_message() {
    let user = Instance::account();
    let instance = Setup::new()
        .main("mail_spool_directory = $DIR/mail/")
        .boot();
    instance.deliver("a@client.example", &[&user], "Subject: maildir\n\nbody");
    let path = instance.path("mail").join(&user);
    let mails = watch::until(
        &instance.path("mail"),
        "a message in the maildir",
        || Some(maildir(&path)).filter(|mails| !mails.is_empty()),
        || instance.log(),
    );
    assert_eq!(mails[0].header("Subject").as_deref(), Some("maildir"));
    instance.wait_log(&["status=sent (delivered to maildir)"]);
}

#[test]
fn unknown_users_go_where_luser_relay_says() {
    let user = Instance::account();
    let instance = Setup::new()
        .main(&format!("local_recipient_maps =\nluser_relay = {user}"))
        .boot();
    instance.deliver("a@client.example", &["nobody-here"], "Subject: x\n\nbody");
    let mail = instance.wait_mail(&user, 1).remove(0);
    assert_eq!(mail.header("X-Original-To").as_deref(), Some("nobody-here"));
}
