// SPDX-License-Identifier: MIT OR Apache-2.0
//! What happens between fork and exec: system calls only.
//!
//! *Invariants:* the child either executes the program, or reports the error number over a
//! close-on-exec pipe and exits; it never returns into the caller's code.

#![expect(unsafe_code, reason = "fork and exec")]

use std::ffi::CString;
use std::io::{self, Read};
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, fcntl};
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, SigmaskHow, Signal, sigaction};
use nix::unistd::{ForkResult, Gid, Pid, Uid};

use super::Child;

/// Everything the child needs, in memory before the fork.
pub(super) struct Prepared {
    pub(super) program: CString,
    pub(super) arguments: Vec<CString>,
    pub(super) environment: Vec<CString>,
    pub(super) directory: Option<CString>,
    pub(super) descriptors: Vec<(RawFd, OwnedFd)>,
    pub(super) identity: Option<(u32, u32)>,
    pub(super) own_group: bool,
    pub(super) own_session: bool,
}

/// Pointers into a [`Prepared`], ended by a null pointer, as execve(2) wants them.
fn pointers(strings: &[CString]) -> Vec<*const libc::c_char> {
    strings
        .iter()
        .map(|s| s.as_ptr())
        .chain([std::ptr::null()])
        .collect()
}

/// Starts the prepared program in a child process.
pub(super) fn spawn(prepared: &Prepared) -> io::Result<Child> {
    let (reader, writer) = crate::fd::pipe()?;
    let arguments = pointers(&prepared.arguments);
    let environment = pointers(&prepared.environment);
    // SAFETY: the child branch makes only async-signal-safe calls on memory prepared above,
    // and ends with execve or _exit.
    let forked = unsafe { nix::unistd::fork() }?;
    let child = match forked {
        ForkResult::Child => {
            let error = become_program(prepared, &arguments, &environment, Some(&writer));
            report_and_exit(error);
        }
        ForkResult::Parent { child } => child,
    };
    drop(writer);
    let mut code = [0; 4];
    let mut reader = std::fs::File::from(reader);
    match reader.read_exact(&mut code) {
        // End of file: exec closed the pipe.
        Err(_) => Ok(Child {
            pid: u32::try_from(child.as_raw()).unwrap_or(0),
        }),
        Ok(()) => {
            let _ = nix::sys::wait::waitpid(child, None);
            Err(io::Error::from_raw_os_error(i32::from_ne_bytes(code)))
        }
    }
}

/// Replaces this process by the prepared program.
pub(super) fn exec(prepared: &Prepared) -> io::Error {
    let arguments = pointers(&prepared.arguments);
    let environment = pointers(&prepared.environment);
    become_program(prepared, &arguments, &environment, None)
        .error
        .into()
}

/// Why the program did not start, and where to say so.
struct Failure {
    error: Errno,
    report: RawFd,
}

fn become_program(
    prepared: &Prepared,
    arguments: &[*const libc::c_char],
    environment: &[*const libc::c_char],
    report: Option<&OwnedFd>,
) -> Failure {
    let mut report = report.map_or(-1, AsRawFd::as_raw_fd);
    let result = arrange(prepared, &mut report).map(|()| {
        // SAFETY: program, arguments and environment are NUL-terminated strings and
        // null-terminated arrays that outlive the call.
        unsafe {
            libc::execve(
                prepared.program.as_ptr(),
                arguments.as_ptr(),
                environment.as_ptr(),
            )
        }
    });
    Failure {
        error: result.err().unwrap_or_else(Errno::last),
        report,
    }
}

fn arrange(prepared: &Prepared, report: &mut RawFd) -> nix::Result<()> {
    reset_signals()?;
    if prepared.own_session {
        nix::unistd::setsid()?;
    }
    if prepared.own_group {
        nix::unistd::setpgid(Pid::from_raw(0), Pid::from_raw(0))?;
    }
    place_descriptors(&prepared.descriptors, report)?;
    if let Some((uid, gid)) = prepared.identity {
        let (uid, gid) = (Uid::from_raw(uid), Gid::from_raw(gid));
        if Uid::effective() != uid || Gid::effective() != gid || Uid::current() != uid {
            nix::unistd::setgroups(&[gid])?;
            nix::unistd::setresgid(gid, gid, gid)?;
            nix::unistd::setresuid(uid, uid, uid)?;
        }
    }
    if let Some(directory) = &prepared.directory {
        nix::unistd::chdir(directory.as_c_str())?;
    }
    Ok(())
}

fn reset_signals() -> nix::Result<()> {
    let default = SigAction::new(SigHandler::SigDfl, SaFlags::empty(), SigSet::empty());
    for signal in Signal::iterator() {
        if !matches!(signal, Signal::SIGKILL | Signal::SIGSTOP) {
            // SAFETY: default actions run no code of ours.
            unsafe { sigaction(signal, &default) }?;
        }
    }
    nix::sys::signal::sigprocmask(SigmaskHow::SIG_SETMASK, Some(&SigSet::empty()), None)
}

/// Copies each descriptor to its number. Sources may lie at numbers that are targets of others,
/// so all move out of the way first; the copies at the targets are not close-on-exec.
fn place_descriptors(wanted: &[(RawFd, OwnedFd)], report: &mut RawFd) -> nix::Result<()> {
    let Some(highest) = wanted.iter().map(|(number, _)| *number).max() else {
        return Ok(());
    };
    let above = highest.max(2).saturating_add(1);
    if *report >= 0 && *report < above {
        // SAFETY: the parent's writer is open in this child; the borrow ends with the call.
        let old = unsafe { BorrowedFd::borrow_raw(*report) };
        *report = fcntl(old, FcntlArg::F_DUPFD_CLOEXEC(above))?;
    }
    // Moved sources take the next free numbers from `above` on. Their order is remembered by
    // asking again for each, which costs nothing: no memory may be allocated here.
    for (_, source) in wanted {
        if source.as_raw_fd() < above {
            return place_after_moving(wanted, above);
        }
    }
    for (number, source) in wanted {
        duplicate(source.as_raw_fd(), *number)?;
    }
    Ok(())
}

/// Most descriptors that one child may be given: listening sockets of a service plus seven.
const MOST: usize = 512;

fn place_after_moving(wanted: &[(RawFd, OwnedFd)], above: RawFd) -> nix::Result<()> {
    let mut moved = [-1; MOST];
    if wanted.len() > MOST {
        return Err(Errno::EMFILE);
    }
    for (slot, (_, source)) in moved.iter_mut().zip(wanted) {
        *slot = fcntl(source, FcntlArg::F_DUPFD_CLOEXEC(above))?;
    }
    for (slot, (number, _)) in moved.iter().zip(wanted) {
        duplicate(*slot, *number)?;
    }
    Ok(())
}

fn duplicate(from: RawFd, to: RawFd) -> nix::Result<()> {
    // SAFETY: plain numbers; in this child nobody else owns the target, for exec follows.
    Errno::result(unsafe { libc::dup2(from, to) }).map(drop)
}

fn report_and_exit(failure: Failure) -> ! {
    let code = (failure.error as i32).to_ne_bytes();
    if failure.report >= 0 {
        // SAFETY: `report` is the open writing end of the parent's pipe.
        let report = unsafe { BorrowedFd::borrow_raw(failure.report) };
        let _ = nix::unistd::write(report, &code);
    }
    // SAFETY: ends the child without running the parent's exit handlers.
    unsafe { libc::_exit(127) }
}

/// A descriptor that becomes readable when the process ends.
pub(super) fn pid_descriptor(pid: Pid) -> io::Result<OwnedFd> {
    // SAFETY: pidfd_open takes two plain numbers.
    let raw = unsafe { libc::syscall(libc::SYS_pidfd_open, pid.as_raw(), 0) };
    let raw = RawFd::try_from(Errno::result(raw)?).map_err(|_too_large| Errno::EBADF)?;
    // SAFETY: the call succeeded, so this is a new descriptor (close-on-exec by definition).
    Ok(unsafe { OwnedFd::from_raw_fd(raw) })
}

/// Forks a process that has one thread.
pub(super) fn fork() -> io::Result<Option<Child>> {
    let threads = std::fs::read_dir("/proc/self/task").map_or(1, Iterator::count);
    if threads > 1 {
        return Err(io::Error::from(Errno::EDEADLK));
    }
    // SAFETY: there is one thread (counted above), so the child inherits no held lock.
    Ok(match unsafe { nix::unistd::fork() }? {
        ForkResult::Parent { child } => Some(Child {
            pid: u32::try_from(child.as_raw()).unwrap_or(0),
        }),
        ForkResult::Child => None,
    })
}
