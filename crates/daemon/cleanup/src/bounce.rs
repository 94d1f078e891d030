// SPDX-License-Identifier: MIT OR Apache-2.0
//! Returns a message that cleanup itself cannot accept, where the client asked for that.
//!
//! pickup(8) has nobody to tell: cleanup logs every recipient as bounced and has a notice sent.
//!
//! *Errors:* when the bounce service does not take over, the message is refused for now and stays
//! where it is.
//!
//! *Postfix:* cleanup/cleanup_bounce(3).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ipc::flags::{BounceFlags, CleanupStatus, SendOptions};
use ipc::services::{Recipient, bounce};
use mail::dsn::{Dsn, split_status_text};
use queue::envelope::Continuation;
use queue::file::{Reader, SizeRecord};
use runtime::event::{Delays, Delivery};
use runtime::log;

use crate::message::Processing;

/// Recipients in memory at a time.
const PORTION: usize = 1000;

impl Processing<'_> {
    /// Bounces all recipients that were written. Whether that succeeded.
    pub(crate) fn bounce(&mut self) -> bool {
        let dsn = self.bounce_reason();
        if self.site.params.soft_bounce {
            return false;
        }
        if self.message.recipients == 0 {
            return self.send_notice();
        }
        let Some(mut reader) = self.message.output.reader() else {
            return false;
        };
        self.bounce_recipients(&mut reader, &dsn) && self.send_notice()
    }

    fn bounce_reason(&self) -> Dsn {
        let detail = self.message.status.detail();
        match split_status_text(&self.message.reason) {
            Some((status, text)) if self.message.status.intersects(CleanupStatus::CONT) => {
                Dsn::simple(status, text)
            }
            Some(_) | None => Dsn::simple(detail.dsn, detail.text),
        }
    }

    /// Logs every recipient record of the file; what follows a damaged record was never written.
    fn bounce_recipients(&mut self, reader: &mut Reader, dsn: &Dsn) -> bool {
        let sizes = SizeRecord {
            data_offset: self.message.content.begins_at,
            content_length: self
                .message
                .content
                .ends_at
                .saturating_sub(self.message.content.begins_at),
            ..SizeRecord::default()
        };
        // The content is behind the envelope; recipients of a cut-off file are all before it.
        let mut from = Some(Continuation(0));
        while let Some(position) = from {
            let portion = queue::envelope::read_recipients(reader, &sizes, position, PORTION);
            let Ok(portion) = portion else { break };
            if !portion
                .recipients
                .iter()
                .all(|recipient| self.bounce_one(recipient, dsn))
            {
                return false;
            }
            from = portion.continuation;
        }
        true
    }

    fn bounce_one(&self, recipient: &Recipient, dsn: &Dsn) -> bool {
        let request = bounce::Request::Append {
            flags: BounceFlags::CLEAN,
            queue_id: self.message.id().as_bytes().to_vec(),
            recipient: recipient.clone(),
            dsn: dsn.clone(),
        };
        let asked = request.ask(&self.site.services.bounce, self.site.params.ipc_timeout);
        if !matches!(asked, Ok(0)) {
            return false;
        }
        log::info(Delivery {
            queue_id: self.message.id(),
            recipient: &recipient.address,
            original_recipient: &recipient.original,
            relay: "none",
            uses: 1,
            delays: self.delays(),
            tls: "",
            dsn: &dsn.status,
            status: "bounced",
            text: &dsn.reason,
        });
        true
    }

    fn delays(&self) -> Delays {
        let (seconds, microseconds) = self.message.arrival.unwrap_or_default();
        let arrival =
            UNIX_EPOCH + Duration::from_secs(seconds) + Duration::from_micros(microseconds.into());
        let total = SystemTime::now()
            .duration_since(arrival)
            .unwrap_or_default();
        let resolution = u32::try_from(self.site.params.delay_logging_resolution_limit);
        let none = Duration::ZERO;
        Delays {
            total,
            parts: [total, none, none, none],
            resolution: resolution.unwrap_or(2),
        }
    }

    fn send_notice(&self) -> bool {
        let request = bounce::Request::Flush {
            flags: BounceFlags::CLEAN,
            message: bounce::Message {
                queue_name: self.message.output.queue().name().as_bytes().to_vec(),
                queue_id: self.message.id().as_bytes().to_vec(),
                encoding: self.message.encoding.clone(),
                sendopts: SendOptions::from_bits_truncate(self.message.send_options),
                sender: self.message.sender.clone().unwrap_or_default(),
                envelope_id: self.message.envelope_id.clone(),
                ret: self.message.ret,
            },
        };
        let asked = request.ask(&self.site.services.bounce, self.site.params.ipc_timeout);
        matches!(asked, Ok(0))
    }
}
