// SPDX-License-Identifier: MIT OR Apache-2.0
//! One conversation with a client: announce an id, take the records, give the verdict.
//!
//! *Invariants:* status zero is sent only after the queue file was committed (or after the message
//! was bounced, or dropped as asked). When the client goes away before the end record, nothing is
//! left of the message.
//!
//! *Postfix:* cleanup/cleanup(8), cleanup_api(3).

use ipc::flags::{CleanupFlags, CleanupStatus};
use ipc::record::{RecordError, RecordReader, RecordType};
use ipc::services::cleanup::{self, Reply};
use queue::Queue;
use queue::file::{RECORD_DATA_LIMIT, Stamp};
use runtime::event::cleanup::{Canceled, Discarded};
use runtime::log;
use runtime::stream::Stream;

use crate::message::{Message, Processing, Stage};
use crate::output::Output;
use crate::site::Site;

/// Serves one client.
pub(crate) fn serve(site: &mut Site, stream: &mut Stream) {
    let writer = match site.maker.create(Queue::Incoming) {
        Ok(writer) => writer,
        Err(error) => {
            // The client sees a server that went away, and tries later.
            log::error(format_args!("cannot {error}"));
            return;
        }
    };
    let size_limit = Some(site.params.message_size_limit).filter(|limit| *limit > 0);
    let line_limit = usize::try_from(site.params.line_length_limit).unwrap_or(0);
    let output = Output::new(writer, line_limit, size_limit);
    if cleanup::announce(stream, output.id()).is_err() {
        return;
    }
    let flags = match cleanup::read_flags(stream) {
        Ok(flags) => flags,
        Err(error) => {
            log::verbose(format_args!("{}: no request: {error}", output.id()));
            return;
        }
    };
    let mut processing = Processing {
        message: Message::new(site, output, flags),
        site,
    };
    processing.begin();
    let complete = processing.take_all(stream);
    let reply = processing.settle(complete);
    if reply.write(stream).is_err() && complete {
        log::verbose("client went away before the verdict");
    }
}

impl Processing<'_> {
    /// Takes records until the end record. Whether that came.
    fn take_all(&mut self, stream: &mut Stream) -> bool {
        let mut records = RecordReader::new(stream);
        let mut data = Vec::new();
        loop {
            match records.next_into(RECORD_DATA_LIMIT, &mut data) {
                Ok(Some(RecordType::End)) => {
                    if self.message.is_wanted() {
                        self.take(RecordType::End, b"");
                    }
                    return true;
                }
                // After trouble, the rest is read and dropped, so that the client can finish.
                Ok(Some(kind)) => {
                    if self.message.is_wanted() {
                        self.take(kind, &data);
                    }
                }
                Ok(None) | Err(RecordError::Truncated | RecordError::Input(_)) => return false,
                Err(error) => {
                    self.message.reject_protocol(error);
                    return true;
                }
            }
        }
    }

    /// Ends the message one way or the other.
    fn settle(mut self, complete: bool) -> Reply {
        if !complete {
            self.message.status |= CleanupStatus::BAD;
        }
        let reason = std::mem::take(&mut self.message.reason);
        self.message.reason.clone_from(&reason);
        if !self.message.status.is_empty() {
            return self.refuse(complete, reason);
        }
        if self.message.flags.contains(CleanupFlags::DISCARD) {
            self.forget_trace();
            log::info(Discarded {
                queue_id: self.message.id(),
            });
            return Reply {
                status: CleanupStatus::empty(),
                reason,
            };
        }
        if self.message.stage != Stage::Finished {
            self.message.reject_protocol("message has no end");
            return self.refuse(complete, reason);
        }
        let held = self.message.flags.contains(CleanupFlags::HOLD);
        if held {
            self.message.status |= self.message.output.hold();
            if !self.message.status.is_empty() {
                return self.refuse(complete, reason);
            }
        }
        let id = self.message.output.queue_id().clone();
        match self.message.output.commit(Stamp::Now) {
            Ok(_) => {
                if !held {
                    wake_queue_manager(self.site);
                }
                Reply {
                    status: CleanupStatus::empty(),
                    reason,
                }
            }
            Err(status) => {
                if self.message.trace_written {
                    let layout = &self.site.maker.layout;
                    let _ = queue::bounce_log::remove(layout, Queue::Trace, &id);
                }
                Reply { status, reason }
            }
        }
    }

    /// The message is not accepted; unless cleanup is to bounce it itself, and can.
    fn refuse(mut self, complete: bool, reason: Vec<u8>) -> Reply {
        let status = self.message.status;
        let returnable = complete
            && self.message.flags.contains(CleanupFlags::BOUNCE)
            && !status.intersects(CleanupStatus::CANT_BOUNCE);
        if returnable {
            if self.bounce() {
                return Reply {
                    status: CleanupStatus::empty(),
                    reason,
                };
            }
            let id = self.message.output.queue_id();
            let _ = queue::bounce_log::remove(&self.site.maker.layout, Queue::Bounce, id);
            log::warning(format_args!(
                "{id}: cannot return the message now -- try again later"
            ));
            self.message.status = CleanupStatus::DEFER;
        }
        self.forget_trace();
        log::info(Canceled {
            queue_id: self.message.id(),
        });
        Reply {
            status: self.message.status,
            reason,
        }
    }

    /// Nobody is told that an alias of a message was expanded that does not exist.
    fn forget_trace(&self) {
        if self.message.trace_written {
            let id = self.message.output.queue_id();
            if let Err(error) = queue::bounce_log::remove(&self.site.maker.layout, Queue::Trace, id)
            {
                log::warning(format_args!("{id}: remove trace log: {error}"));
            }
        }
    }
}

/// Tells qmgr that there is mail. When that fails, qmgr finds it at its next scan.
fn wake_queue_manager(site: &Site) {
    let endpoint = &site.services.queue_manager;
    if let Err(error) = ipc::trigger::send(endpoint, b"W", site.params.trigger_timeout) {
        log::verbose(format_args!("trigger {}: {error}", endpoint.name()));
    }
}
