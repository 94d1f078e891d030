// SPDX-License-Identifier: MIT OR Apache-2.0
//! Reaching an internal service.
//!
//! An [`Endpoint`] says where a service listens; [`Endpoint::connect`] makes one connection,
//! [`expect_protocol`] checks that the right server answers, [`command`] holds a one-shot
//! conversation, and [`Reusable`] keeps a connection for many requests.
//!
//! *Errors*: [`ClientError`] names the service. Nothing here is fatal: a caller that cannot go on
//! without the service decides that itself.
//!
//! *Postfix:* global/mail_connect(3), mail_command_client(3), clnt_stream(3), mail_proto(3h).

mod endpoint;
mod reusable;

pub use endpoint::{Class, Endpoint};
pub use reusable::Reusable;

use crate::attr::{self, AttrError, Codec, Reader};
use runtime::stream::Stream;
use std::io;
use std::time::Duration;

/// How long one read or write on an internal socket may take (`ipc_timeout`).
pub const IPC_TIMEOUT: Duration = Duration::from_secs(3600);

/// How long an unused connection is kept (`ipc_idle`).
pub const IPC_IDLE: Duration = Duration::from_secs(5);

/// How long a connection is used at most (`ipc_ttl`).
pub const IPC_TTL: Duration = Duration::from_secs(1000);

/// Why a conversation with a service failed.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// There is nobody to talk to.
    #[error("connect to {peer}: {source}")]
    Unreachable {
        /// The service, for instance `private/rewrite`.
        peer: String,
        /// What the system said.
        source: io::Error,
    },
    /// The server went away or was too slow.
    #[error("{peer}: {error}")]
    Broken {
        /// The service.
        peer: String,
        /// What happened.
        error: AttrError,
    },
    /// The server does not keep to the protocol.
    #[error("{error}")]
    Misbehaved {
        /// The service.
        peer: String,
        /// What it did; names the peer.
        error: AttrError,
    },
}

impl ClientError {
    /// An error of reading from `peer`.
    #[must_use]
    pub fn reading(peer: &str, error: AttrError) -> ClientError {
        let peer = peer.to_owned();
        match error {
            AttrError::Gone | AttrError::TimedOut => ClientError::Broken { peer, error },
            AttrError::Misbehaved(_) => ClientError::Misbehaved { peer, error },
        }
    }

    /// An error of writing to `peer`.
    #[must_use]
    pub fn writing(peer: &str, error: io::Error) -> ClientError {
        ClientError::Broken {
            peer: peer.to_owned(),
            error: error.into(),
        }
    }
}

/// Announces a protocol, as servers do that speak first.
///
/// # Errors
/// Those of the stream.
pub fn announce_protocol(stream: &mut Stream, protocol: &str) -> io::Result<()> {
    attr::Writer::new(Codec::Zero)
        .text(attr::PROTOCOL, protocol)
        .end()
        .send(stream)
}

/// Reads the announcement of a server that speaks first.
///
/// # Errors
/// Another protocol was announced, or none.
pub fn expect_protocol(stream: &mut Stream, protocol: &str, peer: &str) -> Result<(), AttrError> {
    let mut reader = Reader::new(stream, Codec::Zero).peer(peer);
    reader.expect(attr::PROTOCOL, protocol)?;
    reader.end()
}

/// Connects once, checks the protocol if the service announces one, and sends the request.
/// The reply is still to be read.
///
/// # Errors
/// Any step failed.
pub fn send_request(
    endpoint: &Endpoint,
    protocol: Option<&str>,
    timeout: Duration,
    request: &mut attr::Writer,
) -> Result<Stream, ClientError> {
    let mut stream = endpoint.connect(timeout)?;
    if let Some(protocol) = protocol {
        expect_protocol(&mut stream, protocol, endpoint.name())
            .map_err(|error| ClientError::reading(endpoint.name(), error))?;
    }
    request
        .send(&mut stream)
        .map_err(|error| ClientError::writing(endpoint.name(), error))?;
    Ok(stream)
}

/// A one-shot conversation whose whole reply is `status`.
///
/// # Errors
/// Any step failed.
pub fn command(
    endpoint: &Endpoint,
    protocol: Option<&str>,
    timeout: Duration,
    request: &mut attr::Writer,
) -> Result<i32, ClientError> {
    let mut stream = send_request(endpoint, protocol, timeout, request)?;
    read_status(&mut stream, endpoint.name())
        .map_err(|error| ClientError::reading(endpoint.name(), error))
}

/// Reads a reply that is a status alone.
///
/// # Errors
/// Those of [`Reader`].
pub fn read_status(stream: &mut Stream, peer: &str) -> Result<i32, AttrError> {
    let mut reader = Reader::new(stream, Codec::Zero).peer(peer);
    let status = reader.int_signed("status")?;
    reader.end()?;
    Ok(status)
}

/// Sends a reply that is a status alone.
///
/// # Errors
/// Those of the stream.
pub fn write_status(stream: &mut Stream, status: i32) -> io::Result<()> {
    attr::Writer::new(Codec::Zero)
        .int_signed("status", status)
        .end()
        .send(stream)
}

#[cfg(test)]
mod tests;
