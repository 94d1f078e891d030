// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which domains are this machine: `mydestination`, and the addresses it receives mail on.
//!
//! *Postfix:* global/resolve_local(3), own_inet_addr(3).

use crate::params::Params;
use mail::text::parse_literal;
use maps::{LookupError, Options, StringList};
use runtime::log;
use runtime::net::interfaces::{Protocols, addresses_of, own_addresses};
use std::net::IpAddr;

/// The domains and addresses of this machine.
pub(crate) struct LocalDomains {
    destinations: StringList,
    addresses: Vec<IpAddr>,
}

impl LocalDomains {
    pub(crate) fn open(params: &Params, options: &Options) -> Result<LocalDomains, String> {
        let destinations = StringList::parse("mydestination", &params.mydestination, options)
            .map_err(|error| error.to_string())?;
        let protocols = Protocols::parse(&params.inet_protocols)?;
        let own = own_addresses(&params.inet_interfaces, protocols)?;
        let mut addresses: Vec<IpAddr> = own.into_iter().map(|(address, _mask)| address).collect();
        let proxies = params.proxy_interfaces.split([',', ' ', '\t', '\r', '\n']);
        for proxy in proxies.filter(|word| !word.is_empty()) {
            match addresses_of(proxy) {
                Ok(found) => addresses.extend(found),
                Err(error) => {
                    return Err(format!("parameter proxy_interfaces: host {proxy}: {error}"));
                }
            }
        }
        Ok(LocalDomains {
            destinations,
            addresses,
        })
    }

    /// Whether mail for this domain, or address literal, is for this machine.
    pub(crate) fn contains(&mut self, domain: &[u8]) -> Result<bool, LookupError> {
        let domain = match domain.strip_suffix(b".") {
            Some(bare) if !bare.is_empty() && !bare.ends_with(b".") => bare,
            _ => domain,
        };
        let listed = self.destinations.matches(domain);
        if let Err(error) = &listed {
            log::warning(format_args!("mydestination lookup failure: {error}"));
        }
        Ok(listed? || parse_literal(domain).is_some_and(|own| self.addresses.contains(&own)))
    }

    pub(crate) fn changed(&self) -> Option<&str> {
        self.destinations.changed()
    }
}
