// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the command line asks for.
//!
//! *Errors*: the text of the fatal message.

use std::ffi::OsString;
use std::path::PathBuf;

use runtime::log;
use runtime::options::{Opt, Options, complain};

/// How a file is to be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// Set `name=value`.
    Set,
    /// Put a comment sign in front.
    CommentOut,
    /// Take the lines out.
    Remove,
}

/// What is shown or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// Parameters of main.cf.
    Parameters,
    /// Entries of master.cf.
    Entries,
    /// Columns of master.cf.
    Fields,
    /// `-o` settings of master.cf.
    Settings,
}

/// What this system is able to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Listing {
    /// Table types.
    TableTypes,
    /// Lock methods of mailboxes.
    LockMethods,
    /// SASL implementations of the server.
    ServerSasl,
    /// SASL implementations of the client.
    ClientSasl,
    /// What the TLS library says of itself.
    Tls(String),
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Print settings.
    Show(Subject),
    /// Change settings.
    Edit(Subject, Change),
    /// Print the templates of notices, with `$name` replaced or not.
    Templates { expand: bool },
    /// Say what parameters are for, and where their values come from.
    Explain,
    /// List what there is.
    List(Listing),
}

/// Which parameters of main.cf are of interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Classes {
    pub(crate) builtin: bool,
    pub(crate) service: bool,
    pub(crate) user: bool,
}

/// What is printed of `name = value`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parts {
    Both,
    Names,
    Values,
}

/// How it is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Style {
    /// `-f`
    pub(crate) fold: bool,
    /// `-h`, `-H`
    pub(crate) parts: Parts,
    /// `-j`
    pub(crate) json: bool,
}

/// A command line, taken apart.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) action: Action,
    pub(crate) directory: Option<PathBuf>,
    pub(crate) classes: Classes,
    pub(crate) style: Style,
    /// `-d`: defaults.
    pub(crate) defaults: bool,
    /// `-n`: explicit settings only.
    pub(crate) explicit: bool,
    /// `-x`
    pub(crate) expand: bool,
    /// `-q`
    pub(crate) quiet: bool,
    pub(crate) overrides: Vec<String>,
    pub(crate) names: Vec<String>,
}

const LETTERS: &str = "aAbc:C:defFhHjlmMno:pPqtT:vxX#";

fn usage() -> String {
    "usage: postconf [-a (server SASL types)] [-A (client SASL types)] [-b (bounce templates)] \
     [-c config_dir] [-C param_class] [-d (parameter defaults)] [-e (edit configuration)] \
     [-f (fold lines)] [-F (master.cf fields)] [-h (no names)] [-H (no values)] [-j (JSON)] \
     [-l (lock types)] [-m (map types)] [-M (master.cf)] [-n (non-default parameters)] \
     [-o name=value (override parameter value)] [-p (main.cf, default)] \
     [-P (master.cf parameters)] [-q (no deprecation warnings)] [-t (bounce templates)] \
     [-T TLS_info] [-v (verbose)] [-x (expand parameter values)] [-X (exclude)] \
     [-# (comment-out)] [--explain] [name...]"
        .to_string()
}

impl Request {
    /// Takes the words of a command line apart, without the name of the program.
    pub(crate) fn parse(mut words: Vec<OsString>) -> Result<Request, String> {
        // The one option that the original does not have; its letters are all taken.
        let before = words.len();
        words.retain(|word| word != "--explain");
        let explain = words.len() < before;
        let mut given = Given::default();
        let mut options = Options::new(LETTERS, words);
        for option in options.by_ref() {
            given.take(option)?;
        }
        let names: Result<_, _> = options.rest().into_iter().map(text).collect();
        given.names = names?;
        given.request(explain)
    }
}

/// The options of a command line, as far as they were read.
#[derive(Default)]
struct Given {
    letters: String,
    directory: Option<PathBuf>,
    classes: Option<Classes>,
    tls_mode: Option<String>,
    overrides: Vec<String>,
    names: Vec<String>,
}

impl Given {
    fn take(&mut self, option: Opt) -> Result<(), String> {
        match option {
            Opt::Letter('v') => log::set_verbose(log::verbose_level().saturating_add(1)),
            Opt::Letter('b' | 't') if self.has('b') || self.has('t') => {
                return Err("specify one of -b and -t".to_string());
            }
            Opt::Letter(letter) => self.letters.push(letter),
            Opt::With('c', directory) => self.directory = Some(PathBuf::from(directory)),
            Opt::With('C', classes) => self.classes = Some(classes_of(&text(classes)?)?),
            Opt::With('T', mode) => {
                self.letters.push('T');
                if self.tls_mode.replace(text(mode)?).is_some() {
                    return Err("At most one -T <mode> option may be specified".to_string());
                }
            }
            Opt::With(letter, assignment) => {
                self.letters.push(letter);
                self.overrides.push(text(assignment)?);
            }
            Opt::Bad(why) => {
                complain("postconf", &why);
                return Err(usage());
            }
        }
        Ok(())
    }

    fn has(&self, letter: char) -> bool {
        self.letters.contains(letter)
    }

    fn request(mut self, explain: bool) -> Result<Request, String> {
        const SUBJECTS: [char; 4] = ['p', 'M', 'F', 'P'];
        if !MODES.chars().any(|mode| self.has(mode)) {
            self.letters.push('p');
        }
        let assigns = self.names.first().is_some_and(|name| name.contains('='));
        if assigns && !explain && SUBJECTS.iter().any(|subject| self.has(*subject)) {
            self.letters.push('e');
        }
        self.check()?;
        if explain && (!self.has('p') || "eX#".chars().any(|change| self.has(change))) {
            return Err("--explain is for main.cf parameters, and changes nothing".to_string());
        }
        if explain && self.names.is_empty() {
            return Err("--explain needs the name of a parameter".to_string());
        }
        let action = if explain {
            Action::Explain
        } else {
            self.action()?
        };
        let parts = match (self.has('h'), self.has('H')) {
            (true, _) => Parts::Values,
            (_, true) => Parts::Names,
            _ => Parts::Both,
        };
        Ok(Request {
            action,
            classes: self.classes.unwrap_or(ALL_CLASSES),
            style: Style {
                fold: self.has('f'),
                parts,
                json: self.has('j'),
            },
            defaults: self.has('d'),
            explicit: self.has('n'),
            expand: self.has('x'),
            quiet: self.has('q'),
            directory: self.directory,
            overrides: self.overrides,
            names: self.names,
        })
    }

    /// Refuses what does not go together.
    fn check(&self) -> Result<(), String> {
        for group in EXCLUSIVE {
            let given: Vec<_> = group.chars().filter(|letter| self.has(*letter)).collect();
            if given.len() > 1 {
                let given: String = given.iter().map(|letter| format!(" -{letter}")).collect();
                return Err(format!("specify one of{given}"));
            }
        }
        for (modes, unfit) in UNFIT {
            let mode = modes.chars().find(|mode| self.has(*mode));
            let letter = unfit.chars().find(|letter| self.has(*letter));
            if let (Some(mode), Some(letter)) = (mode, letter) {
                return Err(format!("with option -{mode}, do not specify -{letter}"));
            }
        }
        if self.has('e') && self.names.is_empty() {
            return Err("-e requires name=value argument".to_string());
        }
        if (self.has('X') || self.has('#')) && self.names.is_empty() {
            return Err("missing service argument".to_string());
        }
        if (self.has('b') || self.has('t')) && self.names.len() > 1 {
            return Err("options -b and -t require at most one template file".to_string());
        }
        Ok(())
    }

    fn action(&mut self) -> Result<Action, String> {
        let change = self.letters.chars().find_map(|letter| match letter {
            'e' => Some(Change::Set),
            'X' => Some(Change::Remove),
            '#' => Some(Change::CommentOut),
            _ => None,
        });
        let mode = MODES.chars().find(|mode| self.has(*mode));
        let subject = match mode.unwrap_or('p') {
            'M' => Subject::Entries,
            'F' => Subject::Fields,
            'P' => Subject::Settings,
            'a' => return Ok(Action::List(Listing::ServerSasl)),
            'A' => return Ok(Action::List(Listing::ClientSasl)),
            'l' => return Ok(Action::List(Listing::LockMethods)),
            'm' => return Ok(Action::List(Listing::TableTypes)),
            'T' => {
                let mode = self.tls_mode.take().unwrap_or_default();
                return Ok(Action::List(Listing::Tls(mode)));
            }
            letter @ ('b' | 't') => {
                return Ok(Action::Templates {
                    expand: letter == 'b',
                });
            }
            _ => Subject::Parameters,
        };
        Ok(match change {
            Some(change) => Action::Edit(subject, change),
            None => Action::Show(subject),
        })
    }
}

/// The options that say what it is about.
const MODES: &str = "aAbFlmMpPtT";

/// Options of which one at most may be given.
const EXCLUSIVE: [&str; 12] = [
    MODES, "deX#", "dn", "do", "enX#", "efX#", "ehHX#", "eoX#", "exX#", "ejX#", "hHj", "fj",
];

/// Options that others have no use for.
const UNFIT: [(&str, &str); 4] = [
    ("aAblmtT", "defhHjnoxX#"),
    ("M", "dhHn"),
    ("F", "dnX#"),
    ("P", "dn#"),
];

const ALL_CLASSES: Classes = Classes {
    builtin: true,
    service: true,
    user: true,
};

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
        match word.to_ascii_lowercase().as_str() {
            "builtin" => classes.builtin = true,
            "service" => classes.service = true,
            "user" => classes.user = true,
            "all" => classes = ALL_CLASSES,
            _ => return Err(format!("unknown -C option value \"{word}\" in \"{list}\"")),
        }
    }
    Ok(classes)
}
