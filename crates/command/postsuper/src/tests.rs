// SPDX-License-Identifier: MIT OR Apache-2.0
//! A queue in a temporary directory, and what is done to it.

use crate::options::{self, Command};
use crate::{Interrupted, work};
use queue::id::IdForm;
use queue::{Layout, Queue, QueueId};
use runtime::log;
use std::cell::RefCell;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

struct Spool {
    directory: TempDir,
    layout: Layout,
    lines: Rc<RefCell<Vec<String>>>,
}

impl Spool {
    fn new() -> Spool {
        let directory = tempfile::tempdir().unwrap();
        for queue in Queue::ALL {
            fs::create_dir(directory.path().join(queue.name())).unwrap();
        }
        let layout = Layout::new(directory.path(), "deferred defer", 1);
        let lines = Rc::new(RefCell::new(Vec::new()));
        log::start("postfix/postsuper", vec![log::Sink::Capture(lines.clone())]);
        Spool {
            directory,
            layout,
            lines,
        }
    }

    /// A file at this place, of this mode and age.
    fn file(&self, place: &str, mode: u32, days: u64) -> PathBuf {
        let path = self.directory.path().join(place);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "x").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        let time = SystemTime::now() - Duration::from_secs(days * 86400);
        sys::files::set_times(&fs::File::open(&path).unwrap(), time).unwrap();
        path
    }

    /// A message under its right name.
    fn message(&self, queue: Queue) -> QueueId {
        let path = self.file("new", 0o700, 0);
        let id = QueueId::new(
            IdForm::Short,
            1,
            0x12345,
            fs::metadata(&path).unwrap().ino(),
        );
        self.layout.create_directories(queue, &id).unwrap();
        fs::rename(path, self.layout.path(queue, &id)).unwrap();
        id
    }

    fn log_of(&self, log: Queue, id: &QueueId) {
        self.layout.create_directories(log, id).unwrap();
        fs::write(self.layout.path(log, id), "recipient=a@b\n\n").unwrap();
    }

    fn has(&self, queue: Queue, id: &QueueId) -> bool {
        self.layout.path(queue, id).exists()
    }

    fn exists(&self, place: &str) -> bool {
        self.directory.path().join(place).symlink_metadata().is_ok()
    }

    fn run(&self, arguments: &[&str]) -> Result<(), String> {
        self.run_with(arguments, "", IdForm::Short)
    }

    fn run_with(&self, arguments: &[&str], input: &str, form: IdForm) -> Result<(), String> {
        let arguments = arguments.iter().map(std::ffi::OsString::from).collect();
        let command: Command = options::parse(arguments).unwrap();
        work(
            &command,
            &self.layout,
            form,
            input.as_bytes(),
            &Interrupted::never(),
        )
    }

    fn said(&self) -> Vec<String> {
        self.lines.take()
    }
}

#[test]
fn single_messages_are_deleted_with_their_logs() {
    let spool = Spool::new();
    let [active, deferred, kept] =
        [Queue::Active, Queue::Deferred, Queue::Hold].map(|queue| spool.message(queue));
    spool.log_of(Queue::Defer, &deferred);
    spool.log_of(Queue::Bounce, &deferred);
    spool
        .run(&[
            "-d",
            active.as_str(),
            "-d",
            "F00DF00D",
            "-d",
            deferred.as_str(),
        ])
        .unwrap();
    assert!(!spool.has(Queue::Active, &active) && !spool.has(Queue::Deferred, &deferred));
    assert!(!spool.has(Queue::Defer, &deferred) && !spool.has(Queue::Bounce, &deferred));
    assert!(spool.has(Queue::Hold, &kept));
    assert_eq!(
        spool.said(),
        [
            format!("{active}: removed"),
            format!("{deferred}: removed"),
            "Deleted: 2 messages".to_owned()
        ]
    );
}

#[test]
fn queue_ids_come_from_standard_input_too() {
    let spool = Spool::new();
    let id = spool.message(Queue::Incoming);
    spool
        .run_with(&["-d", "-"], &format!(" {id} \na/b\n"), IdForm::Short)
        .unwrap();
    assert_eq!(
        spool.said(),
        [
            format!("{id}: removed"),
            "warning: invalid mail queue id: a/b".to_owned(),
            "Deleted: 1 message".to_owned()
        ]
    );
}

#[test]
fn all_messages_are_held_and_released_without_naming_them() {
    let spool = Spool::new();
    let ids: Vec<_> = [
        Queue::Incoming,
        Queue::Active,
        Queue::Deferred,
        Queue::Maildrop,
    ]
    .map(|queue| spool.message(queue))
    .to_vec();
    spool.run(&["-h", "ALL"]).unwrap();
    assert!(ids[..3].iter().all(|id| spool.has(Queue::Hold, id)));
    assert!(
        spool.has(Queue::Maildrop, &ids[3]),
        "mail there is not checked yet"
    );
    spool.run(&["-H", "ALL"]).unwrap();
    assert!(ids[..3].iter().all(|id| spool.has(Queue::Deferred, id)));
    assert_eq!(
        spool.said(),
        [
            "Placed on hold: 3 messages",
            "Released from hold: 3 messages"
        ]
    );
}

#[test]
fn requeued_mail_goes_to_maildrop_with_a_new_time() {
    let spool = Spool::new();
    let id = spool.message(Queue::Deferred);
    let path = spool.layout.path(Queue::Deferred, &id);
    let past = SystemTime::now() - Duration::from_secs(10_000);
    sys::files::set_times(&fs::File::open(&path).unwrap(), past).unwrap();
    spool.run(&["-r", id.as_str()]).unwrap();
    let metadata = fs::metadata(spool.layout.path(Queue::Maildrop, &id)).unwrap();
    assert!(metadata.modified().unwrap() > SystemTime::now() - Duration::from_secs(100));
    assert_eq!(
        spool.said(),
        [format!("{id}: requeued"), "Requeued: 1 message".to_owned()]
    );
}

#[test]
fn expired_messages_are_marked_and_released_when_asked() {
    let spool = Spool::new();
    let (hold, other) = (spool.message(Queue::Hold), spool.message(Queue::Hold));
    spool
        .run(&["-e", hold.as_str(), "-f", other.as_str()])
        .unwrap();
    let mode = |queue, id| fs::metadata(spool.layout.path(queue, id)).unwrap().mode() & 0o777;
    assert_eq!(mode(Queue::Hold, &hold), 0o710);
    assert_eq!(mode(Queue::Deferred, &other), 0o710);
    assert_eq!(
        spool.said(),
        [
            format!("{hold}: expired"),
            format!("{other}: expired"),
            format!("{other}: released from hold"),
            "Force-expired: 2 messages".to_owned(),
            "Released from hold: 1 message".to_owned()
        ]
    );
}

#[test]
fn incomplete_files_are_left_to_those_who_write_them() {
    let spool = Spool::new();
    let id = spool.message(Queue::Incoming);
    let path = spool.layout.path(Queue::Incoming, &id);
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    spool.run(&["-d", "ALL"]).unwrap();
    assert!(path.exists());
    assert_eq!(spool.said(), ["Deleted: 0 messages"]);
}

#[test]
fn only_the_named_queues_are_worked_on() {
    let spool = Spool::new();
    let (active, hold) = (spool.message(Queue::Active), spool.message(Queue::Hold));
    spool.run(&["-d", "ALL", "hold"]).unwrap();
    assert!(spool.has(Queue::Active, &active) && !spool.has(Queue::Hold, &hold));
}

#[test]
fn stale_files_are_purged_and_others_are_not() {
    let spool = Spool::new();
    for (place, mode, days) in [
        ("incoming/123.456", 0o600, 8),
        ("incoming/ABCDE1", 0o600, 8),
        ("maildrop/ABCDE2", 0o644, 8),
        ("incoming/ABCDE3", 0o600, 1),
        ("incoming/ABCDE4", 0o700, 8),
        ("trace/ABCDE5", 0o600, 8),
        ("corrupt/ABCDE6", 0o600, 8),
    ] {
        spool.file(place, mode, days);
    }
    spool.run(&["-p"]).unwrap();
    let left = [
        "incoming/ABCDE3",
        "incoming/ABCDE4",
        "trace/ABCDE5",
        "corrupt/ABCDE6",
    ];
    assert!(left.iter().all(|place| spool.exists(place)));
    for gone in ["incoming/123.456", "incoming/ABCDE1", "maildrop/ABCDE2"] {
        assert!(!spool.exists(gone), "{gone}");
    }
}

#[test]
fn files_move_to_their_directories_and_needless_directories_go() {
    let spool = Spool::new();
    let (flat, deep) = (
        spool.message(Queue::Deferred),
        spool.message(Queue::Incoming),
    );
    let right = spool.layout.path(Queue::Deferred, &flat);
    fs::rename(
        &right,
        spool.directory.path().join("deferred").join(flat.as_str()),
    )
    .unwrap();
    fs::create_dir_all(spool.directory.path().join("incoming/1/2")).unwrap();
    let wrong = spool
        .directory
        .path()
        .join("incoming/1/2")
        .join(deep.as_str());
    fs::rename(spool.layout.path(Queue::Incoming, &deep), wrong).unwrap();
    spool.run(&["-s"]).unwrap();
    assert!(spool.has(Queue::Deferred, &flat) && spool.has(Queue::Incoming, &deep));
    assert!(!spool.exists("incoming/1"));
    assert_eq!(spool.said(), [""; 0]);
}

#[test]
fn names_are_made_to_match_inode_numbers_and_logs_follow() {
    let spool = Spool::new();
    let path = spool.file("deferred/1/12345FFFF", 0o700, 0);
    let wrong = QueueId::parse("12345FFFF").unwrap();
    spool.log_of(Queue::Defer, &wrong);
    spool.log_of(Queue::Bounce, &wrong);
    let right = wrong
        .with_inode(fs::metadata(&path).unwrap().ino())
        .unwrap();
    spool.run(&[]).unwrap();
    for queue in [Queue::Deferred, Queue::Defer, Queue::Bounce] {
        assert!(spool.has(queue, &right), "{queue:?}");
        assert!(!spool.has(queue, &wrong), "{queue:?}");
    }
    assert_eq!(
        spool.said(),
        [
            "Renamed to match inode number: 1 message",
            "warning: QUEUE FILE NAMES WERE CHANGED TO MATCH INODE NUMBERS"
        ]
    );
}

#[test]
fn messages_with_each_others_names_exchange_them() {
    let spool = Spool::new();
    let (one, other) = (spool.message(Queue::Hold), spool.message(Queue::Hold));
    let path = |id| spool.layout.path(Queue::Hold, id);
    fs::write(path(&one), "one").unwrap();
    fs::write(path(&other), "other").unwrap();
    let aside = spool.directory.path().join("aside");
    fs::rename(path(&one), &aside).unwrap();
    fs::rename(path(&other), path(&one)).unwrap();
    fs::rename(&aside, path(&other)).unwrap();
    // The logs have the names of the files, not of the inodes.
    for (id, text) in [(&one, "log of other"), (&other, "log of one")] {
        spool.log_of(Queue::Defer, id);
        fs::write(spool.layout.path(Queue::Defer, id), text).unwrap();
    }
    spool.run(&["-s"]).unwrap();
    let log = |id| fs::read_to_string(spool.layout.path(Queue::Defer, id)).unwrap();
    assert_eq!(
        (log(&one).as_str(), log(&other).as_str()),
        ("log of one", "log of other")
    );
    assert_eq!(spool.said()[0], "Renamed to match inode number: 2 messages");
    assert_eq!(fs::read_to_string(path(&one)).unwrap(), "one");
    assert_eq!(fs::read_to_string(path(&other)).unwrap(), "other");
    assert_eq!(
        fs::read_dir(spool.directory.path().join("hold"))
            .unwrap()
            .count(),
        2
    );
}

#[test]
fn after_names_were_changed_queue_ids_are_not_believed() {
    let spool = Spool::new();
    spool.file("hold/12345FFFF", 0o700, 0);
    let refused = spool.run(&["-s", "-d", "12345FFFF"]).unwrap_err();
    assert_eq!(refused, "CHECK YOUR QUEUE IDS AND RE-ISSUE THE COMMAND");
    assert_eq!(
        spool.said(),
        [
            "error: QUEUE FILE NAMES WERE CHANGED TO MATCH INODE NUMBERS",
            "warning: OPERATION INCOMPLETE -- RERUN COMMAND TO FIX THE QUEUE FIRST"
        ]
    );
    spool.run(&["-d", "ALL"]).unwrap();
}

#[test]
fn long_names_become_short_only_when_short_ones_are_wanted() {
    let spool = Spool::new();
    let path = spool.file("new", 0o700, 0);
    let inode = fs::metadata(&path).unwrap().ino();
    let long = QueueId::new(IdForm::Long, 1_700_000_000, 0x12345, inode);
    let elsewhere = long.with_inode(inode + 1).unwrap();
    fs::rename(path, spool.layout.path(Queue::Hold, &elsewhere)).unwrap();
    spool.run_with(&["-s"], "", IdForm::Long).unwrap();
    assert!(spool.has(Queue::Hold, &elsewhere));
    spool.run_with(&["-S"], "", IdForm::Long).unwrap();
    assert!(spool.has(Queue::Hold, &long));
    spool.run_with(&["-s"], "", IdForm::Short).unwrap();
    let short = QueueId::new(IdForm::Short, 1, 0x12345, inode);
    assert!(spool.has(Queue::Hold, &short));
}

#[test]
fn odd_names_are_told_once_and_left() {
    let spool = Spool::new();
    spool.file("hold/odd-name", 0o700, 0);
    spool.file("hold/ABC", 0o700, 0);
    std::os::unix::fs::symlink("/etc/passwd", spool.directory.path().join("hold/ABCDEF")).unwrap();
    spool.run(&["-s"]).unwrap();
    let said = spool.said();
    assert_eq!(said.len(), 3);
    assert!(
        said.iter()
            .all(|line| line.starts_with("warning: bogus file name: ")),
        "{said:?}"
    );
    assert!(spool.exists("hold/ABCDEF"));
}
