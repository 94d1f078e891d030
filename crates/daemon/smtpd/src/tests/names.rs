// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the name service says about clients and addresses.

use super::harness::{Played, Server};

const ZONE: &str = "
    1.2.0.192.in-addr.arpa PTR good.example
    good.example A 192.0.2.1
    2.2.0.192.in-addr.arpa PTR liar.example
    liar.example A 192.0.2.99
    3.2.0.192.in-addr.arpa PTR nowhere.example
    4.2.0.192.in-addr.arpa SERVFAIL
    mail.test MX 10 mx.mail.test
    null.test MX 0 .
    trouble.test SERVFAIL
    plain.test A 192.0.2.7
";

fn connect(address: &str, main: &str, script: &str) -> Played {
    Server::new()
        .main(main)
        .dns(ZONE)
        .from(address)
        .play(script)
        .check()
}

const RECIPIENT: &str = "S: 220 *\nC: HELO mail.test\nS: 250 *\nC: MAIL FROM:<a@mail.test>\n\
                         S: 250 *\nC: RCPT TO:<x@example.test>\n";

#[test]
fn a_name_is_believed_when_it_has_the_address() {
    let quit = "S: 220 *\nC: QUIT\nS: 221 *";
    connect("192.0.2.1", "", quit).logged("connect from good.example[192.0.2.1]");
    connect("192.0.2.2", "", quit)
        .logged("warning: hostname liar.example does not resolve to address 192.0.2.2")
        .logged("connect from unknown[192.0.2.2]");
    connect("192.0.2.3", "", quit)
        .logged(
            "warning: hostname nowhere.example does not resolve to address 192.0.2.3: Name or \
             service not known",
        )
        .logged("connect from unknown[192.0.2.3]");
    connect("192.0.2.1", "smtpd_peername_lookup = no", quit)
        .logged("connect from unknown[192.0.2.1]");
}

#[test]
fn clients_without_a_name_are_refused_on_request() {
    let unknown = "smtpd_client_restrictions = reject_unknown_client_hostname\n\
                   unknown_client_reject_code = 554";
    let refused = |code: &str, address: &str| {
        format!("{RECIPIENT}S: {code} Client host rejected: cannot find your hostname, [{address}]")
    };
    connect("192.0.2.1", unknown, &format!("{RECIPIENT}S: 250 *"));
    connect("192.0.2.2", unknown, &refused("554 5.7.25", "192.0.2.2"));
    connect("192.0.2.4", unknown, &refused("450 4.7.25", "192.0.2.4"));
    let reverse = "smtpd_client_restrictions = reject_unknown_reverse_client_hostname";
    connect("192.0.2.2", reverse, &format!("{RECIPIENT}S: 250 *"));
    connect(
        "192.0.2.9",
        reverse,
        &format!(
            "{RECIPIENT}S: 450 4.7.1 Client host rejected: cannot find your reverse hostname, \
             [192.0.2.9]"
        ),
    );
}

#[test]
fn senders_need_a_domain_that_exists() {
    let main = "smtpd_sender_restrictions = reject_unknown_sender_domain\n\
                unknown_address_reject_code = 550";
    let sender = |domain: &str, reply: &str| {
        connect(
            "192.0.2.1",
            main,
            &format!(
                "S: 220 *\nC: HELO x\nS: 250 *\nC: MAIL FROM:<a@{domain}>\nS: 250 *\n\
                 C: RCPT TO:<x@example.test>\nS: {reply}"
            ),
        );
    };
    sender("mail.test", "250 *");
    sender("plain.test", "250 *");
    sender("example.test", "250 *");
    sender("[192.0.2.1]", "250 *");
    sender(
        "none.test",
        "550 5.1.8 <a@none.test>: Sender address rejected: Domain not found",
    );
    sender(
        "trouble.test",
        "450 4.1.8 <a@trouble.test>: Sender address rejected: Domain not found",
    );
    sender(
        "null.test",
        "550 5.7.27 <a@null.test>: Sender address rejected: Domain null.test does not accept mail \
         (nullMX)",
    );
}

#[test]
fn helo_names_can_be_looked_up() {
    let main = "smtpd_helo_restrictions = reject_unknown_helo_hostname";
    let helo = |name: &str, reply: &str| {
        connect(
            "192.0.2.1",
            main,
            &format!(
                "S: 220 *\nC: HELO {name}\nS: 250 *\nC: MAIL FROM:<>\nS: 250 *\n\
                 C: RCPT TO:<x@example.test>\nS: {reply}"
            ),
        );
    };
    helo("mail.test", "250 *");
    helo(
        "none.test",
        "450 4.7.1 <none.test>: Helo command rejected: Host not found",
    );
    helo(
        "trouble.test",
        "450 4.7.1 <trouble.test>: Helo command rejected: Host not found",
    );
}
