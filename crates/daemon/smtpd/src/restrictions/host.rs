// SPDX-License-Identifier: MIT OR Apache-2.0
//! Restrictions about the client's name and address, and about what it says in HELO.
//!
//! *Postfix:* reject_unknown_client, permit_mynetworks, reject_invalid_hostname and their kind in
//! smtpd_check(3).

use dns::{FailureKind, Families};
use mail::dsn::Status;
use mail::text::{is_valid_hostaddr, is_valid_utf8_hostname, parse_literal};
use runtime::log;

use super::evaluate::{About, Answer, Rejection, Verdict, reply_code, status_for};
use super::stages::HELO;
use super::{Evaluator, Simple};
use crate::peer::NameStatus;

impl Evaluator<'_> {
    pub(super) fn host(&mut self, simple: Simple, about: About<'_>) -> Answer {
        let peer = self.facts.peer;
        match simple {
            Simple::PermitMynetworks => self.permit_listed(true, about),
            Simple::PermitInetInterfaces => self.permit_listed(false, about),
            Simple::RejectUnknownClientHostname => {
                let reason = format!("cannot find your hostname, [{}]", peer.address);
                self.unknown_client(peer.name_status, &reason, (7, 25))
            }
            Simple::RejectUnknownReverseClientHostname => {
                let reason = format!("cannot find your reverse hostname, [{}]", peer.address);
                self.unknown_client(peer.reverse_status, &reason, (7, 1))
            }
            _ => match self.facts.helo {
                Some(helo) if helo.starts_with('[') => self.helo_literal(helo),
                Some(helo) => self.helo_name(simple, helo),
                None => Ok(Verdict::Dunno),
            },
        }
    }

    fn permit_listed(&mut self, mynetworks: bool, about: About<'_>) -> Answer {
        let peer = self.facts.peer;
        if !mynetworks {
            let is_own = peer
                .ip
                .is_some_and(|ip| self.site.own_addresses.contains(&ip));
            return Ok(if is_own {
                Verdict::Permit
            } else {
                Verdict::Dunno
            });
        }
        let found = self
            .site
            .mynetworks
            .matches(peer.name.as_bytes(), peer.address.as_bytes());
        match found {
            Ok(true) => {
                // Today's default is this host alone.
                let is_own = peer
                    .ip
                    .is_some_and(|ip| self.site.own_addresses.contains(&ip));
                if !is_own {
                    let client = peer.name_and_address();
                    let notice = self.site.notices.mynetworks;
                    notice.tell(format_args!("to permit request from client \"{client}\""));
                }
                Ok(Verdict::Permit)
            }
            Ok(false) => Ok(Verdict::Dunno),
            Err(error) => {
                log::warning(format_args!("mynetworks: {error}"));
                self.refuse(Rejection::lookup_failed(about.name))
            }
        }
    }

    fn unknown_client(&mut self, status: NameStatus, reason: &str, detail: (u16, u16)) -> Answer {
        let code = match status {
            NameStatus::Good => return Ok(Verdict::Dunno),
            NameStatus::Temporary => 450,
            NameStatus::Permanent => reply_code(self.site.params.unknown_client_reject_code),
        };
        let text = format!("Client host rejected: {reason}");
        self.refuse(Rejection::policy(code, status_for(code, detail), text))
    }

    fn helo_literal(&mut self, helo: &str) -> Answer {
        if parse_literal(helo.as_bytes()).is_some() {
            return Ok(Verdict::Dunno);
        }
        let code = reply_code(self.site.params.invalid_hostname_reject_code);
        self.reject(code, (5, 2), about_helo(helo), "invalid ip address")
    }

    fn helo_name(&mut self, simple: Simple, helo: &str) -> Answer {
        let name = without_final_dot(helo);
        let is_valid = is_valid_utf8_hostname(name.as_bytes());
        let params = &self.site.params;
        match simple {
            Simple::RejectInvalidHeloHostname => {
                if is_valid || is_valid_hostaddr(name.as_bytes()) {
                    return Ok(Verdict::Dunno);
                }
                let code = reply_code(params.invalid_hostname_reject_code);
                self.reject(code, (5, 2), about_helo(helo), "Invalid name")
            }
            Simple::RejectNonFqdnHeloHostname => {
                if is_valid && name.contains('.') {
                    return Ok(Verdict::Dunno);
                }
                let code = reply_code(params.non_fqdn_reject_code);
                self.reject(
                    code,
                    (5, 2),
                    about_helo(helo),
                    "need fully-qualified hostname",
                )
            }
            _ => {
                let code = reply_code(params.unknown_hostname_reject_code);
                self.unknown_name(name, about_helo(helo), code, (7, 1), "Host not found")
            }
        }
    }

    /// Refuses a name that has neither address nor mail exchanger; when that cannot be found
    /// out, what would be accepted is deferred.
    pub(super) fn unknown_name(
        &mut self,
        name: &str,
        about: About<'_>,
        code: u16,
        detail: (u16, u16),
        reason: &str,
    ) -> Answer {
        let Some(resolver) = &mut self.site.resolver else {
            return Ok(Verdict::Dunno);
        };
        let failure = match resolver.mx(name) {
            Ok(_) => return Ok(Verdict::Dunno),
            Err(failure) if failure.kind == FailureKind::NotFound => {
                match resolver.addresses(name, Families::Both) {
                    Ok(_) => return Ok(Verdict::Dunno),
                    Err(failure) => failure,
                }
            }
            Err(failure) => failure,
        };
        match failure.kind {
            FailureKind::Retry | FailureKind::Fail => {
                let text = about.rejected(reason);
                let status = Status::new(4, detail.0, detail.1);
                self.defer_if_permit(Rejection::policy(450, status, text))
            }
            FailureKind::Invalid => self.reject(code, detail, about, "Malformed DNS server reply"),
            FailureKind::NullMx if about.class == HELO => Ok(Verdict::Dunno),
            FailureKind::NullMx => {
                let (code, detail) = if about.class == super::stages::SENDER {
                    (550, (7, 27))
                } else {
                    (556, (1, 10))
                };
                let reason = format!("Domain {name} does not accept mail (nullMX)");
                self.reject(code, detail, about, &reason)
            }
            FailureKind::NotFound => self.reject(code, detail, about, reason),
        }
    }
}

fn about_helo(helo: &str) -> About<'_> {
    About {
        name: helo.as_bytes(),
        class: HELO,
        default_access: None,
    }
}

/// One final dot is no fault of a name.
fn without_final_dot(name: &str) -> &str {
    match name.strip_suffix('.') {
        Some(rest) if !rest.is_empty() && !rest.ends_with('.') => rest,
        _ => name,
    }
}
