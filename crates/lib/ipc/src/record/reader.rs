// SPDX-License-Identifier: MIT OR Apache-2.0
//! Taking records off a buffered stream.
//!
//! *Invariants*: consumes whole records only, unless it fails; the data buffer is the caller's and
//! is reused, so that a large message costs no allocation per line.

use super::RecordType;
use std::io::{self, BufRead};

/// One record with its own data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// What the record says.
    pub kind: RecordType,
    /// Its data; may be empty.
    pub data: Vec<u8>,
}

/// Why no record could be read.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The byte in the place of a type is none.
    #[error("unknown record type {0}")]
    UnknownType(u8),
    /// The length has more than four bytes.
    #[error("bad record length")]
    BadLength,
    /// The length is over the reader's limit.
    #[error("record length exceeds limit {0}")]
    TooLong(usize),
    /// The input ends inside a record.
    #[error("unexpected EOF in data record")]
    Truncated,
    /// The input cannot be read.
    #[error("read error: {0}")]
    Input(#[source] io::Error),
}

/// Reads records from any buffered input.
#[derive(Debug)]
pub struct RecordReader<R> {
    input: R,
    offset: u64,
}

impl<R: BufRead> RecordReader<R> {
    /// Reads from where the input stands.
    pub fn new(input: R) -> RecordReader<R> {
        RecordReader { input, offset: 0 }
    }

    /// How many bytes were consumed so far.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// The input, for what follows the records.
    pub fn into_inner(self) -> R {
        self.input
    }

    /// The input, for what stands between records.
    pub fn get_mut(&mut self) -> &mut R {
        &mut self.input
    }

    /// The next record, or nothing at the end of the input.
    ///
    /// # Errors
    /// The bytes are no record, or one with more than `limit` bytes of data.
    pub fn next(&mut self, limit: usize) -> Result<Option<Record>, RecordError> {
        let mut data = Vec::new();
        Ok(self
            .next_into(limit, &mut data)?
            .map(|kind| Record { kind, data }))
    }

    /// As [`next`](RecordReader::next), into a buffer that replaces its content.
    ///
    /// # Errors
    /// As [`next`](RecordReader::next).
    pub fn next_into(
        &mut self,
        limit: usize,
        data: &mut Vec<u8>,
    ) -> Result<Option<RecordType>, RecordError> {
        data.clear();
        let Some(first) = self.byte()? else {
            return Ok(None);
        };
        let kind = RecordType::from_byte(first).ok_or(RecordError::UnknownType(first))?;
        let length = self.length()?;
        if length > limit {
            return Err(RecordError::TooLong(limit));
        }
        while data.len() < length {
            let available = self.fill()?;
            if available.is_empty() {
                return Err(RecordError::Truncated);
            }
            let taken = available.len().min(length - data.len());
            data.extend_from_slice(available.get(..taken).unwrap_or_default());
            self.consume(taken);
        }
        Ok(Some(kind))
    }

    fn length(&mut self) -> Result<usize, RecordError> {
        let mut length = 0usize;
        for group in 0..4 {
            let byte = self.byte()?.ok_or(RecordError::Truncated)?;
            length |= usize::from(byte & 0x7f) << (7 * group);
            if byte & 0x80 == 0 {
                return Ok(length);
            }
        }
        Err(RecordError::BadLength)
    }

    fn byte(&mut self) -> Result<Option<u8>, RecordError> {
        let byte = self.fill()?.first().copied();
        if byte.is_some() {
            self.consume(1);
        }
        Ok(byte)
    }

    fn fill(&mut self) -> Result<&[u8], RecordError> {
        // Asked twice, since the first answer would stay borrowed across the loop.
        loop {
            match self.input.fill_buf() {
                Ok(_) => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(RecordError::Input(error)),
            }
        }
        self.input.fill_buf().map_err(RecordError::Input)
    }

    fn consume(&mut self, amount: usize) {
        self.input.consume(amount);
        self.offset += amount as u64;
    }
}
