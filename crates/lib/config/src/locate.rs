// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where the configuration is: option `-c`, environment `MAIL_CONFIG`, or the built-in place.
//!
//! *Invariants*: a set-id program that somebody else than the super-user runs accepts another
//! directory than the built-in one only if `main.cf` there lists it, in
//! `alternate_config_directories` or `multi_instance_directories`.
//!
//! *Postfix:* `global/mail_conf.c`.

use std::path::{Path, PathBuf};

use crate::error::ConfigError;
use crate::lines::{logical_lines, split_assignment};
use crate::main_cf::read_bounded;
use crate::table::built_in;
use crate::value::words;

/// The built-in configuration directory.
pub const DEFAULT_DIRECTORY: &str =
    built_in(option_env!("POSTHORN_CONFIG_DIRECTORY"), "/etc/postfix");

/// The configuration directory that this process should read; `option` is what `-c` gave.
pub fn locate(option: Option<&Path>) -> Result<PathBuf, ConfigError> {
    let environment = std::env::var_os("MAIL_CONFIG").filter(|value| !value.is_empty());
    let trusted = sys::users::real_uid() == 0 && sys::users::effective_uid() == 0;
    let chosen = match (option, environment) {
        (Some(directory), _) => directory.to_path_buf(),
        (None, Some(directory)) => PathBuf::from(directory),
        (None, None) => return Ok(PathBuf::from(DEFAULT_DIRECTORY)),
    };
    if chosen != Path::new(DEFAULT_DIRECTORY) && !trusted && sys::users::is_set_id() {
        authorize(&chosen, Path::new(DEFAULT_DIRECTORY))?;
    }
    Ok(chosen)
}

/// Checks that `main.cf` of the directory `default` lists `chosen`.
fn authorize(chosen: &Path, default: &Path) -> Result<(), ConfigError> {
    let file = default.join("main.cf");
    let text = read_bounded(&file)?;
    let text = String::from_utf8_lossy(&text);
    for line in logical_lines(&text) {
        let Ok((name, value)) = split_assignment(&line.text) else {
            continue;
        };
        let lists = ["alternate_config_directories", "multi_instance_directories"];
        if lists.contains(&name) && words(value).any(|word| Path::new(word) == chosen) {
            return Ok(());
        }
    }
    let (chosen, file) = (chosen.display(), file.display());
    Err(ConfigError::Value(format!(
        "unauthorized configuration directory name: {chosen}; specify \
         \"alternate_config_directories = {chosen}\" or \
         \"multi_instance_directories = {chosen}\" in {file}"
    )))
}

#[cfg(test)]
mod tests {
    use super::authorize;
    use std::path::Path;

    #[test]
    fn only_listed_directories_are_authorized() {
        let default = tempfile::tempdir().expect("a directory");
        let text = "alternate_config_directories = /one,\n    /two\n";
        std::fs::write(default.path().join("main.cf"), text).expect("it is written");
        assert!(authorize(Path::new("/two"), default.path()).is_ok());
        let error = authorize(Path::new("/three"), default.path()).map_err(|e| e.to_string());
        let start = "unauthorized configuration directory name: /three";
        assert!(error.is_err_and(|why| why.starts_with(start)));
        assert!(authorize(Path::new("/one"), Path::new("/nowhere")).is_err());
    }
}
