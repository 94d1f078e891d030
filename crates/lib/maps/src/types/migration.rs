// SPDX-License-Identifier: MIT OR Apache-2.0
//! What `hash:` and `btree:` stand for on a site that leaves Berkeley DB
//! (`non_bdb_migration_level`).
//!
//! `hash:` then means `$default_database_type:`, and `btree:` means `$default_cache_db_type:`,
//! unless `non_bdb_custom_mapping`, a table with keys `type:name` and `type`, says otherwise.
//! Nothing forces anybody here: Berkeley DB files are read for ever. So where the table of the
//! new type is not made yet, and the level is `enable-reindex`, the old one still answers; the
//! original has a program that makes the new one at that moment.
//!
//! *Postfix:* dict_open(3) and nbdb_redirect(3) since 3.11.

use runtime::log;

use crate::{OpenError, Options};

/// Opens a `hash` or `btree` table as what it stands for; `None` for what it is.
pub(super) fn open(kind: &str, name: &str, options: &Options) -> Option<super::Opened> {
    let params = options.params();
    let reindex = match params.non_bdb_migration_level.as_str() {
        "disable" => return None,
        "enable-redirect" => false,
        "enable-reindex" => true,
        other => {
            let why = format!("bad non_bdb_migration_level: \"{other}\"");
            return Some(Err(OpenError(why)));
        }
    };
    let other = match replacement(kind, name, options) {
        Ok(other) if other == "hash" || other == "btree" => return None,
        Ok(other) => other,
        Err(error) => return Some(Err(error)),
    };
    let opened = super::open(&other, name, options);
    if reindex && opened.is_err() {
        return None;
    }
    if params.non_bdb_migration_log_redirect {
        log::info(format_args!("redirecting {kind}:{name} to {other}:{name}"));
    }
    Some(opened)
}

/// The type that stands for this type, or for this very table.
fn replacement(kind: &str, name: &str, options: &Options) -> Result<String, OpenError> {
    let params = options.params();
    let mapping = params.non_bdb_custom_mapping.trim();
    if !mapping.is_empty() {
        let mut mapping = super::open_named(mapping, options)?;
        for key in [&format!("{kind}:{name}"), kind] {
            match mapping.get(key.as_bytes()) {
                Ok(Some(other)) => return Ok(String::from_utf8_lossy(&other).into_owned()),
                Ok(None) => {}
                Err(error) => return Err(OpenError(error.to_string())),
            }
        }
    }
    Ok(match kind {
        "hash" => params.default_database_type.clone(),
        _ => params.default_cache_db_type.clone(),
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use config::MainCf;

    use crate::build::{Build, Duplicates, Settings};
    use crate::{Options, Params};

    /// What `hash:name` and `btree:name` answer for the key `a`, with these settings.
    fn answers(settings: &str) -> [Option<String>; 2] {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("name");
        let name = path.display();
        for (suffix, value) in [("hash.db", "berkeley"), ("lmdb", "lmdb"), ("cdb", "cdb")] {
            let kind = suffix.strip_suffix(".db").unwrap_or(suffix);
            let settings = Settings {
                stored: Options::new(),
                duplicates: Duplicates::Warn,
                mode: 0o600,
            };
            let mut build = Build::create(kind, &name.to_string(), &settings).unwrap();
            build.add(b"a", value.as_bytes());
            build.commit().unwrap();
        }
        let main = MainCf::from_text(Path::new("/"), settings).unwrap();
        let options = Options::of(&Params::load(&main).unwrap());
        ["hash", "btree"].map(|kind| {
            let mut table = crate::types::open(kind, &name.to_string(), &options).ok()?;
            let value = table.get(b"a").unwrap().unwrap();
            Some(String::from_utf8(value).unwrap())
        })
    }

    fn some(value: &str) -> Option<String> {
        Some(value.to_owned())
    }

    #[test]
    fn tables_are_what_they_are_unless_redirected() {
        assert_eq!(answers(""), [some("berkeley"), None]);
        let other = "default_database_type = lmdb\ndefault_cache_db_type = cdb\n";
        assert_eq!(answers(other), [some("berkeley"), None]);
    }

    #[test]
    fn a_level_redirects_to_the_default_types() {
        let redirect = "non_bdb_migration_level = enable-redirect\n";
        assert_eq!(answers(redirect), [some("berkeley"), None]);
        let other = "default_database_type = lmdb\ndefault_cache_db_type = cdb\n";
        assert_eq!(
            answers(&format!("{redirect}{other}")),
            [some("lmdb"), some("cdb")]
        );
        let custom = "non_bdb_custom_mapping = inline:{hash=cdb}\n";
        let all = format!("{redirect}{other}{custom}");
        assert_eq!(answers(&all), [some("cdb"), some("cdb")]);
    }

    #[test]
    fn a_table_that_is_not_made_yet_is_the_old_one_when_it_will_be_made() {
        let missing = "default_database_type = nosuch\n";
        let level = |level| format!("non_bdb_migration_level = {level}\n{missing}");
        assert_eq!(answers(&level("enable-reindex"))[0], some("berkeley"));
        assert_eq!(answers(&level("enable-redirect"))[0], None);
        assert_eq!(answers(&level("typo"))[0], None);
    }
}
