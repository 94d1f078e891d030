// SPDX-License-Identifier: MIT OR Apache-2.0
//! DNS lists: who is found, what is answered, and what happens when nobody answers.

use crate::servers::{Case, EHLO, MAIL, OUTSIDE, RCPT, case, compare, recipients};
use kit::dns::{self, Record};
use kit::instance::privileged;
use std::sync::Once;

/// What the lists know. `bl.test` has the client, its name, and what it says.
fn publish() {
    static ONCE: Once = Once::new();
    let listed = |name: &str, answer: [u8; 4], reason: &[&str]| {
        dns::add(name, Record::A(answer.into()));
        for text in reason {
            dns::add(name, Record::Txt((*text).to_owned()));
        }
    };
    let address = "1.2.0.192.bl.test";
    let v6 = "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.bl.test";
    let names = [
        "client.example.com",
        "host.example.org",
        "sender.test",
        "example.test",
    ];
    ONCE.call_once(|| {
        listed(address, [127, 0, 0, 2], &["see http://bl.test/?192.0.2.1"]);
        listed(address, [127, 0, 1, 5], &["and more"]);
        listed(v6, [127, 0, 0, 3], &[]);
        for name in names {
            listed(&format!("{name}.bl.test"), [127, 0, 0, 2], &["a name"]);
        }
    });
}

/// A client from outside names a recipient of ours, and one of somebody else.
fn outside(restriction: &str) -> Case {
    let list = format!("smtpd_recipient_restrictions = {restriction}");
    recipients(&list, &["x@example.test", "x@c.com"])
}

#[test]
fn what_dns_lists_say_counts() {
    if !privileged() {
        return;
    }
    publish();
    let kinds = [
        "reject_rbl_client",
        "reject_rbl",
        "permit_dnswl_client",
        "reject_rhsbl_client",
        "permit_rhswl_client",
        "reject_rhsbl_reverse_client",
        "reject_rhsbl_helo",
        "reject_rhsbl_sender",
        "reject_rhsbl_recipient",
    ];
    let mut all = Vec::new();
    for kind in kinds {
        for list in ["bl.test", "empty.test", "servfail.test"] {
            all.push(outside(&format!("{kind} {list}, reject")));
        }
    }
    for pattern in [
        "127.0.0.2",
        "127.0.0.3",
        "127.0.[0..2].[1;5]",
        "127.0.[2..3].5",
        "[127].0.0.[0..255]",
    ] {
        all.push(outside(&format!("reject_rbl_client bl.test={pattern}")));
    }
    all.push(outside("warn_if_reject reject_rbl_client bl.test"));
    all.push(outside(
        "reject_rbl_client bl.test, reject_rhsbl_sender bl.test",
    ));
    all.push(outside(
        "permit_dnswl_client servfail.test, reject_rbl_client bl.test",
    ));
    compare(&all);
}

#[test]
fn names_that_lists_are_not_asked_about() {
    if !privileged() {
        return;
    }
    publish();
    let list = "smtpd_recipient_restrictions = reject_rhsbl_client bl.test, \
        reject_rhsbl_helo bl.test, reject_rhsbl_sender bl.test, reject_rbl_client bl.test";
    let session = |client: &str, helo: &str, sender: &str| {
        let commands = [client, helo, sender, RCPT];
        case(list, &commands)
    };
    let nobody = "XCLIENT NAME=[UNAVAILABLE] ADDR=192.0.2.77";
    compare(&[
        session(nobody, "HELO [192.0.2.1]", "MAIL FROM:<>"),
        session(nobody, "HELO 192.0.2.1", "MAIL FROM:<a@[192.0.2.1]>"),
        session(nobody, "HELO a_b", "MAIL FROM:<a@sub.sender.test>"),
        session(nobody, EHLO, MAIL),
        session("XCLIENT ADDR=[UNAVAILABLE]", "HELO x", "MAIL FROM:<>"),
        session(OUTSIDE, "HELO x", "MAIL FROM:<>"),
    ]);
}

#[test]
fn replies_about_listed_clients_are_made_of_templates() {
    if !privileged() {
        return;
    }
    publish();
    let everything = "521 4.7.3 $client|$client_address|$client_name|$helo_name|\
        $recipient|$recipient_name|$recipient_domain|$sender|$sender_name|$sender_domain|\
        $reverse_client_name|$rbl_class|$rbl_code|$rbl_domain|$rbl_reason|$rbl_txt|$rbl_what";
    let templates = [
        everything,
        "$rbl_code go away",
        "450",
        "250 2.0.0 fine",
        "650 x",
        "nonsense",
        "554 $nonsense",
        "554 5.1.8 ${rbl_reason?why: $rbl_reason}${nothing?x}",
    ];
    let more = [
        format!("default_rbl_reply = {everything}"),
        "maps_rbl_reject_code = 450".to_owned(),
        "maps_rbl_reject_code = 250".to_owned(),
        "soft_bounce = yes".to_owned(),
        "smtpd_expansion_filter = \\40abcde\\60".to_owned(),
    ];
    let templates = templates.map(|template| {
        let template = template.replace('$', "$$");
        format!("rbl_reply_maps = inline:{{{{bl.test = {template}}}}}")
    });
    let settings = templates.iter().chain(&more);
    let all: Vec<Case> = settings
        .map(|settings| outside(&format!("reject_rbl_client bl.test\n{settings}")))
        .collect();
    compare(&all);
}
