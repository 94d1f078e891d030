// SPDX-License-Identifier: MIT OR Apache-2.0
#![doc = include_str!("../postconf.1.md")]
//!
//! *Privileges*: none; it reads and writes files as the user who runs it.
//!
//! In reading order: `options`, [`mod@known`] (which names mean something), `show` (main.cf),
//! `services` (master.cf), `output` (how lines are printed), `explain`, `edit`.

mod edit;
mod explain;
mod known;
mod options;
mod output;
mod services;
mod show;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use config::{ConfigError, MainCf};
use runtime::log;

use options::{Action, Request};

/// Why the program cannot go on.
#[derive(Debug)]
enum Failure {
    /// To be said, with exit status 1.
    Fatal(String),
    /// Standard output is gone.
    Output(io::Error),
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Failure::Fatal(error.to_string())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Output(error)
    }
}

/// Runs the program with the arguments of this process.
pub fn main() -> ExitCode {
    let mut words = std::env::args_os();
    let name = words.next().unwrap_or_default();
    log::start("postconf", vec![log::Sink::Stderr]);
    log::set_name(&name.to_string_lossy());
    let mut out = Vec::new();
    let result = run(words.collect(), &mut out);
    // What was printed before trouble is still worth having.
    let written = io::stdout()
        .write_all(&out)
        .and_then(|()| io::stdout().flush());
    match result.and(written.map_err(Failure::Output)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::FAILURE
        }
        Err(Failure::Output(error)) => {
            log::at(log::Severity::Fatal, format_args!("write error: {error}"));
            ExitCode::FAILURE
        }
        Err(Failure::Fatal(why)) => {
            log::at(log::Severity::Fatal, why);
            ExitCode::FAILURE
        }
    }
}

fn run(words: Vec<OsString>, out: &mut Vec<u8>) -> Result<(), Failure> {
    let request = Request::parse(words).map_err(Failure::Fatal)?;
    if let Some(list) = request.action.fixed_list() {
        for word in list {
            writeln!(out, "{word}")?;
        }
        return Ok(());
    }
    let option = request.directory.as_deref();
    let directory = config::locate(option)?;
    if let Action::Edit(change) = request.action {
        return edit::main_cf(&directory, change, &request.names);
    }
    let mut main_cf = MainCf::read(&directory)?;
    let chosen = option.is_some() || std::env::var_os("MAIL_CONFIG").is_some();
    if chosen && !main_cf.is_set("config_directory") {
        main_cf.define("config_directory", &directory.display().to_string());
    }
    for assignment in &request.overrides {
        main_cf.override_with(assignment)?;
    }
    warn(&main_cf);
    let services = services::read(&directory)?;
    let result = match request.action {
        Action::Parameters => show::parameters(&main_cf, &services, &request, out),
        Action::Services => services::show_entries(&main_cf, &services, &request, out),
        Action::Fields => services::show_fields(&main_cf, &services, &request, out),
        Action::ServiceParameters => services::show_parameters(&main_cf, &services, &request, out),
        Action::Explain => return explain::parameters(&main_cf, &services, &request.names, out),
        Action::Edit(_)
        | Action::MapTypes
        | Action::LockTypes
        | Action::ServerSasl
        | Action::ClientSasl => Ok(()),
    };
    warn(&main_cf);
    result?;
    show::warnings(&main_cf, &services, &request);
    Ok(())
}

/// Logs what the configuration has to say.
fn warn(main_cf: &MainCf) {
    for warning in main_cf.warnings() {
        log::warning(warning);
    }
}

/// The name of `main.cf` for messages.
fn file(main_cf: &MainCf, name: &str) -> String {
    PathBuf::from(main_cf.dir())
        .join(name)
        .display()
        .to_string()
}

#[cfg(test)]
mod tests;
