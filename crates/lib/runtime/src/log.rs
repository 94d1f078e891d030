// SPDX-License-Identifier: MIT OR Apache-2.0
//! The log: five severities, and where their lines go.
//!
//! A program calls [`start`] with its tag (`postfix/smtpd`) and sinks; then [`info`],
//! [`warning`], [`error`] and [`fatal`] take anything that displays itself, usually an event of
//! [`crate::event`]. Severity prefixes (`warning: ` and so on) are added here and nowhere else.
//!
//! *Invariants:* a line holds no control characters and at most [`RECORD_LIMIT`] bytes of text,
//! whatever was displayed. Logging never fails and never blocks for long: a sink that does not
//! answer is skipped, its line goes to the fallback, and it is tried again at the next line.
//!
//! *Postfix:* msg(3), msg_output(3), msg_vstream(3), msg_syslog(3), msg_logger(3),
//! maillog_client(3).

use std::cell::{Cell, RefCell};
use std::fmt::Display;
use std::fs::File;
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

mod record;
mod setup;
mod sinks;

pub use record::{RECORD_LIMIT, file_line};
pub use setup::{HOSTNAME_VARIABLE, SERVICE_VARIABLE, Setup, TAG_VARIABLE, early};
pub use syslog::Facility;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Normal operation.
    Info,
    /// Something is wrong, and the program goes on.
    Warning,
    /// Something failed, and the program goes on.
    Error,
    /// The program cannot go on.
    Fatal,
    /// A bug.
    Panic,
}

impl Severity {
    /// What a line of this severity begins with.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Info => "",
            Self::Warning => "warning: ",
            Self::Error => "error: ",
            Self::Fatal => "fatal: ",
            Self::Panic => "panic: ",
        }
    }
}

/// A place where lines go.
#[derive(Debug, Clone)]
pub enum Sink {
    /// Standard error, as `NAME: warning: text`.
    Stderr,
    /// The system log, through the datagram socket `/dev/log`.
    Syslog {
        /// Which facility the lines belong to.
        facility: Facility,
    },
    /// postlogd(8), through its datagram socket.
    Postlog {
        /// Where the socket is.
        socket: PathBuf,
        /// A file that is written directly when nobody answers at the socket. Only programs
        /// that may write the log file themselves have one.
        fallback: Option<PathBuf>,
    },
    /// A file that is opened for each line, so that it can be renamed away.
    File {
        /// The file's name.
        path: PathBuf,
    },
    /// A file that is open already: for postlogd(8), whose own lines go where it writes those of
    /// others.
    Opened {
        /// The file; each line is one write at its end.
        file: Rc<File>,
    },
    /// Lines (with severity prefix) kept in memory, for tests.
    Capture(Rc<RefCell<Vec<String>>>),
}

/// What is known about this process's log.
struct State {
    /// What a line is labelled with: `postfix/smtpd`.
    tag: String,
    /// What standard error calls this program: `smtpd`.
    name: String,
    /// Host name in lines for files; its first label is used.
    host: String,
    sinks: Vec<sinks::Open>,
    /// Called once, before a fatal error ends the program.
    cleanup: Option<fn()>,
}

thread_local! {
    static STATE: RefCell<State> = RefCell::new(State {
        tag: "postfix".to_owned(),
        name: "postfix".to_owned(),
        host: String::new(),
        sinks: Vec::new(),
        cleanup: None,
    });
    static VERBOSE: Cell<u8> = const { Cell::new(0) };
}

/// Begins to log under this tag to these sinks. The name on standard error is what follows the
/// last slash of the tag.
pub fn start(tag: &str, sinks: Vec<Sink>) {
    set_tag(tag);
    set_sinks(sinks);
}

/// Changes the tag, and the name on standard error with it.
pub fn set_tag(tag: &str) {
    STATE.with_borrow_mut(|state| {
        tag.clone_into(&mut state.tag);
        tag.rsplit('/')
            .next()
            .unwrap_or(tag)
            .clone_into(&mut state.name);
    });
}

/// Changes what standard error calls this program.
pub fn set_name(name: &str) {
    STATE.with_borrow_mut(|state| name.clone_into(&mut state.name));
}

/// Sets the host name that lines in files carry (its first label).
pub fn set_host(host: &str) {
    STATE.with_borrow_mut(|state| host.clone_into(&mut state.host));
}

/// Replaces the sinks. Sinks that stay the same keep their open sockets.
pub fn set_sinks(sinks: Vec<Sink>) {
    STATE.with_borrow_mut(|state| {
        let mut old = std::mem::take(&mut state.sinks);
        state.sinks = sinks
            .into_iter()
            .map(|sink| sinks::Open::new(sink, &mut old))
            .collect();
    });
}

/// Opens the sockets of the sinks now, and learns the time zone: for daemons, before the root
/// directory changes.
pub fn connect() {
    let _ = sys::clock::local_time(0);
    STATE.with_borrow_mut(|state| state.sinks.iter_mut().for_each(sinks::Open::connect));
}

/// Names a function that runs once before a fatal error ends the program: a command uses it to
/// remove a half-written file.
pub fn set_cleanup(cleanup: Option<fn()>) {
    STATE.with_borrow_mut(|state| state.cleanup = cleanup);
}

/// How often `-v` was given.
pub fn verbose_level() -> u8 {
    VERBOSE.get()
}

/// Sets how often `-v` was given.
pub fn set_verbose(level: u8) {
    VERBOSE.set(level);
}

/// Logs normal operation.
pub fn info(event: impl Display) {
    write(Severity::Info, &event);
}

/// Logs normal operation when `-v` was given.
pub fn verbose(event: impl Display) {
    if verbose_level() > 0 {
        write(Severity::Info, &event);
    }
}

/// Logs that something is wrong.
pub fn warning(event: impl Display) {
    write(Severity::Warning, &event);
}

/// Logs that something failed.
pub fn error(event: impl Display) {
    write(Severity::Error, &event);
}

/// Logs an event at a severity that is known only at run time. Does not end the program.
pub fn at(severity: Severity, event: impl Display) {
    write(severity, &event);
}

/// Logs why this daemon cannot go on, pauses a second so that its master does not start the
/// next one at once, and exits with status 1.
pub fn fatal(event: impl Display) -> ! {
    write(Severity::Fatal, &event);
    run_cleanup();
    std::thread::sleep(Duration::from_secs(1));
    std::process::exit(crate::exit::FATAL)
}

/// Logs why this command cannot go on, and exits with this status.
pub fn fatal_status(status: i32, event: impl Display) -> ! {
    write(Severity::Fatal, &event);
    run_cleanup();
    std::process::exit(status)
}

/// Logs a bug and aborts.
pub fn panic(event: impl Display) -> ! {
    write(Severity::Panic, &event);
    run_cleanup();
    std::process::abort()
}

/// Sends the panics of Rust to the log, as Postfix's `panic:` lines.
pub fn catch_panics() {
    std::panic::set_hook(Box::new(|info| {
        write(Severity::Panic, &info.to_string().replace('\n', " "));
    }));
}

fn run_cleanup() {
    let cleanup = STATE.with(|state| {
        state
            .try_borrow_mut()
            .ok()
            .and_then(|mut s| s.cleanup.take())
    });
    if let Some(cleanup) = cleanup {
        cleanup();
    }
}

fn write(severity: Severity, event: &dyn Display) {
    let text = record::clean(event);
    STATE.with(|state| {
        // A value that logs while it is displayed would come back here; its line is dropped.
        if let Ok(mut state) = state.try_borrow_mut() {
            state.write(severity, &text);
        }
    });
}

impl State {
    fn write(&mut self, severity: Severity, text: &str) {
        let line = record::Line {
            tag: &self.tag,
            name: &self.name,
            host: &self.host,
            severity,
            text,
        };
        for sink in &mut self.sinks {
            sink.write(&line);
        }
    }
}

/// A record in the form of the first socket sink, and a copy of its socket, so that a signal
/// handler can send it. `None` when no socket is open.
pub(crate) fn prepared_record(severity: Severity, text: &str) -> Option<(OwnedFd, Vec<u8>)> {
    STATE.with_borrow(|state| {
        let line = record::Line {
            tag: &state.tag,
            name: &state.name,
            host: &state.host,
            severity,
            text,
        };
        state.sinks.iter().find_map(|sink| sink.prepared(&line))
    })
}

#[cfg(test)]
mod tests;
