// SPDX-License-Identifier: MIT OR Apache-2.0
//! What every source file keeps: size, a header that says what it promises, no unsafe code outside
//! `sys`, no unfinished work, no sleeping tests.

use kit::programs::repository;
use std::fs;
use std::path::{Path, PathBuf};

/// Lines of code a file may have; comments, blank lines and the tests at its end do not count.
const FILE_LIMIT: usize = 600;
/// Blocks of unsafe code in `sys`: may fall silently, rises only with this number.
const UNSAFE_LIMIT: usize = 66;

struct Source {
    name: String,
    text: String,
}

fn below(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory)
        .expect("readable directory")
        .flatten()
    {
        let path = entry.path();
        if path.is_dir() {
            below(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn sources() -> Vec<Source> {
    let root = repository();
    let mut paths = Vec::new();
    below(&root.join("crates"), &mut paths);
    below(&root.join("tests"), &mut paths);
    let relative = |path: &Path| {
        path.strip_prefix(&root)
            .expect("below the root")
            .display()
            .to_string()
    };
    paths
        .iter()
        .map(|path| Source {
            name: relative(path),
            text: fs::read_to_string(path).expect("source is text"),
        })
        .collect()
}

fn is_code(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with("//")
}

impl Source {
    /// The file without the test module at its end.
    fn shipped(&self) -> &str {
        let end = self
            .text
            .find("#[cfg(test)]\nmod tests {")
            .unwrap_or(self.text.len());
        &self.text[..end]
    }

    fn is_test(&self) -> bool {
        self.name.starts_with("tests/")
            || self.name.ends_with("/tests.rs")
            || self.name.contains("/tests/")
    }
}

#[test]
fn no_file_is_longer_than_one_idea() {
    let long: Vec<String> = sources()
        .iter()
        .filter(|source| !source.is_test())
        .map(|source| {
            (
                source
                    .shipped()
                    .lines()
                    .filter(|line| is_code(line))
                    .count(),
                source,
            )
        })
        .filter(|(lines, _)| *lines > FILE_LIMIT)
        .map(|(lines, source)| format!("{} has {lines} lines of code", source.name))
        .collect();
    assert!(long.is_empty(), "split: {long:#?}");
}

#[test]
fn every_module_says_what_it_is_for() {
    for source in sources() {
        let mut lines = source.text.lines();
        assert_eq!(
            lines.next(),
            Some("// SPDX-License-Identifier: MIT OR Apache-2.0"),
            "first line of {}",
            source.name
        );
        let header = lines.next().unwrap_or_default();
        let page = header.starts_with("#![doc = include_str!(");
        let text = header.starts_with("//! ") && header.len() > 12;
        assert!(page || text, "header of {}", source.name);
    }
}

#[test]
fn unsafe_code_lives_in_sys_and_each_block_gives_its_reason() {
    let mut blocks = 0;
    for source in sources() {
        let lines: Vec<&str> = source.text.lines().collect();
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| is_code(line)) {
            let block = line.contains("unsafe {") || line.contains("unsafe impl");
            if !block && !line.contains("unsafe fn") || line.contains("\"unsafe") {
                continue;
            }
            if source.name == "tests/tidy/sources.rs" {
                continue;
            }
            assert!(
                source.name.starts_with("crates/lib/sys/"),
                "unsafe in {}",
                source.name
            );
            let before = &lines[at.saturating_sub(8)..at];
            assert!(
                before.iter().any(|line| line.contains("SAFETY:")),
                "{}:{} has no SAFETY comment",
                source.name,
                at + 1
            );
            blocks += 1;
        }
    }
    assert!(
        blocks <= UNSAFE_LIMIT,
        "{blocks} unsafe blocks; the limit is {UNSAFE_LIMIT}"
    );
}

#[test]
fn every_crate_but_sys_forbids_unsafe_code() {
    let mut manifests = Vec::new();
    for kind in ["lib", "daemon", "command", "tool"] {
        let directory = repository().join("crates").join(kind);
        manifests.extend(
            fs::read_dir(directory)
                .expect("crates")
                .flatten()
                .map(|e| e.path()),
        );
    }
    for manifest in manifests {
        let text = fs::read_to_string(manifest.join("Cargo.toml")).expect("manifest");
        let inherits = text.contains("[lints]\nworkspace = true");
        let sys = manifest.ends_with("lib/sys");
        assert!(
            inherits || sys,
            "{} does not inherit the lints",
            manifest.display()
        );
    }
}

#[test]
fn nothing_is_left_unfinished() {
    let words = [
        "todo!(",
        "unimplemented!(",
        "FIXME",
        "XXX",
        "#[ignore]",
        "dbg!(",
    ];
    for source in sources() {
        if source.name.starts_with("tests/tidy/") {
            continue;
        }
        for (at, line) in source.text.lines().enumerate() {
            for word in words {
                assert!(!line.contains(word), "{}:{}: {word}", source.name, at + 1);
            }
        }
    }
}

#[test]
fn tests_wait_for_events_and_never_sleep() {
    for source in sources() {
        if source.name.starts_with("tests/tidy/") {
            continue;
        }
        let end = source.shipped().len();
        let tests = if source.is_test() {
            &source.text[..]
        } else {
            &source.text[end..]
        };
        assert!(!tests.contains("thread::sleep"), "{} sleeps", source.name);
    }
}

#[test]
fn daemons_have_no_threads() {
    for source in sources() {
        // A fixture is a peer that a test plays.
        let plays = source.is_test() || source.name.ends_with("/fixture.rs");
        if plays || source.name.starts_with("tests/") {
            continue;
        }
        assert!(
            !source.shipped().contains("thread::spawn"),
            "{} is threaded",
            source.name
        );
    }
}

#[test]
fn only_inspecting_commands_read_parameters_by_name() {
    for source in sources() {
        let allowed = [
            "crates/lib/config/",
            "crates/command/postconf/",
            "crates/command/postfix/",
            "tests/",
        ];
        if allowed.iter().any(|prefix| source.name.starts_with(prefix)) {
            continue;
        }
        assert!(
            !source.text.contains("config::inspect"),
            "{} reads by name",
            source.name
        );
    }
}
