// SPDX-License-Identifier: MIT OR Apache-2.0
//! The command line.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

use lexopt::Arg;
use maps::build::{Duplicates, Terminator};
use maps::maintain::{Content, Permissions, Style};
use runtime::log;

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Make tables from their source files.
    Build,
    /// Add entries from standard input.
    Update,
    /// Print the value of a key; `-` reads keys from standard input.
    Query(Vec<u8>),
    /// Delete a key; `-` reads keys from standard input.
    Delete(Vec<u8>),
    /// Print all entries.
    List,
}

/// A command line that can be carried out.
#[derive(Debug)]
pub(crate) struct Command {
    pub(crate) config_directory: Option<PathBuf>,
    pub(crate) action: Action,
    pub(crate) tables: Vec<String>,
    pub(crate) fold: bool,
    pub(crate) utf8: bool,
    pub(crate) duplicates: Duplicates,
    pub(crate) terminator: Terminator,
    pub(crate) content: Content,
    pub(crate) permissions: Permissions,
    pub(crate) style: Style,
}

const USAGE: &str = "usage: postmap [-fFijnNoprsuvw] [-c config_dir] [-d key] [-q key] \
    [map_type:]file...";

/// Reads the command line.
///
/// # Errors
/// The text of a fatal error.
pub(crate) fn parse(mut parser: lexopt::Parser) -> Result<Command, String> {
    let mut command = Command {
        config_directory: None,
        action: Action::Build,
        tables: Vec::new(),
        fold: true,
        utf8: true,
        duplicates: Duplicates::Warn,
        terminator: Terminator::Usual,
        content: Content::Text,
        permissions: Permissions {
            as_owner: true,
            from_source: true,
        },
        style: Style::Map,
    };
    let mut incremental = false;
    loop {
        let argument = match parser.next() {
            Ok(Some(argument)) => argument,
            Ok(None) => break,
            Err(error) => return Err(wrong(&error.to_string())),
        };
        match argument {
            Arg::Short('c') => command.config_directory = Some(value(&mut parser, 'c')?.into()),
            Arg::Short('d') => {
                let key = value(&mut parser, 'd')?.into_vec();
                choose(&mut command.action, Action::Delete(key))?;
            }
            Arg::Short('q') => {
                let key = value(&mut parser, 'q')?.into_vec();
                choose(&mut command.action, Action::Query(key))?;
            }
            Arg::Short('s') => choose(&mut command.action, Action::List)?,
            Arg::Short('f') => command.fold = false,
            Arg::Short('F') => command.content = Content::Files,
            Arg::Short('i') => incremental = true,
            Arg::Short('j') => command.style = Style::Json,
            Arg::Short('n') => command.terminator = Terminator::None,
            Arg::Short('N') => command.terminator = Terminator::Nul,
            Arg::Short('o') => command.permissions.as_owner = false,
            Arg::Short('p') => command.permissions.from_source = false,
            Arg::Short('r') => command.duplicates = Duplicates::Replace,
            Arg::Short('u') => command.utf8 = false,
            Arg::Short('v') => log::set_verbose(log::verbose_level().saturating_add(1)),
            Arg::Short('w') => command.duplicates = Duplicates::Ignore,
            Arg::Short(other) => return Err(wrong(&format!("invalid option -- '{other}'"))),
            Arg::Long(other) => return Err(wrong(&format!("invalid option -- '{other}'"))),
            Arg::Value(table) => command.tables.push(table.to_string_lossy().into_owned()),
        }
    }
    if incremental && command.action == Action::Build {
        command.action = Action::Update;
    }
    if command.tables.is_empty() {
        return Err(USAGE.to_owned());
    }
    Ok(command)
}

fn value(parser: &mut lexopt::Parser, option: char) -> Result<OsString, String> {
    parser
        .value()
        .map_err(|_missing| wrong(&format!("option requires an argument -- '{option}'")))
}

fn choose(action: &mut Action, chosen: Action) -> Result<(), String> {
    if *action != Action::Build {
        let or = if chosen == Action::List {
            "-s or -q or -d"
        } else {
            "-s -q or -d"
        };
        return Err(format!("specify only one of {or}"));
    }
    *action = chosen;
    Ok(())
}

/// What is wrong goes to standard error, the usage to the log as well.
fn wrong(what: &str) -> String {
    #[expect(clippy::print_stderr, reason = "a command tells its user, not the log")]
    {
        eprintln!("postmap: {what}");
    }
    USAGE.to_owned()
}
