// SPDX-License-Identifier: MIT OR Apache-2.0
//! The plain transport: one descriptor.
//!
//! *Invariants:* a time limit is a socket option that is set when it changes by more than it
//! must; a limit that shrinks towards a deadline is kept by poll(2) instead, so that a session
//! with a deadline does not set an option for every read.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

use super::Transport;

/// A write to a pipe that poll(2) called writable takes this much without waiting.
const PIPE_PIECE: usize = 4096;

pub(super) struct Descriptor {
    file: File,
    /// Known once the first socket call was tried.
    kind: Kind,
    /// The receive limit that the socket has.
    receive_limit: Option<Duration>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Unknown,
    Socket,
    Other,
}

impl Descriptor {
    pub(super) fn new(fd: OwnedFd) -> Self {
        Self {
            file: File::from(fd),
            kind: Kind::Unknown,
            receive_limit: None,
        }
    }

    /// Makes the socket's own limit serve for this wait; `false` when poll(2) must.
    fn limit_receive(&mut self, limit: Duration) -> bool {
        if self.kind == Kind::Other {
            return false;
        }
        if self.receive_limit == Some(limit) {
            return true;
        }
        // A fraction of a second means a deadline is near; such a limit is not used again.
        if limit.subsec_nanos() != 0 && self.receive_limit.is_some() {
            return false;
        }
        let set = sys::socket::set_timeouts(&self.file, limit, limit);
        self.kind = if set.is_ok() {
            Kind::Socket
        } else {
            Kind::Other
        };
        self.receive_limit = set.is_ok().then_some(limit);
        set.is_ok()
    }

    fn wait_for_input(&mut self, limit: Option<Duration>) -> io::Result<()> {
        let Some(limit) = limit else {
            if self.receive_limit.take().is_some() {
                let _ = sys::socket::set_timeouts(&self.file, Duration::ZERO, Duration::ZERO);
            }
            return Ok(());
        };
        if self.limit_receive(limit) || sys::fd::wait_readable(&self.file, Some(limit))? {
            return Ok(());
        }
        Err(timed_out())
    }

    fn write_other(&mut self, bytes: &[u8], limit: Option<Duration>) -> io::Result<usize> {
        if limit.is_none() {
            return self.file.write(bytes);
        }
        if !sys::fd::wait_writable(&self.file, limit)? {
            return Err(timed_out());
        }
        self.file.write(bytes.get(..PIPE_PIECE).unwrap_or(bytes))
    }
}

impl Transport for Descriptor {
    fn read(&mut self, buffer: &mut [u8], limit: Option<Duration>) -> io::Result<usize> {
        self.wait_for_input(limit)?;
        loop {
            match self.file.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // The socket's limit passed; or the descriptor is non-blocking after all.
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    let limited = self.kind == Kind::Socket && self.receive_limit == limit;
                    if limited && limit.is_some() {
                        return Err(timed_out());
                    }
                    if !sys::fd::wait_readable(&self.file, limit)? {
                        return Err(timed_out());
                    }
                }
                got => return got,
            }
        }
    }

    fn write(&mut self, bytes: &[u8], limit: Option<Duration>) -> io::Result<usize> {
        if self.kind == Kind::Other {
            return self.write_other(bytes, limit);
        }
        loop {
            match sys::socket::send_now(&self.file, bytes) {
                Ok(count) => {
                    self.kind = Kind::Socket;
                    return Ok(count);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    if !sys::fd::wait_writable(&self.file, limit)? {
                        return Err(timed_out());
                    }
                }
                Err(error) if self.kind == Kind::Unknown && is_no_socket(&error) => {
                    self.kind = Kind::Other;
                    return self.write_other(bytes, limit);
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }

    fn into_fd(self: Box<Self>) -> Option<OwnedFd> {
        if self.receive_limit.is_some() {
            let _ = sys::socket::set_timeouts(&self.file, Duration::ZERO, Duration::ZERO);
        }
        Some(OwnedFd::from(self.file))
    }
}

fn timed_out() -> io::Error {
    io::Error::from(io::ErrorKind::TimedOut)
}

/// `ENOTSOCK`, which std has no kind for.
fn is_no_socket(error: &io::Error) -> bool {
    const ENOTSOCK: i32 = 88;
    error.raw_os_error() == Some(ENOTSOCK)
}
