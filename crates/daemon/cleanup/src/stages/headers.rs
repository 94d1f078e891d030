// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is done with each header of a message, and which headers are added.
//!
//! Headers are completed and mapped only for clients with a header rewriting context (`local`, or
//! `remote` with `remote_header_rewrite_domain`); mail from strangers keeps its headers.
//!
//! *Postfix:* cleanup/cleanup_message(3).

use std::time::{SystemTime, UNIX_EPOCH};

use bstr::ByteSlice;
use ipc::flags::{CleanupFlags, CleanupStatus, SendOptions};
use ipc::record::RecordType;
use ipc::services::rewrite::Rule;
use mail::address::header_list::List;
use mail::address::{quote_822_local, token};
use mail::header::{Flags, HeaderName, date, is_header_line, parse_header, rfc2047};
use runtime::event::cleanup::{MessageId, ResentMessageId};
use runtime::log;

use crate::checks::Checked;
use crate::message::Processing;
use crate::site::Place;

/// Which headers came by.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    names: u64,
    hops: u32,
    resent: bool,
}

impl Seen {
    fn note(&mut self, name: HeaderName) {
        self.names |= 1 << (name as u8);
        self.resent |= name.flags().contains(Flags::RESENT);
    }

    fn has(&self, name: HeaderName) -> bool {
        self.names & (1 << (name as u8)) != 0
    }
}

impl Processing<'_> {
    /// Takes one complete header, lines separated by LF.
    pub(crate) fn take_header(&mut self, header: &[u8]) {
        if self.message.flags.contains(CleanupFlags::FILTER) {
            match self.check_header(mail::mime::walker::Place::Primary, header) {
                Checked::Keep => {}
                Checked::Drop => return,
                Checked::Prepend(text) => self.put_lines(&text),
                Checked::Replace(text) => {
                    self.take_checked_header(&text);
                    return;
                }
            }
        }
        self.take_checked_header(header);
    }

    fn take_checked_header(&mut self, header: &[u8]) {
        self.note_utf8_header(header);
        let Some((label, body)) = parse_header(header) else {
            self.put_lines(header);
            return;
        };
        let known = HeaderName::find(label);
        if let Some(name) = known {
            self.message.content.seen.note(name);
            self.note_header(name, header, body);
        }
        if self
            .site
            .dropped_headers
            .iter()
            .any(|name| label.eq_ignore_ascii_case(name))
        {
            return;
        }
        let flags = known.map_or(Flags::empty(), HeaderName::flags);
        let place = if flags.contains(Flags::SENDER) {
            Some(Place::HEADER_SENDER)
        } else {
            flags
                .contains(Flags::RECIPIENT)
                .then_some(Place::HEADER_RECIPIENT)
        };
        if let (Some(place), Some(rule)) = (place, self.message.header_context.clone())
            && let Some(body) = self.rewrite_header(&rule, label, body, place)
        {
            self.put_lines(&[label, b": ", &body].concat());
            return;
        }
        match without_blanks_before_colon(header) {
            Some(header) => self.put_lines(&header),
            None => self.put_lines(header),
        }
    }

    /// The new body, if an address in it changed.
    fn rewrite_header(
        &mut self,
        rule: &Rule,
        label: &[u8],
        body: &[u8],
        place: Place,
    ) -> Option<Vec<u8>> {
        let limit = usize::try_from(self.site.params.header_address_token_limit).unwrap_or(0);
        let mut list = List::parse_limited(body, limit);
        let mut changed = false;
        for tokens in list.addresses_mut() {
            let before = token::external(tokens);
            let after = self.finish_header_address(rule, &before, place);
            if before != after {
                changed = true;
                *tokens = token::scan(&after, limit);
            }
        }
        changed.then(|| list.to_header_body(label))
    }

    fn note_header(&mut self, name: HeaderName, header: &[u8], body: &[u8]) {
        match name {
            HeaderName::Received => {
                let limit = u32::try_from(self.site.params.hopcount_limit).unwrap_or(0);
                let seen = &mut self.message.content.seen;
                seen.hops = seen.hops.saturating_add(1);
                if seen.hops >= limit {
                    if seen.hops == limit {
                        log::warning(format_args!(
                            "{}: message rejected: hopcount exceeded",
                            self.message.id()
                        ));
                    }
                    self.message.status |= CleanupStatus::HOPS;
                }
            }
            HeaderName::MessageId => {
                self.message.content.message_id = one_line(body);
                log::info(MessageId {
                    queue_id: self.message.id(),
                    message_id: body,
                });
            }
            HeaderName::ResentMessageId => {
                log::info(ResentMessageId {
                    queue_id: self.message.id(),
                    message_id: body,
                });
            }
            HeaderName::ContentTransferEncoding => self.note_encoding_header(header),
            HeaderName::TlsRequired
                if self.site.params.tls_required_enable
                    && body.trim_ascii().eq_ignore_ascii_case(b"no") =>
            {
                self.message.send_options |= SendOptions::REQUIRETLS_HEADER.bits();
            }
            _ => {}
        }
    }

    /// `Content-Transfer-Encoding: 8bit` or `binary` makes the message 8bit.
    pub(crate) fn note_encoding_header(&mut self, header: &[u8]) {
        if !self.site.params.detect_8bit_encoding_header {
            return;
        }
        let Some((label, body)) = parse_header(header) else {
            return;
        };
        let word = body
            .split(|b| matches!(b, b' ' | b'\t' | b'\n' | b';' | b'('))
            .next();
        let eight = word.is_some_and(|word| {
            word.eq_ignore_ascii_case(b"8bit") || word.eq_ignore_ascii_case(b"binary")
        });
        if eight && HeaderName::find(label) == Some(HeaderName::ContentTransferEncoding) {
            self.message.content.label = b"8bit".to_vec();
        }
    }

    fn note_utf8_header(&mut self, header: &[u8]) {
        if self.site.params.smtputf8_enable && !header.is_ascii() {
            self.message.send_options |= SendOptions::SMTPUTF8_HEADER.bits();
            self.note_utf8_need();
        }
    }

    /// Adds what is missing, when all headers have been seen.
    pub(crate) fn finish_headers(&mut self) {
        let seen = &self.message.content.seen;
        let resent = seen.resent;
        let no_message_id = !seen.has(HeaderName::MessageId);
        if !seen.has(HeaderName::Received) {
            self.message.reject_protocol("no Received: header");
        }
        if !self.message.is_wanted() {
            return;
        }
        let adds =
            self.message.header_context.is_some() || self.site.params.always_add_missing_headers;
        if adds {
            let (id, date, from) = if resent {
                (
                    HeaderName::ResentMessageId,
                    HeaderName::ResentDate,
                    HeaderName::ResentFrom,
                )
            } else {
                (HeaderName::MessageId, HeaderName::Date, HeaderName::From)
            };
            self.add_message_id(id);
            self.add_header(date, |processing| processing.date());
            self.add_header(from, |processing| processing.from());
            self.add_undisclosed_recipients();
        }
        if no_message_id && (resent || !adds) {
            log::info(MessageId {
                queue_id: self.message.id(),
                message_id: b"<>",
            });
        }
    }

    fn add_header(&mut self, name: HeaderName, body: impl Fn(&Self) -> Vec<u8>) {
        if !self.message.content.seen.has(name) {
            let body = body(self);
            self.put_lines(&[name.as_str().as_bytes(), b": ", &body].concat());
        }
    }

    fn add_message_id(&mut self, name: HeaderName) {
        if self.message.content.seen.has(name) {
            return;
        }
        let id = self.message.id().to_owned();
        let host = &self.site.params.myhostname;
        // A long queue id is never used again; a short one needs the time.
        let message_id = if self.site.params.enable_long_queue_ids {
            format!("<{id}@{host}>")
        } else {
            let now = SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default();
            let now = date::Civil::new(i64::try_from(now.as_secs()).unwrap_or(0), 0);
            format!(
                "<{:04}{:02}{:02}{:02}{:02}{:02}.{id}@{host}>",
                now.year, now.month, now.day, now.hour, now.minute, now.second
            )
        };
        self.put_lines(format!("{}: {message_id}", name.as_str()).as_bytes());
        if name == HeaderName::MessageId {
            self.message.content.message_id = message_id.clone().into_bytes();
            log::info(MessageId {
                queue_id: &id,
                message_id: message_id.as_bytes(),
            });
        } else {
            log::info(ResentMessageId {
                queue_id: &id,
                message_id: message_id.as_bytes(),
            });
        }
    }

    fn date(&self) -> Vec<u8> {
        let arrival = self.message.arrival.map_or(0, |(seconds, _)| seconds);
        local_date(arrival).into_bytes()
    }

    fn from(&self) -> Vec<u8> {
        let sender = self.message.sender.clone().unwrap_or_default();
        if sender.is_empty() {
            return b"MAILER-DAEMON".to_vec();
        }
        let address = quote_822_local(&sender);
        let name = self.message.full_name.trim_ascii();
        if name.is_empty() {
            return address;
        }
        let charset = &self.site.params.full_name_encoding_charset;
        let encoded = if charset.is_empty() {
            None
        } else {
            rfc2047::encode_full_name(name, charset)
        };
        if self
            .site
            .params
            .header_from_format
            .eq_ignore_ascii_case("obsolete")
        {
            let comment = encoded.unwrap_or_else(|| as_comment(name));
            return [&address, b" (".as_slice(), &comment, b")"].concat();
        }
        let phrase = encoded.unwrap_or_else(|| as_phrase(name));
        [&phrase, b" <".as_slice(), &address, b">"].concat()
    }

    fn add_undisclosed_recipients(&mut self) {
        let header = self
            .site
            .params
            .undisclosed_recipients_header
            .clone()
            .into_bytes();
        let names = [
            HeaderName::To,
            HeaderName::ResentTo,
            HeaderName::Cc,
            HeaderName::ResentCc,
        ];
        let seen = &self.message.content.seen;
        if !header.is_empty() && !names.into_iter().any(|name| seen.has(name)) {
            self.put_lines(&header);
        }
    }

    /// Writes a header, one record a line.
    pub(crate) fn put_lines(&mut self, text: &[u8]) {
        for line in text.split(|b| *b == b'\n') {
            self.message.put(RecordType::RegularText, line);
        }
    }
}

/// A date in the local time zone, as in headers.
pub(crate) fn local_date(seconds: u64) -> String {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    let local = sys::clock::local_time(seconds);
    date::format(seconds, local.utc_offset, &sys::clock::zone_name(seconds))
}

/// Longest message id that becomes an attribute.
const MESSAGE_ID_LIMIT: usize = 1000;

/// The body of a header without its line breaks; nothing when it is too long for an attribute.
fn one_line(body: &[u8]) -> Vec<u8> {
    let body = body.trim_ascii();
    if body.len() > MESSAGE_ID_LIMIT {
        return Vec::new();
    }
    body.iter().copied().filter(|b| *b != b'\n').collect()
}

fn without_blanks_before_colon(header: &[u8]) -> Option<Vec<u8>> {
    let label = header.get(..is_header_line(header)?)?;
    let rest = header.get(label.len()..)?;
    let colon = rest.find_byte(b':').filter(|at| *at > 0)?;
    Some([label, rest.get(colon..)?].concat())
}

/// Words, or one quoted string where a special character makes that necessary.
fn as_phrase(name: &[u8]) -> Vec<u8> {
    if name
        .iter()
        .all(|b| *b >= b' ' && *b != 0x7f && !b"()<>@,;:\\\".[]".contains(b))
    {
        return name.to_vec();
    }
    let mut quoted = vec![b'"'];
    for byte in name {
        if matches!(byte, b'"' | b'\\' | b'\r' | b'\n') {
            quoted.push(b'\\');
        }
        quoted.push(*byte);
    }
    quoted.push(b'"');
    quoted
}

fn as_comment(name: &[u8]) -> Vec<u8> {
    let mut comment = Vec::with_capacity(name.len());
    for byte in name {
        if matches!(byte, b'(' | b')' | b'\\') {
            comment.push(b'\\');
        }
        comment.push(*byte);
    }
    comment
}
