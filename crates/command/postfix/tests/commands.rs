// SPDX-License-Identifier: MIT OR Apache-2.0
//! The real postfix(1) with fakes in the place of the programs it starts.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod instance;

use std::os::unix::fs::{MetadataExt, PermissionsExt};

use instance::Instance;

#[test]
fn start_makes_directories_checks_and_waits_for_master() {
    let instance = Instance::build();
    let (status, text) = instance.run(&["start"]);
    assert_eq!(status, 0, "{text}");
    assert_eq!(
        text,
        "postfix/postfix-script: starting the Postfix mail system\n"
    );
    assert!(instance.log().contains(" postfix/postfix-script["));
    assert_eq!(instance.calls(), ["postsuper", "postconf", "master -w"]);
    let mode = |name: &str| {
        let metadata = std::fs::metadata(instance.path("queue").join(name)).unwrap();
        (
            metadata.permissions().mode() & 0o7777,
            metadata.uid(),
            metadata.gid(),
        )
    };
    let (owner, group) = (instance.owner, instance.group);
    assert_eq!(mode("active").0, 0o700);
    assert_eq!(mode("active").1, owner);
    assert_eq!(mode("maildrop"), (0o730, owner, group));
    assert_eq!(mode("public"), (0o710, owner, group));
    assert_eq!(mode("pid").0, 0o755);
    assert_eq!(mode("pid").1, sys::users::real_uid());
}

#[test]
fn start_twice_and_stop_twice_are_refused() {
    let instance = Instance::build();
    assert_eq!(instance.run(&["start"]).0, 0);
    let (status, text) = instance.run(&["start"]);
    assert_eq!(status, 1);
    assert_eq!(
        text,
        "postfix/postfix-script: fatal: the Postfix mail system is already running\n"
    );
    let (status, text) = instance.run(&["stop"]);
    assert_eq!((status, text.lines().count()), (0, 1), "{text}");
    assert_eq!(
        text,
        "postfix/postfix-script: stopping the Postfix mail system\n"
    );
    for command in ["stop", "abort", "drain", "reload", "quick-stop"] {
        let (status, text) = instance.run(&[command]);
        assert_eq!(status, 1);
        assert_eq!(
            text, "postfix/postfix-script: fatal: the Postfix mail system is not running\n",
            "{command}"
        );
    }
}

#[test]
fn status_tells_by_exit_code_and_text() {
    let instance = Instance::build();
    let (status, text) = instance.run(&["status"]);
    assert_eq!(status, 1);
    assert_eq!(
        text,
        "postfix/postfix-script: the Postfix mail system is not running\n"
    );
    instance.run(&["start"]);
    let (status, text) = instance.run(&["status"]);
    assert_eq!(status, 0);
    let want = "postfix/postfix-script: the Postfix mail system is running: PID: ";
    assert_eq!(text, format!("{want}{}\n", instance.master_pid()));
}

#[test]
fn a_master_that_does_not_stop_is_killed_after_five_seconds() {
    let instance = Instance::build();
    instance.set("FAKE_STUBBORN");
    instance.run(&["start"]);
    let (status, text) = instance.run(&["stop"]);
    assert_eq!(status, 0);
    assert_eq!(
        text.matches("waiting for the Postfix mail system to terminate")
            .count(),
        5
    );
    assert!(
        text.ends_with("warning: stopping the Postfix mail system with force\n"),
        "{text}"
    );
    instance.wait_until_stopped();
}

#[test]
fn reload_checks_the_active_queue_and_signals_master() {
    let instance = Instance::build();
    instance.run(&["start"]);
    instance.forget_calls();
    let (status, text) = instance.run(&["reload"]);
    assert_eq!(status, 0, "{text}");
    assert_eq!(
        text,
        "postfix/postfix-script: refreshing the Postfix mail system\n"
    );
    instance.wait_for_calls(&["postconf", "postsuper active", "SIGHUP", "postsuper"]);
}

#[test]
fn a_failing_master_and_a_failing_check_are_told_apart() {
    let instance = Instance::build();
    instance.set("FAKE_BROKEN_master");
    let (status, text) = instance.run(&["start"]);
    assert_eq!(status, 1);
    assert!(
        text.ends_with("fatal: mail system startup failed\n"),
        "{text}"
    );
    instance.set("FAKE_BROKEN_postsuper");
    let (status, text) = instance.run(&["start"]);
    assert_eq!(status, 1);
    assert!(
        text.ends_with("fatal: Postfix integrity check failed!\n"),
        "{text}"
    );
}

#[test]
fn quick_stop_makes_the_next_start_skip_the_checks() {
    let instance = Instance::build();
    instance.run(&["start"]);
    assert_eq!(instance.run(&["quick-stop"]).0, 0);
    assert!(instance.path("queue/quick-start").exists());
    instance.forget_calls();
    assert_eq!(instance.run(&["start"]).0, 0);
    assert_eq!(instance.calls(), ["master -w"]);
    assert!(!instance.path("queue/quick-start").exists());
}

#[test]
fn check_finds_what_others_could_write_and_what_is_damaged() {
    let instance = Instance::build();
    assert_eq!(instance.run(&["check"]), (0, String::new()));
    std::fs::write(instance.path("queue/corrupt/ABC"), "").unwrap();
    let writable = instance.path("config/main.cf");
    std::fs::set_permissions(writable, std::fs::Permissions::from_mode(0o666)).unwrap();
    std::fs::create_dir(instance.path("queue/etc")).unwrap();
    std::fs::write(instance.path("queue/etc/passwd"), "other").unwrap();
    let (status, text) = instance.run(&["check"]);
    assert_eq!(status, 0);
    let at = instance.path("config");
    let queue = instance.path("queue");
    for finding in [
        format!(
            "warning: group or other writable: {}/./main.cf\n",
            at.display()
        ),
        "warning: damaged message: corrupt/ABC\n".to_owned(),
        format!(
            "warning: {}/etc/passwd and /etc/passwd differ\n",
            queue.display()
        ),
    ] {
        assert!(text.contains(&finding), "no {finding} in {text}");
    }
}

#[test]
fn a_missing_postlog_service_is_named_and_can_be_added() {
    let instance = Instance::build();
    std::fs::write(
        instance.path("config/master.cf"),
        "qmgr unix n - n 300 1 qmgr\n",
    )
    .unwrap();
    let (status, text) = instance.run(&["check"]);
    assert_eq!(status, 1);
    assert!(
        text.contains(
            "fatal: missing 'postlog' service in master.cf - run 'postfix upgrade-configuration'"
        ),
        "{text}"
    );
    let (status, text) = instance.run(&["upgrade-configuration"]);
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("adding missing entry for postlog service"));
    assert_eq!(instance.run(&["check"]), (0, String::new()));
    let (_, text) = instance.run(&["upgrade-configuration"]);
    assert_eq!(text, "");
}

#[test]
fn set_permissions_repairs_directories() {
    let instance = Instance::build();
    instance.run(&["check"]);
    let maildrop = instance.path("queue/maildrop");
    std::fs::set_permissions(&maildrop, std::fs::Permissions::from_mode(0o777)).unwrap();
    let (status, text) = instance.run(&["set-permissions"]);
    assert_eq!(status, 0, "{text}");
    assert_eq!(
        maildrop.metadata().unwrap().permissions().mode() & 0o777,
        0o730
    );
}

#[test]
fn start_fg_passes_signals_on_and_ends_with_master() {
    let instance = Instance::build();
    let child = instance.start(&["start-fg"]);
    instance.wait_for_calls(&["postsuper", "postconf", "master -s"]);
    instance.wait_until_running();
    sys::spawn::kill(child.pid, sys::signal::Signal::SIGTERM).unwrap();
    let ended = sys::spawn::wait(child.pid, Some(instance::PATIENCE)).unwrap();
    assert_eq!(ended, Some(sys::spawn::Ended::Exited(0)));
    instance.wait_until_stopped();
}

#[test]
fn the_log_file_is_rotated_and_compressed() {
    let instance = Instance::build();
    instance.run(&["status"]);
    let (status, text) = instance.run(&["logrotate"]);
    assert_eq!(status, 0, "{text}");
    let names = instance.names_beginning_with("maillog.");
    assert!(
        names.len() == 1 && names.first().unwrap().ends_with(".gz"),
        "{names:?}"
    );
    assert_eq!(instance.run(&["logrotate", "x"]).0, 1);
}

#[test]
fn mistakes_are_one_clear_line() {
    let instance = Instance::build();
    let (status, text) = instance.run(&["dance"]);
    assert_eq!(status, 1);
    assert!(text.starts_with(
        "postfix/postfix-script: fatal: unknown command: 'dance'. Usage: postfix start (or stop,"
    ), "{text}");
    let (status, text) = instance.run(&[]);
    assert_eq!(status, 1);
    assert_eq!(
        text,
        "postfix: fatal: usage: postfix [-c config_dir] [-Dv] command\n"
    );
    std::fs::remove_dir_all(instance.path("queue")).unwrap();
    let (status, text) = instance.run(&["start"]);
    assert_eq!(status, 1);
    assert!(
        text.contains("fatal: no Postfix queue directory "),
        "{text}"
    );
}

#[test]
fn old_defaults_are_mentioned() {
    let instance = Instance::build();
    instance.add_to_main_cf("compatibility_level = 2\n");
    let (_, text) = instance.run(&["status"]);
    assert!(
        text.contains("postfix: Postfix is running with backwards-compatible default settings\n"),
        "{text}"
    );
    assert!(text.contains("\"postconf compatibility_level=3.11\" and \"postfix reload\""));
}
