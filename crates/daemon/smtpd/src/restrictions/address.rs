// SPDX-License-Identifier: MIT OR Apache-2.0
//! Restrictions about sender and recipient addresses, and whether an address exists.
//!
//! *Postfix:* reject_non_fqdn_address, reject_unknown_address and check_rcpt_maps of
//! smtpd_check(3).

use ipc::flags::ResolveFlags;
use ipc::services::resolve::Resolved;
use mail::address::split_at_last_at;
use mail::dsn::split_status_text;
use mail::text::{is_valid_utf8_hostname, printable};
use maps::lookup::address::{Syntax, find};
use maps::{LookupError, Maps};
use runtime::log;

use super::actions::fitting;
use super::evaluate::{About, Answer, Rejection, Verdict, reply_code, shown, status_for};
use super::stages::{RECIPIENT, SENDER};
use super::{Evaluator, Simple};
use crate::site::KnownAddresses;

impl Evaluator<'_> {
    pub(super) fn address(&mut self, simple: Simple) -> Answer {
        let (sender, recipient) = (self.facts.sender, self.facts.recipient);
        let sender = sender.filter(|sender| !sender.is_empty());
        match (simple, sender, recipient) {
            (Simple::RejectUnlistedSender, Some(_), _) => self.reject_unlisted_sender(),
            (Simple::RejectNonFqdnSender, Some(sender), _) => self.non_fqdn(sender, SENDER),
            (Simple::RejectUnknownSenderDomain, Some(sender), _) => {
                self.unknown_domain(sender, SENDER)
            }
            (Simple::RejectUnlistedRecipient, _, Some(_)) => self.reject_unlisted_recipient(),
            (Simple::RejectNonFqdnRecipient, _, Some(recipient)) => {
                self.non_fqdn(recipient, RECIPIENT)
            }
            (Simple::RejectUnknownRecipientDomain, _, Some(recipient)) => {
                self.unknown_domain(recipient, RECIPIENT)
            }
            _ => Ok(Verdict::Dunno),
        }
    }

    fn non_fqdn(&mut self, address: &[u8], class: &str) -> Answer {
        let domain = split_at_last_at(address).1.unwrap_or_default();
        let domain = domain.strip_suffix(b".").unwrap_or(domain);
        let is_literal = domain.first() == Some(&b'[');
        if is_literal || (is_valid_utf8_hostname(domain) && domain.contains(&b'.')) {
            return Ok(Verdict::Dunno);
        }
        let code = reply_code(self.site.params.non_fqdn_reject_code);
        let about = About {
            name: address,
            class,
            default_access: None,
        };
        self.reject(code, (5, 2), about, "need fully-qualified address")
    }

    fn unknown_domain(&mut self, address: &[u8], class: &str) -> Answer {
        let resolved = match self
            .site
            .resolve(self.facts.sender.unwrap_or_default(), address)
        {
            Some(resolved) if !resolved.flags.contains(ResolveFlags::FAIL) => resolved,
            _ => return self.refuse(Rejection::lookup_failed(address)),
        };
        let Some(domain) = split_at_last_at(&resolved.recipient).1 else {
            return Ok(Verdict::Dunno);
        };
        if resolved.flags.intersects(ResolveFlags::CLASS_FINAL) || domain.first() == Some(&b'[') {
            return Ok(Verdict::Dunno);
        }
        let domain = String::from_utf8_lossy(domain).into_owned();
        let code = reply_code(self.site.params.unknown_address_reject_code);
        let about = About {
            name: address,
            class,
            default_access: None,
        };
        let detail = if class == SENDER { (1, 8) } else { (1, 2) };
        self.unknown_name(&domain, about, code, detail, "Domain not found")
    }

    /// Refuses a sender that would not exist as a recipient.
    pub(super) fn reject_unlisted_sender(&mut self) -> Answer {
        if self.warn.is_none() {
            self.sender_checked = true;
        }
        match self.facts.sender {
            Some(sender) if !sender.is_empty() => self.reject_unlisted(sender, SENDER),
            _ => Ok(Verdict::Dunno),
        }
    }

    /// Refuses a recipient that does not exist.
    pub(super) fn reject_unlisted_recipient(&mut self) -> Answer {
        if self.warn.is_none() {
            self.recipient_checked = true;
        }
        match self.facts.recipient {
            Some(recipient) => self.reject_unlisted(recipient, RECIPIENT),
            None => Ok(Verdict::Dunno),
        }
    }

    fn reject_unlisted(&mut self, address: &[u8], class: &str) -> Answer {
        if self.site.overrides.no_unknown_recipient_checks {
            return Ok(Verdict::Dunno);
        }
        // For a sender there is no other sender its route could depend on.
        let sender = if class == SENDER {
            address
        } else {
            self.facts.sender.unwrap_or_default()
        };
        let resolved = match self.site.resolve(sender, address) {
            Some(resolved) if !resolved.flags.contains(ResolveFlags::FAIL) => resolved,
            _ => return self.refuse(Rejection::lookup_failed(address)),
        };
        let about = About {
            name: address,
            class,
            default_access: None,
        };
        match self
            .site
            .known
            .is_rewritten(&resolved.recipient, class == SENDER)
        {
            Ok(true) => return Ok(Verdict::Dunno),
            Ok(false) => {}
            Err(error) => return self.lookup_failed(&error, address),
        }
        if resolved.transport == b"error" || resolved.transport == b"retry" {
            return self.reject_undeliverable(&resolved, about);
        }
        self.reject_unknown_user(&resolved, about)
    }

    /// Refuses an address of which the resolver knows that it cannot be delivered.
    fn reject_undeliverable(&mut self, resolved: &Resolved, about: About<'_>) -> Answer {
        let code = if resolved.transport == b"retry" {
            450
        } else if resolved.flags.contains(ResolveFlags::CLASS_ALIAS) {
            reply_code(self.site.params.unknown_virtual_alias_reject_code)
        } else {
            550
        };
        let (status, text) = match split_status_text(&resolved.nexthop) {
            Some((status, text)) => (status, text.to_vec()),
            None => (
                status_for(code, unknown_address(about.class)),
                resolved.nexthop.clone(),
            ),
        };
        let status = fitting(status, about.class);
        let reason = String::from_utf8_lossy(&printable(&text, b' ')).into_owned();
        self.refuse(Rejection::policy(code, status, about.rejected(&reason)))
    }

    /// Refuses an address that is not in the table of its address class.
    fn reject_unknown_user(&mut self, resolved: &Resolved, about: About<'_>) -> Answer {
        let (params, known) = (&self.site.params, &mut self.site.known);
        let recipient = &resolved.recipient;
        let (code, table, is_known) = if resolved.flags.contains(ResolveFlags::CLASS_LOCAL) {
            let code = params.unknown_local_recipient_reject_code;
            (code, "local recipient", known.is_local(recipient))
        } else if resolved.flags.contains(ResolveFlags::CLASS_VIRTUAL) {
            let code = params.unknown_virtual_mailbox_reject_code;
            (code, "virtual mailbox", known.is_virtual(recipient))
        } else if resolved.flags.contains(ResolveFlags::CLASS_RELAY) {
            let code = params.unknown_relay_recipient_reject_code;
            let (notice, address) = (self.site.notices.relay_domains, shown(about.name));
            notice.tell(format_args!("to accept mail for address \"{address}\""));
            (code, "relay recipient", known.is_relay(recipient))
        } else {
            return Ok(Verdict::Dunno);
        };
        let reason = match is_known {
            Ok(true) => return Ok(Verdict::Dunno),
            Ok(false) if params.show_user_unknown_table_name => {
                format!("User unknown in {table} table")
            }
            Ok(false) => "User unknown".to_owned(),
            Err(error) => return self.lookup_failed(&error, about.name),
        };
        self.reject(
            reply_code(code),
            unknown_address(about.class),
            about,
            &reason,
        )
    }

    fn lookup_failed(&mut self, error: &LookupError, address: &[u8]) -> Answer {
        log::warning(error);
        self.refuse(Rejection::lookup_failed(address))
    }
}

/// The enhanced status of an address that does not exist.
fn unknown_address(class: &str) -> (u16, u16) {
    if class == SENDER { (1, 0) } else { (1, 1) }
}

impl KnownAddresses {
    /// Whether a table turns the address into another one: then it exists as far as we can say.
    fn is_rewritten(&mut self, address: &[u8], is_sender: bool) -> Result<bool, LookupError> {
        Ok(
            self.in_maps(|known| &mut known.recipient_canonical, address)?
                || (is_sender && self.in_maps(|known| &mut known.sender_canonical, address)?)
                || self.in_maps(|known| &mut known.canonical, address)?
                || self.in_maps(|known| &mut known.virtual_alias, address)?,
        )
    }

    /// Whether a local user exists. Addresses that the mail system itself uses always do.
    fn is_local(&mut self, address: &[u8]) -> Result<bool, LookupError> {
        let local = split_at_last_at(address).0;
        let own = [
            self.double_bounce.as_slice(),
            b"postmaster",
            b"MAILER-DAEMON",
        ];
        let is_own = own.iter().any(|name| local.eq_ignore_ascii_case(name));
        if self.local_recipient.is_empty() || is_own {
            return Ok(true);
        }
        self.in_maps(|known| &mut known.local_recipient, address)
    }

    /// Whether a virtual mailbox exists.
    fn is_virtual(&mut self, address: &[u8]) -> Result<bool, LookupError> {
        Ok(self.virtual_mailbox.is_empty()
            || self.in_maps(|known| &mut known.virtual_mailbox, address)?)
    }

    /// Whether a recipient behind us exists.
    fn is_relay(&mut self, address: &[u8]) -> Result<bool, LookupError> {
        Ok(self.relay_recipient.is_empty()
            || self.in_maps(|known| &mut known.relay_recipient, address)?)
    }

    /// The users who may send mail in this name.
    pub(super) fn owners(&mut self, address: &[u8]) -> Result<Option<Vec<u8>>, LookupError> {
        self.value(|known| &mut known.sender_login, address)
    }

    fn in_maps(
        &mut self,
        which: impl Fn(&mut KnownAddresses) -> &mut Maps,
        address: &[u8],
    ) -> Result<bool, LookupError> {
        Ok(self.value(which, address)?.is_some())
    }

    /// Looks up: whole, without extension, bare local part of local domains, @domain.
    fn value(
        &mut self,
        which: impl Fn(&mut KnownAddresses) -> &mut Maps,
        address: &[u8],
    ) -> Result<Option<Vec<u8>>, LookupError> {
        if which(self).is_empty() {
            return Ok(None);
        }
        let delimiters = self.delimiters.clone();
        let domain = split_at_last_at(address).1.unwrap_or_default();
        let is_local = self.is_local_domain(domain)?;
        let mut syntax = Syntax {
            delimiters: &delimiters,
            is_local_domain: &mut |_| Ok(is_local),
        };
        Ok(find(which(self), address, &mut syntax)?.map(|found| found.value))
    }
}
