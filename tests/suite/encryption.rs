// SPDX-License-Identifier: MIT OR Apache-2.0
//! TLS with the clients that people have: OpenSSL, swaks, Python, GnuTLS.

use kit::certificates::Authority;
use kit::{Instance, Setup};
use std::io::Write;
use std::net::SocketAddr;
use std::process::{Command, Stdio};

/// A server with two kinds of keys, which root alone can read, and the address where TLS begins
/// with the first byte.
fn instance(authority: &Authority, settings: &str) -> (Instance, SocketAddr) {
    let files = authority.directory().display();
    let wrapped = kit::instance::free_port();
    let instance = Setup::new()
        .main(&format!(
            "smtpd_tls_security_level = may\nsmtpd_tls_loglevel = 1\n\
             smtpd_tls_cert_file = {files}/rsa.pem\nsmtpd_tls_key_file = {files}/rsa.key\n\
             smtpd_tls_eccert_file = {files}/ec.pem\nsmtpd_tls_eckey_file = {files}/ec.key\n\
             local_transport = discard:ok\nlocal_recipient_maps =\n{settings}"
        ))
        .master(&format!(
            "{wrapped} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes"
        ))
        .boot();
    let wrapped = SocketAddr::new(instance.address.ip(), wrapped);
    (instance, wrapped)
}

fn authority() -> Authority {
    Authority::new()
        .issue("rsa", "rsa:2048")
        .issue("ec", "ec -pkeyopt ec_paramgen_curve:P-256")
}

/// Runs a client, with this input; what it printed.
fn run(program: &str, arguments: &str, input: &str) -> String {
    let mut child = Command::new(program)
        .args(arguments.split_whitespace())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{program}: {error}"));
    // A client that leaves early closes its input; its output is what counts.
    child
        .stdin
        .take()
        .expect("stdin")
        .write_all(input.as_bytes())
        .ok();
    let output = child.wait_with_output().expect("output");
    let text = [output.stdout, output.stderr].concat();
    String::from_utf8_lossy(&text).into_owned()
}

#[track_caller]
fn shows(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
}

/// What OpenSSL's client says about a session.
fn s_client(address: SocketAddr, authority: &Authority, more: &str) -> String {
    let root = authority.file("authority.pem");
    run(
        "openssl",
        &format!(
            "s_client -connect {address} -CAfile {} -verify_hostname localhost -brief {more}",
            root.display()
        ),
        "QUIT\r\n",
    )
}

#[test]
fn openssl_verifies_the_chain_in_every_version_and_with_every_kind_of_key() {
    let authority = authority();
    let (instance, wrapped) = instance(&authority, "");
    for (address, begin) in [(instance.address, "-starttls smtp"), (wrapped, "")] {
        for (version, name) in [("-tls1_3", "TLSv1.3"), ("-tls1_2", "TLSv1.2")] {
            for (algorithms, key) in [("RSA-PSS+SHA256", "RSA"), ("ECDSA+SHA256", "ECDSA")] {
                let more = format!("{begin} {version} -sigalgs {algorithms}");
                let told = s_client(address, &authority, &more);
                shows(
                    &told,
                    &[
                        "Verification: OK",
                        &format!("Protocol version: {name}"),
                        key,
                    ],
                );
            }
        }
    }
    for version in ["-tls1", "-tls1_1"] {
        let told = s_client(
            wrapped,
            &authority,
            &format!("{version} -cipher ALL:@SECLEVEL=0"),
        );
        assert!(!told.contains("Verification: OK"), "{told}");
    }
    instance.wait_log(&["SSL_accept error from "]);
    instance.wait_log(&["warning: TLS library problem: "]);
}

#[test]
fn swaks_python_and_gnutls_send_mail() {
    let authority = authority();
    let (instance, wrapped) = instance(&authority, "");
    let (ip, port) = (instance.address.ip(), instance.address.port());
    let told = run(
        "swaks",
        &format!(
            "--server {ip}:{port} --tls --to x@mail.example.test --from swaks@client.test \
             --helo client.test"
        ),
        "",
    );
    shows(&told, &["TLS started with cipher TLSv1.3", "queued as"]);
    let python = "import smtplib,ssl,sys\n\
         context = ssl.create_default_context(cafile=sys.argv[3])\n\
         client = smtplib.SMTP_SSL(sys.argv[1], int(sys.argv[2]), context=context)\n\
         client.sendmail('a@client.test', ['x@mail.example.test'], 'Subject: x\\n\\n' + 'y' * 99999)\n\
         print(client.sock.version(), client.quit())\n";
    // The certificate is made for localhost.
    let python = python.replace("client = ", "context.check_hostname = False\nclient = ");
    let told = Command::new("/usr/bin/python3")
        .args(["-c", &python, &ip.to_string(), &wrapped.port().to_string()])
        .arg(authority.file("authority.pem"))
        .output()
        .expect("python3");
    shows(&String::from_utf8_lossy(&told.stdout), &["TLSv1.3 (221"]);
    let told = run(
        "gnutls-cli",
        &format!(
            "--x509cafile {} --verify-hostname localhost --starttls-proto smtp --port {port} \
             --crlf --logfile /dev/stderr {ip}",
            authority.file("authority.pem").display()
        ),
        "QUIT\n",
    );
    shows(&told, &["The certificate is trusted", "221 2.0.0 Bye"]);
    for sender in ["swaks@client.test", "a@client.test"] {
        instance.wait_log(&[&format!("from=<{sender}>"), "nrcpt=1 (queue active)"]);
    }
}

#[test]
fn a_renewed_certificate_is_used_by_the_next_connection() {
    let authority = authority().issue("renewed", "rsa:2048");
    let old = |end: &str| authority.file(&format!("live.{end}"));
    for end in ["pem", "key"] {
        std::os::unix::fs::symlink(authority.file(&format!("rsa.{end}")), old(end)).expect("link");
    }
    let files = authority.directory().display();
    let (instance, _) = instance(
        &authority,
        &format!(
            "smtpd_tls_cert_file = {files}/live.pem\nsmtpd_tls_key_file = {files}/live.key\n\
             smtpd_tls_eccert_file =\nsmtpd_tls_eckey_file ="
        ),
    );
    let subject = || {
        let told = s_client(instance.address, &authority, "-starttls smtp");
        shows(&told, &["Verification: OK"]);
        told.lines()
            .find(|line| line.contains("Peer certificate"))
            .map(str::to_owned)
    };
    assert_eq!(subject().as_deref(), Some("Peer certificate: CN = rsa"));
    for end in ["pem", "key"] {
        let next = authority.file("next");
        std::os::unix::fs::symlink(authority.file(&format!("renewed.{end}")), &next).expect("link");
        std::fs::rename(&next, old(end)).expect("rename");
    }
    assert_eq!(subject().as_deref(), Some("Peer certificate: CN = renewed"));
}
