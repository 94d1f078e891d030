// SPDX-License-Identifier: MIT OR Apache-2.0
//! `ldap:/file.cf`: directory servers.
//!
//! *Bugs:* referrals are not followed. Of SASL there are the mechanisms EXTERNAL (over local
//! sockets) and PLAIN. `tls_cipher_suite` and `tls_random_file` are ignored: they are in the words
//! of another TLS library.
//!
//! *Postfix:* dict_ldap(3), ldap_table(5).

mod ber;
mod connection;
mod filter;
mod uri;
mod values;

use std::time::Duration;

use mail::text::is_utf8;
use maps::remote::{Expansions, Settings, Template};
use maps::{Found, LookupError, OpenError, Opened, Options, Owner, Table};
use runtime::log;
use tls::{ClientSettings, Verification};

use crate::encryption;
use crate::pool::{Client, Host, Order, Pool, Trouble};
use connection::{Bind, Connection, Outcome};
use uri::{Scope, Server};
use values::{Attributes, Collector, Rules};

/// How deep entries may name entries: the default of `recursion_limit`, and its largest value.
const DEEPEST: u32 = 1000;

struct Ldap {
    settings: Settings,
    expansions: Expansions,
    base: Template,
    /// The search base contains parts of the key, and so need not be there.
    base_varies: bool,
    filter: Template,
    scope: Scope,
    rules: Rules,
    pool: Pool<Login>,
}

/// Who we are at the servers, and how we speak with them.
struct Login {
    version: u32,
    bind: Bind,
    start_tls: bool,
    encryption: ClientSettings,
}

impl Client for Login {
    type Connection = Connection;
    type Server = Server;
    const KIND: &'static str = "ldap";

    fn connect(&self, server: &Server) -> Result<Connection, String> {
        Connection::open(server, self)
    }
}

/// Reads the settings; connects when the first key is looked up.
pub(crate) fn open(name: &str, options: &Options) -> Opened {
    let settings = Settings::read("ldap", name, options)?;
    let table = settings.table().to_owned();
    name_what_we_lack(&settings)?;
    let port = u16::try_from(settings.number("server_port", 389, 1)?)
        .map_err(|_| OpenError(format!("{table}: server_port is too large")))?;
    let mut hosts = Vec::new();
    for word in crate::hosts(&settings.text("server_host", "localhost")?) {
        let server = uri::parse_server(word, port)
            .map_err(|why| OpenError(format!("{table}: server_host {word}: {why}")))?;
        hosts.push(Host::new(word, &server.address.clone(), server));
    }
    let login = login(&settings)?;
    let mut expansions = Expansions::new(&table, &settings.text("domain", "")?, options)?;
    let base = settings
        .given("search_base")?
        .ok_or_else(|| OpenError(format!("{table}: search_base is not set")))?;
    let filter = settings.text("query_filter", "(mailacceptinggeneralid=%s)")?;
    let result = match settings.given("result_format")? {
        Some(result) => result,
        None => settings.text("result_filter", "%s")?,
    };
    let expansion_limit = settings.number("expansion_limit", 0, 0)?;
    let timeout = settings.number("timeout", 10, 1)?;
    let rules = Rules {
        attributes: attributes(&settings)?,
        result: expansions.result(&result)?,
        dereference: settings.number("dereference", 0, 0)?.min(3),
        recursion_limit: settings.number("recursion_limit", DEEPEST, 1)?.min(DEEPEST),
        expansion_limit,
        size_limit: settings.number("size_limit", expansion_limit, 0)?,
        time_limit: Duration::from_secs(u64::from(timeout)),
        table: table.clone(),
    };
    let scope = settings.text("scope", "sub")?;
    Ok(Box::new(Ldap {
        base_varies: base.replace("%%", "").contains('%'),
        base: expansions.query(&base)?,
        filter: expansions.query(&filter)?,
        expansions,
        scope: Scope::named(&scope).unwrap_or_else(|| {
            log::warning(format_args!(
                "{table}: Unrecognized value {scope} specified for scope; using sub"
            ));
            Scope::Sub
        }),
        rules,
        pool: Pool::new(login, hosts, Order::Given, &settings)?,
        settings,
    }))
}

fn login(settings: &Settings) -> Result<Login, OpenError> {
    let mut version = settings.number("version", 3, 2)?.min(3);
    let start_tls = settings.flag("start_tls", false)?;
    if start_tls && version < 3 {
        let table = settings.table();
        log::warning(format_args!(
            "{table}: start_tls requires protocol version 3"
        ));
        version = 3;
    }
    let names = ["tls_ca_cert_file", "tls_ca_cert_dir", "tls_cert", "tls_key"];
    let mut encryption = encryption::files(settings, names)?;
    if settings.flag("tls_require_cert", false)? {
        encryption.verification = Verification::Name;
    }
    Ok(Login {
        version,
        bind: bind(settings)?,
        start_tls,
        encryption,
    })
}

/// Settings that are ignored are named.
fn name_what_we_lack(settings: &Settings) -> Result<(), OpenError> {
    let table = settings.table();
    let others = ["tls_cipher_suite", "tls_random_file"];
    let caches = ["cache", "cache_expiry", "cache_size", "chase_referrals"];
    for key in others.into_iter().chain(caches) {
        let value = settings.text(key, "no")?;
        if !matches!(value.as_str(), "no" | "0") {
            log::warning(format_args!("{table}: ignoring {key}"));
        }
    }
    Ok(())
}

/// `bind` and what belongs to it.
fn bind(settings: &Settings) -> Result<Bind, OpenError> {
    let name = settings.text("bind_dn", "")?;
    let password = settings.text("bind_pw", "")?;
    let how = settings.text("bind", "yes")?;
    match how.to_ascii_lowercase().as_str() {
        "no" | "none" => Ok(Bind::None),
        "yes" | "simple" => Ok(Bind::Simple { name, password }),
        "sasl" => sasl(settings, name, &password),
        _ => Err(OpenError(format!(
            "{}: unsupported parameter value: bind = {how}",
            settings.table()
        ))),
    }
}

fn sasl(settings: &Settings, name: String, password: &str) -> Result<Bind, OpenError> {
    let identity = settings.text("sasl_authz_id", "")?;
    let wanted = settings.text("sasl_mechs", "")?.to_ascii_uppercase();
    for mechanism in wanted.split([' ', ',', '\t']) {
        let (mechanism, credentials) = match mechanism {
            "EXTERNAL" => ("EXTERNAL", identity.into_bytes()),
            "PLAIN" => (
                "PLAIN",
                format!("{identity}\0{name}\0{password}").into_bytes(),
            ),
            _ => continue,
        };
        let name = String::new();
        return Ok(Bind::Sasl {
            name,
            mechanism,
            credentials,
        });
    }
    Err(OpenError(format!(
        "{}: none of the mechanisms is supported: sasl_mechs = {wanted}",
        settings.table()
    )))
}

fn attributes(settings: &Settings) -> Result<Attributes, OpenError> {
    let list = |key: &str, default: &str| {
        let text = settings.text(key, default)?;
        let names = text.split([' ', '\t', ',', '\r', '\n']);
        Ok(names
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect())
    };
    Ok(Attributes {
        ordinary: list("result_attribute", "maildrop")?,
        terminal: list("terminal_result_attribute", "")?,
        leaf: list("leaf_result_attribute", "")?,
        special: list("special_result_attribute", "")?,
    })
}

impl Table for Ldap {
    fn get(&mut self, key: &[u8]) -> Found {
        if !is_utf8(key) || !self.expansions.accept(key)? {
            return Ok(None);
        }
        let expansions = &self.expansions;
        let base = expansions.expand_query(&self.base, key, &filter::quote_name);
        let text = expansions.expand_query(&self.filter, key, &filter::quote);
        let rules = &self.rules;
        let Some(filter) = filter::encode(&text) else {
            let message = format!(
                "{}: Bad search filter {}",
                rules.table,
                String::from_utf8_lossy(&text)
            );
            log::warning(&message);
            return Err(LookupError::Retry(message));
        };
        let (scope, base_varies) = (self.scope, self.base_varies);
        let attributes = rules.attributes.all();
        self.pool.with(|connection| {
            let mut lookup = Collector::new(rules, expansions, connection, key);
            let refused = |why: String| Trouble::Refused(format!("{}: {why}", rules.table));
            match lookup.search(&base, scope, &filter, &attributes)? {
                Outcome::Found(entries) => lookup.collect(&entries, 1)?,
                Outcome::NoBase(_) if base_varies => {}
                Outcome::NoBase(why) => {
                    let base = String::from_utf8_lossy(&base);
                    return Err(refused(format!(
                        "Search base '{base}' not found: 32: {why}"
                    )));
                }
                Outcome::TooMany => {
                    let limit = rules.size_limit;
                    return Err(refused(format!("Query size limit ({limit}) exceeded")));
                }
                Outcome::Refused(why) => return Err(refused(why)),
            }
            Ok(Some(lookup.out).filter(|out| !out.is_empty()))
        })
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

    fn refusal(text: &str) -> String {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("x.cf");
        std::fs::write(&file, text).unwrap();
        let error = open(file.to_str().unwrap(), &Options::new()).err().unwrap();
        error.0
    }

    #[test]
    fn what_cannot_be_honoured_is_refused() {
        for (line, words) in [
            (
                "search_base = x\nstart_tls = yes\ntls_cert = /x",
                "tls_cert and tls_key need each other",
            ),
            (
                "search_base = x\nbind = sasl\nsasl_mechs = GSSAPI",
                "none of the mechanisms",
            ),
            ("search_base = x\nbind = perhaps", "bind = perhaps"),
            ("server_host = h", "search_base is not set"),
            (
                "search_base = x\nquery_filter = (a=%z)",
                "invalid query template",
            ),
        ] {
            let text = refusal(&format!("{line}\n"));
            assert!(text.contains(words), "{line}: {text}");
        }
    }
}
