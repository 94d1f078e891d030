// SPDX-License-Identifier: MIT OR Apache-2.0
//! `cdb:name`: constant databases `name.cdb`, made by postmap(1) and postalias(1).
//!
//! A file has 256 pairs of numbers that say where 256 hash tables are and how many slots they
//! have; then the entries (lengths, key, value); then the hash tables (hash, place of the entry).
//! All numbers are 32 bits, little-endian.
//!
//! *Invariants:* a damaged file gives an error; a lookup reads at most one hash table, and no
//! more memory than the file is long.
//!
//! *Postfix:* dict_cdb(3), with D. J. Bernstein's format.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use berkeley::Pair;

use super::indexed::{self, Changes, Store};
use super::reason;
use crate::{Entry, Options};

/// Bytes before the first entry: 256 pairs of numbers.
const HEADER: u64 = 2048;

fn hash_of(key: &[u8]) -> u32 {
    key.iter().fold(5381, |hash: u32, byte| {
        hash.wrapping_mul(33) ^ u32::from(*byte)
    })
}

pub(super) fn open(name: &str, options: &Options) -> super::Opened {
    let suffix = (".cdb", true);
    indexed::open(
        ("cdb", name),
        suffix,
        options,
        Changes::Any,
        |file, _path| Ok(file),
    )
}

/// Two numbers that stand side by side.
fn pair_at(file: &File, place: u64) -> io::Result<(u32, u32)> {
    let mut bytes = [0; 8];
    file.read_exact_at(&mut bytes, place)?;
    let [a, b, c, d, e, f, g, h] = bytes;
    Ok((
        u32::from_le_bytes([a, b, c, d]),
        u32::from_le_bytes([e, f, g, h]),
    ))
}

/// A piece of the file; a length beyond its end is an error before memory is taken.
fn piece(file: &File, place: u64, length: u32) -> io::Result<Vec<u8>> {
    if place.saturating_add(u64::from(length)) > file.metadata()?.len() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let mut bytes = vec![0; length as usize];
    file.read_exact_at(&mut bytes, place)?;
    Ok(bytes)
}

fn find(file: &File, key: &[u8]) -> io::Result<Option<Vec<u8>>> {
    let hash = hash_of(key);
    let (table, slots) = pair_at(file, u64::from(hash & 255) * 8)?;
    if slots == 0 {
        return Ok(None);
    }
    // A damaged count must not raise the work beyond the length of the file.
    let held = file.metadata()?.len() / 8;
    for step in 0..u64::from(slots).min(held) {
        let slot = (u64::from((hash >> 8) % slots) + step) % u64::from(slots);
        let (slot_hash, entry) = pair_at(file, u64::from(table) + slot * 8)?;
        if entry == 0 {
            return Ok(None);
        }
        if slot_hash != hash {
            continue;
        }
        let (key_length, value_length) = pair_at(file, u64::from(entry))?;
        let data = u64::from(entry) + 8;
        if key_length as usize == key.len() && piece(file, data, key_length)? == key {
            return piece(file, data + u64::from(key_length), value_length).map(Some);
        }
    }
    Ok(None)
}

pub(crate) fn list(file: &File) -> io::Result<Vec<Entry>> {
    let (end, _) = pair_at(file, 0)?;
    let mut place = HEADER;
    let mut entries = Vec::new();
    while place < u64::from(end) {
        let (key_length, value_length) = pair_at(file, place)?;
        let key = piece(file, place + 8, key_length)?;
        let value = piece(file, place + 8 + u64::from(key_length), value_length)?;
        place += 8 + u64::from(key_length) + u64::from(value_length);
        entries.push((key, value));
    }
    Ok(entries)
}

/// The bytes of a file that holds `entries`.
///
/// # Errors
/// More than 4 GiB.
pub(crate) fn encode(entries: &[Pair<'_>]) -> io::Result<Vec<u8>> {
    let too_long = |_| io::Error::from(io::ErrorKind::FileTooLarge);
    let mut file = vec![0; 2048];
    let mut tables: Vec<Vec<(u32, u32)>> = vec![Vec::new(); 256];
    for (key, value) in entries {
        let hash = hash_of(key);
        let place = u32::try_from(file.len()).map_err(too_long)?;
        tables[(hash & 255) as usize].push((hash, place));
        for part in [key, value] {
            file.extend(u32::try_from(part.len()).map_err(too_long)?.to_le_bytes());
        }
        file.extend_from_slice(key);
        file.extend_from_slice(value);
    }
    for (number, table) in tables.iter().enumerate() {
        let place = u32::try_from(file.len()).map_err(too_long)?;
        let count = table.len() * 2;
        let mut slots = vec![(0, 0); count];
        for &(hash, entry) in table {
            let mut slot = (hash >> 8) as usize % count;
            while slots[slot].1 != 0 {
                slot = (slot + 1) % count;
            }
            slots[slot] = (hash, entry);
        }
        for (hash, entry) in slots {
            file.extend(hash.to_le_bytes());
            file.extend(entry.to_le_bytes());
        }
        let count = u32::try_from(count).map_err(too_long)?;
        file[number * 8..number * 8 + 4].copy_from_slice(&place.to_le_bytes());
        file[number * 8 + 4..number * 8 + 8].copy_from_slice(&count.to_le_bytes());
    }
    Ok(file)
}

impl Store for File {
    fn value(&self, key: &[u8]) -> Result<Option<Vec<u8>>, String> {
        find(self, key).map_err(|error| reason(&error))
    }

    fn entries(&self) -> Result<Vec<Entry>, String> {
        list(self).map_err(|error| reason(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(bytes: &[u8]) -> (tempfile::TempDir, File) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("table.cdb");
        std::fs::write(&path, bytes).unwrap();
        let file = File::open(path).unwrap();
        (directory, file)
    }

    fn pairs(entries: &[Entry]) -> Vec<Pair<'_>> {
        entries
            .iter()
            .map(|(key, value)| (&**key, &**value))
            .collect()
    }

    fn numbered(count: usize) -> Vec<(Vec<u8>, Vec<u8>)> {
        (0..count)
            .map(|n| (format!("key{n}").into(), format!("value {n}").into()))
            .collect()
    }

    #[test]
    fn what_was_written_is_found_and_listed() {
        let entries = numbered(2000);
        let (_directory, file) = written(&encode(&pairs(&entries)).unwrap());
        for (key, value) in &entries {
            assert_eq!(find(&file, key).unwrap().as_ref(), Some(value));
        }
        assert_eq!(find(&file, b"other").unwrap(), None);
        assert_eq!(list(&file).unwrap(), entries);
    }

    #[test]
    fn damaged_files_give_errors_and_no_panic() {
        let entries = numbered(50);
        let good = encode(&pairs(&entries)).unwrap();
        for place in (0..good.len()).step_by(7) {
            let mut bad = good.clone();
            bad[place] ^= 0xff;
            bad.truncate(good.len() - place / 3);
            let (_directory, file) = written(&bad);
            let _ = list(&file);
            for (key, _) in &entries {
                let _ = find(&file, key);
            }
        }
    }
}
