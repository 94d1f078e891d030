// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a daemon tells master, and how it learns that master is gone.
//!
//! Master has to know when a process stops being free, because it starts another one when the
//! last free process was taken. So a process that finds its next client waiting when it has
//! finished one says nothing: it was taken, and it still is. Processes that serve many clients at
//! a time are never taken; they report once, so that master knows that they started well.
//!
//! *Postfix:* master/master_proto(3), mail_flow(3).

use ipc::services::master::{Availability, GENERATION, Report, descriptor};
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

/// The status socket.
pub struct Status {
    socket: File,
    report: Report,
    greeted: bool,
}

/// Master is gone, or has reloaded its configuration: serve what was begun, then end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MasterGone;

impl Status {
    /// Takes over the status socket that master left open.
    ///
    /// # Errors
    /// There is none: the program was not started by master.
    pub fn inherited() -> io::Result<Status> {
        let generation = std::env::var(GENERATION).unwrap_or_default();
        let generation = u32::from_str_radix(&generation, 8).unwrap_or(0);
        sys::fd::inherited(descriptor::STATUS).map(|socket| Status::over(socket, generation))
    }

    /// Reports on any socket.
    #[must_use]
    pub fn over(socket: OwnedFd, generation: u32) -> Status {
        // A process id that does not fit cannot exist.
        let pid = i32::try_from(std::process::id()).unwrap_or(i32::MAX);
        let report = Report {
            pid,
            generation,
            status: Availability::Available,
        };
        // The socket is shared with the other processes of the service and stays blocking.
        Status {
            socket: File::from(socket),
            report,
            greeted: false,
        }
    }

    /// This process serves a client, or is free again.
    ///
    /// # Errors
    /// Nobody listens any more.
    pub fn tell(&mut self, status: Availability) -> Result<(), MasterGone> {
        self.report.status = status;
        self.greeted = true;
        self.socket
            .write_all(&self.report.encode())
            .map_err(|_| MasterGone)
    }

    /// Tells once that this process serves clients, for processes that are never taken.
    ///
    /// # Errors
    /// Nobody listens any more.
    pub fn greet(&mut self) -> Result<(), MasterGone> {
        if self.greeted {
            return Ok(());
        }
        self.tell(Availability::Taken)?;
        self.tell(Availability::Available)
    }
}

impl AsFd for Status {
    /// Readable when master is gone: it never writes.
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

/// The mail-flow pipe: one byte for each message that may come in.
///
/// cleanup takes a byte before it accepts a message; the queue manager puts bytes in at the rate
/// at which it takes messages out of the incoming queue.
pub struct Flow {
    reader: File,
    writer: File,
}

impl Flow {
    /// Takes over the pipe that master left open; both ends are non-blocking.
    ///
    /// # Errors
    /// There is none.
    pub fn inherited() -> io::Result<Flow> {
        let reader = sys::fd::inherited(descriptor::FLOW_READ)?;
        let writer = sys::fd::inherited(descriptor::FLOW_WRITE)?;
        Flow::over(reader, writer)
    }

    /// The flow control over any pipe.
    ///
    /// # Errors
    /// The ends cannot be made non-blocking.
    pub fn over(reader: OwnedFd, writer: OwnedFd) -> io::Result<Flow> {
        sys::fd::set_nonblocking(&reader, true)?;
        sys::fd::set_nonblocking(&writer, true)?;
        Ok(Flow {
            reader: File::from(reader),
            writer: File::from(writer),
        })
    }

    /// Takes up to `count` tokens; tells how many there were.
    pub fn take(&mut self, count: usize) -> usize {
        let mut buffer = [0; 512];
        let mut taken = 0;
        while taken < count {
            let wanted = buffer.len().min(count - taken);
            match self
                .reader
                .read(buffer.get_mut(..wanted).unwrap_or_default())
            {
                Ok(0) | Err(_) => break,
                Ok(read) => taken += read,
            }
        }
        taken
    }

    /// Puts `count` tokens in, as far as there is room; tells how many.
    pub fn put(&mut self, count: usize) -> usize {
        let buffer = [b'0'; 512];
        let mut put = 0;
        while put < count {
            let wanted = buffer.len().min(count - put);
            match self.writer.write(buffer.get(..wanted).unwrap_or_default()) {
                Ok(0) | Err(_) => break,
                Ok(written) => put += written,
            }
        }
        put
    }

    /// How many tokens are in the pipe.
    ///
    /// # Errors
    /// Those of the system.
    pub fn count(&self) -> io::Result<usize> {
        sys::fd::readable_bytes(&self.reader)
    }

    /// Takes one token, or waits for `delay` once when there is none.
    pub fn take_or_wait(&mut self, delay: Duration) {
        if self.take(1) == 0 && !delay.is_zero() {
            std::thread::sleep(delay);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_that_is_never_taken_greets_once() {
        let (ours, masters) = sys::socket::pair().unwrap();
        let mut status = Status::over(ours, 7);
        status.greet().unwrap();
        status.greet().unwrap();
        let mut reports = File::from(masters);
        let mut read = || {
            let mut bytes = [0; 12];
            reports.read_exact(&mut bytes).unwrap();
            Report::decode(&bytes).unwrap()
        };
        assert_eq!(read().status, Availability::Taken);
        let second = read();
        assert_eq!(second.status, Availability::Available);
        assert_eq!(second.generation, 7);
        assert_eq!(second.pid as u32, std::process::id());
        drop(status);
        assert_eq!(reports.read(&mut [0; 12]).unwrap(), 0);
    }

    #[test]
    fn a_report_to_nobody_says_that_master_is_gone() {
        let (ours, masters) = sys::socket::pair().unwrap();
        let mut status = Status::over(ours, 0);
        assert!(!sys::fd::is_readable_now(&status).unwrap());
        drop(masters);
        assert!(sys::fd::is_readable_now(&status).unwrap());
        assert_eq!(status.tell(Availability::Taken), Err(MasterGone));
    }

    #[test]
    fn flow_tokens_are_counted() {
        let (reader, writer) = sys::fd::pipe().unwrap();
        let mut flow = Flow::over(reader, writer).unwrap();
        assert_eq!(flow.take(1), 0);
        assert_eq!(flow.put(3), 3);
        assert_eq!(flow.count().unwrap(), 3);
        assert_eq!(flow.take(1), 1);
        assert_eq!(flow.take(10), 2);
        flow.take_or_wait(Duration::ZERO);
        assert!(flow.put(10_000_000) < 10_000_000);
    }
}
