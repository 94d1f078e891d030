// SPDX-License-Identifier: MIT OR Apache-2.0
//! How messages come in.

use super::*;
use std::os::unix::fs::PermissionsExt as _;

#[test]
fn new_mail_is_taken_in_delivered_and_removed() {
    let mut post = Post::new();
    let id = draft("s@x.example", &["a@b.example"]).put(&post, Queue::Incoming);
    post.trigger(b"I");
    assert_eq!(post.ids(Queue::Active), [id.as_str()]);
    let job = post.job("smtp").unwrap();
    assert_eq!(text(&job.request.queue_name), "active");
    assert_eq!(text(&job.request.queue_id), id.as_str());
    assert_eq!(text(&job.request.nexthop), "b.example");
    assert_eq!(text(&job.request.sender), "s@x.example");
    assert_eq!(job.recipients(), ["a@b.example"]);
    assert!(job.request.stats.incoming_arrival <= job.request.stats.active_arrival);
    assert!(job.request.stats.agent_handoff.is_some());
    post.mark_done(&job);
    post.reply(job, true);
    assert_eq!(post.ids(Queue::Active), [""; 0]);
    let id = id.as_str();
    assert_eq!(
        post.log(),
        [
            format!("{id}: from=<s@x.example>, size=12, nrcpt=1 (queue active)"),
            format!("{id}: removed")
        ]
    );
}

#[test]
fn mail_in_the_active_queue_at_start_is_taken_in_again() {
    let mut post = Post::new();
    let id = draft("", &["a@b.example"]).put(&post, Queue::Active);
    let mut ctx = std::mem::replace(&mut post.ctx, Loop::for_test(Jail::for_test("x")).unwrap());
    post.qmgr.started(&mut ctx);
    post.ctx = ctx;
    post.work();
    assert_eq!(post.logged(&format!("{}: from=<>", id.as_str())), 1);
    assert!(post.job("smtp").is_some());
}

#[test]
fn a_message_that_an_agent_still_holds_is_left_alone_for_a_minute() {
    let mut post = Post::new();
    let id = draft("", &["a@b.example"]).put(&post, Queue::Incoming);
    let held = open(&post, Queue::Incoming, &id);
    sys::lock::lock(&held, sys::lock::Kind::Shared).unwrap();
    post.trigger(b"I");
    assert_eq!(post.ids(Queue::Incoming), [id.as_str()]);
    assert_eq!(post.waits(Queue::Incoming, &id), 60);
    assert_eq!(
        post.log(),
        [format!("{}: skipped, still being delivered", id.as_str())]
    );
    post.trigger(b"I");
    assert_eq!(post.log().len(), 1, "its time has not come");
}

#[test]
fn incomplete_files_and_links_are_not_touched() {
    let mut post = Post::new();
    let id = draft("", &["a@b.example"]).put(&post, Queue::Incoming);
    let path = post.layout.path(Queue::Incoming, &id);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", post.directory.path().join("incoming/ABC")).unwrap();
    post.trigger(b"I");
    assert_eq!(post.ids(Queue::Incoming).len(), 2);
    assert_eq!(post.logged("not a regular file"), 1);
}

#[test]
fn deferred_mail_waits_for_its_time_unless_told_otherwise() {
    let mut post = Post::new();
    let id = draft("", &["a@b.example"]).put(&post, Queue::Deferred);
    let file = open(&post, Queue::Deferred, &id);
    sys::files::set_times(&file, SystemTime::now() + Duration::from_secs(100)).unwrap();
    drop(file);
    post.trigger(b"D");
    assert_eq!(post.ids(Queue::Deferred), [id.as_str()]);
    post.trigger(b"DA");
    assert_eq!(
        post.ids(Queue::Active),
        [id.as_str()],
        "the order of the bytes does not matter"
    );
}

#[test]
fn unknown_requests_are_logged_and_ignored() {
    let mut post = Post::new();
    post.trigger(b"x\x00W");
    assert_eq!(post.logged("request 120 (x) ignored"), 1);
    assert_eq!(post.logged("ignored"), 2);
}

#[test]
fn the_active_queue_has_a_limit_and_deferred_mail_does_not_keep_new_mail_out() {
    let mut post = Post::with("qmgr_message_active_limit = 3\n");
    for _ in 0..5 {
        draft("", &["a@b.example"]).put(&post, Queue::Deferred);
        draft("", &["a@b.example"]).put(&post, Queue::Incoming);
    }
    post.trigger(b"IDA");
    assert_eq!(post.ids(Queue::Active).len(), 3);
    assert_eq!(post.ids(Queue::Incoming).len(), 3);
    for _ in 0..2 {
        let job = post.job("smtp").unwrap();
        post.mark_done(&job);
        post.reply(job, true);
    }
    assert_eq!(post.ids(Queue::Active).len(), 3);
    assert_eq!(post.ids(Queue::Incoming).len(), 1, "new mail first");
}

#[test]
fn the_defer_log_of_an_earlier_run_is_removed() {
    let mut post = Post::new();
    let id = draft("", &["a@b.example"]).put(&post, Queue::Deferred);
    post.log_file(Queue::Defer, &id, "recipient=a@b.example\n\n");
    post.trigger(b"DA");
    assert_eq!(post.ids(Queue::Defer), [""; 0]);
}

#[test]
fn a_flush_of_one_message_is_obeyed_once() {
    let mut post = Post::with("defer_transports = smtp\n");
    let id = draft("", &["a@b.example"]).put(&post, Queue::Incoming);
    let path = post.layout.path(Queue::Incoming, &id);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o740)).unwrap();
    post.trigger(b"I");
    let mode = std::fs::metadata(post.layout.path(Queue::Active, &id))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o700);
    assert!(post.job("smtp").is_some());
}

#[test]
fn a_message_with_many_recipients_is_read_in_portions() {
    let mut post = Post::with(
        "qmgr_message_recipient_limit = 20\nqmgr_message_active_limit = 5\n\
         default_recipient_limit = 20\ndefault_extra_recipient_limit = 0\n\
         smtp_destination_recipient_limit = 10\n",
    );
    let all: Vec<_> = (0..75).map(|n| format!("u{n:02}@b.example")).collect();
    let recipients: Vec<_> = all.iter().map(String::as_str).collect();
    draft("", &recipients).put(&post, Queue::Incoming);
    post.trigger(b"I");
    assert_eq!(post.logged("nrcpt=75"), 1);
    let mut seen = Vec::new();
    while let Some(job) = post.job("smtp") {
        seen.extend(job.recipients());
        post.mark_done(&job);
        post.reply(job, true);
    }
    seen.sort();
    assert_eq!(seen, all);
    assert_eq!(post.logged("removed"), 1);
}
