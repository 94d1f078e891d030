// SPDX-License-Identifier: MIT OR Apache-2.0
//! Command-line options as getopt(3) takes them apart: letters, some with an argument, up to
//! the first word that is no option. No permutation, no long options.
//!
//! *Invariants:* total for any arguments; a word that is not UTF-8 is taken with replacement
//! characters where letters are looked for, but arguments come out unchanged.
//!
//! *Postfix:* the GETOPT of sys_defs.h.

use std::ffi::OsString;
use std::io::Write;
use std::os::unix::ffi::{OsStrExt, OsStringExt};

/// One option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opt {
    /// A letter without argument.
    Letter(char),
    /// A letter with its argument.
    With(char, OsString),
    /// A letter that is not known, or whose argument is missing; the text is what getopt(3)
    /// would print after the program's name.
    Bad(String),
}

/// Says what is wrong with an option as getopt(3) does: without a severity, not in the log.
pub fn complain(program: &str, text: &str) {
    let _ = writeln!(std::io::stderr(), "{program}: {text}");
}

/// The options at the front of a command line.
#[derive(Debug)]
pub struct Options<'s> {
    letters: &'s str,
    words: std::vec::IntoIter<OsString>,
    /// What is left of a word of several letters.
    cluster: Vec<u8>,
    /// The first word that is no option.
    first: Option<OsString>,
}

impl<'s> Options<'s> {
    /// Options of the given letters, a colon after those with an argument; `words` without the
    /// name of the program.
    pub fn new(letters: &'s str, words: impl IntoIterator<Item = OsString>) -> Self {
        let words = words.into_iter().collect::<Vec<_>>().into_iter();
        Options {
            letters,
            words,
            cluster: Vec::new(),
            first: None,
        }
    }

    /// The words after the options.
    pub fn rest(self) -> Vec<OsString> {
        self.first.into_iter().chain(self.words).collect()
    }

    /// The next word's letters, if it is an option word.
    fn next_cluster(&mut self) -> bool {
        if self.first.is_some() {
            return false;
        }
        let Some(word) = self.words.next() else {
            return false;
        };
        match word.as_bytes() {
            b"--" => {
                self.first = self.words.next();
                false
            }
            [b'-', letters @ ..] if !letters.is_empty() => {
                self.cluster = letters.to_vec();
                true
            }
            _ => {
                self.first = Some(word);
                false
            }
        }
    }
}

impl Iterator for Options<'_> {
    type Item = Opt;

    fn next(&mut self) -> Option<Opt> {
        if self.cluster.is_empty() && !self.next_cluster() {
            return None;
        }
        let letter = char::from(self.cluster.remove(0));
        let known = self
            .letters
            .find(letter)
            .filter(|_| letter != ':' && letter.is_ascii());
        let Some(at) = known else {
            return Some(Opt::Bad(format!("invalid option -- '{letter}'")));
        };
        if self.letters.as_bytes().get(at + 1) != Some(&b':') {
            return Some(Opt::Letter(letter));
        }
        let attached = std::mem::take(&mut self.cluster);
        if !attached.is_empty() {
            return Some(Opt::With(letter, OsString::from_vec(attached)));
        }
        Some(match self.words.next() {
            Some(argument) => Opt::With(letter, argument),
            None => Opt::Bad(format!("option requires an argument -- '{letter}'")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(letters: &str, words: &[&str]) -> (Vec<Opt>, Vec<OsString>) {
        let mut options = Options::new(letters, words.iter().map(OsString::from));
        let found = options.by_ref().collect();
        (found, options.rest())
    }

    #[test]
    fn letters_may_stand_together_with_an_argument_at_the_end() {
        let (found, rest) = parse("nc:f", &["-nfc", "dir", "-cother", "name", "-n"]);
        let with = |argument: &str| Opt::With('c', argument.into());
        assert_eq!(
            found,
            [
                Opt::Letter('n'),
                Opt::Letter('f'),
                with("dir"),
                with("other")
            ]
        );
        assert_eq!(rest, ["name", "-n"]);
    }

    #[test]
    fn a_double_dash_ends_the_options_and_a_single_one_is_a_word() {
        assert_eq!(parse("n", &["--", "-n"]).1, ["-n"]);
        assert_eq!(parse("n", &["-", "-n"]).1, ["-", "-n"]);
        assert_eq!(parse("n", &["-n", "--"]), (vec![Opt::Letter('n')], vec![]));
    }

    #[test]
    fn unknown_letters_and_missing_arguments_are_reported() {
        let bad = |text: &str| vec![Opt::Bad(text.to_string())];
        assert_eq!(parse("n", &["-z"]).0, bad("invalid option -- 'z'"));
        assert_eq!(parse("c:", &["-:"]).0, bad("invalid option -- ':'"));
        assert_eq!(
            parse("c:", &["-c"]).0,
            bad("option requires an argument -- 'c'")
        );
    }
}
