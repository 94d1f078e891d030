// SPDX-License-Identifier: MIT OR Apache-2.0
//! Names that are neither aliases nor users.
//!
//! *Postfix:* `local/unknown`.

use bstr::ByteSlice;
use delivery::Verdict;
use ipc::services::rewrite::Rule;
use mail::address::unquote_822_local;
use runtime::log;

use crate::expansion::expand;
use crate::run::Run;
use crate::step::Step;

impl Run<'_> {
    /// Hands the message to whoever takes mail for unknown users, or refuses it.
    pub(crate) fn unknown(&mut self, step: &Step) -> Verdict {
        let mut step = step.deeper();
        let user = step.name.user.clone();
        let address = step.recipient.address.as_bstr().to_string();
        if self.done_before(format!("unknown {address}")) {
            return Verdict::Done;
        }
        match self.agent.fallback_transports.get(&user) {
            Ok(Some(transport)) => {
                return self.hand_over(&step, &String::from_utf8_lossy(&transport));
            }
            Ok(None) => {}
            Err(_) => return self.table_trouble(&step),
        }
        if !self.agent.params.fallback_transport.is_empty() {
            let transport = self.agent.params.fallback_transport.clone();
            return self.hand_over(&step, &transport);
        }
        if !self.agent.params.luser_relay.is_empty() {
            step.unmatched = None;
            if let Some(verdict) = self.relay(&step) {
                return verdict;
            }
        }
        if user.eq_ignore_ascii_case(b"mailer-daemon") || user.eq_ignore_ascii_case(b"postmaster") {
            log::warning(format_args!("required alias not found: {}", user.as_bstr()));
            return self.say(&step, (2, 0, 0), "discarded");
        }
        self.say(
            &step,
            (5, 1, 1),
            format!("unknown user: \"{}\"", user.as_bstr()),
        )
    }

    /// luser_relay: an address, whatever it looks like; nothing if it is the unknown one itself.
    fn relay(&mut self, step: &Step) -> Option<Verdict> {
        let text = &self.agent.params.luser_relay;
        let client = &self.message.request.client;
        let expanded = match expand(text, step, client, self.agent.delimiters(), None) {
            Ok(expanded) => expanded.text,
            Err(error) => {
                log::warning(format_args!(
                    "bad parameter value syntax for luser_relay: {text}: {error}"
                ));
                return Some(self.say(step, (4, 3, 5), "mail system configuration error"));
            }
        };
        let address = expanded.as_bytes();
        let same = match self.agent.rewriter.rewrite(&Rule::Local, address) {
            Ok(complete) => unquote_822_local(&complete) == step.recipient.address,
            Err(error) => {
                log::warning(error);
                return Some(self.say(step, (4, 3, 0), "address resolver failure"));
            }
        };
        (!same).then(|| self.address_text(step, address))
    }
}
