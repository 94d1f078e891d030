// SPDX-License-Identifier: MIT OR Apache-2.0
//! Descriptors: flags, pipes, waiting for one of them, and taking over inherited ones.
//!
//! *Invariants:* an inherited number is taken over at most once per process, so that no two
//! owners close the same descriptor.
//!
//! *Postfix:* non_blocking(3), close_on_exec(3), readable(3), writable(3), read_wait(3),
//! write_wait(3), closefrom(3).

#![expect(
    unsafe_code,
    reason = "descriptor numbers come from outside the type system here"
)]

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, IntoRawFd, OwnedFd, RawFd};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, FdFlag, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

/// Turns non-blocking mode on or off for the open file behind `fd`.
pub fn set_nonblocking(fd: impl AsFd, on: bool) -> io::Result<()> {
    let old = OFlag::from_bits_retain(fcntl(&fd, FcntlArg::F_GETFL)?);
    let mut new = old;
    new.set(OFlag::O_NONBLOCK, on);
    if new != old {
        fcntl(&fd, FcntlArg::F_SETFL(new))?;
    }
    Ok(())
}

/// Turns close-on-exec on or off for this descriptor.
pub fn set_close_on_exec(fd: impl AsFd, on: bool) -> io::Result<()> {
    let flag = if on {
        FdFlag::FD_CLOEXEC
    } else {
        FdFlag::empty()
    };
    fcntl(fd, FcntlArg::F_SETFD(flag))?;
    Ok(())
}

/// Closes every descriptor from `first` on.
///
/// For the first moments of a program only, before it owns any descriptor: what a program was
/// handed by accident must not live on in its children.
pub fn close_from(first: RawFd) {
    let Ok(first) = libc::c_uint::try_from(first) else {
        return;
    };
    // SAFETY: the call takes plain numbers; that nothing owned is closed is the documented
    // condition of this function. Failure leaves descriptors open, which is harmless.
    let _ = unsafe { libc::close_range(first, libc::c_uint::MAX, 0) };
}

/// Opens `/dev/null` on each of the descriptors 0, 1 and 2 that is closed.
pub fn ensure_stdio() {
    while let Ok(null) = OpenOptions::new().read(true).write(true).open("/dev/null") {
        if null.as_raw_fd() > 2 {
            return;
        }
        // Stays open for good, as the standard stream that was missing.
        let _ = null.into_raw_fd();
    }
}

/// Takes over a descriptor that the parent process left open at a known number, and makes it
/// close-on-exec.
///
/// # Errors
/// `EBADF` when the number is not open, or was taken over before.
pub fn inherited(number: RawFd) -> io::Result<OwnedFd> {
    static TAKEN: Mutex<BTreeSet<RawFd>> = Mutex::new(BTreeSet::new());
    if number < 0 {
        return Err(io::Error::from(Errno::EBADF));
    }
    // SAFETY: the borrow lasts for one fcntl call, which only asks whether the number is open.
    let probe = unsafe { BorrowedFd::borrow_raw(number) };
    fcntl(probe, FcntlArg::F_GETFD)?;
    let mut taken = TAKEN
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    if !taken.insert(number) {
        return Err(io::Error::from(Errno::EBADF));
    }
    // SAFETY: the number is open (asked above) and no earlier call gave it an owner (set above).
    let owned = unsafe { OwnedFd::from_raw_fd(number) };
    set_close_on_exec(&owned, true)?;
    Ok(owned)
}

/// Whether `number` is an open descriptor.
pub fn is_open(number: RawFd) -> bool {
    if number < 0 {
        return false;
    }
    // SAFETY: the borrow lasts for one fcntl call, which only asks whether the number is open.
    let probe = unsafe { BorrowedFd::borrow_raw(number) };
    fcntl(probe, FcntlArg::F_GETFD).is_ok()
}

/// Makes a pipe: the reading end, then the writing end.
pub fn pipe() -> io::Result<(OwnedFd, OwnedFd)> {
    Ok(nix::unistd::pipe2(OFlag::O_CLOEXEC)?)
}

/// Makes standard input, output or error (0, 1 or 2) a copy of `fd`.
///
/// # Errors
/// `EBADF` for another number.
pub fn replace_standard(number: RawFd, fd: impl AsFd) -> io::Result<()> {
    match number {
        0 => nix::unistd::dup2_stdin(fd)?,
        1 => nix::unistd::dup2_stdout(fd)?,
        2 => nix::unistd::dup2_stderr(fd)?,
        _ => return Err(io::Error::from(Errno::EBADF)),
    }
    Ok(())
}

/// Whether a read would not block now (data, end of file, or an error to fetch).
pub fn is_readable_now(fd: impl AsFd) -> io::Result<bool> {
    wait(fd, PollFlags::POLLIN, Some(Duration::ZERO))
}

/// Waits until a read would not block; `false` when `timeout` passed first. `None`: for ever.
pub fn wait_readable(fd: impl AsFd, timeout: Option<Duration>) -> io::Result<bool> {
    wait(fd, PollFlags::POLLIN, timeout)
}

/// Waits until a write would not block; `false` when `timeout` passed first. `None`: for ever.
pub fn wait_writable(fd: impl AsFd, timeout: Option<Duration>) -> io::Result<bool> {
    wait(fd, PollFlags::POLLOUT, timeout)
}

/// Waits until a read of one of `fds` would not block, and tells which (none when `timeout`
/// passed first). `None`: for ever.
pub fn wait_any_readable(
    fds: &[BorrowedFd<'_>],
    timeout: Option<Duration>,
) -> io::Result<Vec<bool>> {
    let until = timeout.and_then(|t| Instant::now().checked_add(t));
    let mut polled: Vec<PollFd<'_>> = fds
        .iter()
        .map(|fd| PollFd::new(*fd, PollFlags::POLLIN))
        .collect();
    loop {
        let left = match until {
            None => PollTimeout::NONE,
            Some(until) => round_up(until.saturating_duration_since(Instant::now())),
        };
        match poll(&mut polled, left) {
            Ok(0) if until.is_none_or(|u| Instant::now() < u) => {}
            Ok(_) => return Ok(polled.iter().map(|fd| fd.any() == Some(true)).collect()),
            Err(Errno::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// How many bytes can be read now.
pub fn readable_bytes(fd: impl AsFd) -> io::Result<usize> {
    let mut count: libc::c_int = 0;
    // SAFETY: FIONREAD writes one int at the address, and `count` is one that lives long enough.
    let result = unsafe { libc::ioctl(fd.as_fd().as_raw_fd(), libc::FIONREAD, &raw mut count) };
    Errno::result(result)?;
    Ok(usize::try_from(count).unwrap_or(0))
}

fn wait(fd: impl AsFd, what: PollFlags, timeout: Option<Duration>) -> io::Result<bool> {
    let until = timeout.and_then(|t| Instant::now().checked_add(t));
    loop {
        let left = match until {
            None => PollTimeout::NONE,
            Some(until) => round_up(until.saturating_duration_since(Instant::now())),
        };
        let mut polled = [PollFd::new(fd.as_fd(), what)];
        match poll(&mut polled, left) {
            Ok(0) if until.is_none_or(|u| Instant::now() < u) => {}
            Ok(ready) => return Ok(ready > 0),
            Err(Errno::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// poll(2) counts milliseconds; a wait may not end before its time, nor spin at the end.
fn round_up(left: Duration) -> PollTimeout {
    let whole = u64::try_from(left.as_micros().div_ceil(1000)).unwrap_or(u64::MAX);
    PollTimeout::try_from(whole).unwrap_or(PollTimeout::MAX)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn an_empty_pipe_becomes_readable_when_written() {
        let (reader, writer) = pipe().unwrap();
        assert!(!is_readable_now(&reader).unwrap());
        assert!(!wait_readable(&reader, Some(Duration::from_millis(5))).unwrap());
        std::fs::File::from(writer).write_all(b"x").unwrap();
        assert!(is_readable_now(&reader).unwrap());
    }

    #[test]
    fn nonblocking_mode_is_set_and_cleared() {
        let (reader, _writer) = pipe().unwrap();
        set_nonblocking(&reader, true).unwrap();
        let mut file = std::fs::File::from(reader);
        let error = io::Read::read(&mut file, &mut [0]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::WouldBlock);
    }

    #[test]
    fn a_closed_number_is_not_inherited() {
        assert!(inherited(-1).is_err());
        assert!(inherited(1_000_000).is_err());
        assert!(!is_open(1_000_000));
    }

    #[test]
    fn an_inherited_number_has_one_owner() {
        let (reader, _writer) = pipe().unwrap();
        let number = reader.into_raw_fd();
        let owner = inherited(number).unwrap();
        assert!(inherited(number).is_err());
        drop(owner);
    }
}
