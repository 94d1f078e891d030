// SPDX-License-Identifier: MIT OR Apache-2.0
//! Opens a table from its specification, `type:name`.
//!
//! *Errors:* what cannot be opened becomes a table that fails every request, unless
//! [`Options::open_error_is_fatal`] asks for the error itself.
//!
//! *Postfix:* dict_open(3), dict_surrogate(3).

use crate::{Found, LookupError, Table};

/// How tables are opened.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// Compare keys of fixed-string tables without regard to case (default: yes).
    pub fold: bool,
    /// Keys and values must be UTF-8 (`smtputf8_enable`; default: yes).
    pub utf8: bool,
    /// Report a table that cannot be opened (`daemon_table_open_error_is_fatal`; default: no).
    pub open_error_is_fatal: bool,
    /// Refuse `$1` in results of pattern tables, because the result is used as a file, a command
    /// or an identity (default: no).
    pub refuse_substitution: bool,
    /// Initial size limit of `lmdb:` tables in bytes (`lmdb_map_size`).
    pub lmdb_map_size: u64,
}

impl Options {
    /// The defaults of the original.
    pub fn new() -> Self {
        Self {
            fold: true,
            utf8: true,
            open_error_is_fatal: false,
            refuse_substitution: false,
            lmdb_map_size: 16 * 1024 * 1024,
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::new()
    }
}

/// Why a table cannot be opened; the text is the whole message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct OpenError(pub String);

/// Opens one table, `type:name`.
pub fn open(specification: &str, options: &Options) -> Result<Box<dyn Table>, OpenError> {
    let reason = format!("unsupported dictionary type: {specification}");
    if options.open_error_is_fatal {
        return Err(OpenError(reason));
    }
    Ok(Box::new(Surrogate {
        name: specification.to_owned(),
        reason,
    }))
}

/// Stands for a table that could not be opened.
struct Surrogate {
    name: String,
    reason: String,
}

impl Table for Surrogate {
    fn get(&mut self, _key: &[u8]) -> Found {
        Err(LookupError::Retry(format!(
            "{} is unavailable. {}",
            self.name, self.reason
        )))
    }

    fn name(&self) -> &str {
        &self.name
    }
}
