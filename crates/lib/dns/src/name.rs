// SPDX-License-Identifier: MIT OR Apache-2.0
//! Host and domain names: what may be asked, and what may be believed.
//!
//! *Postfix:* `valid_hostname` with underscores allowed, `midna_domain`.

use std::net::IpAddr;

/// Longest name in text form (RFC 1035).
const NAME_LIMIT: usize = 255;
/// Longest label (RFC 1035).
const LABEL_LIMIT: usize = 63;

/// Whether `name` may be used as a host or domain name: labels of letters, digits, hyphen
/// and underscore, not all digits and dots. A single leading `*` label is accepted when
/// `wildcard` answers are expected, never here.
#[must_use]
pub fn is_acceptable(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    if name.is_empty() || name.len() > NAME_LIMIT {
        return false;
    }
    let label_is_fine = |label: &str| {
        !label.is_empty()
            && label.len() <= LABEL_LIMIT
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    name.split('.').all(label_is_fine) && name.bytes().any(|b| !b.is_ascii_digit() && b != b'.')
}

/// The ASCII form of a domain (RFC 5891 through UTS 46); ASCII names come back unchanged.
/// `None` when there is no such form.
#[must_use]
pub fn to_ascii(domain: &str) -> Option<String> {
    if domain.is_ascii() {
        return Some(domain.to_owned());
    }
    idna::domain_to_ascii(domain)
        .ok()
        .filter(|ascii| is_acceptable(ascii))
}

/// The name under which the PTR record of `address` is found.
#[must_use]
pub fn reverse_name(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, d] = v4.octets();
            format!("{d}.{c}.{b}.{a}.in-addr.arpa")
        }
        IpAddr::V6(v6) => {
            let mut name = String::with_capacity(72);
            for byte in v6.octets().iter().rev() {
                name.push_str(&format!("{:x}.{:x}.", byte & 0xf, byte >> 4));
            }
            name.push_str("ip6.arpa");
            name
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn underscores_are_accepted_and_numbers_are_not() {
        assert!(is_acceptable("_dmarc.ex_ample.test"));
        assert!(is_acceptable("3com.test."));
        for bad in [
            "",
            ".",
            "a..b",
            "127.0.0.1",
            "-a.test",
            "a b",
            "é.test",
            &"a".repeat(64),
        ] {
            assert!(!is_acceptable(bad), "{bad}");
        }
        assert!(!is_acceptable(&"a.".repeat(200)));
    }

    #[test]
    fn international_names_have_an_ascii_form() {
        assert_eq!(to_ascii("grå.org").as_deref(), Some("xn--gr-zia.org"));
        assert_eq!(
            to_ascii("Plain_Name.test").as_deref(),
            Some("Plain_Name.test")
        );
        assert_eq!(to_ascii("\u{fffd}.org"), None);
    }

    #[test]
    fn reverse_names_follow_both_families() {
        assert_eq!(
            reverse_name("192.0.2.1".parse().unwrap()),
            "1.2.0.192.in-addr.arpa"
        );
        let v6 = reverse_name("2001:db8::1".parse().unwrap());
        assert!(v6.starts_with("1.0.0.0.") && v6.ends_with("8.b.d.0.1.0.0.2.ip6.arpa"));
        assert_eq!(
            reverse_name("::ffff:192.0.2.1".parse().unwrap()),
            "1.2.0.192.in-addr.arpa"
        );
    }
}
