// SPDX-License-Identifier: MIT OR Apache-2.0
//! Records: how a message travels to cleanup and lies in the queue.
//!
//! A record is one type byte, a length of seven bits a byte with the least significant group
//! first, and that many bytes of data. [`write()`] appends one to a buffer, [`parse`] finds one at
//! the start of a buffer, [`RecordReader`] takes them off a stream.
//!
//! *Invariants*: a length takes at most four bytes; no reader buffers more than the caller's
//! limit.
//!
//! *Postfix:* global/record(3), rec_type(3).

mod kind;
mod reader;

pub use kind::RecordType;
pub use reader::{Record, RecordError, RecordReader};

/// The largest data length that fits in four length bytes.
pub const LENGTH_LIMIT: usize = (1 << 28) - 1;

/// A record found at the start of a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parsed<'a> {
    /// The type byte.
    pub kind: RecordType,
    /// The data.
    pub data: &'a [u8],
    /// How many bytes of the buffer the record takes.
    pub length: usize,
}

/// Appends one record. Data beyond [`LENGTH_LIMIT`] is cut off: callers bound what they write.
pub fn write(out: &mut Vec<u8>, kind: RecordType, data: &[u8]) {
    let data = data.get(..LENGTH_LIMIT).unwrap_or(data);
    out.reserve(data.len() + 5);
    out.push(kind.byte());
    let mut rest = data.len();
    loop {
        let group = u8::try_from(rest & 0x7f).unwrap_or(0x7f);
        rest >>= 7;
        if rest == 0 {
            out.push(group);
            break;
        }
        out.push(group | 0x80);
    }
    out.extend_from_slice(data);
}

/// How many bytes [`write()`] appends for that much data.
#[must_use]
pub fn written_length(data: usize) -> usize {
    let length_bytes = match data {
        0..=0x7f => 1,
        0x80..=0x3fff => 2,
        0x4000..=0x1f_ffff => 3,
        _ => 4,
    };
    1 + length_bytes + data
}

/// Finds the record at the start of `buffer`: nothing when it is not complete yet.
///
/// # Errors
/// The type byte is no record type, or the length is over `limit` or has too many bytes.
pub fn parse(buffer: &[u8], limit: usize) -> Result<Option<Parsed<'_>>, RecordError> {
    let Some((&first, rest)) = buffer.split_first() else {
        return Ok(None);
    };
    let kind = RecordType::from_byte(first).ok_or(RecordError::UnknownType(first))?;
    let mut length = 0usize;
    let mut complete = None;
    for (index, &byte) in rest.iter().enumerate().take(4) {
        length |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            complete = Some(index + 1);
            break;
        }
        if index == 3 {
            return Err(RecordError::BadLength);
        }
    }
    if length > limit {
        return Err(RecordError::TooLong(limit));
    }
    let Some(length_bytes) = complete else {
        return Ok(None);
    };
    let data = rest.get(length_bytes..length_bytes + length);
    Ok(data.map(|data| Parsed {
        kind,
        data,
        length: 1 + length_bytes + length,
    }))
}

#[cfg(test)]
mod tests;
