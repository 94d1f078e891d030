// SPDX-License-Identifier: MIT OR Apache-2.0
//! TLS: the only crate that names a TLS library.
//!
//! A [`Server`] is built from main.cf before the jail, while keys can be read; [`Server::accept`]
//! turns a plain stream into an encrypted one and says in a [`Summary`] what was agreed on: the
//! line for the log, the lines for `Received:`, and who the client is. The other side of a
//! connection needs the same parts: versions and ciphers ([`Offer`]), [`Summary`], certificates
//! and the transport know nothing of sides. A [`Client`] is that other side.
//!
//! # Reading order
//!
//! `server` (a context, a handshake), `settings` (main.cf), `offer` (protocols, ciphers, groups),
//! `keys` (files with keys and chains), `names` (keys for single names), `authorities` (who may
//! vouch for peers), `certificate` (what a certificate says), `summary`, `transport`, `client`,
//! `watch` (files that change).
//!
//! *Invariants:* nothing that was sent in the clear is taken for something that was sent
//! encrypted, because the handshake consumes the plain stream. No private key is in a log line.
//! The library speaks TLS 1.2 and 1.3, with ciphers that encrypt and authenticate at once and
//! keys that are forgotten; settings that ask for less are answered with one warning.
//!
//! *Errors:* a certificate that cannot be used is an error of the context: the program goes on
//! without TLS. A failed handshake is a [`HandshakeError`], in the words of the original's log.
//!
//! *Postfix:* tls(3).

mod authorities;
mod certificate;
mod client;
#[cfg(any(test, feature = "fixture"))]
pub mod fixture;
mod keys;
mod names;
mod offer;
mod server;
mod settings;
mod summary;
mod transport;
mod watch;

pub use certificate::Digest;
pub use client::{Client, ClientSettings, Verification};
pub use offer::{Offer, Strength};
pub use server::{HandshakeError, Server};
pub use settings::{Level, LogLevel, ServerParams, ServerSettings};
pub use summary::{PeerCertificate, Summary};

/// The library and its version, as `postconf -T` shows them.
pub const LIBRARY: &str = "rustls 0.23.46";
/// The kinds of keys that certificates may have, by OpenSSL's names.
pub const PUBLIC_KEY_ALGORITHMS: &[&str] = &["rsa", "ec", "ed25519"];

#[cfg(test)]
mod tests;
