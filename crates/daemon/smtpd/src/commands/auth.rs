// SPDX-License-Identifier: MIT OR Apache-2.0
//! AUTH: the client says who it is, and proves it (RFC 4954).
//!
//! *Invariants*: a response is at most smtpd_sasl_response_limit bytes; every failure is logged
//! and counts as an error of the client, so guessing is slow and ends.
//!
//! *Postfix:* smtpd_sasl_proto(3), smtpd_sasl_authenticate.

use bstr::ByteSlice;
use mail::smtp::command::Argument;
use mail::text::printable;
use runtime::event::smtpd::LoginFailed;
use runtime::log;
use sasl::Answer;

use crate::chat::{Input, Lost};
use crate::login::Login;
use crate::session::{Handled, Outcome, Session, until_nul};
use crate::transaction::MailState;

impl Session<'_> {
    pub(crate) fn auth(&mut self, arguments: &[Argument]) -> Outcome {
        if self.site.params.smtpd_helo_required && self.helo.is_none() {
            return self.refuse("503 5.5.1 Error: send HELO/EHLO first");
        }
        if self.mechanisms.is_none() || self.hidden.has("AUTH") {
            return self.refuse("503 5.5.1 Error: authentication not enabled");
        }
        if !matches!(self.mail, MailState::Idle) {
            return self.refuse("503 5.5.1 Error: MAIL transaction in progress");
        }
        if self.login.is_some() {
            return self.refuse("503 5.5.1 Error: already authenticated");
        }
        match arguments {
            [mechanism] => self.log_in(&mechanism.text, None),
            [mechanism, initial] => self.log_in(&mechanism.text, Some(&initial.text)),
            _ => self.refuse("501 5.5.4 Syntax: AUTH mechanism"),
        }
    }

    /// The dialogue, until whoever checks passwords has heard enough.
    fn log_in(&mut self, mechanism: &[u8], initial: Option<&[u8]>) -> Outcome {
        let mechanism = printable(mechanism, b'?').as_bstr().to_string();
        let mut answer = self.begin_login(&mechanism, initial);
        loop {
            answer = match answer {
                Answer::Challenge(challenge) => {
                    self.chat.say(format_args!("334 {challenge}"))?;
                    match self.response()? {
                        None => return self.refuse("500 5.5.6 SASL response limit exceeded"),
                        Some(response) if response == b"*" => {
                            let client = &self.client;
                            log::warning(format_args!(
                                "{client}: SASL {mechanism:.100} authentication aborted"
                            ));
                            return self.refuse("501 5.7.0 Authentication aborted");
                        }
                        Some(response) => self.continue_login(&response),
                    }
                }
                Answer::Success(user) => {
                    self.chat.say("235 2.7.0 Authentication successful")?;
                    let method = mechanism;
                    self.login = Some(Login { method, user });
                    return Ok(Handled::Accepted);
                }
                Answer::Refused(reason) => {
                    let reply = "535 5.7.8 Error: authentication failed";
                    return self.login_failed(&mechanism, reply, &reason);
                }
                Answer::Unavailable(reason) => {
                    let reply = "454 4.7.0 Temporary authentication failure";
                    return self.login_failed(&mechanism, reply, &reason);
                }
            }
        }
    }

    fn begin_login(&mut self, mechanism: &str, initial: Option<&[u8]>) -> Answer {
        let about = self.about_session();
        let mechanisms = self.mechanisms.as_deref().unwrap_or_default();
        let is_offered = mechanisms
            .iter()
            .any(|known| known.eq_ignore_ascii_case(mechanism));
        match &mut self.site.logins {
            Some(logins) if is_offered => {
                let initial = initial.map(String::from_utf8_lossy);
                logins.server.begin(&about, mechanism, initial.as_deref())
            }
            _ => Answer::Refused(format!("Invalid authentication mechanism: '{mechanism}'")),
        }
    }

    fn continue_login(&mut self, response: &[u8]) -> Answer {
        match &mut self.site.logins {
            Some(logins) => logins.server.answer(&String::from_utf8_lossy(response)),
            None => Answer::Refused(String::new()),
        }
    }

    /// The client's response to a challenge; none when it is too long.
    fn response(&mut self) -> Result<Option<Vec<u8>>, Lost> {
        let limit = self.site.params.smtpd_sasl_response_limit;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX - 2);
        Ok(match self.chat.read_line(&self.client, limit)? {
            Input::Line { text, bare_newline } => {
                self.saw_bare_newline |= bare_newline;
                Some(until_nul(text))
            }
            Input::TooLong => None,
        })
    }

    fn login_failed(&mut self, mechanism: &str, reply: &str, reason: &str) -> Outcome {
        let logins = self.site.logins.as_ref();
        log::warning(LoginFailed {
            client: &self.client,
            mechanism,
            reason,
            user: logins.and_then(|logins| logins.server.user()),
        });
        let reason = if reason.is_empty() {
            "(reason unavailable)"
        } else {
            reason
        };
        self.refuse(format_args!("{reply}: {reason}"))
    }
}
