// SPDX-License-Identifier: MIT OR Apache-2.0
#![doc = include_str!("../postcat.1.md")]
//!
//! *Privileges:* those of whoever runs it. It only reads.

mod dump;
mod options;
#[cfg(test)]
mod tests;

use dump::DumpError;
use options::{Command, Misuse, USAGE};
use queue::{Layout, Queue, QueueId};
use runtime::options::complain;
use runtime::{exit, log};
use server::command::{self, Rights};
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, BufWriter, Read as _, Seek as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

config::select! {
    /// What postcat reads from main.cf.
    struct Params {
        hash_queue_depth,
        hash_queue_names,
    }
}

/// The queues that `-q` looks in.
const SEARCHED: [Queue; 5] = [
    Queue::Maildrop,
    Queue::Incoming,
    Queue::Active,
    Queue::Deferred,
    Queue::Hold,
];

/// The most that is taken from a pipe.
const INPUT_LIMIT: u64 = 1 << 30;

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    let process = command::begin("postcat", Rights::Invoker);
    let command = match options::parse(std::env::args_os().skip(1).collect()) {
        Ok(command) => command,
        Err(Misuse::Fatal(text)) => log::fatal_status(exit::FATAL, text),
        Err(Misuse::Usage(complaint)) => {
            if let Some(text) = complaint {
                complain(&process, &text);
            }
            log::fatal_status(exit::FATAL, USAGE)
        }
    };
    log::set_verbose(command.verbose);
    match run(&process, &command) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads through a pipe may have seen enough.
        Err(Failure::Dump(DumpError::Output(error)))
            if error.kind() == io::ErrorKind::BrokenPipe =>
        {
            ExitCode::SUCCESS
        }
        Err(failure) => log::fatal_status(exit::FATAL, failure),
    }
}

/// Why the program ends early.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{0}")]
    Start(String),
    #[error("open {0}: {1}")]
    Open(String, io::Error),
    #[error("open queue file {0}: No such file or directory")]
    NotInQueue(String),
    #[error("bad mail queue ID: {0}")]
    BadId(String),
    #[error("{0}")]
    Dump(#[from] DumpError),
}

fn run(process: &str, command: &Command) -> Result<(), Failure> {
    let started =
        command::configure(process, command.config_directory.as_deref()).map_err(Failure::Start)?;
    let mut out = BufWriter::new(io::stdout().lock());
    if command.files.is_empty() {
        let input = io::stdin().lock();
        return show_input(command, input, &mut out);
    }
    let params =
        Params::load(&started.main_cf).map_err(|error| Failure::Start(error.to_string()))?;
    for file in &command.files {
        let (path, name) = if command.search {
            let layout = Layout::relative(&params.hash_queue_names, params.hash_queue_depth);
            let found = find(&layout, &started.queue_directory, file)?;
            (
                started.queue_directory.join(&found),
                found.display().to_string(),
            )
        } else {
            (PathBuf::from(file), file.to_string_lossy().into_owned())
        };
        show_file(command, &path, &name, &mut out)?;
    }
    out.flush().map_err(|error| DumpError::Output(error).into())
}

/// Where the file of a message is, below the queue directory.
fn find(layout: &Layout, queue_directory: &Path, name: &OsStr) -> Result<PathBuf, Failure> {
    let shown = name.to_string_lossy();
    let id = QueueId::from_file_name(name).ok_or_else(|| Failure::BadId(shown.to_string()))?;
    SEARCHED
        .into_iter()
        .map(|queue| layout.path(queue, &id))
        .find(|path| queue_directory.join(path).is_file())
        .ok_or_else(|| Failure::NotInQueue(shown.to_string()))
}

fn show_file(
    command: &Command,
    path: &Path,
    name: &str,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let file = File::open(path).map_err(|error| Failure::Open(name.to_owned(), error))?;
    finish(
        name,
        dump::dump(name, file, command.start, command.show, out),
    )
}

/// Standard input: a file is read in place, anything else into memory.
fn show_input(
    command: &Command,
    input: io::StdinLock<'_>,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let name = "stdin";
    let open = |error| Failure::Open(name.to_owned(), error);
    let descriptor = std::os::fd::AsFd::as_fd(&input)
        .try_clone_to_owned()
        .map_err(open)?;
    let mut file = File::from(descriptor);
    let seekable = file.stream_position().is_ok();
    let (start, show) = (command.start, command.show);
    let done = if seekable {
        dump::dump(name, file, start, show, out)
    } else {
        let mut bytes = Vec::new();
        file.take(INPUT_LIMIT)
            .read_to_end(&mut bytes)
            .map_err(open)?;
        dump::dump(name, bytes.as_slice(), start, show, out)
    };
    finish(name, done)?;
    out.flush().map_err(|error| DumpError::Output(error).into())
}

/// A file that is no queue file does not keep the others from being shown.
fn finish(name: &str, done: Result<(), DumpError>) -> Result<(), Failure> {
    match done {
        Err(error @ (DumpError::NotAQueueFile | DumpError::File(_) | DumpError::Loop)) => {
            log::warning(format_args!("{name}: {error}"));
            Ok(())
        }
        done => Ok(done?),
    }
}
