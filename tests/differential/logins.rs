// SPDX-License-Identifier: MIT OR Apache-2.0
//! AUTH and what comes of it, with the same Dovecot, and with the same file of passwords.

use crate::accepted::Difference;
use crate::servers::{Case, EHLO, MAIL, OUTSIDE, RCPT, case, compare_lines};
use kit::logins::{Dovecot, add_sasldb_users};
use std::path::Path;

/// NUL alice NUL secret, and with a wrong password.
const ALICE: &str = "AUTH PLAIN AGFsaWNlAHNlY3JldA==";
const GUESS: &str = "AUTH PLAIN AGFsaWNlAGd1ZXNz";
const RELAY: &str = "RCPT TO:<a@elsewhere.test>";

const ACCEPTED: &[Difference] = &[
    Difference {
        ours: "*Invalid authentication mechanism: '*'*",
        theirs: "*Invalid authentication mechanism*",
        why: "since 3.10 the mechanism is named",
    },
    Difference {
        ours: "log/smtpd: NOQUEUE: reject*: RCPT * helo=<host.example.org> sasl_method=*",
        theirs: "log/smtpd: NOQUEUE: reject*: RCPT * helo=<host.example.org>",
        why: "since 3.10 the line says who logged in, and how",
    },
];

/// What AUTH says in its place and out of place.
const DIALOGUES: &[(&str, &[&str])] = &[
    (
        "",
        &[
            EHLO,
            "AUTH",
            "AUTH PLAIN a b",
            "AUTH PLAIN !",
            "AUTH NOSUCH",
            GUESS,
            "AUTH LOGIN",
            "*",
            "AUTH LOGIN",
            "!",
            "AUTH LOGIN",
            "YWxpY2U=",
            "c2VjcmV0",
            ALICE,
            MAIL,
            RELAY,
        ],
    ),
    (
        "smtpd_helo_required = yes",
        &[ALICE, EHLO, MAIL, ALICE, RELAY, "RSET", ALICE, MAIL, RELAY],
    ),
    (
        "smtpd_sasl_security_options = noplaintext, noanonymous",
        &[EHLO, ALICE],
    ),
    (
        "smtpd_sasl_security_options =\nbroken_sasl_auth_clients = yes\n\
         smtpd_sasl_mechanism_filter = plain, anonymous",
        &[EHLO, "AUTH ANONYMOUS =", MAIL, RELAY],
    ),
    (
        "smtpd_sasl_exceptions_networks = 127.0.0.0/8",
        &[EHLO, ALICE],
    ),
    ("smtpd_tls_auth_only = yes", &[EHLO, ALICE]),
    ("smtpd_discard_ehlo_keywords = auth", &[EHLO, ALICE]),
    ("smtpd_hard_error_limit = 2", &[GUESS, GUESS, GUESS]),
    (
        "",
        &[
            EHLO,
            "MAIL FROM:<a@b.c> AUTH=x AUTH=y",
            "RSET",
            "MAIL FROM:<a@b.c> AUTH=x+3Dy",
            RCPT,
            "RSET",
            "XCLIENT LOGIN=joe",
            EHLO,
            ALICE,
            "MAIL FROM:<a@b.c> AUTH=<>",
            RELAY,
            "RSET",
            "XCLIENT LOGIN=[UNAVAILABLE]",
            EHLO,
            MAIL,
            RELAY,
        ],
    ),
];

/// Restrictions about logins, for a client that does not log in and then does.
const RESTRICTIONS: &[&str] = &[
    "reject_sender_login_mismatch",
    "reject_authenticated_sender_login_mismatch",
    "reject_unauthenticated_sender_login_mismatch",
    "reject_known_sender_login_mismatch",
    "check_sasl_access,inline:{alice=REJECT},permit_sasl_authenticated,reject",
    "warn_if_reject,reject_sender_login_mismatch",
];

fn restricted(restriction: &str) -> Case {
    let settings = format!(
        "smtpd_sender_restrictions = {restriction}\n\
         smtpd_sender_login_maps = inline:{{{{a@b.com=joe,Alice}},{{@c.com=bob}}}}"
    );
    let mut commands = vec![OUTSIDE.to_owned(), EHLO.to_owned()];
    for login in ["NOOP", ALICE] {
        commands.push(login.to_owned());
        for sender in ["a@b.com", "x@c.com", "x@d.com", ""] {
            let tried = [
                format!("MAIL FROM:<{sender}>"),
                RCPT.to_owned(),
                "RSET".to_owned(),
            ];
            commands.extend(tried);
        }
    }
    let commands: Vec<&str> = commands.iter().map(String::as_str).collect();
    case(&settings, &commands)
}

/// The settings of every case, before those of its own.
fn with(common: &str, case: Case) -> Case {
    let relay = "smtpd_relay_restrictions = permit_sasl_authenticated,reject_unauth_destination\n\
                 mynetworks =\nsmtpd_sasl_auth_enable = yes";
    case.after(&format!("{relay}\n{common}\n"))
}

#[test]
fn logins_by_dovecot() {
    if !crate::compare::possible() {
        return;
    }
    let socket = Dovecot::shared().socket();
    let common = format!(
        "smtpd_sasl_type = dovecot\nsmtpd_sasl_path = {}",
        socket.display()
    );
    let dialogues = DIALOGUES
        .iter()
        .map(|(settings, commands)| case(settings, commands));
    let restrictions = RESTRICTIONS
        .iter()
        .map(|restriction| restricted(restriction));
    let all: Vec<Case> = dialogues
        .chain(restrictions)
        .map(|case| with(&common, case))
        .collect();
    compare_lines(&all, ACCEPTED, |_| true);
}

#[test]
fn logins_by_a_file_of_passwords() {
    if !crate::compare::possible() {
        return;
    }
    // Where the library looks without settings; this /etc is ours alone.
    add_sasldb_users(Path::new("/etc/sasldb2"), "mail.example.test");
    // What EHLO lists is what plugins Debian has.
    let sessions: &[(&str, &[&str])] = &[
        (
            "",
            &[
                GUESS,
                "AUTH PLAIN",
                "*",
                "AUTH PLAIN !!!!",
                "AUTH LOGIN",
                "YWxpY2U=",
                "Z3Vlc3M=",
                ALICE,
                MAIL,
                RELAY,
            ],
        ),
        (
            "smtpd_sasl_local_domain = mail.example.test",
            // NUL bob@example.test NUL ge heim
            &[
                "AUTH PLAIN",
                "AGJvYkBleGFtcGxlLnRlc3QAZ2UgaGVpbQ==",
                MAIL,
                RELAY,
            ],
        ),
        (
            "smtpd_sasl_local_domain = mail.example.test",
            &["AUTH LOGIN", "YWxpY2U=", "c2VjcmV0", MAIL, RELAY],
        ),
    ];
    let all: Vec<Case> = sessions
        .iter()
        .map(|(settings, commands)| with("", case(settings, commands)))
        .collect();
    compare_lines(&all, &[], |_| true);
}
