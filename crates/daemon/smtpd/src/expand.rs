// SPDX-License-Identifier: MIT OR Apache-2.0
//! Texts of main.cf with `$name`s that a session has values for.
//!
//! *Invariants*: values come from outside; in them only the characters of
//! smtpd_expansion_filter get through, the others become an underscore.
//!
//! *Postfix:* smtpd_expand(3).

use std::borrow::Cow;

use config::expand::{Use, expand_observed};
use runtime::log;

use crate::restrictions::Facts;

/// What a text is expanded with.
pub(crate) struct Template<'a> {
    /// The session.
    pub(crate) facts: &'a Facts<'a>,
    /// The characters that may come out of a value.
    pub(crate) filter: &'a [u8],
    /// Names that only this text knows.
    pub(crate) values: &'a [(&'a str, &'a str)],
}

impl Template<'_> {
    /// The text with the values put in; nothing when a name to be put in is unknown.
    pub(crate) fn expand(&self, text: &str) -> Option<String> {
        let mut is_unknown = false;
        let expanded = expand_observed(text, &mut |name, what_for| {
            let value = self.value(name);
            if value.is_none() {
                log::warning(format_args!(
                    "unknown macro name \"{name}\" in expansion request"
                ));
                is_unknown |= what_for == Use::Inserted;
            }
            Ok(value.map(|value| Cow::Owned(self.filtered(&value))))
        });
        match expanded {
            Ok(text) => Some(text).filter(|_| !is_unknown),
            Err(error) => {
                log::warning(error);
                None
            }
        }
    }

    fn value(&self, name: &str) -> Option<Vec<u8>> {
        let special = self.values.iter().find(|(known, _)| *known == name);
        if let Some((_, value)) = special {
            return Some(value.as_bytes().to_vec());
        }
        let (facts, peer) = (self.facts, self.facts.peer);
        let text = match name {
            "client" => peer.name_and_address(),
            "client_address" => peer.address.clone(),
            "client_name" => peer.name.clone(),
            "client_port" => peer.port.clone(),
            "reverse_client_name" => peer.reverse_name.clone(),
            "server_address" => peer.server_address.clone(),
            "server_port" => peer.server_port.clone(),
            "helo_name" => facts.helo.unwrap_or_default().to_owned(),
            "protocol_state" => facts.state.to_owned(),
            "protocol_name" => facts.protocol.to_owned(),
            _ => {
                return match (name.strip_prefix("sender"), name.strip_prefix("recipient")) {
                    (Some(part), _) => address(facts.sender, part),
                    (_, Some(part)) => address(facts.recipient, part),
                    _ => None,
                };
            }
        };
        Some(text.into_bytes())
    }

    fn filtered(&self, value: &[u8]) -> String {
        let bytes = value.iter().map(|byte| {
            if self.filter.contains(byte) {
                *byte
            } else {
                b'_'
            }
        });
        String::from_utf8_lossy(&bytes.collect::<Vec<u8>>()).into_owned()
    }
}

/// An address, or one of its parts.
fn address(address: Option<&[u8]>, part: &str) -> Option<Vec<u8>> {
    let address = address.unwrap_or_default();
    let (local, domain) = mail::address::split_at_last_at(address);
    let value = match part {
        "" if address.is_empty() => b"<>",
        "_name" if address.is_empty() => b"<>",
        "" => address,
        "_name" => local,
        "_domain" => domain.unwrap_or_default(),
        _ => return None,
    };
    Some(value.to_vec())
}

/// The bytes that a text with the escapes of C stands for.
pub(crate) fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes().peekable();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        match rest.next() {
            Some(b'a') => bytes.push(7),
            Some(b'b') => bytes.push(8),
            Some(b'f') => bytes.push(12),
            Some(b'n') => bytes.push(b'\n'),
            Some(b'r') => bytes.push(b'\r'),
            Some(b't') => bytes.push(b'\t'),
            Some(b'v') => bytes.push(11),
            Some(first @ b'0'..=b'7') => {
                let mut value = u32::from(first - b'0');
                for _ in 0..2 {
                    let digit = rest.next_if(|next| matches!(next, b'0'..=b'7'));
                    value = digit.map_or(value, |digit| value * 8 + u32::from(digit - b'0'));
                }
                bytes.push(u8::try_from(value & 0xff).unwrap_or_default());
            }
            Some(other) => bytes.push(other),
            None => {}
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_those_of_c() {
        assert_eq!(unescaped(r"\t\40a\\\101"), b"\t a\\A");
    }

    #[test]
    fn an_address_has_parts() {
        let part = |part| address(Some(b"a@b@c"), part);
        assert_eq!(part("").as_deref(), Some(&b"a@b@c"[..]));
        assert_eq!(part("_name").as_deref(), Some(&b"a@b"[..]));
        assert_eq!(part("_domain").as_deref(), Some(&b"c"[..]));
        assert_eq!(part("_x"), None);
        assert_eq!(address(Some(b""), "").as_deref(), Some(&b"<>"[..]));
    }
}
