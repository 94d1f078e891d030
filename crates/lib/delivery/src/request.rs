// SPDX-License-Identifier: MIT OR Apache-2.0
//! The conversation of a delivery agent with the queue manager, and the message it is about.
//!
//! *Invariants*: the queue file is locked (shared) for as long as the request is worked on, so
//! that the queue manager knows when a delivery is still running. A request whose sender is gone
//! when the lock is there is not carried out. A reply is sent only after everything is recorded.
//!
//! *Errors*: a request that cannot be read, or whose file is gone, gets no reply: the queue
//! manager keeps the message. A file that is there and cannot be opened or locked is fatal.
//!
//! *Postfix:* deliver_request(3), deliver_completed(3).

use std::fs::File;
use std::io;
use std::time::SystemTime;

use bstr::ByteSlice;
use ipc::flags::DeliverFlags;
use ipc::services::bounce;
use ipc::services::delivery::{self, DeliveryRequest, Reply};
use mail::dsn::Dsn;
use queue::{Layout, Queue, QueueId};
use runtime::log;
use runtime::stream::Stream;
use sys::lock::{Kind, try_lock};

use crate::content::Content;
use crate::status::Verdict;
use crate::trouble::error_text;

/// The offset of a recipient that is not to be marked as done by whoever gets it (-1 in the
/// original's signed numbers).
pub const NO_RECORD: u64 = u64::MAX;

/// The message under delivery.
#[derive(Debug)]
pub struct Message {
    /// What the queue manager asks.
    pub request: DeliveryRequest,
    queue_id: String,
    file: File,
}

impl Message {
    /// A message whose queue file is open (and locked).
    #[must_use]
    pub fn new(request: DeliveryRequest, file: File) -> Message {
        let queue_id = request.queue_id.to_str_lossy().into_owned();
        Message {
            request,
            queue_id,
            file,
        }
    }

    /// The queue id.
    #[must_use]
    pub fn queue_id(&self) -> &str {
        &self.queue_id
    }

    /// How to deliver.
    #[must_use]
    pub fn flags(&self) -> DeliverFlags {
        self.request.flags
    }

    /// Whether this is only a question (`sendmail -bv`, address verification): nothing is to be
    /// delivered then.
    #[must_use]
    pub fn is_probe(&self) -> bool {
        self.flags()
            .intersects(DeliverFlags::MTA_VERIFY | DeliverFlags::USER_VERIFY)
    }

    /// The queue file.
    #[must_use]
    pub fn file(&self) -> &File {
        &self.file
    }

    /// The content, from its beginning; may be read as often as needed.
    #[must_use]
    pub fn content(&self) -> Content<'_> {
        Content::new(&self.file, self.request.data_offset)
    }

    /// Marks the recipient whose record is at `offset` as done, so that nobody tries it again.
    /// Call it only when the outcome is recorded. Offset zero is no record, nor is
    /// [`NO_RECORD`].
    pub fn mark_done(&self, offset: u64) {
        if offset == 0 || offset == NO_RECORD {
            return;
        }
        match queue::edit::mark_done(&self.file, offset) {
            Ok(_) => {}
            // Never happens on a disk that works; the recipient would get the message twice.
            Err(error) => log::fatal(format_args!(
                "update queue file {}: {}",
                self.queue_id,
                error_text(&error)
            )),
        }
    }

    /// What a notice about this message says about it, addressed to `sender`.
    #[must_use]
    pub fn notice(&self, sender: &[u8]) -> bounce::Message {
        bounce::Message {
            queue_name: self.request.queue_name.clone(),
            queue_id: self.request.queue_id.clone(),
            encoding: self.request.encoding.clone(),
            sendopts: self.request.sendopts,
            sender: sender.to_vec(),
            envelope_id: self.request.envelope_id.clone(),
            ret: self.request.ret,
        }
    }
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Whether all recipients are finished.
    pub verdict: Verdict,
    /// Why the whole destination cannot be reached now; the queue manager then pauses it.
    pub unreachable: Option<Dsn>,
}

impl From<Verdict> for Answer {
    fn from(verdict: Verdict) -> Answer {
        Answer {
            verdict,
            unreachable: None,
        }
    }
}

/// Serves one client: announces the protocol, reads the request, opens the file, lets `deliver`
/// do the work, and replies.
pub fn serve(stream: &mut Stream, layout: &Layout, deliver: impl FnOnce(&Message) -> Answer) {
    let Some(message) = receive(stream, layout) else {
        return;
    };
    let answer = deliver(&message);
    let reply = Reply {
        finished: answer.verdict == Verdict::Done,
        unreachable: answer.unreachable,
    };
    if let Err(error) = reply.write(stream) {
        let id = message.queue_id();
        log::warning(format_args!(
            "{id}: cannot reply to queue manager: {}",
            error_text(&error)
        ));
        return;
    }
    // Everything is on record: the queue manager may take the file back as soon as it has read
    // the reply, so the lock must not outlive it.
    drop(message);
    wait_for_close(stream);
}

fn receive(stream: &mut Stream, layout: &Layout) -> Option<Message> {
    if let Err(error) = delivery::announce(stream) {
        log::verbose(format_args!("announce: {}", error_text(&error)));
        return None;
    }
    let mut request = match DeliveryRequest::read(stream) {
        Ok(request) => request,
        Err(error) => {
            // A client that connects and leaves only asked whether somebody is here.
            if !matches!(error, ipc::attr::AttrError::Gone) {
                log::warning(format_args!("delivery request: {error}"));
            }
            return None;
        }
    };
    request.stats.agent_handoff = Some(SystemTime::now());
    let name = request.queue_name.as_bstr();
    let id = request.queue_id.as_bstr();
    let (Some(queue), Some(queue_id)) = (
        Queue::parse(&request.queue_name),
        QueueId::parse(&request.queue_id),
    ) else {
        log::warning(format_args!(
            "delivery request: bad queue file name: {name}/{id}"
        ));
        return None;
    };
    let file = match layout.open(queue, &queue_id) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            log::warning(format_args!("open {name} {id}: {}", error_text(&error)));
            return None;
        }
        Err(error) => log::fatal(format_args!("open {name} {id}: {}", error_text(&error))),
    };
    match try_lock(&file, Kind::Shared) {
        Ok(true) => {}
        Ok(false) => log::fatal(format_args!(
            "shared lock {id}: Resource temporarily unavailable"
        )),
        Err(error) => log::fatal(format_args!("shared lock {id}: {}", error_text(&error))),
    }
    // A request may have waited while its queue manager ended: the next one has its own ideas about
    // this message, and learns from the lock only from now on that it is being delivered.
    if stream.is_closed_by_peer() {
        log::verbose(format_args!("{id}: the queue manager is gone"));
        return None;
    }
    Some(Message::new(request, file))
}

fn wait_for_close(stream: &mut Stream) {
    // Whatever comes here is not a second request: one connection carries one.
    let _ = stream.fill();
}
