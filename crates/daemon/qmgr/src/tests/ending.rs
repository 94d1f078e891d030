// SPDX-License-Identifier: MIT OR Apache-2.0
//! Notices, expiry, and what remains.

use super::*;
use std::os::unix::fs::PermissionsExt as _;

/// A message that its agent deferred.
fn deferred(post: &mut Post, draft: Draft<'_>) -> QueueId {
    let id = draft.put(post, Queue::Incoming);
    post.trigger(b"I");
    let job = post.job("smtp").unwrap();
    post.reply(job, false);
    id
}

#[test]
fn a_bounce_log_is_sent_back_before_the_message_is_removed() {
    let mut post = Post::new();
    let id = draft("s@x.example", &["a@b.example"]).put(&post, Queue::Incoming);
    post.trigger(b"I");
    let job = post.job("smtp").unwrap();
    post.log_file(Queue::Bounce, &id, "recipient=a@b.example\n\n");
    post.reply(job, true);
    assert_eq!(post.ids(Queue::Active), [id.as_str()]);
    let Some(bounce::Request::Flush { message, .. }) = post.notice("bounce", 0) else {
        panic!("no flush request")
    };
    assert_eq!(text(&message.queue_name), "active");
    assert_eq!(text(&message.queue_id), id.as_str());
    assert_eq!(text(&message.sender), "s@x.example");
    assert_eq!(post.logged("removed"), 1);
}

#[test]
fn when_the_bounce_cannot_be_sent_the_message_stays() {
    for gone in [true, false] {
        let mut post = Post::new();
        let id = draft("s@x", &["a@b.example"]).put(&post, Queue::Incoming);
        post.trigger(b"I");
        let job = post.job("smtp").unwrap();
        post.log_file(Queue::Bounce, &id, "recipient=a@b.example\n\n");
        post.reply(job, true);
        if gone {
            post.connections
                .iter()
                .for_each(|(_, waiting)| waiting.borrow_mut().clear());
            post.work();
        } else {
            post.notice("bounce", -1).unwrap();
        }
        assert_eq!(post.ids(Queue::Deferred), [id.as_str()]);
        post.trigger(b"DA");
        let job = post.job("smtp").unwrap();
        post.mark_done(&job);
        post.reply(job, true);
        assert!(
            post.notice("bounce", 0).is_some(),
            "it is tried again in the next run"
        );
        assert_eq!(post.logged("removed"), 1);
    }
}

#[test]
fn an_empty_bounce_log_is_not_sent() {
    let mut post = Post::new();
    let id = draft("s@x", &["a@b.example"]).put(&post, Queue::Incoming);
    post.trigger(b"I");
    let job = post.job("smtp").unwrap();
    post.log_file(Queue::Bounce, &id, "");
    post.reply(job, false);
    assert_eq!(post.ids(Queue::Bounce), [""; 0]);
    assert_eq!(post.ids(Queue::Deferred), [id.as_str()]);
}

#[test]
fn with_verp_the_bounces_are_sent_per_recipient() {
    let mut post = Post::new();
    let id = draft("s@x", &["a@b.example"])
        .record(RecordType::VerpDelimiters, "+=")
        .put(&post, Queue::Incoming);
    post.trigger(b"I");
    let job = post.job("smtp").unwrap();
    post.log_file(Queue::Bounce, &id, "recipient=a@b.example\n\n");
    post.reply(job, true);
    let Some(bounce::Request::Verp { delimiters, .. }) = post.notice("bounce", 0) else {
        panic!("no VERP request")
    };
    assert_eq!(text(&delimiters), "+=");
}

#[test]
fn a_message_that_is_too_old_is_returned() {
    let mut post = Post::new();
    let id = deferred(
        &mut post,
        draft("s@x.example", &["a@b.example"]).aged(5 * 86400),
    );
    let line = format!(
        "{}: from=<s@x.example>, status=expired, returned to sender",
        id.as_str()
    );
    assert_eq!(post.logged(&line), 1);
    assert!(matches!(
        post.notice("defer", 0),
        Some(bounce::Request::Flush { .. })
    ));
    assert_eq!(post.logged("removed"), 1);
    assert_eq!(post.ids(Queue::Active), [""; 0]);
}

#[test]
fn bounces_have_a_lifetime_of_their_own() {
    let mut post = Post::with("bounce_queue_lifetime = 1h\n");
    deferred(&mut post, draft("", &["a@b.example"]).aged(3600));
    assert_eq!(post.logged("status=expired"), 1);
    deferred(&mut post, draft("s@x", &["a@b.example"]).aged(3600));
    assert_eq!(post.logged("status=expired"), 1);
}

#[test]
fn a_message_that_cannot_be_returned_stays() {
    let mut post = Post::new();
    let id = deferred(&mut post, draft("s@x", &["a@b.example"]).aged(5 * 86400));
    post.notice("defer", -1).unwrap();
    assert_eq!(post.ids(Queue::Deferred), [id.as_str()]);
    assert_eq!(post.waits(Queue::Deferred, &id), 4000);
}

#[test]
fn the_administrator_can_make_a_message_expire_without_a_delivery() {
    let mut post = Post::new();
    let id = draft("s@x.example", &["a@b.example"]).put(&post, Queue::Incoming);
    let path = post.layout.path(Queue::Incoming, &id);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o710)).unwrap();
    post.trigger(b"I");
    let job = post.job("retry").unwrap();
    assert_eq!(
        text(&job.request.nexthop),
        "4.7.0 message is administratively expired"
    );
    post.reply(job, false);
    assert_eq!(
        post.logged("from=<s@x.example>, status=force-expired, returned to sender"),
        1
    );
    assert!(matches!(
        post.notice("defer", 0),
        Some(bounce::Request::Flush { .. })
    ));
    assert_eq!(post.logged("removed"), 1);
}

#[test]
fn the_sender_is_warned_once_about_delay() {
    let mut post = Post::new();
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let warning = format!("{:15}", now - 10);
    let id = deferred(
        &mut post,
        draft("s@x", &["a@b.example"]).record(RecordType::WarningTime, &warning),
    );
    assert!(matches!(
        post.notice("defer", 0),
        Some(bounce::Request::Warn { .. })
    ));
    assert_eq!(post.ids(Queue::Deferred), [id.as_str()]);
    post.trigger(b"DA");
    let job = post.job("smtp").unwrap();
    post.reply(job, false);
    assert!(post.notice("defer", 0).is_none());
    assert_eq!(post.ids(Queue::Deferred), [id.as_str()]);
}

#[test]
fn a_failed_warning_is_repeated() {
    let mut post = Post::new();
    let warning = format!("{:15}", 1000);
    deferred(
        &mut post,
        draft("s@x", &["a@b.example"]).record(RecordType::WarningTime, &warning),
    );
    post.notice("defer", -1).unwrap();
    post.trigger(b"DA");
    let job = post.job("smtp").unwrap();
    post.reply(job, false);
    assert!(matches!(
        post.notice("defer", 0),
        Some(bounce::Request::Warn { .. })
    ));
}

#[test]
fn a_report_is_sent_when_asked_for_and_only_once() {
    let mut post = Post::new();
    let id = draft("s@x", &["a@b.example", "c@d.example"])
        .record(RecordType::Attribute, "trace_flags=1024")
        .put(&post, Queue::Incoming);
    post.trigger(b"I");
    let job = post.job("smtp").unwrap();
    assert!(job.request.flags.contains(ipc::flags::DeliverFlags::RECORD));
    post.mark_done(&job);
    post.reply(job, true);
    let job = post.job("smtp").unwrap();
    post.reply(job, false);
    assert!(matches!(
        post.notice("trace", 0),
        Some(bounce::Request::Trace { .. })
    ));
    assert_eq!(post.ids(Queue::Deferred), [id.as_str()]);
    post.trigger(b"DA");
    let job = post.job("smtp").unwrap();
    assert!(!job.request.flags.contains(ipc::flags::DeliverFlags::RECORD));
    post.mark_done(&job);
    post.reply(job, true);
    assert!(post.notice("trace", 0).is_none());
    assert_eq!(post.logged("removed"), 1);
}

#[test]
fn success_reports_are_asked_for_when_a_recipient_wants_them() {
    let mut post = Post::new();
    let mut wanted = draft("s@x", &["a@b.example"]);
    wanted.flags = ipc::flags::QmgrFlags::NOTIFY_SUCCESS.bits();
    wanted.put(&post, Queue::Incoming);
    post.trigger(b"I");
    let job = post.job("smtp").unwrap();
    post.reply(job, true);
    assert!(matches!(
        post.notice("trace", 0),
        Some(bounce::Request::Trace { .. })
    ));
    assert_eq!(post.logged("removed"), 1);
}

#[test]
fn a_file_that_an_agent_found_damaged_is_kept_for_inspection() {
    let mut post = Post::new();
    let id = draft("s@x", &["a@b.example"]).put(&post, Queue::Incoming);
    post.trigger(b"I");
    let job = post.job("smtp").unwrap();
    let path = post.layout.path(Queue::Active, &id);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    post.reply(job, false);
    assert_eq!(post.ids(Queue::Corrupt), [id.as_str()]);
    let line = format!(
        "warning: saving corrupt file \"{}\" from queue \"active\" to queue \"corrupt\"",
        id.as_str()
    );
    assert_eq!(post.logged(&line), 1);
}

#[test]
fn a_message_that_the_administrator_deleted_during_delivery_is_forgotten() {
    for finished in [true, false] {
        let mut post = Post::new();
        let id = draft("s@x", &["a@b.example"]).put(&post, Queue::Incoming);
        post.trigger(b"I");
        let job = post.job("smtp").unwrap();
        post.layout.remove(Queue::Active, &id).unwrap();
        post.reply(job, finished);
        assert!(post.qmgr.messages.is_empty());
        assert_eq!(post.qmgr.scheduler.message_count(), 0);
    }
}
