// SPDX-License-Identifier: MIT OR Apache-2.0
//! Mail that leaves: relay hosts, replies of other servers, several hosts, LMTP.

use kit::sink::Sink;
use kit::{Instance, Setup};

fn relayed(sink: &Sink) -> Instance {
    let port = sink.address.port();
    Setup::new()
        .main(&format!("relayhost = [127.0.0.1]:{port}"))
        .boot()
}

#[test]
fn mail_to_another_domain_goes_to_the_relay_host() {
    let sink = Sink::listen("127.0.0.1:0");
    let instance = relayed(&sink);
    instance.deliver(
        "a@client.example",
        &["b@one.example", "c@two.example"],
        "Subject: x\n\n.dot\nFrom x",
    );
    let received = sink.receive();
    assert!(
        received.content.ends_with("\n\n.dot\nFrom x\n"),
        "{received:?}"
    );
    let commands = received.commands.join("\n");
    for command in [
        "EHLO mail.example.test",
        "MAIL FROM:<a@client.example>",
        "RCPT TO:<b@one.example>",
        "RCPT TO:<c@two.example>",
    ] {
        assert!(
            commands.contains(command),
            "{command} is not in\n{commands}"
        );
    }
    instance.wait_log(&[
        "to=<b@one.example>",
        "relay=127.0.0.1[127.0.0.1]:",
        "dsn=2.0.0",
        "status=sent (250 2.0.0 Ok: taken)",
    ]);
    instance.wait_empty_queue();
}

#[test]
fn a_refused_recipient_bounces_and_the_other_is_delivered() {
    let user = Instance::account();
    let sink = Sink::listen("127.0.0.1:0");
    sink.reply("RCPT TO:<bad@", "550-5.1.1 no such\r\n550 5.1.1 user here");
    let instance = relayed(&sink);
    instance.deliver(
        &format!("{user}@mail.example.test"),
        &["bad@one.example", "good@one.example"],
        "Subject: x\n\nbody",
    );
    let _ = sink.receive();
    let notice = instance.wait_mail(&user, 1).remove(0);
    assert!(notice.text.contains("550 5.1.1"), "{}", notice.text);
    instance.wait_log(&[
        "to=<bad@one.example>",
        "dsn=5.1.1",
        "status=bounced (host 127.0.0.1",
        "said: 550-5.1.1 no such 550 5.1.1 user here (in reply to RCPT TO command))",
    ]);
    instance.wait_empty_queue();
}

#[test]
fn a_temporary_refusal_defers() {
    let sink = Sink::listen("127.0.0.1:0");
    sink.reply("DATA-END", "451 4.3.0 try again later");
    let instance = relayed(&sink);
    instance.deliver("a@client.example", &["b@one.example"], "Subject: x\n\nbody");
    instance.wait_log(&[
        "dsn=4.3.0",
        "status=deferred",
        "(in reply to end of DATA command)",
    ]);
    instance.wait_deferred();
    sink.behave();
    instance.run("postqueue", &["-f"]);
    let _ = sink.receive();
    instance.wait_empty_queue();
}

#[test]
fn a_server_that_hangs_up_defers() {
    let sink = Sink::listen("127.0.0.1:0");
    sink.reply("MAIL", "HANGUP");
    let instance = relayed(&sink);
    instance.deliver("a@client.example", &["b@one.example"], "Subject: x\n\nbody");
    instance.wait_log(&[
        "dsn=4.4.2",
        "status=deferred (lost connection with 127.0.0.1[127.0.0.1] while sending",
    ]);
}

#[test]
fn mail_exchangers_are_tried_in_the_order_of_the_dns() {
    if !kit::instance::privileged() {
        return;
    }
    use kit::dns::{Record, add};
    let domain = "exchange.example";
    add(domain, Record::Mx(20, "second.exchange.example".into()));
    add(domain, Record::Mx(10, "first.exchange.example".into()));
    add("first.exchange.example", Record::A([127, 0, 2, 1].into()));
    add("second.exchange.example", Record::A([127, 0, 2, 2].into()));
    let second = Sink::listen("127.0.2.2:25");
    let instance = Setup::new().main("relayhost =").boot();
    instance.deliver(
        "a@client.example",
        &["b@exchange.example"],
        "Subject: x\n\nbody",
    );
    let _ = second.receive();
    instance.wait_log(&["connect to first.exchange.example[127.0.2.1]:25: Connection refused"]);
    instance.wait_log(&["relay=second.exchange.example[127.0.2.2]:25", "status=sent"]);
    let first = Sink::listen("127.0.2.1:25");
    instance.deliver(
        "a@client.example",
        &["b@exchange.example"],
        "Subject: y\n\nbody",
    );
    let _ = first.receive();
}

#[test]
fn a_domain_that_does_not_exist_bounces_and_a_broken_dns_defers() {
    if !kit::instance::privileged() {
        return;
    }
    kit::dns::add("exists.example", kit::dns::Record::A([127, 0, 2, 9].into()));
    let instance = Setup::new().main("relayhost =").boot();
    instance.deliver("", &["b@does-not-exist.example"], "Subject: x\n\nbody");
    instance.wait_log(&[
        "dsn=5.4.4",
        "status=bounced (Host or domain name not found. \
        Name service error for name=does-not-exist.example type=A: Host not found)",
    ]);
    instance.deliver("", &["b@x.servfail.test"], "Subject: x\n\nbody");
    instance.wait_log(&[
        "dsn=4.4.3",
        "status=deferred (Host or domain name not found. \
        Name service error for name=x.servfail.test type=MX: Host not found, try again)",
    ]);
}
