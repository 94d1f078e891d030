// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who may use a command: the lists `authorized_submit_users` and their sisters.
//!
//! A list holds login names, `!` in front of what is not meant, names of files that hold lists,
//! and tables in which a login name is looked up; the first match decides. A set-gid program
//! must stay small, so the tables are read here and not by `maps`, and only the types that make
//! sense for such a list are known: static, inline, texthash, hash and btree.
//!
//! *Invariants*: bounded in depth and size; whatever a list says, a user either passes or not.
//!
//! *Errors*: a text; the caller must then refuse for now.
//!
//! *Postfix:* global/user_acl(3), util/match_list(3).

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// How deeply files may name files.
const DEPTH_LIMIT: u32 = 8;
/// The largest file of patterns or text table.
const SIZE_LIMIT: u64 = 4 << 20;

/// The login name of the user who runs this process; `unknown` for one without account.
///
/// # Errors
/// The accounts cannot be read now.
pub fn login_name() -> Result<String, String> {
    let uid = sys::users::real_uid();
    let user = sys::users::by_uid(uid).map_err(|error| format!("look up uid {uid}: {error}"))?;
    Ok(user.map_or_else(|| "unknown".to_owned(), |user| user.name))
}

/// Whether `list`, the value of `parameter`, lets the user `name` pass.
///
/// # Errors
/// A file or table cannot be read, or is of a type that is not known here.
pub fn is_authorized(parameter: &str, list: &str, name: &str) -> Result<bool, String> {
    let verdict = search(list, &name.to_ascii_lowercase(), 0);
    verdict
        .map(|found| found.unwrap_or(false))
        .map_err(|why| format!("{parameter}: {why}"))
}

/// What the first matching element says, if one matches.
fn search(list: &str, name: &str, depth: u32) -> Result<Option<bool>, String> {
    if depth > DEPTH_LIMIT {
        return Err("files of patterns are nested too deeply".to_owned());
    }
    for element in elements(list) {
        let negations = element.len() - element.trim_start_matches('!').len();
        let pattern = element.trim_start_matches('!');
        let found = if pattern.starts_with('/') {
            // Negation applies to the whole file.
            search(&text_of(Path::new(pattern))?, name, depth + 1)?
        } else if let Some((kind, table)) = pattern.split_once(':') {
            value_of(kind, table, name)?.map(|_| true)
        } else {
            pattern.eq_ignore_ascii_case(name).then_some(true)
        };
        if let Some(found) = found {
            return Ok(Some(found == (negations % 2 == 0)));
        }
    }
    Ok(None)
}

/// The elements of a list: separated by comma and white space, but not within braces.
fn elements(list: &str) -> Vec<&str> {
    let mut elements = Vec::new();
    let (mut start, mut depth) = (0, 0_usize);
    for (at, character) in list.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' | ' ' | '\t' | '\r' | '\n' if depth == 0 => {
                elements.push(list.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    elements.push(list.get(start..).unwrap_or_default());
    elements.retain(|element| !element.is_empty());
    elements
}

/// What the first of some tables says that has an entry for `key`; `parameter` names them.
///
/// # Errors
/// As [`is_authorized`].
pub fn look_up(parameter: &str, tables: &str, key: &str) -> Result<Option<String>, String> {
    for table in elements(tables) {
        let wrong = |why: String| format!("{parameter}: {why}");
        let missing = || {
            wrong(format!(
                "expecting \"type:name\" form instead of \"{table}\""
            ))
        };
        let (kind, name) = table.split_once(':').ok_or_else(missing)?;
        let found = value_of(kind, name, &key.to_ascii_lowercase()).map_err(wrong)?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// The value of `name` in a table.
fn value_of(kind: &str, table: &str, name: &str) -> Result<Option<String>, String> {
    match kind {
        "static" => Ok(Some(unbraced(table).to_owned())),
        "inline" => {
            let inner = table
                .strip_prefix('{')
                .and_then(|rest| rest.strip_suffix('}'));
            let inner = inner.ok_or_else(|| format!("inline:{table}: missing braces"))?;
            let entries = elements(inner).into_iter().map(|entry| {
                let entry = unbraced(entry);
                entry.split_once('=').unwrap_or((entry, ""))
            });
            let mut values = entries.filter(|(key, _)| key.trim().eq_ignore_ascii_case(name));
            Ok(values.next().map(|(_, value)| value.trim().to_owned()))
        }
        "texthash" => {
            let text = text_of(Path::new(table))?;
            let mut entries = config::logical_lines(&text).into_iter().filter_map(|line| {
                let text = line.text.trim();
                let end = text.find(char::is_whitespace).unwrap_or(text.len());
                let (key, value) = text.split_at(end);
                key.eq_ignore_ascii_case(name)
                    .then(|| value.trim().to_owned())
            });
            Ok(entries.next())
        }
        "hash" | "btree" => {
            let path = format!("{table}.db");
            let unreadable = |why: &dyn std::fmt::Display| format!("open database {path}: {why}");
            let file = File::open(&path).map_err(|error| unreadable(&error))?;
            let reader = berkeley::Reader::open(file).map_err(|error| unreadable(&error))?;
            // The C programs store keys and values with their terminating NUL.
            for key in [name.as_bytes().to_vec(), [name.as_bytes(), b"\0"].concat()] {
                if let Some(value) = reader.get(&key).map_err(|error| unreadable(&error))? {
                    let value = value.strip_suffix(b"\0").unwrap_or(&value);
                    return Ok(Some(String::from_utf8_lossy(value).into_owned()));
                }
            }
            Ok(None)
        }
        _ => Err(format!(
            "unsupported dictionary type for this program: {kind}"
        )),
    }
}

/// A text without the braces that kept it together.
fn unbraced(text: &str) -> &str {
    let inner = text
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    inner.map_or(text, str::trim)
}

/// The text of a file of reasonable size.
fn text_of(path: &Path) -> Result<String, String> {
    let unreadable = |error: std::io::Error| format!("open file {}: {error}", path.display());
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    let read = file
        .take(SIZE_LIMIT + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if read as u64 > SIZE_LIMIT {
        return Err(format!("{}: file is too large", path.display()));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(list: &str, name: &str) -> bool {
        is_authorized("authorized_submit_users", list, name).expect("it can be read")
    }

    #[test]
    fn the_first_match_decides() {
        assert!(passes("static:anyone", "alice"));
        assert!(!passes("", "alice"));
        assert!(passes("bob, Alice", "alice"));
        assert!(!passes("!www-data, static:all", "www-data"));
        assert!(passes("!www-data, static:all", "alice"));
        assert!(passes("!!alice", "alice"));
        assert!(!passes("!alice alice", "alice"));
    }

    #[test]
    fn tables_and_files_are_searched() {
        assert!(passes("inline:{alice=1, {bob = x y}}", "bob"));
        assert!(!passes("inline:{alice=1, {bob = x y}}", "x"));
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("users");
        std::fs::write(&file, "# who\n!mallory\nAlice ok\nbob ok\n").expect("it is written");
        let name = file.display();
        assert!(passes(&format!("texthash:{name}"), "alice"));
        assert!(!passes(&format!("texthash:{name}"), "ok"));
        std::fs::write(&file, "!mallory\nalice, bob\n").expect("it is written");
        assert!(passes(&name.to_string(), "bob"));
        assert!(!passes(&format!("{name} static:all"), "mallory"));
        assert!(passes(&format!("!{name} static:all"), "carol"));
        assert!(!passes(&format!("!{name} static:all"), "bob"));
    }

    #[test]
    fn berkeley_databases_are_searched_with_and_without_nul() {
        let directory = tempfile::tempdir().expect("a directory");
        let entries: [berkeley::Pair<'_>; 2] = [(b"alice\0", b"x\0"), (b"bob", b"x")];
        let bytes =
            berkeley::write_hash(&entries, berkeley::DEFAULT_PAGE_SIZE).expect("it is made");
        std::fs::write(directory.path().join("users.db"), bytes).expect("it is written");
        let list = format!("hash:{}", directory.path().join("users").display());
        assert!(passes(&list, "alice") && passes(&list, "bob") && !passes(&list, "carol"));
    }

    #[test]
    fn the_first_table_with_an_entry_gives_its_value() {
        let look_up = |tables, key| look_up("p", tables, key).expect("it can be read");
        let tables = "inline:{alice=a@b, {bob = b@c @d}} static:{*}";
        assert_eq!(look_up(tables, "Bob").as_deref(), Some("b@c @d"));
        assert_eq!(look_up(tables, "carol").as_deref(), Some("*"));
        assert_eq!(look_up("inline:{alice=a@b}", "carol"), None);
        assert!(super::look_up("p", "alice", "alice").is_err());
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        for (list, why) in [
            (
                "ldap:x",
                "p: unsupported dictionary type for this program: ldap",
            ),
            ("/no/such/file", "p: open file /no/such/file: "),
            ("hash:/no/such", "p: open database /no/such.db: "),
        ] {
            let error = is_authorized("p", list, "alice").expect_err("it cannot be read");
            assert!(error.starts_with(why), "{error}");
        }
    }
}
