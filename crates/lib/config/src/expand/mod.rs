// SPDX-License-Identifier: MIT OR Apache-2.0
//! The `$` language: `$name`, `${name?{text}:{text}}`, comparisons and functions.
//!
//! [`grammar`] takes a text apart without knowing any names; [`expand`] puts values in. The
//! same machinery serves `main.cf`, where a value is itself expanded before it is inserted,
//! and texts like `forward_path` and `mailbox_command`, where values come from outside and
//! are inserted as they are.
//!
//! *Invariants*: nesting of at most [`NESTING_LIMIT`], at most [`LOOKUP_LIMIT`] values, and a
//! result of at most [`RESULT_LIMIT`] bytes, whatever the text.
//!
//! *Errors*: [`ConfigError::Syntax`] with the words of the original's warning; an error of the
//! lookup is passed on.
//!
//! *Postfix:* `util/mac_parse`, `util/mac_expand`, `global/compat_level`.

pub mod grammar;
mod punycode;

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::compat::Level;
use crate::error::ConfigError;
use grammar::{Comparison, Expression, Operator, Piece, Subject};

/// How deeply references may be nested.
pub const NESTING_LIMIT: usize = 100;
/// How long a result may become, in bytes. The original has no such limit.
pub const RESULT_LIMIT: usize = 1 << 20;
/// How many values one expansion may look up: names that each refer twice to the next double
/// the work with every step. The original has no such limit.
pub const LOOKUP_LIMIT: usize = 1 << 16;

/// Gives the value of a name, or nothing when it is not defined.
pub type Lookup<'l, 'v> = dyn FnMut(&str) -> Result<Option<Cow<'v, str>>, ConfigError> + 'l;

/// What a value is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// To be inserted: `$name`.
    Inserted,
    /// To be tested only: `${name?...}`.
    Tested,
}

/// Like [`Lookup`], and told what the value is for.
pub type ObservedLookup<'l, 'v> =
    dyn FnMut(&str, Use) -> Result<Option<Cow<'v, str>>, ConfigError> + 'l;

/// Expands `text`; values are inserted as `lookup` gives them, without looking for `$` in them.
pub fn expand<'v>(
    text: &str,
    lookup: &mut dyn FnMut(&str) -> Option<Cow<'v, str>>,
) -> Result<String, ConfigError> {
    expand_with(text, &mut |name| Ok(lookup(name)))
}

/// Like [`expand`], with a lookup that may fail.
pub fn expand_with(text: &str, lookup: &mut Lookup) -> Result<String, ConfigError> {
    expand_observed(text, &mut |name, _| lookup(name))
}

/// Like [`expand_with`], with a lookup that is told what each value is for.
pub fn expand_observed(text: &str, lookup: &mut ObservedLookup) -> Result<String, ConfigError> {
    Expansion::run(text, lookup, false)
}

/// Like [`expand_with`]; the values that `lookup` gives are themselves texts to expand.
pub fn expand_recursively(text: &str, lookup: &mut Lookup) -> Result<String, ConfigError> {
    Expansion::run(text, &mut |name, _| lookup(name), true)
}

/// Calls `see` for every name that `text` refers to, at any depth, in the order of their
/// appearance. Names before a syntax error have been seen when it is found.
pub fn each_reference(text: &str, see: &mut dyn FnMut(&str)) -> Result<(), ConfigError> {
    each_reference_within(text, 0, see)
}

fn each_reference_within(
    text: &str,
    depth: usize,
    see: &mut dyn FnMut(&str),
) -> Result<(), ConfigError> {
    if depth > NESTING_LIMIT {
        return Err(nesting(text));
    }
    for piece in grammar::pieces(text) {
        let Piece::Reference(inner) = piece? else {
            continue;
        };
        let texts = match grammar::expression(inner)? {
            Expression::Name(name) => {
                see(name);
                continue;
            }
            Expression::Function { text, .. } => [Some(text), None, None, None],
            Expression::Choice {
                subject,
                if_true,
                if_false,
            } => match subject {
                Subject::Name(name) => {
                    see(name);
                    [if_true, if_false, None, None]
                }
                Subject::Comparison(Comparison { left, right, .. }) => {
                    [Some(left), Some(right), if_true, if_false]
                }
            },
        };
        for text in texts.into_iter().flatten() {
            each_reference_within(text, depth + 1, see)?;
        }
    }
    Ok(())
}

/// The error of a reference that goes too deep.
pub(crate) fn nesting(name: &str) -> ConfigError {
    ConfigError::Syntax(format!("unreasonable macro call nesting: \"{name}\""))
}

/// One expansion in progress.
struct Expansion<'e, 'l, 'v> {
    lookup: &'e mut ObservedLookup<'l, 'v>,
    /// Whether values are texts to expand.
    recursive: bool,
    depth: usize,
    length: usize,
    lookups: usize,
}

impl<'e, 'l, 'v> Expansion<'e, 'l, 'v> {
    fn run(
        text: &str,
        lookup: &'e mut ObservedLookup<'l, 'v>,
        recursive: bool,
    ) -> Result<String, ConfigError> {
        let mut expansion = Expansion {
            lookup,
            recursive,
            depth: 0,
            length: 0,
            lookups: 0,
        };
        let mut out = String::with_capacity(text.len());
        expansion.text(text, &mut out)?;
        Ok(out)
    }

    /// The value of a name.
    fn value(&mut self, name: &str, what_for: Use) -> Result<Option<Cow<'v, str>>, ConfigError> {
        self.lookups += 1;
        if self.lookups > LOOKUP_LIMIT {
            return Err(nesting(name));
        }
        let value = (self.lookup)(name, what_for)?;
        match value {
            Some(text) if self.recursive && text.contains('$') => {
                if self.depth > NESTING_LIMIT {
                    return Err(nesting(name));
                }
                let mut expanded = String::new();
                let before = self.length;
                self.text(&text, &mut expanded)?;
                // The caller counts it.
                self.length = before;
                Ok(Some(Cow::Owned(expanded)))
            }
            other => Ok(other),
        }
    }

    fn text(&mut self, text: &str, out: &mut String) -> Result<(), ConfigError> {
        if self.depth > NESTING_LIMIT {
            return Err(nesting(text));
        }
        self.depth += 1;
        for piece in grammar::pieces(text) {
            match piece? {
                Piece::Literal(literal) => self.push(literal, out)?,
                Piece::Reference(inner) => self.expression(inner, out)?,
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn push(&mut self, text: &str, out: &mut String) -> Result<(), ConfigError> {
        self.length += text.len();
        if self.length > RESULT_LIMIT {
            return Err(ConfigError::Syntax(format!(
                "macro result is longer than {RESULT_LIMIT}"
            )));
        }
        out.push_str(text);
        Ok(())
    }

    fn expression(&mut self, inner: &str, out: &mut String) -> Result<(), ConfigError> {
        match grammar::expression(inner)? {
            Expression::Name(name) => match self.value(name, Use::Inserted)? {
                Some(value) => self.push(&value, out),
                None => Ok(()),
            },
            Expression::Function { text, .. } => {
                let mut argument = String::new();
                self.text(text, &mut argument)?;
                self.push(&punycode::domain_to_ascii(&argument), out)
            }
            Expression::Choice {
                subject,
                if_true,
                if_false,
            } => {
                let holds = match subject {
                    Subject::Name(name) => self
                        .value(name, Use::Tested)?
                        .is_some_and(|v| !v.is_empty()),
                    Subject::Comparison(comparison) => self.compare(&comparison)?,
                };
                match (holds, if_true, if_false) {
                    (true, None, None) => self.push("true", out),
                    (true, Some(text), _) | (false, _, Some(text)) => self.text(text, out),
                    (true, None, Some(_)) | (false, _, None) => Ok(()),
                }
            }
        }
    }

    fn compare(&mut self, comparison: &Comparison) -> Result<bool, ConfigError> {
        let (mut left, mut right) = (String::new(), String::new());
        self.text(comparison.left, &mut left)?;
        self.text(comparison.right, &mut right)?;
        let order = if comparison.by_level {
            Level::parse(&left)?.cmp(&Level::parse(&right)?)
        } else {
            compare_texts(&left, &right)
        };
        Ok(match comparison.operator {
            Operator::Equal => order == Ordering::Equal,
            Operator::NotEqual => order != Ordering::Equal,
            Operator::Less => order == Ordering::Less,
            Operator::LessOrEqual => order != Ordering::Greater,
            Operator::GreaterOrEqual => order != Ordering::Less,
            Operator::Greater => order == Ordering::Greater,
        })
    }
}

/// Numbers where both are nothing but digits, of any length; otherwise texts.
fn compare_texts(left: &str, right: &str) -> Ordering {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits(left) && digits(right) {
        let (left, right) = (left.trim_start_matches('0'), right.trim_start_matches('0'));
        left.len().cmp(&right.len()).then_with(|| left.cmp(right))
    } else {
        left.cmp(right)
    }
}

#[cfg(test)]
mod tests;
