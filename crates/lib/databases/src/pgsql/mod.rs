// SPDX-License-Identifier: MIT OR Apache-2.0
//! `pgsql:/file.cf`: PostgreSQL.
//!
//! *Bugs:* files of the original's client library (`.pgpass`, `pg_service.conf`, those in
//! `.postgresql`) are not read.
//!
//! *Postfix:* dict_pgsql(3), pgsql_table(5).

mod connection;
mod conninfo;
mod encryption;
mod target;

use maps::remote::Settings;
use maps::{Found, LookupError, Opened, Options, Owner, Table};

use crate::pool::{Client, Host, Order, Pool};
use crate::sql::Templates;
use connection::Connection;
use target::{Login, Target};

struct Pgsql {
    settings: Settings,
    templates: Templates,
    pool: Pool<Postgres>,
}

/// Logs in to servers of PostgreSQL.
struct Postgres;

impl Client for Postgres {
    type Connection = Connection;
    type Server = Target;
    const KIND: &'static str = "pgsql";

    fn connect(&self, server: &Target) -> Result<Connection, String> {
        Connection::open(server)
    }
}

/// Reads the settings; connects when the first key is looked up.
pub(crate) fn open(name: &str, options: &Options) -> Opened {
    let settings = Settings::read("pgsql", name, options)?;
    let login = Login {
        user: settings.text("user", "")?,
        password: settings.text("password", "")?,
        database: settings.text("dbname", "")?,
        encoding: settings.text("encoding", "UTF8")?,
    };
    let mut hosts = Vec::new();
    for name in crate::hosts(&settings.text("hosts", "")?) {
        for target in target::parse(name, &login)
            .map_err(|why| maps::OpenError(format!("{}: host {name}: {why}", settings.table())))?
        {
            hosts.push(Host::new(name, &target.address.clone(), target));
        }
    }
    Ok(Box::new(Pgsql {
        templates: Templates::read(&settings, options)?,
        pool: Pool::new(Postgres, hosts, Order::Random, &settings)?,
        settings,
    }))
}

impl Table for Pgsql {
    fn get(&mut self, key: &[u8]) -> Found {
        if key.contains(&0) || !self.templates.accept(key)? {
            return Ok(None);
        }
        let templates = &self.templates;
        let rows = self.pool.with(|connection| {
            let query = templates.query(key, &|text| connection.quote(text));
            connection.select(&query)
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
