// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which servers are tried, and when the search ends.

use super::{Bench, mail_to};

const REFUSE: &str = "S: 554 5.7.1 go away\nC: QUIT";

/// A server that takes the message.
fn accept(name: &str) -> String {
    format!(
        "S: 220 {name}
         C: EHLO me.test
         S: 250 {name}
         C: MAIL FROM:<sender@example.org>
         S: 250 ok
         C: RCPT TO:<a@example.org>
         S: 250 ok
         C: DATA
         S: 354 go
         C: Subject: hello
         C:
         C: Hi.
         C: ..
         C: bye
         C: .
         C: QUIT
         S: 250 2.0.0 taken by {name}"
    )
}

/// A server that answers RCPT like this.
fn recipient_reply(reply: &str) -> String {
    format!(
        "S: 220 x
         C: EHLO me.test
         S: 250 x
         C: MAIL FROM:<sender@example.org>
         S: 250 ok
         C: RCPT TO:<a@example.org>
         S: {reply}
         C: RSET
         S: 250 ok
         C: QUIT"
    )
}

#[test]
fn the_next_server_is_tried_when_one_cannot_be_reached_or_does_not_talk() {
    let mut bench = Bench::new("");
    bench
        .call_fails("192.0.2.1:25", 111)
        .call("192.0.2.2:25", &accept("b"));
    let outcome = bench.deliver(&mail_to("two.test", &["a@example.org"]));
    assert_eq!(
        outcome.log(),
        "connect to a.two.test[192.0.2.1]:25: Connection refused\n\
         3C91B2: to=<a@example.org>, relay=b.two.test[192.0.2.2]:25, dsn=2.0.0, status=sent \
         (250 2.0.0 taken by b)\n"
    );
    let mut bench = Bench::new("");
    bench
        .call("192.0.2.1:25", REFUSE)
        .call("192.0.2.2:25", &accept("b"));
    let outcome = bench.deliver(&mail_to("two.test", &["a@example.org"]));
    assert_eq!(outcome.marks, "D");
    assert!(outcome.log().starts_with(
        "3C91B2: host a.two.test[192.0.2.1] refused to talk to me: 554 5.7.1 go away\n"
    ));
}

#[test]
fn a_5xx_greeting_defers_at_the_last_server_and_bounces_only_if_wanted() {
    let mut bench = Bench::new("");
    bench
        .call("192.0.2.1:25", REFUSE)
        .call("192.0.2.2:25", REFUSE);
    let outcome = bench.deliver(&mail_to("two.test", &["a@example.org"]));
    assert!(outcome.unreachable && !outcome.done);
    assert_eq!(
        outcome.reasons(),
        ["4.7.1 host b.two.test[192.0.2.2] refused to talk to me: 554 5.7.1 go away"]
    );
    let mut bench = Bench::new("smtp_skip_5xx_greeting = no\n");
    bench.call("192.0.2.1:25", REFUSE);
    let outcome = bench.deliver(&mail_to("two.test", &["a@example.org"]));
    assert_eq!(outcome.marks, "D");
}

#[test]
fn nobody_reachable_is_a_reason_to_pause_the_destination() {
    let mut bench = Bench::new("");
    bench
        .call_fails("192.0.2.1:25", 110)
        .call_fails("192.0.2.2:25", 113);
    let outcome = bench.deliver(&mail_to("two.test", &["a@example.org"]));
    assert!(outcome.unreachable);
    assert_eq!(
        outcome.reasons(),
        ["4.4.1 connect to b.two.test[192.0.2.2]:25: No route to host"]
    );
    let log = outcome.log();
    assert!(
        log.starts_with("connect to a.two.test[192.0.2.1]:25: Connection timed out\n"),
        "{log}"
    );
    assert!(
        log.contains("relay=none, dsn=4.4.1, status=deferred"),
        "{log}"
    );
}

#[test]
fn a_temporary_refusal_is_tried_elsewhere_and_a_permanent_one_is_not() {
    let mut bench = Bench::new("");
    bench.call("192.0.2.1:25", &recipient_reply("450 4.2.0 later"));
    bench.call("192.0.2.2:25", &accept("b"));
    let outcome = bench.deliver(&mail_to("two.test", &["a@example.org"]));
    assert_eq!(outcome.marks, "D");
    let mut bench = Bench::new("");
    bench.call("192.0.2.1:25", &recipient_reply("550 5.1.1 no"));
    let outcome = bench.deliver(&mail_to("two.test", &["a@example.org"]));
    assert_eq!(outcome.marks, "D");
    assert_eq!(outcome.recorded.len(), 1);
}

#[test]
fn with_soft_bounce_even_permanent_refusals_are_tried_elsewhere() {
    let mut bench = Bench::new("soft_bounce = yes\n");
    bench.call("192.0.2.1:25", &recipient_reply("550 5.1.1 no"));
    bench.call("192.0.2.2:25", &recipient_reply("550 5.1.1 no"));
    let outcome = bench.deliver(&mail_to("two.test", &["a@example.org"]));
    assert_eq!(outcome.marks, "R");
    assert!(
        outcome.log().contains("status=SOFTBOUNCE"),
        "{}",
        outcome.log()
    );
}

#[test]
fn limits_on_addresses_and_sessions_are_kept() {
    let mut bench = Bench::new("smtp_mx_address_limit = 1\n");
    bench.call_fails("192.0.2.1:25", 111);
    assert_eq!(
        bench
            .deliver(&mail_to("two.test", &["a@example.org"]))
            .marks,
        "R"
    );
    let mut bench = Bench::new("smtp_mx_session_limit = 1\n");
    bench.call("192.0.2.1:25", &recipient_reply("450 4.2.0 later"));
    let outcome = bench.deliver(&mail_to("two.test", &["a@example.org"]));
    assert!(
        outcome.log().contains("status=deferred (host a.two.test"),
        "{}",
        outcome.log()
    );
}

#[test]
fn destinations_of_a_list_and_fallback_relays_follow_each_other() {
    let mut bench = Bench::new("smtp_fallback_relay = [192.0.2.9]:26\n");
    bench.call_fails("192.0.2.7:25", 111);
    bench.call_fails("192.0.2.3:587", 111);
    bench.call("192.0.2.9:26", &accept("fallback"));
    let nexthop = "[192.0.2.7], plain.test:submission";
    let outcome = bench.deliver(&mail_to(nexthop, &["a@example.org"]));
    assert_eq!(outcome.marks, "D");
}

#[test]
fn a_fallback_relay_that_does_not_exist_is_a_mistake_of_ours() {
    let mut bench = Bench::new("smtp_fallback_relay = [nowhere.test]\n");
    bench.call_fails("192.0.2.7:25", 111);
    let outcome = bench.deliver(&mail_to("[192.0.2.7]", &["a@example.org"]));
    assert!(
        outcome.reasons()[0].starts_with("4.3.5 Host or domain name not found"),
        "{}",
        outcome.log()
    );
    assert!(
        outcome
            .log()
            .contains("smtp_fallback_relay configuration problem")
    );
}

#[test]
fn names_that_do_not_resolve_have_their_status() {
    let reason = |nexthop: &str, main_cf: &str| {
        let outcome = Bench::new(main_cf).deliver(&mail_to(nexthop, &["a@example.org"]));
        (outcome.marks.clone(), outcome.reasons().remove(0))
    };
    let not_found = "Host or domain name not found. Name service error for";
    let (marks, text) = reason("nowhere.test", "");
    assert_eq!(marks, "D");
    assert_eq!(
        text,
        format!("5.4.4 {not_found} name=nowhere.test type=AAAA: Host not found")
    );
    let (marks, text) = reason("later.test", "");
    assert_eq!(marks, "R");
    assert_eq!(
        text,
        format!("4.4.3 {not_found} name=later.test type=MX: Host not found, try again")
    );
    let (marks, text) = reason("null.test", "");
    assert_eq!(marks, "D");
    assert_eq!(text, "5.1.0 Domain null.test does not accept mail (nullMX)");
    let (marks, text) = reason("noaddress.test", "");
    assert_eq!(marks, "D");
    assert!(text.contains("name=missing.test"), "{text}");
    let (marks, text) = reason(
        "noaddress.test",
        "smtp_defer_if_no_mx_address_found = yes\n",
    );
    assert_eq!(marks, "R");
    assert!(text.starts_with("4.4.4"), "{text}");
    let (marks, text) = reason("nowhere.test", "relayhost = nowhere.test\n");
    assert_eq!(marks, "R");
    assert!(text.starts_with("4.3.5"), "{text}");
}

#[test]
fn hosts_may_be_found_by_the_systems_own_means() {
    let mut bench = Bench::new("smtp_host_lookup = native\n");
    bench.call("192.0.2.50:25", &accept("hosts"));
    let outcome = bench.deliver(&mail_to("[hosts.test]", &["a@example.org"]));
    assert_eq!(outcome.marks, "D");
    let mut bench = Bench::new("smtp_dns_support_level = disabled\n");
    let outcome = bench.deliver(&mail_to("nowhere.test", &["a@example.org"]));
    assert_eq!(
        outcome.reasons(),
        ["5.4.4 unable to look up host nowhere.test: Name or service not known"]
    );
}

#[test]
fn mail_that_would_come_back_bounces_and_backups_ask_only_their_betters() {
    let outcome = Bench::new("").deliver(&mail_to("mine.test", &["a@example.org"]));
    assert_eq!(
        outcome.reasons(),
        ["5.4.6 mail for mine.test loops back to myself"]
    );
    assert_eq!(outcome.marks, "D");
    let mut bench = Bench::new("smtp_fallback_relay = [192.0.2.9]\n");
    bench.call_fails("192.0.2.4:25", 111);
    let outcome = bench.deliver(&mail_to("me2.test", &["a@example.org"]));
    assert_eq!(outcome.marks, "R");
    // Another port is not where the world finds us.
    let mut bench = Bench::new("");
    bench.call("192.0.2.100:26", REFUSE);
    let _ = bench.deliver(&mail_to("[192.0.2.100]:26", &["a@example.org"]));
}

#[test]
fn a_server_with_our_name_is_a_loop() {
    let mut bench = Bench::new("");
    bench.call(
        "192.0.2.3:25",
        "S: 220 me.test ESMTP\nC: EHLO me.test\nS: 250 ME.test hello\nC: QUIT",
    );
    let outcome = bench.deliver(&mail_to("plain.test", &["a@example.org"]));
    assert_eq!(
        outcome.reasons(),
        ["5.4.6 mail for plain.test loops back to myself"]
    );
    let log = outcome.log();
    assert!(
        log.contains(
            "warning: host plain.test[192.0.2.3]:25 greeted me with my own hostname me.test"
        ),
        "{log}"
    );
    assert!(log.contains("warning: host plain.test[192.0.2.3]:25 replied to HELO/EHLO with my own hostname me.test"), "{log}");
}

#[test]
fn the_preferred_family_is_tried_first() {
    let mut bench = Bench::new("smtp_address_preference = ipv6\n");
    bench
        .call_fails("[2001:db8::6]:25", 101)
        .call("192.0.2.6:25", &accept("v4"));
    let outcome = bench.deliver(&mail_to("six.test", &["a@example.org"]));
    assert!(
        outcome
            .log()
            .starts_with("connect to v6.six.test[2001:db8::6]:25: Network is unreachable\n")
    );
    assert_eq!(outcome.marks, "D");
}

#[test]
fn mail_that_must_be_encrypted_or_needs_a_login_waits() {
    let outcome = Bench::new("smtp_tls_security_level = encrypt\n")
        .deliver(&mail_to("plain.test", &["a@example.org"]));
    assert_eq!(outcome.marks, "R");
    assert_eq!(
        outcome.reasons(),
        ["4.7.5 TLS is required, but our TLS engine is unavailable"]
    );
    let main_cf = "smtp_sasl_auth_enable = yes\n\
                   smtp_sasl_password_maps = inline:{ {[192.0.2.3]=me:secret} }\n";
    let mut bench = Bench::new(main_cf);
    assert!(bench.log.borrow()[0].starts_with("warning: smtp_sasl_auth_enable = yes"));
    let outcome = bench.deliver(&mail_to("[192.0.2.3]", &["a@example.org"]));
    assert_eq!(outcome.marks, "R");
    assert!(outcome.reasons()[0].starts_with("4.7.0 SASL authentication is required"));
    let mut bench = Bench::new("smtp_tls_security_level = may\n");
    bench.call("192.0.2.3:25", &accept("x"));
    assert_eq!(
        bench
            .deliver(&mail_to("plain.test", &["a@example.org"]))
            .marks,
        "D"
    );
}

#[test]
fn a_malformed_next_hop_waits_for_the_administrator() {
    for nexthop in ["[192.0.2.1", "x:nosuchport", "", " , "] {
        let outcome = Bench::new("").deliver(&mail_to(nexthop, &["a@example.org"]));
        assert_eq!(outcome.marks, "R", "{nexthop}");
        assert!(
            outcome.reasons()[0].starts_with("4.3.5"),
            "{:?}",
            outcome.reasons()
        );
    }
}
