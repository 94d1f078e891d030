// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whole conversations with a cleanup that is played here.

use std::cell::RefCell;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use ipc::client::{ClientError, Endpoint};
use ipc::flags::CleanupStatus;
use ipc::record::{self, RecordReader, RecordType};
use ipc::services::cleanup::{self, Reply};
use runtime::log;
use runtime::stream::Stream;
use tempfile::TempDir;

use super::*;
use RecordType as R;

/// A queue directory, and a cleanup that says what it is told to say.
struct Scene {
    root: TempDir,
    log: Rc<RefCell<Vec<String>>>,
    conversations: Rc<RefCell<Vec<Stream>>>,
    verdict: CleanupStatus,
    reachable: bool,
    main_cf: String,
    owner: Option<u32>,
}

impl Scene {
    fn new() -> Scene {
        let root = tempfile::tempdir().expect("a directory");
        fs::create_dir(root.path().join("maildrop")).expect("it is made");
        let log = Rc::new(RefCell::new(Vec::new()));
        log::start("postfix/pickup", vec![log::Sink::Capture(Rc::clone(&log))]);
        Scene {
            root,
            log,
            conversations: Rc::default(),
            verdict: CleanupStatus::empty(),
            reachable: true,
            main_cf: "myhostname = mail.example.com\nmail_owner = root\n".to_owned(),
            owner: None,
        }
    }

    fn submit(&self, id: &str, mode: u32, records: &[(RecordType, &[u8])]) {
        let mut bytes = Vec::new();
        for (kind, data) in records {
            record::write(&mut bytes, *kind, data);
        }
        self.submit_bytes(id, mode, &bytes);
    }

    fn submit_bytes(&self, id: &str, mode: u32, bytes: &[u8]) {
        let path = self.path(id);
        fs::write(&path, bytes).expect("it is written");
        fs::set_permissions(&path, Permissions::from_mode(mode)).expect("it is ours");
    }

    fn path(&self, id: &str) -> std::path::PathBuf {
        self.root.path().join("maildrop").join(id)
    }

    fn cleanup(&self) -> Endpoint {
        let (conversations, verdict) = (Rc::clone(&self.conversations), self.verdict);
        let reachable = self.reachable;
        Endpoint::fake("public/cleanup", move || {
            if !reachable {
                return Err(std::io::ErrorKind::ConnectionRefused.into());
            }
            let (mut server, client) = Stream::pair()?;
            cleanup::announce(&mut server, "ABC123")?;
            Reply {
                status: verdict,
                reason: Vec::new(),
            }
            .write(&mut server)?;
            conversations.borrow_mut().push(server);
            Ok(client)
        })
    }

    /// Runs pickup; gives the log.
    fn run(&self) -> Vec<String> {
        let main_cf = MainCf::from_text(Path::new("/nowhere"), &self.main_cf).expect("it is good");
        let (mut site, _) = site(&main_cf).expect("the values are good");
        if let Some(owner) = self.owner {
            site.owner = owner;
        }
        let layout = Layout::new(self.root.path(), "", 0);
        maildrop::take_all(&site, &layout, &self.cleanup(), Duration::from_secs(5));
        self.log.take()
    }

    /// What cleanup got in its only conversation: flags and records.
    fn received(&self) -> (CleanupFlags, Vec<(RecordType, String)>) {
        let mut conversations = self.conversations.take();
        assert_eq!(conversations.len(), 1);
        let mut stream = conversations.remove(0);
        let flags = cleanup::read_flags(&mut stream).expect("flags");
        let mut reader = RecordReader::new(stream);
        let mut records = Vec::new();
        while let Ok(Some(record)) = reader.next(10_000) {
            records.push((
                record.kind,
                String::from_utf8_lossy(&record.data).into_owned(),
            ));
        }
        (flags, records)
    }
}

const PLAIN: &[(RecordType, &[u8])] = &[
    (R::ArrivalTime, b"1700000000 5"),
    (R::FullName, b"A User"),
    (R::Attribute, b"encoding=8bit"),
    (R::Sender, b"user@example.com"),
    (R::Attribute, b"notify_flags=2"),
    (R::Recipient, b"other@example.com"),
    (R::MessageContent, b""),
    (R::RegularText, b"Subject: hi"),
    (R::RegularText, b""),
    (R::ContinuedText, b"long "),
    (R::RegularText, b"line"),
    (R::ExtractedInformation, b""),
    (R::Recipient, b"third@example.com"),
    (R::End, b""),
];

#[test]
fn a_submission_reaches_cleanup_and_its_file_is_removed() {
    let scene = Scene::new();
    scene.submit("1A2B3C", 0o744, PLAIN);
    let uid = sys::users::effective_uid();
    assert_eq!(
        scene.run(),
        [format!("ABC123: uid={uid} from=<user@example.com>")]
    );
    assert!(!scene.path("1A2B3C").exists());
    let (flags, records) = scene.received();
    assert_eq!(flags, CleanupFlags::BOUNCE | CleanupFlags::EXTERNAL);
    let kinds: Vec<_> = records.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(
        kinds,
        [
            R::ArrivalTime,
            R::FullName,
            R::Attribute,
            R::Sender,
            R::Attribute,
            R::Recipient,
            R::MessageContent,
            R::RegularText,
            R::RegularText,
            R::RegularText,
            R::RegularText,
            R::ContinuedText,
            R::RegularText,
            R::ExtractedInformation,
            R::Recipient,
            R::End,
        ]
    );
    let texts: Vec<_> = records.iter().map(|(_, text)| text.as_str()).collect();
    let received = format!("Received: by mail.example.com (Postfix, from userid {uid})");
    assert_eq!(texts.get(7), Some(&received.as_str()));
    assert!(
        texts
            .get(8)
            .is_some_and(|text| text.starts_with("\tid ABC123; "))
    );
    assert_eq!(texts.get(4), Some(&"notify_flags=2"));
}

#[test]
fn content_filter_and_overrides_are_obeyed() {
    let mut scene = Scene::new();
    scene.main_cf.push_str(
        "content_filter = smtp:[127.0.0.1]:10025\ncompatibility_level = 3.12\n\
         receive_override_options = no_address_mappings, no_milters\n",
    );
    scene.submit("1A2B3C", 0o744, PLAIN);
    scene.run();
    let (flags, records) = scene.received();
    assert_eq!(
        flags,
        CleanupFlags::BOUNCE | CleanupFlags::FILTER | CleanupFlags::AUTOUTF8
    );
    let filter = (R::CONTENT_FILTER, "smtp:[127.0.0.1]:10025".to_owned());
    assert_eq!(records.first(), Some(&filter));
}

#[test]
fn a_requeued_message_loses_what_was_done_and_keeps_what_was_known() {
    let mut scene = Scene::new();
    scene.owner = Some(sys::users::effective_uid());
    scene.submit(
        "1A2B3C",
        0o700,
        &[
            (R::MessageSize, b"1 2 3"),
            (R::ArrivalTime, b"1 2"),
            (R::Attribute, b"create_time=1"),
            (R::Attribute, b"log_client_name=client.example"),
            (R::Sender, b""),
            (R::Attribute, b"dsn_orig_rcpt=rfc822;done@example.com"),
            (R::OriginalRecipient, b"orig-done@example.com"),
            (R::DoneRecipient, b"done@example.com"),
            (R::OriginalRecipient, b"orig@example.com"),
            (R::Recipient, b"left@example.com"),
            (R::Pointer, b"              0"),
            (R::MessageContent, b""),
            (R::RegularText, b"x"),
            (R::ExtractedInformation, b""),
            (R::End, b""),
        ],
    );
    let uid = sys::users::effective_uid();
    assert_eq!(
        scene.run(),
        [format!("ABC123: uid={uid} from=<> orig_id=1A2B3C")]
    );
    let (flags, records) = scene.received();
    assert!(!flags.contains(CleanupFlags::MILTER));
    let envelope: Vec<_> = records
        .iter()
        .skip(1)
        .take_while(|(kind, _)| *kind != R::MessageContent)
        .map(|(_, text)| text.as_str())
        .collect();
    assert_eq!(
        envelope,
        [
            "log_client_name=client.example",
            "",
            "orig@example.com",
            "left@example.com"
        ]
    );
}

#[test]
fn a_file_that_a_user_forged_is_removed_with_a_warning() {
    let head: &[(RecordType, &[u8])] = &[(R::Sender, b"a"), (R::Recipient, b"b")];
    let long = [b'x'; 3000];
    for (forged, why) in [
        (
            (R::DoneRecipient, &b"x"[..]),
            "unexpected or malformed record type 68",
        ),
        (
            (R::Pointer, b"              0"),
            "unexpected or malformed record type 112",
        ),
        (
            (R::Recipient, b"a\nb"),
            "line break or NUL in record of type recipient",
        ),
        (
            (R::Recipient, b"a\0b"),
            "line break or NUL in record of type recipient",
        ),
        (
            (R::Recipient, &long),
            "record of type recipient is too long",
        ),
        ((R::End, b""), "unexpected or malformed record type 69"),
    ] {
        let scene = Scene::new();
        scene.submit("1A2B3C", 0o744, &[head, &[forged]].concat());
        let log = scene.run();
        let [line] = log.as_slice() else {
            panic!("one line: {log:?}")
        };
        assert!(
            line.starts_with("warning: ") && line.ends_with(why),
            "{line}"
        );
        assert!(!scene.path("1A2B3C").exists());
    }
}

#[test]
fn garbage_and_truncation_are_removed() {
    let scene = Scene::new();
    scene.submit_bytes("A", 0o744, b"");
    scene.submit_bytes("B", 0o744, &[0xff; 100]);
    scene.submit_bytes("C", 0o744, b"S\x05ab");
    scene.submit_bytes("D", 0o744, b"S\x00R\x01xM\x00N\x00");
    let log = scene.run();
    assert_eq!(
        log.iter()
            .filter(|line| line.starts_with("warning: "))
            .count(),
        4,
        "{log:?}"
    );
    assert_eq!(
        fs::read_dir(scene.root.path().join("maildrop"))
            .expect("it is there")
            .count(),
        0
    );
}

#[test]
fn a_message_without_sender_is_removed() {
    let scene = Scene::new();
    scene.submit(
        "1A2B3C",
        0o744,
        &[(R::Recipient, b"a"), (R::MessageContent, b"")],
    );
    assert!(
        scene
            .run()
            .iter()
            .any(|line| line.ends_with("no envelope sender"))
    );
    assert!(!scene.path("1A2B3C").exists());
}

#[test]
fn attributes_that_are_not_for_users_are_left_out() {
    let scene = Scene::new();
    scene.submit(
        "1A2B3C",
        0o744,
        &[
            (R::Sender, b"a"),
            (R::Attribute, b"sasl_username=root"),
            (R::Attribute, b"trace_flags=256"),
            (R::DsnNotify, b"1"),
            (R::Recipient, b"b"),
            (R::MessageContent, b""),
            (R::ExtractedInformation, b""),
            (R::End, b""),
        ],
    );
    let log = scene.run();
    assert_eq!(
        log.iter()
            .filter(|line| line.contains("ignoring attribute record"))
            .count(),
        2
    );
    let (_, records) = scene.received();
    let attributes: Vec<_> = records
        .iter()
        .filter(|(kind, _)| *kind == R::Attribute)
        .collect();
    assert_eq!(attributes, [&(R::Attribute, "notify_flags=1".to_owned())]);
}

#[test]
fn a_message_stays_while_cleanup_has_trouble() {
    let mut scene = Scene::new();
    scene.verdict = CleanupStatus::WRITE;
    scene.submit("1A2B3C", 0o744, PLAIN);
    let log = scene.run();
    let last = log.last().expect("a warning");
    assert!(
        last.ends_with("error writing ABC123: queue file write error"),
        "{last}"
    );
    assert!(scene.path("1A2B3C").exists());
    scene.conversations.take();
    scene.verdict = CleanupStatus::RCPT;
    scene.run();
    assert!(
        !scene.path("1A2B3C").exists(),
        "nobody is left to deliver to"
    );
}

#[test]
fn nothing_is_tried_twice_while_cleanup_cannot_be_reached() {
    let mut scene = Scene::new();
    scene.reachable = false;
    scene.submit("1A", 0o744, PLAIN);
    scene.submit("2B", 0o744, PLAIN);
    let log = scene.run();
    assert_eq!(log.len(), 1, "{log:?}");
    assert!(scene.path("1A").exists() && scene.path("2B").exists());
    assert!(matches!(
        scene.cleanup().connect(Duration::from_secs(1)),
        Err(ClientError::Unreachable { .. })
    ));
}

#[test]
fn incomplete_files_links_and_strays_are_left_alone() {
    let scene = Scene::new();
    scene.submit("1A2B3C", 0o644, PLAIN);
    scene.submit("2B", 0o744, PLAIN);
    fs::hard_link(scene.path("2B"), scene.path("3C")).expect("it is linked");
    std::os::unix::fs::symlink("/etc/passwd", scene.path("4D")).expect("it is linked");
    fs::write(scene.path("123.45"), "x").expect("it is written");
    let log = scene.run();
    assert!(scene.conversations.borrow().is_empty(), "{log:?}");
    assert_eq!(
        log.iter()
            .filter(|line| line.ends_with("file has 2 links"))
            .count(),
        2
    );
    for id in ["1A2B3C", "2B", "3C", "4D", "123.45"] {
        assert!(scene.path(id).symlink_metadata().is_ok(), "{id}");
    }
}

#[test]
fn the_time_of_arrival_is_believed_if_it_can_be() {
    let now = sys::clock::unix_seconds(std::time::SystemTime::now());
    let time_of = |written: &str| {
        let scene = Scene::new();
        let records = [
            &[(R::ArrivalTime, written.as_bytes())],
            PLAIN.get(1..).expect("more"),
        ];
        scene.submit("1A2B3C", 0o744, &records.concat());
        scene.run();
        let (_, records) = scene.received();
        let times: Vec<_> = records
            .iter()
            .filter(|(kind, _)| *kind == R::ArrivalTime)
            .collect();
        let [(_, text)] = times.as_slice() else {
            panic!("one time")
        };
        text.clone()
    };
    let written = format!("{} 123456", now - 5);
    assert_eq!(time_of(&written), written);
    for forged in ["1 5", "99999999999 5", "x", "", "1700000000 99999999"] {
        let (seconds, fraction) = (now, " 0");
        let text = time_of(forged);
        let age = text
            .strip_suffix(fraction)
            .and_then(|text| text.parse::<i64>().ok());
        assert!(
            age.is_some_and(|time| (time - seconds).abs() < 100),
            "{forged}: {text}"
        );
    }
}

#[test]
fn a_wrong_override_option_is_fatal() {
    let text = "mail_owner = root\nreceive_override_options = no_such\n";
    let main_cf = MainCf::from_text(Path::new("/nowhere"), text).expect("good syntax");
    let why = site(&main_cf).err().expect("it is refused");
    assert_eq!(
        why,
        "unknown receive_override_options value \"no_such\" in \"no_such\""
    );
}
