// SPDX-License-Identifier: MIT OR Apache-2.0
//! Next hops as main.cf and the queue manager spell them.
//!
//! *Postfix:* smtp_parse_destination, the dispatch in smtp_connect.

use std::path::PathBuf;

use runtime::net::{host_port, port};

/// A place to deliver to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    /// One or more hosts.
    Inet(Vec<String>),
    /// A socket in the file system (LMTP only).
    Unix(PathBuf),
}

impl Destination {
    /// Reads the next hop of a request; only LMTP knows `unix:` and `inet:`.
    pub(crate) fn parse(nexthop: &str, lmtp: bool) -> Destination {
        if lmtp && let Some(path) = nexthop.strip_prefix("unix:") {
            return Destination::Unix(PathBuf::from(path));
        }
        let nexthop = if lmtp {
            nexthop.strip_prefix("inet:").unwrap_or(nexthop)
        } else {
            nexthop
        };
        Destination::Inet(words(nexthop).map(str::to_owned).collect())
    }
}

/// The words of a list.
pub(crate) fn words(list: &str) -> impl Iterator<Item = &str> {
    let separator = |c: char| c == ',' || c.is_ascii_whitespace();
    list.split(separator).filter(|word| !word.is_empty())
}

/// One member of a list of hosts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Site {
    /// A domain, host name or address, without brackets.
    pub(crate) host: String,
    /// The TCP port.
    pub(crate) port: u16,
    /// Written with brackets: the host itself, not its mail exchangers.
    pub(crate) exact: bool,
}

impl Site {
    /// Reads `domain`, `domain:port`, `[host]`, `[host]:port`.
    ///
    /// # Errors
    /// The words in which the original complains.
    pub(crate) fn parse(text: &str, default_port: &str) -> Result<Site, String> {
        let parsed = host_port::parse(text, None, Some(default_port))
            .map_err(|error| format!("{error} in server description: {text}"))?;
        let number = port::number(&parsed.port)
            .ok_or_else(|| format!("unknown service: {}/tcp", parsed.port))?;
        let host = parsed
            .host
            .strip_prefix("IPv6:")
            .or(parsed.host.strip_prefix("ipv6:"));
        let host = host.unwrap_or(&parsed.host).to_owned();
        Ok(Site {
            host,
            port: number,
            exact: text.starts_with('['),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(text: &str) -> (String, u16, bool) {
        let site = Site::parse(text, "smtp").unwrap();
        (site.host, site.port, site.exact)
    }

    #[test]
    fn brackets_mean_the_host_itself() {
        assert_eq!(site("example.org"), ("example.org".into(), 25, false));
        assert_eq!(site("example.org:587"), ("example.org".into(), 587, false));
        assert_eq!(
            site("[mx.example.org]"),
            ("mx.example.org".into(), 25, true)
        );
        assert_eq!(site("[127.0.0.1]:2525"), ("127.0.0.1".into(), 2525, true));
        assert_eq!(site("[IPv6:::1]:submission"), ("::1".into(), 587, true));
        assert_eq!(site("[::1]"), ("::1".into(), 25, true));
    }

    #[test]
    fn nonsense_is_named() {
        let error = Site::parse("[x", "25").unwrap_err();
        assert_eq!(error, "missing \"]\" in server description: [x");
        assert!(
            Site::parse("x:nosuchservice", "25")
                .unwrap_err()
                .contains("unknown service")
        );
    }

    #[test]
    fn only_lmtp_knows_sockets() {
        let unix = Destination::parse("unix:private/dovecot-lmtp", true);
        assert_eq!(unix, Destination::Unix("private/dovecot-lmtp".into()));
        let inet = Destination::parse("inet:[127.0.0.1]:24, b", true);
        assert_eq!(
            inet,
            Destination::Inet(vec!["[127.0.0.1]:24".into(), "b".into()])
        );
        let smtp = Destination::parse("unix:x", false);
        assert_eq!(smtp, Destination::Inet(vec!["unix:x".into()]));
    }
}
