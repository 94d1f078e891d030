// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whole handshakes, over a pair of sockets.

use std::cell::RefCell;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use config::MainCf;
use maps::{Maps, Options};
use runtime::log::{self, Sink};
use runtime::stream::Stream;

use crate::fixture::Authority;
use crate::{HandshakeError, Server, ServerParams, ServerSettings, Summary};

const LIMIT: Duration = Duration::from_secs(20);

fn settings(text: &str) -> Result<ServerSettings, String> {
    let text = format!("compatibility_level = 3.12\nsmtpd_tls_loglevel = 1\n{text}\n");
    let main_cf = MainCf::from_text(Path::new("/nowhere"), &text).expect("main.cf");
    ServerSettings::of(&ServerParams::load(&main_cf).expect("parameters"))
}

fn server(text: &str) -> Server {
    server_with_names(text, "")
}

fn server_with_names(text: &str, names: &str) -> Server {
    let names = Maps::open("tls_server_sni_maps", names, &Options::new()).expect("tables");
    Server::open(&settings(text).expect("settings"), names)
}

fn files((certificate, key): &(PathBuf, PathBuf)) -> String {
    format!(
        "smtpd_tls_security_level = may\nsmtpd_tls_cert_file = {}\nsmtpd_tls_key_file = {}\n",
        certificate.display(),
        key.display()
    )
}

/// A handshake with a client that says hello afterwards, and what the log says.
fn meet(
    server: &Server,
    client: impl FnOnce(UnixStream) + Send + 'static,
) -> (Result<(Stream, Summary), HandshakeError>, Vec<String>) {
    let lines = Rc::new(RefCell::new(Vec::new()));
    log::start("postfix/smtpd", vec![Sink::Capture(lines.clone())]);
    let (ours, theirs) = UnixStream::pair().expect("socket pair");
    let client = std::thread::spawn(move || client(theirs));
    let accepted = server.accept(Stream::new(ours.into()), &"client[192.0.2.1]", LIMIT);
    let accepted = accepted.map(|(mut stream, summary)| {
        let mut hello = [0; 5];
        stream.read_exact(&mut hello).expect("hello");
        assert_eq!(&hello, b"hello");
        stream.write_all(b"bye").expect("write");
        stream.flush().expect("flush");
        (stream, summary)
    });
    client.join().expect("client");
    let lines = lines.borrow().clone();
    (accepted, lines)
}

fn talk(
    authority: &Authority,
    own: Option<&(PathBuf, PathBuf)>,
    server: &Server,
) -> (Summary, Vec<String>) {
    let (own, authority) = (own.cloned(), authority.clone());
    let (accepted, lines) = meet(server, move |stream| {
        let mut client = authority.client(stream, own.as_ref());
        client.write_all(b"hello").expect("write");
        let mut answer = [0; 3];
        client.read_exact(&mut answer).expect("read");
        assert_eq!(&answer, b"bye");
    });
    let (_, summary) = accepted.expect("a session");
    (summary, lines)
}

#[test]
fn bytes_go_both_ways_and_the_log_says_how() {
    let authority = Authority::default();
    let server = server(&files(&authority.issue("mail.example", "rsa")));
    let (summary, lines) = talk(&authority, None, &server);
    assert_eq!(summary.protocol, "TLSv1.3");
    assert_eq!(
        lines,
        [
            "Anonymous TLS connection established from client[192.0.2.1]: TLSv1.3 with cipher \
             TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 server-signature \
             RSA-PSS (2048 bits) server-digest SHA512"
        ]
    );
}

#[test]
fn the_clients_favourite_kind_of_key_is_shown() {
    let authority = Authority::default();
    let (rsa, ec) = (authority.issue("rsa", "rsa"), authority.issue("ec", "ec"));
    let (certificate, key) = &ec;
    let text = format!(
        "{}smtpd_tls_eccert_file = {}\nsmtpd_tls_eckey_file = {}\nsmtpd_tls_protocols = TLSv1.3\n",
        files(&rsa),
        certificate.display(),
        key.display()
    );
    let (_, lines) = talk(&authority, None, &server(&text));
    assert!(
        lines[0].contains(" server-signature ECDSA (prime256v1) server-digest SHA256"),
        "{lines:?}"
    );
}

#[test]
fn an_older_session_names_no_keys() {
    let authority = Authority::default();
    let text = files(&authority.issue("mail.example", "ec")) + "smtpd_tls_protocols = <=TLSv1.2\n";
    let (_, lines) = talk(&authority, None, &server(&text));
    assert!(
        lines[0].ends_with(": TLSv1.2 with cipher ECDHE-ECDSA-AES256-GCM-SHA384 (256/256 bits)"),
        "{lines:?}"
    );
}

#[test]
fn a_clients_certificate_is_trusted_if_an_authority_vouches_for_it() {
    let authority = Authority::default();
    let own = authority.issue("mail.example", "ec");
    let client = authority.issue("client.example", "ec");
    let asking = files(&own) + "smtpd_tls_wrappermode = yes\nsmtpd_tls_req_ccert = yes\n";
    let (summary, lines) = talk(&authority, Some(&client), &server(&asking));
    assert!(!summary.is_trusted());
    assert_eq!(
        lines[0],
        "certificate verification failed for client[192.0.2.1]: untrusted issuer /CN=Authority"
    );
    let lines = &lines[1..];
    assert!(
        lines[0].starts_with("Untrusted TLS connection established from "),
        "{lines:?}"
    );
    assert!(
        lines[0].ends_with(" client-signature ECDSA (prime256v1) client-digest SHA256"),
        "{lines:?}"
    );
    let peer = summary.peer.expect("a certificate");
    assert_eq!(
        (peer.subject.as_str(), peer.issuer.as_str()),
        ("client.example", "Authority")
    );
    assert_eq!(
        (peer.fingerprint.len(), peer.key_fingerprint.len()),
        (95, 95)
    );

    let trusting = format!(
        "{asking}smtpd_tls_CAfile = {}\n",
        authority.certificate().display()
    );
    let (summary, lines) = talk(&authority, Some(&client), &server(&trusting));
    assert!(summary.is_trusted());
    assert!(
        lines[0].starts_with("Trusted TLS connection established from "),
        "{lines:?}"
    );
    // Nobody may stand between the certificate and itself.
    let (summary, lines) = talk(
        &authority,
        Some(&client),
        &server(&(trusting + "smtpd_tls_ccert_verifydepth = 0\n")),
    );
    assert!(!summary.is_trusted());
    assert!(
        lines[0].ends_with(": certificate chain longer than limit(0)"),
        "{lines:?}"
    );
    // Whoever is asked may have none.
    let (summary, _) = talk(&authority, None, &server(&asking));
    assert_eq!(summary.peer, None);
}

#[test]
fn what_is_no_tls_is_an_error_that_the_log_explains() {
    let authority = Authority::default();
    let server = server(&files(&authority.issue("mail.example", "ec")));
    let (accepted, _) = meet(&server, |mut stream| {
        stream.write_all(b"EHLO example.com\r\n").expect("write");
        let mut alert = Vec::new();
        let _ = stream.read_to_end(&mut alert);
        assert!(alert.starts_with(&[21]), "an alert: {alert:?}");
    });
    let Err(error) = accepted else {
        panic!("no session")
    };
    let lines = Rc::new(RefCell::new(Vec::new()));
    log::start("postfix/smtpd", vec![Sink::Capture(lines.clone())]);
    error.log(&"client[192.0.2.1]");
    let lines = lines.borrow();
    assert_eq!(lines[0], "SSL_accept error from client[192.0.2.1]: -1");
    assert!(
        lines[1].starts_with("warning: TLS library problem: "),
        "{lines:?}"
    );
    // And one who goes away is gone.
    let (accepted, _) = meet(&server, drop);
    assert!(matches!(accepted, Err(HandshakeError::Gone)));
}

#[test]
fn a_renewed_file_is_noticed_and_a_broken_one_is_no_context() {
    let authority = Authority::default();
    let old = authority.issue("mail.example", "ec");
    let server = server(&files(&old));
    assert!(server.is_ready());
    assert_eq!(server.changed(), None);
    let new = authority.issue("new.example", "ec");
    std::fs::rename(&new.0, &old.0).expect("rename");
    assert_eq!(server.changed(), Some(old.0.display().to_string()));
    // The key is still the old one.
    assert!(!super::tests::server(&files(&old)).is_ready());
    std::fs::rename(&new.1, &old.1).expect("rename");
    assert!(super::tests::server(&files(&old)).is_ready());
}

#[test]
fn a_file_with_keys_before_their_chains_has_several_kinds() {
    let authority = Authority::default();
    let read = |path: &PathBuf| std::fs::read(path).expect("read");
    let (rsa, ec) = (authority.issue("rsa", "rsa"), authority.issue("ec", "ec"));
    let chains = [read(&ec.1), read(&ec.0), read(&rsa.1), read(&rsa.0)].concat();
    std::fs::write(&ec.1, chains).expect("write");
    let text = |path: &Path| {
        format!(
            "smtpd_use_tls = yes\nsmtpd_tls_chain_files = {}\n",
            path.display()
        )
    };
    assert!(server(&text(&ec.1)).is_ready());
    // A certificate before its key belongs to nobody.
    assert!(!server(&text(&ec.0)).is_ready());
}

#[test]
fn values_without_sense_are_fatal() {
    for text in [
        "smtpd_tls_security_level = perhaps",
        "smtpd_tls_fingerprint_digest = crc",
        "smtpd_tls_loglevel = all",
    ] {
        assert!(settings(text).is_err(), "{text}");
    }
}

#[test]
fn a_name_has_certificates_of_its_own_by_content_or_by_file() {
    let authority = Authority::default();
    let text = files(&authority.issue("default", "rsa"));
    let (certificate, key) = authority.issue("own", "ec");
    let content = [&key, &certificate].map(|path| std::fs::read(path).expect("read"));
    let content = runtime::text::base64_encode(&content.concat());
    // The client asks for localhost.
    for value in [
        content,
        format!("{}, {}", key.display(), certificate.display()),
    ] {
        let names = format!("inline:{{ {{ localhost = {value} }} }}");
        let (summary, lines) = talk(&authority, None, &server_with_names(&text, &names));
        assert_eq!(summary.server_name.as_deref(), Some("localhost"));
        let line = lines.last().expect("a line");
        assert!(
            line.contains(" from client[192.0.2.1] to localhost: TLSv1.3 "),
            "{line}"
        );
        assert!(
            line.contains("server-signature ECDSA (prime256v1)"),
            "{line}"
        );
    }
    let names = "inline:{ { other.example = x } }";
    let (summary, lines) = talk(&authority, None, &server_with_names(&text, names));
    assert_eq!(summary.server_name, None);
    assert_eq!(
        lines[0],
        "TLS SNI localhost from client[192.0.2.1] not matched, using default chain"
    );
    assert!(
        lines[1].contains("server-signature RSA-PSS (2048 bits)"),
        "{lines:?}"
    );
}

#[test]
fn a_name_whose_certificates_are_broken_gets_no_session() {
    let authority = Authority::default();
    let text = files(&authority.issue("default", "ec"));
    let server = server_with_names(&text, "inline:{ { localhost = /nowhere } }");
    let (accepted, lines) = meet(&server, move |stream| {
        let mut client = authority.client(stream, None);
        let hello = client.write_all(b"hello").and_then(|()| client.flush());
        assert!(hello.is_err() || client.read(&mut [0]).is_err());
    });
    assert!(matches!(accepted, Err(HandshakeError::Protocol(_))));
    let start =
        "warning: error loading private keys and certificates from: SNI data for localhost: ";
    assert!(lines[0].starts_with(start), "{lines:?}");
}

#[test]
fn the_library_is_called_by_the_version_that_is_built() {
    let lock = include_str!("../../../../Cargo.lock");
    let (name, version) = crate::LIBRARY.split_once(' ').unwrap_or_default();
    let entry = format!("name = \"{name}\"\nversion = \"{version}\"");
    assert!(lock.contains(&entry), "{entry}");
}
