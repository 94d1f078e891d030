// SPDX-License-Identifier: MIT OR Apache-2.0
//! What restrictions with many forms are about.

use super::Facts;
use super::stages::{CLIENT, HELO, RECIPIENT, REVERSE_CLIENT, SENDER};
use crate::peer::UNKNOWN;

/// What a restriction looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    ClientAddress,
    ClientName,
    ReverseName,
    Helo,
    Sender,
    Recipient,
}

impl<'a> Facts<'a> {
    /// Its value, and what it is called in replies; nothing when it is not known.
    pub(super) fn about(&self, subject: Subject) -> Option<(&'a [u8], &'static str)> {
        let known = |name: &'a str| {
            let is_known = !name.eq_ignore_ascii_case(UNKNOWN);
            is_known.then_some(name.as_bytes())
        };
        let peer = self.peer;
        match subject {
            Subject::ClientAddress => Some((peer.address.as_bytes(), CLIENT)),
            Subject::ClientName => Some((known(&peer.name)?, CLIENT)),
            Subject::ReverseName => Some((known(&peer.reverse_name)?, REVERSE_CLIENT)),
            Subject::Helo => Some((self.helo?.as_bytes(), HELO)),
            Subject::Sender => Some((self.sender?, SENDER)),
            Subject::Recipient => Some((self.recipient?, RECIPIENT)),
        }
    }
}
