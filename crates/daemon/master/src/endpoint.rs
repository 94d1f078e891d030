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
        if pattern_matches(pattern, &entry.name, entry.kind.word()) {
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn params(lines: &str) -> Params {
        let directory = std::path::Path::new("/nowhere");
        Params::load(&config::MainCf::from_text(directory, lines).unwrap()).unwrap()
    }

    fn entry(name: &str, kind: Kind) -> Entry {
        Entry {
            name: name.to_owned(),
            kind,
            private: kind != Kind::Inet,
            unprivileged: true,
            chroot: false,
            chroot_by_default: false,
            wakeup: Duration::ZERO,
            wakeup_only_if_used: false,
            max_processes: 1,
            command: "x".to_owned(),
            args: Vec::new(),
            line: 1,
        }
    }

    #[test]
    fn a_port_by_name_and_by_number_is_the_same_endpoint() {
        let params = params("inet_protocols = ipv4\n");
        let named = |name| Named::of(&entry(name, Kind::Inet), &params);
        assert_eq!(named("smtp"), named("25"));
        let local = named("127.0.0.1:smtp").unwrap();
        assert_eq!(local.name, "127.0.0.1:25");
        assert!(!local.is_public);
        let any = named("25").unwrap();
        assert_eq!(
            any.endpoint,
            Endpoint::Inet(vec!["0.0.0.0:25".parse().unwrap()])
        );
        assert!(any.is_public);
        assert_eq!(
            named("[::1]:24").unwrap_err(),
            "bad hostname or network address: [::1]:24"
        );
        assert!(
            named("no-such-port")
                .unwrap_err()
                .contains("valid service name or number")
        );
    }

    #[test]
    fn inet_interfaces_decide_where_a_bare_port_listens() {
        let params = params("inet_protocols = ipv4\ninet_interfaces = loopback-only\n");
        let named = Named::of(&entry("25", Kind::Inet), &params).unwrap();
        assert_eq!(
            named.endpoint,
            Endpoint::Inet(vec!["127.0.0.1:25".parse().unwrap()])
        );
        assert!(!named.is_public);
    }

    #[test]
    fn sockets_lie_in_private_or_public() {
        let params = params("");
        let mut bounce = entry("bounce", Kind::Unix);
        assert_eq!(Named::of(&bounce, &params).unwrap().name, "private/bounce");
        bounce.private = false;
        assert_eq!(Named::of(&bounce, &params).unwrap().name, "public/bounce");
    }

    #[test]
    fn services_are_disabled_by_name_or_type() {
        let smtp = entry("smtp", Kind::Inet);
        for (list, disabled) in [
            ("", false),
            ("inet", true),
            ("unix", false),
            ("smtp/inet", true),
            ("smtp.inet", true),
            ("smtp/unix, inet", true),
            ("!smtp/inet inet", false),
            ("*/inet", true),
        ] {
            assert_eq!(is_disabled(list, &smtp), disabled, "{list}");
        }
    }
}
