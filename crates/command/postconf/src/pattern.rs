// SPDX-License-Identifier: MIT OR Apache-2.0
//! `service/type/name`: which entries of master.cf are meant. `*` stands for any, and so do
//! parts that are left out at the end.
//!
//! *Postfix:* `postconf/postconf_match`.

use crate::entry::{Entry, FIELDS};

/// What matches anything.
const ANY: &str = "*";

/// A pattern, taken apart.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    /// As it was written.
    pub(crate) text: String,
    service: String,
    kind: String,
    /// The third part; none for any.
    pub(crate) name: Option<String>,
}

impl Pattern {
    /// Takes a pattern of at least and at most so many parts apart.
    pub(crate) fn parse(text: &str, least: usize, most: usize) -> Option<Pattern> {
        let parts: Vec<_> = text.split('/').filter(|part| !part.is_empty()).collect();
        let starred = |part: &&str| part.contains('*') && *part != ANY;
        if text.starts_with('/')
            || !(least..=most).contains(&parts.len())
            || parts.iter().any(starred)
        {
            return None;
        }
        let part = |at: usize| parts.get(at).copied().unwrap_or(ANY).to_string();
        Some(Pattern {
            text: text.to_string(),
            service: part(0),
            kind: part(1),
            name: Some(part(2)).filter(|name| name != ANY),
        })
    }

    /// Whether it means the service of that name and type.
    pub(crate) fn matches(&self, service: &str, kind: &str) -> bool {
        let same = |pattern: &str, text: &str| pattern == ANY || pattern == text;
        same(&self.service, service) && same(&self.kind, kind)
    }

    /// Whether it means this entry.
    pub(crate) fn matches_entry(&self, entry: &Entry) -> bool {
        self.matches(entry.name(), entry.kind())
    }
}

/// The number of the column of that name.
pub(crate) fn field(name: &str) -> Result<usize, String> {
    let at = FIELDS.iter().position(|field| *field == name);
    at.ok_or_else(|| format!("invalid service attribute name: \"{name}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_that_are_left_out_mean_any() {
        let matches = |pattern: &str, service, kind| {
            let pattern = Pattern::parse(pattern, 1, 3).expect("a pattern");
            pattern.matches(service, kind)
        };
        assert!(matches("smtp", "smtp", "inet"));
        assert!(matches("*/inet/x", "smtp", "inet"));
        assert!(!matches("smtp/unix", "smtp", "inet"));
    }

    #[test]
    fn a_star_stands_alone_and_parts_are_counted() {
        for (text, least, most) in [("a*", 1, 2), ("/a", 1, 2), ("a", 2, 2), ("a/b/c", 1, 2)] {
            assert!(Pattern::parse(text, least, most).is_none(), "{text}");
        }
        assert!(Pattern::parse("a/b/*", 3, 3).is_some_and(|p| p.name.is_none()));
    }
}
