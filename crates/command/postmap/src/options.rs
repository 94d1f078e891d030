// SPDX-License-Identifier: MIT OR Apache-2.0
//! The command line.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

use maps::Terminator;
use maps::build::Duplicates;
use maps::maintain::{Content, Permissions, Style};
use runtime::log;
use runtime::options::{Opt, Options};

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

/// The letters, as getopt(3) wants them.
const LETTERS: &str = "fFijnNoprsuvwc:d:q:";

/// Reads the command line, without the program's name.
///
/// # Errors
/// The text of a fatal error.
pub(crate) fn parse(words: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
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
    let mut options = Options::new(LETTERS, words);
    for option in options.by_ref() {
        match option {
            Opt::With('c', value) => command.config_directory = Some(value.into()),
            Opt::With('d', key) => choose(&mut command.action, Action::Delete(key.into_vec()))?,
            Opt::With('q', key) => choose(&mut command.action, Action::Query(key.into_vec()))?,
            Opt::Letter('s') => choose(&mut command.action, Action::List)?,
            Opt::Letter('f') => command.fold = false,
            Opt::Letter('F') => command.content = Content::Files,
            Opt::Letter('i') => incremental = true,
            Opt::Letter('j') => command.style = Style::Json,
            Opt::Letter('n') => command.terminator = Terminator::None,
            Opt::Letter('N') => command.terminator = Terminator::Nul,
            Opt::Letter('o') => command.permissions.as_owner = false,
            Opt::Letter('p') => command.permissions.from_source = false,
            Opt::Letter('r') => command.duplicates = Duplicates::Replace,
            Opt::Letter('u') => command.utf8 = false,
            Opt::Letter('v') => log::set_verbose(log::verbose_level().saturating_add(1)),
            Opt::Letter('w') => command.duplicates = Duplicates::Ignore,
            Opt::Bad(what) => return Err(wrong(&what)),
            Opt::Letter(_) | Opt::With(..) => return Err(USAGE.to_owned()),
        }
    }
    command.tables = options
        .rest()
        .iter()
        .map(|table| table.to_string_lossy().into_owned())
        .collect();
    if incremental && command.action == Action::Build {
        command.action = Action::Update;
    }
    if command.tables.is_empty() {
        return Err(USAGE.to_owned());
    }
    Ok(command)
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
