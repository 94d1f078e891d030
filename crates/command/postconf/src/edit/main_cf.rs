// SPDX-License-Identifier: MIT OR Apache-2.0
//! Changes of main.cf.

use std::collections::BTreeMap;
use std::path::Path;

use config::split_assignment;
use runtime::log;

use super::{Line, is_space, lines, update};
use crate::Failure;
use crate::options::Change;

/// Changes main.cf of a directory.
pub(crate) fn change(directory: &Path, change: Change, words: &[String]) -> Result<(), Failure> {
    let settings = settings(change, words)?;
    let path = format!("{}/main.cf", directory.display());
    update(&path, |old| Ok(changed(&path, old, change, &settings)))
}

/// The names and values of the command line.
fn settings(change: Change, words: &[String]) -> Result<BTreeMap<String, String>, Failure> {
    let mut settings = BTreeMap::new();
    for word in words {
        let (name, value) = setting(change, word).map_err(Failure::Fatal)?;
        if let Some(earlier) = settings.insert(name.clone(), value) {
            log::warning(format_args!(
                "ignoring earlier request: '{name} = {earlier}'"
            ));
        }
    }
    Ok(settings)
}

fn setting(change: Change, word: &str) -> Result<(String, String), String> {
    if word.contains('\n') {
        return Err("-e, -X, or -# accepts no multi-line input".to_string());
    }
    let word = word.trim();
    if word.starts_with('#') {
        return Err("-e, -X, or -# accepts no comment input".to_string());
    }
    if change == Change::Set {
        let (name, value) = split_assignment(word).map_err(|why| format!("{why}: \"{word}\""))?;
        return Ok((name.to_string(), value.to_string()));
    }
    if word.is_empty() {
        return Err("-X or -# requires non-blank parameter names".to_string());
    }
    if word.contains('=') {
        return Err("-X or -# requires parameter names without value".to_string());
    }
    Ok((word.to_string(), String::new()))
}

/// The new text of the file.
fn changed(path: &str, old: &[u8], change: Change, settings: &BTreeMap<String, String>) -> Vec<u8> {
    let mut new = Vec::with_capacity(old.len());
    let mut found: BTreeMap<&str, u32> = BTreeMap::new();
    // Whether the logical line at hand is one that changes.
    let mut hit = false;
    for line in lines(old) {
        let kind = Line::of(&line);
        let mut replacement = None;
        if kind == Line::Start {
            let end = line.iter().position(|b| is_space(*b) || *b == b'=');
            let name = String::from_utf8_lossy(line.get(..end.unwrap_or(0)).unwrap_or_default());
            replacement = settings.get_key_value(name.as_ref());
            hit = replacement.is_some();
        }
        if let Some((name, _)) = replacement {
            let times = found.entry(name).or_default();
            *times += 1;
            if *times == 2 {
                log::warning(format_args!("{path}: multiple entries for \"{name}\""));
            }
        }
        match (hit && kind != Line::Other, change) {
            (false, _) => new.extend_from_slice(&line),
            (true, Change::CommentOut) => {
                new.push(b'#');
                new.extend_from_slice(&line);
            }
            (true, Change::Set) => new.extend(replacement.map(assignment).unwrap_or_default()),
            (true, Change::Remove) => {}
        }
    }
    if change == Change::Set {
        let missing = settings
            .iter()
            .filter(|(name, _)| !found.contains_key(name.as_str()));
        new.extend(missing.flat_map(assignment));
    }
    new
}

fn assignment((name, value): (&String, &String)) -> Vec<u8> {
    format!("{name} = {value}\n").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(old: &str, change: Change, words: &[&str]) -> String {
        let words: Vec<_> = words.iter().map(|word| (*word).to_string()).collect();
        let settings = settings(change, &words).expect("settings");
        let new = changed("main.cf", old.as_bytes(), change, &settings);
        String::from_utf8(new).expect("it was text")
    }

    const OLD: &str = "# top\na = 1\n  2\n# inside\n  3\nb = 4\na = 5";

    #[test]
    fn a_setting_is_replaced_where_it_stands_or_appended() {
        let new = edited(OLD, Change::Set, &["a = x y", "d=e", "c="]);
        assert_eq!(
            new,
            "# top\na = x y\n# inside\nb = 4\na = x y\nc = \nd = e\n"
        );
    }

    #[test]
    fn settings_can_be_removed_and_commented_out() {
        let new = edited(OLD, Change::Remove, &["a"]);
        assert_eq!(new, "# top\n# inside\nb = 4\n");
        let new = edited(OLD, Change::CommentOut, &["a"]);
        assert_eq!(new, "# top\n#a = 1\n#  2\n# inside\n#  3\nb = 4\n#a = 5\n");
    }

    #[test]
    fn words_that_are_no_settings_are_refused() {
        for (change, word) in [
            (Change::Set, "a"),
            (Change::Set, "=b"),
            (Change::Set, "#a=b"),
            (Change::Set, "a b=c"),
            (Change::Set, "a=b\nc=d"),
            (Change::Remove, "a=b"),
            (Change::Remove, " "),
        ] {
            assert!(setting(change, word).is_err(), "{word}");
        }
    }
}
