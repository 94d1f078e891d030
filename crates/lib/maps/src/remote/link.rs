// SPDX-License-Identifier: MIT OR Apache-2.0
//! Connections to servers of tables.
//!
//! *Invariants*: an exchange has a deadline, whatever the server sends meanwhile. A server may
//! close a connection that it finds idle: then the request is sent once more, over a new one.

use std::io::{self, Write as _};
use std::net::ToSocketAddrs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use runtime::stream::Stream;
use runtime::text::reason;

/// Where a server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A local socket.
    Unix(PathBuf),
    /// A host name or address, and a port.
    Inet(String, u16),
}

impl Address {
    /// Reads `unix:path`, `inet:host:port` or `host:port`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Address, String> {
        if let Some(path) = text.strip_prefix("unix:") {
            return Ok(Address::Unix(path.into()));
        }
        let text = text.strip_prefix("inet:").unwrap_or(text);
        let (host, service) = text
            .rsplit_once(':')
            .ok_or_else(|| format!("bad host or service: {text}"))?;
        let port = runtime::net::port::number(service)
            .ok_or_else(|| format!("unknown service: {service}"))?;
        Ok(Address::inet(host, port))
    }

    /// A host and a port; an address of IPv6 may stand in brackets.
    pub fn inet(host: &str, port: u16) -> Address {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let host = if host.is_empty() { "localhost" } else { host };
        Address::Inet(host.to_owned(), port)
    }

    /// Whether it is a local socket.
    pub fn is_local(&self) -> bool {
        matches!(self, Address::Unix(_))
    }

    /// Connects. The limit is that of all that happens until another deadline is set.
    ///
    /// # Errors
    /// Why not; the reason of the last address for a name with several.
    pub fn connect(&self, limit: Duration) -> Result<Stream, String> {
        let deadline = Instant::now() + limit;
        let text = |error: io::Error| reason(&error);
        let socket = match self {
            Address::Unix(path) => sys::socket::unix_connect(path, limit).map_err(text)?,
            Address::Inet(host, port) => {
                let mut last = Err("host not found".to_owned());
                let found = (host.as_str(), *port).to_socket_addrs();
                for address in found.map_err(|error| error.to_string())? {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return Err("Connection timed out".to_owned());
                    }
                    last = sys::socket::inet_connect(address, None, left).map_err(text);
                    if last.is_ok() {
                        break;
                    }
                }
                let socket = last?;
                // A query is one small write; waiting for company would only delay it.
                let _ = sys::socket::set_nodelay(&socket);
                socket
            }
        };
        let mut stream = Stream::new(socket);
        stream.set_deadline(Some(deadline));
        Ok(stream)
    }
}

/// A server with a kept connection.
pub(crate) struct Link {
    address: Address,
    /// How long one exchange may take, connecting included.
    limit: Duration,
    /// How long an unused connection is kept.
    idle: Duration,
    open: Option<(Stream, Instant)>,
}

impl Link {
    pub(crate) fn new(address: Address, limit: Duration, idle: Duration) -> Link {
        Link {
            address,
            limit,
            idle,
            open: None,
        }
    }

    /// Sends a request and reads the reply. After an error of `read` the connection is closed.
    ///
    /// # Errors
    /// Why the server cannot be asked.
    pub(crate) fn exchange<T>(
        &mut self,
        request: &[u8],
        mut read: impl FnMut(&mut Stream) -> io::Result<T>,
    ) -> Result<T, String> {
        loop {
            let kept = self.kept();
            let fresh = kept.is_none();
            let mut stream = match kept {
                Some(stream) => stream,
                None => self
                    .address
                    .connect(self.limit)
                    .map_err(|why| format!("connect: {why}"))?,
            };
            if !fresh {
                stream.set_deadline(Some(Instant::now() + self.limit));
            }
            let reply = stream
                .write_all(request)
                .and_then(|()| stream.flush())
                .and_then(|()| read(&mut stream));
            match reply {
                Ok(reply) => {
                    self.open = Some((stream, Instant::now()));
                    return Ok(reply);
                }
                Err(error) if fresh || error.kind() == io::ErrorKind::TimedOut => {
                    return Err(reason(&error));
                }
                // It was closed under our hands.
                Err(_) => {}
            }
        }
    }

    /// The kept connection, if it is not too old and the server has not closed it.
    fn kept(&mut self) -> Option<Stream> {
        let (stream, used) = self.open.take()?;
        (used.elapsed() < self.idle && !stream.has_input()).then_some(stream)
    }
}

/// An error of a server that does not keep to its protocol.
pub(crate) fn malformed(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_local_sockets_or_hosts_with_ports() {
        let inet = |host: &str, port| Ok(Address::Inet(host.to_owned(), port));
        assert_eq!(
            Address::parse("unix:/a:b"),
            Ok(Address::Unix("/a:b".into()))
        );
        assert_eq!(Address::parse("inet:h:1"), inet("h", 1));
        assert_eq!(Address::parse("[::1]:25"), inet("::1", 25));
        assert_eq!(Address::parse(":25"), inet("localhost", 25));
        assert!(Address::parse("h").is_err());
        assert!(Address::parse("h:nosuchport").is_err());
    }
}
