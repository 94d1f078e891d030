// SPDX-License-Identifier: MIT OR Apache-2.0
//! The lines of bounce(8).

use std::fmt;

use bstr::ByteSlice;

/// `ID: sender non-delivery notification: NEWID` and its relatives.
#[derive(Clone, Copy, Debug)]
pub struct Notification<'a> {
    /// Queue id of the message.
    pub queue_id: &'a str,
    /// `sender non-delivery notification`, `postmaster delay notification`, ...
    pub what: &'a str,
    /// Queue id of the notice.
    pub notice_id: &'a str,
}

impl fmt::Display for Notification<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.queue_id, self.what, self.notice_id)
    }
}

/// `ID: sender notification failed to <ADDR>[: REASON]`, `ID: postmaster notification
/// failed[: REASON]`
#[derive(Clone, Copy, Debug)]
pub struct NotificationFailed<'a> {
    /// Queue id of the message.
    pub queue_id: &'a str,
    /// The sender; `None` for the postmaster.
    pub recipient: Option<&'a [u8]>,
    /// Why, or empty.
    pub reason: &'a str,
}

impl fmt::Display for NotificationFailed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.recipient {
            Some(sender) => {
                write!(
                    f,
                    "{}: sender notification failed to <{}>",
                    self.queue_id,
                    sender.as_bstr()
                )?;
            }
            None => write!(f, "{}: postmaster notification failed", self.queue_id)?,
        }
        if !self.reason.is_empty() {
            write!(f, ": {}", self.reason)?;
        }
        Ok(())
    }
}

/// `ID: not sending trace/success notification for double-bounce message`
#[derive(Clone, Copy, Debug)]
pub struct NotTraced<'a> {
    /// Queue id of the message.
    pub queue_id: &'a str,
    /// Whether the sender is that of notices to the postmaster; else it is the null sender.
    pub is_double: bool,
}

impl fmt::Display for NotTraced<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let which = if self.is_double { "double" } else { "single" };
        write!(
            f,
            "{}: not sending trace/success notification for {which}-bounce message",
            self.queue_id
        )
    }
}
