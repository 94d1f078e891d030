// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which addresses this machine has and which of them the mail system uses: the values of
//! `inet_protocols` and `inet_interfaces`.
//!
//! *Errors:* texts in the words of Postfix; all are fatal to the caller.
//!
//! *Postfix:* inet_proto(3), own_inet_addr(3), inet_addr_local(3), inet_addr_host(3).

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, ToSocketAddrs};

/// The address families in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Protocols {
    /// IPv4.
    pub ipv4: bool,
    /// IPv6.
    pub ipv6: bool,
}

impl Protocols {
    /// Reads `all`, `ipv4`, `ipv6` or a list of them; an empty list means none.
    ///
    /// # Errors
    /// A text that names the unknown word.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut protocols = Self {
            ipv4: false,
            ipv6: false,
        };
        for word in words(text) {
            match word.to_ascii_lowercase().as_str() {
                "all" => {
                    protocols = Self {
                        ipv4: true,
                        ipv6: true,
                    }
                }
                "ipv4" => protocols.ipv4 = true,
                "ipv6" => protocols.ipv6 = true,
                _ => {
                    return Err(format!(
                        "unknown inet_protocols value \"{word}\" in \"{text}\""
                    ));
                }
            }
        }
        Ok(protocols)
    }

    /// The same without IPv6 where the kernel does not know it.
    #[must_use]
    pub fn supported(mut self) -> Self {
        self.ipv6 &= !self.ipv6 || sys::socket::knows_ipv6();
        self
    }

    /// Whether this address belongs to a family in use.
    pub fn allow(&self, address: IpAddr) -> bool {
        if address.is_ipv4() {
            self.ipv4
        } else {
            self.ipv6
        }
    }

    /// The addresses that stand for "any address" of the families in use.
    pub fn wildcards(&self) -> Vec<IpAddr> {
        let all = [
            IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            IpAddr::V6(Ipv6Addr::UNSPECIFIED),
        ];
        all.into_iter()
            .filter(|address| self.allow(*address))
            .collect()
    }
}

/// Whether `inet_interfaces` has the value that means "do not even ask".
pub fn is_all(inet_interfaces: &str) -> bool {
    inet_interfaces.trim().eq_ignore_ascii_case("all")
}

/// The addresses that `inet_interfaces` names, each once, with the netmasks of their
/// interfaces: `all`, `loopback-only`, or a list of names and addresses.
///
/// # Errors
/// A text for a name without address, and for an address that no interface has.
pub fn own_addresses(
    inet_interfaces: &str,
    protocols: Protocols,
) -> Result<Vec<(IpAddr, IpAddr)>, String> {
    let local = sys::socket::interfaces().map_err(|error| format!("getifaddrs: {error}"))?;
    let mut own = Vec::new();
    let mut add = |entry: (IpAddr, IpAddr)| {
        if protocols.allow(entry.0) && !own.contains(&entry) {
            own.push(entry);
        }
    };
    for word in words(inet_interfaces) {
        match word.to_ascii_lowercase().as_str() {
            "all" => local.iter().copied().for_each(&mut add),
            "loopback-only" => {
                local
                    .iter()
                    .copied()
                    .filter(|(a, _)| a.is_loopback())
                    .for_each(&mut add);
            }
            _ => named(word, &local, protocols)?
                .into_iter()
                .for_each(&mut add),
        }
    }
    Ok(own)
}

fn named(
    word: &str,
    local: &[(IpAddr, IpAddr)],
    protocols: Protocols,
) -> Result<Vec<(IpAddr, IpAddr)>, String> {
    let found = addresses_of(word).unwrap_or_default();
    if found.is_empty() {
        return Err(format!(
            "config variable inet_interfaces: host not found: {word}"
        ));
    }
    let mut own = Vec::new();
    for address in found
        .into_iter()
        .filter(|address| protocols.allow(*address))
    {
        let interface = local.iter().find(|(known, _)| *known == address);
        own.push(*interface.ok_or_else(|| {
            format!("parameter inet_interfaces: no local interface found for {address}")
        })?);
    }
    Ok(own)
}

/// The addresses of a host name, an address, or an address in brackets.
///
/// # Errors
/// Those of the system's name service.
pub fn addresses_of(host: &str) -> io::Result<Vec<IpAddr>> {
    let bare = host
        .strip_prefix('[')
        .and_then(|h| h.strip_suffix(']'))
        .unwrap_or(host);
    let bare = bare
        .strip_prefix("ipv6:")
        .or_else(|| bare.strip_prefix("IPv6:"))
        .unwrap_or(bare);
    if let Ok(address) = bare.parse() {
        return Ok(vec![address]);
    }
    let mut addresses = Vec::new();
    for found in (bare, 0).to_socket_addrs()? {
        if !addresses.contains(&found.ip()) {
            addresses.push(found.ip());
        }
    }
    Ok(addresses)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c == ',' || c.is_ascii_whitespace())
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const IPV4: Protocols = Protocols {
        ipv4: true,
        ipv6: false,
    };

    #[test]
    fn protocols_are_words() {
        assert_eq!(Protocols::parse("ipv4"), Ok(IPV4));
        assert_eq!(Protocols::parse("IPv4, ipv6"), Protocols::parse("all"));
        assert_eq!(
            Protocols::parse("").unwrap().wildcards(),
            Vec::<IpAddr>::new()
        );
        assert!(Protocols::parse("ipv5").unwrap_err().contains("\"ipv5\""));
    }

    #[test]
    fn loopback_is_an_own_address() {
        let loopback: IpAddr = "127.0.0.1".parse().unwrap();
        for text in [
            "loopback-only",
            "127.0.0.1",
            "[127.0.0.1], 127.0.0.1",
            "all",
        ] {
            let own = own_addresses(text, IPV4).unwrap();
            let count = own
                .iter()
                .filter(|(address, _)| *address == loopback)
                .count();
            assert_eq!(count, 1, "{text}");
        }
    }

    #[test]
    fn an_address_of_somebody_else_is_refused() {
        let error = own_addresses("192.0.2.77", IPV4).unwrap_err();
        assert_eq!(
            error,
            "parameter inet_interfaces: no local interface found for 192.0.2.77"
        );
        let error = own_addresses("no such host", IPV4).unwrap_err();
        assert!(error.contains("host not found: no"), "{error}");
    }
}
