// SPDX-License-Identifier: MIT OR Apache-2.0
//! The structure of messages: checks of headers in parts, and what strict sites refuse.

use crate::compare::same;
use kit::Instance;

const MAIN: &str = "smtpd_peername_lookup = no\nsmtpd_error_sleep_time = 0\n\
    header_checks = regexp:$config_directory/own\n\
    mime_header_checks = regexp:$config_directory/part\n\
    nested_header_checks = regexp:$config_directory/nested\n";

const STRUCTURED: &[&str] = &[
    "Subject: own",
    "Content-Type: multipart/mixed; boundary=\"b 1\"; x=own-part",
    "",
    "X-Part: part of the prologue is body",
    "--b 1",
    "X-Part: part",
    "X-Own: own",
    "Content-Type: message/rfc822",
    "",
    "Subject: nested own",
    "Content-Type: text/plain; x=nested-part",
    "",
    "nested part own",
    "--b 1--",
    "X-Part: part",
];

fn send(instance: &Instance, lines: &[&str]) -> Vec<String> {
    for name in ["own", "part", "nested"] {
        let table = instance.path("etc").join(name);
        std::fs::write(table, format!("/(: |=){name}/ WARN {name}\n")).expect("table");
    }
    let mut commands = vec![
        "EHLO client.example",
        "MAIL FROM:<x@client.example> BODY=8BITMIME",
        "RCPT TO:<alice@mail.example.test>",
        "DATA",
    ];
    commands.extend(lines);
    commands.extend([".", "QUIT"]);
    let mut seen = instance.smtp().session(&commands);
    seen.retain(|reply| reply.starts_with(". -> "));
    let log = instance.settled_log();
    let checks = log.lines().filter_map(|line| {
        line.split_once(": warning: header ")
            .or(line.split_once(": reject: "))
    });
    seen.extend(checks.map(|(_, what)| what.to_owned()));
    assert!(seen.len() > 1, "nothing was checked: {log}");
    seen
}

#[test]
fn headers_of_parts_and_of_nested_messages_have_their_own_checks() {
    same(
        |setup| setup.main(MAIN),
        &[],
        |instance| send(instance, STRUCTURED),
    );
    same(
        |setup| setup.main(&format!("{MAIN}disable_mime_input_processing = yes\n")),
        &[],
        |instance| send(instance, STRUCTURED),
    );
}

#[test]
fn strict_sites_refuse_what_the_structure_does_not_allow() {
    let eight = ["Subject: \u{e9}", "", "text"];
    let body = ["Subject: s", "", "\u{e9}"];
    let encoded = [
        "Content-Type: message/rfc822",
        "Content-Transfer-Encoding: base64",
        "",
        "x",
    ];
    for (strict, message) in [
        ("strict_7bit_headers", &eight[..]),
        ("strict_8bitmime_body", &body),
        ("strict_8bitmime", &eight),
        ("strict_mime_encoding_domain", &encoded),
    ] {
        same(
            |setup| setup.main(&format!("{MAIN}{strict} = yes\n")),
            &[],
            |instance| send(instance, message),
        );
    }
}
