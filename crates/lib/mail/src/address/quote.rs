// SPDX-License-Identifier: MIT OR Apache-2.0
//! Quoting of local parts as RFC 822 (headers) and RFC 821 (SMTP commands) want it.
//!
//! Bytes above 127 stand for themselves: quoting them would not make them ASCII.
//!
//! *Postfix:* global/quote_822_local(3), global/quote_821_local(3).

use super::split_at_last_at;

/// The address with its local part quoted for a header, if it needs quotes. The null address
/// stays empty.
pub fn quote_822_local(address: &[u8]) -> Vec<u8> {
    quote_local(address, b"\"\\\r")
}

/// The address with its local part quoted for an SMTP command, if it needs quotes.
pub fn quote_821_local(address: &[u8]) -> Vec<u8> {
    quote_local(address, b"\"\\\r\n")
}

fn quote_local(address: &[u8], escaped: &[u8]) -> Vec<u8> {
    let (route, address) = split_route(address);
    let (local, domain) = split_at_last_at(address);
    if (address.is_empty() && route.is_empty()) || is_dot_string(local) {
        return [route, address].concat();
    }
    let mut out = Vec::with_capacity(route.len() + address.len() + 2);
    out.extend_from_slice(route);
    out.push(b'"');
    for &byte in local {
        if escaped.contains(&byte) {
            out.push(b'\\');
        }
        out.push(byte);
    }
    out.push(b'"');
    if let Some(domain) = domain {
        out.push(b'@');
        out.extend_from_slice(domain);
    }
    out
}

/// Splits off a source route, `@a,@b:`, which has no local part to quote.
fn split_route(address: &[u8]) -> (&[u8], &[u8]) {
    let colon = address.iter().position(|&b| b == b':');
    match colon.filter(|_| address.first() == Some(&b'@')) {
        Some(colon) => address
            .split_at_checked(colon + 1)
            .unwrap_or((b"", address)),
        None => (b"", address),
    }
}

/// Whether the local part is words separated by single dots.
fn is_dot_string(local: &[u8]) -> bool {
    local.split(|&b| b == b'.').all(|word| {
        !word.is_empty()
            && word
                .iter()
                .all(|&b| b > b' ' && b != 0x7f && !b"()<>@,;:\\\"[]".contains(&b))
    })
}

/// The address with the quoting of its local part removed: external to internal form.
pub fn unquote_822_local(address: &[u8]) -> Vec<u8> {
    let end = local_part_length(address);
    let mut out = Vec::with_capacity(address.len());
    let mut local = address.iter().take(end);
    while let Some(&byte) = local.next() {
        match byte {
            b'"' => {}
            b'\\' => out.extend(local.next()),
            _ => out.push(byte),
        }
    }
    out.extend(address.iter().skip(end));
    out
}

/// Where the last `@` outside quotes is, or the length of the address.
fn local_part_length(address: &[u8]) -> usize {
    let mut found = address.len();
    let mut quoted = false;
    let mut escaped = false;
    for (position, &byte) in address.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => quoted = !quoted,
            b'@' if !quoted => found = position,
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn quotes_only_what_needs_it() {
        assert_eq!(quote_822_local(b"a.b@c.com"), b"a.b@c.com");
        assert_eq!(quote_822_local(b"a b@c.com"), b"\"a b\"@c.com");
        assert_eq!(quote_822_local(b"a..b@c.com"), b"\"a..b\"@c.com");
        assert_eq!(quote_822_local(b"a\"b\\@c.com"), b"\"a\\\"b\\\\\"@c.com");
        assert_eq!(quote_822_local(b"a@b@c.com"), b"\"a@b\"@c.com");
        assert_eq!(quote_822_local(b"@c.com"), b"\"\"@c.com");
        assert_eq!(quote_822_local(b"j\xe9@c.com"), b"j\xe9@c.com");
        assert_eq!(quote_822_local(b""), b"");
        assert_eq!(quote_822_local(b"@a,@b:c d@e"), b"@a,@b:\"c d\"@e");
        assert_eq!(quote_822_local(b"@a,@b:c@d"), b"@a,@b:c@d");
        assert_eq!(quote_822_local(b"@a:b c@d"), b"@a:\"b c\"@d");
    }

    #[test]
    fn removes_quotes_and_backslashes() {
        assert_eq!(unquote_822_local(b"\"a b\"@c.com"), b"a b@c.com");
        assert_eq!(unquote_822_local(b"a\\ b@c.com"), b"a b@c.com");
        assert_eq!(unquote_822_local(b"\"a@b\""), b"a@b");
        assert_eq!(unquote_822_local(b"x\\"), b"x");
    }

    proptest! {
        #[test]
        fn quoting_can_be_undone(local in prop::collection::vec(any::<u8>(), 0..20)) {
            // A source route is no part of the local part.
            prop_assume!(local.first() != Some(&b'@'));
            let mut address = local;
            address.extend_from_slice(b"@example.com");
            prop_assert_eq!(unquote_822_local(&quote_822_local(&address)), address.clone());
            prop_assert_eq!(unquote_822_local(&quote_821_local(&address)), address);
        }
    }
}
