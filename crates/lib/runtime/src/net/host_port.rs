// SPDX-License-Identifier: MIT OR Apache-2.0
//! `host:port` and `[host]:port`.
//!
//! *Errors:* the words in which Postfix complains about such a text.
//!
//! *Postfix:* host_port(3).

use std::fmt;

use super::hostname;

/// The two halves of an endpoint, without brackets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostPort {
    /// Name or address.
    pub host: String,
    /// Service name or number.
    pub port: String,
}

/// Why a text is no endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostPortError {
    /// No host, and no default.
    MissingHost,
    /// No port, and no default.
    MissingService,
    /// `[` without `]`.
    MissingBracket,
    /// Something between `]` and `:`.
    AfterBracket,
    /// Not a host name or address.
    BadHost,
    /// Not a service name or number.
    BadService,
}

impl fmt::Display for HostPortError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MissingHost => "missing host name",
            Self::MissingService => "missing service name",
            Self::MissingBracket => "missing \"]\"",
            Self::AfterBracket => "garbage after \"]\"",
            Self::BadHost => "valid hostname or network address required",
            Self::BadService => "valid service name or number required",
        })
    }
}

impl std::error::Error for HostPortError {}

/// Splits an endpoint, with defaults for a half that is missing.
///
/// A text without a colon is a host when a default port is given, and a port otherwise. An
/// empty default host means "any address". An IPv6 address needs brackets when a port follows.
pub fn parse(
    text: &str,
    default_host: Option<&str>,
    default_port: Option<&str>,
) -> Result<HostPort, HostPortError> {
    let (host, port) = split(text, default_port.is_some())?;
    let host = host
        .filter(|h| !h.is_empty())
        .or(default_host)
        .ok_or(HostPortError::MissingHost)?;
    let port = port
        .filter(|p| !p.is_empty())
        .or(default_port)
        .ok_or(HostPortError::MissingService)?;
    if !host.is_empty() && !is_host(host) {
        return Err(HostPortError::BadHost);
    }
    if !is_service(port) {
        return Err(HostPortError::BadService);
    }
    Ok(HostPort {
        host: host.to_owned(),
        port: port.to_owned(),
    })
}

type Halves<'a> = (Option<&'a str>, Option<&'a str>);

fn split(text: &str, lone_is_host: bool) -> Result<Halves<'_>, HostPortError> {
    if let Some(inside) = text.strip_prefix('[') {
        let (host, rest) = inside
            .split_once(']')
            .ok_or(HostPortError::MissingBracket)?;
        return match rest.strip_prefix(':') {
            Some(port) => Ok((Some(host), Some(port))),
            None if rest.is_empty() => Ok((Some(host), None)),
            None => Err(HostPortError::AfterBracket),
        };
    }
    Ok(match text.rsplit_once(':') {
        // Several colons: an IPv6 address without a port.
        Some((host, _)) if host.contains(':') => (Some(text), None),
        Some((host, port)) => (Some(host), Some(port)),
        None if lone_is_host => (Some(text), None),
        None => (None, Some(text)),
    })
}

fn is_host(host: &str) -> bool {
    let bare = host
        .strip_prefix("ipv6:")
        .or_else(|| host.strip_prefix("IPv6:"))
        .unwrap_or(host);
    bare.parse::<std::net::IpAddr>().is_ok()
        // A scope is the kernel's to judge.
        || bare.split_once('%').is_some_and(|(a, _)| a.parse::<std::net::Ipv6Addr>().is_ok())
        || hostname::is_valid(host)
}

fn is_service(port: &str) -> bool {
    if port.bytes().all(|b| b.is_ascii_digit()) {
        return port.parse::<u16>().is_ok();
    }
    port.bytes().all(|b| b.is_ascii_graphic()) && !port.contains([':', '[', ']'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn halves(text: &str) -> Option<(String, String)> {
        parse(text, Some(""), Some("smtp"))
            .ok()
            .map(|p| (p.host, p.port))
    }

    #[test]
    fn all_forms_are_understood() {
        for (text, host, port) in [
            ("mail.example", "mail.example", "smtp"),
            ("mail.example:25", "mail.example", "25"),
            ("mail.example:", "mail.example", "smtp"),
            (":25", "", "25"),
            ("[mail.example]", "mail.example", "smtp"),
            ("[mail.example]:submission", "mail.example", "submission"),
            ("[::1]:25", "::1", "25"),
            ("[ipv6:::1]:25", "ipv6:::1", "25"),
            ("::1", "::1", "smtp"),
            ("127.0.0.1:25", "127.0.0.1", "25"),
        ] {
            assert_eq!(
                halves(text),
                Some((host.to_owned(), port.to_owned())),
                "{text}"
            );
        }
    }

    #[test]
    fn a_lone_word_is_a_port_when_ports_have_no_default() {
        let got = parse("submission", Some(""), None).unwrap();
        assert_eq!((got.host.as_str(), got.port.as_str()), ("", "submission"));
    }

    #[test]
    fn mistakes_are_named() {
        let error = |text| parse(text, None, None).unwrap_err();
        assert_eq!(error("[a"), HostPortError::MissingBracket);
        assert_eq!(error("[a]b"), HostPortError::AfterBracket);
        assert_eq!(error("25"), HostPortError::MissingHost);
        assert_eq!(error("[a]"), HostPortError::MissingService);
        assert_eq!(error("a b:25"), HostPortError::BadHost);
        assert_eq!(error("a:70000"), HostPortError::BadService);
        assert_eq!(error("a:b c"), HostPortError::BadService);
    }
}
