// SPDX-License-Identifier: MIT OR Apache-2.0
//! `cidr:/file` and `cidr:{ { net/len result }, ... }`: networks, in the order of the file.
//!
//! A rule is a network or an address and a result; `!` negates it, `if` network ... `endif` makes
//! the rules between depend on it. The first rule that matches decides. A rule says something
//! about addresses of its own family only, negated or not.
//!
//! *Errors:* a bad rule is skipped with a warning.
//!
//! *Postfix:* dict_cidr(3), cidr_match(3).

use std::net::IpAddr;

use runtime::net::cidr::Block;

use super::rules::{Place, Rules};
use crate::block;
use crate::source::LogicalLine;
use crate::{Found, Owner, Table};

struct Pattern {
    block: Block,
    negated: bool,
}

impl Pattern {
    /// Reads a network or address with any number of `!` before it.
    fn parse(text: &str) -> Result<Self, String> {
        let bare = text.trim_start_matches('!');
        let negated = (text.len() - bare.len()) % 2 == 1;
        let bare = bare.trim_start_matches(is_space);
        if bare.is_empty() {
            return Err("no address pattern".to_owned());
        }
        block::parse(bare).map(|block| Self { block, negated })
    }

    fn holds(&self, address: IpAddr) -> bool {
        address.is_ipv4() == self.block.network().is_ipv4()
            && self.block.contains(address) != self.negated
    }
}

struct Cidr {
    name: String,
    rules: Rules<Pattern, Vec<u8>>,
    owner: Owner,
}

pub(super) fn open(name: &str) -> super::Opened {
    let place = Place { kind: "cidr", name };
    let mut rules = Rules::new();
    let owner = place.read(|LogicalLine { text, number }| {
        let text = String::from_utf8_lossy(&text);
        if let Err(problem) = add(&mut rules, text.trim_matches(is_space), number) {
            place.warn(number, format_args!("{problem}: skipping this rule"));
        }
    })?;
    rules.finish(&place);
    Ok(Box::new(Cidr {
        name: format!("cidr:{name}"),
        rules,
        owner,
    }))
}

fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\x0b' | '\x0c' | '\r')
}

/// What follows the word at the beginning, in upper or lower case.
fn after_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(word.len())?;
    let ends = rest
        .chars()
        .next()
        .is_none_or(|c| !c.is_ascii_alphanumeric());
    (ends && start.eq_ignore_ascii_case(word)).then(|| rest.trim_start_matches(is_space))
}

fn add(rules: &mut Rules<Pattern, Vec<u8>>, text: &str, line: usize) -> Result<(), String> {
    if let Some(rest) = after_word(text, "if") {
        rules.begin_if(Pattern::parse(rest)?, line);
        return Ok(());
    }
    if let Some(rest) = after_word(text, "endif") {
        if !rest.is_empty() {
            return Err("garbage after ENDIF".to_owned());
        }
        return if rules.end_if() {
            Ok(())
        } else {
            Err("ENDIF without IF".to_owned())
        };
    }
    // A `!` may stand apart from its pattern.
    let marks = text.len() - text.trim_start_matches(['!', ' ', '\t']).len();
    let end = text[marks..]
        .find(is_space)
        .map_or(text.len(), |end| marks + end);
    let pattern = Pattern::parse(&text[..end])?;
    let result = text[end..].trim_start_matches(is_space);
    if result.is_empty() {
        return Err("no lookup result".to_owned());
    }
    rules.push(pattern, result.into());
    Ok(())
}

impl Table for Cidr {
    fn get(&mut self, key: &[u8]) -> Found {
        let address = std::str::from_utf8(key)
            .ok()
            .and_then(|key| key.parse().ok());
        let Some(address) = address else {
            return Ok(None);
        };
        let found = self
            .rules
            .first(|pattern| pattern.holds(address).then_some(()));
        Ok(found.map(|(result, ())| result.clone()))
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn is_fixed(&self) -> bool {
        false
    }

    fn owner(&self) -> Owner {
        self.owner
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(rules: &str, key: &str) -> Option<String> {
        let found = open(rules).unwrap().get(key.as_bytes()).unwrap();
        found.map(|value| String::from_utf8(value).unwrap())
    }

    #[test]
    fn the_first_rule_that_matches_answers() {
        let rules = "{ {10.1.0.0/16 a  b} {10.0.0.0/8 c} {10.1.2.3 never} {[2001:db8::]/32 six} }";
        assert_eq!(ask(rules, "10.1.2.3").unwrap(), "a  b");
        assert_eq!(ask(rules, "10.2.2.3").unwrap(), "c");
        assert_eq!(ask(rules, "2001:DB8::5").unwrap(), "six");
        for key in ["11.1.2.3", "::1", "name", "10.1.2", ""] {
            assert_eq!(ask(rules, key), None, "{key}");
        }
    }

    #[test]
    fn negation_concerns_the_same_family_only() {
        assert_eq!(ask("{ {!10.0.0.0/8 x} }", "11.0.0.1").unwrap(), "x");
        assert_eq!(ask("{ {!10.0.0.0/8 x} }", "10.0.0.1"), None);
        assert_eq!(ask("{ {!10.0.0.0/8 x} }", "::1"), None);
        assert_eq!(ask("{ {!!10.0.0.0/8 x} }", "10.0.0.1").unwrap(), "x");
    }

    #[test]
    fn conditions_may_be_nested_and_forgotten() {
        let rules = "{ {if 10.0.0.0/8} {if !10.1.0.0/16} {0.0.0.0/0 a} {endif} {0.0.0.0/0 b} \
            {ENDIF} {if 11.0.0.0/8} {0.0.0.0/0 c} }";
        assert_eq!(ask(rules, "10.2.0.1").unwrap(), "a");
        assert_eq!(ask(rules, "10.1.0.1").unwrap(), "b");
        assert_eq!(ask(rules, "11.0.0.1").unwrap(), "c");
        assert_eq!(ask(rules, "12.0.0.1"), None);
    }

    #[test]
    fn bad_rules_are_skipped() {
        let rules = "{ {endif} {if} {10.0.0.1/8 x} {10.0.0.0/8} {x y} {10.0.0.0/8 good} }";
        assert_eq!(ask(rules, "10.9.9.9").unwrap(), "good");
    }
}
