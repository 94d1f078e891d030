// SPDX-License-Identifier: MIT OR Apache-2.0
//! Changes of main.cf: `-e`, `-X`, `-#`.
//!
//! *Invariants*: comments and the order of lines stay. The new text goes to `main.cf.tmp` with
//! the owner's rights of the old file, reaches the disk, and is renamed into place; a second
//! editor finds the temporary file locked.
//!
//! *Postfix:* `postconf/postconf_edit`, `util/edit_file`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use config::ConfigError;

use crate::Failure;
use crate::options::Change;

/// Changes main.cf of a directory.
pub(crate) fn main_cf(directory: &Path, change: Change, words: &[String]) -> Result<(), Failure> {
    let mut settings = BTreeMap::new();
    for word in words {
        let (name, value) = setting(change, word)?;
        settings.insert(name, value);
    }
    let path = directory.join("main.cf");
    let unreadable = |error| {
        Failure::from(ConfigError::Unreadable {
            path: path.clone(),
            source: error,
        })
    };
    let mode = fs::metadata(&path)
        .map_err(unreadable)?
        .permissions()
        .mode();
    let old = fs::read(&path).map_err(unreadable)?;
    let new = changed(&old, change, &settings);
    replace(&path, mode, &new)
        .map_err(|error| Failure::Fatal(format!("update {}: {error}", path.display())))
}

/// The name and the value of one word of the command line.
fn setting(change: Change, word: &str) -> Result<(String, String), Failure> {
    let refuse = |why: &str| Err(Failure::Fatal(format!("{why}: \"{word}\"")));
    if word.contains('\n') {
        return refuse("edit accepts no multi-line input");
    }
    let word = word.trim();
    let (name, value) = match (change, word.split_once('=')) {
        (Change::Set, Some((name, value))) => (name.trim(), value.trim()),
        (Change::Set, None) => return refuse("missing '=' after attribute name"),
        (Change::Remove | Change::CommentOut, Some(_)) => {
            return refuse("-X or -# requires names without value");
        }
        (Change::Remove | Change::CommentOut, None) => (word, ""),
    };
    if name.is_empty() {
        return refuse("missing attribute name");
    }
    if name.starts_with('#') {
        return refuse("edit accepts no comment input");
    }
    if name.contains(char::is_whitespace) {
        return refuse("missing '=' after attribute name");
    }
    Ok((name.to_string(), value.to_string()))
}

/// The new text of the file.
fn changed(old: &[u8], change: Change, settings: &BTreeMap<String, String>) -> Vec<u8> {
    let mut new = Vec::with_capacity(old.len());
    let mut done = BTreeSet::new();
    // Whether the logical line at hand is one that changes.
    let mut hit = false;
    for line in old.split_inclusive(|byte| *byte == b'\n') {
        let start = line.iter().position(|byte| !byte.is_ascii_whitespace());
        let content = start.and_then(|at| line.get(at..)).unwrap_or_default();
        if content.is_empty() || content.starts_with(b"#") {
            new.extend_from_slice(line);
            continue;
        }
        let begins = start == Some(0);
        if begins {
            let end = content
                .iter()
                .position(|b| b.is_ascii_whitespace() || *b == b'=');
            let name = content
                .get(..end.unwrap_or(content.len()))
                .unwrap_or_default();
            let name = String::from_utf8_lossy(name).into_owned();
            hit = settings.contains_key(&name);
            if let (true, Change::Set, Some(value)) = (hit, change, settings.get(&name))
                && done.insert(name.clone())
            {
                write_setting(&mut new, &name, value);
            }
        }
        match (hit, change) {
            (false, _) => new.extend_from_slice(line),
            (true, Change::CommentOut) => {
                new.push(b'#');
                new.extend_from_slice(line);
            }
            (true, Change::Set | Change::Remove) => {}
        }
    }
    if change == Change::Set {
        if !new.is_empty() && !new.ends_with(b"\n") {
            new.push(b'\n');
        }
        for (name, value) in settings.iter().filter(|(name, _)| !done.contains(*name)) {
            write_setting(&mut new, name, value);
        }
    }
    new
}

fn write_setting(new: &mut Vec<u8>, name: &str, value: &str) {
    let line = format!("{name} = {value}");
    new.extend_from_slice(line.trim_end().as_bytes());
    new.push(b'\n');
}

/// Puts a new text in the place of a file, whole or not at all.
fn replace(path: &Path, mode: u32, text: &[u8]) -> io::Result<()> {
    let temporary = path.with_extension("cf.tmp");
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create(true)
        .truncate(false)
        .mode(mode & 0o7777)
        .open(&temporary)?;
    if !sys::lock::try_lock(&file, sys::lock::Kind::Exclusive)? {
        return Err(io::Error::other("somebody else is editing it"));
    }
    file.set_len(0)?;
    file.write_all(text)?;
    file.set_permissions(fs::Permissions::from_mode(mode & 0o7777))?;
    sys::files::fsync(&file)?;
    fs::rename(&temporary, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(old: &str, change: Change, words: &[&str]) -> String {
        let settings = words
            .iter()
            .map(|word| setting(change, word).expect("a setting"));
        let new = changed(old.as_bytes(), change, &settings.collect());
        String::from_utf8(new).expect("it was text")
    }

    const OLD: &str = "# top\na = 1\n  2\n# inside\n  3\nb = 4\na = 5\n";

    #[test]
    fn a_setting_is_replaced_where_it_first_stands_or_appended() {
        let new = edited(OLD, Change::Set, &["a = x y", "c=", "d=e"]);
        assert_eq!(new, "# top\na = x y\n# inside\nb = 4\nc =\nd = e\n");
    }

    #[test]
    fn settings_can_be_removed_and_commented_out() {
        assert_eq!(
            edited(OLD, Change::Remove, &["a"]),
            "# top\n# inside\nb = 4\n"
        );
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
        ] {
            assert!(setting(change, word).is_err(), "{word}");
        }
    }

    #[test]
    fn the_file_keeps_its_mode() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("main.cf");
        fs::write(&path, "a = 1").expect("it is written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("it is ours");
        main_cf(directory.path(), Change::Set, &["b=2".to_string()]).expect("it is edited");
        assert_eq!(
            fs::read_to_string(&path).expect("it is there"),
            "a = 1\nb = 2\n"
        );
        let mode = fs::metadata(&path)
            .expect("it is there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o640);
    }
}
