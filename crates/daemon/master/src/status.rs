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

use ipc::services::master::{REPORT_SIZE, Report};

/// Most reports that one read takes.
const BATCH: usize = 128;

/// What one look at a status socket brought.
#[derive(Debug, Default)]
pub(crate) struct Reports {
    /// Reports, in the order in which they were sent.
    pub(crate) whole: Vec<Report>,
    /// How many records of the right size were no reports.
    pub(crate) unknown: usize,
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
        match record.try_into().ok().and_then(Report::decode) {
            Some(report) => reports.whole.push(report),
            None => reports.unknown += 1,
        }
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

    use ipc::services::master::Availability;

    use super::*;

    #[test]
    fn all_waiting_reports_are_taken_at_once() {
        let (one, two) = sys::socket::pair().unwrap();
        let mut writer = UnixStream::from(two);
        let status = Availability::Taken;
        for pid in 0..200 {
            writer
                .write_all(
                    &Report {
                        pid,
                        generation: 7,
                        status,
                    }
                    .encode(),
                )
                .unwrap();
        }
        let mut reports = Reports::default();
        read_all(&one, &mut reports).unwrap();
        assert_eq!(reports.whole.len(), 200);
        let last = Report {
            pid: 199,
            generation: 7,
            status,
        };
        assert_eq!(reports.whole.last(), Some(&last));
        read_all(&one, &mut reports).unwrap();
        assert_eq!(reports.whole.len(), 200);
    }

    #[test]
    fn garbage_is_noticed_not_believed() {
        let mut reports = Reports::default();
        parse(&[9; REPORT_SIZE + 5], &mut reports);
        assert!(reports.whole.is_empty());
        assert_eq!((reports.unknown, reports.partial), (1, Some(5)));
    }
}
