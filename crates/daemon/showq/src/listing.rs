// SPDX-License-Identifier: MIT OR Apache-2.0
//! The listing of one message: what its queue file says, and what its logs know of its recipients.
//!
//! *Invariants*: a file that cannot be read is left out, and the listing goes on; recipients are
//! read in portions, so that a large message takes little memory. A recipient with a logged
//! reason is listed once, up to the bound of the duplicate filter.
//!
//! *Postfix:* showq/showq.c.

use ipc::services::Recipient;
use ipc::services::showq::{self, Lister};
use mail::address::quote_822_local;
use mail::text::printable;
use queue::bounce_log::Entries;
use queue::envelope::{Continuation, Envelope, Portion, read_recipients};
use queue::file::Reader;
use queue::trust::MODE_EXPIRED;
use queue::{Layout, Queue, QueueId};
use std::collections::HashSet;
use std::fs::File;
use std::io;
use std::os::unix::fs::MetadataExt;

/// Recipients that are in memory at once.
const PORTION: usize = 1000;
/// What does not change from message to message.
pub(crate) struct View<'a> {
    /// Where the queue is.
    pub(crate) layout: &'a Layout,
    /// `empty_address_recipient`: what stands for the empty address.
    pub(crate) null_sender: &'a str,
    /// How many logged recipients are remembered.
    pub(crate) duplicate_limit: usize,
}

impl View<'_> {
    /// Lists the message, if its file is complete and can be read.
    pub(crate) fn message(
        &self,
        lister: &mut Lister<'_>,
        queue: Queue,
        id: &QueueId,
    ) -> io::Result<()> {
        let Ok(file) = self.layout.open_to_read(queue, id) else {
            return Ok(());
        };
        let Ok(metadata) = file.metadata() else {
            return Ok(());
        };
        // The owner's execute bit says that the file is complete.
        if !metadata.is_file() || metadata.mode() & 0o100 == 0 {
            return Ok(());
        }
        let mut reader = Reader::new(file);
        let Ok(envelope) = Envelope::read(&mut reader, PORTION) else {
            return Ok(());
        };
        let modified = u64::try_from(metadata.mtime()).unwrap_or(0);
        let size = match envelope.sizes.content_length {
            0 => metadata.len(),
            length => length,
        };
        lister.message(&showq::Message {
            queue_name: queue.name().into(),
            queue_id: id.as_str().into(),
            time: envelope.arrival.map_or(modified, |(seconds, _)| seconds),
            size,
            forced_expire: metadata.mode() & MODE_EXPIRED != 0,
            sender: self.shown(envelope.sender.as_deref().unwrap_or_default()),
        })?;
        let logged = self.logged(lister, id)?;
        self.waiting(lister, &mut reader, envelope, &logged)
    }

    /// The address as people write it, without control characters; the empty one has a name.
    fn shown(&self, address: &[u8]) -> Vec<u8> {
        let address = if address.is_empty() {
            self.null_sender.as_bytes()
        } else {
            address
        };
        printable(&quote_822_local(address), b'?')
    }

    fn original(&self, recipient: &Recipient) -> Vec<u8> {
        if recipient.original.is_empty() {
            self.shown(&recipient.address)
        } else {
            self.shown(&recipient.original)
        }
    }

    /// Lists the recipients with a reason; gives their addresses.
    fn logged(&self, lister: &mut Lister<'_>, id: &QueueId) -> io::Result<HashSet<Vec<u8>>> {
        let mut listed = HashSet::new();
        for (log, class) in [(Queue::Defer, "defer"), (Queue::Bounce, "bounce")] {
            let Ok(Some(mut entries)) = Entries::open(self.layout, log, id) else {
                continue;
            };
            while let Ok(Some(entry)) = entries.next_entry() {
                lister.recipient(&showq::Recipient {
                    original: self.original(&entry.recipient),
                    address: self.shown(&entry.recipient.address),
                    log_class: class.into(),
                    reason: printable(&entry.dsn.reason, b'?'),
                })?;
                if listed.len() < self.duplicate_limit {
                    listed.insert(entry.recipient.address);
                }
            }
        }
        Ok(listed)
    }

    /// Lists the recipients of the queue file that have no logged reason.
    fn waiting(
        &self,
        lister: &mut Lister<'_>,
        reader: &mut Reader<File>,
        envelope: Envelope,
        logged: &HashSet<Vec<u8>>,
    ) -> io::Result<()> {
        let sizes = envelope.sizes;
        let mut portion = Portion {
            recipients: envelope.recipients,
            finished: 0,
            continuation: envelope.continuation,
        };
        loop {
            for recipient in &portion.recipients {
                if !logged.contains(&recipient.address) {
                    lister.recipient(&showq::Recipient {
                        original: self.original(recipient),
                        address: self.shown(&recipient.address),
                        ..showq::Recipient::default()
                    })?;
                }
            }
            let Some(Continuation(_)) = portion.continuation else {
                return Ok(());
            };
            let from = portion.continuation.unwrap_or(Continuation(0));
            match read_recipients(reader, &sizes, from, PORTION) {
                Ok(next) => portion = next,
                Err(_) => return Ok(()),
            }
        }
    }
}
