// SPDX-License-Identifier: MIT OR Apache-2.0
//! What we are ready to speak: versions, ciphers, groups for the key exchange.
//!
//! The library has TLS 1.2 and 1.3 and nine ciphers, all of them of the grade `high`: every grade
//! is this set, less what is excluded. As with OpenSSL, exclusions do not touch TLS 1.3.
//!
//! *Postfix:* tls_protocol_mask, tls_set_ciphers and tls_auto_groups of tls_misc(3).

use rustls::crypto::{CryptoProvider, SupportedKxGroup, aws_lc_rs};
use rustls::version::{TLS12, TLS13};
use rustls::{CipherSuite, NamedGroup, SupportedCipherSuite, SupportedProtocolVersion};

/// Whether a peer without TLS, or with less of it, is better than none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Strength {
    /// It is: `smtpd_tls_protocols`, `smtpd_tls_ciphers`.
    Opportunistic,
    /// TLS is required: the `mandatory` parameters.
    Mandatory,
}

/// What main.cf wants to speak.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offer {
    /// The name of the parameter with the versions, for messages.
    pub protocols_title: &'static str,
    /// Versions: `>=TLSv1.2`, `!SSLv3`, `TLSv1.3`.
    pub protocols: String,
    /// The name of the parameter with the grade, for messages.
    pub grade_title: &'static str,
    /// `high`, `medium`, `null`; `low` and `export` of old.
    pub grade: String,
    /// Ciphers that are left out, in OpenSSL's words.
    pub exclusions: Vec<String>,
    /// Groups in order of preference; empty for the library's order.
    pub groups: Vec<String>,
}

/// What OpenSSL says about a cipher.
pub(crate) struct Cipher {
    suite: CipherSuite,
    pub(crate) name: &'static str,
    pub(crate) bits: u16,
    /// What it is made of, as far as exclusions can name it.
    words: &'static [&'static str],
}

const ECDSA_256: &[&str] = &["aECDSA", "ECDSA", "AES", "AES256", "AESGCM", "SHA384"];
const ECDSA_128: &[&str] = &["aECDSA", "ECDSA", "AES", "AES128", "AESGCM", "SHA256"];
const RSA_256: &[&str] = &["aRSA", "RSA", "AES", "AES256", "AESGCM", "SHA384"];
const RSA_128: &[&str] = &["aRSA", "RSA", "AES", "AES128", "AESGCM", "SHA256"];
/// What all ciphers of TLS 1.2 have in common.
const ALL: &[&str] = &[
    "ALL", "HIGH", "TLSv1.2", "ECDHE", "EECDH", "kECDHE", "kEECDH",
];

const CIPHERS: [Cipher; 9] = [
    cipher(
        CipherSuite::TLS13_AES_256_GCM_SHA384,
        "TLS_AES_256_GCM_SHA384",
        256,
        &[],
    ),
    cipher(
        CipherSuite::TLS13_CHACHA20_POLY1305_SHA256,
        "TLS_CHACHA20_POLY1305_SHA256",
        256,
        &[],
    ),
    cipher(
        CipherSuite::TLS13_AES_128_GCM_SHA256,
        "TLS_AES_128_GCM_SHA256",
        128,
        &[],
    ),
    cipher(
        CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        "ECDHE-ECDSA-AES256-GCM-SHA384",
        256,
        ECDSA_256,
    ),
    cipher(
        CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        "ECDHE-RSA-AES256-GCM-SHA384",
        256,
        RSA_256,
    ),
    cipher(
        CipherSuite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        "ECDHE-ECDSA-CHACHA20-POLY1305",
        256,
        &["aECDSA", "ECDSA", "CHACHA20"],
    ),
    cipher(
        CipherSuite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        "ECDHE-RSA-CHACHA20-POLY1305",
        256,
        &["aRSA", "RSA", "CHACHA20"],
    ),
    cipher(
        CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        "ECDHE-ECDSA-AES128-GCM-SHA256",
        128,
        ECDSA_128,
    ),
    cipher(
        CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        "ECDHE-RSA-AES128-GCM-SHA256",
        128,
        RSA_128,
    ),
];

const fn cipher(
    suite: CipherSuite,
    name: &'static str,
    bits: u16,
    words: &'static [&'static str],
) -> Cipher {
    Cipher {
        suite,
        name,
        bits,
        words,
    }
}

impl Cipher {
    /// What OpenSSL says about this one.
    pub(crate) fn of(suite: CipherSuite) -> Option<&'static Cipher> {
        CIPHERS.iter().find(|cipher| cipher.suite == suite)
    }

    /// Whether an exclusion (`AES128`, `aRSA+CHACHA20`) means it.
    fn is_meant(&self, exclusion: &str) -> bool {
        let has = |word: &str| ALL.contains(&word) || self.words.contains(&word);
        // A cipher without words belongs to TLS 1.3.
        !self.words.is_empty() && (self.name == exclusion || exclusion.split('+').all(has))
    }
}

/// The name of a group and its curve, as log lines have them.
pub(crate) fn group_name(group: NamedGroup) -> (&'static str, Option<&'static str>) {
    match group {
        NamedGroup::X25519 => ("X25519", None),
        NamedGroup::secp256r1 => ("ECDHE", Some("prime256v1")),
        NamedGroup::secp384r1 => ("ECDHE", Some("secp384r1")),
        NamedGroup::secp521r1 => ("ECDHE", Some("secp521r1")),
        NamedGroup::X25519MLKEM768 => ("X25519MLKEM768", None),
        NamedGroup::secp256r1MLKEM768 => ("SecP256r1MLKEM768", None),
        _ => ("", None),
    }
}

impl Offer {
    /// The versions, and the library with just these ciphers and groups.
    ///
    /// # Errors
    /// The text of a warning: nothing is left to speak, or a parameter makes no sense.
    pub(crate) fn library(
        &self,
        warn: &mut dyn FnMut(String),
    ) -> Result<(Vec<&'static SupportedProtocolVersion>, CryptoProvider), String> {
        let versions = self.versions(warn)?;
        match self.grade.to_ascii_lowercase().as_str() {
            "high" | "medium" | "low" | "export" => {}
            "null" => warn(format!(
                "{} = null: ciphers that do not encrypt are not available, using \"high\"",
                self.grade_title
            )),
            _ => {
                let (title, grade) = (self.grade_title, &self.grade);
                return Err(format!("invalid TLS cipher grade: {title} = \"{grade}\""));
            }
        }
        let mut provider = aws_lc_rs::default_provider();
        provider.cipher_suites.retain(|suite| !self.excludes(suite));
        if !versions.contains(&&TLS13) && !provider.cipher_suites.iter().any(is_of_tls12) {
            return Err("all ciphers are excluded".to_owned());
        }
        provider.kx_groups = self.kx_groups();
        if provider.kx_groups.is_empty() {
            return Err("tls_eecdh_auto_curves: none of the groups is available".to_owned());
        }
        Ok((versions, provider))
    }

    fn excludes(&self, suite: &SupportedCipherSuite) -> bool {
        Cipher::of(suite.suite())
            .is_none_or(|cipher| self.exclusions.iter().any(|word| cipher.is_meant(word)))
    }

    fn kx_groups(&self) -> Vec<&'static dyn SupportedKxGroup> {
        if self.groups.is_empty() {
            // The one that a quantum computer does not break is worth its kilobyte.
            let mut groups = aws_lc_rs::ALL_KX_GROUPS.to_vec();
            groups.sort_by_key(|group| group.name() != NamedGroup::X25519MLKEM768);
            return groups;
        }
        let found = |name: &String| {
            let name = name.to_ascii_lowercase();
            let wanted = match name.as_str() {
                "x25519" => NamedGroup::X25519,
                "prime256v1" | "p-256" | "secp256r1" => NamedGroup::secp256r1,
                "secp384r1" | "p-384" => NamedGroup::secp384r1,
                "x25519mlkem768" => NamedGroup::X25519MLKEM768,
                "secp256r1mlkem768" => NamedGroup::secp256r1MLKEM768,
                _ => return None,
            };
            let mut groups = aws_lc_rs::ALL_KX_GROUPS.iter();
            groups.find(|group| group.name() == wanted).copied()
        };
        self.groups.iter().filter_map(found).collect()
    }

    fn versions(
        &self,
        warn: &mut dyn FnMut(String),
    ) -> Result<Vec<&'static SupportedProtocolVersion>, String> {
        let (title, text) = (self.protocols_title, &self.protocols);
        let range = Range::parse(text)
            .ok_or_else(|| format!("invalid TLS protocol list: {title} = \"{text}\""))?;
        let versions: Vec<_> = [&TLS12, &TLS13]
            .into_iter()
            .filter(|version| range.has(u16::from(version.version)))
            .collect();
        if versions.is_empty() {
            return Err(format!(
                "{title} = {text}: only TLS 1.2 and 1.3 are available"
            ));
        }
        if range.names_older {
            warn(format!(
                "{title} = {text}: versions before TLS 1.2 are not available"
            ));
        }
        Ok(versions)
    }
}

fn is_of_tls12(suite: &SupportedCipherSuite) -> bool {
    suite.version() == &TLS12
}

/// Versions by their numbers on the wire.
const VERSIONS: [(&str, u16); 6] = [
    ("SSLv2", 0x0002),
    ("SSLv3", 0x0300),
    ("TLSv1", 0x0301),
    ("TLSv1.1", 0x0302),
    ("TLSv1.2", 0x0303),
    ("TLSv1.3", 0x0304),
];

/// What a list of versions comes to.
#[derive(Debug, Default)]
struct Range {
    least: Option<u16>,
    most: Option<u16>,
    included: Vec<u16>,
    excluded: Vec<u16>,
    /// A version that the library does not have is asked for by name.
    names_older: bool,
}

impl Range {
    fn parse(text: &str) -> Option<Range> {
        let mut range = Range::default();
        let parts = text.split(|c: char| c.is_whitespace() || ",:".contains(c));
        for part in parts.filter(|part| !part.is_empty()) {
            if let Some(bound) = part.strip_prefix(">=") {
                range.least = Some(number(bound)?);
            } else if let Some(bound) = part.strip_prefix("<=") {
                range.most = Some(number(bound)?);
            } else if let Some(name) = part.strip_prefix('!') {
                range.excluded.push(number(name)?);
            } else {
                let version = number(part)?;
                range.names_older |= version < 0x0303;
                range.included.push(version);
            }
        }
        Some(range)
    }

    /// Excluding a version excludes all newer ones, unless an older one is left out as well.
    fn has(&self, version: u16) -> bool {
        self.least.is_none_or(|least| version >= least)
            && self.most.is_none_or(|most| version <= most)
            && (self.included.is_empty() || self.included.contains(&version))
            && !self.excluded.contains(&version)
            && self
                .excluded
                .iter()
                .all(|&hole| hole > version || self.is_floor(hole))
    }

    /// Whether nothing older than a version that is left out would be spoken.
    fn is_floor(&self, hole: u16) -> bool {
        VERSIONS
            .iter()
            .filter(|(_, older)| *older < hole && *older >= 0x0301)
            .all(|(_, older)| {
                self.excluded.contains(older) || self.least.is_some_and(|least| *older < least)
            })
    }
}

fn number(name: &str) -> Option<u16> {
    let known = VERSIONS
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name));
    known.map(|(_, number)| *number).or_else(|| {
        let digits = name.strip_prefix("0x").unwrap_or(name);
        (digits.len() == 4).then(|| u16::from_str_radix(digits, 16).ok())?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(protocols: &str, grade: &str, exclusions: &[&str]) -> Offer {
        Offer {
            protocols_title: "smtpd_tls_protocols",
            protocols: protocols.to_owned(),
            grade_title: "smtpd_tls_ciphers",
            grade: grade.to_owned(),
            exclusions: exclusions.iter().map(|&word| word.to_owned()).collect(),
            groups: Vec::new(),
        }
    }

    /// The versions, or the reason why there are none; and the warnings.
    fn spoken(protocols: &str) -> (Result<Vec<u16>, String>, usize) {
        let mut warnings = 0;
        let library = offer(protocols, "medium", &[]).library(&mut |_| warnings += 1);
        let versions = library.map(|(versions, _)| {
            versions
                .iter()
                .map(|version| u16::from(version.version) & 0xff)
                .collect()
        });
        (versions, warnings)
    }

    #[test]
    fn versions_are_a_range_or_names() {
        for (text, expected) in [
            (">=TLSv1", vec![3, 4]),
            ("", vec![3, 4]),
            (">=TLSv1.3", vec![4]),
            ("<=TLSv1.2", vec![3]),
            (">=0303, <=0x0303", vec![3]),
            ("!SSLv2, !SSLv3, !TLSv1, !TLSv1.1", vec![3, 4]),
            ("!SSLv2:!SSLv3", vec![3, 4]),
            ("!TLSv1.3", vec![3]),
            ("TLSv1.3", vec![4]),
        ] {
            assert_eq!(spoken(text), (Ok(expected), 0), "{text}");
        }
    }

    #[test]
    fn old_versions_are_missed_aloud() {
        assert_eq!(spoken("TLSv1, TLSv1.2"), (Ok(vec![3]), 1));
        assert!(spoken("TLSv1").0.is_err());
        assert!(spoken("TLSv9").0.is_err());
    }

    fn ciphers(grade: &str, exclusions: &[&str]) -> Vec<&'static str> {
        let (_, provider) = offer("", grade, exclusions)
            .library(&mut |_| ())
            .expect("ciphers");
        let suites = provider.cipher_suites.iter();
        suites
            .filter_map(|suite| Some(Cipher::of(suite.suite())?.name))
            .collect()
    }

    #[test]
    fn exclusions_are_names_kinds_and_combinations() {
        assert_eq!(ciphers("high", &["RC4", "aNULL", "MD5"]).len(), 9);
        assert_eq!(ciphers("high", &["AES128"]).len(), 7);
        assert_eq!(ciphers("export", &["aRSA+CHACHA20"]).len(), 8);
        assert_eq!(ciphers("medium", &["ECDHE-RSA-AES256-GCM-SHA384"]).len(), 8);
        // TLS 1.3 stays.
        assert_eq!(ciphers("medium", &["ECDHE"]).len(), 3);
    }

    #[test]
    fn nothing_left_to_speak_is_an_error() {
        assert!(
            offer("<=TLSv1.2", "high", &["ALL"])
                .library(&mut |_| ())
                .is_err()
        );
        assert!(offer("", "best", &[]).library(&mut |_| ()).is_err());
        let mut other = offer("", "high", &[]);
        other.groups = vec!["X448".to_owned()];
        assert!(other.library(&mut |_| ()).is_err());
    }
}
