// SPDX-License-Identifier: MIT OR Apache-2.0
//! `fail:text`: every lookup is a temporary error. For tests of a configuration.
//!
//! *Postfix:* dict_fail(3).

use crate::{Found, LookupError, Table};

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

impl Table for Fail {
    fn get(&mut self, _key: &[u8]) -> Found {
        Err(LookupError::Retry("Application error".to_owned()))
    }

    fn name(&self) -> &str {
        &self.name
    }
}
