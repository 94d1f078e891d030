// SPDX-License-Identifier: MIT OR Apache-2.0
//! Access tables: which keys are looked up for a client, a host name or an address.
//!
//! *Errors*: a table that fails answers `451 4.3.5 ... Server configuration error`.
//!
//! *Postfix:* check_access, check_domain_access, check_addr_access, check_namadr_access and
//! check_mail_access of smtpd_check(3); access(5).

use ipc::flags::ResolveFlags;
use maps::lookup::address::{Step, Syntax, find_in_order};
use maps::{LookupError, Maps, ParentMatch};
use runtime::log;

use super::evaluate::{About, Answer, Refusal, Rejection, Verdict};
use super::stages::{CLIENT, HELO, RECIPIENT, REVERSE_CLIENT, SENDER};
use super::{AccessKind, Evaluator, TableId};
use crate::peer::UNKNOWN;

/// What a table said about a key.
pub(super) struct Hit {
    pub(super) key: Vec<u8>,
    pub(super) value: Vec<u8>,
}

pub(super) type Lookup = Result<Option<Hit>, LookupError>;

impl Evaluator<'_> {
    /// Looks up what a kind of check is about.
    pub(super) fn check_access(
        &mut self,
        kind: AccessKind,
        table: TableId,
        about: About<'_>,
    ) -> Answer {
        let facts = self.facts;
        let peer = facts.peer;
        let style = self.site.access_parents;
        let namaddr = peer.name_and_address();
        let client = About {
            name: namaddr.as_bytes(),
            class: CLIENT,
            ..about
        };
        match (kind, facts.helo, facts.sender, facts.recipient) {
            (AccessKind::Client, ..) => {
                self.host_access(table, &peer.name, &peer.address, style, client)
            }
            (AccessKind::ClientCertificate, ..) => self.certificate_access(table, client),
            (AccessKind::Sasl, ..) => self.login_access(table, about),
            (AccessKind::Address, ..) => self.address_map(table, &peer.address),
            (AccessKind::ReverseClient, ..) => {
                let (name, address) = (&peer.reverse_name, &peer.address);
                let about = About {
                    name: name.as_bytes(),
                    class: REVERSE_CLIENT,
                    ..about
                };
                let answer = self.host_access(table, name, address, style, about)?;
                if answer == Verdict::Permit {
                    return self.forbid_permission(kind.name(), name.as_bytes());
                }
                Ok(answer)
            }
            (AccessKind::Helo, Some(helo), ..) => {
                let about = About {
                    name: helo.as_bytes(),
                    class: HELO,
                    ..about
                };
                self.name_access(table, helo, style, about)
            }
            (AccessKind::Sender, _, Some(sender), _) => {
                let about = About {
                    name: sender,
                    class: SENDER,
                    ..about
                };
                self.address_access(table, sender, about)
            }
            (AccessKind::Recipient, _, _, Some(recipient)) => {
                let about = About {
                    name: recipient,
                    class: RECIPIENT,
                    ..about
                };
                self.address_access(table, recipient, about)
            }
            (AccessKind::Etrn, ..) => match facts.etrn_domain {
                Some(domain) => {
                    let about = About {
                        name: domain.as_bytes(),
                        class: "Etrn command",
                        ..about
                    };
                    self.name_access(table, domain, style, about)
                }
                None => Ok(Verdict::Dunno),
            },
            // What is not known yet has no entry.
            (AccessKind::Helo | AccessKind::Sender | AccessKind::Recipient, ..) => {
                Ok(Verdict::Dunno)
            }
        }
    }

    /// A host: its name and the domains above it, then its address and the networks around it.
    fn host_access(
        &mut self,
        table: TableId,
        name: &str,
        address: &str,
        style: ParentMatch,
        about: About<'_>,
    ) -> Answer {
        self.with_table(table, about, |maps| {
            let by_name = find_domain(maps, name.as_bytes(), style)?;
            if by_name.is_some() || address == UNKNOWN {
                return Ok(by_name);
            }
            find_network(maps, address)
        })
    }

    /// Permits a client whose address is a key.
    fn address_map(&mut self, table: TableId, address: &str) -> Answer {
        let Some((name, maps)) = self.site.tables.get(table) else {
            return self.refuse(Rejection::configuration());
        };
        match maps.get(address.as_bytes()) {
            Ok(found) => Ok(found.map_or(Verdict::Dunno, |_| Verdict::Permit)),
            Err(error) => {
                log::warning(format_args!("{name}: table lookup problem: {error}"));
                self.refuse(Rejection::lookup_failed(address.as_bytes()))
            }
        }
    }

    /// The name of the user who logged in, and nothing but it.
    fn login_access(&mut self, table: TableId, about: About<'_>) -> Answer {
        let Some(login) = self.facts.login.filter(|login| !login.user.is_empty()) else {
            return Ok(Verdict::Dunno);
        };
        let key = login.user.as_bytes();
        let about = About {
            name: key,
            class: "SASL login name",
            ..about
        };
        self.with_table(table, about, |maps| {
            let hit = |value| Hit {
                key: key.to_vec(),
                value,
            };
            Ok(maps.get(key)?.map(hit))
        })
    }

    /// A host name and the domains above it.
    fn name_access(
        &mut self,
        table: TableId,
        name: &str,
        style: ParentMatch,
        about: About<'_>,
    ) -> Answer {
        self.with_table(table, about, |maps| {
            find_domain(maps, name.as_bytes(), style)
        })
    }

    /// A mail address: whole, without extension, its domain, its local part.
    fn address_access(&mut self, table: TableId, address: &[u8], about: About<'_>) -> Answer {
        if address.is_empty() {
            let key = self
                .site
                .params
                .smtpd_null_access_lookup_key
                .clone()
                .into_bytes();
            return self.with_table(table, about, |maps| {
                Ok(maps.get(&key)?.map(|value| Hit { key, value }))
            });
        }
        let resolved = match self
            .site
            .resolve(self.facts.sender.unwrap_or_default(), address)
        {
            Some(resolved) if !resolved.flags.contains(ResolveFlags::FAIL) => resolved,
            _ => return self.refuse(Rejection::lookup_failed(address)),
        };
        let key = resolved.recipient;
        if !key.contains(&b'@') {
            return Ok(Verdict::Dunno);
        }
        let delimiters = self.site.params.recipient_delimiter.clone().into_bytes();
        let style = self.site.access_parents;
        let answer = self.with_table(table, about, |maps| {
            let steps = [
                Step::Complete,
                Step::WithoutExtension,
                Step::Domain(style),
                Step::LocalPartAt,
            ];
            let mut syntax = Syntax {
                delimiters: &delimiters,
                is_local_domain: &mut |_| Ok(false),
            };
            let found = find_in_order(maps, &key, &steps, &mut syntax)?;
            Ok(found.map(|found| Hit {
                key: key.clone(),
                value: found.value,
            }))
        })?;
        // An address with routing in it could go anywhere: "OK" for where it seems to go is not
        // enough to relay it.
        let is_suspicious = resolved.flags.contains(ResolveFlags::ROUTED)
            && !self.site.params.allow_untrusted_routing
            && about.class == RECIPIENT;
        Ok(if is_suspicious {
            Verdict::Dunno
        } else {
            answer
        })
    }

    /// Looks up, and does what the table says.
    pub(super) fn with_table(
        &mut self,
        table: TableId,
        about: About<'_>,
        look: impl FnOnce(&mut Maps) -> Lookup,
    ) -> Answer {
        let found = self.found(table, about, look)?;
        Ok(found.unwrap_or(Verdict::Dunno))
    }

    /// The same, for who wants to know whether the table has an entry at all.
    pub(super) fn found(
        &mut self,
        table: TableId,
        about: About<'_>,
        look: impl FnOnce(&mut Maps) -> Lookup,
    ) -> Result<Option<Verdict>, Refusal> {
        let Some((name, maps)) = self.site.tables.get(table) else {
            return self.refuse(Rejection::configuration()).map(Some);
        };
        let name = name.to_owned();
        match look(maps) {
            Ok(None) => Ok(None),
            Ok(Some(hit)) => self.act(&name, &hit.key, &hit.value, about).map(Some),
            Err(error) => {
                log::warning(format_args!("{name}: table lookup problem: {error}"));
                self.act(&name, b"", b"451 4.3.5 Server configuration error", about)
                    .map(Some)
            }
        }
    }
}

/// A name and the domains above it. Only tables with fixed keys see the domains; an address is
/// nobody's subdomain.
pub(super) fn find_domain(maps: &mut Maps, name: &[u8], style: ParentMatch) -> Lookup {
    let hit = |key: &[u8], value| {
        Some(Hit {
            key: key.to_vec(),
            value,
        })
    };
    if let Some(value) = maps.get(name)? {
        return Ok(hit(name, value));
    }
    if mail::text::is_valid_hostaddr(name) {
        return Ok(None);
    }
    let mut rest = name;
    while let Some(dot) = rest.iter().skip(1).position(|&b| b == b'.') {
        // With its dot, or without.
        let with_dot = rest.get(dot + 1..).unwrap_or_default();
        let key = match style {
            ParentMatch::Subdomains => with_dot.get(1..).unwrap_or_default(),
            ParentMatch::DotOnly => with_dot,
        };
        if key.is_empty() {
            break;
        }
        if let Some(value) = maps.get_partial(key)? {
            return Ok(hit(key, value));
        }
        rest = key;
    }
    Ok(None)
}

/// An address and the networks around it, cut at dots or colons.
pub(super) fn find_network(maps: &mut Maps, address: &str) -> Lookup {
    let hit = |key: &str, value| {
        Some(Hit {
            key: key.as_bytes().to_vec(),
            value,
        })
    };
    if let Some(value) = maps.get(address.as_bytes())? {
        return Ok(hit(address, value));
    }
    let delimiter = if address.contains(':') { ':' } else { '.' };
    let mut rest = address;
    while let Some((network, _)) = rest.rsplit_once(delimiter) {
        if !network.is_empty()
            && let Some(value) = maps.get_partial(network.as_bytes())?
        {
            return Ok(hit(network, value));
        }
        rest = network;
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use maps::Options;

    fn table(entries: &str) -> Maps {
        Maps::open("test", &format!("inline:{{{entries}}}"), &Options::new()).expect("inline")
    }

    fn domain(entries: &str, name: &str, style: ParentMatch) -> Option<String> {
        let hit = find_domain(&mut table(entries), name.as_bytes(), style).expect("no error");
        hit.map(|hit| String::from_utf8(hit.key).expect("ASCII"))
    }

    #[test]
    fn domains_above_a_name_are_looked_up() {
        let both = "{example.com=1}, {.example.org=1}";
        let with = |name, style| domain(both, name, style);
        use ParentMatch::{DotOnly, Subdomains};
        assert_eq!(
            with("a.b.example.com", Subdomains).as_deref(),
            Some("example.com")
        );
        assert_eq!(with("a.b.example.com", DotOnly), None);
        assert_eq!(with("example.com", DotOnly).as_deref(), Some("example.com"));
        assert_eq!(
            with("a.example.org", DotOnly).as_deref(),
            Some(".example.org")
        );
        assert_eq!(with("a.example.org", Subdomains), None);
        assert_eq!(with("", Subdomains), None);
        assert_eq!(with("example.com.", Subdomains), None);
    }

    #[test]
    fn an_address_is_nobodys_subdomain() {
        assert_eq!(domain("{3.4=1}", "1.2.3.4", ParentMatch::Subdomains), None);
    }

    #[test]
    fn networks_around_an_address_are_looked_up() {
        let mut maps = table("{192.0.2=a}, {2001:db8=b}");
        let mut key = |address| {
            let hit = find_network(&mut maps, address).expect("no error");
            hit.map(|hit| String::from_utf8(hit.key).expect("ASCII"))
        };
        assert_eq!(key("192.0.2.9").as_deref(), Some("192.0.2"));
        assert_eq!(key("2001:db8::1").as_deref(), Some("2001:db8"));
        assert_eq!(key("192.0.3.9"), None);
        assert_eq!(key("::1"), None);
    }
}
