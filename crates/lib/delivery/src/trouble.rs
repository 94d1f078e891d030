// SPDX-License-Identifier: MIT OR Apache-2.0
//! What can go wrong with one delivery, as a value with a status code and a text.
//!
//! *Postfix:* `dsn_buf`, `mbox_open`'s status mapping.

use std::io;

use mail::dsn::{Dsn, Status};

/// Why a message did not get where it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The attempt failed; class 4 means try again, class 5 means give up.
    Failed(Box<Dsn>),
    /// The queue file is damaged; the queue manager will set it aside.
    CorruptMessage,
}

impl Trouble {
    /// A failure with a status and a text.
    #[must_use]
    pub fn new(status: Status, reason: impl Into<String>) -> Trouble {
        Trouble::Failed(Box::new(Dsn::simple(status, reason.into().into_bytes())))
    }

    /// The same trouble with `prefix` before its text.
    #[must_use]
    pub fn prefixed(self, prefix: &str) -> Trouble {
        match self {
            Trouble::Failed(mut dsn) => {
                dsn.reason.splice(0..0, prefix.bytes());
                Trouble::Failed(dsn)
            }
            Trouble::CorruptMessage => Trouble::CorruptMessage,
        }
    }

    /// A failed system call on a mailbox: what is full or busy has a status of its own, the
    /// rest gets `otherwise`.
    #[must_use]
    pub fn from_io(error: &io::Error, otherwise: Status, doing: &str) -> Trouble {
        let text = format!("{doing}: {}", error_text(error));
        Trouble::new(mailbox_status(error, otherwise), text)
    }
}

/// The status of a failed mailbox operation.
#[must_use]
pub fn mailbox_status(error: &io::Error, otherwise: Status) -> Status {
    match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::StaleNetworkFileHandle => Status::new(4, 2, 0),
        io::ErrorKind::StorageFull => Status::new(4, 3, 0),
        io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => Status::new(5, 2, 2),
        _ => otherwise,
    }
}

/// The text of an error as strerror(3) has it, without the number that std appends.
#[must_use]
pub fn error_text(error: &io::Error) -> String {
    let text = error.to_string();
    match text.rfind(" (os error ") {
        Some(at) => text.get(..at).unwrap_or_default().to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_temporary_and_a_full_mailbox_is_not() {
        let own = Status::new(5, 2, 0);
        let status = |code| mailbox_status(&io::Error::from_raw_os_error(code), own).to_string();
        assert_eq!(status(28), "4.3.0");
        assert_eq!(status(122), "5.2.2");
        assert_eq!(status(27), "5.2.2");
        assert_eq!(status(11), "4.2.0");
        assert_eq!(status(13), "5.2.0");
        let denied = Trouble::from_io(&io::Error::from_raw_os_error(13), own, "cannot open file");
        let Trouble::Failed(dsn) = denied.prefixed("so: ") else {
            panic!("not a failure")
        };
        assert_eq!(dsn.reason, b"so: cannot open file: Permission denied");
    }
}
