// SPDX-License-Identifier: MIT OR Apache-2.0
//! The command line, with all its history.
//!
//! *Errors*: exit code and text of the fatal line.
//!
//! *Postfix:* sendmail(1).

use runtime::options::complain;
use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use mail::dsn::{Notify, Ret};
use runtime::{exit, log};

use crate::Failure;

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Submit mail.
    Submit,
    /// Start the mail system.
    Daemon,
    /// List the queue.
    ListQueue,
    /// Try all mail again.
    FlushAll,
    /// Try the mail of a site again.
    FlushSite(OsString),
    /// Try one message again.
    FlushMessage(OsString),
    /// Build the alias tables.
    NewAliases,
    /// Speak SMTP.
    StandAlone,
    /// Nothing at all.
    Nothing,
}

/// The body type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// `-B 7BIT`
    SevenBit,
    /// `-B 8BITMIME`
    EightBit,
}

/// A command line, taken apart.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) mode: Mode,
    pub(crate) directory: Option<PathBuf>,
    pub(crate) encoding: Option<Encoding>,
    pub(crate) full_name: Option<OsString>,
    pub(crate) sender: Option<OsString>,
    /// `-G`
    pub(crate) gateway: bool,
    /// A lone dot is the end.
    pub(crate) dot_ends: bool,
    pub(crate) notify: Option<Notify>,
    pub(crate) ret: Option<Ret>,
    pub(crate) envelope_id: Option<OsString>,
    /// `-O requiretls=yes`, `-O smtputf8=yes`
    pub(crate) require_tls: bool,
    pub(crate) smtputf8: bool,
    /// `-t`
    pub(crate) from_headers: bool,
    /// `-bv`
    pub(crate) verify: bool,
    /// `-v`, once: report the first attempt.
    pub(crate) report: bool,
    /// `-XV`: the delimiters, empty for the default.
    pub(crate) verp: Option<OsString>,
    pub(crate) alias_tables: Vec<OsString>,
    pub(crate) recipients: Vec<OsString>,
    /// A `-q15m` was there.
    interval: bool,
    verbose: u8,
}

/// The letters, a colon after those with an argument.
const LETTERS: &[u8] = b"A:B:C:F:GIL:N:O:R:UV:X:b:ce:f:h:imno:p:r:q:tvx";

fn usage(text: impl Into<String>) -> Failure {
    (exit::USAGE, text.into())
}

impl Request {
    /// Takes the words after the program's name apart; the name itself chooses the mode.
    pub(crate) fn parse(process: &str, words: Vec<OsString>) -> Result<Request, Failure> {
        let mut request = Request {
            mode: match process {
                "mailq" => Mode::ListQueue,
                "newaliases" => Mode::NewAliases,
                "smtpd" => Mode::Daemon,
                _ => Mode::Submit,
            },
            directory: None,
            encoding: None,
            full_name: None,
            sender: None,
            gateway: false,
            dot_ends: true,
            notify: None,
            ret: None,
            envelope_id: None,
            require_tls: false,
            smtputf8: false,
            from_headers: false,
            verify: false,
            report: false,
            verp: None,
            alias_tables: Vec::new(),
            recipients: Vec::new(),
            interval: false,
            verbose: 0,
        };
        let mut words = VecDeque::from(words);
        while let Some(word) = words.pop_front() {
            if word.as_bytes() == b"--" {
                break;
            }
            if !word.as_bytes().starts_with(b"-") || word.len() < 2 {
                words.push_front(word);
                break;
            }
            request.word(word, &mut words)?;
        }
        request.recipients = words.into();
        request.check()
    }

    /// Takes one option word; its argument may be the next word.
    fn word(&mut self, mut word: OsString, words: &mut VecDeque<OsString>) -> Result<(), Failure> {
        // These could not be told from others by their letters alone.
        if word == "-q" {
            if self.mode == Mode::Daemon {
                log::warning("ignoring -q option in daemon mode");
            } else {
                self.mode = Mode::FlushAll;
            }
            return Ok(());
        }
        if word == "-V" && words.front().is_some_and(|next| next.len() == 2) {
            log::warning("option -V is deprecated with Postfix 2.3; specify -XV instead");
            let delimiters = words.pop_front().unwrap_or_default();
            word = [OsStr::new("-XV"), &delimiters].into_iter().collect();
        } else if word.as_bytes().starts_with(b"-V") && word.len() == 4 {
            let old = word.to_string_lossy();
            let new = old.get(1..).unwrap_or_default();
            log::warning(format_args!(
                "option {old} is deprecated with Postfix 2.3; specify -X{new} instead"
            ));
            word = OsString::from(format!("-X{new}"));
        }
        let mut letters = word.as_bytes().get(1..).unwrap_or_default();
        while let Some((&letter, rest)) = letters.split_first() {
            let known = LETTERS
                .iter()
                .position(|byte| *byte == letter && letter != b':');
            let Some(at) = known else {
                complain(
                    "sendmail",
                    &format!("invalid option -- '{}'", char::from(letter)),
                );
                return Err(usage("usage: sendmail [options]"));
            };
            if LETTERS.get(at + 1) != Some(&b':') {
                self.letter(letter)?;
                letters = rest;
                continue;
            }
            let argument = if rest.is_empty() {
                words.pop_front()
            } else {
                None
            };
            let Some(argument) =
                argument.or_else(|| (!rest.is_empty()).then(|| OsString::from_vec(rest.to_vec())))
            else {
                let letter = char::from(letter);
                complain(
                    "sendmail",
                    &format!("option requires an argument -- '{letter}'"),
                );
                return Err(usage("usage: sendmail [options]"));
            };
            return self.with_argument(letter, argument);
        }
        Ok(())
    }

    fn letter(&mut self, letter: u8) -> Result<(), Failure> {
        match letter {
            b'G' => self.gateway = true,
            b'I' => self.mode = Mode::NewAliases,
            b'i' => self.dot_ends = false,
            b'n' => return Err(usage("-n option not supported")),
            b't' => self.from_headers = true,
            b'v' => self.verbose = self.verbose.saturating_add(1),
            other => log::verbose(format_args!("-{} option ignored", char::from(other))),
        }
        Ok(())
    }

    fn with_argument(&mut self, letter: u8, argument: OsString) -> Result<(), Failure> {
        match letter {
            b'B' => {
                self.encoding = Some(match argument.as_bytes() {
                    b"8BITMIME" => Encoding::EightBit,
                    b"7BIT" => Encoding::SevenBit,
                    _ => return Err(usage("-B option needs 8BITMIME or 7BIT")),
                });
            }
            b'b' => self.set_mode(&argument)?,
            b'C' => self.directory = Some(directory_of(&argument)),
            b'F' => self.full_name = Some(argument),
            b'f' | b'r' => self.sender = Some(argument),
            b'N' => {
                self.notify = Notify::parse(argument.as_bytes());
                if self.notify.is_none() {
                    log::warning("bad -N option value -- ignored");
                }
            }
            b'O' => self.set_option(&argument),
            b'o' => match argument.as_bytes() {
                [b'i', ..] => self.dot_ends = false,
                [b'A'] => return Err(usage("-oA requires pathname")),
                [b'A', table @ ..] => self.alias_tables.push(OsString::from_vec(table.to_vec())),
                _ => {}
            },
            b'q' => self.set_queue(&argument)?,
            b'R' => {
                self.ret = Ret::parse(argument.as_bytes());
                if self.ret.is_none() {
                    log::warning("bad -R option value -- ignored");
                }
            }
            b'V' => self.set_envelope_id(argument),
            b'X' => match argument.as_bytes() {
                [b'V', delimiters @ ..] => {
                    self.verp = Some(OsString::from_vec(delimiters.to_vec()));
                }
                other => {
                    let letter = char::from(other.first().copied().unwrap_or(b'?'));
                    return Err(usage(format!("unsupported: -X{letter}")));
                }
            },
            other => log::verbose(format_args!("-{} option ignored", char::from(other))),
        }
        Ok(())
    }

    fn set_mode(&mut self, argument: &OsStr) -> Result<(), Failure> {
        match argument.as_bytes().first() {
            Some(b'd' | b'l') => {
                if self.mode == Mode::FlushAll {
                    log::warning("ignoring -q option in daemon mode");
                }
                self.mode = Mode::Daemon;
            }
            Some(b'h' | b'H') => self.mode = Mode::Nothing,
            Some(b'i') => self.mode = Mode::NewAliases,
            Some(b'm') => self.mode = Mode::Submit,
            Some(b'p') => self.mode = Mode::ListQueue,
            Some(b's') => self.mode = Mode::StandAlone,
            Some(b'v') => self.verify = true,
            other => {
                let letter = char::from(other.copied().unwrap_or(b'?'));
                return Err(usage(format!("unsupported: -b{letter}")));
            }
        }
        Ok(())
    }

    fn set_queue(&mut self, argument: &OsStr) -> Result<(), Failure> {
        let mode = match argument.as_bytes() {
            [b'0'..=b'9', ..] => {
                self.interval = true;
                if self.mode == Mode::Daemon {
                    log::verbose("-q option with an interval ignored");
                }
                return Ok(());
            }
            [b'R'] => return Err(usage("specify: -qRsitename")),
            [b'I'] => return Err(usage("specify: -qIqueueid")),
            [b'R', site @ ..] => (Mode::FlushSite(OsString::from_vec(site.to_vec())), 'R'),
            [b'I', id @ ..] => (Mode::FlushMessage(OsString::from_vec(id.to_vec())), 'I'),
            other => {
                let letter = char::from(other.first().copied().unwrap_or(b'?'));
                return Err(usage(format!("-q{letter} is not implemented")));
            }
        };
        if self.mode != Mode::Submit {
            return Err(usage(format!(
                "-q{} can be used only in delivery mode",
                mode.1
            )));
        }
        self.mode = mode.0;
        Ok(())
    }

    /// `-O name=value`: two names mean something.
    fn set_option(&mut self, argument: &OsStr) {
        let text = argument.to_string_lossy().to_ascii_lowercase();
        let Some((name, value)) = text.split_once('=') else {
            return;
        };
        let flag = match name.trim() {
            "requiretls" => &mut self.require_tls,
            "smtputf8" => &mut self.smtputf8,
            _ => {
                log::verbose("-O option ignored");
                return;
            }
        };
        match value.trim() {
            "yes" => *flag = true,
            "no" => *flag = false,
            _ => log::warning(format_args!(
                "bad -O option value -- ignored: {}",
                argument.to_string_lossy()
            )),
        }
    }

    fn set_envelope_id(&mut self, argument: OsString) {
        let printable = |byte: &u8| matches!(byte, b' '..=b'~' | b'\t');
        if argument.len() > 100 {
            log::warning("too long -V option value -- ignored");
        } else if argument.is_empty() || !argument.as_bytes().iter().all(printable) {
            log::warning("bad syntax in -V option value -- ignored");
        } else {
            self.envelope_id = Some(argument);
        }
    }

    /// Refuses what does not go together.
    fn check(mut self) -> Result<Request, Failure> {
        let submitting = self.mode == Mode::Submit;
        if self.from_headers && !submitting {
            return Err(usage("-t can be used only in delivery mode"));
        }
        if self.verify {
            let conflict = if self.from_headers {
                Some("-t")
            } else if self.notify.is_some() {
                Some("-N")
            } else if self.ret.is_some() {
                Some("-R")
            } else if self.verbose == 1 {
                Some("-v")
            } else {
                None
            };
            if let Some(option) = conflict {
                return Err(usage(format!("{option} option cannot be used with -bv")));
            }
        }
        // Once asks for a report, more for a verbose log.
        if self.verbose == 1 && submitting {
            self.report = true;
        } else if self.verbose > 0 {
            log::set_verbose(self.verbose);
        }
        let idle = submitting && self.interval && self.recipients.is_empty() && !self.from_headers;
        if idle {
            self.mode = Mode::Nothing;
        }
        let no_recipients = match self.mode {
            Mode::Submit | Mode::Nothing => return Ok(self),
            Mode::ListQueue => "display queue mode",
            Mode::FlushAll => "flush queue mode",
            Mode::FlushSite(_) => "flush site",
            Mode::FlushMessage(_) => "flush queue_id",
            Mode::Daemon => "daemon mode",
            Mode::NewAliases => "alias initialization mode",
            Mode::StandAlone => "stand-alone mode",
        };
        if self.recipients.is_empty() {
            Ok(self)
        } else {
            Err(usage(format!("{no_recipients} requires no recipient")))
        }
    }

    /// How many `-v` other programs get.
    pub(crate) fn verbose(&self) -> usize {
        if self.report {
            0
        } else {
            usize::from(self.verbose)
        }
    }
}

/// `-C` names main.cf or its directory.
fn directory_of(argument: &OsStr) -> PathBuf {
    let path = Path::new(argument);
    match (path.file_name(), path.parent()) {
        (Some(name), Some(parent)) if name == "main.cf" && !parent.as_os_str().is_empty() => {
            parent.to_path_buf()
        }
        _ => path.to_path_buf(),
    }
}

#[cfg(test)]
mod tests;
