// SPDX-License-Identifier: MIT OR Apache-2.0
//! Network patterns with the messages of the original.
//!
//! *Postfix:* cidr_match(3).

use runtime::net::cidr::{Block, BlockError};

/// Reads `net/len`, `[net]/len`, `[net/len]`, or an address; the error is a whole message.
///
/// An IPv6 pattern stays one, even where it wraps an IPv4 address: `[::ffff:127.0.0.1]` says
/// nothing about 127.0.0.1.
pub(crate) fn parse(pattern: &str) -> Result<Block, String> {
    let (network, length) = split(pattern)?;
    let Some(length) = length else {
        let width = if network.contains(':') { 128 } else { 32 };
        return Block::parse(&format!("{network}/{width}"))
            .map_err(|_bad| format!("bad address pattern: \"{network}\""));
    };
    let bare = format!("{network}/{length}");
    if length.is_empty() || !length.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("bad mask value in \"{bare}\""));
    }
    let longest: u32 = if network.contains(':') { 128 } else { 32 };
    if length.parse().map_or(true, |length: u32| length > longest) {
        return Err(format!("bad mask length in \"{bare}\""));
    }
    Block::parse(&bare).map_err(|error| match error {
        BlockError::BadAddress | BlockError::BadPrefix => {
            format!("bad network value in \"{bare}\"")
        }
        BlockError::HostBits(meant) => format!(
            "non-null host address bits in \"{bare}\", perhaps you should use \"{}/{}\" instead",
            meant.network(),
            meant.prefix()
        ),
    })
}

/// The network and the length of its prefix, without brackets.
fn split(pattern: &str) -> Result<(&str, Option<&str>), String> {
    let Some(inner) = pattern.strip_prefix('[') else {
        return Ok(at_slash(pattern));
    };
    let Some((inside, behind)) = inner.split_once(']') else {
        return Err(format!("missing ']' character after \"{pattern}\""));
    };
    match behind.strip_prefix('/') {
        Some(length) => Ok((inside, Some(length))),
        None if !behind.is_empty() => Err(format!("garbage after \"[{inside}]\"")),
        None => Ok(at_slash(inside)),
    }
}

fn at_slash(text: &str) -> (&str, Option<&str>) {
    match text.split_once('/') {
        Some((network, length)) => (network, Some(length)),
        None => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_say_what_is_wrong() {
        for (pattern, message) in [
            ("1.2.3.0/99", "bad mask length in \"1.2.3.0/99\""),
            ("1.2.3.0/x", "bad mask value in \"1.2.3.0/x\""),
            ("[::]/0x", "bad mask value in \"::/0x\""),
            ("x/8", "bad network value in \"x/8\""),
            ("/8", "bad network value in \"/8\""),
            ("[1.2.3.0/24]/24", "bad network value in \"1.2.3.0/24/24\""),
            ("1.2.3.999", "bad address pattern: \"1.2.3.999\""),
            ("[]", "bad address pattern: \"\""),
            ("[1.2.3.4", "missing ']' character after \"[1.2.3.4\""),
            ("[1.2.3.4]x", "garbage after \"[1.2.3.4]\""),
            (
                "[::1]/64",
                "non-null host address bits in \"::1/64\", perhaps you should use \"::/64\" instead",
            ),
        ] {
            assert_eq!(parse(pattern).unwrap_err(), message);
        }
    }

    #[test]
    fn brackets_may_stand_around_the_network_or_the_pattern() {
        for pattern in ["10.0.0.0/8", "[10.0.0.0]/8", "[10.0.0.0/8]"] {
            let block = parse(pattern).unwrap();
            assert!(block.contains("10.1.2.3".parse().unwrap()), "{pattern}");
        }
    }

    #[test]
    fn wrapped_addresses_are_ipv6_patterns() {
        let block = parse("::ffff:127.0.0.1").unwrap();
        assert!(block.network().is_ipv6());
        assert!(block.contains("::ffff:127.0.0.1".parse().unwrap()));
        assert!(!block.contains("127.0.0.1".parse().unwrap()));
    }
}
