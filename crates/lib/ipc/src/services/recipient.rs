// SPDX-License-Identifier: MIT OR Apache-2.0
//! A recipient as programs name it to each other.
//!
//! *Postfix:* global/recipient_list(3), rcpt_buf(3), rcpt_print(3).

use crate::attr::{AttrError, Reader, Writer};
use mail::dsn::Notify;

/// One recipient of a message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recipient {
    /// The address before cleanup rewrote it; empty when unknown.
    pub original: Vec<u8>,
    /// The address to deliver to, in internal form.
    pub address: Vec<u8>,
    /// Where the recipient record stands in the queue file; 0 when it stands nowhere.
    pub offset: u64,
    /// The original recipient of the DSN extension, `type;address`; may be empty.
    pub dsn_orcpt: Vec<u8>,
    /// What the sender wants to be told; empty is the default.
    pub notify: Notify,
}

impl Recipient {
    /// A recipient of which only the address is known.
    #[must_use]
    pub fn new(address: impl Into<Vec<u8>>) -> Recipient {
        Recipient {
            address: address.into(),
            ..Recipient::default()
        }
    }

    /// The address that a message was sent to: the original one, if it is known.
    #[must_use]
    pub fn sent_to(&self) -> &[u8] {
        match self.original.as_slice() {
            [] => &self.address,
            original => original,
        }
    }

    /// Adds the recipient's attributes to a list.
    pub fn write(&self, writer: &mut Writer) {
        writer
            .text("original_recipient", &self.original)
            .text("recipient", &self.address)
            .long("offset", self.offset)
            .text("dsn_orig_rcpt", &self.dsn_orcpt)
            .int("notify_flags", self.notify.bits());
    }

    /// Reads a recipient's attributes; the list goes on.
    ///
    /// # Errors
    /// Those of [`Reader`].
    pub fn read(reader: &mut Reader<'_>) -> Result<Recipient, AttrError> {
        Ok(Recipient {
            original: reader.text("original_recipient")?,
            address: reader.text("recipient")?,
            offset: reader.long("offset")?,
            dsn_orcpt: reader.text("dsn_orig_rcpt")?,
            notify: Notify::from_bits_truncate(reader.int("notify_flags")?),
        })
    }
}
