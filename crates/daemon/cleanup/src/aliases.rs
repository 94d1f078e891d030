// SPDX-License-Identifier: MIT OR Apache-2.0
//! Recipients into the queue file: virtual alias expansion, duplicates, automatic copies.
//!
//! *Invariants:* an expansion has at most `virtual_alias_expansion_limit` results, each found in at
//! most `virtual_alias_recursion_limit` steps; beyond that the message is refused for now.
//!
//! A recipient that becomes another one keeps ORCPT, and NOTIFY without SUCCESS: the sender is told
//! "expanded" through the trace log (RFC 3461 section 5.2.7.3, choice b).
//!
//! *Postfix:* cleanup/cleanup_out_recipient(3), cleanup_map1n(3), cleanup_addr(3).

use bstr::ByteSlice;
use ipc::flags::{BounceFlags, CleanupFlags, CleanupStatus};
use ipc::record::RecordType;
use ipc::services::{Recipient, bounce};
use mail::dsn::{Action, Dsn, Notify, Status};
use runtime::log;

use crate::message::{Pending, Processing, Stage};
use crate::rewrite::Select;
use crate::site::{Place, Propagate};

/// What a client is told when aliases cannot be expanded.
const EXPANSION_ERROR: &str = "4.6.0 Alias expansion error";

const VIRTUAL: Select = |tables| &mut tables.virtual_alias;

impl Processing<'_> {
    /// Takes in one recipient that the client named, with the records that came before it.
    pub(crate) fn add_recipient(&mut self, given: &[u8]) {
        let pending = std::mem::take(&mut self.message.pending);
        let fallback;
        let address = if given.is_empty() {
            fallback = self
                .site
                .params
                .empty_address_recipient
                .clone()
                .into_bytes();
            &fallback
        } else {
            given
        };
        let Some(address) = self.finish_envelope_address(address, Place::ENVELOPE_RECIPIENT) else {
            return;
        };
        let original = if pending.original.is_empty() {
            given.to_vec()
        } else {
            pending.original
        };
        let dsn_orcpt = if pending.dsn_orcpt.is_empty() {
            self.default_orcpt(&address)
        } else {
            pending.dsn_orcpt
        };
        self.message.last_recipient.clone_from(&address);
        self.message.has_recipient = true;
        self.message.queue_manager_flags |= pending.notify.bits() << 1;
        self.note_utf8_address(&address);
        let pending = Pending {
            original,
            dsn_orcpt,
            notify: pending.notify,
        };
        self.queue_recipient(&pending, &address);
        self.copy_for_recipient(&address);
    }

    /// Takes in an automatic copy: nobody is told what becomes of it.
    pub(crate) fn add_copy(&mut self, given: &[u8]) {
        let Some(address) = self.finish_envelope_address(given, Place::ENVELOPE_RECIPIENT) else {
            return;
        };
        let pending = Pending {
            original: given.to_vec(),
            dsn_orcpt: Vec::new(),
            notify: Notify::NEVER,
        };
        self.queue_recipient(&pending, &address);
    }

    fn copy_for_recipient(&mut self, address: &[u8]) {
        if self.message.flags.contains(CleanupFlags::BCC_OK) {
            self.copy_from_table(|tables| &mut tables.recipient_bcc, address);
        }
    }

    /// Adds the copies that a table has for an address.
    pub(crate) fn copy_from_table(&mut self, select: Select, address: &[u8]) {
        match self.site.look_up(select, address, false) {
            Ok(Some(copies)) => copies.iter().for_each(|copy| self.add_copy(copy)),
            Ok(None) => {}
            Err(error) => self.map_trouble(select, address, &error),
        }
    }

    fn default_orcpt(&self, address: &[u8]) -> Vec<u8> {
        let wants_utf8 = self
            .message
            .flags
            .intersects(CleanupFlags::SMTPUTF8 | CleanupFlags::AUTOUTF8);
        let kind: &[u8] = if wants_utf8 && !address.is_ascii() {
            b"utf-8;"
        } else {
            b"rfc822;"
        };
        [kind, address].concat()
    }

    /// Expands a recipient and writes what is new.
    fn queue_recipient(&mut self, pending: &Pending, address: &[u8]) {
        if !self.message.is_wanted() {
            return;
        }
        let expands = self.message.flags.contains(CleanupFlags::MAP_OK)
            && !self.site.tables.virtual_alias.is_empty();
        if !expands {
            self.put_recipient(pending, address);
            return;
        }
        let Some(expansion) = self.expand(address) else {
            return;
        };
        let changed = expansion.len() != 1 || expansion.first().is_none_or(|only| only != address);
        let mut pending = pending.clone();
        if changed && pending.notify.contains(Notify::SUCCESS) {
            self.tell_expanded(&pending, address);
            pending.notify.remove(Notify::SUCCESS);
            if pending.notify.is_empty() {
                pending.notify = Notify::NEVER;
            }
        }
        for address in &expansion {
            self.put_recipient(&pending, address);
        }
    }

    fn put_recipient(&mut self, pending: &Pending, address: &[u8]) {
        let notify = pending.notify.bits().to_string();
        let known = if self.site.params.enable_original_recipient {
            let parts = [
                pending.dsn_orcpt.as_slice(),
                notify.as_bytes(),
                &pending.original,
                address,
            ];
            self.message.duplicates.note(&parts)
        } else {
            self.message.duplicates.note(&[address])
        };
        if known {
            return;
        }
        self.before_recipient();
        if !pending.notify.is_empty() {
            self.message.put_attribute("notify_flags", &notify);
        }
        if !pending.dsn_orcpt.is_empty() {
            self.message
                .put_attribute("dsn_orig_rcpt", &pending.dsn_orcpt);
        }
        self.message
            .put(RecordType::OriginalRecipient, &pending.original);
        self.message.put(RecordType::Recipient, address);
        self.message.recipients += 1;
        self.message.recipient_in_segment = true;
    }

    /// What belongs before the first recipient of a segment, so that qmgr need not look further.
    fn before_recipient(&mut self) {
        match self.message.stage {
            Stage::Envelope => self.put_delay_warning(),
            Stage::Extracted => self.put_content_attributes(),
            Stage::Content | Stage::Finished => {}
        }
    }

    /// All addresses that an address stands for; nothing after trouble.
    fn expand(&mut self, address: &[u8]) -> Option<Vec<Vec<u8>>> {
        let params = &self.site.params;
        let expansion_limit = usize::try_from(params.virtual_alias_expansion_limit).unwrap_or(0);
        let recursion_limit = usize::try_from(params.virtual_alias_recursion_limit).unwrap_or(0);
        let length_limit = usize::try_from(params.virtual_alias_address_length_limit).unwrap_or(0);
        let propagate = self.site.propagate.contains(Propagate::VIRTUAL);
        let mut expansion = vec![address.to_vec()];
        let mut next = 0;
        while let Some(mut current) = expansion.get(next).cloned() {
            if expansion.len() > expansion_limit {
                return self.unreasonable("map expansion size", address);
            }
            let mut steps = 0;
            loop {
                if steps >= recursion_limit {
                    return self.unreasonable("map nesting", address);
                }
                steps += 1;
                if current.len() > length_limit && steps > 1 {
                    return self.unreasonable("map result length", address);
                }
                let found = match self.site.look_up(VIRTUAL, &current, propagate) {
                    Ok(found) => found.unwrap_or_default(),
                    Err(error) => {
                        self.map_trouble(VIRTUAL, &current, &error);
                        self.message.trouble(CleanupStatus::WRITE, EXPANSION_ERROR);
                        return None;
                    }
                };
                let mut found = found.into_iter();
                let Some(first) = found.next() else { break };
                if expansion.len() + found.len() > expansion_limit {
                    return self.unreasonable("map expansion size", address);
                }
                expansion.extend(found);
                if first == current {
                    break;
                }
                current = first;
            }
            if let Some(place) = expansion.get_mut(next) {
                *place = current;
            }
            next += 1;
        }
        Some(expansion)
    }

    fn unreasonable(&mut self, what: &str, address: &[u8]) -> Option<Vec<Vec<u8>>> {
        log::warning(format_args!(
            "{}: unreasonable virtual_alias_maps {what} for {} -- message not accepted, try \
             again later",
            self.message.id(),
            address.as_bstr()
        ));
        self.message.trouble(CleanupStatus::DEFER, EXPANSION_ERROR);
        None
    }

    fn tell_expanded(&mut self, pending: &Pending, address: &[u8]) {
        let mut dsn = Dsn::simple(Status::new(2, 0, 0), "alias expanded");
        dsn.action = Some(Action::Expanded);
        let recipient = Recipient {
            original: pending.original.clone(),
            address: address.to_vec(),
            offset: 0,
            dsn_orcpt: pending.dsn_orcpt.clone(),
            notify: pending.notify,
        };
        let request = bounce::Request::Append {
            flags: BounceFlags::CLEAN,
            queue_id: self.message.id().as_bytes().to_vec(),
            recipient,
            dsn,
        };
        self.message.trace_written = true;
        match request.ask(&self.site.services.trace, self.site.params.ipc_timeout) {
            Ok(0) => {}
            Ok(_) | Err(_) => {
                log::warning(format_args!(
                    "{}: trace logfile update error",
                    self.message.id()
                ));
                self.message.status |= CleanupStatus::WRITE;
            }
        }
    }
}
