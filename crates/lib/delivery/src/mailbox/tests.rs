// SPDX-License-Identifier: MIT OR Apache-2.0
//! Mailboxes and maildirs on a real file system.

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::time::Duration;

use mail::dsn::Status;
use sys::lock::Kind;

use super::{Identity, LockMethods, LockPatience, Maildir, Mbox};
use crate::copy::Style;
use crate::fixture::{captured_log, lines, message};
use crate::request::Message;
use crate::trouble::Trouble;

fn me() -> Identity {
    Identity {
        uid: sys::users::effective_uid(),
        gid: sys::users::effective_gid(),
    }
}

fn mbox(path: &Path) -> Mbox<'_> {
    Mbox {
        path,
        open_as: me(),
        write_as: me(),
        give_to: None,
        owner: None,
        any_kind: false,
        refuse_executable: false,
        locks: LockMethods {
            dotlock: true,
            flock: true,
            fcntl: true,
        },
        dotlock_is_optional: false,
        patience: LockPatience {
            attempts: 2,
            delay: Duration::ZERO,
            stale_after: Duration::from_secs(500),
        },
        default_status: Status::new(5, 2, 0),
        kind_status: Status::new(5, 2, 0),
    }
}

fn hello() -> Message {
    message(&lines(&["Subject: hello", "", "x"]), &["a@example.org"])
}

fn append(mbox: &Mbox<'_>) -> Result<(), String> {
    append_message(mbox, &hello())
}

fn append_message(mbox: &Mbox<'_>, message: &Message) -> Result<(), String> {
    let style = Style {
        blank_line: true,
        ..Style::plain(b"me")
    };
    mbox.append(&mut message.content(), &style)
        .map(|_length_before| ())
        .map_err(|trouble| shown(&trouble))
}

fn shown(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Failed(dsn) => {
            format!("{} {}", dsn.status, String::from_utf8_lossy(&dsn.reason))
        }
        Trouble::CorruptMessage => "corrupt".into(),
    }
}

#[test]
fn messages_follow_each_other_and_no_lock_stays() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("box");
    append(&mbox(&path)).unwrap();
    append(&mbox(&path)).unwrap();
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        "Subject: hello\n\nx\n\n".repeat(2)
    );
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
}

#[test]
fn somebody_elses_lock_file_is_respected_until_it_is_stale() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("box");
    let lock = directory.path().join("box.lock");
    File::create(&lock).unwrap();
    let text = append(&mbox(&path)).unwrap_err();
    assert_eq!(
        text,
        format!(
            "4.2.0 unable to create lock file {}: File exists",
            lock.display()
        )
    );
    assert!(lock.exists() && !path.exists());
    let mut impatient = mbox(&path);
    // The lock file was made in this second, or one second ago.
    impatient.patience.stale_after = Duration::ZERO;
    impatient.patience.attempts = 2000;
    impatient.patience.delay = Duration::from_millis(1);
    append(&impatient).unwrap();
    assert!(!lock.exists());
}

#[test]
fn a_kernel_lock_of_somebody_else_is_respected() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("box");
    fs::write(&path, "old\n").unwrap();
    let other = File::open(&path).unwrap();
    sys::lock::lock(&other, Kind::Exclusive).unwrap();
    let text = append(&mbox(&path)).unwrap_err();
    assert_eq!(
        text,
        "4.2.0 unable to lock for exclusive access: Resource temporarily unavailable"
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), "old\n");
    assert!(!directory.path().join("box.lock").exists());
}

#[test]
fn a_failed_write_leaves_the_old_content() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("box");
    fs::write(&path, "old\n").unwrap();
    let content: [(ipc::record::RecordType, &[u8]); 2] = [
        (ipc::record::RecordType::RegularText, &[b'x'; 100_000]),
        (ipc::record::RecordType::Sender, b"not content"),
    ];
    let _log = captured_log();
    let damaged = message(&content, &[]);
    assert_eq!(
        append_message(&mbox(&path), &damaged).unwrap_err(),
        "corrupt"
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), "old\n");
}

#[test]
fn links_and_directories_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    // Where others may write, even a link of root is not followed.
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let at = |name: &str| directory.path().join(name);
    fs::write(at("target"), "").unwrap();
    std::os::unix::fs::symlink(at("target"), at("soft")).unwrap();
    assert_eq!(
        append(&mbox(&at("soft"))).unwrap_err(),
        "5.2.0 file is a symbolic link"
    );
    fs::hard_link(at("target"), at("hard")).unwrap();
    assert_eq!(
        append(&mbox(&at("target"))).unwrap_err(),
        "5.2.0 file has 2 hard links"
    );
    fs::create_dir(at("dir")).unwrap();
    assert!(append(&mbox(&at("dir"))).is_err());
    assert_eq!(fs::read(at("target")).unwrap(), b"");
}

#[test]
fn a_mailbox_of_another_owner_and_an_executable_file_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("box");
    fs::write(&path, "").unwrap();
    let strict = Mbox {
        owner: Some(me().uid + 1),
        ..mbox(&path)
    };
    let text = append(&strict).unwrap_err();
    assert!(
        text.ends_with("is not owned by recipient") && text.starts_with("4.2.0"),
        "{text}"
    );
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    let careful = Mbox {
        refuse_executable: true,
        ..mbox(&path)
    };
    assert_eq!(append(&careful).unwrap_err(), "5.7.1 file is executable");
}

#[test]
fn a_device_is_written_without_locks() {
    let null = Mbox {
        any_kind: true,
        ..mbox(Path::new("/dev/null"))
    };
    append(&null).unwrap();
    let text = append(&mbox(Path::new("/dev/null"))).unwrap_err();
    assert!(text.starts_with("5.2.0"), "{text}");
}

#[test]
fn a_missing_directory_has_the_status_of_the_caller() {
    let text = append(&mbox(Path::new("/nonexistent/box"))).unwrap_err();
    assert!(text.starts_with("5.2.0 "), "{text}");
    assert!(text.ends_with("No such file or directory"), "{text}");
}

fn add(path: &Path, message: &Message) -> Result<(), String> {
    let default_status = Status::new(5, 2, 0);
    let maildir = Maildir {
        path,
        identity: me(),
        host: "host.example",
        default_status,
    };
    let style = Style::plain(b"me");
    maildir
        .add(&mut message.content(), &style)
        .map_err(|trouble| shown(&trouble))
}

#[test]
fn a_maildir_is_made_on_demand_and_holds_one_file_per_message() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("deep/Maildir");
    add(&path, &hello()).unwrap();
    add(&path, &hello()).unwrap();
    let new: Vec<_> = fs::read_dir(path.join("new"))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(new.len(), 2);
    let name = new[0].file_name().into_string().unwrap();
    let inode = fs::metadata(new[0].path()).unwrap().ino();
    assert!(
        name.contains(&format!("I{inode:x}M")) && name.ends_with(".host.example"),
        "{name}"
    );
    assert_eq!(
        fs::read_to_string(new[0].path()).unwrap(),
        "Subject: hello\n\nx\n"
    );
    assert_eq!(fs::read_dir(path.join("tmp")).unwrap().count(), 0);
    assert!(path.join("cur").is_dir());
}

#[test]
fn a_failed_maildir_delivery_leaves_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let content: [(ipc::record::RecordType, &[u8]); 1] = [(ipc::record::RecordType::Sender, b"x")];
    let _log = captured_log();
    assert_eq!(
        add(directory.path(), &message(&content, &[])).unwrap_err(),
        "corrupt"
    );
    assert_eq!(
        fs::read_dir(directory.path().join("tmp")).unwrap().count(),
        0
    );
    assert!(!directory.path().join("new").exists());
}

#[test]
fn lock_methods_are_words_of_a_list() {
    let methods = LockMethods::parse("fcntl, Dotlock").unwrap();
    assert!(methods.fcntl && methods.dotlock && !methods.flock);
    assert_eq!(LockMethods::parse("lockf").unwrap_err(), "lockf");
}
