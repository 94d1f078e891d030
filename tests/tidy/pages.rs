// SPDX-License-Identifier: MIT OR Apache-2.0
//! The committed manual pages are what their sources give, and groff prints them without a word.

use kit::programs::{Flavor, repository};
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

#[test]
fn only_programs_that_show_the_manual_carry_it() {
    // From the entry of transport_retry_time.
    let text = "before it tries a delivery agent again that did not work";
    let carries = |path: &std::path::Path| {
        let program = fs::read(path).unwrap_or_default();
        program
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    };
    for (name, path) in kit::programs::daemons(Flavor::Ours) {
        assert!(!carries(&path), "{name} carries the manual");
    }
    let postconf = kit::programs::built().join("postconf");
    assert!(
        carries(&postconf) || !postconf.exists(),
        "the text has changed"
    );
}
