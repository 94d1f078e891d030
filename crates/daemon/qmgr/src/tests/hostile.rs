// SPDX-License-Identifier: MIT OR Apache-2.0
//! Queue files that are not what they seem.

use super::*;
use proptest::prelude::*;
use std::os::unix::fs::PermissionsExt as _;

/// Puts these bytes into the incoming queue as if they were a complete message.
fn forge(post: &Post, bytes: &[u8]) {
    let path = post.directory.path().join("incoming/F0F0F");
    std::fs::write(&path, bytes).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
}

fn genuine(post: &Post) -> Vec<u8> {
    let id = draft("s@x.example", &["a@b.example", "c@d.example"])
        .record(RecordType::Attribute, "trace_flags=0")
        .put(post, Queue::Incoming);
    let path = post.layout.path(Queue::Incoming, &id);
    let bytes = std::fs::read(&path).unwrap();
    std::fs::remove_file(path).unwrap();
    bytes
}

#[test]
fn a_truncated_file_is_kept_for_inspection_wherever_it_ends() {
    let mut post = Post::new();
    let bytes = genuine(&post);
    for end in (0..bytes.len()).step_by(7) {
        forge(&post, &bytes[..end]);
        post.trigger(b"I");
        assert_eq!(post.ids(Queue::Corrupt), ["F0F0F"], "{end}");
        assert!(post.qmgr.messages.is_empty());
        std::fs::remove_file(post.directory.path().join("corrupt/F0F0F")).unwrap();
    }
}

#[test]
fn a_file_without_a_sender_is_kept_for_inspection() {
    let mut post = Post::new();
    let mut bytes = genuine(&post);
    let sender = bytes.windows(2).position(|pair| pair == b"S\x0b").unwrap();
    bytes[sender] = b'N';
    forge(&post, &bytes);
    post.trigger(b"I");
    assert_eq!(post.ids(Queue::Corrupt), ["F0F0F"]);
    assert_eq!(post.logged("message has no sender record"), 1);
}

#[test]
fn a_file_that_is_replaced_by_garbage_while_it_is_read_is_kept_for_inspection() {
    let mut post = Post::with(
        "qmgr_message_recipient_limit = 5\nqmgr_message_active_limit = 5\n\
         qmgr_message_recipient_minimum = 2\ndefault_recipient_limit = 0\n\
         default_extra_recipient_limit = 0\n",
    );
    let recipients = ["a@b.example"; 30];
    let id = draft("s@x", &recipients).put(&post, Queue::Incoming);
    post.trigger(b"I");
    let path = post.layout.path(Queue::Active, &id);
    let length = std::fs::metadata(&path).unwrap().len();
    let garbage = vec![0xff; usize::try_from(length).unwrap()];
    std::fs::write(&path, garbage).unwrap();
    while let Some(job) = post.job("smtp") {
        post.reply(job, true);
    }
    assert_eq!(post.ids(Queue::Corrupt), [id.as_str()]);
    assert!(post.qmgr.messages.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn no_file_stops_the_queue_manager(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut post = Post::new();
        let mut bytes = genuine(&post);
        for (place, byte) in edits {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        forge(&post, &bytes);
        post.trigger(b"I");
        for service in ["smtp", "local", "retry", "error"] {
            while let Some(job) = post.job(service) {
                post.reply(job, true);
            }
        }
        while post.notice("trace", 0).is_some() || post.notice("defer", 0).is_some() {}
        prop_assert!(post.qmgr.messages.is_empty());
        prop_assert_eq!(post.ids(Queue::Incoming).len() + post.ids(Queue::Active).len(), 0);
    }
}
