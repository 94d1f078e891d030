// SPDX-License-Identifier: MIT OR Apache-2.0
//! The leaves: mailboxes, files, commands, other transports, unknown users; and the whole
//! conversation with the queue manager.

use delivery::Verdict;
use delivery::fixture::{lines, message};
use ipc::flags::DeliverFlags;
use ipc::services::delivery::{self as protocol, Reply};
use runtime::stream::Stream;

use super::site::{Site, hello};
use crate::run;

#[test]
fn mail_for_a_user_goes_into_a_file_in_the_spool_directory() {
    let mut site = Site::new("a=b", "");
    let mut message = hello("Joe@here.test");
    message.request.recipients[0].original = b"joseph@here.test".to_vec();
    assert_eq!(site.deliver_message(&message), Verdict::Done);
    let text = site.read("spool/joe");
    assert!(text.starts_with("From sender@example.org  "), "{text}");
    assert!(
        text.ends_with(
            "\nReturn-Path: <sender@example.org>\nX-Original-To: joseph@here.test\n\
             Delivered-To: Joe@here.test\nSubject: hello\n\n>From here\ntext\n\n"
        ),
        "{text}"
    );
    let log = site.log_text();
    assert!(
        log.contains(": to=<Joe@here.test>, orig_to=<joseph@here.test>, relay=local, delay="),
        "{log}"
    );
    assert!(
        log.ends_with("dsn=2.0.0, status=sent (delivered to mailbox)"),
        "{log}"
    );
}

#[test]
fn home_mailbox_is_a_file_or_a_maildir() {
    let mut site = Site::new("a=b", "home_mailbox = Mailbox");
    assert_eq!(
        site.outcome("joe@here.test"),
        "2.0.0, status=sent (delivered to mailbox)"
    );
    assert!(site.read("joe/Mailbox").contains("Subject: hello"));
    let mut site = Site::new("a=b", "home_mailbox = Maildir/");
    assert_eq!(
        site.outcome("joe@here.test"),
        "2.0.0, status=sent (delivered to maildir)"
    );
    let new: Vec<_> = std::fs::read_dir(site.path("joe/Maildir/new"))
        .unwrap()
        .collect();
    assert_eq!(new.len(), 1);
}

#[test]
fn an_extension_does_not_change_the_mailbox() {
    let mut site = Site::new("a=b", "");
    assert_eq!(
        site.outcome("joe+list@here.test"),
        "2.0.0, status=sent (delivered to mailbox)"
    );
    assert!(
        site.read("spool/joe")
            .contains("Delivered-To: joe+list@here.test")
    );
    assert_eq!(
        site.outcome("joe+a/b@here.test"),
        "2.0.0, status=sent (delivered to mailbox)"
    );
    assert!(
        site.log_text()
            .contains("3C91B2: address with illegal extension: joe+a/b")
    );
}

#[test]
fn a_mailbox_that_cannot_be_written_is_named() {
    let mut site = Site::new("a=b", "");
    std::fs::create_dir(site.path("spool/joe")).unwrap();
    let outcome = site.outcome("joe@here.test");
    let path = site.path("spool/joe");
    assert!(
        outcome.starts_with(&format!(
            "5.2.0, status=bounced (cannot update mailbox {} for user joe. ",
            path.display()
        )),
        "{outcome}"
    );
}

#[test]
fn unknown_users_are_refused_with_their_name() {
    let mut site = Site::new("a=b", "");
    assert_eq!(
        site.outcome("Nobody+x@here.test"),
        "5.1.1, status=bounced (unknown user: \"nobody\")"
    );
    assert_eq!(
        site.outcome("+x@here.test"),
        "5.1.1, status=bounced (unknown user: \"+x\")"
    );
    assert_eq!(
        site.outcome("@here.test"),
        "5.1.3, status=bounced (null username in \"@here.test\")"
    );
}

#[test]
fn a_postmaster_nobody_cares_for_swallows_mail_with_a_warning() {
    let mut site = Site::new("a=b", "");
    assert_eq!(
        site.outcome("postmaster@here.test"),
        "2.0.0, status=sent (discarded)"
    );
    assert!(
        site.log_text()
            .contains("warning: required alias not found: postmaster")
    );
}

#[test]
fn user_and_table_trouble_is_temporary() {
    let mut site = Site::new("a=b", "mailbox_transport_maps = fail:x");
    assert_eq!(
        site.outcome("joe@here.test"),
        "4.3.0, status=deferred (table lookup failure)"
    );
    let mut site = Site::new("a=b", "");
    assert_eq!(
        site.outcome("unlucky@here.test"),
        "4.0.0, status=deferred (user lookup error)"
    );
    let mut site = Site::new("a=b", "alias_maps = fail:x");
    assert_eq!(
        site.outcome("joe@here.test"),
        "4.3.0, status=deferred (alias database unavailable)"
    );
}

#[test]
fn a_required_home_directory_that_is_missing_defers_mail() {
    let mut site = Site::new("a=b", "require_home_directory = yes");
    std::fs::remove_dir(site.path("joe")).unwrap();
    let home = site.path("joe");
    assert_eq!(
        site.outcome("joe@here.test"),
        format!(
            "4.3.0, status=deferred (cannot access home directory {}: No such file or directory)",
            home.display()
        )
    );
}

#[test]
fn mailbox_command_gets_the_message_and_what_is_known_about_it() {
    let mut site = Site::new("a=b", "");
    let out = site.path("out");
    let command = format!("(env; cat) >{}", out.display());
    site.agent.params.mailbox_command = command.clone();
    let mut message = hello("joe+x;y@here.test");
    message.request.client.name = b"client.test".to_vec();
    assert_eq!(site.deliver_message(&message), Verdict::Done);
    assert!(
        site.log_text()
            .ends_with(&format!("(delivered to command: {command})"))
    );
    let text = site.read("out");
    for line in [
        "USER=joe",
        "LOGNAME=joe",
        "LOCAL=joe+x_y",
        "EXTENSION=x_y",
        "DOMAIN=here.test",
        "RECIPIENT=joe+x_y@here.test",
        "SENDER=sender@example.org",
        "CLIENT_HOSTNAME=client.test",
        "SHELL=/bin/sh",
        "PATH=/usr/bin:/bin",
        "Delivered-To: \"joe+x;y\"@here.test",
        "From here",
    ] {
        assert!(text.lines().any(|l| l == line), "{line} in {text}");
    }
    assert!(text.contains("\nFrom sender@example.org  "), "{text}");
    assert!(!text.contains("ORIGINAL_RECIPIENT"), "{text}");
}

#[test]
fn a_command_that_fails_decides_what_becomes_of_the_message() {
    let mut site = Site::new("a=b", "mailbox_command = exit 75");
    assert_eq!(
        site.outcome("joe@here.test"),
        "4.3.0, status=deferred (temporary failure)"
    );
    let mut site = Site::new("a=b", "mailbox_command_maps = inline:{{joe = exit 67}}");
    assert_eq!(
        site.outcome("joe@here.test"),
        "5.1.1, status=bounced (user unknown)"
    );
    assert_eq!(
        site.outcome("jane@here.test"),
        "2.0.0, status=sent (delivered to mailbox)"
    );
}

#[test]
fn probes_say_what_would_be_done() {
    let mut site = Site::new("a=b", "");
    let mut probe = |recipient: &str, flags: DeliverFlags| {
        let mut message = hello(recipient);
        message.request.flags |= flags;
        let _ = run::deliver(&mut site.agent, &message, "local");
        site.log
            .borrow()
            .last()
            .unwrap()
            .split_once("dsn=")
            .unwrap()
            .1
            .to_owned()
    };
    let user = DeliverFlags::USER_VERIFY;
    assert_eq!(
        probe("joe@here.test", user),
        "2.0.0, status=deliverable (delivers to mailbox)"
    );
    assert_eq!(
        probe("nobody@here.test", user),
        "5.1.1, status=undeliverable (unknown user: \"nobody\")"
    );
    assert_eq!(site.read("spool/joe"), "");
}

#[test]
fn luser_relay_takes_mail_for_unknown_users() {
    let mut site = Site::new("a=b", "luser_relay = $user+$extension@away.test");
    assert_eq!(
        site.outcome("who+x@here.test"),
        "2.0.0, status=sent (forwarded as F1)"
    );
    let copy = &site.forwarded()[0];
    let recipient = super::site::of_kind(copy, ipc::record::RecordType::Recipient);
    assert_eq!(recipient, ["who+x@away.test"]);
    let mut site = Site::new("a=b", "luser_relay = jane");
    assert_eq!(
        site.outcome("who@here.test"),
        "2.0.0, status=sent (delivered to mailbox)"
    );
    assert!(
        site.read("spool/jane")
            .contains("Delivered-To: who@here.test")
    );
}

#[test]
fn a_luser_relay_that_is_unknown_itself_loses_no_mail() {
    let mut site = Site::new("a=b", "luser_relay = lost");
    assert_eq!(
        site.outcome("who@here.test"),
        "5.1.1, status=bounced (unknown user: \"lost\")"
    );
    assert_eq!(
        site.outcome("lost@here.test"),
        "5.1.1, status=bounced (unknown user: \"lost\")"
    );
    let mut site = Site::new("a=b", "luser_relay = $local");
    assert_eq!(
        site.outcome("who@here.test"),
        "5.1.1, status=bounced (unknown user: \"who\")"
    );
}

#[test]
fn a_message_in_a_loop_is_returned() {
    let mut site = Site::new("a=b", "");
    let content = ["Received: x", "Delivered-To: JOE@here.test", "", "x"];
    let message = message(&lines(&content), &["joe@here.test"]);
    let _ = site.deliver_message(&message);
    assert!(
        site.log_text()
            .ends_with("status=bounced (mail forwarding loop for joe@here.test)"),
        "{}",
        site.log_text()
    );
}

#[test]
fn the_queue_manager_is_told_when_all_recipients_are_finished() {
    let mut site = Site::new("a=b", "");
    let queue = site.path("queue");
    std::fs::create_dir_all(queue.join("active")).unwrap();
    let mut message = hello("joe@here.test");
    message.request.queue_id = b"3C91B20001".to_vec();
    let mut file = message.file().try_clone().unwrap();
    let mut bytes = Vec::new();
    std::io::Seek::rewind(&mut file).unwrap();
    std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
    std::fs::write(queue.join("active/3C91B20001"), bytes).unwrap();
    let (server, client) = sys::socket::pair().unwrap();
    let mut server = Stream::new(server);
    let request = message.request.clone();
    let layout = queue::Layout::new(&queue, "", 1);
    // The queue manager closes when it has the reply.
    let client_thread = std::thread::spawn(move || {
        let mut client = Stream::new(client);
        request.encode().send(&mut client).unwrap();
        protocol::expect_announcement(&mut client, "private/local").unwrap();
        Reply::read(&mut client, "private/local").unwrap()
    });
    delivery::serve(&mut server, &layout, |message| {
        run::deliver(&mut site.agent, message, "local").into()
    });
    let reply = client_thread.join().unwrap();
    assert!(reply.finished && reply.unreachable.is_none());
    assert!(site.read("spool/joe").contains("Subject: hello"));
}
