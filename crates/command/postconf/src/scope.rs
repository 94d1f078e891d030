// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a name stands for: a setting of an entry of master.cf, one of main.cf, or a default.
//!
//! *Postfix:* `postconf/postconf_lookup`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use config::{ConfigError, MainCf, expand, inspect};
use runtime::log;

use crate::Failure;
use crate::entry::Entry;
use crate::known::Name;

/// Where names are looked up.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'s> {
    pub(crate) main_cf: &'s MainCf,
    pub(crate) names: &'s BTreeMap<String, Name>,
    /// The entry whose settings come first.
    pub(crate) entry: Option<&'s Entry>,
    /// Whether nothing but defaults counts.
    pub(crate) defaults: bool,
}

impl<'s> Scope<'s> {
    /// The text that stands for a name, not expanded.
    pub(crate) fn text(&self, name: &str) -> Result<Option<Cow<'s, str>>, ConfigError> {
        if !self.defaults
            && let Some(text) = self.setting(name)
        {
            return Ok(Some(Cow::Borrowed(text)));
        }
        let spec = self.names.get(name).and_then(|name| name.spec);
        spec.map(|spec| inspect::default_text(self.main_cf, spec))
            .transpose()
    }

    fn setting(&self, name: &str) -> Option<&'s str> {
        let own = self.entry.and_then(|entry| {
            let settings = entry.settings().into_iter().rev();
            settings
                .chain([
                    ("service_name", entry.name()),
                    ("process_name", entry.command()),
                ])
                .find(|(own, _)| *own == name)
                .map(|(_, value)| value)
        });
        own.or_else(|| inspect::setting(self.main_cf, name))
    }

    /// Expands a text, and what its names stand for.
    pub(crate) fn expand(&self, text: &str) -> Result<String, Failure> {
        expand::expand_recursively(text, &mut |name| self.text(name)).map_err(|error| match error {
            ConfigError::Syntax(why) => {
                log::warning(why);
                Failure::Fatal("macro processing error".to_string())
            }
            other => other.into(),
        })
    }
}
