// SPDX-License-Identifier: MIT OR Apache-2.0
//! Access tables about the servers of a name: its mail exchangers, name servers and addresses.
//!
//! *Invariants*: they refuse, and never permit: whoever has a domain chooses whom it names.
//!
//! *Errors*: servers that cannot be found have no entry, with a warning.
//!
//! *Postfix:* check_server_access of smtpd_check(3).

use std::net::IpAddr;

use dns::{Failure, FailureKind, Families, Mx, Resolver, name};
use mail::text::{is_valid_hostaddr, parse_literal};
use runtime::log;

use super::access::{find_domain, find_network};
use super::evaluate::{About, Answer, Refusal, Rejection, Verdict, shown};
use super::stages::CLIENT;
use super::subject::Subject;
use super::{Evaluator, TableId};

/// Which servers a restriction is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Record {
    Address,
    Exchanger,
    NameServer,
}

impl Record {
    fn name(self) -> &'static str {
        match self {
            Record::Address => "A",
            Record::Exchanger => "MX",
            Record::NameServer => "NS",
        }
    }
}

/// `check_client_mx_access` and its kin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServerCheck {
    name: String,
    subject: Subject,
    record: Record,
}

const SUBJECTS: [(&str, Subject); 5] = [
    ("client", Subject::ClientName),
    ("reverse_client_hostname", Subject::ReverseName),
    ("helo", Subject::Helo),
    ("sender", Subject::Sender),
    ("recipient", Subject::Recipient),
];

impl ServerCheck {
    /// The restriction with this name, without regard to case.
    pub(crate) fn find(word: &str) -> Option<ServerCheck> {
        let name = word.to_ascii_lowercase();
        let inner = name.strip_prefix("check_")?.strip_suffix("_access")?;
        let (subject, record) = inner.rsplit_once('_')?;
        let (_, subject) = SUBJECTS.iter().find(|(known, _)| *known == subject)?;
        let record = match record {
            "a" => Record::Address,
            "mx" => Record::Exchanger,
            "ns" => Record::NameServer,
            _ => return None,
        };
        Some(ServerCheck {
            subject: *subject,
            record,
            name,
        })
    }

    /// The name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

impl Evaluator<'_> {
    /// Looks up the servers of what the restriction is about.
    pub(super) fn check_servers(
        &mut self,
        check: &ServerCheck,
        table: TableId,
        about: About<'_>,
    ) -> Answer {
        let Some((what, class)) = self.facts.about(check.subject) else {
            return Ok(Verdict::Dunno);
        };
        if what.is_empty() {
            return Ok(Verdict::Dunno);
        }
        let client = self.facts.peer.name_and_address();
        let name = if class == CLIENT {
            client.as_bytes()
        } else {
            what
        };
        let about = About {
            name,
            class,
            ..about
        };
        let found = self.servers(check.record, table, what, about)?;
        if found == Some(Verdict::Permit) {
            return self.forbid_permission(&check.name, what);
        }
        Ok(Verdict::Dunno)
    }

    /// A table that may not permit did.
    pub(super) fn forbid_permission(&mut self, restriction: &str, what: &[u8]) -> Answer {
        let what = shown(what);
        log::warning(format_args!(
            "restriction {restriction} returns OK for {what}"
        ));
        log::warning("this is not allowed for security reasons");
        log::warning("use DUNNO instead of OK if you want to make an exception");
        self.refuse(Rejection::configuration())
    }

    /// What the table says about the first server that it has.
    fn servers(
        &mut self,
        record: Record,
        table: TableId,
        what: &[u8],
        about: About<'_>,
    ) -> Result<Option<Verdict>, Refusal> {
        let domain = match what.iter().rposition(|b| *b == b'@') {
            Some(at) => what.get(at + 1..).unwrap_or_default(),
            None => what,
        };
        if domain.starts_with(b"[") {
            let literal = parse_literal(domain).filter(|_| record != Record::NameServer);
            return match literal {
                Some(address) => self.server_address(table, &address.to_string(), about),
                None => Ok(None),
            };
        }
        let domain = std::str::from_utf8(domain).ok().and_then(name::to_ascii);
        let (Some(domain), Some(resolver)) = (domain, &mut self.site.resolver) else {
            return Ok(None);
        };
        for host in hosts_of(resolver, record, &domain, &shown(what)) {
            if is_valid_hostaddr(host.as_bytes()) {
                let found = self.server_address(table, &host, about)?;
                if found.is_some() {
                    return Ok(found);
                }
                continue;
            }
            if record != Record::Address {
                let style = self.site.access_parents;
                let found = self.found(table, about, |maps| {
                    find_domain(maps, host.as_bytes(), style)
                })?;
                if found.is_some() {
                    return Ok(found);
                }
            }
            for address in self.addresses_of(record, &host, about) {
                let found = self.server_address(table, &address.to_string(), about)?;
                if found.is_some() {
                    return Ok(found);
                }
            }
        }
        Ok(None)
    }

    fn server_address(
        &mut self,
        table: TableId,
        address: &str,
        about: About<'_>,
    ) -> Result<Option<Verdict>, Refusal> {
        self.found(table, about, |maps| find_network(maps, address))
    }

    /// The addresses of a server, of the families that this system uses.
    fn addresses_of(&mut self, record: Record, host: &str, about: About<'_>) -> Vec<IpAddr> {
        let Some(resolver) = &mut self.site.resolver else {
            return Vec::new();
        };
        let found = resolver.native_addresses(host, Families::Both);
        let mut addresses = found.unwrap_or_else(|failure| {
            if record != Record::Address {
                log::warning(format_args!(
                    "Unable to look up {} host {host} for {} {}: {}",
                    record.name(),
                    about.class,
                    shown(about.name),
                    match failure.kind {
                        FailureKind::Retry => "Temporary failure in name resolution",
                        FailureKind::Fail => "Non-recoverable failure in name resolution",
                        _ => "Name or service not known",
                    }
                ));
            }
            Vec::new()
        });
        let protocols = self.site.protocols;
        addresses.retain(|address| protocols.allow(*address));
        addresses
    }
}

/// The names of the servers of a domain. One without mail exchangers is its own; the name servers
/// of a domain without are those of the domain above. `what` is the domain, or the address that it
/// is in, for a warning.
fn hosts_of(resolver: &mut Resolver, record: Record, domain: &str, what: &str) -> Vec<String> {
    let itself = || vec![domain.to_owned()];
    let mut asked = domain;
    let failure: Failure = match record {
        Record::Address => return itself(),
        Record::Exchanger => match resolver.mx(domain) {
            Ok(found) => return found.into_iter().map(|Mx { host, .. }| host).collect(),
            Err(failure) => match failure.kind {
                FailureKind::NullMx => return Vec::new(),
                FailureKind::NotFound => return itself(),
                _ => failure,
            },
        },
        Record::NameServer => loop {
            match resolver.name_servers(asked) {
                Ok(found) => return found,
                Err(failure) if failure.kind == FailureKind::NotFound => {
                    match asked.split_once('.') {
                        Some((_, above)) if !above.is_empty() => asked = above,
                        _ => {
                            asked = what;
                            break failure;
                        }
                    }
                }
                Err(failure) => break failure,
            }
        },
    };
    let sentence = failure.to_string();
    let reason = sentence.rsplit(": ").next().unwrap_or_default();
    log::warning(format_args!(
        "Unable to look up {} host for {asked}: {reason}",
        record.name()
    ));
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_fifteen_names() {
        for subject in [
            "client",
            "reverse_client_hostname",
            "helo",
            "sender",
            "recipient",
        ] {
            for record in ["a", "mx", "ns"] {
                let name = format!("check_{subject}_{record}_access");
                assert!(ServerCheck::find(&name).is_some(), "{name}");
            }
        }
        for name in [
            "check_helo_access",
            "check_helo_txt_access",
            "check_etrn_mx_access",
        ] {
            assert_eq!(ServerCheck::find(name), None, "{name}");
        }
    }

    #[test]
    fn the_name_servers_of_a_name_may_be_those_above_it() {
        let (mut resolver, _directory) = dns::fixture::resolver(
            "example.test NS ns.example.test\nexample.test MX 10 mx.example.test",
            "",
        );
        let mut hosts = |record, name: &str| hosts_of(&mut resolver, record, name, name);
        assert_eq!(
            hosts(Record::NameServer, "a.b.example.test"),
            ["ns.example.test"]
        );
        assert_eq!(
            hosts(Record::Exchanger, "example.test"),
            ["mx.example.test"]
        );
        assert_eq!(
            hosts(Record::Exchanger, "a.example.test"),
            ["a.example.test"]
        );
        assert_eq!(hosts(Record::Address, "example.test"), ["example.test"]);
        assert!(hosts(Record::NameServer, "elsewhere.org").is_empty());
    }
}
