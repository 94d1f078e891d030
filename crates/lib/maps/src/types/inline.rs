// SPDX-License-Identifier: MIT OR Apache-2.0
//! `inline:{ key=value, { key = value with spaces } }`: entries in the specification itself.
//!
//! `internal:name`: the same without entries, for what a program would put there itself.
//!
//! *Postfix:* dict_inline(3), dict_ht(3).

use std::collections::BTreeMap;

use crate::{Found, Listed, OpenError, Options, Owner, Table, specification};

struct Inline {
    name: String,
    entries: BTreeMap<Vec<u8>, Vec<u8>>,
}

/// A table without entries.
pub(super) fn internal(name: &str) -> super::Opened {
    Ok(Box::new(Inline {
        name: format!("internal:{name}"),
        entries: BTreeMap::new(),
    }))
}

pub(super) fn open(name: &str, options: &Options) -> super::Opened {
    let usage = |what: &str| {
        OpenError(format!(
            "{what}: \"inline:{name}\"; need \"inline:{{name=value...}}\""
        ))
    };
    let inner = specification::extract(name).map_err(|_why| usage("bad syntax"))?;
    if name == "{}" {
        return Err(usage("bad syntax"));
    }
    let mut entries = BTreeMap::new();
    for word in specification::words(inner) {
        let pair = match word.starts_with('{') {
            true => specification::extract(word).map_err(|why| usage(&why))?,
            false => word,
        };
        let (key, value) = key_and_value(pair).map_err(usage)?;
        entries.insert(options.folded(key.as_bytes()).into_owned(), value.into());
    }
    if entries.is_empty() {
        return Err(usage("empty table"));
    }
    Ok(Box::new(Inline {
        name: format!("inline:{name}"),
        entries,
    }))
}

/// Splits `key = value`; blanks and `=` belong to a key between double quotes or behind a
/// backslash. The key is kept as it is written.
fn key_and_value(pair: &str) -> Result<(&str, &str), &'static str> {
    if pair.is_empty() {
        return Err("no key found; expected format: key = value");
    }
    let mut quoted = false;
    let mut end = pair.len();
    let mut characters = pair.char_indices();
    while let Some((index, character)) = characters.next() {
        match character {
            '\\' => {
                characters.next();
            }
            '"' => quoted = !quoted,
            '=' | ' ' | '\t' | '\n' | '\r' if !quoted => {
                end = index;
                break;
            }
            _ => {}
        }
    }
    if quoted {
        return Err("unbalanced '\"'");
    }
    let (key, rest) = pair.split_at(end);
    let value = rest.trim_start().strip_prefix('=');
    let value = value.ok_or("missing '=' after attribute name")?;
    Ok((key, value.trim()))
}

impl Table for Inline {
    fn get(&mut self, key: &[u8]) -> Found {
        Ok(self.entries.get(key).cloned())
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn owner(&self) -> Owner {
        Owner::Trusted
    }

    fn entries(&mut self) -> Listed {
        Ok(Some(
            self.entries
                .iter()
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_may_be_quoted() {
        assert_eq!(key_and_value("a = b c"), Ok(("a", "b c")));
        assert_eq!(key_and_value("\"a =\"==b"), Ok(("\"a =\"", "=b")));
        assert_eq!(key_and_value("a\\ b=c"), Ok(("a\\ b", "c")));
        assert_eq!(key_and_value("a="), Ok(("a", "")));
    }

    #[test]
    fn what_is_no_entry_says_why() {
        for (name, why) in [
            ("{}", "bad syntax"),
            ("{a=b}x", "bad syntax"),
            ("{ , }", "empty table"),
            ("{ a }", "missing '=' after attribute name"),
            ("{ {a b = c} }", "missing '=' after attribute name"),
            ("{ {\"a = b} }", "unbalanced '\"'"),
            ("{ {} }", "no key found; expected format: key = value"),
            ("{ {a=b}c }", "syntax error after '}' in \"{a=b}c\""),
        ] {
            let error = open(name, &Options::new()).err().unwrap();
            let usage = format!("{why}: \"inline:{name}\"; need \"inline:{{name=value...}}\"");
            assert_eq!(error.to_string(), usage);
        }
    }
}
