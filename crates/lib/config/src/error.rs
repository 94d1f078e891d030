// SPDX-License-Identifier: MIT OR Apache-2.0
//! The one error type of this crate.
//!
//! *Errors*: `Display` is the sentence that the original prints after `fatal: `.

use std::io;
use std::path::PathBuf;

/// Why a configuration cannot be used. The caller's only choice is to print it and stop.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file could not be opened or read.
    #[error("open {}: {}", path.display(), crate::error::reason(source))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A line does not follow the syntax; the text names file and line.
    #[error("{0}")]
    Syntax(String),
    /// A parameter has a value that cannot be used; the text names parameter and value.
    #[error("{0}")]
    Value(String),
}

/// The system's words for an error, without Rust's "(os error N)".
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text[..end].to_string(),
        None => text,
    }
}
