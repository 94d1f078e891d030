// SPDX-License-Identifier: MIT OR Apache-2.0
//! check_policy_service: somebody else decides.
//!
//! *Errors*: no answer is the server's default action; when that asks a policy server in turn
//! and there is no answer again, the command is refused for now.
//!
//! *Postfix:* check_policy_service of smtpd_check(3).

use ipc::attr::{Codec, Writer};
use runtime::log;

use super::Evaluator;
use super::evaluate::{About, Answer, Rejection, shown};
use crate::policy::PolicyId;

/// The action for want of any other.
const LAST_RESORT: &str = "451 4.3.5 Server configuration problem";

impl Evaluator<'_> {
    /// Asks the server, and does what it says.
    pub(super) fn check_policy(&mut self, id: PolicyId, about: About<'_>) -> Answer {
        let Some((server, settings)) = self.site.policies.about(id) else {
            return self.refuse(Rejection::configuration());
        };
        let (server, default) = (server.to_owned(), settings.default_action.clone());
        let request = self.policy_request(&settings.policy_context);
        let answer = self.site.policies.ask(id, &request);
        let answer = answer.filter(|action| {
            let is_text = !self.site.params.smtputf8_enable || mail::text::is_utf8(action);
            if !is_text {
                log::warning(format_args!(
                    "malformed UTF-8 in policy server {server} response: \"{}\"",
                    shown(action)
                ));
            }
            is_text
        });
        if let Some(action) = answer {
            return self.act(&server, b"policy query", &action, about);
        }
        self.policy_failures += 1;
        let action = if self.policy_failures == 1 {
            &default
        } else {
            LAST_RESORT
        };
        let done = self.act(&server, b"policy query", action.as_bytes(), about);
        self.policy_failures -= 1;
        done
    }

    /// All that is known, in the order of the protocol.
    fn policy_request(&self, context: &str) -> Vec<u8> {
        let facts = &self.facts;
        let (peer, params) = (facts.peer, &self.site.params);
        let state = if facts.state == "BDAT" {
            "DATA"
        } else {
            facts.state
        };
        let recipients = match state {
            "DATA" | "END-OF-MESSAGE" => u32::try_from(facts.recipients).unwrap_or(u32::MAX),
            _ => 0,
        };
        let mut request = Writer::new(Codec::Plain);
        request
            .text("request", "smtpd_access_policy")
            .text("protocol_state", state)
            .text("protocol_name", facts.protocol)
            .text("client_address", &peer.address)
            .text("client_name", &peer.name)
            .text("client_port", &peer.port)
            .text("reverse_client_name", &peer.reverse_name)
            .text("server_address", &peer.server_address)
            .text("server_port", &peer.server_port)
            .text("helo_name", facts.helo.unwrap_or_default())
            .text("sender", facts.sender.unwrap_or_default())
            .text("recipient", facts.recipient.unwrap_or_default())
            .int("recipient_count", recipients)
            .text("queue_id", facts.queue_id.unwrap_or_default())
            .text("instance", facts.instance)
            .long("size", facts.size)
            .text("etrn_domain", facts.etrn_domain.unwrap_or_default())
            .text("stress", &params.stress);
        for (name, empty) in ENCRYPTION_AND_LOGIN {
            request.text(name, empty);
        }
        request
            .text("policy_context", context)
            .text("compatibility_level", &params.compatibility_level)
            .text("mail_version", &params.mail_version)
            .end();
        request.into_bytes()
    }
}

/// What sessions without login and without TLS say about them.
const ENCRYPTION_AND_LOGIN: [(&str, &str); 11] = [
    ("sasl_method", ""),
    ("sasl_username", ""),
    ("sasl_sender", ""),
    ("ccert_subject", ""),
    ("ccert_issuer", ""),
    ("ccert_fingerprint", ""),
    ("ccert_pubkey_fingerprint", ""),
    ("encryption_protocol", ""),
    ("encryption_cipher", ""),
    ("encryption_keysize", "0"),
    ("tls_sni", ""),
];
