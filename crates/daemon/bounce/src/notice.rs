// SPDX-License-Identifier: MIT OR Apache-2.0
//! One notice: who is told what, in the form of RFC 3464.
//!
//! The parts are a text for people, the delivery report for programs, and the original message or
//! its headers. What is long is streamed: a notice about 100,000 recipients takes no more memory
//! than one about a single one.
//!
//! *Postfix:* bounce/bounce_notify_util(3).

use std::borrow::Cow;
use std::io;
use std::time::{SystemTime, UNIX_EPOCH};

use ipc::flags::{MailSource, SendOptions};
use ipc::record::RecordType;
use ipc::services::bounce::Message;
use mail::address::quote_822_local;
use mail::dsn::{Action, Notify, Ret};
use queue::bounce_log::{Entries, Entry};
use queue::{Queue, QueueId};
use runtime::event::bounce::{Notification, NotificationFailed};
use runtime::log;

use crate::letter::{Address, Letter, local_date};
use crate::original::{Extent, Original};
use crate::site::Site;
use crate::template::Kind;
use crate::wrap::wrap;

/// Where the statuses of recipients come from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Source<'a> {
    /// The log of a message.
    Log(Queue),
    /// One status.
    One(&'a Entry),
}

/// Who reads the notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reader {
    /// The sender of the message, as far as NOTIFY asks for it.
    Sender,
    /// The postmaster, about everything.
    Postmaster,
}

/// A notice that is about to be sent.
pub(crate) struct Notice<'a> {
    pub(crate) site: &'a Site,
    pub(crate) id: &'a QueueId,
    pub(crate) message: &'a Message,
    pub(crate) kind: Kind,
    pub(crate) source: Source<'a>,
    pub(crate) reader: Reader,
    /// Envelope recipient of the notice.
    pub(crate) recipient: &'a [u8],
    pub(crate) extent: Extent,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    /// It is in the queue.
    Yes,
    /// There is nothing to tell.
    Nothing,
    /// It could not be sent now.
    Failed,
}

/// Decides which content encoding and types the notice gets.
struct Form {
    /// `7bit`, `8bit` or empty.
    encoding: &'static str,
    charset: String,
    is_utf8: bool,
    boundary: String,
}

impl Notice<'_> {
    /// Sends the notice.
    pub(crate) fn send(&self, original: &mut Original) -> Sent {
        match self.has_something_to_tell() {
            Ok(true) => {}
            Ok(false) => return Sent::Nothing,
            Err(error) => return self.failed(&error.to_string()),
        }
        let source = match self.reader {
            Reader::Sender => MailSource::BOUNCE,
            Reader::Postmaster => MailSource::NOTIFY,
        };
        // What goes to a postmaster in the place of the sender must not come back either.
        let sender = match self.reader {
            Reader::Sender if !self.message.sender.is_empty() => Vec::new(),
            Reader::Sender | Reader::Postmaster => self.site.double_bounce_sender(),
        };
        let flags = self.site.cleanup_flags(source, self.message.sendopts);
        let address = Address {
            sender: &sender,
            recipient: self.recipient,
        };
        let mut letter = match Letter::begin(self.site, address, flags) {
            Ok(letter) => letter,
            Err(error) => return self.failed(&error),
        };
        log::info(Notification {
            queue_id: self.id.as_str(),
            what: self.what(),
            notice_id: letter.id(),
        });
        let written = self.write(&mut letter, original);
        match written
            .map_err(|error| error.to_string())
            .and_then(|()| letter.send())
        {
            Ok(()) => Sent::Yes,
            Err(error) => self.failed(&error),
        }
    }

    fn what(&self) -> &'static str {
        match (self.reader, self.kind) {
            (Reader::Sender, Kind::Failure) => "sender non-delivery notification",
            (Reader::Sender, Kind::Delay) => "sender delay notification",
            (Reader::Sender, Kind::Success | Kind::Verify) => "sender delivery status notification",
            (Reader::Postmaster, Kind::Delay) => "postmaster delay notification",
            (Reader::Postmaster, Kind::Failure | Kind::Success | Kind::Verify) => {
                "postmaster non-delivery notification"
            }
        }
    }

    fn failed(&self, reason: &str) -> Sent {
        let recipient = (self.reader == Reader::Sender).then_some(self.recipient);
        log::warning(NotificationFailed {
            queue_id: self.id.as_str(),
            recipient,
            reason,
        });
        Sent::Failed
    }

    /// Whether a status is for this reader.
    fn tells(&self, entry: &Entry) -> bool {
        let notify = entry.recipient.notify;
        self.reader == Reader::Postmaster
            || match self.kind {
                Kind::Failure => notify.is_empty() || notify.contains(Notify::FAILURE),
                Kind::Delay => notify.is_empty() || notify.contains(Notify::DELAY),
                Kind::Success | Kind::Verify => true,
            }
    }

    /// Gives every status that this notice is about to `each`. Whether the log could be found.
    fn for_each(&self, mut each: impl FnMut(&Entry) -> bool) -> io::Result<bool> {
        match self.source {
            Source::One(entry) => {
                if self.tells(entry) {
                    each(entry);
                }
                Ok(true)
            }
            Source::Log(queue) => {
                let Some(entries) = Entries::open(&self.site.layout, queue, self.id)? else {
                    return Ok(false);
                };
                entries.lock()?;
                for entry in entries {
                    let entry = entry?;
                    if self.tells(&entry) && !each(&entry) {
                        break;
                    }
                }
                Ok(true)
            }
        }
    }

    /// A notice without a log is sent: something happened, and nobody knows what.
    fn has_something_to_tell(&self) -> io::Result<bool> {
        let mut found = false;
        let available = self.for_each(|_| {
            found = true;
            false
        })?;
        Ok(found || !available)
    }

    fn form(&self) -> Form {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let declared: &[u8] = &self.message.encoding;
        let encoding = if self.site.params.smtputf8_enable || declared == b"8bit" {
            "8bit"
        } else if declared == b"7bit" {
            "7bit"
        } else {
            if !declared.is_empty() {
                let encoding = declared.get(..20).unwrap_or(declared);
                let encoding = String::from_utf8_lossy(encoding);
                log::warning(format_args!("{}: unknown encoding: {encoding}", self.id));
            }
            ""
        };
        let mut charset = self.site.templates.get(self.kind).charset;
        if charset.eq_ignore_ascii_case("us-ascii") && encoding == "8bit" {
            // What is appended to the text may hold UTF-8.
            charset = "utf-8".into();
        }
        Form {
            encoding,
            charset,
            is_utf8: self
                .message
                .sendopts
                .contains(SendOptions::SMTPUTF8_REQUESTED),
            boundary: format!(
                "{}.{}/{}",
                self.id,
                now.as_secs(),
                self.site.params.myhostname
            ),
        }
    }

    fn write(&self, letter: &mut Letter, original: &mut Original) -> io::Result<()> {
        let form = self.form();
        self.write_headers(letter, &form, original);
        self.write_text(letter, &form)?;
        self.write_report(letter, &form, original)?;
        self.write_original(letter, &form, original);
        letter.line("");
        letter.line(format!("--{}--", form.boundary));
        Ok(())
    }

    fn write_headers(&self, letter: &mut Letter, form: &Form, original: &mut Original) {
        let template = self.site.templates.get(self.kind);
        let (subject, automatic) = match self.reader {
            Reader::Sender => (&template.subject, "auto-replied"),
            Reader::Postmaster => (&template.postmaster_subject, "auto-generated"),
        };
        letter.line(format!("From: {}", template.from));
        letter.line(format!("Subject: {subject}"));
        letter.to(self.recipient);
        if self.site.params.enable_threaded_bounces
            && let Some(id) = original.message_id()
        {
            letter.line([b"References: ", id.as_slice()].concat());
            letter.line([b"In-Reply-To: ", id.as_slice()].concat());
        }
        if self
            .message
            .sendopts
            .contains(SendOptions::REQUIRETLS_HEADER)
        {
            letter.line("TLS-Required: no");
        }
        letter.line(format!("Auto-Submitted: {automatic}"));
        letter.line("MIME-Version: 1.0");
        letter.line("Content-Type: multipart/report; report-type=delivery-status;");
        letter.line(format!("\tboundary=\"{}\"", form.boundary));
        if !form.encoding.is_empty() {
            letter.line(format!("Content-Transfer-Encoding: {}", form.encoding));
        }
        letter.line("");
        letter.line("This is a MIME-encapsulated message.");
    }

    fn begin_part(letter: &mut Letter, form: &Form, description: &str, kind: &str, labeled: bool) {
        letter.line("");
        letter.line(format!("--{}", form.boundary));
        letter.line(format!("Content-Description: {description}"));
        letter.line(format!("Content-Type: {kind}"));
        if labeled && form.encoding == "8bit" {
            letter.line("Content-Transfer-Encoding: 8bit");
        }
        letter.line("");
    }

    fn write_text(&self, letter: &mut Letter, form: &Form) -> io::Result<()> {
        let kind = format!("text/plain; charset={}", form.charset);
        Self::begin_part(letter, form, "Notification", &kind, true);
        if self.reader == Reader::Sender {
            self.site
                .templates
                .get(self.kind)
                .text
                .lines()
                .for_each(|line| letter.line(line));
        }
        let available = self.for_each(|entry| {
            letter.line("");
            wrap(&for_people(entry))
                .iter()
                .for_each(|line| letter.line(line));
            letter.is_heard()
        })?;
        if !available {
            letter.line("");
            letter.line("\t--- Delivery report unavailable ---");
        }
        Ok(())
    }

    fn write_report(
        &self,
        letter: &mut Letter,
        form: &Form,
        original: &Original,
    ) -> io::Result<()> {
        let params = &self.site.params;
        let kind = if form.is_utf8 {
            "message/global-delivery-status"
        } else {
            "message/delivery-status"
        };
        Self::begin_part(letter, form, "Delivery report", kind, form.is_utf8);
        letter.line(format!("Reporting-MTA: dns; {}", params.myhostname));
        let envelope_id = &self.message.envelope_id;
        if !envelope_id.is_empty() {
            letter.line([b"Original-Envelope-Id: ", envelope_id.as_slice()].concat());
        }
        let own = self.own_prefix();
        letter.line(format!("{own}-Queue-ID: {}", self.id));
        if let Some(sender) = original.sender.as_deref() {
            let sender = self.visible(sender);
            let head = format!("{own}-Sender: {}; ", address_type(form, &sender));
            letter.line([head.as_bytes(), &quote_822_local(&sender)].concat());
        }
        if let Some(arrival) = original.arrival {
            letter.line(format!("Arrival-Date: {}", local_date(arrival)));
        }
        self.for_each(|entry| {
            self.write_recipient(letter, form, original, entry);
            letter.is_heard()
        })?;
        Ok(())
    }

    fn write_recipient(
        &self,
        letter: &mut Letter,
        form: &Form,
        original: &Original,
        entry: &Entry,
    ) {
        let (recipient, dsn) = (&entry.recipient, &entry.dsn);
        letter.line("");
        let kind = address_type(form, &recipient.address);
        let head = format!("Final-Recipient: {kind}; ");
        letter.line([head.as_bytes(), &quote_822_local(&recipient.address)].concat());
        if !recipient.dsn_orcpt.is_empty() {
            letter.line([b"Original-Recipient: ", recipient.dsn_orcpt.as_slice()].concat());
        } else if !recipient.original.is_empty() {
            let head = format!(
                "Original-Recipient: {}; ",
                address_type(form, &recipient.original)
            );
            letter.line([head.as_bytes(), &quote_822_local(&recipient.original)].concat());
        }
        let action = match self.kind {
            Kind::Failure => "failed",
            Kind::Delay => "delayed",
            Kind::Success | Kind::Verify => dsn.action.map_or("delivered", Action::as_str),
        };
        letter.line(format!("Action: {action}"));
        letter.line(format!("Status: {}", dsn.status));
        if !dsn.mta_type.is_empty() && !dsn.mta_name.is_empty() {
            let remote = [
                b"Remote-MTA: ",
                dsn.mta_type.as_slice(),
                b"; ",
                &dsn.mta_name,
            ];
            letter.line(remote.concat());
        }
        let own = self.own_prefix();
        let (kind, text) = if dsn.diag_type.is_empty() || dsn.diag_text.is_empty() {
            (own.as_bytes(), &dsn.reason)
        } else {
            (dsn.diag_type.as_slice(), &dsn.diag_text)
        };
        let diagnostic = [b"Diagnostic-Code: ", kind, b"; ", text].concat();
        wrap(&diagnostic).iter().for_each(|line| letter.line(line));
        if self.kind == Kind::Delay
            && let Some(arrival) = original.arrival
        {
            let until = arrival.saturating_add(self.site.params.maximal_queue_lifetime.as_secs());
            letter.line(format!("Will-Retry-Until: {}", local_date(until)));
        }
    }

    fn write_original(&self, letter: &mut Letter, form: &Form, original: &mut Original) {
        let extent = self.extent(original);
        let description = match (self.kind, extent) {
            (Kind::Success | Kind::Verify, _) => "Message Headers",
            (Kind::Failure | Kind::Delay, Extent::Full) => "Undelivered Message",
            (Kind::Failure | Kind::Delay, Extent::Headers) => "Undelivered Message Headers",
        };
        let kind = match (extent, form.is_utf8) {
            (Extent::Full, false) => "message/rfc822",
            (Extent::Full, true) => "message/global",
            (Extent::Headers, false) => "text/rfc822-headers",
            (Extent::Headers, true) => "message/global-headers",
        };
        Self::begin_part(letter, form, description, kind, true);
        if !original.is_available() {
            letter.line("\t--- Undelivered message unavailable ---");
            return;
        }
        let sender = self.visible(original.sender.as_deref().unwrap_or_default());
        let sender = quote_822_local(&sender);
        letter.line([b"Return-Path: <", sender.as_slice(), b">"].concat());
        let mut in_line = false;
        original.content(extent, |kind, data| {
            in_line = kind == RecordType::ContinuedText;
            letter.record(kind, data);
            letter.is_heard()
        });
        if in_line {
            letter.line("");
        }
    }

    /// What our own fields and types begin with.
    fn own_prefix(&self) -> String {
        format!("X-{}", self.site.params.mail_name.replace(' ', "-"))
    }

    /// The sender of a message as people see it: the null sender has a name, too.
    fn visible<'a>(&self, sender: &'a [u8]) -> Cow<'a, [u8]> {
        match sender {
            [] => Cow::Owned(format!("MAILER-DAEMON@{}", self.site.params.myorigin).into_bytes()),
            _ => Cow::Borrowed(sender),
        }
    }

    /// How much of the message is returned: less when it is big, when the sender wants less, and
    /// when it must not travel without protection.
    fn extent(&self, original: &Original) -> Extent {
        let limit = u64::try_from(self.site.params.bounce_size_limit).unwrap_or(0);
        let is_secret = self.site.params.requiretls_redact_dsn
            && self
                .message
                .sendopts
                .contains(SendOptions::REQUIRETLS_ESMTP);
        let wants_headers = self.reader == Reader::Sender && self.message.ret == Ret::HDRS;
        if wants_headers || is_secret || original.size > limit {
            Extent::Headers
        } else {
            self.extent
        }
    }
}

/// `<recipient> (expanded from <original>): reason`
fn for_people(entry: &Entry) -> Vec<u8> {
    let recipient = &entry.recipient;
    let address = quote_822_local(&recipient.address);
    let mut text = [b"<", address.as_slice(), b">"].concat();
    let original = &recipient.original;
    if !original.is_empty() && !original.eq_ignore_ascii_case(&recipient.address) {
        text.extend_from_slice(b" (expanded from <");
        text.extend_from_slice(&quote_822_local(original));
        text.extend_from_slice(b">)");
    }
    text.extend_from_slice(b": ");
    text.extend_from_slice(&entry.dsn.reason);
    text
}

fn address_type(form: &Form, address: &[u8]) -> &'static str {
    if form.is_utf8 && !address.is_ascii() {
        "utf-8"
    } else {
        "rfc822"
    }
}
