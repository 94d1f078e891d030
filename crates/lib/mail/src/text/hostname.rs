// SPDX-License-Identifier: MIT OR Apache-2.0
//! Host names and addresses, as far as their syntax goes.
//!
//! *Postfix:* util/valid_hostname(3), util/valid_utf8_hostname(3), global/valid_mailhost_addr(3),
//! util/midna_domain(3).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const NAME_LIMIT: usize = 255;
const LABEL_LIMIT: usize = 63;

/// Whether the name is a host name: labels of letters, digits, hyphens and underscores, at most
/// 63 bytes each and 255 together, not all numeric. Only ASCII.
pub fn is_valid_hostname(name: &[u8]) -> bool {
    let is_label = |label: &[u8]| {
        !label.is_empty()
            && label.len() <= LABEL_LIMIT
            && label
                .iter()
                .all(|&b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
            && label.first() != Some(&b'-')
            && label.last() != Some(&b'-')
    };
    name.len() <= NAME_LIMIT
        && name.split(|&b| b == b'.').all(is_label)
        && name.iter().any(|&b| !b.is_ascii_digit() && b != b'.')
}

/// Whether the name is a host name, or a UTF-8 name whose ASCII form is one.
pub fn is_valid_utf8_hostname(name: &[u8]) -> bool {
    if name.is_ascii() {
        return is_valid_hostname(name);
    }
    domain_to_ascii(name).is_some_and(|ascii| is_valid_hostname(&ascii))
}

/// Whether the text is an IPv4 or IPv6 address.
pub fn is_valid_hostaddr(text: &[u8]) -> bool {
    is_valid_ipv4(text) || is_valid_ipv6(text)
}

/// Whether the text is an IPv4 address: four decimal numbers. The first is not zero, except in
/// `0.0.0.0`.
pub fn is_valid_ipv4(text: &[u8]) -> bool {
    parse_ipv4(text).is_some()
}

fn parse_ipv4(text: &[u8]) -> Option<Ipv4Addr> {
    let mut octets = [0u8; 4];
    let mut count = 0;
    for part in text.split(|&b| b == b'.') {
        if part.is_empty() || part.len() > 10 || !part.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let value = part
            .iter()
            .fold(0u64, |value, b| value * 10 + u64::from(b - b'0'));
        *octets.get_mut(count)? = u8::try_from(value).ok()?;
        count += 1;
    }
    let address = Ipv4Addr::from(octets);
    (count == 4 && (octets[0] != 0 || address.is_unspecified())).then_some(address)
}

/// Whether the text is an IPv6 address.
pub fn is_valid_ipv6(text: &[u8]) -> bool {
    parse_ipv6(text).is_some()
}

fn parse_ipv6(text: &[u8]) -> Option<Ipv6Addr> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// Reads what may stand between the brackets of a literal: `1.2.3.4` or `IPv6:...`.
pub fn parse_literal_address(text: &[u8]) -> Option<IpAddr> {
    match text.split_at_checked(5) {
        Some((tag, rest)) if tag.eq_ignore_ascii_case(b"IPv6:") => parse_ipv6(rest).map(IpAddr::V6),
        _ => parse_ipv4(text).map(IpAddr::V4),
    }
}

/// Reads an address literal: `[1.2.3.4]` or `[IPv6:...]`.
pub fn parse_literal(text: &[u8]) -> Option<IpAddr> {
    parse_literal_address(text.strip_prefix(b"[")?.strip_suffix(b"]")?)
}

/// The ASCII (A-label) form of a domain name; `None` when it has none.
pub fn domain_to_ascii(domain: &[u8]) -> Option<Vec<u8>> {
    let ascii = idna::domain_to_ascii_cow(domain, idna::AsciiDenyList::EMPTY).ok()?;
    Some(ascii.into_owned().into_bytes())
}

/// The UTF-8 (U-label) form of a domain name; `None` when it has none.
pub fn domain_to_utf8(domain: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(domain).ok()?;
    let (unicode, result) = idna::domain_to_unicode(text);
    result.ok().map(|()| unicode.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn host_names_have_well_formed_labels() {
        for name in [
            &b"a"[..],
            b"a.b",
            b"a-b.c_d",
            b"1a.2",
            b"xn--bcher-kva.example",
        ] {
            assert!(is_valid_hostname(name), "{}", name.escape_ascii());
        }
        let long = "a".repeat(64);
        for name in [
            &b""[..],
            b".",
            b"a.",
            b".a",
            b"a..b",
            b"-a",
            b"a-",
            b"a b",
            b"1.2",
            b"\xe9",
            long.as_bytes(),
        ] {
            assert!(!is_valid_hostname(name), "{}", name.escape_ascii());
        }
    }

    #[test]
    fn utf8_names_are_judged_by_their_ascii_form() {
        assert!(is_valid_utf8_hostname("bücher.example".as_bytes()));
        assert!(!is_valid_utf8_hostname("bü cher".as_bytes()));
        assert!(!is_valid_utf8_hostname(b"b\xfccher"));
        assert_eq!(
            domain_to_ascii("bücher.example".as_bytes()),
            Some(b"xn--bcher-kva.example".to_vec())
        );
        assert_eq!(
            domain_to_utf8(b"xn--bcher-kva.example"),
            Some("bücher.example".as_bytes().to_vec())
        );
    }

    #[test]
    fn addresses_are_told_from_names() {
        for text in [
            &b"1.2.3.4"[..],
            b"0.0.0.0",
            b"255.255.255.255",
            b"::1",
            b"1:2::3.4.5.6",
        ] {
            assert!(is_valid_hostaddr(text), "{}", text.escape_ascii());
        }
        for text in [
            &b"1.2.3"[..],
            b"1.2.3.4.5",
            b"0.1.2.3",
            b"256.1.1.1",
            b"1.2.3.",
            b":::",
            b"",
        ] {
            assert!(!is_valid_hostaddr(text), "{}", text.escape_ascii());
        }
    }

    #[test]
    fn literals_name_their_family() {
        assert_eq!(
            parse_literal(b"[1.2.3.4]"),
            Some(IpAddr::from([1, 2, 3, 4]))
        );
        assert_eq!(
            parse_literal(b"[ipv6:::1]"),
            Some(IpAddr::from(Ipv6Addr::LOCALHOST))
        );
        assert_eq!(parse_literal(b"[::1]"), None);
        assert_eq!(parse_literal(b"1.2.3.4"), None);
    }

    proptest! {
        #[test]
        fn any_text_gets_an_answer(text in prop::collection::vec(any::<u8>(), 0..80)) {
            is_valid_utf8_hostname(&text);
            is_valid_hostaddr(&text);
            parse_literal(&text);
            domain_to_utf8(&text);
        }
    }
}
