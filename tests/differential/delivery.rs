// SPDX-License-Identifier: MIT OR Apache-2.0
//! Log lines, mailboxes and notices of whole deliveries.

use crate::compare::same;
use kit::message::Message;
use kit::{Instance, observe};

const QUIET: &str = "smtpd_peername_lookup = no\nsmtpd_error_sleep_time = 0\n";

/// A delivered message without what differs from run to run.
pub(crate) fn shown(message: &Message) -> Vec<String> {
    let mut boundary = String::new();
    if let Some(kind) = message.header("Content-Type")
        && let Some((_, rest)) = kind.split_once("boundary=\"")
    {
        rest.split('"')
            .next()
            .unwrap_or_default()
            .clone_into(&mut boundary);
    }
    let undated = |line: &str| {
        let line = observe::stable(line);
        let timed = [
            "Date: ",
            "Arrival-Date: ",
            "Will-Retry-Until: ",
            "Message-Id: <",
        ];
        for name in timed {
            if line.starts_with(name) {
                return format!("{name}WHEN");
            }
        }
        match line.rsplit_once("; ") {
            Some((head, _)) if line.contains("+0000") => format!("{head}; WHEN"),
            _ if line.starts_with('\t') && line.contains("+0000") => "\tWHEN".to_owned(),
            _ => line,
        }
    };
    let hide = |line: &str| {
        if boundary.is_empty() {
            line.to_owned()
        } else {
            line.replace(&boundary, "BOUNDARY")
        }
    };
    message
        .text
        .lines()
        .map(|line| undated(&hide(line)))
        .collect()
}

fn log_of(instance: &Instance) -> Vec<String> {
    observe::log(&instance.settled_log())
}

#[test]
fn a_message_over_smtp_into_a_mailbox() {
    same(
        |setup| setup.main(QUIET),
        &[],
        |instance| {
            let text = "From: a@client.example\nSubject: hello\n\nFrom here\n.dot\nend\n";
            instance.deliver("a@client.example", &["alice@mail.example.test"], text);
            let mails = instance.wait_mail("alice", 1);
            instance.wait_log(&["disconnect from"]);
            let mut seen = log_of(instance);
            seen.extend(shown(&mails[0]));
            seen
        },
    );
}

#[test]
fn two_recipients_and_missing_headers() {
    same(
        |setup| setup.main(QUIET).main("recipient_delimiter = +"),
        &[],
        |instance| {
            instance.deliver(
                "",
                &["alice@mail.example.test", "bob+x@mail.example.test"],
                "body",
            );
            let alice = instance.wait_mail("alice", 1);
            instance.wait_log(&["disconnect from"]);
            instance.wait_log(&["bob+x"]);
            let mut seen = log_of(instance);
            seen.extend(shown(&alice[0]));
            seen
        },
    );
}

#[test]
fn aliases_lists_and_files() {
    same(
        |setup| {
            setup.main(QUIET).aliases(
                "team: alice, bob\nnested: team, team\nowner-team: bob\nroot: alice\n\
                 missing: nobody-here\n",
            )
        },
        &[],
        |instance| {
            for to in ["team", "nested", "missing"] {
                instance.deliver("", &[to], "Subject: x\n\nbody");
                instance.wait_empty_queue();
            }
            log_of(instance)
        },
    );
}

#[test]
fn an_undeliverable_message_returns_to_its_sender() {
    same(
        |setup| setup.main(QUIET).main("local_recipient_maps ="),
        &[],
        |instance| {
            instance.deliver(
                "alice@mail.example.test",
                &["nobody-here"],
                "Subject: x\n\nbody",
            );
            let notice = instance.wait_mail("alice", 1);
            let mut seen = log_of(instance);
            // The notice's words to people are our own, and so is its size.
            seen.retain(|line| !line.contains("notification:") && !line.contains("from=<>"));
            let text = shown(&notice[0]);
            let part = |name: &str| text.iter().position(|line| line.ends_with(name));
            let words = part("Content-Description: Notification").expect("a part for people");
            let report = part("Content-Description: Delivery report").expect("a report");
            seen.extend_from_slice(&text[..words]);
            seen.extend_from_slice(&text[report..]);
            seen
        },
    );
}
