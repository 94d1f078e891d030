// SPDX-License-Identifier: MIT OR Apache-2.0
//! Round trips, and damaged files of our own.

mod libdb;

use std::collections::BTreeMap;
use std::process::Command;

use proptest::prelude::*;

use crate::{DEFAULT_PAGE_SIZE, Entry, Kind, Pair, Reader, write_btree, write_hash};

const PAGE_SIZES: [usize; 4] = [512, 1024, 4096, 65536];

fn write(kind: Kind, entries: &[Entry], page_size: usize) -> Vec<u8> {
    let pairs: Vec<Pair<'_>> = entries
        .iter()
        .map(|(key, value)| (&**key, &**value))
        .collect();
    match kind {
        Kind::Hash => write_hash(&pairs, page_size).unwrap(),
        Kind::Btree => write_btree(&pairs, page_size).unwrap(),
    }
}

fn numbered(count: usize, value_length: usize) -> Vec<Entry> {
    let key = |n: usize| format!("user{n}@example.com\0").into_bytes();
    (0..count)
        .map(|n| {
            (
                key(n),
                vec![b'a' + u8::try_from(n % 26).unwrap(); value_length],
            )
        })
        .collect()
}

/// Keys that share long beginnings, and items on overflow pages.
fn awkward(page_size: usize) -> Vec<Entry> {
    let mut entries = numbered(300, 20);
    for n in 0..60_usize {
        let mut key = vec![b'k'; page_size / 4 + n];
        key.extend(n.to_be_bytes());
        entries.push((key, vec![b'v'; n * page_size / 7]));
    }
    entries.push((Vec::new(), b"empty key".to_vec()));
    entries
}

fn assert_holds(file: Vec<u8>, entries: &[Entry]) {
    let reader = Reader::open(file).unwrap();
    for (key, value) in entries {
        assert_eq!(reader.get(key).unwrap().as_ref(), Some(value));
    }
    assert_eq!(reader.get(b"no such key").unwrap(), None);
    let listed: BTreeMap<_, _> = reader.entries().unwrap().map(Result::unwrap).collect();
    assert_eq!(listed, entries.iter().cloned().collect());
}

#[test]
fn what_was_written_is_read_back_for_every_page_size() {
    for page_size in PAGE_SIZES {
        for kind in [Kind::Hash, Kind::Btree] {
            for entries in [
                vec![],
                numbered(1, 3),
                numbered(5000, 30),
                awkward(page_size),
            ] {
                assert_holds(write(kind, &entries, page_size), &entries);
            }
        }
    }
}

#[test]
fn btree_entries_come_in_key_order() {
    let entries = numbered(3000, 10);
    let reader = Reader::open(write(Kind::Btree, &entries, 512)).unwrap();
    let keys: Vec<Vec<u8>> = reader
        .entries()
        .unwrap()
        .map(|entry| entry.unwrap().0)
        .collect();
    assert!(keys.is_sorted());
    assert_eq!(keys.len(), 3000);
}

#[test]
fn of_equal_keys_the_last_one_counts() {
    let entries = [
        (b"k".to_vec(), b"1".to_vec()),
        (b"k".to_vec(), b"2".to_vec()),
    ];
    for kind in [Kind::Hash, Kind::Btree] {
        let reader = Reader::open(write(kind, &entries, 512)).unwrap();
        assert_eq!(reader.get(b"k").unwrap().unwrap(), b"2");
        assert_eq!(reader.entries().unwrap().count(), 1);
    }
}

#[test]
fn other_page_sizes_are_refused() {
    for size in [0, 511, 768, 131_072] {
        assert!(write_hash(&[], size).is_err());
        assert!(write_btree(&[], size).is_err());
    }
}

#[test]
fn files_of_either_byte_order_that_libdb_wrote_are_read() {
    let files: [(Kind, &[u8]); 4] = [
        (Kind::Hash, include_bytes!("../../testdata/hash-little.db")),
        (Kind::Hash, include_bytes!("../../testdata/hash-big.db")),
        (
            Kind::Btree,
            include_bytes!("../../testdata/btree-little.db"),
        ),
        (Kind::Btree, include_bytes!("../../testdata/btree-big.db")),
    ];
    let mut entries: Vec<Entry> = (0..100)
        .map(|n| (format!("key{n}").into_bytes(), format!("value{n}").into()))
        .collect();
    entries.push((b"long".to_vec(), vec![b'x'; 3000]));
    entries.push((vec![b'y'; 700], b"long key".to_vec()));
    for (kind, file) in files {
        let reader = Reader::open(file.to_vec()).unwrap();
        assert_eq!(reader.kind(), kind);
        assert_holds(file.to_vec(), &entries);
    }
}

#[test]
fn libdb_verifies_what_we_write() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("written.db");
    for page_size in PAGE_SIZES {
        for kind in [Kind::Hash, Kind::Btree] {
            for entries in [
                vec![],
                numbered(1, 3),
                numbered(5000, 30),
                awkward(page_size),
            ] {
                std::fs::write(&path, write(kind, &entries, page_size)).unwrap();
                // Debian's db5.3-util, which scripts/test installs.
                match Command::new("db5.3_verify").arg(&path).output() {
                    Ok(output) => {
                        assert!(output.status.success(), "{kind:?} {page_size}: {output:?}")
                    }
                    Err(_) => eprintln!("db5.3_verify is missing: not compared"),
                }
            }
        }
    }
}

#[test]
fn a_circle_of_pages_ends_with_an_error() {
    let mut file = write_hash(&[], 512).unwrap();
    for bucket in 1..3 {
        file[bucket * 512 + 16] = 1;
    }
    let reader = Reader::open(file).unwrap();
    assert!(reader.get(b"key").is_err());
    assert!(reader.entries().unwrap().any(|entry| entry.is_err()));
}

/// Uses everything a reader offers; only a panic is a failure.
fn exercise(file: Vec<u8>, keys: &[Entry]) {
    let Ok(reader) = Reader::open(file) else {
        return;
    };
    for (key, _) in keys {
        let _ = reader.get(key);
    }
    if let Ok(entries) = reader.entries() {
        entries.for_each(drop);
    }
}

proptest! {
    #[test]
    fn any_entries_survive(
        entries in prop::collection::btree_map(
            prop::collection::vec(any::<u8>(), 0..300),
            prop::collection::vec(any::<u8>(), 0..2000), 0..80),
    ) {
        let entries: Vec<Entry> = entries.into_iter().collect();
        for kind in [Kind::Hash, Kind::Btree] {
            assert_holds(write(kind, &entries, 512), &entries);
        }
    }

    #[test]
    fn damaged_files_never_panic(
        kind in prop_oneof![Just(Kind::Hash), Just(Kind::Btree)],
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let entries = awkward(512);
        let mut file = write(kind, &entries, 512);
        for (place, byte) in damage {
            let place = place.index(file.len());
            file[place] = byte;
        }
        if let Some(cut) = cut {
            file.truncate(cut.index(file.len()));
        }
        exercise(file, &entries[..10]);
    }

    #[test]
    fn damaged_headers_never_panic(
        kind in prop_oneof![Just(Kind::Hash), Just(Kind::Btree)],
        damage in prop::collection::vec((0..40_usize, 0..60_usize, any::<u8>()), 1..20),
    ) {
        let entries = awkward(512);
        let mut file = write(kind, &entries, 512);
        let pages = file.len() / 512;
        for (page, offset, byte) in damage {
            file[(page % pages) * 512 + offset] = byte;
        }
        exercise(file, &entries);
    }

    #[test]
    fn random_bytes_are_no_table(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert!(Reader::open(bytes).is_err());
    }
}

#[test]
fn a_large_table_is_built_quickly() {
    let entries = numbered(100_000, 20);
    let file = write(Kind::Hash, &entries, DEFAULT_PAGE_SIZE);
    let reader = Reader::open(file).unwrap();
    assert_eq!(
        reader
            .get(b"user99999@example.com\0")
            .unwrap()
            .unwrap()
            .len(),
        20
    );
}
