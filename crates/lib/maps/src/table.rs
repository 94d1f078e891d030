// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a lookup table is.
//!
//! *Errors:* a lookup answers "found", "not found" or [`LookupError`]; the error says whether
//! trying later can help.
//!
//! *Postfix:* dict(3).

/// The answer of a lookup: a value, "not found", or a failure that is neither.
pub type Found = Result<Option<Vec<u8>>, LookupError>;

/// One entry: key and value.
pub type Entry = (Vec<u8>, Vec<u8>);

/// The answer when a table is asked for all its entries; `None` if its type cannot list them.
pub type Listed = Result<Option<Vec<Entry>>, LookupError>;

/// Why a lookup has no answer. Callers defer mail in both cases and never refuse it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LookupError {
    /// The table or its server is in trouble now; asking later may help.
    #[error("{0}")]
    Retry(String),
    /// The table or its contents are wrong; an administrator must act.
    #[error("{0}")]
    Configuration(String),
}

/// Who controls the contents of a table: decides with whose rights what it says is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// Nobody knows, for example the table is on a server.
    Unknown,
    /// Root, or the configuration itself.
    Trusted,
    /// The user with this id.
    User(u32),
}

impl Owner {
    /// Who controls what two tables say together: the less trusted of their owners.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        match (self, other) {
            (one, Self::Trusted) | (Self::Trusted, one) => one,
            (Self::User(one), Self::User(other)) if one == other => Self::User(one),
            _ => Self::Unknown,
        }
    }
}

/// A lookup table that is open.
pub trait Table {
    /// The value stored for `key`, with nothing of the file format (terminators) left in it.
    fn get(&mut self, key: &[u8]) -> Found;

    /// The table as `type:name`, for messages.
    fn name(&self) -> &str;

    /// The table as it was asked for, with the flags it was opened with, as the line about a
    /// changed table shows it: `hash:/etc/aliases(0,lock|fold_fix|utf8_request)`.
    fn opened_as(&self) -> &str {
        self.name()
    }

    /// Whether keys are compared as they are. Tables with patterns answer false: they are asked
    /// with complete addresses only, never with parts of them.
    fn is_fixed(&self) -> bool {
        true
    }

    /// Who controls the contents.
    fn owner(&self) -> Owner {
        Owner::Unknown
    }

    /// Whether the file behind the table was replaced or changed since it was opened.
    fn changed(&self) -> bool {
        false
    }

    /// Every entry, in the order of the table, or `None` for a type that cannot list its entries.
    fn entries(&mut self) -> Listed {
        Ok(None)
    }

    /// Sets the value of a key.
    ///
    /// # Errors
    /// The type cannot be changed, the table was not opened for it, or the change failed.
    fn put(&mut self, key: &[u8], value: &[u8]) -> Result<(), LookupError> {
        let _ = (key, value);
        Err(unsupported(self.name(), "update"))
    }

    /// Removes a key; tells whether it was there.
    ///
    /// # Errors
    /// As for [`Table::put`].
    fn remove(&mut self, key: &[u8]) -> Result<bool, LookupError> {
        let _ = key;
        Err(unsupported(self.name(), "delete"))
    }
}

/// What a table says to a request that its type does not know.
pub(crate) fn unsupported(table: &str, operation: &str) -> LookupError {
    LookupError::Configuration(format!(
        "table {table}: {operation} operation is not supported"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn together_tables_are_trusted_as_the_least_of_them() {
        use Owner::{Trusted, Unknown, User};
        for (one, other, both) in [
            (Trusted, Trusted, Trusted),
            (Trusted, User(5), User(5)),
            (User(5), User(5), User(5)),
            (User(5), User(6), Unknown),
            (Unknown, Trusted, Unknown),
            (User(5), Unknown, Unknown),
        ] {
            assert_eq!(one.with(other), both);
            assert_eq!(other.with(one), both);
        }
    }
}
