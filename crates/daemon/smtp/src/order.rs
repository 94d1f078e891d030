// SPDX-License-Identifier: MIT OR Apache-2.0
//! In which order addresses are tried. Pure, but for the dice.
//!
//! *Postfix:* dns_rr_shuffle, dns_rr_compare_pref_*, smtp_balance_inet_proto.

use std::hash::{BuildHasher, RandomState};

use crate::hosts::Candidate;

/// Which family comes first among equals (`smtp_address_preference`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Preference {
    /// The order of the dice.
    Any,
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

impl Preference {
    /// Reads the parameter.
    pub(crate) fn parse(text: &str) -> Option<Preference> {
        match text.to_ascii_lowercase().as_str() {
            "any" => Some(Preference::Any),
            "ipv4" => Some(Preference::V4),
            "ipv6" => Some(Preference::V6),
            _ => None,
        }
    }
}

/// Puts the addresses into a random order.
pub(crate) fn shuffle(candidates: &mut [Candidate]) {
    // The standard library's hash keys come from the system's random source.
    let dice = RandomState::new();
    for last in (1..candidates.len()).rev() {
        let bound = last as u64 + 1;
        let other = usize::try_from(dice.hash_one(last) % bound).unwrap_or(0);
        candidates.swap(last, other);
    }
}

/// Sorts by preference, then by family where one is preferred; equals keep their order.
pub(crate) fn sort(candidates: &mut [Candidate], prefer: Preference) {
    candidates.sort_by_key(|candidate| {
        let second = match prefer {
            Preference::Any => false,
            Preference::V4 => candidate.address.is_ipv6(),
            Preference::V6 => candidate.address.is_ipv4(),
        };
        (candidate.preference, second)
    });
}

/// Leaves out addresses beyond `limit` so that both families keep a share: one unreachable
/// family must not use up all attempts.
pub(crate) fn balance(candidates: &mut Vec<Candidate>, limit: usize) {
    let v6 = candidates
        .iter()
        .filter(|candidate| candidate.address.is_ipv6())
        .count();
    let v4 = candidates.len() - v6;
    if limit < 2 || candidates.len() <= limit || v4 == 0 || v6 == 0 {
        return;
    }
    let first_is_v6 = candidates
        .first()
        .is_some_and(|candidate| candidate.address.is_ipv6());
    // Half each; the family of the first address gets the odd one, and what the other leaves.
    let small_half = limit / 2;
    let v6_share = if first_is_v6 {
        limit - small_half.min(v4)
    } else {
        small_half.min(v6)
    };
    let mut left = [limit - v6_share.min(v6), v6_share.min(v6)];
    candidates.retain(|candidate| {
        let family = usize::from(candidate.address.is_ipv6());
        match left.get_mut(family) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Vec<Candidate> {
        let one = |(index, word): (usize, &str)| {
            let (family, preference) = word.split_at(1);
            let address = if family == "4" {
                format!("192.0.2.{index}")
            } else {
                format!("2001:db8::{index}")
            };
            Candidate {
                host: word.into(),
                address: address.parse().unwrap(),
                preference: preference.parse().unwrap(),
            }
        };
        text.split_whitespace().enumerate().map(one).collect()
    }

    fn shown(candidates: &[Candidate]) -> String {
        let words: Vec<&str> = candidates.iter().map(|c| c.host.as_str()).collect();
        words.join(" ")
    }

    #[test]
    fn preference_comes_before_family() {
        let mut candidates = list("420 610 410 620");
        sort(&mut candidates, Preference::V6);
        assert_eq!(shown(&candidates), "610 410 620 420");
        sort(&mut candidates, Preference::V4);
        assert_eq!(shown(&candidates), "410 610 420 620");
    }

    #[test]
    fn both_families_survive_the_limit() {
        let mut candidates = list("60 60 60 60 60 60 40");
        balance(&mut candidates, 5);
        assert_eq!(shown(&candidates), "60 60 60 60 40");
        let mut candidates = list("60 40 40 40 60 60 60");
        balance(&mut candidates, 5);
        assert_eq!(shown(&candidates), "60 40 40 60 60");
        let mut candidates = list("40 40 40 40 40 40 60 60");
        balance(&mut candidates, 5);
        assert_eq!(shown(&candidates), "40 40 40 60 60");
        let mut candidates = list("40 60 40");
        balance(&mut candidates, 5);
        assert_eq!(shown(&candidates), "40 60 40");
    }

    #[test]
    fn shuffling_loses_nothing() {
        let mut candidates = list("40 41 42 43 44 45 46 47");
        shuffle(&mut candidates);
        sort(&mut candidates, Preference::Any);
        assert_eq!(shown(&candidates), "40 41 42 43 44 45 46 47");
    }
}
