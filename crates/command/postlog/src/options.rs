// SPDX-License-Identifier: MIT OR Apache-2.0
//! The command line of postlog(1).

use lexopt::Arg;
use runtime::log::{self, Severity};
use std::ffi::OsString;
use std::path::PathBuf;

/// What the command line says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// `-c`: the configuration directory.
    pub(crate) config: Option<PathBuf>,
    /// `-p`: how bad it is.
    pub(crate) severity: Severity,
    /// `-t`: the label of the lines.
    pub(crate) tag: Option<String>,
    /// What to log; empty: standard input.
    pub(crate) text: Vec<String>,
}

impl Options {
    pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Options, String> {
        let mut options = Options {
            config: None,
            severity: Severity::Info,
            tag: None,
            text: Vec::new(),
        };
        let mut parser = lexopt::Parser::from_args(arguments);
        while let Some(argument) = parser.next().map_err(|_| usage())? {
            match argument {
                Arg::Short('c') => {
                    options.config = Some(parser.value().map_err(|_| usage())?.into());
                }
                // The process id is always part of the line.
                Arg::Short('i') => {}
                Arg::Short('p') => {
                    let name = lossy(parser.value().map_err(|_| usage())?);
                    options.severity =
                        severity(&name).ok_or_else(|| format!("bad severity: \"{name}\""))?;
                }
                Arg::Short('t') => {
                    options.tag = Some(lossy(parser.value().map_err(|_| usage())?));
                }
                Arg::Short('v') => log::set_verbose(log::verbose_level().saturating_add(1)),
                Arg::Value(first) => {
                    options.text.push(lossy(first));
                    options
                        .text
                        .extend(parser.raw_args().map_err(|_| usage())?.map(lossy));
                    break;
                }
                Arg::Short(_) | Arg::Long(_) => return Err(usage()),
            }
        }
        Ok(options)
    }
}

fn lossy(text: OsString) -> String {
    text.to_string_lossy().into_owned()
}

fn severity(name: &str) -> Option<Severity> {
    match name {
        "info" => Some(Severity::Info),
        "warn" | "warning" => Some(Severity::Warning),
        "error" | "err" => Some(Severity::Error),
        "fatal" | "crit" => Some(Severity::Fatal),
        "panic" => Some(Severity::Panic),
        _ => None,
    }
}

fn usage() -> String {
    "usage: postlog [-c config_dir] [-i] [-p priority] [-t tag] [-v] [text]".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &[&str]) -> Result<Options, String> {
        Options::parse(line.iter().map(OsString::from))
    }

    #[test]
    fn options_end_where_the_text_begins() {
        let options = parse(&["-i", "-p", "warn", "-t", "a/b", "text", "-p", "x"]).unwrap();
        assert_eq!(options.severity, Severity::Warning);
        assert_eq!(options.tag.as_deref(), Some("a/b"));
        assert_eq!(options.text, ["text", "-p", "x"]);
    }

    #[test]
    fn mistakes_have_the_words_of_the_original() {
        assert_eq!(parse(&["-p", "x"]).unwrap_err(), "bad severity: \"x\"");
        assert_eq!(parse(&["-x"]).unwrap_err(), usage());
        assert_eq!(parse(&["-t"]).unwrap_err(), usage());
    }
}
