// SPDX-License-Identifier: MIT OR Apache-2.0
//! MAIL: the beginning of a transaction.
//!
//! *Postfix:* mail_cmd and extract_addr of smtpd(8), smtpd_check_size and smtpd_check_queue of
//! smtpd_check(3).

use std::time::SystemTime;

use bstr::ByteSlice;
use ipc::flags::ResolveFlags;
use mail::address::split_at_last_at;
use mail::dsn::{Ret, parse_envelope_id};
use mail::mime::Encoding;
use mail::smtp::command::{Argument, Kind, PathRules, path};
use mail::text::printable;
use runtime::log;

use crate::session::{Outcome, Session, Subject};
use crate::transaction::{MailState, Sender, Transaction};

impl Session<'_> {
    pub(crate) fn mail(&mut self, arguments: &[Argument]) -> Outcome {
        if self.site.params.smtpd_helo_required && self.helo.is_none() {
            return self.refuse("503 5.5.1 Error: send HELO/EHLO first");
        }
        match &self.mail {
            MailState::Idle => {}
            MailState::Open(transaction) if transaction.chunks.is_none() => {
                return self.refuse("503 5.5.1 Error: nested MAIL command");
            }
            MailState::Open(_) | MailState::DiscardingChunks { .. } => {
                return self.refuse("503 5.5.1 Error: MAIL after BDAT");
            }
        }
        let (argument, options) = match arguments {
            [from, argument, options @ ..] if from.is("FROM:") => (argument, options),
            _ => return self.refuse("501 5.5.4 Syntax: MAIL FROM:<address>"),
        };
        if argument.kind == Kind::Malformed {
            return self.refuse("501 5.1.7 Bad sender address syntax");
        }
        // Comes later in the command, and yet says which addresses are valid.
        let declared = self.offers_smtputf8() && options.iter().any(|o| o.is("SMTPUTF8"));
        let Some(address) = self.envelope_address("MAIL", argument, true, declared) else {
            return self.refuse("501 5.1.7 Bad sender address syntax");
        };
        match self.sender_options(address, options) {
            Ok(sender) => self.begin(sender),
            Err(reply) => self.refuse(reply),
        }
    }

    /// Begins the transaction if nothing speaks against it.
    fn begin(&mut self, sender: Sender) -> Outcome {
        let limit = self.site.params.message_size_limit;
        if limit > 0 && sender.declared_size > limit {
            let reply = "552 5.3.4 Message size exceeds fixed limit";
            return self.refuse_sender(&sender.address, reply);
        }
        if sender.verp_delimiters.is_some() && sender.address.is_empty() {
            return self.refuse("503 5.5.4 Error: XVERP requires non-null sender");
        }
        if self.site.params.strict_smtputf8 && !sender.smtputf8 && !sender.address.is_ascii() {
            return self.refuse("553 5.6.7 Must declare SMTPUTF8 to send unicode address");
        }
        self.tell_of_utf8("sender", &sender.address, sender.smtputf8);
        let mut transaction = Transaction::new(sender, SystemTime::now());
        if !self.site.stand_alone && !self.site.params.smtpd_delay_reject {
            // The transaction does not exist before its sender is accepted; what access tables
            // want with the message is kept for it.
            let sender = Some(transaction.sender.address.as_slice());
            let subject = Subject {
                sender,
                size: transaction.sender.declared_size,
                ..Subject::default()
            };
            let (checked, actions) = self.evaluate(subject, |evaluator| {
                (evaluator.sender(), std::mem::take(evaluator.actions))
            });
            if let Err(refusal) = checked {
                return self.refuse_by(refusal);
            }
            transaction.actions = actions;
        }
        if !self.site.has_space() {
            let reply = "452 4.3.1 Insufficient system storage";
            return self.refuse_sender(&transaction.sender.address, reply);
        }
        transaction.name_instance(self.transactions);
        self.transactions += 1;
        self.mail = MailState::Open(Box::new(transaction));
        if !self.site.params.smtpd_delay_open_until_valid_rcpt
            && let Err(reply) = self.open_submission()
        {
            self.mail = MailState::Idle;
            return self.refuse(reply);
        }
        self.accept("250 2.1.0 Ok")
    }

    /// Says where an address is accepted that would need SMTPUTF8 today.
    pub(super) fn tell_of_utf8(&self, whose: &str, address: &[u8], declared: bool) {
        if !declared && !address.is_ascii() {
            let (address, client) = (printable(address, b'?'), &self.client);
            self.site.notices.smtputf8.tell(format_args!(
                "to accept non-ASCII {whose} address \"{}\" from {client}",
                address.as_bstr()
            ));
        }
    }

    /// Refuses a sender and logs it as the restriction lists do.
    fn refuse_sender(&mut self, sender: &[u8], reply: &str) -> Outcome {
        let subject = Subject {
            sender: Some(sender),
            ..Subject::default()
        };
        self.evaluate(subject, |evaluator| evaluator.log("reject", reply));
        self.refuse(reply)
    }

    /// The options after the address; an error is the reply.
    fn sender_options(&mut self, address: Vec<u8>, options: &[Argument]) -> Result<Sender, String> {
        let mut sender = Sender {
            address,
            encoding: None,
            smtputf8: false,
            declared_size: 0,
            ret: Ret::empty(),
            envelope_id: None,
            verp_delimiters: None,
            vouched_by: None,
        };
        for option in options {
            if let Some(value) = option.value("BODY") {
                sender.encoding = Some(body(value).ok_or_else(|| unsupported(option))?);
            } else if let Some(value) = option.value("SIZE") {
                sender.declared_size = size(value)?;
            } else if self.offers_smtputf8() && option.is("SMTPUTF8") {
                sender.smtputf8 = true;
            } else if let Some(value) = option.value("AUTH") {
                if sender.vouched_by.is_some() {
                    return Err("503 5.5.4 Error: multiple AUTH= options".to_owned());
                }
                let value = printable(value, b'?').as_bstr().to_string();
                sender.vouched_by = Some(value).filter(|value| value != "<>");
            } else if let Some(value) = option.value("RET") {
                self.dsn_is_offered()?;
                sender.ret = Ret::parse(value)
                    .filter(|_| sender.ret.is_empty())
                    .ok_or("501 5.5.4 Bad RET parameter syntax")?;
            } else if let Some(value) = option.value("ENVID") {
                self.dsn_is_offered()?;
                let id = parse_envelope_id(value).filter(|_| sender.envelope_id.is_none());
                sender.envelope_id = Some(id.ok_or("501 5.5.4 Bad ENVID parameter syntax")?);
            } else if (option.is("XVERP") || option.value("XVERP").is_some())
                && self.is_listed("smtpd_authorized_verp_clients", |site| {
                    &mut site.verp_clients
                })
            {
                sender.verp_delimiters = Some(self.verp_delimiters(option)?);
            } else {
                return Err(unsupported(option));
            }
        }
        Ok(sender)
    }

    fn verp_delimiters(&self, option: &Argument) -> Result<Vec<u8>, String> {
        let params = &self.site.params;
        let Some(delimiters) = option.value("XVERP") else {
            return Ok(params.default_verp_delimiters.clone().into_bytes());
        };
        let allowed = params.verp_delimiter_filter.as_bytes();
        if delimiters.len() == 2 && delimiters.iter().all(|b| allowed.contains(b)) {
            return Ok(delimiters.to_vec());
        }
        let filter = &params.verp_delimiter_filter;
        Err(format!(
            "501 5.5.4 Error: XVERP needs two characters from {filter}"
        ))
    }

    fn offers_smtputf8(&self) -> bool {
        self.site.params.smtputf8_enable && !self.hidden.has("SMTPUTF8")
    }

    /// An error when DSN was not offered to this client.
    pub(crate) fn dsn_is_offered(&self) -> Result<(), String> {
        if self.hidden.has("DSN") {
            return Err("501 5.7.1 DSN support is disabled".to_owned());
        }
        Ok(())
    }

    /// The address in a command, internal form; none, with a warning, when it makes no sense. A
    /// domain in UTF-8 makes none unless the client declared SMTPUTF8.
    pub(crate) fn envelope_address(
        &mut self,
        command: &str,
        argument: &Argument,
        empty_allowed: bool,
        smtputf8: bool,
    ) -> Option<Vec<u8>> {
        let params = &self.site.params;
        let rules = PathRules {
            empty_allowed,
            strict: params.strict_rfc821_envelopes && command != "VRFY",
            token_limit: usize::try_from(params.header_address_token_limit).unwrap_or(10_240),
        };
        let address = path(&argument.text, rules).ok().filter(|address| {
            address.is_empty() || self.site.stand_alone || self.is_resolvable(address, smtputf8)
        });
        if address.is_none() {
            let shown = printable(&argument.text, b'?');
            log::warning(format_args!(
                "Illegal address syntax from {} in {command} command: {}",
                self.client,
                shown.as_bstr()
            ));
        }
        address
    }

    /// Whether the resolver finds nothing wrong with the syntax of an address.
    fn is_resolvable(&mut self, address: &[u8], smtputf8: bool) -> bool {
        let sender = self
            .mail
            .transaction()
            .map(|open| open.sender.address.clone());
        let Some(resolved) = self.site.resolve(&sender.unwrap_or_default(), address) else {
            // Who needs to know the answer asks again, and defers.
            return true;
        };
        let domain = split_at_last_at(&resolved.recipient).1.unwrap_or_default();
        !resolved.flags.contains(ResolveFlags::ERROR) && (smtputf8 || domain.is_ascii())
    }
}

/// The reply to an option that nobody knows.
pub(super) fn unsupported(option: &Argument) -> String {
    format!("555 5.5.4 Unsupported option: {}", option.text.as_bstr())
}

fn body(value: &[u8]) -> Option<Encoding> {
    if value.eq_ignore_ascii_case(b"8BITMIME") {
        Some(Encoding::EightBit)
    } else if value.eq_ignore_ascii_case(b"7BIT") {
        Some(Encoding::SevenBit)
    } else {
        None
    }
}

fn size(value: &[u8]) -> Result<u64, String> {
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return Err("501 5.5.4 Bad message size syntax".to_owned());
    }
    let number = std::str::from_utf8(value)
        .ok()
        .and_then(|digits| digits.parse::<i64>().ok());
    number
        .and_then(|number| u64::try_from(number).ok())
        .ok_or_else(|| "552 5.3.4 Message size exceeds file system imposed limit".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_numbers_that_fit() {
        assert_eq!(size(b"10"), Ok(10));
        for text in [&b""[..], b"-5", b"abc", b"1x"] {
            assert!(size(text).is_err_and(|reply| reply.starts_with("501 5.5.4")));
        }
        assert!(size(b"9223372036854775808").is_err_and(|reply| reply.starts_with("552 5.3.4")));
    }
}
