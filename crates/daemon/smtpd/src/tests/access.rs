// SPDX-License-Identifier: MIT OR Apache-2.0
//! Access restrictions.

use super::harness::{Played, Server};

/// Plays RCPT commands of a stranger.
fn stranger(server: Server, recipients: &[(&str, &str)]) -> Played {
    let mut script = "S: 220 *\nC: XCLIENT NAME=client.example ADDR=192.0.2.1\nS: 220 *\n\
                      C: HELO x\nS: 250 *\nC: MAIL FROM:<a@b.com>\nS: 250 *\n"
        .to_owned();
    for (recipient, reply) in recipients {
        script.push_str(&format!("C: RCPT TO:<{recipient}>\nS: {reply}\n"));
    }
    server.play(&script).check()
}

#[test]
fn strangers_cannot_relay() {
    let played = stranger(
        Server::new(),
        &[
            ("a@c.com", "454 4.7.1 <a@c.com>: Relay access denied"),
            ("a@relay.test", "250 2.1.5 Ok"),
            (
                "a%c.com@example.test",
                "454 4.7.1 <a%c.com@example.test>: Relay access denied",
            ),
            (
                "a@fail.test",
                "451 4.3.0 <a@fail.test>: Temporary lookup failure",
            ),
            ("x@example.test", "250 2.1.5 Ok"),
            ("postmaster", "250 2.1.5 Ok"),
        ],
    );
    played.logged(
        "NOQUEUE: reject: RCPT from client.example[192.0.2.1]: 454 4.7.1 <a@c.com>: Relay access \
         denied; from=<a@b.com> to=<a@c.com> proto=SMTP helo=<x>",
    );
}

#[test]
fn our_own_clients_can_relay() {
    Server::new()
        .play("S: 220 *\nC: HELO x\nS: 250 *\nC: MAIL FROM:<>\nS: 250 *\nC: RCPT TO:<a@c.com>\nS: 250 *")
        .check();
}

#[test]
fn an_unsafe_configuration_does_not_start() {
    let unsafe_lists =
        "smtpd_relay_restrictions =\nsmtpd_recipient_restrictions = permit_mynetworks";
    let error = Server::new()
        .main(unsafe_lists)
        .prepare()
        .err()
        .expect("an error");
    assert!(error.starts_with("in parameter smtpd_relay_restrictions or smtpd_recipient_restri"));
    assert!(
        Server::new()
            .main("smtpd_relay_restrictions = permit")
            .prepare()
            .is_err()
    );
    let old = "smtpd_relay_restrictions =\n\
               smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination";
    assert!(Server::new().main(old).prepare().is_ok());
}

#[test]
fn unknown_recipients_are_refused_by_class() {
    let server = Server::new().main(
        "virtual_mailbox_maps = inline:{{v@virtual.test=v}}\n\
         relay_recipient_maps = inline:{{@relay.test=x}}\n\
         virtual_alias_maps = inline:{{a@alias.test=x}}\n\
         recipient_delimiter = +",
    );
    stranger(
        server,
        &[
            (
                "nobody@example.test",
                "550 5.1.1 <nobody@example.test>: Recipient address rejected: User unknown in \
                 local recipient table",
            ),
            ("x+ext@example.test", "250 2.1.5 Ok"),
            ("MAILER-DAEMON@example.test", "250 2.1.5 Ok"),
            (
                "w@virtual.test",
                "550 5.1.1 <w@virtual.test>: Recipient address rejected: User unknown in virtual \
                 mailbox table",
            ),
            ("v+x@virtual.test", "250 2.1.5 Ok"),
            ("any@relay.test", "250 2.1.5 Ok"),
            ("a@alias.test", "250 2.1.5 Ok"),
            (
                "b@alias.test",
                "550 5.1.1 <b@alias.test>: Recipient address rejected: User unknown in virtual \
                 alias table",
            ),
        ],
    );
}

#[test]
fn access_tables_decide() {
    let server = Server::new().main(
        "smtpd_recipient_restrictions = check_recipient_access inline:{
            {deny@example.test=REJECT}, {later@example.test=DEFER come back},
            {code@example.test=521 5.7.9 no way}, {x@=DUNNO}, {empty@example.test=},
            {nest@example.test=permit_mynetworks, reject}, {table@example.test=hash:/x},
            {wrong@example.test=nonsense} }, reject_unauth_destination\n\
         local_recipient_maps =",
    );
    let rejected = |who: &str, text: &str| format!("{who} {text}");
    let _ = rejected;
    stranger(
        server,
        &[
            (
                "deny@example.test",
                "554 5.7.1 <deny@example.test>: Recipient address rejected: Access denied",
            ),
            (
                "later@example.test",
                "450 4.7.1 <later@example.test>: Recipient address rejected: come back",
            ),
            ("x@example.test", "250 2.1.5 Ok"),
            (
                "nest@example.test",
                "554 5.7.1 <nest@example.test>: Recipient address rejected: Access denied",
            ),
            ("table@example.test", "451 4.3.5 Server configuration error"),
            ("wrong@example.test", "451 4.3.5 Server configuration error"),
            (
                "code@example.test",
                "521 5.7.9 <code@example.test>: Recipient address rejected: no way",
            ),
        ],
    )
    .logged("warning: unknown smtpd restriction: \"nonsense\"")
    .logged("warning: access table inline:{");
}

#[test]
fn clients_are_found_by_name_and_address() {
    for (table, reply) in [
        (
            "client.example=REJECT",
            "554 5.7.1 <client.example[192.0.2.1]>: Client host rejected: Access denied",
        ),
        (
            "example=REJECT by domain",
            "554 5.7.1 <client.example[192.0.2.1]>: Client host rejected: by domain",
        ),
        (
            "192.0.2=REJECT by network",
            "554 5.7.1 <client.example[192.0.2.1]>: Client host rejected: by network",
        ),
        ("192.0.2.1=OK", "250 2.1.5 Ok"),
    ] {
        let server = Server::new().main(&format!(
            "smtpd_client_restrictions = inline:{{{{{table}}}}}"
        ));
        stranger(server, &[("x@example.test", reply)]);
    }
}

#[test]
fn helo_names_are_checked() {
    let script = |helo: &str, reply: &str| {
        format!(
            "S: 220 *\nC: HELO {helo}\nS: 250 *\nC: MAIL FROM:<>\nS: 250 *\nC: RCPT TO:<x>\nS: {reply}\n"
        )
    };
    let cases = [
        ("reject_invalid_helo_hostname", "a_b", "250 *"),
        (
            "reject_invalid_hostname",
            "a..b",
            "501 5.5.2 <a..b>: Helo command rejected: Invalid name",
        ),
        ("reject_invalid_helo_hostname", "1.2.3.4", "250 *"),
        ("reject_invalid_helo_hostname", "[1.2.3.4]", "250 *"),
        (
            "reject_non_fqdn_helo_hostname",
            "[1.2.3]",
            "501 5.5.2 <[1.2.3]>: Helo command rejected: invalid ip address",
        ),
        (
            "reject_non_fqdn_hostname",
            "foo",
            "504 5.5.2 <foo>: Helo command rejected: need fully-qualified hostname",
        ),
        ("reject_non_fqdn_helo_hostname", "foo.example.", "250 *"),
        (
            "check_helo_access inline:{{example=REJECT liar}}",
            "a.example",
            "554 5.7.1 <a.example>: Helo command rejected: liar",
        ),
    ];
    for (restriction, helo, reply) in cases {
        Server::new()
            .main(&format!("smtpd_helo_restrictions = {restriction}"))
            .play(&script(helo, reply))
            .check();
    }
}

#[test]
fn addresses_need_a_domain() {
    Server::new()
        .main(
            "smtpd_sender_restrictions = reject_non_fqdn_sender\n\
               smtpd_recipient_restrictions = reject_non_fqdn_recipient",
        )
        .play(
            "S: 220 *
             C: HELO x
             S: 250 *
             C: MAIL FROM:<a>
             S: 250 *
             C: RCPT TO:<x@example.test>
             S: 504 5.5.2 <a>: Sender address rejected: need fully-qualified address
             C: RSET
             S: 250 *
             C: MAIL FROM:<>
             S: 250 *
             C: RCPT TO:<x>
             S: 504 5.5.2 <x>: Recipient address rejected: need fully-qualified address
             C: RCPT TO:<postmaster>
             S: 250 *",
        )
        .check();
}

#[test]
fn deferrals_wait_for_what_follows() {
    let first = |lists: &str, reply: &str| {
        stranger(Server::new().main(lists), &[("x@example.test", reply)]);
    };
    first(
        "smtpd_client_restrictions = defer_if_permit\nsmtpd_recipient_restrictions = permit",
        "450 4.7.0 <client.example[192.0.2.1]>: Client host rejected: defer_if_permit requested",
    );
    first(
        "smtpd_client_restrictions = defer_if_reject, reject",
        "450 4.7.0 <client.example[192.0.2.1]>: Client host rejected: defer_if_reject requested",
    );
    first(
        "smtpd_client_restrictions = check_client_access inline:{{192.0.2.1=DEFER_IF_PERMIT busy}}",
        "450 4.7.1 <client.example[192.0.2.1]>: Client host rejected: busy",
    );
}

#[test]
fn warnings_refuse_nothing() {
    let server = Server::new().main("smtpd_client_restrictions = warn_if_reject reject");
    stranger(server, &[("x@example.test", "250 2.1.5 Ok")]).logged(
        "NOQUEUE: reject_warning: RCPT from client.example[192.0.2.1]: 554 5.7.1 \
         <client.example[192.0.2.1]>: Client host rejected: Access denied; from=<a@b.com>",
    );
}

#[test]
fn classes_are_lists_with_a_name() {
    let server = Server::new().main(
        "smtpd_restriction_classes = strict\nstrict = check_sender_access inline:{{b.com=REJECT no}}\n\
         smtpd_recipient_restrictions = check_recipient_access inline:{{x@example.test=strict}}",
    );
    stranger(
        server,
        &[
            (
                "x@example.test",
                "554 5.7.1 <a@b.com>: Sender address rejected: no",
            ),
            ("y@example.test", "250 2.1.5 Ok"),
        ],
    );
}

#[test]
fn endless_classes_end() {
    let server = Server::new()
        .main("smtpd_restriction_classes = a, b\na = b\nb = a\nsmtpd_client_restrictions = a");
    stranger(
        server,
        &[("x@example.test", "451 4.3.5 Server configuration error")],
    );
}

#[test]
fn unknown_restrictions_refuse_for_now() {
    let server = Server::new().main("smtpd_client_restrictions = permit_everything");
    stranger(
        server,
        &[("x@example.test", "451 4.3.5 Server configuration error")],
    )
    .logged("warning: unknown smtpd restriction: \"permit_everything\"");
    let server = Server::new().main("smtpd_data_restrictions = inline:{{a=b}}");
    let played = server.play(
        "S: 220 *\nC: HELO x\nS: 250 *\nC: MAIL FROM:<>\nS: 250 *\nC: RCPT TO:<x>\nS: 250 *\n\
         C: DATA\nS: 451 4.3.5 Server configuration error",
    );
    played
        .check()
        .logged("warning: specify one of (check_client_access, ");
}

#[test]
fn without_delay_lists_answer_where_they_belong() {
    let played = Server::new()
        .main(
            "smtpd_delay_reject = no\nsmtpd_helo_restrictions = reject_non_fqdn_helo_hostname\n\
             smtpd_sender_restrictions = check_sender_access inline:{{b.com=REJECT}}",
        )
        .play(
            "S: 220 *
             C: HELO foo
             S: 504 5.5.2 <foo>: Helo command rejected: need fully-qualified hostname
             C: HELO foo.example
             S: 250 *
             C: MAIL FROM:<a@b.com>
             S: 554 5.7.1 <a@b.com>: Sender address rejected: Access denied
             C: MAIL FROM:<a@c.com>
             S: 250 *",
        )
        .check();
    played.logged("NOQUEUE: reject: HELO from localhost[127.0.0.1]: 504 5.5.2 <foo>: Helo command");
    let played = Server::new()
        .main("smtpd_delay_reject = no\nsmtpd_client_restrictions = reject")
        .play(
            "S: 554 5.7.1 <localhost[127.0.0.1]>: Client host rejected: Access denied
             C: EHLO x
             S: 503 5.7.0 Error: access denied for localhost[127.0.0.1]
             C: QUIT
             S: 221 2.0.0 Bye",
        )
        .check();
    played.logged("NOQUEUE: reject: CONNECT from localhost[127.0.0.1]: 554 5.7.1 ");
}

#[test]
fn bounces_have_one_recipient() {
    Server::new()
        .main("smtpd_data_restrictions = reject_multi_recipient_bounce")
        .play(
            "S: 220 *
             C: HELO x
             S: 250 *
             C: MAIL FROM:<>
             S: 250 *
             C: RCPT TO:<x>
             S: 250 *
             C: RCPT TO:<y>
             S: 250 *
             C: DATA
             S: 550 5.5.3 <DATA>: Data command rejected: Multi-recipient bounce",
        )
        .check()
        .logged(
            "QID1: reject: DATA from localhost[127.0.0.1]: 550 5.5.3 <DATA>: Data command \
                 rejected: Multi-recipient bounce; from=<> proto=SMTP helo=<x>",
        );
}

#[test]
fn the_end_of_data_can_be_refused() {
    let played = Server::new()
        .main("smtpd_end_of_data_restrictions = check_sender_access inline:{{b.com=REJECT late}}")
        .play(
            "S: 220 *
             C: HELO x
             S: 250 *
             C: MAIL FROM:<a@b.com>
             S: 250 *
             C: RCPT TO:<x>
             S: 250 *
             C: DATA
             S: 354 *
             C: .
             S: 554 5.7.1 <a@b.com>: Sender address rejected: late
             C: DATA
             S: 503 5.5.1 Error: need RCPT command",
        )
        .check();
    assert!(!played.messages[0].complete);
}

#[test]
fn permissions_are_logged_where_that_is_wanted() {
    let settings = "smtpd_log_access_permit_actions = permit_mynetworks, OK\n\
        smtpd_client_restrictions = check_client_access static:OK";
    let played = Server::new()
        .main(settings)
        .from("127.0.0.9")
        .play("S: 220 *\nC: HELO x\nS: 250 *\nC: MAIL FROM:<>\nS: 250 *\nC: RCPT TO:<a@c.com>\nS: 250 *")
        .check();
    let start = "NOQUEUE: permit: RCPT from unknown[127.0.0.9]: action=";
    played.logged(&format!(
        "{start}OK for Client host=unknown[127.0.0.9] from static:OK;"
    ));
    played.logged(&format!(
        "{start}permit_mynetworks for Client host=unknown[127.0.0.9] ;"
    ));
}
