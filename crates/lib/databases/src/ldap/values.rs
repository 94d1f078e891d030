// SPDX-License-Identifier: MIT OR Apache-2.0
//! From entries to results: which attributes count, and the entries that values name.
//!
//! Values of an ordinary attribute are results. A terminal attribute, where an entry has one,
//! makes all others of the entry void. A leaf attribute counts where the entry has no special one.
//! Values of a special attribute name entries, or are URLs, which are searched for in turn.
//!
//! *Invariants*: searches nest at most `recursion_limit` deep, and one lookup makes at most
//! [`SEARCH_LIMIT`] of them, whatever a directory contains.
//!
//! *Postfix:* dict_ldap_get_values of dict_ldap(3).

use std::time::Duration;

use bstr::ByteSlice as _;
use maps::remote::{Expansions, Template};
use runtime::log;

use super::connection::{Attribute, Connection, Outcome, Search};
use super::filter;
use super::uri::{self, Scope};
use crate::pool::Trouble;

/// How many searches one lookup may cause. Groups that contain each other would never end.
const SEARCH_LIMIT: u32 = 10_000;

/// The attributes that count, by what they mean.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    pub(super) ordinary: Vec<String>,
    pub(super) terminal: Vec<String>,
    pub(super) leaf: Vec<String>,
    pub(super) special: Vec<String>,
}

impl Attributes {
    /// All of them.
    pub(super) fn all(&self) -> Vec<String> {
        let lists = [&self.ordinary, &self.terminal, &self.leaf, &self.special];
        lists.into_iter().flatten().cloned().collect()
    }
}

/// What stays the same in all searches of a table.
pub(super) struct Rules {
    pub(super) table: String,
    pub(super) attributes: Attributes,
    pub(super) result: Template,
    pub(super) dereference: u32,
    pub(super) recursion_limit: u32,
    pub(super) expansion_limit: u32,
    pub(super) size_limit: u32,
    pub(super) time_limit: Duration,
}

/// One lookup: what was found so far.
pub(super) struct Collector<'c> {
    pub(super) rules: &'c Rules,
    pub(super) expansions: &'c Expansions,
    pub(super) connection: &'c mut Connection,
    pub(super) key: &'c [u8],
    pub(super) out: Vec<u8>,
    count: u32,
    searches: u32,
}

/// Whether an entry has a value of one of these attributes.
fn has(entry: &[Attribute], names: &[String]) -> bool {
    entry
        .iter()
        .any(|(name, values)| !values.is_empty() && is_in(names, name))
}

fn is_in(names: &[String], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

impl<'c> Collector<'c> {
    pub(super) fn new(
        rules: &'c Rules,
        expansions: &'c Expansions,
        connection: &'c mut Connection,
        key: &'c [u8],
    ) -> Collector<'c> {
        Collector {
            rules,
            expansions,
            connection,
            key,
            out: Vec::new(),
            count: 0,
            searches: 0,
        }
    }

    /// Searches as the table says.
    pub(super) fn search(
        &mut self,
        base: &[u8],
        scope: Scope,
        filter: &[u8],
        attributes: &[String],
    ) -> Result<Outcome, Trouble> {
        self.searches += 1;
        if self.searches > SEARCH_LIMIT {
            return Err(self.limit("Search limit exceeded for key", self.key));
        }
        self.connection.search(&Search {
            base,
            scope,
            filter,
            attributes,
            dereference: self.rules.dereference,
            size_limit: self.rules.size_limit,
            time_limit: self.rules.time_limit,
        })
    }

    fn limit(&self, what: &str, about: &[u8]) -> Trouble {
        Trouble::Refused(format!(
            "{}: {what}: '{}'",
            self.rules.table,
            about.as_bstr()
        ))
    }

    /// Collects the results of entries.
    pub(super) fn collect(
        &mut self,
        entries: &[Vec<Attribute>],
        depth: u32,
    ) -> Result<(), Trouble> {
        let rules = self.rules;
        let limit = usize::try_from(rules.size_limit).unwrap_or(usize::MAX);
        if limit > 0 && entries.len() > limit {
            return Err(self.limit("Query size limit exceeded for key", self.key));
        }
        for entry in entries {
            let kinds = &rules.attributes;
            let terminal = has(entry, &kinds.terminal);
            let leaf = !terminal && !has(entry, &kinds.special);
            for (name, values) in entry {
                let is_result = if terminal {
                    is_in(&kinds.terminal, name)
                } else {
                    is_in(&kinds.ordinary, name) || leaf && is_in(&kinds.leaf, name)
                };
                let is_special = !terminal && is_in(&kinds.special, name);
                for value in values {
                    if is_result {
                        self.add(value)?;
                    }
                    if is_special {
                        self.follow(name, value, depth)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, value: &[u8]) -> Result<(), Trouble> {
        let rules = self.rules;
        let (key, out) = (self.key, &mut self.out);
        if self
            .expansions
            .expand_result(&rules.result, value, key, out)
        {
            self.count += 1;
        }
        if rules.expansion_limit > 0 && self.count > rules.expansion_limit {
            return Err(self.limit("Expansion limit exceeded for key", key));
        }
        Ok(())
    }

    /// Searches for the entries that a value names.
    fn follow(&mut self, name: &str, value: &[u8], depth: u32) -> Result<(), Trouble> {
        if depth >= self.rules.recursion_limit {
            let what = format!("Recursion limit exceeded for special attribute {name}");
            return Err(self.limit(&what, value));
        }
        let all = self.rules.attributes.all();
        let outcome = if uri::is_url(value) {
            let Some(target) = uri::parse_target(value) else {
                return Err(self.limit("malformed URL", value));
            };
            let wanted: Vec<String> = match target.attributes.as_slice() {
                [] => all,
                names => names
                    .iter()
                    .filter(|name| is_in(&all, name))
                    .cloned()
                    .collect(),
            };
            if wanted.is_empty() {
                log::warning(format_args!(
                    "{}: skipping URL {}: no pertinent attributes",
                    self.rules.table,
                    value.as_bstr()
                ));
                return Ok(());
            }
            let Some(filter) = filter::encode(&target.filter) else {
                return Err(self.limit("malformed URL", value));
            };
            self.search(&target.base, target.scope, &filter, &wanted)?
        } else {
            // Any entry has a class.
            let filter = filter::encode(b"(objectClass=*)").unwrap_or_default();
            self.search(value, Scope::Base, &filter, &all)?
        };
        match outcome {
            Outcome::Found(entries) => self.collect(&entries, depth + 1),
            // A member that has left.
            Outcome::NoBase(_) => Ok(()),
            Outcome::TooMany => Err(self.limit("Query size limit exceeded for key", self.key)),
            Outcome::Refused(why) => Err(Trouble::Refused(format!("{}: {why}", self.rules.table))),
        }
    }
}
