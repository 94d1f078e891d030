// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where the configuration is: option `-c`, environment `MAIL_CONFIG`, or the built-in place.

use std::path::{Path, PathBuf};

use crate::error::ConfigError;

/// The built-in configuration directory.
pub const DEFAULT_DIRECTORY: &str = match option_env!("POSTHORN_CONFIG_DIRECTORY") {
    Some(directory) => directory,
    None => "/etc/postfix",
};

/// The configuration directory that this process should read; `option` is what `-c` gave.
pub fn locate(option: Option<&Path>) -> Result<PathBuf, ConfigError> {
    Ok(option.map_or_else(|| PathBuf::from(DEFAULT_DIRECTORY), Path::to_path_buf))
}
