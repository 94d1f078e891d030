// SPDX-License-Identifier: MIT OR Apache-2.0
//! LDAP URLs (RFC 4516): as names of servers, and as values that name entries.
//!
//! *Postfix:* what ldap_url_parse does for dict_ldap(3).

use maps::remote::Address;

/// How far below its base a search goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    Base,
    One,
    Sub,
}

impl Scope {
    pub(super) fn named(text: &str) -> Option<Scope> {
        match text.to_ascii_lowercase().as_str() {
            "base" => Some(Scope::Base),
            "one" => Some(Scope::One),
            "sub" => Some(Scope::Sub),
            _ => None,
        }
    }

    pub(super) fn code(self) -> u32 {
        match self {
            Scope::Base => 0,
            Scope::One => 1,
            Scope::Sub => 2,
        }
    }
}

/// What a URL says to search for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) base: Vec<u8>,
    /// Empty for all.
    pub(super) attributes: Vec<String>,
    pub(super) scope: Scope,
    pub(super) filter: Vec<u8>,
}

/// Whether a value is a URL and not the name of an entry.
pub(super) fn is_url(text: &[u8]) -> bool {
    let lower = text.to_ascii_lowercase();
    [&b"ldap://"[..], b"ldaps://", b"ldapi://"]
        .iter()
        .any(|scheme| lower.starts_with(scheme))
}

/// What a URL in a value says; the server that it may name is not asked.
pub(super) fn parse_target(text: &[u8]) -> Option<Target> {
    let text = std::str::from_utf8(text).ok()?;
    let (_, rest) = text.split_once("://")?;
    let (_, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut parts = path.split('?');
    let base = decode(parts.next()?)?;
    let attributes = parts.next().unwrap_or("").split(',');
    let scope = parts.next().filter(|scope| !scope.is_empty());
    let filter = parts.next().filter(|filter| !filter.is_empty());
    // Extensions that must be understood are not.
    if parts.next().is_some_and(|text| text.contains('!')) {
        return None;
    }
    Some(Target {
        base,
        attributes: attributes
            .filter(|name| !name.is_empty() && *name != "*")
            .map(|name| String::from_utf8(decode(name)?).ok())
            .collect::<Option<_>>()?,
        scope: scope.map_or(Some(Scope::Base), Scope::named)?,
        filter: decode(filter.unwrap_or("(objectClass=*)"))?,
    })
}

/// The port of `ldaps:`.
const ENCRYPTED_PORT: u16 = 636;

/// A server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Server {
    pub(super) address: Address,
    /// TLS begins with the first byte.
    pub(super) encrypted: bool,
}

/// One word of `server_host`: a URL, or a host with perhaps a port.
pub(super) fn parse_server(word: &str, port: u16) -> Result<Server, String> {
    let (word, port, encrypted) = match word.strip_prefix("ldaps://") {
        Some(place) => (place, ENCRYPTED_PORT, true),
        None => (word, port, false),
    };
    let address = parse_address(word, port)?;
    Ok(Server { address, encrypted })
}

fn parse_address(word: &str, port: u16) -> Result<Address, String> {
    if let Some(path) = word.strip_prefix("ldapi://") {
        let path = path.trim_end_matches('/');
        let path = decode(path).and_then(|path| String::from_utf8(path).ok());
        let path = path.ok_or("bad URL")?;
        let path = if path.is_empty() {
            "/var/run/slapd/ldapi".to_owned()
        } else {
            path
        };
        return Ok(Address::Unix(path.into()));
    }
    let place = word.strip_prefix("ldap://").unwrap_or(word);
    let place = place.split('/').next().unwrap_or(place);
    let (host, port) = match place.rsplit_once(':') {
        Some((host, text)) if !text.contains(']') => {
            let port = runtime::net::port::number(text);
            (host, port.ok_or_else(|| format!("bad port {text}"))?)
        }
        _ => (place, port),
    };
    Ok(Address::inet(host, port))
}

/// `%XX` decoded.
fn decode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let mut digit = || char::from(bytes.next()?).to_digit(16);
        let byte = digit()? * 16 + digit()?;
        out.push(u8::try_from(byte).ok()?);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_hosts_or_urls() {
        let server = |address, encrypted| Ok(Server { address, encrypted });
        let inet = |host: &str, port| server(Address::Inet(host.to_owned(), port), false);
        assert_eq!(parse_server("h", 389), inet("h", 389));
        assert_eq!(parse_server("h:1389", 389), inet("h", 1389));
        assert_eq!(parse_server("ldap://h", 389), inet("h", 389));
        assert_eq!(parse_server("ldap://[::1]:1389/", 389), inet("::1", 1389));
        let local = server(Address::Unix("/some/path".into()), false);
        assert_eq!(parse_server("ldapi://%2Fsome%2Fpath", 389), local);
        let encrypted = |port| server(Address::Inet("h".to_owned(), port), true);
        assert_eq!(parse_server("ldaps://h", 389), encrypted(636));
        assert_eq!(parse_server("ldaps://h:1636/", 389), encrypted(1636));
        assert!(parse_server("h:x", 389).is_err());
    }

    #[test]
    fn values_name_entries_and_how_to_find_them() {
        let target = parse_target(b"ldap:///dc=x,dc=y?mail,cn?sub?(a=%28)").unwrap();
        assert_eq!(target.base, b"dc=x,dc=y");
        assert_eq!(target.attributes, ["mail", "cn"]);
        assert_eq!(target.scope, Scope::Sub);
        assert_eq!(target.filter, b"(a=()");
        let plain = parse_target(b"ldap://host/cn=a%20b").unwrap();
        assert_eq!(plain.base, b"cn=a b");
        assert_eq!(plain.scope, Scope::Base);
        assert_eq!(parse_target(b"ldap:///x??far"), None);
        assert_eq!(parse_target(b"ldap:///%z"), None);
        assert!(is_url(b"LDAP:///x") && !is_url(b"cn=x"));
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_anything(text in "(ldap[si]?://)?[%a-f0-9:/?,=\\[\\]]{0,40}") {
            let _ = parse_target(text.as_bytes());
            let _ = parse_server(&text, 389);
        }
    }
}
