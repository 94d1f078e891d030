// SPDX-License-Identifier: MIT OR Apache-2.0
//! What delivery agents may do, and where mail goes.

use super::*;
use std::io::Write as _;

#[test]
fn deferred_recipients_bring_the_message_to_the_deferred_queue_with_back_off() {
    let mut post = Post::new();
    let id = draft("s@x.example", &["a@b.example"]).put(&post, Queue::Incoming);
    post.trigger(b"I");
    let job = post.job("smtp").unwrap();
    post.reply(job, false);
    assert_eq!(post.ids(Queue::Deferred), [id.as_str()]);
    assert_eq!(post.waits(Queue::Deferred, &id), 300);
    assert_eq!(post.logged("removed"), 0);
}

#[test]
fn the_back_off_is_the_age_within_limits() {
    let mut post = Post::new();
    let young = draft("s@x", &["a@b.example"])
        .aged(1000)
        .put(&post, Queue::Incoming);
    let old = draft("s@x", &["a@b.example"])
        .aged(10_000)
        .put(&post, Queue::Incoming);
    post.trigger(b"I");
    while let Some(job) = post.job("smtp") {
        post.reply(job, false);
    }
    assert!((1000..1003).contains(&post.waits(Queue::Deferred, &young)));
    assert_eq!(post.waits(Queue::Deferred, &old), 4000);
}

#[test]
fn an_unreachable_destination_is_left_alone_and_its_mail_goes_to_retry() {
    let mut post = Post::with("smtp_initial_destination_concurrency = 1\n");
    for _ in 0..2 {
        draft("s@x", &["a@b.example"]).put(&post, Queue::Incoming);
    }
    post.trigger(b"I");
    let job = post.job("smtp").unwrap();
    job.reply(false, Some(refused()));
    post.work();
    let job = post.job("retry").unwrap();
    assert_eq!(
        text(&job.request.nexthop),
        "4.4.1 delivery temporarily suspended: connection refused"
    );
    post.reply(job, false);
    assert_eq!(post.ids(Queue::Deferred).len(), 2);
    assert!(post.job("smtp").is_none());
}

#[test]
fn flushing_tries_dead_destinations_again() {
    let mut post = Post::with("smtp_initial_destination_concurrency = 1\n");
    draft("s@x", &["a@b.example"]).put(&post, Queue::Incoming);
    post.trigger(b"I");
    let job = post.job("smtp").unwrap();
    job.reply(false, Some(refused()));
    post.work();
    post.trigger(b"FADI");
    assert!(post.job("smtp").is_some());
}

#[test]
fn a_missing_transport_defers_its_mail_with_one_warning() {
    let mut post = Post::new();
    let id = draft("s@x", &["a@nowhere.example", "b@nowhere.example"]).put(&post, Queue::Incoming);
    post.trigger(b"I");
    assert_eq!(post.logged("connect to transport private/missing: "), 1);
    let job = post.job("retry").unwrap();
    assert_eq!(
        text(&job.request.nexthop),
        "4.3.0 mail transport unavailable"
    );
    assert_eq!(job.recipients().len(), 2);
    post.reply(job, false);
    assert_eq!(post.ids(Queue::Deferred), [id.as_str()]);
}

#[test]
fn an_agent_that_does_not_greet_properly_makes_its_transport_unavailable() {
    for greeting in ["protocol\0cleanup_protocol\0\0", "garbage", ""] {
        let mut post = Post::new();
        draft("s@x", &["a@b.example"]).put(&post, Queue::Incoming);
        post.trigger(b"I");
        let mut stream = post.connections[0].1.borrow_mut().pop_front().unwrap();
        stream.write_all(greeting.as_bytes()).unwrap();
        stream.flush().unwrap();
        drop(stream);
        post.work();
        let job = post.job("retry").unwrap();
        assert_eq!(
            text(&job.request.nexthop),
            "4.3.0 mail transport unavailable"
        );
        assert_eq!(post.logged("warning: private/smtp: "), 1, "{greeting}");
    }
}

#[test]
fn an_agent_that_dies_leaves_its_recipients_to_the_retry_agent() {
    for last_words in ["", "status\0", "reason\0x\0status\x000\0\0", "\0\0\0\0"] {
        let mut post = Post::new();
        let id = draft("s@x", &["a@b.example"]).put(&post, Queue::Incoming);
        post.trigger(b"I");
        let mut job = post.job("smtp").unwrap();
        job.stream.write_all(last_words.as_bytes()).unwrap();
        job.stream.flush().unwrap();
        drop(job);
        post.work();
        assert_eq!(
            post.logged("warning: transport smtp failure -- see a previous"),
            1
        );
        let job = post.job("retry").unwrap();
        assert_eq!(
            text(&job.request.nexthop),
            "4.3.0 unknown mail transport error"
        );
        post.reply(job, false);
        assert_eq!(post.ids(Queue::Deferred), [id.as_str()], "{last_words}");
    }
}

#[test]
fn recipients_that_a_lost_agent_had_finished_are_not_tried_again() {
    let mut post = Post::new();
    draft("s@x", &["a@b.example", "c@b.example"]).put(&post, Queue::Incoming);
    post.trigger(b"I");
    let mut job = post.job("smtp").unwrap();
    job.request.recipients.truncate(1);
    post.mark_done(&job);
    drop(job);
    post.work();
    let job = post.job("retry").unwrap();
    post.reply(job, false);
    post.trigger(b"FADI");
    let job = post.job("smtp").unwrap();
    assert_eq!(job.recipients(), ["c@b.example"]);
}

#[test]
fn a_message_of_a_lost_agent_does_not_expire_in_that_run() {
    let mut post = Post::new();
    let id = draft("s@x", &["a@b.example"])
        .aged(6 * 86400)
        .put(&post, Queue::Incoming);
    post.trigger(b"I");
    drop(post.job("smtp").unwrap());
    post.work();
    let job = post.job("retry").unwrap();
    post.reply(job, false);
    assert_eq!(post.ids(Queue::Deferred), [id.as_str()]);
    assert_eq!(post.logged("expired"), 0);
}

#[test]
fn when_even_retry_is_gone_the_defer_log_is_written_directly() {
    let mut post = Post::new();
    let id = draft("s@x", &["a@b.example"]).put(&post, Queue::Incoming);
    post.trigger(b"I");
    let (ours, theirs) = sys::socket::pair().unwrap();
    let server = std::thread::spawn(move || {
        let mut stream = Stream::new(theirs);
        client::announce_protocol(&mut stream, bounce::PROTOCOL).unwrap();
        let request = bounce::Request::read(&mut stream).unwrap();
        client::write_status(&mut stream, 0).unwrap();
        request
    });
    let defer = RefCell::new(Some(Stream::new(ours)));
    let fake = Endpoint::fake("private/defer", move || Ok(defer.take().unwrap()));
    let smtp = post.connections[0].1.borrow_mut().pop_front();
    let retry = Endpoint::fake("private/retry", || Err(std::io::ErrorKind::NotFound.into()));
    let jail = Jail::for_test("qmgr").with_fake(fake).with_fake(retry);
    let ctx = Loop::for_test(jail).unwrap();
    let mut old = std::mem::replace(&mut post.ctx, ctx);
    drop(smtp);
    for event in old.wait_for_test(Duration::from_secs(5)).unwrap() {
        post.qmgr.event(event, &mut post.ctx);
    }
    post.work();
    let bounce::Request::Append {
        queue_id,
        recipient,
        dsn,
        ..
    } = server.join().unwrap()
    else {
        panic!("not an append request")
    };
    assert_eq!(
        (text(&queue_id), text(&recipient.address)),
        (id.to_string(), "a@b.example".into())
    );
    assert_eq!(text(&dsn.reason), "mail transport unavailable");
    assert_eq!(post.logged("to=<a@b.example>, relay=none, delay="), 1);
    assert_eq!(
        post.logged("dsn=4.3.0, status=deferred (mail transport unavailable)"),
        1
    );
    assert_eq!(post.ids(Queue::Deferred), [id.as_str()]);
}

#[test]
fn addresses_that_cannot_be_resolved_go_to_the_error_and_retry_agents() {
    let mut post = Post::new();
    draft("s@x", &["a@bad.example", "a@broken.example", ""]).put(&post, Queue::Incoming);
    post.trigger(b"I");
    let mut errors: Vec<_> = (0..2).map(|_| post.job("error").unwrap()).collect();
    errors.sort_by_key(|job| job.request.nexthop.clone());
    assert_eq!(text(&errors[0].request.nexthop), "5.1.3 bad address syntax");
    assert_eq!(
        text(&errors[1].request.nexthop),
        "5.1.3 null recipient address"
    );
    let job = post.job("retry").unwrap();
    assert_eq!(text(&job.request.nexthop), "4.3.0 address resolver failure");
}

#[test]
fn a_content_filter_gets_mail_instead_and_probes_pass_it_by() {
    let mut post = Post::new();
    draft("s@x", &["a@b.example"])
        .record(RecordType::CONTENT_FILTER, "filter:[127.0.0.1]:10025")
        .put(&post, Queue::Incoming);
    draft("s@x", &["p@b.example"])
        .record(RecordType::CONTENT_FILTER, "filter:")
        .record(RecordType::Attribute, "trace_flags=512")
        .put(&post, Queue::Incoming);
    post.trigger(b"I");
    let job = post.job("filter").unwrap();
    assert_eq!(text(&job.request.nexthop), "[127.0.0.1]:10025");
    let job = post.job("smtp").unwrap();
    assert_eq!(job.recipients(), ["p@b.example"]);
    draft("s@x", &["a@b.example"])
        .record(RecordType::CONTENT_FILTER, "filter")
        .put(&post, Queue::Incoming);
    post.trigger(b"I");
    assert_eq!(
        text(&post.job("filter").unwrap().request.nexthop),
        "b.example"
    );
}

#[test]
fn a_redirected_message_goes_to_one_recipient() {
    let mut post = Post::new();
    let id = draft("s@x", &["a@b.example", "c@d.example"])
        .record(RecordType::Redirect, "r@r.example")
        .put(&post, Queue::Incoming);
    post.trigger(b"I");
    let job = post.job("smtp").unwrap();
    assert_eq!(job.recipients(), ["r@r.example"]);
    assert!(post.job("smtp").is_none());
    post.reply(job, true);
    assert_eq!(post.logged(&format!("{}: removed", id.as_str())), 1);
}

#[test]
fn transports_named_in_defer_transports_wait_for_a_flush() {
    let mut post = Post::with("defer_transports = uucp, SMTP\n");
    draft("s@x", &["a@b.example"]).put(&post, Queue::Incoming);
    post.trigger(b"I");
    let job = post.job("retry").unwrap();
    assert_eq!(text(&job.request.nexthop), "4.3.2 deferred transport");
    post.reply(job, false);
    post.trigger(b"FADI");
    assert!(post.job("smtp").is_some());
}

#[test]
fn mail_to_the_double_bounce_address_is_logged_and_discarded() {
    let mut post = Post::new();
    let id = draft("", &["Double-Bounce@local.example"]).put(&post, Queue::Incoming);
    post.trigger(b"I");
    assert_eq!(
        post.logged("to=<Double-Bounce@local.example>, relay=none"),
        1
    );
    assert_eq!(
        post.logged("dsn=2.0.0, status=sent (undeliverable postmaster notification discarded)"),
        1
    );
    assert_eq!(post.logged(&format!("{}: removed", id.as_str())), 1);
}

#[test]
fn too_many_probes_wait() {
    let mut post = Post::with("address_verify_pending_request_limit = 1\n");
    for _ in 0..2 {
        draft("", &["a@b.example"])
            .record(RecordType::Attribute, "trace_flags=256")
            .put(&post, Queue::Incoming);
    }
    post.trigger(b"I");
    let _probe = post.job("smtp").unwrap();
    let job = post.job("retry").unwrap();
    assert_eq!(
        text(&job.request.nexthop),
        "4.3.2 Too many address verification requests"
    );
}

#[test]
fn with_verp_each_recipient_has_a_sender_of_its_own() {
    let mut post = Post::new();
    draft("list@x.example", &["a@b.example", "c@b.example"])
        .record(RecordType::VerpDelimiters, "+=")
        .put(&post, Queue::Incoming);
    post.trigger(b"I");
    let mut senders: Vec<_> = (0..2)
        .map(|_| text(&post.job("smtp").unwrap().request.sender))
        .collect();
    senders.sort();
    assert_eq!(
        senders,
        ["list+a=b.example@x.example", "list+c=b.example@x.example"]
    );
}

#[test]
fn requests_to_one_destination_are_limited_by_its_window() {
    let mut post = Post::with(
        "smtp_initial_destination_concurrency = 2\nsmtp_destination_concurrency_limit = 2\n",
    );
    for _ in 0..4 {
        draft("s@x", &["a@b.example"]).put(&post, Queue::Incoming);
    }
    post.trigger(b"I");
    let jobs: Vec<_> = std::iter::from_fn(|| post.job("smtp")).collect();
    assert_eq!(jobs.len(), 2);
    for job in jobs {
        post.reply(job, true);
    }
    assert_eq!(std::iter::from_fn(|| post.job("smtp")).count(), 2);
}

#[test]
fn a_mailbox_that_is_slow_does_not_hold_up_others() {
    let mut post = Post::new();
    draft("s@x", &["a@local.example", "b@local.example"]).put(&post, Queue::Incoming);
    post.trigger(b"I");
    let one = post.job("local").unwrap();
    let other = post.job("local").unwrap();
    assert_eq!(one.recipients().len() + other.recipients().len(), 2);
}
