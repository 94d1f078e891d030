// SPDX-License-Identifier: MIT OR Apache-2.0
//! Settings by name, for the programs whose business is the configuration itself.
//!
//! *Invariants*: `postconf`, `postmulti` and `postfix` may use this module; a program that
//! does the work of the mail system selects what it reads.

use std::borrow::Cow;

use crate::error::ConfigError;
use crate::main_cf::MainCf;
use crate::table::Spec;

/// One `name = value` of `main.cf`, or an override.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'m> {
    /// The name.
    pub name: &'m str,
    /// The text, not expanded.
    pub value: &'m str,
    /// Where it stands in the file; none for an override.
    pub line: Option<u32>,
}

/// All settings, sorted by name.
pub fn settings(main_cf: &MainCf) -> Vec<Entry<'_>> {
    let settings = main_cf.settings().iter();
    let mut entries: Vec<_> = settings
        .map(|(name, s)| Entry {
            name,
            value: &s.value,
            line: s.line,
        })
        .collect();
    entries.sort_unstable_by_key(|entry| entry.name);
    entries
}

/// The text that is set for `name`, not expanded.
pub fn setting<'m>(main_cf: &'m MainCf, name: &str) -> Option<&'m str> {
    main_cf
        .settings()
        .get(name)
        .map(|setting| setting.value.as_str())
}

/// Takes a setting out; gives its text.
pub fn forget(main_cf: &mut MainCf, name: &str) -> Option<String> {
    main_cf.forget(name).map(|setting| setting.value)
}

/// The text of the default of a parameter, not expanded.
pub fn default_text(main_cf: &MainCf, spec: &Spec) -> Result<Cow<'static, str>, ConfigError> {
    // What is in force is the directory that was read; what is built in is something else.
    if spec.name == "config_directory" {
        return Ok(Cow::Borrowed(spec.default));
    }
    main_cf.default_text(spec)
}

/// The expanded text of `name`: of its setting, or else of its default.
pub fn evaluate(main_cf: &MainCf, name: &str) -> Result<Option<String>, ConfigError> {
    main_cf.evaluate(name)
}

/// The name that the family `family` has for `transport`.
pub fn member_name(transport: &str, family: &Spec) -> String {
    crate::template::member_name(transport, family.name)
}
