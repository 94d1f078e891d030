// SPDX-License-Identifier: MIT OR Apache-2.0
//! Has this been done already? A bounded memory of what one delivery went through.
//!
//! *Invariants*: never more than `limit` entries; what does not fit is forgotten, so that a
//! recipient may be delivered twice but never zero times.
//!
//! *Postfix:* been_here(3).

use std::collections::HashSet;

/// Remembers keys without regard to ASCII case.
#[derive(Debug, Default)]
pub struct Duplicates {
    limit: usize,
    seen: HashSet<Vec<u8>>,
}

impl Duplicates {
    /// A memory for `limit` keys (`duplicate_filter_limit`); zero means no limit.
    #[must_use]
    pub fn new(limit: usize) -> Duplicates {
        Duplicates {
            limit,
            seen: HashSet::new(),
        }
    }

    /// Whether `key` was seen before; it is remembered in any case.
    pub fn seen_before(&mut self, key: &[u8]) -> bool {
        let key = key.to_ascii_lowercase();
        if self.seen.contains(&key) {
            return true;
        }
        if self.limit == 0 || self.seen.len() < self.limit {
            self.seen.insert(key);
        }
        false
    }

    /// Whether `key` was seen before; nothing is remembered.
    #[must_use]
    pub fn contains(&self, key: &[u8]) -> bool {
        self.seen.contains(&key.to_ascii_lowercase())
    }

    /// Forgets `key`.
    pub fn forget(&mut self, key: &[u8]) {
        self.seen.remove(&key.to_ascii_lowercase());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_memory_repeats_rather_than_suppresses() {
        let mut seen = Duplicates::new(2);
        assert!(!seen.seen_before(b"a@b"));
        assert!(seen.seen_before(b"A@B"));
        assert!(!seen.seen_before(b"c"));
        assert!(!seen.seen_before(b"d") && !seen.seen_before(b"d"));
        seen.forget(b"C");
        assert!(!seen.contains(b"c") && seen.contains(b"a@b"));
    }
}
