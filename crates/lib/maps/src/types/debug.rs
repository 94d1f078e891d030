// SPDX-License-Identifier: MIT OR Apache-2.0
//! `debug:type:name`: the table itself; everything that is asked of it is logged with its answer.
//!
//! *Postfix:* dict_debug(3).

use bstr::ByteSlice;
use runtime::log;

use crate::{Found, Listed, LookupError, Options, Owner, Table};

struct Debug {
    name: String,
    inner: Box<dyn Table>,
}

pub(super) fn open(name: &str, options: &Options) -> super::Opened {
    Ok(Box::new(Debug {
        name: format!("debug:{name}"),
        inner: crate::open(name, options)?,
    }))
}

impl Table for Debug {
    fn get(&mut self, key: &[u8]) -> Found {
        let found = self.inner.get(key);
        let answer: &[u8] = match &found {
            Ok(Some(value)) => value,
            Ok(None) => b"not_found",
            Err(_) => b"error",
        };
        let (key, answer) = (key.as_bstr(), answer.as_bstr());
        let name = self.inner.name();
        log::info(format_args!("{name} lookup: \"{key}\" = \"{answer}\""));
        found
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn is_fixed(&self) -> bool {
        self.inner.is_fixed()
    }

    fn owner(&self) -> Owner {
        self.inner.owner()
    }

    fn changed(&self) -> bool {
        self.inner.changed()
    }

    fn entries(&mut self) -> Listed {
        let entries = self.inner.entries();
        let name = self.inner.name();
        for (key, value) in entries.iter().flatten().flatten() {
            let (key, value) = (key.as_bstr(), value.as_bstr());
            log::info(format_args!("{name} sequence: \"{key}\" = \"{value}\""));
        }
        entries
    }

    fn put(&mut self, key: &[u8], value: &[u8]) -> Result<(), LookupError> {
        let done = self.inner.put(key, value);
        let result = if done.is_ok() { "success" } else { "error" };
        let (key, value) = (key.as_bstr(), value.as_bstr());
        let name = self.inner.name();
        log::info(format_args!(
            "{name} update: \"{key}\" = \"{value}\": {result}"
        ));
        done
    }

    fn remove(&mut self, key: &[u8]) -> Result<bool, LookupError> {
        let done = self.inner.remove(key);
        let result = match done {
            Ok(true) => "success",
            Ok(false) => "failed",
            Err(_) => "error",
        };
        let name = self.inner.name();
        log::info(format_args!(
            "{name} delete: \"{}\": {result}",
            key.as_bstr()
        ));
        done
    }
}
