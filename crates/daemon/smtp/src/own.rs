// SPDX-License-Identifier: MIT OR Apache-2.0
//! Our own addresses: mail must not be sent to them, and may have to come from them.
//!
//! *Postfix:* own_inet_addr(3), and its use by smtp(8).

use std::net::IpAddr;

use runtime::net::interfaces::{self, Protocols};

use crate::destination::words;

/// The addresses that `inet_interfaces` and `proxy_interfaces` name.
#[derive(Clone, Debug, Default)]
pub(crate) struct OwnAddresses {
    interfaces: Vec<IpAddr>,
    proxies: Vec<IpAddr>,
}

impl OwnAddresses {
    /// Asks the system; before a jail hides what it needs.
    ///
    /// # Errors
    /// A fatal text.
    pub(crate) fn of_system(
        inet_interfaces: &str,
        proxy_interfaces: &str,
        protocols: Protocols,
    ) -> Result<OwnAddresses, String> {
        let own = interfaces::own_addresses(inet_interfaces, protocols)?;
        let mut proxies = Vec::new();
        for host in words(proxy_interfaces) {
            let found = interfaces::addresses_of(host)
                .map_err(|_| format!("config variable proxy_interfaces: host not found: {host}"))?;
            proxies.extend(found);
        }
        Ok(OwnAddresses {
            interfaces: own.into_iter().map(|(address, _)| address).collect(),
            proxies,
        })
    }

    /// Addresses that a test names.
    #[cfg(test)]
    pub(crate) fn these(interfaces: &[&str]) -> OwnAddresses {
        let interfaces = interfaces
            .iter()
            .map(|text| text.parse().unwrap())
            .collect();
        OwnAddresses {
            interfaces,
            proxies: Vec::new(),
        }
    }

    /// Whether mail sent to `address` would come back to us.
    pub(crate) fn contain(&self, address: IpAddr) -> bool {
        self.interfaces.contains(&address) || self.proxies.contains(&address)
    }

    /// The address to connect from when there is only one of the family of `remote`, and it is
    /// not a loopback address: a virtual host speaks with its own voice.
    pub(crate) fn only_one_like(&self, remote: IpAddr) -> Option<IpAddr> {
        let same = |address: &&IpAddr| address.is_ipv4() == remote.is_ipv4();
        let mut candidates = self.interfaces.iter().filter(same);
        match (candidates.next(), candidates.next()) {
            (Some(only), None) if !only.is_loopback() => Some(*only),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_outside_address_is_spoken_from() {
        let remote: IpAddr = "192.0.2.9".parse().unwrap();
        let one = OwnAddresses::these(&["192.0.2.1", "2001:db8::1"]);
        assert_eq!(
            one.only_one_like(remote),
            Some("192.0.2.1".parse().unwrap())
        );
        let two = OwnAddresses::these(&["192.0.2.1", "127.0.0.1"]);
        assert_eq!(two.only_one_like(remote), None);
        assert_eq!(
            OwnAddresses::these(&["127.0.0.1"]).only_one_like(remote),
            None
        );
        assert!(one.contain("2001:db8::1".parse().unwrap()) && !one.contain(remote));
    }
}
