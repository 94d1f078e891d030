// SPDX-License-Identifier: MIT OR Apache-2.0
//! Restrictions about the encryption of the session, and the certificate of the client.
//!
//! A fingerprint proves who a client is, whoever issued the certificate: tables of fingerprints
//! need no trusted authority.
//!
//! *Postfix:* reject_plaintext_session, permit_tls_clientcerts and check_ccert_access of smtpd_check(3).

use runtime::log;
use tls::PeerCertificate;

use super::access::Hit;
use super::evaluate::{About, Answer, Rejection, Verdict, reply_code, status_for};
use super::{Evaluator, Simple, TableId};

impl<'a> Evaluator<'a> {
    /// reject_plaintext_session.
    pub(super) fn reject_plaintext_session(&mut self) -> Answer {
        if self.facts.tls.is_some() {
            return Ok(Verdict::Dunno);
        }
        let code = reply_code(self.site.params.plaintext_reject_code);
        let text = "Session encryption is required".to_owned();
        self.refuse(Rejection::policy(code, status_for(code, (7, 1)), text))
    }

    /// permit_tls_clientcerts and permit_tls_all_clientcerts.
    pub(super) fn permit_certificate(&mut self, simple: Simple) -> Answer {
        let Some(certificate) = self.certificate(simple.name()) else {
            return Ok(Verdict::Dunno);
        };
        if simple == Simple::PermitTlsAllClientcerts && certificate.trusted {
            return Ok(Verdict::Permit);
        }
        self.site
            .notices
            .fingerprint_digest
            .tell("to compute certificate fingerprints");
        for fingerprint in [&certificate.fingerprint, &certificate.key_fingerprint] {
            match self.site.relay_clientcerts.get(fingerprint.as_bytes()) {
                Ok(Some(_)) => return Ok(Verdict::Permit),
                Ok(None) => {}
                Err(error) => {
                    log::warning(format_args!("relay_clientcerts: {error}"));
                    return self.refuse(Rejection::lookup_failed(fingerprint.as_bytes()));
                }
            }
        }
        Ok(Verdict::Dunno)
    }

    /// check_ccert_access: the certificate's fingerprint, then that of its key.
    pub(super) fn certificate_access(&mut self, table: TableId, about: About<'_>) -> Answer {
        let Some(certificate) = self.certificate("check_ccert_access") else {
            return Ok(Verdict::Dunno);
        };
        let about = About {
            class: "Client certificate",
            ..about
        };
        self.with_table(table, about, |maps| {
            for fingerprint in [&certificate.fingerprint, &certificate.key_fingerprint] {
                let key = fingerprint.clone().into_bytes();
                if let Some(value) = maps.get(&key)? {
                    return Ok(Some(Hit { key, value }));
                }
            }
            Ok(None)
        })
    }

    /// The client's certificate; whoever never asks for one is told that it will not come.
    fn certificate(&self, restriction: &str) -> Option<&'a PeerCertificate> {
        let session = self.facts.tls?;
        if session.peer.is_none() && !self.site.tls.settings.ask {
            log::warning(format_args!(
                "{restriction} is requested, but \"smtpd_tls_ask_ccert = no\""
            ));
        }
        session.peer.as_ref()
    }
}
