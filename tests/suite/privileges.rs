// SPDX-License-Identifier: MIT OR Apache-2.0
//! With root: mail_owner and setgid_group are used, the set-gid commands work for everybody, and a
//! chrooted server serves.

use kit::instance::privileged;
use kit::{Instance, Setup};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::Command;

/// User ids and root directories of the processes whose program has this name.
fn processes(instance: &Instance, name: &str) -> Vec<(u32, String)> {
    let group = instance.master_pid().expect("master runs").to_string();
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").expect("proc").flatten() {
        let path = entry.path();
        let Ok(stat) = std::fs::read_to_string(path.join("stat")) else {
            continue;
        };
        let (head, fields) = stat.rsplit_once(") ").unwrap_or_default();
        let comm = head.split_once('(').map_or("", |(_, comm)| comm);
        if comm != name || fields.split(' ').nth(2) != Some(&group) {
            continue;
        }
        let status = std::fs::read_to_string(path.join("status")).unwrap_or_default();
        let ids = status.lines().find_map(|line| line.strip_prefix("Uid:"));
        let uid = ids.and_then(|ids| ids.split_whitespace().nth(1)?.parse().ok());
        // A process that ended meanwhile has neither.
        if let (Some(uid), Ok(root)) = (uid, std::fs::read_link(path.join("root"))) {
            found.push((uid, root.display().to_string()));
        }
    }
    found
}

/// Waits until processes of this name run and all are as they should be: one that has just been
/// started still is what master is.
#[track_caller]
fn wait_processes(instance: &Instance, name: &str, right: impl Fn(u32, &str) -> bool) {
    let all_right = || {
        let running = processes(instance, name);
        let right = running.iter().all(|(uid, root)| right(*uid, root));
        (!running.is_empty() && right).then_some(())
    };
    let what = format!("{name} with the right user and root");
    kit::watch::until(&instance.path("log"), &what, all_right, || {
        format!("{:?}", processes(instance, name))
    });
}

#[test]
fn daemons_run_as_mail_owner_and_master_as_root() {
    if !privileged() {
        return;
    }
    let instance = Setup::new().boot();
    instance.deliver("a@client.example", &["alice"], "Subject: x\n\nbody");
    instance.wait_mail("alice", 1);
    for name in ["smtpd", "cleanup", "qmgr", "pickup", "trivial-rewrite"] {
        wait_processes(&instance, name, |uid, _| uid == 951);
    }
    assert_eq!(processes(&instance, "master")[0].0, 0);
    let mailbox = std::fs::metadata(instance.mailbox("alice")).expect("mailbox");
    assert_eq!(
        (mailbox.uid(), mailbox.permissions().mode() & 0o777),
        (1951, 0o600)
    );
}

#[test]
fn a_chrooted_server_serves() {
    if !privileged() {
        return;
    }
    let instance = Setup::new()
        .master("smtp inet n - y - - smtpd\nrewrite unix - - y - - trivial-rewrite\ncleanup unix n - y - 0 cleanup")
        .boot();
    instance.deliver("a@client.example", &["alice"], "Subject: x\n\nbody");
    instance.wait_mail("alice", 1);
    let spool = instance.path("spool").display().to_string();
    for name in ["smtpd", "trivial-rewrite", "cleanup"] {
        wait_processes(&instance, name, |_, root| root == spool);
    }
}

#[test]
fn everybody_can_send_and_list_through_the_set_gid_commands() {
    if !privileged() {
        return;
    }
    let mut instance = Setup::new().main("default_transport = retry:later").build();
    instance.start();
    let as_alice = |program: &str, arguments: &[&str], input: &str| {
        use std::io::Write;
        let mut child = Command::new("setpriv")
            .args(["--reuid", "alice", "--regid", "alice", "--clear-groups"])
            .arg(instance.path("bin").join(program))
            .args(arguments)
            .env("MAIL_CONFIG", instance.path("etc"))
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("setpriv");
        child
            .stdin
            .take()
            .expect("stdin")
            .write_all(input.as_bytes())
            .ok();
        child.wait_with_output().expect("output")
    };
    // A set-gid program trusts a foreign configuration directory only if the default one says so.
    let default = Path::new("/etc/postfix/main.cf");
    std::fs::write(default, "").expect("default main.cf");
    let refused = as_alice("postqueue", &["-p"], "");
    let text = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        !refused.status.success() && text.contains("fatal: "),
        "{refused:?}"
    );
    let trusted = format!(
        "alternate_config_directories = {}\n",
        instance.path("etc").display()
    );
    std::fs::write(default, trusted).expect("default main.cf");
    let sent = as_alice("sendmail", &["b@elsewhere.example"], "Subject: x\n\nbody\n");
    assert!(sent.status.success(), "{sent:?}\n{}", instance.log());
    instance.wait_log(&["status=deferred (later)"]);
    let listed = as_alice("postqueue", &["-p"], "");
    let text = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(text.contains("alice@mail.example.test"), "{listed:?}");
}

#[test]
fn the_spool_has_the_owners_and_modes_of_the_original() {
    if !privileged() {
        return;
    }
    let instance = Setup::new().boot();
    for (name, mode, uid, gid) in [
        ("incoming", 0o700, 951, None),
        ("active", 0o700, 951, None),
        ("deferred", 0o700, 951, None),
        ("maildrop", 0o730, 951, Some(952)),
        ("public", 0o710, 951, Some(952)),
        ("private", 0o700, 951, None),
        ("pid", 0o755, 0, None),
    ] {
        let meta = std::fs::metadata(instance.path("spool").join(name)).expect(name);
        assert_eq!(meta.permissions().mode() & 0o7777, mode, "{name}");
        assert_eq!(meta.uid(), uid, "{name}");
        assert!(gid.is_none_or(|gid| meta.gid() == gid), "{name}");
    }
}
