// SPDX-License-Identifier: MIT OR Apache-2.0
//! Delivery status notifications, and the reports of people's log tools.

use kit::{Instance, Setup};
use std::process::Command;

#[test]
fn an_undeliverable_message_returns_as_a_report_that_machines_can_read() {
    let user = Instance::account();
    let instance = Setup::new().main("local_recipient_maps =").boot();
    instance.deliver(
        &format!("{user}@mail.example.test"),
        &["nobody-here@mail.example.test"],
        "Subject: original\n\nbody",
    );
    let notice = instance.wait_mail(&user, 1).remove(0);
    assert_eq!(notice.header("Return-Path").as_deref(), Some("<>"));
    assert_eq!(
        notice.header("Auto-Submitted").as_deref(),
        Some("auto-replied")
    );
    let kind = notice.header("Content-Type").expect("type");
    assert!(
        kind.starts_with("multipart/report; report-type=delivery-status;"),
        "{kind}"
    );
    for line in [
        "Reporting-MTA: dns; mail.example.test",
        "Final-Recipient: rfc822; nobody-here@mail.example.test",
        "Action: failed",
        "Status: 5.1.1",
        "Diagnostic-Code: X-Postfix; unknown user: \"nobody-here\"",
        "Content-Type: message/rfc822",
        "Subject: original",
    ] {
        assert!(
            notice.text.contains(line),
            "{line} is not in\n{}",
            notice.text
        );
    }
    instance.wait_log(&["sender non-delivery notification:"]);
    instance.wait_empty_queue();
}

#[test]
fn notify_never_is_obeyed_and_notify_success_is_answered() {
    let user = Instance::account();
    let instance = Setup::new().main("local_recipient_maps =").boot();
    let mut smtp = instance.smtp();
    smtp.play(&format!(
        "S: 220 *
         C: HELO client.example
         S: 250 *
         C: MAIL FROM:<{user}@mail.example.test> RET=HDRS ENVID=id+2B1
         S: 250 2.1.0 Ok
         C: RCPT TO:<nobody-here> NOTIFY=NEVER
         S: 250 2.1.5 Ok
         C: RCPT TO:<{user}> NOTIFY=SUCCESS ORCPT=rfc822;first@else.example
         S: 250 2.1.5 Ok
         C: DATA
         S: 354 *
         C: Subject: original
         C:
         C: a secret body
         C: .
         S: 250 *"
    ));
    let mails = instance.wait_mail(&user, 2);
    let report = mails
        .iter()
        .find(|mail| mail.header("Subject").as_deref() == Some("Successful Mail Delivery Report"))
        .expect("a success report");
    assert!(
        report.text.contains("Original-Envelope-Id: id+1"),
        "{}",
        report.text
    );
    assert!(report.text.contains("Action: delivered"), "{}", report.text);
    assert!(
        report
            .text
            .contains("Original-Recipient: rfc822;first@else.example")
    );
    assert!(
        !report.text.contains("a secret body"),
        "RET=HDRS returns headers only"
    );
    instance.wait_empty_queue();
    assert_eq!(
        instance.wait_mail(&user, 2).len(),
        2,
        "no notice for NOTIFY=NEVER"
    );
}

#[test]
fn pflogsumm_counts_our_log_right() {
    let user = Instance::account();
    let instance = Setup::new()
        .main("local_recipient_maps =\nsmtpd_sender_restrictions = reject_non_fqdn_sender")
        .boot();
    for number in 0..3 {
        let text = format!("Subject: {number}\n\nbody");
        instance.deliver("a@client.example", &[&user], &text);
    }
    instance.deliver("", &["nobody-here"], "x");
    instance.deliver("not-qualified", &[&user], "x");
    instance.wait_mail(&user, 3);
    instance.wait_log(&["NOQUEUE: reject"]);
    instance.settled_log();
    let report = Command::new("pflogsumm")
        .arg(instance.path("log/mail.log"))
        .output();
    let report = report.expect("pflogsumm is installed by scripts/prerequisites");
    let report = String::from_utf8_lossy(&report.stdout).into_owned();
    for total in [
        "4   received",
        "3   delivered",
        "1   bounced",
        "0   deferred",
        "1   rejected",
    ] {
        assert!(
            report.contains(total),
            "{total} is not in\n{report}\n{}",
            instance.log()
        );
    }
}
