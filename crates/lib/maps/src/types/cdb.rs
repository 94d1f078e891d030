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
use super::{cannot_open, reason};
use crate::{Entry, Options};

/// Bytes before the first entry: 256 pairs of numbers.
const HEADER: usize = 2048;

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
        |file, path| Cdb::open(file).map_err(|error| cannot_open(path, &error)),
    )
}

/// Two numbers that stand side by side at the beginning of `bytes`.
fn pair(bytes: &[u8]) -> io::Result<(u32, u32)> {
    let (pair, _) = bytes.as_chunks::<4>();
    match pair {
        [first, second, ..] => Ok((u32::from_le_bytes(*first), u32::from_le_bytes(*second))),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// An open file. It never changes: what begins it, and its length, are read once.
pub(crate) struct Cdb {
    file: File,
    length: u64,
    header: Vec<u8>,
}

impl Cdb {
    /// How much is read at once to find a slot that is in use, and no more.
    const SLOTS: u64 = 4 * 8;
    /// How much of a value is read together with its key.
    const VALUE: u64 = 192;

    pub(crate) fn open(file: File) -> io::Result<Self> {
        let length = file.metadata()?.len();
        let mut header = vec![0; HEADER];
        file.read_exact_at(&mut header, 0)?;
        Ok(Self {
            file,
            length,
            header,
        })
    }

    /// Up to `length` bytes, fewer at the end of the file.
    fn piece(&self, place: u64, length: u64) -> io::Result<Vec<u8>> {
        let length = length.min(self.length.saturating_sub(place));
        let mut bytes = vec![0; usize::try_from(length).map_err(io::Error::other)?];
        self.file.read_exact_at(&mut bytes, place)?;
        Ok(bytes)
    }

    fn find(&self, key: &[u8]) -> io::Result<Option<Vec<u8>>> {
        let hash = hash_of(key);
        let (table, slots) = pair(&self.header[(hash & 255) as usize * 8..])?;
        if slots == 0 {
            return Ok(None);
        }
        let end = u64::from(slots) * 8;
        let mut at = u64::from((hash >> 8) % slots) * 8;
        // A damaged count must not raise the work beyond the length of the file.
        let mut left = end.min(self.length);
        while left > 0 {
            let length = Self::SLOTS.min(end - at).min(left);
            for slot in self.piece(u64::from(table) + at, length)?.chunks(8) {
                let (slot_hash, entry) = pair(slot)?;
                if entry == 0 {
                    return Ok(None);
                }
                if slot_hash == hash
                    && let Some(value) = self.value_at(entry, key)?
                {
                    return Ok(Some(value));
                }
            }
            left -= length;
            at = (at + length) % end;
        }
        Ok(None)
    }

    /// The value of the entry at `place`, if that has this key.
    fn value_at(&self, place: u32, key: &[u8]) -> io::Result<Option<Vec<u8>>> {
        let start = 8 + key.len() as u64;
        let mut entry = self.piece(u64::from(place), start + Self::VALUE)?;
        let (key_length, value_length) = pair(&entry)?;
        let start = 8 + key.len();
        if key_length as usize != key.len() || entry.get(8..start) != Some(key) {
            return Ok(None);
        }
        let end = start + value_length as usize;
        if entry.len() < end {
            entry = self.piece(u64::from(place), end as u64)?;
        }
        let value = entry.get(start..end);
        value.map_or(Err(io::ErrorKind::UnexpectedEof.into()), |value| {
            Ok(Some(value.to_vec()))
        })
    }

    /// All entries, in the order in which they were added.
    pub(crate) fn list(&self) -> io::Result<Vec<Entry>> {
        let (end, _) = pair(&self.header)?;
        let mut place = HEADER as u64;
        let mut entries = Vec::new();
        while place < u64::from(end) {
            let (key_length, value_length) = pair(&self.piece(place, 8)?)?;
            let length = u64::from(key_length) + u64::from(value_length);
            let mut key = self.piece(place + 8, length)?;
            if (key.len() as u64) < length {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let value = key.split_off(key_length as usize);
            place += 8 + length;
            entries.push((key, value));
        }
        Ok(entries)
    }
}

/// The bytes of a file that holds `entries`.
///
/// # Errors
/// More than 4 GiB.
pub(crate) fn encode(entries: &[Pair<'_>]) -> io::Result<Vec<u8>> {
    let too_long = |_| io::Error::from(io::ErrorKind::FileTooLarge);
    let mut file = vec![0; HEADER];
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

impl Store for Cdb {
    fn value(&self, key: &[u8]) -> Result<Option<Vec<u8>>, String> {
        self.find(key).map_err(|error| reason(&error))
    }

    fn entries(&self) -> Result<Vec<Entry>, String> {
        self.list().map_err(|error| reason(&error))
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
        let mut entries = numbered(2000);
        entries.push((b"long".to_vec(), vec![b'v'; 5000]));
        entries.push((Vec::new(), Vec::new()));
        let (_directory, file) = written(&encode(&pairs(&entries)).unwrap());
        let table = Cdb::open(file).unwrap();
        for (key, value) in &entries {
            assert_eq!(table.find(key).unwrap().as_ref(), Some(value));
        }
        assert_eq!(table.find(b"other").unwrap(), None);
        assert_eq!(table.list().unwrap(), entries);
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
            let Ok(table) = Cdb::open(file) else { continue };
            let _ = table.list();
            for (key, _) in &entries {
                let _ = table.find(key);
            }
        }
    }
}
