// SPDX-License-Identifier: MIT OR Apache-2.0
//! smtpd_log_access_permit_actions: which exception let something through.
//!
//! *Postfix:* smtpd_acl_permit of smtpd_check(3).

use runtime::log;

use super::evaluate::{About, shown};
use super::stages::{CLIENT, RECIPIENT};
use super::{AccessKind, Evaluator, Restriction, Simple};

impl Evaluator<'_> {
    /// Logs that a restriction permitted.
    pub(super) fn log_permission(&mut self, item: &Restriction, about: About<'_>) {
        // That addresses are completed is no exception.
        if matches!(about.default_access, Some(AccessKind::Address)) {
            return;
        }
        let client = self.facts.peer.name_and_address();
        let (class, name) = match item {
            Restriction::Simple(Simple::Permit) => (about.class, about.name),
            Restriction::Simple(Simple::PermitAuthDestination) => {
                (RECIPIENT, self.facts.recipient.unwrap_or_default())
            }
            Restriction::Simple(_) | Restriction::List(..) => (CLIENT, client.as_bytes()),
            // Tables, policy servers and classes tell of what is in them.
            _ => return,
        };
        self.log_permit(item.label(), class, name, "");
    }

    /// Logs a permission if that is wanted, and nothing earlier overrules it.
    pub(super) fn log_permit(&mut self, action: &str, class: &str, name: &[u8], source: &str) {
        let wanted = &mut self.site.logged_permissions;
        if wanted.is_empty() || self.if_permit.is_some() {
            return;
        }
        match wanted.matches(action.as_bytes()) {
            Ok(true) => {
                let text = format!("action={action} for {class}={} {source}", shown(name));
                self.log("permit", &text);
            }
            Ok(false) => {}
            Err(error) => log::warning(format_args!("smtpd_log_access_permit_actions: {error}")),
        }
    }
}
