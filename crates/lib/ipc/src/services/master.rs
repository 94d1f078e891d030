// SPDX-License-Identifier: MIT OR Apache-2.0
//! What daemons report to master: whether they are free to serve a client.
//!
//! A report is three 32-bit numbers in the machine's byte order, written at once to the status
//! socket that all processes of a service share. The generation tells master which of its
//! processes with that id reports.
//!
//! *Postfix:* master/master_proto.

/// The descriptors that master leaves open for each daemon.
pub mod descriptor {
    /// Reading end of the mail-flow pipe.
    pub const FLOW_READ: i32 = 3;
    /// Writing end of the mail-flow pipe.
    pub const FLOW_WRITE: i32 = 4;
    /// The status socket.
    pub const STATUS: i32 = 5;
    /// The first listening socket.
    pub const LISTEN: i32 = 6;
}

/// The environment variable with the generation number, in octal.
pub const GENERATION: &str = "GENERATION";

/// The size of a report in bytes.
pub const REPORT_SIZE: usize = 12;

/// Whether a daemon can serve a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Availability {
    /// It serves one.
    Taken,
    /// It waits for one.
    Available,
}

/// One report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Report {
    /// Who reports.
    pub pid: i32,
    /// The generation number that master gave to this process.
    pub generation: u32,
    /// What it reports.
    pub status: Availability,
}

impl Report {
    /// The report as bytes.
    #[must_use]
    pub fn encode(&self) -> [u8; REPORT_SIZE] {
        let status: i32 = match self.status {
            Availability::Taken => 0,
            Availability::Available => 1,
        };
        let mut bytes = [0; REPORT_SIZE];
        let (pid, rest) = bytes.split_at_mut(4);
        let (generation, code) = rest.split_at_mut(4);
        pid.copy_from_slice(&self.pid.to_ne_bytes());
        generation.copy_from_slice(&self.generation.to_ne_bytes());
        code.copy_from_slice(&status.to_ne_bytes());
        bytes
    }

    /// The report from bytes; nothing when they are none.
    #[must_use]
    pub fn decode(bytes: &[u8; REPORT_SIZE]) -> Option<Report> {
        let mut words = bytes
            .chunks_exact(4)
            .map(|word| <[u8; 4]>::try_from(word).unwrap_or_default());
        let pid = i32::from_ne_bytes(words.next()?);
        let generation = u32::from_ne_bytes(words.next()?);
        let status = match i32::from_ne_bytes(words.next()?) {
            0 => Availability::Taken,
            1 => Availability::Available,
            _ => return None,
        };
        Some(Report {
            pid,
            generation,
            status,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_read_as_it_was_written() {
        for status in [Availability::Taken, Availability::Available] {
            let report = Report {
                pid: 4711,
                generation: 0o17,
                status,
            };
            assert_eq!(Report::decode(&report.encode()), Some(report));
        }
        assert_eq!(Report::decode(&[9; 12]), None);
    }
}
