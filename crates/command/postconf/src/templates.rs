// SPDX-License-Identifier: MIT OR Apache-2.0
//! Templates of notices, `-b` and `-t`: bounce(8) knows them, and becomes this process.
//!
//! *Postfix:* the bounce part of `postconf/postconf`, `global/mail_run`.

use std::path::Path;

use config::{MainCf, params};
use sys::spawn::Spawn;

use crate::Failure;

/// Runs bounce(8), which prints the templates; `expand` is whether `$name` is replaced.
///
/// # Errors
/// It cannot be run.
pub(crate) fn print(directory: &Path, expand: bool, file: Option<&str>) -> Result<(), Failure> {
    let main_cf = MainCf::read(directory)?;
    let program = main_cf.load::<params::daemon_directory>()?.join("bounce");
    let service = if expand {
        "expand_templates"
    } else {
        "dump_templates"
    };
    let mut spawn = Spawn::new(&program)
        .args(["-SVn", service])
        .env("MAIL_CONFIG", directory);
    if let Some(file) = file {
        spawn = spawn.args(["-o".to_string(), format!("bounce_template_file={file}")]);
    }
    // The file may be named from here, and bounce has no business in the queue.
    let error = spawn.args(["-o", "queue_directory=."]).exec();
    Err(Failure::Fatal(format!(
        "exec {}: {}",
        program.display(),
        config::reason(&error)
    )))
}
