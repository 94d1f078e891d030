// SPDX-License-Identifier: MIT OR Apache-2.0
//! Sinks with their open sockets.
//!
//! *Errors:* a datagram that cannot be sent is tried once more on a new socket; then the line
//! goes to the sink's fallback, or is lost. A full socket of a stopped logger is waited for at
//! most [`PATIENCE`].

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use super::Sink;
use super::record::Line;

/// Where the system's logger listens.
const SYSLOG_SOCKET: &str = "/dev/log";

/// How long one line may wait for a logger whose queue is full.
const PATIENCE: Duration = Duration::from_secs(10);

/// A sink, and its socket if it has one that is open.
pub(super) struct Open {
    sink: Sink,
    socket: Option<OwnedFd>,
}

impl Open {
    /// A sink about to be used; takes over the socket of an equal one in `old`.
    pub(super) fn new(sink: Sink, old: &mut Vec<Self>) -> Self {
        let same = old.iter().position(|other| match (&other.sink, &sink) {
            (Sink::Syslog { .. }, Sink::Syslog { .. }) => true,
            (Sink::Postlog { socket: one, .. }, Sink::Postlog { socket: two, .. }) => one == two,
            _ => false,
        });
        let socket = same.and_then(|index| old.swap_remove(index).socket);
        Self { sink, socket }
    }

    /// Opens the socket, if this sink has one.
    pub(super) fn connect(&mut self) {
        if self.socket.is_none()
            && let Some(path) = self.path()
        {
            self.socket = sys::socket::unix_datagram_connect(path).ok();
        }
    }

    fn path(&self) -> Option<&Path> {
        match &self.sink {
            Sink::Syslog { .. } => Some(Path::new(SYSLOG_SOCKET)),
            Sink::Postlog { socket, .. } => Some(socket),
            Sink::Stderr | Sink::File { .. } | Sink::Opened { .. } | Sink::Capture(_) => None,
        }
    }

    pub(super) fn write(&mut self, line: &Line<'_>) {
        match &self.sink {
            Sink::Stderr => {
                let _ = io::stderr().write_all(line.for_stderr().as_bytes());
            }
            Sink::Capture(lines) => lines.borrow_mut().push(line.for_capture()),
            Sink::File { path } => {
                let _ = append(path, line);
            }
            Sink::Opened { file } => {
                let mut record = line.for_file();
                record.push('\n');
                let _ = file.as_ref().write_all(record.as_bytes());
            }
            Sink::Syslog { facility } => {
                let record = line.for_syslog(*facility);
                let _ = self.send(record.as_bytes());
            }
            Sink::Postlog { .. } => self.postlog(line),
        }
    }

    fn postlog(&mut self, line: &Line<'_>) {
        if self.send(line.for_file().as_bytes()).is_err()
            && let Sink::Postlog {
                fallback: Some(path),
                ..
            } = &self.sink
        {
            let _ = append(path, line);
        }
    }

    /// Sends one datagram, over a new socket if the old one leads nowhere any more.
    fn send(&mut self, record: &[u8]) -> io::Result<()> {
        if let Some(socket) = &self.socket {
            match send_patiently(socket, record) {
                Ok(()) => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::TimedOut => return Err(error),
                Err(_logger_was_restarted) => self.socket = None,
            }
        }
        self.connect();
        match &self.socket {
            Some(socket) => send_patiently(socket, record),
            None => Err(io::Error::from(io::ErrorKind::NotConnected)),
        }
    }

    /// What a signal handler can send.
    pub(super) fn prepared(&self, line: &Line<'_>) -> Option<(OwnedFd, Vec<u8>)> {
        let socket = self.socket.as_ref()?.try_clone().ok()?;
        let record = match &self.sink {
            Sink::Syslog { facility } => line.for_syslog(*facility),
            _ => line.for_file(),
        };
        Some((socket, record.into_bytes()))
    }
}

fn send_patiently(socket: &OwnedFd, record: &[u8]) -> io::Result<()> {
    loop {
        match sys::socket::send_now(socket, record) {
            Ok(_) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                if !sys::fd::wait_writable(socket, Some(PATIENCE))? {
                    return Err(io::Error::from(io::ErrorKind::TimedOut));
                }
            }
            Err(error) => return Err(error),
        }
    }
}

/// Appends one line with one write, so that lines of several processes do not mix.
fn append(path: &Path, line: &Line<'_>) -> io::Result<()> {
    let mut text = line.for_file();
    text.push('\n');
    let mut options = OpenOptions::new();
    options.append(true).create(true).mode(0o600);
    options.open(path)?.write_all(text.as_bytes())
}
