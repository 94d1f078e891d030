// SPDX-License-Identifier: MIT OR Apache-2.0
//! Lists that compare whole strings.

use mail::text::casefold;

use super::patterns::{Pattern, Patterns};
use crate::{LookupError, OpenError, Options};

/// A list that compares whole strings without regard to case, such as `mydestination`.
pub struct StringList {
    patterns: Patterns,
}

impl StringList {
    /// Reads the list; opens its tables and files. `title` is the parameter's name.
    ///
    /// # Errors
    /// A `!` without pattern; with [`Options::open_error_is_fatal`] also a table or file that
    /// cannot be opened.
    pub fn parse(title: &str, text: &str, options: &Options) -> Result<Self, OpenError> {
        Patterns::parse(title, text, options).map(|patterns| Self { patterns })
    }

    /// Whether the list matches `text`.
    ///
    /// # Errors
    /// A table failed before a pattern matched.
    pub fn matches(&mut self, text: &[u8]) -> Result<bool, LookupError> {
        let text = casefold(text);
        self.patterns.first(|pattern| match pattern {
            Pattern::Text(pattern) => Ok(*pattern == text),
            Pattern::Table(table) => table.get(&text).map(|found| found.is_some()),
        })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> StringList {
        StringList::parse("mydestination", text, &Options::new()).unwrap()
    }

    #[test]
    fn whole_strings_match_without_regard_to_case() {
        let mut list = list("Example.com, localhost");
        assert!(list.matches(b"EXAMPLE.COM").unwrap());
        assert!(!list.matches(b"www.example.com").unwrap());
        assert!(!list.matches(b"").unwrap());
    }

    #[test]
    fn the_first_match_decides_and_negation_counts() {
        let mut list = list("!a.example !!b.example inline:{a.example=x, c.example=x}");
        assert!(!list.matches(b"a.example").unwrap());
        assert!(list.matches(b"b.example").unwrap());
        assert!(list.matches(b"c.example").unwrap());
    }

    #[test]
    fn a_file_holds_patterns_and_negation_reaches_into_it() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("list");
        std::fs::write(&path, "# comment\na.example !b.example\nc.example\n").unwrap();
        let mut plain = list(&format!("{}, d.example", path.display()));
        for (name, expected) in [
            ("a.example", true),
            ("b.example", false),
            ("d.example", true),
        ] {
            assert_eq!(plain.matches(name.as_bytes()).unwrap(), expected);
        }
        let mut negated = list(&format!("!{}", path.display()));
        assert!(!negated.matches(b"a.example").unwrap());
        assert!(negated.matches(b"b.example").unwrap());
    }

    #[test]
    fn a_missing_file_or_table_fails_questions_that_reach_it() {
        for text in [
            "a.example /no/such/file b.example",
            "a.example hash:/no/such b.example",
        ] {
            let mut list = list(text);
            assert!(list.matches(b"a.example").unwrap());
            assert!(list.matches(b"b.example").is_err());
        }
    }

    #[test]
    fn a_mark_without_pattern_is_refused() {
        let error = StringList::parse("mydestination", "a !", &Options::new())
            .err()
            .unwrap();
        assert_eq!(error.to_string(), "mydestination: no pattern after '!'");
    }

    #[test]
    fn a_file_that_names_itself_does_not_recurse_for_ever() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("list");
        std::fs::write(&path, format!("{} a.example\n", path.display())).unwrap();
        assert!(
            list(&path.display().to_string())
                .matches(b"a.example")
                .is_err()
        );
    }
}
