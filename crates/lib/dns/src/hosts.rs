// SPDX-License-Identifier: MIT OR Apache-2.0
//! The hosts file, which native lookups ask first.
//!
//! *Errors*: an unreadable file is an empty one, as in libc.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::net::IpAddr;
use std::path::Path;

/// More of a hosts file than this is not read, bytes.
const FILE_LIMIT: u64 = 4 << 20;

/// What a hosts file says.
#[derive(Debug, Default)]
pub(crate) struct Hosts {
    addresses: HashMap<String, Vec<IpAddr>>,
    names: HashMap<IpAddr, String>,
}

impl Hosts {
    /// Reads the file, or gives an empty set.
    pub(crate) fn read(path: &Path) -> Hosts {
        let mut text = Vec::new();
        if let Ok(file) = File::open(path) {
            // An error in the middle leaves what came before it.
            let _ = file.take(FILE_LIMIT).read_to_end(&mut text);
        }
        Hosts::parse(&String::from_utf8_lossy(&text))
    }

    fn parse(text: &str) -> Hosts {
        let mut hosts = Hosts::default();
        for line in text.lines() {
            let line = line.split('#').next().unwrap_or_default();
            let mut words = line.split_whitespace();
            let Some(address) = words.next().and_then(|word| word.parse::<IpAddr>().ok()) else {
                continue;
            };
            for (index, name) in words.enumerate() {
                let known = hosts
                    .addresses
                    .entry(name.to_ascii_lowercase())
                    .or_default();
                if !known.contains(&address) {
                    known.push(address);
                }
                if index == 0 {
                    hosts
                        .names
                        .entry(address)
                        .or_insert_with(|| name.to_owned());
                }
            }
        }
        hosts
    }

    /// The addresses of `name`, in the order of the file.
    pub(crate) fn addresses(&self, name: &str) -> &[IpAddr] {
        let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
        self.addresses.get(&name).map_or(&[], Vec::as_slice)
    }

    /// The first name of `address`.
    pub(crate) fn name(&self, address: IpAddr) -> Option<&str> {
        self.names.get(&address).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_lines_of_a_name_count_and_comments_do_not() {
        let hosts =
            Hosts::parse("127.0.0.1 localhost # local\n::1 LOCALHOST ip6\n#9.9.9.9 x\nbad y\n");
        assert_eq!(hosts.addresses("localhost.").len(), 2);
        assert_eq!(hosts.name("127.0.0.1".parse().unwrap()), Some("localhost"));
        assert!(hosts.addresses("x").is_empty() && hosts.addresses("y").is_empty());
    }
}
