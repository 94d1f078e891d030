// SPDX-License-Identifier: MIT OR Apache-2.0
//! The conversation: [`greeting`] until both sides know each other, [`envelope`] for one
//! message, [`commands`] for its command lines, [`data`] and [`content`] for its lines,
//! [`downgrade`] for servers that take seven bits only, [`xforward`] for what we know about the
//! client.

mod commands;
mod content;
mod data;
mod downgrade;
pub(crate) mod envelope;
pub(crate) mod greeting;
mod xforward;

use std::time::Duration;

use mail::smtp::ehlo::Features;

/// What the conversation depends on, from main.cf.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    /// Speak LMTP.
    pub(crate) lmtp: bool,
    /// Our name in HELO.
    pub(crate) helo_name: String,
    /// Our host name; a server that has it is we.
    pub(crate) myhostname: String,
    /// Try EHLO with every server, not only with those whose greeting says ESMTP.
    pub(crate) always_ehlo: bool,
    /// Never try EHLO.
    pub(crate) never_ehlo: bool,
    /// Take a 5xx greeting for a temporary refusal.
    pub(crate) skip_5xx_greeting: bool,
    /// Do not wait for the answer to QUIT.
    pub(crate) skip_quit_response: bool,
    /// Quote local parts in envelope addresses.
    pub(crate) quote_envelope: bool,
    /// Tell what we know about the client that sent the message.
    pub(crate) xforward: bool,
    /// Success over LMTP without DSN is final delivery.
    pub(crate) assume_final: bool,
    /// Probes go as far as DATA, not only to RCPT.
    pub(crate) probe_until_data: bool,
    /// Lines longer than this are folded, bytes; zero: never.
    pub(crate) line_limit: usize,
    /// Send eight-bit content as it is, even to servers that did not offer it.
    pub(crate) no_conversion: bool,
    /// How often a connection may be used; zero: no limit.
    pub(crate) use_limit: u32,
    /// How long a connection may be used.
    pub(crate) use_time: Duration,
    /// The slowest transfer that is waited for, bytes per second; only with absolute limits.
    pub(crate) minimum_rate: Option<u64>,
    /// The pause before the final dot where an old firewall needs it.
    pub(crate) pix_pause: Duration,
    /// Time limits by stage.
    pub(crate) limits: Limits,
}

/// How long each stage may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) helo: Duration,
    pub(crate) xforward: Duration,
    pub(crate) mail: Duration,
    pub(crate) rcpt: Duration,
    pub(crate) data_init: Duration,
    pub(crate) data_transfer: Duration,
    pub(crate) data_done: Duration,
    pub(crate) rset: Duration,
    pub(crate) quit: Duration,
}

/// What is ignored of what this server offers, and which of its bugs are worked around.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ServerQuirks {
    /// Extensions that are not used.
    pub(crate) discard: Features,
    /// Say nothing about it.
    pub(crate) silently: bool,
}
