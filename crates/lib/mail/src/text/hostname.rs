// SPDX-License-Identifier: MIT OR Apache-2.0
//! Host names and addresses, as far as their syntax goes.

use std::net::IpAddr;

/// Whether the name is a host name: labels of letters, digits, hyphens and underscores, at most
/// 63 bytes each and 255 together, not all numeric. UTF-8 names are checked by their ASCII form.
pub fn is_valid_hostname(name: &[u8]) -> bool {
    let _ = name;
    false
}

/// Whether the text is an IPv4 or IPv6 address.
pub fn is_valid_hostaddr(text: &[u8]) -> bool {
    is_valid_ipv4(text) || is_valid_ipv6(text)
}

/// Whether the text is an IPv4 address: four decimal numbers, no leading zeros needed.
pub fn is_valid_ipv4(text: &[u8]) -> bool {
    let _ = text;
    false
}

/// Whether the text is an IPv6 address.
pub fn is_valid_ipv6(text: &[u8]) -> bool {
    let _ = text;
    false
}

/// An address literal, without its brackets.
pub type HostLiteral = IpAddr;

/// Reads `[1.2.3.4]` or `[IPv6:...]`.
pub fn parse_literal(text: &[u8]) -> Option<HostLiteral> {
    let _ = text;
    None
}

/// The ASCII (A-label) form of a domain name; `None` when it has none.
pub fn domain_to_ascii(domain: &[u8]) -> Option<Vec<u8>> {
    let _ = domain;
    None
}
