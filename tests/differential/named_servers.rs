// SPDX-License-Identifier: MIT OR Apache-2.0
//! Access tables about mail exchangers, name servers and addresses of names.

use crate::servers::{Case, case, compare};
use kit::dns::{self, Record};
use kit::instance::privileged;
use std::sync::Once;

fn publish() {
    static ONCE: Once = Once::new();
    let address = |name: &str, last: u8| dns::add(name, Record::A([10, 9, 8, last].into()));
    ONCE.call_once(|| {
        dns::add("served.test", Record::Mx(10, "mx.bad-host.test".to_owned()));
        dns::add("served.test", Record::Ns("ns.bad-host.test".to_owned()));
        address("served.test", 1);
        address("mx.bad-host.test", 2);
        address("ns.bad-host.test", 3);
        address("only.served.test", 4);
        dns::add("lost.test", Record::Mx(10, "gone.test".to_owned()));
        dns::add("lost.test", Record::Ns("gone.test".to_owned()));
        dns::add("mute.test", Record::Mx(0, ".".to_owned()));
    });
}

const NAMES: [&str; 6] = [
    "served.test",
    "only.served.test",
    "lost.test",
    "mute.test",
    "unknown.test",
    "x.servfail.test",
];

/// A session for each name, in which the client, HELO, sender and recipient all have it.
fn sessions(restriction: &str, table: &str) -> Case {
    let list = format!("smtpd_recipient_restrictions = {restriction} inline:{{{table}}}");
    let mut commands = Vec::new();
    for name in NAMES {
        commands.extend([
            format!("XCLIENT NAME={name} ADDR=192.0.2.1"),
            format!("HELO {name}"),
            format!("MAIL FROM:<s@{name}>"),
            "RCPT TO:<x@example.test>".to_owned(),
            format!("RCPT TO:<x@{name}>"),
            "RSET".to_owned(),
        ]);
    }
    let commands: Vec<&str> = commands.iter().map(String::as_str).collect();
    case(&list, &commands)
}

#[test]
fn servers_of_names_are_looked_up() {
    if !privileged() {
        return;
    }
    publish();
    let mut all = Vec::new();
    for subject in [
        "client",
        "reverse_client_hostname",
        "helo",
        "sender",
        "recipient",
    ] {
        for record in ["a", "mx", "ns"] {
            let restriction = format!("check_{subject}_{record}_access");
            all.push(sessions(&restriction, "{10.9.8=REJECT near us}"));
        }
    }
    compare(&all);
}

#[test]
fn tables_about_servers_cannot_permit() {
    if !privileged() {
        return;
    }
    publish();
    let mut all = Vec::new();
    for entry in [
        "{bad-host.test=REJECT by name}",
        "{bad-host.test=DUNNO}, {10.9.8=REJECT}",
        "{mx.bad-host.test=OK}",
        "{10.9.8.2=OK}",
        "{10.9.8.2=451 4.2.2 later}",
    ] {
        all.push(sessions("check_sender_mx_access", entry));
    }
    all.push(sessions(
        "check_reverse_client_hostname_access",
        "{served.test=OK}",
    ));
    all.push(sessions(
        "check_reverse_client_hostname_access",
        "{192.0.2=REJECT}",
    ));
    for name in ["sender_mx", "sender_a", "recipient_mx", "helo_mx"] {
        let list = format!(
            "smtpd_recipient_restrictions = check_{name}_access inline:{{{{192.0.2=REJECT}}}}"
        );
        all.push(case(
            &list,
            &[
                "HELO [192.0.2.5]",
                "MAIL FROM:<s@[192.0.2.5]>",
                "RCPT TO:<x@[192.0.2.6]>",
            ],
        ));
        all.push(case(
            &list,
            &["MAIL FROM:<>", "RCPT TO:<x>", "RCPT TO:<x@[IPv6:::1]>"],
        ));
    }
    compare(&all);
}
