// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which parameters a program reads.
//!
//! A program cannot be linked here (programs never import programs), and what it selects is
//! private to it; but only what stands in a `select!`, or is named as `params::NAME`, can be
//! read. So the sources of the program and of the libraries that it names are searched for
//! these. `config` itself is not searched: what it reads, every program reads.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use config::params;

/// The names of the parameters that the program in `folder` reads, sorted.
///
/// # Errors
/// A source that cannot be read.
pub fn of_program(root: &Path, folder: &Path) -> io::Result<Vec<&'static str>> {
    let command = folder.starts_with(root.join("crates/command"));
    let mut names = BTreeSet::new();
    let mut folders = vec![folder.to_path_buf()];
    let mut seen = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        folders.extend(
            libraries(root, &folder)?
                .into_iter()
                .filter(|l| seen.insert(l.clone())),
        );
        let mut files = Vec::new();
        sources(&folder.join("src"), &mut files)?;
        for file in files.iter().filter(|file| !is_other_start(file, command)) {
            selected(&fs::read_to_string(file)?, &mut names);
        }
    }
    // A member of a family that is not set has the value of the default for all.
    let families = names.iter().filter_map(|name| params::find(name));
    let defaults = families.filter(|spec| spec.name.starts_with("transport_"));
    let common: Vec<_> = defaults
        .filter_map(|spec| declared(spec.default.strip_prefix('$')?))
        .collect();
    names.extend(common);
    Ok(names.into_iter().collect())
}

/// The folders of the libraries that the manifest in `folder` names.
fn libraries(root: &Path, folder: &Path) -> io::Result<Vec<PathBuf>> {
    let manifest = fs::read_to_string(folder.join("Cargo.toml"))?;
    let (_, after) = manifest.split_once("[dependencies]").unwrap_or_default();
    let lines = after.lines().take_while(|line| !line.starts_with('['));
    let names = lines.filter_map(|line| line.split(['.', ' ', '=']).next());
    // Connections to databases are encrypted as the settings of a table say, not as main.cf does.
    let of_its_own = |name: &str| name == "tls" && folder.ends_with("databases");
    Ok(names
        .filter(|name| !name.is_empty() && *name != "config" && !of_its_own(name))
        .map(|name| root.join("crates/lib").join(name))
        .filter(|folder| folder.is_dir())
        .collect())
}

/// `server` has a way to start for daemons and another for commands; a program takes one.
fn is_other_start(file: &Path, command: bool) -> bool {
    file.ends_with(if command {
        "server/src/start.rs"
    } else {
        "server/src/command.rs"
    })
}

/// All source files below `directory` but tests.
fn sources(directory: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            sources(&path, found)?;
        } else if path.extension().is_some_and(|kind| kind == "rs") && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
    Ok(())
}

/// Adds the parameters that the source `text` names in a `select!` or as `params::NAME`.
fn selected(text: &str, names: &mut BTreeSet<&'static str>) {
    let text = text
        .split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or_default();
    let code: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    for (at, _) in code.match_indices("select! {") {
        let body = braced(&code[at + "select! ".len()..]);
        names.extend(words(body).filter_map(declared));
    }
    let alias = code.split_once("use config::params as ");
    let alias = alias.and_then(|(_, after)| words(after).next());
    for start in ["params", alias.unwrap_or("params")].map(|name| format!("{name}::")) {
        for (at, _) in code.match_indices(&start) {
            let after = &code[at + start.len()..];
            let (list, count) = if after.starts_with('{') {
                (braced(after), usize::MAX)
            } else {
                (after, 1)
            };
            names.extend(words(list).take(count).filter_map(declared));
        }
    }
}

fn declared(name: &str) -> Option<&'static str> {
    params::find(name).map(|spec| spec.name)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
}

/// A text that begins with a brace, up to the brace that closes it.
fn braced(text: &str) -> &str {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return &text[..at];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_selections_and_paths_are_found() {
        let text = "config::select! {\n    /// relayhost is not read.\n    struct P {\n        \
            // nor is mydestination\n        myhostname, part: Part,\n        mydomain } }\n\
            fn f() { main.load::<config::params::myorigin>(); use config::params::{biff, recipient_delimiter}; \
            relay_domains }\n#[cfg(test)]\nmod tests { params::soft_bounce }";
        let mut names = BTreeSet::new();
        selected(text, &mut names);
        let expected = [
            "biff",
            "mydomain",
            "myhostname",
            "myorigin",
            "recipient_delimiter",
        ];
        assert_eq!(names.into_iter().collect::<Vec<_>>(), expected);
    }
}
