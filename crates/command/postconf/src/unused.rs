// SPDX-License-Identifier: MIT OR Apache-2.0
//! Settings that nothing uses, or that will go.
//!
//! *Postfix:* `postconf/postconf_unused`.

use std::collections::BTreeMap;

use config::table::Standing;
use config::{MainCf, inspect, params};
use runtime::log;

use crate::entry::Entry;
use crate::file;
use crate::known::Known;

/// Warns of settings in main.cf.
pub(crate) fn in_main_cf(main_cf: &MainCf, known: &Known, quiet: bool) {
    let file = file(main_cf, "main.cf");
    for setting in inspect::settings(main_cf) {
        let used = known.names.contains_key(setting.name);
        warn(&file, setting.name, setting.value, used, quiet);
    }
}

/// Warns of settings in master.cf.
pub(crate) fn in_master_cf(main_cf: &MainCf, known: &Known, entries: &[Entry], quiet: bool) {
    let file = file(main_cf, "master.cf");
    for (entry, own) in entries.iter().zip(&known.used) {
        // The last one of a name counts.
        let settings: BTreeMap<_, _> = entry.settings().into_iter().collect();
        for (name, value) in settings {
            let used = known.names.contains_key(name) || own.contains(name);
            warn(&file, name, value, used, quiet);
        }
    }
}

fn warn(file: &str, name: &str, value: &str, used: bool, quiet: bool) {
    if !used {
        log::warning(format_args!("{file}: unused parameter: {name}={value}"));
    } else if !quiet && let Some(instead) = replacement(name) {
        log::warning(format_args!(
            "{file}: support for parameter \"{name}\" will be removed; instead, {instead}"
        ));
    }
}

/// What to do instead of setting a parameter that will go.
fn replacement(name: &str) -> Option<String> {
    let instead = match params::find(name)?.standing {
        Standing::Deprecated(instead) => instead.to_string(),
        Standing::Legacy(new_name) => format!("specify \"{new_name}\""),
        Standing::Current | Standing::Ignored(_) | Standing::Removed(_) => return None,
    };
    // Twins are declared once, under the name for SMTP.
    Some(if name.starts_with("lmtp_") {
        instead.replace("\"smtp_", "\"lmtp_")
    } else {
        instead
    })
}

#[cfg(test)]
mod tests {
    use super::replacement;
    use config::params;
    use config::table::Standing;

    #[test]
    fn every_parameter_that_will_go_names_one_that_stays_or_says_to_leave_it() {
        let mut count = 0;
        for spec in params::all() {
            let Some(instead) = replacement(spec.name) else {
                continue;
            };
            count += 1;
            if instead.starts_with("do not specify") {
                continue;
            }
            let new = instead
                .strip_prefix("specify \"")
                .and_then(|rest| rest.strip_suffix('"'));
            let new = new.unwrap_or_else(|| panic!("{}: {instead}", spec.name));
            let new = params::find(new).unwrap_or_else(|| panic!("{}: {instead}", spec.name));
            assert_eq!(new.standing, Standing::Current, "{}", spec.name);
        }
        assert_eq!(count, 35, "as in release 3.12");
    }

    #[test]
    fn twins_are_replaced_by_twins() {
        let instead = "specify \"lmtp_tls_security_level\"";
        assert_eq!(replacement("lmtp_use_tls").as_deref(), Some(instead));
        assert_eq!(
            replacement("virtual_maps").as_deref(),
            Some("specify \"virtual_alias_maps\"")
        );
        assert_eq!(replacement("biff"), None);
        assert_eq!(replacement("tls_export_cipherlist"), None);
    }
}
