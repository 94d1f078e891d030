// SPDX-License-Identifier: MIT OR Apache-2.0
//! The transport of programs with an event loop: a socket that is asked first and waited for only
//! when it has nothing, so that a read which an event announced is one system call.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

use super::Transport;

pub(super) struct NonBlocking {
    file: File,
}

impl NonBlocking {
    pub(super) fn new(fd: OwnedFd) -> Self {
        Self {
            file: File::from(fd),
        }
    }
}

impl Transport for NonBlocking {
    fn read(&mut self, buffer: &mut [u8], limit: Option<Duration>) -> io::Result<usize> {
        loop {
            match self.file.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    if !sys::fd::wait_readable(&self.file, limit)? {
                        return Err(io::Error::from(io::ErrorKind::TimedOut));
                    }
                }
                got => return got,
            }
        }
    }

    fn write(&mut self, bytes: &[u8], limit: Option<Duration>) -> io::Result<usize> {
        loop {
            match self.file.write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    if !sys::fd::wait_writable(&self.file, limit)? {
                        return Err(io::Error::from(io::ErrorKind::TimedOut));
                    }
                }
                wrote => return wrote,
            }
        }
    }

    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }

    fn into_fd(self: Box<Self>) -> Option<OwnedFd> {
        Some(OwnedFd::from(self.file))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Stream;
    use std::io::{Read as _, Write as _};
    use std::os::fd::OwnedFd;
    use std::os::unix::net::UnixStream;
    use std::time::Duration;

    #[test]
    fn an_empty_socket_is_waited_for_within_the_limit() {
        let (one, mut two) = UnixStream::pair().unwrap();
        one.set_nonblocking(true).unwrap();
        let mut stream = Stream::nonblocking(OwnedFd::from(one));
        stream.set_timeout(Duration::from_millis(5));
        let mut byte = [0];
        let error = stream.read(&mut byte).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::TimedOut);
        two.write_all(b"x").unwrap();
        assert_eq!(stream.read(&mut byte).unwrap(), 1);
        stream.write_all(b"y").unwrap();
        stream.flush().unwrap();
        assert_eq!(two.read(&mut byte).unwrap(), 1);
    }
}
