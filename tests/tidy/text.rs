// SPDX-License-Identifier: MIT OR Apache-2.0
//! The documents are true: every crate has its place in ARCHITECTURE.md, every program its page
//! and its entry, and nothing names a place outside the project.

use kit::programs::repository;
use std::fs;

fn crates(kind: &str) -> Vec<String> {
    let directory = repository().join("crates").join(kind);
    let entries = fs::read_dir(directory).expect("crates").flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn every_crate_has_its_place_in_the_architecture() {
    let text = fs::read_to_string(repository().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    for name in ["lib", "daemon", "command", "tool"]
        .into_iter()
        .flat_map(crates)
    {
        assert!(
            text.contains(&format!("`{name}`")),
            "ARCHITECTURE.md does not mention `{name}`"
        );
    }
}

#[test]
fn every_program_has_a_manual_page() {
    for (kind, section) in [("daemon", 8), ("command", 1)] {
        for name in crates(kind) {
            let page = repository().join(format!("crates/{kind}/{name}/{name}.{section}.md"));
            assert!(page.exists(), "{} is missing", page.display());
        }
    }
}

#[test]
fn paths_named_by_the_architecture_exist() {
    let root = repository();
    for document in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = fs::read_to_string(root.join(document)).expect("document");
        let words = text.split(|c: char| c.is_whitespace() || "`(),;".contains(c));
        for word in words.filter(|word| {
            ["crates/", "tests/", "scripts/"]
                .iter()
                .any(|start| word.starts_with(start))
        }) {
            let path = word
                .trim_end_matches(['.', ':', '*'])
                .split('#')
                .next()
                .unwrap_or(word);
            let wild = path.contains(['{', '*', '<', '>', '…']) || path.contains("NAME");
            assert!(wild || root.join(path).exists(), "{document} names {path}");
        }
    }
}

#[test]
fn every_daemon_that_master_starts_is_in_master_cf() {
    let text = fs::read_to_string(repository().join("master.cf")).expect("master.cf");
    for name in crates("daemon").iter().filter(|name| *name != "master") {
        let named = text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .any(|line| line.split_whitespace().nth(7) == Some(name.as_str()));
        assert!(named, "master.cf starts no {name}");
    }
}
