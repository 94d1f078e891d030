// SPDX-License-Identifier: MIT OR Apache-2.0
//! SASL, the server's side: who checks a login, and in which words (RFC 4422).
//!
//! A [`Server`] is a kind of password check; `smtpd_sasl_type` names it and [`open`] makes it.
//! It lives as long as its process. A dialogue begins with [`Server::begin`] and goes on with
//! [`Server::answer`] as long as the [`Answer`] is a challenge. Which mechanisms a session may
//! use is decided by [`Security`].
//!
//! Two kinds: `dovecot` asks a running Dovecot; `cyrus` reads the settings of the Cyrus SASL
//! library and does what most of them ask for, without the library.
//!
//! *Invariants*: whoever checks passwords is a stranger too: what it says is bounded in length
//! and time, and a mechanism's name is letters, digits, `-` and `_`. Responses of clients reach
//! it only if they are in the alphabet of base64.
//!
//! *Postfix:* xsasl_server(3).

mod cyrus;
mod dovecot;
#[cfg(any(test, feature = "fixture"))]
pub mod fixture;
mod security;

use std::path::PathBuf;

pub use security::{Security, Traits};

/// The kinds of [`Server`], by the names of `smtpd_sasl_type`.
pub const SERVER_TYPES: &[&str] = &["cyrus", "dovecot"];

/// What a session is, for whoever checks its login. Texts that are not known are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The service as password checks call it: `smtp`.
    pub service: String,
    /// Our end: address in digits, and port.
    pub local: (String, String),
    /// The client's end.
    pub remote: (String, String),
    /// Whether nobody between us and the client can read along.
    pub encrypted: bool,
    /// Whether the client showed a certificate that we trust.
    pub certified: bool,
}

/// What is said to a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Go on with a response to this, which is in base64 and may be empty.
    Challenge(String),
    /// Whoever this is has proved it.
    Success(String),
    /// No. The reason is in printable characters, and empty if there is none to tell.
    Refused(String),
    /// Nobody can say now.
    Unavailable(String),
}

/// A kind of password check.
pub trait Server {
    /// The names of the mechanisms that a session with such rules may use, in the order in which
    /// they are offered; none when the check cannot be reached, which has been logged.
    fn mechanisms(&mut self, security: Security) -> Vec<String>;

    /// Begins a login by one of the [`mechanisms`](Server::mechanisms) last asked for. `initial`
    /// is the client's first response, `=` for an empty one.
    fn begin(&mut self, about: &About, mechanism: &str, initial: Option<&str>) -> Answer;

    /// Goes on with the client's response to a challenge.
    fn answer(&mut self, response: &str) -> Answer;

    /// The user of the login that was refused last, as far as one was named.
    fn user(&self) -> Option<&str>;
}

/// Where passwords are checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// `smtpd_sasl_type`.
    pub kind: String,
    /// `smtpd_sasl_path`.
    pub path: String,
    /// Where Cyrus SASL's settings may be, best first.
    pub directories: Vec<PathBuf>,
    /// Our name.
    pub host: String,
    /// `smtpd_sasl_local_domain`: the domain of users who name none; may be empty.
    pub realm: String,
}

/// The password check that main.cf describes. Its settings are read now.
///
/// # Errors
/// A type that is not known, or settings that cannot be read.
pub fn open(setup: &Setup) -> Result<Box<dyn Server>, String> {
    match setup.kind.as_str() {
        "cyrus" => Ok(Box::new(cyrus::Cyrus::open(setup)?)),
        "dovecot" => Ok(Box::new(dovecot::Dovecot::new(&setup.path))),
        kind => Err(format!("unsupported SASL server implementation: {kind}")),
    }
}

/// Whether a response consists of the characters of base64; what they mean is for others to say.
fn is_base64(text: &str) -> bool {
    text.bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='))
}

/// Text of a stranger as it may appear in a log line.
fn printable(text: &[u8]) -> String {
    String::from_utf8_lossy(&mail::text::printable(text, b'?')).into_owned()
}
