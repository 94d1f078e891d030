// SPDX-License-Identifier: MIT OR Apache-2.0
//! STARTTLS, and TLS from the first byte.
//!
//! *Invariants*: nothing that a client sent before the handshake is taken for something that it
//! sent afterwards: neither commands in the buffer nor what earlier commands began.
//!
//! *Postfix:* starttls_cmd and smtpd_start_tls of smtpd(8).

use mail::smtp::command::Argument;
use runtime::log;
use tls::Level;

use crate::chat::Lost;
use crate::session::{Handled, Outcome, Session};
use crate::statistics::Verb;
use crate::transaction::MailState;

impl Session<'_> {
    pub(crate) fn starttls(&mut self, arguments: &[Argument]) -> Outcome {
        if !arguments.is_empty() {
            return self.refuse("501 5.5.4 Syntax: STARTTLS");
        }
        if self.tls.is_some() {
            return self.refuse("554 5.5.1 Error: TLS already active");
        }
        if self.site.tls.settings.level == Level::None || self.hidden.has("STARTTLS") {
            return self.refuse("502 5.5.1 Error: command not implemented");
        }
        if !self.site.tls.is_ready() {
            return self.refuse("454 4.7.0 TLS not available due to local problem");
        }
        self.chat.say("220 2.0.0 Ready to start TLS")?;
        self.encrypt()?;
        self.helo = None;
        self.esmtp = false;
        self.mail = MailState::Idle;
        self.login = None;
        self.find_mechanisms();
        Ok(Handled::Accepted)
    }

    /// TLS before the greeting.
    pub(crate) fn wrap(&mut self) -> Result<(), Lost> {
        if !self.site.tls.is_ready() {
            log::warning(format_args!(
                "Wrapper-mode request dropped from {} for service {}. TLS context initialization \
                 failed. For details see earlier warnings in your logs.",
                self.client,
                self.jail.service()
            ));
            return Err(Lost::HangUp);
        }
        self.encrypt()?;
        if self.chat.is_hanging_up() {
            return Err(Lost::HangUp);
        }
        Ok(())
    }

    /// The handshake; a client without the certificate that it needs is told so, and let go.
    fn encrypt(&mut self) -> Result<(), Lost> {
        let limit = self.site.params.smtpd_starttls_timeout;
        let Some(server) = &self.site.tls.server else {
            return Err(Lost::Connection);
        };
        let client = &self.client;
        let accepted = self
            .chat
            .encrypt(|stream| server.accept(stream, client, limit));
        let summary = accepted?.map_err(|error| {
            error.log(client);
            Lost::Connection
        })?;
        let is_refused = self.site.tls.settings.require && !summary.is_trusted();
        let reason = match summary.peer {
            Some(_) => "Client certificate not trusted",
            None => "No client certificate presented",
        };
        self.tls = Some(summary);
        if is_refused {
            log::info(format_args!("NOQUEUE: abort: TLS from {client}: {reason}"));
            if !self.site.tls.settings.wrapper {
                // It is the answer to what the client says first, and not to STARTTLS.
                self.chat.read_command(client)?;
            }
            let host = &self.site.params.myhostname;
            self.chat
                .say(format_args!("421 4.7.1 {host} Error: {reason}"))?;
        }
        Ok(())
    }

    /// Whether this command has to wait for TLS.
    pub(crate) fn must_encrypt_before(&self, verb: Verb) -> bool {
        self.site.tls.settings.level == Level::Encrypt
            && self.tls.is_none()
            && !verb.is_allowed_in_plaintext()
    }
}
