// SPDX-License-Identifier: MIT OR Apache-2.0
//! Entries of master.cf, and what is printed of them: whole, by column, or their settings.
//!
//! *Errors*: a line that cannot be taken apart, and a request that no entry can match.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use config::{ConfigError, MainCf, logical_lines, read_bounded};
use runtime::log;

use crate::entry::{Argument, COMMAND, Entry, FIELDS};
use crate::known::Known;
use crate::options::Request;
use crate::pattern::{Pattern, field};
use crate::{Failure, output};

/// Reads master.cf of a directory. Without one there are no entries, unless they are `needed`.
pub(crate) fn read(directory: &Path, needed: bool) -> Result<Vec<Entry>, Failure> {
    let file = format!("{}/master.cf", directory.display());
    match read_bounded(Path::new(&file)) {
        Ok(text) => parse(&file, &String::from_utf8_lossy(&text)),
        Err(error) => {
            let missing = matches!(&error, ConfigError::Unreadable { source, .. }
                if source.kind() == io::ErrorKind::NotFound);
            if needed || !missing {
                return Err(error.into());
            }
            log::warning(error);
            Ok(Vec::new())
        }
    }
}

/// The entries of a text that stands in `file`.
pub(crate) fn parse(file: &str, text: &str) -> Result<Vec<Entry>, Failure> {
    let mut entries = Vec::new();
    for line in logical_lines(text) {
        if line.text.starts_with([' ', '\t']) {
            let why = "logical line must not start with whitespace";
            log::warning(format_args!("{file}: {why}: \"{}\"", line.start()));
            continue;
        }
        let (entry, complaints) = Entry::parse(&line.text).map_err(|why| {
            let number = line.number;
            Failure::Fatal(format!("file {file}: line {number}: {why}"))
        })?;
        complain(complaints);
        entries.push(entry);
    }
    Ok(entries)
}

/// Logs what is wrong with the arguments of an entry.
pub(crate) fn complain(complaints: Vec<String>) {
    for complaint in complaints {
        log::warning(format_args!("master.cf: {complaint}"));
    }
}

/// What entries are printed with.
pub(crate) struct Shown<'s> {
    pub(crate) main_cf: &'s MainCf,
    pub(crate) known: &'s Known,
    pub(crate) entries: &'s [Entry],
    pub(crate) request: &'s Request,
}

impl Shown<'_> {
    /// `-M`: whole entries.
    pub(crate) fn entries(&self, out: &mut Vec<u8>) -> Result<(), Failure> {
        let usage = "-M option requires service_name[/type]";
        self.select(self.patterns(2, usage)?, |entry, _| {
            let texts = self.expanded(entry)?;
            let arguments = with_texts(entry, &texts);
            if self.request.style.json {
                let command = output::joined(entry.command(), &arguments);
                let values = entry.columns().iter().map(String::as_str);
                let values = values.take(COMMAND).chain([command.as_str()]);
                let members: Vec<_> = FIELDS.into_iter().zip(values).collect();
                output::object(out, &members);
            } else {
                output::entry(out, self.request.style.fold, entry, &arguments);
            }
            Ok(true)
        })
    }

    /// `-F`: columns.
    pub(crate) fn fields(&self, out: &mut Vec<u8>) -> Result<(), Failure> {
        let patterns = self.patterns(3, "-F option requires service_name[/type[/field]]")?;
        for pattern in &patterns {
            if let Some(name) = &pattern.name {
                field(name).map_err(Failure::Fatal)?;
            }
        }
        self.select(patterns, |entry, wanted| {
            for (at, name) in FIELDS.iter().enumerate() {
                if wanted.is_some_and(|wanted| wanted != *name) {
                    continue;
                }
                let name = format!("{}/{}/{name}", entry.name(), entry.kind());
                let texts = self.expanded(entry)?;
                let arguments = match at {
                    COMMAND => with_texts(entry, &texts),
                    _ => Vec::new(),
                };
                let style = self.request.style;
                output::column(out, style, &name, entry.column(at), &arguments);
            }
            Ok(true)
        })
    }

    /// `-P`: `-o` settings.
    pub(crate) fn parameters(&self, out: &mut Vec<u8>) -> Result<(), Failure> {
        let usage = "-P option requires service_name[/type[/parameter]]";
        self.select(self.patterns(3, usage)?, |entry, wanted| {
            // The last one of a name counts.
            let settings: BTreeMap<_, _> = entry.settings().into_iter().collect();
            let mut found = wanted.is_none() && !settings.is_empty();
            for (name, value) in settings {
                if wanted.is_some_and(|wanted| wanted != name) {
                    continue;
                }
                found = true;
                let expanded;
                let value = if self.request.expand {
                    expanded = self.known.scope(self.main_cf, Some(entry)).expand(value)?;
                    &expanded
                } else {
                    value
                };
                let name = format!("{}/{}/{name}", entry.name(), entry.kind());
                output::pair(out, self.request.style, &name, value);
            }
            Ok(found)
        })
    }

    /// The requests of the command line.
    fn patterns(&self, parts: usize, usage: &str) -> Result<Vec<Pattern>, Failure> {
        let names = self.request.names.iter();
        let patterns = names.map(|name| Pattern::parse(name, 1, parts));
        let patterns: Option<_> = patterns.collect();
        patterns.ok_or_else(|| Failure::Fatal(usage.to_string()))
    }

    /// Calls `show` for every entry, with every pattern that asks for it; `show` gives whether
    /// there was something to print.
    fn select(
        &self,
        patterns: Vec<Pattern>,
        mut show: impl FnMut(&Entry, Option<&str>) -> Result<bool, Failure>,
    ) -> Result<(), Failure> {
        let mut found = vec![false; patterns.len()];
        for entry in self.entries {
            if patterns.is_empty() {
                show(entry, None)?;
            }
            for (pattern, found) in patterns.iter().zip(&mut found) {
                if pattern.matches_entry(entry) {
                    *found |= show(entry, pattern.name.as_deref())?;
                }
            }
        }
        for (pattern, _) in patterns.iter().zip(found).filter(|(_, found)| !found) {
            log::warning(format_args!("unmatched request: \"{}\"", pattern.text));
        }
        Ok(())
    }

    /// The values of the `-o` options of an entry, expanded if asked for.
    fn expanded(&self, entry: &Entry) -> Result<Vec<String>, Failure> {
        let scope = self.known.scope(self.main_cf, Some(entry));
        let settings = entry.arguments().into_iter();
        settings
            .filter_map(|argument| match argument {
                Argument::Setting(text) if self.request.expand => Some(scope.expand(text)),
                Argument::Setting(text) => Some(Ok(text.to_string())),
                Argument::Option(_) | Argument::Word(_) => None,
            })
            .collect()
    }
}

/// The arguments of an entry, with these texts in the place of its `-o` settings.
fn with_texts<'e>(entry: &'e Entry, texts: &'e [String]) -> Vec<Argument<'e>> {
    let mut texts = texts.iter();
    let arguments = entry.arguments().into_iter();
    arguments
        .map(|argument| match (argument, &mut texts) {
            (Argument::Setting(text), texts) => {
                Argument::Setting(texts.next().map_or(text, String::as_str))
            }
            (other, _) => other,
        })
        .collect()
}
