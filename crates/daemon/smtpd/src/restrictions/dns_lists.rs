// SPDX-License-Identifier: MIT OR Apache-2.0
//! Restrictions that ask DNS lists.
//!
//! *Errors*: a list that does not answer refuses nobody; where it could have permitted, a later
//! refusal is for now only.
//!
//! *Postfix:* reject_rbl_addr, reject_rbl_domain, permit_dnswl_addr, permit_dnswl_domain and
//! rbl_reject_reply of smtpd_check(3).

use mail::dsn::{Status, split_status_text};
use runtime::log;

use super::Evaluator;
use super::actions::fitting;
use super::evaluate::{About, Answer, Rejection, Verdict, shown};
use super::subject::Subject;
use crate::dns_lists::{DnsList, Listing, domain_of, reversed};
use crate::expand::Template;

/// A restriction that asks a DNS list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ListCheck {
    name: &'static str,
    subject: Subject,
    /// Whether an entry permits, or refuses.
    permits: bool,
}

const fn check(name: &'static str, subject: Subject, permits: bool) -> ListCheck {
    ListCheck {
        name,
        subject,
        permits,
    }
}

const CHECKS: [ListCheck; 9] = [
    check("reject_rbl_client", Subject::ClientAddress, false),
    check("reject_rbl", Subject::ClientAddress, false),
    check("permit_dnswl_client", Subject::ClientAddress, true),
    check("reject_rhsbl_client", Subject::ClientName, false),
    check("permit_rhswl_client", Subject::ClientName, true),
    check("reject_rhsbl_reverse_client", Subject::ReverseName, false),
    check("reject_rhsbl_helo", Subject::Helo, false),
    check("reject_rhsbl_sender", Subject::Sender, false),
    check("reject_rhsbl_recipient", Subject::Recipient, false),
];

impl ListCheck {
    /// The restriction with this name, without regard to case.
    pub(crate) fn find(word: &str) -> Option<ListCheck> {
        let mut checks = CHECKS.iter();
        let found = checks.find(|check| word.eq_ignore_ascii_case(check.name));
        found.copied()
    }

    /// The name.
    pub(crate) fn name(self) -> &'static str {
        self.name
    }
}

impl Evaluator<'_> {
    /// Asks the list about what the restriction is about.
    pub(super) fn check_list(&mut self, check: ListCheck, list: &DnsList) -> Answer {
        let facts = self.facts;
        let Some((what, class)) = facts.about(check.subject) else {
            return Ok(Verdict::Dunno);
        };
        let name = match check.subject {
            Subject::ClientAddress => facts.peer.ip.map(reversed),
            _ => domain_of(what),
        };
        let Some(name) = name else {
            return Ok(Verdict::Dunno);
        };
        let about = About {
            name: what,
            class,
            default_access: None,
        };
        // A list is no reason to relay for strangers.
        if check.permits
            && facts.state == "RCPT"
            && facts.recipient.is_some()
            && self.permit_auth_destination()? != Verdict::Permit
        {
            return Ok(Verdict::Dunno);
        }
        let Some(resolver) = &mut self.site.resolver else {
            return Ok(Verdict::Dunno);
        };
        match self.site.dns_lists.ask(resolver, list, &name) {
            Listing::Listed(_) if check.permits => Ok(Verdict::Permit),
            Listing::Listed(reason) => self.reject_listed(list, about, &reason),
            Listing::Unknown if check.permits => {
                let text = about.rejected("Service unavailable");
                self.defer_if_reject(Rejection::policy(450, Status::new(4, 7, 1), text))
            }
            Listing::Unknown | Listing::Absent => Ok(Verdict::Dunno),
        }
    }

    /// Refuses with the reply that is configured for the list.
    fn reject_listed(&mut self, list: &DnsList, about: About<'_>, reason: &str) -> Answer {
        let maps = &mut self.site.rbl_reply_maps;
        let mut found = maps.get(list.word.as_bytes());
        if let Ok(None) = found
            && list.word != list.domain
        {
            found = maps.get(list.domain.as_bytes());
        }
        let special = match found {
            Ok(template) => template.map(|text| String::from_utf8_lossy(&text).into_owned()),
            Err(error) => {
                log::warning(format_args!(
                    "rbl_reply_maps: table lookup problem: {error}"
                ));
                return self.refuse(Rejection::configuration());
            }
        };
        let code = self.site.params.maps_rbl_reject_code.to_string();
        let what = shown(about.name);
        let values = [
            ("rbl_code", code.as_str()),
            ("rbl_domain", &list.domain),
            ("rbl_reason", reason),
            ("rbl_txt", reason),
            ("rbl_what", &what),
            ("rbl_class", about.class),
        ];
        let template = Template {
            facts: &self.facts,
            filter: &self.site.expansion_filter,
            values: &values,
        };
        let expanded = special.and_then(|text| {
            let expanded = template.expand(&text);
            if expanded.is_none() {
                log::warning(format_args!(
                    "rbl_reject_reply: bad rbl reply template for domain {}: {text}",
                    list.word
                ));
            }
            expanded
        });
        let reply = expanded.or_else(|| template.expand(&self.site.params.default_rbl_reply));
        let rejection = reply.as_deref().and_then(|reply| {
            let rejection = rejection(reply, about.class);
            if rejection.is_none() {
                log::warning(format_args!(
                    "rbl response code configuration error: {reply}"
                ));
            }
            rejection
        });
        let unavailable =
            || Rejection::policy(450, Status::new(4, 7, 1), "Service unavailable".to_owned());
        self.refuse(rejection.unwrap_or_else(unavailable))
    }
}

/// A reply made of a template: a code, perhaps a status, and a text.
fn rejection(reply: &str, class: &str) -> Option<Rejection> {
    let (code, text) = reply.split_once(' ')?;
    let code: u16 = code
        .parse()
        .ok()
        .filter(|code| (400..=599).contains(code))?;
    let (status, text) = match split_status_text(text.as_bytes()) {
        Some((status, text)) => (status, String::from_utf8_lossy(text).into_owned()),
        None => (Status::new(4, 7, 1), text.trim_start().to_owned()),
    };
    let text = if text.is_empty() {
        "Service unavailable".to_owned()
    } else {
        text
    };
    Some(Rejection::policy(code, fitting(status, class), text))
}
