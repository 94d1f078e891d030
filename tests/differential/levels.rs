// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is logged where a default of long ago makes a difference, as `compatibility_level` says.

use crate::compare::same;
use kit::observe;

/// The notices of a delivery at a level.
fn notices(level: &str) {
    let main = format!(
        "compatibility_level = {level}\nsmtpd_error_sleep_time = 0\n\
         mydestination = $myhostname, mail, localhost\n\
         smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination\n"
    );
    same(
        |setup| setup.main(&main),
        &[],
        |instance| {
            instance.deliver(
                "a@client.example",
                &["alice@mail", "bob"],
                "Subject: x\n\nbody",
            );
            instance.wait_empty_queue();
            let mut seen = observe::log(&instance.log());
            seen.retain(|line| line.contains("backwards-compatible"));
            seen.dedup();
            seen
        },
    );
}

#[test]
fn old_defaults_are_told_of_below_their_level() {
    notices("0");
    notices("1");
    notices("2");
}

/// What a session is told of, command by command: its settings, its commands.
fn told(settings: &str, commands: &[&str]) {
    let settings = format!(
        "compatibility_level = 0\nsmtpd_error_sleep_time = 0\nappend_dot_mydomain = no\n\
         mynetworks_style = host\n{settings}"
    );
    same(
        |setup| setup.main(&settings),
        &[],
        |instance| {
            instance.smtp().session(commands);
            instance.wait_log(&["disconnect from", "quit=1"]);
            let mut seen = observe::told_by("postfix", &instance.log());
            seen.retain(|line| line.contains("backwards-compatible"));
            // Without smtputf8_enable the original shows each byte that is not ASCII as `?`.
            for line in &mut seen {
                *line = line.replace('\u{e9}', "??");
            }
            seen
        },
    );
}

const SUBDOMAIN: &str = "RCPT TO:<a@sub.mail.example.test>";
const ELSEWHERE: &str = "RCPT TO:<a@elsewhere.example>";

#[test]
fn destinations_that_were_relayed_to() {
    let strangers = "mynetworks = 192.0.2.1\n";
    let commands = [
        "EHLO c",
        "MAIL FROM:<s@c.example>",
        SUBDOMAIN,
        ELSEWHERE,
        "RCPT TO:<nobody-here@mail.example.test>",
        "RCPT TO:<alice@mail.example.test>",
        "RSET",
        "ETRN sub.mail.example.test",
        "ETRN elsewhere.example",
        "QUIT",
    ];
    for settings in [
        "smtpd_recipient_restrictions = permit_auth_destination, reject\n",
        "smtpd_recipient_restrictions = reject_unauth_destination\n\
         relay_recipient_maps = static:x\n",
        "smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination\n",
        "smtpd_recipient_restrictions = permit_mynetworks, check_recipient_access static:permit, \
         reject\n",
        "smtpd_relay_before_recipient_restrictions = yes\n\
         smtpd_recipient_restrictions = permit_mynetworks, check_recipient_access static:permit, \
         reject\n",
        "relay_domains =\nsmtpd_recipient_restrictions = reject_unauth_destination\n",
    ] {
        told(&format!("{strangers}{settings}"), &commands);
    }
}

#[test]
fn addresses_that_need_smtputf8_today() {
    told(
        "smtpd_recipient_restrictions = permit_mynetworks, reject\n",
        &[
            "EHLO c",
            "MAIL FROM:<s\u{e9}@c.example>",
            "RCPT TO:<r\u{e9}@elsewhere.example>",
            "RCPT TO:<r\u{e9}@mail.example.test>",
            "QUIT",
        ],
    );
}

#[test]
fn mail_for_a_subdomain_is_remembered_by_an_old_default() {
    same(
        |setup| {
            setup.main(
                "compatibility_level = 1\nmynetworks_style = host\n\
                 relay_transport = retry:4.0.0 not now\n\
                 smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination\n",
            )
        },
        &[],
        |instance| {
            instance.sendmail(&["a@sub.mail.example.test"], "Subject: x\n\nbody\n");
            instance.wait_deferred();
            let flushed = instance.run("postqueue", &["-s", "sub.mail.example.test"]);
            assert!(flushed.status.success(), "{flushed:?}");
            let refused = instance.run("postqueue", &["-s", "elsewhere.example"]);
            assert!(!refused.status.success(), "{refused:?}");
            let mut seen = observe::log(&instance.log());
            seen.retain(|line| line.contains("backwards-compatible"));
            seen.dedup();
            seen
        },
    );
}
