// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the table says about a parameter in words: the entries of postconf(5).
//!
//! *Invariants*: nothing else refers to the texts, so that only programs that show them
//! (`postconf`, and the manual generator) carry them.

use crate::params::{self, Declared, Prose};
use crate::prose::{self, Block, Span};
use crate::table::{Kind, Prefix, Spec, Standing};

/// What the manual says about one parameter.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The declaration.
    pub spec: &'static Spec,
    /// `Lmtp` for the second of two twins.
    pub prefix: Prefix,
    /// The declaration that carries the text: that of the first twin.
    pub told_at: &'static Spec,
    lines: Prose,
}

impl Entry {
    /// The whole text.
    pub fn text(&self) -> Vec<Block> {
        // Every line of a doc comment begins with the space after the slashes.
        prose::parse(
            self.lines
                .iter()
                .map(|line| line.strip_prefix(' ').unwrap_or(line)),
        )
    }

    /// What the declaration says, in a line: type, bounds, unit, since when.
    pub fn facts(&self) -> String {
        let spec = self.spec;
        let mut facts = vec![type_name(spec.kind).to_string()];
        match (spec.kind, spec.least, spec.most) {
            (Kind::Flag | Kind::Int | Kind::Size | Kind::Time, least, most) => {
                facts.extend(least.map(|bound| format!("at least {bound}")));
                facts.extend(most.map(|bound| format!("at most {bound}")));
            }
            (_, Some(least), Some(most)) if least == most => {
                facts.push(format!("{least} characters"));
            }
            (_, least, most) => {
                let least = least.filter(|bound| *bound > 0);
                facts.extend(least.map(|_| "not empty".to_string()));
                facts.extend(most.map(|bound| format!("at most {bound} characters")));
            }
        }
        if spec.kind == Kind::Time {
            facts.push(format!("unit {}", unit(spec)));
        }
        if !spec.since.is_empty() {
            facts.push(format!("since Postfix {}", spec.since));
        }
        facts.join(", ")
    }

    /// What is to be said of a parameter that should no longer be used.
    pub fn standing(&self) -> Option<String> {
        match self.spec.standing {
            Standing::Current => None,
            Standing::Legacy(what) => Some(format!("The old name of {what}.")),
            Standing::Deprecated(instead) => Some(format!("Deprecated; instead, {instead}.")),
            Standing::Ignored(why) | Standing::Removed(why) => {
                Some(format!("Without effect: {why}."))
            }
        }
    }

    /// The first sentence.
    pub fn summary(&self) -> Vec<Span> {
        prose::first_sentence(&self.text())
    }
}

/// Every entry, sorted by name, case not regarded.
pub fn entries() -> Vec<Entry> {
    let mut entries: Vec<Entry> = params::told()
        .flat_map(|(declared, lines)| twins(declared, lines))
        .collect();
    entries.sort_unstable_by_key(|entry| entry.spec.name);
    entries
}

/// The entry of the parameter called `name` in `main.cf`.
pub fn entry(name: &str) -> Option<Entry> {
    params::told()
        .flat_map(|(declared, lines)| twins(declared, lines))
        .find(|entry| entry.spec.name == name)
}

/// The unit of a time without unit: that of the default, or of the default that it refers to.
fn unit(spec: &Spec) -> char {
    let default = spec.default;
    let other = default.strip_prefix('$').and_then(params::find);
    match other {
        Some(other) => unit(other),
        None => default
            .chars()
            .next_back()
            .filter(char::is_ascii_alphabetic)
            .unwrap_or('s'),
    }
}

/// What a value is, in words.
fn type_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Flag => "yes or no",
        Kind::Int => "number",
        Kind::Size => "number of bytes",
        Kind::Time => "time",
        Kind::Text => "text",
        Kind::Raw => "text, expanded where it is used",
        Kind::List => "list",
        Kind::Tables => "lookup tables",
        Kind::Path => "file name",
        Kind::Service => "service or destination",
    }
}

fn twins((spec, twin): &'static Declared, lines: Prose) -> impl Iterator<Item = Entry> {
    let first = Entry {
        spec,
        prefix: Prefix::Smtp,
        told_at: spec,
        lines,
    };
    let second = twin.map(|twin| Entry {
        spec: twin,
        prefix: Prefix::Lmtp,
        ..first
    });
    [Some(first), second].into_iter().flatten()
}

/// Names of `candidates` that a person may have meant by `name`, the nearest first.
pub fn nearest<'n>(name: &str, candidates: impl IntoIterator<Item = &'n str>) -> Vec<&'n str> {
    let limit = (name.len() / 4).max(2);
    let mut found: Vec<(usize, &str)> = candidates
        .into_iter()
        .map(|candidate| (distance(name.as_bytes(), candidate.as_bytes()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .collect();
    found.sort_unstable();
    found.truncate(5);
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

/// How many letters must be put in, taken out or replaced to make one word of the other.
fn distance(from: &[u8], to: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (line, letter) in from.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], line + 1);
        for (at, other) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != other);
            diagonal = row[at + 1];
            row[at + 1] = replaced.min(row[at] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests;
