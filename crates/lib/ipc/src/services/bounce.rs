// SPDX-License-Identifier: MIT OR Apache-2.0
//! Recording what became of recipients, and asking for notices about it.
//!
//! Three services with one protocol: `bounce`, `defer` and `trace`; the service decides which log
//! a request is about. [`Request`] is what a client asks; the reply is a status alone.
//!
//! *Postfix:* global/bounce(3), defer(3), trace(3), abounce(3), bounce(8).

use super::{Recipient, read_dsn, write_dsn};
use crate::attr::{AttrError, Codec, Reader, Writer};
use crate::client::{self, ClientError, Endpoint};
use crate::flags::{BounceFlags, SendOptions};
use mail::dsn::{Dsn, Ret};
use runtime::stream::Stream;
use std::time::Duration;

/// What the servers announce.
pub const PROTOCOL: &str = "delivery_status_protocol";

/// The message that a notice is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message {
    /// The queue that holds the message now.
    pub queue_name: Vec<u8>,
    /// Its queue id.
    pub queue_id: Vec<u8>,
    /// `7bit`, `8bit` or empty.
    pub encoding: Vec<u8>,
    /// What the message needs from servers.
    pub sendopts: SendOptions,
    /// Who gets the notice.
    pub sender: Vec<u8>,
    /// The ENVID of the DSN extension; may be empty.
    pub envelope_id: Vec<u8>,
    /// How much of the message to return.
    pub ret: Ret,
}

/// What a client asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Add one recipient's status to the log.
    Append {
        /// How.
        flags: BounceFlags,
        /// The message's queue id.
        queue_id: Vec<u8>,
        /// Who.
        recipient: Recipient,
        /// What happened.
        dsn: Dsn,
    },
    /// Send the notice and delete the log.
    Flush {
        /// How.
        flags: BounceFlags,
        /// About what.
        message: Message,
    },
    /// Send a notice about delay and keep the log.
    Warn {
        /// How.
        flags: BounceFlags,
        /// About what.
        message: Message,
    },
    /// One notice per recipient, each to a sender address made from the recipient's.
    Verp {
        /// How.
        flags: BounceFlags,
        /// About what.
        message: Message,
        /// The two delimiter characters.
        delimiters: Vec<u8>,
    },
    /// Send a notice about one recipient without a log.
    One {
        /// How.
        flags: BounceFlags,
        /// About what.
        message: Message,
        /// Who.
        recipient: Recipient,
        /// What happened.
        dsn: Box<Dsn>,
    },
    /// Send a delivery report and delete the log.
    Trace {
        /// How.
        flags: BounceFlags,
        /// About what.
        message: Message,
    },
}

const APPEND: u32 = 0;
const FLUSH: u32 = 1;
const WARN: u32 = 2;
const VERP: u32 = 3;
const ONE: u32 = 4;
const TRACE: u32 = 5;

impl Request {
    /// The request as an attribute list.
    #[must_use]
    pub fn encode(&self) -> Writer {
        let mut writer = Writer::new(Codec::Zero);
        match self {
            Request::Append {
                flags,
                queue_id,
                recipient,
                dsn,
            } => {
                writer.int("nrequest", APPEND).int("flags", flags.bits());
                writer.text("queue_id", queue_id);
                recipient.write(&mut writer);
                write_dsn(&mut writer, Some(dsn));
            }
            Request::Flush { flags, message } => message.write(&mut writer, FLUSH, *flags),
            Request::Warn { flags, message } => message.write(&mut writer, WARN, *flags),
            Request::Trace { flags, message } => message.write(&mut writer, TRACE, *flags),
            Request::Verp {
                flags,
                message,
                delimiters,
            } => {
                message.write(&mut writer, VERP, *flags);
                writer.text("verp_delimiters", delimiters);
            }
            Request::One {
                flags,
                message,
                recipient,
                dsn,
            } => {
                message.write(&mut writer, ONE, *flags);
                recipient.write(&mut writer);
                write_dsn(&mut writer, Some(dsn));
            }
        }
        writer.end();
        writer
    }

    /// Server: reads a request.
    ///
    /// # Errors
    /// Those of [`Reader`]; the request is unknown; the recipient's status is missing.
    pub fn read(stream: &mut Stream) -> Result<Request, AttrError> {
        let mut reader = Reader::new(stream, Codec::Zero).peer("delivery status client");
        let number = reader.int("nrequest")?;
        let flags = BounceFlags::from_bits_truncate(reader.int("flags")?);
        let request = if number == APPEND {
            let queue_id = reader.text("queue_id")?;
            let recipient = Recipient::read(&mut reader)?;
            let dsn = required_dsn(&mut reader)?;
            Request::Append {
                flags,
                queue_id,
                recipient,
                dsn,
            }
        } else {
            let message = Message::read(&mut reader)?;
            match number {
                FLUSH => Request::Flush { flags, message },
                WARN => Request::Warn { flags, message },
                TRACE => Request::Trace { flags, message },
                VERP => {
                    let delimiters = reader.text("verp_delimiters")?;
                    Request::Verp {
                        flags,
                        message,
                        delimiters,
                    }
                }
                ONE => {
                    let recipient = Recipient::read(&mut reader)?;
                    let dsn = Box::new(required_dsn(&mut reader)?);
                    Request::One {
                        flags,
                        message,
                        recipient,
                        dsn,
                    }
                }
                _ => return Err(AttrError::Misbehaved(format!("unknown command: {number}"))),
            }
        };
        reader.end()?;
        Ok(request)
    }

    /// Client: asks, and waits for the answer; 0 is success.
    ///
    /// # Errors
    /// The service could not be asked.
    pub fn ask(&self, endpoint: &Endpoint, timeout: Duration) -> Result<i32, ClientError> {
        client::command(endpoint, Some(PROTOCOL), timeout, &mut self.encode())
    }
}

impl Message {
    fn write(&self, writer: &mut Writer, request: u32, flags: BounceFlags) {
        writer
            .int("nrequest", request)
            .int("flags", flags.bits())
            .text("queue_name", &self.queue_name)
            .text("queue_id", &self.queue_id)
            .text("encoding", &self.encoding)
            .int("sendopts", self.sendopts.bits())
            .text("sender", &self.sender)
            .text("envelope_id", &self.envelope_id)
            .int("ret_flags", self.ret.bits());
    }

    fn read(reader: &mut Reader<'_>) -> Result<Message, AttrError> {
        Ok(Message {
            queue_name: reader.text("queue_name")?,
            queue_id: reader.text("queue_id")?,
            encoding: reader.text("encoding")?,
            sendopts: SendOptions::from_bits_truncate(reader.int("sendopts")?),
            sender: reader.text("sender")?,
            envelope_id: reader.text("envelope_id")?,
            ret: Ret::from_bits_truncate(reader.int("ret_flags")?),
        })
    }
}

fn required_dsn(reader: &mut Reader<'_>) -> Result<Dsn, AttrError> {
    read_dsn(reader)?.ok_or_else(|| AttrError::Misbehaved("missing delivery status".into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mail::dsn::{Action, Notify, Status};
    use proptest::prelude::*;

    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        proptest::collection::vec(1u8.., 0..30)
    }

    fn recipient() -> impl Strategy<Value = Recipient> {
        (bytes(), bytes(), any::<u64>(), bytes(), 0u32..16).prop_map(
            |(original, address, offset, dsn_orcpt, notify)| Recipient {
                original,
                address,
                offset,
                dsn_orcpt,
                notify: Notify::from_bits_truncate(notify),
            },
        )
    }

    fn dsn() -> impl Strategy<Value = Dsn> {
        (
            0u16..1000,
            bytes(),
            bytes(),
            bytes(),
            bytes(),
            any::<bool>(),
        )
            .prop_map(
                |(detail, diag_type, diag_text, mta_name, reason, failed)| Dsn {
                    status: Status::new(4, 2, detail),
                    action: failed.then_some(Action::Failed),
                    diag_type,
                    diag_text,
                    mta_type: b"dns".to_vec(),
                    mta_name,
                    reason,
                },
            )
    }

    fn message() -> impl Strategy<Value = Message> {
        (
            bytes(),
            bytes(),
            bytes(),
            0u32..64,
            bytes(),
            bytes(),
            0u32..4,
        )
            .prop_map(
                |(queue_name, queue_id, encoding, sendopts, sender, envelope_id, ret)| Message {
                    queue_name,
                    queue_id,
                    encoding,
                    sendopts: SendOptions::from_bits_truncate(sendopts),
                    sender,
                    envelope_id,
                    ret: Ret::from_bits_truncate(ret),
                },
            )
    }

    fn request() -> impl Strategy<Value = Request> {
        let flags = || (0u32..4).prop_map(BounceFlags::from_bits_truncate);
        prop_oneof![
            (flags(), bytes(), recipient(), dsn()).prop_map(|(flags, queue_id, recipient, dsn)| {
                Request::Append {
                    flags,
                    queue_id,
                    recipient,
                    dsn,
                }
            }),
            (flags(), message()).prop_map(|(flags, message)| Request::Flush { flags, message }),
            (flags(), message()).prop_map(|(flags, message)| Request::Warn { flags, message }),
            (flags(), message()).prop_map(|(flags, message)| Request::Trace { flags, message }),
            (flags(), message(), bytes()).prop_map(|(flags, message, delimiters)| {
                Request::Verp {
                    flags,
                    message,
                    delimiters,
                }
            }),
            (flags(), message(), recipient(), dsn()).prop_map(
                |(flags, message, recipient, dsn)| {
                    Request::One {
                        flags,
                        message,
                        recipient,
                        dsn: Box::new(dsn),
                    }
                }
            ),
        ]
    }

    proptest! {
        #[test]
        fn a_request_is_read_as_it_was_written(request in request()) {
            let (mut server, mut client) = Stream::pair().unwrap();
            request.encode().send(&mut client).unwrap();
            prop_assert_eq!(Request::read(&mut server).unwrap(), request);
            prop_assert!(!server.has_input());
        }

        #[test]
        fn a_truncated_request_is_an_error(request in request(), cut in any::<prop::sample::Index>()) {
            let bytes = request.encode().into_bytes();
            let (mut server, mut client) = Stream::pair().unwrap();
            std::io::Write::write_all(&mut client, &bytes[..cut.index(bytes.len())]).unwrap();
            std::io::Write::flush(&mut client).unwrap();
            drop(client);
            prop_assert!(Request::read(&mut server).is_err());
        }
    }

    #[test]
    fn an_unknown_request_is_refused() {
        let (mut server, mut client) = Stream::pair().unwrap();
        let mut writer = Writer::new(Codec::Zero);
        Message::default().write(&mut writer, 9, BounceFlags::empty());
        writer.end().send(&mut client).unwrap();
        assert_eq!(
            Request::read(&mut server).unwrap_err().to_string(),
            "unknown command: 9"
        );
    }
}
