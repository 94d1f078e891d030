// SPDX-License-Identifier: MIT OR Apache-2.0
//! Reports of children: 12 bytes that say "I am busy" or "I wait for a client".
//!
//! All services have a socket pair of their own; master keeps both ends, so that it never sees
//! the end of a stream, and gives one of them to each child as descriptor 5. Closing both ends
//! tells all children of a service to finish.
//!
//! *Invariants:* reading is bounded by [`BATCH`] reports, and total.
//!
//! *Postfix:* master_status.c, mail_server's master_notify(3).

use std::io;
use std::os::fd::OwnedFd;

/// Bytes of one report: process id, generation, status; each a native 32-bit number.
pub(crate) const REPORT_SIZE: usize = 12;

/// Most reports that one read takes.
const BATCH: usize = 128;

/// What a child says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) pid: u32,
    pub(crate) generation: u32,
    /// `Err` with the number when it is neither of the two that are known.
    pub(crate) available: Result<bool, i32>,
}

/// What one look at a status socket brought.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Reports {
    pub(crate) whole: Vec<Report>,
    /// A report that was cut short: how many bytes came.
    pub(crate) partial: Option<usize>,
}

/// Takes all reports that wait at the socket.
pub(crate) fn read_all(socket: &OwnedFd, reports: &mut Reports) -> io::Result<()> {
    let mut buffer = [0; REPORT_SIZE * BATCH];
    loop {
        match sys::socket::receive_now(socket, &mut buffer) {
            Ok(length) => {
                parse(buffer.get(..length).unwrap_or_default(), reports);
                // A short read emptied the socket; the next report is a new event.
                if length < buffer.len() {
                    return Ok(());
                }
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn parse(bytes: &[u8], reports: &mut Reports) {
    let mut records = bytes.chunks_exact(REPORT_SIZE);
    for record in &mut records {
        let mut numbers = record
            .chunks_exact(4)
            .map(|four| four.try_into().map_or(0, u32::from_ne_bytes));
        let mut next = || numbers.next().unwrap_or(0);
        let (pid, generation, status) = (next(), next(), next());
        let available = match status {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(other.cast_signed()),
        };
        reports.whole.push(Report {
            pid,
            generation,
            available,
        });
    }
    let rest = records.remainder().len();
    if rest > 0 {
        reports.partial = Some(rest);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::unix::net::UnixStream;

    use super::*;

    fn record(pid: u32, generation: u32, status: i32) -> Vec<u8> {
        let mut bytes = pid.to_ne_bytes().to_vec();
        bytes.extend(generation.to_ne_bytes());
        bytes.extend(status.to_ne_bytes());
        bytes
    }

    #[test]
    fn all_waiting_reports_are_taken_at_once() {
        let (one, two) = sys::socket::pair().unwrap();
        let mut writer = UnixStream::from(two);
        for pid in 0..300 {
            writer.write_all(&record(pid, 7, 1)).unwrap();
        }
        let mut reports = Reports::default();
        read_all(&one, &mut reports).unwrap();
        assert_eq!(reports.whole.len(), 300);
        let expected = Report {
            pid: 299,
            generation: 7,
            available: Ok(true),
        };
        assert_eq!(reports.whole.last(), Some(&expected));
        read_all(&one, &mut reports).unwrap();
        assert_eq!(reports.whole.len(), 300);
    }

    #[test]
    fn garbage_is_noticed_not_believed() {
        let mut reports = Reports::default();
        let mut bytes = record(1, 2, -3);
        bytes.extend([0; 5]);
        parse(&bytes, &mut reports);
        assert_eq!(reports.whole.first().map(|r| r.available), Some(Err(-3)));
        assert_eq!(reports.partial, Some(5));
    }
}
