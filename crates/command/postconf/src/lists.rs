// SPDX-License-Identifier: MIT OR Apache-2.0
//! Lists of what this system is able to do: `-a`, `-A`, `-l`, `-m`, `-T`.
//!
//! *Postfix:* `postconf/postconf_other`.

use runtime::log;

use crate::Failure;
use crate::options::Listing;

/// The words of a list.
pub(crate) fn words(listing: &Listing) -> Result<Vec<&'static str>, Failure> {
    Ok(match listing {
        Listing::TableTypes => TABLE_TYPES.to_vec(),
        Listing::LockMethods => vec!["flock", "fcntl", "dotlock"],
        Listing::ServerSasl => sasl::SERVER_TYPES.to_vec(),
        // Nothing is offered until there is something that answers.
        Listing::ClientSasl => Vec::new(),
        Listing::Tls(mode) => match mode.as_str() {
            "compile-version" | "run-version" => vec![tls::LIBRARY],
            "public-key-algorithms" => tls::PUBLIC_KEY_ALGORITHMS.to_vec(),
            _ => {
                log::warning(format_args!("unknown 'postconf -T' mode: {mode}"));
                return Err(Failure::Silent);
            }
        },
    })
}

/// The table types there are; those of databases are reached through proxymap(8).
const TABLE_TYPES: [&str; 26] = [
    "btree",
    "cdb",
    "cidr",
    "debug",
    "environ",
    "fail",
    "hash",
    "inline",
    "internal",
    "ldap",
    "lmdb",
    "memcache",
    "mysql",
    "pcre",
    "pgsql",
    "pipemap",
    "proxy",
    "randmap",
    "regexp",
    "socketmap",
    "sqlite",
    "static",
    "tcp",
    "texthash",
    "unionmap",
    "unix",
];

#[cfg(test)]
mod tests {
    use super::TABLE_TYPES;
    use maps::Options;

    #[test]
    fn the_table_types_are_those_that_can_be_opened() {
        let others = [
            "dbm", "mongodb", "nbdb", "netinfo", "nis", "nisplus", "sdbm", "xyzzy",
        ];
        let mut all: Vec<_> = TABLE_TYPES.iter().chain(&others).collect();
        all.sort_unstable();
        for kind in all {
            let mut options = Options::default();
            options.open_error_is_fatal = true;
            let opened = maps::open(&format!("{kind}:/nonexistent/table"), &options);
            let error = opened
                .err()
                .map(|error| error.to_string())
                .unwrap_or_default();
            let known = !error.contains("unsupported dictionary type");
            assert_eq!(TABLE_TYPES.contains(kind), known, "{kind}: {error}");
        }
    }
}
