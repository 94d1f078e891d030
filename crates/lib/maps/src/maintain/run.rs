// SPDX-License-Identifier: MIT OR Apache-2.0
//! The program behind both commands: arguments, configuration, action.

use std::fs::{File, Metadata};
use std::io::{self, BufRead, BufWriter, Write};
use std::os::fd::AsFd;
use std::path::Path;
use std::process::ExitCode;
use std::time::SystemTime;

use config::MainCf;
use runtime::log;

use super::command_line::{self, Action, Command, Program};
use super::{Aliases, Source, Target, build, query};
use crate::build::Settings;
use crate::{Databases, Options};

config::select! {
    /// What both commands read from main.cf.
    pub(super) struct Site {
        default_database_type,
        myhostname,
        tables: crate::Params,
    }
}

/// Standard input: what it says, and what it is.
pub(super) struct Input<'a> {
    pub(super) text: &'a mut dyn BufRead,
    /// The file, if it can be told.
    pub(super) metadata: Option<Metadata>,
}

/// Runs one of the commands. `databases` opens tables of types whose clients are libraries of
/// their own; `configure` reads main.cf of the directory that `-c` names, and
/// logs as it says.
///
/// All that goes wrong is one fatal line, and exit code 1; "not found" is exit code 1 without a
/// line.
pub fn main(
    program: Program,
    databases: Databases,
    configure: impl FnOnce(Option<&Path>) -> Result<MainCf, String>,
) -> ExitCode {
    // Tables are for reading by everybody, unless their source is not.
    sys::files::umask(0o022);
    let arguments = std::env::args_os().skip(1);
    let done = command_line::parse(program, arguments).and_then(|command| {
        let main_cf = configure(command.config_directory.as_deref())?;
        let site = Site::load(&main_cf).map_err(|error| error.to_string())?;
        let stdin = io::stdin();
        let metadata = stdin.as_fd().try_clone_to_owned();
        let metadata = metadata.and_then(|fd| File::from(fd).metadata()).ok();
        let mut text = stdin.lock();
        let mut input = Input {
            text: &mut text,
            metadata,
        };
        let mut out = BufWriter::new(io::stdout().lock());
        let mut options = Options::of(&site.tables).with_main_cf(&main_cf);
        options.databases = Some(databases);
        let found = run(program, &command, &site, options, &mut input, &mut out)?;
        out.flush().map_err(|error| error.to_string())?;
        Ok(found)
    });
    match done {
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
pub(super) fn run(
    program: Program,
    command: &Command,
    site: &Site,
    mut options: Options,
    input: &mut Input<'_>,
    out: &mut dyn Write,
) -> Result<bool, String> {
    let keys = command.message_keys;
    if keys.any() && command.action != Action::Query(b"-".to_vec()) {
        return Err("specify -b -h or -m only with \"-q -\"".to_owned());
    }
    options.open_error_is_fatal = true;
    options.fold = command.fold;
    options.utf8 &= command.utf8;
    options.terminator = command.terminator;
    if keys.mime && !keys.wanted() {
        log::warning("ignoring -m option without -b or -h");
    }
    if keys.wanted() && !command.force_utf8 {
        options.utf8 = false;
    }
    let tables = command.tables.iter();
    let targets: Vec<Target> = tables
        .map(|argument| Target::parse(argument, &site.default_database_type))
        .collect();
    let settings = Settings {
        stored: options.clone(),
        duplicates: command.duplicates,
        mode: 0o644,
    };
    let source = Source {
        aliases: (program == Program::Postalias).then(|| Aliases {
            master_name: &site.myhostname,
            now: seconds_now(),
        }),
        content: command.content,
        permissions: command.permissions,
    };
    let mut queries = query::Queries::new(&targets, &options, command.content, command.style, out);
    match &command.action {
        Action::Query(key) if key == b"-" && keys.wanted() => {
            queries.message(&mut *input.text, keys)
        }
        Action::Query(key) if key == b"-" => queries.lines(&mut *input.text),
        Action::Query(key) => queries.one(key),
        Action::Delete(key) if key == b"-" => {
            query::delete(&targets, &query::keys(&mut *input.text)?, &settings)
        }
        Action::Delete(key) => query::delete(&targets, std::slice::from_ref(key), &settings),
        Action::List => queries.list(),
        Action::Build => targets
            .iter()
            .try_for_each(|target| build::rebuild(target, &source, &settings))
            .map(|()| true),
        Action::Update => targets
            .iter()
            .try_for_each(|target| build::update_from(target, input, &source, &settings))
            .map(|()| true),
    }
}
