// SPDX-License-Identifier: MIT OR Apache-2.0
//! Records are read as they were written, and broken ones are refused.

use super::{LENGTH_LIMIT, RecordError, RecordReader, RecordType, parse, write, written_length};
use proptest::prelude::*;

#[test]
fn every_type_has_its_own_byte_and_name() {
    for kind in RecordType::ALL {
        assert_eq!(RecordType::from_byte(kind.byte()), Some(kind));
    }
    let mut names: Vec<_> = RecordType::ALL.iter().map(|kind| kind.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), RecordType::ALL.len());
    let known = (0..=255)
        .filter(|byte| RecordType::from_byte(*byte).is_some())
        .count();
    assert_eq!(known, RecordType::ALL.len());
}

#[test]
fn the_length_has_seven_bits_a_byte_with_the_least_significant_first() {
    let mut out = Vec::new();
    write(&mut out, RecordType::Recipient, &[b'x'; 300]);
    assert_eq!(&out[..4], b"R\xac\x02x");
    assert_eq!(out.len(), written_length(300));
    out.clear();
    write(&mut out, RecordType::End, b"");
    assert_eq!(out, b"E\0");
}

#[test]
fn a_length_of_five_bytes_is_refused() {
    let bytes = b"N\xff\xff\xff\xff\x01";
    assert!(matches!(
        parse(bytes, LENGTH_LIMIT),
        Err(RecordError::BadLength)
    ));
    let read = RecordReader::new(&bytes[..]).next(LENGTH_LIMIT);
    assert!(matches!(read, Err(RecordError::BadLength)));
}

#[test]
fn a_length_over_the_limit_is_refused_before_any_data_is_read() {
    let bytes = b"N\x65";
    assert!(matches!(parse(bytes, 100), Err(RecordError::TooLong(100))));
    let read = RecordReader::new(&bytes[..]).next(100);
    assert!(matches!(read, Err(RecordError::TooLong(100))));
}

#[test]
fn an_unknown_type_is_refused() {
    assert!(matches!(
        parse(b"\0\0", 9),
        Err(RecordError::UnknownType(0))
    ));
    let read = RecordReader::new(&b"Z\0"[..]).next(9);
    assert!(matches!(read, Err(RecordError::UnknownType(b'Z'))));
}

fn records() -> impl Strategy<Value = Vec<(RecordType, Vec<u8>)>> {
    let data = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..40),
        (0usize..20_000).prop_map(|length| vec![b'a'; length]),
    ];
    let kind = (0..RecordType::ALL.len()).prop_map(|index| RecordType::ALL[index]);
    proptest::collection::vec((kind, data), 0..12)
}

proptest! {
    #[test]
    fn what_is_written_is_read(records in records(), capacity in 1usize..64) {
        let mut bytes = Vec::new();
        for (kind, data) in &records {
            write(&mut bytes, *kind, data);
        }
        let total = bytes.len() as u64;
        let mut rest = bytes.as_slice();
        let input = std::io::BufReader::with_capacity(capacity, bytes.as_slice());
        let mut reader = RecordReader::new(input);
        for (kind, data) in &records {
            let parsed = parse(rest, 20_000).unwrap().unwrap();
            prop_assert_eq!((parsed.kind, parsed.data), (*kind, data.as_slice()));
            rest = &rest[parsed.length..];
            let record = reader.next(20_000).unwrap().unwrap();
            prop_assert_eq!((record.kind, &record.data), (*kind, data));
        }
        prop_assert!(reader.next(1).unwrap().is_none());
        prop_assert_eq!(reader.offset(), total);
        prop_assert!(parse(rest, 1).unwrap().is_none());
    }

    #[test]
    fn a_truncated_record_is_incomplete(data in proptest::collection::vec(any::<u8>(), 0..300)) {
        let mut bytes = Vec::new();
        write(&mut bytes, RecordType::RegularText, &data);
        for length in 1..bytes.len() {
            prop_assert!(parse(&bytes[..length], 300).unwrap().is_none());
            let read = RecordReader::new(&bytes[..length]).next(300);
            prop_assert!(matches!(read, Err(RecordError::Truncated)));
        }
    }

    #[test]
    fn random_bytes_are_refused_or_read_but_never_more_than_allowed(
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let mut reader = RecordReader::new(bytes.as_slice());
        while let Ok(Some(record)) = reader.next(50) {
            prop_assert!(record.data.len() <= 50);
        }
        prop_assert!(reader.offset() <= bytes.len() as u64);
    }
}
