// SPDX-License-Identifier: MIT OR Apache-2.0
//! Aliases, and the owners of mailing lists.
//!
//! *Invariants:* what an alias names is done with the rights of whoever owns the database; what
//! root's database names is done with those of `default_privs`.
//!
//! *Errors:* a table that cannot be asked makes the recipient wait.
//!
//! *Postfix:* `local/alias`.

use bstr::ByteSlice;
use delivery::{Attempt, Verdict};
use ipc::services::rewrite::Rule;
use mail::address::{quote_822_local, unquote_822_local};
use mail::dsn::{Action, Dsn, Notify, Ret, Status};
use maps::{LookupError, Owned, Owner};
use runtime::log;

use crate::run::{LEVEL_LIMIT, Run};
use crate::step::{Origin, Step};
use crate::users::Rights;

const UNAVAILABLE: &str = "alias database unavailable";

impl Run<'_> {
    /// Delivers to the addresses of an alias; `None` if there is no such alias.
    pub(crate) fn alias(&mut self, step: &Step, name: &[u8]) -> Option<Verdict> {
        let mut step = step.deeper();
        let shown = name.as_bstr();
        // An alias that names itself means the user.
        if step
            .expanded_from
            .as_ref()
            .is_some_and(|from| from.eq_ignore_ascii_case(name))
        {
            return None;
        }
        if step.level > LEVEL_LIMIT {
            let text = format!("alias database loop for {shown}");
            log::warning(&text);
            return Some(self.say(&step, (5, 4, 6), text));
        }
        step.expanded_from = Some(name.to_vec());
        let found = match self.find_alias(name) {
            Ok(Some(found)) => found,
            Ok(None) => return None,
            Err(_) => return Some(self.say(&step, (4, 3, 0), UNAVAILABLE)),
        };
        if self
            .message
            .flags()
            .contains(ipc::flags::DeliverFlags::MTA_VERIFY)
        {
            let text = format!("aliased to {}", found.value.as_bstr());
            return Some(self.say(&step, (2, 0, 0), text));
        }
        step.origin = Some(Origin::Alias);
        if let Err(verdict) = self.take_rights(&mut step, &found) {
            return Some(verdict);
        }
        let owner = match self.list_owner(name) {
            Ok(owner) => owner,
            Err(_) => return Some(self.say(&step, (4, 3, 0), UNAVAILABLE)),
        };
        Some(self.expand_alias(step, name, &found.value, owner))
    }

    /// An alias in external form, or as older databases have it.
    fn find_alias(&mut self, name: &[u8]) -> Result<Option<Owned>, LookupError> {
        let quoted = quote_822_local(&[name, b"@"].concat());
        let external = quoted.strip_suffix(b"@").unwrap_or(name);
        if let Some(found) = self.agent.aliases.get_with_owner(external)? {
            return Ok(Some(found));
        }
        if external == name {
            Ok(None)
        } else {
            self.agent.aliases.get_with_owner(name)
        }
    }

    fn take_rights(&mut self, step: &mut Step, found: &Owned) -> Result<(), Verdict> {
        let table = &found.table;
        let uid = match found.owner {
            Owner::Trusted => {
                step.rights = None;
                return Ok(());
            }
            Owner::Unknown => {
                log::warning(format_args!(
                    "deliver_alias: no owner UID for alias database {table}"
                ));
                return Err(self.say(step, (4, 3, 0), "mail system configuration error"));
            }
            Owner::User(uid) => uid,
        };
        match self.agent.users.by_uid(uid) {
            Ok(Some(user)) => {
                step.rights = Some(Rights::of(user));
                Ok(())
            }
            Ok(None) | Err(_) => {
                log::warning(format_args!("cannot find alias database owner for {table}"));
                Err(self.say(step, (4, 3, 0), "cannot find alias database owner"))
            }
        }
    }

    fn expand_alias(
        &mut self,
        mut step: Step,
        name: &[u8],
        value: &[u8],
        owner: Option<Vec<u8>>,
    ) -> Verdict {
        let before = step.recipient.clone();
        let is_list = owner.is_some();
        if let Some(owner) = owner {
            step.sender.clone_from(&owner);
            step.owner = Some(owner);
            // What goes to a list is a message of its own (RFC 3461, 5.2.7.3).
            step.envelope_id.clear();
            step.ret = Ret::empty();
            step.recipient.dsn_orcpt.clear();
            step.recipient.original.clear();
        } else if self.agent.params.reset_owner_alias {
            step.owner = None;
        }
        step.drop_notify_success();
        if !self.agent.params.frozen_delivered_to {
            step.delivered = Some(step.recipient.address.clone());
        }
        let (verdict, count) = self.targets(&step, value);
        if count == 0 {
            log::warning(format_args!(
                "no recipient in alias lookup result for {}",
                name.as_bstr()
            ));
            return self.say(&step, (4, 3, 0), UNAVAILABLE);
        }
        if verdict == Verdict::Done && before.notify.contains(Notify::SUCCESS) {
            let original = std::mem::take(&mut step.recipient.original);
            step.recipient = before;
            step.recipient.original = original;
            let action = if is_list {
                Action::Delivered
            } else {
                Action::Expanded
            };
            return self.trace_expansion(&step, action);
        }
        verdict
    }

    /// Tells the sender, who wants to know, that delivery ends here.
    pub(crate) fn trace_expansion(&mut self, step: &Step, action: Action) -> Verdict {
        let mut dsn = Dsn::simple(Status::new(2, 0, 0), "alias expanded");
        dsn.action = Some(action);
        let attempt = Attempt {
            message: self.message,
            recipient: &step.recipient,
            stats: &self.message.request.stats,
            relay: self.service,
        };
        // The mail itself is delivered: a report that cannot be recorded changes nothing.
        let _ = self.agent.reporter.trace(attempt, &dsn);
        Verdict::Done
    }

    /// The sender of mail to a list: its owner- alias, or what that stands for.
    pub(crate) fn list_owner(&mut self, name: &[u8]) -> Result<Option<Vec<u8>>, LookupError> {
        if !self.agent.params.owner_request_special {
            return Ok(None);
        }
        let alias = [b"owner-", name].concat();
        let Some(value) = self.agent.aliases.get(&alias)? else {
            return Ok(None);
        };
        // What the alias stands for is taken as one address, even where it is several.
        let address = if self.agent.params.expand_owner_alias {
            value
        } else {
            alias
        };
        let rewritten = self
            .agent
            .rewriter
            .rewrite(&Rule::Local, &quote_822_local(&address))
            .map_err(|error| LookupError::Retry(error.to_string()))?;
        Ok(Some(unquote_822_local(&rewritten)))
    }
}
