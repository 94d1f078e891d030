// SPDX-License-Identifier: MIT OR Apache-2.0
//! Waking a service: one byte `W` to its endpoint, from time to time.
//!
//! *Invariants:* sending never waits. A FIFO is written with the rights of `mail_owner`, who
//! could have put something else in its place.
//!
//! *Postfix:* master_wakeup.c, unix_trigger(3), fifo_trigger(3), inet_trigger(3).

use std::io::{self, Write};
use std::os::fd::AsFd;
use std::path::Path;
use std::time::Duration;

use config::master_cf::Kind;
use sys::files::{Expect, FileKind, OpenFlags, safe_open};

use crate::endpoint::Endpoint;
use crate::service::Service;
use crate::startup::Owner;

/// What wakes a service.
const WAKEUP: &[u8] = b"W";

/// How long a connection may take; on one machine it takes no time at all.
const PATIENCE: Duration = Duration::from_secs(1);

/// Sends the byte.
pub(crate) fn send(service: &Service, owner: Owner) -> io::Result<()> {
    match &service.named.endpoint {
        Endpoint::Inet(addresses) => {
            let Some(address) = addresses.first() else {
                return Ok(());
            };
            let socket = sys::socket::inet_connect(*address, None, PATIENCE)?;
            sys::socket::send_now(&socket, WAKEUP).map(drop)
        }
        Endpoint::Path(path) => {
            let send = || to_path(path, service.entry.kind);
            sys::identity::with_effective(owner.uid, owner.gid, send)?
        }
    }
}

fn to_path(path: &Path, kind: Kind) -> io::Result<()> {
    match kind {
        Kind::Fifo => {
            let expect = Expect {
                owner: None,
                kind: FileKind::Fifo,
            };
            let flags = OpenFlags::O_WRONLY | OpenFlags::O_NONBLOCK;
            safe_open(path, flags, 0, expect)?.write_all(WAKEUP)
        }
        Kind::UnixDgram => {
            let socket = sys::socket::unix_datagram_connect(path)?;
            sys::socket::send_now(&socket, WAKEUP).map(drop)
        }
        Kind::Unix | Kind::Inet => {
            let socket = sys::socket::unix_connect(path, PATIENCE)?;
            sys::socket::send_now(&socket, WAKEUP).map(drop)
        }
        Kind::Pass => {
            // The service expects a descriptor, from which it will read the byte.
            let socket = sys::socket::unix_connect(path, PATIENCE)?;
            let (near, far) = sys::socket::pair()?;
            sys::socket::send_now(&near, WAKEUP)?;
            sys::pass_fd::send(&socket, far.as_fd())
        }
    }
}
