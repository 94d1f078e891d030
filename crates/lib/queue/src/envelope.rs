// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a queue file says about its message: sender, recipients, and how to deliver it.
//!
//! A message may have more recipients than memory should hold. The reader stops after a limit and
//! says where to continue ([`Envelope::continuation`], [`read_recipients`]).
//!
//! *Invariants:* total for any file; at most `limit` recipients in memory at a time; each text is
//! bounded by the record limit of [`crate::file`].
//!
//! *Postfix:* qmgr/qmgr_message(3) message reading, bounce/bounce_notify_util(3), showq(8).

use bstr::ByteSlice;
use ipc::record::RecordType;
use ipc::services::Recipient;
use mail::dsn::{Notify, Ret};

use crate::file::{FileError, ReadAt, Reader, SizeRecord};

/// A place in a queue file where reading of recipients goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Continuation(pub u64);

/// The `W` record: when to warn the sender about the delay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DelayWarning {
    /// Where the record is ([`crate::edit::set_warning_time`]).
    pub offset: u64,
    /// Seconds since the epoch; zero when the sender was warned already.
    pub seconds: u64,
}

/// Everything but the content.
#[derive(Clone, Debug, Default)]
pub struct Envelope {
    /// The first record.
    pub sizes: SizeRecord,
    /// When the client delivered the message: seconds and microseconds since the epoch.
    pub arrival: Option<(u64, u32)>,
    /// When cleanup made the file, seconds since the epoch; decides about expiry and back-off.
    pub create_time: Option<u64>,
    /// The envelope sender, internal form; `None` is a damaged file.
    pub sender: Option<Vec<u8>>,
    /// Full name of the sender.
    pub full_name: Vec<u8>,
    /// VERP delimiters; two bytes, or empty.
    pub verp_delimiters: Vec<u8>,
    /// `transport:nexthop` of the content filter, or empty.
    pub content_filter: Vec<u8>,
    /// All recipients are replaced by this one, or empty.
    pub redirect: Vec<u8>,
    /// `7bit`, `8bit` or empty.
    pub encoding: Vec<u8>,
    /// ENVID of RFC 3461, xtext, or empty.
    pub envelope_id: Vec<u8>,
    /// RET of RFC 3461.
    pub ret: Ret,
    /// Trace flags of `sendmail -v` and `-bv`, and of probes (`ipc::flags::DeliverFlags`).
    pub trace_flags: u32,
    /// Where the record with the trace flags is; zero when there is none ([`crate::edit::kill`]).
    pub trace_flags_offset: u64,
    /// When to warn about delay.
    pub warning: Option<DelayWarning>,
    /// What the client was, for logging and delivery requests.
    pub client: Client,
    /// Recipients to be delivered, as far as they were read.
    pub recipients: Vec<Recipient>,
    /// Recipient records seen that are already done or canceled.
    pub finished_recipients: u64,
    /// Where further recipients may be.
    pub continuation: Option<Continuation>,
    /// Whether the `E` record was seen, or skipped over as known to exist.
    pub complete: bool,
}

/// The `log_*`, `client_*`, `sasl_*` and other attributes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// `log_client_name`.
    pub log_client_name: Vec<u8>,
    /// `log_client_address`.
    pub log_client_address: Vec<u8>,
    /// `log_client_port`.
    pub log_client_port: Vec<u8>,
    /// `log_protocol_name`.
    pub log_protocol_name: Vec<u8>,
    /// `log_helo_name`.
    pub log_helo_name: Vec<u8>,
    /// `log_ident`: queue id on the first system that knew the message.
    pub log_ident: Vec<u8>,
    /// `log_message_origin`.
    pub log_message_origin: Vec<u8>,
    /// `client_name`.
    pub client_name: Vec<u8>,
    /// `reverse_client_name`.
    pub reverse_client_name: Vec<u8>,
    /// `client_address`.
    pub client_address: Vec<u8>,
    /// `client_port`.
    pub client_port: Vec<u8>,
    /// `client_address_type`.
    pub client_address_type: Vec<u8>,
    /// `server_address`.
    pub server_address: Vec<u8>,
    /// `server_port`.
    pub server_port: Vec<u8>,
    /// `protocol_name`.
    pub protocol_name: Vec<u8>,
    /// `helo_name`.
    pub helo_name: Vec<u8>,
    /// `sasl_method`.
    pub sasl_method: Vec<u8>,
    /// `sasl_username`.
    pub sasl_username: Vec<u8>,
    /// `sasl_sender`.
    pub sasl_sender: Vec<u8>,
    /// `rewrite_context`.
    pub rewrite_context: Vec<u8>,
}

impl Client {
    /// The field that holds this attribute.
    pub fn field_mut(&mut self, name: &[u8]) -> Option<&mut Vec<u8>> {
        Some(match name {
            b"log_client_name" => &mut self.log_client_name,
            b"log_client_address" => &mut self.log_client_address,
            b"log_client_port" => &mut self.log_client_port,
            b"log_protocol_name" => &mut self.log_protocol_name,
            b"log_helo_name" => &mut self.log_helo_name,
            b"log_ident" => &mut self.log_ident,
            b"log_message_origin" => &mut self.log_message_origin,
            b"client_name" => &mut self.client_name,
            b"reverse_client_name" => &mut self.reverse_client_name,
            b"client_address" => &mut self.client_address,
            b"client_port" => &mut self.client_port,
            b"client_address_type" => &mut self.client_address_type,
            b"server_address" => &mut self.server_address,
            b"server_port" => &mut self.server_port,
            b"protocol_name" => &mut self.protocol_name,
            b"helo_name" => &mut self.helo_name,
            b"sasl_method" => &mut self.sasl_method,
            b"sasl_username" => &mut self.sasl_username,
            b"sasl_sender" => &mut self.sasl_sender,
            b"rewrite_context" => &mut self.rewrite_context,
            _ => return None,
        })
    }
}

/// Splits a `name=value` attribute record; blanks around the name and the `=` are not part of them.
pub fn split_attribute(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let (name, value) = data.split_once_str("=")?;
    let name = name.trim_ascii();
    (!name.is_empty()).then_some((name, value.trim_ascii_start()))
}

/// The per-recipient records that come before an `R` record.
#[derive(Debug, Default)]
struct Pending {
    original: Vec<u8>,
    dsn_orcpt: Vec<u8>,
    notify: Notify,
}

impl Pending {
    fn take_recipient(&mut self, offset: u64, address: &[u8]) -> Recipient {
        let pending = std::mem::take(self);
        Recipient {
            address: address.to_vec(),
            original: pending.original,
            dsn_orcpt: pending.dsn_orcpt,
            notify: pending.notify,
            offset,
        }
    }

    /// Whether the record was one of these.
    fn note(&mut self, kind: RecordType, data: &[u8]) -> bool {
        match kind {
            RecordType::OriginalRecipient => self.original = data.to_vec(),
            RecordType::DsnOriginalRecipient => self.dsn_orcpt = data.to_vec(),
            RecordType::DsnNotify => self.notify = parse_notify(data),
            RecordType::Attribute => match split_attribute(data) {
                Some((b"dsn_orig_rcpt", value)) => self.dsn_orcpt = value.to_vec(),
                Some((b"notify_flags", value)) => self.notify = parse_notify(value),
                Some(_) | None => return false,
            },
            _ => return false,
        }
        true
    }
}

impl Envelope {
    /// Reads a queue file from its start, with at most `limit` recipients.
    pub fn read<S: ReadAt>(reader: &mut Reader<S>, limit: usize) -> Result<Envelope, FileError> {
        reader.seek(0);
        let mut envelope = Envelope::default();
        let mut pending = Pending::default();
        loop {
            let here = reader.position();
            let sizes = envelope.sizes;
            if sizes.data_offset > 0 && here == sizes.data_offset {
                let end = sizes.data_offset.checked_add(sizes.content_length);
                reader.seek(end.ok_or(damaged(0, "content length too large"))?);
            }
            let Some(record) = reader.next_record()? else {
                return Ok(envelope);
            };
            match record.kind {
                RecordType::End => {
                    envelope.complete = true;
                    return Ok(envelope);
                }
                RecordType::Recipient if envelope.continuation.is_none() => {
                    let recipient = pending.take_recipient(record.offset, record.data);
                    envelope.recipients.push(recipient);
                    if envelope.recipients.len() >= limit {
                        envelope.continuation = Some(Continuation(reader.position()));
                        if sizes.queue_manager_flags & SizeRecord::MIXED == 0
                            && envelope.skip_recipients(reader)
                        {
                            envelope.complete = true;
                            return Ok(envelope);
                        }
                    }
                }
                RecordType::Recipient => pending = Pending::default(),
                RecordType::DoneRecipient | RecordType::CanceledRecipient => {
                    pending = Pending::default();
                    if envelope.continuation.is_none() {
                        envelope.finished_recipients += 1;
                    }
                }
                kind if pending.note(kind, record.data) => {}
                kind => envelope.note(kind, record.offset, record.data)?,
            }
        }
    }

    /// With recipients apart from other records, everything else in this segment has been read: go
    /// on behind the content, or end (true) when already there.
    fn skip_recipients<S: ReadAt>(&self, reader: &mut Reader<S>) -> bool {
        let Some(end) = self
            .sizes
            .data_offset
            .checked_add(self.sizes.content_length)
        else {
            return true;
        };
        if self.sizes.data_offset == 0 || reader.position() > self.sizes.data_offset {
            return true;
        }
        reader.seek(end);
        false
    }

    fn note(&mut self, kind: RecordType, offset: u64, data: &[u8]) -> Result<(), FileError> {
        match kind {
            RecordType::MessageSize if offset == 0 => {
                self.sizes = SizeRecord::decode(data)
                    .ok_or(damaged(offset, "malformed message size record"))?;
            }
            RecordType::ArrivalTime => self.arrival = self.arrival.or_else(|| parse_time(data)),
            RecordType::CreateTime => self.create_time = parse_seconds(data),
            RecordType::FullName => self.full_name = data.to_vec(),
            RecordType::Sender => {
                if self.sender.is_some() {
                    return Err(damaged(offset, "more than one sender"));
                }
                self.sender = Some(data.to_vec());
            }
            RecordType::VerpDelimiters if data.len() == 2 => self.verp_delimiters = data.to_vec(),
            RecordType::CONTENT_FILTER => self.content_filter = data.to_vec(),
            RecordType::Redirect => self.redirect = data.to_vec(),
            RecordType::DsnEnvelopeId => self.envelope_id = data.to_vec(),
            RecordType::DsnReturn => self.ret = parse_ret(data),
            RecordType::WarningTime => {
                let seconds = parse_seconds(data).unwrap_or(0);
                self.warning = Some(DelayWarning { offset, seconds });
            }
            RecordType::Attribute => {
                if let Some((name, value)) = split_attribute(data) {
                    self.note_attribute(name, value, offset);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn note_attribute(&mut self, name: &[u8], value: &[u8], offset: u64) {
        match name {
            b"create_time" => self.create_time = parse_seconds(value),
            b"envelope_id" => self.envelope_id = value.to_vec(),
            b"ret_flags" => self.ret = parse_ret(value),
            b"encoding" => self.encoding = value.to_vec(),
            b"trace_flags" => {
                self.trace_flags = parse_number(value)
                    .and_then(|n| n.try_into().ok())
                    .unwrap_or(0);
                self.trace_flags_offset = offset;
            }
            _ => {
                if let Some(field) = self.client.field_mut(name) {
                    *field = value.to_vec();
                }
            }
        }
    }
}

/// A further portion of recipients.
#[derive(Clone, Debug, Default)]
pub struct Portion {
    /// Recipients to be delivered.
    pub recipients: Vec<Recipient>,
    /// Recipient records that are already done or canceled.
    pub finished: u64,
    /// Where further recipients may be.
    pub continuation: Option<Continuation>,
}

/// Reads at most `limit` further recipients.
pub fn read_recipients<S: ReadAt>(
    reader: &mut Reader<S>,
    sizes: &SizeRecord,
    from: Continuation,
    limit: usize,
) -> Result<Portion, FileError> {
    reader.seek(from.0);
    let mut portion = Portion::default();
    let mut pending = Pending::default();
    loop {
        if sizes.data_offset > 0 && reader.position() == sizes.data_offset {
            let end = sizes.data_offset.checked_add(sizes.content_length);
            reader.seek(end.ok_or(damaged(0, "content length too large"))?);
        }
        let Some(record) = reader.next_record()? else {
            return Ok(portion);
        };
        match record.kind {
            RecordType::End => return Ok(portion),
            RecordType::Recipient => {
                let recipient = pending.take_recipient(record.offset, record.data);
                portion.recipients.push(recipient);
                if portion.recipients.len() >= limit {
                    portion.continuation = Some(Continuation(reader.position()));
                    return Ok(portion);
                }
            }
            RecordType::DoneRecipient | RecordType::CanceledRecipient => {
                pending = Pending::default();
                portion.finished += 1;
            }
            kind => {
                pending.note(kind, record.data);
            }
        }
    }
}

fn damaged(offset: u64, what: &'static str) -> FileError {
    FileError::Damaged { offset, what }
}

/// Times in files are at most the end of the year 9999, so that arithmetic with them is safe.
pub const LATEST_TIME: u64 = 253_402_300_799;

/// A time in seconds since the epoch.
fn parse_seconds(data: &[u8]) -> Option<u64> {
    parse_number(data).filter(|seconds| *seconds <= LATEST_TIME)
}

fn parse_number(data: &[u8]) -> Option<u64> {
    data.trim_ascii().to_str().ok()?.parse().ok()
}

fn parse_time(data: &[u8]) -> Option<(u64, u32)> {
    let mut words = data.to_str().ok()?.split_ascii_whitespace();
    let seconds = words
        .next()?
        .parse()
        .ok()
        .filter(|seconds| *seconds <= LATEST_TIME)?;
    let microseconds = words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
    Some((seconds, microseconds))
}

fn parse_notify(data: &[u8]) -> Notify {
    let bits = parse_number(data).and_then(|bits| u32::try_from(bits).ok());
    Notify::from_bits_truncate(bits.unwrap_or(0))
}

fn parse_ret(data: &[u8]) -> Ret {
    let bits = parse_number(data).and_then(|bits| u32::try_from(bits).ok());
    Ret::from_bits_truncate(bits.unwrap_or(0))
}

#[cfg(test)]
mod tests;
