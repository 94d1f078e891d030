// SPDX-License-Identifier: MIT OR Apache-2.0
//! Mail that waits: the queue as mailq, postqueue, postsuper and postcat show and change it.

use kit::dialogue::matches;
use kit::sink::Sink;
use kit::{Instance, Setup};

/// An instance whose mail to other places waits, since nobody listens at its relay host yet.
fn waiting() -> (Instance, u16) {
    let port = kit::instance::free_port();
    let instance = Setup::new()
        .main(&format!(
            "relayhost = [127.0.0.1]:{port}\nminimal_backoff_time = 1000s"
        ))
        .boot();
    (instance, port)
}

fn stdout(instance: &Instance, name: &str, arguments: &[&str]) -> String {
    let output = instance.run(name, arguments);
    assert!(
        output.status.success(),
        "{name} {arguments:?}: {output:?}\n{}",
        instance.log()
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn deferred(instance: &Instance) -> String {
    let reply = instance.deliver(
        "a@client.example",
        &["b@elsewhere.example"],
        "Subject: x\n\nbody",
    );
    let id = reply.rsplit(' ').next().expect("queue id").to_owned();
    instance.wait_log(&[&id, "status=deferred (connect to 127.0.0.1[127.0.0.1]:"]);
    instance.wait_deferred();
    id
}

#[test]
fn mailq_lists_what_waits_and_why() {
    let (instance, _) = waiting();
    let id = deferred(&instance);
    let listed = stdout(&instance, "mailq", &[]);
    let lines: Vec<&str> = listed.lines().collect();
    assert_eq!(
        lines[0],
        "-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------"
    );
    assert!(
        matches(&format!("{id}*a@client.example"), lines[1]),
        "{listed}"
    );
    assert!(
        matches(
            "(connect to 127.0.0.1[127.0.0.1]:*: Connection refused)",
            lines[2].trim()
        ),
        "{listed}"
    );
    assert_eq!(
        lines[3],
        "                                         b@elsewhere.example"
    );
    assert_eq!(lines[4], "");
    assert!(matches("-- * Kbytes in 1 Request.", lines[5]), "{listed}");
    let json = stdout(&instance, "postqueue", &["-j"]);
    assert!(json.contains(&format!("\"queue_id\": \"{id}\"")), "{json}");
    assert!(json.contains("\"queue_name\": \"deferred\""), "{json}");
}

#[test]
fn a_flushed_queue_is_delivered_when_the_relay_is_back() {
    let (instance, port) = waiting();
    deferred(&instance);
    let sink = Sink::listen(&format!("127.0.0.1:{port}"));
    stdout(&instance, "postqueue", &["-f"]);
    let received = sink.receive();
    assert!(received.content.contains("Subject: x"), "{received:?}");
    instance.wait_empty_queue();
}

#[test]
fn one_message_is_flushed_by_its_id() {
    let (instance, port) = waiting();
    let id = deferred(&instance);
    let sink = Sink::listen(&format!("127.0.0.1:{port}"));
    stdout(&instance, "postqueue", &["-i", &id]);
    let _ = sink.receive();
    instance.wait_empty_queue();
}

#[test]
fn postsuper_holds_releases_requeues_and_deletes() {
    let (instance, _) = waiting();
    let id = deferred(&instance);
    let change = |option: &str, said: &str| {
        let output = instance.run("postsuper", &[option, &id]);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            output.status.success() && text.contains(said),
            "{option}: {output:?}"
        );
    };
    change("-h", "Placed on hold: 1 message");
    let listed = stdout(&instance, "mailq", &[]);
    assert!(listed.contains(&format!("{id}!")), "{listed}");
    change("-H", "Released from hold: 1 message");
    change("-d", "Deleted: 1 message");
    instance.wait_empty_queue();
    instance.wait_log(&[&id, "removed"]);
    let id = deferred(&instance);
    let output = instance.run("postsuper", &["-r", "ALL"]);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.contains("Requeued: 1 message"), "{output:?}");
    instance.run("postkick", &["public", "pickup", "W"]);
    instance.wait_log(&["pickup", &format!("orig_id={id}")]);
}

#[test]
fn postcat_shows_a_message_in_the_queue() {
    let (instance, _) = waiting();
    let id = deferred(&instance);
    let shown = stdout(&instance, "postcat", &["-q", &id]);
    for line in [
        "*** ENVELOPE RECORDS deferred/",
        "sender: a@client.example",
        "recipient: b@elsewhere.example",
        "*** MESSAGE CONTENTS deferred/",
        "Subject: x",
        "*** HEADER EXTRACTED deferred/",
        "*** MESSAGE FILE END deferred/",
    ] {
        assert!(shown.contains(line), "{line} is not in\n{shown}");
    }
}

#[test]
fn mail_too_old_returns_to_its_sender() {
    let user = Instance::account();
    let port = kit::instance::free_port();
    let instance = Setup::new()
        .main(&format!(
            "relayhost = [127.0.0.1]:{port}\nmaximal_queue_lifetime = 0"
        ))
        .boot();
    instance.deliver(
        &format!("{user}@mail.example.test"),
        &["b@elsewhere.example"],
        "Subject: x\n\nbody",
    );
    instance.wait_log(&["status=expired, returned to sender"]);
    let notice = instance.wait_mail(&user, 1).remove(0);
    assert_eq!(
        notice.header("Subject").as_deref(),
        Some("Undelivered Mail Returned to Sender")
    );
    instance.wait_empty_queue();
}
