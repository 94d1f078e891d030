// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a certificate says about itself: names, the kind of its key, fingerprints.
//!
//! Only what log lines, headers and tables need; whether a certificate may be believed is decided
//! by [`crate::authorities`].
//!
//! *Invariants:* parsing is total and never copies more than the certificate. What is not
//! understood is an empty name or an unknown key.
//!
//! *Postfix:* tls_peer_CN, tls_issuer_CN of tls_verify(3), tls_fprint(3).

use md5::Md5;
use rustls::pki_types::CertificateDer;
use sha1::Sha1;
use sha2::digest::Digest as _;
use sha2::{Sha224, Sha256, Sha384, Sha512};

/// A digest for fingerprints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digest {
    /// For the fingerprints of old tables only.
    Md5,
    /// The same.
    Sha1,
    /// 224 bits of SHA-2.
    Sha224,
    /// 256 bits of SHA-2: what everybody uses.
    Sha256,
    /// 384 bits of SHA-2.
    Sha384,
    /// 512 bits of SHA-2.
    Sha512,
}

impl Digest {
    /// The digest with this name, as OpenSSL spells it.
    #[must_use]
    pub fn parse(name: &str) -> Option<Digest> {
        match name.to_ascii_lowercase().as_str() {
            "md5" => Some(Digest::Md5),
            "sha1" => Some(Digest::Sha1),
            "sha224" => Some(Digest::Sha224),
            "sha256" => Some(Digest::Sha256),
            "sha384" => Some(Digest::Sha384),
            "sha512" => Some(Digest::Sha512),
            _ => None,
        }
    }

    /// The fingerprint of some bytes: `AB:CD:…`.
    #[must_use]
    pub fn fingerprint(self, bytes: &[u8]) -> String {
        let digest = match self {
            Digest::Md5 => Md5::digest(bytes).to_vec(),
            Digest::Sha1 => Sha1::digest(bytes).to_vec(),
            Digest::Sha224 => Sha224::digest(bytes).to_vec(),
            Digest::Sha256 => Sha256::digest(bytes).to_vec(),
            Digest::Sha384 => Sha384::digest(bytes).to_vec(),
            Digest::Sha512 => Sha512::digest(bytes).to_vec(),
        };
        let pairs: Vec<String> = digest.iter().map(|byte| format!("{byte:02X}")).collect();
        pairs.join(":")
    }
}

/// The kind of a public key, as log lines tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum KeyKind {
    Rsa { bits: usize },
    Ecdsa { curve: &'static str },
    Ed25519,
    Unknown,
}

/// The parts of a certificate.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Parts<'a> {
    issuer: &'a [u8],
    subject: &'a [u8],
    /// The public key with its kind (SubjectPublicKeyInfo), as DER.
    pub(crate) public_key: &'a [u8],
}

impl<'a> Parts<'a> {
    /// Takes a certificate apart (RFC 5280, 4.1).
    pub(crate) fn of(certificate: &'a CertificateDer<'_>) -> Option<Parts<'a>> {
        let (outer, _) = Element::first(certificate)?.of_kind(SEQUENCE)?;
        let (mut fields, _) = Element::first(outer)?.of_kind(SEQUENCE)?;
        // The version is there or not; serial number and algorithm follow.
        if Element::first(fields)?.tag == VERSION {
            fields = Element::first(fields)?.rest;
        }
        for _ in 0..2 {
            fields = Element::first(fields)?.rest;
        }
        let (issuer, rest) = Element::first(fields)?.of_kind(SEQUENCE)?;
        let validity = Element::first(rest)?;
        let (subject, rest) = Element::first(validity.rest)?.of_kind(SEQUENCE)?;
        let key = Element::first(rest)?;
        Some(Parts {
            issuer,
            subject,
            public_key: key.whole,
        })
    }

    /// The common name of the subject; empty if there is none.
    pub(crate) fn subject_name(&self) -> String {
        find_name(self.subject, COMMON_NAME).unwrap_or_default()
    }

    /// The common name of the issuer, or its organisation; empty if there is neither.
    pub(crate) fn issuer_name(&self) -> String {
        find_name(self.issuer, COMMON_NAME)
            .or_else(|| find_name(self.issuer, ORGANIZATION))
            .unwrap_or_default()
    }

    /// The whole name of the issuer, as OpenSSL writes it on one line: `/C=NL/CN=Authority`.
    pub(crate) fn issuer_line(&self) -> String {
        let mut line = String::new();
        let _ = attributes(self.issuer, |kind, value| {
            let known = ATTRIBUTES.iter().find(|(object, _)| *object == kind);
            let name = known.map_or("?", |(_, name)| name);
            let value = text(value).unwrap_or_default();
            line.push_str(&format!("/{name}={value}"));
            None::<()>
        });
        line
    }

    /// Whether it says that it is its own issuer.
    pub(crate) fn is_self_issued(&self) -> bool {
        self.issuer == self.subject
    }

    /// The kind of the key.
    pub(crate) fn key_kind(&self) -> KeyKind {
        key_kind(self.public_key).unwrap_or(KeyKind::Unknown)
    }
}

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const VERSION: u8 = 0xa0;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OBJECT: u8 = 0x06;
const LATIN1: u8 = 0x14;
const UCS2: u8 = 0x1e;

const COMMON_NAME: &[u8] = &[0x55, 4, 3];
const ORGANIZATION: &[u8] = &[0x55, 4, 10];
/// The attributes of names, with OpenSSL's short names.
const ATTRIBUTES: [(&[u8], &str); 9] = [
    (COMMON_NAME, "CN"),
    (&[0x55, 4, 5], "serialNumber"),
    (&[0x55, 4, 6], "C"),
    (&[0x55, 4, 7], "L"),
    (&[0x55, 4, 8], "ST"),
    (ORGANIZATION, "O"),
    (&[0x55, 4, 11], "OU"),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 9, 1], "emailAddress"),
    (&[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 100, 1, 25], "DC"),
];
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 1];
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
const CURVES: [(&[u8], &str); 3] = [
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7], "prime256v1"),
    (&[0x2b, 0x81, 4, 0, 34], "secp384r1"),
    (&[0x2b, 0x81, 4, 0, 35], "secp521r1"),
];

/// One element of DER.
struct Element<'a> {
    tag: u8,
    content: &'a [u8],
    whole: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Element<'a> {
    fn first(bytes: &'a [u8]) -> Option<Element<'a>> {
        let (&tag, after_tag) = bytes.split_first()?;
        let (&first, mut after) = after_tag.split_first()?;
        let mut length = usize::from(first);
        if length >= 0x80 {
            let count = length - 0x80;
            if !(1..=3).contains(&count) {
                return None;
            }
            let (digits, behind) = after.split_at_checked(count)?;
            length = digits
                .iter()
                .fold(0, |n, &digit| n << 8 | usize::from(digit));
            after = behind;
        }
        let (content, rest) = after.split_at_checked(length)?;
        let whole = bytes.get(..bytes.len() - rest.len())?;
        Some(Element {
            tag,
            content,
            whole,
            rest,
        })
    }

    /// Content and rest, if it is of this kind.
    fn of_kind(self, tag: u8) -> Option<(&'a [u8], &'a [u8])> {
        (self.tag == tag).then_some((self.content, self.rest))
    }
}

/// The first attribute of this kind in a name.
fn find_name(name: &[u8], kind: &[u8]) -> Option<String> {
    attributes(name, |object, value| (object == kind).then(|| text(value)))?
}

/// Shows the attributes of a name, a sequence of sets of pairs, until something comes of one.
fn attributes<T>(
    mut name: &[u8],
    mut show: impl FnMut(&[u8], &Element<'_>) -> Option<T>,
) -> Option<T> {
    while !name.is_empty() {
        let (mut set, rest) = Element::first(name)?.of_kind(SET)?;
        while !set.is_empty() {
            let (pair, others) = Element::first(set)?.of_kind(SEQUENCE)?;
            let (object, value) = Element::first(pair)?.of_kind(OBJECT)?;
            let found = show(object, &Element::first(value)?);
            if found.is_some() {
                return found;
            }
            set = others;
        }
        name = rest;
    }
    None
}

/// A string as UTF-8; none with control characters, which no honest name has.
fn text(element: &Element<'_>) -> Option<String> {
    let content = element.content;
    let text = match element.tag {
        UCS2 => {
            let units: Vec<u16> = content
                .chunks_exact(2)
                .map(|pair| {
                    pair.iter()
                        .fold(0, |unit, &byte| unit << 8 | u16::from(byte))
                })
                .collect();
            String::from_utf16(&units).ok()?
        }
        LATIN1 => content.iter().map(|&byte| char::from(byte)).collect(),
        _ => std::str::from_utf8(content).ok()?.to_owned(),
    };
    (!text.chars().any(char::is_control)).then_some(text)
}

fn key_kind(public_key: &[u8]) -> Option<KeyKind> {
    let (fields, _) = Element::first(public_key)?.of_kind(SEQUENCE)?;
    let (algorithm, key) = Element::first(fields)?.of_kind(SEQUENCE)?;
    let (object, parameters) = Element::first(algorithm)?.of_kind(OBJECT)?;
    if object == ED25519 {
        return Some(KeyKind::Ed25519);
    }
    if object == EC {
        let (curve, _) = Element::first(parameters)?.of_kind(OBJECT)?;
        let known = CURVES.iter().find(|(object, _)| *object == curve);
        return known.map(|(_, curve)| KeyKind::Ecdsa { curve });
    }
    if object != RSA {
        return None;
    }
    let (bits, _) = Element::first(key)?.of_kind(BIT_STRING)?;
    // The first byte counts unused bits: none.
    let (numbers, _) = Element::first(bits.get(1..)?)?.of_kind(SEQUENCE)?;
    let (modulus, _) = Element::first(numbers)?.of_kind(INTEGER)?;
    let start = modulus.iter().position(|&byte| byte != 0)?;
    let zeros = usize::try_from(modulus.get(start)?.leading_zeros()).ok()?;
    Some(KeyKind::Rsa {
        bits: (modulus.len() - start) * 8 - zeros,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_pairs_of_digits() {
        assert_eq!(
            Digest::Md5.fingerprint(b""),
            "D4:1D:8C:D9:8F:00:B2:04:E9:80:09:98:EC:F8:42:7E"
        );
        assert!(Digest::Sha1.fingerprint(b"").starts_with("DA:39:A3:EE"));
        assert!(Digest::Sha256.fingerprint(b"").starts_with("E3:B0:C4:42"));
        assert_eq!(Digest::parse("SHA512"), Some(Digest::Sha512));
        assert_eq!(Digest::parse("crc32"), None);
    }

    #[test]
    fn names_of_every_encoding_become_utf_8_and_control_characters_none() {
        let element = |tag, content: &'static [u8]| Element {
            tag,
            content,
            whole: &[],
            rest: &[],
        };
        assert_eq!(text(&element(0x0c, "ä".as_bytes())).as_deref(), Some("ä"));
        assert_eq!(text(&element(LATIN1, b"\xe4")).as_deref(), Some("ä"));
        assert_eq!(text(&element(UCS2, b"\x00\xe4")).as_deref(), Some("ä"));
        assert_eq!(text(&element(0x13, b"a\nb")), None);
        assert_eq!(text(&element(0x0c, b"\xff")), None);
    }

    #[test]
    fn broken_certificates_have_no_parts() {
        for bytes in [
            &b""[..],
            b"\x30",
            b"\x30\x84\xff\xff\xff\xff",
            b"\x30\x02\x30\x00",
            b"\x30\x80",
        ] {
            assert_eq!(Parts::of(&CertificateDer::from(bytes)), None);
        }
    }
}
