// SPDX-License-Identifier: MIT OR Apache-2.0
//! Makes a queue file and, at the end, makes it count.
//!
//! The file gets its final name at once (the name holds its inode number) but stays incomplete
//! (mode 0600) until [`Writer::commit`] has written everything, marked it complete, and synced it. A
//! writer that is dropped before that removes its file.
//!
//! *Invariants:* `commit` returns success only after fsync succeeded. The first write error sticks:
//! every later call fails with it, so a file with a hole is never committed. Records wait in one
//! buffer of [`BUFFER_SIZE`], so a usual message is one write.
//!
//! *Postfix:* global/mail_queue(3) mail_queue_enter, global/mail_stream(3).

use std::fs::{self, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ipc::record::{self, RecordType};

use super::{FileError, Reader, SIZE_RECORD_LENGTH, SizeRecord};
use crate::id::{IdForm, QueueId};
use crate::layout::{Layout, Queue};

/// Bytes that wait before they are written.
const BUFFER_SIZE: usize = 64 * 1024;
/// Attempts to find a free name.
const CREATE_LIMIT: u32 = 1000;

/// How new queue files are made.
#[derive(Clone, Debug)]
pub struct Maker {
    /// Where the queue is.
    pub layout: Layout,
    /// `enable_long_queue_ids`.
    pub form: IdForm,
}

/// The time stamp of a complete file: qmgr does not touch it before that time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stamp {
    /// At once.
    Now,
    /// After this time (the DELAY action).
    After(Duration),
}

/// A complete, durable queue file.
#[derive(Debug)]
pub struct Committed {
    /// Its id.
    pub id: QueueId,
    /// Where it is, from the layout's root.
    pub path: PathBuf,
}

/// A queue file in the making.
#[derive(Debug)]
pub struct Writer {
    layout: Layout,
    file: File,
    id: QueueId,
    queue: Queue,
    path: PathBuf,
    created: SystemTime,
    clock_ahead: Option<Duration>,
    mode: u32,
    buffer: Vec<u8>,
    flushed: u64,
    limit: Option<u64>,
    failed: Option<Failure>,
    committed: bool,
}

#[derive(Clone, Copy, Debug)]
enum Failure {
    TooLarge,
    Kind(io::ErrorKind, Option<i32>),
}

impl Maker {
    /// Makes a file in `queue` that its owner alone can read.
    pub fn create(&self, queue: Queue) -> Result<Writer, FileError> {
        self.create_with_mode(queue, 0)
    }

    /// Makes a file whose permission has these bits besides the owner's; postdrop(1) gives 0444, so
    /// that pickup(8) can read a file that belongs to the user.
    pub fn create_with_mode(&self, queue: Queue, mode: u32) -> Result<Writer, FileError> {
        let (file, temporary) = self.create_temporary(queue, mode)?;
        match self.name_file(queue, &file, &temporary) {
            Ok((id, path, created, clock_ahead)) => Ok(Writer {
                layout: self.layout.clone(),
                file,
                id,
                queue,
                path,
                created,
                clock_ahead,
                mode,
                buffer: Vec::with_capacity(8 * 1024),
                flushed: 0,
                limit: None,
                failed: None,
                committed: false,
            }),
            Err(source) => {
                let _ = fs::remove_file(&temporary);
                Err(FileError::Create {
                    path: temporary,
                    source,
                })
            }
        }
    }

    fn create_temporary(&self, queue: Queue, mode: u32) -> Result<(File, PathBuf), FileError> {
        let directory = self.layout.directory(queue);
        let process = std::process::id();
        let mut attempt = 0;
        loop {
            let (_, microseconds) = split(SystemTime::now());
            let path = directory.join(format!("{}.{process}", microseconds + attempt));
            let mut options = OpenOptions::new();
            options
                .read(true)
                .write(true)
                .create_new(true)
                .mode(0o600 | mode);
            match options.open(&path) {
                Ok(file) => return Ok((file, path)),
                Err(error)
                    if attempt < CREATE_LIMIT
                        && matches!(
                            error.kind(),
                            io::ErrorKind::AlreadyExists | io::ErrorKind::Interrupted
                        ) =>
                {
                    attempt += 1;
                }
                Err(source) => return Err(FileError::Create { path, source }),
            }
        }
    }

    fn name_file(
        &self,
        queue: Queue,
        file: &File,
        temporary: &Path,
    ) -> io::Result<(QueueId, PathBuf, SystemTime, Option<Duration>)> {
        let metadata = file.metadata()?;
        let now = SystemTime::now();
        let (seconds, microseconds) = split(now);
        let id = QueueId::new(self.form, seconds, microseconds, metadata.ino());
        self.layout.rename_path(temporary, &id, queue)?;
        let ahead = metadata
            .modified()
            .ok()
            .and_then(|stamp| stamp.duration_since(now).ok());
        let ahead = ahead.filter(|ahead| *ahead >= Duration::from_secs(1));
        Ok((id.clone(), self.layout.path(queue, &id), now, ahead))
    }
}

impl Writer {
    /// The id of the message.
    pub fn id(&self) -> &QueueId {
        &self.id
    }

    /// Where the file is now, from the layout's root.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// When the file was made (`create_time`).
    pub fn created(&self) -> SystemTime {
        self.created
    }

    /// The queue the file is in.
    pub fn queue(&self) -> Queue {
        self.queue
    }

    /// Refuses to grow beyond `bytes` ([`FileError::TooLarge`]).
    pub fn set_limit(&mut self, bytes: u64) {
        self.limit = Some(bytes);
    }

    /// Offset of the next record.
    pub fn position(&self) -> u64 {
        self.flushed + self.buffer.len() as u64
    }

    /// Appends a record.
    pub fn record(&mut self, kind: RecordType, data: &[u8]) -> Result<(), FileError> {
        self.check()?;
        let added = data.len() as u64 + 5;
        if self
            .limit
            .is_some_and(|limit| self.position().saturating_add(added) > limit)
        {
            return Err(self.fail(Failure::TooLarge));
        }
        record::write(&mut self.buffer, kind, data);
        if self.buffer.len() >= BUFFER_SIZE {
            self.flush()
        } else {
            Ok(())
        }
    }

    /// Appends a `name=value` attribute record.
    pub fn attribute(&mut self, name: &str, value: &[u8]) -> Result<(), FileError> {
        let mut data = Vec::with_capacity(name.len() + 1 + value.len());
        data.extend_from_slice(name.as_bytes());
        data.push(b'=');
        data.extend_from_slice(value);
        self.record(RecordType::Attribute, &data)
    }

    /// Overwrites bytes that were appended before.
    pub fn patch(&mut self, offset: u64, bytes: &[u8]) -> Result<(), FileError> {
        self.check()?;
        let end = offset.saturating_add(bytes.len() as u64);
        if end > self.position() {
            return Err(self.fail(Failure::Kind(io::ErrorKind::InvalidInput, None)));
        }
        if offset < self.flushed && end > self.flushed {
            self.flush()?;
        }
        if end <= self.flushed {
            let result = self.file.write_all_at(bytes, offset);
            return result.map_err(|error| self.fail_with(&error));
        }
        let place = usize::try_from(offset - self.flushed)
            .ok()
            .and_then(|start| self.buffer.get_mut(start..start + bytes.len()));
        if let Some(place) = place {
            place.copy_from_slice(bytes);
        }
        Ok(())
    }

    /// Writes the first record, or, later, its final numbers.
    pub fn set_sizes(&mut self, sizes: &SizeRecord) -> Result<(), FileError> {
        let mut bytes = Vec::with_capacity(SIZE_RECORD_LENGTH);
        record::write(&mut bytes, RecordType::MessageSize, &sizes.encode());
        if self.position() == 0 {
            self.check()?;
            self.buffer.extend_from_slice(&bytes);
            return Ok(());
        }
        self.patch(0, &bytes)
    }

    /// Moves the unfinished file to another queue (the HOLD action).
    pub fn move_to(&mut self, queue: Queue) -> Result<(), FileError> {
        let moved = self.layout.rename(&self.id, self.queue, queue);
        moved.map_err(|error| self.fail_with(&error))?;
        self.queue = queue;
        self.path = self.layout.path(queue, &self.id);
        Ok(())
    }

    /// A reader of what was written so far, also after the size limit was reached.
    pub fn reader(&mut self) -> Result<Reader<File>, FileError> {
        if !matches!(self.failed, Some(Failure::TooLarge)) {
            self.check()?;
        }
        self.write_buffer()?;
        Ok(Reader::new(self.file.try_clone()?))
    }

    /// Makes the message durable: writes what waits, marks the file complete, stamps it, and syncs
    /// it. Only when this returns `Ok` has the message been accepted. On error the file is removed.
    pub fn commit(mut self, stamp: Stamp) -> Result<Committed, FileError> {
        self.flush()?;
        let mode = Permissions::from_mode(0o700 | self.mode);
        let marked = self.file.set_permissions(mode);
        marked.map_err(|error| self.fail_with(&error))?;
        self.stamp(stamp)?;
        let synced = self.file.sync_all();
        synced.map_err(|error| self.fail_with(&error))?;
        self.committed = true;
        Ok(Committed {
            id: self.id.clone(),
            path: std::mem::take(&mut self.path),
        })
    }

    /// The queue manager must not see a time stamp in the future unless that was asked for: it
    /// would take the message for a deferred one.
    fn stamp(&mut self, stamp: Stamp) -> Result<(), FileError> {
        let when = match stamp {
            Stamp::After(delay) => SystemTime::now() + delay,
            Stamp::Now => match self.clock_ahead.filter(|_| self.queue == Queue::Incoming) {
                Some(ahead) => {
                    runtime::log::warning(format_args!(
                        "file system clock is {} seconds ahead of local clock",
                        ahead.as_secs()
                    ));
                    runtime::log::warning(format_args!(
                        "resetting file time stamps - this hurts performance"
                    ));
                    SystemTime::now()
                }
                None => return Ok(()),
            },
        };
        let stamped = sys::files::set_times(&self.file, when);
        stamped.map_err(|error| self.fail_with(&error))
    }

    fn flush(&mut self) -> Result<(), FileError> {
        self.check()?;
        self.write_buffer()
    }

    fn write_buffer(&mut self) -> Result<(), FileError> {
        if !self.buffer.is_empty() {
            let written = self.file.write_all_at(&self.buffer, self.flushed);
            written.map_err(|error| self.fail_with(&error))?;
            self.flushed += self.buffer.len() as u64;
            self.buffer.clear();
        }
        Ok(())
    }

    fn check(&self) -> Result<(), FileError> {
        self.failed
            .map_or(Ok(()), |failure| Err(self.error(failure)))
    }

    fn fail_with(&mut self, error: &io::Error) -> FileError {
        let failure = match error.kind() {
            io::ErrorKind::FileTooLarge => Failure::TooLarge,
            kind => Failure::Kind(kind, error.raw_os_error()),
        };
        self.fail(failure)
    }

    fn fail(&mut self, failure: Failure) -> FileError {
        self.failed = Some(failure);
        self.error(failure)
    }

    fn error(&self, failure: Failure) -> FileError {
        match failure {
            Failure::TooLarge => FileError::TooLarge,
            Failure::Kind(kind, code) => FileError::Write {
                path: self.path.clone(),
                source: code.map_or_else(|| io::Error::from(kind), io::Error::from_raw_os_error),
            },
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if !self.committed
            && let Err(error) = fs::remove_file(&self.path)
            && error.kind() != io::ErrorKind::NotFound
        {
            runtime::log::warning(format_args!("remove {}: {error}", self.path.display()));
        }
    }
}

fn split(time: SystemTime) -> (u64, u32) {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    (since.as_secs(), since.subsec_micros())
}
