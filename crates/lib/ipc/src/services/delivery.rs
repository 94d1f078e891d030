// SPDX-License-Identifier: MIT OR Apache-2.0
//! Delivery requests: the queue manager asks a delivery agent to deliver one message to some
//! recipients at one next hop.
//!
//! The agent announces itself, which also tells that a process is really there; reads the
//! request; delivers and records what became of each recipient; replies; and waits for the queue
//! manager to close.
//!
//! *Invariants*: a request holds at most [`RECIPIENT_LIMIT`] recipients.
//!
//! *Postfix:* global/deliver_request(3), deliver_pass(3), qmgr_deliver.

use super::{MessageStats, Recipient, read_dsn, write_dsn};
use crate::attr::{AttrError, Codec, Reader, Writer};
use crate::client;
use crate::flags::{DeliverFlags, SendOptions};
use mail::dsn::{Dsn, Ret};
use runtime::stream::Stream;
use std::io;

/// What the server announces.
pub const PROTOCOL: &str = "delivery_request_protocol";

/// The most recipients in one request; the queue manager sends far fewer.
pub const RECIPIENT_LIMIT: u32 = 100_000;

/// What a delivery agent is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRequest {
    /// How to deliver.
    pub flags: DeliverFlags,
    /// The queue that holds the message.
    pub queue_name: Vec<u8>,
    /// Its queue id.
    pub queue_id: Vec<u8>,
    /// Where the content begins in the queue file.
    pub data_offset: u64,
    /// The size of the content, for people and limits.
    pub data_size: u64,
    /// Where to deliver.
    pub nexthop: Vec<u8>,
    /// `7bit`, `8bit` or empty.
    pub encoding: Vec<u8>,
    /// What the message needs from the next server.
    pub sendopts: SendOptions,
    /// The envelope sender.
    pub sender: Vec<u8>,
    /// The ENVID of the DSN extension; may be empty.
    pub envelope_id: Vec<u8>,
    /// The RET of the DSN extension.
    pub ret: Ret,
    /// How long the message is on its way.
    pub stats: MessageStats,
    /// Who gave us the message.
    pub client: ClientOfMessage,
    /// The identity for logging; the queue id it had first.
    pub log_ident: Vec<u8>,
    /// `local` or `remote`.
    pub rewrite_context: Vec<u8>,
    /// Who gets it.
    pub recipients: Vec<Recipient>,
}

/// The SMTP client, or another origin, of a message; unknown parts are empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClientOfMessage {
    /// Host name.
    pub name: Vec<u8>,
    /// Network address.
    pub address: Vec<u8>,
    /// TCP port.
    pub port: Vec<u8>,
    /// `SMTP`, `ESMTP`...
    pub protocol: Vec<u8>,
    /// The HELO or EHLO argument.
    pub helo: Vec<u8>,
    /// How the client authenticated.
    pub sasl_method: Vec<u8>,
    /// As whom.
    pub sasl_username: Vec<u8>,
    /// The AUTH= of the MAIL command.
    pub sasl_sender: Vec<u8>,
}

impl Default for DeliveryRequest {
    fn default() -> DeliveryRequest {
        DeliveryRequest {
            flags: DeliverFlags::ORDINARY,
            queue_name: b"active".to_vec(),
            queue_id: Vec::new(),
            data_offset: 0,
            data_size: 0,
            nexthop: Vec::new(),
            encoding: Vec::new(),
            sendopts: SendOptions::empty(),
            sender: Vec::new(),
            envelope_id: Vec::new(),
            ret: Ret::empty(),
            stats: MessageStats::default(),
            client: ClientOfMessage::default(),
            log_ident: Vec::new(),
            rewrite_context: b"local".to_vec(),
            recipients: Vec::new(),
        }
    }
}

impl DeliveryRequest {
    /// Client: the request as bytes.
    #[must_use]
    pub fn encode(&self) -> Writer {
        let mut writer = Writer::new(Codec::Zero);
        let count = u32::try_from(self.recipients.len()).unwrap_or(u32::MAX);
        writer
            .int("flags", self.flags.bits())
            .text("queue_name", &self.queue_name)
            .text("queue_id", &self.queue_id)
            .long("offset", self.data_offset)
            .long("size", self.data_size)
            .text("nexthop", &self.nexthop)
            .text("encoding", &self.encoding)
            .int("sendopts", self.sendopts.bits())
            .text("sender", &self.sender)
            .text("envelope_id", &self.envelope_id)
            .int("ret_flags", self.ret.bits())
            .data("time", &self.stats.encode())
            .text("log_client_name", &self.client.name)
            .text("log_client_address", &self.client.address)
            .text("log_client_port", &self.client.port)
            .text("log_protocol_name", &self.client.protocol)
            .text("log_helo_name", &self.client.helo)
            .text("sasl_method", &self.client.sasl_method)
            .text("sasl_username", &self.client.sasl_username)
            .text("sasl_sender", &self.client.sasl_sender)
            .text("log_ident", &self.log_ident)
            .text("rewrite_context", &self.rewrite_context)
            .int("recipient_count", count)
            .end();
        for recipient in &self.recipients {
            recipient.write(&mut writer);
            writer.end();
        }
        writer
    }

    /// Server: reads a request.
    ///
    /// # Errors
    /// Those of [`Reader`]; too many recipients; impossible times.
    pub fn read(stream: &mut Stream) -> Result<DeliveryRequest, AttrError> {
        let mut reader = Reader::new(stream, Codec::Zero).peer("queue manager");
        let mut request = DeliveryRequest {
            flags: DeliverFlags::from_bits_retain(reader.int("flags")?),
            queue_name: reader.text("queue_name")?,
            queue_id: reader.text("queue_id")?,
            data_offset: reader.long("offset")?,
            data_size: reader.long("size")?,
            nexthop: reader.text("nexthop")?,
            encoding: reader.text("encoding")?,
            sendopts: SendOptions::from_bits_truncate(reader.int("sendopts")?),
            sender: reader.text("sender")?,
            envelope_id: reader.text("envelope_id")?,
            ret: Ret::from_bits_truncate(reader.int("ret_flags")?),
            stats: MessageStats::decode(&reader.data("time")?)?,
            client: ClientOfMessage {
                name: reader.text("log_client_name")?,
                address: reader.text("log_client_address")?,
                port: reader.text("log_client_port")?,
                protocol: reader.text("log_protocol_name")?,
                helo: reader.text("log_helo_name")?,
                sasl_method: reader.text("sasl_method")?,
                sasl_username: reader.text("sasl_username")?,
                sasl_sender: reader.text("sasl_sender")?,
            },
            log_ident: reader.text("log_ident")?,
            rewrite_context: reader.text("rewrite_context")?,
            recipients: Vec::new(),
        };
        let count = reader.int("recipient_count")?;
        reader.end()?;
        if count > RECIPIENT_LIMIT {
            return Err(AttrError::Misbehaved(format!(
                "recipient count {count} exceeds limit {RECIPIENT_LIMIT}"
            )));
        }
        for _ in 0..count {
            reader.restart();
            request.recipients.push(Recipient::read(&mut reader)?);
            reader.end()?;
        }
        Ok(request)
    }
}

/// Server: says that a delivery agent is there.
///
/// # Errors
/// Those of the stream.
pub fn announce(stream: &mut Stream) -> io::Result<()> {
    client::announce_protocol(stream, PROTOCOL)
}

/// Client: waits for the agent to be there.
///
/// # Errors
/// Another protocol was announced, or none.
pub fn expect_announcement(stream: &mut Stream, peer: &str) -> Result<(), AttrError> {
    client::expect_protocol(stream, PROTOCOL, peer)
}

/// What the agent says in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Whether every recipient is finished: delivered, or returned to the sender.
    pub finished: bool,
    /// Why the whole destination cannot be reached now.
    pub unreachable: Option<Dsn>,
}

impl Reply {
    /// Server: replies.
    ///
    /// # Errors
    /// Those of the stream.
    pub fn write(&self, stream: &mut Stream) -> io::Result<()> {
        let mut writer = Writer::new(Codec::Zero);
        write_dsn(&mut writer, self.unreachable.as_ref());
        let status = if self.finished { 0 } else { -1 };
        writer.int_signed("status", status).end().send(stream)
    }

    /// Client: reads the reply.
    ///
    /// # Errors
    /// Those of [`Reader`].
    pub fn read(stream: &mut Stream, peer: &str) -> Result<Reply, AttrError> {
        let mut reader = Reader::new(stream, Codec::Zero).peer(peer);
        let unreachable = read_dsn(&mut reader)?.filter(|dsn| !dsn.reason.is_empty());
        let finished = reader.int_signed("status")? == 0;
        reader.end()?;
        Ok(Reply {
            finished,
            unreachable,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mail::dsn::Status;
    use proptest::prelude::*;
    use std::time::{Duration, UNIX_EPOCH};

    fn sample(recipients: usize) -> DeliveryRequest {
        let stats = MessageStats {
            incoming_arrival: Some(UNIX_EPOCH + Duration::from_micros(1_700_000_000_123_456)),
            reuse_count: 3,
            ..MessageStats::default()
        };
        DeliveryRequest {
            queue_id: b"4ZbK2x0Rz1z1Fh".to_vec(),
            data_offset: 746,
            nexthop: b"[::1]:25".to_vec(),
            stats,
            client: ClientOfMessage {
                name: b"localhost".to_vec(),
                ..Default::default()
            },
            recipients: (0..recipients)
                .map(|n| Recipient {
                    offset: n as u64,
                    ..Recipient::new(format!("u{n}@x.org"))
                })
                .collect(),
            ..DeliveryRequest::default()
        }
    }

    proptest! {
        #[test]
        fn a_request_is_read_as_it_was_written(
            recipients in 0usize..20,
            sender in proptest::collection::vec(1u8.., 0..40),
            flags in any::<u32>(),
        ) {
            let flags = DeliverFlags::from_bits_retain(flags);
            let request = DeliveryRequest { sender, flags, ..sample(recipients) };
            let (mut server, mut client) = Stream::pair().unwrap();
            announce(&mut server).unwrap();
            expect_announcement(&mut client, "private/smtp").unwrap();
            request.encode().send(&mut client).unwrap();
            prop_assert_eq!(DeliveryRequest::read(&mut server).unwrap(), request);
            prop_assert!(!server.has_input());
        }

        #[test]
        fn a_truncated_request_is_an_error(cut in any::<prop::sample::Index>()) {
            let bytes = sample(3).encode().into_bytes();
            let (mut server, mut client) = Stream::pair().unwrap();
            io::Write::write_all(&mut client, &bytes[..cut.index(bytes.len())]).unwrap();
            io::Write::flush(&mut client).unwrap();
            drop(client);
            prop_assert!(DeliveryRequest::read(&mut server).is_err());
        }
    }

    #[test]
    fn a_reply_is_read_as_it_was_written() {
        let dsn = Dsn::simple(Status::new(4, 4, 1), "connection refused");
        for reply in [
            Reply {
                finished: true,
                unreachable: None,
            },
            Reply {
                finished: false,
                unreachable: Some(dsn),
            },
        ] {
            let (mut server, mut client) = Stream::pair().unwrap();
            reply.write(&mut server).unwrap();
            assert_eq!(Reply::read(&mut client, "private/smtp").unwrap(), reply);
        }
    }

    #[test]
    fn a_request_with_too_many_recipients_is_refused_before_they_are_read() {
        let text = String::from_utf8(sample(0).encode().into_bytes()).unwrap();
        let forged = text.replace("recipient_count\x000\0", "recipient_count\x00200000\0");
        let (mut server, mut client) = Stream::pair().unwrap();
        io::Write::write_all(&mut client, forged.as_bytes()).unwrap();
        io::Write::flush(&mut client).unwrap();
        let error = DeliveryRequest::read(&mut server).unwrap_err();
        assert_eq!(
            error.to_string(),
            "recipient count 200000 exceeds limit 100000"
        );
    }
}
