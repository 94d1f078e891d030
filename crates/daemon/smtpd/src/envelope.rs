// SPDX-License-Identifier: MIT OR Apache-2.0
//! The envelope as smtpd writes it: who sends, from where, to whom.
//!
//! The order of records is that of queue files (see the file format in the manual of postcat).
//!
//! *Postfix:* mail_open_stream and rcpt_cmd of smtpd(8).

use std::time::{SystemTime, UNIX_EPOCH};

use ipc::record::RecordType;
use mail::dsn::{Notify, OriginalRecipient};

use crate::login::Login;
use crate::peer::{Peer, UNKNOWN};
use crate::submission::Submission;
use crate::transaction::Sender;

/// Who the log should name as the origin: the client, or what XFORWARD said.
pub(crate) struct LoggedOrigin<'a> {
    pub(crate) ident: &'a str,
    pub(crate) name: &'a str,
    pub(crate) address: &'a str,
    pub(crate) port: &'a str,
    pub(crate) helo: Option<&'a str>,
    pub(crate) protocol: &'a str,
    /// `local` or `remote`, or a domain.
    pub(crate) rewrite_context: &'a str,
}

/// What the head of an envelope says.
pub(crate) struct Head<'a> {
    pub(crate) arrival: SystemTime,
    pub(crate) content_filter: &'a str,
    pub(crate) sender: &'a Sender,
    pub(crate) logged: LoggedOrigin<'a>,
    pub(crate) peer: &'a Peer,
    pub(crate) helo: Option<&'a str>,
    pub(crate) protocol: &'a str,
    pub(crate) login: Option<&'a Login>,
}

impl Head<'_> {
    /// Writes it for cleanup.
    pub(crate) fn write(&self, out: &mut Submission) {
        let since = self.arrival.duration_since(UNIX_EPOCH).unwrap_or_default();
        let time = format!("{} {}", since.as_secs(), since.subsec_micros());
        out.record(RecordType::ArrivalTime, time.as_bytes());
        if !self.content_filter.is_empty() {
            out.record(RecordType::CONTENT_FILTER, self.content_filter.as_bytes());
        }
        out.attribute("log_ident", self.logged.ident);
        out.attribute("rewrite_context", self.logged.rewrite_context);
        self.write_login(out);
        self.write_dsn(out);
        self.write_sender(out);
        self.write_logged(out);
        self.write_client(out);
        if let Some(delimiters) = &self.sender.verp_delimiters {
            out.record(RecordType::VerpDelimiters, delimiters);
        }
    }

    /// Writes what postdrop accepts from a person.
    pub(crate) fn write_submitted(&self, out: &mut Submission) {
        self.write_dsn(out);
        self.write_sender(out);
        if let Some(delimiters) = &self.sender.verp_delimiters {
            out.record(RecordType::VerpDelimiters, delimiters);
        }
    }

    fn write_login(&self, out: &mut Submission) {
        if let Some(login) = self.login {
            out.attribute("sasl_method", &login.method);
            out.attribute("sasl_username", &login.user);
        }
        if let Some(sender) = &self.sender.vouched_by {
            out.attribute("sasl_sender", sender);
        }
    }

    fn write_dsn(&self, out: &mut Submission) {
        if let Some(id) = &self.sender.envelope_id {
            out.attribute("envelope_id", id);
        }
        if !self.sender.ret.is_empty() {
            out.attribute("ret_flags", self.sender.ret.bits().to_string());
        }
    }

    fn write_sender(&self, out: &mut Submission) {
        out.record(RecordType::Sender, &self.sender.address);
        if let Some(encoding) = self.sender.encoding {
            out.attribute("encoding", encoding.as_str());
        }
    }

    fn write_logged(&self, out: &mut Submission) {
        let logged = &self.logged;
        // A name that is not known is written as that, unlike addresses and ports.
        out.attribute("log_client_name", logged.name);
        known(out, "log_client_address", logged.address);
        known(out, "log_client_port", logged.port);
        if logged.address != UNKNOWN {
            let origin = format!("{}[{}]", logged.name, logged.address);
            out.attribute("log_message_origin", origin);
        }
        if let Some(helo) = logged.helo {
            out.attribute("log_helo_name", helo);
        }
        out.attribute("log_protocol_name", logged.protocol);
    }

    fn write_client(&self, out: &mut Submission) {
        let peer = self.peer;
        out.attribute("client_name", &peer.name);
        out.attribute("reverse_client_name", &peer.reverse_name);
        known(out, "client_address", &peer.address);
        known(out, "client_port", &peer.port);
        known(out, "server_address", &peer.server_address);
        known(out, "server_port", &peer.server_port);
        if let Some(helo) = self.helo {
            out.attribute("helo_name", helo);
        }
        out.attribute("protocol_name", self.protocol);
        out.attribute("client_address_type", peer.family().to_string());
    }
}

/// Writes an attribute unless its value is not known.
fn known(out: &mut Submission, name: &str, value: &str) {
    if value != UNKNOWN {
        out.attribute(name, value);
    }
}

/// Writes a recipient with what the sender wants to know about it.
pub(crate) fn write_recipient(
    out: &mut Submission,
    address: &[u8],
    external: &[u8],
    notify: Notify,
    original: Option<&OriginalRecipient>,
) {
    if !notify.is_empty() {
        out.attribute("notify_flags", notify.bits().to_string());
    }
    match original {
        Some(original) => out.attribute("dsn_orig_rcpt", original.to_text()),
        None => {
            let bare = external
                .strip_prefix(b"<")
                .and_then(|rest| rest.strip_suffix(b">"));
            let bare = bare.unwrap_or(external);
            let kind: &[u8] = if bare.is_ascii() {
                b"rfc822;"
            } else {
                b"utf-8;"
            };
            // It may be printed in a notice.
            let bare: Vec<u8> = bare
                .iter()
                .map(|b| if *b < b' ' { b'?' } else { *b })
                .collect();
            out.attribute("dsn_orig_rcpt", [kind, bare.as_slice()].concat());
        }
    }
    out.record(RecordType::Recipient, address);
}
