// SPDX-License-Identifier: MIT OR Apache-2.0
//! The command line of master(8).

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

/// What the command line asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// `-c`: configuration directory.
    pub(crate) config_directory: Option<PathBuf>,
    /// `-D`: start the debugger command on this process.
    pub(crate) debug: bool,
    /// `-d`: stay with the terminal.
    pub(crate) stay: bool,
    /// `-e`: exit after this time.
    pub(crate) exit_after: Option<Duration>,
    /// `-i`: run as the first process of a container.
    pub(crate) init: bool,
    /// `-s`: keep standard output.
    pub(crate) keep_stdout: bool,
    /// `-t`: only test whether a master is running.
    pub(crate) test: bool,
    /// `-v`: verbose, repeatable.
    pub(crate) verbose: u8,
    /// `-w`: wait until a child master has started.
    pub(crate) wait: bool,
}

const USAGE: &str = "usage: master [-c config_dir] [-D (debug)] [-d (don't detach from terminal)] \
                     [-e exit_time] [-i (init mode)] [-s (keep stdout)] [-t (test)] [-v] \
                     [-w (wait for initialization)]";

impl Options {
    /// Reads the arguments after the program's name.
    ///
    /// # Errors
    /// The text of the fatal error.
    pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, String> {
        let mut options = Self::default();
        let mut parser = lexopt::Parser::from_args(arguments);
        while let Some(argument) = parser.next().map_err(|_bad_form| USAGE.to_owned())? {
            use lexopt::Arg::Short;
            match argument {
                Short('c') => {
                    let value = parser.value().map_err(|_missing| USAGE.to_owned())?;
                    options.config_directory = Some(value.into());
                }
                Short('e') => {
                    let value = parser.value().map_err(|_missing| USAGE.to_owned())?;
                    let seconds = value.to_str().and_then(|text| text.parse().ok());
                    options.exit_after = Some(Duration::from_secs(
                        seconds.ok_or_else(|| USAGE.to_owned())?,
                    ));
                }
                Short('D') => options.debug = true,
                Short('d') => options.stay = true,
                Short('i') => options.init = true,
                Short('s') => options.keep_stdout = true,
                Short('t') => options.test = true,
                Short('v') => options.verbose = options.verbose.saturating_add(1),
                Short('w') => options.wait = true,
                _ => return Err(USAGE.to_owned()),
            }
        }
        options.check()?;
        Ok(options)
    }

    fn check(&self) -> Result<(), String> {
        if self.init && std::process::id() != 1 {
            return Err("-i is allowed only for PID 1 process".to_owned());
        }
        if self.init && (self.debug || self.stay || self.wait) {
            return Err("the -i option cannot be used with -D, -d, or -w".to_owned());
        }
        if self.test && self.wait {
            return Err("the -t and -w options cannot be used together".to_owned());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Options, String> {
        Options::parse(words.iter().map(OsString::from))
    }

    #[test]
    fn options_can_be_joined_and_repeated() {
        let options = parse(&["-dvv", "-c", "/etc/x", "-e5"]).unwrap();
        assert!(options.stay);
        assert_eq!(options.verbose, 2);
        assert_eq!(options.config_directory, Some("/etc/x".into()));
        assert_eq!(options.exit_after, Some(Duration::from_secs(5)));
    }

    #[test]
    fn contradictions_and_unknown_options_are_refused() {
        assert!(
            parse(&["-t", "-w"])
                .unwrap_err()
                .contains("cannot be used together")
        );
        assert!(parse(&["-i"]).unwrap_err().contains("PID 1"));
        for bad in [
            &["-x"][..],
            &["word"],
            &["-c"],
            &["-e", "soon"],
            &["--help"],
        ] {
            assert!(
                parse(bad).unwrap_err().starts_with("usage: master"),
                "{bad:?}"
            );
        }
    }
}
