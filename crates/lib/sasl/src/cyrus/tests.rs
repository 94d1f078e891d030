// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whole dialogues, with passwords in a file of their own or behind a socket.

use super::*;
use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixListener;
use tempfile::TempDir;

/// Cyrus with these settings; `DIR` in them is the directory.
fn cyrus(settings: &str, realm: &str) -> (TempDir, Cyrus) {
    let directory = tempfile::tempdir().expect("directory");
    let path = directory.path().display().to_string();
    let entry = |user: &str, realm: &str| {
        let key = [user, realm, "userPassword"].join("\0").into_bytes();
        (key, b"secret".to_vec())
    };
    let entries = [
        entry("alice", "mail.example.test"),
        entry("bob", "other.test"),
    ];
    let pairs: Vec<berkeley::Pair<'_>> = entries.iter().map(|(k, v)| (&k[..], &v[..])).collect();
    let file = berkeley::write_hash(&pairs, berkeley::DEFAULT_PAGE_SIZE).expect("sasldb");
    std::fs::write(directory.path().join("sasldb2"), file).expect("sasldb");
    let settings = settings.replace("DIR", &path) + &format!("\nsasldb_path: {path}/sasldb2\n");
    std::fs::write(directory.path().join("smtpd.conf"), settings).expect("settings");
    let setup = Setup {
        kind: "cyrus".to_owned(),
        path: "smtpd".to_owned(),
        directories: vec![directory.path().into()],
        host: "mail.example.test".to_owned(),
        realm: realm.to_owned(),
    };
    let mut cyrus = Cyrus::open(&setup).expect("settings");
    cyrus.mechanisms(Security::default());
    (directory, cyrus)
}

fn plain(cyrus: &mut Cyrus, response: &str) -> Answer {
    let response = base64_encode(response.as_bytes());
    cyrus.begin(&about(), "PLAIN", Some(&response))
}

fn about() -> About {
    About {
        service: "smtp".to_owned(),
        ..About::default()
    }
}

fn success(user: &str) -> Answer {
    Answer::Success(user.to_owned())
}

#[test]
fn plain_and_login_by_the_file_of_passwords() {
    let (_directory, mut cyrus) = cyrus("", "");
    assert_eq!(plain(&mut cyrus, "\0alice\0secret"), success("alice"));
    assert_eq!(plain(&mut cyrus, "alice\0alice\0secret"), success("alice"));
    assert_eq!(
        plain(&mut cyrus, "\0bob@other.test\0secret"),
        success("bob@other.test")
    );
    for wrong in [
        "\0alice\0guess",
        "\0bob\0secret",
        "bob\0alice\0secret",
        "\0\0",
        "\0alice\0",
    ] {
        assert_eq!(plain(&mut cyrus, wrong), refused(BAD_LOGIN), "{wrong:?}");
    }
    for wrong in ["alice", "alice\0secret", "\0alice\0secret\0", ""] {
        assert_eq!(plain(&mut cyrus, wrong), refused(BAD_PROTOCOL), "{wrong:?}");
    }
    assert_eq!(cyrus.begin(&about(), "PLAIN", None), challenge(b""));
    assert_eq!(cyrus.answer("AGFsaWNlAHNlY3JldA=="), success("alice"));
    assert_eq!(
        cyrus.begin(&about(), "LOGIN", None),
        challenge(b"Username:")
    );
    assert_eq!(
        cyrus.answer(&base64_encode(b"alice")),
        challenge(b"Password:")
    );
    assert_eq!(cyrus.answer(&base64_encode(b"secret")), success("alice"));
    assert_eq!(
        cyrus.answer(&base64_encode(b"secret")),
        refused(BAD_PROTOCOL)
    );
    assert_eq!(
        cyrus.begin(&about(), "PLAIN", Some("!")),
        refused(BAD_PROTOCOL)
    );
}

#[test]
fn users_without_a_domain_belong_to_ours() {
    let (_directory, mut cyrus) = cyrus("", "other.test");
    assert_eq!(
        plain(&mut cyrus, "\0bob\0secret"),
        success("bob@other.test")
    );
    assert_eq!(plain(&mut cyrus, "\0alice\0secret"), refused(BAD_LOGIN));
    let named = "\0alice@mail.example.test\0secret";
    assert_eq!(plain(&mut cyrus, named), success("alice@mail.example.test"));
}

#[test]
fn cram_md5_proves_a_password_of_the_file() {
    let (_directory, mut cyrus) = cyrus("mech_list: cram-md5 gssapi", "");
    assert_eq!(cyrus.mechanisms(Security::default()), ["CRAM-MD5"]);
    let begin = |cyrus: &mut Cyrus| match cyrus.begin(&about(), "CRAM-MD5", None) {
        Answer::Challenge(text) => base64_decode(text.as_bytes()).expect("base64"),
        other => panic!("{other:?}"),
    };
    let (one, other) = (begin(&mut cyrus), begin(&mut cyrus));
    assert_ne!(one, other);
    assert!(other.ends_with(b"@mail.example.test>"));
    assert_eq!(
        cyrus.answer(&base64_encode(b"alice 00")),
        refused(BAD_LOGIN)
    );
    begin(&mut cyrus);
    assert_eq!(
        cyrus.answer(&base64_encode(b"alice")),
        refused(BAD_PROTOCOL)
    );
    assert_eq!(
        cyrus.begin(&about(), "CRAM-MD5", Some("=")),
        refused(BAD_PROTOCOL)
    );
    assert_eq!(cyrus.begin(&about(), "PLAIN", None), refused(NO_MECHANISM));
}

#[test]
fn mechanisms_are_those_that_the_passwords_are_good_for() {
    let names = |settings: &str, options: &str| {
        let security = Security::parse(options).expect("options");
        cyrus(settings, "").1.mechanisms(security).join(" ")
    };
    assert_eq!(names("", "noanonymous"), "DIGEST-MD5 CRAM-MD5 LOGIN PLAIN");
    assert_eq!(names("", "noplaintext"), "DIGEST-MD5 CRAM-MD5");
    assert_eq!(names("", "mutual_auth"), "DIGEST-MD5");
    assert_eq!(names("", "noactive"), "");
    assert_eq!(names("pwcheck_method: saslauthd", ""), "LOGIN PLAIN");
    assert_eq!(
        names("pwcheck_method: saslauthd\nmech_list: PLAIN", ""),
        "PLAIN"
    );
}

/// Answers one client with this, and gives back what it said.
fn daemon(
    path: &std::path::Path,
    answer: &'static [u8],
    request: usize,
) -> std::thread::JoinHandle<Vec<u8>> {
    let listener = UnixListener::bind(path).expect("socket");
    std::thread::spawn(move || {
        let (mut client, _) = listener.accept().expect("client");
        let mut heard = vec![0; request];
        client.read_exact(&mut heard).expect("request");
        client.write_all(answer).expect("answer");
        heard
    })
}

#[test]
fn saslauthd_is_told_user_password_service_and_realm() {
    let (directory, mut cyrus) = cyrus("pwcheck_method: saslauthd\nsaslauthd_path: DIR/mux", "");
    let mux = directory.path().join("mux");
    let request = b"\0\x05alice\0\x06secret\0\x04smtp\0\x01r";
    for (answer, expected) in [
        (&b"\0\x02OK"[..], success("alice@r")),
        (b"\0\x02NO", refused(BAD_LOGIN)),
        (b"\0", Answer::Unavailable(GENERIC.to_owned())),
    ] {
        let _ = std::fs::remove_file(&mux);
        let daemon = daemon(&mux, answer, request.len());
        assert_eq!(plain(&mut cyrus, "\0alice@r\0secret"), expected);
        assert_eq!(daemon.join().expect("daemon"), request);
    }
    std::fs::remove_file(&mux).expect("socket");
    let unavailable = Answer::Unavailable(GENERIC.to_owned());
    assert_eq!(plain(&mut cyrus, "\0alice\0secret"), unavailable);
}

#[test]
fn the_next_one_is_asked_when_the_first_does_not_know() {
    let (directory, mut cyrus) = cyrus(
        "pwcheck_method: saslauthd auxprop\nsaslauthd_path: DIR/none",
        "",
    );
    assert_eq!(plain(&mut cyrus, "\0alice\0secret"), success("alice"));
    std::fs::write(directory.path().join("sasldb2"), b"no database").expect("file");
    let unavailable = Answer::Unavailable(GENERIC.to_owned());
    assert_eq!(plain(&mut cyrus, "\0alice\0secret"), unavailable);
}
