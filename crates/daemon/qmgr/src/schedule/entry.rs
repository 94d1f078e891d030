// SPDX-License-Identifier: MIT OR Apache-2.0
//! One batch of recipients: the unit of delivery.

use super::arena::{Key, Links};
use super::destination::Destination;
use super::job::Peer;
use super::message::Message;

/// One recipient of a message, with its place in the queue file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recipient {
    /// Where to deliver; internal form.
    pub(crate) address: Vec<u8>,
    /// The address before the aliases of cleanup; may be empty.
    pub(crate) original: Vec<u8>,
    /// The ORCPT value of the DSN extension; may be empty.
    pub(crate) dsn_orcpt: Vec<u8>,
    /// The NOTIFY flags of the DSN extension.
    pub(crate) notify: u32,
    /// Where its record starts in the queue file; 0 means that there is nothing to mark.
    pub(crate) offset: u64,
}

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
