// SPDX-License-Identifier: MIT OR Apache-2.0
//! From the text of a list to restrictions; opens the tables that it names.
//!
//! *Errors*: a table that cannot be opened fails every request, as in all daemons (or stops the
//! program with daemon_table_open_error_is_fatal); a word that makes no sense becomes
//! [`Restriction::Wrong`], which refuses with 451 when it is reached.

use maps::{Maps, Options};
use runtime::log;

use super::names::{AccessKind, Missing, Simple, replacement};
use super::{List, Restriction};
use super::{ListCheck, ServerCheck};
use crate::dns_lists::DnsList;
use crate::policy::Policies;

/// Which of the opened tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TableId(usize);

/// The access tables of a program, each opened once.
#[derive(Default)]
pub(crate) struct Tables {
    tables: Vec<(String, Maps)>,
}

impl Tables {
    /// The table with this id.
    pub(crate) fn get(&mut self, id: TableId) -> Option<(&str, &mut Maps)> {
        self.tables
            .get_mut(id.0)
            .map(|(name, maps)| (name.as_str(), maps))
    }

    /// The name of the table with this id.
    pub(crate) fn name(&self, id: TableId) -> &str {
        self.tables.get(id.0).map_or("", |(name, _)| name)
    }

    /// The name of a table whose file changed.
    pub(crate) fn changed(&self) -> Option<&str> {
        self.tables.iter().find_map(|(_, maps)| maps.changed())
    }

    fn open(&mut self, specification: &str, options: &Options) -> Result<TableId, String> {
        let known = self
            .tables
            .iter()
            .position(|(name, _)| name == specification);
        if let Some(index) = known {
            return Ok(TableId(index));
        }
        let maps =
            Maps::open(specification, specification, options).map_err(|error| error.to_string())?;
        self.tables.push((specification.to_owned(), maps));
        Ok(TableId(self.tables.len() - 1))
    }
}

/// Reads lists.
pub(crate) struct Parser<'a> {
    /// smtpd_restriction_classes.
    pub(crate) classes: &'a [String],
    /// How tables are opened.
    options: &'a Options,
    /// Where they are kept.
    tables: &'a mut Tables,
    /// The policy servers that are named.
    policies: &'a mut Policies,
}

impl<'a> Parser<'a> {
    /// Knows these classes; what lists name is kept in `tables` and `policies`.
    pub(crate) fn new(
        classes: &'a [String],
        options: &'a Options,
        tables: &'a mut Tables,
        policies: &'a mut Policies,
    ) -> Parser<'a> {
        Parser {
            classes,
            options,
            tables,
            policies,
        }
    }

    /// Reads the list of a parameter.
    ///
    /// # Errors
    /// The text of a fatal error.
    pub(crate) fn list(&mut self, text: &str) -> Result<List, String> {
        let words = words(text);
        let mut words = words.iter().map(String::as_str).peekable();
        let mut list = Vec::new();
        while let Some(word) = words.next() {
            if let Some(kind) = AccessKind::find(word) {
                list.push(match words.next_if(|next| next.contains(':')) {
                    Some(table) => {
                        Restriction::Access(kind, self.tables.open(table, self.options)?)
                    }
                    None => Restriction::Wrong(format!(
                        "restriction {word} must be followed by type:table"
                    )),
                });
            } else if let Some(check) = ServerCheck::find(word) {
                list.push(match words.next_if(|next| next.contains(':')) {
                    Some(table) => {
                        Restriction::Servers(check, self.tables.open(table, self.options)?)
                    }
                    None => Restriction::Wrong(format!(
                        "restriction {word} must be followed by type:table"
                    )),
                });
            } else if let Some(check) = ListCheck::find(word) {
                match words.next() {
                    Some(word) => {
                        let asked = DnsList::parse(word);
                        let asked = asked.map_err(|error| format!("RBL reply error: {error}"))?;
                        list.push(Restriction::List(check, asked));
                    }
                    None => log::warning(format_args!(
                        "restriction {word} requires domain name argument"
                    )),
                }
            } else if word.eq_ignore_ascii_case("check_policy_service") {
                list.push(match words.next_if(|next| next.contains(':')) {
                    Some(server) => Restriction::Policy(self.policies.register(server)?),
                    None => Restriction::Wrong(format!(
                        "restriction {word} must be followed by transport:server"
                    )),
                });
            } else if word.eq_ignore_ascii_case("sleep") {
                let seconds = words.next_if(|next| next.bytes().all(|b| b.is_ascii_digit()));
                list.push(match seconds.and_then(|seconds| seconds.parse().ok()) {
                    Some(seconds) => Restriction::Sleep(seconds),
                    None => {
                        Restriction::Wrong(format!("restriction {word} must be followed by number"))
                    }
                });
            } else if let Some(missing) = Missing::find(word) {
                let text = format!("restriction {word} is not available in this version");
                if missing == Missing::Needed {
                    list.push(Restriction::Wrong(text));
                } else {
                    log::warning(format_args!("{text}; it is passed over"));
                }
            } else if word.contains(':') {
                list.push(Restriction::Table(self.tables.open(word, self.options)?));
            } else {
                list.push(self.word(word));
            }
        }
        Ok(list.into())
    }

    fn word(&self, word: &str) -> Restriction {
        named(word, self.classes)
    }
}

/// A word without argument.
fn named(word: &str, classes: &[String]) -> Restriction {
    if let Some(simple) = Simple::find(word) {
        return Restriction::Simple(simple);
    }
    if classes.iter().any(|class| class == word) {
        return Restriction::Class(word.to_owned());
    }
    Restriction::Wrong(match replacement(word) {
        Some((old, new)) => format!(
            "support for restriction \"{old}\" has been removed; instead, specify \"{new}\""
        ),
        None => format!("unknown smtpd restriction: \"{word}\""),
    })
}

/// Reads the right-hand side of an access table, which may name restrictions and classes but no
/// tables.
pub(crate) fn from_table(text: &str, classes: &[String]) -> List {
    words(text)
        .iter()
        .map(|word| named(word, classes))
        .collect()
}

/// The words of a list. Separators inside `{ }` belong to the word.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut depth = 0usize;
    for character in text.chars() {
        let separates = character == ',' || character.is_ascii_whitespace();
        if depth == 0 && separates {
            if !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            continue;
        }
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        word.push(character);
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Settings;

    fn parse(text: &str) -> Vec<Restriction> {
        let mut tables = Tables::default();
        let mut policies = Policies::new(Settings::for_test());
        let classes = ["strict".to_owned()];
        let options = Options::new();
        let mut parser = Parser::new(&classes, &options, &mut tables, &mut policies);
        parser.list(text).expect("no fatal errors").to_vec()
    }

    #[test]
    fn words_become_restrictions() {
        assert_eq!(
            parse("permit_mynetworks, REJECT_unauth_destination strict check_recipient_maps"),
            [
                Restriction::Simple(Simple::PermitMynetworks),
                Restriction::Simple(Simple::RejectUnauthDestination),
                Restriction::Class("strict".to_owned()),
                Restriction::Simple(Simple::RejectUnlistedRecipient),
            ]
        );
    }

    #[test]
    fn tables_are_opened_once() {
        assert_eq!(
            parse("check_client_access inline:{{a=OK}}, inline:{{a=OK}} static:x"),
            [
                Restriction::Access(AccessKind::Client, TableId(0)),
                Restriction::Table(TableId(0)),
                Restriction::Table(TableId(1)),
            ]
        );
    }

    #[test]
    fn what_makes_no_sense_is_kept_as_wrong() {
        for text in [
            "foo",
            "check_client_access permit",
            "sleep",
            "check_policy_service",
            "check_relay_domains",
        ] {
            assert!(
                matches!(parse(text).first(), Some(Restriction::Wrong(_))),
                "{text}"
            );
        }
        assert_eq!(parse("sleep 5, permit").len(), 2);
    }

    #[test]
    fn a_missing_restriction_is_passed_over() {
        let permit = Restriction::Simple(Simple::Permit);
        assert_eq!(
            parse("permit_mx_backup, permit"),
            std::slice::from_ref(&permit)
        );
    }
}
