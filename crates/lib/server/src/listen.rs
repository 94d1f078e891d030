// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where clients come from.
//!
//! Several processes of a service wait for the same sockets. The lock file lets one of them wait
//! at a time, so that a client wakes one process and not all of them; it is given back as soon as
//! the client was accepted.
//!
//! *Postfix:* the locks in `pid/` of master/single_server(3).

use crate::options::Transport;
use ipc::services::master::descriptor;
use ipc::services::pass;
use runtime::log;
use runtime::stream::Stream;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::PathBuf;
use sys::files::{Expect, FileKind, OpenFlags};

use crate::program::Client;

/// The sockets of a service.
pub struct Listeners {
    transport: Transport,
    sockets: Vec<OwnedFd>,
}

impl Listeners {
    /// No sockets.
    #[must_use]
    pub fn none() -> Listeners {
        Listeners {
            transport: Transport::Unix,
            sockets: Vec::new(),
        }
    }

    /// The sockets that master left open.
    ///
    /// # Errors
    /// One of them is not there.
    pub fn inherited(transport: Transport, count: u16) -> io::Result<Listeners> {
        let numbers = (0..i32::from(count)).map(|index| descriptor::LISTEN + index);
        let sockets = numbers
            .map(sys::fd::inherited)
            .collect::<io::Result<Vec<_>>>()?;
        Listeners::over(transport, sockets)
    }

    /// Any sockets; they become non-blocking.
    ///
    /// # Errors
    /// Those of the system.
    pub fn over(transport: Transport, sockets: Vec<OwnedFd>) -> io::Result<Listeners> {
        for socket in &sockets {
            sys::fd::set_nonblocking(socket, true)?;
        }
        Ok(Listeners { transport, sockets })
    }

    /// How clients reach the service.
    #[must_use]
    pub fn transport(&self) -> Transport {
        self.transport
    }

    /// The sockets.
    #[must_use]
    pub fn sockets(&self) -> &[OwnedFd] {
        &self.sockets
    }

    /// The sockets, for a loop of its own.
    pub(crate) fn into_sockets(self) -> impl Iterator<Item = OwnedFd> {
        self.sockets.into_iter()
    }

    /// The sockets, to wait for.
    pub(crate) fn as_fds(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        self.sockets.iter().map(AsFd::as_fd)
    }

    /// Takes one client from any of the sockets; nothing when none waits.
    ///
    /// # Errors
    /// The system can accept no clients: too many open files, or worse.
    pub fn accept(&self) -> io::Result<Option<OwnedFd>> {
        for socket in &self.sockets {
            if let Some(client) = sys::socket::accept(socket)? {
                return Ok(Some(client));
            }
        }
        Ok(None)
    }

    /// Makes a client of an accepted connection: receives what is handed over on a `pass`
    /// socket, and prepares an internet connection. Nothing when the other end did not keep to
    /// the protocol.
    pub fn client(&self, connection: OwnedFd, timeout: std::time::Duration) -> Option<Client> {
        let (connection, attributes) = if self.transport == Transport::Pass {
            let mut stream = Stream::new(connection);
            stream.set_timeout(pass::TIMEOUT);
            match receive(&mut stream) {
                Ok(received) => received,
                Err(error) => {
                    log::warning(format_args!("cannot receive a passed connection: {error}"));
                    return None;
                }
            }
        } else {
            (connection, Vec::new())
        };
        let peer = sys::socket::peer_address(&connection).ok().flatten();
        if peer.is_some() {
            // A reply leaves in one write: it need not wait for an acknowledgement.
            let _ = sys::socket::set_nodelay(&connection);
        }
        let mut stream = Stream::new(connection);
        stream.set_timeout(timeout);
        Some(Client {
            stream,
            peer,
            attributes,
        })
    }
}

fn receive(stream: &mut Stream) -> Result<(OwnedFd, pass::Attributes), ipc::attr::AttrError> {
    if !sys::fd::wait_readable(stream.as_fd(), Some(pass::TIMEOUT))? {
        return Err(ipc::attr::AttrError::TimedOut);
    }
    pass::receive(stream)
}

/// Opens (and makes) the lock file of a service, with the rights that master gave: the directory
/// is root's, and so are the files, also those that the original left there.
pub(crate) fn accept_lock(transport: Transport, service: &str) -> Result<File, String> {
    let path = PathBuf::from(format!(
        "pid/{}.{}",
        transport.name(),
        service.replace('/', "_")
    ));
    let expect = Expect {
        owner: None,
        kind: FileKind::Regular,
    };
    let flags = OpenFlags::O_CREAT | OpenFlags::O_RDWR;
    let opened = sys::files::safe_open(&path, flags, 0o600, expect);
    opened.map_err(|error| format!("open lock file {}: {error}", path.display()))
}
