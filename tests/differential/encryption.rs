// SPDX-License-Identifier: MIT OR Apache-2.0
//! TLS in the SMTP server: what a client of Python's hears, and what the log and headers say.

use crate::compare::same;
use kit::certificates::Authority;
use kit::{Instance, observe};
use std::process::Command;

/// A client: address, port, how TLS begins, newest version, group, certificate of its own.
const CLIENT: &str = r#"
import smtplib, ssl, sys
host, port, how, newest, group, own, authority = sys.argv[1:8]
context = ssl.create_default_context(cafile=authority)
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
if newest: context.maximum_version = getattr(ssl.TLSVersion, newest)
if group: context.set_ecdh_curve(group)
if own: context.load_cert_chain(own + ".pem", own + ".key")
def say(*words): print(*words, flush=True)
try:
    if how == "wrapped":
        client = smtplib.SMTP_SSL(host, int(port), context=context, local_hostname="client.test")
    else:
        client = smtplib.SMTP(host, int(port), local_hostname="client.test")
        say(client.ehlo())
        say(client.docmd("MAIL FROM:<early@client.test>"))
        say(client.docmd("RSET"))
        say(client.starttls(context=context))
    say(client.sock.version(), client.sock.cipher())
    say(client.ehlo())
    if how != "wrapped": say(client.docmd("STARTTLS"))
    say(client.mail("a@client.test"))
    say(client.rcpt("alice@mail.example.test"))
    say(client.data("Subject: x\n\nbody\n")[0])
    say(client.quit())
except (ConnectionResetError, ssl.SSLZeroReturnError, ssl.SSLEOFError):
    say("the server went away")
except Exception as error:
    say(type(error).__name__, getattr(error, "smtp_code", ""), getattr(error, "smtp_error", ""))
"#;

/// What the client printed.
fn talk(instance: &Instance, authority: &Authority, port: u16, rest: [&str; 4]) -> Vec<String> {
    let [how, newest, group, own] = rest;
    let own = if own.is_empty() {
        String::new()
    } else {
        authority.file(own).display().to_string()
    };
    let output = Command::new("/usr/bin/python3")
        .args(["-c", CLIENT])
        .args([&instance.address.ip().to_string(), &port.to_string()])
        .args([how, newest, group, &own])
        .arg(authority.file("authority.pem"))
        .output()
        .expect("python3");
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().map(observe::stable).collect()
}

/// What clients hear, what the log says of them, and what their messages' headers say.
fn compare(settings: &str, clients: &[[&str; 4]]) {
    let authority = Authority::new()
        .issue("server", "rsa:2048")
        .issue("client", "rsa:2048");
    let stranger = Authority::new().issue("stranger", "rsa:2048");
    for end in ["pem", "key"] {
        let name = format!("stranger.{end}");
        std::fs::copy(stranger.file(&name), authority.file(&name)).expect("copy");
    }
    let files = authority.directory().display().to_string();
    let settings = settings.replace("$FILES", &files);
    same(
        |setup| {
            setup
                .main(&format!(
                    "smtpd_tls_cert_file = {files}/server.pem\n\
                     smtpd_tls_key_file = {files}/server.key\n\
                     smtpd_tls_loglevel = 1\nsmtpd_tls_received_header = yes\n\
                     smtpd_tls_security_level = may\n\
                     smtpd_discard_ehlo_keywords = chunking, silent-discard\n\
                     smtpd_timeout = 20\n\
                     smtpd_authorized_xclient_hosts =\nlocal_transport = local\n{settings}"
                ))
                .master("4465 inet n - n - - smtpd -o smtpd_tls_wrappermode=yes")
        },
        &[],
        |instance| {
            let mut seen = Vec::new();
            for client in clients {
                let port = match client[0] {
                    "wrapped" => 4465,
                    _ => instance.address.port(),
                };
                seen.extend(talk(instance, &authority, port, *client));
            }
            let accepted = seen
                .iter()
                .filter(|line| *line == "QID" || *line == "250")
                .count();
            for message in instance.wait_mail("alice", accepted) {
                seen.extend(
                    message
                        .headers("Received")
                        .iter()
                        .map(|text| dateless(text)),
                );
            }
            let log = instance.settled_log();
            let told = observe::told_by("postfix", &log);
            seen.extend(
                told.into_iter()
                    .filter(|line| line.starts_with("postfix/smtpd")),
            );
            seen
        },
    );
}

fn dateless(received: &str) -> String {
    let (rest, _) = received.rsplit_once(';').unwrap_or((received, ""));
    observe::stable(rest)
}

#[test]
fn sessions_and_headers_are_told_alike() {
    compare(
        "",
        &[
            ["starttls", "", "prime256v1", ""],
            ["starttls", "", "secp384r1", ""],
            ["starttls", "TLSv1_2", "prime256v1", ""],
            ["wrapped", "", "prime256v1", ""],
        ],
    );
}

#[test]
fn clients_certificates_are_told_alike() {
    compare(
        "smtpd_tls_ask_ccert = yes\nsmtpd_tls_CAfile = $FILES/authority.pem\nsmtpd_tls_loglevel = 1",
        &[
            ["starttls", "", "prime256v1", ""],
            ["starttls", "", "prime256v1", "client"],
            ["starttls", "", "prime256v1", "stranger"],
            ["starttls", "TLSv1_2", "prime256v1", "client"],
        ],
    );
}

#[test]
fn required_tls_and_certificates_refuse_alike() {
    compare(
        "smtpd_tls_security_level = encrypt\nsmtpd_tls_req_ccert = yes\n\
         smtpd_tls_CAfile = $FILES/authority.pem",
        &[
            ["starttls", "", "prime256v1", "client"],
            ["starttls", "", "prime256v1", "stranger"],
            ["starttls", "", "prime256v1", ""],
            ["wrapped", "", "prime256v1", ""],
        ],
    );
}

#[test]
fn a_missing_certificate_is_told_alike() {
    compare(
        "smtpd_tls_cert_file =\nsmtpd_tls_key_file =",
        &[["starttls", "", "", ""], ["wrapped", "", "", ""]],
    );
}
