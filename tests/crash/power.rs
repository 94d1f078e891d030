// SPDX-License-Identifier: MIT OR Apache-2.0
//! All processes die at once, in the middle of work.

use kit::{Instance, Setup};

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
            let reply = smtp.deliver(
                "a@client.example",
                &[&user],
                &format!("Subject: {subject}\n\nbegin\nend\n"),
            );
            assert!(reply.starts_with("250"), "{reply}");
            acknowledged.push(subject);
        }
        instance.cut_power();
        instance.start();
    }
    instance.run("postqueue", &["-f"]);
    instance.wait_empty_queue();
    let mails = kit::message::mbox(&instance.mailbox(&user));
    for subject in &acknowledged {
        let copies: Vec<_> = mails
            .iter()
            .filter(|mail| mail.header("Subject").as_ref() == Some(subject))
            .collect();
        assert!(!copies.is_empty(), "{subject} is lost\n{}", instance.log());
        assert!(
            copies.iter().all(|mail| mail.body() == "begin\nend\n"),
            "{subject} is not whole"
        );
    }
}
