// SPDX-License-Identifier: MIT OR Apache-2.0
//! Submitting a message.
//!
//! *Errors*: exit code and text, with sender and user id in front.
//!
//! *Postfix:* sendmail(1), enqueue.

use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead, Write as _};
use std::os::unix::ffi::OsStrExt;

use ipc::flags::{DeliverFlags, SendOptions};
use ipc::record::RecordType;
use runtime::{exit, log};
use sys::users::User;

use crate::content::{Lines, Piece, Recipients, Returns};
use crate::drop::Drop;
use crate::options::{Encoding, Request};
use crate::{Failure, Site, author, programs};

/// Submits the message on standard input.
pub(crate) fn submit(site: &Site, request: &Request) -> Result<(), Failure> {
    programs::check_permission(&site.params.authorized_submit_users)?;
    let uid = sys::users::real_uid();
    let account = sys::users::by_uid(uid).ok().flatten();
    let envelope = Envelope::new(site, request, account.as_ref())?;
    let sender = String::from_utf8_lossy(&envelope.sender).into_owned();
    let fail = |(status, text): Failure| (status, format!("{sender}({uid}): {text}"));
    let input = io::stdin().lock();
    let drop = Drop::open(site).map_err(fail)?;
    envelope.send(site, request, drop, input).map_err(fail)?;
    if request.verify || request.report {
        let text = format!("Mail Delivery Status Report will be mailed to <{sender}>.\n");
        // The message is safe, whoever listens.
        let _ = io::stdout().write_all(text.as_bytes());
    }
    Ok(())
}

/// What goes in front of the content.
#[derive(Debug)]
struct Envelope {
    sender: Vec<u8>,
    full_name: Vec<u8>,
    recipients: Vec<Vec<u8>>,
    verp: Option<Vec<u8>>,
    options: SendOptions,
}

impl Envelope {
    fn new(site: &Site, request: &Request, account: Option<&User>) -> Result<Self, Failure> {
        let sender = sender(request.sender.as_deref(), account)?;
        let environment = std::env::var_os("NAME");
        let full_name = match &request.full_name {
            Some(name) => author::one_line(name.as_bytes().to_vec()),
            None => author::full_name(environment.as_deref(), account),
        };
        let mut recipients = Vec::new();
        for word in &request.recipients {
            let found = author::addresses(word);
            if found.is_empty() {
                recipients.push(Vec::new());
            } else {
                recipients.extend(found);
            }
        }
        let verp = verp(site, request.verp.as_ref())?;
        if verp.is_some() && sender.is_empty() {
            let why = "-V option requires non-null sender address";
            return Err((exit::USAGE, why.to_owned()));
        }
        let options = send_options(site, request);
        Ok(Envelope {
            sender,
            full_name,
            recipients,
            verp,
            options,
        })
    }

    /// Sends everything to postdrop.
    fn send(
        &self,
        site: &Site,
        request: &Request,
        mut drop: Drop,
        input: impl BufRead,
    ) -> Result<(), Failure> {
        self.send_envelope(request, &mut drop);
        drop.record(RecordType::MessageContent, b"");
        let mut found = Vec::new();
        if request.verify {
            self.send_probe(request, &mut drop);
        } else {
            found = send_content(site, request, &mut drop, input)?;
        }
        drop.record(RecordType::ExtractedInformation, b"");
        send_recipients(request, &mut drop, &found);
        if self.recipients.is_empty() && found.is_empty() && !drop.is_over() {
            let why = if request.from_headers {
                "No recipient addresses found in message header"
            } else {
                "Recipient addresses must be specified on the command line or via the -t option"
            };
            return Err((exit::USAGE, why.to_owned()));
        }
        drop.record(RecordType::End, b"");
        drop.finish()
    }

    fn send_envelope(&self, request: &Request, drop: &mut Drop) {
        if let Some(id) = &request.envelope_id {
            drop.attribute("envelope_id", id.as_bytes());
        }
        if let Some(ret) = request.ret {
            drop.attribute("ret_flags", ret.bits().to_string());
        }
        drop.attribute(
            "rewrite_context",
            if request.gateway { "remote" } else { "local" },
        );
        if !self.full_name.is_empty() {
            drop.record(RecordType::FullName, &self.full_name);
        }
        drop.record(RecordType::Sender, &self.sender);
        match request.encoding {
            Some(Encoding::SevenBit) => drop.attribute("encoding", "7bit"),
            Some(Encoding::EightBit) => drop.attribute("encoding", "8bit"),
            None => {}
        }
        let mut trace = DeliverFlags::empty();
        trace.set(DeliverFlags::USER_VERIFY, request.verify);
        trace.set(DeliverFlags::RECORD, request.report);
        if !trace.is_empty() {
            drop.attribute("trace_flags", trace.bits().to_string());
        }
        if !self.options.is_empty() {
            drop.attribute("sendopts", self.options.bits().to_string());
        }
        if let Some(delimiters) = &self.verp {
            drop.record(RecordType::VerpDelimiters, delimiters);
        }
        send_recipients(request, drop, &self.recipients);
    }

    /// The message of a verification request: nobody reads it.
    fn send_probe(&self, request: &Request, drop: &mut Drop) {
        if !self.sender.is_empty() {
            let from = mail::address::quote_822_local(&self.sender);
            drop.record(
                RecordType::RegularText,
                &[b"From: ", from.as_slice()].concat(),
            );
        }
        drop.record(RecordType::RegularText, b"Subject: probe");
        let words: Vec<_> = request
            .recipients
            .iter()
            .map(|word| word.as_bytes())
            .collect();
        let list = author::one_line(words.join(&b", "[..]));
        if !list.is_empty() {
            drop.record(
                RecordType::RegularText,
                &[b"To: ", list.as_slice()].concat(),
            );
        }
        drop.record(RecordType::RegularText, b"");
    }
}

fn send_recipients(request: &Request, drop: &mut Drop, recipients: &[Vec<u8>]) {
    for recipient in recipients {
        if let Some(notify) = request.notify {
            drop.attribute("notify_flags", notify.bits().to_string());
        }
        drop.record(RecordType::Recipient, recipient);
    }
}

/// Copies the message; gives the recipients in its headers, if they are asked for.
fn send_content(
    site: &Site,
    request: &Request,
    drop: &mut Drop,
    input: impl BufRead,
) -> Result<Vec<Vec<u8>>, Failure> {
    let parameter = &site.params.sendmail_fix_line_endings;
    let returns = Returns::parse(parameter).ok_or_else(|| {
        (
            exit::FATAL,
            format!("invalid sendmail_fix_line_endings value: {parameter}"),
        )
    })?;
    let limit = usize::try_from(site.params.line_length_limit).unwrap_or(2048);
    let mut lines = Lines::new(input, limit, returns, request.dot_ends);
    let header_limit = usize::try_from(site.params.header_size_limit).unwrap_or(usize::MAX);
    let mut search = request.from_headers.then(|| Recipients::new(header_limit));
    let mut text = Vec::new();
    let mut starts_line = true;
    loop {
        let unreadable =
            |error: io::Error| (exit::DATAERR, format!("error reading input: {error}"));
        let Some(piece) = lines.next(&mut text).map_err(unreadable)? else {
            break;
        };
        if let Some(search) = &mut search
            && search.look(&text, starts_line).is_err()
        {
            let why = "message header length exceeds safety limit";
            return Err((
                exit::DATAERR,
                format!("unable to extract recipients: {why}"),
            ));
        }
        let kind = match piece {
            Piece::Line => RecordType::RegularText,
            Piece::Part => RecordType::ContinuedText,
        };
        drop.record(kind, &text);
        if drop.is_over() {
            break;
        }
        starts_line = piece == Piece::Line;
    }
    Ok(search.map(Recipients::finish).unwrap_or_default())
}

/// The envelope sender: what `-f` says, or the login name.
fn sender(option: Option<&OsStr>, account: Option<&User>) -> Result<Vec<u8>, Failure> {
    let Some(text) = option else {
        return match account {
            Some(account) => Ok(account.name.clone().into_bytes()),
            None => {
                let uid = sys::users::real_uid();
                Err((
                    exit::OSERR,
                    format!("no login name found for user ID {uid}"),
                ))
            }
        };
    };
    let mut found = author::addresses(text).into_iter();
    let first = found.next().unwrap_or_default();
    if found.next().is_some() {
        let text = text.to_string_lossy();
        log::warning(format_args!("-f option specified malformed sender: {text}"));
    }
    Ok(first)
}

/// The delimiters of `-XV`.
fn verp(site: &Site, option: Option<&OsString>) -> Result<Option<Vec<u8>>, Failure> {
    let Some(given) = option else { return Ok(None) };
    let delimiters = if given.is_empty() {
        site.params.default_verp_delimiters.as_bytes()
    } else {
        given.as_bytes()
    };
    let filter = &site.params.verp_delimiter_filter;
    let allowed = delimiters
        .iter()
        .all(|byte| filter.as_bytes().contains(byte));
    if delimiters.len() != 2 || !allowed {
        return Err((
            exit::USAGE,
            format!("-V requires two characters from {filter}"),
        ));
    }
    Ok(Some(delimiters.to_vec()))
}

/// What `-O` asks for, as far as it is turned on.
fn send_options(site: &Site, request: &Request) -> SendOptions {
    let mut options = SendOptions::empty();
    for (asked, enabled, option, name) in [
        (
            request.smtputf8,
            site.params.smtputf8_enable,
            SendOptions::SMTPUTF8_REQUESTED,
            "smtputf8",
        ),
        (
            request.require_tls,
            site.params.requiretls_enable,
            SendOptions::REQUIRETLS_ESMTP,
            "requiretls",
        ),
    ] {
        if asked && enabled {
            options |= option;
        } else if asked {
            log::warning(format_args!(
                "{name} support is disabled -- ignoring -O {name}=yes"
            ));
        }
    }
    options
}

#[cfg(test)]
mod tests;
