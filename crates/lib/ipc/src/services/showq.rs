// SPDX-License-Identifier: MIT OR Apache-2.0
//! The queue listing: what showq tells postqueue.
//!
//! The client says nothing. After the announcement comes one list per message, whose recipients
//! follow in the same list, and an empty list at the end.
//!
//! *Invariants*: neither end holds more than one message's head and one recipient at a time, so
//! the listing of a large queue takes no memory.
//!
//! *Postfix:* showq(8), postqueue(1).

use crate::attr::{AttrError, Codec, Reader, Writer};
use crate::client;
use runtime::stream::Stream;
use std::io::{self, Write as _};

/// What the server announces.
pub const PROTOCOL: &str = "mail_queue_list_protocol";

/// A message in a queue.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message {
    /// Which queue.
    pub queue_name: Vec<u8>,
    /// Its queue id.
    pub queue_id: Vec<u8>,
    /// When it arrived, in seconds since 1970.
    pub time: u64,
    /// Its size in bytes.
    pub size: u64,
    /// Whether the administrator made it expire.
    pub forced_expire: bool,
    /// The envelope sender in internal form; may be empty.
    pub sender: Vec<u8>,
}

/// A recipient of a message in a queue.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recipient {
    /// The address before rewriting.
    pub original: Vec<u8>,
    /// The address.
    pub address: Vec<u8>,
    /// Which log the reason comes from: `defer`, `bounce`, or empty when there is none.
    pub log_class: Vec<u8>,
    /// Why it is still here.
    pub reason: Vec<u8>,
}

/// One step of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// The next message.
    Message(Message),
    /// The next recipient of the last message.
    Recipient(Recipient),
}

/// Server: writes a listing.
pub struct Lister<'a> {
    stream: &'a mut Stream,
    open: bool,
}

impl<'a> Lister<'a> {
    /// Announces the protocol.
    ///
    /// # Errors
    /// Those of the stream.
    pub fn begin(stream: &'a mut Stream) -> io::Result<Lister<'a>> {
        client::announce_protocol(stream, PROTOCOL)?;
        Ok(Lister {
            stream,
            open: false,
        })
    }

    /// Lists a message.
    ///
    /// # Errors
    /// Those of the stream.
    pub fn message(&mut self, message: &Message) -> io::Result<()> {
        let mut writer = Writer::new(Codec::Zero);
        if self.open {
            writer.end();
        }
        self.open = true;
        writer
            .text("queue_name", &message.queue_name)
            .text("queue_id", &message.queue_id)
            .long("time", message.time)
            .long("size", message.size)
            .int("forced_expire", u32::from(message.forced_expire))
            .text("sender", &message.sender);
        self.stream.write_all(writer.as_bytes())
    }

    /// Lists a recipient of the last message.
    ///
    /// # Errors
    /// Those of the stream.
    pub fn recipient(&mut self, recipient: &Recipient) -> io::Result<()> {
        let mut writer = Writer::new(Codec::Zero);
        writer
            .text("original_recipient", &recipient.original)
            .text("recipient", &recipient.address)
            .text("log_class", &recipient.log_class)
            .text("reason", &recipient.reason);
        self.stream.write_all(writer.as_bytes())
    }

    /// Ends the listing and sends what is still buffered.
    ///
    /// # Errors
    /// Those of the stream.
    pub fn finish(self) -> io::Result<()> {
        let mut writer = Writer::new(Codec::Zero);
        if self.open {
            writer.end();
        }
        writer.end().send(self.stream)
    }
}

/// Client: reads a listing step by step.
pub struct Listing<'a> {
    reader: Reader<'a>,
    open: bool,
}

impl<'a> Listing<'a> {
    /// Checks the announcement.
    ///
    /// # Errors
    /// Another protocol was announced, or none.
    pub fn begin(stream: &'a mut Stream, peer: &'a str) -> Result<Listing<'a>, AttrError> {
        client::expect_protocol(stream, PROTOCOL, peer)?;
        Ok(Listing {
            reader: Reader::new(stream, Codec::Zero).peer(peer),
            open: false,
        })
    }

    /// The next step, or nothing at the end of the listing.
    ///
    /// # Errors
    /// Those of [`Reader`].
    #[expect(
        clippy::should_implement_trait,
        reason = "an error must not look like an end"
    )]
    pub fn next(&mut self) -> Result<Option<Item>, AttrError> {
        let reader = &mut self.reader;
        if self.open {
            if !reader.at_end()? {
                return Ok(Some(Item::Recipient(Recipient {
                    original: reader.text("original_recipient")?,
                    address: reader.text("recipient")?,
                    log_class: reader.text("log_class")?,
                    reason: reader.text("reason")?,
                })));
            }
            self.open = false;
        }
        reader.restart();
        if reader.at_end()? {
            // Asked again, the answer stays the same.
            return Ok(None);
        }
        self.open = true;
        Ok(Some(Item::Message(Message {
            queue_name: reader.text("queue_name")?,
            queue_id: reader.text("queue_id")?,
            time: reader.long("time")?,
            size: reader.long("size")?,
            forced_expire: reader.int("forced_expire")? != 0,
            sender: reader.text("sender")?,
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(n: u64) -> Message {
        Message {
            queue_name: b"deferred".to_vec(),
            queue_id: format!("{n:X}").into_bytes(),
            time: n,
            size: n * 10,
            forced_expire: n % 2 == 1,
            sender: vec![],
        }
    }

    fn recipient(n: u64) -> Recipient {
        Recipient {
            address: format!("{n}@x").into_bytes(),
            ..Recipient::default()
        }
    }

    fn listed(items: &[Item]) -> Vec<Item> {
        let (mut server, mut client) = Stream::pair().unwrap();
        let mut lister = Lister::begin(&mut server).unwrap();
        for item in items {
            match item {
                Item::Message(message) => lister.message(message).unwrap(),
                Item::Recipient(recipient) => lister.recipient(recipient).unwrap(),
            }
        }
        lister.finish().unwrap();
        let mut listing = Listing::begin(&mut client, "public/showq").unwrap();
        let mut read = Vec::new();
        while let Some(item) = listing.next().unwrap() {
            read.push(item);
        }
        assert!(!client.has_input());
        read
    }

    #[test]
    fn a_listing_is_read_as_it_was_written() {
        assert_eq!(listed(&[]), []);
        let mut items = vec![Item::Message(message(1)), Item::Message(message(2))];
        items.extend((0..600).map(|n| Item::Recipient(recipient(n))));
        items.push(Item::Message(message(3)));
        items.push(Item::Recipient(recipient(7)));
        assert_eq!(listed(&items), items);
    }

    #[test]
    fn a_listing_that_breaks_off_is_an_error() {
        let (mut server, mut client) = Stream::pair().unwrap();
        let mut lister = Lister::begin(&mut server).unwrap();
        lister.message(&message(1)).unwrap();
        server.flush().unwrap();
        drop(server);
        let mut listing = Listing::begin(&mut client, "public/showq").unwrap();
        assert!(matches!(listing.next(), Ok(Some(Item::Message(_)))));
        assert!(listing.next().is_err());
    }
}
