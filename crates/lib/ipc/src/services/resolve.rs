// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where an address goes: the answer of trivial-rewrite to a resolve request.
//!
//! The question is [`Request::Resolve`](super::rewrite::Request::Resolve), asked with
//! [`Client::resolve`](super::rewrite::Client::resolve).
//!
//! *Postfix:* global/resolve_clnt(3).

use crate::attr::{AttrError, Codec, Reader, Writer};
use crate::flags::{ResolveFlags, ServerFlags};
use runtime::stream::Stream;
use std::io;

/// Whether a question is about an address probe, which may have routes of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verification {
    /// About mail.
    No,
    /// About a probe: the `address_verify_*` parameters apply.
    Yes,
}

/// Where an address goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// What the server says about itself.
    pub server: ServerFlags,
    /// The delivery transport, a name of `master.cf`.
    pub transport: Vec<u8>,
    /// The next hop: a host or domain, or what else the transport understands.
    pub nexthop: Vec<u8>,
    /// The recipient in standard internal form.
    pub recipient: Vec<u8>,
    /// Address class and trouble.
    pub flags: ResolveFlags,
}

impl Resolved {
    /// Server: answers. The name `flags` occurs twice, as in the original.
    ///
    /// # Errors
    /// Those of the stream.
    pub fn write(&self, stream: &mut Stream) -> io::Result<()> {
        Writer::new(Codec::Zero)
            .int("flags", self.server.bits())
            .text("transport", &self.transport)
            .text("nexthop", &self.nexthop)
            .text("recipient", &self.recipient)
            .int("flags", self.flags.bits())
            .end()
            .send(stream)
    }

    /// Client: reads the answer.
    ///
    /// # Errors
    /// Those of [`Reader`].
    pub fn read(stream: &mut Stream, peer: &str) -> Result<Resolved, AttrError> {
        let mut reader = Reader::new(stream, Codec::Zero).peer(peer);
        let resolved = Resolved {
            server: ServerFlags::from_bits_truncate(reader.int("flags")?),
            transport: reader.text("transport")?,
            nexthop: reader.text("nexthop")?,
            recipient: reader.text("recipient")?,
            flags: ResolveFlags::from_bits_truncate(reader.int("flags")?),
        };
        reader.end()?;
        Ok(resolved)
    }
}
