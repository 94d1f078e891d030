// SPDX-License-Identifier: MIT OR Apache-2.0
//! One delivery status with everything a notification says about it (RFC 3464).

use super::Status;

/// The action field of a delivery status notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Could not be delivered.
    Failed,
    /// Not yet delivered.
    Delayed,
    /// Delivered to the mailbox.
    Delivered,
    /// Given to a system that sends no notifications.
    Relayed,
    /// Expanded into more addresses.
    Expanded,
    /// A probe found that it would be delivered (not in RFC 3464; for reports of probes).
    Deliverable,
    /// A probe found that it would not be delivered.
    Undeliverable,
}

impl Action {
    /// The word of RFC 3464.
    pub const fn as_str(self) -> &'static str {
        match self {
            Action::Failed => "failed",
            Action::Delayed => "delayed",
            Action::Delivered => "delivered",
            Action::Relayed => "relayed",
            Action::Expanded => "expanded",
            Action::Deliverable => "deliverable",
            Action::Undeliverable => "undeliverable",
        }
    }

    /// The action with this name.
    pub fn parse(word: &[u8]) -> Option<Action> {
        [
            Action::Failed,
            Action::Delayed,
            Action::Delivered,
            Action::Relayed,
            Action::Expanded,
            Action::Deliverable,
            Action::Undeliverable,
        ]
        .into_iter()
        .find(|action| word.eq_ignore_ascii_case(action.as_str().as_bytes()))
    }
}

/// What happened to a recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dsn {
    /// The enhanced status code.
    pub status: Status,
    /// What was done; `None` lets the reader decide by the log it is in.
    pub action: Option<Action>,
    /// `smtp` or `x-unix`; empty when there is no diagnostic.
    pub diag_type: Vec<u8>,
    /// The remote reply, or the exit status.
    pub diag_text: Vec<u8>,
    /// `dns`; empty when there is no remote server.
    pub mta_type: Vec<u8>,
    /// The remote server's name.
    pub mta_name: Vec<u8>,
    /// The text for people.
    pub reason: Vec<u8>,
}

impl Dsn {
    /// A status with only a reason.
    pub fn simple(status: Status, reason: impl Into<Vec<u8>>) -> Dsn {
        Dsn {
            status,
            action: None,
            diag_type: Vec::new(),
            diag_text: Vec::new(),
            mta_type: Vec::new(),
            mta_name: Vec::new(),
            reason: reason.into(),
        }
    }
}
