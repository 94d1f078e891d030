// SPDX-License-Identifier: MIT OR Apache-2.0
//! check_policy_service: somebody else decides.
//!
//! *Errors*: no answer is the server's default action; when that asks a policy server in turn
//! and there is no answer again, the command is refused for now.
//!
//! *Postfix:* check_policy_service of smtpd_check(3).

use ipc::attr::{Codec, Writer};
use mail::dsn::xtext_encode;
use runtime::log;
use tls::PeerCertificate;

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
        let login = facts.login;
        request
            .text("sasl_method", login.map_or("", |login| &login.method))
            .text("sasl_username", login.map_or("", |login| &login.user))
            .text("sasl_sender", facts.vouched_by.unwrap_or_default());
        tell_encryption(&mut request, facts.tls);
        request
            .text("policy_context", context)
            .text("compatibility_level", &params.compatibility_level)
            .text("mail_version", &params.mail_version)
            .end();
        request.into_bytes()
    }
}

/// What is known of the session's encryption, and of the client's certificate: its names only
/// when somebody vouches for them.
fn tell_encryption(request: &mut Writer, tls: Option<&tls::Summary>) {
    let peer = tls.and_then(|tls| tls.peer.as_ref());
    let name = |name: fn(&PeerCertificate) -> &str| {
        let name = peer.filter(|peer| peer.trusted).map_or("", name);
        xtext_encode(name.as_bytes())
    };
    let print = |print: fn(&PeerCertificate) -> &str| peer.map_or("", print);
    request
        .text("ccert_subject", name(|peer| &peer.subject))
        .text("ccert_issuer", name(|peer| &peer.issuer))
        .text("ccert_fingerprint", print(|peer| &peer.fingerprint))
        .text(
            "ccert_pubkey_fingerprint",
            print(|peer| &peer.key_fingerprint),
        )
        .text("encryption_protocol", tls.map_or("", |tls| tls.protocol))
        .text("encryption_cipher", tls.map_or("", |tls| tls.cipher))
        .int("encryption_keysize", tls.map_or(0, |tls| tls.bits.into()))
        .text(
            "tls_sni",
            tls.and_then(|tls| tls.server_name.as_deref())
                .unwrap_or_default(),
        );
}
