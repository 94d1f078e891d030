// SPDX-License-Identifier: MIT OR Apache-2.0
//! Entries of master.cf as text, and what is printed of them.
//!
//! *Errors*: a line that cannot be taken apart is fatal; a missing file is a warning, since
//! main.cf can be looked at without.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::Path;

use config::{ConfigError, LogicalLine, MainCf, inspect, logical_lines, master_cf};
use runtime::log;

use crate::options::Request;
use crate::{Failure, output};

/// One entry of master.cf.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Name, type, and the other columns up to the command.
    pub(crate) columns: Vec<String>,
    /// The words after the command, without braces.
    pub(crate) arguments: Vec<String>,
}

/// What the columns are called on output.
const FIELDS: [&str; 7] = [
    "service",
    "type",
    "private",
    "unprivileged",
    "chroot",
    "wakeup",
    "process_limit",
];

impl Entry {
    pub(crate) fn name(&self) -> &str {
        self.column(0)
    }

    pub(crate) fn kind(&self) -> &str {
        self.column(1)
    }

    pub(crate) fn command(&self) -> &str {
        self.column(FIELDS.len())
    }

    fn column(&self, at: usize) -> &str {
        self.columns.get(at).map_or("", String::as_str)
    }

    /// The `-o` settings, in order.
    pub(crate) fn settings(&self) -> Vec<(&str, &str)> {
        let mut settings = Vec::new();
        let mut words = self.arguments.iter().take_while_option();
        while let Some(word) = words.next() {
            if word == "-o"
                && let Some((name, value)) = words.next().and_then(|text| text.split_once('='))
            {
                settings.push((name.trim(), value.trim()));
            }
        }
        settings
    }

    /// The words after the command as they are written, `$` expanded if asked for.
    fn written(&self, main_cf: &MainCf, expand: bool) -> Result<Vec<String>, ConfigError> {
        let mut scope = main_cf.clone();
        for (name, value) in self.settings() {
            scope.define(name, value);
        }
        scope.define("service_name", self.name());
        let mut after_option = false;
        let mut words = Vec::new();
        for word in &self.arguments {
            let mut text = word.clone();
            if after_option && let Some((name, value)) = word.split_once('=') {
                let (name, value) = (name.trim(), value.trim());
                let value = if expand {
                    scope.expand(name, value)?
                } else {
                    value.to_string()
                };
                text = format!("{name}={value}");
            }
            after_option = word == "-o";
            let braces = text.is_empty() || text.contains([' ', '\t']);
            words.push(if braces { format!("{{{text}}}") } else { text });
        }
        Ok(words)
    }

    /// Whether a pattern `service/type/rest` (parts may be missing, or `*`) is about this entry.
    fn matches(&self, pattern: &str) -> bool {
        let mut parts = pattern.splitn(3, '/');
        let mut part = |actual: &str| {
            parts
                .next()
                .is_none_or(|text| text == "*" || text == actual)
        };
        // A service name may contain a slash.
        (part(self.name()) && part(self.kind())) || pattern == self.name()
    }
}

/// Options come first, `-o` with an argument; this stops before other words.
trait TakeWhileOption<'w> {
    fn take_while_option(self) -> std::vec::IntoIter<&'w String>;
}

impl<'w, I: Iterator<Item = &'w String>> TakeWhileOption<'w> for I {
    fn take_while_option(mut self) -> std::vec::IntoIter<&'w String> {
        let mut words = Vec::new();
        while let Some(word) = self.next() {
            if !word.starts_with('-') {
                break;
            }
            words.push(word);
            if word == "-o" {
                words.extend(self.next());
            }
        }
        words.into_iter()
    }
}

/// Reads master.cf of a directory.
pub(crate) fn read(directory: &Path) -> Result<Vec<Entry>, Failure> {
    let path = directory.join("master.cf");
    let file = path.display().to_string();
    let text = match std::fs::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            log::warning(format_args!("open {file}: No such file or directory"));
            return Ok(Vec::new());
        }
        Err(error) => {
            return Err(ConfigError::Unreadable {
                path,
                source: error,
            }
            .into());
        }
    };
    parse(&file, &String::from_utf8_lossy(&text))
}

/// The entries of a text that stands in `file`.
pub(crate) fn parse(file: &str, text: &str) -> Result<Vec<Entry>, Failure> {
    let mut entries = Vec::new();
    for line in logical_lines(text) {
        if line.text.starts_with([' ', '\t']) {
            let why = "logical line must not start with whitespace";
            log::warning(format_args!("{file}: {why}: \"{}\"", line.text));
            continue;
        }
        entries.push(entry(file, &line)?);
    }
    Ok(entries)
}

fn entry(file: &str, line: &LogicalLine) -> Result<Entry, Failure> {
    let mut columns = master_cf::fields(file, line)?;
    if columns.len() <= FIELDS.len() {
        let why = format!(
            "{file}: line {}: not enough fields: \"{}\"",
            line.number, line.text
        );
        return Err(Failure::Fatal(why));
    }
    let mut arguments = Vec::new();
    for word in columns.split_off(FIELDS.len() + 1) {
        // `-oname=value` means the same as `-o name=value`.
        match word
            .strip_prefix("-o")
            .filter(|rest| !rest.is_empty() && rest.contains('='))
        {
            Some(setting) => arguments.extend(["-o".to_string(), setting.to_string()]),
            None => arguments.push(word),
        }
    }
    Ok(Entry { columns, arguments })
}

/// Calls `show` for every entry that a pattern asks for, or for all.
fn select<'e>(
    entries: &'e [Entry],
    patterns: &[String],
    mut show: impl FnMut(&'e Entry, Option<&str>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    if patterns.is_empty() {
        return entries.iter().try_for_each(|entry| show(entry, None));
    }
    for pattern in patterns {
        let mut found = false;
        for entry in entries.iter().filter(|entry| entry.matches(pattern)) {
            found = true;
            show(
                entry,
                pattern.splitn(3, '/').nth(2).filter(|part| *part != "*"),
            )?;
        }
        if !found {
            log::warning(format_args!("unmatched request: \"{pattern}\""));
        }
    }
    Ok(())
}

/// `-M`: whole entries.
pub(crate) fn show_entries(
    main_cf: &MainCf,
    entries: &[Entry],
    request: &Request,
    out: &mut Vec<u8>,
) -> Result<(), Failure> {
    select(entries, &request.names, |entry, _| {
        let arguments = entry.written(main_cf, request.expand)?;
        output::service(out, request.fold, &entry.columns, &arguments);
        Ok(())
    })
}

/// `-F`: columns.
pub(crate) fn show_fields(
    main_cf: &MainCf,
    entries: &[Entry],
    request: &Request,
    out: &mut Vec<u8>,
) -> Result<(), Failure> {
    select(entries, &request.names, |entry, wanted| {
        let mut command = vec![entry.command().to_string()];
        command.extend(entry.written(main_cf, request.expand)?);
        let command = command.join(" ");
        let values = entry.columns.iter().take(FIELDS.len()).map(String::as_str);
        let fields = FIELDS
            .into_iter()
            .zip(values)
            .chain([("command", command.as_str())]);
        for (name, value) in fields.filter(|(name, _)| wanted.is_none_or(|w| w == *name)) {
            let name = format!("{}/{}/{name}", entry.name(), entry.kind());
            print(request, out, &name, value);
        }
        Ok(())
    })
}

/// `-P`: `-o` settings.
pub(crate) fn show_parameters(
    main_cf: &MainCf,
    entries: &[Entry],
    request: &Request,
    out: &mut Vec<u8>,
) -> Result<(), Failure> {
    select(entries, &request.names, |entry, wanted| {
        let mut scope = main_cf.clone();
        for (name, value) in entry.settings() {
            scope.define(name, value);
        }
        scope.define("service_name", entry.name());
        // The last one of a name counts.
        let settings: BTreeMap<_, _> = entry.settings().into_iter().collect();
        for (name, value) in settings {
            if wanted.is_some_and(|wanted| wanted != name) {
                continue;
            }
            let value = match request.expand {
                true => inspect::evaluate(&scope, name)?.unwrap_or_default(),
                false => value.to_string(),
            };
            let name = format!("{}/{}/{name}", entry.name(), entry.kind());
            print(request, out, &name, &value);
        }
        Ok(())
    })
}

/// Prints a name, a value, or both.
pub(crate) fn print(request: &Request, out: &mut Vec<u8>, name: &str, value: &str) {
    if request.names_only {
        // Writing to memory does not fail.
        let _ = writeln!(out, "{name}");
    } else if request.values_only {
        output::line(out, request.fold, value);
    } else {
        output::line(out, request.fold, &format!("{name} = {value}"));
    }
}
