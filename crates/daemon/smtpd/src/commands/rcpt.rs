// SPDX-License-Identifier: MIT OR Apache-2.0
//! RCPT: one more recipient.
//!
//! *Postfix:* rcpt_cmd of smtpd(8).

use bstr::ByteSlice;
use mail::dsn::{Notify, OriginalRecipient};
use mail::smtp::command::{Argument, Kind};
use mail::text::printable;
use runtime::log;

use super::mail::unsupported;
use crate::envelope::write_recipient;
use crate::session::{Handled, Outcome, Session, Subject};
use crate::transaction::MailState;

/// What RCPT asks for besides delivery.
struct Options {
    notify: Notify,
    original: Option<OriginalRecipient>,
}

impl Session<'_> {
    pub(crate) fn rcpt(&mut self, arguments: &[Argument]) -> Outcome {
        match &self.mail {
            MailState::Open(transaction) if transaction.chunks.is_none() => {}
            MailState::Open(_) | MailState::DiscardingChunks { .. } => {
                return self.refuse("503 5.5.1 Error: RCPT after BDAT");
            }
            MailState::Idle => return self.refuse("503 5.5.1 Error: need MAIL command"),
        }
        let (argument, options) = match arguments {
            [to, argument, options @ ..] if to.is("TO:") => (argument, options),
            _ => return self.refuse("501 5.5.4 Syntax: RCPT TO:<address>"),
        };
        if argument.kind == Kind::Malformed {
            return self.refuse("501 5.1.3 Bad recipient address syntax");
        }
        let transaction = self.mail.transaction();
        let declared = transaction.is_some_and(|open| open.sender.smtputf8);
        let Some(address) = self.envelope_address("RCPT", argument, false, declared) else {
            return self.refuse("501 5.1.3 Bad recipient address syntax");
        };
        let options = match self.recipient_options(options) {
            Ok(options) => options,
            Err(reply) => return self.refuse(reply),
        };
        if let Some(outcome) = self.too_many_recipients() {
            return outcome;
        }
        if self.needs_smtputf8(&address) {
            return self.refuse("553 5.6.7 Must declare SMTPUTF8 to send unicode address");
        }
        self.tell_of_utf8("recipient", &address, declared);
        if !self.site.stand_alone {
            let subject = Subject {
                recipient: Some(&address),
                ..Subject::default()
            };
            if let Err(refusal) = self.evaluate(subject, |evaluator| evaluator.recipient()) {
                return self.refuse_by(refusal);
            }
        }
        self.add_recipient(address, &argument.text, &options)
    }

    fn recipient_options(&self, options: &[Argument]) -> Result<Options, String> {
        let mut wanted = Options {
            notify: Notify::empty(),
            original: None,
        };
        for option in options {
            if let Some(value) = option.value("NOTIFY") {
                self.dsn_is_offered()?;
                let unknown = Notify::words(value).find(|word| Notify::parse(word).is_none());
                if let Some(unknown) = unknown {
                    log::warning(format_args!(
                        "unknown DSN NOTIFY command value \"{}\" in \"{}\"",
                        printable(unknown, b'?').as_bstr(),
                        printable(value, b'?').as_bstr()
                    ));
                }
                wanted.notify = Notify::parse(value)
                    .filter(|_| wanted.notify.is_empty())
                    .ok_or("501 5.5.4 Error: Bad NOTIFY parameter syntax")?;
            } else if let Some(value) = option.value("ORCPT") {
                self.dsn_is_offered()?;
                let original =
                    OriginalRecipient::parse(value).filter(|_| wanted.original.is_none());
                wanted.original =
                    Some(original.ok_or("501 5.5.4 Error: Bad ORCPT parameter syntax")?);
            } else {
                return Err(unsupported(option));
            }
        }
        Ok(wanted)
    }

    /// Refuses recipients above smtpd_recipient_limit; a client that does not stop then makes
    /// errors.
    fn too_many_recipients(&mut self) -> Option<Outcome> {
        let params = &self.site.params;
        let limit = usize::try_from(params.smtpd_recipient_limit).unwrap_or(usize::MAX);
        let overshoot = usize::try_from(params.smtpd_recipient_overshoot_limit).unwrap_or(0);
        let transaction = self.mail.transaction_mut()?;
        if transaction.recipients < limit {
            return None;
        }
        transaction.overshoot += 1;
        let is_error = transaction.overshoot > overshoot;
        let said = self.chat.say("452 4.5.3 Error: too many recipients");
        let handled = if is_error {
            Handled::Refused
        } else {
            Handled::Accepted
        };
        Some(said.map(|()| handled))
    }

    fn needs_smtputf8(&self, address: &[u8]) -> bool {
        let declared = self
            .mail
            .transaction()
            .is_some_and(|open| open.sender.smtputf8);
        self.site.params.strict_smtputf8 && !declared && !address.is_ascii()
    }

    /// Writes the recipient; the first one begins the message at cleanup.
    fn add_recipient(&mut self, address: Vec<u8>, external: &[u8], options: &Options) -> Outcome {
        if let Err(reply) = self.open_submission() {
            return self.refuse(reply);
        }
        if let Some(transaction) = self.mail.transaction_mut()
            && let Some(submission) = &mut transaction.submission
        {
            let original = options.original.as_ref();
            write_recipient(submission, &address, external, options.notify, original);
            transaction.recipients += 1;
            transaction.first_recipient.get_or_insert(address);
        }
        self.accept("250 2.1.5 Ok")
    }
}
