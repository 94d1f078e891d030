// SPDX-License-Identifier: MIT OR Apache-2.0
//! A recipient: checked, taken apart, and led through the methods of delivery.
//!
//! Order: alias, .forward file, mailbox, and what is done for unknown users.
//!
//! *Postfix:* `local/recipient`.

use bstr::ByteSlice;
use delivery::{Attempt, Owner, Verdict};
use mail::address::strip_extension;
use mail::dsn::{Dsn, Status};
use runtime::log;

use crate::run::{LEVEL_LIMIT, Run};
use crate::step::{Name, Origin, Step};
use crate::users::{Rights, stat_as};

impl Run<'_> {
    /// Delivers to one address.
    pub(crate) fn recipient(&mut self, step: &Step) -> Verdict {
        let mut step = step.deeper();
        let address = step.recipient.address.clone();
        let shown = address.as_bstr();
        if step.level > LEVEL_LIMIT {
            log::warning(format_args!("recipient nesting limit exceeded for {shown}"));
            return self.say(&step, (5, 4, 6), "recipient nesting limit exceeded");
        }
        if self.done_before(format!("recipient {} {shown}", step.level)) {
            return Verdict::Done;
        }
        if self.loops.contains(&address) {
            let dsn = Dsn::simple(
                Status::new(5, 4, 6),
                format!("mail forwarding loop for {shown}"),
            );
            return self.failed_for_owner(&step, dsn);
        }
        // A forwarded message shows who forwarded it first.
        step.delivered.get_or_insert_with(|| address.clone());
        step.name = Name::of(&address, self.agent.delimiters());
        if step.name.domain.is_none() {
            log::warning(format_args!("no @ in recipient address: {shown}"));
        }
        if step
            .name
            .extension
            .as_ref()
            .is_some_and(|extension| extension.contains(&b'/'))
        {
            // It might become part of a file name.
            log::warning(format_args!(
                "{}: address with illegal extension: {}",
                self.message.queue_id(),
                step.name.local.as_bstr()
            ));
            step.name.extension = None;
        }
        step.unmatched.clone_from(&step.name.extension);
        if step.name.user.is_empty() {
            return self.say(&step, (5, 1, 3), format!("null username in \"{shown}\""));
        }
        self.methods(&mut step.deeper())
    }

    /// Records a failure; a final one of a list with an owner is for the owner to hear, not for
    /// the sender.
    pub(crate) fn failed_for_owner(&mut self, step: &Step, dsn: Dsn) -> Verdict {
        if dsn.status.class != 5 {
            return self.report(step, dsn);
        }
        match self.owner_of_address(&step.recipient.address) {
            Err(_) => self.say(step, (4, 3, 0), "alias database unavailable"),
            Ok(None) => self.report(step, dsn),
            Ok(Some(owner)) => {
                let attempt = Attempt {
                    message: self.message,
                    recipient: &step.recipient,
                    stats: &self.message.request.stats,
                    relay: self.service,
                };
                let owner = Owner { sender: &owner };
                self.agent.reporter.bounce_to(&owner, attempt, dsn)
            }
        }
    }

    fn owner_of_address(&mut self, address: &[u8]) -> Result<Option<Vec<u8>>, maps::LookupError> {
        let local = |address: &[u8]| mail::address::split_at_last_at(address).0.to_vec();
        if let Some(owner) = self.list_owner(&local(address))? {
            return Ok(Some(owner));
        }
        match strip_extension(address, self.agent.delimiters()) {
            Some(bare) => self.list_owner(&local(&bare)),
            None => Ok(None),
        }
    }

    fn methods(&mut self, step: &mut Step) -> Verdict {
        step.unmatched = None;
        let local = step.name.local.clone();
        if let Some(verdict) = self.alias(step, &local) {
            return verdict;
        }
        if step.name.extension.is_some() {
            if self.agent.extensions_propagated.alias {
                step.unmatched.clone_from(&step.name.extension);
            }
            let user = step.name.user.clone();
            if let Some(verdict) = self.alias(step, &user) {
                return verdict;
            }
            step.unmatched.clone_from(&step.name.extension);
        }
        // Mail that one user forwards to another, and that a list sends to its members, becomes
        // a message of its own, with its own record of what became of each recipient.
        let forwarded = step
            .owner
            .as_ref()
            .is_some_and(|owner| !owner.eq_ignore_ascii_case(&step.name.user));
        if forwarded || step.origin == Some(Origin::Include) {
            return self.forward(step);
        }
        if self.agent.params.require_home_directory
            && let Some(verdict) = self.home_is_missing(step)
        {
            return verdict;
        }
        if let Some(verdict) = self.forward_file(step) {
            return verdict;
        }
        if let Some(verdict) = self.mailbox(step) {
            return verdict;
        }
        self.unknown(step)
    }

    fn home_is_missing(&mut self, step: &Step) -> Option<Verdict> {
        let user = self.agent.users.by_name(&step.name.user).ok()??;
        let rights = Rights::of(user);
        let error = stat_as(&rights.home, rights.identity()).err()?;
        let text = format!(
            "cannot access home directory {}: {}",
            rights.home.display(),
            delivery::trouble::error_text(&error)
        );
        Some(self.say(step, (4, 3, 0), text))
    }
}
