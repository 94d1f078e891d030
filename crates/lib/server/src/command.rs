// SPDX-License-Identifier: MIT OR Apache-2.0
//! The start of a program that people run.
//!
//! First [`begin`], before anything else: it closes what was left open, and logs to standard
//! error and the log. Then the program reads its options, and [`configure`] finds `main.cf` and
//! logs as it says.
//!
//! *Invariants*: a set-gid program trusts no environment, keeps no inherited descriptors, never
//! runs set-uid, and accepts a configuration directory only if the built-in `main.cf` lists it.
//!
//! *Errors*: texts for a fatal line; the program knows its exit code.
//!
//! *Postfix:* mail_task(3), maillog_client(3), mail_conf_read(3), clean_env(3).

use crate::start::{facility, process_name};
use config::MainCf;
use runtime::log::{self, Setup};
use std::path::{Path, PathBuf};

config::select! {
    /// What every command reads.
    struct Params {
        maillog_file,
        myhostname,
        postlog_service_name,
        queue_directory,
        syslog_facility,
        syslog_name,
    }
}

/// Whose rights a command has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rights {
    /// Those of whoever runs it.
    Invoker,
    /// Also those of `setgid_group`.
    SetGid,
}

/// A command whose configuration is known.
pub struct Command {
    /// The name under which it was started: `mailq` and `sendmail` are one program.
    pub process: String,
    /// `main.cf`.
    pub main_cf: MainCf,
    /// `queue_directory`, since most commands reach into it.
    pub queue_directory: PathBuf,
    /// `syslog_name`, the first half of the tag.
    pub syslog_name: String,
}

/// The first act of a command; gives the name under which it was started.
///
/// A set-gid program that finds itself set-uid ends here.
#[must_use]
pub fn begin(name: &str, rights: Rights) -> String {
    sys::fd::ensure_stdio();
    let process = process_name(std::env::args_os().next(), name);
    if rights == Rights::SetGid {
        sys::fd::close_from(3);
    }
    log::early(&process, true, !sys::users::is_set_id());
    log::catch_panics();
    if rights == Rights::SetGid && sys::users::effective_uid() != sys::users::real_uid() {
        log::fatal_status(
            runtime::exit::FATAL,
            format_args!("the {process} command must not run as a set-uid process"),
        );
    }
    process
}

/// Reads `main.cf` of the directory that `-c` names, or the environment, or of the built-in one;
/// then logs as it says, and checks what every program checks: names and accounts.
///
/// # Errors
/// The directory is not allowed, or the file cannot be used.
pub fn configure(process: &str, directory: Option<&Path>) -> Result<Command, String> {
    configure_with(process, directory, &[])
}

/// As [`configure`], with overrides `name=value`.
///
/// # Errors
/// As [`configure`]; or an override is malformed.
pub fn configure_with(
    process: &str,
    directory: Option<&Path>,
    overrides: &[String],
) -> Result<Command, String> {
    configured(process, directory, overrides, true)
}

/// As [`configure`], logging to standard error only if `stderr`.
///
/// # Errors
/// As [`configure`].
pub fn configure_logging_to(
    process: &str,
    directory: Option<&Path>,
    stderr: bool,
) -> Result<Command, String> {
    configured(process, directory, &[], stderr)
}

fn configured(
    process: &str,
    directory: Option<&Path>,
    overrides: &[String],
    stderr: bool,
) -> Result<Command, String> {
    let directory = config::locate(directory).map_err(|error| error.to_string())?;
    let mut main_cf = MainCf::read(&directory).map_err(|error| error.to_string())?;
    main_cf.define("process_name", process);
    for assignment in overrides {
        main_cf
            .override_with(assignment)
            .map_err(|error| error.to_string())?;
    }
    let params = crate::start::with_warnings(&main_cf, Params::load(&main_cf))?;
    start_log(process, &main_cf, &params, stderr)?;
    crate::start::with_warnings(&main_cf, config::verify(&main_cf))?;
    Ok(Command {
        process: process.to_owned(),
        main_cf,
        queue_directory: params.queue_directory,
        syslog_name: params.syslog_name,
    })
}

/// Logs to where `main.cf` says.
fn start_log(process: &str, main_cf: &MainCf, params: &Params, stderr: bool) -> Result<(), String> {
    Setup {
        name: process,
        syslog_name: &params.syslog_name,
        syslog_facility: facility(main_cf, &params.syslog_facility)?,
        maillog_file: &params.maillog_file,
        queue_directory: &params.queue_directory,
        postlog_service_name: &params.postlog_service_name,
        myhostname: &params.myhostname,
        stderr,
        // Commands also log while the mail system is down. Whether this caller may write the
        // file is for the file's mode to say; a program with rights of its own does not try.
        may_write_file: !sys::users::is_set_id(),
    }
    .apply();
    Ok(())
}
