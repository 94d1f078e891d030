// SPDX-License-Identifier: MIT OR Apache-2.0
//! ETRN: deliver now what waits for a domain (RFC 1985).
//!
//! *Postfix:* etrn_cmd of smtpd(8).

use ipc::services::flush::{Request, Status};
use mail::smtp::command::Argument;
use mail::text::{is_valid_utf8_hostname, parse_literal, printable};
use runtime::log;

use crate::session::{Outcome, Session, Subject};
use crate::transaction::MailState;

impl Session<'_> {
    pub(crate) fn etrn(&mut self, arguments: &[Argument]) -> Outcome {
        if self.site.params.smtpd_helo_required && self.helo.is_none() {
            return self.refuse("503 Error: send HELO/EHLO first");
        }
        if !matches!(self.mail, MailState::Idle) {
            return self.refuse("503 Error: MAIL transaction in progress");
        }
        let [argument] = arguments else {
            return self.refuse("500 Syntax: ETRN domain");
        };
        let text = argument.text.as_slice();
        // `@domain` and `#queue` mean the domain alone, as with any mark in their place.
        let domain = match text {
            [first, rest @ ..] if !first.is_ascii_alphanumeric() => rest,
            _ => text,
        };
        if !is_valid_utf8_hostname(domain) && parse_literal(domain).is_none() {
            return self.refuse("501 Error: invalid parameter syntax");
        }
        let domain = String::from_utf8_lossy(&printable(domain, b'?')).into_owned();
        if self.site.stand_alone {
            log::warning("do not use ETRN in \"sendmail -bs\" mode");
            return self.refuse("458 Unable to queue messages");
        }
        let subject = Subject {
            etrn_domain: Some(&domain),
            ..Subject::default()
        };
        let checked = self.evaluate(subject, |evaluator| evaluator.etrn(&domain));
        if let Err(refusal) = checked {
            return self.refuse_by(refusal);
        }
        self.deliver_now(&domain)
    }

    fn deliver_now(&mut self, domain: &str) -> Outcome {
        let endpoint = self.jail.public(&self.site.params.flush_service_name);
        let request = Request::SendSite {
            site: domain.as_bytes().to_vec(),
        };
        let answer = request
            .ask(&endpoint, self.jail.ipc_timeout())
            .unwrap_or_else(|error| {
                log::warning(error);
                Status::Fail
            });
        if answer != Status::Deny {
            let notice = self.site.notices.fast_flush_domains;
            notice.tell(format_args!("to flush mail for domain \"{domain}\""));
        }
        match answer {
            Status::Ok => self.accept("250 Queuing started"),
            Status::Deny => {
                log::warning(format_args!(
                    "reject: ETRN {domain}... from {}",
                    self.client
                ));
                self.refuse(format_args!("459 <{domain}>: service unavailable"))
            }
            Status::Bad => {
                log::warning(format_args!("bad ETRN {domain}... from {}", self.client));
                self.refuse("458 Unable to queue messages")
            }
            Status::Fail => self.refuse("458 Unable to queue messages"),
        }
    }
}
