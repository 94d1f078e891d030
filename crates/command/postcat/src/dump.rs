// SPDX-License-Identifier: MIT OR Apache-2.0
//! One queue file as text.
//!
//! *Invariants*: total for any file; pointers are followed a bounded number of times, and only one
//! record is in memory. Text is shown as it is in the file, as scripts expect.
//!
//! *Postfix:* postcat/postcat.c.

use crate::options::Show;
use bstr::ByteSlice as _;
use ipc::record::RecordType;
use queue::file::{FileError, ReadAt, Reader};
use std::io::{self, Write};
use sys::clock::local_time;

/// Pointers that are followed in one file.
const POINTER_LIMIT: u32 = 100_000;

/// What ended a dump early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DumpError {
    /// The file does not begin like a queue file.
    #[error("input is not a valid queue file")]
    NotAQueueFile,
    /// The file.
    #[error("{0}")]
    File(#[from] FileError),
    /// Pointers without end.
    #[error("too many pointer records")]
    Loop,
    /// Standard output.
    #[error("output write error: {0}")]
    Output(#[from] io::Error),
}

/// Where in the message a record is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Segment {
    Envelope,
    Header,
    Body,
    Extracted,
}

/// A dump in progress.
struct Dump<'a> {
    name: &'a str,
    show: Show,
    segment: Segment,
    /// The last line is continued by the next record.
    in_line: bool,
    out: &'a mut dyn Write,
}

/// Shows a file from an offset on.
pub(crate) fn dump<S: ReadAt>(
    name: &str,
    source: S,
    start: u64,
    show: Show,
    out: &mut dyn Write,
) -> Result<(), DumpError> {
    let mut reader = Reader::new(source);
    reader.seek(start);
    let segment = Segment::Envelope;
    let mut dump = Dump {
        name,
        show,
        segment,
        in_line: false,
        out,
    };
    let (mut first, mut pointers) = (start == 0, 0);
    // Where a record was found, behind pointers and padding: the place of the first of them.
    let mut found = None;
    loop {
        let here = reader.position();
        let record = match reader.next_raw() {
            Ok(Some(record)) => record,
            Ok(None) => return Ok(()),
            Err(FileError::Damaged { .. }) if first => return Err(DumpError::NotAQueueFile),
            Err(error) => return Err(error.into()),
        };
        if std::mem::take(&mut first) {
            if !matches!(
                record.kind,
                RecordType::MessageSize | RecordType::ArrivalTime
            ) {
                return Err(DumpError::NotAQueueFile);
            }
            dump.title("ENVELOPE RECORDS")?;
        }
        if record.kind == RecordType::Pointer {
            let (place, target) = (found.unwrap_or(here), target(record.data));
            if (show.verbose || show.raw) && show.envelope {
                dump.named("pointer_record", here, record.kind, record.data)?;
            }
            found = Some(place).filter(|_| !show.verbose && !show.raw);
            if let Some(target) = target.filter(|target| *target > 0 && !show.raw) {
                pointers += 1;
                if pointers > POINTER_LIMIT {
                    return Err(DumpError::Loop);
                }
                reader.seek(target);
            }
            continue;
        }
        let place = found.take().unwrap_or(here);
        if record.kind == RecordType::DeletedText && !show.verbose {
            found = Some(place);
            continue;
        }
        let (kind, data) = (record.kind, record.data);
        dump.record(place, kind, data)?;
        if kind == RecordType::End && !show.raw {
            return Ok(());
        }
    }
}

fn target(data: &[u8]) -> Option<u64> {
    data.to_str().ok()?.trim().parse().ok()
}

impl Dump<'_> {
    fn record(&mut self, place: u64, kind: RecordType, data: &[u8]) -> io::Result<()> {
        match kind {
            RecordType::MessageContent => {
                self.segment = Segment::Header;
                self.mark("MESSAGE CONTENTS", place, kind)
            }
            RecordType::ExtractedInformation => {
                self.segment = Segment::Extracted;
                self.mark("HEADER EXTRACTED", place, kind)
            }
            RecordType::End => self.mark("MESSAGE FILE END", place, kind),
            RecordType::RegularText | RecordType::ContinuedText if self.in_content() => {
                self.text(place, kind, data)
            }
            RecordType::DeletedText => self.named(kind.name(), place, kind, data),
            _ if !self.show.envelope => Ok(()),
            RecordType::ArrivalTime | RecordType::WarningTime => {
                self.named(kind.name(), place, kind, date(data).as_bytes())
            }
            RecordType::Attribute => match data.split_once_str("=") {
                Some((b"create_time", value)) => {
                    self.named("create_time", place, kind, date(value).as_bytes())
                }
                _ => self.named(kind.name(), place, kind, data),
            },
            RecordType::ContinuedText => self.named("content_filter", place, kind, data),
            // These do not come in files.
            RecordType::Delay | RecordType::MilterCount => {
                self.named("unknown_record_type", place, kind, data)
            }
            _ => self.named(kind.name(), place, kind, data),
        }
    }

    fn in_content(&self) -> bool {
        matches!(self.segment, Segment::Header | Segment::Body)
    }

    fn text(&mut self, place: u64, kind: RecordType, data: &[u8]) -> io::Result<()> {
        let continues = std::mem::replace(&mut self.in_line, kind == RecordType::ContinuedText);
        if self.segment == Segment::Header && !continues && !is_header_line(data) {
            self.segment = Segment::Body;
        }
        let wanted = match self.segment {
            Segment::Header => self.show.header,
            _ => self.show.body,
        };
        if !wanted {
            return Ok(());
        }
        if self.show.verbose {
            return self.named(kind.name(), place, kind, data);
        }
        self.prefix(place, kind)?;
        self.out.write_all(data)?;
        // A piece of a line is only then a line of its own when it has an offset of its own.
        if kind == RecordType::RegularText || self.show.offsets {
            self.out.write_all(b"\n")?;
        }
        Ok(())
    }

    fn mark(&mut self, title: &str, place: u64, kind: RecordType) -> io::Result<()> {
        if !self.show.envelope {
            return Ok(());
        }
        self.prefix(place, kind)?;
        self.title(title)
    }

    fn title(&mut self, title: &str) -> io::Result<()> {
        if self.show.envelope {
            writeln!(self.out, "*** {title} {} ***", self.name)
        } else {
            Ok(())
        }
    }

    fn named(&mut self, name: &str, place: u64, kind: RecordType, data: &[u8]) -> io::Result<()> {
        self.prefix(place, kind)?;
        write!(self.out, "{name}: ")?;
        self.out.write_all(data)?;
        self.out.write_all(b"\n")
    }

    fn prefix(&mut self, place: u64, kind: RecordType) -> io::Result<()> {
        if self.show.names {
            write!(self.out, "{}: ", self.name)?;
        }
        if self.show.offsets {
            write!(self.out, "{place:9} ")?;
        }
        if self.show.types {
            write!(self.out, "{:3} ", kind.byte())?;
        }
        Ok(())
    }
}

/// A header, or the continuation of one.
fn is_header_line(line: &[u8]) -> bool {
    matches!(line.first(), Some(b' ' | b'\t')) || mail::header::is_header_line(line).is_some()
}

/// `Tue Nov 14 22:13:20 2023`, as ctime(3) says it.
fn date(data: &[u8]) -> String {
    let digits = data.trim_ascii_start();
    let end = digits
        .iter()
        .position(|byte| !byte.is_ascii_digit())
        .unwrap_or(digits.len());
    let seconds = digits
        .get(..end)
        .and_then(|digits| digits.to_str().ok()?.parse().ok());
    let time = local_time(seconds.unwrap_or(0));
    format!(
        "{} {} {:2} {:02}:{:02}:{:02} {}",
        time.weekday_name(),
        time.month_name(),
        time.day,
        time.hour,
        time.minute,
        time.second,
        time.year
    )
}
