// SPDX-License-Identifier: MIT OR Apache-2.0
#![doc = include_str!("../sendmail.1.md")]
//!
//! *Privileges*: those of the invoker. Should it be installed set-uid, it gives that up first.
//!
//! In reading order: `options` (the command line), `programs` (modes that other programs carry
//! out), `submit` (mail), `content` (the message on standard input), `author` (who sends it),
//! `drop` (the conversation with postdrop).

mod author;
mod content;
mod drop;
mod options;
mod params;
mod programs;
mod submit;

use std::path::PathBuf;
use std::process::ExitCode;

use runtime::{exit, log};
use server::command::{self, Rights};

use options::{Mode, Request};
use params::Params;

/// An end with a message: exit code and text.
type Failure = (i32, String);

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    let process = command::begin("sendmail", Rights::Invoker);
    sys::fd::close_from(3);
    give_up_privileges();
    if std::env::var_os("MAIL_VERBOSE").is_some() {
        log::set_verbose(1);
    }
    let words: Vec<_> = std::env::args_os().skip(1).collect();
    let result = Request::parse(&process, words).and_then(|request| run(&process, &request));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // Whatever the reason: the original's status is always that of a temporary failure, so
        // that callers keep the message. (Observed with 3.7; the codes in this program say what
        // it would be otherwise.)
        Err((_, text)) => log::fatal_status(exit::TEMPFAIL, text),
    }
}

/// This program must not be set-uid; if it is, it acts as the user who runs it.
fn give_up_privileges() {
    let (real, effective) = (sys::users::real_uid(), sys::users::effective_uid());
    if real == effective {
        return;
    }
    log::warning("the Postfix sendmail command has set-uid root file permissions");
    log::warning("or the command is run from a set-uid root process");
    log::warning(
        "the Postfix sendmail command must be installed without set-uid root file permissions",
    );
    if let Err(error) = sys::identity::become_user(real, sys::users::real_gid()) {
        log::fatal_status(exit::OSERR, format_args!("setuid({real}): {error}"));
    }
}

fn run(process: &str, request: &Request) -> Result<(), Failure> {
    if request.mode == Mode::Nothing {
        return Ok(());
    }
    let started = command::configure(process, request.directory.as_deref())
        .map_err(|text| (exit::FATAL, text))?;
    let params =
        Params::load(&started.main_cf).map_err(|error| (exit::FATAL, error.to_string()))?;
    // Only a directory that was chosen is passed on; the others find the built-in one.
    let chosen = request.directory.is_some() || std::env::var_os("MAIL_CONFIG").is_some();
    let site = Site {
        params,
        directory: chosen.then(|| started.main_cf.dir().to_path_buf()),
    };
    match request.mode {
        Mode::Submit => submit::submit(&site, request),
        _ => programs::run(&site, request),
    }
}

/// What is known about this mail system.
struct Site {
    params: Params,
    /// The configuration directory, when somebody chose one.
    directory: Option<PathBuf>,
}
