// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which names mean something: built in, made by a service, or used by somebody.
//!
//! A name that the administrator invented is in use when a value refers to it with `$`, when
//! it is a restriction class, or when it belongs to a database client that is configured in
//! the old way. Everything else is probably a typing error. What refers to it need not be in
//! use itself.
//!
//! *Postfix:* `postconf/postconf_builtin`, `postconf_service`, `postconf_user`.

use std::collections::{BTreeMap, BTreeSet};

use config::table::{Kind, Spec, Standing};
use config::{MainCf, expand, inspect, params, value};

use crate::databases::{self, Client, Mention};
use crate::entry::{Entry, READ_ONLY};
use crate::scope::Scope;
use crate::{Failure, file};

/// Where the meaning of a name comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// It is declared.
    Builtin,
    /// It is declared for a family, of which a service makes a member.
    Service,
    /// Something refers to it, or it is an old name that is set.
    User,
    /// An old name that nobody sets.
    Unlisted,
}

/// A name with a meaning.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name {
    pub(crate) class: Class,
    /// The declaration.
    pub(crate) spec: Option<&'static Spec>,
}

impl Name {
    /// Whether `$name` in its value has names of its own.
    pub(crate) fn is_raw(self) -> bool {
        self.spec.is_some_and(|spec| spec.kind == Kind::Raw)
    }
}

/// The names that mean something.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub(crate) names: BTreeMap<String, Name>,
    /// For each entry of master.cf, its settings that something uses.
    pub(crate) used: Vec<BTreeSet<String>>,
    /// What is to be warned about.
    pub(crate) complaints: Vec<String>,
}

/// Finds the names that mean something without looking at any setting.
pub(crate) fn declared(entries: &[Entry]) -> Known {
    let mut known = Known::default();
    let families: Vec<_> = params::families().map(|spec| spec.name).collect();
    for spec in params::all() {
        let class = match spec.standing {
            Standing::Current | Standing::Deprecated(_) | Standing::Ignored(_) => Class::Builtin,
            Standing::Legacy(_) => Class::Unlisted,
            Standing::Removed(_) => continue,
        };
        if !families.contains(&spec.name) {
            let spec = Some(*spec);
            known
                .names
                .extend(spec.map(|s| (s.name.to_string(), Name { class, spec })));
        }
    }
    for entry in entries {
        known.add_service(entry);
    }
    known
}

/// Finds the names that mean something to these two files; they may not all have been found
/// where there is a failure.
pub(crate) fn find(main_cf: &mut MainCf, entries: &[Entry]) -> (Known, Result<(), Failure>) {
    let mut known = declared(entries);
    known.used = vec![BTreeSet::new(); entries.len()];
    known.read_only(main_cf, entries);
    let mut search = Search {
        main_cf,
        entries,
        settings: entries
            .iter()
            .map(|entry| entry.settings().into_iter().collect())
            .collect(),
        classes: Vec::new(),
        clients: BTreeSet::new(),
        known,
    };
    let result = search.all();
    (search.known, result)
}

impl Known {
    /// Adds the members of the families that an entry of master.cf makes.
    fn add_service(&mut self, entry: &Entry) {
        let delivers =
            ["local", "error", "virtual", "smtp", "lmtp", "pipe"].contains(&entry.command());
        let runs_commands = ["pipe", "spawn"].contains(&entry.command());
        for family in params::families() {
            let applies = if family.name == "transport_time_limit" {
                runs_commands
            } else {
                delivers
            };
            if applies {
                let name = self.names.entry(inspect::member_name(entry.name(), family));
                let spec = Some(family);
                // Some members have declarations of their own.
                name.and_modify(|name| name.class = Class::Service)
                    .or_insert(Name {
                        class: Class::Service,
                        spec,
                    });
            }
        }
    }

    /// Complains about settings of what only programs set, and forgets those of main.cf.
    fn read_only(&mut self, main_cf: &mut MainCf, entries: &[Entry]) {
        let mut complain = |file: &str, name: &str, value: &str| {
            let what = "read-only parameter assignment";
            self.complaints
                .push(format!("{file}: {what}: {name}={value}"));
        };
        let assignments = entries.iter().flat_map(Entry::assignments);
        for (name, value) in assignments.filter(|(name, _)| READ_ONLY.contains(name)) {
            complain(&file(main_cf, "master.cf"), name, value);
        }
        for name in READ_ONLY {
            if let Some(value) = inspect::forget(main_cf, name) {
                complain(&file(main_cf, "main.cf"), name, &value);
            }
        }
    }

    /// What names stand for in main.cf or in an entry.
    pub(crate) fn scope<'s>(&'s self, main_cf: &'s MainCf, entry: Option<&'s Entry>) -> Scope<'s> {
        Scope {
            main_cf,
            names: &self.names,
            entry,
            defaults: false,
        }
    }
}

/// The search for names that are referred to.
struct Search<'s> {
    main_cf: &'s MainCf,
    entries: &'s [Entry],
    /// The settings of each entry.
    settings: Vec<BTreeMap<&'s str, &'s str>>,
    /// The restriction classes of main.cf.
    classes: Vec<String>,
    /// Files that have been looked at.
    clients: BTreeSet<Client>,
    known: Known,
}

impl Search<'_> {
    fn all(&mut self) -> Result<(), Failure> {
        let scope = self.scope(None);
        let classes = scope.text("smtpd_restriction_classes")?;
        let classes = scope.expand(&classes.unwrap_or_default())?;
        self.classes = value::words(&classes).map(str::to_string).collect();
        for at in 0..self.entries.len() {
            self.namespace(Some(at))?;
        }
        self.defaults();
        self.namespace(None)
    }

    /// Looks through the settings of main.cf, or of an entry of master.cf.
    fn namespace(&mut self, entry: Option<usize>) -> Result<(), Failure> {
        let settings: Vec<(String, String)> = match entry.and_then(|at| self.settings.get(at)) {
            Some(settings) => owned(settings.iter().map(|(name, value)| (*name, *value))),
            None => {
                let settings = inspect::settings(self.main_cf).into_iter();
                owned(settings.map(|setting| (setting.name, setting.value)))
            }
        };
        let own_classes = settings
            .iter()
            .find(|(name, _)| name == "smtpd_restriction_classes");
        if let Some((_, list)) = own_classes {
            let list = self.scope(entry).expand(list)?;
            for class in value::words(&list) {
                self.refer(class, entry, true);
            }
        }
        for (name, text) in &settings {
            if let Some(at) = entry
                && self.classes.contains(name)
            {
                self.known
                    .used
                    .get_mut(at)
                    .map(|used| used.insert(name.clone()));
            }
            let known = self.known.names.get_mut(name);
            if let Some(known) = known {
                if known.class == Class::Unlisted {
                    known.class = Class::User;
                }
                if known.is_raw() {
                    continue;
                }
            }
            let declared = self
                .known
                .names
                .get(name)
                .is_some_and(|name| name.spec.is_some());
            self.references(text, entry);
            if declared {
                self.databases(text, entry)?;
            }
        }
        Ok(())
    }

    /// Looks through the defaults that are in force.
    fn defaults(&mut self) {
        let names: Vec<_> = self
            .known
            .names
            .iter()
            .map(|(n, name)| (n.clone(), *name))
            .collect();
        for (name, known) in names {
            if let Some(spec) = known.spec
                && !known.is_raw()
                && inspect::setting(self.main_cf, &name).is_none()
            {
                self.references(spec.default, None);
            }
        }
    }

    fn scope(&self, entry: Option<usize>) -> Scope<'_> {
        self.known
            .scope(self.main_cf, entry.and_then(|at| self.entries.get(at)))
    }

    /// Takes the names that a text refers to as used.
    fn references(&mut self, text: &str, entry: Option<usize>) {
        let result = expand::each_reference(text, &mut |name| self.refer(name, entry, true));
        if let Err(error) = result {
            self.known.complaints.push(error.to_string());
        }
    }

    /// Takes a name as used, where it is set. `expected` is whether it should be.
    fn refer(&mut self, name: &str, entry: Option<usize>, expected: bool) {
        let mut set = entry.is_some() && name == "service_name";
        let users = self.settings.iter().zip(&mut self.known.used).enumerate();
        for (at, (settings, used)) in users {
            if entry.is_none_or(|entry| entry == at) && settings.contains_key(name) {
                used.insert(name.to_string());
                set |= true;
            }
        }
        if (entry.is_none() || !set) && inspect::setting(self.main_cf, name).is_some() {
            let user = Name {
                class: Class::User,
                spec: None,
            };
            self.known.names.entry(name.to_string()).or_insert(user);
            set = true;
        }
        if expected && !set && !self.known.names.contains_key(name) {
            let file = self.file(entry);
            self.known
                .complaints
                .push(format!("{file}: undefined parameter: {name}"));
        }
    }

    /// Takes the settings of database clients that a text names as used.
    fn databases(&mut self, text: &str, entry: Option<usize>) -> Result<(), Failure> {
        let text = self.scope(entry).expand(text)?;
        for mention in databases::mentions(&text) {
            match mention {
                Mention::Prefix(prefix, suffixes) => {
                    for suffix in suffixes {
                        self.refer(&format!("{prefix}_{suffix}"), entry, false);
                    }
                }
                Mention::File(client) => {
                    if self.clients.insert(client.clone()) {
                        self.known.complaints.extend(client.complaints()?);
                    }
                }
                Mention::Braces(why) => {
                    let entry = entry.and_then(|at| self.entries.get(at));
                    let place = entry.map_or_else(
                        || "main.cf".to_string(),
                        |entry| format!("master.cf:{}/{}", entry.name(), entry.kind()),
                    );
                    self.known.complaints.push(format!("{place}: {why}"));
                }
                Mention::Comment(why) => {
                    let file = self.file(entry);
                    self.known.complaints.push(format!("{file}: {why}"));
                }
            }
        }
        Ok(())
    }

    fn file(&self, entry: Option<usize>) -> String {
        let name = if entry.is_some() {
            "master.cf"
        } else {
            "main.cf"
        };
        file(self.main_cf, name)
    }
}

fn owned<'t>(settings: impl Iterator<Item = (&'t str, &'t str)>) -> Vec<(String, String)> {
    settings
        .map(|(name, value)| (name.to_string(), value.to_string()))
        .collect()
}
