// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where a server is and who we are there: one word of `hosts`.
//!
//! `dbname` may be a whole connection string, which also says how connections are encrypted.
//!
//! A word is `host`, `host:port`, `/directory` of a local socket, each perhaps with `inet:` or
//! `unix:` in front, or a URI `postgresql://user:password@host:port/dbname?parameter=value`.
//!
//! *Postfix:* host_init of dict_pgsql(3); for URIs "Connection Strings" of the manual of PostgreSQL.

use std::path::Path;

use maps::remote::Address;

use super::conninfo;
use super::encryption::Encryption;

const DEFAULT_PORT: u16 = 5432;

/// What the settings say for all servers.
#[derive(Debug, Clone, Default)]
pub(super) struct Login {
    pub(super) user: String,
    pub(super) password: String,
    pub(super) database: String,
    /// The name of a character set, as PostgreSQL calls it.
    pub(super) encoding: String,
}

/// One server, and who we are there.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) address: Address,
    pub(super) login: Login,
    /// Further parameters of the session.
    pub(super) parameters: Vec<(String, String)>,
    pub(super) encryption: Encryption,
}

/// The servers that a word names: one, or several for a URI with several hosts.
pub(super) fn parse(word: &str, login: &Login) -> Result<Vec<Target>, String> {
    let mut given = Given::of(login)?;
    if let Some(rest) = without_scheme(word) {
        given.read_uri(rest)?;
        return given.targets();
    }
    let word = word
        .strip_prefix("unix:")
        .or_else(|| word.strip_prefix("inet:"))
        .unwrap_or(word);
    let (host, port) = match word.rsplit_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (word, None),
    };
    given.target(address(host, port)?)
}

fn without_scheme(text: &str) -> Option<&str> {
    let mut schemes = ["postgresql://", "postgres://"].iter();
    schemes.find_map(|scheme| text.strip_prefix(scheme))
}

fn address(host: &str, port: Option<&str>) -> Result<Address, String> {
    let port = match port.filter(|port| !port.is_empty()) {
        None => DEFAULT_PORT,
        Some(text) => runtime::net::port::number(text).ok_or_else(|| format!("bad port {text}"))?,
    };
    if host.is_empty() || host.starts_with('/') {
        let directory = if host.is_empty() {
            "/var/run/postgresql"
        } else {
            host
        };
        let socket = Path::new(directory).join(format!(".s.PGSQL.{port}"));
        return Ok(Address::Unix(socket));
    }
    Ok(Address::inet(host, port))
}

/// All that settings, a URI and a connection string say together.
#[derive(Default)]
struct Given {
    hosts: String,
    port: String,
    login: Login,
    parameters: Vec<(String, String)>,
    encryption: Encryption,
}

impl Given {
    /// Begins with the settings. `dbname` may be a connection string or a URI; what other
    /// settings say goes before it.
    fn of(login: &Login) -> Result<Given, String> {
        let mut given = Given {
            login: login.clone(),
            ..Given::default()
        };
        let uri = without_scheme(&login.database);
        if uri.is_none() && !login.database.contains('=') {
            return Ok(given);
        }
        given.login.database.clear();
        match uri {
            Some(uri) => given.read_uri(uri)?,
            None => {
                for (name, value) in conninfo::parse(&login.database)? {
                    given.set(&name, value)?;
                }
            }
        }
        for (value, own) in [
            (&mut given.login.user, &login.user),
            (&mut given.login.password, &login.password),
        ] {
            if !own.is_empty() {
                value.clone_from(own);
            }
        }
        Ok(given)
    }

    fn read_uri(&mut self, text: &str) -> Result<(), String> {
        let (place, query) = text.split_once('?').unwrap_or((text, ""));
        let (authority, database) = place.split_once('/').unwrap_or((place, ""));
        let hosts = match authority.rsplit_once('@') {
            Some((identity, hosts)) => {
                let (user, password) = identity.split_once(':').unwrap_or((identity, ""));
                set(&mut self.login.user, user)?;
                set(&mut self.login.password, password)?;
                hosts
            }
            None => authority,
        };
        set(&mut self.login.database, database)?;
        hosts.clone_into(&mut self.hosts);
        for assignment in query.split('&').filter(|text| !text.is_empty()) {
            let (name, value) = assignment
                .split_once('=')
                .ok_or_else(|| format!("missing '=' in URI parameter \"{assignment}\""))?;
            self.set(name, decode(value)?)?;
        }
        Ok(())
    }

    fn set(&mut self, name: &str, value: String) -> Result<(), String> {
        match name {
            "host" | "hostaddr" => self.hosts = value,
            "port" => self.port = value,
            "user" => self.login.user = value,
            "password" => self.login.password = value,
            "dbname" => self.login.database = value,
            "client_encoding" => self.login.encoding = value,
            "application_name" | "options" => self.parameters.push((name.to_owned(), value)),
            // Time is limited anyway.
            "connect_timeout" | "gssencmode" => {}
            name if name.starts_with("keepalives") => {}
            name if name.starts_with("ssl") => self.encryption.set(name, value)?,
            _ => return Err(format!("invalid connection option \"{name}\"")),
        }
        Ok(())
    }

    /// The hosts that were named.
    fn targets(&self) -> Result<Vec<Target>, String> {
        let mut targets = Vec::new();
        for host in self.hosts.split(',') {
            let (host, own) = split_port(host);
            let port = own.or(Some(self.port.as_str()));
            targets.extend(self.target(address(&decode(host)?, port)?)?);
        }
        Ok(targets)
    }

    fn target(&self, address: Address) -> Result<Vec<Target>, String> {
        self.encryption.check()?;
        Ok(vec![Target {
            address,
            login: self.login.clone(),
            parameters: self.parameters.clone(),
            encryption: self.encryption.clone(),
        }])
    }
}

/// `host:port`, where the host may be an address in brackets.
fn split_port(host: &str) -> (&str, Option<&str>) {
    if host.starts_with('/') {
        return (host, None);
    }
    match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, Some(port)),
        _ => (host, None),
    }
}

/// Sets what a URI says, if it says something.
fn set(value: &mut String, text: &str) -> Result<(), String> {
    if !text.is_empty() {
        *value = decode(text)?;
    }
    Ok(())
}

/// `%XX` decoded.
fn decode(text: &str) -> Result<String, String> {
    let invalid = || format!("invalid percent-encoding in \"{text}\"");
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let mut digit = || {
            let digit = char::from(bytes.next()?).to_digit(16)?;
            u8::try_from(digit).ok()
        };
        let (Some(high), Some(low)) = (digit(), digit()) else {
            return Err(invalid());
        };
        out.push(high * 16 + low);
    }
    String::from_utf8(out)
        .ok()
        .filter(|text| !text.contains('\0'))
        .ok_or_else(invalid)
}

#[cfg(test)]
mod tests {
    use super::super::encryption::Way;
    use super::*;

    fn login() -> Login {
        Login {
            user: "user".to_owned(),
            password: "secret".to_owned(),
            database: "mail".to_owned(),
            encoding: "UTF8".to_owned(),
        }
    }

    fn one(word: &str) -> Target {
        parse(word, &login()).unwrap().remove(0)
    }

    #[test]
    fn hosts_ports_and_sockets() {
        let inet = |host: &str, port| Address::Inet(host.to_owned(), port);
        assert_eq!(one("db.example").address, inet("db.example", 5432));
        assert_eq!(
            one("inet:db.example:6432").address,
            inet("db.example", 6432)
        );
        let socket = Address::Unix("/run/pg/.s.PGSQL.5432".into());
        assert_eq!(one("unix:/run/pg").address, socket);
        let socket = Address::Unix("/run/pg/.s.PGSQL.6000".into());
        assert_eq!(one("/run/pg:6000").address, socket);
        assert!(parse("db:nosuchport", &login()).is_err());
    }

    #[test]
    fn a_uri_overrides_what_it_says() {
        let target = one("postgresql://o%40x:p%3Aw@[::1]:6000/other?application_name=mail");
        assert_eq!(target.address, Address::Inet("::1".to_owned(), 6000));
        assert_eq!(target.login.user, "o@x");
        assert_eq!(target.login.password, "p:w");
        assert_eq!(target.login.database, "other");
        assert_eq!(
            target.parameters,
            [("application_name".to_owned(), "mail".to_owned())]
        );
        let plain = one("postgres://db");
        assert_eq!(plain.login.user, "user");
        assert_eq!(plain.login.database, "mail");
    }

    #[test]
    fn a_uri_may_name_several_hosts_and_a_socket() {
        let several = parse("postgresql://a:1,b/d", &login()).unwrap();
        let addresses: Vec<Address> = several.into_iter().map(|target| target.address).collect();
        let expected = [("a", 1), ("b", 5432)];
        assert_eq!(
            addresses,
            expected.map(|(host, port)| Address::Inet(host.to_owned(), port))
        );
        let socket = Address::Unix("/run/pg/.s.PGSQL.7".into());
        assert_eq!(one("postgresql:///d?host=/run/pg&port=7").address, socket);
        assert_eq!(one("postgresql://%2Frun%2Fpg:7/d").address, socket);
    }

    #[test]
    fn the_database_may_be_a_connection_string() {
        let mut login = login();
        login.user = String::new();
        login.database = "dbname=d user = u password='p' sslmode=require host=ignored".to_owned();
        let target = parse("h:1", &login).unwrap().remove(0);
        assert_eq!(target.address, Address::Inet("h".to_owned(), 1));
        assert_eq!(target.login.user, "u");
        assert_eq!(target.login.password, "secret");
        assert_eq!(target.login.database, "d");
        assert_eq!(target.encryption.ways(false), [Way::Encrypted]);
        assert_eq!(target.encryption.ways(true), [Way::Plain]);
        login.database = "postgresql:///d?sslmode=disable".to_owned();
        let target = parse("h", &login).unwrap().remove(0);
        assert_eq!(target.login.database, "d");
        assert_eq!(target.encryption.ways(false), [Way::Plain]);
    }

    #[test]
    fn what_cannot_be_done_is_refused() {
        for uri in [
            "postgresql://h/d?sslmode=perhaps",
            "postgresql://h/d?sslmode=verify-full",
            "postgresql://h/d?sslcert=/x",
            "postgresql://h/d?sslcrl=/x",
            "postgresql://h/d?nonsense=1",
            "postgresql://h/%zz",
            "postgresql://h/%00",
        ] {
            assert!(parse(uri, &login()).is_err(), "{uri}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_anything(text in "(postgres(ql)?://)?[%a-f0-9:/?&,=@\\[\\]]{0,40}") {
            let _ = parse(&text, &login());
        }
    }
}
