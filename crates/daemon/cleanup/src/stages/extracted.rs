// SPDX-License-Identifier: MIT OR Apache-2.0
//! The last segment: recipients and attributes that are known only after the content, the
//! automatic copies, the end record and the final numbers.
//!
//! *Postfix:* cleanup/cleanup_extracted(3), cleanup_final(3).

use ipc::flags::{CleanupFlags, CleanupStatus};
use ipc::record::RecordType;
use queue::file::SizeRecord;

use crate::message::{Processing, Stage};

impl Processing<'_> {
    /// Begins the segment.
    pub(crate) fn begin_extracted(&mut self) {
        self.message.content.ends_at = self.message.output.position();
        self.message.put(RecordType::ExtractedInformation, b"");
        self.message.stage = Stage::Extracted;
        self.message.recipient_in_segment = false;
        self.put_content_actions();
    }

    /// Takes a record of the extracted segment.
    pub(crate) fn take_extracted(&mut self, kind: RecordType, data: &[u8]) {
        match kind {
            RecordType::Recipient => self.add_recipient(data),
            RecordType::Attribute => {
                if self.take_attribute(data).is_some() {
                    self.pass(kind, data);
                }
            }
            RecordType::CONTENT_FILTER
            | RecordType::Redirect
            | RecordType::FullName
            | RecordType::Inspector
            | RecordType::Priority
            | RecordType::ReturnReceipt
            | RecordType::ErrorsTo
            | RecordType::Killed => self.pass(kind, data),
            RecordType::End => self.finish(),
            _ if self.take_common(kind, data) => {}
            _ => {
                let kind = kind.byte();
                self.message.reject_protocol(format_args!(
                    "unexpected record type {kind} in extracted envelope"
                ));
            }
        }
    }

    /// Writes what header and body checks asked for.
    fn put_content_actions(&mut self) {
        let filter = std::mem::take(&mut self.message.content_filter);
        if !filter.is_empty() {
            self.message.put(RecordType::CONTENT_FILTER, &filter);
        }
        let redirect = std::mem::take(&mut self.message.redirect);
        if !redirect.is_empty() {
            self.message.put(RecordType::Redirect, &redirect);
        }
    }

    /// Writes what the content turned out to be, once, before recipients.
    pub(crate) fn put_content_attributes(&mut self) {
        let message_id = std::mem::take(&mut self.message.content.message_id);
        if !message_id.is_empty() {
            self.message.put_attribute("message_id", &message_id);
        }
        let encoding = std::mem::take(&mut self.message.content.label);
        if !encoding.is_empty() {
            self.message.put_attribute("encoding", &encoding);
        }
    }

    fn finish(&mut self) {
        self.put_content_attributes();
        for copy in std::mem::take(&mut self.message.extra_copies) {
            self.add_copy(&copy);
        }
        let always = self.site.params.always_bcc.clone();
        if self.message.flags.contains(CleanupFlags::BCC_OK) && !always.is_empty() {
            self.add_copy(always.as_bytes());
        }
        self.message.stage = Stage::Finished;
        if !self.message.has_recipient && self.message.is_wanted() {
            self.message.status |= CleanupStatus::RCPT;
        }
        self.message.put(RecordType::End, b"");
        if !self.message.is_wanted() {
            return;
        }
        let content = &self.message.content;
        let length = content.ends_at.saturating_sub(content.begins_at);
        let sizes = SizeRecord {
            content_length: length,
            data_offset: content.begins_at,
            recipient_count: self.message.recipients,
            queue_manager_flags: self.message.queue_manager_flags,
            content_length_edited: length,
            send_options: self.message.send_options,
        };
        self.message.status |= self.message.output.put_sizes(&sizes);
    }
}
