// SPDX-License-Identifier: MIT OR Apache-2.0
//! What tables with SQL queries have in common: the query of a key, and the result of rows.
//!
//! *Postfix:* db_common_sql_build_query of db_common(3), and the lookups of dict_mysql(3),
//! dict_pgsql(3) and dict_sqlite(3).

use bstr::ByteSlice as _;
use maps::remote::{Expansions, Settings, Template};
use maps::{Found, LookupError, OpenError, Options};
use runtime::log;

/// A row: its columns, `None` for NULL.
pub(crate) type Row = Vec<Option<Vec<u8>>>;

/// How many bytes one answer may have, rows and names of columns together.
pub(crate) const ANSWER_LIMIT: usize = 8 << 20;

/// The templates of one table.
pub(crate) struct Templates {
    table: String,
    expansions: Expansions,
    query: Template,
    result: Template,
    /// How many values a result may have; 0: any number.
    limit: u32,
}

impl Templates {
    /// Reads `query`, or what stands for it, `result_format`, `domain` and `expansion_limit`.
    pub(crate) fn read(settings: &Settings, options: &Options) -> Result<Templates, OpenError> {
        let domain = settings.text("domain", "")?;
        let mut expansions = Expansions::new(settings.table(), &domain, options)?;
        Ok(Templates {
            table: settings.table().to_owned(),
            query: expansions.query(&query_text(settings)?)?,
            result: expansions.result(&settings.text("result_format", "%s")?)?,
            limit: settings.number("expansion_limit", 0, 0)?,
            expansions,
        })
    }

    /// Whether the key is looked up at all.
    pub(crate) fn accept(&mut self, key: &[u8]) -> Result<bool, LookupError> {
        self.expansions.accept(key)
    }

    /// The query for an accepted key.
    pub(crate) fn query(&self, key: &[u8], quote: &dyn Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
        self.expansions.expand_query(&self.query, key, quote)
    }

    /// The result of the rows that were found for a key: every column that is not NULL.
    pub(crate) fn result(&self, key: &[u8], rows: &[Row]) -> Found {
        let mut out = Vec::new();
        let mut count: u32 = 0;
        for value in rows.iter().flatten().flatten() {
            if self
                .expansions
                .expand_result(&self.result, value, key, &mut out)
            {
                count = count.saturating_add(1);
            }
            if self.limit > 0 && count > self.limit {
                let message = format!(
                    "{}: Expansion limit exceeded for key: '{}'",
                    self.table,
                    key.as_bstr()
                );
                log::warning(&message);
                return Err(LookupError::Retry(message));
            }
        }
        Ok(Some(out).filter(|out| !out.is_empty()))
    }
}

/// The template of queries, made of older settings where `query` is not set.
fn query_text(settings: &Settings) -> Result<String, OpenError> {
    if let Some(query) = settings.given("query")? {
        return Ok(query);
    }
    if settings.table().starts_with("pgsql:")
        && let Some(function) = settings.given("select_function")?
    {
        return Ok(format!("SELECT {function}('%s')"));
    }
    let part = |name: &str| {
        settings.given(name)?.ok_or_else(|| {
            OpenError(format!(
                "{}: neither query nor {name} is set",
                settings.table()
            ))
        })
    };
    Ok(format!(
        "SELECT {} FROM {} WHERE {}='%s' {}",
        part("select_field")?,
        part("table")?,
        part("where_field")?,
        settings.text("additional_conditions", "")?
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn templates(text: &str) -> Result<Templates, OpenError> {
        let settings = Settings::from_text("pgsql:/x.cf", text)?;
        Templates::read(&settings, &Options::new())
    }

    fn query(text: &str) -> String {
        let quote = |text: &[u8]| text.replace("'", "''");
        let query = templates(text).unwrap().query(b"o'x@y", &quote);
        String::from_utf8(query).unwrap()
    }

    #[test]
    fn older_settings_make_a_query() {
        assert_eq!(
            query(
                "table = t\nselect_field = s\nwhere_field = w\nadditional_conditions = AND a=1\n"
            ),
            "SELECT s FROM t WHERE w='o''x@y' AND a=1"
        );
        assert_eq!(
            query("select_function = f\ntable = t\n"),
            "SELECT f('o''x@y')"
        );
        assert_eq!(query("query = q '%u'\nselect_function = f\n"), "q 'o''x'");
        let error = templates("table = t\n").err().unwrap();
        assert_eq!(
            error.0,
            "pgsql:/x.cf: neither query nor select_field is set"
        );
    }

    #[test]
    fn more_values_than_allowed_are_a_temporary_error() {
        let row = |text: &str| vec![Some(text.as_bytes().to_vec()), None];
        let templates = templates("query = q\nexpansion_limit = 2\n").unwrap();
        let two = [row("a"), row("b")];
        assert_eq!(templates.result(b"k", &two).unwrap().unwrap(), b"a,b");
        let three = [row("a"), row("b"), row("c")];
        assert!(matches!(
            templates.result(b"k", &three),
            Err(LookupError::Retry(_))
        ));
        assert_eq!(templates.result(b"k", &[vec![None]]).unwrap(), None);
    }
}
