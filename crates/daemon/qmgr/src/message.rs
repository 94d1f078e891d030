// SPDX-License-Identifier: MIT OR Apache-2.0
//! One message of the active queue: what its file says, and what became of it so far.
//!
//! *Errors*: [`Unusable`] says what the caller does with the file.

use ipc::flags::{DeliverFlags, QmgrFlags, SendOptions};
use ipc::services::Recipient;
use ipc::services::bounce;
use ipc::services::delivery::{ClientOfMessage, DeliveryRequest};
use mail::dsn::Ret;
use queue::envelope::{Continuation, DelayWarning, Envelope, read_recipients};
use queue::file::{FileError, Reader, SizeRecord};
use queue::{Layout, Queue, QueueId};
use std::fs::File;
use std::io;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use sys::lock;

/// Why a file cannot be taken into the active queue.
#[derive(Debug)]
pub(crate) enum Unusable {
    /// A delivery agent still holds it.
    Locked,
    /// Somebody removed it.
    Gone,
    /// It is not a queue file: to be kept aside.
    Damaged(String),
    /// It cannot be read now.
    Unreadable(io::Error),
}

impl From<FileError> for Unusable {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Read(error) => Unusable::Unreadable(error),
            FileError::Create { source, .. } | FileError::Write { source, .. } => {
                Unusable::Unreadable(source)
            }
            FileError::Damaged { .. } | FileError::TooLarge => Unusable::Damaged(error.to_string()),
        }
    }
}

/// One message of the active queue.
pub(crate) struct Message {
    pub(crate) id: QueueId,
    /// The envelope sender, internal form.
    pub(crate) sender: Vec<u8>,
    /// When cleanup made the file, in seconds since the epoch; 0 when unknown.
    pub(crate) created: u64,
    /// When it began to arrive.
    pub(crate) arrival: SystemTime,
    /// When it entered the active queue.
    pub(crate) active_since: SystemTime,
    pub(crate) trace_flags: DeliverFlags,
    pub(crate) trace_flags_offset: u64,
    pub(crate) verp_delimiters: Vec<u8>,
    pub(crate) content_filter: Vec<u8>,
    pub(crate) redirect: Vec<u8>,
    pub(crate) warning: Option<DelayWarning>,
    /// Where to read on; nothing when all recipients were read.
    pub(crate) continuation: Option<Continuation>,
    /// Forget the troubles of its destinations (flush of this message).
    pub(crate) flush: bool,
    /// Use transports that are named in `defer_transports`, too.
    pub(crate) lift_defer_transports: bool,
    /// Return it to the sender, on the administrator's request.
    pub(crate) forced_expire: bool,
    /// Its one redirected recipient was seen.
    pub(crate) redirected: bool,
    /// Some recipient must be tried again.
    pub(crate) deferred: bool,
    /// Some recipient that must be tried again may not be in the defer log.
    pub(crate) unrecorded: bool,
    /// The file turned out to be damaged.
    pub(crate) damaged: bool,
    sizes: SizeRecord,
    /// Recipient records seen so far.
    seen: u64,
    encoding: Vec<u8>,
    envelope_id: Vec<u8>,
    ret: Ret,
    send_options: SendOptions,
    client: ClientOfMessage,
    log_ident: Vec<u8>,
    rewrite_context: Vec<u8>,
}

impl Message {
    /// Reads the file of a message in the active queue, with at most `limit` recipients. The file
    /// is returned locked, for as long as it is kept.
    pub(crate) fn load(
        layout: &Layout,
        id: &QueueId,
        limit: usize,
    ) -> Result<(Message, Vec<Recipient>, File), Unusable> {
        let file = match layout.open(Queue::Active, id) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Unusable::Gone),
            Err(error) => return Err(Unusable::Unreadable(error)),
        };
        if !lock::try_lock(&file, lock::Kind::Exclusive).map_err(Unusable::Unreadable)? {
            return Err(Unusable::Locked);
        }
        let mut envelope = Envelope::read(&mut Reader::new(&file), limit)?;
        let recipients = std::mem::take(&mut envelope.recipients);
        let message = Message::from_envelope(id, envelope, recipients.len())?;
        Ok((message, recipients, file))
    }

    fn from_envelope(id: &QueueId, envelope: Envelope, read: usize) -> Result<Message, Unusable> {
        let damaged = |what: &str| Unusable::Damaged(what.to_owned());
        if !envelope.complete {
            return Err(damaged("message has no end record"));
        }
        let sender = envelope
            .sender
            .ok_or_else(|| damaged("message has no sender record"))?;
        let (seconds, micros) = envelope
            .arrival
            .ok_or_else(|| damaged("message has no arrival time record"))?;
        if envelope.sizes.data_offset == 0 {
            return Err(damaged("message has no size record"));
        }
        let arrival = Duration::new(seconds, micros.min(999_999) * 1000);
        let client = envelope.client;
        Ok(Message {
            id: id.clone(),
            sender,
            created: envelope.create_time.unwrap_or(seconds),
            arrival: UNIX_EPOCH.checked_add(arrival).unwrap_or(UNIX_EPOCH),
            active_since: SystemTime::now(),
            trace_flags: DeliverFlags::from_bits_truncate(envelope.trace_flags),
            trace_flags_offset: envelope.trace_flags_offset,
            verp_delimiters: envelope.verp_delimiters,
            content_filter: envelope.content_filter,
            redirect: envelope.redirect,
            warning: envelope.warning,
            continuation: envelope.continuation,
            flush: false,
            lift_defer_transports: false,
            forced_expire: false,
            redirected: false,
            deferred: false,
            unrecorded: false,
            damaged: false,
            sizes: envelope.sizes,
            seen: envelope.finished_recipients.saturating_add(wide(read)),
            encoding: envelope.encoding,
            envelope_id: envelope.envelope_id,
            ret: envelope.ret,
            send_options: SendOptions::from_bits_truncate(envelope.sizes.send_options),
            client: ClientOfMessage {
                name: client.log_client_name,
                address: client.log_client_address,
                port: client.log_client_port,
                protocol: client.log_protocol_name,
                helo: client.log_helo_name,
                sasl_method: client.sasl_method,
                sasl_username: client.sasl_username,
                sasl_sender: client.sasl_sender,
            },
            log_ident: client.log_ident,
            rewrite_context: client.rewrite_context,
        })
    }

    /// Reads at most `limit` more recipients.
    pub(crate) fn read_on(
        &mut self,
        layout: &Layout,
        limit: usize,
    ) -> Result<Vec<Recipient>, Unusable> {
        let Some(from) = self.continuation.take() else {
            return Ok(Vec::new());
        };
        let file = match layout.open_to_read(Queue::Active, &self.id) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Unusable::Gone),
            Err(error) => {
                self.continuation = Some(from);
                return Err(Unusable::Unreadable(error));
            }
        };
        let portion = read_recipients(&mut Reader::new(&file), &self.sizes, from, limit)?;
        self.continuation = portion.continuation;
        let read = portion
            .finished
            .saturating_add(wide(portion.recipients.len()));
        self.seen = self.seen.saturating_add(read);
        Ok(portion.recipients)
    }

    /// At most how many recipients are still to be read; 0 only when the reading has ended.
    pub(crate) fn unread(&self) -> usize {
        if self.continuation.is_none() {
            return 0;
        }
        let unread = self.sizes.recipient_count.saturating_sub(self.seen).max(1);
        usize::try_from(unread).unwrap_or(usize::MAX)
    }

    /// The size of the content, for people.
    pub(crate) fn size(&self) -> u64 {
        self.sizes.content_length
    }

    /// A delivery report is to be sent when all recipients were tried.
    pub(crate) fn wants_report(&self) -> bool {
        let reported =
            DeliverFlags::USER_VERIFY | DeliverFlags::RECORD | DeliverFlags::RECORD_DELAYED;
        let flags = QmgrFlags::from_bits_truncate(self.sizes.queue_manager_flags);
        self.trace_flags.intersects(reported) || flags.contains(QmgrFlags::NOTIFY_SUCCESS)
    }

    /// A probe of the address verification service.
    pub(crate) fn is_probe(&self) -> bool {
        self.trace_flags.contains(DeliverFlags::MTA_VERIFY)
    }

    /// What a delivery agent is asked, but for the next hop, the recipients and the cache hints.
    pub(crate) fn request(&self) -> DeliveryRequest {
        DeliveryRequest {
            flags: self.trace_flags | DeliverFlags::ORDINARY,
            queue_name: Queue::Active.name().into(),
            queue_id: self.id.as_str().into(),
            data_offset: self.sizes.data_offset,
            data_size: self.sizes.content_length,
            encoding: self.encoding.clone(),
            sendopts: self.send_options,
            sender: self.sender.clone(),
            envelope_id: self.envelope_id.clone(),
            ret: self.ret,
            client: self.client.clone(),
            log_ident: self.log_ident.clone(),
            rewrite_context: self.rewrite_context.clone(),
            ..DeliveryRequest::default()
        }
    }

    /// What a notice is about.
    pub(crate) fn subject_of_notice(&self) -> bounce::Message {
        bounce::Message {
            queue_name: Queue::Active.name().into(),
            queue_id: self.id.as_str().into(),
            encoding: self.encoding.clone(),
            sendopts: self.send_options,
            sender: self.sender.clone(),
            envelope_id: self.envelope_id.clone(),
            ret: self.ret,
        }
    }
}

fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
