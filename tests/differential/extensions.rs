// SPDX-License-Identifier: MIT OR Apache-2.0
//! Limits, keywords and extensions of the SMTP server.

use crate::servers::{EHLO, MAIL, OUTSIDE, RCPT, case, compare};

/// Settings, and a session with a server that has them.
const SESSIONS: &[(&str, &[&str])] = &[
    (
        "strict_rfc821_envelopes = yes",
        &[
            EHLO,
            "MAIL FROM:a@b.c",
            "MAIL FROM:<(x)a@b.c>",
            "MAIL FROM:<>",
            "RCPT TO:x",
            "RCPT TO:<@a:x@example.test>",
            "RCPT TO:<x>",
            "VRFY x",
        ],
    ),
    (
        "smtpd_hard_error_limit = 4",
        &["FOO", "FOO", "NOOP", "FOO", "FOO", "NOOP"],
    ),
    (
        "smtpd_hard_error_limit = 3\nsmtpd_junk_command_limit = 2",
        &["NOOP", "NOOP", "NOOP", "NOOP", "NOOP", "NOOP", "NOOP"],
    ),
    (
        "",
        &[
            "XCLIENT",
            "XCLIENT foo",
            "XCLIENT NAME=a b",
            "XCLIENT NAME=a..b",
            "XCLIENT ADDR=1.2.3",
            "XCLIENT ADDR=10.2.3.4 NAME=[UNAVAILABLE]",
        ],
    ),
    (
        "",
        &[
            "XCLIENT NAME=[TEMPUNAVAIL] ADDR=10.1.1.1 PORT=x",
            "XCLIENT PROTO=foo",
            "XCLIENT FOO=x",
            "XCLIENT NAME=+4",
            "MAIL FROM:<>",
            "XCLIENT NAME=x",
            "RSET",
            "XCLIENT NAME=x.y REVERSE_NAME=z.w ADDR=10.1.1.1 HELO=hh PROTO=SMTP PORT=77",
            MAIL,
            RCPT,
            "RCPT TO:<a@b.c>",
            "DATA",
            "hi",
            ".",
        ],
    ),
    (
        "smtpd_authorized_xforward_hosts = 127.0.0.0/8",
        &[
            EHLO,
            "XFORWARD",
            "XFORWARD x",
            "XFORWARD NAME=foo.bar ADDR=10.0.0.1 PORT=99 PROTO=ESMTP HELO=h IDENT=ABC SOURCE=REMOTE",
            "XFORWARD SOURCE=x",
            "XFORWARD ADDR=x",
            "XFORWARD NAME=[UNAVAILABLE]",
            MAIL,
            "XFORWARD NAME=x",
            RCPT,
            "DATA",
            "hi",
            ".",
        ],
    ),
    (
        "smtpd_authorized_verp_clients = 127.0.0.0/8",
        &[
            EHLO,
            "MAIL FROM:<> XVERP",
            "MAIL FROM:<a@b.c> XVERP=a",
            "MAIL FROM:<a@b.c> XVERP=+=",
            RCPT,
            "DATA",
            "hi",
            ".",
        ],
    ),
    (
        "smtpd_discard_ehlo_keywords = silent-discard, dsn, size, pipelining, 8bitmime, enhancedstatuscodes, \
             smtputf8, chunking, vrfy, etrn",
        &[
            EHLO,
            "MAIL FROM:<a@b.c> RET=FULL",
            "MAIL FROM:<a@b.c> SIZE=1 BODY=7BIT SMTPUTF8",
            "RCPT TO:<x@example.test> NOTIFY=NEVER",
            "VRFY x",
        ],
    ),
    ("smtpd_discard_ehlo_keywords = dsn", &[EHLO, EHLO]),
    (
        "message_size_limit = 100",
        &[
            EHLO,
            "MAIL FROM:<a@b.c> SIZE=101",
            "MAIL FROM:<a@b.c> SIZE=100",
            RCPT,
            "DATA",
            "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy",
            "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy",
            "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy",
            "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy",
            ".",
            "NOOP",
        ],
    ),
    ("disable_vrfy_command = yes", &[EHLO, "VRFY x"]),
    ("smtpd_noop_commands = foo", &["FOO", "foo x", "BAR"]),
    (
        "smtpd_command_filter = inline:{{EXPN=NOOP}}",
        &["EXPN", "expn"],
    ),
    (
        "",
        &[
            OUTSIDE,
            EHLO,
            MAIL,
            RCPT,
            "VRFY x",
            "VRFY nobody",
            "VRFY a@c.com",
            "DATA",
            "hi",
            ".",
            "QUIT",
        ],
    ),
];

#[test]
fn limits_keywords_and_extensions() {
    let all = SESSIONS
        .iter()
        .map(|(settings, commands)| case(settings, commands));
    compare(&all.collect::<Vec<_>>());
}
