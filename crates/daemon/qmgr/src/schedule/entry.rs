// SPDX-License-Identifier: MIT OR Apache-2.0
//! One batch of recipients: the unit of delivery.

use super::arena::{Key, Links};
use super::destination::Destination;
use super::job::Peer;
use super::message::Message;
use ipc::services::Recipient;

/// Recipients of one message that share a destination.
pub(crate) struct Entry {
    /// Whose recipients these are.
    pub(crate) message: Key<Message>,
    /// Where they go.
    pub(crate) destination: Key<Destination>,
    pub(super) peer: Key<Peer>,
    /// Who they are; never more than the transport takes in one delivery.
    pub(crate) recipients: Vec<Recipient>,
    pub(super) busy: bool,
    pub(super) waiting: Links<Entry>,
}
