// SPDX-License-Identifier: MIT OR Apache-2.0
//! TLS as what carries the bytes of a stream.
//!
//! *Invariants:* one read or write waits no longer than its limit, however slowly the peer sends
//! the parts of a record. Nothing is kept beyond what the library bounds: one record of input, and
//! the output of one write.
//!
//! *Postfix:* tls_bio(3), tls_stream(3).

use std::io::{self, Read, Write};
use std::os::fd::{BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

use runtime::stream::Transport;
use rustls::Connection;

use crate::server::HandshakeError;

/// A connection over another transport, after its handshake.
pub(crate) struct Encrypted {
    connection: Connection,
    below: Box<dyn Transport>,
    /// Something went wrong: there is nobody to say goodbye to.
    broken: bool,
}

/// The transport below, for as long as there is time.
pub(crate) struct Below<'a> {
    transport: &'a mut dyn Transport,
    until: Option<Instant>,
}

impl<'a> Below<'a> {
    pub(crate) fn new(transport: &'a mut dyn Transport, limit: Option<Duration>) -> Below<'a> {
        Below {
            transport,
            until: limit.map(|limit| Instant::now() + limit),
        }
    }

    fn left(&self) -> io::Result<Option<Duration>> {
        let Some(until) = self.until else {
            return Ok(None);
        };
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::Error::from(io::ErrorKind::TimedOut));
        }
        Ok(Some(left))
    }

    /// Writes everything that the library has to say.
    pub(crate) fn write_out(&mut self, connection: &mut Connection) -> io::Result<()> {
        while connection.wants_write() {
            connection.write_tls(self)?;
        }
        Ok(())
    }

    /// Speaks with the peer until the handshake is complete, and everything of it is written.
    pub(crate) fn shake_hands(
        &mut self,
        connection: &mut Connection,
    ) -> Result<(), HandshakeError> {
        while connection.is_handshaking() {
            self.write_out(connection)?;
            if !connection.is_handshaking() {
                break;
            }
            if connection.read_tls(self)? == 0 {
                return Err(HandshakeError::Gone);
            }
            if let Err(error) = connection.process_new_packets() {
                // An alert that says what is wrong.
                let _ = self.write_out(connection);
                return Err(error.into());
            }
        }
        Ok(self.write_out(connection)?)
    }
}

impl Read for Below<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.left()?;
        self.transport.read(buffer, left)
    }
}

impl Write for Below<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let left = self.left()?;
        match self.transport.write(bytes, left)? {
            0 => Err(io::Error::from(io::ErrorKind::WriteZero)),
            count => Ok(count),
        }
    }

    /// The records of one flight leave in one packet.
    fn write_vectored(&mut self, pieces: &[io::IoSlice<'_>]) -> io::Result<usize> {
        match pieces {
            [piece] => self.write(piece),
            _ => {
                let pieces: Vec<&[u8]> = pieces.iter().map(|piece| &**piece).collect();
                self.write(&pieces.concat())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Encrypted {
    pub(crate) fn new(connection: Connection, below: Box<dyn Transport>) -> Encrypted {
        Encrypted {
            connection,
            below,
            broken: false,
        }
    }

    /// Takes in what the peer sends until it comes to bytes for us; 0 at the end.
    fn receive(&mut self, buffer: &mut [u8], limit: Option<Duration>) -> io::Result<usize> {
        let mut below = Below::new(self.below.as_mut(), limit);
        loop {
            match self.connection.reader().read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                // The end without a goodbye: the protocol above knows where a message ends.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(0),
                got => return got,
            }
            self.connection.read_tls(&mut below)?;
            let processed = self.connection.process_new_packets();
            // An answer, or an alert that says what is wrong.
            let answered = below.write_out(&mut self.connection);
            processed.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
            answered?;
        }
    }

    fn send(&mut self, bytes: &[u8], limit: Option<Duration>) -> io::Result<usize> {
        let count = self.connection.writer().write(bytes)?;
        Below::new(self.below.as_mut(), limit).write_out(&mut self.connection)?;
        Ok(count)
    }
}

impl Transport for Encrypted {
    fn read(&mut self, buffer: &mut [u8], limit: Option<Duration>) -> io::Result<usize> {
        let got = self.receive(buffer, limit);
        self.broken |= got.is_err();
        got
    }

    fn write(&mut self, bytes: &[u8], limit: Option<Duration>) -> io::Result<usize> {
        let sent = self.send(bytes, limit);
        self.broken |= sent.is_err();
        sent
    }

    fn has_pending(&self) -> bool {
        // The library reads no further than it is asked to, so whatever it holds is complete.
        !self.connection.wants_read()
    }

    fn as_fd(&self) -> BorrowedFd<'_> {
        self.below.as_fd()
    }

    fn into_fd(self: Box<Self>) -> Option<OwnedFd> {
        None
    }
}

impl Drop for Encrypted {
    /// Says goodbye, without waiting for anything.
    fn drop(&mut self) {
        if !self.broken {
            self.connection.send_close_notify();
            let moment = Some(Duration::from_millis(1));
            let _ = Below::new(self.below.as_mut(), moment).write_out(&mut self.connection);
        }
    }
}
