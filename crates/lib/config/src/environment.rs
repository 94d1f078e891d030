// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which of the environment's variables go on to other programs.
//!
//! The environment of a process is never changed; what a child gets is computed here and given
//! to it.
//!
//! *Postfix:* clean_env(3).

use std::collections::BTreeMap;
use std::ffi::OsString;

use crate::value::{braced_words, unbraced};

/// An environment about to be given to a program.
pub type Environment = BTreeMap<OsString, OsString>;

/// The variables that `import_environment` lets through: a list of names, and of `name=value`
/// pairs that are set whatever the environment says. A pair with blanks is written
/// `{ name = value }`.
pub fn imported(import_environment: &str) -> Environment {
    imported_from(import_environment, |name| std::env::var_os(name))
}

fn imported_from(list: &str, lookup: impl Fn(&str) -> Option<OsString>) -> Environment {
    let mut environment = Environment::new();
    for word in braced_words(list, |c| c == ',') {
        let item = if word.starts_with('{') {
            unbraced(word).text
        } else {
            word
        };
        match item.split_once('=') {
            Some((name, value)) => {
                environment.insert(name.trim().into(), value.trim().into());
            }
            None => {
                if let Some(value) = lookup(item) {
                    environment.insert(item.into(), value);
                }
            }
        }
    }
    environment
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_over_and_pairs_are_set() {
        let list = "MAIL_CONFIG, TZ LANG=C { GREETING = hello world } ABSENT";
        let environment = imported_from(list, |name| match name {
            "MAIL_CONFIG" | "LANG" | "SECRET" => Some(format!("old {name}").into()),
            _ => None,
        });
        let pairs: Vec<_> = environment
            .iter()
            .map(|(n, v)| format!("{}={}", n.display(), v.display()))
            .collect();
        assert_eq!(
            pairs,
            [
                "GREETING=hello world",
                "LANG=C",
                "MAIL_CONFIG=old MAIL_CONFIG"
            ]
        );
    }

    #[test]
    fn braces_keep_a_value_together_whatever_is_in_it() {
        let list = "{ A = {b, c} } {B=x=y} C={ d }";
        let environment = imported_from(list, |_| None);
        let pairs: Vec<_> = environment
            .values()
            .map(|v| v.display().to_string())
            .collect();
        assert_eq!(pairs, ["{b, c}", "x=y", "{ d }"]);
    }
}
