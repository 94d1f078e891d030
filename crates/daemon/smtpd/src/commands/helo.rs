// SPDX-License-Identifier: MIT OR Apache-2.0
//! HELO and EHLO: who the client says it is, and what we offer.
//!
//! *Postfix:* helo_cmd and ehlo_cmd of smtpd(8).

use mail::smtp::command::Argument;
use mail::text::printable;
use runtime::log;

use crate::session::{Handled, Outcome, Session, Subject};
use crate::site::Site;
use crate::transaction::MailState;

impl Session<'_> {
    pub(crate) fn helo(&mut self, arguments: &[Argument]) -> Outcome {
        if let Some(outcome) = self.introduce("HELO", arguments) {
            return outcome;
        }
        let host = self.site.params.myhostname.clone();
        self.accept(format_args!("250 {host}"))
    }

    pub(crate) fn ehlo(&mut self, arguments: &[Argument]) -> Outcome {
        if let Some(outcome) = self.introduce("EHLO", arguments) {
            return outcome;
        }
        self.esmtp = true;
        if let Some(listing) = self.hidden.listing() {
            let client = &self.client;
            log::info(format_args!(
                "{client}: discarding EHLO keywords: {listing}"
            ));
        }
        let lines = self.offer();
        self.chat.say_lines(250, &lines)?;
        Ok(Handled::Accepted)
    }

    /// Takes the name; an outcome here is a refusal.
    fn introduce(&mut self, verb: &str, arguments: &[Argument]) -> Option<Outcome> {
        if arguments.is_empty() {
            return Some(self.refuse(format_args!("501 Syntax: {verb} hostname")));
        }
        let words: Vec<&[u8]> = arguments.iter().map(|a| a.text.as_slice()).collect();
        let name = harmless(&words.join(&b' '));
        if !self.site.stand_alone && !self.site.params.smtpd_delay_reject {
            let subject = Subject {
                helo: Some(&name),
                ..Subject::default()
            };
            if let Err(refusal) = self.evaluate(subject, |evaluator| evaluator.helo()) {
                return Some(self.refuse_by(refusal));
            }
        }
        self.mail = MailState::Idle;
        self.helo = Some(name);
        None
    }

    /// The lines of the reply to EHLO.
    fn offer(&mut self) -> Vec<String> {
        let is_verp = self.is_listed("smtpd_authorized_verp_clients", |s| &mut s.verp_clients);
        let is_xclient = self.is_listed("smtpd_authorized_xclient_hosts", |s| &mut s.xclient_hosts);
        let mechanisms = self.announced_mechanisms();
        let is_xforward =
            self.is_listed("smtpd_authorized_xforward_hosts", |s| &mut s.xforward_hosts);
        let offers_tls = self.site.tls.settings.level != tls::Level::None && self.tls.is_none();
        let params = &self.site.params;
        let mut lines = vec![params.myhostname.clone()];
        let mut offer = |keyword: &str, wanted: bool, parameters: &str| {
            if wanted && !self.hidden.has(keyword) {
                // The keyword of VERP is not its name in the parameter.
                let keyword = if keyword == "VERP" { "XVERP" } else { keyword };
                let gap = if parameters.is_empty() { "" } else { " " };
                lines.push(format!("{keyword}{gap}{parameters}"));
            }
        };
        offer("PIPELINING", true, "");
        match params.message_size_limit {
            0 => offer("SIZE", true, ""),
            limit => offer("SIZE", true, &limit.to_string()),
        }
        offer("VRFY", !params.disable_vrfy_command, "");
        offer("ETRN", true, "");
        offer("STARTTLS", offers_tls, "");
        let list = mechanisms.as_deref().unwrap_or_default();
        offer("AUTH", mechanisms.is_some(), list);
        // As some clients know it from drafts of the standard.
        let is_broken = params.broken_sasl_auth_clients && !self.hidden.has("AUTH");
        offer(
            &format!("AUTH={list}"),
            is_broken && mechanisms.is_some(),
            "",
        );
        offer("VERP", is_verp, "");
        offer("XCLIENT", is_xclient, &super::xclient::ATTRIBUTES.join(" "));
        offer(
            "XFORWARD",
            is_xforward,
            &super::xforward::ATTRIBUTES.join(" "),
        );
        offer("ENHANCEDSTATUSCODES", true, "");
        offer("8BITMIME", true, "");
        offer("DSN", true, "");
        offer("SMTPUTF8", params.smtputf8_enable, "");
        offer("CHUNKING", true, "");
        lines
    }

    /// Whether the client is in a list; an error is logged, and means no.
    pub(crate) fn is_listed(
        &mut self,
        title: &str,
        list: impl FnOnce(&mut Site) -> &mut maps::AddressList,
    ) -> bool {
        let (name, address) = (self.peer.name.as_bytes(), self.peer.address.as_bytes());
        list(self.site)
            .matches(name, address)
            .unwrap_or_else(|error| {
                log::warning(format_args!("{title}: {error}"));
                false
            })
    }
}

/// The name without anything that could mean something in a header or log line.
pub(super) fn harmless(name: &[u8]) -> String {
    let mut name = printable(name, b'?');
    for byte in &mut name {
        if b" <>()\\\";@".contains(byte) {
            *byte = b'?';
        }
    }
    String::from_utf8_lossy(&name).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_headers() {
        assert_eq!(harmless(b"<x y>(\\\";@"), "?x?y??????");
        assert_eq!(harmless(b"a\x01\xff"), "a??");
    }
}
