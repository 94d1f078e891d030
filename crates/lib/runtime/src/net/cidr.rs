// SPDX-License-Identifier: MIT OR Apache-2.0
//! Blocks of addresses: `192.168.0.0/16`, `[2001:db8::]/32`, or one address.
//!
//! *Invariants:* a block has no bits outside its mask. An IPv6 address that only wraps an IPv4
//! address is that IPv4 address.
//!
//! *Postfix:* cidr_match(3), mynetworks(3).

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A network, or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Block {
    network: IpAddr,
    prefix: u8,
}

/// Why a text is no block. The text completes "bad net/mask pattern: ...".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockError {
    /// The part before the slash is no address.
    BadAddress,
    /// The part after the slash is no prefix length.
    BadPrefix,
    /// Bits are set beyond the prefix; the block that was probably meant.
    HostBits(Block),
}

impl fmt::Display for BlockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadAddress => f.write_str("bad network address"),
            Self::BadPrefix => f.write_str("bad mask length"),
            Self::HostBits(meant) => {
                write!(
                    f,
                    "non-null host address bits, perhaps you should use \"{meant}\" instead"
                )
            }
        }
    }
}

impl std::error::Error for BlockError {}

impl Block {
    /// The block of one address.
    pub fn single(address: IpAddr) -> Self {
        let network = unmapped(address);
        Self {
            network,
            prefix: width(network),
        }
    }

    /// The block around an address, with the address's other bits cleared.
    pub fn around(address: IpAddr, prefix: u8) -> Self {
        let network = unmapped(address);
        let prefix = prefix.min(width(network));
        Self {
            network: masked(network, prefix),
            prefix,
        }
    }

    /// Reads `address`, `address/prefix`, `[address]/prefix` or `[address/prefix]`.
    pub fn parse(text: &str) -> Result<Self, BlockError> {
        let inner = text
            .strip_prefix('[')
            .map_or(text, |t| t.strip_suffix(']').unwrap_or(t));
        let (address, prefix) = match inner.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (inner, None),
        };
        let address = address.trim_end_matches(']');
        let address: IpAddr = address.parse().map_err(|_not_one| BlockError::BadAddress)?;
        let Some(prefix) = prefix else {
            return Ok(Self::single(address));
        };
        let digits = !prefix.is_empty() && prefix.bytes().all(|b| b.is_ascii_digit());
        let prefix: u8 = if digits { prefix.parse().ok() } else { None }
            .filter(|p| *p <= width(address))
            .ok_or(BlockError::BadPrefix)?;
        let block = Self {
            network: masked(address, prefix),
            prefix,
        };
        if block.network == address {
            Ok(block)
        } else {
            Err(BlockError::HostBits(block))
        }
    }

    /// Whether the address lies in this block.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = if self.network.is_ipv4() {
            unmapped(address)
        } else {
            address
        };
        address.is_ipv4() == self.network.is_ipv4() && masked(address, self.prefix) == self.network
    }

    /// The first address.
    pub fn network(&self) -> IpAddr {
        self.network
    }

    /// The length of the prefix in bits.
    pub fn prefix(&self) -> u8 {
        self.prefix
    }
}

impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.network {
            IpAddr::V4(v4) => write!(f, "{v4}/{}", self.prefix),
            IpAddr::V6(v6) => write!(f, "[{v6}]/{}", self.prefix),
        }
    }
}

/// The length of the prefix of a netmask such as `255.255.0.0`.
pub fn prefix_of_netmask(mask: IpAddr) -> u8 {
    let ones = match mask {
        IpAddr::V4(v4) => v4.to_bits().leading_ones(),
        IpAddr::V6(v6) => v6.to_bits().leading_ones(),
    };
    u8::try_from(ones).unwrap_or(128)
}

/// The IPv4 address inside an IPv4-mapped IPv6 address; any other address as it is.
pub fn unmapped(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn masked(address: IpAddr, prefix: u8) -> IpAddr {
    let drop = u32::from(width(address).saturating_sub(prefix));
    match address {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(drop).unwrap_or(0);
            IpAddr::V4(Ipv4Addr::from_bits(v4.to_bits() & mask))
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(drop).unwrap_or(0);
            IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & mask))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn addresses_are_matched_by_prefix() {
        let block = Block::parse("192.168.0.0/16").unwrap();
        assert!(block.contains(address("192.168.255.1")));
        assert!(block.contains(address("::ffff:192.168.1.1")));
        assert!(!block.contains(address("192.169.0.1")));
        assert!(!block.contains(address("::1")));
        assert!(
            Block::parse("0.0.0.0/0")
                .unwrap()
                .contains(address("1.2.3.4"))
        );
        assert!(!Block::parse("::/0").unwrap().contains(address("1.2.3.4")));
    }

    #[test]
    fn brackets_may_be_anywhere_sensible() {
        let want = Block::parse("2001:db8::/32").unwrap();
        for text in ["[2001:db8::]/32", "[2001:db8::/32]"] {
            assert_eq!(Block::parse(text), Ok(want), "{text}");
        }
        assert_eq!(Block::parse("[::1]"), Ok(Block::single(address("::1"))));
        assert_eq!(want.to_string(), "[2001:db8::]/32");
    }

    #[test]
    fn mistakes_are_named() {
        assert_eq!(Block::parse("nonsense"), Err(BlockError::BadAddress));
        assert_eq!(Block::parse("1.2.3.4/33"), Err(BlockError::BadPrefix));
        assert_eq!(Block::parse("1.2.3.4/+3"), Err(BlockError::BadPrefix));
        let error = Block::parse("192.168.1.1/16").unwrap_err();
        assert_eq!(
            error.to_string(),
            "non-null host address bits, perhaps you should use \"192.168.0.0/16\" instead"
        );
    }

    #[test]
    fn a_netmask_has_a_prefix() {
        assert_eq!(prefix_of_netmask(address("255.255.240.0")), 20);
        assert_eq!(prefix_of_netmask(address("ffff::")), 16);
    }
}
