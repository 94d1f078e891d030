// SPDX-License-Identifier: MIT OR Apache-2.0
//! Lists of host names, addresses and networks.

use std::net::IpAddr;

use mail::text::casefold;

use super::domains::{ParentMatch, match_domain};
use super::patterns::{Pattern, Patterns};
use crate::{LookupError, OpenError, Options, block};

/// A list of host names, addresses and networks, such as `mynetworks`.
pub struct AddressList {
    patterns: Patterns,
    parents: ParentMatch,
}

impl AddressList {
    /// Reads the list; opens its tables and files. `title` is the parameter's name.
    ///
    /// # Errors
    /// A `!` without pattern; with [`Options::open_error_is_fatal`] also a table or file that
    /// cannot be opened.
    pub fn parse(
        title: &str,
        text: &str,
        parents: ParentMatch,
        options: &Options,
    ) -> Result<Self, OpenError> {
        let patterns = Patterns::parse(title, text, options)?;
        Ok(Self { patterns, parents })
    }

    /// Whether the list matches the host `name` or its `address` (without brackets).
    ///
    /// # Errors
    /// A table failed, or a network is written wrongly, before a pattern matched.
    pub fn matches(&mut self, name: &[u8], address: &[u8]) -> Result<bool, LookupError> {
        let name = casefold(name);
        let address = casefold(address);
        let parents = self.parents;
        self.patterns.first(|pattern| {
            Ok(match_domain(pattern, &name, parents)? || match_address(pattern, &address)?)
        })
    }

    /// Whether the list has no patterns.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// The name of a table whose file changed since it was opened.
    pub fn changed(&self) -> Option<&str> {
        self.patterns.changed()
    }
}

fn match_address(pattern: &mut Pattern, address: &[u8]) -> Result<bool, LookupError> {
    if address.is_empty() {
        return Ok(false);
    }
    match pattern {
        Pattern::Table(table) => table.get(address).map(|found| found.is_some()),
        Pattern::Text(pattern) => {
            let bare = pattern
                .strip_prefix(b"[")
                .and_then(|rest| rest.strip_suffix(b"]"));
            if bare.unwrap_or(pattern) == address {
                return Ok(true);
            }
            match_network(pattern, address)
        }
    }
}

/// Host names and junk are no networks, and an IPv4 address is in no IPv6 network: only what
/// looks like a network of the right family is read as one.
fn match_network(pattern: &[u8], address: &[u8]) -> Result<bool, LookupError> {
    let is_v6 = |text: &[u8]| text.contains(&b':');
    let looks_like_network = pattern.iter().any(|byte| matches!(byte, b':' | b'/'))
        && pattern
            .iter()
            .all(|byte| byte.is_ascii_hexdigit() || b".:/[]".contains(byte));
    if is_v6(pattern) != is_v6(address) || !looks_like_network {
        return Ok(false);
    }
    let (Ok(pattern), Ok(address)) = (std::str::from_utf8(pattern), std::str::from_utf8(address))
    else {
        return Ok(false);
    };
    let block = block::parse(pattern).map_err(LookupError::Retry)?;
    Ok(address
        .parse::<IpAddr>()
        .is_ok_and(|address| block.contains(address)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> AddressList {
        AddressList::parse("mynetworks", text, ParentMatch::Subdomains, &Options::new()).unwrap()
    }

    #[test]
    fn addresses_networks_and_literals_match() {
        let mut list = list(
            "127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128 192.0.2.7 [2001:db8::5] [2001:db8:1::]/48",
        );
        for address in [
            "127.1.2.3",
            "::1",
            "192.0.2.7",
            "2001:db8::5",
            "2001:DB8:1:2::3",
        ] {
            assert!(
                list.matches(b"unknown", address.as_bytes()).unwrap(),
                "{address}"
            );
        }
        for address in ["128.0.0.1", "::2", "192.0.2.8", "2001:db8:2::1", ""] {
            assert!(
                !list.matches(b"unknown", address.as_bytes()).unwrap(),
                "{address}"
            );
        }
    }

    #[test]
    fn names_match_as_domains() {
        let mut list = list("!bad.example.com example.com 10.0.0.0/8");
        assert!(list.matches(b"www.Example.com", b"192.0.2.1").unwrap());
        assert!(!list.matches(b"bad.example.com", b"10.0.0.1").unwrap());
        assert!(list.matches(b"other.example", b"10.0.0.1").unwrap());
    }

    #[test]
    fn a_network_with_host_bits_makes_the_question_fail() {
        let mut list = list("192.0.2.1 10.0.0.1/8");
        assert!(list.matches(b"unknown", b"192.0.2.1").unwrap());
        assert!(
            matches!(list.matches(b"unknown", b"10.1.1.1"), Err(LookupError::Retry(text))
            if text == "non-null host address bits in \"10.0.0.1/8\", \
                perhaps you should use \"10.0.0.0/8\" instead")
        );
    }

    #[test]
    fn tables_are_asked_for_name_and_address() {
        let mut list = list("cidr:{{10.0.0.0/8 x}} inline:{example.com=x}");
        assert!(list.matches(b"unknown", b"10.9.8.7").unwrap());
        assert!(list.matches(b"www.example.com", b"192.0.2.1").unwrap());
        assert!(!list.matches(b"unknown", b"192.0.2.1").unwrap());
    }
}
