// SPDX-License-Identifier: MIT OR Apache-2.0
//! Tables on servers: `postmap -q` finds the same in the same real servers, and the clients and
//! servers of proxymap talk to those of the original.

use kit::server::{MariaDb, Memcached, OpenLdap, PostgreSql};
use kit::{Flavor, Instance, Setup, programs};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

/// Keys of every kind.
const KEYS: &str = "plain@example.com\nPLAIN@Example.COM\nsecond@example.com\no'neil@example.com\n\
    back\\slash@example.com\nquo\"te@example.com\n*@example.com\n(x)@example.com\nplain\n@example.com\n\
    example.com\nplain@\nplain@other.org\n' OR '1'='1\njürgen@example.com\n100%\nu@a.b.c.example.com\n\
    empty@example.com\n";

/// Entries: a key, and its values; an empty one is an empty text.
const ENTRIES: &[(&str, &[&str])] = &[
    ("plain@example.com", &["one@example.com"]),
    (
        "second@example.com",
        &["two@example.com", "three@example.org"],
    ),
    ("o'neil@example.com", &["o'neil@example.org"]),
    ("back\\slash@example.com", &["slash"]),
    ("quo\"te@example.com", &["quote"]),
    ("(x)@example.com", &["x@@y"]),
    ("plain", &["local"]),
    ("@example.com", &["@example.org"]),
    ("example.com", &["domain"]),
    ("plain@other.org", &["other@other.org"]),
    ("jürgen@example.com", &["jürgen@example.org"]),
    ("u@a.b.c.example.com", &["deep"]),
    ("100%", &["percent"]),
];

/// What the settings of a table may say beside where it is, with the query for SQL tables.
const VARIANTS: &[(&str, &str)] = &[
    ("", "address='%s'"),
    ("result_format = <%s>\n", "address='%S'"),
    ("result_format = %u at %d for %U\n", "address='%u@%d'"),
    ("domain = example.com\n", "address='%s'"),
    ("result_format = %1.%2.%3\n", "address='%s'"),
    ("expansion_limit = 1\n", "address='%s'"),
];

fn sql() -> String {
    let quote = |text: &str| text.replace('\'', "''");
    let mut rows = String::new();
    for (key, values) in ENTRIES {
        for value in *values {
            let (key, value) = (quote(key), quote(value));
            rows += &format!("insert into alias values ('{key}', '{value}');\n");
        }
    }
    format!("create table alias (address varchar(200), goto varchar(200));\n{rows}")
}

fn ldif() -> String {
    let mut text =
        "dn: dc=test\nobjectClass: dcObject\nobjectClass: organization\no: t\ndc: test\n"
            .to_owned();
    for (number, (key, values)) in ENTRIES.iter().enumerate() {
        text += &format!(
            "\ndn: cn={number},dc=test\nobjectClass: inetOrgPerson\ncn: {number}\nsn: x\n\
             description:: {}\n",
            base64(key)
        );
        for value in *values {
            text += &format!("uid:: {}\n", base64(value));
        }
    }
    text
}

fn base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for group in text.as_bytes().chunks(3) {
        let byte = |index: usize| usize::from(group.get(index).copied().unwrap_or(0));
        let number = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let digit = DIGITS[number >> (18 - 6 * place) & 63];
            out.push(if place > group.len() {
                '='
            } else {
                char::from(digit)
            });
        }
    }
    out
}

/// The settings of each kind of table without those that vary.
fn places() -> Vec<(&'static str, String)> {
    let postgresql = PostgreSql::shared();
    postgresql.execute("postgres", "create role reader login; create database mail");
    postgresql.execute(
        "mail",
        &format!("{}grant select on alias to reader;", sql()),
    );
    let statements = format!(
        "set names utf8mb4;\ncreate database mail character set utf8mb4;\n\
         create user reader identified by '';\ngrant select on mail.* to reader;\nuse mail;\n{}",
        sql().replace('\\', "\\\\")
    );
    let mariadb = MariaDb::shared(&statements);
    let openldap = OpenLdap::shared("dc=test", &ldif());
    let directory = postgresql.directory().display();
    vec![
        (
            "pgsql",
            format!("hosts = unix:{directory}\nuser = reader\ndbname = mail\n"),
        ),
        (
            "mysql",
            format!(
                "hosts = unix:{}\nuser = reader\ndbname = mail\n",
                mariadb.socket().display()
            ),
        ),
        (
            "ldap",
            format!(
                "server_host = ldap://127.0.0.1:{}\nsearch_base = dc=test\nversion = 3\n\
                 result_attribute = uid\nbind = no\n",
                openldap.port()
            ),
        ),
        ("sqlite", "dbpath = $DIR/etc/mail.db\n".to_owned()),
    ]
}

/// Root and the original; without them there is nothing to compare with.
fn ready() -> bool {
    let ready = kit::instance::privileged() && programs::reference().is_some();
    assert!(
        ready || std::env::var_os("CI").is_none(),
        "needs root and scripts/reference"
    );
    ready
}

fn reference_library(kind: &str) -> std::path::PathBuf {
    let root = programs::reference().expect("the original");
    let library = root.join(format!("usr/lib/postfix/postfix-{kind}.so"));
    assert!(
        library.exists(),
        "{}: remove it, and run scripts/reference",
        root.display()
    );
    library
}

/// An instance of one flavor, not started, with a file for each kind and variant.
fn instance(flavor: Flavor, places: &[(&'static str, String)]) -> Instance {
    let mut setup = Setup::of(flavor);
    let mut dynamic = String::new();
    for (kind, place) in places {
        for (number, (settings, condition)) in VARIANTS.iter().enumerate() {
            let query = match *kind {
                "ldap" => {
                    let filter = condition
                        .replace("address='", "description=")
                        .replace('\'', "");
                    format!("query_filter = ({filter})\n")
                }
                _ => format!("query = select goto from alias where {condition}\n"),
            };
            let text = format!("{place}{settings}{query}");
            setup = setup.file(&format!("{kind}{number}.cf"), &text);
        }
        let library = reference_library(kind);
        dynamic += &format!("{kind} {} dict_{kind}_open\n", library.display());
    }
    let instance = setup.file("dynamicmaps.cf", &dynamic).build();
    let database = instance.path("etc/mail.db");
    let filled = std::process::Command::new("sqlite3")
        .arg(&database)
        .arg(sql())
        .output()
        .expect("install Debian's package sqlite3 (scripts/prerequisites test)");
    assert!(filled.status.success(), "{filled:?}");
    instance
}

/// What is found of all keys.
fn found(instance: &Instance, table: &str) -> String {
    // The original of that version talks to PostgreSQL in Latin 1, whatever the key is.
    let latin = table.starts_with("pgsql:");
    let keys: Vec<&str> = KEYS
        .lines()
        .filter(|key| !latin || key.is_ascii())
        .collect();
    let (all, failed) = said(instance, table, "-", &keys.join("\n"));
    if !failed {
        return all;
    }
    // The first error ended the list.
    let one = |key: &&str| {
        let (value, failed) = said(instance, table, key, "");
        format!("{key} -> {value} failed: {failed}\n")
    };
    keys.iter().map(one).collect()
}

/// What `postmap -q` prints, and whether it fails.
fn said(instance: &Instance, table: &str, key: &str, input: &str) -> (String, bool) {
    let output = instance.feed("postmap", &["-q", key, table], input.as_bytes());
    let errors = String::from_utf8_lossy(&output.stderr);
    let failed = errors.contains("fatal");
    let value = String::from_utf8_lossy(&output.stdout).into_owned();
    (value, failed)
}

#[test]
fn the_same_keys_find_the_same_in_the_same_servers() {
    if !ready() {
        return;
    }
    let places = places();
    let (theirs, ours) = (
        instance(Flavor::Theirs, &places),
        instance(Flavor::Ours, &places),
    );
    for (kind, _) in &places {
        for number in 0..VARIANTS.len() {
            let ask = |instance: &Instance| {
                let file = instance.path(&format!("etc/{kind}{number}.cf"));
                found(instance, &format!("{kind}:{}", file.display()))
            };
            assert_eq!(ask(&ours), ask(&theirs), "{kind}{number}");
        }
    }
}

#[test]
fn memcached_is_asked_the_same() {
    if !ready() {
        return;
    }
    let settings = format!(
        "memcache = unix:{}\nkey_format = %d/%u\nbackup = inline:{{ a@example.com=one }}\n",
        Memcached::shared().socket().display()
    );
    let ask = |flavor: Flavor| {
        let instance = Setup::of(flavor).file("m.cf", &settings).build();
        let table = format!("memcache:{}", instance.path("etc/m.cf").display());
        [
            "a@example.com",
            "A@EXAMPLE.com",
            "b@example.com",
            "a",
            "@example.com",
            "x y@z",
        ]
        .map(|key| {
            let output = instance.run("postmap", &["-q", key, &table]);
            (output.stdout, output.status.code())
        })
    };
    // The second one finds what the first one told the server.
    assert_eq!(ask(Flavor::Theirs), ask(Flavor::Ours));
}

/// A program of the original in the place of ours.
fn put_original(path: &Path, name: &str) {
    let root = programs::reference().expect("the original");
    let binary = programs::command(Flavor::Theirs, name);
    let script = format!(
        "#!/bin/sh\nLD_LIBRARY_PATH={} exec {} \"$@\"\n",
        programs::reference_libraries(&root),
        Path::new(binary.get_program()).display()
    );
    fs::remove_file(path).ok();
    fs::write(path, script).expect("script");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("mode");
}

const PROXIED: &str = "virtual_alias_maps = proxy:inline:{ a=one, b=two } proxy:fail:it
    relay_domains = proxy:cidr:{{ 10.0.0.0/8 private }}
    address_verify_map = proxy:btree:$data_directory/cache";

/// What a program says about proxied tables.
fn proxied(postmap: &mut dyn FnMut(&[&str]) -> std::process::Output) -> Vec<(String, Option<i32>)> {
    let tables = [
        ("root", "proxy:unix:passwd.byname"),
        ("A", "proxy:inline:{ a=one, b=two }"),
        ("c", "proxy:inline:{ a=one, b=two }"),
        ("10.1.2.3", "proxy:cidr:{{ 10.0.0.0/8 private }}"),
        ("a", "proxy:fail:it"),
        ("a", "proxy:static:not-approved"),
    ];
    tables
        .iter()
        .map(|(key, table)| {
            let output = postmap(&["-q", key, table]);
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            (text, output.status.code())
        })
        .collect()
}

#[test]
fn clients_and_servers_of_proxymap_understand_the_originals() {
    if !ready() {
        return;
    }
    let ours = Setup::new().main(PROXIED).boot();
    let own = proxied(&mut |words| ours.run("postmap", words));
    assert_eq!(own[1], ("one\n".to_owned(), Some(0)));
    assert_eq!(own[2], (String::new(), Some(1)));
    let mut original = |words: &[&str]| {
        let mut command = programs::command(Flavor::Theirs, "postmap");
        let command = command.env("MAIL_CONFIG", ours.path("etc")).args(words);
        command.output().expect("postmap of the original")
    };
    assert_eq!(proxied(&mut original), own, "their client, our server");

    let mut swapped = Setup::new().main(PROXIED).build();
    put_original(&swapped.path("libexec/proxymap"), "proxymap");
    swapped.start();
    let theirs = proxied(&mut |words| swapped.run("postmap", words));
    assert_eq!(theirs, own, "our client, their server");
}
