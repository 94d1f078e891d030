// SPDX-License-Identifier: MIT OR Apache-2.0
//! Alias databases made anew: `newaliases`, `sendmail -bi` and `-I`, with which tables, and what
//! is said where one cannot be made.

use std::fs;
use std::path::Path;

use kit::{Flavor, Instance};

use crate::compare::placeless;
use crate::tables::{place, run};

/// What a command says, its exit status, and which databases are there afterwards.
fn made(instance: &Instance, line: &str) -> String {
    let place = instance.path("tables");
    for name in ["one.db", "two.db", "three.lmdb"] {
        let _ = fs::remove_file(place.join(name));
    }
    let dir = instance.path("").display().to_string();
    let line = line.replace("$DIR", dir.trim_end_matches('/'));
    let words: Vec<&str> = line.split(' ').collect();
    let (name, arguments) = words.split_first().expect("a command");
    let output = run(instance, name, arguments, "");
    let there = |path: &Path| path.exists();
    let text = format!(
        "{line}: {:?}\n{}{} {} {}",
        output.status.code(),
        String::from_utf8_lossy(&output.stderr),
        there(&place.join("one.db")),
        there(&place.join("two.db")),
        there(&place.join("three.lmdb")),
    );
    placeless(instance, &text)
}

/// Compares the commands with `alias_database` set to each of these values.
#[track_caller]
fn same(databases: &[&str], lines: &[&str]) {
    let (Some(theirs), Some(ours)) = (place(Flavor::Theirs), place(Flavor::Ours)) else {
        return;
    };
    for instance in [&theirs, &ours] {
        for name in ["one", "two", "three"] {
            fs::write(instance.path("tables").join(name), "a: b\n").expect("source");
        }
    }
    for database in databases {
        for instance in [&theirs, &ours] {
            let setting = database.replace("$DIR", &instance.path("tables").display().to_string());
            let edited = instance.run("postconf", &[&format!("alias_database={setting}")]);
            assert!(edited.status.success(), "{edited:?}");
        }
        for line in lines {
            assert_eq!(made(&ours, line), made(&theirs, line), "{database}");
        }
    }
}

#[test]
fn all_tables_of_alias_database_are_made() {
    same(
        &[
            "hash:$DIR/one",
            "hash:$DIR/one, lmdb:$DIR/three",
            "hash:$DIR/one hash:$DIR/missing hash:$DIR/two",
            "hash:/no/such/place/one",
            "$DIR/one",
            "static:x",
            "",
        ],
        &["newaliases"],
    );
}

#[test]
fn an_option_names_another_table() {
    same(
        &["hash:$DIR/one"],
        &[
            "sendmail -bi -oAhash:$DIR/tables/two",
            "sendmail -bi -oA hash:$DIR/tables/two",
            "newaliases -oAhash:$DIR/tables/missing",
            "newaliases -oA$DIR/tables/two",
            "sendmail -I -oAhash:$DIR/tables/two",
            "newaliases extra",
        ],
    );
}
