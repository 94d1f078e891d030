// SPDX-License-Identifier: MIT OR Apache-2.0
//! Making connections.
//!
//! *Errors*: `connect to HOST[ADDRESS]:PORT: reason`, with the status of an unreachable server.
//!
//! *Postfix:* the lower half of smtp_connect(3).

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use mail::dsn::Status;
use runtime::log;
use runtime::stream::Stream;

use crate::hosts::Candidate;
use crate::own::OwnAddresses;
use crate::session::{ChatRules, Endpoint, Session};
use crate::why::connect_error;

/// How long a connection may take when main.cf says "as long as the system wants".
const SYSTEM_LIMIT: Duration = Duration::from_secs(600);

/// What makes the connections: the system, or a test.
pub(crate) trait Dial {
    /// Connects to an address, from one of ours if that is given.
    fn inet(
        &mut self,
        address: SocketAddr,
        from: Option<IpAddr>,
        timeout: Duration,
    ) -> io::Result<Stream>;

    /// Connects to a socket in the file system.
    fn unix(&mut self, path: &Path, timeout: Duration) -> io::Result<Stream>;
}

/// Connections of the system.
pub(crate) struct System;

impl Dial for System {
    fn inet(
        &mut self,
        address: SocketAddr,
        from: Option<IpAddr>,
        timeout: Duration,
    ) -> io::Result<Stream> {
        let socket = sys::socket::inet_connect(address, from, timeout)?;
        // One write per turn leaves at once; waiting for more would cost 40 ms a message.
        let _ = sys::socket::set_nodelay(&socket);
        Ok(Stream::new(socket))
    }

    fn unix(&mut self, path: &Path, timeout: Duration) -> io::Result<Stream> {
        sys::socket::unix_connect(path, timeout).map(Stream::new)
    }
}

/// How connections are made.
pub(crate) struct Connector {
    /// Who makes them.
    pub(crate) dial: Box<dyn Dial>,
    /// `smtp_connect_timeout`; zero: the system's.
    pub(crate) timeout: Duration,
    /// `smtp_bind_address`.
    pub(crate) bind_v4: Option<IpAddr>,
    /// `smtp_bind_address6`.
    pub(crate) bind_v6: Option<IpAddr>,
    /// `smtp_bind_address_enforce`.
    pub(crate) bind_strictly: bool,
    /// Our addresses.
    pub(crate) own: OwnAddresses,
    /// How the conversation will be read.
    pub(crate) chat: ChatRules,
}

/// Why there is no connection.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unconnected {
    /// The status for the delivery.
    pub(crate) status: Status,
    /// The text.
    pub(crate) text: String,
}

impl Connector {
    /// Connects to one address.
    pub(crate) fn inet(
        &mut self,
        candidate: &Candidate,
        port: u16,
    ) -> Result<Session, Unconnected> {
        let address = SocketAddr::new(candidate.address, port);
        let source = match candidate.address {
            IpAddr::V4(_) => self.bind_v4,
            IpAddr::V6(_) => self.bind_v6,
        };
        let bound = source.or_else(|| self.own.only_one_like(candidate.address));
        let timeout = if self.timeout.is_zero() {
            SYSTEM_LIMIT
        } else {
            self.timeout
        };
        let mut connected = self.dial.inet(address, bound, timeout);
        if let (Err(error), Some(source)) = (&connected, bound)
            && error.kind() == io::ErrorKind::AddrNotAvailable
        {
            log::warning(format_args!("bind {source}: {}", connect_error(error)));
            if self.bind_strictly {
                let text = "server configuration error".to_owned();
                return Err(Unconnected {
                    status: Status::new(4, 4, 0),
                    text,
                });
            }
            connected = self.dial.inet(address, None, timeout);
        }
        let stream = connected.map_err(|error| {
            let (host, address) = (&candidate.host, candidate.address);
            let text = format!(
                "connect to {host}[{address}]:{port}: {}",
                connect_error(&error)
            );
            Unconnected {
                status: Status::new(4, 4, 1),
                text,
            }
        })?;
        let endpoint = Endpoint::Inet(address);
        Ok(Session::new(
            stream,
            &candidate.host,
            endpoint,
            self.chat.clone(),
        ))
    }

    /// Connects to a socket in the file system; `host` is what it is called in the log.
    pub(crate) fn unix(&mut self, path: &Path, host: &str) -> Result<Session, Unconnected> {
        let timeout = if self.timeout.is_zero() {
            SYSTEM_LIMIT
        } else {
            self.timeout
        };
        let stream = self.dial.unix(path, timeout).map_err(|error| {
            let text = format!(
                "connect to {host}[{}]: {}",
                path.display(),
                connect_error(&error)
            );
            Unconnected {
                status: Status::new(4, 4, 1),
                text,
            }
        })?;
        let endpoint = Endpoint::Unix(path.to_path_buf());
        Ok(Session::new(stream, host, endpoint, self.chat.clone()))
    }
}
