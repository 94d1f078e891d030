// SPDX-License-Identifier: MIT OR Apache-2.0
//! Never an open relay: the restrictions about destinations that are not ours, and the check at
//! start that some such restriction works.
//!
//! *Invariants*: an address that could not be resolved is refused (temporarily), and so is one
//! with routing in it unless allow_untrusted_routing permits that.
//!
//! *Postfix:* permit_auth_destination, reject_unauth_destination, has_required and
//! fail_required of smtpd_check(3).

use ipc::flags::ResolveFlags;
use mail::address::split_at_last_at;
use runtime::log;

use super::evaluate::{Answer, Rejection, Verdict, shown, status_for};
use super::{Evaluator, Restriction, Simple};

impl Evaluator<'_> {
    /// Permits what this system delivers, or relays by its configuration.
    pub(super) fn permit_auth_destination(&mut self) -> Answer {
        let Some(recipient) = self.facts.recipient else {
            return Ok(Verdict::Dunno);
        };
        let resolved = match self
            .site
            .resolve(self.facts.sender.unwrap_or_default(), recipient)
        {
            Some(resolved) if !resolved.flags.contains(ResolveFlags::FAIL) => resolved,
            _ => return self.refuse(Rejection::lookup_failed(recipient)),
        };
        if !resolved.recipient.contains(&b'@') {
            return Ok(Verdict::Permit);
        }
        if resolved.flags.contains(ResolveFlags::ROUTED)
            && !self.site.params.allow_untrusted_routing
        {
            return Ok(Verdict::Dunno);
        }
        if resolved.flags.intersects(ResolveFlags::CLASS_FINAL) {
            return Ok(Verdict::Permit);
        }
        if resolved.flags.contains(ResolveFlags::CLASS_RELAY) {
            let domain = split_at_last_at(&resolved.recipient).1.unwrap_or_default();
            let notice = self.site.notices.relay_domains;
            notice.tell(format_args!(
                "to accept mail for domain \"{}\"",
                shown(domain)
            ));
            return Ok(Verdict::Permit);
        }
        Ok(Verdict::Dunno)
    }

    /// Refuses everything else.
    pub(super) fn reject_unauth_destination(&mut self, code: u16) -> Answer {
        let Some(recipient) = self.facts.recipient else {
            return Ok(Verdict::Dunno);
        };
        // An error in there is this restriction's answer too, also with warn_if_reject.
        if self.permit_auth_destination()? == Verdict::Permit {
            return Ok(Verdict::Dunno);
        }
        let text = format!("<{}>: Relay access denied", shown(recipient));
        self.refuse(Rejection::policy(code, status_for(code, (7, 1)), text))
    }
}

/// The text of the error when no list refuses strangers.
const UNSAFE: &str = "in parameter smtpd_relay_restrictions or smtpd_recipient_restrictions, \
                      specify at least one working instance of: reject_unauth_destination, \
                      defer_unauth_destination, reject, defer, defer_if_permit or \
                      check_relay_domains";

/// Whether one of the lists refuses strangers by default.
///
/// # Errors
/// The text of a fatal error when none does.
pub(crate) fn check_safety<'a>(
    lists: [&[Restriction]; 2],
    class: &impl Fn(&str) -> Option<&'a [Restriction]>,
) -> Result<(), String> {
    if lists
        .into_iter()
        .any(|list| refuses_strangers(list, class, 0))
    {
        Ok(())
    } else {
        Err(UNSAFE.to_owned())
    }
}

fn refuses_strangers<'a>(
    list: &[Restriction],
    class: &impl Fn(&str) -> Option<&'a [Restriction]>,
    depth: usize,
) -> bool {
    let mut items = list.iter();
    while let Some(item) = items.next() {
        match item {
            Restriction::Simple(Simple::WarnIfReject) => {
                items.next();
            }
            Restriction::Simple(Simple::Permit) => {
                if let Some(next) = items.next() {
                    let next = next.label();
                    log::warning(format_args!(
                        "restriction `{next}' after `permit' is ignored"
                    ));
                }
                return false;
            }
            Restriction::Simple(
                Simple::RejectUnauthDestination
                | Simple::DeferUnauthDestination
                | Simple::Reject
                | Simple::Defer
                | Simple::DeferIfPermit,
            ) => return true,
            Restriction::Class(name)
                if depth < 100
                    && class(name)
                        .is_some_and(|list| refuses_strangers(list, class, depth + 1)) =>
            {
                return true;
            }
            // Refuses everything with 451: safe, and what the original lets start.
            Restriction::Wrong(text) if text.contains("check_relay_domains") => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use Simple::{DeferIfPermit, Permit, PermitMynetworks, RejectUnauthDestination, WarnIfReject};

    fn list(items: &[Simple]) -> Vec<Restriction> {
        items
            .iter()
            .map(|simple| Restriction::Simple(*simple))
            .collect()
    }

    fn is_safe(items: &[Simple]) -> bool {
        check_safety([&list(items), &[]], &|_| None).is_ok()
    }

    #[test]
    fn some_list_must_refuse_strangers() {
        assert!(is_safe(&[PermitMynetworks, RejectUnauthDestination]));
        assert!(is_safe(&[DeferIfPermit]));
        assert!(!is_safe(&[]));
        assert!(!is_safe(&[PermitMynetworks]));
        assert!(check_safety([&[], &list(&[RejectUnauthDestination])], &|_| None).is_ok());
    }

    #[test]
    fn a_refusal_that_is_never_reached_does_not_count() {
        assert!(!is_safe(&[Permit, RejectUnauthDestination]));
        assert!(!is_safe(&[WarnIfReject, RejectUnauthDestination]));
    }

    #[test]
    fn a_class_may_refuse_strangers() {
        let inner = list(&[RejectUnauthDestination]);
        let outer = [Restriction::Class("x".to_owned())];
        let inner = inner.as_slice();
        assert!(check_safety([&outer, &[]], &|_| Some(inner)).is_ok());
        let endless: &'static [Restriction] =
            Box::leak(Box::new([Restriction::Class("x".to_owned())]));
        assert!(check_safety([&outer, &[]], &|_| Some(endless)).is_err());
    }
}
