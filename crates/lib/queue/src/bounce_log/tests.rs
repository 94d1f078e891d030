// SPDX-License-Identifier: MIT OR Apache-2.0
//! Bounce logs written, read back, and damaged.

use std::fs;

use super::*;

fn entry() -> Entry {
    Entry {
        recipient: Recipient {
            address: b"joe smith@example.com".to_vec(),
            original: b"alias@example.com".to_vec(),
            dsn_orcpt: b"rfc822;alias@example.com".to_vec(),
            notify: Notify::FAILURE,
            offset: 714,
        },
        dsn: Dsn {
            status: Status::new(5, 1, 1),
            action: Some(Action::Failed),
            diag_type: b"smtp".to_vec(),
            diag_text: b"550 5.1.1 no".to_vec(),
            mta_type: b"dns".to_vec(),
            mta_name: b"mx.example.com".to_vec(),
            reason: b"host mx.example.com said: 550\n5.1.1 no".to_vec(),
        },
    }
}

fn entries(text: &[u8], log: Queue) -> Vec<Entry> {
    Entries::new(text, log).map(Result::unwrap).collect()
}

#[test]
fn entry_is_written_in_both_forms_and_read_back() {
    let text = format_entry(&entry(), true);
    let expected = "\n<\"joe smith\"@example.com>: host mx.example.com said: 550?5.1.1 no\n\
        recipient=\"joe smith\"@example.com\noriginal_recipient=alias@example.com\noffset=714\n\
        dsn_orig_rcpt=rfc822;alias@example.com\nnotify_flags=4\nstatus=5.1.1\naction=failed\n\
        diag_type=smtp\ndiag_text=550 5.1.1 no\nmta_type=dns\nmta_mname=mx.example.com\n\
        reason=host mx.example.com said: 550?5.1.1 no\n\n";
    assert_eq!(text.as_bstr(), expected);
    let mut back = entry();
    back.dsn.reason = b"host mx.example.com said: 550?5.1.1 no".to_vec();
    assert_eq!(entries(&text, Queue::Bounce), [back]);
}

#[test]
fn old_entries_get_the_defaults_of_their_log() {
    let read = entries(b"<a@b>: some reason\n\n<>: none\n\n", Queue::Defer);
    assert_eq!(read[0].recipient.address, b"a@b");
    assert_eq!(read[0].dsn.reason, b"some reason");
    assert_eq!(
        (read[0].dsn.status.to_string().as_str(), read[0].dsn.action),
        ("4.0.0", Some(Action::Delayed))
    );
    assert_eq!(read[1].recipient.address, b"(MAILER-DAEMON)");
    let read = entries(b"recipient=<>\nreason=r\n", Queue::Bounce);
    assert_eq!(read[0].recipient.address, b"(MAILER-DAEMON)");
    assert_eq!(read[0].dsn.status, Status::new(5, 0, 0));
}

#[test]
fn appended_entries_survive_and_the_log_is_made_on_demand() {
    let dir = tempfile::tempdir().unwrap();
    let layout = Layout::new(dir.path(), "defer", 1);
    let id = QueueId::parse("ABCDE1").unwrap();
    fs::create_dir(dir.path().join("defer")).unwrap();
    assert!(Entries::open(&layout, Queue::Defer, &id).unwrap().is_none());
    append(&layout, Queue::Defer, &id, &entry(), false).unwrap();
    append(&layout, Queue::Defer, &id, &entry(), true).unwrap();
    let log = Entries::open(&layout, Queue::Defer, &id).unwrap().unwrap();
    assert_eq!(log.count(), 2);
    remove(&layout, Queue::Defer, &id).unwrap();
    remove(&layout, Queue::Defer, &id).unwrap();
}

#[test]
fn garbage_is_read_without_trouble_and_within_bounds() {
    let mut text = vec![b'a'; 3 * LINE_LIMIT];
    text.extend_from_slice(b"\nreason=\x01\x7fx\nrecipient=r@x\n\n\n\n\xff\xfe=\n");
    let read = entries(&text, Queue::Bounce);
    assert_eq!(read.len(), 2);
    assert_eq!(read[0].dsn.reason, b"??x");
}

#[test]
fn log_of_the_original_is_read_and_ours_is_the_same_text() {
    let text = include_bytes!("../../testdata/debian-3.7.defer-log");
    let read = entries(text, Queue::Defer);
    let [first, second] = read.as_slice() else {
        panic!("two entries")
    };
    assert_eq!(first.recipient.address, b"two words@example.com");
    assert_eq!(
        (first.recipient.offset, first.recipient.notify),
        (400, Notify::DELAY)
    );
    assert_eq!(first.dsn.mta_name, b"mx");
    assert_eq!(second.recipient.address, b"(MAILER-DAEMON)");
    let mut second = second.clone();
    second.recipient.address.clear();
    let again = [format_entry(first, true), format_entry(&second, true)].concat();
    assert_eq!(again.as_bstr(), text.as_bstr());
}
