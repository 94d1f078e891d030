// SPDX-License-Identifier: MIT OR Apache-2.0
//! Requests that lie, files that are damaged, and more than is good.

use proptest::prelude::*;

use super::*;

#[test]
fn malformed_names_are_refused() {
    let bench = Bench::new("");
    let outside = Request::Append {
        flags: BounceFlags::CLEAN,
        queue_id: b"../active/X".to_vec(),
        recipient: Recipient::new("a@b"),
        dsn: failure(),
    };
    assert_eq!(bench.ask(Queue::Bounce, &outside), Some(-1));
    assert!(bench.logged("malformed queue id: ../active/X"));
    let message = Message {
        queue_name: b"../etc".to_vec(),
        ..bench.message()
    };
    assert_eq!(bench.flush(message), Some(-1));
    assert!(bench.logged("malformed queue name: ../etc"));
    assert!(bench.notices().is_empty());
}

#[test]
fn append_that_fails_is_told() {
    let bench = Bench::new("");
    fs::remove_dir(bench.directory.path().join("bounce")).unwrap();
    let request = Request::Append {
        flags: BounceFlags::empty(),
        queue_id: bench.id.as_str().into(),
        recipient: Recipient::new("a@b"),
        dsn: failure(),
    };
    assert_eq!(bench.ask(Queue::Bounce, &request), Some(-1));
    assert!(bench.logged("append to bounce"));
}

#[test]
fn hundred_thousand_failures_make_one_notice() {
    let bench = Bench::new("");
    let mut log = Vec::new();
    for number in 0..100_000 {
        log.extend_from_slice(
            format!("recipient=user{number}@x.org\nstatus=5.1.1\nreason=unknown\n\n").as_bytes(),
        );
    }
    fs::write(bench.site.layout.path(Queue::Bounce, &bench.id), log).unwrap();
    assert_eq!(bench.flush(bench.message()), Some(0));
    let [notice] = bench.notices().try_into().unwrap();
    let count = notice
        .lines()
        .iter()
        .filter(|line| line.starts_with("Final-Recipient:"))
        .count();
    assert_eq!(count, 100_000);
}

#[test]
fn damaged_message_is_returned_as_far_as_it_goes() {
    let bench = Bench::new("");
    let path = bench.site.layout.path(Queue::Active, &bench.id);
    let whole = fs::read(&path).unwrap();
    for end in (0..whole.len()).step_by(7) {
        fs::write(&path, &whole[..end]).unwrap();
        bench.append(Queue::Bounce, Recipient::new("user@example.com"), failure());
        assert_eq!(bench.flush(bench.message()), Some(0), "cut at {end}");
        let [notice] = bench.notices().try_into().unwrap();
        assert!(
            notice.lines().last().unwrap().ends_with("--"),
            "cut at {end}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

    #[test]
    fn arbitrary_requests_are_answered_or_dropped(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let bench = Bench::new("");
        let status = bench.ask_bytes(Queue::Bounce, bytes);
        prop_assert!(status != Some(0));
        prop_assert!(bench.notices().is_empty());
    }

    #[test]
    fn arbitrary_files_and_logs_make_a_notice(
        file in proptest::collection::vec(any::<u8>(), 0..400),
        log in proptest::collection::vec(any::<u8>(), 0..400),
    ) {
        let bench = Bench::new("enable_threaded_bounces = yes");
        fs::write(bench.site.layout.path(Queue::Active, &bench.id), file).unwrap();
        fs::write(bench.site.layout.path(Queue::Bounce, &bench.id), &log).unwrap();
        prop_assert_eq!(bench.flush(bench.message()), Some(0));
    }
}
