// SPDX-License-Identifier: MIT OR Apache-2.0
//! Commands and daemons started by hand; wrong options, wrong files: one clear line each, and
//! Postfix's exit codes.

use kit::{Setup, programs};
use std::process::Output;

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn status_tells_whether_it_runs() {
    let mut instance = Setup::new().boot();
    let status = instance.run("postfix", &["status"]);
    assert_eq!(status.status.code(), Some(0));
    assert!(
        said(&status).contains("the Postfix mail system is running: PID: "),
        "{status:?}"
    );
    let again = instance.run("postfix", &["start"]);
    assert_eq!(again.status.code(), Some(1));
    assert!(said(&again).contains("fatal: the Postfix mail system is already running"));
    instance.stop();
    let status = instance.run("postfix", &["status"]);
    assert_eq!(status.status.code(), Some(1));
    assert!(
        said(&status).contains("the Postfix mail system is not running"),
        "{status:?}"
    );
    let stopped = instance.run("postfix", &["stop"]);
    assert_eq!(stopped.status.code(), Some(1), "{stopped:?}");
}

#[test]
fn a_malformed_main_cf_is_named_by_file_and_line() {
    let instance = Setup::new().build();
    let path = instance.path("etc/main.cf");
    let text = std::fs::read_to_string(&path).expect("main.cf");
    let lines = text.lines().count();
    std::fs::write(&path, text + "this is no setting\n").expect("main.cf");
    for (command, arguments) in [
        ("postfix", &["start"][..]),
        ("postconf", &[]),
        ("sendmail", &["x"]),
        ("postqueue", &["-p"]),
    ] {
        let output = instance.run(command, arguments);
        assert!(!output.status.success(), "{command}: {output:?}");
        let line = format!(
            "main.cf, line {}: missing '=' after attribute name",
            lines + 1
        );
        assert!(
            said(&output).contains(&line),
            "{command}: {}",
            said(&output)
        );
    }
}

#[test]
fn an_unreadable_configuration_is_named() {
    let instance = Setup::new().build();
    std::fs::remove_file(instance.path("etc/main.cf")).expect("remove");
    let output = instance.run("postqueue", &["-p"]);
    assert!(!output.status.success());
    assert!(
        said(&output).contains("main.cf: No such file or directory"),
        "{}",
        said(&output)
    );
}

#[test]
fn a_bad_value_is_named_with_its_parameter() {
    for (setting, complaint) in [
        ("smtpd_timeout = soon", "bad time"),
        (
            "smtpd_recipient_limit = many",
            "bad numerical configuration: smtpd_recipient_limit = many",
        ),
        (
            "biff = perhaps",
            "bad boolean configuration: biff = perhaps",
        ),
    ] {
        let instance = Setup::new().main(setting).build();
        let daemon = if setting.starts_with("biff") {
            "local"
        } else {
            "smtpd"
        };
        let output = std::process::Command::new(programs::built().join(daemon))
            .args(["-S", "-V"])
            .env("MAIL_CONFIG", instance.path("etc"))
            .stdin(std::process::Stdio::null())
            .output()
            .expect("daemon by hand");
        let log = said(&output) + &instance.log();
        assert!(!output.status.success(), "{setting}: {output:?}");
        assert!(
            log.contains("fatal: ") && log.contains(complaint),
            "{setting}: {log}"
        );
    }
}

#[test]
fn a_malformed_master_cf_is_named_by_file_and_line() {
    let instance = Setup::new().build();
    let path = instance.path("etc/master.cf");
    let text = std::fs::read_to_string(&path).expect("master.cf");
    let line = text.lines().count() + 1;
    std::fs::write(&path, text + "odd unix q - n - - local\n").expect("master.cf");
    let output = instance.run("postfix", &["start"]);
    let log = said(&output) + &instance.log();
    assert!(!output.status.success(), "{output:?}\n{log}");
    let complaint = format!("master.cf: line {line}: field \"private\": bad value: \"q\"");
    assert!(log.contains(&complaint), "{complaint} is not in {log}");
}

#[test]
fn a_wrong_option_gets_the_usage() {
    let instance = Setup::new().build();
    for command in [
        "postconf",
        "postqueue",
        "postcat",
        "postmap",
        "postalias",
        "postsuper",
        "postlog",
        "postkick",
        "sendmail",
    ] {
        let output = instance.run(command, &["-Z"]);
        assert!(!output.status.success(), "{command}: {output:?}");
        assert!(
            said(&output).contains(&format!("{command}: fatal: ")),
            "{}",
            said(&output)
        );
        assert!(
            said(&output).contains("usage"),
            "{command}: {}",
            said(&output)
        );
    }
}

#[test]
fn the_queue_cannot_be_listed_while_the_system_is_down() {
    let instance = Setup::new().build();
    std::fs::create_dir_all(instance.path("spool/public")).expect("spool");
    if !kit::instance::privileged() {
        let output = instance.run("postqueue", &["-p"]);
        assert_eq!(output.status.code(), Some(69), "{output:?}");
        assert!(said(&output).contains("mail system is down"), "{output:?}");
    }
}

#[test]
fn a_missing_table_defers_and_warns() {
    let instance = Setup::new()
        .main("virtual_alias_maps = hash:$DIR/etc/not-there")
        .boot();
    let reply = instance.deliver("a@client.example", &[&kit::Instance::account()], "x");
    assert!(reply.starts_with('4'), "{reply}");
    instance.wait_log(&["/etc/not-there.db: No such file or directory"]);
}

#[test]
fn postmap_and_postalias_build_and_answer() {
    let instance = Setup::new()
        .file("table", "key value of key\nKEY2 other\n")
        .build();
    let table = instance.path("etc/table").display().to_string();
    for kind in ["hash", "btree", "lmdb", "cdb"] {
        let built = instance.run("postmap", &[&format!("{kind}:{table}")]);
        assert!(built.status.success(), "{built:?}");
        let found = instance.run("postmap", &["-q", "key2", &format!("{kind}:{table}")]);
        assert_eq!(String::from_utf8_lossy(&found.stdout), "other\n", "{kind}");
        let missing = instance.run("postmap", &["-q", "key3", &format!("{kind}:{table}")]);
        assert_eq!(missing.status.code(), Some(1));
        let dumped = instance.run("postmap", &["-s", &format!("{kind}:{table}")]);
        assert_eq!(
            String::from_utf8_lossy(&dumped.stdout).lines().count(),
            2,
            "{dumped:?}"
        );
    }
}

#[test]
fn daemons_started_by_hand_explain_themselves() {
    let instance = Setup::new().build();
    for daemon in ["smtpd", "cleanup", "qmgr", "local", "pickup"] {
        let output = std::process::Command::new(programs::built().join(daemon))
            .env("MAIL_CONFIG", instance.path("etc"))
            .stdin(std::process::Stdio::null())
            .output()
            .expect("daemon by hand");
        assert!(!output.status.success(), "{daemon}: {output:?}");
        let log = said(&output) + &instance.log();
        assert!(log.contains("fatal: "), "{daemon}: {log}");
    }
}
