// SPDX-License-Identifier: MIT OR Apache-2.0
//! `environ:x`: the environment of this process. The name is not used.
//!
//! *Postfix:* dict_env(3).

use std::ffi::OsStr;
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use crate::{Found, Owner, Table};

/// The environment as a table.
pub(super) struct Environ {
    name: String,
}

impl Environ {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: format!("environ:{name}"),
        }
    }
}

impl Table for Environ {
    fn get(&mut self, key: &[u8]) -> Found {
        if key.is_empty() || key.iter().any(|byte| matches!(byte, b'=' | 0)) {
            return Ok(None);
        }
        Ok(std::env::var_os(OsStr::from_bytes(key)).map(OsStringExt::into_vec))
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn owner(&self) -> Owner {
        Owner::Trusted
    }
}
