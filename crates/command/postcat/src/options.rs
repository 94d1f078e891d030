// SPDX-License-Identifier: MIT OR Apache-2.0
//! The command line of postcat(1).

use runtime::options::{Opt, Options};
use std::ffi::OsString;
use std::path::PathBuf;

/// What to show of each record and line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Show {
    /// `-b`.
    pub(crate) body: bool,
    /// `-h`.
    pub(crate) header: bool,
    /// `-e`.
    pub(crate) envelope: bool,
    /// `-d`: the type of each record, as a number.
    pub(crate) types: bool,
    /// `-o`: where each record is.
    pub(crate) offsets: bool,
    /// `-f`: the name of the file on each line.
    pub(crate) names: bool,
    /// `-r`: records in the order of the file.
    pub(crate) raw: bool,
    /// `-v`: also pointers and the types of text.
    pub(crate) verbose: bool,
}

/// A whole command line.
#[derive(Debug, PartialEq, Eq, Default)]
pub(crate) struct Command {
    /// What to show.
    pub(crate) show: Show,
    /// `-q`: names are queue ids.
    pub(crate) search: bool,
    /// `-s`: where to begin.
    pub(crate) start: u64,
    /// `-c`.
    pub(crate) config_directory: Option<PathBuf>,
    /// `-v`, counted.
    pub(crate) verbose: u8,
    /// The files; none means standard input.
    pub(crate) files: Vec<OsString>,
}

/// The usage.
pub(crate) const USAGE: &str = "usage: postcat [-b (body text)] [-c config_dir] \
     [-d (decimal record type)] [-e (envelope records)] [-f (prefix file name)] \
     [-h (header text)] [-o (record offset)] [-q (access queue)] [-r (file order)] \
     [-s offset] [-v] [file(s)...]";

/// What is wrong with a command line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Misuse {
    /// The usage says it; before it, what getopt(3) would print.
    Usage(Option<String>),
    /// A text for the fatal line.
    Fatal(String),
}

/// Parses the arguments after the program's name.
pub(crate) fn parse(arguments: Vec<OsString>) -> Result<Command, Misuse> {
    let mut options = Options::new("bc:defhoqrs:v", arguments);
    let mut command = Command::default();
    for option in options.by_ref() {
        match option {
            Opt::Letter('b') => command.show.body = true,
            Opt::Letter('d') => command.show.types = true,
            Opt::Letter('e') => command.show.envelope = true,
            Opt::Letter('f') => command.show.names = true,
            Opt::Letter('h') => command.show.header = true,
            Opt::Letter('o') => command.show.offsets = true,
            Opt::Letter('q') => command.search = true,
            Opt::Letter('r') => command.show.raw = true,
            Opt::Letter('v') => command.verbose = command.verbose.saturating_add(1),
            Opt::With('c', value) => command.config_directory = Some(PathBuf::from(value)),
            Opt::With('s', value) => {
                let text = value.to_string_lossy();
                command.start = text
                    .parse()
                    .map_err(|_| Misuse::Fatal(format!("bad offset: {text}")))?;
            }
            Opt::Bad(text) => return Err(Misuse::Usage(Some(text))),
            Opt::Letter(_) | Opt::With(..) => return Err(Misuse::Usage(None)),
        }
    }
    let show = &mut command.show;
    show.verbose = command.verbose > 0;
    if !(show.body || show.header || show.envelope) {
        (show.body, show.header, show.envelope) = (true, true, true);
    }
    command.files = options.rest();
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Command, Misuse> {
        parse(arguments.iter().map(OsString::from).collect())
    }

    #[test]
    fn without_a_choice_everything_is_shown() {
        let show = parsed(&["-o"]).unwrap().show;
        assert!(show.body && show.header && show.envelope && show.offsets && !show.types);
        let show = parsed(&["-he", "x"]).unwrap().show;
        assert!(!show.body && show.header && show.envelope);
    }

    #[test]
    fn a_bad_option_or_offset_is_refused() {
        assert_eq!(
            parsed(&["-x"]),
            Err(Misuse::Usage(Some("invalid option -- 'x'".into())))
        );
        assert_eq!(
            parsed(&["-s", "abc"]),
            Err(Misuse::Fatal("bad offset: abc".into()))
        );
        assert_eq!(parsed(&["-s", "12", "-q", "A"]).unwrap().start, 12);
    }
}
