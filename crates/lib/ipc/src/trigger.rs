// SPDX-License-Identifier: MIT OR Apache-2.0
//! Triggers: a few bytes that wake a service up; there is no reply.
//!
//! *Errors*: those of the system; a caller that only wanted to hurry things up may ignore them.
//!
//! *Postfix:* global/mail_trigger(3), util/fifo_trigger(3), unix_trigger(3).

use crate::client::Endpoint;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
use std::time::Duration;
use sys::files::OpenFlags;

/// The most bytes a triggered service takes at a time.
pub const BUFFER_SIZE: usize = 1024;

/// Do what you usually do; sent by master's wake-up timer and after a submission.
pub const WAKEUP: u8 = b'W';

/// What the queue manager can be told.
pub mod qmgr {
    /// Scan the deferred queue.
    pub const SCAN_DEFERRED: u8 = b'D';
    /// Scan the incoming queue.
    pub const SCAN_INCOMING: u8 = b'I';
    /// Forget which transports and destinations are not working.
    pub const FLUSH_DEAD: u8 = b'F';
    /// Take all deferred mail, whenever its time is.
    pub const SCAN_ALL: u8 = b'A';
    /// Wake up: look at the incoming queue.
    pub const WAKEUP: u8 = super::WAKEUP;
    /// What `postqueue -f` means.
    pub const FLUSH: &[u8] = &[FLUSH_DEAD, SCAN_ALL, SCAN_DEFERRED, SCAN_INCOMING];
}

/// Sends the bytes to a service that listens on a local socket or a FIFO.
///
/// # Errors
/// There is no such service, nobody listens, or it did not take the bytes within the time.
pub fn send(endpoint: &Endpoint, request: &[u8], timeout: Duration) -> io::Result<()> {
    let kind = std::fs::metadata(endpoint.path())?.file_type();
    if kind.is_fifo() {
        let mut fifo = OpenOptions::new()
            .write(true)
            .custom_flags(OpenFlags::O_NONBLOCK.bits())
            .open(endpoint.path())?;
        return fifo.write_all(request);
    }
    if !kind.is_socket() {
        return Err(io::Error::other("neither a socket nor a FIFO"));
    }
    let mut stream =
        runtime::stream::Stream::new(sys::socket::unix_connect(endpoint.path(), timeout)?);
    stream.set_timeout(timeout);
    stream.write_all(request)?;
    stream.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;
    use std::os::unix::net::UnixListener;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_trigger_reaches_a_socket() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("qmgr");
        let listener = UnixListener::bind(&path).unwrap();
        send(&Endpoint::at(&path), qmgr::FLUSH, SECOND).unwrap();
        let mut text = String::new();
        listener
            .accept()
            .unwrap()
            .0
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, "FADI");
    }

    #[test]
    fn a_trigger_reaches_a_fifo_and_fails_when_nobody_reads() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("pickup");
        sys::files::mkfifo(&path, 0o600).unwrap();
        assert!(send(&Endpoint::at(&path), b"W", SECOND).is_err());
        let mut reader = OpenOptions::new()
            .read(true)
            .custom_flags(OpenFlags::O_NONBLOCK.bits())
            .open(&path)
            .unwrap();
        send(&Endpoint::at(&path), b"W", SECOND).unwrap();
        let mut byte = [0; 8];
        assert_eq!(reader.read(&mut byte).unwrap(), 1);
    }

    #[test]
    fn a_missing_service_is_an_error() {
        let error = send(&Endpoint::at("/nonexistent/x".as_ref()), b"W", SECOND).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }
}
