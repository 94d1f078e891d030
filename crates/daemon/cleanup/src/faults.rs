// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a strict site refuses in the structure of a message.
//!
//! *Postfix:* the strict_mime parameters, and mime_state_detail(3).

use ipc::flags::{CleanupFlags, CleanupStatus};
use mail::mime::walker::Fault;
use runtime::event::cleanup::MimeError;
use runtime::log;

use crate::message::Processing;

/// The faults that are refused, each once.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

/// The words for a fault; those of the first one here are the reason of the refusal.
const WORDS: [(Fault, &str); 4] = [
    (Fault::Nesting, "MIME nesting exceeds safety limit"),
    (
        Fault::EightBitHeader,
        "improper use of 8-bit data in message header",
    ),
    (
        Fault::EightBitBody,
        "improper use of 8-bit data in message body",
    ),
    (
        Fault::EncodedStructure,
        "invalid message/* or multipart/* encoding domain",
    ),
];

impl Processing<'_> {
    /// Logs a fault that is refused here, the first time it is seen.
    pub(crate) fn note_fault(&mut self, fault: Fault, text: &[u8]) {
        if self.message.content.faults.0.contains(&fault) || !self.refuses(fault) {
            return;
        }
        self.message.content.faults.0.push(fault);
        let words = WORDS.iter().find(|(known, _)| *known == fault);
        let origin = &self.message.origin.log_message_origin;
        let nobody: &[u8] = b"unknown";
        log::info(MimeError {
            queue_id: self.message.id(),
            what: words.map_or("", |(_, words)| words),
            text,
            origin: if origin.is_empty() { b"local" } else { origin },
            sender: self.message.sender.as_deref().unwrap_or_default(),
            recipient: if self.message.last_recipient.is_empty() {
                nobody
            } else {
                &self.message.last_recipient
            },
        });
    }

    fn refuses(&self, fault: Fault) -> bool {
        let params = &self.site.params;
        let tables = &self.site.tables;
        let strict = params.strict_8bitmime;
        if params.disable_mime_input_processing {
            return false;
        }
        let filters = self.message.flags.contains(CleanupFlags::FILTER);
        filters
            && match fault {
                Fault::EightBitHeader => strict || params.strict_7bit_headers,
                Fault::EightBitBody => strict || params.strict_8bitmime_body,
                Fault::EncodedStructure => params.strict_mime_encoding_domain,
                Fault::Nesting => {
                    strict
                        || params.strict_7bit_headers
                        || params.strict_8bitmime_body
                        || params.strict_mime_encoding_domain
                        || !tables.header_checks.is_empty()
                        || !tables.mime_header_checks.is_empty()
                        || !tables.nested_header_checks.is_empty()
                }
                // It was cut off.
                Fault::LongHeader => false,
            }
    }

    /// At the end of the content, one refusal for all faults.
    pub(crate) fn refuse_faults(&mut self) {
        let faults = &self.message.content.faults.0;
        let Some((_, words)) = WORDS.iter().find(|(fault, _)| faults.contains(fault)) else {
            return;
        };
        self.message.status |= CleanupStatus::CONT;
        if self.message.reason.is_empty() {
            self.message.reason = format!("5.6.0 {words}").into_bytes();
        }
    }
}
