// SPDX-License-Identifier: MIT OR Apache-2.0
//! The per-message logs of recipients: bounce, defer and trace.
//!
//! Plain text under the message's queue id; an entry is some `name=value` lines and ends with an
//! empty line. Old entries, `<address>: reason`, are still read.
//!
//! *Invariants:* [`append`] returns success only after the entry is on disk, under an exclusive
//! lock, and leaves no half entry behind when it fails. Readers are total; a line, an entry and a
//! file have bounds; unprintable bytes become `?`.
//!
//! *Postfix:* global/bounce_log(3), bounce/bounce_append_service(3).

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;

use bstr::ByteSlice;
use ipc::services::Recipient;
use mail::dsn::{Action, Dsn, Notify, Status};

use crate::id::QueueId;
use crate::layout::{Layout, Queue};

/// Longest line that is read; the rest of a longer line is dropped.
pub const LINE_LIMIT: usize = 64 * 1024;

/// What happened to one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Who.
    pub recipient: Recipient,
    /// What.
    pub dsn: Dsn,
}

/// Appends an entry to the log of a message, and syncs it.
///
/// `with_old_form` adds the line that readers of old logs understand
/// (`backwards_bounce_logfile_compatibility`).
pub fn append(
    layout: &Layout,
    log: Queue,
    id: &QueueId,
    entry: &Entry,
    with_old_form: bool,
) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600);
    options.custom_flags(crate::layout::SAFE_FLAGS);
    let path = layout.path(log, id);
    let mut file = match options.open(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && layout.depth(log) > 0 => {
            layout.create_directories(log, id)?;
            options.open(&path)?
        }
        result => result?,
    };
    sys::lock::lock(&file, sys::lock::Kind::Exclusive)?;
    let old_length = file.seek(SeekFrom::End(0))?;
    let written = file
        .write_all(&format_entry(entry, with_old_form))
        .and_then(|()| file.sync_all());
    if written.is_err() {
        let _ = file.set_len(old_length);
    }
    written
}

/// Removes a log. A log that does not exist is no error.
pub fn remove(layout: &Layout, log: Queue, id: &QueueId) -> io::Result<()> {
    match layout.remove(log, id) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

fn format_entry(entry: &Entry, with_old_form: bool) -> Vec<u8> {
    let Entry { recipient, dsn } = entry;
    let external = mail::address::quote_822_local(&recipient.address);
    let mut out = Vec::with_capacity(256);
    out.push(b'\n');
    if with_old_form {
        line(&mut out, &[b"<", &external, b">: ", &dsn.reason]);
    }
    let address: &[u8] = if external.is_empty() {
        b"<>"
    } else {
        &external
    };
    line(&mut out, &[b"recipient=", address]);
    let original = &recipient.original;
    if !original.is_empty() && !original.eq_ignore_ascii_case(&recipient.address) {
        line(
            &mut out,
            &[
                b"original_recipient=",
                &mail::address::quote_822_local(original),
            ],
        );
    }
    if recipient.offset > 0 {
        line(
            &mut out,
            &[b"offset=", recipient.offset.to_string().as_bytes()],
        );
    }
    if !recipient.dsn_orcpt.is_empty() {
        line(&mut out, &[b"dsn_orig_rcpt=", &recipient.dsn_orcpt]);
    }
    if !recipient.notify.is_empty() {
        let bits = recipient.notify.bits().to_string();
        line(&mut out, &[b"notify_flags=", bits.as_bytes()]);
    }
    line(&mut out, &[b"status=", dsn.status.to_string().as_bytes()]);
    if let Some(action) = dsn.action {
        line(&mut out, &[b"action=", action.as_str().as_bytes()]);
    }
    if !dsn.diag_type.is_empty() && !dsn.diag_text.is_empty() {
        line(&mut out, &[b"diag_type=", &dsn.diag_type]);
        line(&mut out, &[b"diag_text=", &dsn.diag_text]);
    }
    if !dsn.mta_type.is_empty() && !dsn.mta_name.is_empty() {
        line(&mut out, &[b"mta_type=", &dsn.mta_type]);
        line(&mut out, &[b"mta_mname=", &dsn.mta_name]);
    }
    line(&mut out, &[b"reason=", &dsn.reason]);
    out.push(b'\n');
    out
}

/// One line; line breaks inside would forge others.
fn line(out: &mut Vec<u8>, parts: &[&[u8]]) {
    for part in parts {
        out.extend(
            part.iter()
                .map(|b| if b.is_ascii_control() { b'?' } else { *b }),
        );
    }
    out.push(b'\n');
}

/// The entries of a log.
#[derive(Debug)]
pub struct Entries<R = BufReader<File>> {
    input: R,
    log: Queue,
}

impl Entries {
    /// Opens the log of a message, if there is one.
    pub fn open(layout: &Layout, log: Queue, id: &QueueId) -> io::Result<Option<Entries>> {
        match layout.open_to_read(log, id) {
            Ok(file) => Ok(Some(Entries::new(BufReader::new(file), log))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Locks the log while it is read (shared).
    pub fn lock(&self) -> io::Result<()> {
        sys::lock::lock(self.input.get_ref(), sys::lock::Kind::Shared)
    }
}

impl<R: BufRead> Entries<R> {
    /// Reads from an open log.
    pub fn new(input: R, log: Queue) -> Entries<R> {
        Entries { input, log }
    }

    /// The next entry. Entries without a recipient (lost, or empty) are reported for
    /// `(MAILER-DAEMON)`.
    pub fn next_entry(&mut self) -> io::Result<Option<Entry>> {
        let mut entry = empty_entry(self.log);
        let mut started = false;
        while let Some(line) = self.read_line()? {
            if line.is_empty() {
                if started {
                    break;
                }
                continue;
            }
            started = true;
            note_line(&mut entry, &line);
        }
        if !started {
            return Ok(None);
        }
        if entry.recipient.address.is_empty() {
            entry.recipient.address = b"(MAILER-DAEMON)".to_vec();
        }
        Ok(Some(entry))
    }

    fn read_line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        let limit = LINE_LIMIT as u64;
        if (&mut self.input).take(limit).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        if line.last() == Some(&b'\n') {
            line.pop();
        } else {
            self.input.skip_until(b'\n')?;
        }
        for byte in &mut line {
            if !matches!(*byte, b' '..=b'~' | 0x80..) {
                *byte = b'?';
            }
        }
        Ok(Some(line))
    }
}

impl<R: BufRead> Iterator for Entries<R> {
    type Item = io::Result<Entry>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_entry().transpose()
    }
}

fn empty_entry(log: Queue) -> Entry {
    let (status, action) = match log {
        Queue::Bounce => (Status::new(5, 0, 0), Action::Failed),
        _ => (Status::new(4, 0, 0), Action::Delayed),
    };
    let mut dsn = Dsn::simple(status, *b"(description unavailable)");
    dsn.action = Some(action);
    Entry {
        recipient: Recipient::default(),
        dsn,
    }
}

fn note_line(entry: &mut Entry, line: &[u8]) {
    let line = line.trim_ascii_end();
    if line.first() == Some(&b'<') {
        if let Some(end) = line.find(b">:") {
            let address = line.get(1..end).unwrap_or_default();
            entry.recipient.address = internal(address);
            entry.dsn.reason = line
                .get(end + 2..)
                .unwrap_or_default()
                .trim_ascii_start()
                .to_vec();
        }
        return;
    }
    let Some((name, value)) = crate::envelope::split_attribute(line) else {
        runtime::log::warning(format_args!(
            "bounce log: malformed record: {}",
            line.as_bstr()
        ));
        return;
    };
    let number = || {
        value
            .to_str()
            .ok()
            .and_then(|text| text.parse::<u64>().ok())
            .unwrap_or(0)
    };
    match name {
        b"recipient" => entry.recipient.address = internal(value),
        b"original_recipient" => entry.recipient.original = internal(value),
        b"dsn_orig_rcpt" => entry.recipient.dsn_orcpt = value.to_vec(),
        b"notify_flags" => {
            let bits = u32::try_from(number()).unwrap_or(0);
            entry.recipient.notify = Notify::from_bits_truncate(bits);
        }
        b"offset" => entry.recipient.offset = number(),
        b"status" => {
            if let Some(status) = Status::parse(value) {
                entry.dsn.status = status;
            }
        }
        b"action" => entry.dsn.action = Action::parse(value).or(entry.dsn.action),
        b"diag_type" => entry.dsn.diag_type = value.to_vec(),
        b"diag_text" => entry.dsn.diag_text = value.to_vec(),
        b"mta_type" => entry.dsn.mta_type = value.to_vec(),
        b"mta_mname" => entry.dsn.mta_name = value.to_vec(),
        b"reason" => entry.dsn.reason = value.to_vec(),
        _ => runtime::log::warning(format_args!(
            "bounce log: unknown attribute: {}",
            name.as_bstr()
        )),
    }
}

/// Back from the external form; `<>` is the empty address.
fn internal(external: &[u8]) -> Vec<u8> {
    if external == b"<>" {
        Vec::new()
    } else {
        mail::address::unquote_822_local(external)
    }
}

#[cfg(test)]
mod tests;
