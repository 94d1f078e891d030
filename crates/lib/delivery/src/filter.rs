// SPDX-License-Identifier: MIT OR Apache-2.0
//! The table that may replace a delivery status by another (`default_delivery_status_filter`).
//!
//! *Invariants*: success stays success and failure stays failure; only 4 and 5 may change
//! places. A broken table changes nothing.
//!
//! *Postfix:* dsn_filter(3).

use bstr::ByteSlice;
use mail::dsn::{Dsn, split_status_text};
use maps::{Maps, Options};

/// The status filter of one delivery agent.
pub struct StatusFilter {
    maps: Maps,
}

impl StatusFilter {
    /// Opens the tables of the parameter called `title`; `None` when it names none.
    ///
    /// # Errors
    /// Only when the tables' owner wants open errors to be fatal.
    pub fn open(
        title: &str,
        specifications: &str,
        options: &Options,
    ) -> Result<Option<StatusFilter>, maps::OpenError> {
        let maps = Maps::open(title, specifications, options)?;
        Ok((!maps.is_empty()).then_some(StatusFilter { maps }))
    }

    /// Replaces status and reason of `dsn`, if the table says so.
    pub fn apply(&mut self, dsn: &mut Dsn) {
        let mut key = dsn.status.to_string().into_bytes();
        key.push(b' ');
        key.extend_from_slice(&dsn.reason);
        let result = match self.maps.get(&key) {
            Ok(Some(result)) => result,
            Ok(None) => return,
            Err(error) => {
                runtime::log::warning(format_args!("{}: {error}", self.maps.title()));
                return;
            }
        };
        match split_status_text(&result) {
            Some((status, text)) if (status.class == 2) == (dsn.status.class == 2) => {
                dsn.status = status;
                dsn.reason = text.to_vec();
                // The action belongs to the old class; the log that it goes to decides anew.
                if status.class != 2 {
                    dsn.action = None;
                }
            }
            _ => runtime::log::warning(format_args!(
                "{}: bad delivery status in lookup result: {}",
                self.maps.title(),
                result.as_bstr()
            )),
        }
    }

    /// The name of a table that changed since it was opened.
    #[must_use]
    pub fn changed(&self) -> Option<&str> {
        self.maps.changed()
    }
}
