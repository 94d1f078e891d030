// SPDX-License-Identifier: MIT OR Apache-2.0
//! Logins that prove the knowledge of a password without telling it: CRAM-MD5 (RFC 2195) and
//! DIGEST-MD5 (RFC 2831). Pure functions of what was said.

use md5::{Digest as _, Md5};
use runtime::text::hex_encode;

/// The digest of texts one after the other.
fn md5(texts: &[&[u8]]) -> Vec<u8> {
    let mut digest = Md5::new();
    for text in texts {
        digest.update(text);
    }
    digest.finalize().to_vec()
}

/// The keyed digest of RFC 2104.
fn hmac_md5(key: &[u8], text: &[u8]) -> Vec<u8> {
    const BLOCK: usize = 64;
    let mut block = if key.len() > BLOCK {
        md5(&[key])
    } else {
        key.to_vec()
    };
    block.resize(BLOCK, 0);
    let with = |mask: u8| -> Vec<u8> { block.iter().map(|byte| byte ^ mask).collect() };
    md5(&[&with(0x5c), &md5(&[&with(0x36), text])])
}

/// Whether two digests in hexadecimal are the same, in a time that does not tell where they
/// differ.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    let differing = one.iter().zip(other).fold(0, |all, (a, b)| all | (a ^ b));
    one.len() == other.len() && differing == 0
}

/// A dialogue of CRAM-MD5.
pub(super) struct CramMd5 {
    pub(super) challenge: String,
}

impl CramMd5 {
    pub(super) fn new(nonce: &str, host: &str) -> CramMd5 {
        let challenge = format!("<{nonce}@{host}>");
        CramMd5 { challenge }
    }

    /// User and digest of a response.
    pub(super) fn split<'r>(&self, response: &'r [u8]) -> Option<(&'r [u8], &'r [u8])> {
        let at = response.iter().rposition(|&b| b == b' ')?;
        let (user, digest) = response.split_at_checked(at)?;
        Some((user, digest.get(1..)?))
    }

    /// Whether the digest proves that the client knows this password.
    pub(super) fn is_right(&self, password: &[u8], digest: &[u8]) -> bool {
        let right = hex_encode(&hmac_md5(password, self.challenge.as_bytes()));
        is_same(right.to_ascii_lowercase().as_bytes(), digest)
    }
}

/// A dialogue of DIGEST-MD5, for authentication alone.
pub(super) struct DigestMd5 {
    nonce: String,
    realm: String,
}

/// What a client says about itself.
pub(super) struct Claim {
    pub(super) user: Vec<u8>,
    pub(super) realm: String,
    fields: Fields,
}

/// Names and values of a response.
type Fields = Vec<(Vec<u8>, Vec<u8>)>;

fn field<'f>(fields: &'f Fields, name: &str) -> Option<&'f [u8]> {
    let found = fields
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name.as_bytes()));
    found.map(|(_, value)| value.as_slice())
}

impl DigestMd5 {
    pub(super) fn new(nonce: &str, realm: &str) -> DigestMd5 {
        DigestMd5 {
            nonce: nonce.to_owned(),
            realm: realm.to_owned(),
        }
    }

    pub(super) fn challenge(&self) -> String {
        let DigestMd5 { nonce, realm } = self;
        format!("nonce=\"{nonce}\",realm=\"{realm}\",qop=\"auth\",charset=utf-8,algorithm=md5-sess")
    }

    /// A response that is one to our challenge.
    pub(super) fn read(&self, response: &[u8]) -> Option<Claim> {
        let fields = parse(response)?;
        let is = |name: &str, value: &[u8], default: bool| {
            field(&fields, name).map_or(default, |found| found == value)
        };
        let is_ours = is("nonce", self.nonce.as_bytes(), false)
            && is("nc", b"00000001", false)
            && is("qop", b"auth", true)
            && field(&fields, "cnonce").is_some_and(|cnonce| !cnonce.is_empty())
            && field(&fields, "digest-uri").is_some();
        let user = field(&fields, "username")?.to_vec();
        let realm = field(&fields, "realm").unwrap_or_default();
        let realm = String::from_utf8_lossy(realm).into_owned();
        // Users of another domain are not ours to vouch for.
        (is_ours && (realm.is_empty() || realm == self.realm)).then_some(Claim {
            user,
            realm,
            fields,
        })
    }

    /// What proves to the client that we know its password, if the client has proved it to us.
    pub(super) fn proof(&self, claim: &Claim, password: &[u8]) -> Option<String> {
        let value = |name| field(&claim.fields, name).unwrap_or_default();
        let is_utf8 = value("charset").eq_ignore_ascii_case(b"utf-8");
        let spelled = |text: &[u8]| if is_utf8 { narrow(text) } else { text.to_vec() };
        let secret = md5(&[
            &spelled(&claim.user),
            b":",
            &spelled(claim.realm.as_bytes()),
            b":",
            &spelled(password),
        ]);
        let mut session = vec![secret, b":".to_vec()];
        session.push(self.nonce.clone().into_bytes());
        session.extend([b":".to_vec(), value("cnonce").to_vec()]);
        if let Some(other) = field(&claim.fields, "authzid") {
            session.extend([b":".to_vec(), other.to_vec()]);
        }
        let session: Vec<&[u8]> = session.iter().map(Vec::as_slice).collect();
        let session = hex(&md5(&session));
        let response = |method: &str| {
            let target = hex(&md5(&[method.as_bytes(), b":", value("digest-uri")]));
            let (nonce, cnonce) = (self.nonce.as_bytes(), value("cnonce"));
            let parts: [&[u8]; 11] = [
                session.as_bytes(),
                b":",
                nonce,
                b":",
                b"00000001",
                b":",
                cnonce,
                b":",
                b"auth",
                b":",
                target.as_bytes(),
            ];
            hex(&md5(&parts))
        };
        is_same(response("AUTHENTICATE").as_bytes(), value("response"))
            .then(|| format!("rspauth={}", response("")))
    }
}

fn hex(bytes: &[u8]) -> String {
    hex_encode(bytes).to_ascii_lowercase()
}

/// UTF-8 in the smaller character set of old, where that has all its characters.
fn narrow(text: &[u8]) -> Vec<u8> {
    let narrowed = std::str::from_utf8(text).ok().and_then(|text| {
        let bytes = text.chars().map(|c| u8::try_from(u32::from(c)).ok());
        bytes.collect::<Option<Vec<u8>>>()
    });
    narrowed.unwrap_or_else(|| text.to_vec())
}

/// `name=value` or `name="value"`, with commas between.
fn parse(response: &[u8]) -> Option<Fields> {
    let mut fields = Fields::new();
    let mut rest = response.trim_ascii();
    while !rest.is_empty() {
        let equals = rest.iter().position(|&b| b == b'=')?;
        let name = rest.get(..equals)?.trim_ascii().to_vec();
        let (value, after) = take_value(rest.get(equals + 1..)?.trim_ascii_start())?;
        // A name that comes twice could mean two things.
        if fields.iter().any(|(known, _)| *known == name) {
            return None;
        }
        fields.push((name, value));
        rest = after.trim_ascii_start();
        match rest.split_first() {
            None => {}
            Some((b',', more)) => rest = more.trim_ascii_start(),
            Some(_) => return None,
        }
    }
    Some(fields)
}

fn take_value(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let Some(quoted) = text.strip_prefix(b"\"") else {
        let end = text.iter().position(|&b| b == b',').unwrap_or(text.len());
        let (value, rest) = text.split_at_checked(end)?;
        return Some((value.trim_ascii_end().to_vec(), rest));
    };
    let mut value = Vec::new();
    let mut bytes = quoted.iter().enumerate();
    while let Some((at, &byte)) = bytes.next() {
        match byte {
            b'"' => return Some((value, quoted.get(at + 1..)?)),
            b'\\' => value.push(*bytes.next()?.1),
            _ => value.push(byte),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 2195.
    #[test]
    fn cram_md5_is_that_of_the_standard() {
        let dialogue = CramMd5 {
            challenge: "<1896.697170952@postoffice.reston.mci.net>".to_owned(),
        };
        let response = b"tim b913a602c7eda7a495b4e6e7334d3890";
        let (user, digest) = dialogue.split(response).expect("two words");
        assert_eq!(user, b"tim");
        assert!(dialogue.is_right(b"tanstaaftanstaaf", digest));
        assert!(!dialogue.is_right(b"tanstaaf", digest));
    }

    /// The example of RFC 2831, section 4, with the service of its first part.
    #[test]
    fn digest_md5_is_that_of_the_standard() {
        let dialogue = DigestMd5::new("OA6MG9tEQGm2hh", "elwood.innosoft.com");
        let response = b"charset=utf-8,username=\"chris\",realm=\"elwood.innosoft.com\",\
            nonce=\"OA6MG9tEQGm2hh\",nc=00000001,cnonce=\"OA6MHXh6VqTrRk\",\
            digest-uri=\"imap/elwood.innosoft.com\",\
            response=d388dad90d4bbd760a152321f2143af7,qop=auth";
        let claim = dialogue.read(response).expect("a response");
        assert_eq!(claim.user, b"chris");
        let proof = dialogue.proof(&claim, b"secret");
        assert_eq!(
            proof.as_deref(),
            Some("rspauth=ea40f60335c427b5527b84dbabcdfffd")
        );
        assert_eq!(dialogue.proof(&claim, b"guess"), None);
    }

    #[test]
    fn a_response_to_another_challenge_is_none() {
        let dialogue = DigestMd5::new("n", "r");
        let good = "username=a,realm=r,nonce=n,nc=00000001,cnonce=c,digest-uri=smtp/x,response=x";
        let is_read = |text: &str| dialogue.read(text.as_bytes()).is_some();
        assert!(is_read(good));
        for (from, to) in [
            ("nonce=n,", "nonce=m,"),
            ("nc=00000001", "nc=00000002"),
            ("realm=r", "realm=other"),
            ("cnonce=c", "cnonce="),
            ("username=a,", ""),
            ("response=x", "qop=auth-conf"),
            ("response=x", "username=b"),
            ("response=x", "response=\"x"),
            ("response=x", "response=\"x\"y"),
            ("response=x", "response"),
        ] {
            assert!(!is_read(&good.replacen(from, to, 1)), "{to}");
        }
    }
}
