// SPDX-License-Identifier: MIT OR Apache-2.0
//! Reads the records of a queue file, following its pointers.
//!
//! *Invariants:* total for any bytes: a record that is longer than the file or than
//! [`RECORD_DATA_LIMIT`], an unknown type, or a pointer outside the file is an error; a reader makes
//! at most 10,000 backward jumps in its life. Memory: one buffer and one record.
//!
//! *Postfix:* global/record(3).

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use ipc::record::RecordType;

use super::{FileError, RECORD_DATA_LIMIT};

/// Backward pointers followed before the file is called a loop.
pub(super) const BACKWARD_JUMP_LIMIT: u32 = 10_000;
/// Bytes read at once: one call for the usual envelope.
const BUFFER_SIZE: usize = 16 * 1024;

/// A source of bytes at offsets: a file, or memory in tests.
pub trait ReadAt {
    /// Reads at most `buffer.len()` bytes; zero means the end.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize>;
}

impl ReadAt for File {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        FileExt::read_at(self, buffer, offset)
    }
}

impl ReadAt for &File {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        FileExt::read_at(*self, buffer, offset)
    }
}

impl ReadAt for &[u8] {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let rest = usize::try_from(offset)
            .ok()
            .and_then(|at| self.get(at..))
            .unwrap_or_default();
        let count = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        Ok(count)
    }
}

/// One record, as long as the reader does not move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'r> {
    /// Where the record begins; what delivery agents are told, to mark it as done.
    pub offset: u64,
    /// Its type.
    pub kind: RecordType,
    /// Its data, without type and length.
    pub data: &'r [u8],
}

/// Reads records from a source.
#[derive(Debug)]
pub struct Reader<S = File> {
    source: S,
    buffer: Vec<u8>,
    buffer_offset: u64,
    position: u64,
    data: Vec<u8>,
    backward_jumps: u32,
    ended: bool,
}

impl<S: ReadAt> Reader<S> {
    /// A reader at offset zero.
    pub fn new(source: S) -> Reader<S> {
        Reader {
            source,
            buffer: Vec::new(),
            buffer_offset: 0,
            position: 0,
            data: Vec::new(),
            backward_jumps: 0,
            ended: false,
        }
    }

    /// The source.
    pub fn source(&self) -> &S {
        &self.source
    }

    /// Gives the source back.
    pub fn into_source(self) -> S {
        self.source
    }

    /// Offset of the record that comes next, before pointers are followed.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Goes on reading at another offset.
    pub fn seek(&mut self, offset: u64) {
        self.position = offset;
        self.ended = false;
    }

    /// Forgets what was buffered, because the file changed.
    pub fn refresh(&mut self) {
        self.buffer.clear();
    }

    /// The next record: pointers are followed, deleted text is skipped. `None` at the end of the
    /// file, or after an `E` record, which every complete file has.
    pub fn next_record(&mut self) -> Result<Option<Record<'_>>, FileError> {
        if self.ended {
            return Ok(None);
        }
        loop {
            let Some((offset, kind)) = self.read_record()? else {
                return Ok(None);
            };
            match kind {
                RecordType::DeletedText => {}
                RecordType::Pointer => self.follow(offset)?,
                _ => {
                    self.ended = kind == RecordType::End;
                    return Ok(Some(Record {
                        offset,
                        kind,
                        data: &self.data,
                    }));
                }
            }
        }
    }

    /// The next record in file order: pointers and deleted text are returned like any other.
    pub fn next_raw(&mut self) -> Result<Option<Record<'_>>, FileError> {
        let Some((offset, kind)) = self.read_record()? else {
            return Ok(None);
        };
        Ok(Some(Record {
            offset,
            kind,
            data: &self.data,
        }))
    }

    /// The next piece of content: `(true, bytes)` when the line goes on in the next piece. `None`
    /// at the end of the content segment; the `X` record is consumed.
    pub fn next_content(&mut self) -> Result<Option<(bool, &[u8])>, FileError> {
        let offset = self.position;
        match self.next_record()? {
            Some(Record {
                kind: RecordType::RegularText,
                data,
                ..
            }) => Ok(Some((false, data))),
            Some(Record {
                kind: RecordType::ContinuedText,
                data,
                ..
            }) => Ok(Some((true, data))),
            Some(Record {
                kind: RecordType::ExtractedInformation,
                ..
            }) => Ok(None),
            Some(Record { offset, .. }) => Err(FileError::Damaged {
                offset,
                what: "unexpected record in message content",
            }),
            None => Err(FileError::Damaged {
                offset,
                what: "message content has no end",
            }),
        }
    }

    fn read_record(&mut self) -> Result<Option<(u64, RecordType)>, FileError> {
        let offset = self.position;
        let damaged = |what| FileError::Damaged { offset, what };
        let Some(byte) = self.byte()? else {
            return Ok(None);
        };
        let kind = RecordType::from_byte(byte).ok_or(damaged("unknown record type"))?;
        let mut length = 0usize;
        for shift in [0, 7, 14, 21] {
            let byte = self.byte()?.ok_or(damaged("record length cut off"))?;
            length |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                if length > RECORD_DATA_LIMIT {
                    return Err(damaged("record too long"));
                }
                self.fill_data(length, offset)?;
                return Ok(Some((offset, kind)));
            }
        }
        Err(damaged("record length field too long"))
    }

    fn follow(&mut self, offset: u64) -> Result<(), FileError> {
        let damaged = |what| FileError::Damaged { offset, what };
        let target = std::str::from_utf8(&self.data)
            .ok()
            .and_then(|text| text.trim().parse::<u64>().ok())
            .ok_or(damaged("malformed pointer record"))?;
        if target == 0 {
            return Ok(());
        }
        if target <= offset {
            self.backward_jumps += 1;
            if self.backward_jumps > BACKWARD_JUMP_LIMIT {
                return Err(damaged("too many pointers"));
            }
        }
        self.position = target;
        Ok(())
    }

    fn byte(&mut self) -> Result<Option<u8>, FileError> {
        let byte = self.buffered()?.first().copied();
        if byte.is_some() {
            self.position += 1;
        }
        Ok(byte)
    }

    fn fill_data(&mut self, length: usize, offset: u64) -> Result<(), FileError> {
        let mut data = std::mem::take(&mut self.data);
        data.clear();
        while data.len() < length {
            let chunk = self.buffered()?;
            let chunk = chunk.get(..length - data.len()).unwrap_or(chunk);
            if chunk.is_empty() {
                return Err(FileError::Damaged {
                    offset,
                    what: "record cut off",
                });
            }
            let count = chunk.len();
            data.extend_from_slice(chunk);
            self.position += count as u64;
        }
        self.data = data;
        Ok(())
    }

    /// What is buffered at the position; filled when nothing is. Empty at the end of the file.
    fn buffered(&mut self) -> Result<&[u8], FileError> {
        if self.window().is_empty() {
            self.buffer.resize(BUFFER_SIZE, 0);
            let count = loop {
                match self.source.read_at(&mut self.buffer, self.position) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => {
                        self.buffer.clear();
                        return Err(error.into());
                    }
                    Ok(count) => break count,
                }
            };
            self.buffer.truncate(count);
            self.buffer_offset = self.position;
        }
        Ok(self.window())
    }

    fn window(&self) -> &[u8] {
        self.position
            .checked_sub(self.buffer_offset)
            .and_then(|skip| usize::try_from(skip).ok())
            .and_then(|skip| self.buffer.get(skip..))
            .unwrap_or_default()
    }
}
