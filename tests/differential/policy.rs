// SPDX-License-Identifier: MIT OR Apache-2.0
//! Policy servers: what they are asked, and what becomes of their answers.

use crate::accepted;
use crate::compare::cases;
use crate::restrictions::ACTIONS;
use crate::servers::{Case, EHLO, MAIL, OUTSIDE, RCPT, compare, recipients};
use kit::policy::Policy;
use kit::{Instance, Smtp};
use std::net::SocketAddr;

#[test]
fn policy_servers_answer_with_any_action() {
    let policy = Policy::listen();
    // The same actions as in access tables: what stands behind "=".
    let actions = ACTIONS.iter().map(|entry| {
        let first = entry.split('}').next().unwrap_or_default();
        first.split_once('=').map_or("", |(_, action)| action)
    });
    let more = ["HANG", "OK\\ncolor=red", "DUNNO\\naction=OK"];
    let all: Vec<Case> = actions
        .chain(more)
        .map(|action| {
            let settings = format!(
                "smtpd_recipient_restrictions = {}\n smtpd_policy_service_retry_delay = 1",
                policy.says(action)
            );
            let mut case = recipients(&settings, &["x@example.test", "a@c.com"]);
            case.commands.extend(["RSET", "NOOP"].map(str::to_owned));
            case
        })
        .collect();
    compare(&all);
}

#[test]
fn policy_servers_that_are_not_there() {
    let nobody = "inet:127.0.0.1:9, try_limit=1";
    let all = [
        format!("{{ {nobody} }}"),
        format!("{{ {nobody}, default_action=DUNNO }}"),
        format!("{{ {nobody}, {{ default_action=REJECT 5.7.8 busy }} }}"),
        "inet:127.0.0.1:9".to_owned(),
        "unix:private/nobody".to_owned(),
    ]
    .map(|server| {
        let settings = format!("smtpd_client_restrictions = check_policy_service {server}");
        recipients(&settings, &["x@example.test"])
    });
    compare(&all);
}

#[test]
fn policy_servers_are_told_the_same() {
    let policy = Policy::listen();
    let asks = policy.says("DUNNO");
    let stages = [
        "client",
        "helo",
        "sender",
        "recipient",
        "data",
        "end_of_data",
        "etrn",
    ];
    let settings: String = stages
        .iter()
        .map(|stage| format!("smtpd_{stage}_restrictions = {asks}\n"))
        .collect();
    let sessions = sessions();
    let servers: String = sessions
        .iter()
        .enumerate()
        .map(|(at, (more, _))| {
            let settings = settings.lines().chain(more.lines());
            let settings = settings.map(|setting| format!(" -o {{ {setting} }}"));
            format!(
                "{} inet n - n - - smtpd{}\n",
                3000 + at,
                settings.collect::<String>()
            )
        })
        .collect();
    cases(
        |setup| setup.main(crate::servers::COMMON).master(&servers),
        accepted::POLICY_ATTRIBUTES,
        |instance: &Instance| {
            let mut seen = Vec::new();
            for (at, (settings, commands)) in sessions.iter().enumerate() {
                let port = 3000 + u16::try_from(at).expect("few");
                let address = SocketAddr::new(instance.address.ip(), port);
                let mut lines = Smtp::connect(address).session(commands);
                for (number, request) in policy.asked().into_iter().enumerate() {
                    let told = request.iter().map(|line| comparable(line));
                    lines.extend(told.map(|line| format!("{number} {line}")));
                }
                seen.push((settings.to_string(), lines));
            }
            seen
        },
    );
}

/// Settings, and what a client says to a server that has them.
fn sessions() -> [(&'static str, Vec<&'static str>); 3] {
    [
        (
            "",
            vec![
                OUTSIDE,
                EHLO,
                "MAIL FROM:<s@sender.test> SIZE=100",
                RCPT,
                "DATA",
                "hello",
                ".",
                "ETRN example.test",
                "MAIL FROM:<>",
                RCPT,
                "RCPT TO:<y@example.test>",
                "DATA",
                "hello",
                ".",
                "VRFY x@example.test",
                "QUIT",
            ],
        ),
        (
            "smtpd_delay_reject = no\nstress = yes",
            vec![
                "HELO x",
                "MAIL FROM:<\"a b\"@sender.test>",
                RCPT,
                "RSET",
                "ETRN example.test",
                MAIL,
                "QUIT",
            ],
        ),
        (
            "",
            vec![
                EHLO,
                MAIL,
                RCPT,
                "BDAT 5\r\nabc",
                "BDAT 5 LAST\r\nabc",
                "QUIT",
            ],
        ),
    ]
}

/// An attribute without what differs from run to run.
fn comparable(line: &str) -> String {
    let (name, value) = line.split_once('=').unwrap_or((line, ""));
    let changes = ["queue_id", "instance", "client_port", "mail_version"];
    if changes.contains(&name) && !value.is_empty() {
        let shape = value.split('.').map(|_| "N").collect::<Vec<_>>().join(".");
        return format!("{name}={shape}");
    }
    line.to_owned()
}
