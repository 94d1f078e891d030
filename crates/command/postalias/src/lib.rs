// SPDX-License-Identifier: MIT OR Apache-2.0
#![doc = include_str!("../postalias.1.md")]
//!
//! *Privileges:* those of the caller; with root's rights a table is made as the owner of its
//! source file (unless `-o`).
//!
//! *Errors:* one line `postalias: fatal: ...` and exit code 1.
//!
//! *Postfix:* postalias(1).

mod options;
mod params;
#[cfg(test)]
mod tests;

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;
use std::time::SystemTime;

use maps::build::Settings;
use maps::maintain::{self, Aliases, Content, Source, Target};
use runtime::log;
use server::command::{self, Rights};

use options::{Action, Command};

/// Reads main.cf and logs as it says.
fn configure(process: &str, command: &Command) -> Result<(params::Params, maps::Options), String> {
    let configured = command::configure(process, command.config_directory.as_deref())?;
    let params = params::Params::load(&configured.main_cf).map_err(|error| error.to_string())?;
    let options = maps::Options::of(&params.tables).with_main_cf(&configured.main_cf);
    Ok((params, options))
}

/// The program: arguments, configuration, action.
pub fn main() -> ExitCode {
    // Tables are for reading by everybody, unless their source is not.
    sys::files::umask(0o022);
    let process = command::begin("postalias", Rights::Invoker);
    let command = match options::parse(std::env::args_os().skip(1)) {
        Ok(command) => command,
        Err(error) => log::fatal(error),
    };
    let (params, options) = match configure(&process, &command) {
        Ok(configured) => configured,
        Err(text) => log::fatal(text),
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let result = run(&command, &params, options, &mut out).and_then(|done| {
        out.flush()
            .map(|()| done)
            .map_err(|error| error.to_string())
    });
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(text) => log::fatal(text),
    }
}

fn seconds_now() -> u64 {
    SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
}

/// Acts; false means "not found".
fn run(
    command: &Command,
    params: &params::Params,
    mut options: maps::Options,
    out: &mut dyn Write,
) -> Result<bool, String> {
    let targets: Vec<Target> = command
        .tables
        .iter()
        .map(|argument| Target::parse(argument, &params.default_database_type))
        .collect();
    let utf8 = params.smtputf8_enable && command.utf8;
    options.databases = Some(databases::open);
    options.fold = command.fold;
    options.utf8 = utf8;
    let settings = Settings {
        fold: command.fold,
        duplicates: command.duplicates,
        terminator: command.terminator,
        mode: 0o644,
    };
    let source = Source {
        aliases: Some(Aliases {
            master_name: &params.myhostname,
            now: seconds_now(),
        }),
        content: Content::Text,
        utf8,
        permissions: command.permissions,
    };
    let mut input = io::stdin().lock();
    match &command.action {
        Action::Query(key) if key == b"-" => maintain::query_lines(
            &targets,
            &mut input,
            &options,
            Content::Text,
            command.style,
            out,
        ),
        Action::Query(key) => {
            maintain::query(&targets, key, &options, Content::Text, command.style, out)
        }
        Action::Delete(key) => {
            let keys = if key == b"-" {
                maintain::keys(&mut input)?
            } else {
                vec![key.clone()]
            };
            maintain::delete(&targets, &keys, &options, &settings)
        }
        Action::List => targets.first().map_or(Ok(true), |target| {
            maintain::list(target, &options, Content::Text, command.style, out).map(|()| true)
        }),
        Action::Build => targets
            .iter()
            .try_for_each(|target| maintain::rebuild(target, &source, &settings))
            .map(|()| true),
        Action::Update => targets
            .iter()
            .try_for_each(|target| maintain::update_from(target, &mut input, &source, &settings))
            .map(|()| true),
    }
}
