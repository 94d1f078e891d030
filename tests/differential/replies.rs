// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the SMTP server answers, command by command.

use crate::compare::same;
use kit::Instance;

/// Sends each command in one session and returns the replies.
fn session(instance: &Instance, commands: &[&str]) -> Vec<String> {
    instance.smtp().session(commands)
}

const QUIET: &str = "smtpd_peername_lookup = no\nsmtpd_error_sleep_time = 0\n\
                     smtpd_banner = $myhostname ESMTP\n";

#[test]
fn a_session_from_helo_to_quit() {
    let recent = "PIPELINING and the rest are the same; 3.12 announces what 3.7 does";
    let _ = recent;
    same(
        |setup| setup.main(QUIET),
        &[],
        |instance| {
            session(
                instance,
                &[
                    "HELO",
                    "EHLO",
                    "HELO client.example",
                    "EHLO client.example",
                    "NOOP",
                    "NOOP x",
                    "RSET",
                    "RSET x",
                    "VRFY alice",
                    "VRFY nobody-here",
                    "VRFY",
                    "VRFY a b",
                    "EXPN list",
                    "BOGUS",
                    "MAIL",
                    "MAIL FROM",
                    "MAIL FROM:",
                    "MAIL FROM:<>",
                    "RSET",
                    "MAIL FROM:<a@b@c>",
                    "MAIL FROM:a@client.example",
                    "MAIL FROM:<x@y.example>",
                    "RCPT",
                    "RCPT TO:<>",
                    "RCPT TO:<nobody-here@mail.example.test>",
                    "RCPT TO:<postmaster>",
                    "RCPT TO:<alice@elsewhere.example>",
                    "RCPT TO:<alice@mail.example.test>",
                    "RCPT TO:<\"al ice\"@mail.example.test>",
                    "RCPT TO:<alice%elsewhere.example@mail.example.test>",
                    "RCPT TO:<@mail.example.test:alice@elsewhere.example>",
                    "RCPT TO:<elsewhere.example!alice>",
                    "RCPT TO:<alice@[127.0.0.1]>",
                    "RCPT TO:<alice@127.0.0.1>",
                    "RCPT TO:<alice>",
                    "DATA x",
                    "RSET",
                    "DATA",
                    "RCPT TO:<alice>",
                    "HELP",
                    "QUIT",
                ],
            )
        },
    );
}

#[test]
fn parameters_of_mail_and_rcpt() {
    same(
        |setup| setup.main(QUIET),
        &[],
        |instance| {
            session(
                instance,
                &[
                    "EHLO client.example",
                    "MAIL FROM:<a@b.example> SIZE=99999999999",
                    "MAIL FROM:<a@b.example> SIZE=x",
                    "MAIL FROM:<a@b.example> SIZE=1000 BODY=8BITMIME",
                    "RSET",
                    "MAIL FROM:<a@b.example> BODY=9BIT",
                    "MAIL FROM:<a@b.example> FOO=bar",
                    "MAIL FROM:<a@b.example> RET=FULL ENVID=abc+2Bdef",
                    "RSET",
                    "MAIL FROM:<a@b.example> RET=ALL",
                    "MAIL FROM:<a@b.example> RET=HDRS RET=FULL",
                    "MAIL FROM:<a@b.example> ENVID=a+4",
                    "MAIL FROM:<a@b.example> AUTH=<>",
                    "MAIL FROM:<a@b.example> SMTPUTF8",
                    "RCPT TO:<alice@mail.example.test> NOTIFY=SUCCESS,DELAY",
                    "RCPT TO:<alice@mail.example.test> NOTIFY=NEVER,DELAY",
                    "RCPT TO:<alice@mail.example.test> NOTIFY=SOON",
                    "RCPT TO:<alice@mail.example.test> NOTIFY=",
                    "RCPT TO:<alice@mail.example.test> NOTIFY=,SUCCESS,",
                    "RCPT TO:<alice@mail.example.test> ORCPT=rfc822;x@y.example",
                    "RCPT TO:<alice@mail.example.test> ORCPT=x",
                    "RCPT TO:<alice> FOO",
                    "QUIT",
                ],
            )
        },
    );
}

#[test]
fn too_many_errors_end_the_session() {
    same(
        |setup| setup.main(QUIET).main("smtpd_hard_error_limit = 4"),
        &[],
        |instance| {
            session(
                instance,
                &["BOGUS 1", "BOGUS 2", "BOGUS 3", "BOGUS 4", "NOOP"],
            )
        },
    );
}

#[test]
fn a_browser_is_shown_out() {
    same(
        |setup| setup.main(QUIET),
        &[],
        |instance| session(instance, &["GET / HTTP/1.0", "NOOP"]),
    );
}

#[test]
fn restrictions_speak_with_the_same_words() {
    same(
        |setup| {
            setup.main(QUIET).main(
                "smtpd_helo_required = yes\n\
                 mynetworks = 192.0.2.0/24\n\
                 smtpd_helo_restrictions = reject_invalid_hostname, reject_non_fqdn_hostname\n\
                 smtpd_sender_restrictions = reject_non_fqdn_sender\n\
                 smtpd_recipient_restrictions = reject_non_fqdn_recipient, \
                 check_recipient_access inline:{{bob@mail.example.test = REJECT not bob}}\n",
            )
        },
        &[],
        |instance| {
            let mut heard = session(instance, &["MAIL FROM:<a@b.example>", "QUIT"]);
            for helo in [
                "bogus name",
                "-bogus-",
                "example",
                "client.example",
                "[127.0.0.1]",
                "192.0.23.58",
            ] {
                heard.extend(session(
                    instance,
                    &[
                        &format!("EHLO {helo}"),
                        "MAIL FROM:<a@b.example>",
                        "RCPT TO:<alice@mail.example.test>",
                        "RSET",
                        "MAIL FROM:<a@b>",
                        "RCPT TO:<alice@mail.example.test>",
                        "RSET",
                        "MAIL FROM:<a@b.example>",
                        "RCPT TO:<alice@elsewhere.example>",
                        "RCPT TO:<alice@mail>",
                        "RCPT TO:<bob@mail.example.test>",
                        "DATA",
                        "QUIT",
                    ],
                ));
            }
            heard
        },
    );
}
