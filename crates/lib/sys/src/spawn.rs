// SPDX-License-Identifier: MIT OR Apache-2.0
//! Starting other programs with exactly the descriptors, identity and environment they should
//! have, and learning how they ended.
//!
//! *Invariants:* a child begins with an empty signal mask, default signal actions, and only the
//! descriptors it was given (all others are close-on-exec). Between fork and exec the child
//! makes system calls only: everything that needs memory is prepared before.
//!
//! *Errors:* a program that cannot be executed is an error of [`Spawn::spawn`], with the code
//! of the call that failed in the child.
//!
//! *Postfix:* the fork and exec parts of master_spawn.c, spawn_command(3), pipe_command(3).

use std::collections::BTreeMap;
use std::ffi::{CString, OsStr, OsString};
use std::io;
use std::os::fd::{OwnedFd, RawFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

mod child;

/// A program about to be started.
#[derive(Debug)]
pub struct Spawn {
    program: PathBuf,
    arguments: Vec<OsString>,
    environment: BTreeMap<OsString, OsString>,
    directory: Option<PathBuf>,
    descriptors: Vec<(RawFd, OwnedFd)>,
    identity: Option<(u32, u32)>,
    group: Group,
}

/// Which process group the child belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    Same,
    Own,
    Session,
}

/// A process that was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Child {
    /// Process id.
    pub pid: u32,
}

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// By itself, with this status.
    Exited(i32),
    /// By this signal.
    Signaled(i32),
}

impl Spawn {
    /// Prepares to start the program at this path (no search in `PATH`) with this process's
    /// environment and standard streams.
    pub fn new(program: impl AsRef<Path>) -> Self {
        let program = program.as_ref().to_owned();
        Self {
            arguments: vec![program.clone().into_os_string()],
            program,
            environment: std::env::vars_os().collect(),
            directory: None,
            descriptors: Vec::new(),
            identity: None,
            group: Group::Same,
        }
    }

    /// Sets the name the program sees as its own; the path otherwise.
    #[must_use]
    pub fn arg0(mut self, name: impl AsRef<OsStr>) -> Self {
        if let Some(first) = self.arguments.first_mut() {
            name.as_ref().clone_into(first);
        }
        self
    }

    /// Adds one argument.
    #[must_use]
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<S: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        self.arguments
            .extend(arguments.into_iter().map(|a| a.as_ref().to_owned()));
        self
    }

    /// Begins with an empty environment.
    #[must_use]
    pub fn env_clear(mut self) -> Self {
        self.environment.clear();
        self
    }

    /// Sets one variable.
    #[must_use]
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.environment
            .insert(name.as_ref().to_owned(), value.as_ref().to_owned());
        self
    }

    /// Starts the program in this directory.
    #[must_use]
    pub fn current_dir(mut self, directory: impl AsRef<Path>) -> Self {
        self.directory = Some(directory.as_ref().to_owned());
        self
    }

    /// Gives the child a copy of this descriptor at this number.
    #[must_use]
    pub fn fd(mut self, number: RawFd, descriptor: OwnedFd) -> Self {
        self.descriptors.push((number, descriptor));
        self
    }

    /// Runs the program as this user and group, without supplementary groups.
    #[must_use]
    pub fn identity(mut self, uid: u32, gid: u32) -> Self {
        self.identity = Some((uid, gid));
        self
    }

    /// Puts the child into a session of its own.
    #[must_use]
    pub fn new_session(mut self) -> Self {
        self.group = Group::Session;
        self
    }

    /// Puts the child into a process group of its own.
    #[must_use]
    pub fn process_group(mut self) -> Self {
        self.group = Group::Own;
        self
    }

    /// Starts the program.
    pub fn spawn(self) -> io::Result<Child> {
        child::spawn(&self.prepare()?)
    }

    /// Becomes the program; comes back only when that failed.
    pub fn exec(self) -> io::Error {
        match self.prepare() {
            Ok(prepared) => child::exec(&prepared),
            Err(error) => error,
        }
    }

    fn prepare(self) -> io::Result<child::Prepared> {
        let environment = self.environment.into_iter().map(|(name, value)| {
            let mut pair = name.into_vec();
            pair.push(b'=');
            pair.extend_from_slice(value.as_bytes());
            c_string(pair)
        });
        Ok(child::Prepared {
            program: c_string(self.program.into_os_string().into_vec())?,
            arguments: self
                .arguments
                .into_iter()
                .map(|argument| c_string(argument.into_vec()))
                .collect::<io::Result<_>>()?,
            environment: environment.collect::<io::Result<_>>()?,
            directory: self
                .directory
                .map(|directory| c_string(directory.into_os_string().into_vec()))
                .transpose()?,
            descriptors: self.descriptors,
            identity: self.identity,
            own_group: self.group == Group::Own,
            own_session: self.group == Group::Session,
        })
    }
}

fn c_string(bytes: Vec<u8>) -> io::Result<CString> {
    CString::new(bytes).map_err(|_nul| io::Error::from(io::ErrorKind::InvalidInput))
}

/// Collects one child that has ended; `None` when no child has.
pub fn reap() -> Option<(u32, Ended)> {
    loop {
        match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Ok(status) => {
                if status == WaitStatus::StillAlive {
                    return None;
                }
                if let Some(ended) = ended(status) {
                    return Some(ended);
                }
            }
            Err(Errno::EINTR) => {}
            Err(_) => return None,
        }
    }
}

/// Waits for one child; `None` when it still ran after `timeout`.
pub fn wait(pid: u32, timeout: Option<Duration>) -> io::Result<Option<Ended>> {
    let pid = positive(pid)?;
    let until = timeout.and_then(|limit| Instant::now().checked_add(limit));
    if let Some(until) = until {
        let handle = child::pid_descriptor(pid)?;
        let left = until.saturating_duration_since(Instant::now());
        if !crate::fd::wait_readable(&handle, Some(left))? {
            return Ok(None);
        }
    }
    loop {
        match waitpid(pid, None) {
            Ok(status) => {
                if let Some((_pid, how)) = ended(status) {
                    return Ok(Some(how));
                }
            }
            Err(Errno::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Waits for the end of any process, ours or not; `false` when it still ran after `timeout`.
pub fn wait_for_end(pid: u32, timeout: Duration) -> io::Result<bool> {
    match child::pid_descriptor(positive(pid)?) {
        Ok(handle) => crate::fd::wait_readable(&handle, Some(timeout)),
        Err(error) if error.raw_os_error() == Some(libc::ESRCH) => Ok(true),
        Err(error) => Err(error),
    }
}

/// Sends a signal to one process. Success means that the process exists.
pub fn kill(pid: u32, signal: Signal) -> io::Result<()> {
    Ok(nix::sys::signal::kill(positive(pid)?, signal)?)
}

/// Whether a process exists (it may belong to somebody else).
pub fn exists(pid: u32) -> bool {
    positive(pid).is_ok_and(|pid| {
        matches!(
            nix::sys::signal::kill(pid, None),
            Ok(()) | Err(Errno::EPERM)
        )
    })
}

/// Sends a signal to all members of a process group.
pub fn kill_group(group: u32, signal: Signal) -> io::Result<()> {
    Ok(nix::sys::signal::killpg(positive(group)?, signal)?)
}

/// The process group of this process.
pub fn own_group() -> u32 {
    u32::try_from(nix::unistd::getpgrp().as_raw()).unwrap_or(0)
}

/// Starts a new session with this process as its leader.
///
/// # Errors
/// `EPERM` when this process leads a group already.
pub fn new_session() -> io::Result<()> {
    nix::unistd::setsid()?;
    Ok(())
}

/// Splits this process in two: `Some(child)` in the parent, `None` in the child.
///
/// # Errors
/// `EDEADLK` when the process has several threads: their locks would stay held in the child.
pub fn fork() -> io::Result<Option<Child>> {
    let forked = child::fork()?;
    if forked.is_none() {
        OWN_ID.store(0, Ordering::Relaxed);
    }
    Ok(forked)
}

/// What the kernel answered to [`own_id`]; 0 when it was not asked yet.
static OWN_ID: AtomicU32 = AtomicU32::new(0);

/// The id of this process; the kernel is asked once.
pub fn own_id() -> u32 {
    match OWN_ID.load(Ordering::Relaxed) {
        0 => {
            let id = std::process::id();
            OWN_ID.store(id, Ordering::Relaxed);
            id
        }
        known => known,
    }
}

/// 0 and negative numbers mean groups to the system; here they mean nothing.
fn positive(pid: u32) -> io::Result<Pid> {
    match i32::try_from(pid) {
        Ok(pid) if pid > 0 => Ok(Pid::from_raw(pid)),
        _ => Err(io::Error::from(Errno::ESRCH)),
    }
}

fn ended(status: WaitStatus) -> Option<(u32, Ended)> {
    let (pid, how) = match status {
        WaitStatus::Exited(pid, code) => (pid, Ended::Exited(code)),
        WaitStatus::Signaled(pid, signal, _core) => (pid, Ended::Signaled(signal as i32)),
        _ => return None,
    };
    Some((u32::try_from(pid.as_raw()).ok()?, how))
}

#[cfg(test)]
mod tests;
