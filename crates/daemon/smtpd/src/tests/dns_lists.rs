// SPDX-License-Identifier: MIT OR Apache-2.0
//! DNS lists, and tables about the servers that DNS names.

use super::harness::{Played, Server};

const ZONE: &str = "
    9.2.0.192.bl.test A 127.0.0.2
    9.2.0.192.bl.test TXT known since May
    sender.test.bl.test A 127.0.0.4
    9.2.0.192.wl.test A 127.0.9.1
    broken.test SERVFAIL x
    9.2.0.192.broken.test SERVFAIL x
    sender.test MX 10 mx.far.test
    sender.test NS ns.near.test
    mx.far.test A 198.51.100.7
    ns.near.test A 203.0.113.7
";

/// A listed client names one recipient.
fn listed(restrictions: &str, reply: &str) -> Played {
    let settings = format!("smtpd_recipient_restrictions = {restrictions}");
    let script = format!(
        "S: 220 *\nC: HELO x\nS: 250 *\nC: MAIL FROM:<a@sender.test>\nS: 250 *\n\
         C: RCPT TO:<x@example.test>\nS: {reply}"
    );
    let server = Server::new().main(&settings).dns(ZONE).from("192.0.2.9");
    server.play(&script).check()
}

#[test]
fn a_listed_client_is_refused_with_the_reason() {
    listed(
        "reject_rbl_client bl.test",
        "554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using bl.test; known \
         since May",
    );
    listed(
        "reject_rhsbl_sender bl.test=127.0.0.[3..4]",
        "554 5.7.1 Service unavailable; Sender address [a@sender.test] blocked using bl.test",
    );
    listed("reject_rbl_client bl.test=127.0.0.3", "250 2.1.5 Ok");
}

#[test]
fn a_list_that_does_not_answer_refuses_nobody() {
    let played = listed("reject_rbl_client broken.test", "250 2.1.5 Ok");
    played.logged("warning: 9.2.0.192.broken.test: RBL lookup error: ");
    listed(
        "permit_dnswl_client broken.test, reject",
        "450 4.7.1 <192.0.2.9>: Client host rejected: Service unavailable",
    );
}

#[test]
fn a_list_of_friends_permits_what_is_for_us() {
    listed("permit_dnswl_client wl.test, reject", "250 2.1.5 Ok");
    listed(
        "permit_dnswl_client wl.test=127.0.9.2, reject",
        "554 5.7.1 *",
    );
}

#[test]
fn a_list_can_have_a_reply_of_its_own() {
    listed(
        "reject_rbl_client bl.test=127.0.0.2\n\
         rbl_reply_maps = inline:{{bl.test=521 4.7.0 no $$client_name at $$rbl_domain}}",
        "521 5.7.0 no unknown at bl.test",
    );
    let played = listed(
        "reject_rbl_client bl.test\nrbl_reply_maps = inline:{{bl.test=hello}}",
        "450 4.7.1 Service unavailable",
    );
    played.logged("warning: rbl response code configuration error: hello");
}

#[test]
fn a_pattern_that_makes_no_sense_is_fatal() {
    let server = Server::new().main("smtpd_client_restrictions = reject_rbl_client bl.test=127");
    let error = server.prepare().err().expect("an error");
    assert!(error.starts_with("RBL reply error: "), "{error}");
}

#[test]
fn servers_of_a_name_are_looked_up_by_name_and_address() {
    let refused = "554 5.7.1 <a@sender.test>: Sender address rejected: no";
    for (record, entry) in [
        ("mx", "far.test"),
        ("mx", "198.51.100"),
        ("ns", "ns.near.test"),
        ("ns", "203.0.113.7"),
    ] {
        listed(
            &format!("check_sender_{record}_access inline:{{{{{entry}=REJECT no}}}}"),
            refused,
        );
    }
    listed(
        "check_sender_mx_access inline:{{near.test=REJECT no}}, permit",
        "250 2.1.5 Ok",
    );
}

#[test]
fn a_table_about_servers_cannot_permit() {
    let played = listed(
        "check_sender_mx_access static:OK",
        "451 4.3.5 Server configuration error",
    );
    played.logged("warning: restriction check_sender_mx_access returns OK for a@sender.test");
}
