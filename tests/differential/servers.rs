// SPDX-License-Identifier: MIT OR Apache-2.0
//! Many SMTP servers with settings of their own below one master: what the client hears, and what
//! the log says.

use crate::accepted::Difference;
use crate::compare::{Seen, cases, options};
use kit::{Instance, Smtp, observe};
use std::net::SocketAddr;

/// What all servers have in common. Everything that is accepted is thrown away.
pub(crate) const COMMON: &str = "\
    mydestination = mail.example.test, example.test\n\
    mynetworks = 127.0.0.0/8\n\
    local_recipient_maps = inline:{{x=x}, {y=y}}\n\
    local_transport = discard:ok\n\
    default_transport = discard:ok\n\
    relay_transport = discard:ok\n\
    virtual_transport = discard:ok\n\
    virtual_alias_domains = alias.test\n\
    virtual_alias_maps = inline:{{a@alias.test=x@example.test}}\n\
    virtual_mailbox_domains = virtual.test\n\
    virtual_mailbox_maps = inline:{{v@virtual.test=v}}\n\
    relay_domains = relay.test\n\
    relay_recipient_maps = inline:{{a@relay.test=x}}\n\
    recipient_delimiter = +\n\
    smtpd_authorized_xclient_hosts = 127.0.0.0/8\n\
    smtpd_error_sleep_time = 0\n\
    smtpd_soft_error_limit = 1000\n\
    smtpd_hard_error_limit = 1000\n\
    smtpd_junk_command_limit = 1000\n\
    max_use = 1\n";
const FIRST_PORT: u16 = 3000;

/// The session begins as a client from outside.
pub(crate) const OUTSIDE: &str = "XCLIENT NAME=client.example.com ADDR=192.0.2.1";
pub(crate) const EHLO: &str = "EHLO host.example.org";
pub(crate) const MAIL: &str = "MAIL FROM:<s@sender.test>";
pub(crate) const RCPT: &str = "RCPT TO:<x@example.test>";

pub(crate) struct Case {
    /// Parameters, one a line.
    settings: String,
    pub(crate) commands: Vec<String>,
}

impl Case {
    /// The same with settings before its own.
    pub(crate) fn after(mut self, settings: &str) -> Case {
        self.settings.insert_str(0, settings);
        self
    }
}

pub(crate) fn case(settings: &str, commands: &[&str]) -> Case {
    Case {
        settings: settings.to_owned(),
        commands: commands.iter().map(ToString::to_string).collect(),
    }
}

/// A client from outside names these recipients.
pub(crate) fn recipients(settings: &str, recipients: &[&str]) -> Case {
    let mut case = case(settings, &[OUTSIDE, EHLO, MAIL]);
    let named = recipients.iter().map(|to| format!("RCPT TO:<{to}>"));
    case.commands.extend(named);
    case
}

/// A client from outside tries each sender.
pub(crate) fn senders(settings: &str, senders: &[&str]) -> Case {
    let mut case = case(settings, &[OUTSIDE, EHLO]);
    for from in senders {
        let tried = [format!("MAIL FROM:<{from}>"), RCPT.into(), "RSET".into()];
        case.commands.extend(tried);
    }
    case
}

/// Boots both sides with a server for each case, and compares what is said and logged.
#[track_caller]
pub(crate) fn compare(all: &[Case]) {
    compare_lines(all, &[], |_| true);
}

/// As [`compare`], for the lines to `keep`.
#[track_caller]
pub(crate) fn compare_lines(all: &[Case], accepted: &[Difference], keep: impl Fn(&str) -> bool) {
    let port = |at: usize| FIRST_PORT + u16::try_from(at).expect("few cases");
    let mut servers = String::new();
    for (at, case) in all.iter().enumerate() {
        let options = options(at, &case.settings);
        servers += &format!("{} inet n - n - - smtpd{options}\n", port(at));
    }
    let session = |instance: &Instance, at: usize, commands: &[String]| {
        Smtp::connect(SocketAddr::new(instance.address.ip(), port(at))).session(commands)
    };
    cases(
        |setup| setup.main(COMMON).master(&servers),
        accepted,
        |instance| {
            let mut seen: Seen = Vec::new();
            for (at, case) in all.iter().enumerate() {
                seen.push((case.settings.clone(), session(instance, at, &case.commands)));
            }
            for (at, (_, lines)) in seen.iter_mut().enumerate() {
                let name = format!("case{at:03}");
                instance.wait_log(&[&format!(" {name}/smtpd["), "disconnect from"]);
                lines.extend(observe::told_by(&name, &instance.log()).into_iter().map(
                    // Which case it is is known.
                    |line| line.replace(&name, "log"),
                ));
                lines.retain(|line| keep(line));
            }
            seen
        },
    );
}
