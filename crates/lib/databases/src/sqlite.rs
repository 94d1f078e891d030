// SPDX-License-Identifier: MIT OR Apache-2.0
//! `sqlite:/file.cf`: an SQLite database, opened for reading.
//!
//! The file is opened when it is first needed, and again when another one took its place. A query
//! that takes longer than [`TIME_LIMIT`] is interrupted; a locked file is waited for a little.
//!
//! *Bugs:* the original also creates a missing database; an empty one answers nothing.
//!
//! *Postfix:* dict_sqlite(3).

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt as _;
use std::time::{Duration, Instant};

use bstr::ByteSlice as _;
use mail::text::is_utf8;
use maps::remote::Settings;
use maps::{Found, LookupError, OpenError, Opened, Options, Owner, Table};
use runtime::log;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use crate::sql::{ANSWER_LIMIT, Row, Templates};

/// How long a query may take.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// How long a locked database is waited for.
const LOCK_WAIT: Duration = Duration::from_secs(2);

/// Steps of the virtual machine between two looks at the clock.
const STEPS: i32 = 10_000;

struct Sqlite {
    path: String,
    settings: Settings,
    templates: Templates,
    open: Option<Database>,
}

/// An open file, and which one it is.
struct Database {
    connection: Connection,
    device: u64,
    inode: u64,
}

/// Reads the settings. The database itself is opened when it is needed.
pub(crate) fn open(name: &str, options: &Options) -> Opened {
    let settings = Settings::read("sqlite", name, options)?;
    let path = settings
        .given("dbpath")?
        .ok_or_else(|| OpenError(format!("{}: dbpath is not set", settings.table())))?;
    let query = settings.text("query", "")?;
    if query.contains("\"%") {
        log::warning(format_args!(
            "{}: a key inside double quotes may be taken for the name of a column; use single \
             quotes in: {query}",
            settings.table()
        ));
    }
    Ok(Box::new(Sqlite {
        path,
        templates: Templates::read(&settings, options)?,
        open: None,
        settings,
    }))
}

impl Sqlite {
    fn database(&mut self) -> Result<&mut Database, String> {
        let cannot = |why: String| format!("Can't open database: {why}");
        let file = std::fs::metadata(&self.path)
            .map_err(|error| cannot(format!("{}: {}", self.path, runtime::text::reason(&error))))?;
        let current = self.open.take().filter(|open| open.is(&file));
        let database = match current {
            Some(database) => database,
            None => Database::open(&self.path, &file).map_err(|error| cannot(error.to_string()))?,
        };
        Ok(self.open.insert(database))
    }

    fn rows(&mut self, key: &[u8]) -> Result<Vec<Row>, String> {
        let quote = |text: &[u8]| text.replace("'", "''");
        let query = self.templates.query(key, &quote);
        let query = String::from_utf8(query).map_err(|_| "query is not UTF-8".to_owned())?;
        self.database()?.select(&query)
    }
}

impl Database {
    fn open(path: &str, file: &Metadata) -> rusqlite::Result<Database> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(LOCK_WAIT)?;
        Ok(Database {
            connection,
            device: file.dev(),
            inode: file.ino(),
        })
    }

    fn is(&self, file: &Metadata) -> bool {
        (self.device, self.inode) == (file.dev(), file.ino())
    }

    /// The first column of each row.
    fn select(&mut self, query: &str) -> Result<Vec<Row>, String> {
        let began = Instant::now();
        let late = move || began.elapsed() > TIME_LIMIT;
        self.connection
            .progress_handler(STEPS, Some(late))
            .map_err(|error| error.to_string())?;
        let prepare = |error: rusqlite::Error| format!("SQL prepare failed: {error}");
        let step = |error: rusqlite::Error| format!("SQL step failed for query '{query}': {error}");
        let mut statement = self.connection.prepare(query).map_err(prepare)?;
        let mut found = Vec::new();
        let mut size = 0;
        let mut rows = statement.query([]).map_err(step)?;
        while let Some(row) = rows.next().map_err(step)? {
            let value = text_of(row.get_ref(0).map_err(step)?);
            size += value.as_ref().map_or(0, Vec::len) + 1;
            if size > ANSWER_LIMIT {
                return Err(format!("answer is too long for query '{query}'"));
            }
            found.push(vec![value]);
        }
        Ok(found)
    }
}

/// A value as text, as the original's library converts it.
fn text_of(value: ValueRef<'_>) -> Option<Vec<u8>> {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string().into_bytes()),
        ValueRef::Real(number) => Some(format!("{number:?}").into_bytes()),
        ValueRef::Text(text) | ValueRef::Blob(text) => {
            let end = text.find_byte(0).unwrap_or(text.len());
            text.get(..end).map(<[u8]>::to_vec)
        }
    }
}

impl Table for Sqlite {
    fn get(&mut self, key: &[u8]) -> Found {
        if !is_utf8(key) || key.contains(&0) || !self.templates.accept(key)? {
            return Ok(None);
        }
        match self.rows(key) {
            Ok(rows) => self.templates.result(key, &rows),
            Err(why) => {
                // Whatever it was, the next key begins with a new connection.
                self.open = None;
                let message = format!("{}: {why}", self.settings.table());
                log::warning(&message);
                Err(LookupError::Retry(message))
            }
        }
    }

    fn name(&self) -> &str {
        self.settings.table()
    }

    fn owner(&self) -> Owner {
        self.settings.owner()
    }

    fn changed(&self) -> bool {
        self.settings.changed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn database(directory: &Path, sql: &str) {
        let connection = Connection::open(directory.join("db")).unwrap();
        connection.execute_batch(sql).unwrap();
    }

    fn table(directory: &Path, settings: &str) -> Box<dyn Table> {
        let file = directory.join("x.cf");
        let text = format!("dbpath = {}\n{settings}\n", directory.join("db").display());
        std::fs::write(&file, text).unwrap();
        open(file.to_str().unwrap(), &Options::new()).unwrap()
    }

    const ALIASES: &str = "create table alias (address text, goto);
        insert into alias values ('a@b', 'one'), ('a@b', 'two'), ('n@b', 7), ('o''x@b', 'quoted'),
        ('null@b', null)";

    #[test]
    fn rows_are_found_by_keys_with_any_characters() {
        let directory = tempfile::tempdir().unwrap();
        database(directory.path(), ALIASES);
        let mut table = table(
            directory.path(),
            "query = select goto, 'other' from alias where address = '%s'",
        );
        let mut get = |key: &str| {
            let value = table.get(key.as_bytes()).unwrap()?;
            Some(String::from_utf8(value).unwrap())
        };
        assert_eq!(get("a@b").unwrap(), "one,two");
        assert_eq!(get("n@b").unwrap(), "7");
        assert_eq!(get("o'x@b").unwrap(), "quoted");
        assert_eq!(get("null@b"), None);
        assert_eq!(get("' or 1=1 --"), None);
    }

    #[test]
    fn trouble_is_temporary_and_ends_with_its_cause() {
        let directory = tempfile::tempdir().unwrap();
        let mut table = table(
            directory.path(),
            "query = select goto from alias where address = '%s'",
        );
        let error = table.get(b"a@b").unwrap_err();
        assert!(error.to_string().contains("Can't open database"), "{error}");
        database(directory.path(), "create table other (x)");
        let error = table.get(b"a@b").unwrap_err();
        assert!(error.to_string().contains("no such table"), "{error}");
        std::fs::remove_file(directory.path().join("db")).unwrap();
        database(directory.path(), ALIASES);
        assert_eq!(table.get(b"a@b").unwrap().unwrap(), b"one,two");
        std::fs::write(directory.path().join("db"), "not a database").unwrap();
        assert!(matches!(table.get(b"a@b"), Err(LookupError::Retry(_))));
    }

    #[test]
    fn a_table_is_for_reading_only() {
        let directory = tempfile::tempdir().unwrap();
        database(directory.path(), ALIASES);
        let mut table = table(directory.path(), "query = delete from alias");
        assert!(table.get(b"a@b").is_err());
    }

    #[test]
    fn settings_that_are_missing_are_named() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("x.cf");
        std::fs::write(&file, "query = x\n").unwrap();
        let name = file.to_str().unwrap();
        let error = open(name, &Options::new()).err().unwrap();
        assert_eq!(error.0, format!("sqlite:{name}: dbpath is not set"));
        let error = open("/no/such/file", &Options::new()).err().unwrap();
        assert_eq!(error.0, "open /no/such/file: No such file or directory");
    }
}
