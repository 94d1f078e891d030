// SPDX-License-Identifier: MIT OR Apache-2.0
//! Envelopes as cleanup writes them, in portions, and damaged.

use ipc::record;

use super::*;

/// A file with `front` recipients before and `back` recipients behind the content.
fn message(front: usize, back: usize, flags: u32) -> Vec<u8> {
    let mut out = Vec::new();
    let put = |out: &mut Vec<u8>, kind, data: &[u8]| record::write(out, kind, data);
    put(
        &mut out,
        RecordType::MessageSize,
        &SizeRecord::default().encode(),
    );
    put(&mut out, RecordType::ArrivalTime, b"1700000000 123456");
    put(&mut out, RecordType::Attribute, b"create_time=1700000001");
    put(&mut out, RecordType::Attribute, b"rewrite_context=local");
    put(&mut out, RecordType::Attribute, b"ret_flags=2");
    put(&mut out, RecordType::Sender, b"sender@example.com");
    put(
        &mut out,
        RecordType::Attribute,
        b"log_client_name=client.example",
    );
    put(&mut out, RecordType::WarningTime, b"     1700003600");
    for number in 0..front {
        put(&mut out, RecordType::Attribute, b"notify_flags=4");
        put(&mut out, RecordType::OriginalRecipient, b"orig@example.com");
        put(
            &mut out,
            RecordType::Recipient,
            format!("front{number}@example.com").as_bytes(),
        );
    }
    put(&mut out, RecordType::MessageContent, b"");
    let start = out.len() as u64;
    put(&mut out, RecordType::RegularText, b"Subject: x");
    put(&mut out, RecordType::ContinuedText, b"not a filter");
    put(&mut out, RecordType::RegularText, b"");
    let end = out.len() as u64;
    put(&mut out, RecordType::ExtractedInformation, b"");
    put(&mut out, RecordType::CONTENT_FILTER, b"smtp:filter");
    for number in 0..back {
        put(
            &mut out,
            RecordType::Recipient,
            format!("back{number}@example.com").as_bytes(),
        );
    }
    put(&mut out, RecordType::End, b"");
    let sizes = SizeRecord {
        content_length: end - start,
        data_offset: start,
        recipient_count: (front + back) as u64,
        queue_manager_flags: flags,
        content_length_edited: end - start,
        send_options: 0,
    };
    let mut head = Vec::new();
    put(&mut head, RecordType::MessageSize, &sizes.encode());
    out[..head.len()].copy_from_slice(&head);
    out
}

#[test]
fn whole_envelope_is_read_around_the_content() {
    let bytes = message(2, 1, 0);
    let envelope = Envelope::read(&mut Reader::new(bytes.as_slice()), 100).unwrap();
    assert!(envelope.complete && envelope.continuation.is_none());
    assert_eq!(envelope.arrival, Some((1_700_000_000, 123_456)));
    assert_eq!(envelope.create_time, Some(1_700_000_001));
    assert_eq!(
        envelope.sender.as_deref(),
        Some(b"sender@example.com".as_slice())
    );
    assert_eq!(envelope.ret, Ret::HDRS);
    assert_eq!(envelope.client.log_client_name, b"client.example");
    assert_eq!(envelope.content_filter, b"smtp:filter");
    assert_eq!(envelope.warning.unwrap().seconds, 1_700_003_600);
    let [first, second, third] = envelope.recipients.as_slice() else {
        panic!("count")
    };
    assert_eq!(
        (first.notify.bits(), first.original.as_slice()),
        (4, b"orig@example.com".as_slice())
    );
    assert_eq!(bytes[usize::try_from(second.offset).unwrap()], b'R');
    assert_eq!(
        (third.address.as_slice(), third.notify),
        (b"back0@example.com".as_slice(), Notify::empty())
    );
}

#[test]
fn recipients_come_in_portions_and_none_is_lost_or_repeated() {
    for flags in [0, SizeRecord::MIXED] {
        for limit in 1..8 {
            let bytes = message(4, 3, flags);
            let mut reader = Reader::new(bytes.as_slice());
            let envelope = Envelope::read(&mut reader, limit).unwrap();
            assert!(envelope.complete);
            assert_eq!(envelope.content_filter, b"smtp:filter", "limit {limit}");
            let mut seen: Vec<u64> = envelope.recipients.iter().map(|r| r.offset).collect();
            let mut from = envelope.continuation;
            while let Some(continuation) = from {
                let portion =
                    read_recipients(&mut reader, &envelope.sizes, continuation, limit).unwrap();
                assert!(portion.recipients.len() <= limit);
                seen.extend(portion.recipients.iter().map(|r| r.offset));
                from = portion.continuation;
            }
            assert_eq!(seen.len(), 7, "limit {limit}");
            assert!(seen.is_sorted());
        }
    }
}

#[test]
fn finished_recipients_are_counted_and_their_attributes_forgotten() {
    let mut bytes = message(2, 0, 0);
    let envelope = Envelope::read(&mut Reader::new(bytes.as_slice()), 100).unwrap();
    bytes[usize::try_from(envelope.recipients[0].offset).unwrap()] = b'D';
    let envelope = Envelope::read(&mut Reader::new(bytes.as_slice()), 100).unwrap();
    assert_eq!(
        (envelope.recipients.len(), envelope.finished_recipients),
        (1, 1)
    );
}

#[test]
fn truncated_envelope_is_incomplete_or_damaged_but_never_a_panic() {
    let bytes = message(3, 2, 0);
    for end in 0..bytes.len() {
        if let Ok(envelope) = Envelope::read(&mut Reader::new(&bytes[..end]), 100) {
            assert!(!envelope.complete, "{end}");
        }
    }
    for at in 0..bytes.len() {
        let mut forged = bytes.clone();
        forged[at] ^= 0x55;
        let _ = Envelope::read(&mut Reader::new(forged.as_slice()), 2);
    }
}

#[test]
fn attribute_is_split_at_the_first_equals_sign() {
    assert_eq!(
        split_attribute(b"a=b=c"),
        Some((b"a".as_slice(), b"b=c".as_slice()))
    );
    assert_eq!(
        split_attribute(b" a = b"),
        Some((b"a".as_slice(), b"b".as_slice()))
    );
    assert_eq!(split_attribute(b"=b"), None);
    assert_eq!(split_attribute(b"ab"), None);
}

/// Written by cleanup of Debian's Postfix 3.7.
const DEBIAN: &[u8] = include_bytes!("../../testdata/debian-3.7.queue-file");

#[test]
fn queue_file_of_the_original_is_understood() {
    let mut reader = Reader::new(DEBIAN);
    let envelope = Envelope::read(&mut reader, 100).unwrap();
    assert!(envelope.complete && envelope.continuation.is_none());
    assert_eq!(envelope.arrival, Some((1_700_000_000, 123_456)));
    assert_eq!(envelope.create_time, Some(1_700_000_001));
    assert_eq!(
        envelope.sender.as_deref(),
        Some(b"sender@example.com".as_slice())
    );
    assert_eq!(
        (envelope.ret, envelope.envelope_id.as_slice()),
        (Ret::HDRS, b"xyz".as_slice())
    );
    assert_eq!(envelope.encoding, b"8bit");
    assert_eq!(envelope.client.log_client_address, b"192.0.2.7");
    assert_eq!(envelope.warning.unwrap().seconds, 1_700_003_600);
    assert_eq!(envelope.sizes.recipient_count, 3);
    let recipients: Vec<(&[u8], &[u8], u32)> = envelope
        .recipients
        .iter()
        .map(|r| {
            (
                r.address.as_slice(),
                r.dsn_orcpt.as_slice(),
                r.notify.bits(),
            )
        })
        .collect();
    assert_eq!(
        recipients,
        [
            (
                b"one@example.com".as_slice(),
                b"rfc822;one@example.org".as_slice(),
                4
            ),
            (b"two words@example.com", b"rfc822;two words@example.com", 0),
            (b"archive@example.com", b"", 1),
        ]
    );
    reader.seek(envelope.sizes.data_offset);
    let mut lines = Vec::new();
    while let Some((continued, line)) = reader.next_content().unwrap() {
        assert!(!continued);
        lines.push(line.to_vec());
    }
    assert_eq!(lines.last().map(Vec::as_slice), Some(b"".as_slice()));
    assert!(lines.contains(&"café".as_bytes().to_vec()));
    let length = reader.position() - 2 - envelope.sizes.data_offset;
    assert_eq!(length, envelope.sizes.content_length);
}
