// SPDX-License-Identifier: MIT OR Apache-2.0
//! Address masquerading: `user@host.example.com` becomes `user@example.com`.
//!
//! *Postfix:* cleanup/cleanup_masquerade(3).

use mail::address::split_at_last_at;
use maps::{LookupError, StringList};

/// One entry of `masquerade_domains`.
#[derive(Debug)]
struct Domain {
    name: Vec<u8>,
    /// An entry with `!` protects the hosts below it.
    hide: bool,
}

/// `masquerade_domains` and `masquerade_exceptions`.
pub(crate) struct Masquerade {
    domains: Vec<Domain>,
    exceptions: StringList,
}

impl Masquerade {
    /// Reads the list of domains.
    pub(crate) fn new(domains: &str, exceptions: StringList) -> Masquerade {
        let domains = domains
            .split(|c: char| c == ',' || c.is_ascii_whitespace())
            .filter(|word| !word.is_empty())
            .map(|word| {
                let name = word.trim_start_matches('!');
                let hide = (word.len() - name.len()).is_multiple_of(2);
                Domain {
                    name: name.to_ascii_lowercase().into_bytes(),
                    hide,
                }
            })
            .collect();
        Masquerade {
            domains,
            exceptions,
        }
    }

    /// Whether there is anything to do at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.domains.is_empty()
    }

    /// The new address, if it changes.
    pub(crate) fn apply(&mut self, address: &[u8]) -> Result<Option<Vec<u8>>, LookupError> {
        let (local, Some(domain)) = split_at_last_at(address) else {
            return Ok(None);
        };
        if self.domains.is_empty() {
            return Ok(None);
        }
        let user = mail::text::casefold(local);
        if self.exceptions.matches(&user)? {
            return Ok(None);
        }
        for masquerade in &self.domains {
            let Some(at) = domain.len().checked_sub(masquerade.name.len()) else {
                continue;
            };
            let Some((host, parent)) = domain.split_at_checked(at) else {
                continue;
            };
            if !parent.eq_ignore_ascii_case(&masquerade.name) {
                continue;
            }
            if host.is_empty() {
                return Ok(None);
            }
            if host.last() == Some(&b'.') {
                return Ok(masquerade
                    .hide
                    .then(|| [local, b"@", &masquerade.name].concat()));
            }
        }
        Ok(None)
    }
}
