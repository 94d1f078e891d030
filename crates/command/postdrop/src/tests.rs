// SPDX-License-Identifier: MIT OR Apache-2.0
//! Submissions, good and forged, into a private maildrop.

use std::cell::RefCell;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::rc::Rc;

use config::MainCf;
use ipc::record::{self, RecordReader, RecordType as R};
use tempfile::TempDir;

use super::*;

const GOOD: &[(R, &[u8])] = &[
    (R::FullName, b"A User"),
    (R::Attribute, b"encoding=8bit"),
    (R::Sender, b"user@example.com"),
    (R::Recipient, b"other@example.com"),
    (R::MessageContent, b""),
    (R::RegularText, b"text with \0 and \r inside"),
    (R::ExtractedInformation, b""),
    (R::Recipient, b"third@example.com"),
    (R::End, b""),
];

/// A maildrop, and what was logged.
struct Scene {
    root: TempDir,
    log: Rc<RefCell<Vec<String>>>,
    main_cf: MainCf,
}

impl Scene {
    fn new(settings: &str) -> Scene {
        let root = tempfile::tempdir().expect("a directory");
        fs::create_dir(root.path().join("maildrop")).expect("it is made");
        let log = Rc::new(RefCell::new(Vec::new()));
        log::start("postdrop", vec![log::Sink::Capture(Rc::clone(&log))]);
        let main_cf = MainCf::from_text(Path::new("/nowhere"), settings).expect("good syntax");
        Scene { root, log, main_cf }
    }

    fn receive(&self, bytes: &[u8]) -> (Result<Received, Trouble>, Writer) {
        let params = Params::load(&self.main_cf).expect("good values");
        let layout = Layout::new(self.root.path(), "", 0);
        let maker = Maker {
            layout,
            form: IdForm::Short,
        };
        let mut writer = maker
            .create_with_mode(Queue::Maildrop, 0o444)
            .expect("it is made");
        if params.message_size_limit > 0 {
            writer.set_limit(params.message_size_limit);
        }
        let senders = Senders::of(&params, Some("alice".to_owned()), 1000);
        let mut input = bytes;
        let result = receive::message(&mut input, &mut writer, 2048, &mut |s| senders.check(s));
        (result, writer)
    }

    fn files(&self) -> Vec<std::path::PathBuf> {
        let entries = fs::read_dir(self.root.path().join("maildrop")).expect("it is there");
        entries
            .map(|entry| entry.expect("an entry").path())
            .collect()
    }
}

fn bytes(records: &[(R, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (kind, data) in records {
        record::write(&mut bytes, *kind, data);
    }
    bytes
}

fn why(result: Result<Received, Trouble>) -> String {
    match result {
        Err(Trouble::Input(why)) => why,
        other => panic!("it was not refused: {other:?}"),
    }
}

#[test]
fn a_message_becomes_a_complete_file_that_pickup_can_read() {
    let scene = Scene::new("");
    let (result, writer) = scene.receive(&bytes(GOOD));
    assert!(matches!(result, Ok(Received::Message)), "{result:?}");
    let mode = |path: &Path| {
        fs::metadata(path)
            .expect("it is there")
            .permissions()
            .mode()
            & 0o7777
    };
    let files = scene.files();
    let [file] = files.as_slice() else {
        panic!("one file")
    };
    assert_eq!(mode(file) & 0o100, 0, "it is not complete yet");
    writer.commit(Stamp::Now).expect("it is written");
    assert_eq!(mode(file), 0o744);
    let text = fs::read(file).expect("it is readable");
    let mut reader = RecordReader::new(text.as_slice());
    let first = reader.next(100).expect("a record").expect("a record");
    assert_eq!(first.kind, R::ArrivalTime);
    for (kind, data) in GOOD {
        let record = reader.next(100).expect("a record").expect("a record");
        assert_eq!((record.kind, record.data.as_slice()), (*kind, *data));
    }
}

#[test]
fn input_that_ends_early_leaves_no_file() {
    let scene = Scene::new("");
    let whole = bytes(GOOD);
    for (length, complete) in [(0, true), (whole.len() - 2, true), (10, false)] {
        let (result, writer) = scene.receive(whole.get(..length).expect("shorter"));
        match result {
            Ok(Received::Nothing) => assert!(complete),
            Err(Trouble::Input(_)) => assert!(!complete),
            other => panic!("{other:?}"),
        }
        drop(writer);
        assert!(scene.files().is_empty());
    }
}

#[test]
fn records_that_users_may_not_write_are_refused() {
    let scene = Scene::new("");
    for kind in [
        R::DoneRecipient,
        R::Pointer,
        R::ArrivalTime,
        R::CONTENT_FILTER,
        R::End,
    ] {
        let text = why(scene.receive(&bytes(&[(R::Sender, b"a"), (kind, b"x")])).0);
        assert_eq!(text, format!("unexpected record type: {}", kind.byte()));
    }
    let late: &[(R, &[u8])] = &[(R::MessageContent, b""), (R::Recipient, b"x")];
    let text = why(scene.receive(&bytes(late)).0);
    assert_eq!(text, "unexpected record type: 82");
}

#[test]
fn line_breaks_and_nul_in_an_envelope_are_refused() {
    let scene = Scene::new("");
    for bad in [&b"a\nb"[..], b"a\rb", b"a\0b"] {
        let text = why(scene.receive(&bytes(&[(R::Recipient, bad)])).0);
        assert_eq!(text, "line break or NUL in record of type recipient");
    }
}

#[test]
fn garbage_is_refused() {
    let scene = Scene::new("");
    let long = bytes(&[(R::Recipient, &[b'x'; 3000])]);
    for bad in [&[0xff; 40][..], b"R\xff\xff\xff\xff\x01", long.as_slice()] {
        assert!(why(scene.receive(bad).0).starts_with("malformed input: "));
    }
    drop(scene.receive(b"S\x05ab"));
    assert!(scene.files().is_empty());
}

#[test]
fn a_message_needs_sender_and_recipient() {
    let scene = Scene::new("");
    let rest: &[(R, &[u8])] = &[
        (R::MessageContent, b""),
        (R::ExtractedInformation, b""),
        (R::End, b""),
    ];
    for head in [&[(R::Sender, &b"a"[..])][..], &[(R::Recipient, b"a")], &[]] {
        let (result, _) = scene.receive(&bytes(&[head, rest].concat()));
        assert!(matches!(result, Ok(Received::Incomplete)), "{result:?}");
    }
}

#[test]
fn attributes_that_are_not_for_users_are_left_out_with_a_warning() {
    let scene = Scene::new("");
    let mut records = vec![(R::Attribute, &b"sasl_username=root"[..])];
    records.extend_from_slice(GOOD);
    let (result, writer) = scene.receive(&bytes(&records));
    assert!(matches!(result, Ok(Received::Message)));
    let path = writer.commit(Stamp::Now).expect("it is written").path;
    assert!(!String::from_utf8_lossy(&fs::read(path).expect("it is there")).contains("sasl"));
    let log = scene.log.take().join("\n");
    assert!(
        log.ends_with("ignoring attribute record: sasl_username=root"),
        "{log}"
    );
}

#[test]
fn a_message_over_the_limit_is_read_to_its_end() {
    let scene = Scene::new("message_size_limit = 100\n");
    let line = [b'x'; 90];
    let mut records = GOOD.to_vec();
    records.insert(5, (R::RegularText, &line));
    let (result, writer) = scene.receive(&bytes(&records));
    assert!(
        matches!(result, Err(Trouble::File(FileError::TooLarge))),
        "{result:?}"
    );
    assert_eq!(write_status(&FileError::TooLarge), CleanupStatus::SIZE);
    drop(writer);
    assert!(scene.files().is_empty());
}

#[test]
fn senders_are_limited_by_login() {
    let scene = Scene::new(
        "recipient_delimiter = +\n\
         local_login_sender_maps = inline:{ { alice = alice@example.com @example.org <> } }\n",
    );
    let params = Params::load(&scene.main_cf).expect("good values");
    let open = |user: &str| Senders::of(&params, Some(user.to_owned()), 1000);
    let alice = open("alice");
    for good in [
        &b"alice@example.com"[..],
        b"Alice+x@Example.com",
        b"any@example.org",
        b"",
    ] {
        assert_eq!(alice.check(good), Ok(()));
    }
    let why = "login alice is not authorized to use sender <bob@example.com>".to_owned();
    assert_eq!(
        alice.check(b"bob@example.com"),
        Err(Refusal::NotAllowed(why))
    );
    assert!(open("bob").check(b"bob@example.com").is_err());
}

#[test]
fn users_are_limited_by_name() {
    let scene = Scene::new("authorized_submit_users = !www-data, static:all\n");
    let params = Params::load(&scene.main_cf).expect("good values");
    assert_eq!(permission::to_submit(&params, Some("alice"), 5), Ok(()));
    let why = "User www-data(33) is not allowed to submit mail".to_owned();
    let refused = permission::to_submit(&params, Some("www-data"), 33);
    assert_eq!(refused, Err((exit::NOPERM, why)));
    let scene = Scene::new("authorized_submit_users = alice\n");
    let params = Params::load(&scene.main_cf).expect("good values");
    assert!(permission::to_submit(&params, None, 99).is_err());
}

#[test]
fn input_from_a_file_needs_no_signals() {
    let scene = Scene::new("");
    let path = scene.root.path().join("records");
    fs::write(&path, bytes(GOOD)).expect("it is written");
    let mut input = Input::from_file(fs::File::open(&path).expect("it is there"));
    let mut reader = RecordReader::new(&mut input);
    let mut kinds = Vec::new();
    while let Some(record) = reader.next(100).expect("a record") {
        kinds.push(record.kind);
    }
    assert_eq!(
        kinds,
        GOOD.iter().map(|(kind, _)| *kind).collect::<Vec<_>>()
    );
    assert!(input.caught().is_none());
}
