// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which domains are this site's own, so that a bare user name is a key in address tables.
//!
//! *Postfix:* global/resolve_local(3), own_inet_addr(3).

use std::net::IpAddr;

use maps::{LookupError, Options, StringList};

use crate::params::Params;

/// `myorigin`, `mydestination`, and literals of own addresses.
pub(crate) struct LocalDomains {
    origin: Vec<u8>,
    destinations: StringList,
    addresses: Vec<IpAddr>,
}

impl LocalDomains {
    /// Reads the lists.
    pub(crate) fn open(params: &Params, options: &Options) -> Result<LocalDomains, String> {
        let destinations = StringList::parse("mydestination", &params.mydestination, options)
            .map_err(|error| error.to_string())?;
        let protocols = runtime::net::interfaces::Protocols::parse(&params.inet_protocols);
        // Without own addresses nothing but literals in tables stops working.
        let mut addresses: Vec<IpAddr> = protocols
            .and_then(|protocols| {
                runtime::net::interfaces::own_addresses(&params.inet_interfaces, protocols)
            })
            .map(|own| own.into_iter().map(|(address, _)| address).collect())
            .unwrap_or_default();
        let proxies = params
            .proxy_interfaces
            .split(|c: char| c == ',' || c.is_ascii_whitespace());
        for proxy in proxies.filter(|word| !word.is_empty()) {
            addresses.extend(runtime::net::interfaces::addresses_of(proxy).unwrap_or_default());
        }
        Ok(LocalDomains {
            origin: params.myorigin.as_bytes().to_vec(),
            destinations,
            addresses,
        })
    }

    /// Whether the domain is `myorigin` or local.
    pub(crate) fn contains(&mut self, domain: &[u8]) -> Result<bool, LookupError> {
        if domain.eq_ignore_ascii_case(&self.origin) {
            return Ok(true);
        }
        let domain = domain.strip_suffix(b".").unwrap_or(domain);
        if self.destinations.matches(&mail::text::casefold(domain))? {
            return Ok(true);
        }
        let literal = mail::text::parse_literal(domain);
        Ok(literal.is_some_and(|address| self.addresses.contains(&address)))
    }
}
