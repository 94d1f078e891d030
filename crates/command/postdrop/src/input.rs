// SPDX-License-Identifier: MIT OR Apache-2.0
//! Standard input that notices the signals which end a program.
//!
//! *Invariants*: while this exists, SIGHUP, SIGINT, SIGQUIT and SIGTERM end a wait for input
//! instead of the process, so that the caller can remove its file first. A signal that was
//! ignored when the program started stays ignored.
//!
//! *Postfix:* the signal handler of postdrop(1).

use std::fs::File;
use std::io::{self, BufRead, Read};
use std::os::fd::AsFd;

use sys::signal::{Signal, Signals};

/// Bytes read at once.
const BUFFER_SIZE: usize = 16 * 1024;

/// Standard input.
#[derive(Debug)]
pub(crate) struct Input {
    source: File,
    signals: Option<Signals>,
    buffer: Vec<u8>,
    position: usize,
    caught: Option<Signal>,
}

impl Input {
    /// Takes standard input over, and the signals.
    pub(crate) fn open() -> io::Result<Input> {
        let signals = Signals::new(&[
            Signal::SIGHUP,
            Signal::SIGINT,
            Signal::SIGQUIT,
            Signal::SIGTERM,
        ])?;
        let source = File::from(io::stdin().as_fd().try_clone_to_owned()?);
        Ok(Input {
            signals: Some(signals),
            ..Input::from_file(source)
        })
    }

    /// Input from a file, without signals.
    pub(crate) fn from_file(source: File) -> Input {
        Input {
            source,
            signals: None,
            buffer: Vec::new(),
            position: 0,
            caught: None,
        }
    }

    /// The signal that ended the input.
    pub(crate) fn caught(&self) -> Option<Signal> {
        self.caught
    }

    /// Waits for input; whether a signal came first.
    fn is_interrupted(&mut self) -> io::Result<bool> {
        let Some(signals) = &self.signals else {
            return Ok(false);
        };
        sys::fd::wait_any_readable(&[self.source.as_fd(), signals.as_fd()], None)?;
        self.caught = signals.read();
        Ok(self.caught.is_some())
    }
}

impl Read for Input {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(out.len());
        if let (Some(to), Some(from)) = (out.get_mut(..count), available.get(..count)) {
            to.copy_from_slice(from);
        }
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Input {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.position >= self.buffer.len() {
            if self.is_interrupted()? {
                return Err(io::Error::other("interrupted by a signal"));
            }
            self.buffer.resize(BUFFER_SIZE, 0);
            self.position = 0;
            let count = loop {
                match self.source.read(&mut self.buffer) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => {
                        self.buffer.clear();
                        return Err(error);
                    }
                    Ok(count) => break count,
                }
            };
            self.buffer.truncate(count);
        }
        Ok(self.buffer.get(self.position..).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.position = self.position.saturating_add(amount);
    }
}
