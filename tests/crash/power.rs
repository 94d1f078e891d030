// SPDX-License-Identifier: MIT OR Apache-2.0
//! All processes die at once, in the middle of work; or master alone.

use kit::{Instance, Setup, watch};
use std::time::Duration;

fn message(subject: &str) -> String {
    format!("Subject: {subject}\n\nbegin\nend\n")
}

/// Every acknowledged message is there, and whole.
#[track_caller]
fn all_arrive(instance: &Instance, acknowledged: &[String]) {
    // A process of the master that died may still hold a message; the new queue manager comes back
    // to it after a minute, or when it is told to.
    let empty = || instance.queue_files().is_empty().then_some(());
    let active = instance.path("spool/active");
    let mut hurry = 0;
    while watch::within(Duration::from_secs(1), &active, empty).is_none() {
        hurry += 1;
        let waiting = instance.queue_files();
        assert!(hurry < 90, "{waiting:?} never leave\n{}", instance.log());
        instance.run("postqueue", &["-f"]);
    }
    let mails = kit::message::mbox(&instance.mailbox(&Instance::account()));
    for subject in acknowledged {
        let is_it =
            |mail: &&_| kit::message::Message::header(mail, "Subject").as_ref() == Some(subject);
        let copies: Vec<_> = mails.iter().filter(is_it).collect();
        assert!(!copies.is_empty(), "{subject} is lost\n{}", instance.log());
        assert!(
            copies.iter().all(|mail| mail.body() == "begin\nend\n"),
            "{subject} is not whole"
        );
    }
}

#[test]
fn what_was_acknowledged_before_a_power_cut_arrives_after_it() {
    let user = Instance::account();
    let mut instance = Setup::new()
        .main("minimal_backoff_time = 1s\nmailbox_delivery_lock = fcntl")
        .boot();
    let mut acknowledged = Vec::new();
    for cut in 0..6 {
        let mut smtp = instance.smtp();
        smtp.reply();
        for number in 0..=cut * 3 {
            let subject = format!("promise {cut}.{number}");
            let reply = smtp.deliver("a@client.example", &[&user], &message(&subject));
            assert!(reply.starts_with("250"), "{reply}");
            acknowledged.push(subject);
        }
        instance.cut_power();
        instance.start_again();
    }
    all_arrive(&instance, &acknowledged);
}

#[test]
fn what_was_acknowledged_before_master_died_arrives_after_its_restart() {
    let user = Instance::account();
    let mut instance = Setup::new()
        .main("minimal_backoff_time = 1s\nmailbox_delivery_lock = fcntl")
        .boot();
    let mut acknowledged = Vec::new();
    for cut in 0..5 {
        let mut smtp = instance.smtp();
        smtp.reply();
        for number in 0..=cut * 3 {
            let subject = format!("promise {cut}.{number}");
            let reply = smtp.deliver("a@client.example", &[&user], &message(&subject));
            assert!(reply.starts_with("250"), "{reply}");
            acknowledged.push(subject);
        }
        // What is on its way to the mailbox goes on or is taken up again.
        instance.kill_master();
        drop(smtp);
        instance.start_again();
    }
    all_arrive(&instance, &acknowledged);
}
