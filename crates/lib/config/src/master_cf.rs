// SPDX-License-Identifier: MIT OR Apache-2.0
//! `master.cf`: the services that master starts.
//!
//! A logical line has seven columns and a command with arguments, separated by white space. An
//! argument in braces may contain white space: `-o { name = value with spaces }`.
//!
//! *Errors*: [`ConfigError::Syntax`] with file, line and field, in the words of the original.
//!
//! *Postfix:* `master/master_ent`.

use std::path::Path;
use std::time::Duration;

use crate::error::ConfigError;
use crate::lines::{LogicalLine, is_space, logical_lines};
use crate::main_cf::read_bounded;
use crate::value::{braced_words, unbraced};

/// How clients reach a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A TCP port.
    Inet,
    /// A stream socket below the queue directory.
    Unix,
    /// A datagram socket below the queue directory.
    UnixDgram,
    /// A named pipe below the queue directory.
    Fifo,
    /// A stream socket over which open connections are passed.
    Pass,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 5] = [
        Kind::Inet,
        Kind::Unix,
        Kind::UnixDgram,
        Kind::Fifo,
        Kind::Pass,
    ];

    /// The word in the second column.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Inet => "inet",
            Kind::Unix => "unix",
            Kind::UnixDgram => "unix-dgram",
            Kind::Fifo => "fifo",
            Kind::Pass => "pass",
        }
    }
}

/// One line of `master.cf`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// First column: host and port, or the name of a socket.
    pub name: String,
    /// Second column.
    pub kind: Kind,
    /// Whether only the mail system may reach it.
    pub private: bool,
    /// Whether it runs as the mail owner.
    pub unprivileged: bool,
    /// Whether it runs in the queue directory as its root.
    pub chroot: bool,
    /// Whether the chroot column is `-`, so that master has to log where a historical default
    /// decided.
    pub chroot_by_default: bool,
    /// How often master wakes it up; zero means never.
    pub wakeup: Duration,
    /// Whether it is woken up only once something else has used it.
    pub wakeup_only_if_used: bool,
    /// How many processes may serve it at once; zero means without limit.
    pub max_processes: u32,
    /// The name of the program below the daemon directory.
    pub command: String,
    /// Its arguments.
    pub args: Vec<String>,
    /// The line where the entry begins.
    pub line: u32,
}

/// What fills the columns that hold `-`.
#[derive(Clone, Copy, Debug)]
pub struct Defaults {
    /// `default_process_limit`.
    pub process_limit: u32,
    /// The chroot column: yes below compatibility level 1.
    pub chroot: bool,
}

/// The file `master.cf`.
#[derive(Debug)]
pub struct MasterCf {
    /// The services, in order; the same name and kind may come twice.
    pub services: Vec<Service>,
    /// What should be logged as warnings.
    pub warnings: Vec<String>,
}

impl MasterCf {
    /// Reads the services of the file `path`, in order, without the warnings.
    pub fn read(path: &Path, defaults: Defaults) -> Result<Vec<Service>, ConfigError> {
        Ok(MasterCf::open(path, defaults)?.services)
    }

    /// Reads the file `path`.
    pub fn open(path: &Path, defaults: Defaults) -> Result<MasterCf, ConfigError> {
        let text = read_bounded(path)?;
        let text = String::from_utf8_lossy(&text);
        MasterCf::parse(&path.display().to_string(), &text, defaults)
    }

    /// The services of a text that stands in `file`.
    pub fn parse(file: &str, text: &str, defaults: Defaults) -> Result<MasterCf, ConfigError> {
        let mut master_cf = MasterCf {
            services: Vec::new(),
            warnings: Vec::new(),
        };
        for line in logical_lines(text) {
            if line.text.starts_with([' ', '\t']) {
                let warning = "logical line must not start with whitespace";
                master_cf
                    .warnings
                    .push(format!("{file}: {warning}: \"{}\"", line.start()));
                continue;
            }
            let service = Entry {
                file,
                line: &line,
                fields: fields(file, &line)?,
            };
            master_cf.services.push(service.read(defaults)?);
        }
        Ok(master_cf)
    }
}

/// The fields of a logical line; braces around an argument and the white space within them
/// are taken off.
pub fn fields(file: &str, line: &LogicalLine) -> Result<Vec<String>, ConfigError> {
    let mut fields = Vec::new();
    let mut rest = line.text.as_str();
    // Only what follows the command is quoted with braces.
    while fields.len() < COLUMNS.len() {
        rest = rest.trim_start_matches(is_space);
        let (field, after) = rest.split_at(rest.find(is_space).unwrap_or(rest.len()));
        if field.is_empty() {
            return Ok(fields);
        }
        fields.push(field.to_string());
        rest = after;
    }
    for word in braced_words(rest, is_space) {
        if !word.starts_with('{') {
            fields.push(word.to_string());
            continue;
        }
        let argument = unbraced(word);
        if let Some(complaint) = argument.complaint {
            let why = format!("{file}: line {}: {complaint}", line.number);
            return Err(ConfigError::Syntax(why));
        }
        fields.push(argument.text.to_string());
    }
    Ok(fields)
}

/// The names that messages use for the columns.
const COLUMNS: [&str; 8] = [
    "service name",
    "transport type",
    "private",
    "unprivileged",
    "chroot",
    "wakeup_time",
    "max_proc",
    "command",
];

/// One entry while it is being read.
struct Entry<'e> {
    file: &'e str,
    line: &'e LogicalLine,
    fields: Vec<String>,
}

impl Entry<'_> {
    fn wrong(&self, why: &str) -> ConfigError {
        ConfigError::Syntax(format!("{}: line {}: {why}", self.file, self.line.number))
    }

    fn bad_value(&self, column: usize, text: &str) -> ConfigError {
        let name = COLUMNS.get(column).copied().unwrap_or_default();
        self.wrong(&format!("field \"{name}\": bad value: \"{text}\""))
    }

    /// The text of a column; none for `-`.
    fn column(&self, column: usize) -> Result<Option<&str>, ConfigError> {
        let name = COLUMNS.get(column).copied().unwrap_or_default();
        match self.fields.get(column).map(String::as_str) {
            None => Err(self.wrong(&format!("missing \"{name}\" field"))),
            Some("-") => Ok(None),
            Some(text) => Ok(Some(text)),
        }
    }

    /// The text of a column that has no default.
    fn required(&self, column: usize) -> Result<&str, ConfigError> {
        let name = COLUMNS.get(column).copied().unwrap_or_default();
        let no_default = || self.wrong(&format!("field \"{name}\" has no default value"));
        self.column(column)?.ok_or_else(no_default)
    }

    fn flag(&self, column: usize, default: bool) -> Result<bool, ConfigError> {
        match self.column(column)? {
            None => Ok(default),
            Some("y") => Ok(true),
            Some("n") => Ok(false),
            Some(text) => Err(self.bad_value(column, text)),
        }
    }

    fn number(&self, column: usize, text: &str) -> Result<u32, ConfigError> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(self.bad_value(column, text));
        }
        // Nothing but digits: only a number that is too large can fail.
        Ok(text.parse().unwrap_or(u32::MAX))
    }

    fn read(&self, defaults: Defaults) -> Result<Service, ConfigError> {
        let name = self.required(0)?;
        let word = self.required(1)?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.word() == word);
        let kind = kind.ok_or_else(|| self.wrong(&format!("bad transport type: {word}")))?;
        let private = self.flag(2, true)?;
        if private && kind == Kind::Inet {
            return Err(self.wrong("inet service cannot be private"));
        }
        let unprivileged = self.flag(3, true)?;
        let chroot = self.flag(4, defaults.chroot)?;
        let wakeup = self.column(5)?.unwrap_or("0");
        let seconds = wakeup.trim_end_matches('?');
        let wakeup_time = self
            .number(5, seconds)
            .map_err(|_| self.bad_value(5, wakeup))?;
        let max_processes = match self.column(6)? {
            None => defaults.process_limit,
            Some(text) => self.number(6, text)?,
        };
        Ok(Service {
            name: name.to_string(),
            kind,
            private,
            unprivileged,
            chroot,
            chroot_by_default: self.column(4)?.is_none(),
            wakeup: Duration::from_secs(u64::from(wakeup_time)),
            wakeup_only_if_used: seconds.len() < wakeup.len(),
            max_processes,
            command: self.required(7)?.to_string(),
            args: self
                .fields
                .get(COLUMNS.len()..)
                .unwrap_or_default()
                .to_vec(),
            line: self.line.number,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFAULTS: Defaults = Defaults {
        process_limit: 100,
        chroot: false,
    };

    fn parse(text: &str) -> Result<Vec<Service>, String> {
        match MasterCf::parse("f", text, DEFAULTS) {
            Ok(master_cf) => Ok(master_cf.services),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn columns_have_defaults() {
        let text = "# c\nsmtp  inet n - y - - smtpd\n  -o x=y\n# c\n  -o { a = b c } -v\n\
                    flush unix n y - 1000? 0 flush\n";
        let services = parse(text).expect("good syntax");
        let [smtp, flush] = services.as_slice() else {
            panic!("two services")
        };
        assert_eq!(
            (smtp.name.as_str(), smtp.kind, smtp.line),
            ("smtp", Kind::Inet, 2)
        );
        assert_eq!(
            (smtp.private, smtp.unprivileged, smtp.chroot),
            (false, true, true)
        );
        assert_eq!((smtp.wakeup, smtp.max_processes), (Duration::ZERO, 100));
        assert_eq!(smtp.args, ["-o", "x=y", "-o", "a = b c", "-v"]);
        assert!(flush.wakeup_only_if_used && flush.chroot_by_default && !flush.chroot);
        assert_eq!(
            (flush.wakeup, flush.max_processes),
            (Duration::from_secs(1000), 0)
        );
    }

    #[test]
    fn errors_name_file_line_and_field() {
        for (text, expected) in [
            ("smtp", "missing \"transport type\" field"),
            ("smtp inet", "missing \"private\" field"),
            ("smtp foo n - y - - smtpd", "bad transport type: foo"),
            (
                "smtp inet y - y - - smtpd",
                "inet service cannot be private",
            ),
            (
                "smtp inet - - y - - smtpd",
                "inet service cannot be private",
            ),
            (
                "smtp inet x - y - - smtpd",
                "field \"private\": bad value: \"x\"",
            ),
            (
                "smtp unix N - y - - smtpd",
                "field \"private\": bad value: \"N\"",
            ),
            (
                "smtp inet n x y - - smtpd",
                "field \"unprivileged\": bad value: \"x\"",
            ),
            (
                "smtp inet n - x - - smtpd",
                "field \"chroot\": bad value: \"x\"",
            ),
            (
                "smtp inet n - y -1 - smtpd",
                "field \"wakeup_time\": bad value: \"-1\"",
            ),
            (
                "smtp inet n - y - x smtpd",
                "field \"max_proc\": bad value: \"x\"",
            ),
            (
                "smtp inet n - y - - -",
                "field \"command\" has no default value",
            ),
            ("smtp inet n - y - -", "missing \"command\" field"),
            (
                "smtp - n - y - - smtpd",
                "field \"transport type\" has no default value",
            ),
            (
                "a unix n - n 0 1 smtpd\n { foo bar",
                "missing '}' in \"{ foo bar\"",
            ),
            ("{a unix} n - n 0 1 smtpd", "bad transport type: unix}"),
            (
                "a unix n - n 0 1 smtpd { foo }x",
                "syntax error after '}' in \"{ foo }x\"",
            ),
        ] {
            assert_eq!(
                parse(&format!("\n{text}\n")),
                Err(format!("f: line 2: {expected}"))
            );
        }
    }

    #[test]
    fn braces_within_an_argument_keep_it_together() {
        let text = "a unix - n n - - pipe argv={x y} -o {b = {c d} e} f{g\n  h\n";
        let services = parse(text).expect("good syntax");
        let arguments = ["argv={x y}", "-o", "b = {c d} e", "f{g  h"];
        assert_eq!(
            services.first().map(|s| s.args.as_slice()),
            Some(&arguments.map(str::to_string)[..])
        );
    }

    #[test]
    fn a_huge_process_limit_is_the_largest() {
        let services = parse("a unix n - n 60?? 99999999999 smtpd\n").expect("good syntax");
        assert_eq!(
            services.first().map(|service| service.max_processes),
            Some(u32::MAX)
        );
    }
}
