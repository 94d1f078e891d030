// SPDX-License-Identifier: MIT OR Apache-2.0
//! The command line that master makes for a daemon.
//!
//! *Errors*: the text of the fatal line.
//!
//! *Postfix:* the options of master/single_server(3) and its siblings.

use lexopt::Arg;
use std::ffi::OsString;
use std::time::Duration;

/// How clients reach a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// TCP sockets.
    Inet,
    /// A local stream socket.
    Unix,
    /// A local datagram socket.
    UnixDatagram,
    /// A FIFO.
    Fifo,
    /// A local socket over which accepted connections are handed over.
    Pass,
}

impl Transport {
    /// The transport with this name in `master.cf`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Transport> {
        match name {
            "inet" => Some(Transport::Inet),
            "unix" => Some(Transport::Unix),
            "unix-dgram" => Some(Transport::UnixDatagram),
            "fifo" => Some(Transport::Fifo),
            "pass" => Some(Transport::Pass),
            _ => None,
        }
    }

    /// Its name in `master.cf`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Transport::Inet => "inet",
            Transport::Unix => "unix",
            Transport::UnixDatagram => "unix-dgram",
            Transport::Fifo => "fifo",
            Transport::Pass => "pass",
        }
    }
}

/// What the command line says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// `-c`: change the root directory to the queue directory.
    pub chroot: bool,
    /// `-D`: stop for a debugger; `-d`: master runs in the foreground.
    pub debug: bool,
    /// `-i`: instead of `max_idle`.
    pub max_idle: Option<Duration>,
    /// `-l`: this process is the only one of its service.
    pub alone: bool,
    /// `-m`: instead of `max_use`.
    pub max_use: Option<u32>,
    /// `-n`: the service's name.
    pub service: Option<String>,
    /// `-o`: overrides of `main.cf`, `name=value`.
    pub overrides: Vec<String>,
    /// `-r`: end after this time, if the program asks for it.
    pub retire: Option<Duration>,
    /// `-s`: how many sockets to listen on.
    pub sockets: Option<u16>,
    /// `-S`: serve one client on standard input and output.
    pub stdio: bool,
    /// `-t`: how clients reach the service.
    pub transport: Option<Transport>,
    /// `-u`: become `mail_owner`.
    pub unprivileged: bool,
    /// `-v`: more to log.
    pub verbose: u8,
    /// `-V`: log to standard error too.
    pub stderr: bool,
    /// `-z`: there is no limit to the number of processes.
    pub no_process_limit: bool,
    /// What follows the options.
    pub arguments: Vec<String>,
}

impl Options {
    /// Reads a command line without the program's name.
    ///
    /// # Errors
    /// An option is unknown, or has no or a bad value.
    pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Options, String> {
        let mut options = Options::default();
        let mut parser = lexopt::Parser::from_args(arguments);
        while let Some(argument) = parser.next().map_err(|error| error.to_string())? {
            let letter = match argument {
                Arg::Short(letter) => letter,
                Arg::Long(name) => return Err(format!("invalid option: --{name}")),
                Arg::Value(first) => {
                    options.arguments.push(text(first)?);
                    let rest = parser.raw_args().map_err(|error| error.to_string())?;
                    for argument in rest {
                        options.arguments.push(text(argument)?);
                    }
                    break;
                }
            };
            options.apply(letter, &mut parser)?;
        }
        Ok(options)
    }

    fn apply(&mut self, letter: char, parser: &mut lexopt::Parser) -> Result<(), String> {
        let mut value = || {
            let value = parser
                .value()
                .map_err(|_| format!("option requires an argument -- '{letter}'"));
            value.and_then(text)
        };
        match letter {
            'c' => self.chroot = true,
            'd' | 'D' => self.debug = true,
            'i' => self.max_idle = Some(seconds(&value()?, "invalid max_idle time")?),
            'l' => self.alone = true,
            'm' => self.max_use = Some(number(&value()?, "invalid max_use")?),
            'n' => self.service = Some(value()?),
            'o' => self.overrides.push(assignment(&value()?)),
            'r' => self.retire = Some(seconds(&value()?, "invalid retirement time")?),
            's' => {
                let text = value()?;
                let count = text.parse().ok().filter(|count| *count > 0);
                self.sockets = Some(count.ok_or_else(|| format!("invalid socket_count: {text}"))?);
            }
            'S' => self.stdio = true,
            't' => {
                let name = value()?;
                let transport = Transport::from_name(&name);
                self.transport =
                    Some(transport.ok_or_else(|| format!("unsupported transport type: {name}"))?);
            }
            'u' => self.unprivileged = true,
            'v' => self.verbose = self.verbose.saturating_add(1),
            'V' => self.stderr = true,
            'z' => self.no_process_limit = true,
            other => return Err(format!("invalid option: {other}")),
        }
        Ok(())
    }
}

fn text(value: OsString) -> Result<String, String> {
    value
        .into_string()
        .map_err(|value| format!("not UTF-8: {}", value.to_string_lossy()))
}

fn number(text: &str, complaint: &str) -> Result<u32, String> {
    text.parse().map_err(|_| format!("{complaint}: {text}"))
}

fn seconds(text: &str, complaint: &str) -> Result<Duration, String> {
    number(text, complaint).map(|seconds| Duration::from_secs(seconds.into()))
}

/// `{ name = value }` is the same as `name = value`.
fn assignment(text: &str) -> String {
    let inner = text
        .trim()
        .strip_prefix('{')
        .and_then(|text| text.strip_suffix('}'));
    inner.map_or_else(|| text.to_owned(), |inner| inner.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &[&str]) -> Result<Options, String> {
        Options::parse(line.iter().map(OsString::from))
    }

    #[test]
    fn the_line_of_master_is_understood() {
        let line = [
            "-l",
            "-z",
            "-n",
            "127.0.0.1:2525",
            "-t",
            "inet",
            "-u",
            "-c",
            "-o",
            "stress=",
            "-s",
            "2",
            "-vv",
            "-o",
            "{ x = y z }",
            "-m5",
            "flags=R",
            "-o",
            "later",
        ];
        let options = parse(&line).unwrap();
        assert!(options.alone && options.no_process_limit && options.unprivileged);
        assert!(options.chroot && !options.stdio && !options.debug);
        assert_eq!(options.service.as_deref(), Some("127.0.0.1:2525"));
        assert_eq!(options.transport, Some(Transport::Inet));
        assert_eq!(options.sockets, Some(2));
        assert_eq!(options.verbose, 2);
        assert_eq!(options.max_use, Some(5));
        assert_eq!(options.overrides, ["stress=", "x = y z"]);
        assert_eq!(options.arguments, ["flags=R", "-o", "later"]);
    }

    #[test]
    fn mistakes_have_the_words_of_the_original() {
        assert_eq!(parse(&["-x"]).unwrap_err(), "invalid option: x");
        assert_eq!(parse(&["-s", "x"]).unwrap_err(), "invalid socket_count: x");
        assert_eq!(
            parse(&["-t", "foo"]).unwrap_err(),
            "unsupported transport type: foo"
        );
        assert_eq!(parse(&["-i", "x"]).unwrap_err(), "invalid max_idle time: x");
        assert!(parse(&["-n"]).is_err());
    }
}
