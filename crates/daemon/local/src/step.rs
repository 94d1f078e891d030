// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where a delivery is on its way from a recipient through aliases and files: each expansion
//! works on a copy, so that nothing leaks from one branch into another.

use ipc::services::Recipient;
use mail::address::{split_at_last_at, split_extension};
use mail::dsn::{Notify, Ret};
use mail::text::casefold;

use crate::users::Rights;

/// What named the current address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// An alias.
    Alias,
    /// A .forward file.
    Forward,
    /// An :include: file.
    Include,
}

/// The local part of a recipient, in lower case and taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Name {
    /// With extension.
    pub(crate) local: Vec<u8>,
    /// Without.
    pub(crate) user: Vec<u8>,
    /// What comes after the delimiter.
    pub(crate) extension: Option<Vec<u8>>,
    /// The delimiter that was found.
    pub(crate) delimiter: Option<u8>,
    /// The domain, if there is one.
    pub(crate) domain: Option<Vec<u8>>,
}

impl Name {
    /// Takes an address in internal form apart.
    pub(crate) fn of(address: &[u8], delimiters: &[u8]) -> Self {
        let folded = casefold(address);
        let (local, domain) = split_at_last_at(&folded);
        let (user, extension) = split_extension(local, delimiters);
        Self {
            local: local.to_vec(),
            user: user.to_vec(),
            extension: extension.map(|(_, extension)| extension.to_vec()),
            delimiter: extension.map(|(delimiter, _)| delimiter),
            domain: domain.map(<[u8]>::to_vec),
        }
    }
}

/// The state of one branch.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// How many expansions led here.
    pub(crate) level: u32,
    /// The current address, with what the sender wants to know about it.
    pub(crate) recipient: Recipient,
    /// The envelope sender, or the owner of a mailing list.
    pub(crate) sender: Vec<u8>,
    /// The sender's ENVID.
    pub(crate) envelope_id: Vec<u8>,
    /// The sender's RET.
    pub(crate) ret: Ret,
    /// The address for `Delivered-To:`, once it is known.
    pub(crate) delivered: Option<Vec<u8>>,
    /// The recipient's local part.
    pub(crate) name: Name,
    /// The extension that no alias or file has used yet, for the addresses in it.
    pub(crate) unmatched: Option<Vec<u8>>,
    /// Who forwards: a list's owner, or the user of a .forward file.
    pub(crate) owner: Option<Vec<u8>>,
    /// What named the address.
    pub(crate) origin: Option<Origin>,
    /// The name whose expansion the address is.
    pub(crate) expanded_from: Option<Vec<u8>>,
    /// Whose rights apply; nobody's yet, or root's, means those of `default_privs`.
    pub(crate) rights: Option<Rights>,
}

impl Step {
    /// The beginning: a recipient of the message.
    pub(crate) fn new(recipient: Recipient, sender: &[u8], envelope_id: &[u8], ret: Ret) -> Self {
        Self {
            level: 0,
            recipient,
            sender: sender.to_vec(),
            envelope_id: envelope_id.to_vec(),
            ret,
            delivered: None,
            name: Name::default(),
            unmatched: None,
            owner: None,
            origin: None,
            expanded_from: None,
            rights: None,
        }
    }

    /// A copy one level deeper.
    pub(crate) fn deeper(&self) -> Self {
        Self {
            level: self.level + 1,
            ..self.clone()
        }
    }

    /// The address for `Delivered-To:`.
    pub(crate) fn delivered_to(&self) -> &[u8] {
        self.delivered.as_deref().unwrap_or(&self.recipient.address)
    }

    /// Takes the wish for a report of success away: what follows is no delivery to this
    /// recipient any more, and the expansion itself is reported (RFC 3461, 5.2.7).
    pub(crate) fn drop_notify_success(&mut self) {
        let notify = &mut self.recipient.notify;
        if *notify == Notify::SUCCESS {
            *notify = Notify::NEVER;
        } else {
            notify.remove(Notify::SUCCESS);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_folded_and_split_at_the_first_delimiter() {
        let name = Name::of(b"Joe-X+y@Example.org", b"+-");
        assert_eq!(name.local, b"joe-x+y");
        assert_eq!(name.user, b"joe");
        assert_eq!(name.extension.as_deref(), Some(&b"x+y"[..]));
        assert_eq!(name.delimiter, Some(b'-'));
        assert_eq!(name.domain.as_deref(), Some(&b"example.org"[..]));
    }

    #[test]
    fn a_wish_for_success_only_becomes_never() {
        let mut step = Step::new(Recipient::new("a@b"), b"", b"", Ret::empty());
        step.recipient.notify = Notify::SUCCESS;
        step.drop_notify_success();
        assert_eq!(step.recipient.notify, Notify::NEVER);
        step.recipient.notify = Notify::SUCCESS | Notify::FAILURE;
        step.drop_notify_success();
        assert_eq!(step.recipient.notify, Notify::FAILURE);
    }
}
