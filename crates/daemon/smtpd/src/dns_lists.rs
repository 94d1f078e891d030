// SPDX-License-Identifier: MIT OR Apache-2.0
//! DNS lists: what somebody publishes about addresses and names.
//!
//! A list is asked once for each address or name in a session; the answer, also that there is
//! none, is remembered until the session ends.
//!
//! *Invariants*: a list that cannot be asked says nothing about anybody.
//!
//! *Postfix:* rbl_pagein, find_dnsxl_addr and find_dnsxl_domain of smtpd_check(3).

use std::collections::HashMap;
use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr};

use dns::{FailureKind, Families, Resolver, name};
use runtime::log;
use runtime::net::octets::{AddressPattern, PatternError};

/// The longest reason that is taken from a list, bytes.
const REASON_LIMIT: usize = 500;

/// A list as a restriction names it, `domain=pattern` or `domain`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DnsList {
    /// The whole word.
    pub(crate) word: String,
    /// The part before the equals sign.
    pub(crate) domain: String,
    /// The answers that count; any if there is none.
    filter: Option<AddressPattern>,
}

impl DnsList {
    /// Reads the argument of a restriction.
    ///
    /// # Errors
    /// What stands after the equals sign is no pattern.
    pub(crate) fn parse(word: &str) -> Result<DnsList, PatternError> {
        let (domain, filter) = match word.split_once('=') {
            Some((domain, pattern)) => (domain, Some(AddressPattern::parse(pattern)?)),
            None => (word, None),
        };
        Ok(DnsList {
            word: word.to_owned(),
            domain: domain.to_owned(),
            filter,
        })
    }
}

/// What a list says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Listing {
    /// It has no such entry, or none that counts.
    Absent,
    /// Nobody knows: the list did not answer.
    Unknown,
    /// It has an entry; with the text that goes with it, or an empty one.
    Listed(String),
}

/// An answer of the name service.
enum Answer {
    Absent,
    Unknown,
    Listed {
        addresses: Vec<Ipv4Addr>,
        reason: String,
    },
}

/// What lists have said in this session.
#[derive(Default)]
pub(crate) struct DnsLists {
    answers: HashMap<String, Answer>,
}

impl DnsLists {
    /// Forgets everything: another session begins.
    pub(crate) fn forget(&mut self) {
        self.answers.clear();
    }

    /// What the list says about an address or a name in [`subject`] form.
    pub(crate) fn ask(
        &mut self,
        resolver: &mut Resolver,
        list: &DnsList,
        subject: &str,
    ) -> Listing {
        let question = format!("{subject}.{}", list.domain);
        let answer = self
            .answers
            .entry(question)
            .or_insert_with_key(|question| look_up(resolver, question));
        match (answer, &list.filter) {
            (Answer::Absent, _) => Listing::Absent,
            (Answer::Unknown, _) => Listing::Unknown,
            (Answer::Listed { addresses, .. }, Some(filter))
                if !addresses.iter().any(|address| filter.matches(*address)) =>
            {
                Listing::Absent
            }
            (Answer::Listed { reason, .. }, _) => Listing::Listed(reason.clone()),
        }
    }
}

/// The name under which lists have an address: its parts in reverse order.
pub(crate) fn reversed(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => {
            let [a, b, c, d] = address.octets();
            format!("{d}.{c}.{b}.{a}")
        }
        IpAddr::V6(address) => {
            let mut text = String::with_capacity(64);
            for byte in address.octets().iter().rev() {
                let separator = if text.is_empty() { "" } else { "." };
                // Writing to a string does not fail.
                let _ = write!(text, "{separator}{:x}.{:x}", byte & 0xf, byte >> 4);
            }
            text
        }
    }
}

/// The name under which lists have the domain of a name or mail address; none where there can be
/// no such entry: lists do not want to be asked about addresses in the place of names.
pub(crate) fn domain_of(what: &[u8]) -> Option<String> {
    let domain = match what.iter().rposition(|b| *b == b'@') {
        Some(at) => what.get(at + 1..)?,
        None => what,
    };
    let domain = std::str::from_utf8(domain).ok()?;
    let last = domain.rsplit('.').next().unwrap_or(domain);
    if domain.starts_with('[') || last.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    name::to_ascii(domain).filter(|domain| mail::text::is_valid_hostname(domain.as_bytes()))
}

fn look_up(resolver: &mut Resolver, question: &str) -> Answer {
    let addresses = match resolver.addresses(question, Families::V4) {
        Ok(addresses) => addresses,
        Err(failure) if failure.kind == FailureKind::NotFound => return Answer::Absent,
        Err(failure) => {
            log::warning(format_args!("{question}: RBL lookup error: {failure}"));
            return Answer::Unknown;
        }
    };
    let v4 = |address| match address {
        IpAddr::V4(address) => Some(address),
        IpAddr::V6(_) => None,
    };
    Answer::Listed {
        addresses: addresses.into_iter().filter_map(v4).collect(),
        reason: joined(&resolver.texts(question).unwrap_or_default()),
    }
}

/// Several texts as one, not too long.
fn joined(texts: &[String]) -> String {
    let mut reason = texts.join(" / ");
    // Texts of TXT records are ASCII.
    reason.truncate(REASON_LIMIT);
    reason
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_asked_for_backwards() {
        let reversed = |text: &str| reversed(text.parse().expect("an address"));
        assert_eq!(reversed("192.0.2.1"), "1.2.0.192");
        let v6 = reversed("2001:db8::1");
        assert!(v6.starts_with("1.0.0.0.") && v6.ends_with(".8.b.d.0.1.0.0.2"));
    }

    #[test]
    fn only_names_are_asked_for_as_domains() {
        let domain = |text: &str| domain_of(text.as_bytes());
        assert_eq!(domain("a@b.example").as_deref(), Some("b.example"));
        assert_eq!(domain("host.example").as_deref(), Some("host.example"));
        assert_eq!(
            domain("a@b\u{fc}.example").as_deref(),
            Some("xn--b-eha.example")
        );
        for text in [
            "a@[192.0.2.1]",
            "192.0.2.1",
            "a@",
            "",
            "a@b.1",
            "a@b..c",
            "a@-",
        ] {
            assert_eq!(domain(text), None, "{text}");
        }
    }

    #[test]
    fn answers_are_remembered_and_filtered() {
        let (mut resolver, _directory) = dns::fixture::resolver(
            "1.2.0.192.bl.test A 127.0.0.2\n\
             1.2.0.192.bl.test TXT because\n\
             1.2.0.192.bl.test TXT of that\n\
             2.2.0.192.bl.test SERVFAIL x",
            "",
        );
        let mut lists = DnsLists::default();
        let mut ask = |list: &str, subject: &str| {
            let list = DnsList::parse(list).expect("a list");
            lists.ask(&mut resolver, &list, subject)
        };
        let listed = Listing::Listed("because / of that".to_owned());
        for list in ["bl.test", "bl.test=127.0.0.2", "bl.test=127.0.0.[2..4]"] {
            assert_eq!(ask(list, "1.2.0.192"), listed, "{list}");
        }
        assert_eq!(ask("bl.test=127.0.0.3", "1.2.0.192"), Listing::Absent);
        assert_eq!(ask("bl.test", "3.2.0.192"), Listing::Absent);
        assert_eq!(ask("bl.test", "2.2.0.192"), Listing::Unknown);
        assert_eq!(lists.answers.len(), 3);
    }
}
