// SPDX-License-Identifier: MIT OR Apache-2.0
//! The command lines of postmap and postalias: one program with two source syntaxes.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

use runtime::log;
use runtime::options::{Opt, Options as Letters, complain};

use super::message::MessageKeys;
use super::{Content, Permissions, Style};
use crate::Terminator;
use crate::build::Duplicates;

/// Which of the two commands runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// `key value`.
    Postmap,
    /// `name: value, value`.
    Postalias,
}

impl Program {
    const fn name(self) -> &'static str {
        match self {
            Self::Postmap => "postmap",
            Self::Postalias => "postalias",
        }
    }

    /// The letters, as getopt(3) wants them.
    const fn letters(self) -> &'static str {
        match self {
            Self::Postmap => "bfFhijmnNoprsuUvwc:d:q:",
            Self::Postalias => "Nfijnoprsuvwc:d:q:",
        }
    }

    const fn usage(self) -> &'static str {
        match self {
            Self::Postmap => {
                "usage: postmap [-bfFhijmnNoprsuUvw] [-c config_dir] [-d key] [-q key] \
                 [map_type:]file..."
            }
            Self::Postalias => {
                "usage: postalias [-Nfijnoprsuvw] [-c config_dir] [-d key] [-q key] \
                 [map_type:]file..."
            }
        }
    }
}

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Action {
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
pub(super) struct Command {
    pub(super) config_directory: Option<PathBuf>,
    pub(super) action: Action,
    pub(super) tables: Vec<String>,
    pub(super) fold: bool,
    pub(super) utf8: bool,
    pub(super) terminator: Terminator,
    pub(super) duplicates: Duplicates,
    pub(super) content: Content,
    pub(super) permissions: Permissions,
    pub(super) style: Style,
    pub(super) message_keys: MessageKeys,
    /// `-b` and `-h` do not switch UTF-8 off.
    pub(super) force_utf8: bool,
}

impl Command {
    fn new(program: Program) -> Self {
        Self {
            config_directory: None,
            action: Action::Build,
            tables: Vec::new(),
            fold: true,
            utf8: true,
            terminator: Terminator::Usual,
            duplicates: Duplicates::Warn,
            content: Content::Text,
            permissions: Permissions {
                as_owner: true,
                from_source: true,
            },
            style: match program {
                Program::Postmap => Style::Map,
                Program::Postalias => Style::Aliases,
            },
            message_keys: MessageKeys::default(),
            force_utf8: false,
        }
    }

    /// The options without argument that set one thing; false for others.
    fn switch(&mut self, letter: char) -> bool {
        match letter {
            'b' => self.message_keys.body = true,
            'f' => self.fold = false,
            'F' => self.content = Content::Files,
            'h' => self.message_keys.headers = true,
            'j' => self.style = Style::Json,
            'm' => self.message_keys.mime = true,
            'n' => self.terminator = Terminator::None,
            'N' => self.terminator = Terminator::Nul,
            'o' => self.permissions.as_owner = false,
            'p' => self.permissions.from_source = false,
            'r' => self.duplicates = Duplicates::Replace,
            'u' => self.utf8 = false,
            'U' => self.force_utf8 = true,
            'v' => log::set_verbose(log::verbose_level().saturating_add(1)),
            'w' => self.duplicates = Duplicates::Ignore,
            _ => return false,
        }
        true
    }

    fn choose(&mut self, chosen: Action) -> Result<(), String> {
        let again = self.action == Action::List && chosen == Action::List;
        if self.action != Action::Build && !again {
            let or = if chosen == Action::List {
                "-s or -q or -d"
            } else {
                "-s -q or -d"
            };
            return Err(format!("specify only one of {or}"));
        }
        self.action = chosen;
        Ok(())
    }
}

/// Reads the command line, without the program's name.
///
/// # Errors
/// The text of a fatal error.
pub(super) fn parse(
    program: Program,
    words: impl IntoIterator<Item = OsString>,
) -> Result<Command, String> {
    let mut command = Command::new(program);
    let mut incremental = false;
    let mut letters = Letters::new(program.letters(), words);
    for option in letters.by_ref() {
        match option {
            Opt::With('c', value) => command.config_directory = Some(value.into()),
            Opt::With('d', key) => command.choose(Action::Delete(key.into_vec()))?,
            Opt::With('q', key) => command.choose(Action::Query(key.into_vec()))?,
            Opt::Letter('s') => command.choose(Action::List)?,
            Opt::Letter('i') => incremental = true,
            Opt::Letter(letter) if command.switch(letter) => {}
            Opt::Bad(what) => {
                complain(program.name(), &what);
                return Err(program.usage().to_owned());
            }
            Opt::Letter(_) | Opt::With(..) => return Err(program.usage().to_owned()),
        }
    }
    if incremental && command.action == Action::Build {
        command.action = Action::Update;
    }
    let tables = letters.rest().into_iter();
    command.tables = tables
        .map(|table| table.to_string_lossy().into_owned())
        .collect();
    if command.tables.is_empty() && command.action != Action::List {
        return Err(program.usage().to_owned());
    }
    Ok(command)
}
