// SPDX-License-Identifier: MIT OR Apache-2.0
#![doc = include_str!("../postconf.1.md")]
//!
//! *Privileges*: none; it reads and writes files as the user who runs it.
//!
//! In reading order: `options`, `entry` (of master.cf), `pattern` (which entries), `known`
//! (which names mean something), `databases`, `scope` (what names stand for), `show` (main.cf),
//! `services` (master.cf), `unused`, `output` (how lines are printed), `explain`, `edit`,
//! `lists`, `templates`.

mod databases;
mod edit;
mod entry;
mod explain;
mod known;
mod lists;
mod options;
mod output;
mod pattern;
mod scope;
mod services;
mod show;
mod templates;
mod unused;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use config::{ConfigError, MainCf, inspect};
use runtime::log;

use options::{Action, Request, Subject};

/// Why the program cannot go on.
#[derive(Debug)]
enum Failure {
    /// To be said, with exit status 1.
    Fatal(String),
    /// Exit status 1; it has been said.
    Silent,
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
    let failure = match run(words.collect(), &mut io::stdout().lock()) {
        Ok(()) => return ExitCode::SUCCESS,
        Err(failure) => failure,
    };
    match failure {
        Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        Failure::Output(error) => {
            log::at(log::Severity::Fatal, format_args!("write error: {error}"));
        }
        Failure::Fatal(why) => log::at(log::Severity::Fatal, why),
        Failure::Silent => {}
    }
    ExitCode::FAILURE
}

fn run(words: Vec<OsString>, out: &mut impl Write) -> Result<(), Failure> {
    let request = Request::parse(words).map_err(Failure::Fatal)?;
    let directory = config::locate(request.directory.as_deref())?;
    match &request.action {
        Action::List(listing) => {
            for word in lists::words(listing)? {
                writeln!(out, "{word}")?;
            }
            Ok(())
        }
        Action::Templates { expand } => {
            let file = request.names.first().map(String::as_str);
            templates::print(&directory, *expand, file)
        }
        Action::Edit(Subject::Parameters, change) => {
            edit::main_cf::change(&directory, *change, &request.names)
        }
        Action::Edit(subject, change) => {
            edit::master_cf::change(&directory, *subject, *change, &request.names)
        }
        Action::Show(subject) => show(*subject, &directory, &request, out),
        Action::Explain => {
            let main_cf = read_main_cf(&directory, &request)?;
            let entries = services::read(&directory, false)?;
            warn(&main_cf);
            let mut text = Vec::new();
            let result = explain::parameters(&main_cf, &entries, &request.names, &mut text);
            warn(&main_cf);
            out.write_all(&text)?;
            result
        }
    }
}

/// Prints settings, and then warnings about those that nothing uses.
fn show(
    subject: Subject,
    directory: &Path,
    request: &Request,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let of_master_cf = subject != Subject::Parameters;
    // What is missing is told of the file that it is about.
    let early = of_master_cf
        .then(|| services::read(directory, true))
        .transpose()?;
    let mut main_cf = if request.defaults {
        MainCf::from_text(directory, "")?
    } else {
        read_main_cf(directory, request)?
    };
    let entries = match early {
        Some(entries) => entries,
        None => services::read(directory, false)?,
    };
    let (known, result) = if request.defaults {
        (known::declared(&entries), Ok(()))
    } else {
        known::find(&mut main_cf, &entries)
    };
    for complaint in &known.complaints {
        log::warning(complaint);
    }
    result?;
    let shown = services::Shown {
        main_cf: &main_cf,
        known: &known,
        entries: &entries,
        request,
    };
    let mut text = Vec::new();
    let result = match subject {
        Subject::Parameters => show::parameters(&main_cf, &known, request, &mut text),
        Subject::Entries => shown.entries(&mut text),
        Subject::Fields => shown.fields(&mut text),
        Subject::Settings => shown.parameters(&mut text),
    };
    warn(&main_cf);
    // What was printed before trouble is still worth having.
    out.write_all(&text)?;
    out.flush()?;
    result?;
    if !request.defaults {
        if !of_master_cf {
            unused::in_main_cf(&main_cf, &known, request.quiet);
        }
        unused::in_master_cf(&main_cf, &known, &entries, request.quiet);
    }
    Ok(())
}

/// Reads main.cf, with the overrides of the command line.
fn read_main_cf(directory: &Path, request: &Request) -> Result<MainCf, Failure> {
    let mut main_cf = MainCf::read(directory)?;
    warn(&main_cf);
    let chosen = request.directory.is_some() || std::env::var_os("MAIL_CONFIG").is_some();
    if chosen {
        let directory = directory.display().to_string();
        match inspect::settings(&main_cf)
            .into_iter()
            .find(|setting| setting.name == "config_directory")
        {
            None => main_cf.define("config_directory", &directory),
            Some(setting) if setting.value != directory => log::warning(format_args!(
                "{}, line {}: overriding earlier entry: config_directory={directory}",
                main_cf.file(),
                setting.line.unwrap_or_default()
            )),
            Some(_) => {}
        }
    }
    for assignment in &request.overrides {
        let (name, value) = config::split_assignment(assignment).map_err(|why| {
            Failure::Fatal(format!("invalid parameter override: {assignment}: {why}"))
        })?;
        main_cf.define(name, value);
    }
    Ok(main_cf)
}

/// Logs what the configuration has to say.
fn warn(main_cf: &MainCf) {
    for warning in main_cf.warnings() {
        log::warning(warning);
    }
}

/// The name of a file of the configuration, for messages.
fn file(main_cf: &MainCf, name: &str) -> String {
    format!("{}/{name}", main_cf.dir().display())
}

#[cfg(test)]
mod tests;
