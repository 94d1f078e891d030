// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which names mean something: built in, made by a service, or used by somebody.
//!
//! A name that the administrator invented is in use when the value of a name in use refers to
//! it with `$`, when it is a restriction class, or when it belongs to a database client that
//! is configured in main.cf in the old way (`mysql:foo` reads `foo_hosts`). Everything else
//! is probably a typing error.
//!
//! *Postfix:* `postconf/postconf_builtin`, `postconf_service`, `postconf_user`, `postconf_dbms`.

use std::collections::{BTreeMap, BTreeSet};

use config::table::{Kind, Spec, Standing};
use config::{MainCf, expand, inspect, params, value};

use crate::services::Entry;

/// Where the meaning of a name comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Origin {
    /// It is declared.
    Builtin(&'static Spec),
    /// It is declared for a family, of which a service makes a member.
    Service(&'static Spec),
    /// Something refers to it.
    User,
}

/// The names that mean something, and what was found out on the way.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub(crate) names: BTreeMap<String, Origin>,
    /// Names that a value refers to and that nothing defines, with the file.
    pub(crate) undefined: BTreeSet<(&'static str, String)>,
    /// `-o` settings that nothing uses.
    pub(crate) unused_options: Vec<(String, String)>,
}

/// Finds the names that mean something to these two files.
pub(crate) fn find(main_cf: &MainCf, entries: &[Entry]) -> Known {
    let mut known = Known::default();
    let families: Vec<_> = params::families().map(|spec| spec.name).collect();
    for spec in params::all() {
        let listed = matches!(spec.standing, Standing::Current | Standing::Deprecated(_));
        if listed && !families.contains(&spec.name) {
            known
                .names
                .insert(spec.name.to_string(), Origin::Builtin(spec));
        }
    }
    for entry in entries {
        known.add_service(entry);
    }
    let mut search = Search {
        main_cf,
        known: &mut known,
    };
    search.main_cf();
    for entry in entries {
        search.entry(entry);
    }
    known
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
                let name = inspect::member_name(entry.name(), family);
                self.names.entry(name).or_insert(Origin::Service(family));
            }
        }
    }
}

/// The search for names that are referred to.
struct Search<'s> {
    main_cf: &'s MainCf,
    known: &'s mut Known,
}

impl Search<'_> {
    fn main_cf(&mut self) {
        let names: Vec<_> = self
            .known
            .names
            .iter()
            .map(|(name, o)| (name.clone(), *o))
            .collect();
        for (name, origin) in names {
            let setting = inspect::setting(self.main_cf, &name);
            let (text, explicit) = match (setting, origin) {
                (Some(text), _) => (text, true),
                (None, Origin::Builtin(spec) | Origin::Service(spec)) => (spec.default, false),
                (None, Origin::User) => continue,
            };
            if !is_raw(origin) {
                self.text(text, &[], if explicit { Some("main.cf") } else { None });
            }
        }
        self.classes(
            inspect::setting(self.main_cf, "smtpd_restriction_classes"),
            &[],
        );
    }

    fn entry(&mut self, entry: &Entry) {
        let settings = entry.settings();
        let mut used: BTreeSet<String> = BTreeSet::new();
        for (name, text) in &settings {
            if matches!(self.known.names.get(*name), Some(origin) if !is_raw(*origin)) {
                used.extend(self.text(text, &settings, Some("master.cf")));
            }
            if *name == "smtpd_restriction_classes" {
                used.extend(self.classes(Some(text), &settings));
            }
        }
        for (name, value) in settings {
            let meant = self.known.names.contains_key(name) || is_declared(name);
            if !meant && !used.contains(name) {
                self.known
                    .unused_options
                    .push((name.to_string(), value.to_string()));
            }
        }
    }

    /// Follows the references of a text; gives the names among the `-o` settings `local`
    /// that it uses. `file` is where the text stands; none for a built-in default.
    fn text(
        &mut self,
        text: &str,
        local: &[(&str, &str)],
        file: Option<&'static str>,
    ) -> BTreeSet<String> {
        self.databases(text);
        let mut used = BTreeSet::new();
        let mut waiting = expand::references(text).unwrap_or_default();
        while let Some(name) = waiting.pop() {
            let option = local
                .iter()
                .find(|(option, _)| *option == name)
                .map(|(_, value)| *value);
            let setting = inspect::setting(self.main_cf, &name);
            let text = match (option, setting) {
                (Some(value), _) if used.insert(name.clone()) => value,
                (None, Some(value)) if !self.known.names.contains_key(&name) => {
                    self.known.names.insert(name, Origin::User);
                    value
                }
                (None, None) if !is_declared(&name) && !self.known.names.contains_key(&name) => {
                    self.known.undefined.extend(file.map(|file| (file, name)));
                    continue;
                }
                _ => continue,
            };
            self.databases(text);
            waiting.extend(expand::references(text).unwrap_or_default());
        }
        used
    }

    /// Takes the restriction classes as names in use.
    fn classes(&mut self, list: Option<&str>, local: &[(&str, &str)]) -> BTreeSet<String> {
        let mut used = BTreeSet::new();
        let list = list.map(|list| self.main_cf.expand("", list).unwrap_or_default());
        for class in value::words(list.as_deref().unwrap_or_default()) {
            if let Some((_, text)) = local.iter().find(|(name, _)| *name == class) {
                used.insert(class.to_string());
                used.extend(self.text(text, local, Some("master.cf")));
            } else if let Some(text) = inspect::setting(self.main_cf, class) {
                self.known
                    .names
                    .entry(class.to_string())
                    .or_insert(Origin::User);
                self.text(text, local, Some("main.cf"));
            }
        }
        used
    }

    /// Takes `foo_hosts` and its like as names in use, where a text names a table `mysql:foo`.
    fn databases(&mut self, text: &str) {
        for word in value::words(text) {
            let word = word.strip_prefix("proxy:").unwrap_or(word);
            let Some((kind, name)) = word.split_once(':') else {
                continue;
            };
            let suffixes = match kind {
                "ldap" => LDAP,
                "mysql" | "pgsql" | "sqlite" => SQL,
                _ => continue,
            };
            if name.starts_with(['/', '.']) {
                continue;
            }
            for suffix in suffixes {
                let name = format!("{name}_{suffix}");
                if inspect::setting(self.main_cf, &name).is_some() {
                    self.known.names.entry(name).or_insert(Origin::User);
                }
            }
        }
    }
}

fn is_declared(name: &str) -> bool {
    params::find(name).is_some_and(|spec| !matches!(spec.standing, Standing::Removed(_)))
}

/// Whether `$name` in a value has names of its own.
pub(crate) fn is_raw(origin: Origin) -> bool {
    matches!(origin, Origin::Builtin(spec) | Origin::Service(spec) if spec.kind == Kind::Raw)
}

const SQL: &[&str] = &[
    "additional_conditions",
    "dbname",
    "dbpath",
    "domain",
    "expansion_limit",
    "hosts",
    "password",
    "query",
    "result_format",
    "select_field",
    "select_function",
    "size_limit",
    "table",
    "user",
    "where_field",
];

const LDAP: &[&str] = &[
    "bind",
    "bind_dn",
    "bind_pw",
    "cache",
    "cache_expiry",
    "cache_size",
    "chase_referrals",
    "debuglevel",
    "dereference",
    "domain",
    "expansion_limit",
    "leaf_result_attribute",
    "query_filter",
    "recursion_limit",
    "result_attribute",
    "result_filter",
    "result_format",
    "scope",
    "search_base",
    "server_host",
    "server_port",
    "size_limit",
    "special_result_attribute",
    "start_tls",
    "terminal_result_attribute",
    "timeout",
    "tls_ca_cert_dir",
    "tls_ca_cert_file",
    "tls_cert",
    "tls_cipher_suite",
    "tls_key",
    "tls_random_file",
    "tls_require_cert",
    "version",
];
