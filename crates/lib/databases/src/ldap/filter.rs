// SPDX-License-Identifier: MIT OR Apache-2.0
//! Search filters: their text (RFC 4515) and what is sent (RFC 4511), and how keys are quoted in
//! them and in names of entries.
//!
//! *Invariants*: a filter nests at most [`DEPTH_LIMIT`] deep.
//!
//! *Postfix:* rfc2254_quote and rfc2253_quote of dict_ldap(3); parsing is what libldap does.

use bstr::ByteSlice as _;

use super::ber::{self, group, octets, value};

/// How deep conditions may nest.
const DEPTH_LIMIT: usize = 50;

/// The encoding of a filter; `None` if it is not one. Outer parentheses may be left out.
pub(super) fn encode(text: &[u8]) -> Option<Vec<u8>> {
    let text = text.trim_ascii();
    if !text.starts_with(b"(") {
        return condition(text);
    }
    let (filter, rest) = parenthesised(text, 0)?;
    rest.trim_ascii().is_empty().then_some(filter)
}

/// `( … )`, and what follows it.
fn parenthesised(text: &[u8], depth: usize) -> Option<(Vec<u8>, &[u8])> {
    let inner = text.strip_prefix(b"(")?.trim_ascii_start();
    if depth > DEPTH_LIMIT {
        return None;
    }
    let (tag, mut rest) = match inner.split_first()? {
        (b'&', rest) => (0xa0, rest),
        (b'|', rest) => (0xa1, rest),
        (b'!', rest) => (0xa2, rest),
        _ => {
            let end = inner.find_byte(b')')?;
            let (content, rest) = inner.split_at(end);
            return Some((condition(content)?, rest.get(1..)?));
        }
    };
    let mut parts = Vec::new();
    loop {
        rest = rest.trim_ascii_start();
        if let Some(rest) = rest.strip_prefix(b")") {
            let negation = tag == 0xa2;
            return (!negation || parts.len() == 1).then(|| (group(tag, &parts), rest));
        }
        let (part, after) = parenthesised(rest, depth + 1)?;
        parts.push(part);
        rest = after;
    }
}

/// `attribute=value` and its relatives.
fn condition(text: &[u8]) -> Option<Vec<u8>> {
    let equals = text.find_byte(b'=')?;
    let (left, right) = text.split_at(equals);
    let right = right.get(1..)?;
    if left.contains(&b'(') || right.contains(&b'(') || right.contains(&b')') {
        return None;
    }
    let pair = |tag: u8, attribute: &[u8]| {
        let attribute = attribute.trim_ascii();
        let parts = [octets(attribute), octets(&unescape(right)?)];
        (!attribute.is_empty()).then(|| group(tag, &parts))
    };
    match left.last()? {
        b'~' => pair(0xa8, left.strip_suffix(b"~")?),
        b'>' => pair(0xa5, left.strip_suffix(b">")?),
        b'<' => pair(0xa6, left.strip_suffix(b"<")?),
        b':' => extensible(left.strip_suffix(b":")?, right),
        _ if right == b"*" => Some(value(0x87, left.trim_ascii())),
        _ if right.contains(&b'*') => substrings(left, right),
        _ => pair(0xa3, left),
    }
}

/// `attribute=initial*any*final`
fn substrings(attribute: &[u8], pattern: &[u8]) -> Option<Vec<u8>> {
    let pieces: Vec<&[u8]> = pattern.split_str("*").collect();
    let last = pieces.len().checked_sub(1)?;
    let mut parts = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        if piece.is_empty() {
            continue;
        }
        let tag = match index {
            0 => 0x80,
            _ if index == last => 0x82,
            _ => 0x81,
        };
        parts.push(value(tag, &unescape(piece)?));
    }
    let substrings = group(ber::SEQUENCE, &parts);
    Some(group(0xa4, &[octets(attribute.trim_ascii()), substrings]))
}

/// `attribute:dn:rule:=value`, where all but the value may be missing.
fn extensible(left: &[u8], right: &[u8]) -> Option<Vec<u8>> {
    let mut words = left.split_str(":");
    let attribute = words.next()?.trim_ascii();
    let mut rule: &[u8] = b"";
    let mut with_name = false;
    for word in words {
        if word.eq_ignore_ascii_case(b"dn") {
            with_name = true;
        } else {
            rule = word;
        }
    }
    let mut parts = Vec::new();
    if !rule.is_empty() {
        parts.push(value(0x81, rule));
    }
    if !attribute.is_empty() {
        parts.push(value(0x82, attribute));
    }
    parts.push(value(0x83, &unescape(right)?));
    if with_name {
        parts.push(value(0x84, &[0xff]));
    }
    Some(group(0xa9, &parts))
}

/// `\XX` decoded.
fn unescape(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        if *byte != b'\\' {
            out.push(*byte);
            continue;
        }
        let mut digit = || char::from(*bytes.next()?).to_digit(16);
        let byte = digit()? * 16 + digit()?;
        out.push(u8::try_from(byte).ok()?);
    }
    Some(out)
}

fn escape(text: &[u8], special: &[u8], digits: fn(u8) -> String) -> Vec<u8> {
    let mut out = Vec::new();
    for byte in text {
        if special.contains(byte) {
            out.extend_from_slice(digits(*byte).as_bytes());
        } else {
            out.push(*byte);
        }
    }
    out
}

/// A piece of a filter (RFC 4515).
pub(super) fn quote(text: &[u8]) -> Vec<u8> {
    escape(text, b"*()\\\0", |byte| format!("\\{byte:02x}"))
}

/// A piece of the name of an entry (RFC 4514).
pub(super) fn quote_name(text: &[u8]) -> Vec<u8> {
    escape(text, b" \t\"#+,;<=>\\\0", |byte| format!("\\{byte:02X}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_become_their_encodings() {
        let equal = b"\xa3\x06\x04\x01a\x04\x01b".to_vec();
        assert_eq!(encode(b"(a=b)").unwrap(), equal);
        assert_eq!(encode(b"a=b").unwrap(), equal);
        assert_eq!(encode(b"(a=\\28)").unwrap(), b"\xa3\x06\x04\x01a\x04\x01(");
        assert_eq!(encode(b"(a=*)").unwrap(), b"\x87\x01a");
        let both = encode(b"(&(a=b) (!(a=b)))").unwrap();
        let negation = value(0xa2, &equal);
        assert_eq!(both, group(0xa0, &[equal.clone(), negation]));
        assert_eq!(encode(b"(a>=1)").unwrap()[0], 0xa5);
        let parts = encode(b"(a=x*y*z)").unwrap();
        assert_eq!(
            parts,
            b"\xa4\x0e\x04\x01a\x30\x09\x80\x01x\x81\x01y\x82\x01z"
        );
        assert_eq!(
            encode(b"(cn:dn:2.4.6:=x)").unwrap(),
            b"\xa9\x11\x81\x052.4.6\x82\x02cn\x83\x01x\x84\x01\xff"
        );
    }

    #[test]
    fn what_is_no_filter_is_refused() {
        let deep = "(!".repeat(1000);
        for wrong in [
            "",
            "(",
            "()",
            "(a)",
            "a",
            "(=b)",
            "(a=b",
            "(a=b))",
            "(&(a=b)",
            "(!(a=b)(a=c))",
            "(a=\\2)",
            "(a=\\zz)",
            "(a=(b)",
            deep.as_str(),
        ] {
            assert_eq!(encode(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn a_quoted_key_is_one_value_whatever_it_contains() {
        let key = b"*)(uid=*\\\0";
        let filter = [b"(mail=", quote(key).as_slice(), b")"].concat();
        let expected = group(0xa3, &[octets(b"mail"), octets(key)]);
        assert_eq!(encode(&filter).unwrap(), expected);
        assert_eq!(quote_name(b"a,b=c"), b"a\\2Cb\\3Dc");
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_anything(text in "[()&|!=~<>:*\\\\a-c0-9 ]{0,40}") {
            let _ = encode(text.as_bytes());
        }
    }
}
