// SPDX-License-Identifier: MIT OR Apache-2.0
//! `fail:text`: every lookup is a temporary error. For tests of a configuration.
//!
//! *Postfix:* dict_fail(3).

use crate::{Found, Listed, LookupError, Table};

/// A table that always fails.
pub(super) struct Fail {
    name: String,
}

impl Fail {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: format!("fail:{name}"),
        }
    }
}

fn trouble() -> LookupError {
    LookupError::Retry("Application error".to_owned())
}

impl Table for Fail {
    fn get(&mut self, _key: &[u8]) -> Found {
        Err(trouble())
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn entries(&mut self) -> Listed {
        Err(trouble())
    }

    fn remove(&mut self, _key: &[u8]) -> Result<bool, LookupError> {
        let why = format!("table {}: delete error: {}", self.name, trouble());
        Err(LookupError::Retry(why))
    }
}
