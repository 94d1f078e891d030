// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whole listings of queues made by hand.

use crate::Showq;
use ipc::record::RecordType;
use ipc::services::Recipient;
use ipc::services::showq::{Item, Listing, Message};
use mail::dsn::{Dsn, Status};
use queue::bounce_log::{self, Entry};
use queue::file::{Maker, SizeRecord, Stamp};
use queue::id::IdForm;
use queue::{Layout, Queue, QueueId};
use runtime::stream::Stream;
use server::{Program, Startup};
use std::path::Path;

fn spool() -> (tempfile::TempDir, Showq) {
    let directory = tempfile::tempdir().unwrap();
    for queue in Queue::ALL {
        std::fs::create_dir(directory.path().join(queue.name())).unwrap();
    }
    let main_cf = config::MainCf::from_text(Path::new("."), "").unwrap();
    let mut showq = Showq::prepare(&Startup::for_test(main_cf, "showq")).unwrap();
    showq.layout = Layout::new(directory.path(), "deferred", 1);
    (directory, showq)
}

fn message(showq: &Showq, queue: Queue, sender: &[u8], recipients: usize) -> QueueId {
    let maker = Maker {
        layout: showq.layout.clone(),
        form: IdForm::Short,
    };
    let mut writer = maker.create(Queue::Incoming).unwrap();
    writer.set_sizes(&SizeRecord::default()).unwrap();
    writer
        .record(RecordType::ArrivalTime, b"1700000000 5")
        .unwrap();
    writer.record(RecordType::Sender, sender).unwrap();
    for n in 0..recipients {
        writer
            .record(RecordType::OriginalRecipient, format!("o{n}").as_bytes())
            .unwrap();
        writer
            .record(RecordType::Recipient, format!("r{n}@x.test").as_bytes())
            .unwrap();
    }
    writer.record(RecordType::MessageContent, b"").unwrap();
    let data = writer.position();
    writer
        .record(RecordType::RegularText, b"Subject: x")
        .unwrap();
    let length = writer.position() - data;
    writer
        .record(RecordType::ExtractedInformation, b"")
        .unwrap();
    writer.record(RecordType::End, b"").unwrap();
    let sizes = SizeRecord {
        content_length: length,
        data_offset: data,
        ..SizeRecord::default()
    };
    writer.set_sizes(&sizes).unwrap();
    let id = writer.commit(Stamp::Now).unwrap().id;
    if queue != Queue::Incoming {
        showq.layout.rename(&id, Queue::Incoming, queue).unwrap();
    }
    id
}

fn listed(showq: &Showq) -> Vec<Item> {
    let (mut server, mut client) = Stream::pair().unwrap();
    showq.list(&mut server).unwrap();
    let mut listing = Listing::begin(&mut client, "public/showq").unwrap();
    let mut items = Vec::new();
    while let Some(item) = listing.next().unwrap() {
        items.push(item);
    }
    items
}

fn head(item: &Item) -> &Message {
    match item {
        Item::Message(message) => message,
        Item::Recipient(_) => panic!("a recipient where a message was expected"),
    }
}

#[test]
fn an_empty_queue_has_an_empty_listing() {
    let (_directory, showq) = spool();
    assert_eq!(listed(&showq), []);
}

#[test]
fn queues_come_in_the_order_of_a_message_s_life() {
    let (_directory, showq) = spool();
    message(&showq, Queue::Hold, b"h@x.test", 1);
    message(&showq, Queue::Deferred, b"", 1);
    message(&showq, Queue::Active, b"a b@x.test", 1);
    let items = listed(&showq);
    let heads: Vec<_> = items
        .iter()
        .filter(|item| matches!(item, Item::Message(_)))
        .map(|item| (head(item).queue_name.clone(), head(item).sender.clone()))
        .collect();
    let expected: [(&[u8], &[u8]); 3] = [
        (b"active", b"\"a b\"@x.test"),
        (b"deferred", b"MAILER-DAEMON"),
        (b"hold", b"h@x.test"),
    ];
    assert_eq!(
        heads,
        expected.map(|(queue, sender)| (queue.to_vec(), sender.to_vec()))
    );
    assert_eq!(
        (head(&items[0]).time, head(&items[0]).size),
        (1_700_000_000, 12)
    );
}

#[test]
fn a_logged_recipient_comes_first_with_its_reason_and_only_once() {
    let (_directory, showq) = spool();
    let id = message(&showq, Queue::Deferred, b"s@x.test", 3);
    let entry = Entry {
        recipient: Recipient::new("r1@x.test"),
        dsn: Dsn::simple(Status::new(4, 4, 1), *b"connection refused"),
    };
    bounce_log::append(&showq.layout, Queue::Defer, &id, &entry, false).unwrap();
    let items = listed(&showq);
    let addresses: Vec<_> = items[1..]
        .iter()
        .map(|item| match item {
            Item::Recipient(r) => (r.address.clone(), r.log_class.clone(), r.reason.clone()),
            Item::Message(_) => panic!("one message"),
        })
        .collect();
    let expected: [(&str, &str, &str); 3] = [
        ("r1@x.test", "defer", "connection refused"),
        ("r0@x.test", "", ""),
        ("r2@x.test", "", ""),
    ];
    assert_eq!(
        addresses,
        expected.map(|(a, c, r)| (a.into(), c.into(), r.into()))
    );
}

#[test]
fn a_message_with_many_recipients_is_listed_whole() {
    let (_directory, showq) = spool();
    message(&showq, Queue::Active, b"s@x.test", 2500);
    assert_eq!(listed(&showq).len(), 2501);
}

#[test]
fn unfinished_and_damaged_files_are_left_out() {
    let (directory, showq) = spool();
    std::fs::write(directory.path().join("incoming/ABCDE1234"), b"C\x05abcde").unwrap();
    std::fs::write(directory.path().join("active/noise-x"), b"\xff\xff").unwrap();
    let path = directory.path().join("active/ABCDE1235");
    std::fs::write(&path, vec![0xff; 3000]).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    std::fs::set_permissions(&path, mode).unwrap();
    assert_eq!(listed(&showq), []);
}
