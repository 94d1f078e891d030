// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where a service is reached: what the first three columns of a master.cf line mean.
//!
//! *Invariants:* two lines that mean the same endpoint have the same key, whether they say
//! `smtp` or `25`.
//!
//! *Errors:* texts that complete "FILE: line N: ...".
//!
//! *Postfix:* master_ent.c.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use config::master_cf::{Kind, Service as Entry};
use runtime::net::{host_port, interfaces, port};

use crate::params::Params;

/// An address or path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// TCP addresses: one, or one per own address.
    Inet(Vec<SocketAddr>),
    /// A name below the queue directory.
    Path(PathBuf),
}

/// An endpoint with the name that log lines and comparisons use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) endpoint: Endpoint,
    /// `25`, `127.0.0.1:10025`, `private/bounce`.
    pub(crate) name: String,
    /// Whether clients on other machines may come here.
    pub(crate) is_public: bool,
}

impl Named {
    /// The endpoint of a master.cf line.
    pub(crate) fn of(entry: &Entry, params: &Params) -> Result<Self, String> {
        match entry.kind {
            Kind::Inet => inet(&entry.name, params),
            Kind::Unix | Kind::UnixDgram | Kind::Fifo | Kind::Pass => {
                let class = if entry.private { "private" } else { "public" };
                let name = format!("{class}/{}", entry.name);
                Ok(Self {
                    endpoint: Endpoint::Path(PathBuf::from(&name)),
                    name,
                    // What a connection screener passes on comes from anywhere.
                    is_public: entry.kind == Kind::Pass,
                })
            }
        }
    }

    /// How many sockets that takes.
    pub(crate) fn sockets(&self) -> usize {
        match &self.endpoint {
            Endpoint::Inet(addresses) => addresses.len(),
            Endpoint::Path(_) => 1,
        }
    }
}

fn inet(text: &str, params: &Params) -> Result<Named, String> {
    let bad = |error| format!("{error} in \"{text}\"");
    let parts = host_port::parse(text, Some(""), None).map_err(bad)?;
    let number =
        port::number(&parts.port).ok_or_else(|| bad(host_port::HostPortError::BadService))?;
    let (ips, name) = if parts.host.is_empty() {
        (own(params)?, number.to_string())
    } else {
        let found = interfaces::addresses_of(&parts.host).unwrap_or_default();
        let usable: Vec<IpAddr> = found
            .into_iter()
            .filter(|ip| params.protocols.allow(*ip))
            .collect();
        let name = match parts.host.parse::<IpAddr>() {
            Ok(IpAddr::V6(v6)) => format!("[{v6}]:{number}"),
            _ => format!("{}:{number}", parts.host),
        };
        (usable, name)
    };
    if ips.is_empty() {
        return Err(format!("bad hostname or network address: {text}"));
    }
    let is_public = !ips.iter().all(IpAddr::is_loopback);
    let addresses = ips
        .into_iter()
        .map(|ip| SocketAddr::new(ip, number))
        .collect();
    Ok(Named {
        endpoint: Endpoint::Inet(addresses),
        name,
        is_public,
    })
}

/// What `inet_interfaces` means for a service without a host of its own.
fn own(params: &Params) -> Result<Vec<IpAddr>, String> {
    if interfaces::is_all(&params.inet_interfaces) {
        return Ok(params.protocols.wildcards());
    }
    let own = interfaces::own_addresses(&params.inet_interfaces, params.protocols)?;
    let mut ips: Vec<IpAddr> = Vec::new();
    for (ip, _mask) in own {
        if !ips.contains(&ip) {
            ips.push(ip);
        }
    }
    Ok(ips)
}

/// The word of the second column.
pub(crate) fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Inet => "inet",
        Kind::Unix => "unix",
        Kind::UnixDgram => "unix-dgram",
        Kind::Fifo => "fifo",
        Kind::Pass => "pass",
    }
}

/// Whether `master_service_disable` switches a line off.
///
/// The list holds `name/type` or `type` patterns, `!` before one that is exempt; the first
/// that matches decides. The form `name.type` is an old one.
pub(crate) fn is_disabled(list: &str, entry: &Entry) -> bool {
    let words = list.split(|c: char| c == ',' || c.is_ascii_whitespace());
    for word in words.filter(|word| !word.is_empty()) {
        let (exempt, pattern) = match word.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, word),
        };
        if pattern_matches(pattern, &entry.name, kind_name(entry.kind)) {
            return !exempt;
        }
    }
    false
}

fn pattern_matches(pattern: &str, name: &str, kind: &str) -> bool {
    let same = |pattern: &str, text: &str| pattern == "*" || pattern.eq_ignore_ascii_case(text);
    match pattern
        .rsplit_once('/')
        .or_else(|| pattern.rsplit_once('.'))
    {
        Some((n, k)) => same(n, name) && same(k, kind),
        None => same(pattern, kind),
    }
}
