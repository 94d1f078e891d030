// SPDX-License-Identifier: MIT OR Apache-2.0
//! One fault, one message, and what must be true afterwards.

use kit::{Instance, Setup};

/// How a message enters the system.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Entry {
    /// Over SMTP: the reply to the final dot is the acknowledgement.
    Smtp,
    /// By the sendmail command: its exit status is the acknowledgement.
    Sendmail,
}

/// Calls that change what is on the disk, in groups that strace counts together.
pub(crate) const CALLS: &[&str] = &[
    "fsync,fdatasync",
    "rename,renameat,renameat2,link,linkat",
    "unlink,unlinkat",
    "write,writev,pwrite64,pwritev,ftruncate",
    "fchmod,chmod,fchmodat,utimensat,futimesat",
];

/// What befalls the program at the n-th call.
pub(crate) const FATES: &[&str] = &["signal=KILL", "error=EIO", "error=ENOSPC"];

/// Runs `program` into `fate` at its first, second … n-th `calls`, until it no longer gets that
/// far, or `limit` is reached. Returns how many times the fault struck.
#[track_caller]
pub(crate) fn strike(program: &str, calls: &str, fate: &str, entry: Entry, limit: u32) -> u32 {
    let mut struck = 0;
    for n in 1..=limit {
        if !one(program, calls, fate, entry, n) {
            break;
        }
        struck += 1;
    }
    struck
}

/// Whether the fault struck at the n-th call; the invariants hold in any case.
#[track_caller]
fn one(program: &str, calls: &str, fate: &str, entry: Entry, n: u32) -> bool {
    let what = format!("{program} {calls}:{fate} at call {n}, {entry:?}");
    let user = Instance::account();
    let witness = tempfile::Builder::new()
        .permissions(open_to_all())
        .tempdir()
        .expect("directory");
    let trace = witness.path().join("trace");
    let mut instance = Setup::new()
        .main(
            "service_throttle_time = 1s\nqueue_run_delay = 2s\nminimal_backoff_time = 1s\n\
               maximal_backoff_time = 2s\nipc_timeout = 10s\nmailbox_delivery_lock = fcntl",
        )
        .strace(
            program,
            &[
                "-o",
                &trace.display().to_string(),
                "-e",
                &format!("trace={calls}"),
                "-e",
                &format!("inject={calls}:{fate}:when={n}"),
            ],
        )
        .build();
    instance.start_disturbed();
    let message = format!(
        "Subject: promise {n}\n\nbegin\n{}end\n",
        "middle\n".repeat(50)
    );
    let acknowledged = match entry {
        Entry::Smtp => instance.try_deliver("a@client.example", &user, &message),
        Entry::Sendmail => instance
            .sendmail(&["-f", "a@client.example", &user], &message)
            .status
            .success(),
    };
    // Give the fault its time: it strikes, or the message gets through.
    let struck = || {
        let text = std::fs::read_to_string(&trace).unwrap_or_default();
        text.contains("killed by SIGKILL") || text.contains("(INJECTED)")
    };
    kit::watch::within(
        std::time::Duration::from_secs(3),
        &instance.path("spool/active"),
        || {
            let delivered = !kit::message::mbox(&instance.mailbox(&user)).is_empty();
            let empty = instance.queue_files().is_empty();
            (struck() || delivered && empty).then_some(())
        },
    );
    let struck = struck();
    instance.stop();
    instance.untrace(program);
    instance.start();
    instance.run("postqueue", &["-f"]);
    instance.wait_empty_queue();
    check(&instance, &what, acknowledged, &message);
    struck
}

/// The promise: an acknowledged message is there, and whatever is there is whole.
#[track_caller]
fn check(instance: &Instance, what: &str, acknowledged: bool, message: &str) {
    let mails = kit::message::mbox(&instance.mailbox(&Instance::account()));
    assert!(
        !acknowledged || !mails.is_empty(),
        "{what}: an acknowledged message is lost\n{}",
        instance.log()
    );
    for mail in &mails {
        let bounced = mail
            .header("Subject")
            .is_some_and(|subject| subject.contains("Undelivered"));
        assert!(
            !bounced,
            "{what}: bounced\n{}\n{}",
            mail.text,
            instance.log()
        );
        assert_eq!(
            mail.body(),
            message.split_once("\n\n").expect("body").1,
            "{what}: not whole"
        );
    }
    assert!(
        mails.len() <= 2,
        "{what}: {} copies\n{}",
        mails.len(),
        instance.log()
    );
}

fn open_to_all() -> std::fs::Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(0o777)
}
