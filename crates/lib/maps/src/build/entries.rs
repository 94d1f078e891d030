// SPDX-License-Identifier: MIT OR Apache-2.0
//! The entries of a table that is being made, as they will be stored.
//!
//! All text stands in one piece of memory, and an entry is four numbers: a million entries take
//! little more than their text.

use std::hash::{BuildHasher, RandomState};
use std::ops::Range;

use berkeley::Pair;

/// Where the text of an entry stands.
struct Entry {
    key: Range<usize>,
    /// `None` for an entry that was removed.
    value: Option<Range<usize>>,
}

/// Entries with different keys, in the order in which their keys came first.
#[derive(Default)]
pub(super) struct Entries {
    text: Vec<u8>,
    entries: Vec<Entry>,
    /// A hash table: the number of an entry plus one, or 0. Its length is a power of two; an
    /// entry stands at the place that its hash says, or behind it.
    places: Vec<u32>,
    hasher: RandomState,
}

impl Entries {
    /// Adds an entry, or replaces the one with this key.
    pub(super) fn put(&mut self, key: &[u8], value: &[u8]) {
        if self.entries.len() * 2 >= self.places.len() {
            self.grow();
        }
        let place = self.place_of(key);
        let number = match self.places[place] {
            0 => {
                let key = self.keep(key);
                self.entries.push(Entry { key, value: None });
                let number = self.entries.len();
                // There is no room for the text of so many entries.
                self.places[place] = u32::try_from(number).unwrap_or(u32::MAX);
                number
            }
            number => number as usize,
        };
        self.entries[number - 1].value = Some(self.keep(value));
    }

    /// Whether there is an entry with this key.
    pub(super) fn contains(&self, key: &[u8]) -> bool {
        self.find(key).is_some()
    }

    /// Removes the entry with this key; tells whether there was one.
    pub(super) fn remove(&mut self, key: &[u8]) -> bool {
        let found = self.find(key);
        if let Some(index) = found {
            self.entries[index].value = None;
        }
        found.is_some()
    }

    /// All entries.
    pub(super) fn pairs(&self) -> Vec<Pair<'_>> {
        let text = |place: &Range<usize>| &self.text[place.clone()];
        self.entries
            .iter()
            .filter_map(|entry| Some((text(&entry.key), text(entry.value.as_ref()?))))
            .collect()
    }

    fn keep(&mut self, text: &[u8]) -> Range<usize> {
        let start = self.text.len();
        self.text.extend_from_slice(text);
        start..self.text.len()
    }

    fn find(&self, key: &[u8]) -> Option<usize> {
        if self.places.is_empty() {
            return None;
        }
        let number = self.places[self.place_of(key)] as usize;
        let index = number.checked_sub(1)?;
        self.entries[index].value.is_some().then_some(index)
    }

    /// The place of the entry with this key, or the free place where it belongs.
    fn place_of(&self, key: &[u8]) -> usize {
        let mask = self.places.len() - 1;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "any bits of the hash will do"
        )]
        let mut place = self.hasher.hash_one(key) as usize & mask;
        loop {
            match self.places[place] {
                0 => return place,
                number if self.text[self.entries[number as usize - 1].key.clone()] == *key => {
                    return place;
                }
                _ => place = (place + 1) & mask,
            }
        }
    }

    fn grow(&mut self) {
        let length = (self.places.len() * 2).max(1024);
        self.places = vec![0; length];
        for index in 0..self.entries.len() {
            let key = self.entries[index].key.clone();
            let place = self.place_of(&self.text[key]);
            self.places[place] = u32::try_from(index + 1).unwrap_or(u32::MAX);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_keep_their_order_and_change_in_place() {
        let mut entries = Entries::default();
        assert!(!entries.contains(b"a") && !entries.remove(b"a"));
        for (key, value) in [("b", "1"), ("a", "2"), ("", "3"), ("b", "4")] {
            entries.put(key.as_bytes(), value.as_bytes());
        }
        let pairs: Vec<Pair<'_>> = vec![(b"b", b"4"), (b"a", b"2"), (b"", b"3")];
        assert_eq!(entries.pairs(), pairs);
        assert!(entries.remove(b"a") && !entries.remove(b"a") && !entries.contains(b"a"));
        entries.put(b"a", b"5");
        assert_eq!(entries.pairs()[1], (&b"a"[..], &b"5"[..]));
    }

    #[test]
    fn many_entries_are_found_again() {
        let mut entries = Entries::default();
        for number in 0..20_000_u32 {
            entries.put(&number.to_be_bytes(), b"x");
        }
        assert!((0..20_000_u32).all(|number| entries.contains(&number.to_be_bytes())));
        assert!(!entries.contains(&20_000_u32.to_be_bytes()));
        assert_eq!(entries.pairs().len(), 20_000);
    }
}
