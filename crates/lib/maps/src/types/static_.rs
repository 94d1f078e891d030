// SPDX-License-Identifier: MIT OR Apache-2.0
//! `static:value` or `static:{ value }`: every key has the same value.
//!
//! *Postfix:* dict_static(3).

use crate::{Found, OpenError, Owner, Table, specification};

/// A table with one value.
pub(super) struct Static {
    name: String,
    value: Vec<u8>,
}

impl Static {
    pub(super) fn new(name: &str) -> Result<Self, OpenError> {
        let value = if name.starts_with('{') {
            specification::extract(name)
                .map_err(|why| OpenError(format!("bad static:name syntax: {why}")))?
        } else {
            name
        };
        Ok(Self {
            name: format!("static:{name}"),
            value: value.into(),
        })
    }
}

impl Table for Static {
    fn get(&mut self, _key: &[u8]) -> Found {
        Ok(Some(self.value.clone()))
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn owner(&self) -> Owner {
        Owner::Trusted
    }
}
