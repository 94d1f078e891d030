// SPDX-License-Identifier: MIT OR Apache-2.0
//! From a domain or host name to the addresses to try, in the order to try them.
//!
//! *Errors*: reasons with the status codes of the original; a temporary failure of any lookup
//! wins over permanent ones.
//!
//! *Postfix:* smtp_addr(3).

use std::net::IpAddr;

use dns::{Failure, FailureKind, Families, Resolver};
use mail::dsn::Status;
use runtime::log;

use crate::order::{self, Preference};
use crate::own::OwnAddresses;
use crate::why::Why;

/// An address to try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// The name of the server.
    pub(crate) host: String,
    /// Its address.
    pub(crate) address: IpAddr,
    /// Its MX preference; zero when there is none.
    pub(crate) preference: u16,
}

/// How hosts are found.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    /// Ask DNS at all (`smtp_dns_support_level`).
    pub(crate) dns: bool,
    /// Look up host names by DNS, by the system's way, or one after the other
    /// (`smtp_host_lookup`).
    pub(crate) host_by_dns: bool,
    /// As above.
    pub(crate) host_by_system: bool,
    /// The families that may be used (`inet_protocols`).
    pub(crate) families: Families,
    /// `ignore_mx_lookup_error`.
    pub(crate) ignore_mx_errors: bool,
    /// `smtp_defer_if_no_mx_address_found`.
    pub(crate) defer_without_mx_address: bool,
    /// `smtp_randomize_addresses`.
    pub(crate) randomize: bool,
    /// `smtp_address_preference`.
    pub(crate) prefer: Preference,
    /// `smtp_balance_inet_protocols`.
    pub(crate) balance: bool,
    /// `smtp_mx_address_limit`; zero: no limit.
    pub(crate) address_limit: usize,
}

/// What a lookup found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The addresses; when empty, the reason is set.
    pub(crate) candidates: Vec<Candidate>,
    /// The lowest preference of `candidates` before any was left out.
    pub(crate) best: u16,
    /// We are ourselves a mail exchanger of the domain.
    pub(crate) we_are_mx: bool,
}

/// One lookup.
pub(crate) struct Lookup<'a> {
    /// Who is asked.
    pub(crate) resolver: &'a mut Resolver,
    /// How.
    pub(crate) rules: &'a Rules,
    /// Ourselves; `None` when meeting ourselves is no loop (other ports).
    pub(crate) own: Option<&'a OwnAddresses>,
    /// Why nothing was found.
    pub(crate) why: &'a mut Why,
}

impl Lookup<'_> {
    /// The mail exchangers of a domain, or the domain itself when it has none.
    pub(crate) fn domain(&mut self, domain: &str) -> Found {
        let Some(name) = self.ascii(domain) else {
            return Found::default();
        };
        let exchangers = match self.resolver.mx(&name) {
            Ok(exchangers) => exchangers,
            Err(failure) => return self.without_mx(&name, &failure),
        };
        let mut exchangers = exchangers;
        exchangers.sort_by_key(|mx| mx.preference);
        let wanted = exchangers.first().map_or(0, |mx| mx.preference);
        let mut candidates = Vec::new();
        for mx in &exchangers {
            candidates.extend(self.one(&mx.host, mx.preference));
        }
        let Some(best) = candidates.first().map(|candidate| candidate.preference) else {
            if self.rules.defer_without_mx_address {
                self.why.soften();
            }
            log::warning(format_args!(
                "no MX host for {domain} has a valid address record"
            ));
            return Found::default();
        };
        let mut we_are_mx = false;
        if let Some(own) = self.own
            && let Some(me) = candidates
                .iter()
                .find(|candidate| own.contain(candidate.address))
        {
            we_are_mx = true;
            let limit = me.preference;
            candidates.retain(|candidate| candidate.preference < limit);
            if candidates.is_empty() && wanted != best {
                let text = format!("unable to find primary relay for {domain}");
                self.why.set(Status::new(4, 4, 4), text);
            } else if candidates.is_empty() {
                self.loops_back(domain);
            }
        }
        Found {
            candidates: self.arrange(candidates),
            best,
            we_are_mx,
        }
    }

    /// The addresses of one host.
    pub(crate) fn host(&mut self, host: &str) -> Found {
        let Some(name) = self.ascii(host) else {
            return Found::default();
        };
        let candidates = self.one(&name, 0);
        if self
            .own
            .is_some_and(|own| candidates.iter().any(|c| own.contain(c.address)))
        {
            self.loops_back(host);
            return Found::default();
        }
        Found {
            candidates: self.arrange(candidates),
            best: 0,
            we_are_mx: false,
        }
    }

    fn without_mx(&mut self, name: &str, failure: &Failure) -> Found {
        let status = match failure.kind {
            FailureKind::NotFound => return self.host(name),
            FailureKind::NullMx => Status::new(5, 1, 0),
            FailureKind::Invalid => Status::new(5, 4, 4),
            FailureKind::Fail => Status::new(5, 4, 3),
            FailureKind::Retry => Status::new(4, 4, 3),
        };
        self.why.set(status, failure.to_string());
        if self.rules.ignore_mx_errors && failure.kind != FailureKind::NullMx {
            return self.host(name);
        }
        Found::default()
    }

    /// The addresses of one name with one preference.
    fn one(&mut self, host: &str, preference: u16) -> Vec<Candidate> {
        let make = |address| Candidate {
            host: host.to_owned(),
            address,
            preference,
        };
        if let Ok(address) = host.parse::<IpAddr>() {
            if self.rules.families.contain(&address) {
                return vec![make(address)];
            }
            let text = format!("unable to look up host {host}: Address family not supported");
            self.why
                .set_lookup(Status::new(5, 4, 4), Status::new(4, 4, 4), text);
            return Vec::new();
        }
        if self.rules.dns && self.rules.host_by_dns {
            match self.resolver.addresses(host, self.rules.families) {
                Ok(found) => return found.into_iter().map(make).collect(),
                Err(failure) => {
                    self.note(&failure);
                    if failure.kind != FailureKind::NotFound {
                        return Vec::new();
                    }
                }
            }
        }
        if self.rules.host_by_system || !self.rules.dns {
            match self.resolver.native_addresses(host, self.rules.families) {
                Ok(found) => return found.into_iter().map(make).collect(),
                Err(failure) => self.note_native(host, &failure),
            }
        }
        Vec::new()
    }

    fn note(&mut self, failure: &Failure) {
        let (status, softer) = match failure.kind {
            FailureKind::Retry => (Status::new(4, 4, 3), Status::new(4, 4, 3)),
            FailureKind::Fail => (Status::new(5, 4, 3), Status::new(4, 4, 3)),
            FailureKind::NotFound | FailureKind::NullMx | FailureKind::Invalid => {
                (Status::new(5, 4, 4), Status::new(4, 4, 4))
            }
        };
        self.why.set_lookup(status, softer, failure.to_string());
    }

    fn note_native(&mut self, host: &str, failure: &Failure) {
        let (status, reason) = match failure.kind {
            FailureKind::Retry => (Status::new(4, 4, 4), "Temporary failure in name resolution"),
            FailureKind::Fail => (
                Status::new(5, 3, 0),
                "Non-recoverable failure in name resolution",
            ),
            FailureKind::NotFound | FailureKind::NullMx | FailureKind::Invalid => {
                (Status::new(5, 4, 4), "Name or service not known")
            }
        };
        let text = format!("unable to look up host {host}: {reason}");
        self.why.set_lookup(status, status.with_class(4), text);
    }

    fn ascii(&mut self, domain: &str) -> Option<String> {
        let name = dns::name::to_ascii(domain);
        if name.is_none() {
            let text = format!("Name service error for {domain}: invalid host or domain name");
            self.why.set(Status::new(5, 4, 4), text);
        }
        name
    }

    fn loops_back(&mut self, domain: &str) {
        let text = format!("mail for {domain} loops back to myself");
        self.why.set(Status::new(5, 4, 6), text);
    }

    fn arrange(&self, mut candidates: Vec<Candidate>) -> Vec<Candidate> {
        if candidates.len() > 1 {
            if self.rules.randomize {
                order::shuffle(&mut candidates);
            }
            order::sort(&mut candidates, self.rules.prefer);
            if self.rules.balance {
                order::balance(&mut candidates, self.rules.address_limit);
            }
        }
        candidates
    }
}
