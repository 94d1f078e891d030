// SPDX-License-Identifier: MIT OR Apache-2.0
//! XCLIENT: a trusted client says who it speaks for, and the session begins anew.
//!
//! *Postfix:* xclient_cmd of smtpd(8), XCLIENT_README.

use std::net::IpAddr;

use bstr::ByteSlice;
use mail::line::BareNewline;
use mail::smtp::command::Argument;
use mail::text::{is_valid_hostname, printable};

use super::xforward::{attribute, without_tag};
use crate::login::Login;
use crate::peer::{NameStatus, Peer, UNKNOWN};
use crate::session::{Handled, Outcome, Session};
use crate::transaction::MailState;

/// The attributes, as EHLO lists them.
pub(crate) const ATTRIBUTES: [&str; 9] = [
    "NAME",
    "ADDR",
    "PROTO",
    "HELO",
    "REVERSE_NAME",
    "PORT",
    "LOGIN",
    "DESTADDR",
    "DESTPORT",
];

/// What the client says about the other client.
struct Claims {
    peer: Peer,
    helo: Option<String>,
    esmtp: bool,
    login: Option<Login>,
}

impl Session<'_> {
    pub(crate) fn xclient(&mut self, arguments: &[Argument]) -> Outcome {
        if !matches!(self.mail, MailState::Idle) {
            return self.refuse("503 5.5.1 Error: MAIL transaction in progress");
        }
        if arguments.is_empty() {
            return self.refuse("501 5.5.4 Syntax: XCLIENT attribute=value...");
        }
        let title = "smtpd_authorized_xclient_hosts";
        if self.site.stand_alone || !self.is_listed(title, |site| &mut site.xclient_hosts) {
            return self.refuse("550 5.7.0 Error: insufficient authorization");
        }
        let mut claims = Claims {
            peer: self.peer.clone(),
            helo: self.helo.clone(),
            esmtp: self.esmtp,
            login: None,
        };
        for argument in arguments {
            if let Err(reply) = claims.take(argument) {
                return self.refuse(reply);
            }
        }
        self.peer = claims.peer;
        self.client = self.peer.client(self.site.params.smtpd_client_port_logging);
        self.helo = claims.helo;
        self.esmtp = claims.esmtp;
        self.login = claims.login;
        self.chat.bare_newlines = self.bare_newline_policy();
        self.greet()?;
        Ok(Handled::Restarted)
    }

    /// How this client's bare newlines are treated.
    pub(crate) fn bare_newline_policy(&mut self) -> BareNewline {
        let policy = self.site.bare_newlines;
        let title = "smtpd_forbid_bare_newline_exclusions";
        if policy == BareNewline::Accept
            || self.site.stand_alone
            || self.is_listed(title, |site| &mut site.bare_newline_exclusions)
        {
            return BareNewline::Accept;
        }
        policy
    }
}

impl Claims {
    fn take(&mut self, argument: &Argument) -> Result<(), String> {
        let (name, value, raw) = attribute(argument, "XCLIENT", &ATTRIBUTES)?;
        let bad = || {
            let raw = printable(raw, b'?');
            format!("501 5.5.4 Bad {name} syntax: {}", raw.as_bstr())
        };
        let is_unavailable = value.eq_ignore_ascii_case(b"[UNAVAILABLE]");
        let is_temporary = value.eq_ignore_ascii_case(b"[TEMPUNAVAIL]");
        let text = String::from_utf8_lossy(&value).into_owned();
        let host = || {
            if is_unavailable {
                Some((UNKNOWN.to_owned(), NameStatus::Permanent))
            } else if is_temporary {
                Some((UNKNOWN.to_owned(), NameStatus::Temporary))
            } else {
                is_valid_hostname(&value).then(|| (text.to_lowercase(), NameStatus::Good))
            }
        };
        let peer = &mut self.peer;
        match name {
            "NAME" => {
                (peer.name, peer.name_status) = host().ok_or_else(bad)?;
                if peer.name_status == NameStatus::Good {
                    peer.reverse_name.clone_from(&peer.name);
                    peer.reverse_status = NameStatus::Good;
                }
            }
            "REVERSE_NAME" => (peer.reverse_name, peer.reverse_status) = host().ok_or_else(bad)?,
            "ADDR" if is_unavailable => {
                peer.address = UNKNOWN.to_owned();
                peer.ip = None;
            }
            "ADDR" => {
                let address: IpAddr = without_tag(&text).parse().map_err(|_| bad())?;
                peer.set_address(address);
            }
            "PORT" => peer.port = port(&text, is_unavailable).ok_or_else(bad)?,
            "DESTPORT" => peer.server_port = port(&text, is_unavailable).ok_or_else(bad)?,
            "DESTADDR" if is_unavailable => peer.server_address = UNKNOWN.to_owned(),
            "DESTADDR" => {
                let address: IpAddr = without_tag(&text).parse().map_err(|_| bad())?;
                peer.server_address = address.to_canonical().to_string();
            }
            "LOGIN" => {
                self.login = (!is_unavailable).then(|| Login {
                    method: "XCLIENT".to_owned(),
                    user: text,
                });
            }
            "HELO" => {
                self.helo = (!is_unavailable).then(|| super::helo::harmless(&value));
            }
            _ => {
                self.esmtp = match text.to_ascii_uppercase().as_str() {
                    "ESMTP" => true,
                    "SMTP" => false,
                    _ => return Err(bad()),
                }
            }
        }
        Ok(())
    }
}

fn port(text: &str, is_unavailable: bool) -> Option<String> {
    if is_unavailable {
        return Some(UNKNOWN.to_owned());
    }
    text.parse::<u16>().ok().map(|port| port.to_string())
}
