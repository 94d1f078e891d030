// SPDX-License-Identifier: MIT OR Apache-2.0
//! STARTTLS, wrapper mode, and what certificates permit.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;

use tls::fixture::Authority;

use super::harness::{Played, Server, TlsClient};

/// A server with a certificate.
fn server(authority: &Authority, level: &str) -> Server {
    let (certificate, key) = authority.issue("mail.example.test", "ec");
    let text = format!(
        "smtpd_tls_security_level = {level}\nsmtpd_tls_cert_file = {}\nsmtpd_tls_key_file = {}\n\
         smtpd_tls_loglevel = 1\nsmtpd_authorized_xclient_hosts =\nsmtpd_tls_CAfile = {}\n",
        certificate.display(),
        key.display(),
        authority.certificate().display()
    );
    let client = TlsClient {
        authority: authority.clone(),
        own: None,
    };
    Server::new().main(&text).tls_client(client)
}

const ESTABLISHED: &str = "Anonymous TLS connection established from localhost[127.0.0.1]: TLSv1.3 with \
                           cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange ";

/// Everything that EHLO offers in an encrypted session.
const OFFERED: &str = "C: EHLO x
     S: 250-mail.example.test
     S: 250-PIPELINING
     S: 250-SIZE 10240000
     S: 250-VRFY
     S: 250-ETRN
     S: 250-ENHANCEDSTATUSCODES
     S: 250-8BITMIME
     S: 250-DSN
     S: 250-SMTPUTF8
     S: 250 CHUNKING";

#[test]
fn starttls_is_offered_once_and_the_session_begins_anew() {
    let authority = Authority::default();
    let played = server(&authority, "may")
        .main("smtpd_tls_received_header = yes")
        .play(&format!(
            "S: 220 *
             C: EHLO before
             S: 250-mail.example.test
             S: 250-PIPELINING
             S: 250-SIZE 10240000
             S: 250-VRFY
             S: 250-ETRN
             S: 250-STARTTLS
             S: 250-ENHANCEDSTATUSCODES
             S: 250-8BITMIME
             S: 250-DSN
             S: 250-SMTPUTF8
             S: 250 CHUNKING
             C: MAIL FROM:<a@b.com>
             S: 250 2.1.0 Ok
             C: STARTTLS now
             S: 501 5.5.4 Syntax: STARTTLS
             C: STARTTLS
             S: 220 2.0.0 Ready to start TLS
             TLS
             C: RCPT TO:<x>
             S: 503 5.5.1 Error: need MAIL command
             {OFFERED}
             C: STARTTLS
             S: 554 5.5.1 Error: TLS already active
             C: MAIL FROM:<a@b.com>
             S: 250 2.1.0 Ok
             C: RCPT TO:<x>
             S: 250 2.1.5 Ok
             C: DATA
             S: 354 *
             C: Subject: x
             C:
             C: .
             S: 250 2.0.0 Ok: queued as QID1
             C: QUIT
             S: 221 2.0.0 Bye
             S: EOF"
        ))
        .check();
    played.logged(ESTABLISHED);
    played.logged(
        "disconnect from localhost[127.0.0.1] ehlo=2 starttls=1/3 mail=2 rcpt=1/2 data=1 quit=1",
    );
    let content = played.messages[0].content();
    let header = "N Received: from x (localhost [127.0.0.1])
N \t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)
N \t key-exchange X25519 server-signature ECDSA (prime256v1) server-digest SHA256)
N \t(No client certificate requested)
N \tby mail.example.test (Postfix) with ESMTPS id QID1
";
    assert!(content.starts_with(header), "{content}");
}

#[test]
fn a_login_does_not_survive_the_handshake_and_encrypted_sessions_have_rules_of_their_own() {
    let dovecot = sasl::fixture::FakeDovecot::with_alice();
    let logins = format!(
        "smtpd_sasl_auth_enable = yes\nsmtpd_sasl_type = dovecot\nsmtpd_sasl_path = {}\n\
         smtpd_sasl_security_options = noanonymous, noplaintext\n\
         smtpd_sasl_tls_security_options = noanonymous\n",
        dovecot.path()
    );
    let offered = OFFERED.replace("ETRN\n", "ETRN\n S: 250-AUTH PLAIN LOGIN CRAM-MD5\n");
    server(&Authority::default(), "may")
        .main(&logins)
        .play(&format!(
            "S: 220 *
             C: AUTH PLAIN YWxpY2U=
             S: 535 5.7.8 Error: authentication failed: Invalid authentication mechanism: 'PLAIN'
             C: AUTH CRAM-MD5 YWxpY2U=
             S: 235 *
             C: STARTTLS
             S: 220 *
             TLS
             {offered}
             C: AUTH PLAIN YWxpY2U=
             S: 235 *
             C: AUTH PLAIN YWxpY2U=
             S: 503 5.5.1 Error: already authenticated"
        ))
        .check();
    let heard = dovecot.heard();
    let last = heard.last().map_or("", String::as_str);
    assert!(last.contains("\tsecured\tresp="), "{last}");
}

#[test]
fn commands_in_the_clear_do_not_survive_the_handshake() {
    let authority = Authority::default();
    server(&authority, "may")
        .play(
            "S: 220 *
             C: EHLO x
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250 CHUNKING
             R: STARTTLS\\r\\nMAIL FROM:<attacker@example.com>\\r\\n
             S: 220 2.0.0 Ready to start TLS
             TLS
             C: MAIL FROM:<client@example.com>
             S: 250 2.1.0 Ok
             C: QUIT
             S: 221 2.0.0 Bye
             S: EOF",
        )
        .check();
}

#[test]
fn mail_waits_for_tls_where_it_is_required() {
    let authority = Authority::default();
    server(&authority, "encrypt")
        .play(
            "S: 220 *
             C: HELO x
             S: 250 *
             C: NOOP
             S: 250 2.0.0 Ok
             C: MAIL FROM:<a@b.com>
             S: 530 5.7.0 Must issue a STARTTLS command first
             C: RSET
             S: 530 5.7.0 Must issue a STARTTLS command first
             C: STARTTLS
             S: 220 *
             TLS
             C: MAIL FROM:<a@b.com>
             S: 250 2.1.0 Ok
             C: QUIT
             S: 221 *",
        )
        .check();
}

#[test]
fn wrapper_mode_begins_with_the_handshake() {
    let authority = Authority::default();
    let played = server(&authority, "may")
        .main("smtpd_tls_wrappermode = yes")
        .play(&format!(
            "TLS\nS: 220 *\n{OFFERED}\nC: QUIT\nS: 221 *\nS: EOF"
        ))
        .check();
    played.logged(ESTABLISHED);
}

#[test]
fn a_failed_handshake_is_the_end_of_the_session() {
    let authority = Authority::default();
    let played = server(&authority, "may").run(|mut stream| {
        let mut replies = BufReader::new(stream.try_clone().expect("clone")).lines();
        for command in ["", "HELO x\r\n", "STARTTLS\r\n"] {
            let _ = stream.write_all(command.as_bytes());
            let _ = replies.next();
        }
        let _ = stream.write_all(b"EHLO again\r\n");
        (super::harness::read_to_end(&stream), true)
    });
    let played = played.check();
    played.logged("SSL_accept error from localhost[127.0.0.1]: -1");
    played.logged("warning: TLS library problem: ");
    played.logged("NOQUEUE: lost connection after STARTTLS from localhost[127.0.0.1]");
    played.logged("disconnect from localhost[127.0.0.1] helo=1 starttls=0/1 commands=1/2");
}

#[test]
fn without_tls_the_command_says_why() {
    Server::new()
        .play("S: 220 *\nC: STARTTLS\nS: 502 5.5.1 Error: command not implemented")
        .check();
    let played = Server::new()
        .main("smtpd_use_tls = yes\nsmtpd_tls_cert_file = /nowhere/file")
        .play("S: 220 *\nC: STARTTLS\nS: 454 4.7.0 TLS not available due to local problem")
        .check();
    played.logged("warning: /nowhere/file: No such file or directory");
}

/// What a client with this certificate hears when it sends mail.
fn send(
    server: Server,
    authority: &Authority,
    own: Option<(PathBuf, PathBuf)>,
    end: &str,
) -> Played {
    let client = TlsClient {
        authority: authority.clone(),
        own,
    };
    server
        .tls_client(client)
        .play(&format!(
            "S: 220 *
             C: HELO x
             S: 250 *
             C: STARTTLS
             S: 220 *
             TLS
             {end}"
        ))
        .check()
}

#[test]
fn a_client_must_have_a_trusted_certificate_where_that_is_required() {
    let authority = Authority::default();
    let own = authority.issue("client", "ec");
    let requiring = || server(&authority, "encrypt").main("smtpd_tls_req_ccert = yes");
    let accepted = "C: HELO x\nS: 250 *";
    send(requiring(), &authority, Some(own), accepted).logged("Trusted TLS connection ");
    let elsewhere = Authority::default();
    for (own, reason) in [
        (None, "No client certificate presented"),
        (
            Some(elsewhere.issue("stranger", "ec")),
            "Client certificate not trusted",
        ),
    ] {
        let refused = format!("C: HELO x\nS: 421 4.7.1 mail.example.test Error: {reason}\nS: EOF");
        let played = send(requiring(), &authority, own, &refused);
        let line = format!("NOQUEUE: abort: TLS from localhost[127.0.0.1]: {reason}");
        played.logged(&line);
        played.logged("disconnect from localhost[127.0.0.1] helo=1 starttls=1 commands=2");
    }
}

#[test]
fn fingerprints_permit_whoever_issued_the_certificate() {
    let authority = Authority::default();
    let own = authority.issue("client", "ec");
    let fingerprint = authority.fingerprint(&own.0);
    let asking = |restriction: &str| {
        server(&authority, "may")
            .from("192.0.2.1")
            .main("smtpd_tls_ask_ccert = yes\nsmtpd_tls_CAfile =\nsmtpd_peername_lookup = no")
            .main(&format!(
                "smtpd_recipient_restrictions = {restriction}, reject"
            ))
            .main(&format!(
                "relay_clientcerts = inline:{{ {{ {fingerprint} = client }} }}"
            ))
    };
    let mail = |code: &str| {
        format!("C: HELO x\nS: 250 *\nC: MAIL FROM:<a@b.com>\nS: 250 *\nC: RCPT TO:<x>\nS: {code}*")
    };
    let table =
        |action: &str| format!("check_ccert_access inline:{{ {{ {fingerprint} = {action} }} }}");
    let permit = "permit_tls_clientcerts";
    send(
        asking(permit),
        &authority,
        Some(own.clone()),
        &mail("250 2.1.5"),
    );
    send(asking(permit), &authority, None, &mail("554 5.7.1"));
    send(
        asking(&table("OK")),
        &authority,
        Some(own.clone()),
        &mail("250 2.1.5"),
    );
    send(
        asking(&table("REJECT not you")),
        &authority,
        Some(own.clone()),
        &mail("554 5.7.1 <unknown[192.0.2.1]>: Client certificate rejected: not you"),
    );
    // Nobody vouches for it.
    let other = authority.issue("other", "ec");
    send(
        asking("permit_tls_all_clientcerts"),
        &authority,
        Some(other),
        &mail("554 5.7.1"),
    );
    send(
        asking("reject_plaintext_session, permit"),
        &authority,
        None,
        &mail("250 2.1.5"),
    );
}
