// SPDX-License-Identifier: MIT OR Apache-2.0
//! The settings of one table: a file with lines as in `main.cf` (`pgsql:/etc/postfix/x.cf`), or
//! parameters of `main.cf` itself (`pgsql:name` means `name_hosts` and so on).
//!
//! *Invariants*: a file is read once, at most [`SIZE_LIMIT`] bytes of it; its values are taken as
//! they are, without `$name`. Settings that nobody asks for are ignored.
//!
//! *Errors*: what cannot be read makes the table unusable, with file, line and cause.
//!
//! *Postfix:* cfg_parser(3).

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use config::{MainCf, logical_lines, split_assignment};

use crate::stamp::Stamp;
use crate::types::reason;
use crate::{OpenError, Options, Owner};

/// The largest file that is read, in bytes.
const SIZE_LIMIT: u64 = 1 << 20;

/// The settings of one table.
pub struct Settings {
    table: String,
    source: Source,
    /// The file, to notice when it changes.
    stamp: Option<Stamp>,
}

enum Source {
    File(HashMap<String, String>),
    /// `main.cf`, and what its parameters begin with.
    Main(Box<MainCf>, String),
}

impl Settings {
    /// Reads the settings of the table `KIND:NAME`.
    ///
    /// # Errors
    /// The file cannot be read, or a line is no setting.
    pub fn read(kind: &str, name: &str, options: &Options) -> Result<Settings, OpenError> {
        let table = format!("{kind}:{name}");
        if !name.starts_with(['/', '.']) {
            let main_cf = options.main_cf().ok_or_else(|| {
                OpenError(format!("{table}: settings in main.cf are not read here"))
            })?;
            return Ok(Settings {
                table,
                source: Source::Main(Box::new(main_cf.clone()), name.to_owned()),
                stamp: None,
            });
        }
        let failed = |error: std::io::Error| OpenError(format!("open {name}: {}", reason(&error)));
        let file = File::open(Path::new(name)).map_err(failed)?;
        let stamp = Stamp::of(&file).map_err(failed)?;
        let mut text = String::new();
        file.take(SIZE_LIMIT)
            .read_to_string(&mut text)
            .map_err(failed)?;
        Ok(Settings {
            table,
            source: Source::File(parse(name, &text)?),
            stamp: Some(stamp),
        })
    }

    /// The table, `type:name`.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// Who wrote the settings.
    pub fn owner(&self) -> Owner {
        self.stamp.as_ref().map_or(Owner::Trusted, Stamp::owner)
    }

    /// Whether the file was changed or replaced since it was read.
    pub fn changed(&self) -> bool {
        self.stamp.as_ref().is_some_and(Stamp::changed)
    }

    /// A text, if it is set.
    ///
    /// # Errors
    /// The parameter of `main.cf` cannot be expanded.
    pub fn given(&self, key: &str) -> Result<Option<String>, OpenError> {
        match &self.source {
            Source::File(values) => Ok(values.get(key).cloned()),
            Source::Main(main_cf, prefix) => main_cf
                .user_defined(&format!("{prefix}_{key}"))
                .map_err(|error| OpenError(error.to_string())),
        }
    }

    /// A text.
    ///
    /// # Errors
    /// As for [`Settings::given`].
    pub fn text(&self, key: &str, default: &str) -> Result<String, OpenError> {
        Ok(self.given(key)?.unwrap_or_else(|| default.to_owned()))
    }

    /// A number of at least `min`.
    ///
    /// # Errors
    /// It is none, or too small.
    pub fn number(&self, key: &str, default: u32, min: u32) -> Result<u32, OpenError> {
        let Some(text) = self.given(key)? else {
            return Ok(default);
        };
        let number: i64 = text.parse().map_err(|_| {
            OpenError(format!(
                "{}: bad numerical configuration: {key} = {text}",
                self.table
            ))
        })?;
        u32::try_from(number)
            .ok()
            .filter(|number| *number >= min)
            .ok_or_else(|| {
                OpenError(format!(
                    "{}: invalid {key} parameter value {number} < {min}",
                    self.table
                ))
            })
    }

    /// `yes` or `no`.
    ///
    /// # Errors
    /// It is neither.
    pub fn flag(&self, key: &str, default: bool) -> Result<bool, OpenError> {
        match self.given(key)? {
            None => Ok(default),
            Some(text) if text.eq_ignore_ascii_case("yes") => Ok(true),
            Some(text) if text.eq_ignore_ascii_case("no") => Ok(false),
            Some(text) => Err(OpenError(format!(
                "{}: bad boolean configuration: {key} = {text}",
                self.table
            ))),
        }
    }

    /// Settings for tests.
    pub fn from_text(table: &str, text: &str) -> Result<Settings, OpenError> {
        Ok(Settings {
            table: table.to_owned(),
            source: Source::File(parse(table, text)?),
            stamp: None,
        })
    }
}

fn parse(file: &str, text: &str) -> Result<HashMap<String, String>, OpenError> {
    let mut values = HashMap::new();
    for line in logical_lines(text) {
        let (name, value) = split_assignment(&line.text).map_err(|what| {
            OpenError(format!(
                "{file}, line {}: {what}: \"{}\"",
                line.number, line.text
            ))
        })?;
        values.insert(name.to_owned(), value.to_owned());
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str) -> Settings {
        Settings::from_text("pgsql:/x.cf", text).unwrap()
    }

    #[test]
    fn values_are_taken_as_they_are() {
        let settings =
            settings("# c\nuser = me\npassword = a $b '#c\nquery = select\n  x\nn = 3\n");
        assert_eq!(settings.text("password", "").unwrap(), "a $b '#c");
        assert_eq!(settings.text("query", "").unwrap(), "select  x");
        assert_eq!(settings.text("dbname", "d").unwrap(), "d");
        assert_eq!(settings.number("n", 1, 0).unwrap(), 3);
    }

    #[test]
    fn a_wrong_value_names_the_table_and_the_setting() {
        let settings = settings("limit = x\nsmall = 0\nflag = maybe\n");
        let text = |error: OpenError| error.0;
        assert_eq!(
            text(settings.number("limit", 1, 0).unwrap_err()),
            "pgsql:/x.cf: bad numerical configuration: limit = x"
        );
        assert_eq!(
            text(settings.number("small", 1, 1).unwrap_err()),
            "pgsql:/x.cf: invalid small parameter value 0 < 1"
        );
        assert!(text(settings.flag("flag", true).unwrap_err()).contains("flag = maybe"));
    }

    #[test]
    fn a_line_that_is_no_setting_is_an_error_with_its_place() {
        let error = Settings::from_text("/x.cf", "a = b\n\nfoo bar\n")
            .err()
            .unwrap();
        assert_eq!(
            error.0,
            "/x.cf, line 3: missing '=' after attribute name: \"foo bar\""
        );
    }

    #[test]
    fn names_without_slash_are_parameters_of_main_cf() {
        let main_cf = MainCf::from_text(
            Path::new("/etc/postfix"),
            "base = dc\nldapsource_search_base = $base=x\n",
        );
        let options = Options::new().with_main_cf(&main_cf.unwrap());
        let settings = Settings::read("ldap", "ldapsource", &options).unwrap();
        assert_eq!(settings.text("search_base", "").unwrap(), "dc=x");
        assert!(Settings::read("ldap", "ldapsource", &Options::new()).is_err());
    }
}
