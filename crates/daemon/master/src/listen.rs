// SPDX-License-Identifier: MIT OR Apache-2.0
//! Listening sockets and FIFOs.
//!
//! *Invariants:* what lies below the queue directory belongs to `mail_owner`; who may reach it
//! is decided by the directories `private` and `public`, not by its own mode.
//!
//! *Postfix:* master_listen.c.

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

use config::master_cf::Kind;
use runtime::text::reason;
use sys::files::{Expect, FileKind, OpenFlags, safe_open};

use crate::endpoint::{Endpoint, Named};
use crate::startup::Owner;

/// Mode of sockets; the directory around them is the guard.
const SOCKET_MODE: u32 = 0o666;
/// Mode of FIFOs.
const FIFO_MODE: u32 = 0o622;

/// Opens the sockets of a service.
///
/// # Errors
/// A text that names the address or path.
pub(crate) fn open(
    named: &Named,
    kind: Kind,
    backlog: i32,
    owner: Owner,
) -> Result<Vec<OwnedFd>, String> {
    match &named.endpoint {
        Endpoint::Inet(addresses) => {
            let bind = |address: &std::net::SocketAddr| {
                sys::socket::inet_listen(*address, backlog).map_err(|error| {
                    format!(
                        "bind {} port {}: {}",
                        address.ip(),
                        address.port(),
                        reason(&error)
                    )
                })
            };
            addresses.iter().map(bind).collect()
        }
        Endpoint::Path(path) => {
            let open = || path_endpoint(path, kind, backlog);
            let opened = sys::identity::with_effective(owner.uid, owner.gid, open);
            let socket = opened.and_then(|result| result);
            Ok(vec![socket.map_err(|error| {
                format!("{}: {}", path.display(), reason(&error))
            })?])
        }
    }
}

fn path_endpoint(path: &Path, kind: Kind, backlog: i32) -> io::Result<OwnedFd> {
    match kind {
        Kind::UnixDgram => sys::socket::unix_datagram_bind(path, SOCKET_MODE),
        Kind::Fifo => fifo(path),
        Kind::Unix | Kind::Pass | Kind::Inet => {
            sys::socket::unix_listen(path, backlog, SOCKET_MODE)
        }
    }
}

/// A FIFO that is open for writing too, so that it never reaches its end.
fn fifo(path: &Path) -> io::Result<OwnedFd> {
    match sys::files::mkfifo(path, FIFO_MODE) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    let expect = Expect {
        owner: None,
        kind: FileKind::Fifo,
    };
    let flags = OpenFlags::O_RDWR | OpenFlags::O_NONBLOCK;
    let file: File = safe_open(path, flags, 0, expect)?;
    Ok(OwnedFd::from(file))
}
