// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the client makes of a server's abilities, and of what main.cf wants beyond the usual.

use ipc::flags::SendOptions;
use ipc::record::RecordType;

use super::dialogue::{NEXTHOP, OFFER, SERVER};
use super::{Bench, mail_to, with_content};

#[test]
fn a_message_beyond_the_size_limit_is_not_even_tried() {
    let mut bench = Bench::new("");
    bench.call(
        SERVER,
        "S: 220 x
         C: EHLO me.test
         S: 250-x
         S: 250 SIZE 10
         C: QUIT",
    );
    let outcome = bench.deliver(&mail_to(NEXTHOP, &["a@example.org"]));
    assert_eq!(
        outcome.reasons(),
        ["5.3.4 message size 31 exceeds size limit 10 of server 192.0.2.1[192.0.2.1]"]
    );
    assert_eq!(outcome.marks, "D");
}

#[test]
fn utf8_mail_needs_a_server_that_takes_it() {
    let mut bench = Bench::new("");
    bench.call(
        "192.0.2.1:25",
        "S: 220 x\nC: EHLO me.test\nS: 250 x\nC: QUIT",
    );
    bench.call(
        "192.0.2.2:25",
        "S: 220 x\nC: EHLO me.test\nS: 250 x\nC: QUIT",
    );
    let mut message = mail_to("two.test", &["a@example.org"]);
    message.request.sendopts = SendOptions::SMTPUTF8_REQUESTED | SendOptions::SMTPUTF8_SENDER;
    let outcome = bench.deliver(&message);
    assert_eq!(
        outcome.reasons(),
        ["5.6.7 SMTPUTF8 is required, but was not offered by host b.two.test[192.0.2.2]"]
    );
    assert!(
        outcome.log()[..60].contains("SMTPUTF8 is required, but was not"),
        "{}",
        outcome.log()
    );
}

#[test]
fn long_lines_are_folded_and_eight_bits_are_encoded() {
    let mut bench = Bench::new("smtp_line_length_limit = 20\n");
    bench.call(
        SERVER,
        "S: 220 x
         C: EHLO me.test
         S: 250-x
         S: 250 SIZE
         C: MAIL FROM:<sender@example.org>
         S: 250 ok
         C: RCPT TO:<a@example.org>
         S: 250 ok
         C: DATA
         S: 354 go
         C: Content-Transfer-Enc
         C:  oding: quoted-print
         C:  able
         C:
         C: =C3=A5
         C: .
         C: QUIT
         S: 250 ok",
    );
    let content = ["Content-Transfer-Encoding: 8bit", "", "å"];
    let mut message = with_content(NEXTHOP, &["a@example.org"], &content);
    message.request.encoding = b"8bit".to_vec();
    let outcome = bench.deliver(&message);
    assert_eq!(outcome.marks, "D");
    let log = outcome.log();
    assert!(
        log.contains("3C91B2: breaking line > 20 bytes with <CR><LF>SPACE"),
        "{log}"
    );
}

#[test]
fn a_damaged_message_is_never_completed() {
    let mut bench = Bench::new("");
    bench.call(
        SERVER,
        &format!(
            "{OFFER}
             C: MAIL FROM:<sender@example.org>
             C: RCPT TO:<a@example.org>
             C: DATA
             S: 250 ok
             S: 250 ok
             S: 354 go ahead"
        ),
    );
    let content: [(RecordType, &[u8]); 2] = [
        (RecordType::RegularText, b"Subject: x"),
        (RecordType::Sender, b"y"),
    ];
    let mut message = delivery::fixture::message(&content, &["a@example.org"]);
    message.request.nexthop = NEXTHOP.as_bytes().to_vec();
    let outcome = bench.deliver(&message);
    assert_eq!(outcome.marks, "R");
    assert_eq!(outcome.reasons(), ["4.3.0 unreadable mail queue entry"]);
}

#[test]
fn generic_addresses_are_used_in_envelope_and_headers() {
    let mut bench =
        Bench::new("smtp_generic_maps = inline:{ {sender@example.org = out@public.test} }\n");
    bench.call(
        SERVER,
        "S: 220 x
         C: EHLO me.test
         S: 250 x
         C: MAIL FROM:<out@public.test>
         S: 250 ok
         C: RCPT TO:<a@example.org>
         S: 250 ok
         C: DATA
         S: 354 go
         C: From: out@public.test
         C:
         C: From: sender@example.org
         C: .
         C: QUIT
         S: 250 ok",
    );
    let content = ["From: sender@example.org", "", "From: sender@example.org"];
    let outcome = bench.deliver(&with_content(NEXTHOP, &["a@example.org"], &content));
    assert_eq!(outcome.marks, "D");
}

#[test]
fn discarded_keywords_are_not_used() {
    let mut bench = Bench::new("smtp_discard_ehlo_keywords = pipelining, size\n");
    bench.call(
        SERVER,
        "S: 220 x
         C: EHLO me.test
         S: 250-x
         S: 250-SIZE 10
         S: 250 PIPELINING
         C: MAIL FROM:<sender@example.org>
         S: 550 no
         C: RSET
         S: 250 ok
         C: QUIT",
    );
    let log = bench.deliver(&mail_to(NEXTHOP, &["a@example.org"])).log();
    assert!(
        log.contains("discarding EHLO keywords: PIPELINING SIZE"),
        "{log}"
    );
}

#[test]
fn an_old_firewall_is_recognised() {
    let mut bench = Bench::new("");
    bench.call(
        SERVER,
        "S: 220 **2*0***
         C: HELO me.test
         S: 250 x
         C: MAIL FROM:<sender@example.org>
         S: 550 no
         C: RSET
         S: 250 ok
         C: QUIT",
    );
    let log = bench.deliver(&mail_to(NEXTHOP, &["a@example.org"])).log();
    assert!(
        log.contains("3C91B2: enabling PIX workarounds: disable_esmtp"),
        "{log}"
    );
}

#[test]
fn the_client_of_the_message_is_forwarded_to_who_wants_to_know() {
    let mut bench = Bench::new("smtp_send_xforward_command = yes\n");
    bench.call(
        SERVER,
        "S: 220 x
         C: EHLO me.test
         S: 250-x
         S: 250 XFORWARD NAME ADDR HELO
         C: XFORWARD NAME=client.test ADDR=192.0.2.9
         S: 250 ok
         C: XFORWARD HELO=h
         S: 550 no
         C: MAIL FROM:<sender@example.org>
         S: 250 ok
         C: RCPT TO:<a@example.org>
         S: 550 no
         C: RSET
         S: 250 ok
         C: QUIT",
    );
    let mut message = mail_to(NEXTHOP, &["a@example.org"]);
    message.request.client.name = b"client.test".to_vec();
    message.request.client.address = b"192.0.2.9".to_vec();
    message.request.client.helo = b"h".to_vec();
    let log = bench.deliver(&message).log();
    assert!(log.contains("warning: host 192.0.2.1[192.0.2.1] said: 550 no (in reply to XFORWARD helo/protocol command)"), "{log}");
}

#[test]
fn replies_may_be_replaced_by_a_table() {
    let mut bench = Bench::new("smtp_reply_filter = inline:{ {550 = 450 not yet} }\n");
    bench.call(
        SERVER,
        "S: 220 x
         C: EHLO me.test
         S: 250 x
         C: MAIL FROM:<sender@example.org>
         S: 250 ok
         C: RCPT TO:<a@example.org>
         S: 550
         C: RSET
         S: 250 ok
         C: QUIT",
    );
    let outcome = bench.deliver(&mail_to(NEXTHOP, &["a@example.org"]));
    let log = outcome.log();
    assert_eq!(outcome.marks, "R", "{log}");
    assert!(
        log.contains(": replacing server reply \"550\" with \"450 not yet\""),
        "{log}"
    );
}

#[test]
fn replies_that_no_table_can_judge_defer_the_mail() {
    let mut bench = Bench::new("smtp_reply_filter = fail:broken\n");
    bench.call(SERVER, "S: 220 x");
    let outcome = bench.deliver(&mail_to(NEXTHOP, &["a@example.org"]));
    let reasons = outcome.reasons();
    assert_eq!(
        reasons,
        ["4.3.0 local data error while talking to 192.0.2.1[192.0.2.1]"],
        "{}",
        outcome.log()
    );
}
