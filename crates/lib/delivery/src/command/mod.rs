// SPDX-License-Identifier: MIT OR Apache-2.0
//! A command that gets the message on its standard input.
//!
//! *Invariants*: the command runs in a session of its own, as the given user for good, with
//! the given environment and nothing else of ours; it is given at most the time limit, then
//! its whole process group is killed. At most [`OUTPUT_LIMIT`] bytes of what it says are kept.
//! A shell sees mail data only when the administrator's command needs a shell, and then only
//! in its environment, which the agent has filtered.
//!
//! *Postfix:* pipe_command(3), exec_command(3), sys_exits(3).

mod exit;
mod program;
#[cfg(test)]
mod tests;

pub use program::Program;

use std::cell::Cell;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use mail::dsn::Status;
use sys::identity::with_effective;
use sys::spawn::{Child, Ended, Spawn};

use crate::content::Content;
use crate::copy::{CopyError, Style, copy};
use crate::mailbox::Identity;
use crate::trouble::{Trouble, error_text};

/// What is kept of a command's output, bytes.
pub const OUTPUT_LIMIT: usize = 4096;

/// A command to be run.
#[derive(Clone, Debug)]
pub struct Command {
    /// What to execute.
    pub program: Program,
    /// The command as messages show it.
    pub shown: String,
    /// The name of this agent, which failed executions are reported under.
    pub agent: &'static str,
    /// Who the command runs as.
    pub identity: Identity,
    /// Its whole environment.
    pub environment: Vec<(OsString, OsString)>,
    /// Where it starts; the queue directory otherwise.
    pub directory: Option<PathBuf>,
    /// How long it may take.
    pub time_limit: Duration,
}

impl Command {
    /// Runs the command and returns what it said.
    ///
    /// # Errors
    /// What went wrong, with the status that the exit code or the output asks for.
    pub fn run(&self, content: &mut Content<'_>, style: &Style<'_>) -> Result<String, Trouble> {
        let time = TimeLimit::start(self.time_limit);
        let (stdin_child, stdin) = pipe()?;
        let (stdout, stdout_child) = pipe()?;
        // A command that says more than we read must not hang: its writes fail instead.
        sys::fd::set_nonblocking(&stdin, true)
            .and_then(|()| sys::fd::set_nonblocking(&stdout_child, true))
            .map_err(|error| failed(&error))?;
        let child = match self.start(stdin_child, stdout_child) {
            Ok(child) => child,
            Err(error) => return Err(self.not_started(&error)),
        };
        let mut pipe = Timed {
            file: File::from(stdin),
            time: &time,
        };
        let copied = copy(content, style, &mut pipe);
        drop(pipe);
        let output = exit::printable(&read_output(stdout, &time));
        let Some(ended) = self.wait(child, &time)? else {
            let text = exit::with_output(
                &format!("Command time limit exceeded: \"{}\"", self.shown),
                &output,
            );
            return Err(exit::trouble(Status::new(5, 3, 0), text, &output));
        };
        exit::judge(ended, &self.shown, &output)?;
        match copied {
            Err(CopyError::Corrupt) => Err(Trouble::CorruptMessage),
            // A command may succeed without reading everything.
            Err(CopyError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(output),
            Err(error) => {
                let text = format!("Command failed: {error}: \"{}\"", self.shown);
                Err(Trouble::new(Status::new(5, 3, 0), text))
            }
            Ok(_) => Ok(output),
        }
    }

    fn start(&self, stdin: OwnedFd, stdout: OwnedFd) -> io::Result<Child> {
        let stderr = stdout.try_clone()?;
        let (path, arguments) = self.program.resolve();
        let mut spawn = Spawn::new(path).env_clear();
        if let Some((first, rest)) = arguments.split_first() {
            spawn = spawn.arg0(first).args(rest);
        }
        for (name, value) in &self.environment {
            spawn = spawn.env(name, value);
        }
        if let Some(directory) = &self.directory {
            spawn = spawn.current_dir(directory);
        }
        let spawn = spawn
            .fd(0, stdin)
            .fd(1, stdout)
            .fd(2, stderr)
            .identity(self.identity.uid, self.identity.gid)
            .new_session();
        privileged(|| spawn.spawn())?
    }

    /// What the original's child would have said and done.
    fn not_started(&self, error: &io::Error) -> Trouble {
        if matches!(
            error.kind(),
            io::ErrorKind::WouldBlock | io::ErrorKind::OutOfMemory
        ) {
            return failed(error);
        }
        let name = self.program.name().to_string_lossy().into_owned();
        let place = match self.program {
            Program::Arguments(_) => "pipe_command: ",
            Program::Line(_) | Program::Shell(..) => "",
        };
        let said = format!(
            "{}: fatal: {place}execvp {name}: {}",
            self.agent,
            error_text(error)
        );
        // A child that cannot go on says so and asks to try again later.
        exit::judge(Ended::Exited(75), &self.shown, &format!("{said} "))
            .err()
            .unwrap_or_else(|| failed(error))
    }

    /// Waits for the command; kills it and all its offspring when the time is over.
    fn wait(&self, child: Child, time: &TimeLimit) -> Result<Option<Ended>, Trouble> {
        let ended = sys::spawn::wait(child.pid, time.left()).map_err(|error| failed(&error))?;
        if ended.is_none() {
            time.exceeded("pipe_command_wait_or_kill: child wait");
            let Identity { uid, gid } = self.identity;
            let kill = || sys::spawn::kill_group(child.pid, sys::signal::Signal::SIGKILL);
            // The child may still be on its way to its identity: then the old rights are needed.
            if !matches!(with_effective(uid, gid, kill), Ok(Ok(()))) {
                let _ = privileged(kill);
            }
            let _ = sys::spawn::wait(child.pid, None);
        }
        Ok(ended)
    }
}

/// Runs `act` as root where this process may be root.
fn privileged<T>(act: impl FnOnce() -> T) -> io::Result<T> {
    if sys::users::real_uid() == 0 {
        with_effective(0, 0, act)
    } else {
        Ok(act())
    }
}

fn pipe() -> Result<(OwnedFd, OwnedFd), Trouble> {
    sys::fd::pipe().map_err(|error| failed(&error))
}

fn failed(error: &io::Error) -> Trouble {
    Trouble::new(
        Status::new(4, 3, 0),
        format!("Delivery failed: {}", error_text(error)),
    )
}

/// The time that a command has for everything.
struct TimeLimit {
    deadline: Option<Instant>,
    told: Cell<bool>,
}

impl TimeLimit {
    fn start(limit: Duration) -> Self {
        Self {
            deadline: Instant::now().checked_add(limit),
            told: Cell::new(false),
        }
    }

    fn left(&self) -> Option<Duration> {
        self.deadline
            .map(|at| at.saturating_duration_since(Instant::now()))
    }

    /// Logs, once, what we were waiting for when the time was over.
    fn exceeded(&self, waiting: &str) {
        if !self.told.replace(true) {
            runtime::log::warning(format_args!("{waiting} time limit exceeded"));
        }
    }
}

/// Reads what the command says until it stops, or enough was said, or time is over.
fn read_output(stdout: OwnedFd, time: &TimeLimit) -> Vec<u8> {
    let mut file = File::from(stdout);
    let mut output = vec![0; OUTPUT_LIMIT];
    let mut length = 0;
    while let Some(room) = output.get_mut(length..).filter(|room| !room.is_empty()) {
        if !sys::fd::wait_readable(file.as_fd(), time.left()).unwrap_or(false) {
            time.exceeded("pipe_command_read: read");
            break;
        }
        match file.read(room) {
            Ok(0) => break,
            Ok(count) => length += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => break,
        }
    }
    output.truncate(length);
    output
}

/// A pipe whose writes together end at a point in time.
struct Timed<'t> {
    file: File,
    time: &'t TimeLimit,
}

impl Write for Timed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            match self.file.write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                outcome => return outcome,
            }
            if !sys::fd::wait_writable(self.file.as_fd(), self.time.left())? {
                self.time.exceeded("pipe_command_write: write");
                return Err(io::ErrorKind::TimedOut.into());
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
