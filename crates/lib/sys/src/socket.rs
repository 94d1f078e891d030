// SPDX-License-Identifier: MIT OR Apache-2.0
//! Sockets of the internet and of the local machine.
//!
//! *Invariants:* every socket is close-on-exec. Listening sockets are non-blocking, so that
//! several processes may wait for the same client; connections are blocking.
//!
//! *Postfix:* unix_listen(3), unix_connect(3), inet_listen(3), inet_connect(3),
//! sane_accept(3), inet_addr_local(3), timed_connect(3), unix_dgram_listen(3).

#![expect(unsafe_code, reason = "accept4 gives a bare number")]

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::socket::{
    AddressFamily, Backlog, MsgFlags, SockFlag, SockType, SockaddrLike, SockaddrStorage, UnixAddr,
    accept4, bind, connect, getpeername, getsockname, getsockopt, listen, setsockopt, socket,
    socketpair, sockopt,
};
use nix::sys::time::{TimeVal, TimeValLike};

/// Who is at the other end of a local socket, as the kernel recorded it at connect time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Credentials {
    /// Process id.
    pub pid: u32,
    /// Effective user id.
    pub uid: u32,
    /// Effective group id.
    pub gid: u32,
}

/// Connects to the local stream socket at `path`.
///
/// # Errors
/// `TimedOut` when the listener's queue stayed full for `timeout`; otherwise connect(2)'s.
pub fn unix_connect(path: &Path, timeout: Duration) -> io::Result<OwnedFd> {
    let fd = new(AddressFamily::Unix, SockType::Stream)?;
    timed_connect(&fd, &UnixAddr::new(path)?, timeout)?;
    Ok(fd)
}

/// Connects to the local stream socket at `path` without waiting; the socket is non-blocking.
///
/// # Errors
/// `WouldBlock` when the listener's queue is full; otherwise connect(2)'s.
pub fn unix_connect_now(path: &Path) -> io::Result<OwnedFd> {
    let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
    let fd = socket(AddressFamily::Unix, SockType::Stream, flags, None)?;
    connect(fd.as_raw_fd(), &UnixAddr::new(path)?)?;
    Ok(fd)
}

/// Listens on a local stream socket at `path`, replacing what was there, with the given mode.
pub fn unix_listen(path: &Path, backlog: i32, mode: u32) -> io::Result<OwnedFd> {
    let fd = new(AddressFamily::Unix, SockType::Stream)?;
    bind_path(&fd, path, mode)?;
    start_listening(&fd, backlog)?;
    Ok(fd)
}

/// Receives datagrams on a local socket at `path`, replacing what was there, with that mode.
pub fn unix_datagram_bind(path: &Path, mode: u32) -> io::Result<OwnedFd> {
    let fd = new(AddressFamily::Unix, SockType::Datagram)?;
    bind_path(&fd, path, mode)?;
    crate::fd::set_nonblocking(&fd, true)?;
    Ok(fd)
}

/// A datagram socket whose sends go to the local socket at `path`.
pub fn unix_datagram_connect(path: &Path) -> io::Result<OwnedFd> {
    let fd = new(AddressFamily::Unix, SockType::Datagram)?;
    connect(fd.as_raw_fd(), &UnixAddr::new(path)?)?;
    Ok(fd)
}

/// Listens on a TCP address. IPv6 sockets accept IPv6 only.
pub fn inet_listen(address: SocketAddr, backlog: i32) -> io::Result<OwnedFd> {
    let fd = new(family(&address), SockType::Stream)?;
    if address.is_ipv6() {
        setsockopt(&fd, sockopt::Ipv6V6Only, &true)?;
    }
    setsockopt(&fd, sockopt::ReuseAddr, &true)?;
    bind(fd.as_raw_fd(), &SockaddrStorage::from(address))?;
    start_listening(&fd, backlog)?;
    Ok(fd)
}

/// Connects to a TCP address, from the local address `from` if one is given.
///
/// # Errors
/// `TimedOut` after `timeout`; otherwise those of bind(2) and connect(2).
pub fn inet_connect(
    address: SocketAddr,
    from: Option<IpAddr>,
    timeout: Duration,
) -> io::Result<OwnedFd> {
    let fd = new(family(&address), SockType::Stream)?;
    if let Some(from) = from {
        bind(
            fd.as_raw_fd(),
            &SockaddrStorage::from(SocketAddr::new(from, 0)),
        )?;
    }
    timed_connect(&fd, &SockaddrStorage::from(address), timeout)?;
    Ok(fd)
}

/// Whether the kernel knows IPv6 at all; many containers do not.
pub fn knows_ipv6() -> bool {
    new(AddressFamily::Inet6, SockType::Stream).is_ok()
}

/// Takes one client from a listening socket; `None` when none is left, or it went away.
pub fn accept(listener: impl AsFd) -> io::Result<Option<OwnedFd>> {
    let raw = match accept4(listener.as_fd().as_raw_fd(), SockFlag::SOCK_CLOEXEC) {
        Ok(raw) => raw,
        // The client that woke us may be gone, or another process may have taken it. The
        // network errors belong to the dead connection, not to the listener: accept(2).
        Err(
            Errno::EAGAIN
            | Errno::EINTR
            | Errno::ECONNABORTED
            | Errno::EPROTO
            | Errno::ENETDOWN
            | Errno::ENETUNREACH
            | Errno::EHOSTDOWN
            | Errno::EHOSTUNREACH
            | Errno::ENONET
            | Errno::ECONNRESET,
        ) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    // SAFETY: accept4 succeeded, so `raw` is a new descriptor that nobody else owns.
    Ok(Some(unsafe { OwnedFd::from_raw_fd(raw) }))
}

/// The internet address of the peer; `None` for other kinds of sockets and non-sockets.
pub fn peer_address(fd: impl AsFd) -> io::Result<Option<SocketAddr>> {
    internet_address(getpeername(fd.as_fd().as_raw_fd()))
}

/// Our internet address of this connection; `None` for other kinds of sockets and non-sockets.
pub fn local_address(fd: impl AsFd) -> io::Result<Option<SocketAddr>> {
    internet_address(getsockname(fd.as_fd().as_raw_fd()))
}

/// The process at the other end of a local socket.
pub fn peer_credentials(fd: impl AsFd) -> io::Result<Credentials> {
    let peer = getsockopt(&fd, sockopt::PeerCredentials)?;
    Ok(Credentials {
        pid: u32::try_from(peer.pid()).unwrap_or(0),
        uid: peer.uid(),
        gid: peer.gid(),
    })
}

/// Limits how long one read and one write may block; zero means without limit.
///
/// # Errors
/// `ENOTSOCK` for descriptors that are no sockets.
pub fn set_timeouts(fd: impl AsFd, read: Duration, write: Duration) -> io::Result<()> {
    setsockopt(&fd, sockopt::ReceiveTimeout, &time_value(read))?;
    setsockopt(&fd, sockopt::SendTimeout, &time_value(write))?;
    Ok(())
}

/// Sends small segments at once (no Nagle delay). An error for local sockets.
pub fn set_nodelay(fd: impl AsFd) -> io::Result<()> {
    Ok(setsockopt(&fd, sockopt::TcpNoDelay, &true)?)
}

/// Sets the size in bytes of the kernel's receive buffer.
pub fn set_receive_buffer(fd: impl AsFd, bytes: usize) -> io::Result<()> {
    Ok(setsockopt(&fd, sockopt::RcvBuf, &bytes)?)
}

/// Sets the size in bytes of the kernel's send buffer.
pub fn set_send_buffer(fd: impl AsFd, bytes: usize) -> io::Result<()> {
    Ok(setsockopt(&fd, sockopt::SndBuf, &bytes)?)
}

/// The addresses of this machine's interfaces that are up, each with its netmask.
pub fn interfaces() -> io::Result<Vec<(IpAddr, IpAddr)>> {
    let mut found = Vec::new();
    for entry in nix::ifaddrs::getifaddrs()? {
        if !entry.flags.contains(nix::net::if_::InterfaceFlags::IFF_UP) {
            continue;
        }
        let address = entry.address.as_ref().and_then(ip_address);
        let netmask = entry.netmask.as_ref().and_then(ip_address);
        if let (Some(address), Some(netmask)) = (address, netmask) {
            found.push((address, netmask));
        }
    }
    Ok(found)
}

/// Writes without waiting; `WouldBlock` when the kernel's buffer is full. No `SIGPIPE`.
///
/// # Errors
/// `ENOTSOCK` for descriptors that are no sockets.
pub fn send_now(fd: impl AsFd, bytes: &[u8]) -> io::Result<usize> {
    let flags = MsgFlags::MSG_DONTWAIT | MsgFlags::MSG_NOSIGNAL;
    Ok(nix::sys::socket::send(
        fd.as_fd().as_raw_fd(),
        bytes,
        flags,
    )?)
}

/// Reads what has arrived, without waiting; `WouldBlock` when nothing has.
pub fn receive_now(fd: impl AsFd, buffer: &mut [u8]) -> io::Result<usize> {
    Ok(nix::sys::socket::recv(
        fd.as_fd().as_raw_fd(),
        buffer,
        MsgFlags::MSG_DONTWAIT,
    )?)
}

/// Looks at what has arrived without taking it, and without waiting; 0 means end of stream.
pub fn peek_now(fd: impl AsFd, buffer: &mut [u8]) -> io::Result<usize> {
    let flags = MsgFlags::MSG_DONTWAIT | MsgFlags::MSG_PEEK;
    Ok(nix::sys::socket::recv(
        fd.as_fd().as_raw_fd(),
        buffer,
        flags,
    )?)
}

/// Two connected local stream sockets.
pub fn pair() -> io::Result<(OwnedFd, OwnedFd)> {
    Ok(socketpair(
        AddressFamily::Unix,
        SockType::Stream,
        None,
        SockFlag::SOCK_CLOEXEC,
    )?)
}

/// Starts (or restarts, with another queue length) listening on a bound socket, non-blocking.
fn start_listening(fd: &OwnedFd, backlog: i32) -> io::Result<()> {
    let backlog = Backlog::new(backlog.clamp(-1, i32::from(u16::MAX))).unwrap_or(Backlog::MAXCONN);
    listen(fd, backlog)?;
    crate::fd::set_nonblocking(fd, true)
}

fn new(family: AddressFamily, kind: SockType) -> io::Result<OwnedFd> {
    Ok(socket(family, kind, SockFlag::SOCK_CLOEXEC, None)?)
}

fn family(address: &SocketAddr) -> AddressFamily {
    if address.is_ipv6() {
        AddressFamily::Inet6
    } else {
        AddressFamily::Inet
    }
}

fn bind_path(fd: &OwnedFd, path: &Path, mode: u32) -> io::Result<()> {
    let address = UnixAddr::new(path)?;
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    bind(fd.as_raw_fd(), &address)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
}

/// connect(2) honours the send time limit of the socket, so no poll is needed.
fn timed_connect(fd: &OwnedFd, address: &dyn SockaddrLike, timeout: Duration) -> io::Result<()> {
    let limited = !timeout.is_zero();
    if limited {
        setsockopt(fd, sockopt::SendTimeout, &time_value(timeout))?;
    }
    loop {
        match connect(fd.as_raw_fd(), address) {
            Ok(()) | Err(Errno::EISCONN) => break,
            Err(Errno::EINTR | Errno::EALREADY) => {
                crate::fd::wait_writable(fd, limited.then_some(timeout))?;
            }
            Err(Errno::EAGAIN | Errno::EINPROGRESS) => {
                return Err(io::Error::from(Errno::ETIMEDOUT));
            }
            Err(error) => return Err(error.into()),
        }
    }
    if limited {
        setsockopt(fd, sockopt::SendTimeout, &time_value(Duration::ZERO))?;
    }
    Ok(())
}

fn time_value(limit: Duration) -> TimeVal {
    // A limit under a microsecond must not become "no limit".
    let rounded = if limit.is_zero() {
        limit
    } else {
        limit.max(Duration::from_micros(1))
    };
    TimeVal::microseconds(i64::try_from(rounded.as_micros()).unwrap_or(i64::MAX))
}

fn internet_address(asked: nix::Result<SockaddrStorage>) -> io::Result<Option<SocketAddr>> {
    match asked {
        Ok(address) => Ok(socket_address(&address)),
        Err(Errno::ENOTSOCK) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn socket_address(storage: &SockaddrStorage) -> Option<SocketAddr> {
    if let Some(v4) = storage.as_sockaddr_in() {
        return Some(SocketAddr::new(IpAddr::V4(v4.ip()), v4.port()));
    }
    let v6 = storage.as_sockaddr_in6()?;
    Some(SocketAddr::V6(std::net::SocketAddrV6::new(
        v6.ip(),
        v6.port(),
        v6.flowinfo(),
        v6.scope_id(),
    )))
}

fn ip_address(storage: &SockaddrStorage) -> Option<IpAddr> {
    socket_address(storage).map(|address| address.ip())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_client_is_accepted_and_identified() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s");
        let listener = unix_listen(&path, 5, 0o600).unwrap();
        assert!(accept(&listener).unwrap().is_none());
        let client = unix_connect(&path, Duration::from_secs(5)).unwrap();
        let server = accept(&listener).unwrap().unwrap();
        assert_eq!(peer_credentials(&server).unwrap().pid, std::process::id());
        assert_eq!(peer_address(&client).unwrap(), None);
    }

    #[test]
    fn a_tcp_client_sees_the_address_it_asked_for() {
        let listener = inet_listen("127.0.0.1:0".parse().unwrap(), 5).unwrap();
        let address = local_address(&listener).unwrap().unwrap();
        let from = Some("127.0.0.1".parse().unwrap());
        let client = inet_connect(address, from, Duration::from_secs(5)).unwrap();
        assert_eq!(peer_address(&client).unwrap(), Some(address));
        assert!(accept(&listener).unwrap().is_some());
    }

    #[test]
    fn a_full_local_queue_times_out() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s");
        let _listener = unix_listen(&path, 0, 0o600).unwrap();
        let mut kept = Vec::new();
        let error = loop {
            match unix_connect(&path, Duration::from_millis(20)) {
                Ok(fd) => kept.push(fd),
                Err(error) => break error,
            }
            assert!(kept.len() < 50);
        };
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[test]
    fn a_path_that_is_too_long_is_refused() {
        let long = "x".repeat(200);
        assert!(unix_listen(Path::new(&long), 1, 0o600).is_err());
    }

    #[test]
    fn loopback_is_among_the_interfaces() {
        let all = interfaces().unwrap();
        assert!(all.iter().any(|(address, _)| address.is_loopback()));
    }
}
