// SPDX-License-Identifier: MIT OR Apache-2.0
//! Database tables that a value names: `mysql:foo` reads `foo_hosts` and its like from main.cf,
//! `mysql:/file` reads `hosts` and its like from a file of its own.
//!
//! Nothing says which parameters hold tables, so that any word with a colon may be one.
//!
//! *Postfix:* `postconf/postconf_dbms`.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{ErrorKind, Read as _};

use config::logical_lines;
use config::split_assignment;
use config::value::{braced_words, unbraced};

use crate::Failure;

/// How deep braces are followed.
const DEPTH_LIMIT: usize = 20;
/// The largest file of a database client that is looked at.
const SIZE_LIMIT: u64 = 1 << 20;

/// What was found in a value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Mention {
    /// The beginning of parameter names, and what may follow it after an underscore.
    Prefix(String, &'static [&'static str]),
    /// A table whose settings are in a file.
    File(Client),
    /// Something wrong with the braces.
    Braces(String),
    /// Words that look like a comment.
    Comment(String),
}

/// The settings of a database table in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Client {
    kind: &'static str,
    path: String,
}

/// Looks for tables in an expanded value.
pub(crate) fn mentions(value: &str) -> Vec<Mention> {
    let mut found = Vec::new();
    search(value, 0, &mut found);
    found
}

fn search(text: &str, depth: usize, found: &mut Vec<Mention>) {
    if depth > DEPTH_LIMIT {
        return;
    }
    for word in braced_words(text, |c| c == ',') {
        if word.starts_with('#') {
            found.push(Mention::Comment(comment(text, word)));
            return;
        }
        if word.starts_with('{') {
            inside(word, depth, found);
            continue;
        }
        let mut word = word;
        while let Some(rest) = word.strip_prefix("proxy:") {
            word = rest;
        }
        let Some((kind, name)) = word.split_once(':') else {
            continue;
        };
        if name.starts_with('{') {
            inside(name, depth, found);
            continue;
        }
        let Some((kind, suffixes)) = DATABASES.iter().find(|(known, _)| *known == kind) else {
            continue;
        };
        if name.starts_with('/') {
            let path = name.to_string();
            found.push(Mention::File(Client { kind, path }));
        } else if !name.starts_with('.') {
            found.push(Mention::Prefix(name.to_string(), suffixes));
        }
    }
}

fn inside(word: &str, depth: usize, found: &mut Vec<Mention>) {
    let inside = unbraced(word);
    found.extend(inside.complaint.map(Mention::Braces));
    search(inside.text, depth + 1, found);
}

/// A word that begins with a comment sign, and the beginning of what follows it.
fn comment(text: &str, word: &str) -> String {
    // The word is a part of the text.
    let start = (word.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    let rest = text.get(start + word.len()..).unwrap_or_default();
    let mut rest = rest.chars();
    // What separates the word from the rest.
    rest.next();
    let rest: String = rest.take(20).collect();
    format!("#comment after other text is not allowed: {word} {rest}...")
}

impl Client {
    /// What is wrong with the file.
    ///
    /// # Errors
    /// A line that is no setting.
    pub(crate) fn complaints(&self) -> Result<Vec<String>, Failure> {
        let Client { kind, path } = self;
        let unusable = |why: &str| vec![format!("open \"{kind}\" configuration \"{path}\": {why}")];
        let text = match text_of(path) {
            Ok(Some(text)) => text,
            Ok(None) => return Ok(unusable("not a regular file")),
            // Such files hold passwords: not everybody may read them.
            Err(error) if error.kind() == ErrorKind::PermissionDenied => return Ok(Vec::new()),
            Err(error) => return Ok(unusable(&config::reason(&error))),
        };
        let mut complaints = Vec::new();
        let mut settings = BTreeMap::new();
        for line in logical_lines(&text) {
            let (name, value) = split_assignment(&line.text).map_err(|why| {
                let (number, text) = (line.number, &line.text);
                Failure::Fatal(format!("{path}, line {number}: {why}: \"{text}\""))
            })?;
            match settings.insert(name.to_string(), value.to_string()) {
                Some(earlier) if earlier != value => complaints.push(format!(
                    "{path}, line {}: overriding earlier entry: {name}={earlier}",
                    line.number
                )),
                Some(_) | None => {}
            }
        }
        let known = DATABASES.iter().find(|(known, _)| known == kind);
        let known = known.map_or(&[][..], |(_, suffixes)| suffixes);
        let unused = settings
            .iter()
            .filter(|(name, _)| !known.contains(&name.as_str()));
        complaints.extend(
            unused.map(|(name, value)| format!("{kind}:{path}: unused parameter: {name}={value}")),
        );
        Ok(complaints)
    }
}

/// The text of a regular file.
fn text_of(path: &str) -> std::io::Result<Option<String>> {
    // Opening something else, such as a pipe, might wait for ever.
    if !std::fs::metadata(path)?.is_file() {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(SIZE_LIMIT).read_to_end(&mut bytes)?;
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}

/// The kinds of databases, and the names of their settings.
const DATABASES: [(&str, &[&str]); 6] = [
    ("ldap", LDAP),
    ("memcache", MEMCACHE),
    ("mongodb", MONGODB),
    ("mysql", MYSQL),
    ("pgsql", PGSQL),
    ("sqlite", SQLITE),
];

const LDAP: &[&str] = &[
    "bind",
    "bind_dn",
    "bind_pw",
    "cache",
    "cache_expiry",
    "cache_size",
    "chase_referrals",
    "debuglevel",
    "dereference",
    "domain",
    "expansion_limit",
    "leaf_result_attribute",
    "query_filter",
    "recursion_limit",
    "result_attribute",
    "result_filter",
    "result_format",
    "sasl_authz_id",
    "sasl_mechs",
    "sasl_minssf",
    "sasl_realm",
    "scope",
    "search_base",
    "server_host",
    "server_port",
    "size_limit",
    "special_result_attribute",
    "start_tls",
    "terminal_result_attribute",
    "timeout",
    "tls_ca_cert_dir",
    "tls_ca_cert_file",
    "tls_cert",
    "tls_cipher_suite",
    "tls_key",
    "tls_random_file",
    "tls_require_cert",
    "version",
];

const MEMCACHE: &[&str] = &[
    "backup",
    "data_size_limit",
    "domain",
    "flags",
    "key_digest",
    "key_format",
    "line_size_limit",
    "max_try",
    "memcache",
    "retry_pause",
    "timeout",
    "ttl",
];

const MONGODB: &[&str] = &[
    "collection",
    "dbname",
    "domain",
    "expansion_limit",
    "projection",
    "query_filter",
    "result_attribute",
    "result_format",
    "uri",
];

const MYSQL: &[&str] = &[
    "additional_conditions",
    "charset",
    "dbname",
    "domain",
    "expansion_limit",
    "hosts",
    "idle_interval",
    "option_file",
    "option_group",
    "password",
    "query",
    "require_result_set",
    "result_format",
    "retry_interval",
    "select_field",
    "table",
    "tls_CAfile",
    "tls_CApath",
    "tls_cert_file",
    "tls_ciphers",
    "tls_key_file",
    "tls_verify_cert",
    "user",
    "where_field",
];

const PGSQL: &[&str] = &[
    "additional_conditions",
    "dbname",
    "domain",
    "encoding",
    "expansion_limit",
    "hosts",
    "idle_interval",
    "password",
    "query",
    "result_format",
    "retry_interval",
    "select_field",
    "select_function",
    "table",
    "user",
    "where_field",
];

const SQLITE: &[&str] = &[
    "additional_conditions",
    "dbpath",
    "domain",
    "expansion_limit",
    "query",
    "result_format",
    "select_field",
    "table",
    "where_field",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_found_within_others() {
        let text = "hash:/x, proxy:proxy:mysql:a {ldap:/f, pgsql:{sqlite:b}} mysql:.c mysql:";
        let found = mentions(text);
        let names: Vec<_> = found
            .iter()
            .map(|mention| match mention {
                Mention::Prefix(name, _) => name.as_str(),
                Mention::File(client) => client.path.as_str(),
                Mention::Braces(text) | Mention::Comment(text) => text.as_str(),
            })
            .collect();
        assert_eq!(names, ["a", "/f", "b", ""]);
    }

    #[test]
    fn what_looks_like_a_comment_ends_the_search() {
        let comment =
            |text| Mention::Comment(format!("#comment after other text is not allowed: {text}"));
        assert_eq!(
            mentions("200 # raised for the campaign"),
            [comment("# raised for the campa...")]
        );
        assert_eq!(mentions("a#b, #c"), [comment("#c ...")]);
    }

    #[test]
    fn braces_without_end_do_not_exhaust_the_stack() {
        assert!(mentions(&"{".repeat(1 << 16)).len() <= DEPTH_LIMIT + 1);
    }

    #[test]
    fn files_are_complained_of() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("x.cf").display().to_string();
        let complaints = |kind| {
            Client {
                kind,
                path: path.clone(),
            }
            .complaints()
        };
        let missing = complaints("mysql").expect("it goes on");
        let expected =
            format!("open \"mysql\" configuration \"{path}\": No such file or directory");
        assert_eq!(missing, [expected]);
        std::fs::write(&path, "user = a\nselect_function = b\nuser = c\n").expect("it is written");
        let expected = [
            format!("{path}, line 3: overriding earlier entry: user=a"),
            format!("mysql:{path}: unused parameter: select_function=b"),
        ];
        assert_eq!(complaints("mysql").expect("it goes on"), expected);
        assert_eq!(complaints("pgsql").expect("it goes on"), expected[..1]);
        std::fs::write(&path, "user\n").expect("it is written");
        assert!(complaints("pgsql").is_err());
    }
}
