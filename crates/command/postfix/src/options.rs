// SPDX-License-Identifier: MIT OR Apache-2.0
//! The command line of postfix(1).

use std::ffi::OsString;
use std::path::PathBuf;

const USAGE: &str = "usage: postfix [-c config_dir] [-Dv] command";

/// What the command line asks for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// `-c`: configuration directory.
    pub(crate) config_directory: Option<PathBuf>,
    /// `-D`: daemons start the debugger command.
    pub(crate) debug: bool,
    /// `-v`: verbose, repeatable.
    pub(crate) verbose: u8,
    /// The command and its arguments; at least one word.
    pub(crate) command: Vec<String>,
}

impl Options {
    /// Reads the arguments after the program's name.
    ///
    /// # Errors
    /// The text of the fatal error.
    pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, String> {
        let usage = || USAGE.to_owned();
        let mut options = Self::default();
        let mut parser = lexopt::Parser::from_args(arguments);
        while let Some(argument) = parser.next().map_err(|_bad_form| usage())? {
            match argument {
                lexopt::Arg::Short('c') => {
                    let value = parser.value().map_err(|_missing| usage())?;
                    let directory = PathBuf::from(value);
                    if !directory.is_absolute() {
                        return Err("-c requires absolute pathname".to_owned());
                    }
                    options.config_directory = Some(directory);
                }
                lexopt::Arg::Short('D') => options.debug = true,
                lexopt::Arg::Short('v') => options.verbose = options.verbose.saturating_add(1),
                // Everything after the first word belongs to the command.
                lexopt::Arg::Value(word) => {
                    let rest = parser.raw_args().map_err(|_half_an_option| usage())?;
                    for word in std::iter::once(word).chain(rest) {
                        options
                            .command
                            .push(word.into_string().map_err(|_not_utf8| usage())?);
                    }
                    return Ok(options);
                }
                _ => return Err(usage()),
            }
        }
        Err(usage())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Options, String> {
        Options::parse(words.iter().map(OsString::from))
    }

    #[test]
    fn options_end_at_the_command() {
        let options = parse(&["-vv", "-c", "/etc/x", "check", "-v", "a=b"]).unwrap();
        assert_eq!(options.verbose, 2);
        assert_eq!(options.config_directory, Some("/etc/x".into()));
        assert_eq!(options.command, ["check", "-v", "a=b"]);
    }

    #[test]
    fn mistakes_are_told_how_to_do_it() {
        for bad in [&[][..], &["-x", "start"], &["-v"], &["--help"], &["-c"]] {
            assert_eq!(parse(bad).unwrap_err(), USAGE, "{bad:?}");
        }
        assert_eq!(
            parse(&["-c", "etc", "start"]).unwrap_err(),
            "-c requires absolute pathname"
        );
    }
}
