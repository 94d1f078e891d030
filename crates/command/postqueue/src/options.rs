// SPDX-License-Identifier: MIT OR Apache-2.0
//! The command line of postqueue(1).

use runtime::options::{Opt, Options};
use std::ffi::OsString;
use std::path::PathBuf;

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// `-f`: try all mail again.
    Flush,
    /// `-i`: try one message again.
    FlushMessage(String),
    /// `-s`: try the mail for one site again.
    FlushSite(String),
    /// `-p`: list the queue for people.
    List,
    /// `-j`: list the queue for programs.
    ListJson,
}

/// A whole command line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Command {
    /// What to do.
    pub(crate) action: Action,
    /// `-c`.
    pub(crate) config_directory: Option<PathBuf>,
    /// `-v`, counted.
    pub(crate) verbose: u8,
}

/// The usage, as the original prints it.
pub(crate) const USAGE: &str = "usage: postqueue -f | postqueue -i queueid | postqueue -j | \
                                postqueue -p | postqueue -s site";

/// Parses the arguments after the program's name.
///
/// # Errors
/// The text for standard error, if there is more to say than the usage.
pub(crate) fn parse(arguments: Vec<OsString>) -> Result<Command, Option<String>> {
    let mut options = Options::new("c:fi:jps:v", arguments);
    let (mut action, mut config_directory, mut verbose) = (None, None, 0u8);
    for option in options.by_ref() {
        let text = |value: OsString| value.into_string().map_err(|_| None);
        let asked = match option {
            Opt::With('c', value) => {
                config_directory = Some(PathBuf::from(value));
                continue;
            }
            Opt::Letter('v') => {
                verbose = verbose.saturating_add(1);
                continue;
            }
            Opt::Letter('f') => Action::Flush,
            Opt::With('i', value) => Action::FlushMessage(text(value)?),
            Opt::With('s', value) => Action::FlushSite(text(value)?),
            Opt::Letter('j') => Action::ListJson,
            Opt::Letter('p') => Action::List,
            Opt::Bad(text) => return Err(Some(text)),
            Opt::Letter(_) | Opt::With(..) => return Err(None),
        };
        // Two actions at once make no sense.
        if action.replace(asked).is_some() {
            return Err(None);
        }
    }
    if !options.rest().is_empty() {
        return Err(None);
    }
    match action {
        Some(action) => Ok(Command {
            action,
            config_directory,
            verbose,
        }),
        None => Err(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Command, Option<String>> {
        parse(arguments.iter().map(OsString::from).collect())
    }

    #[test]
    fn one_action_and_general_options() {
        let command = parsed(&["-c", "/etc/x", "-v", "-iABC"]).unwrap();
        assert_eq!(command.action, Action::FlushMessage("ABC".into()));
        assert_eq!(command.config_directory, Some("/etc/x".into()));
        assert_eq!(command.verbose, 1);
        assert_eq!(parsed(&["-p"]).unwrap().action, Action::List);
    }

    #[test]
    fn none_two_and_unknown_are_refused() {
        assert_eq!(parsed(&[]), Err(None));
        assert_eq!(parsed(&["-p", "-f"]), Err(None));
        assert_eq!(parsed(&["-p", "x"]), Err(None));
        assert_eq!(parsed(&["-Z"]), Err(Some("invalid option -- 'Z'".into())));
        assert!(parsed(&["-i"]).is_err());
    }
}
