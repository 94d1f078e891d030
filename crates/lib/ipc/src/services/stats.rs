// SPDX-License-Identifier: MIT OR Apache-2.0
//! When a message reached which stage: what the `delay=` and `delays=` of log lines come from.
//!
//! It travels as the C structure of the original on a 64-bit machine: five pairs of 64-bit
//! seconds and microseconds in the machine's byte order, a 32-bit counter, and four bytes of
//! padding.
//!
//! *Postfix:* global/msg_stats(3h), msg_stats_print(3), msg_stats_scan(3).

use crate::attr::AttrError;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The size of the structure in bytes.
const SIZE: usize = 5 * 16 + 8;

/// Stages of one delivery, with microseconds; a stage that was not reached has no time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MessageStats {
    /// The message began to arrive.
    pub incoming_arrival: Option<SystemTime>,
    /// It entered the active queue.
    pub active_arrival: Option<SystemTime>,
    /// The delivery agent got it.
    pub agent_handoff: Option<SystemTime>,
    /// The connection was ready.
    pub conn_setup_done: Option<SystemTime>,
    /// The transmission was over.
    pub deliver_done: Option<SystemTime>,
    /// How often the connection was used before.
    pub reuse_count: i32,
}

impl MessageStats {
    /// The structure as bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(SIZE);
        for time in [
            self.incoming_arrival,
            self.active_arrival,
            self.agent_handoff,
            self.conn_setup_done,
            self.deliver_done,
        ] {
            let since = time.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
            let since = since.unwrap_or_default();
            bytes.extend_from_slice(&since.as_secs().to_ne_bytes());
            bytes.extend_from_slice(&u64::from(since.subsec_micros()).to_ne_bytes());
        }
        bytes.extend_from_slice(&self.reuse_count.to_ne_bytes());
        bytes.resize(SIZE, 0);
        bytes
    }

    /// The structure from bytes.
    ///
    /// # Errors
    /// The size is wrong, or a time is impossible.
    pub fn decode(bytes: &[u8]) -> Result<MessageStats, AttrError> {
        let bad = || AttrError::Misbehaved("malformed message delivery statistics".into());
        if bytes.len() != SIZE {
            return Err(bad());
        }
        let mut words = bytes
            .chunks_exact(8)
            .map(|word| u64::from_ne_bytes(<[u8; 8]>::try_from(word).unwrap_or_default()));
        let mut time = || -> Option<Option<SystemTime>> {
            let (seconds, micros) = (words.next()?, words.next()?);
            if seconds == 0 && micros == 0 {
                return Some(None);
            }
            let micros = u32::try_from(micros)
                .ok()
                .filter(|micros| *micros < 1_000_000)?;
            // A bound that keeps later sums from overflowing: the year 10000.
            let seconds = Some(seconds).filter(|seconds| *seconds < 253_402_300_800)?;
            Some(UNIX_EPOCH.checked_add(Duration::new(seconds, micros * 1000)))
        };
        let mut stats = MessageStats {
            incoming_arrival: time().ok_or_else(bad)?,
            active_arrival: time().ok_or_else(bad)?,
            agent_handoff: time().ok_or_else(bad)?,
            conn_setup_done: time().ok_or_else(bad)?,
            deliver_done: time().ok_or_else(bad)?,
            reuse_count: 0,
        };
        let count = bytes
            .get(80..84)
            .and_then(|count| <[u8; 4]>::try_from(count).ok());
        stats.reuse_count = count.map(i32::from_ne_bytes).ok_or_else(bad)?;
        Ok(stats)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64, micros: u32) -> Option<SystemTime> {
        Some(UNIX_EPOCH + Duration::new(seconds, micros * 1000))
    }

    #[test]
    fn the_layout_is_that_of_the_c_structure() {
        let stats = MessageStats {
            incoming_arrival: at(1, 2),
            deliver_done: at(3, 4),
            reuse_count: -5,
            ..MessageStats::default()
        };
        let bytes = stats.encode();
        assert_eq!(bytes.len(), 88);
        assert_eq!(bytes[..8], 1u64.to_ne_bytes());
        assert_eq!(bytes[8..16], 2u64.to_ne_bytes());
        assert_eq!(bytes[64..72], 3u64.to_ne_bytes());
        assert_eq!(bytes[80..84], (-5i32).to_ne_bytes());
        assert_eq!(MessageStats::decode(&bytes), Ok(stats));
    }

    #[test]
    fn another_size_or_an_impossible_time_is_refused() {
        for length in [0, 44, 87, 89] {
            assert!(MessageStats::decode(&vec![0; length]).is_err());
        }
        assert!(MessageStats::decode(&[0xff; 88]).is_err());
        assert_eq!(MessageStats::decode(&[0; 88]), Ok(MessageStats::default()));
    }
}
