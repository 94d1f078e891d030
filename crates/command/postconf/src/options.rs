// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the command line asks for.
//!
//! *Errors*: the text of the fatal message.

use std::ffi::OsString;

use std::path::PathBuf;

use runtime::log;
use runtime::options::{Opt, Options, complain};

/// The table types there are.
const TABLE_TYPES: [&str; 10] = [
    "btree", "cdb", "environ", "fail", "hash", "inline", "lmdb", "static", "texthash", "unix",
];

/// How main.cf is to be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// Set `name=value`.
    Set,
    /// Put a comment sign in front.
    CommentOut,
    /// Take the lines out.
    Remove,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Print parameters of main.cf.
    Parameters,
    /// Print entries of master.cf.
    Services,
    /// Print columns of master.cf.
    Fields,
    /// Print `-o` settings of master.cf.
    ServiceParameters,
    /// Change main.cf.
    Edit(Change),
    /// Say what parameters are for, and where their values come from.
    Explain,
    /// List table types.
    MapTypes,
    /// List lock methods.
    LockTypes,
    /// List SASL implementations of the server.
    ServerSasl,
    /// List SASL implementations of the client.
    ClientSasl,
}

impl Action {
    /// What is printed without looking at any configuration.
    pub(crate) fn fixed_list(self) -> Option<Vec<&'static str>> {
        match self {
            Action::MapTypes => Some(TABLE_TYPES.to_vec()),
            Action::LockTypes => Some(vec!["flock", "fcntl", "dotlock"]),
            // Until sasl is there, no implementation can be offered.
            Action::ServerSasl | Action::ClientSasl => Some(Vec::new()),
            Action::Parameters
            | Action::Services
            | Action::Fields
            | Action::ServiceParameters
            | Action::Explain
            | Action::Edit(_) => None,
        }
    }
}

/// Which parameters of main.cf are of interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Classes {
    pub(crate) builtin: bool,
    pub(crate) service: bool,
    pub(crate) user: bool,
}

/// A command line, taken apart.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) action: Action,
    pub(crate) directory: Option<PathBuf>,
    pub(crate) classes: Classes,
    /// `-d`: defaults.
    pub(crate) defaults: bool,
    /// `-n`: explicit settings only.
    pub(crate) explicit: bool,
    /// `-f`
    pub(crate) fold: bool,
    /// `-h`
    pub(crate) values_only: bool,
    /// `-H`
    pub(crate) names_only: bool,
    /// `-x`
    pub(crate) expand: bool,
    /// `-q`
    pub(crate) quiet: bool,
    pub(crate) overrides: Vec<String>,
    pub(crate) names: Vec<String>,
}

const LETTERS: &str = "aAbc:C:deEfFhHjlmMno:pPqtT:vxX#";

fn usage() -> String {
    "usage: postconf [-a (server SASL types)] [-A (client SASL types)] [-c config_dir] \
     [-C param_class] [-d (parameter defaults)] [-e (edit configuration)] [-f (fold lines)] \
     [-F (master.cf fields)] [-h (no names)] [-H (no values)] [-l (lock types)] [-m (map types)] \
     [-M (master.cf)] [-n (non-default parameters)] [-o name=value (override parameter value)] \
     [-p (main.cf, default)] [-P (master.cf parameters)] [-q (no deprecation warnings)] \
     [-v (verbose)] [-x (expand parameter values)] [-X (exclude)] [-# (comment-out)] [name...]"
        .to_string()
}

impl Request {
    /// Takes the words of a command line apart, without the name of the program.
    pub(crate) fn parse(mut words: Vec<OsString>) -> Result<Request, String> {
        let mut request = Request {
            action: Action::Parameters,
            directory: None,
            classes: Classes {
                builtin: true,
                service: true,
                user: true,
            },
            defaults: false,
            explicit: false,
            fold: false,
            values_only: false,
            names_only: false,
            expand: false,
            quiet: false,
            overrides: Vec::new(),
            names: Vec::new(),
        };
        let mut actions = Vec::new();
        // The one option that the original does not have; its letters are all taken.
        let before = words.len();
        words.retain(|word| word != "--explain");
        if words.len() < before {
            actions.push(Action::Explain);
        }
        let mut options = Options::new(LETTERS, words);
        for option in options.by_ref() {
            match option {
                Opt::Letter(letter) => {
                    request
                        .letter(letter)
                        .map(|action| actions.extend(action))?;
                }
                Opt::With('c', directory) => request.directory = Some(PathBuf::from(directory)),
                Opt::With('C', classes) => request.classes = classes_of(&text(classes)?)?,
                Opt::With('o', assignment) => request.overrides.push(text(assignment)?),
                Opt::With(letter, _) => return Err(unsupported(letter)),
                Opt::Bad(why) => {
                    complain("postconf", &why);
                    return Err(usage());
                }
            }
        }
        let names: Result<_, _> = options.rest().into_iter().map(text).collect();
        request.names = names?;
        actions.dedup();
        request.action = match actions.as_slice() {
            [] if request.names.iter().any(|name| name.contains('=')) => Action::Edit(Change::Set),
            [] => Action::Parameters,
            [action] => *action,
            _ => {
                return Err("specify one of -a -A -e -F -l -m -M -p -P -X -# --explain".to_string());
            }
        };
        request.check()
    }

    /// Takes in an option without argument; gives the action that it asks for.
    fn letter(&mut self, letter: char) -> Result<Option<Action>, String> {
        match letter {
            'd' => self.defaults = true,
            'n' => self.explicit = true,
            'f' => self.fold = true,
            'h' => self.values_only = true,
            'H' => self.names_only = true,
            'x' => self.expand = true,
            'q' => self.quiet = true,
            'v' => log::set_verbose(log::verbose_level().saturating_add(1)),
            'p' => return Ok(Some(Action::Parameters)),
            'M' => return Ok(Some(Action::Services)),
            'F' => return Ok(Some(Action::Fields)),
            'P' => return Ok(Some(Action::ServiceParameters)),
            'e' => return Ok(Some(Action::Edit(Change::Set))),
            'X' => return Ok(Some(Action::Edit(Change::Remove))),
            '#' => return Ok(Some(Action::Edit(Change::CommentOut))),
            'm' => return Ok(Some(Action::MapTypes)),
            'l' => return Ok(Some(Action::LockTypes)),
            'a' => return Ok(Some(Action::ServerSasl)),
            'A' => return Ok(Some(Action::ClientSasl)),
            other => return Err(unsupported(other)),
        }
        Ok(None)
    }

    /// Refuses what does not go together.
    fn check(self) -> Result<Request, String> {
        if self.defaults && self.explicit {
            return Err("specify one of -d -n".to_string());
        }
        if self.values_only && self.names_only {
            return Err("specify one of -h -H".to_string());
        }
        if self.action != Action::Parameters && (self.defaults || self.explicit) {
            return Err("-d and -n are for main.cf parameters only".to_string());
        }
        if self.action == Action::Explain && self.names.is_empty() {
            return Err("--explain needs the name of a parameter".to_string());
        }
        if matches!(self.action, Action::Edit(_)) && !self.overrides.is_empty() {
            return Err("-o does not go with changes of a file".to_string());
        }
        Ok(self)
    }
}

fn unsupported(letter: char) -> String {
    format!("option -{letter} is not supported yet")
}

fn text(word: OsString) -> Result<String, String> {
    word.into_string()
        .map_err(|word| format!("argument is not UTF-8: {}", word.to_string_lossy()))
}

fn classes_of(list: &str) -> Result<Classes, String> {
    let mut classes = Classes {
        builtin: false,
        service: false,
        user: false,
    };
    for word in config::value::words(list) {
        match word {
            "builtin" => classes.builtin = true,
            "service" => classes.service = true,
            "user" => classes.user = true,
            "all" => {
                classes = Classes {
                    builtin: true,
                    service: true,
                    user: true,
                }
            }
            _ => return Err(format!("unknown -C option value \"{word}\" in \"{list}\"")),
        }
    }
    Ok(classes)
}
