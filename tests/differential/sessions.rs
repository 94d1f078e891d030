// SPDX-License-Identifier: MIT OR Apache-2.0
//! Commands that nobody would think of, put together at random, and content that is no message.

use crate::accepted::{self, Difference};
use crate::compare::cases;
use crate::random::Random;
use kit::observe;

const SETTINGS: &str = "\
    mydestination = mail.example.test, example.test\n\
    local_recipient_maps = inline:{{x=x}, {y=y}}\n\
    relay_domains = relay.test\n\
    mynetworks = 192.0.2.0/24\n\
    recipient_delimiter = +\n\
    smtpd_error_sleep_time = 0\n\
    smtpd_soft_error_limit = 100000\n\
    smtpd_hard_error_limit = 100000\n\
    smtpd_junk_command_limit = 100000\n";

/// What arguments are made of.
const PIECES: &[&str] = &[
    "<",
    ">",
    "\"",
    "\\",
    "@",
    ".",
    ":",
    ";",
    ",",
    "(",
    ")",
    "[",
    "]",
    " ",
    "\t",
    "a",
    "x",
    "b.com",
    "example.test",
    "x@example.test",
    "<x@example.test>",
    "\"a b\"",
    "relay.test",
    "a@relay.test",
    "!",
    "%",
    "+",
    "-",
    "1.2.3.4",
    "[1.2.3.4]",
    "IPv6:",
    "é",
    "=",
    "NOTIFY=",
    "ORCPT=rfc822;",
    "SIZE=1",
    "BODY=8BITMIME",
    "RET=FULL",
    "ENVID=",
    "+41",
    "+2B",
    "NEVER",
    "SUCCESS,FAILURE",
    "FOO",
    "SMTPUTF8",
    "AUTH=<>",
    "@a,@b:",
    "c",
];

/// One command and what must come before it to give it a meaning.
fn command(random: &mut Random) -> Vec<String> {
    let body = random.pieces(PIECES, 7);
    let open = random.choose(&["", " ", "<"]);
    let close = random.choose(&["", ">", "> ", "> NOTIFY="]);
    match random.below(20) {
        0..6 => vec!["RSET".into(), format!("MAIL FROM:{open}{body}{close}")],
        6..16 => {
            let to = format!("RCPT TO:{open}{body}{close}");
            vec!["RSET".into(), "MAIL FROM:<>".into(), to]
        }
        16 => vec![format!("VRFY {body}")],
        17 => vec!["RSET".into(), format!("ETRN {body}")],
        18 => vec![format!("{} {body}", random.choose(&["HELO", "EHLO"]))],
        _ => {
            let verb = random.choose(&["MAIL ", "RCPT ", "RSET ", "XFORWARD ", "NOOP "]);
            vec![format!("{verb}{body}")]
        }
    }
}

/// A sensible session of which a few commands were left out, doubled, moved or misspelled.
fn mutated(random: &mut Random) -> Vec<String> {
    let mut commands: Vec<String> = [
        "EHLO client.example",
        "MAIL FROM:<a@b.com> SIZE=100 BODY=8BITMIME RET=HDRS ENVID=e1",
        "RCPT TO:<x@example.test> NOTIFY=FAILURE,DELAY ORCPT=rfc822;x@example.test",
        "RCPT TO:<y@example.test>",
        "NOOP",
        "VRFY x",
        "RSET",
        "HELO client.example",
        "MAIL FROM:<>",
        "RCPT TO:<nobody@example.test>",
        "RCPT TO:<a@elsewhere.example>",
        "DATA",
    ]
    .map(str::to_owned)
    .into();
    for _ in 0..random.below(5) + 1 {
        let (at, to) = (random.below(commands.len()), random.below(commands.len()));
        match random.below(4) {
            0 => drop(commands.remove(at)),
            1 => commands.insert(at, commands[to].clone()),
            2 => commands.swap(at, to),
            _ => {
                let command: Vec<char> = commands[at].chars().collect();
                let (cut, piece) = (random.below(command.len()), random.choose(PIECES));
                let (head, tail) = command.split_at(cut);
                commands[at] =
                    head.iter().collect::<String>() + piece + &tail[1..].iter().collect::<String>();
            }
        }
    }
    // Content would be taken for commands by one side only if the sides already differ.
    commands.truncate(
        commands
            .iter()
            .position(|c| c == "DATA")
            .map_or(commands.len(), |at| at + 1),
    );
    commands
}

/// All sessions, each on a connection of its own; the log of each server in the order of sessions.
#[track_caller]
fn compare(sessions: &[Vec<String>], accepted: &[Difference]) {
    cases(
        |setup| setup.main(SETTINGS),
        accepted,
        |instance| {
            let heard = |(at, session): (usize, &Vec<String>)| {
                (format!("session {at}"), instance.smtp().session(session))
            };
            let mut seen: Vec<_> = sessions.iter().enumerate().map(heard).collect();
            let ended = || {
                let log = instance.log();
                // One more asked whether the server listens.
                (log.matches(": disconnect from").count() > sessions.len()).then_some(log)
            };
            let log = kit::watch::until(&instance.path("log"), "the end", ended, || instance.log());
            seen.push(("log".into(), observe::log(&log)));
            seen
        },
    );
}

#[test]
fn arguments_made_of_anything() {
    let mut random = Random::new(1);
    let sessions = (0..3).map(|_| {
        let mut session = vec!["EHLO foo".to_owned()];
        session.extend((0..200).flat_map(|_| command(&mut random)));
        session
    });
    compare(&sessions.collect::<Vec<_>>(), accepted::QUIET_ABOUT_DOMAINS);
}

#[test]
fn sessions_out_of_order() {
    let mut random = Random::new(2);
    compare(
        &(0..100).map(|_| mutated(&mut random)).collect::<Vec<_>>(),
        &[],
    );
}
