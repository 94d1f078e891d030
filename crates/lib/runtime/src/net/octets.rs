// SPDX-License-Identifier: MIT OR Apache-2.0
//! Patterns of IPv4 addresses, as answers of DNS lists are chosen with: `127.0.[0..2].[1;3]`.
//!
//! Each of the four places is a number, or a choice of numbers and ranges in brackets.
//!
//! *Postfix:* ip_match(3).

use std::fmt;
use std::net::Ipv4Addr;
use std::ops::RangeInclusive;

/// A pattern of addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressPattern([Vec<RangeInclusive<u8>>; 4]);

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError(String);

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "bad address pattern: \"{}\"", self.0)
    }
}

impl std::error::Error for PatternError {}

impl AddressPattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// It has not four places, or one of them makes no sense.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        places(text)
            .map(Self)
            .ok_or_else(|| PatternError(text.to_owned()))
    }

    /// Whether an address is one of those.
    #[must_use]
    pub fn matches(&self, address: Ipv4Addr) -> bool {
        let mut places = self.0.iter().zip(address.octets());
        places.all(|(ranges, octet)| ranges.iter().any(|range| range.contains(&octet)))
    }
}

fn places(text: &str) -> Option<[Vec<RangeInclusive<u8>>; 4]> {
    let mut rest = text;
    let mut places = Vec::new();
    while places.len() < 4 {
        let (place, after) = match rest.strip_prefix('[') {
            Some(inside) => {
                let (choices, after) = inside.split_once(']')?;
                let ranges: Option<Vec<_>> = choices.split(';').map(range).collect();
                (ranges?, after)
            }
            None => {
                let end = rest.find('.').unwrap_or(rest.len());
                let (number, after) = rest.split_at(end);
                (vec![number_alone(number)?], after)
            }
        };
        places.push(place);
        rest = if places.len() < 4 {
            after.strip_prefix('.')?
        } else {
            after
        };
    }
    if rest.is_empty() {
        places.try_into().ok()
    } else {
        None
    }
}

fn range(text: &str) -> Option<RangeInclusive<u8>> {
    match text.split_once("..") {
        None => number_alone(text),
        Some((low, high)) => {
            let (low, high) = (number(low)?, number(high)?);
            (low <= high).then_some(low..=high)
        }
    }
}

fn number_alone(text: &str) -> Option<RangeInclusive<u8>> {
    number(text).map(|number| number..=number)
}

fn number(text: &str) -> Option<u8> {
    let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_choices_match() {
        let pattern = AddressPattern::parse("127.0.[0..2].[1;3;8..9]").unwrap();
        let matches = |text: &str| pattern.matches(text.parse().unwrap());
        for address in ["127.0.0.1", "127.0.2.3", "127.0.1.9"] {
            assert!(matches(address), "{address}");
        }
        for address in ["127.0.0.2", "127.0.3.1", "127.1.0.1", "10.0.0.1"] {
            assert!(!matches(address), "{address}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for text in [
            "",
            "1",
            "1.2.3",
            "1.2.3.4.5",
            "1.2.3.",
            "1.2.3.256",
            "1.2.3.[",
            "1.2.3.[]",
            "1.2.3.[5..1]",
            "1.2.3.[1..]",
            "1.2.3.x",
            "1.2.3.[1]x",
            "[1]2.3.4",
            "1.2.3.+4",
        ] {
            assert!(AddressPattern::parse(text).is_err(), "{text}");
        }
    }
}
