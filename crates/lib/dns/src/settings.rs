// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where the resolver's own configuration comes from.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Files and addresses the resolver works with. The default is the system's.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The file with the name servers' addresses, read again when it changes.
    pub resolv_conf: PathBuf,
    /// The file that answers native lookups before DNS does.
    pub hosts: PathBuf,
    /// Ask these servers (UDP and TCP) instead of those of `resolv_conf`.
    pub name_servers: Vec<SocketAddr>,
    /// Give up on one question after this long, whatever `resolv.conf` says.
    pub limit: Duration,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            resolv_conf: PathBuf::from("/etc/resolv.conf"),
            hosts: PathBuf::from("/etc/hosts"),
            name_servers: Vec::new(),
            limit: Duration::from_secs(60),
        }
    }
}
