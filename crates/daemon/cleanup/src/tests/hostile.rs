// SPDX-License-Identifier: MIT OR Apache-2.0
//! Clients that go away, lie, or send more than is good.

use proptest::prelude::*;

use super::*;

fn put(bytes: &mut Vec<u8>, kind: RecordType, data: &[u8]) {
    record::write(bytes, kind, data);
}

fn head() -> Vec<u8> {
    let mut bytes = Vec::new();
    put(&mut bytes, RecordType::ArrivalTime, b"1700000000 5");
    put(&mut bytes, RecordType::Sender, b"s@example.com");
    bytes
}

fn tail(bytes: &mut Vec<u8>) {
    put(bytes, RecordType::ExtractedInformation, b"");
    put(bytes, RecordType::End, b"");
}

#[test]
fn client_that_goes_away_leaves_nothing_behind() {
    let mut bench = Bench::new("");
    let mut bytes = head();
    put(&mut bytes, RecordType::Recipient, b"r@x.org");
    put(&mut bytes, RecordType::MessageContent, b"");
    put(&mut bytes, RecordType::RegularText, b"Received: by x");
    tail(&mut bytes);
    for end in 0..bytes.len() {
        let outcome = bench.send_bytes(EXTERNAL, &bytes[..end]);
        assert!(outcome.messages.is_empty(), "cut at {end}");
        assert!(
            outcome.logged(": removed (canceled)"),
            "cut at {end}: {:?}",
            outcome.log
        );
    }
    assert_eq!(bench.send_bytes(EXTERNAL, &bytes).messages.len(), 1);
}

#[test]
fn unavailable_queue_is_no_verdict() {
    let mut bench = Bench::new("");
    fs::remove_dir(bench.directory.path().join("incoming")).unwrap();
    let conversation = Conversation::new(Vec::new());
    let mut stream = conversation.stream();
    crate::conversation::serve(&mut bench.site, &mut stream);
    assert!(conversation.output().is_empty());
    assert!(bench.log.borrow()[0].starts_with("error: cannot create file"));
}

#[test]
fn rewrite_service_that_is_another_refuses_the_message_for_now() {
    let mut bench = Bench::new("");
    let requests = Rc::default();
    bench.site.rewriter = rewrite::Client::new(recorder("private/rewrite", &requests));
    let outcome = bench.mail(&[('R', "incomplete")], &["Received: x", ""]);
    assert_eq!(outcome.status(), CleanupStatus::WRITE);
    assert!(outcome.messages.is_empty());
}

#[test]
fn hundred_thousand_recipients_are_queued() {
    let mut bench = Bench::new("");
    let mut bytes = head();
    for number in 0..100_000 {
        put(
            &mut bytes,
            RecordType::Recipient,
            format!("user{number}@example.com").as_bytes(),
        );
    }
    put(&mut bytes, RecordType::MessageContent, b"");
    put(&mut bytes, RecordType::RegularText, b"Received: by x");
    tail(&mut bytes);
    bench.site.params.message_size_limit = 0;
    let outcome = bench.send_bytes(EXTERNAL, &bytes);
    assert_eq!(outcome.recipients().len(), 100_000);
}

#[test]
fn endless_header_is_cut_at_the_limit() {
    let mut bench = Bench::new("message_size_limit = 0");
    let mut bytes = head();
    put(&mut bytes, RecordType::Recipient, b"r@x.org");
    put(&mut bytes, RecordType::MessageContent, b"");
    put(&mut bytes, RecordType::RegularText, b"Received: by x");
    put(&mut bytes, RecordType::RegularText, b"X-Endless: x");
    for _ in 0..20_000 {
        put(
            &mut bytes,
            RecordType::RegularText,
            &[b" ".as_slice(), &[b'x'; 500]].concat(),
        );
    }
    put(&mut bytes, RecordType::ContinuedText, b"X-Pieces: ");
    for _ in 0..20_000 {
        put(&mut bytes, RecordType::ContinuedText, &[b'y'; 500]);
    }
    put(&mut bytes, RecordType::RegularText, b"end");
    tail(&mut bytes);
    let outcome = bench.send_bytes(EXTERNAL, &bytes);
    let length: usize = outcome.content().iter().map(|line| line.len() + 1).sum();
    assert!(length < 2 * 102_400 + 1000, "{length}");
}

#[test]
fn record_longer_than_any_sound_one_is_refused() {
    let mut bench = Bench::new("");
    let mut bytes = head();
    bytes.extend_from_slice(b"R\xff\xff\xff\x7f");
    let outcome = bench.send_bytes(EXTERNAL, &bytes);
    assert_eq!(outcome.status(), CleanupStatus::BAD);
    assert!(outcome.messages.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn arbitrary_bytes_never_make_a_message(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let outcome = Bench::new("").send_bytes(EXTERNAL, &bytes);
        prop_assert!(outcome.messages.is_empty());
    }

    #[test]
    fn arbitrary_records_make_a_whole_message_or_none(
        records in proptest::collection::vec((0usize..RecordType::ALL.len(), "[ -~]{0,40}"), 0..40),
        flags in 0u32..2048,
    ) {
        let mut bytes = head();
        for (kind, data) in &records {
            put(&mut bytes, RecordType::ALL[*kind], data.as_bytes());
        }
        tail(&mut bytes);
        let outcome = Bench::new("").send_bytes(CleanupFlags::from_bits_truncate(flags), &bytes);
        for (_, records) in &outcome.messages {
            prop_assert_eq!(records.last().map(String::as_str), Some("E "));
        }
    }
}

#[test]
fn arrival_time_of_any_bytes_is_missing_and_not_fatal() {
    let mut bench = Bench::new("");
    let mut bytes = Vec::new();
    put(
        &mut bytes,
        RecordType::ArrivalTime,
        "é".repeat(100).as_bytes(),
    );
    put(&mut bytes, RecordType::Sender, b"");
    put(&mut bytes, RecordType::MessageContent, b"");
    tail(&mut bytes);
    assert_eq!(
        bench.send_bytes(EXTERNAL, &bytes).status(),
        CleanupStatus::BAD
    );
}
