// SPDX-License-Identifier: MIT OR Apache-2.0
//! Questions and answers over a socket pair.

use super::*;
use config::MainCf;
use ipc::flags::ResolveFlags;
use ipc::services::resolve::{Resolved, Verification};
use std::cell::RefCell;
use std::io::Write as _;
use std::path::Path;
use std::rc::Rc;

const BASICS: &str = "
    compatibility_level = 3.6
    myhostname = mail.here.tld
    mydomain = here.tld
    mydestination = $myhostname, localhost, here.tld
    inet_interfaces = 127.0.0.1
";

fn program(main_cf: &str) -> TrivialRewrite {
    // Lines that begin with a blank would continue the line before.
    let text: Vec<&str> = BASICS
        .lines()
        .chain(main_cf.lines())
        .map(str::trim)
        .collect();
    let main_cf = MainCf::from_text(Path::new("/etc/postfix"), &text.join("\n")).unwrap();
    TrivialRewrite::prepare(&Startup::for_test(main_cf, "rewrite")).unwrap()
}

/// One request over a socket pair.
fn answer(program: &mut TrivialRewrite, request: &Request) -> Stream {
    let (mut server, mut client) = Stream::pair().unwrap();
    client.write_all(&request.encode()).unwrap();
    client.flush().unwrap();
    assert_eq!(
        program.request(&mut (), &mut server, &Jail::for_test("rewrite")),
        Keep::Open
    );
    client
}

fn resolved(program: &mut TrivialRewrite, sender: &str, address: &str) -> Resolved {
    let request = Request::Resolve {
        purpose: Verification::No,
        sender: sender.into(),
        address: address.into(),
    };
    Resolved::read(&mut answer(program, &request), "private/rewrite").unwrap()
}

/// Transport, next hop, and flags without those of the class.
fn route(program: &mut TrivialRewrite, address: &str) -> (String, String, ResolveFlags) {
    let resolved = resolved(program, "sender@x.tld", address);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        text(resolved.transport),
        text(resolved.nexthop),
        resolved.flags,
    )
}

fn expected(transport: &str, nexthop: &str, flags: ResolveFlags) -> (String, String, ResolveFlags) {
    (transport.to_owned(), nexthop.to_owned(), flags)
}

fn logged(act: impl FnOnce()) -> Vec<String> {
    let lines = Rc::new(RefCell::new(Vec::new()));
    log::set_sinks(vec![log::Sink::Capture(Rc::clone(&lines))]);
    act();
    log::set_sinks(Vec::new());
    lines.take()
}

#[test]
fn the_server_speaks_first() {
    let (mut server, mut client) = Stream::pair().unwrap();
    program("")
        .connected(&mut server, &Jail::for_test("rewrite"))
        .unwrap();
    ipc::client::expect_protocol(&mut client, "trivial_rewrite_protocol", "private/rewrite")
        .unwrap();
}

#[test]
fn addresses_are_completed_by_their_context() {
    let mut program = program("remote_header_rewrite_domain = domain.invalid\n");
    for (rule, expected) in [
        (Rule::Local, "user@mail.here.tld"),
        (Rule::Remote, "user@domain.invalid"),
    ] {
        let request = Request::Rewrite {
            rule,
            address: b"user".to_vec(),
        };
        let mut client = answer(&mut program, &request);
        let rewritten = Rewritten::read(&mut client, "private/rewrite").unwrap();
        assert_eq!(rewritten.address, expected.as_bytes());
    }
}

#[test]
fn an_old_default_that_changes_an_address_is_logged() {
    let mut program = program("compatibility_level = 0\n");
    let request = Request::Rewrite {
        rule: Rule::Local,
        address: b"a@b".to_vec(),
    };
    let lines = logged(|| drop(answer(&mut program, &request)));
    let text = "using backwards-compatible default setting append_dot_mydomain=yes \
                to rewrite \"b\" to \"b.here.tld\"";
    assert_eq!(lines, [text]);
}

#[test]
fn each_class_has_its_transport() {
    let mut program = program(
        "virtual_alias_domains = alias.tld
         virtual_mailbox_domains = box.tld
         relay_domains = relay.tld
         relayhost = [out.tld]:587
         virtual_transport = lmtp:unix:/x
         relay_transport = relay:[gw]:26",
    );
    for (address, route_expected) in [
        (
            "u@here.tld",
            expected("local", "mail.here.tld", ResolveFlags::CLASS_LOCAL),
        ),
        (
            "u@[127.0.0.1]",
            expected("local", "mail.here.tld", ResolveFlags::CLASS_LOCAL),
        ),
        (
            "u@alias.tld",
            expected(
                "error",
                "5.1.1 User unknown in virtual alias table",
                ResolveFlags::CLASS_ALIAS,
            ),
        ),
        (
            "u@box.tld",
            expected("lmtp", "unix:/x", ResolveFlags::CLASS_VIRTUAL),
        ),
        (
            "u@relay.tld",
            expected("relay", "[gw]:26", ResolveFlags::CLASS_RELAY),
        ),
        (
            "u@x.tld",
            expected("smtp", "[out.tld]:587", ResolveFlags::CLASS_DEFAULT),
        ),
        (
            "u%x@y.tld",
            expected(
                "smtp",
                "[out.tld]:587",
                ResolveFlags::CLASS_DEFAULT | ResolveFlags::ROUTED,
            ),
        ),
    ] {
        assert_eq!(route(&mut program, address), route_expected, "{address}");
    }
}

#[test]
fn a_bare_network_address_is_an_error_unless_wanted() {
    let mut strict = program("");
    let error = ResolveFlags::ERROR | ResolveFlags::CLASS_DEFAULT;
    for address in ["u@127.0.0.1", "u@", "u@x..y", "u@[x]", "u@-x.tld"] {
        assert_eq!(route(&mut strict, address).2, error, "{address}");
    }
    let mut lenient = program("resolve_numeric_domain = yes\n");
    let resolved = resolved(&mut lenient, "", "u@127.0.0.1");
    assert_eq!(resolved.recipient, b"u@[127.0.0.1]");
    assert_eq!(resolved.flags, ResolveFlags::CLASS_LOCAL);
}

#[test]
fn a_recipient_like_an_option_is_an_error_unless_wanted() {
    let flags = |main_cf| route(&mut program(main_cf), "-u@here.tld").2;
    assert!(flags("").contains(ResolveFlags::ERROR));
    assert!(!flags("allow_min_user = yes\n").contains(ResolveFlags::ERROR));
}

#[test]
fn routes_may_depend_on_the_sender() {
    let mut program = program(
        "relayhost = [out.tld]
         sender_dependent_relayhost_maps = inline:{ a@x.tld=[ra], <>=[rn], d@x.tld=DUNNO }
         sender_dependent_default_transport_maps = inline:{ a@x.tld=ta:, @y.tld=ty:hop }",
    );
    for (sender, transport, nexthop) in [
        ("a@x.tld", "ta", "[ra]"),
        ("any@y.tld", "ty", "hop"),
        ("", "smtp", "[rn]"),
        ("d@x.tld", "smtp", "[out.tld]"),
        ("other@x.tld", "smtp", "[out.tld]"),
    ] {
        let resolved = resolved(&mut program, sender, "u@z.tld");
        assert_eq!(resolved.transport, transport.as_bytes(), "{sender}");
        assert_eq!(resolved.nexthop, nexthop.as_bytes(), "{sender}");
    }
}

#[test]
fn transport_and_relocated_tables_override() {
    let tables = "transport_maps = inline:{ x.tld=slow:, here.tld=:[h] }
        relocated_maps = inline:{ old@here.tld=new@y.tld }\n";
    let mut here = program(tables);
    assert_eq!(route(&mut here, "u@x.tld").0, "slow");
    assert_eq!(route(&mut here, "u@here.tld").1, "[h]");
    let moved = route(&mut here, "old@here.tld");
    let text = "5.1.6 User has moved to new@y.tld";
    assert_eq!(moved, expected("error", text, ResolveFlags::CLASS_LOCAL));
}

#[test]
fn a_relocated_text_of_ones_own_needs_a_status() {
    let mut program = program(
        "relocated_prefix_enable = no
         relocated_maps = inline:{ {a@here.tld = 5.7.1 gone for good}, {b@here.tld = gone} }",
    );
    assert_eq!(route(&mut program, "a@here.tld").1, "5.7.1 gone for good");
    let lines = logged(|| {
        assert_eq!(
            route(&mut program, "b@here.tld").1,
            "5.2.0 Mailbox is unavailable"
        );
    });
    assert_eq!(lines.len(), 1);
}

#[test]
fn a_table_that_cannot_be_asked_means_later() {
    let mut program = program("transport_maps = fail:x\n");
    let lines = logged(|| {
        assert!(
            route(&mut program, "u@x.tld")
                .2
                .contains(ResolveFlags::FAIL)
        );
    });
    assert_eq!(
        lines.last().unwrap(),
        "warning: transport_maps lookup failure"
    );
}

#[test]
fn a_missing_transport_is_a_mistake_that_is_named() {
    let mut program = program("default_transport = :[x]\n");
    let lines = logged(|| {
        assert!(
            route(&mut program, "u@x.tld")
                .2
                .contains(ResolveFlags::FAIL)
        );
    });
    let text = "warning: file /etc/postfix/main.cf: parameter default_transport: \
                null transport is not allowed";
    assert_eq!(lines, [text]);
}

#[test]
fn a_domain_in_two_lists_is_nagged_about() {
    let mut program = program("virtual_mailbox_domains = here.tld\n");
    let lines = logged(|| drop(route(&mut program, "u@here.tld")));
    let text = "warning: do not list domain here.tld in BOTH mydestination and \
                virtual_mailbox_domains";
    assert_eq!(lines, [text]);
}

#[test]
fn nonsense_ends_the_conversation_and_not_the_server() {
    let mut program = program("");
    for nonsense in [
        &b"request\0dance\0\0"[..],
        b"request\0rewrite\0rule\0nobody\0address\0x\0\0",
        b"request\0resolve\0\0",
        b"\0",
        b"\xff\xff",
    ] {
        let (mut server, mut client) = Stream::pair().unwrap();
        client.write_all(nonsense).unwrap();
        client.flush().unwrap();
        drop(client);
        let lines = logged(|| {
            let keep = program.request(&mut (), &mut server, &Jail::for_test("rewrite"));
            assert_eq!(keep, Keep::Close);
        });
        assert!(lines.len() <= 1);
    }
    assert_eq!(route(&mut program, "u@here.tld").0, "local");
}
