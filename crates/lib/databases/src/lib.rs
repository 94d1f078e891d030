// SPDX-License-Identifier: MIT OR Apache-2.0
//! Tables on servers of databases, with the clients that talk to them.
//!
//! proxymap, postmap and postalias link this library; every other program reaches such tables
//! through proxymap, so that passwords and connections stay in one process.
//!
//! Servers are spoken to in their own protocols over [`runtime::stream::Stream`], so that every
//! wait has an end and every answer a limit in bytes, whatever a server does. A type is one
//! module; [`pool`] is which server is asked, [`sql`] what tables with queries have in common.
//!
//! *Errors*: a server in trouble is a temporary error with one warning, and is tried again later;
//! nothing has to be restarted.
//!
//! *Postfix:* dict_ldap(3), dict_mysql(3), dict_pgsql(3), dict_sqlite(3).

mod encryption;
mod ldap;
mod mysql;
mod pgsql;
mod pool;
mod sql;
mod sqlite;

use maps::{OpenError, Opened, Options};

/// Opens a table of one of the types of this library.
///
/// # Errors
/// The type is not known, or its settings cannot be used.
pub fn open(kind: &str, name: &str, options: &Options) -> Opened {
    match kind {
        "ldap" => ldap::open(name, options),
        "mysql" => mysql::open(name, options),
        "pgsql" => pgsql::open(name, options),
        "sqlite" => sqlite::open(name, options),
        _ => Err(OpenError(format!("unsupported dictionary type: {kind}"))),
    }
}

/// The words of `hosts`; `localhost` when there are none.
fn hosts(text: &str) -> Vec<&str> {
    let words = text.split([' ', '\t', ',', '\r', '\n']);
    let mut hosts: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    if hosts.is_empty() {
        hosts.push("localhost");
    }
    hosts
}
