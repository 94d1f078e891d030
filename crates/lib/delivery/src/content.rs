// SPDX-License-Identifier: MIT OR Apache-2.0
//! The content of the message under delivery, record by record.
//!
//! *Errors*: a file that is not what a queue file must be is told apart from a disk that
//! cannot be read, since only the first is given up on.

use std::fs::File;
use std::io;

use queue::file::{FileError, Reader};

/// A line of content, or a piece of one that is longer than the writer's limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'r> {
    /// The text, without line end.
    pub text: &'r [u8],
    /// Whether the next piece belongs to the same line.
    pub continued: bool,
}

/// Why there is no next piece.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    /// Reading failed.
    #[error("queue file read error: {0}")]
    Read(io::Error),
    /// The file is damaged.
    #[error("corrupt queue file")]
    Corrupt,
}

/// Reads the content segment once, from its beginning.
#[derive(Debug)]
pub struct Content<'f> {
    reader: Reader<&'f File>,
    ended: bool,
}

impl<'f> Content<'f> {
    /// The content that begins at `data_offset` of `file`.
    #[must_use]
    pub fn new(file: &'f File, data_offset: u64) -> Content<'f> {
        let mut reader = Reader::new(file);
        reader.seek(data_offset);
        Content {
            reader,
            ended: false,
        }
    }

    /// The next piece; `None` at the end of the content.
    ///
    /// # Errors
    /// Trouble with the disk, or damage; then the file is also marked corrupt.
    #[expect(
        clippy::should_implement_trait,
        reason = "the piece borrows the reader"
    )]
    pub fn next(&mut self) -> Result<Option<Piece<'_>>, ContentError> {
        if self.ended {
            return Ok(None);
        }
        let file = *self.reader.source();
        match self.reader.next_content() {
            Ok(Some((continued, text))) => Ok(Some(Piece { text, continued })),
            Ok(None) => {
                self.ended = true;
                Ok(None)
            }
            Err(FileError::Read(error)) => Err(ContentError::Read(error)),
            Err(error) => {
                runtime::log::warning(format_args!("{error}"));
                mark_corrupt(file);
                Err(ContentError::Corrupt)
            }
        }
    }
}

/// Tells the queue manager that the file is damaged: readable by its owner, nothing else.
fn mark_corrupt(file: &File) {
    use std::os::unix::fs::PermissionsExt;
    if let Err(error) = file.set_permissions(std::fs::Permissions::from_mode(0o400)) {
        runtime::log::warning(format_args!("cannot mark queue file as corrupt: {error}"));
    }
}
