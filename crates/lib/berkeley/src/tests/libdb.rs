// SPDX-License-Identifier: MIT OR Apache-2.0
//! Files that the real libdb wrote: of every shape, with several values per key, and damaged.

use std::io::Write;
use std::process::{Command, Stdio};

use super::{assert_holds, exercise};
use crate::{Entry, Kind, Reader};

/// Written by db5.3_load with pages of 512 bytes.
const FILES: [&[u8]; 8] = [
    include_bytes!("../../testdata/hash-little.db"),
    include_bytes!("../../testdata/hash-big.db"),
    include_bytes!("../../testdata/btree-little.db"),
    include_bytes!("../../testdata/btree-big.db"),
    include_bytes!("../../testdata/hash-duplicates-big.db"),
    include_bytes!("../../testdata/hash-duplicates-sorted-little.db"),
    include_bytes!("../../testdata/btree-duplicates-little.db"),
    include_bytes!("../../testdata/btree-duplicates-sorted-big.db"),
];

#[test]
fn of_several_values_the_first_is_the_keys_value() {
    let mut entries: Vec<Entry> = (0..50)
        .map(|n| (format!("key{n}").into_bytes(), format!("value{n}").into()))
        .collect();
    entries.push((b"many".to_vec(), b"item 000".to_vec()));
    entries.push((b"long".to_vec(), vec![b'x'; 3000]));
    for (file, first) in FILES[4..].iter().zip(["b", "a", "b", "a"]) {
        let mut entries = entries.clone();
        entries.push((b"two".to_vec(), first.into()));
        assert_holds(file.to_vec(), &entries);
    }
}

/// A file that db5.3_load makes; `None` where it is not installed.
fn loaded(arguments: &[&str], entries: &[Entry]) -> Option<Vec<u8>> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("loaded.db");
    let mut command = Command::new("db5.3_load");
    command
        .arg("-T")
        .args(arguments)
        .arg(&path)
        .stdin(Stdio::piped());
    let Ok(mut child) = command.spawn() else {
        eprintln!("db5.3_load is missing: not compared");
        return None;
    };
    let mut input = child.stdin.take().unwrap();
    for (key, value) in entries {
        input
            .write_all(&[key, &b"\n"[..], value, b"\n"].concat())
            .unwrap();
    }
    drop(input);
    assert!(child.wait().unwrap().success());
    Some(std::fs::read(path).unwrap())
}

#[test]
fn files_of_every_shape_are_read() {
    let text = |byte: u8, length: usize| vec![byte; length];
    let mut entries: Vec<Entry> = (0..600)
        .map(|n| {
            (
                format!("user{n}@example.com").into_bytes(),
                format!("value {n}").into(),
            )
        })
        .collect();
    for n in 1..40 {
        let key = [text(b'k', n * 13), n.to_string().into_bytes()].concat();
        entries.push((key, text(b'v', n * n * 50)));
    }
    for size in [512, 1024, 2048, 4096, 8192, 16384, 32768, 65536] {
        for order in ["db_lorder=1234", "db_lorder=4321"] {
            let size = format!("db_pagesize={size}");
            // With a number of entries told before, all buckets are there from the beginning.
            for shape in [
                &["-t", "hash"][..],
                &["-t", "hash", "-c", "h_nelem=5000"],
                &["-t", "hash", "-c", "h_ffactor=2"],
                &["-t", "btree"],
            ] {
                let arguments = [shape, &["-c", &size, "-c", order]].concat();
                match loaded(&arguments, &entries) {
                    Some(file) => assert_holds(file, &entries),
                    None => return,
                }
            }
        }
    }
}

/// A generator of numbers that are the same in every run (xorshift64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % limit
    }

    /// A number as damage makes them: at a limit, or any.
    fn awkward(&mut self) -> u32 {
        const LIMITS: [u32; 10] = [0, 1, 2, 25, 26, 511, 512, 0xffff, 0x7fff_ffff, u32::MAX];
        match self.below(20) {
            index if index < LIMITS.len() => LIMITS[index],
            _ => u32::try_from(self.below(1 << 20)).unwrap(),
        }
    }
}

/// Damages one place of a file.
fn damage(file: &mut Vec<u8>, numbers: &mut Numbers) {
    const PAGE: usize = 512;
    let pages = file.len() / PAGE;
    if pages < 2 {
        return;
    }
    let (one, other) = (numbers.below(pages) * PAGE, numbers.below(pages) * PAGE);
    match numbers.below(6) {
        0 => file[one + numbers.below(PAGE)] ^= 1 << numbers.below(8),
        // The header of a page and the places of its items are where it hurts.
        1 => file[one + numbers.below(60)] = numbers.awkward().to_le_bytes()[0],
        2 => {
            let place = one + numbers.below(16) * 4;
            file[place..place + 4].copy_from_slice(&numbers.awkward().to_be_bytes());
        }
        3 => {
            let place = one + 20 + numbers.below(100) * 2;
            let number = numbers.awkward().to_le_bytes();
            file[place..place + 2].copy_from_slice(&number[..2]);
        }
        4 => file.copy_within(one..one + PAGE, other),
        _ => {
            let length = file.len() - numbers.below(file.len() / 8 + 1);
            file.truncate(length);
        }
    }
}

#[test]
fn damaged_files_of_libdb_give_answers_or_errors() {
    let keys: Vec<Entry> = ["key1", "key99", "two", "many", "long", "", "absent"]
        .map(|key| (key.into(), Vec::new()))
        .into();
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let mut readable = 0;
    for round in 0..8000 {
        let mut file = FILES[round % FILES.len()].to_vec();
        for _ in 0..=numbers.below(6) {
            damage(&mut file, &mut numbers);
        }
        readable += usize::from(Reader::open(file.clone()).is_ok());
        exercise(file, &keys);
    }
    assert!(
        readable > 4000,
        "most damage must reach the pages: {readable}"
    );
}

#[test]
fn sub_databases_are_refused() {
    let Some(file) = loaded(&["-t", "btree", "-c", "subdatabase=x"], &[]) else {
        return;
    };
    let error = Reader::open(file).unwrap_err().to_string();
    assert!(error.contains("sub-databases"), "{error}");
    let records = loaded(&["-t", "recno"], &[]);
    assert!(records.is_some_and(|file| Reader::open(file).is_err()));
    let checked = loaded(&["-t", "hash", "-c", "chksum=1"], &[]).unwrap();
    assert!(Reader::open(checked).is_err());
    assert!(
        loaded(&["-t", "hash"], &[])
            .is_some_and(|file| { Reader::open(file).unwrap().kind() == Kind::Hash })
    );
}
