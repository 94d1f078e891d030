// SPDX-License-Identifier: MIT OR Apache-2.0
//! A list of tables that are asked in order, as a parameter names them.
//!
//! *Errors:* an error of any table ends the search: a later table does not hide it.
//!
//! *Postfix:* maps(3).

use bstr::ByteSlice;
use runtime::log;

use crate::{Found, LookupError, OpenError, Options, Owner, Table, specification};

/// A value, and who answers for it.
#[derive(Clone, Debug)]
pub struct Owned {
    /// The value.
    pub value: Vec<u8>,
    /// Who owns the table.
    pub owner: Owner,
    /// The table with its flags, for messages.
    pub table: String,
}

/// The tables that a parameter such as `alias_maps` names.
pub struct Maps {
    title: String,
    tables: Vec<Box<dyn Table>>,
}

impl Maps {
    /// Opens the tables named in `specifications`, which are separated by commas or white space.
    /// `title` is the parameter's name, for messages.
    ///
    /// # Errors
    /// Only with [`Options::open_error_is_fatal`]: why a table cannot be opened.
    pub fn open(title: &str, specifications: &str, options: &Options) -> Result<Self, OpenError> {
        let tables = specification::words(specifications)
            .into_iter()
            .map(|word| crate::open(word, options))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            title: title.to_owned(),
            tables,
        })
    }

    /// The parameter's name.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Whether no table is named at all.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    /// Asks every table for a complete key. The empty key is never found.
    pub fn get(&mut self, key: &[u8]) -> Found {
        self.search(key, false)
    }

    /// Asks only tables with fixed keys, for a part of an address (a partial key).
    pub fn get_partial(&mut self, key: &[u8]) -> Found {
        self.search(key, true)
    }

    /// As [`Maps::get`], with the table that answered and its owner. An error is logged in the
    /// words of local(8), which is the one that asks for owners.
    pub fn get_with_owner(&mut self, key: &[u8]) -> Result<Option<Owned>, LookupError> {
        if key.is_empty() {
            return Ok(None);
        }
        for table in &mut self.tables {
            match table.get(key) {
                Ok(Some(value)) => {
                    return Ok(Some(Owned {
                        value,
                        owner: table.owner(),
                        table: table.opened_as().to_owned(),
                    }));
                }
                Ok(None) => {}
                Err(error) => {
                    let key = key.as_bstr();
                    log::warning(format_args!("{}: lookup of '{key}' failed", table.name()));
                    return Err(error);
                }
            }
        }
        Ok(None)
    }

    /// The name of a table whose file changed since it was opened: a daemon then finishes its
    /// clients and restarts.
    pub fn changed(&self) -> Option<&str> {
        self.tables
            .iter()
            .find(|table| table.changed())
            .map(|table| table.opened_as())
    }

    fn search(&mut self, key: &[u8], partial: bool) -> Found {
        if key.is_empty() {
            return Ok(None);
        }
        for table in &mut self.tables {
            if partial && !table.is_fixed() {
                continue;
            }
            match table.get(key) {
                Ok(Some(value)) if value.is_empty() => {
                    return Err(empty(&self.title, table.name(), key));
                }
                Ok(Some(value)) => return Ok(Some(value)),
                Ok(None) => {}
                Err(error) => {
                    log::warning(format_args!(
                        "{} lookup error for \"{}\"",
                        table.name(),
                        key.get(..100).unwrap_or(key).as_bstr()
                    ));
                    return Err(error);
                }
            }
        }
        Ok(None)
    }
}

/// An empty value has no meaning anywhere: somebody thinks that it says "not found".
fn empty(title: &str, table: &str, key: &[u8]) -> LookupError {
    let message = format!(
        "{table}: {title} lookup of {} returns an empty string result",
        key.as_bstr()
    );
    log::warning(&message);
    log::warning(format_args!(
        "{title} should return NO RESULT in case of NOT FOUND"
    ));
    LookupError::Configuration(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn maps(specifications: &str) -> Maps {
        Maps::open("alias_maps", specifications, &Options::new()).unwrap()
    }

    #[test]
    fn the_first_table_that_knows_the_key_answers() {
        let mut maps = maps("inline:{a=1}, inline:{a=2, b=2} static:3");
        assert_eq!(maps.get(b"A").unwrap().unwrap(), b"1");
        assert_eq!(maps.get(b"b").unwrap().unwrap(), b"2");
        assert_eq!(maps.get(b"c").unwrap().unwrap(), b"3");
    }

    #[test]
    fn an_error_ends_the_search() {
        let mut maps = maps("inline:{a=1} fail:x static:3");
        assert_eq!(maps.get(b"a").unwrap().unwrap(), b"1");
        assert!(matches!(maps.get(b"b"), Err(LookupError::Retry(_))));
    }

    #[test]
    fn a_table_that_cannot_be_opened_fails_every_request() {
        let mut lenient = maps("hash:/no/such/table");
        assert!(matches!(lenient.get(b"a"), Err(LookupError::Retry(text))
            if text == "hash:/no/such/table is unavailable. \
                open database /no/such/table.db: No such file or directory"));
        let mut options = Options::new();
        options.open_error_is_fatal = true;
        let strict = Maps::open("alias_maps", "hash:/no/such/table", &options);
        let text = strict.err().unwrap().to_string();
        assert_eq!(
            text,
            "open database /no/such/table.db: No such file or directory"
        );
    }

    #[test]
    fn a_name_without_type_fails_every_request() {
        assert!(
            matches!(maps("/etc/aliases").get(b"a"), Err(LookupError::Retry(text))
            if text.ends_with("expecting \"type:name\" form instead of \"/etc/aliases\""))
        );
    }

    #[test]
    fn unknown_types_say_so() {
        assert!(
            matches!(maps("nosuch:/x").get(b"a"), Err(LookupError::Retry(text))
            if text == "nosuch:/x is unavailable. unsupported dictionary type: nosuch")
        );
    }

    #[test]
    fn empty_keys_are_never_found_and_empty_values_are_errors() {
        assert_eq!(maps("static:x").get(b"").unwrap(), None);
        assert!(matches!(
            maps("inline:{a=}").get(b"a"),
            Err(LookupError::Configuration(_))
        ));
    }

    #[test]
    fn partial_keys_do_not_reach_pattern_tables() {
        let mut maps = maps("cidr:{{1.2.3.4 x}} inline:{1.2.3.4=y}");
        assert_eq!(maps.get(b"1.2.3.4").unwrap().unwrap(), b"x");
        assert_eq!(maps.get_partial(b"1.2.3.4").unwrap().unwrap(), b"y");
    }

    #[test]
    fn values_that_are_no_utf8_are_configuration_errors() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("table.cdb");
        let entries = [(&b"a"[..], &b"\xff"[..])];
        std::fs::write(&path, crate::types::cdb::encode(&entries).unwrap()).unwrap();
        let mut maps = maps(&format!("cdb:{}", path.with_extension("").display()));
        assert!(matches!(maps.get(b"a"), Err(LookupError::Configuration(_))));
        assert_eq!(maps.get(b"\xff").unwrap(), None);
    }
}
