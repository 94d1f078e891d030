// SPDX-License-Identifier: MIT OR Apache-2.0
//! `randmap:{ result, ... }`: any key has one of the results, chosen at random.
//!
//! *Postfix:* dict_random(3).

use std::hash::{BuildHasher, RandomState};

use crate::{Found, OpenError, Owner, Table, specification};

struct Random {
    name: String,
    results: Vec<Vec<u8>>,
    /// Secret of this process; hashing a counter with it gives numbers nobody can foresee.
    state: RandomState,
    asked: u64,
}

pub(super) fn open(name: &str) -> super::Opened {
    let results: Vec<Vec<u8>> = specification::extract(name)
        .map(specification::words)
        .unwrap_or_default()
        .into_iter()
        .map(Into::into)
        .collect();
    if results.is_empty() {
        return Err(OpenError(format!(
            "bad syntax: \"randmap:{name}\"; need \"randmap:{{value...}}\""
        )));
    }
    Ok(Box::new(Random {
        name: format!("randmap:{name}"),
        results,
        state: RandomState::new(),
        asked: 0,
    }))
}

impl Table for Random {
    fn get(&mut self, _key: &[u8]) -> Found {
        self.asked = self.asked.wrapping_add(1);
        let choice = self.state.hash_one(self.asked) % self.results.len() as u64;
        let choice = usize::try_from(choice).unwrap_or_default();
        Ok(self.results.get(choice).cloned())
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn is_fixed(&self) -> bool {
        false
    }

    fn owner(&self) -> Owner {
        Owner::Trusted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_result_comes_up_and_no_other() {
        let mut table = open("{ a, {b c} a }").unwrap();
        let mut results: Vec<_> = (0..500)
            .map(|_| table.get(b"x").unwrap().unwrap())
            .collect();
        results.sort();
        results.dedup();
        assert_eq!(results, [b"a".to_vec(), b"{b c}".to_vec()]);
    }

    #[test]
    fn results_are_needed_in_braces() {
        for name in ["{}", "{ , }", "x", "{a", "{a}b"] {
            assert!(open(name).is_err(), "{name}");
        }
    }
}
