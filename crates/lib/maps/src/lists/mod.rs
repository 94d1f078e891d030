// SPDX-License-Identifier: MIT OR Apache-2.0
//! Match lists: patterns, files of patterns and tables, with negation.
//!
//! *Postfix:* match_list(3), string_list(3), domain_list(3), namadr_list(3).

use crate::{LookupError, OpenError, Options};

/// How a domain in a list matches names below it (`parent_domain_matches_subdomains`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParentMatch {
    /// `example.com` also matches `www.example.com`.
    Subdomains,
    /// Only `.example.com` matches `www.example.com`.
    DotOnly,
}

impl ParentMatch {
    /// The style for the parameter `name`, given the text of `parent_domain_matches_subdomains`.
    pub fn of(name: &str, parent_domain_matches_subdomains: &str) -> Self {
        let listed = parent_domain_matches_subdomains
            .split([',', ' ', '\t', '\r', '\n'])
            .any(|word| word.eq_ignore_ascii_case(name));
        if listed {
            Self::Subdomains
        } else {
            Self::DotOnly
        }
    }
}

/// A list that compares whole strings, such as `mydestination`.
pub struct StringList {}

impl StringList {
    /// Reads the list; opens its tables and files. `title` is the parameter's name.
    pub fn parse(title: &str, text: &str, options: &Options) -> Result<Self, OpenError> {
        let _ = (title, text, options);
        Ok(Self {})
    }

    /// Whether the list matches `text`.
    pub fn matches(&mut self, text: &[u8]) -> Result<bool, LookupError> {
        let _ = text;
        Ok(false)
    }

    /// The name of a table whose file changed since it was opened.
    pub fn changed(&self) -> Option<&str> {
        None
    }
}

/// A list of domains, such as `relay_domains`.
pub struct DomainList {}

impl DomainList {
    /// Reads the list; opens its tables and files. `title` is the parameter's name.
    pub fn parse(
        title: &str,
        text: &str,
        parents: ParentMatch,
        options: &Options,
    ) -> Result<Self, OpenError> {
        let _ = (title, text, parents, options);
        Ok(Self {})
    }

    /// Whether the list matches the domain.
    pub fn matches(&mut self, domain: &[u8]) -> Result<bool, LookupError> {
        let _ = domain;
        Ok(false)
    }

    /// The name of a table whose file changed since it was opened.
    pub fn changed(&self) -> Option<&str> {
        None
    }
}

/// A list of host names, addresses and networks, such as `mynetworks`.
pub struct AddressList {}

impl AddressList {
    /// Reads the list; opens its tables and files. `title` is the parameter's name.
    pub fn parse(
        title: &str,
        text: &str,
        parents: ParentMatch,
        options: &Options,
    ) -> Result<Self, OpenError> {
        let _ = (title, text, parents, options);
        Ok(Self {})
    }

    /// Whether the list matches the host `name` or its `address` (without brackets).
    pub fn matches(&mut self, name: &[u8], address: &[u8]) -> Result<bool, LookupError> {
        let _ = (name, address);
        Ok(false)
    }

    /// The name of a table whose file changed since it was opened.
    pub fn changed(&self) -> Option<&str> {
        None
    }
}
