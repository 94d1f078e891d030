// SPDX-License-Identifier: MIT OR Apache-2.0
//! Restrictions about who logged in, and whose sender addresses they use.
//!
//! *Postfix:* permit_sasl_auth, reject_auth_sender_login_mismatch and
//! reject_unauth_sender_login_mismatch of smtpd_check(3).

use ipc::flags::ResolveFlags;
use mail::dsn::Status;
use mail::text::casefold;
use runtime::log;

use super::evaluate::{Answer, Rejection, Verdict, shown};
use super::{Evaluator, Simple};

/// What to do about a sender address that nobody owns.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unowned {
    Refuse,
    Pass,
}

impl Evaluator<'_> {
    pub(super) fn login(&mut self, simple: Simple) -> Answer {
        match simple {
            Simple::PermitSaslAuthenticated => Ok(self.permit_login()),
            Simple::RejectSenderLoginMismatch => {
                self.login(Simple::RejectAuthenticatedSenderLoginMismatch)?;
                self.login(Simple::RejectUnauthenticatedSenderLoginMismatch)
            }
            _ if !self.facts.may_log_in => {
                let name = simple.name();
                log::warning(format_args!(
                    "restriction `{name}' ignored: no SASL support"
                ));
                Ok(Verdict::Dunno)
            }
            _ => self.login_mismatch(simple),
        }
    }

    fn permit_login(&self) -> Verdict {
        let login = self.facts.login.filter(|_| self.facts.may_log_in);
        if login.is_some_and(|login| !login.is_anonymous()) {
            Verdict::Permit
        } else {
            Verdict::Dunno
        }
    }

    fn login_mismatch(&mut self, simple: Simple) -> Answer {
        let Some(sender) = self.facts.sender.filter(|sender| !sender.is_empty()) else {
            return Ok(Verdict::Dunno);
        };
        let user = self.facts.login.map(|login| login.user.as_str());
        match (simple, user) {
            (Simple::RejectAuthenticatedSenderLoginMismatch, Some(user)) => {
                self.reject_stranger(sender, user, Unowned::Refuse)
            }
            (Simple::RejectKnownSenderLoginMismatch, Some(user)) => {
                self.reject_stranger(sender, user, Unowned::Pass)
            }
            (Simple::RejectAuthenticatedSenderLoginMismatch, None) | (_, Some(_)) => {
                Ok(Verdict::Dunno)
            }
            (_, None) => self.reject_owned(sender),
        }
    }

    /// Refuses a sender that is not among those of a user who logged in.
    fn reject_stranger(&mut self, sender: &[u8], user: &str, unowned: Unowned) -> Answer {
        if self.site.known.sender_login.is_empty() {
            return Ok(Verdict::Dunno);
        }
        let is_owner = match self.owners(sender) {
            Ok(None) => unowned == Unowned::Pass,
            Ok(Some(owners)) => owners
                .split(|b| b", \t\r\n".contains(b))
                .any(|owner| !owner.is_empty() && casefold(owner) == casefold(user.as_bytes())),
            Err(rejection) => return self.refuse(rejection),
        };
        if is_owner {
            return Ok(Verdict::Dunno);
        }
        self.reject_sender(sender, &format!("not owned by user {user}"))
    }

    /// Refuses a sender that belongs to somebody, since nobody logged in.
    fn reject_owned(&mut self, sender: &[u8]) -> Answer {
        match self.owners(sender) {
            Ok(None) => Ok(Verdict::Dunno),
            Ok(Some(_)) => self.reject_sender(sender, "not logged in"),
            Err(rejection) => self.refuse(rejection),
        }
    }

    /// Who may send in the name of this address, as it is after rewriting.
    fn owners(&mut self, sender: &[u8]) -> Result<Option<Vec<u8>>, Rejection> {
        if self.site.known.sender_login.is_empty() {
            return Ok(None);
        }
        let resolved = self.site.resolve(sender, sender);
        let resolved = resolved.filter(|found| !found.flags.contains(ResolveFlags::FAIL));
        let resolved = resolved.ok_or_else(|| Rejection::lookup_failed(sender))?;
        let owners = self.site.known.owners(&resolved.recipient);
        owners.map_err(|error| {
            log::warning(error);
            Rejection::lookup_failed(sender)
        })
    }

    fn reject_sender(&mut self, sender: &[u8], reason: &str) -> Answer {
        let sender = shown(sender);
        let text = format!("<{sender}>: Sender address rejected: {reason}");
        self.refuse(Rejection::policy(553, Status::new(5, 7, 1), text))
    }
}
