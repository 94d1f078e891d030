// SPDX-License-Identifier: MIT OR Apache-2.0
//! The committed manual pages are what their sources give, and groff prints them without a word.

use kit::programs::repository;
use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

#[test]
fn manual_pages_are_current() {
    let root = repository();
    let mut expected = BTreeSet::new();
    for page in manual::pages(&root).expect("pages") {
        let committed = fs::read_to_string(root.join(&page.path)).unwrap_or_default();
        let path = page.path.display().to_string();
        assert!(committed == page.text, "{path} is stale: run scripts/man");
        expected.insert(path);
    }
    for section in ["man/man1", "man/man5", "man/man8"] {
        for entry in fs::read_dir(root.join(section)).expect("man").flatten() {
            let path = format!("{section}/{}", entry.file_name().to_string_lossy());
            assert!(
                expected.contains(&path),
                "{path} has no source: run scripts/man"
            );
        }
    }
}

#[test]
fn manual_pages_print_without_warnings() {
    let man = repository().join("man");
    for page in manual::pages(&repository()).expect("pages") {
        let path = page.path.strip_prefix("man").expect("pages are in man");
        let output = Command::new("groff")
            .args(["-man", "-Tutf8", "-ww", "-z"])
            .arg(path)
            .current_dir(&man)
            .output()
            .expect("groff: scripts/prerequisites test installs it");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && said.is_empty(),
            "{}: {said}",
            path.display()
        );
    }
}
