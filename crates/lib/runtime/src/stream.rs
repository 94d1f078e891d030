// SPDX-License-Identifier: MIT OR Apache-2.0
//! Buffered, blocking streams whose every wait has an end.
//!
//! A stream waits at most its time limit for one read or write, and not beyond its deadline.
//! Limits are socket options, so a read is one system call; descriptors that are no sockets
//! (pipes, files) are polled first. Output collects in a buffer that is written when it is
//! full, on [`Stream::flush`](std::io::Write::flush), and before a read would wait.
//!
//! *Invariants:* input is read in pieces of at most [`INPUT_BUFFER`] bytes, and nothing here
//! grows with what a peer sends. What was buffered before a change of transport does not
//! survive it ([`Stream::replace_transport`]).
//!
//! *Errors:* `TimedOut` for a wait that reached its end, `UnexpectedEof` for an end of stream
//! inside something, otherwise those of the system.
//!
//! *Postfix:* vstream(3), timed_read, vstream_tweak, dead-line support of smtp_stream(3).

use std::io::{self, BufRead, Read, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

mod descriptor;
mod nonblocking;

use descriptor::Descriptor;
use nonblocking::NonBlocking;

/// Bytes of input that one read may bring.
pub const INPUT_BUFFER: usize = 16 * 1024;

/// Bytes of output that are collected before they are written.
const OUTPUT_BUFFER: usize = 16 * 1024;

/// What carries the bytes of a stream: a descriptor, or TLS over one.
pub trait Transport {
    /// Reads some bytes, waiting at most `limit`; 0 means end of stream.
    fn read(&mut self, buffer: &mut [u8], limit: Option<Duration>) -> io::Result<usize>;
    /// Writes some bytes, waiting at most `limit`.
    fn write(&mut self, bytes: &[u8], limit: Option<Duration>) -> io::Result<usize>;
    /// Whether a read would bring something without waiting for the descriptor.
    fn has_pending(&self) -> bool {
        false
    }
    /// The descriptor below.
    fn as_fd(&self) -> BorrowedFd<'_>;
    /// Gives the descriptor up; `None` where it cannot be separated from its state.
    fn into_fd(self: Box<Self>) -> Option<OwnedFd>;
}

/// How [`Stream::read_until`] ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// The byte was found (it is the last byte of the output).
    Found,
    /// The output is as long as allowed, and the byte has not come.
    LimitReached,
    /// The stream ended before.
    EndOfStream,
}

/// A buffered stream with time limits.
pub struct Stream {
    transport: Box<dyn Transport>,
    /// Allocated with the first read; what was read lies from `start` to `end`.
    input: Vec<u8>,
    start: usize,
    end: usize,
    output: Vec<u8>,
    limit: Option<Duration>,
    deadline: Option<Instant>,
}

impl Stream {
    /// A stream over a blocking descriptor, without time limit.
    pub fn new(fd: OwnedFd) -> Self {
        Self::over(Box::new(Descriptor::new(fd)))
    }

    /// A stream over a non-blocking socket, for programs that read when an event told them to: a
    /// read or write that finds nothing to do still waits, at most for the time limit.
    pub fn nonblocking(fd: OwnedFd) -> Self {
        Self::over(Box::new(NonBlocking::new(fd)))
    }

    /// A stream over any transport.
    pub fn over(transport: Box<dyn Transport>) -> Self {
        Self {
            transport,
            input: Vec::new(),
            start: 0,
            end: 0,
            output: Vec::new(),
            limit: None,
            deadline: None,
        }
    }

    /// Two connected streams, for tests.
    pub fn pair() -> io::Result<(Self, Self)> {
        let (one, two) = sys::socket::pair()?;
        Ok((Self::new(one), Self::new(two)))
    }

    /// Sets how long one read or one write may wait; zero means without limit.
    pub fn set_timeout(&mut self, limit: Duration) {
        self.limit = (!limit.is_zero()).then_some(limit);
    }

    /// How long one read or write may wait; `None`: without limit.
    pub fn timeout(&self) -> Option<Duration> {
        self.limit
    }

    /// Sets a moment after which no read or write waits.
    pub fn set_deadline(&mut self, deadline: Option<Instant>) {
        self.deadline = deadline;
    }

    /// The buffered input; reads some when there is none. Empty at end of stream.
    pub fn fill(&mut self) -> io::Result<&[u8]> {
        if self.start == self.end {
            self.fill_more()?;
        }
        Ok(self.buffered())
    }

    /// Adds to the buffered input with one read; 0 at end of stream.
    ///
    /// # Errors
    /// `OutOfMemory` when the buffer is full: take something out first.
    pub fn fill_more(&mut self) -> io::Result<usize> {
        self.flush_output()?;
        self.input.resize(INPUT_BUFFER, 0);
        self.input.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        let limit = self.next_wait()?;
        let space = self.input.get_mut(self.end..).unwrap_or_default();
        if space.is_empty() {
            return Err(io::Error::from(io::ErrorKind::OutOfMemory));
        }
        let got = self.transport.read(space, limit)?.min(space.len());
        self.end += got;
        Ok(got)
    }

    /// Takes `count` bytes out of the buffered input.
    pub fn consume(&mut self, count: usize) {
        self.start = self.start.saturating_add(count).min(self.end);
    }

    /// The input that was read and not yet consumed.
    pub fn buffered(&self) -> &[u8] {
        self.input.get(self.start..self.end).unwrap_or_default()
    }

    /// Moves input into `out` up to and including `byte`, until `out` holds `limit` bytes.
    pub fn read_until(&mut self, byte: u8, limit: usize, out: &mut Vec<u8>) -> io::Result<Until> {
        loop {
            let room = limit.saturating_sub(out.len());
            if room == 0 {
                return Ok(Until::LimitReached);
            }
            let input = self.fill()?;
            if input.is_empty() {
                return Ok(Until::EndOfStream);
            }
            let found = bstr::ByteSlice::find_byte(input, byte);
            let length = found.map_or(input.len(), |at| at + 1);
            let taken = length.min(room);
            out.extend_from_slice(input.get(..taken).unwrap_or_default());
            self.consume(taken);
            if found.is_some() && taken == length {
                return Ok(Until::Found);
            }
        }
    }

    /// Whether input is buffered, or would be read without waiting (also end of stream).
    pub fn has_input(&self) -> bool {
        !self.buffered().is_empty()
            || self.transport.has_pending()
            || sys::fd::is_readable_now(self.transport.as_fd()).unwrap_or(true)
    }

    /// Whether the peer has closed its end and nothing is left to read.
    pub fn is_closed_by_peer(&self) -> bool {
        if !self.buffered().is_empty() || self.transport.has_pending() {
            return false;
        }
        match sys::socket::peek_now(self.transport.as_fd(), &mut [0]) {
            Ok(count) => count == 0,
            Err(error) => error.kind() != io::ErrorKind::WouldBlock,
        }
    }

    /// Bytes of output that wait in the buffer.
    pub fn unwritten(&self) -> usize {
        self.output.len()
    }

    /// Forgets output that was not yet written: after an error, or before closing a stream
    /// whose peer must not get half of something.
    pub fn discard_output(&mut self) {
        self.output.clear();
    }

    /// Changes what carries the bytes, as STARTTLS does. Input that was buffered in the clear
    /// is forgotten.
    ///
    /// # Errors
    /// Those of flushing, or of `change`; the stream is lost then.
    pub fn replace_transport<E: From<io::Error>>(
        mut self,
        change: impl FnOnce(Box<dyn Transport>) -> Result<Box<dyn Transport>, E>,
    ) -> Result<Self, E> {
        self.flush_output()?;
        let mut changed = Self::over(change(self.transport)?);
        changed.limit = self.limit;
        changed.deadline = self.deadline;
        Ok(changed)
    }

    /// Gives the descriptor up.
    ///
    /// # Errors
    /// `InvalidInput` when input or output is still buffered, or the transport is no plain
    /// descriptor.
    pub fn into_fd(self) -> io::Result<OwnedFd> {
        if self.buffered().is_empty()
            && self.output.is_empty()
            && let Some(fd) = self.transport.into_fd()
        {
            return Ok(fd);
        }
        Err(io::Error::from(io::ErrorKind::InvalidInput))
    }

    /// How long the next wait may last.
    fn next_wait(&self) -> io::Result<Option<Duration>> {
        let Some(deadline) = self.deadline else {
            return Ok(self.limit);
        };
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::Error::from(io::ErrorKind::TimedOut));
        }
        Ok(Some(self.limit.map_or(left, |limit| limit.min(left))))
    }

    fn flush_output(&mut self) -> io::Result<()> {
        let mut written = 0;
        let result = loop {
            let rest = self.output.get(written..).unwrap_or_default();
            if rest.is_empty() {
                break Ok(());
            }
            let wait = self.next_wait();
            match wait.and_then(|limit| self.transport.write(rest, limit)) {
                Ok(0) => break Err(io::Error::from(io::ErrorKind::WriteZero)),
                Ok(count) => written += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break Err(error),
            }
        };
        self.output.drain(..written.min(self.output.len()));
        result
    }
}

impl AsFd for Stream {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.transport.as_fd()
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let input = self.fill()?;
        let count = (&mut &*input).read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Stream {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.fill()
    }

    fn consume(&mut self, count: usize) {
        Self::consume(self, count);
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.output.extend_from_slice(bytes);
        if self.output.len() >= OUTPUT_BUFFER {
            self.flush_output()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.flush_output()
    }
}

#[cfg(test)]
mod tests;
