// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which servers the SMTP client tries for a domain, by what the DNS says about it.

use crate::accepted;
use crate::client::{Case, compare};
use crate::compare::possible;
use kit::dns::{Record, add};
use kit::sink::Sink;
use std::net::Ipv4Addr;

/// A server that listens at port 25 of this address: takes all mail.
const GOOD: u8 = 1;
/// Another one.
const SECOND: u8 = 2;
/// Refuses everybody with 554 as its greeting.
const CLOSED: u8 = 3;
/// Asks everybody to come again later.
const BUSY: u8 = 4;
/// Hangs up at once.
const GONE: u8 = 5;

fn address(last: u8) -> Ipv4Addr {
    Ipv4Addr::new(127, 0, 3, last)
}

/// Names, and what they have: `A 1`, `MX 10 name`, `CNAME name`, separated by commas. Nobody listens
/// at address 9.
const ZONE: &[(&str, &str)] = &[
    ("good.test", "A 1"),
    ("second.test", "A 2"),
    ("closed.test", "A 3"),
    ("busy.test", "A 4"),
    ("gone.test", "A 5"),
    ("nobody.test", "A 9"),
    ("both.test", "A 9, A 1"),
    ("none.test", "A 9, A 5"),
    ("empty.test", ""),
    ("null.test", "MX 0 "),
    ("null-and-more.test", "MX 0 , MX 10 good.test"),
    ("one.test", "MX 10 good.test"),
    ("order.test", "MX 20 second.test, MX 10 good.test"),
    ("backup.test", "MX 10 nobody.test, MX 20 good.test"),
    ("refusing.test", "MX 10 closed.test, MX 20 good.test"),
    ("later.test", "MX 10 busy.test, MX 20 good.test"),
    ("hangs.test", "MX 10 gone.test, MX 20 good.test"),
    (
        "all-bad.test",
        "MX 10 nobody.test, MX 20 busy.test, MX 30 gone.test",
    ),
    ("all-closed.test", "MX 10 closed.test"),
    ("nowhere.test", "MX 10 missing.test"),
    ("nowhere-then.test", "MX 10 missing.test, MX 20 good.test"),
    ("half-broken.test", "MX 10 x.servfail.test, MX 20 good.test"),
    ("broken.test", "MX 10 x.servfail.test"),
    ("emptied.test", "MX 10 empty.test"),
    ("numeric.test", "MX 10 127.0.3.1"),
    ("alias.test", "CNAME one.test"),
    ("alias-host.test", "CNAME good.test"),
    ("alias-to-nothing.test", "CNAME missing.test"),
    ("alias-of-alias.test", "CNAME alias.test"),
    ("ring.test", "CNAME ring.test"),
    ("mx-alias.test", "MX 10 alias-host.test"),
    ("myself.test", "MX 10 mail.example.test"),
    (
        "myself-last.test",
        "MX 10 nobody.test, MX 20 mail.example.test",
    ),
    ("mail.example.test", "A 1"),
    ("under_score.test", "A 1"),
    ("odd.test", "MX 10 bad_name.test, MX 20 good.test"),
    ("bad_name.test", "A 2"),
    (
        "many.test",
        "MX 10 nobody.test, MX 20 none.test, MX 30 gone.test, MX 40 busy.test, MX 50 good.test",
    ),
];

fn fill() {
    for (name, records) in ZONE {
        // A name without records exists, too.
        add(name, Record::Ptr("unused.test".into()));
        for record in records.split(", ").filter(|record| !record.is_empty()) {
            let (kind, value) = record.split_once(' ').expect("kind and value");
            let record = match kind {
                "A" => Record::A(address(value.parse().expect("number"))),
                "CNAME" => Record::Cname(value.to_owned()),
                _ => {
                    let (preference, host) = value.split_once(' ').unwrap_or((value, ""));
                    Record::Mx(preference.parse().expect("number"), host.to_owned())
                }
            };
            add(name, record);
        }
    }
}

fn listening() -> Vec<Sink> {
    let greetings = [
        (GOOD, None),
        (SECOND, None),
        (CLOSED, Some("554 5.3.2 closed")),
        (BUSY, Some("421 4.3.2 busy")),
        (GONE, Some("HANGUP")),
    ];
    let sinks = greetings.map(|(last, greeting)| {
        let sink = Sink::listen(&format!("{}:25", address(last)));
        if let Some(greeting) = greeting {
            sink.reply("CONNECT", greeting);
        }
        sink
    });
    sinks.into()
}

/// A message to a domain.
fn to(settings: &str, domain: &str, nexthop: &str) -> Case {
    Case {
        settings: settings.to_owned(),
        program: "smtp",
        domain: domain.to_owned(),
        nexthop: nexthop.to_owned(),
        asked: ("", ""),
        servers: Vec::new(),
        name: format!("{domain} by {nexthop} with {settings}"),
    }
}

#[test]
fn of_domains_in_every_state() {
    if !possible() {
        return;
    }
    fill();
    let _servers = listening();
    let domains = ZONE.iter().map(|(domain, _)| *domain);
    let foreign = domains.filter(|domain| *domain != "mail.example.test");
    let mut all: Vec<Case> = foreign.map(|domain| to("", domain, "")).collect();
    for domain in [
        "missing.test",
        "x.servfail.test",
        "[127.0.3.1]",
        "[127.0.3.9]",
        "[IPv6:::1]",
    ] {
        all.push(to("", domain, ""));
    }
    for (number, nexthop) in [
        "good.test",
        "[good.test]",
        "[one.test]",
        "one.test:25",
        "[good.test]:26",
        "[good.test]:smtp",
        "[127.0.3.1]",
        "127.0.3.1",
        "[both.test]",
        "[missing.test]",
        "[x.servfail.test]",
        "missing.test",
        "good.test, second.test",
        "[nobody.test], [good.test]",
        "missing.test, one.test",
        "null.test",
        "order.test:",
    ]
    .into_iter()
    .enumerate()
    {
        all.push(to("", &format!("by{number}.test"), nexthop));
    }
    for (number, (settings, nexthop)) in [
        ("smtp_mx_address_limit = 1", "backup.test"),
        ("smtp_mx_session_limit = 1", "later.test"),
        ("smtp_mx_session_limit = 2", "many.test"),
        ("smtp_skip_5xx_greeting = no", "refusing.test"),
        ("smtp_fallback_relay = [second.test]", "nobody.test"),
        ("smtp_fallback_relay = [second.test]", "missing.test"),
        ("smtp_fallback_relay = [second.test]", "null.test"),
        ("smtp_fallback_relay = [second.test]", "all-closed.test"),
        (
            "smtp_fallback_relay = [second.test], order.test",
            "all-bad.test",
        ),
        ("smtp_fallback_relay = [missing.test]", "nobody.test"),
        ("ignore_mx_lookup_error = yes", "x.servfail.test"),
        ("smtp_defer_if_no_mx_address_found = yes", "nowhere.test"),
        ("smtp_defer_if_no_mx_address_found = yes", "missing.test"),
        ("disable_dns_lookups = yes", "one.test"),
        ("smtp_dns_support_level = disabled", "localhost"),
        ("smtp_host_lookup = native", "[localhost]:1"),
        ("smtp_host_lookup = dns, native", "[localhost]:1"),
        ("smtp_dns_resolver_options = res_defnames", "good.test"),
        ("smtp_tcp_port = 26", "one.test"),
        ("proxy_interfaces = 127.0.3.2", "order.test"),
        ("proxy_interfaces = 127.0.3.1", "order.test"),
        ("smtp_bind_address = 192.0.2.1", "good.test"),
        ("smtp_address_preference = ipv4", "both.test"),
    ]
    .into_iter()
    .enumerate()
    {
        all.push(to(settings, &format!("with{number}.test"), nexthop));
    }
    compare("", all, accepted::NAME_SERVICE);
}
