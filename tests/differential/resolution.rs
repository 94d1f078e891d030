// SPDX-License-Identifier: MIT OR Apache-2.0
//! What trivial-rewrite makes of every kind of address: how it is completed, and where it leads.

use crate::accepted::{self, Difference};
use crate::compare::{Seen, cases, options};
use crate::protocol::{Attributes, Conversation};
use kit::{Instance, observe};

/// Addresses of every class and every odd form.
const ADDRESSES: &[&str] = &[
    "x",
    "x@",
    "x@example.test",
    "X@EXAMPLE.TEST",
    "x@example.test.",
    "x@mail",
    "x@mail.",
    "x@mail.example.test",
    "x@localhost",
    "x@sub.example.test",
    "x+ext@example.test",
    "x@relay.test",
    "x@sub.relay.test",
    "x@alias.test",
    "v@virtual.test",
    "x@elsewhere.example",
    "x@sub.elsewhere.example",
    "x@deep.sub.elsewhere.example",
    "x@routed.example",
    "x@sub.routed.example",
    "u@routed.example",
    "u+ext@routed.example",
    "x%elsewhere.example@example.test",
    "x%a%b@example.test",
    "x%elsewhere.example",
    "x%",
    "%x@example.test",
    "a!b",
    "a!b!c@example.test",
    "a!b%c@example.test",
    "!b@example.test",
    "a!@example.test",
    "a@b@c",
    "a@b@example.test",
    "@example.test",
    "@a:x@example.test",
    "@a,@b:x@elsewhere.example",
    "@",
    ".",
    "x@.",
    "x@..",
    "x@a..b",
    "x@.example.test",
    "x@-bad-.example",
    "x@under_score.example",
    "x@[127.0.0.1]",
    "x@[192.0.2.9]",
    "x@[IPv6:2001:db8::1]",
    "x@[300.1.1.1]",
    "x@[nonsense]",
    "x@[",
    "x@]",
    "x@127.0.0.1",
    "x@192.0.2.9",
    "x@1",
    "\"a b\"@example.test",
    "a b@example.test",
    "\"a@b\"@example.test",
    "\"\"@example.test",
    "a\\b@example.test",
    "a(b)@example.test",
    "a,b@example.test",
    "<x@example.test>",
    "postmaster",
    "owner-list@example.test",
    "jörg@example.test",
    "x@bücher.example",
    "x@xn--bcher-kva.example",
    "x y",
    " x@example.test ",
    "-x@example.test",
    "-x",
    "x\t@example.test",
    "*@example.test",
    "x@*",
];

/// Parameters, one a line.
const SETTINGS: &[&str] = &[
    "",
    "append_at_myorigin = no\nappend_dot_mydomain = no",
    "swap_bangpath = no\nallow_percent_hack = no",
    "resolve_dequoted_address = no",
    "resolve_null_domain = yes\nresolve_numeric_domain = yes",
    "allow_untrusted_routing = yes",
    "allow_min_user = yes",
    "myorigin = example.test\nrecipient_delimiter = +\n\
     transport_maps = inline:{{routed.example=slow:[192.0.2.1]:26}, {.routed.example=error:no such}, \
     {u@routed.example=:next.example}, {relay.test=local:}, {x@elsewhere.example=other}, \
     {sub.elsewhere.example=:}, {virtual.test=smtp:$nothing}}",
    "parent_domain_matches_subdomains =\nrecipient_delimiter = +\n\
     transport_maps = inline:{{routed.example=slow:[192.0.2.1]:26}, {.routed.example=error:}, \
     {*=fall:back}, {x@example.test=:}, {x=no}}",
    "relayhost = [192.0.2.2]:587",
    "relayhost = hub.example\n\
     sender_dependent_relayhost_maps = inline:{{s@sender.test=[192.0.2.3]}, {@sender.test=domain.example}, \
     {<>=null.example}, {d@sender.test=DUNNO}}\n\
     sender_dependent_default_transport_maps = inline:{{s@sender.test=other:thing}, {<>=odd:}, \
     {d@sender.test=DUNNO}}",
    "empty_address_relayhost_maps_lookup_key = nobody\n\
     sender_dependent_relayhost_maps = inline:{{nobody=empty.example}}",
    "default_transport = smtp:gate.example\nlocal_transport = local:here\nrelay_transport = relay:there\n\
     virtual_transport = lmtp:unix:private/x\nerror_service_name = fault",
    "local_transport = error:5.1.1 nobody is local\ndefault_transport = :oops",
    "virtual_alias_domains = alias.test, example.test\nvirtual_mailbox_domains = virtual.test, alias.test\n\
     relay_domains = relay.test, virtual.test",
    "mydestination = inline:{{example.test=x}}\nrelay_domains = !sub.relay.test, .relay.test",
    "proxy_interfaces = 192.0.2.9",
    "remote_header_rewrite_domain = domain.invalid\nmyorigin = mail.example.test",
    "smtputf8_enable = no",
];

const COMMON: &str = "\
    mydestination = $myhostname, localhost.$mydomain, localhost, example.test\n\
    mydomain = example.test\n\
    virtual_alias_domains = alias.test\n\
    virtual_mailbox_domains = virtual.test\n\
    relay_domains = relay.test\n\
    show_user_unknown_table_name = no\n";

/// One line for a reply.
fn shown(reply: Attributes) -> String {
    let pair = |(name, value)| format!("{name}={value}");
    reply.into_iter().map(pair).collect::<Vec<_>>().join(" ")
}

/// All that one server answers, and what it logs.
fn asked(instance: &Instance, at: usize, settings: &str) -> Vec<String> {
    let (mut server, announced) = Conversation::begin(instance, &format!("private/rewrite{at}"));
    let mut seen = vec![shown(announced)];
    let mut ask = |what: String, attributes: &[(&str, &str)]| {
        server.say(attributes);
        seen.push(format!("{what} -> {}", shown(server.hear())));
    };
    for address in ADDRESSES {
        for rule in ["local", "remote"] {
            let request = [("request", "rewrite"), ("rule", rule), ("address", address)];
            ask(format!("{rule} {address}"), &request);
        }
        let senders = ["", "s@sender.test", "d@sender.test", "other@sender.test"];
        let count = if settings.contains("sender") { 4 } else { 1 };
        for sender in senders.into_iter().take(count) {
            let request = [
                ("request", "resolve"),
                ("sender", sender),
                ("address", address),
            ];
            ask(format!("resolve {address} from <{sender}>"), &request);
        }
    }
    ask(
        "verify".into(),
        &[
            ("request", "verify"),
            ("sender", ""),
            ("address", "x@example.test"),
        ],
    );
    ask("nonsense".into(), &[("request", "nonsense")]);
    let name = format!("case{at:03}");
    instance.wait_log(&[&format!(" {name}/trivial-rewrite["), "warning: bad "]);
    seen.extend(observe::told_by(&name, &instance.log()));
    seen
}

#[track_caller]
fn compare(accepted: &[Difference]) {
    let mut services = String::new();
    for (at, settings) in SETTINGS.iter().enumerate() {
        services += &format!(
            "rewrite{at} unix - - n - - trivial-rewrite{}\n",
            options(at, settings)
        );
    }
    cases(
        |setup| setup.main(COMMON).master(&services),
        accepted,
        |instance| {
            let all = SETTINGS.iter().enumerate();
            let seen: Seen = all
                .map(|(at, settings)| ((*settings).to_owned(), asked(instance, at, settings)))
                .collect();
            seen
        },
    );
}

#[test]
fn addresses_are_completed_and_resolved() {
    compare(&[
        accepted::NONSENSE,
        accepted::FAILED_ROUTES,
        accepted::QUIET_ABOUT_DOMAINS[1],
    ]);
}
