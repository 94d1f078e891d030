// SPDX-License-Identifier: MIT OR Apache-2.0
//! `main.cf`: the file, and the settings it holds.
//!
//! *Invariants*: a later setting of a name replaces an earlier one. A value is expanded when it
//! is read, where `$other` stands for the setting of `other`, or else for its declared
//! default; an unknown name stands for nothing. (The original knows only the defaults that the
//! program at hand has read so far.)
//!
//! *Errors*: [`ConfigError`]. Where a setting cannot be used, its file and line follow the
//! original's text. Warnings are collected, see [`MainCf::warnings`].
//!
//! *Bugs*: bytes that are not UTF-8 become replacement characters, with a warning.
//!
//! *Postfix:* `global/mail_conf`, `util/dict_load`.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::compat::Level;
use crate::computed::System;
use crate::error::ConfigError;
use crate::expand::{LOOKUP_LIMIT, NESTING_LIMIT, expand_with, nesting};
use crate::lines::{LogicalLine, logical_lines, split_assignment};
use crate::params;
use crate::table::{Kind, Parameter, Prefix, Spec, ValueOf};
use crate::value::{Text, ValueType};

/// The largest file that is read.
const SIZE_LIMIT: u64 = 16 << 20;

/// One `name = value`.
#[derive(Clone, Debug)]
pub(crate) struct Setting {
    pub(crate) value: String,
    /// Line of the file; none for an override.
    pub(crate) line: Option<u32>,
}

/// The settings of one configuration directory, with the overrides of one process.
#[derive(Clone)]
pub struct MainCf {
    dir: PathBuf,
    settings: HashMap<String, Setting>,
    warnings: RefCell<Vec<String>>,
    depth: Cell<usize>,
    /// Values looked up for the text that is being expanded.
    lookups: Cell<usize>,
    pub(crate) system: System,
}

impl MainCf {
    /// Reads `main.cf` of the directory `dir`.
    pub fn read(dir: &Path) -> Result<MainCf, ConfigError> {
        // A name that ends with a slash is shown as it was given.
        let path = PathBuf::from(format!("{}/main.cf", dir.display()));
        let text = read_bounded(&path)?;
        let main_cf = MainCf::from_text(dir, &String::from_utf8_lossy(&text))?;
        if std::str::from_utf8(&text).is_err() {
            main_cf.warn(format!("{}: text is not valid UTF-8", path.display()));
        }
        Ok(main_cf)
    }

    /// The settings of a text that would stand in `main.cf` of the directory `dir`.
    pub fn from_text(dir: &Path, text: &str) -> Result<MainCf, ConfigError> {
        let mut main_cf = MainCf {
            dir: dir.to_path_buf(),
            settings: HashMap::new(),
            warnings: RefCell::default(),
            depth: Cell::new(0),
            lookups: Cell::new(0),
            system: System::default(),
        };
        let file = main_cf.file();
        for line in logical_lines(text) {
            if line.text.starts_with([' ', '\t']) {
                main_cf.warn(format!(
                    "{file}: logical line must not start with whitespace: \"{}\"",
                    line.start()
                ));
                continue;
            }
            let LogicalLine { text, number } = line;
            let (name, value) = split_assignment(&text).map_err(|what| {
                ConfigError::Syntax(format!("{file}, line {number}: {what}: \"{text}\""))
            })?;
            let setting = Setting {
                value: value.to_string(),
                line: Some(number),
            };
            match main_cf.settings.insert(name.to_string(), setting) {
                Some(earlier) if earlier.value != value => main_cf.warn(format!(
                    "{file}, line {number}: overriding earlier entry: {name}={}",
                    earlier.value
                )),
                Some(_) | None => {}
            }
        }
        Ok(main_cf)
    }

    /// Applies one `-o name=value` of a command line or of `master.cf`.
    pub fn override_with(&mut self, assignment: &str) -> Result<(), ConfigError> {
        let (name, value) = split_assignment(assignment).map_err(|what| {
            ConfigError::Syntax(format!("invalid \"-o {assignment}\" option value: {what}"))
        })?;
        self.define(name, value);
        Ok(())
    }

    /// Sets `name` for this process, as the runner does with `service_name` and `process_name`.
    pub fn define(&mut self, name: &str, value: &str) {
        let setting = Setting {
            value: value.to_string(),
            line: None,
        };
        self.settings.insert(name.to_string(), setting);
    }

    /// The configuration directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The name of the file, for messages.
    pub fn file(&self) -> String {
        format!("{}/main.cf", self.dir.display())
    }

    /// What should be logged as warnings, in order; asking again gives only what came since.
    pub fn warnings(&self) -> Vec<String> {
        self.warnings.take()
    }

    pub(crate) fn warn(&self, warning: String) {
        self.warnings.borrow_mut().push(warning);
    }

    /// Whether the administrator has set `name`.
    pub fn is_set(&self, name: &str) -> bool {
        self.settings.contains_key(name)
    }

    pub(crate) fn forget(&mut self, name: &str) -> Option<Setting> {
        self.settings.remove(name)
    }

    pub(crate) fn settings(&self) -> &HashMap<String, Setting> {
        &self.settings
    }

    /// The compatibility level that the configuration asks for.
    pub fn level(&self) -> Result<Level, ConfigError> {
        let text = self.load::<params::compatibility_level>()?;
        Level::parse(&text).map_err(|error| self.located("compatibility_level", &error.to_string()))
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
        self.load_named::<P::Type>(spec.name, spec)
    }

    /// The value of the setting `name`, read as `spec` declares.
    pub(crate) fn load_named<T: ValueType>(
        &self,
        name: &str,
        spec: &Spec,
    ) -> Result<T::Value, ConfigError> {
        let text = if T::RAW {
            self.raw(name, spec)?
        } else {
            Cow::Owned(self.evaluate_as(name, spec)?)
        };
        let unit = if spec.kind == Kind::Time {
            self.time_unit(spec)?
        } else {
            's'
        };
        T::parse(&Text {
            name,
            text: &text,
            spec,
            unit,
        })
        .map_err(|error| self.located(name, &error.to_string()))
    }

    /// The expanded text of every setting, for proxymap(8): it serves tables that other programs
    /// name, in whatever parameter.
    pub fn texts(&self) -> Vec<String> {
        self.settings
            .iter()
            .filter_map(|(name, setting)| self.expand(name, &setting.value).ok())
            .collect()
    }

    /// The text of a restriction class or another setting that the administrator named.
    pub fn user_defined(&self, name: &str) -> Result<Option<String>, ConfigError> {
        match self.settings.get(name) {
            Some(setting) => self.expand(name, &setting.value).map(Some),
            None => Ok(None),
        }
    }

    /// Expands a text that belongs to `name`, with the settings and defaults as names.
    pub fn expand(&self, name: &str, text: &str) -> Result<String, ConfigError> {
        if !text.contains('$') {
            return Ok(text.to_string());
        }
        let mut lookup = |name: &str| Ok(self.evaluate(name)?.map(Cow::Owned));
        expand_with(text, &mut lookup).map_err(|error| match error {
            ConfigError::Syntax(why) => {
                let what = "dictionary mail_dict: macro processing error";
                self.located(name, &format!("{what}: {why}: {name} = {text}"))
            }
            other => other,
        })
    }

    /// The expanded text of `name`, whether it is set, declared or unknown.
    pub(crate) fn evaluate(&self, name: &str) -> Result<Option<String>, ConfigError> {
        let lookups = if self.depth.get() == 0 {
            0
        } else {
            self.lookups.get()
        };
        self.lookups.set(lookups + 1);
        if self.depth.get() >= NESTING_LIMIT || lookups >= LOOKUP_LIMIT {
            return Err(nesting(name));
        }
        self.depth.set(self.depth.get() + 1);
        let result = match (self.settings.get(name), params::find(name)) {
            (_, Some(spec)) => self.evaluate_as(name, spec).map(Some),
            (Some(setting), None) => self.expand(name, &setting.value).map(Some),
            (None, None) => Ok(None),
        };
        self.depth.set(self.depth.get() - 1);
        result
    }

    /// The expanded text of the declared parameter `name`.
    fn evaluate_as(&self, name: &str, spec: &Spec) -> Result<String, ConfigError> {
        let raw = self.raw(name, spec)?;
        let text = self.expand(name, &raw)?;
        if name == "myorigin" && text.starts_with('/') {
            return crate::computed::read_name_file(Path::new(&text));
        }
        Ok(text)
    }

    /// The text of the declared parameter `name` before expansion.
    pub(crate) fn raw(&self, name: &str, spec: &Spec) -> Result<Cow<'_, str>, ConfigError> {
        match self.settings.get(name) {
            Some(setting) => Ok(Cow::Borrowed(&setting.value)),
            None => self.default_text(spec),
        }
    }

    /// The default of a parameter, before expansion, computed where it depends on the system.
    pub(crate) fn default_text(&self, spec: &Spec) -> Result<Cow<'static, str>, ConfigError> {
        Ok(match crate::computed::default_of(self, spec.name)? {
            Some(text) => Cow::Owned(text),
            None => Cow::Borrowed(spec.default),
        })
    }

    /// The unit of a time without unit: the first letter of the expanded default.
    fn time_unit(&self, spec: &Spec) -> Result<char, ConfigError> {
        let default = self.expand(spec.name, spec.default)?;
        Ok(default
            .chars()
            .find(char::is_ascii_alphabetic)
            .unwrap_or('s'))
    }

    /// The error `why`, followed by the place of the setting `name` where it is in the file.
    pub(crate) fn located(&self, name: &str, why: &str) -> ConfigError {
        match self.settings.get(name).and_then(|setting| setting.line) {
            Some(line) => ConfigError::Value(format!("{why} ({}, line {line})", self.file())),
            None => ConfigError::Value(why.to_string()),
        }
    }
}

/// The bytes of a file of reasonable size.
///
/// # Errors
/// It cannot be read, or is larger than a configuration file can be.
pub fn read_bounded(path: &Path) -> Result<Vec<u8>, ConfigError> {
    let unreadable = |source| ConfigError::Unreadable {
        path: path.to_path_buf(),
        source,
    };
    // One read for the usual file.
    let mut text = Vec::with_capacity(32 << 10);
    let file = File::open(path).map_err(unreadable)?;
    let read = file
        .take(SIZE_LIMIT + 1)
        .read_to_end(&mut text)
        .map_err(unreadable)?;
    if read as u64 > SIZE_LIMIT {
        let why = format!("{}: file is larger than {SIZE_LIMIT} bytes", path.display());
        return Err(ConfigError::Syntax(why));
    }
    Ok(text)
}

#[cfg(test)]
mod tests;
