// SPDX-License-Identifier: MIT OR Apache-2.0
//! A client on standard input and output: `sendmail -bs` runs the SMTP server this way.
//!
//! *Postfix:* master/stream_server of single_server(3), option `-S`.

use crate::program::Client;
use runtime::stream::{Stream, Transport};
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

/// Input and output that are two descriptors.
struct Stdio {
    input: File,
    output: File,
}

impl Transport for Stdio {
    fn read(&mut self, buffer: &mut [u8], limit: Option<Duration>) -> io::Result<usize> {
        if !sys::fd::wait_readable(&self.input, limit)? {
            return Err(io::Error::from(io::ErrorKind::TimedOut));
        }
        self.input.read(buffer)
    }

    fn write(&mut self, bytes: &[u8], limit: Option<Duration>) -> io::Result<usize> {
        if !sys::fd::wait_writable(&self.output, limit)? {
            return Err(io::Error::from(io::ErrorKind::TimedOut));
        }
        self.output.write(bytes)
    }

    fn as_fd(&self) -> BorrowedFd<'_> {
        self.input.as_fd()
    }

    fn into_fd(self: Box<Self>) -> Option<OwnedFd> {
        None
    }
}

/// The client on standard input and output; the descriptors 0 and 1 stay open.
pub(crate) fn client(timeout: Duration) -> io::Result<Client> {
    let input = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let output = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    let mut stream = Stream::over(Box::new(Stdio { input, output }));
    stream.set_timeout(timeout);
    Ok(Client {
        stream,
        peer: None,
        attributes: Vec::new(),
    })
}
