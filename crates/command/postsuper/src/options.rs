// SPDX-License-Identifier: MIT OR Apache-2.0
//! The command line of postsuper(1).

use queue::Queue;
use runtime::options::{Opt, Options};
use std::ffi::OsString;
use std::path::PathBuf;

/// What to do with messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Action {
    /// `-d`.
    Delete,
    /// `-r`.
    Requeue,
    /// `-h`.
    Hold,
    /// `-H`.
    Release,
    /// `-e`.
    Expire,
    /// `-f`: expire, and release from hold.
    ExpireAndRelease,
}

/// With which messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Which {
    /// `ALL`.
    All,
    /// `-`: the queue ids on standard input.
    Input,
    /// This one; not yet checked.
    Id(String),
}

/// How strictly names are compared with inode numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Structure {
    /// `-s`: short names only.
    Short,
    /// `-S`: long ones, too.
    Any,
}

/// A whole command line.
#[derive(Debug, PartialEq, Eq, Default)]
pub(crate) struct Command {
    /// What to do with which messages, in the order of the command line.
    pub(crate) orders: Vec<(Action, Which)>,
    /// `-s` or `-S`.
    pub(crate) structure: Option<Structure>,
    /// `-p`.
    pub(crate) purge: bool,
    /// The queues to work on; nothing means the usual ones of each action.
    pub(crate) queues: Vec<Queue>,
    /// `-c`.
    pub(crate) config_directory: Option<PathBuf>,
    /// `-v`, counted.
    pub(crate) verbose: u8,
}

/// The usage, as the original prints it.
pub(crate) const USAGE: &str = "usage: postsuper [-c config_dir] [-d queue_id (delete)] \
     [-e queue_id (expire)] [-f queue_id (expire and/or un-hold)] [-h queue_id (hold)] \
     [-H queue_id (un-hold)] [-p (purge temporary files)] [-r queue_id (requeue)] \
     [-s (structure fix)] [-S (redundant structure fix)][-v (verbose)] [queue...]";

/// What is wrong with a command line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Misuse {
    /// The usage says it; before it, what getopt(3) would print.
    Usage(Option<String>),
    /// A text for the fatal line.
    Fatal(String),
}

/// The queues that this program looks after, in the order of its work.
pub(crate) const QUEUES: [Queue; 9] = [
    Queue::Maildrop,
    Queue::Incoming,
    Queue::Active,
    Queue::Deferred,
    Queue::Hold,
    Queue::Trace,
    Queue::Defer,
    Queue::Bounce,
    Queue::Flush,
];

/// Parses the arguments after the program's name.
pub(crate) fn parse(arguments: Vec<OsString>) -> Result<Command, Misuse> {
    let mut options = Options::new("c:d:e:f:h:H:pr:sSv", arguments);
    let mut command = Command::default();
    for option in options.by_ref() {
        let action = match &option {
            Opt::With('d', _) => Action::Delete,
            Opt::With('r', _) => Action::Requeue,
            Opt::With('h', _) => Action::Hold,
            Opt::With('H', _) => Action::Release,
            Opt::With('e', _) => Action::Expire,
            Opt::With('f', _) => Action::ExpireAndRelease,
            _ => {
                general(&mut command, option)?;
                continue;
            }
        };
        if let Opt::With(_, value) = option {
            let which = match value.to_string_lossy().as_ref() {
                "ALL" => Which::All,
                "-" => Which::Input,
                id => Which::Id(id.to_owned()),
            };
            command.orders.push((action, which));
        }
    }
    for word in options.rest() {
        let name = word.to_string_lossy();
        match QUEUES.into_iter().find(|queue| queue.name() == name) {
            Some(queue) => command.queues.push(queue),
            None => return Err(Misuse::Fatal(format!("invalid directory name: {name}"))),
        }
    }
    if command.orders.is_empty() && command.structure.is_none() && !command.purge {
        command.structure = Some(Structure::Short);
        command.purge = true;
    }
    Ok(command)
}

fn general(command: &mut Command, option: Opt) -> Result<(), Misuse> {
    match option {
        Opt::With('c', value) => {
            let directory = PathBuf::from(value);
            if !directory.is_absolute() {
                return Err(Misuse::Fatal("-c requires absolute pathname".to_owned()));
            }
            command.config_directory = Some(directory);
        }
        Opt::Letter('p') => command.purge = true,
        Opt::Letter('s') => command.structure = command.structure.or(Some(Structure::Short)),
        Opt::Letter('S') => command.structure = Some(Structure::Any),
        Opt::Letter('v') => command.verbose = command.verbose.saturating_add(1),
        Opt::Bad(text) => return Err(Misuse::Usage(Some(text))),
        Opt::Letter(_) | Opt::With(..) => return Err(Misuse::Usage(None)),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Command, Misuse> {
        parse(arguments.iter().map(OsString::from).collect())
    }

    #[test]
    fn without_options_structure_is_checked_and_strays_are_purged() {
        let command = parsed(&[]).unwrap();
        assert_eq!(command.structure, Some(Structure::Short));
        assert!(command.purge);
        let command = parsed(&["-s", "active"]).unwrap();
        assert!(!command.purge);
        assert_eq!(command.queues, [Queue::Active]);
    }

    #[test]
    fn all_is_in_upper_case_and_a_hyphen_is_standard_input() {
        let command = parsed(&["-d", "ALL", "-rall", "-h", "-", "-f", "ABC"]).unwrap();
        assert_eq!(
            command.orders,
            [
                (Action::Delete, Which::All),
                (Action::Requeue, Which::Id("all".into())),
                (Action::Hold, Which::Input),
                (Action::ExpireAndRelease, Which::Id("ABC".into())),
            ]
        );
        assert_eq!((command.structure, command.purge), (None, false));
    }

    #[test]
    fn unknown_queues_and_options_are_refused() {
        let fatal = |text: &str| Err(Misuse::Fatal(text.into()));
        assert_eq!(
            parsed(&["-d", "A", "-"]),
            fatal("invalid directory name: -")
        );
        assert_eq!(
            parsed(&["corrupt"]),
            fatal("invalid directory name: corrupt")
        );
        assert_eq!(
            parsed(&["-c", "etc"]),
            fatal("-c requires absolute pathname")
        );
        assert_eq!(
            parsed(&["-x"]),
            Err(Misuse::Usage(Some("invalid option -- 'x'".into())))
        );
    }
}
