// SPDX-License-Identifier: MIT OR Apache-2.0
//! XFORWARD: a content filter says where the message came from, for the log.
//!
//! *Postfix:* xforward_cmd of smtpd(8), XFORWARD_README.

use bstr::ByteSlice;
use mail::dsn::xtext_decode;
use mail::smtp::command::Argument;
use mail::text::{is_valid_hostaddr, is_valid_hostname, printable};
use runtime::event::Client;

use crate::session::{Outcome, Session};
use crate::transaction::MailState;

/// The attributes, as EHLO lists them.
pub(crate) const ATTRIBUTES: [&str; 7] =
    ["NAME", "ADDR", "PROTO", "HELO", "SOURCE", "PORT", "IDENT"];

/// What was said.
#[derive(Clone, Debug, Default)]
pub(crate) struct Forwarded {
    pub(crate) name: Option<String>,
    pub(crate) address: Option<String>,
    pub(crate) port: Option<String>,
    pub(crate) protocol: Option<String>,
    pub(crate) helo: Option<String>,
    pub(crate) ident: Option<String>,
    pub(crate) rewrite_context: Option<&'static str>,
    active: bool,
}

impl Forwarded {
    /// Whether anything was said.
    pub(crate) fn is_active(&self) -> bool {
        self.active
    }

    /// The original client, as log lines name it.
    pub(crate) fn client(&self) -> Option<Client> {
        let unknown = || "unknown".to_owned();
        self.active.then(|| {
            let name = self.name.clone().unwrap_or_else(unknown);
            Client::new(name, self.address.clone().unwrap_or_else(unknown))
        })
    }
}

/// An attribute and its value, decoded. An error is the reply.
pub(super) fn attribute<'a>(
    argument: &'a Argument,
    command: &str,
    known: &[&'static str],
) -> Result<(&'static str, Vec<u8>, &'a [u8]), String> {
    let text = argument.text.as_slice();
    let Some(equals) = text.iter().position(|&b| b == b'=') else {
        return Err("501 5.5.4 Error: attribute=value expected".to_owned());
    };
    let (name, value) = (
        text.get(..equals).unwrap_or_default(),
        text.get(equals + 1..).unwrap_or_default(),
    );
    let shown = |text: &[u8]| printable(text, b'?').as_bstr().to_string();
    let found = known
        .iter()
        .find(|known| name.eq_ignore_ascii_case(known.as_bytes()));
    let Some(name) = found else {
        return Err(format!(
            "501 5.5.4 Bad {command} attribute name: {}",
            shown(name)
        ));
    };
    match xtext_decode(value).filter(|decoded| decoded.len() <= 255) {
        Some(decoded) => Ok((name, printable(&decoded, b'?'), value)),
        None => Err(format!("501 5.5.4 Bad {name} syntax: {}", shown(value))),
    }
}

impl Session<'_> {
    pub(crate) fn xforward(&mut self, arguments: &[Argument]) -> Outcome {
        if !matches!(self.mail, MailState::Idle) {
            return self.refuse("503 5.5.1 Error: MAIL transaction in progress");
        }
        if arguments.is_empty() {
            return self.refuse("501 5.5.4 Syntax: XFORWARD attribute=value...");
        }
        let title = "smtpd_authorized_xforward_hosts";
        if self.site.stand_alone || !self.is_listed(title, |site| &mut site.xforward_hosts) {
            return self.refuse("550 5.7.0 Error: insufficient authorization");
        }
        let mut forwarded = self.forwarded.clone();
        for argument in arguments {
            if let Err(reply) = forwarded.take(argument) {
                return self.refuse(reply);
            }
        }
        forwarded.active = true;
        self.forwarded = forwarded;
        self.accept("250 2.0.0 Ok")
    }
}

impl Forwarded {
    fn take(&mut self, argument: &Argument) -> Result<(), String> {
        let (name, value, raw) = attribute(argument, "XFORWARD", &ATTRIBUTES)?;
        let bad = || {
            let raw = printable(raw, b'?');
            format!("501 5.5.4 Bad {name} syntax: {}", raw.as_bstr())
        };
        let is_unavailable = value.eq_ignore_ascii_case(b"[UNAVAILABLE]");
        let text = String::from_utf8_lossy(&value).into_owned();
        let known = (!is_unavailable).then_some(text);
        match name {
            "NAME" => {
                if known.is_some() && !is_valid_hostname(&value) {
                    return Err(bad());
                }
                self.name = known;
            }
            "ADDR" => {
                let text = known.map(|text| without_tag(&text).to_owned());
                if text
                    .as_ref()
                    .is_some_and(|text| !is_valid_hostaddr(text.as_bytes()))
                {
                    return Err(bad());
                }
                self.address = text;
            }
            "PORT" => {
                if known
                    .as_ref()
                    .is_some_and(|text| text.parse::<u16>().is_err())
                {
                    return Err(bad());
                }
                self.port = known;
            }
            "HELO" => self.helo = known.map(|text| super::helo::harmless(text.as_bytes())),
            "PROTO" => self.protocol = known.map(|text| super::helo::harmless(text.as_bytes())),
            "IDENT" => self.ident = known.map(|text| super::helo::harmless(text.as_bytes())),
            _ => {
                self.rewrite_context = match known.as_deref() {
                    None => None,
                    Some(text) if text.eq_ignore_ascii_case("LOCAL") => Some("local"),
                    Some(text) if text.eq_ignore_ascii_case("REMOTE") => Some("remote"),
                    Some(_) => return Err(bad()),
                }
            }
        }
        Ok(())
    }
}

/// An address without the tag that IPv6 addresses have.
pub(super) fn without_tag(text: &str) -> &str {
    match text.split_at_checked(5) {
        Some((tag, rest)) if tag.eq_ignore_ascii_case("IPV6:") => rest,
        _ => text,
    }
}
