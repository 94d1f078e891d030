// SPDX-License-Identifier: MIT OR Apache-2.0
//! The first segment: arrival time, sender, recipients, and what is known about the client.
//!
//! *Postfix:* cleanup/cleanup_envelope(3).

use bstr::ByteSlice;
use ipc::flags::{CleanupFlags, SendOptions};
use ipc::record::RecordType;
use ipc::services::rewrite::Rule;
use mail::dsn::{Notify, Ret};
use queue::envelope::{LATEST_TIME, split_attribute};
use queue::file::SizeRecord;
use runtime::log;

use crate::message::{Message, Pending, Processing, Stage};
use crate::site::Place;

impl Processing<'_> {
    /// Writes what comes before all: room for the sizes.
    pub(crate) fn begin(&mut self) {
        self.message.status |= self.message.output.put_sizes(&SizeRecord::default());
        if self.message.flags.contains(CleanupFlags::SMTPUTF8) {
            self.message.send_options |= SendOptions::SMTPUTF8_REQUESTED.bits();
        }
        if self.message.flags.contains(CleanupFlags::REQUIRETLS) {
            self.message.send_options |= SendOptions::REQUIRETLS_ESMTP.bits();
        }
    }

    /// Takes a record of the envelope segment.
    pub(crate) fn take_envelope(&mut self, kind: RecordType, data: &[u8]) {
        match kind {
            // The client's guess at the size, and its idea of when the file was made.
            RecordType::MessageSize | RecordType::CreateTime => {}
            RecordType::ArrivalTime => self.take_arrival_time(data),
            RecordType::Sender => self.take_sender(data),
            RecordType::Recipient => {
                if self.has_required_records() {
                    self.add_recipient(data);
                }
            }
            RecordType::MessageContent => {
                if self.has_required_records() {
                    self.begin_content();
                }
            }
            RecordType::Attribute => self.take_envelope_attribute(data),
            RecordType::WarningTime => {
                self.message.warning_written = true;
                self.pass(kind, data);
            }
            RecordType::FullName => {
                self.message.full_name = data.to_vec();
                self.pass(kind, data);
            }
            RecordType::VerpDelimiters => self.take_verp_delimiters(data),
            RecordType::DsnEnvelopeId => {
                self.message.envelope_id = data.to_vec();
                self.pass(kind, data);
            }
            RecordType::DsnReturn => match parse_ret(data) {
                Some(ret) => {
                    self.message.ret = ret;
                    self.pass(kind, data);
                }
                None => self.reject_value("bad DSN RET record", data),
            },
            RecordType::CONTENT_FILTER
            | RecordType::Redirect
            | RecordType::Inspector
            | RecordType::Killed => self.pass(kind, data),
            // Milters are told of by the count; they take part in a later version.
            RecordType::MilterCount => {}
            RecordType::DoneRecipient | RecordType::CanceledRecipient
                if self.message.sender.is_none() =>
            {
                self.message
                    .reject_protocol("missing sender envelope record");
            }
            _ if self.take_common(kind, data) => {}
            _ => {
                let kind = kind.byte();
                self.message
                    .reject_protocol(format_args!("unexpected record type {kind} in envelope"));
            }
        }
    }

    /// Records that mean the same in the extracted segment.
    pub(crate) fn take_common(&mut self, kind: RecordType, data: &[u8]) -> bool {
        match kind {
            RecordType::OriginalRecipient => self.message.pending.original = data.to_vec(),
            RecordType::DsnOriginalRecipient => self.message.pending.dsn_orcpt = data.to_vec(),
            RecordType::DsnNotify => self.take_notify(data, data),
            RecordType::DoneRecipient | RecordType::CanceledRecipient => {
                self.message.pending = Pending::default();
            }
            RecordType::CleanupFlags => self.take_flags(data),
            _ => return false,
        }
        true
    }

    /// Writes a record as it came. One that follows a recipient makes qmgr scan the whole file.
    pub(crate) fn pass(&mut self, kind: RecordType, data: &[u8]) {
        if self.message.recipient_in_segment {
            self.message.queue_manager_flags |= SizeRecord::MIXED;
        }
        self.message.put(kind, data);
    }

    fn has_required_records(&mut self) -> bool {
        let message = &mut self.message;
        if message.sender.is_none() {
            message.reject_protocol("missing sender envelope record");
        } else if message.arrival.is_none() {
            message.reject_protocol("missing time envelope record");
        } else {
            return true;
        }
        false
    }

    fn take_arrival_time(&mut self, data: &[u8]) {
        let mut words = data.to_str().unwrap_or_default().split_ascii_whitespace();
        let seconds = words.next().and_then(|word| word.parse::<u64>().ok());
        let microseconds = words
            .next()
            .and_then(|word| word.parse::<u32>().ok())
            .unwrap_or(0);
        let Some(seconds) = seconds.filter(|seconds| (1..=LATEST_TIME).contains(seconds)) else {
            return;
        };
        if self.message.arrival.is_some() {
            return;
        }
        self.message.arrival = Some((seconds, microseconds.min(999_999)));
        self.pass(RecordType::ArrivalTime, data);
        let created = self.message.output.created();
        self.message
            .put_attribute("create_time", created.to_string());
    }

    fn take_sender(&mut self, data: &[u8]) {
        if self.message.sender.is_some() {
            self.message
                .reject_protocol("multiple envelope sender records");
            return;
        }
        let sender = if data.is_empty() {
            Some(Vec::new())
        } else {
            self.finish_envelope_address(data, Place::ENVELOPE_SENDER)
        };
        let Some(sender) = sender else {
            self.message.sender = Some(data.to_vec());
            return;
        };
        self.note_utf8_address(&sender);
        if !sender.is_ascii() && self.site.params.smtputf8_enable {
            self.message.send_options |= SendOptions::SMTPUTF8_SENDER.bits();
        }
        self.message.put(RecordType::Sender, &sender);
        self.message.sender = Some(sender.clone());
        if self.message.flags.contains(CleanupFlags::BCC_OK) && self.message.arrival.is_some() {
            self.copy_from_table(|tables| &mut tables.sender_bcc, &sender);
        }
    }

    /// Mail that was not declared as SMTPUTF8 is, when that is to be found out and it needs it.
    pub(crate) fn note_utf8_address(&mut self, address: &[u8]) {
        if !address.is_ascii() {
            self.note_utf8_need();
        }
    }

    pub(crate) fn note_utf8_need(&mut self) {
        if self.site.params.smtputf8_enable && self.message.flags.contains(CleanupFlags::AUTOUTF8) {
            self.message.send_options |= SendOptions::SMTPUTF8_REQUESTED.bits();
        }
    }

    /// When the sender is to be told about a delay; a null sender is told nothing.
    pub(crate) fn put_delay_warning(&mut self) {
        let delay = self.site.params.delay_warning_time.as_secs();
        let has_sender = self
            .message
            .sender
            .as_ref()
            .is_some_and(|sender| !sender.is_empty());
        if self.message.warning_written || delay == 0 || !has_sender {
            return;
        }
        self.message.warning_written = true;
        let arrival = self.message.arrival.map_or(0, |(seconds, _)| seconds);
        let when = format!("{:15}", arrival.saturating_add(delay));
        self.message.put(RecordType::WarningTime, when.as_bytes());
    }

    fn take_verp_delimiters(&mut self, data: &[u8]) {
        let id = self.message.id();
        if self.message.sender.as_ref().is_none_or(Vec::is_empty) {
            log::warning(format_args!("{id}: ignoring VERP request for null sender"));
        } else if data.len() == 2 && data.iter().all(u8::is_ascii_graphic) {
            self.pass(RecordType::VerpDelimiters, data);
        } else {
            log::warning(format_args!(
                "{id}: ignoring bad VERP request: \"{}\"",
                data.as_bstr()
            ));
        }
    }

    fn take_flags(&mut self, data: &[u8]) {
        let bits = parse_number(data).unwrap_or(0);
        if bits & !CleanupFlags::EXTRA.bits() != 0 {
            let id = self.message.id();
            log::warning(format_args!("{id}: ignoring bad extra flags: 0x{bits:x}"));
        } else {
            self.message.flags |= CleanupFlags::from_bits_truncate(bits);
        }
    }

    fn take_notify(&mut self, value: &[u8], record: &[u8]) {
        match parse_number(value)
            .and_then(Notify::from_bits)
            .filter(|notify| is_sound(*notify))
        {
            Some(notify) => self.message.pending.notify = notify,
            None => log::warning(format_args!(
                "{}: ignoring malformed DSN notify record <{}>",
                self.message.id(),
                record.as_bstr()
            )),
        }
    }

    fn take_envelope_attribute(&mut self, data: &[u8]) {
        let Some((name, value)) = self.take_attribute(data) else {
            return;
        };
        match name {
            b"create_time" => return,
            b"rewrite_context" => match value {
                b"local" => self.message.header_context = Some(Rule::Local),
                b"remote" => {
                    let completes = !self.site.params.remote_header_rewrite_domain.is_empty();
                    self.message.header_context = completes.then_some(Rule::Remote);
                }
                _ => {
                    self.reject_value("bad rewriting context:", value);
                    return;
                }
            },
            b"encoding" => self.message.encoding = value.to_vec(),
            _ => self.message.note_origin(name, value),
        }
        self.pass(RecordType::Attribute, data);
    }

    /// Takes an attribute that means the same in the extracted segment; gives back any other.
    pub(crate) fn take_attribute<'d>(&mut self, data: &'d [u8]) -> Option<(&'d [u8], &'d [u8])> {
        let Some((name, value)) = split_attribute(data) else {
            self.reject_value(
                "malformed attribute: missing '=' after attribute name:",
                data,
            );
            return None;
        };
        match name {
            b"notify_flags" => self.take_notify(value, data),
            b"dsn_orig_rcpt" => self.message.pending.dsn_orcpt = value.to_vec(),
            b"envelope_id" => {
                self.message.envelope_id = value.to_vec();
                self.pass(RecordType::Attribute, data);
            }
            b"ret_flags" => match parse_ret(value) {
                Some(ret) => {
                    self.message.ret = ret;
                    self.pass(RecordType::Attribute, data);
                }
                None => self.reject_value("bad DSN RET record", data),
            },
            _ => return Some((name, value)),
        }
        None
    }

    fn reject_value(&mut self, what: &str, value: &[u8]) {
        let value = value.get(..100).unwrap_or(value);
        if what.ends_with(':') {
            self.message
                .reject_protocol(format_args!("{what} {}", value.as_bstr()));
        } else {
            self.message
                .reject_protocol(format_args!("{what} <{}>", value.as_bstr()));
        }
    }

    fn begin_content(&mut self) {
        self.put_delay_warning();
        self.message.put(RecordType::MessageContent, b"");
        self.message.content.begins_at = self.message.output.position();
        self.message.stage = Stage::Content;
    }
}

impl Message {
    fn note_origin(&mut self, name: &[u8], value: &[u8]) {
        let origin = &mut self.origin;
        let field = match name {
            b"log_message_origin" => &mut origin.log_message_origin,
            b"log_protocol_name" => &mut origin.log_protocol_name,
            b"log_helo_name" => &mut origin.log_helo_name,
            b"sasl_method" => &mut origin.sasl_method,
            b"sasl_username" => &mut origin.sasl_username,
            b"sasl_sender" => &mut origin.sasl_sender,
            _ => return,
        };
        *field = value.to_vec();
    }
}

fn parse_number(data: &[u8]) -> Option<u32> {
    data.trim_ascii().to_str().ok()?.parse().ok()
}

fn parse_ret(data: &[u8]) -> Option<Ret> {
    let ret = parse_number(data).and_then(Ret::from_bits)?;
    (ret == Ret::FULL || ret == Ret::HDRS).then_some(ret)
}

/// NEVER excludes all others.
fn is_sound(notify: Notify) -> bool {
    !notify.is_empty() && (notify == Notify::NEVER || !notify.contains(Notify::NEVER))
}
