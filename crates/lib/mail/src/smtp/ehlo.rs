// SPDX-License-Identifier: MIT OR Apache-2.0
//! EHLO keywords: what a server offers.
//!
//! *Postfix:* the EHLO part of smtp(8)'s protocol code.

use bitflags::bitflags;

bitflags! {
    /// The extensions we know.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct Features: u32 {
        /// PIPELINING
        const PIPELINING = 1;
        /// SIZE
        const SIZE = 1 << 1;
        /// 8BITMIME
        const EIGHT_BIT_MIME = 1 << 2;
        /// STARTTLS
        const STARTTLS = 1 << 3;
        /// AUTH
        const AUTH = 1 << 4;
        /// XFORWARD NAME
        const XFORWARD_NAME = 1 << 5;
        /// XFORWARD ADDR
        const XFORWARD_ADDR = 1 << 6;
        /// XFORWARD PORT
        const XFORWARD_PORT = 1 << 7;
        /// XFORWARD PROTO
        const XFORWARD_PROTO = 1 << 8;
        /// XFORWARD HELO
        const XFORWARD_HELO = 1 << 9;
        /// XFORWARD IDENT
        const XFORWARD_IDENT = 1 << 10;
        /// XFORWARD SOURCE (DOMAIN)
        const XFORWARD_SOURCE = 1 << 11;
        /// ENHANCEDSTATUSCODES
        const ENHANCED_STATUS_CODES = 1 << 12;
        /// DSN
        const DSN = 1 << 13;
        /// SMTPUTF8
        const SMTPUTF8 = 1 << 14;
        /// CHUNKING
        const CHUNKING = 1 << 15;
        /// REQUIRETLS
        const REQUIRETLS = 1 << 16;
        /// VRFY
        const VRFY = 1 << 17;
        /// ETRN
        const ETRN = 1 << 18;
        /// XVERP
        const XVERP = 1 << 19;
        /// XCLIENT
        const XCLIENT = 1 << 20;
    }
}

/// What the reply to EHLO (or LHLO) offers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// The name in the first line.
    pub host: Vec<u8>,
    /// The extensions.
    pub features: Features,
    /// The limit after SIZE, in bytes; 0: none given.
    pub size_limit: u64,
    /// What was given after SIZE and is no number; such a keyword changes no limit.
    pub bad_size_limits: Vec<Vec<u8>>,
    /// The mechanisms after AUTH, as given.
    pub auth_mechanisms: Vec<Vec<u8>>,
}

impl Offer {
    /// Reads a complete reply as [`super::reply::Reply`] keeps it. Keywords we do not know are
    /// skipped.
    pub fn parse(reply_text: &[u8]) -> Offer {
        let mut lines = reply_text
            .split(|&b| b == b'\n')
            .map(|line| line.get(4..).unwrap_or(b""));
        let mut offer = Offer::default();
        if let Some(first) = lines.next() {
            offer.host = words(first).next().unwrap_or_default().to_vec();
        }
        for line in lines {
            offer.keyword(line);
        }
        offer
    }

    fn keyword(&mut self, line: &[u8]) {
        let mut words = words(line);
        let Some(keyword) = words.next() else { return };
        let keyword = keyword.to_ascii_uppercase();
        let simple = SIMPLE.iter().find(|(name, _)| name.as_bytes() == keyword);
        if let Some((_, feature)) = simple {
            self.features |= *feature;
        }
        match keyword.as_slice() {
            b"SIZE" => {
                if let Some(limit) = words.next() {
                    match decimal(limit) {
                        Some(limit) => self.size_limit = limit,
                        None => self.bad_size_limits.push(limit.to_vec()),
                    }
                }
            }
            b"XFORWARD" => {
                for word in words {
                    let attribute = XFORWARD
                        .iter()
                        .find(|(name, _)| word.eq_ignore_ascii_case(name.as_bytes()));
                    if let Some((_, feature)) = attribute {
                        self.features |= *feature;
                    }
                }
            }
            b"AUTH" => self.mechanisms(words),
            // The form of servers that follow a draft: AUTH=LOGIN.
            _ => {
                if let Some(first) = keyword.strip_prefix(b"AUTH=") {
                    self.features |= Features::AUTH;
                    self.mechanisms(std::iter::once(first));
                    self.mechanisms(words);
                }
            }
        }
    }

    fn mechanisms<'w>(&mut self, words: impl Iterator<Item = &'w [u8]>) {
        for word in words {
            let known = self
                .auth_mechanisms
                .iter()
                .any(|old| old.eq_ignore_ascii_case(word));
            if !known && !word.is_empty() && self.auth_mechanisms.len() < MECHANISM_LIMIT {
                self.auth_mechanisms.push(word.to_vec());
            }
        }
    }
}

/// More mechanisms than this are not remembered.
const MECHANISM_LIMIT: usize = 64;

const SIMPLE: [(&str, Features); 15] = [
    ("PIPELINING", Features::PIPELINING),
    ("SIZE", Features::SIZE),
    ("8BITMIME", Features::EIGHT_BIT_MIME),
    ("STARTTLS", Features::STARTTLS),
    ("AUTH", Features::AUTH),
    ("ENHANCEDSTATUSCODES", Features::ENHANCED_STATUS_CODES),
    ("DSN", Features::DSN),
    ("SMTPUTF8", Features::SMTPUTF8),
    ("CHUNKING", Features::CHUNKING),
    ("REQUIRETLS", Features::REQUIRETLS),
    ("VRFY", Features::VRFY),
    ("ETRN", Features::ETRN),
    ("XVERP", Features::XVERP),
    ("VERP", Features::XVERP),
    ("XCLIENT", Features::XCLIENT),
];

const XFORWARD: [(&str, Features); 7] = [
    ("NAME", Features::XFORWARD_NAME),
    ("ADDR", Features::XFORWARD_ADDR),
    ("PORT", Features::XFORWARD_PORT),
    ("PROTO", Features::XFORWARD_PROTO),
    ("HELO", Features::XFORWARD_HELO),
    ("IDENT", Features::XFORWARD_IDENT),
    ("SOURCE", Features::XFORWARD_SOURCE),
];

fn words(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty())
}

/// A decimal number that fits.
fn decimal(word: &[u8]) -> Option<u64> {
    if word.is_empty() || !word.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(word).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keywords_become_features() {
        let offer = Offer::parse(
            b"250-mail.example Hello\n250-pipelining\n250-SIZE 1000\n250-AUTH PLAIN LOGIN\n\
              250-AUTH=PLAIN CRAM-MD5\n250-XFORWARD NAME ADDR\n250-UNKNOWN x\n250 8BITMIME",
        );
        assert_eq!(offer.host, b"mail.example");
        assert_eq!(offer.size_limit, 1000);
        assert_eq!(
            offer.features,
            Features::PIPELINING
                | Features::SIZE
                | Features::AUTH
                | Features::XFORWARD_NAME
                | Features::XFORWARD_ADDR
                | Features::EIGHT_BIT_MIME
        );
        assert_eq!(
            offer.auth_mechanisms,
            [&b"PLAIN"[..], b"LOGIN", b"CRAM-MD5"]
        );
    }

    #[test]
    fn size_without_a_number_is_no_limit() {
        for text in [
            "250-x\n250 SIZE",
            "250-x\n250 SIZE x",
            "250-x\n250 SIZE 99999999999999999999999",
        ] {
            let offer = Offer::parse(text.as_bytes());
            assert_eq!((offer.size_limit, offer.features), (0, Features::SIZE));
        }
        let offer = Offer::parse(b"250-x\n250-SIZE 100\n250 SIZE x");
        assert_eq!(
            (offer.size_limit, offer.bad_size_limits),
            (100, vec![b"x".to_vec()])
        );
    }

    proptest! {
        #[test]
        fn any_reply_can_be_read(text in prop::collection::vec(any::<u8>(), 0..100)) {
            Offer::parse(&text);
        }
    }
}
