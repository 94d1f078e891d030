// SPDX-License-Identifier: MIT OR Apache-2.0
//! Clients that people use log in by servers that people use.

use kit::instance::privileged;
use kit::logins::{Dovecot, Saslauthd, USERS, add_sasldb_users};
use kit::{Instance, Setup};
use std::process::{Command, Output};

/// Only users may relay, and what they relay is thrown away.
fn submission(settings: &str) -> Instance {
    Setup::new()
        .main(
            "mynetworks =
             default_transport = discard:relayed
             smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
             smtpd_sasl_auth_enable = yes
             smtpd_error_sleep_time = 0",
        )
        .main(settings)
        .boot()
}

fn by_dovecot() -> Instance {
    let socket = Dovecot::shared().socket();
    let path = socket.display();
    submission(&format!(
        "smtpd_sasl_type = dovecot\nsmtpd_sasl_path = {path}"
    ))
}

/// swaks sends a message to another site after a login.
fn swaks(instance: &Instance, mechanism: &str, (user, password): (&str, &str)) -> Output {
    let address = instance.address;
    Command::new("swaks")
        .args(["--server", &address.ip().to_string()])
        .args(["--port", &address.port().to_string()])
        .args(["--from", "a@example.test", "--to", "b@elsewhere.test"])
        .args(["--auth", mechanism, "--auth-user", user])
        .args(["--auth-password", password, "--timeout", "30"])
        .output()
        .expect("swaks")
}

/// Whether Python's smtplib could log in and send a message to another site.
fn smtplib(instance: &Instance, (user, password): (&str, &str)) -> Output {
    let address = instance.address;
    let script = format!(
        "import smtplib\n\
         client = smtplib.SMTP('{}', {}, timeout=30)\n\
         print(client.login({user:?}, {password:?}))\n\
         client.sendmail('a@example.test', ['b@elsewhere.test'], 'Subject: x\\n\\nbody\\n')\n\
         client.quit()\n",
        address.ip(),
        address.port()
    );
    Command::new("python3")
        .args(["-c", &script])
        .output()
        .expect("python3")
}

#[track_caller]
fn succeeded(output: &Output) {
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn swaks_logs_in_by_every_mechanism_that_both_know() {
    let instance = by_dovecot();
    for mechanism in ["PLAIN", "LOGIN", "CRAM-MD5"] {
        for user in USERS {
            succeeded(&swaks(&instance, mechanism, user));
            let (user, _) = user;
            let client = format!("sasl_method={mechanism}, sasl_username={user}");
            instance.wait_log(&[&client]);
        }
    }
    instance.wait_log(&["status=sent (relayed)"]);
}

#[test]
fn a_wrong_password_is_refused_and_said_so_in_the_log() {
    let instance = by_dovecot();
    for (mechanism, user) in [
        ("PLAIN", "alice"),
        ("CRAM-MD5", "alice"),
        ("LOGIN", "nobody"),
    ] {
        let output = swaks(&instance, mechanism, (user, "wrong"));
        assert!(!output.status.success(), "{output:?}");
        let reason = format!("SASL {mechanism} authentication failed: ");
        instance.wait_log(&[
            "warning: unknown[",
            &reason,
            &format!("sasl_username={user}"),
        ]);
    }
    assert!(!instance.log().contains("relayed"));
}

#[test]
fn python_logs_in_and_sends() {
    let instance = by_dovecot();
    for user in USERS {
        succeeded(&smtplib(&instance, user));
    }
    let (user, _) = USERS[0];
    assert!(!smtplib(&instance, (user, "wrong")).status.success());
}

#[test]
fn dovecot_may_listen_on_a_port_too() {
    let port = Dovecot::shared().port();
    let instance = submission(&format!(
        "smtpd_sasl_type = dovecot\nsmtpd_sasl_path = inet:127.0.0.1:{port}"
    ));
    succeeded(&smtplib(&instance, USERS[0]));
}

#[test]
fn guesses_are_limited() {
    let socket = Dovecot::shared().socket();
    let path = socket.display();
    let instance = submission(&format!(
        "smtpd_sasl_type = dovecot
         smtpd_sasl_path = {path}
         smtpd_hard_error_limit = 3"
    ));
    let mut smtp = instance.smtp();
    smtp.reply();
    let guess = "AUTH PLAIN AGFsaWNlAGd1ZXNz";
    for _ in 0..3 {
        assert!(smtp.ask(guess).starts_with("535 5.7.8 Error: "));
    }
    assert!(smtp.ask(guess).starts_with("421 4.7.0 "));
    instance.wait_log(&["too many errors after AUTH from unknown["]);
}

/// The part about logins of a guide of 2004, word for word.
const GUIDE_OF_2004: &str = "smtpd_sasl_auth_enable = yes
smtpd_sasl_security_options = noanonymous
smtpd_sasl_local_domain = $myhostname
broken_sasl_auth_clients = yes
smtpd_recipient_restrictions = permit_sasl_authenticated, permit_mynetworks, reject_unauth_destination
";

/// A server that follows the guide, with this smtpd.conf.
fn by_guide(smtpd_conf: &str) -> Setup {
    Setup::new()
        .main("mynetworks =\ndefault_transport = discard:relayed\nsmtpd_relay_restrictions =")
        .main("smtpd_error_sleep_time = 0\ncyrus_sasl_config_path = $DIR/etc")
        .main(GUIDE_OF_2004)
        .file("smtpd.conf", smtpd_conf)
}

#[test]
fn a_server_of_2004_asks_saslauthd() {
    if !privileged() {
        return;
    }
    let mux = Saslauthd::shared().socket();
    let mux = mux.display();
    let instance = by_guide(&format!(
        "pwcheck_method: saslauthd\nsaslauthd_path: {mux}\n"
    ))
    .boot();
    let mut smtp = instance.smtp();
    smtp.reply();
    let offer = smtp.ask("EHLO x");
    assert!(
        offer.contains("250-AUTH LOGIN PLAIN\n250-AUTH=LOGIN PLAIN"),
        "{offer}"
    );
    for mechanism in ["PLAIN", "LOGIN"] {
        for user in USERS {
            succeeded(&swaks(&instance, mechanism, user));
        }
    }
    instance.wait_log(&["sasl_method=LOGIN, sasl_username=alice@mail.example.test"]);
    let (user, _) = USERS[0];
    assert!(!swaks(&instance, "PLAIN", (user, "wrong")).status.success());
    instance.wait_log(&["SASL PLAIN authentication failed: authentication failure"]);
}

#[test]
fn users_of_saslpasswd2_log_in_by_four_mechanisms() {
    let place = tempfile::Builder::new()
        .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .tempdir()
        .expect("directory");
    let file = place.path().join("sasldb2");
    add_sasldb_users(&file, "mail.example.test");
    let settings = format!("pwcheck_method: auxprop\nsasldb_path: {}\n", file.display());
    let instance = by_guide(&settings).boot();
    for mechanism in ["PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5"] {
        let (user, password) = USERS[0];
        succeeded(&swaks(&instance, mechanism, (user, password)));
        let client = format!("sasl_method={mechanism}, sasl_username={user}@mail.example.test");
        instance.wait_log(&[&client]);
        let wrong = swaks(&instance, mechanism, (user, "wrong"));
        assert!(!wrong.status.success(), "{wrong:?}");
    }
    succeeded(&smtplib(&instance, USERS[0]));
}
