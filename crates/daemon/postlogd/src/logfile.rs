// SPDX-License-Identifier: MIT OR Apache-2.0
//! The log file.
//!
//! *Invariants*: its name begins with one of the prefixes that the administrator allows, so that
//! a mistake in `maillog_file` does not overwrite a file of the system; it is only ever appended
//! to.
//!
//! *Errors*: opening is fatal; writing is not, since there is nowhere to complain.
//!
//! *Postfix:* global/logwriter(3), maillog_client(3).

use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::fd::AsFd as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::rc::Rc;

/// Standard output by the name that `maillog_file` gives it.
const STDOUT: &str = "/dev/stdout";

/// A log file that is open for writing.
#[derive(Debug)]
pub(crate) struct LogFile {
    file: Rc<File>,
}

impl LogFile {
    /// Opens (and makes) the file; nothing when `path` is empty.
    ///
    /// # Errors
    /// No prefix allows it, the permissions are none of the known ones, or it cannot be opened.
    pub(crate) fn open(
        path: &str,
        prefixes: &str,
        permissions: &str,
    ) -> Result<Option<LogFile>, String> {
        if path.is_empty() {
            return Ok(None);
        }
        let mut allowed = prefixes
            .split([',', ' ', '\t', '\r', '\n'])
            .filter(|p| !p.is_empty());
        if !allowed.any(|prefix| path.starts_with(prefix)) {
            return Err(format!(
                "maillog_file value '{path}' does not match any prefix in maillog_file_prefixes"
            ));
        }
        let mode = match permissions {
            "600" | "0600" => 0o600,
            "640" | "0640" => 0o640,
            "644" | "0644" => 0o644,
            other => return Err(format!("invalid maillog_file_permissions value: {other}")),
        };
        let failed = |error: io::Error| format!("open logfile '{path}': {error}");
        let file = if path == STDOUT {
            File::from(io::stdout().as_fd().try_clone_to_owned().map_err(failed)?)
        } else {
            let mut options = OpenOptions::new();
            options.append(true).create(true).mode(mode);
            let file = options.open(path).map_err(failed)?;
            let kind = file.metadata().map_err(failed)?;
            // The mode of a new file is subject to the umask; that of an old one is corrected.
            if kind.is_file() && kind.permissions().mode() & 0o777 != mode {
                file.set_permissions(Permissions::from_mode(mode))
                    .map_err(failed)?;
            }
            file
        };
        Ok(Some(LogFile {
            file: Rc::new(file),
        }))
    }

    /// Writes lines at the end of the file. What cannot be written is lost.
    pub(crate) fn append(&self, lines: &[u8]) {
        if !lines.is_empty() {
            let _ = self.file.as_ref().write_all(lines);
        }
    }

    /// The file for another writer.
    pub(crate) fn share(&self) -> Rc<File> {
        Rc::clone(&self.file)
    }
}
