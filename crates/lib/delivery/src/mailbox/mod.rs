// SPDX-License-Identifier: MIT OR Apache-2.0
//! Files that mail is delivered to: mailboxes with all messages in one file, and maildirs.
//!
//! *Invariants*: a message is in the file completely and synced, or not at all; nobody else
//! writes at the same time; nobody can redirect the write by links.

mod lock;
mod maildir;
mod mbox;
#[cfg(test)]
mod tests;

pub use lock::{LockMethods, LockPatience};
pub use maildir::Maildir;
pub use mbox::Mbox;

use std::fs::File;

use crate::content::Content;
use crate::copy::{CopyError, Style, copy};
use crate::trouble::{Trouble, mailbox_status};
use mail::dsn::{Dsn, Status};

/// Whose rights an operation is done with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// User id.
    pub uid: u32,
    /// Group id.
    pub gid: u32,
}

/// Copies the message and syncs it; the trouble has the status the original gives it.
fn copy_and_sync(
    content: &mut Content<'_>,
    style: &Style<'_>,
    mut file: &File,
    regular: bool,
) -> Result<(), Trouble> {
    let copied = copy(content, style, &mut file);
    let synced = copied.and_then(|_| {
        if regular {
            file.sync_all().map_err(CopyError::Write)
        } else {
            Ok(())
        }
    });
    synced.map_err(|error| copy_trouble(&error))
}

fn copy_trouble(error: &CopyError) -> Trouble {
    let status = match error {
        CopyError::Corrupt => return Trouble::CorruptMessage,
        CopyError::Read(source) => {
            let again = matches!(
                source.kind(),
                std::io::ErrorKind::WouldBlock | std::io::ErrorKind::StaleNetworkFileHandle
            );
            Status::new(if again { 4 } else { 5 }, 3, 0)
        }
        CopyError::Write(source) => mailbox_status(source, Status::new(5, 3, 0)),
    };
    let mut dsn = Dsn::simple(status, error.to_string().into_bytes());
    dsn.diag_type = b"x-unix".to_vec();
    dsn.diag_text = b"input/output error".to_vec();
    Trouble::Failed(Box::new(dsn))
}
