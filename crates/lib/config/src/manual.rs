// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the table says about a parameter in words: the entries of postconf(5).
//!
//! *Invariants*: nothing else refers to the texts, so that only programs that show them
//! (`postconf`, and the manual generator) carry them.

use crate::params::{self, Declared, Prose};
use crate::prose::{self, Block, Span};
use crate::table::{Prefix, Spec};

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
