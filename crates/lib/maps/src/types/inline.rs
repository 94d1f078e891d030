// SPDX-License-Identifier: MIT OR Apache-2.0
//! `inline:{ key=value, { key = value with spaces } }`: entries in the specification itself.
//!
//! *Postfix:* dict_inline(3).

use std::collections::BTreeMap;

use mail::text::casefold;

use crate::{Found, Listed, OpenError, Options, Owner, Table, specification};

struct Inline {
    name: String,
    entries: BTreeMap<Vec<u8>, Vec<u8>>,
}

pub(super) fn open(name: &str, options: &Options) -> super::Opened {
    let usage = |what: &str| {
        OpenError(format!(
            "{what}: \"inline:{name}\"; need \"inline:{{name=value...}}\""
        ))
    };
    let inner = specification::inside_braces(name).ok_or_else(|| usage("bad syntax"))?;
    let mut entries = BTreeMap::new();
    for word in specification::words(inner) {
        let pair = specification::inside_braces(word).unwrap_or(word);
        let (key, value) = pair
            .split_once('=')
            .ok_or_else(|| usage("missing '=' after attribute name"))?;
        let (key, value) = (key.trim(), value.trim());
        if key.is_empty() {
            return Err(usage("missing attribute name"));
        }
        if key.contains(|c: char| c.is_ascii_whitespace()) {
            return Err(usage("whitespace in attribute name"));
        }
        let key = if options.fold {
            casefold(key.as_bytes())
        } else {
            key.into()
        };
        entries.insert(key, value.into());
    }
    if entries.is_empty() {
        return Err(usage("bad syntax"));
    }
    Ok(Box::new(Inline {
        name: format!("inline:{name}"),
        entries,
    }))
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
