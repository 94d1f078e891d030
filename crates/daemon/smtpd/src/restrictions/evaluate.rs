// SPDX-License-Identifier: MIT OR Apache-2.0
//! Walks a restriction list.
//!
//! A refusal ends everything at once, so it is the `Err` of every step; what goes on is
//! [`Verdict`]. Deferrals are remembered: `defer_if_permit` turns a permission into a temporary
//! refusal, `defer_if_reject` does so with a permanent refusal.
//!
//! *Invariants*: restriction classes and access tables nest at most [`DEPTH_LIMIT`] deep.
//!
//! *Postfix:* generic_checks, smtpd_check_reject and defer_if of smtpd_check(3).

use std::time::Duration;

use mail::address::quote_822_local;
use mail::dsn::Status;
use mail::text::printable;
use runtime::event::smtpd::Decision;
use runtime::log;

use super::{List, Restriction, Simple};
use crate::login::{self, Login};
use crate::peer::Peer;
use crate::site::Site;
use crate::transaction::Actions;

/// How deep classes and access tables may refer to each other.
const DEPTH_LIMIT: usize = 100;

/// The longest text of a refusal.
const TEXT_LIMIT: usize = 510;

/// What is known when a list is evaluated.
#[derive(Clone, Copy)]
pub(crate) struct Facts<'a> {
    /// The state of the session: `CONNECT`, `RCPT`, ...
    pub(crate) state: &'a str,
    pub(crate) peer: &'a Peer,
    /// The encryption of the session.
    pub(crate) tls: Option<&'a tls::Summary>,
    pub(crate) with_port: bool,
    pub(crate) protocol: &'a str,
    pub(crate) helo: Option<&'a str>,
    /// Internal form.
    pub(crate) sender: Option<&'a [u8]>,
    /// Internal form; none when there are several.
    pub(crate) recipient: Option<&'a [u8]>,
    /// How many recipients were accepted.
    pub(crate) recipients: usize,
    pub(crate) queue_id: Option<&'a str>,
    /// Tells this transaction from all others; empty where there is none.
    pub(crate) instance: &'a str,
    /// Bytes of the message: as counted, or before that as announced.
    pub(crate) size: u64,
    pub(crate) etrn_domain: Option<&'a str>,
    /// Whether the client did not wait where it must.
    pub(crate) pipelined: bool,
    pub(crate) login: Option<&'a Login>,
    /// Whether clients can log in at all.
    pub(crate) may_log_in: bool,
    /// AUTH= of MAIL FROM.
    pub(crate) vouched_by: Option<&'a str>,
}

/// Who is to blame; configuration and data errors cannot be turned into warnings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// The client, or the message.
    Policy,
    /// The configuration.
    Software,
    /// A table.
    Data,
}

/// A refusal in SMTP terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rejection {
    pub(crate) class: Class,
    pub(crate) code: u16,
    pub(crate) status: Status,
    pub(crate) text: String,
}

impl Rejection {
    /// A refusal by policy.
    pub(crate) fn policy(code: u16, status: Status, text: String) -> Rejection {
        Rejection {
            class: Class::Policy,
            code,
            status,
            text,
        }
    }

    /// The configuration makes no sense.
    pub(crate) fn configuration() -> Rejection {
        let (class, status) = (Class::Software, Status::new(4, 3, 5));
        Rejection {
            class,
            code: 451,
            status,
            text: "Server configuration error".to_owned(),
        }
    }

    /// A table could not be asked.
    pub(crate) fn lookup_failed(what: &[u8]) -> Rejection {
        let text = format!("<{}>: Temporary lookup failure", shown(what));
        Rejection {
            class: Class::Data,
            code: 451,
            status: Status::new(4, 3, 0),
            text,
        }
    }

    /// The reply.
    pub(crate) fn reply(&self) -> String {
        format!("{} {} {}", self.code, self.status, self.text)
    }
}

/// How a refusal is carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// With this reply.
    Reply(String),
    /// By hanging up without a word.
    HangUp,
}

/// What a restriction says that refuses nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing.
    Dunno,
    /// The rest of the list does not matter.
    Permit,
}

/// The answer of a restriction.
pub(crate) type Answer = Result<Verdict, Refusal>;

/// The deferrals that earlier stages of a session left behind.
#[derive(Debug, Default)]
pub(crate) struct Carried {
    pub(crate) client: Option<Rejection>,
    pub(crate) helo: Option<Rejection>,
    pub(crate) sender: Option<Rejection>,
}

/// What a list is about: its words in replies, and the access check that a bare table means.
#[derive(Clone, Copy)]
pub(crate) struct About<'a> {
    /// What `<%s>` shows.
    pub(crate) name: &'a [u8],
    /// `Client host`, `Helo command`, ...
    pub(crate) class: &'a str,
    /// The access check of this list.
    pub(crate) default_access: Option<super::AccessKind>,
}

/// Evaluates lists for one command.
pub(crate) struct Evaluator<'a> {
    pub(crate) site: &'a mut Site,
    pub(crate) facts: Facts<'a>,
    pub(crate) actions: &'a mut Actions,
    pub(crate) carried: &'a mut Carried,
    /// The depth at which warn_if_reject stands.
    pub(super) warn: Option<usize>,
    pub(super) depth: usize,
    pub(super) if_permit: Option<Rejection>,
    pub(super) if_reject: Option<Rejection>,
    /// Whether the sender or recipient was looked for in the tables of valid addresses.
    pub(super) sender_checked: bool,
    pub(super) recipient_checked: bool,
    /// How many policy servers in a row, each in the default action of the one before, did not
    /// answer.
    pub(super) policy_failures: usize,
}

impl<'a> Evaluator<'a> {
    /// An evaluator for one command.
    pub(crate) fn new(
        site: &'a mut Site,
        facts: Facts<'a>,
        actions: &'a mut Actions,
        carried: &'a mut Carried,
    ) -> Evaluator<'a> {
        Evaluator {
            site,
            facts,
            actions,
            carried,
            warn: None,
            depth: 0,
            if_permit: None,
            if_reject: None,
            sender_checked: false,
            recipient_checked: false,
            policy_failures: 0,
        }
    }

    /// Walks a list.
    pub(super) fn walk(&mut self, list: &List, about: About<'_>) -> Answer {
        if self.depth > DEPTH_LIMIT {
            log::warning("restriction classes are nested too deeply");
            return self.refuse(Rejection::configuration());
        }
        self.depth += 1;
        let answer = self.walk_at_depth(list, about);
        self.depth -= 1;
        answer
    }

    fn walk_at_depth(&mut self, list: &List, about: About<'_>) -> Answer {
        let mut items = list.iter().peekable();
        while let Some(item) = items.next() {
            if self.actions.discard {
                break;
            }
            if *item == Restriction::Simple(Simple::WarnIfReject) {
                self.warn.get_or_insert(self.depth);
                continue;
            }
            let answer = self.item(item, about);
            if let Restriction::Simple(simple @ (Simple::Permit | Simple::Reject | Simple::Defer)) =
                item
                && self.warn.is_none()
                && let Some(next) = items.peek()
            {
                let (next, name) = (next.label(), simple.name());
                log::warning(format_args!(
                    "restriction `{next}' after `{name}' is ignored"
                ));
            }
            let answer = answer?;
            if self.warn.is_some_and(|depth| depth >= self.depth) {
                self.warn = None;
            }
            if answer == Verdict::Permit {
                self.log_permission(item, about);
                return Ok(Verdict::Permit);
            }
            if self.if_permit.is_some() && self.if_reject.is_some() {
                break;
            }
        }
        Ok(Verdict::Dunno)
    }

    fn item(&mut self, item: &Restriction, about: About<'_>) -> Answer {
        match item {
            Restriction::Simple(simple) => self.simple(*simple, about),
            Restriction::Access(kind, table) => self.check_access(*kind, *table, about),
            Restriction::Table(table) => match about.default_access {
                Some(kind) => self.check_access(kind, *table, about),
                None => {
                    log::warning(format_args!(
                        "specify one of (check_client_access, \
                         check_reverse_client_hostname_access, check_helo_access, \
                         check_sender_access, check_recipient_access, check_etrn_access) before \
                         {} restriction \"{}\"",
                        about.class,
                        self.site.tables.name(*table)
                    ));
                    self.refuse(Rejection::configuration())
                }
            },
            Restriction::Servers(check, table) => self.check_servers(check, *table, about),
            Restriction::List(check, list) => self.check_list(*check, list),
            Restriction::Policy(server) => self.check_policy(*server, about),
            Restriction::Sleep(seconds) => {
                std::thread::sleep(Duration::from_secs(*seconds));
                Ok(Verdict::Dunno)
            }
            Restriction::Class(name) => match self.site.class(name) {
                Some(list) => self.walk(&list, about),
                None => self.wrong(&format!("unknown smtpd restriction: \"{name}\"")),
            },
            Restriction::Wrong(text) => self.wrong(text),
        }
    }

    pub(super) fn wrong(&mut self, text: &str) -> Answer {
        log::warning(text);
        self.refuse(Rejection::configuration())
    }

    fn simple(&mut self, simple: Simple, about: About<'_>) -> Answer {
        let params = &self.site.params;
        match simple {
            Simple::Permit => Ok(Verdict::Permit),
            Simple::WarnIfReject => Ok(Verdict::Dunno),
            Simple::PermitSaslAuthenticated
            | Simple::RejectSenderLoginMismatch
            | Simple::RejectAuthenticatedSenderLoginMismatch
            | Simple::RejectKnownSenderLoginMismatch
            | Simple::RejectUnauthenticatedSenderLoginMismatch => self.login(simple),
            Simple::Reject => {
                let code = reply_code(params.reject_code);
                self.reject(code, (7, 1), about, "Access denied")
            }
            Simple::Defer => {
                let code = reply_code(params.defer_code);
                self.reject(code, (3, 2), about, "Try again later")
            }
            Simple::DeferIfPermit => {
                let text = about.rejected("defer_if_permit requested");
                self.defer_if_permit(Rejection::policy(450, Status::new(4, 7, 0), text))
            }
            Simple::DeferIfReject => {
                let text = about.rejected("defer_if_reject requested");
                self.defer_if_reject(Rejection::policy(450, Status::new(4, 7, 0), text))
            }
            Simple::RejectUnauthPipelining => {
                if !self.facts.pipelined {
                    return Ok(Verdict::Dunno);
                }
                self.reject(
                    503,
                    (5, 0),
                    about,
                    "Improper use of SMTP command pipelining",
                )
            }
            Simple::RejectPlaintextSession => self.reject_plaintext_session(),
            Simple::PermitTlsClientcerts | Simple::PermitTlsAllClientcerts => {
                self.permit_certificate(simple)
            }
            Simple::RejectMultiRecipientBounce => {
                let allowed = usize::from(self.facts.state == "DATA");
                let is_bounce = self.facts.sender.is_some_and(<[u8]>::is_empty);
                if !is_bounce || self.facts.recipients <= allowed {
                    return Ok(Verdict::Dunno);
                }
                let code = reply_code(params.multi_recipient_bounce_reject_code);
                self.reject(code, (5, 3), about, "Multi-recipient bounce")
            }
            Simple::RejectUnknownClientHostname
            | Simple::RejectUnknownReverseClientHostname
            | Simple::PermitInetInterfaces
            | Simple::PermitMynetworks
            | Simple::RejectInvalidHeloHostname
            | Simple::RejectUnknownHeloHostname
            | Simple::RejectNonFqdnHeloHostname => self.host(simple, about),
            Simple::RejectUnknownSenderDomain
            | Simple::RejectUnlistedSender
            | Simple::RejectNonFqdnSender
            | Simple::RejectUnknownRecipientDomain
            | Simple::RejectNonFqdnRecipient
            | Simple::RejectUnlistedRecipient => self.address(simple),
            Simple::PermitAuthDestination => self.permit_auth_destination(),
            Simple::RejectUnauthDestination => {
                let code = reply_code(params.relay_domains_reject_code);
                self.reject_unauth_destination(code)
            }
            Simple::DeferUnauthDestination => {
                let code = reply_code(params.relay_domains_reject_code).saturating_sub(100);
                self.reject_unauth_destination(code)
            }
        }
    }

    /// Refuses with `<name>: class rejected: reason`.
    pub(super) fn reject(
        &mut self,
        code: u16,
        detail: (u16, u16),
        about: About<'_>,
        reason: &str,
    ) -> Answer {
        let text = about.rejected(reason);
        self.refuse(Rejection::policy(code, status_for(code, detail), text))
    }

    /// Refuses, or only says so when warn_if_reject stands before it.
    pub(super) fn refuse(&mut self, rejection: Rejection) -> Answer {
        let warn_only = self.warn.is_some() && rejection.class == Class::Policy;
        let rejection = self.valid(rejection);
        if !warn_only
            && rejection.code >= 500
            && let Some(earlier) = self.if_reject.take()
        {
            self.warn = None;
            return self.refuse(earlier);
        }
        let rejection = if self.site.params.soft_bounce {
            softened(rejection)
        } else {
            rejection
        };
        let reply = rejection.reply();
        if warn_only {
            self.log("reject_warning", &reply);
            return Ok(Verdict::Dunno);
        }
        self.log("reject", &reply);
        Err(Refusal::Reply(reply))
    }

    /// A refusal that can be said: code, status and text fit each other.
    fn valid(&self, mut rejection: Rejection) -> Rejection {
        if !(400..=599).contains(&rejection.code) {
            log::warning(format_args!(
                "SMTP reply code configuration error: {} {}",
                rejection.code, rejection.text
            ));
            rejection.code = 450;
        }
        let class = u8::try_from(rejection.code / 100).unwrap_or(4);
        rejection.status = rejection.status.with_class(class);
        let text = printable(rejection.text.as_bytes(), b' ');
        let mut end = text.len().min(TEXT_LIMIT - 10);
        let text = String::from_utf8_lossy(&text).into_owned();
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        rejection.text = text.get(..end).unwrap_or_default().to_owned();
        rejection
    }

    /// Remembers a deferral in case the command is permitted.
    pub(super) fn defer_if_permit(&mut self, rejection: Rejection) -> Answer {
        if self.warn.is_some() {
            self.log("reject_warning", &rejection.reply());
        } else {
            self.if_permit.get_or_insert(rejection);
        }
        Ok(Verdict::Dunno)
    }

    /// Remembers a deferral in case the command is refused.
    pub(super) fn defer_if_reject(&mut self, rejection: Rejection) -> Answer {
        if self.warn.is_some() {
            self.log("reject_warning", &rejection.reply());
        } else {
            self.if_reject.get_or_insert(rejection);
        }
        Ok(Verdict::Dunno)
    }

    /// Logs what was decided.
    pub(crate) fn log(&self, what: &str, text: &str) {
        let facts = &self.facts;
        let (sender, recipient) = (
            facts.sender.map(quote_822_local),
            facts.recipient.map(quote_822_local),
        );
        log::info(Decision {
            queue_id: facts.queue_id,
            what,
            state: facts.state,
            client: &facts.peer.client(facts.with_port),
            text,
            sender: sender.as_deref(),
            recipient: recipient.as_deref(),
            protocol: facts.protocol,
            helo: facts.helo,
            login: login::event(facts.login, facts.vouched_by),
        });
    }
}

impl About<'_> {
    /// `<name>: class rejected: reason`.
    pub(super) fn rejected(&self, reason: &str) -> String {
        format!("<{}>: {} rejected: {reason}", shown(self.name), self.class)
    }
}

/// Text from outside as it appears in replies.
pub(super) fn shown(text: &[u8]) -> String {
    String::from_utf8_lossy(&printable(text, b' ')).into_owned()
}

/// A reply code of main.cf; what is none is caught when it is used.
pub(super) fn reply_code(configured: i32) -> u16 {
    u16::try_from(configured).unwrap_or(0)
}

/// The enhanced status that goes with a code.
pub(super) fn status_for(code: u16, (subject, detail): (u16, u16)) -> Status {
    Status::new(u8::try_from(code / 100).unwrap_or(4), subject, detail)
}

/// With soft_bounce, a permanent refusal is a temporary one.
fn softened(mut rejection: Rejection) -> Rejection {
    if rejection.code >= 500 {
        rejection.code -= 100;
        rejection.status = rejection.status.with_class(4);
    }
    rejection
}
