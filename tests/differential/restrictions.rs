// SPDX-License-Identifier: MIT OR Apache-2.0
//! Every restriction and its outcomes.

use crate::accepted;
use crate::servers::{
    Case, EHLO, MAIL, OUTSIDE, RCPT, case, compare, compare_lines, recipients, senders,
};

#[test]
fn recipients_of_every_class_of_address() {
    let all = [
        "x@example.test",
        "nobody@example.test",
        "x+ext@example.test",
        "a@relay.test",
        "r@relay.test",
        "a@alias.test",
        "b@alias.test",
        "v@virtual.test",
        "w@virtual.test",
        "a@c.com",
        "a%c.com@example.test",
        "c.com!a@example.test",
        "a@c.com@example.test",
        "\"a@c.com\"@example.test",
        "postmaster",
        "Postmaster@example.test",
        "mailer-daemon@example.test",
        "double-bounce@example.test",
        "@c.com:x@example.test",
        "x@[127.0.0.1]",
        "x@[192.0.2.9]",
        "x@sub.relay.test",
        "abuse",
        "X@EXAMPLE.TEST",
    ];
    let old_style = "smtpd_relay_restrictions =\n\
        smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination";
    let some = ["nobody@example.test", "x@example.test"];
    let settings = [
        "",
        "show_user_unknown_table_name = no",
        old_style,
        "soft_bounce = yes",
    ];
    let mut all: Vec<Case> = settings.map(|settings| recipients(settings, &all)).into();
    let unlisted = "smtpd_reject_unlisted_sender = yes";
    all.push(senders(
        unlisted,
        &["nobody@example.test", "b@alias.test", "x@example.test"],
    ));
    let limit = "smtpd_recipient_limit = 2\nsmtpd_recipient_overshoot_limit = 1";
    all.push(recipients(limit, &some.repeat(3)));
    compare(&all);
}

/// What a table may say about a client.
pub(crate) const ACTIONS: &[&str] = &[
    "{client.example.com=REJECT}",
    "{example.com=REJECT go away}",
    "{.example.com=REJECT}",
    "{192.0.2.1=DEFER}",
    "{192.0.2=550 5.9.9 net}",
    "{192=421 bye}",
    "{client.example.com=OK}",
    "{com=521 5.1.1 x}",
    "{client.example.com=WARN hmm}, {192.0.2.1=REJECT}",
    "{client.example.com=DUNNO}, {192.0.2.1=REJECT}",
    "{client.example.com=450 4.1.1}",
    "{client.example.com=DEFER_IF_PERMIT busy}",
    "{client.example.com=DEFER_IF_REJECT}",
    "{client.example.com=permit_mynetworks reject}",
    "{client.example.com=foo}",
    "{client.example.com=hash:/x}",
    "{client.example.com=550 2.3.4 bad dsn}",
    "{client.example.com=654 x}",
    "{client.example.com=12345}",
    "{client.example.com=INFO}",
    "{client.example.com=PREPEND foo}",
    "{client.example.com=PREPEND X-Foo: bar}",
    "{client.example.com=FILTER foo}",
    "{client.example.com=FILTER smtp:[127.0.0.1]:1}",
    "{client.example.com=REDIRECT foo}",
    "{client.example.com=REDIRECT a@b.c}",
    "{client.example.com=BCC}",
    "{client.example.com=BCC a@b.c}",
    "{client.example.com=DISCARD}",
    "{client.example.com=DISCARD text}",
    "{client.example.com=HOLD text}",
    "{client.example.com=reject}",
    "{client.example.com=Reject 4.1.1 temp}",
    "{client.example.com=OK but}",
    "{client.example.com=550}",
    "{client.example.com=warn_if_reject reject}",
    "{client.example.com=HANGUP}",
];

#[test]
fn actions_of_access_tables() {
    let case = |action: &&str| {
        let settings =
            format!("smtpd_client_restrictions = check_client_access inline:{{{action}}}");
        let mut case = recipients(&settings, &["x@example.test", "a@c.com"]);
        case.commands.extend(["RSET", "NOOP"].map(str::to_owned));
        case
    };
    compare(&ACTIONS.iter().map(case).collect::<Vec<_>>());
}

/// Status codes an access table gives, for codes that fit the place and codes that do not.
#[test]
fn status_codes_are_made_to_fit_the_command() {
    let codes: Vec<(u8, u8)> = (0..8).flat_map(|a| (0..10).map(move |b| (a, b))).collect();
    let table = |at: &str| {
        let entry = |(a, b): &(u8, u8)| format!("{{s{a}-{b}{at}=550 5.{a}.{b} t}}");
        codes.iter().map(entry).collect::<Vec<_>>().join(", ")
    };
    let addresses: Vec<String> = codes
        .iter()
        .map(|(a, b)| format!("s{a}-{b}@sender.test"))
        .collect();
    let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
    let restrictions = |stage: &str, at: &str| {
        format!(
            "smtpd_{stage}_restrictions = check_{stage}_access inline:{{{}}}",
            table(at)
        )
    };
    let mut helos = case(&restrictions("helo", ""), &[OUTSIDE]);
    for (a, b) in &codes {
        let tried = [format!("HELO s{a}-{b}"), "MAIL FROM:<>".into(), RCPT.into()];
        helos.commands.extend(tried);
    }
    compare(&[
        senders(&restrictions("sender", "@sender.test"), &addresses),
        recipients(&restrictions("recipient", "@sender.test"), &addresses),
        helos,
    ]);
}

#[test]
fn names_clients_give_themselves() {
    let invalid = [
        "a_b",
        "a..b",
        "1.2.3.4",
        "[1.2.3.4]",
        "[1.2.3]",
        "a.",
        "a..",
        "-a",
        ".",
        "[IPv6:::1]",
        "[::1]",
        "1",
        "a b",
    ];
    let short = [
        "foo",
        "foo.bar",
        "foo.",
        "[1.2.3.4]",
        "[x]",
        "foo.bar.",
        "1.2.3.4",
    ];
    let kinds: [(&str, &[&str]); 3] = [
        ("reject_invalid_helo_hostname", &invalid),
        ("reject_non_fqdn_helo_hostname", &short),
        (
            "check_helo_access inline:{{bar=REJECT}}",
            &["foo.bar", "bar", "xbar"],
        ),
    ];
    let mut all = Vec::new();
    for (restriction, names) in kinds {
        let mut case = case(
            &format!("smtpd_helo_restrictions = {restriction}"),
            &[OUTSIDE],
        );
        for name in names {
            let tried = [
                format!("EHLO {name}"),
                MAIL.into(),
                RCPT.into(),
                "RSET".into(),
            ];
            case.commands.extend(tried);
        }
        all.push(case);
    }
    let required = [
        "MAIL FROM:<a@b.c>",
        "ETRN foo.com",
        "VRFY x",
        "HELO x",
        "MAIL FROM:<a@b.c>",
    ];
    all.push(case("smtpd_helo_required = yes", &required));
    for restriction in [
        "reject_unknown_client_hostname",
        "reject_unknown_reverse_client_hostname",
    ] {
        let settings = format!("smtpd_client_restrictions = {restriction}");
        for client in [
            "XCLIENT NAME=[UNAVAILABLE] ADDR=10.1.1.1",
            "XCLIENT NAME=[TEMPUNAVAIL] REVERSE_NAME=[TEMPUNAVAIL] ADDR=10.1.1.1",
        ] {
            all.push(case(
                &settings,
                &[client, "HELO x", "MAIL FROM:<>", RCPT, "RSET", "NOOP"],
            ));
        }
    }
    compare(&all);
}

#[test]
fn senders_and_recipients() {
    let from = [
        "a@sender.test",
        "a",
        "a@b",
        "",
        "other@foo.test",
        "u+x@x.test",
        "U@X.TEST",
        "a@sub.sender.test",
        "nobody@example.test",
        "a@[1.2.3.4]",
    ];
    let to = [
        "x",
        "x@example.test",
        "nobody@example.test",
        "y@example.test",
        "r@relay.test",
        "a@c.com",
        "X@EXAMPLE.TEST",
    ];
    let sender_table = "check_sender_access inline:{{sender.test=REJECT a}, {other@=REJECT b}, \
        {<>=REJECT null}, {u@x.test=REJECT c}}";
    let mut all: Vec<Case> = [
        "reject_non_fqdn_sender",
        sender_table,
        "reject_unlisted_sender",
        "warn_if_reject reject_non_fqdn_sender",
    ]
    .map(|restriction| senders(&format!("smtpd_sender_restrictions = {restriction}"), &from))
    .into();
    let class = "smtpd_restriction_classes = class1\n\
        class1 = check_sender_access inline:{{sender.test=REJECT class}}";
    all.extend(RECIPIENT_RESTRICTIONS.iter().map(|restriction| {
        recipients(
            &format!("smtpd_recipient_restrictions = {restriction}\n{class}"),
            &to,
        )
    }));
    compare(&all);
}

const RECIPIENT_RESTRICTIONS: &[&str] = &[
    "reject_non_fqdn_recipient",
    "check_recipient_access inline:{{example.test=REJECT a}, {x@example.test=OK}, \
     {y@=DUNNO}, {r@relay.test=OK}}",
    "permit_auth_destination, reject",
    "permit",
    "reject",
    "defer",
    "defer_if_permit",
    "defer_if_reject, reject_unauth_destination",
    "reject_unlisted_recipient, permit",
    "check_recipient_maps",
    "warn_if_reject reject_unlisted_recipient, permit",
    "reject_unauth_pipelining",
    "foo",
    "sleep x",
    "sleep 0, permit",
    "static:REJECT",
    "inline:{{example.test=REJECT}}",
    "class1",
    "permit_inet_interfaces",
    "permit_sasl_authenticated, reject",
    "reject_plaintext_session",
    "defer_unauth_destination",
    "reject_multi_recipient_bounce",
    "reject_sender_login_mismatch",
    "permit_tls_clientcerts, reject",
    "permit reject",
    "reject permit",
];

#[test]
fn restrictions_of_the_past() {
    let all = [
        "check_relay_domains",
        "permit_naked_ip_address, permit",
        "reject_maps_rbl, permit",
    ]
    .map(|name| recipients(&format!("smtpd_recipient_restrictions = {name}"), &["x"]));
    compare_lines(&all, accepted::REMOVED_RESTRICTIONS, |line| {
        line.contains("warning: ")
    });
}

#[test]
fn restrictions_at_the_end_and_without_delay() {
    let session = [
        OUTSIDE,
        EHLO,
        MAIL,
        RCPT,
        "DATA",
        "hi",
        ".",
        "RSET",
        "MAIL FROM:<>",
        RCPT,
        "RCPT TO:<y@example.test>",
        "DATA",
        "hi",
        ".",
        "NOOP",
    ];
    let restrictions = [
        "reject",
        "defer",
        "permit",
        "defer permit",
        "reject_unauth_pipelining",
        "check_sender_access static:REJECT",
        "static:REJECT",
        "reject_multi_recipient_bounce",
        "defer_if_permit",
        "check_client_access static:HOLD",
        "check_client_access static:{PREPEND X: y}",
        "reject_unlisted_recipient",
        "foo",
    ];
    let mut all = Vec::new();
    for stage in ["data", "end_of_data"] {
        for restriction in restrictions {
            all.push(case(
                &format!("smtpd_{stage}_restrictions = {restriction}"),
                &session,
            ));
        }
    }
    for setting in [
        "client_restrictions = reject",
        "helo_restrictions = reject",
        "sender_restrictions = reject",
        "sender_restrictions = check_sender_access static:HOLD",
        "helo_restrictions = check_helo_access static:HOLD",
        "client_restrictions = check_client_access static:{PREPEND X-Foo: x}",
        "client_restrictions = defer_if_permit",
        "helo_restrictions = defer_if_permit",
        "client_restrictions = permit permit_mynetworks",
    ] {
        let settings = format!("smtpd_delay_reject = no\nsmtpd_{setting}");
        let commands = ["EHLO foo", MAIL, RCPT, "DATA", "hi", ".", "NOOP", "QUIT"];
        all.push(case(&settings, &commands));
    }
    compare(&all);
}

#[test]
fn permissions_are_logged_where_that_is_wanted() {
    let inside = |settings: &str| case(settings, &["HELO x", MAIL, RCPT, "RCPT TO:<a@c.com>"]);
    let all = "smtpd_log_access_permit_actions = static:all\nsmtpd_recipient_restrictions =";
    compare(&[
        inside(&format!("{all} permit_mynetworks")),
        inside(&format!("{all} permit_inet_interfaces, permit")),
        inside(&format!("{all} permit_auth_destination, reject")),
        inside(&format!("{all} defer_if_permit, permit_mynetworks")),
        inside(&format!("{all} check_client_access static:OK")),
        inside(&format!(
            "{all} check_client_access static:permit_mynetworks"
        )),
        inside(
            "smtpd_log_access_permit_actions = permit\n\
             smtpd_client_restrictions = permit_mynetworks\nsmtpd_helo_restrictions = permit",
        ),
    ]);
}
