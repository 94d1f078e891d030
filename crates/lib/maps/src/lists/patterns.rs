// SPDX-License-Identifier: MIT OR Apache-2.0
//! The patterns of a list, as far as all kinds of lists share them.
//!
//! Words are separated by commas or white space. `!` before a word means "does not match";
//! `/file` stands for the words in that file, `type:name` for the keys of a table. The first
//! pattern that matches decides.
//!
//! *Errors:* a table or file that cannot be used makes every question fail that reaches it.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use mail::text::casefold;
use runtime::log;

use crate::open::surrogate;
use crate::types::reason;
use crate::{LookupError, OpenError, Options, Table, specification};

/// How deep files may name files.
const MAX_DEPTH: usize = 20;
/// The longest file of patterns.
const FILE_LIMIT: u64 = 64 * 1024 * 1024;

/// What a word stands for.
pub(super) enum Pattern {
    /// The word itself, in lower case.
    Text(Vec<u8>),
    /// The keys of a table.
    Table(Box<dyn Table>),
}

struct Rule {
    /// What the list answers if the pattern matches.
    answer: bool,
    pattern: Pattern,
}

/// The rules of a list, in order.
pub(super) struct Patterns {
    title: String,
    rules: Vec<Rule>,
}

impl Patterns {
    pub(super) fn parse(title: &str, text: &str, options: &Options) -> Result<Self, OpenError> {
        let mut patterns = Self {
            title: title.to_owned(),
            rules: Vec::new(),
        };
        patterns.add(text, true, 0, options)?;
        Ok(patterns)
    }

    fn add(
        &mut self,
        text: &str,
        answer: bool,
        depth: usize,
        options: &Options,
    ) -> Result<(), OpenError> {
        for word in specification::words(text) {
            if word.starts_with('#') {
                log::warning(format_args!(
                    "{}: comment at end of line is not supported: {word}",
                    self.title
                ));
                break;
            }
            let bare = word.trim_start_matches('!');
            let answer = answer == (word.len() - bare.len()).is_multiple_of(2);
            if bare.is_empty() {
                return Err(OpenError(format!("{}: no pattern after '!'", self.title)));
            }
            if bare.starts_with('/') {
                self.add_file(bare, answer, depth, options)?;
            } else if is_table(bare) {
                let pattern = Pattern::Table(crate::open(bare, options)?);
                self.rules.push(Rule { answer, pattern });
            } else {
                let pattern = Pattern::Text(casefold(bare.as_bytes()));
                self.rules.push(Rule { answer, pattern });
            }
        }
        Ok(())
    }

    fn add_file(
        &mut self,
        path: &str,
        answer: bool,
        depth: usize,
        options: &Options,
    ) -> Result<(), OpenError> {
        let text = match read(Path::new(path)) {
            Ok(text) if depth < MAX_DEPTH => text,
            result => {
                let why = match result {
                    Ok(_) => "files are nested too deep".to_owned(),
                    Err(error) => reason(&error),
                };
                let message = format!("open file {path}: {why}");
                if options.open_error_is_fatal {
                    return Err(OpenError(message));
                }
                log::error(&message);
                let table = Box::new(surrogate(&format!("nofile:{path}"), message));
                self.rules.push(Rule {
                    answer,
                    pattern: Pattern::Table(table),
                });
                return Ok(());
            }
        };
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            self.add(line, answer, depth + 1, options)?;
        }
        Ok(())
    }

    /// The answer of the first pattern that `matches`, or false.
    pub(super) fn first(
        &mut self,
        mut matches: impl FnMut(&mut Pattern) -> Result<bool, LookupError>,
    ) -> Result<bool, LookupError> {
        for rule in &mut self.rules {
            match matches(&mut rule.pattern) {
                Ok(true) => return Ok(rule.answer),
                Ok(false) => {}
                Err(error) => {
                    match &rule.pattern {
                        Pattern::Table(table) => log::warning(format_args!(
                            "{}: {}: table lookup problem",
                            self.title,
                            table.name()
                        )),
                        Pattern::Text(_) => {
                            log::warning(format_args!("{}: {error}", self.title));
                        }
                    }
                    return Err(error);
                }
            }
        }
        Ok(false)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    pub(super) fn changed(&self) -> Option<&str> {
        self.rules.iter().find_map(|rule| match &rule.pattern {
            Pattern::Table(table) if table.changed() => Some(table.opened_as()),
            Pattern::Table(_) | Pattern::Text(_) => None,
        })
    }
}

/// `[` begins an address literal, whose colons do not mean a table.
fn is_table(word: &str) -> bool {
    !word.starts_with('[') && word.contains(':')
}

fn read(path: &Path) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    File::open(path)?
        .take(FILE_LIMIT + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > FILE_LIMIT {
        return Err(std::io::ErrorKind::FileTooLarge.into());
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
