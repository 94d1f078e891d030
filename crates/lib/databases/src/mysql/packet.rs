// SPDX-License-Identifier: MIT OR Apache-2.0
//! Packets of the protocol: exchanging them, and reading fields off them, without trusting any
//! length.
//!
//! *Invariants*: total: every read beyond the end of a packet is `None`; all packets that are
//! received together are at most the budget.

use std::io::{self, Read as _, Write as _};

use runtime::stream::Stream;

use crate::pool::Trouble;
use crate::sql::ANSWER_LIMIT;

/// A stream of packets.
pub(super) struct Packets {
    pub(super) stream: Stream,
    /// The number of the next packet of this exchange.
    sequence: u8,
    /// Bytes that the current answer may still have.
    pub(super) budget: usize,
}

impl Packets {
    pub(super) fn new(stream: Stream) -> Packets {
        Packets {
            stream,
            sequence: 0,
            budget: ANSWER_LIMIT,
        }
    }

    /// Begins another exchange.
    pub(super) fn begin(&mut self) {
        self.sequence = 0;
        self.budget = ANSWER_LIMIT;
    }

    /// Goes on over another stream, such as the same one encrypted.
    pub(super) fn over(
        self,
        change: impl FnOnce(Stream) -> Result<Stream, String>,
    ) -> Result<Packets, String> {
        let stream = change(self.stream)?;
        Ok(Packets { stream, ..self })
    }

    pub(super) fn send(&mut self, payload: &[u8]) -> Result<(), Trouble> {
        let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
        if length >= 0x00ff_ffff {
            return Err(Trouble::Refused("query is too long".to_owned()));
        }
        let [low, middle, high, _] = length.to_le_bytes();
        self.stream.write_all(&[low, middle, high, self.sequence])?;
        self.stream.write_all(payload)?;
        self.sequence = self.sequence.wrapping_add(1);
        Ok(self.stream.flush()?)
    }

    pub(super) fn receive(&mut self) -> Result<Vec<u8>, Trouble> {
        let mut header = [0; 4];
        self.stream.read_exact(&mut header)?;
        let [low, middle, high, sequence] = header;
        let length = u32::from_le_bytes([low, middle, high, 0]);
        let length = usize::try_from(length).map_err(|_| malformed())?;
        let cost = length + header.len();
        // Sixteen megabytes would say that another packet continues this one.
        if cost > self.budget {
            return Err(Trouble::Connection("answer is too long".to_owned()));
        }
        self.budget -= cost;
        self.sequence = sequence.wrapping_add(1);
        let mut payload = vec![0; length];
        self.stream.read_exact(&mut payload)?;
        Ok(payload)
    }
}

pub(super) fn malformed() -> Trouble {
    io::Error::new(io::ErrorKind::InvalidData, "malformed packet").into()
}

/// What is left of a packet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'p>(pub(super) &'p [u8]);

impl<'p> Fields<'p> {
    /// So many bytes.
    pub(super) fn bytes(&mut self, count: usize) -> Option<&'p [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.bytes(1)?.first().copied()
    }

    /// A number of at most eight bytes, least significant first.
    pub(super) fn number(&mut self, size: usize) -> Option<u64> {
        let bytes = self.bytes(size)?;
        let shifted = bytes.iter().rev();
        Some(shifted.fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// Text up to a NUL byte, which is taken too.
    pub(super) fn text(&mut self) -> Option<&'p [u8]> {
        let end = self.0.iter().position(|byte| *byte == 0)?;
        let text = self.bytes(end)?;
        self.byte()?;
        Some(text)
    }

    /// A number of one, three, four or nine bytes.
    pub(super) fn length(&mut self) -> Option<u64> {
        match self.byte()? {
            small @ 0..=0xfa => Some(u64::from(small)),
            0xfc => self.number(2),
            0xfd => self.number(3),
            0xfe => self.number(8),
            _ => None,
        }
    }

    /// A column of a row: NULL, or text with its length.
    pub(super) fn column(&mut self) -> Option<Option<Vec<u8>>> {
        if self.0.first() == Some(&0xfb) {
            self.byte()?;
            return Some(None);
        }
        let length = usize::try_from(self.length()?).ok()?;
        Some(Some(self.bytes(length)?.to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_bytes_from_the_right() {
        assert_eq!(Fields(&[1, 2, 3]).number(3), Some(0x03_02_01));
        assert_eq!(Fields(&[1, 2]).number(3), None);
        assert_eq!(Fields(&[0xfa]).length(), Some(250));
        assert_eq!(Fields(&[0xfc, 0, 1]).length(), Some(256));
        assert_eq!(Fields(&[0xff, 0, 1]).length(), None);
    }

    #[test]
    fn a_column_cannot_be_longer_than_its_packet() {
        assert_eq!(Fields(b"\x02ab").column(), Some(Some(b"ab".to_vec())));
        assert_eq!(Fields(b"\xfb").column(), Some(None));
        assert_eq!(Fields(b"\x03ab").column(), None);
        let huge = b"\xfe\xff\xff\xff\xff\xff\xff\xff\xffab";
        assert_eq!(Fields(huge).column(), None);
        assert_eq!(Fields(b"").column(), None);
    }
}
