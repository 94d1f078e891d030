// SPDX-License-Identifier: MIT OR Apache-2.0
//! What surrounds a mail system: the environment its programs get and give, and the name it
//! has among other instances.

use kit::{Instance, Setup};

#[test]
fn commands_get_the_environment_that_is_listed() {
    let user = Instance::account();
    let instance = Setup::new()
        .main(
            "import_environment = TZ=UTC, { POSTHORN_MARK = two words }, POSTHORN_HIDDEN=secret\n\
             export_environment = TZ, POSTHORN_MARK, POSTHORN_OWN=given\n\
             mailbox_command = /usr/bin/env; exit 75",
        )
        .boot();
    instance.deliver("a@client.example", &[&user], "Subject: x\n\nbody");
    let line = instance.wait_log(&["status=deferred (temporary failure. Command output:"]);
    for setting in ["POSTHORN_MARK=two words", "POSTHORN_OWN=given", "TZ=UTC"] {
        assert!(line.contains(setting), "{setting} is not in {line}");
    }
    assert!(!line.contains("POSTHORN_HIDDEN"), "{line}");
}

#[test]
fn an_instance_logs_under_its_name() {
    let instance = Setup::new()
        .main("multi_instance_name = postfix-second")
        .boot();
    instance.wait_log(&[" postfix-second/master["]);
}
