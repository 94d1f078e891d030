// SPDX-License-Identifier: MIT OR Apache-2.0
//! What older guides teach works as written.

use kit::logins::Dovecot;
use kit::{Instance, Setup};

/// `postconf -n` of a server of 2013, word for word but for the paths every instance has of its
/// own.
const SERVER_OF_2013: &str = "append_dot_mydomain = no
biff = no
inet_protocols = ipv4
home_mailbox = Maildir/
mailbox_size_limit = 0
message_size_limit = 102400000
mydestination = host.domainname, localhost.domainname, localhost
myhostname = host.domainname
mynetworks = 127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128
myorigin = $DIR/etc/mailname
readme_directory = no
recipient_delimiter = +
relayhost =
smtp_tls_session_cache_database = btree:${data_directory}/smtp_scache
smtpd_banner = $myhostname ESMTP $mail_name ($mail_version)
smtpd_recipient_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
smtpd_sasl_auth_enable = yes
smtpd_sasl_path = private/auth
smtpd_sasl_type = dovecot
smtpd_tls_cert_file = /etc/ssl/my.pem
smtpd_tls_key_file = /etc/ssl/private/my.key
smtpd_tls_security_level = may
smtpd_tls_session_cache_database = btree:${data_directory}/smtpd_scache
smtpd_use_tls = yes
";

#[test]
fn a_server_of_2013_starts_and_serves() {
    let mut setup = Setup::new()
        .main(SERVER_OF_2013)
        .file("mailname", "domainname\n");
    if !kit::instance::privileged() {
        // The tester's home is not part of the test.
        setup = setup.main("home_mailbox =");
    }
    let mut instance = setup.build();
    instance.create_spool();
    let private = instance.path("spool/private/auth");
    std::os::unix::fs::symlink(Dovecot::shared().socket(), private).expect("link");
    instance.start();
    let user = Instance::account();
    let mut smtp = instance.smtp();
    let banner = smtp.reply();
    assert!(
        banner.starts_with("220 host.domainname ESMTP Postfix (3.12"),
        "{banner}"
    );
    let reply = smtp.deliver(
        "a@client.example",
        &[&format!("{user}+x@host.domainname")],
        "x",
    );
    assert!(reply.starts_with("250 2.0.0"), "{reply}");
    if kit::instance::privileged() {
        instance.wait_log(&["status=sent (delivered to maildir)"]);
        let mails = kit::message::maildir(std::path::Path::new("/home/alice/Maildir"));
        assert_eq!(mails.len(), 1);
    } else {
        instance.wait_mail(&user, 1);
    }
    let sent = instance.sendmail(
        &[&format!("{user}@localhost.domainname")],
        "Subject: local\n\nbody\n",
    );
    assert!(sent.status.success());
    instance.wait_log(&[&format!("from=<{}@domainname>", current_user())]);
    let log = instance.settled_log();
    let warnings = log
        .lines()
        .filter(|line| line.contains("warning:") && line.contains("TLS"))
        .count();
    assert!(
        (1..=2).contains(&warnings),
        "{warnings} warnings about TLS:\n{log}"
    );
    assert!(!log.contains("fatal"), "{log}");
}

fn current_user() -> String {
    let output = std::process::Command::new("id")
        .arg("-un")
        .output()
        .expect("id");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
