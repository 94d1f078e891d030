// SPDX-License-Identifier: MIT OR Apache-2.0
//! `main.cf`: the file, and the settings it holds.
//!
//! *Postfix:* `global/mail_conf`, `util/dict_load`, `util/readlline`.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::error::ConfigError;
use crate::table::{Parameter, Prefix, ValueOf};
use crate::value::ValueType;

/// The settings of one configuration directory, with the overrides of one process.
pub struct MainCf {
    dir: PathBuf,
    settings: HashMap<String, String>,
    warnings: RefCell<Vec<String>>,
}

impl MainCf {
    /// Reads `main.cf` of the directory `dir`.
    pub fn read(dir: &Path) -> Result<MainCf, ConfigError> {
        let path = dir.join("main.cf");
        let text =
            fs::read_to_string(&path).map_err(|source| ConfigError::Unreadable { path, source })?;
        MainCf::from_text(dir, &text)
    }

    /// The settings of a text that would stand in `main.cf` of the directory `dir`.
    pub fn from_text(dir: &Path, text: &str) -> Result<MainCf, ConfigError> {
        let mut settings = HashMap::new();
        for line in text.lines() {
            if let Some((name, value)) = line.split_once('=') {
                settings.insert(name.trim().to_string(), value.trim().to_string());
            }
        }
        Ok(MainCf {
            dir: dir.to_path_buf(),
            settings,
            warnings: RefCell::default(),
        })
    }

    /// Applies one `-o name=value` of a command line or of `master.cf`.
    pub fn override_with(&mut self, assignment: &str) -> Result<(), ConfigError> {
        let (name, value) = assignment.split_once('=').ok_or_else(|| {
            ConfigError::Syntax(format!(
                "missing '=' after attribute name: \"{assignment}\""
            ))
        })?;
        self.define(name.trim(), value.trim());
        Ok(())
    }

    /// Sets `name` for this process, as the runner does with `service_name` and `process_name`.
    pub fn define(&mut self, name: &str, value: &str) {
        self.settings.insert(name.to_string(), value.to_string());
    }

    /// The configuration directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// What should be logged as warnings, in order; asking again gives only what came since.
    pub fn warnings(&self) -> Vec<String> {
        self.warnings.take()
    }

    /// The value of one parameter: expanded, parsed and checked.
    pub fn load<P: Parameter>(&self) -> Result<ValueOf<P>, ConfigError> {
        self.load_as::<P>(Prefix::Smtp)
    }

    /// Like [`MainCf::load`], under the given prefix for parameters that have a twin.
    pub fn load_as<P: Parameter>(&self, prefix: Prefix) -> Result<ValueOf<P>, ConfigError> {
        let spec = match (prefix, P::LMTP) {
            (Prefix::Lmtp, Some(twin)) => twin,
            (Prefix::Lmtp | Prefix::Smtp, _) => P::SPEC,
        };
        let text = self
            .settings
            .get(spec.name)
            .map_or(spec.default, String::as_str);
        P::Type::parse(spec.name, text, spec)
    }

    /// The text of a restriction class or another setting that the administrator named.
    pub fn user_defined(&self, name: &str) -> Result<Option<String>, ConfigError> {
        Ok(self.settings.get(name).cloned())
    }
}
