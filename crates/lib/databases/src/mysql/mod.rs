// SPDX-License-Identifier: MIT OR Apache-2.0
//! `mysql:/file.cf`: MySQL and MariaDB.
//!
//! *Bugs:* `option_file` and `option_group` are refused instead of being ignored. `tls_ciphers`
//! is ignored: it is in the words of another TLS library.
//!
//! *Postfix:* dict_mysql(3), mysql_table(5).

mod connection;
mod packet;
mod password;

use maps::remote::{Address, Settings};
use maps::{Found, LookupError, OpenError, Opened, Options, Owner, Table};
use runtime::log;
use tls::{ClientSettings, Verification};

use crate::encryption;
use crate::pool::{Client, Host, Order, Pool};
use crate::sql::Templates;
use connection::Connection;

const DEFAULT_PORT: u16 = 3306;

/// The local socket that "localhost" means.
const DEFAULT_SOCKET: &str = "/var/run/mysqld/mysqld.sock";

/// Settings that we cannot honour, and must not ignore.
const REFUSED: [&str; 2] = ["option_file", "option_group"];

struct Mysql {
    settings: Settings,
    templates: Templates,
    /// A query without a result set is an error.
    rows_required: bool,
    pool: Pool<Login>,
}

/// Who we are at the servers.
struct Login {
    user: String,
    password: String,
    database: String,
    /// The number of the character set's usual collation, which the protocol wants.
    collation: u8,
    /// Whether and how connections over a network are encrypted.
    encryption: Option<ClientSettings>,
}

impl Client for Login {
    type Connection = Connection;
    type Server = Address;
    const KIND: &'static str = "mysql";

    fn connect(&self, server: &Address) -> Result<Connection, String> {
        Connection::open(server, self)
    }
}

/// The usual collation of a character set. Sets where a byte of a character may look like a quote
/// or a backslash are not among them.
fn collation(charset: &str) -> Option<u8> {
    let known = [
        ("utf8mb4", 45),
        ("utf8", 33),
        ("utf8mb3", 33),
        ("latin1", 8),
        ("ascii", 11),
        ("binary", 63),
    ];
    let named = |(name, _): &&(&str, u8)| name.eq_ignore_ascii_case(charset);
    known.iter().find(named).map(|(_, number)| *number)
}

/// One word of `hosts`.
fn address(word: &str) -> Result<Address, String> {
    if let Some(path) = word.strip_prefix("unix:") {
        return Ok(Address::Unix(path.into()));
    }
    let word = word.strip_prefix("inet:").unwrap_or(word);
    let (host, port) = match word.rsplit_once(':') {
        Some((host, text)) if !text.contains(']') => {
            let port = runtime::net::port::number(text);
            (host, port.ok_or_else(|| format!("bad port {text}"))?)
        }
        _ => (word, DEFAULT_PORT),
    };
    if host == "localhost" {
        return Ok(Address::Unix(DEFAULT_SOCKET.into()));
    }
    Ok(Address::inet(host, port))
}

/// TLS, if a setting asks for it.
fn encryption(settings: &Settings) -> Result<Option<ClientSettings>, OpenError> {
    let names = ["tls_CAfile", "tls_CApath", "tls_cert_file", "tls_key_file"];
    let mut wanted = encryption::files(settings, names)?;
    let ciphers = !settings.text("tls_ciphers", "")?.is_empty();
    if ciphers {
        log::warning(format_args!("{}: ignoring tls_ciphers", settings.table()));
    }
    let has_authorities = wanted.authorities.is_some() || wanted.directory.is_some();
    if settings.flag("tls_verify_cert", false)? {
        wanted.verification = Verification::Name;
    } else if has_authorities {
        wanted.verification = Verification::Authority;
    }
    let is_wanted = ciphers || wanted.own.is_some() || wanted.verification != Verification::Nothing;
    Ok(is_wanted.then_some(wanted))
}

/// Reads the settings; connects when the first key is looked up.
pub(crate) fn open(name: &str, options: &Options) -> Opened {
    let settings = Settings::read("mysql", name, options)?;
    for key in REFUSED {
        if settings.given(key)?.is_some_and(|value| !value.is_empty()) {
            return Err(OpenError(format!(
                "{}: {key} is not supported",
                settings.table()
            )));
        }
    }
    let charset = settings.text("charset", "utf8mb4")?;
    let collation = collation(&charset).ok_or_else(|| {
        OpenError(format!(
            "{}: charset {charset} is not supported",
            settings.table()
        ))
    })?;
    let login = Login {
        user: settings.text("user", "")?,
        password: settings.text("password", "")?,
        database: settings.text("dbname", "")?,
        collation,
        encryption: encryption(&settings)?,
    };
    let mut hosts = Vec::new();
    for word in crate::hosts(&settings.text("hosts", "")?) {
        let address = address(word)
            .map_err(|why| OpenError(format!("{}: host {word}: {why}", settings.table())))?;
        hosts.push(Host::new(word, &address.clone(), address));
    }
    Ok(Box::new(Mysql {
        templates: Templates::read(&settings, options)?,
        rows_required: settings.flag("require_result_set", true)?,
        pool: Pool::new(login, hosts, Order::Random, &settings)?,
        settings,
    }))
}

impl Table for Mysql {
    fn get(&mut self, key: &[u8]) -> Found {
        if !self.templates.accept(key)? {
            return Ok(None);
        }
        let templates = &self.templates;
        let required = self.rows_required;
        let rows = self.pool.with(|connection| {
            let query = templates.query(key, &|text| connection.quote(text));
            connection.select(&query, required)
        });
        let rows = rows.map_err(|error| match error {
            LookupError::Retry(why) => {
                LookupError::Retry(format!("{}: {why}", self.settings.table()))
            }
            other @ LookupError::Configuration(_) => other,
        })?;
        self.templates.result(key, &rows)
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

    #[test]
    fn hosts_are_names_addresses_and_sockets() {
        let inet = |host: &str, port| Ok(Address::Inet(host.to_owned(), port));
        assert_eq!(address("db"), inet("db", 3306));
        assert_eq!(address("inet:db:3307"), inet("db", 3307));
        assert_eq!(address("[::1]:3307"), inet("::1", 3307));
        assert_eq!(address("unix:/run/x"), Ok(Address::Unix("/run/x".into())));
        assert_eq!(
            address("localhost"),
            Ok(Address::Unix(DEFAULT_SOCKET.into()))
        );
        assert!(address("db:x").is_err());
    }

    #[test]
    fn what_cannot_be_honoured_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("x.cf");
        for line in ["option_group = x", "option_file = /x", "charset = gbk"] {
            std::fs::write(&file, format!("query = x\n{line}\n")).unwrap();
            let error = open(file.to_str().unwrap(), &Options::new()).err().unwrap();
            assert!(error.0.ends_with("is not supported"), "{error}");
        }
    }
}
