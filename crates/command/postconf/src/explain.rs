// SPDX-License-Identifier: MIT OR Apache-2.0
//! `--explain`: the manual entry of a parameter, with its value here and where that comes from.
//!
//! This option is our own; the original sends people to postconf(5), which cannot know what
//! their files say.

use std::fmt::Write as _;

use config::manual::{self, Entry as Manual};
use config::prose::{self, Block};
use config::table::{Kind, Prefix};
use config::{MainCf, expand, inspect, params};

use crate::entry::Entry;
use crate::{Failure, file};

/// The widest line of text.
const WIDTH: usize = 78;

/// Explains every name.
///
/// # Errors
/// Names that mean nothing; the others have been explained.
pub(crate) fn parameters(
    main_cf: &MainCf,
    services: &[Entry],
    names: &[String],
    out: &mut Vec<u8>,
) -> Result<(), Failure> {
    let mut unknown = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let explained = Explained {
            main_cf,
            services,
            name,
        };
        match explained.text()? {
            Some(text) => {
                let gap = if at > 0 { "\n" } else { "" };
                out.extend_from_slice(format!("{gap}{text}").as_bytes());
            }
            None => unknown.push(explained.unknown()),
        }
    }
    if unknown.is_empty() {
        Ok(())
    } else {
        Err(Failure::Fatal(unknown.join("; ")))
    }
}

/// What gives a name its meaning.
enum Meaning {
    /// A declaration.
    Declared(Manual),
    /// The family `transport_...`, of which this is the name as declared.
    Family(Manual),
    /// A member of a family, for a service.
    Member(Manual),
    /// A setting that the administrator invented.
    UserDefined,
}

struct Explained<'e> {
    main_cf: &'e MainCf,
    services: &'e [Entry],
    name: &'e str,
}

impl Explained<'_> {
    fn meaning(&self) -> Option<Meaning> {
        let declared = manual::entry(self.name);
        let is_family = params::families().any(|family| family.name == self.name);
        let member = || {
            let made_by = |service: &Entry| {
                params::families()
                    .find(|family| inspect::member_name(service.name(), family) == self.name)
            };
            manual::entry(self.services.iter().find_map(made_by)?.name)
        };
        match declared {
            Some(entry) if is_family => Some(Meaning::Family(entry)),
            Some(entry) => Some(Meaning::Declared(entry)),
            None => member().map(Meaning::Member).or_else(|| {
                inspect::setting(self.main_cf, self.name).map(|_| Meaning::UserDefined)
            }),
        }
    }

    /// The explanation; none for a name without meaning.
    fn text(&self) -> Result<Option<String>, Failure> {
        let Some(meaning) = self.meaning() else {
            return Ok(None);
        };
        let mut text = String::new();
        match meaning {
            Meaning::Declared(entry) => {
                self.value(&entry, &mut text)?;
                about(&entry, &mut text);
            }
            Meaning::Member(entry) => {
                self.value(&entry, &mut text)?;
                fact(
                    &mut text,
                    "member of",
                    &format!("{}, one for each service", entry.spec.name),
                );
                about(&entry, &mut text);
            }
            Meaning::Family(entry) => {
                text.push_str(self.name);
                text.push('\n');
                fact(&mut text, "default", shown(entry.spec.default));
                for service in self.services {
                    let member = inspect::member_name(service.name(), entry.spec);
                    if let Some(value) = inspect::setting(self.main_cf, &member) {
                        fact(&mut text, "a member", &format!("{member} = {value}"));
                    }
                }
                about(&entry, &mut text);
            }
            Meaning::UserDefined => {
                let value = inspect::evaluate(self.main_cf, self.name)?.unwrap_or_default();
                let _ = writeln!(text, "{} = {value}", self.name);
                self.source(&value, &mut text);
                fact(&mut text, "a name of", "this configuration's own");
                let users: Vec<_> = self.users();
                if !users.is_empty() {
                    fact(&mut text, "used by", &users.join(", "));
                }
            }
        }
        Ok(Some(text))
    }

    /// The value in effect, where it was set, and the default.
    fn value(&self, entry: &Manual, text: &mut String) -> Result<(), Failure> {
        let default = inspect::default_text(self.main_cf, entry.spec)?;
        let written = inspect::setting(self.main_cf, self.name).unwrap_or(&default);
        let value = self.expanded(entry, written)?;
        let _ = writeln!(text, "{} = {value}", self.name);
        if inspect::setting(self.main_cf, self.name).is_some() {
            self.source(&value, text);
        } else {
            fact(text, "set", "nowhere: this is the default");
        }
        for (service, value) in self.overrides() {
            fact(text, "but", &format!("{value} for {service} (master.cf)"));
        }
        let expanded = self.expanded(entry, &default)?;
        if expanded == *default {
            fact(text, "default", shown(&default));
        } else {
            fact(
                text,
                "default",
                &format!("{default}, which is: {}", shown(&expanded)),
            );
        }
        Ok(())
    }

    fn expanded(&self, entry: &Manual, written: &str) -> Result<String, Failure> {
        if entry.spec.kind == Kind::Raw {
            return Ok(written.to_string());
        }
        Ok(self.main_cf.expand(self.name, written)?)
    }

    /// Where the name is set, and as what, if that is more than the value.
    fn source(&self, value: &str, text: &mut String) {
        let settings = inspect::settings(self.main_cf);
        let Some(setting) = settings.iter().find(|setting| setting.name == self.name) else {
            return;
        };
        let place = match setting.line {
            Some(line) => format!("{}:{line}", file(self.main_cf, "main.cf")),
            None => "by the command line or the environment".to_string(),
        };
        fact(text, "set", &place);
        if setting.value != value {
            fact(text, "written", setting.value);
        }
    }

    /// The services of master.cf that have a value of their own, and that value.
    fn overrides(&self) -> impl Iterator<Item = (String, &str)> {
        self.services.iter().flat_map(|service| {
            let settings = service.settings().into_iter();
            let own = settings.filter(|(name, _)| *name == self.name);
            own.map(move |(_, value)| (format!("{}/{}", service.name(), service.kind()), value))
        })
    }

    /// The settings that refer to the name, or have it as a restriction class.
    fn users(&self) -> Vec<&str> {
        let settings = inspect::settings(self.main_cf).into_iter();
        let refers = |value: &str| {
            let mut found = false;
            // What is wrong with a value is not the matter here.
            let _ = expand::each_reference(value, &mut |name| found |= name == self.name);
            found || config::value::words(value).any(|word| word == self.name)
        };
        settings
            .filter(|setting| refers(setting.value))
            .map(|setting| setting.name)
            .collect()
    }

    /// What is said of a name that means nothing.
    fn unknown(&self) -> String {
        let members = self.services.iter().flat_map(|service| {
            params::families().map(|family| inspect::member_name(service.name(), family))
        });
        let mut names: Vec<String> = params::all().iter().map(|s| s.name.to_string()).collect();
        names.extend(members);
        names.extend(
            inspect::settings(self.main_cf)
                .iter()
                .map(|s| s.name.to_string()),
        );
        names.sort_unstable();
        names.dedup();
        let near = manual::nearest(self.name, names.iter().map(String::as_str));
        let hint = if near.is_empty() {
            String::new()
        } else {
            format!(" (did you mean {}?)", near.join(", "))
        };
        format!("{}: unknown parameter{hint}", self.name)
    }
}

/// One indented line of facts.
fn fact(text: &mut String, what: &str, value: &str) {
    let _ = writeln!(text, "    {:<11}{value}", format!("{what}:"));
}

fn shown(value: &str) -> &str {
    if value.is_empty() { "(empty)" } else { value }
}

/// Type, standing and manual text.
fn about(entry: &Manual, text: &mut String) {
    fact(text, "type", &entry.facts());
    if entry.prefix == Prefix::Lmtp {
        fact(text, "like", &format!("{}, for LMTP", entry.told_at.name));
    }
    if let Some(standing) = entry.standing() {
        fact(text, "note", &standing);
    }
    let mut list = false;
    for block in entry.text() {
        let item = matches!(
            block,
            Block::Bullet(_) | Block::Step(..) | Block::Definition(..)
        );
        if !(list && item) {
            text.push('\n');
        }
        list = item;
        match block {
            Block::Heading(_, title) => wrapped(text, "", "", &title),
            Block::Paragraph(spans) => wrapped(text, "", "", &prose::plain(&spans)),
            Block::Bullet(spans) => wrapped(text, "  - ", "    ", &prose::plain(&spans)),
            Block::Step(number, spans) => {
                wrapped(
                    text,
                    &format!("  {number} "),
                    "     ",
                    &prose::plain(&spans),
                );
            }
            Block::Definition(term, spans) => {
                let term = format!("  {}: ", prose::plain(&term));
                wrapped(text, &term, "      ", &prose::plain(&spans));
            }
            Block::Example(lines) => {
                for line in lines {
                    let _ = writeln!(text, "    {line}");
                }
            }
        }
    }
}

/// Adds a text in lines of limited width.
fn wrapped(out: &mut String, first: &str, further: &str, text: &str) {
    let mut line = first.to_string();
    let mut empty = true;
    for word in text.split_whitespace() {
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            let _ = writeln!(out, "{line}");
            line = further.to_string();
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    let _ = writeln!(out, "{line}");
}
