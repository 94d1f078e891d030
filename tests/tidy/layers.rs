// SPDX-License-Identifier: MIT OR Apache-2.0
//! A crate imports only from floors below it; programs never import programs; set-gid programs
//! carry next to nothing.

use kit::programs::repository;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// The floors of ARCHITECTURE.md. A library may use libraries of lower floors, nothing else of ours.
const FLOORS: &[&[&str]] = &[
    &["sys", "mail", "berkeley"],
    &["runtime"],
    &["config", "ipc"],
    &["maps", "queue", "server", "sasl", "milter"],
    &["delivery", "dns", "tls"],
    &["databases"],
];

/// Everything a set-gid program may link: our floors below the tables, and what those need.
const SET_GID_CLOSURE: &[&str] = &[
    // ours
    "sys",
    "mail",
    "berkeley",
    "runtime",
    "config",
    "ipc",
    "queue",
    "server",
    // theirs
    "aho-corasick",
    "allocator-api2",
    "base64",
    "bitflags",
    "bstr",
    "cfg-if",
    "cfg_aliases",
    "deranged",
    "displaydoc",
    "equivalent",
    "error-chain",
    "foldhash",
    "fs2",
    "getrandom",
    "hashbrown",
    "hostname",
    "icu_collections",
    "icu_locale_core",
    "icu_normalizer",
    "icu_normalizer_data",
    "icu_properties",
    "icu_properties_data",
    "icu_provider",
    "idna",
    "idna_adapter",
    "itoa",
    "lexopt",
    "libc",
    "litemap",
    "log",
    "memchr",
    "memoffset",
    "mio",
    "nix",
    "nom",
    "num-conv",
    "num_threads",
    "once_cell",
    "potential_utf",
    "powerfmt",
    "proc-macro2",
    "quote",
    "regex-automata",
    "ryu",
    "serde",
    "serde_core",
    "serde_derive",
    "serde_json",
    "smallvec",
    "stable_deref_trait",
    "syn",
    "synstructure",
    "syslog",
    "thiserror",
    "thiserror-impl",
    "time",
    "time-core",
    "time-macros",
    "tinystr",
    "unicode-ident",
    "utf8_iter",
    "utf_types",
    "version_check",
    "writeable",
    "yoke",
    "yoke-derive",
    "zerofrom",
    "zerofrom-derive",
    "zerovec",
    "zerovec-derive",
    "zmij",
    "zerotrie",
    "autocfg",
];

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps"])
        .current_dir(repository())
        .output()
        .expect("cargo metadata");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("metadata is JSON")
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// Our packages: name → (folder kind, direct non-development dependencies).
fn packages(metadata: &Value) -> BTreeMap<String, (String, Vec<String>)> {
    let list = metadata["packages"].as_array().expect("packages");
    list.iter()
        .filter(|package| package["source"].is_null())
        .map(|package| {
            let manifest = text(package, "manifest_path");
            let kind = ["lib", "daemon", "command", "tool"]
                .into_iter()
                .find(|kind| manifest.contains(&format!("/crates/{kind}/")))
                .unwrap_or("tests");
            let dependencies = package["dependencies"].as_array().expect("dependencies");
            let names = dependencies
                .iter()
                .filter(|dependency| dependency["kind"].is_null())
                .map(|dependency| text(dependency, "name").to_owned())
                .collect();
            (text(package, "name").to_owned(), (kind.to_owned(), names))
        })
        .collect()
}

#[test]
fn libraries_import_only_from_lower_floors() {
    let packages = packages(&metadata());
    let floor = |name: &str| FLOORS.iter().position(|floor| floor.contains(&name));
    for (name, (kind, dependencies)) in &packages {
        if kind != "lib" {
            continue;
        }
        let own = floor(name).unwrap_or_else(|| panic!("{name} has no floor: give it one"));
        for dependency in dependencies
            .iter()
            .filter(|name| packages.contains_key(*name))
        {
            let below = floor(dependency);
            assert!(
                below.is_some_and(|below| below < own),
                "{name} must not import {dependency}"
            );
        }
    }
}

#[test]
fn programs_never_import_programs() {
    let packages = packages(&metadata());
    for (name, (kind, dependencies)) in &packages {
        for dependency in dependencies {
            let theirs = packages
                .get(dependency)
                .map_or("", |(kind, _)| kind.as_str());
            let program = matches!(theirs, "daemon" | "command" | "tool");
            assert!(
                !program || kind == "tests",
                "{name} must not import the program {dependency}"
            );
        }
    }
}

#[test]
fn only_dns_names_a_resolver_and_only_sys_the_operating_system() {
    let packages = packages(&metadata());
    let homes = [
        ("hickory-resolver", "dns"),
        ("tokio", "dns"),
        ("rustls", "tls"),
        ("rusqlite", "databases"),
        ("postgres-protocol", "databases"),
        ("libc", "sys"),
        ("nix", "sys"),
        ("fs2", "sys"),
        ("lmdb-master-sys", "sys"),
        ("mio", "runtime"),
        ("cdb", "maps"),
    ];
    for (name, (kind, dependencies)) in &packages {
        for (library, home) in homes {
            let stranger = name != home && kind != "tests";
            assert!(
                !(stranger && dependencies.iter().any(|dependency| dependency == library)),
                "{library} has one home, {home}; {name} must not name it"
            );
        }
    }
}

#[test]
fn set_gid_programs_carry_only_what_is_listed() {
    for program in ["postdrop", "postqueue", "postlog"] {
        let output = Command::new(env!("CARGO"))
            .args([
                "tree",
                "--offline",
                "-e",
                "normal",
                "--prefix",
                "none",
                "-p",
            ])
            .args([program, "-f", "{p}"])
            .current_dir(repository())
            .output()
            .expect("cargo tree");
        let tree = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success() && !tree.is_empty(), "{output:?}");
        let closure: BTreeSet<&str> = tree
            .lines()
            .filter_map(|line| line.split_whitespace().next())
            .collect();
        for name in closure {
            assert!(
                name == program || SET_GID_CLOSURE.contains(&name),
                "{program} is set-gid and must not carry {name}"
            );
        }
    }
}

#[test]
fn privileged_delivery_and_master_carry_no_network_clients() {
    for program in ["master", "local", "postdrop", "pickup", "qmgr"] {
        let output = Command::new(env!("CARGO"))
            .args([
                "tree",
                "--offline",
                "-e",
                "normal",
                "--prefix",
                "none",
                "-p",
            ])
            .arg(program)
            .current_dir(repository())
            .output()
            .expect("cargo tree");
        let tree = String::from_utf8_lossy(&output.stdout).into_owned();
        for library in ["hickory-resolver", "tokio", "rustls"] {
            let carried = tree
                .lines()
                .any(|line| line.starts_with(&format!("{library} ")));
            assert!(!carried, "{program} must not carry {library}");
        }
    }
}
