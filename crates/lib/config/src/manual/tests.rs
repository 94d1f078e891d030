// SPDX-License-Identifier: MIT OR Apache-2.0
//! What must hold for the text of every parameter.

use std::collections::HashSet;

use super::*;
use crate::params::find;

/// Names with an underscore that are literal in some text and no parameters: access
/// restrictions, attributes, values.
const WORDS: &str = include_str!("../params/words.txt");

/// All spans of a text, outside examples.
fn all_spans(blocks: &[Block]) -> impl Iterator<Item = &Span> {
    blocks.iter().flat_map(|block| {
        let (term, text): (&[Span], &[Span]) = match block {
            Block::Paragraph(text) | Block::Bullet(text) | Block::Step(_, text) => (&[], text),
            Block::Definition(term, text) => (term, text),
            Block::Heading(..) | Block::Example(_) => (&[], &[]),
        };
        term.iter().chain(text)
    })
}

/// What a definition list defines needs no other declaration.
fn terms() -> HashSet<String> {
    let mut terms = HashSet::new();
    for entry in entries() {
        for block in entry.text() {
            if let Block::Definition(term, _) = block {
                terms.extend(
                    term.iter()
                        .flat_map(|span| names(span.text()))
                        .map(str::to_string),
                );
            }
        }
    }
    terms
}

/// Words of a literal that can be names of parameters: they have an underscore inside, and are
/// no part of a path or of another name.
fn names(literal: &str) -> impl Iterator<Item = &str> {
    literal
        .split(|c: char| !(c.is_ascii_alphanumeric() || "_/:.-<>%@".contains(c)))
        .map(|word| word.trim_end_matches([':', '.']))
        .filter(|word| word.contains('_') && !word.starts_with('_'))
        .filter(|word| {
            word.bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        })
}

fn is_member_of_a_family(name: &str) -> bool {
    let suffixes = name.match_indices('_').map(|(at, _)| &name[at..]);
    suffixes
        .map(|suffix| format!("transport{suffix}"))
        .any(|family| find(&family).is_some())
}

#[test]
fn every_summary_is_a_sentence() {
    for entry in entries() {
        let summary = prose::plain(&entry.summary());
        assert!(summary.ends_with('.'), "{}: {summary:?}", entry.spec.name);
    }
}

#[test]
fn every_name_in_a_text_is_known() {
    let terms = terms();
    let words: HashSet<&str> = WORDS.lines().collect();
    let mut unknown = Vec::new();
    for entry in entries() {
        for span in all_spans(&entry.text()) {
            let Span::Code(literal) = span else { continue };
            for name in names(literal) {
                let known = find(name).is_some()
                    || terms.contains(name)
                    || words.contains(name)
                    || is_member_of_a_family(name);
                if !known {
                    unknown.push(format!("{}: {name}", entry.spec.name));
                }
            }
        }
    }
    assert!(
        unknown.is_empty(),
        "no parameters, and not in params/words.txt: {unknown:#?}"
    );
}

#[test]
fn examples_are_closed() {
    for (_, lines) in params::told() {
        let fences = lines
            .iter()
            .filter(|line| line.trim_start().starts_with("```"));
        assert_eq!(fences.count() % 2, 0, "{lines:#?}");
    }
}

#[test]
fn twins_share_a_text() {
    let entry = entry("lmtp_connect_timeout").expect("it is declared");
    assert_eq!(entry.told_at.name, "smtp_connect_timeout");
    assert!(!entry.text().is_empty());
}

#[test]
fn a_typing_error_finds_its_neighbours() {
    let names = [
        "smtpd_timeout",
        "smtpd_tls_timeout",
        "mydestination",
        "smtp_mx_address_limit",
    ];
    assert_eq!(nearest("smtp_timeout", names), ["smtpd_timeout"]);
    assert_eq!(nearest("mydestinaton", names), ["mydestination"]);
    assert!(nearest("xyz", names).is_empty());
}
