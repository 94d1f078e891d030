// SPDX-License-Identifier: MIT OR Apache-2.0
//! The lines of the queue manager.
//!
//! *Postfix:* qmgr_active, qmgr_message.

use std::fmt;

use bstr::ByteSlice;

/// `ID: from=<S>, size=N, nrcpt=N (queue active)`, each time a message enters the active queue.
#[derive(Debug, Clone, Copy)]
pub struct QueueActive<'a> {
    /// The queue id.
    pub queue_id: &'a str,
    /// The envelope sender.
    pub sender: &'a [u8],
    /// Bytes of content.
    pub size: u64,
    /// Recipients that are not finished.
    pub recipients: usize,
}

impl fmt::Display for QueueActive<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (id, sender, size, recipients) = (
            self.queue_id,
            self.sender.as_bstr(),
            self.size,
            self.recipients,
        );
        write!(
            f,
            "{id}: from=<{sender}>, size={size}, nrcpt={recipients} (queue active)"
        )
    }
}

/// `ID: removed`, when a message left the queue for good.
#[derive(Debug, Clone, Copy)]
pub struct Removed<'a> {
    /// The queue id.
    pub queue_id: &'a str,
}

impl fmt::Display for Removed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: removed", self.queue_id)
    }
}

/// `ID: from=<S>, status=expired, returned to sender`.
#[derive(Debug, Clone, Copy)]
pub struct Expired<'a> {
    /// The queue id.
    pub queue_id: &'a str,
    /// The envelope sender.
    pub sender: &'a [u8],
    /// The administrator wanted it (`postsuper -e`).
    pub forced: bool,
}

impl fmt::Display for Expired<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = if self.forced {
            "force-expired"
        } else {
            "expired"
        };
        let (id, sender) = (self.queue_id, self.sender.as_bstr());
        write!(
            f,
            "{id}: from=<{sender}>, status={status}, returned to sender"
        )
    }
}

/// `ID: skipped, still being delivered`, when a delivery agent of an earlier queue manager still
/// holds a message.
#[derive(Debug, Clone, Copy)]
pub struct StillDelivered<'a> {
    /// The queue id.
    pub queue_id: &'a str,
}

impl fmt::Display for StillDelivered<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: skipped, still being delivered", self.queue_id)
    }
}

/// `saving corrupt file "ID" from queue "active" to queue "corrupt"`.
#[derive(Debug, Clone, Copy)]
pub struct CorruptFile<'a> {
    /// The queue id.
    pub queue_id: &'a str,
}

impl fmt::Display for CorruptFile<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = self.queue_id;
        write!(
            f,
            "saving corrupt file \"{id}\" from queue \"active\" to queue \"corrupt\""
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_are_those_that_log_analysers_know() {
        let queue_id = "3F5A12B7C";
        let active = QueueActive {
            queue_id,
            sender: b"a@b.c",
            size: 427,
            recipients: 2,
        };
        assert_eq!(
            active.to_string(),
            "3F5A12B7C: from=<a@b.c>, size=427, nrcpt=2 (queue active)"
        );
        let expired = Expired {
            queue_id,
            sender: b"",
            forced: false,
        };
        assert_eq!(
            expired.to_string(),
            "3F5A12B7C: from=<>, status=expired, returned to sender"
        );
        assert_eq!(Removed { queue_id }.to_string(), "3F5A12B7C: removed");
    }
}
