// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which tables clients may ask for.
//!
//! For reading: what `proxy_read_maps` lists as `proxy:type:name`, and every table of a database
//! that any setting of `main.cf` or `master.cf` names, because other programs reach those through
//! this one without being told. For changing: what `proxy_write_maps` lists.
//!
//! *Postfix:* the list of pre-approved tables of proxymap(8); the second rule is ours.

use std::collections::BTreeSet;

use config::MainCf;
use config::master_cf::{Defaults, MasterCf};

use crate::params::Params;

/// The types of tables whose clients are linked into few programs.
const DATABASES: [&str; 4] = ["ldap", "mysql", "pgsql", "sqlite"];

/// Names of tables, `type:name`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Approved {
    /// Listed by the administrator.
    listed: BTreeSet<String>,
    /// Named by some setting, without `proxy:`.
    direct: BTreeSet<String>,
}

impl Approved {
    /// What may be read.
    pub(crate) fn for_reading(params: &Params, main_cf: &MainCf) -> Approved {
        let mut approved = Approved {
            listed: listed(&params.proxy_read_maps),
            direct: BTreeSet::new(),
        };
        for text in main_cf.texts() {
            approved.add_direct(&text);
        }
        for text in overrides(main_cf) {
            approved.add_direct(&text);
        }
        approved
    }

    /// What may be changed.
    pub(crate) fn for_changing(params: &Params) -> Approved {
        Approved {
            listed: listed(&params.proxy_write_maps),
            direct: BTreeSet::new(),
        }
    }

    pub(crate) fn contains(&self, table: &str) -> bool {
        self.listed.contains(table) || self.direct.contains(table)
    }

    /// The tables that other programs name without `proxy:`.
    pub(crate) fn direct(&self) -> impl Iterator<Item = &str> {
        self.direct.iter().map(String::as_str)
    }

    fn add_direct(&mut self, text: &str) {
        for name in maps::named_tables(text) {
            let kind = name.split_once(':').map(|(kind, _)| kind);
            if kind.is_some_and(|kind| DATABASES.contains(&kind)) {
                self.direct.insert(name.to_owned());
            }
        }
    }
}

/// The tables that a list names as `proxy:type:name`.
fn listed(text: &str) -> BTreeSet<String> {
    maps::named_tables(text)
        .into_iter()
        .filter_map(|name| name.strip_prefix("proxy:"))
        .map(|name| name.trim_start_matches("proxy:").to_owned())
        .collect()
}

/// The values of `-o name=value` of all services.
fn overrides(main_cf: &MainCf) -> Vec<String> {
    let defaults = Defaults {
        process_limit: 1,
        chroot: false,
    };
    // Without a readable master.cf nobody would have started us: a test, or a moment of change.
    let path = main_cf.dir().join("master.cf");
    let services = MasterCf::read(&path, defaults).unwrap_or_default();
    let mut texts = Vec::new();
    for argument in services.iter().flat_map(|service| &service.args) {
        let argument = argument.strip_prefix("-o").unwrap_or(argument);
        if let Some((name, value)) = argument.split_once('=')
            && value.contains(':')
        {
            texts.extend(main_cf.expand(name.trim(), value));
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(main_cf: &str, master_cf: &str) -> Approved {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("master.cf"), master_cf).unwrap();
        let main_cf = MainCf::from_text(directory.path(), main_cf).unwrap();
        Approved::for_reading(&Params::load(&main_cf).unwrap(), &main_cf)
    }

    #[test]
    fn the_default_list_approves_what_table_parameters_name_with_proxy() {
        let approved = reading(
            "virtual_alias_maps = proxy:hash:/a, hash:/b\nmy_own = proxy:hash:/c\n",
            "",
        );
        assert!(approved.contains("unix:passwd.byname"));
        assert!(approved.contains("hash:/a"));
        assert!(!approved.contains("hash:/b"));
        assert!(!approved.contains("hash:/c"));
    }

    #[test]
    fn a_database_that_any_setting_names_is_approved() {
        let approved = reading(
            "relay_domains = pgsql:/etc/postfix/x.cf\n\
             class = check_recipient_access mysql:/m.cf, reject\n\
             nested = pipemap:{inline:{a=b},ldap:/l.cf}\n",
            "smtp inet n - n - - smtpd\n  -o virtual_alias_maps=sqlite:$config_directory/s.cf\n  \
             -o { transport_maps = hash:/t pgsql:/o.cf }\n",
        );
        for name in [
            "pgsql:/etc/postfix/x.cf",
            "mysql:/m.cf",
            "ldap:/l.cf",
            "pgsql:/o.cf",
        ] {
            assert!(approved.contains(name), "{name}");
        }
        assert!(approved.direct().any(|name| name.starts_with("sqlite:/")));
        assert!(!approved.contains("hash:/t"));
    }

    #[test]
    fn tables_inside_a_proxied_table_are_approved_when_they_are_proxied_too() {
        let approved = reading(
            "proxy_read_maps = proxy:unionmap:{proxy:hash:/a,hash:/b}\n",
            "",
        );
        assert!(approved.contains("unionmap:{proxy:hash:/a,hash:/b}"));
        assert!(approved.contains("hash:/a"));
        assert!(!approved.contains("hash:/b"));
    }

    #[test]
    fn only_listed_tables_can_be_changed() {
        let main_cf = MainCf::from_text(
            std::path::Path::new("/"),
            "proxy_write_maps = proxy:btree:/cache btree:/other\n",
        );
        let params = Params::load(&main_cf.unwrap()).unwrap();
        let approved = Approved::for_changing(&params);
        assert!(approved.contains("btree:/cache"));
        assert!(!approved.contains("btree:/other"));
    }
}
