// SPDX-License-Identifier: MIT OR Apache-2.0
//! Lists of domains.

use mail::text::casefold;

use super::patterns::{Pattern, Patterns};
use crate::{LookupError, OpenError, Options, Table, specification};

/// How a domain in a list matches names below it (`parent_domain_matches_subdomains`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParentMatch {
    /// `example.com` also matches `www.example.com`.
    Subdomains,
    /// Only `.example.com` matches `www.example.com`.
    DotOnly,
}

impl ParentMatch {
    /// The style for the parameter `name`, given the text of `parent_domain_matches_subdomains`.
    pub fn of(name: &str, parent_domain_matches_subdomains: &str) -> Self {
        let named = specification::words(parent_domain_matches_subdomains)
            .into_iter()
            .find(|word| word.trim_start_matches('!').eq_ignore_ascii_case(name));
        match named {
            Some(word) if !word.starts_with('!') => Self::Subdomains,
            _ => Self::DotOnly,
        }
    }
}

/// A list of domains, such as `relay_domains`.
pub struct DomainList {
    patterns: Patterns,
    parents: ParentMatch,
}

impl DomainList {
    /// Reads the list; opens its tables and files. `title` is the parameter's name.
    ///
    /// # Errors
    /// A `!` without pattern; with [`Options::open_error_is_fatal`] also a table or file that
    /// cannot be opened.
    pub fn parse(
        title: &str,
        text: &str,
        parents: ParentMatch,
        options: &Options,
    ) -> Result<Self, OpenError> {
        let patterns = Patterns::parse(title, text, options)?;
        Ok(Self { patterns, parents })
    }

    /// Whether the list matches the domain.
    ///
    /// # Errors
    /// A table failed before a pattern matched.
    pub fn matches(&mut self, domain: &[u8]) -> Result<bool, LookupError> {
        let domain = casefold(domain);
        let parents = self.parents;
        self.patterns
            .first(|pattern| match_domain(pattern, &domain, parents))
    }

    /// Whether the list has no patterns.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// The name of a table whose file changed since it was opened.
    pub fn changed(&self) -> Option<&str> {
        self.patterns.changed()
    }
}

/// Whether a pattern matches a domain, which is in lower case.
pub(super) fn match_domain(
    pattern: &mut Pattern,
    domain: &[u8],
    parents: ParentMatch,
) -> Result<bool, LookupError> {
    match pattern {
        Pattern::Text(pattern) => Ok(matches_text(pattern, domain, parents)),
        Pattern::Table(table) => matches_table(&mut **table, domain, parents),
    }
}

fn matches_text(pattern: &[u8], domain: &[u8], parents: ParentMatch) -> bool {
    if pattern == domain {
        return true;
    }
    match parents {
        ParentMatch::Subdomains => {
            domain
                .strip_suffix(pattern)
                .is_some_and(|name| name.ends_with(b"."))
                && !pattern.is_empty()
        }
        ParentMatch::DotOnly => {
            pattern.starts_with(b".")
                && domain
                    .strip_suffix(pattern)
                    .is_some_and(|name| !name.is_empty())
        }
    }
}

/// Looks up the domain and, in tables with fixed keys, the domains above it.
fn matches_table(
    table: &mut dyn Table,
    domain: &[u8],
    parents: ParentMatch,
) -> Result<bool, LookupError> {
    let mut key = domain;
    while !key.is_empty() {
        if (key.len() == domain.len() || table.is_fixed()) && table.get(key)?.is_some() {
            return Ok(true);
        }
        let Some(dot) = key.iter().skip(1).position(|byte| *byte == b'.') else {
            break;
        };
        key = match parents {
            ParentMatch::Subdomains => &key[dot + 2..],
            ParentMatch::DotOnly => &key[dot + 1..],
        };
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(text: &str, parents: ParentMatch, domain: &str) -> bool {
        DomainList::parse("relay_domains", text, parents, &Options::new())
            .unwrap()
            .matches(domain.as_bytes())
            .unwrap()
    }

    #[test]
    fn the_parameter_names_lists_that_match_subdomains() {
        let names = "debug_peer_list, Relay_Domains\n !transport_maps";
        assert_eq!(
            ParentMatch::of("relay_domains", names),
            ParentMatch::Subdomains
        );
        assert_eq!(
            ParentMatch::of("transport_maps", names),
            ParentMatch::DotOnly
        );
        assert_eq!(ParentMatch::of("mynetworks", names), ParentMatch::DotOnly);
    }

    #[test]
    fn a_domain_matches_subdomains_only_in_that_style() {
        use ParentMatch::{DotOnly, Subdomains};
        assert!(matches("example.com", Subdomains, "www.Example.com"));
        assert!(!matches("example.com", Subdomains, "notexample.com"));
        assert!(!matches("example.com", DotOnly, "www.example.com"));
        assert!(matches(".example.com", DotOnly, "a.www.example.com"));
        assert!(!matches(".example.com", DotOnly, "example.com"));
    }

    #[test]
    fn tables_are_asked_for_parents_in_the_same_style() {
        use ParentMatch::{DotOnly, Subdomains};
        assert!(matches(
            "inline:{example.com=x}",
            Subdomains,
            "a.b.example.com"
        ));
        assert!(!matches(
            "inline:{example.com=x}",
            DotOnly,
            "a.b.example.com"
        ));
        assert!(matches(
            "inline:{.example.com=x}",
            DotOnly,
            "a.b.example.com"
        ));
        assert!(matches(
            "!inline:{a.example.com=x} inline:{com=x}",
            Subdomains,
            "b.example.com"
        ));
        assert!(!matches(
            "!inline:{a.example.com=x} inline:{com=x}",
            Subdomains,
            "a.example.com"
        ));
    }
}
