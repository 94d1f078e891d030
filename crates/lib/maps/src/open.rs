// SPDX-License-Identifier: MIT OR Apache-2.0
//! Opens a table from its specification, `type:name`.
//!
//! *Errors:* what cannot be opened becomes a table that fails every request, with one error in
//! the log, unless [`Options::open_error_is_fatal`] asks for the error itself.
//!
//! *Postfix:* dict_open(3), dict_surrogate(3), dict_utf8(3).

use std::borrow::Cow;

use bstr::ByteSlice;
use mail::text::is_utf8;
use runtime::log;

use crate::{Found, Listed, LookupError, Options, Owner, Table, specification, types};

/// Why a table cannot be opened; the text is the whole message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct OpenError(pub String);

/// Opens one table, `type:name`.
///
/// # Errors
/// Only with [`Options::open_error_is_fatal`]: why the table cannot be opened.
pub fn open(specification: &str, options: &Options) -> Result<Box<dyn Table>, OpenError> {
    if options.open_error_is_fatal {
        open_strictly(specification, options)
    } else {
        Ok(open_or_fail_requests(specification, options))
    }
}

/// Opens one table, `type:name`. One that cannot be opened is logged, and fails every request.
pub fn open_or_fail_requests(specification: &str, options: &Options) -> Box<dyn Table> {
    match open_strictly(specification, options) {
        Ok(table) => table,
        Err(OpenError(reason)) => {
            log::error(&reason);
            Box::new(surrogate(specification, reason))
        }
    }
}

fn open_strictly(specification: &str, options: &Options) -> Result<Box<dyn Table>, OpenError> {
    let Some((kind, name)) = specification::split(specification) else {
        return Err(OpenError(format!(
            "open dictionary: expecting \"type:name\" form instead of \"{specification}\""
        )));
    };
    let inner = types::open(kind, name, options)?;
    let mut flags = "lock".to_owned();
    if options.sensitive {
        flags.push_str("|no_regsub|no_proxy|no_unauth");
    }
    if options.fold {
        flags.push_str("|fold_fix");
    }
    if options.utf8 {
        flags.push_str("|utf8_request");
    }
    Ok(Box::new(Checked {
        opened_as: format!("{specification}(0,{flags})"),
        inner,
        options: options.clone(),
    }))
}

/// A table that fails every request with this reason.
pub(crate) fn surrogate(name: &str, reason: String) -> impl Table + use<> {
    Surrogate {
        name: name.to_owned(),
        reason,
    }
}

/// Stands for a table that could not be opened.
struct Surrogate {
    name: String,
    reason: String,
}

impl Surrogate {
    fn refusal(&self) -> LookupError {
        let message = format!("{} is unavailable. {}", self.name, self.reason);
        log::warning(&message);
        LookupError::Retry(message)
    }
}

impl Table for Surrogate {
    fn get(&mut self, _key: &[u8]) -> Found {
        Err(self.refusal())
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn entries(&mut self) -> Listed {
        Err(self.refusal())
    }

    fn put(&mut self, _key: &[u8], _value: &[u8]) -> Result<(), LookupError> {
        Err(self.refusal())
    }

    fn remove(&mut self, _key: &[u8]) -> Result<bool, LookupError> {
        Err(self.refusal())
    }
}

/// Folds keys of fixed-string tables, and keeps what is no UTF-8 away from the table and from
/// its users.
struct Checked {
    opened_as: String,
    inner: Box<dyn Table>,
    options: Options,
}

impl Checked {
    /// The key as the table stores it.
    fn folded<'k>(&self, key: &'k [u8]) -> Cow<'k, [u8]> {
        if self.inner.is_fixed() {
            self.options.folded(key)
        } else {
            Cow::Borrowed(key)
        }
    }
}

impl Table for Checked {
    fn get(&mut self, key: &[u8]) -> Found {
        if !self.options.accepts(self.inner.name(), key) {
            return Ok(None);
        }
        let folded = self.folded(key);
        match self.inner.get(&folded)? {
            Some(value) if self.options.utf8 && !is_utf8(&value) => {
                let message = format!(
                    "{}: key \"{}\": non-UTF-8 value \"{}\": malformed UTF-8 or invalid codepoint",
                    self.inner.name(),
                    key.as_bstr(),
                    value.as_bstr()
                );
                log::warning(&message);
                Err(LookupError::Configuration(message))
            }
            found => Ok(found),
        }
    }

    fn name(&self) -> &str {
        self.inner.name()
    }

    fn opened_as(&self) -> &str {
        &self.opened_as
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
        self.inner.entries()
    }

    fn put(&mut self, key: &[u8], value: &[u8]) -> Result<(), LookupError> {
        if self.options.utf8 && !(is_utf8(key) && is_utf8(value)) {
            let name = self.inner.name();
            let message = format!("{name}: update with text that is no UTF-8");
            log::warning(&message);
            return Err(LookupError::Configuration(message));
        }
        let key = self.folded(key);
        self.inner.put(&key, value)
    }

    fn remove(&mut self, key: &[u8]) -> Result<bool, LookupError> {
        let key = self.folded(key);
        self.inner.remove(&key)
    }
}
