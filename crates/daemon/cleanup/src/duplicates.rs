// SPDX-License-Identifier: MIT OR Apache-2.0
//! Remembers recipients, so that each is queued once.
//!
//! *Invariants:* at most `duplicate_filter_limit` entries; beyond that, new ones pass unremembered,
//! so a recipient may get a second copy but none is lost.
//!
//! *Postfix:* global/been_here(3).

use std::collections::HashSet;

/// A bounded set of recipients; upper and lower case are the same.
#[derive(Debug)]
pub(crate) struct Duplicates {
    seen: HashSet<Vec<u8>>,
    limit: Option<usize>,
}

impl Duplicates {
    /// An empty set; no limit means no limit.
    pub(crate) fn new(limit: Option<usize>) -> Duplicates {
        Duplicates {
            seen: HashSet::new(),
            limit,
        }
    }

    /// Remembers a key made of several parts. True when it was known already.
    pub(crate) fn note(&mut self, parts: &[&[u8]]) -> bool {
        let mut key = Vec::new();
        for part in parts {
            key.extend_from_slice(&mail::text::casefold(part));
            key.push(b'\n');
        }
        if self.seen.contains(&key) {
            return true;
        }
        if self.limit.is_none_or(|limit| self.seen.len() < limit) {
            self.seen.insert(key);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_matter_and_parts_do() {
        let mut duplicates = Duplicates::new(None);
        assert!(!duplicates.note(&[b"a", b"Joe@Example.com"]));
        assert!(duplicates.note(&[b"a", b"joe@example.com"]));
        assert!(!duplicates.note(&[b"b", b"joe@example.com"]));
    }

    #[test]
    fn full_filter_lets_new_recipients_pass() {
        let mut duplicates = Duplicates::new(Some(1));
        assert!(!duplicates.note(&[b"one"]));
        assert!(!duplicates.note(&[b"two"]));
        assert!(!duplicates.note(&[b"two"]));
        assert!(duplicates.note(&[b"one"]));
    }
}
