// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a handshake came to, in the words of log lines and headers.
//!
//! *Invariants:* the line is the one that log analysers know; nothing in it comes from a peer
//! without being made printable. As with the original, keys and signatures are named for TLS 1.3
//! only, and not when a session was resumed.
//!
//! *Postfix:* tls_log_summary and tls_get_signature_params of tls_misc(3), the `Received:` part of
//! smtpd(8).

use std::fmt::{self, Write as _};

use mail::text::printable;
use rustls::{Connection, HandshakeKind, NamedGroup, ProtocolVersion, SignatureScheme};

use crate::certificate::{KeyKind, Parts};
use crate::offer::{Cipher, group_name};

/// The certificate of a peer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerCertificate {
    /// The common name of its subject; may be empty.
    pub subject: String,
    /// The common name of its issuer, or its organisation; may be empty.
    pub issuer: String,
    /// The fingerprint of the certificate.
    pub fingerprint: String,
    /// The fingerprint of its public key.
    pub key_fingerprint: String,
    /// Whether a known authority vouches for it.
    pub trusted: bool,
}

/// A session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// `TLSv1.3`.
    pub protocol: &'static str,
    /// The cipher, in OpenSSL's name.
    pub cipher: &'static str,
    /// The bits of its key.
    pub bits: u16,
    /// The name for which the client got a certificate of its own.
    pub server_name: Option<String>,
    /// The certificate of the peer, if it showed one.
    pub peer: Option<PeerCertificate>,
    /// It continues an earlier session.
    pub resumed: bool,
    key_exchange: Option<NamedGroup>,
    server_signature: Option<Signature>,
    client_signature: Option<Signature>,
}

/// A signature of a handshake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signature {
    pub(crate) key: KeyKind,
    pub(crate) scheme: SignatureScheme,
}

impl Signature {
    /// By the key of this certificate.
    pub(crate) fn by(certificate: Option<&Parts<'_>>, scheme: u16) -> Option<Signature> {
        let key = certificate?.key_kind();
        (scheme != 0).then(|| Signature {
            key,
            scheme: SignatureScheme::from(scheme),
        })
    }

    /// ` server-signature RSA-PSS (2048 bits) server-digest SHA256`.
    fn write(&self, out: &mut String, side: &str) {
        let _ = match &self.key {
            KeyKind::Rsa { bits } => write!(out, " {side}-signature RSA-PSS ({bits} bits)"),
            KeyKind::Ecdsa { curve } => write!(out, " {side}-signature ECDSA ({curve})"),
            KeyKind::Ed25519 => write!(out, " {side}-signature ED25519"),
            KeyKind::Unknown => return,
        };
        let digest = match self.scheme {
            SignatureScheme::RSA_PSS_SHA256 | SignatureScheme::ECDSA_NISTP256_SHA256 => "SHA256",
            SignatureScheme::RSA_PSS_SHA384 | SignatureScheme::ECDSA_NISTP384_SHA384 => "SHA384",
            SignatureScheme::RSA_PSS_SHA512 | SignatureScheme::ECDSA_NISTP521_SHA512 => "SHA512",
            _ => return,
        };
        let _ = write!(out, " {side}-digest {digest}");
    }
}

impl Summary {
    /// What a finished handshake came to.
    pub(crate) fn of(connection: &Connection) -> Summary {
        let suite = connection.negotiated_cipher_suite();
        let cipher = suite.and_then(|suite| Cipher::of(suite.suite()));
        let mut summary = Summary {
            protocol: match connection.protocol_version() {
                Some(ProtocolVersion::TLSv1_2) => "TLSv1.2",
                Some(ProtocolVersion::TLSv1_3) => "TLSv1.3",
                _ => "unknown",
            },
            cipher: cipher.map_or("unknown", |cipher| cipher.name),
            bits: cipher.map_or(0, |cipher| cipher.bits),
            resumed: connection.handshake_kind() == Some(HandshakeKind::Resumed),
            ..Summary::default()
        };
        if summary.names_keys() {
            let group = connection.negotiated_key_exchange_group();
            summary.key_exchange = group.map(|group| group.name());
        }
        summary
    }

    /// Adds who signed.
    pub(crate) fn with_signatures(
        mut self,
        server: Option<Signature>,
        client: Option<Signature>,
    ) -> Summary {
        if self.names_keys() {
            self.server_signature = server;
            self.client_signature = client;
        }
        self
    }

    fn names_keys(&self) -> bool {
        self.protocol == "TLSv1.3" && !self.resumed
    }

    /// Whether the peer showed a certificate that an authority vouches for.
    #[must_use]
    pub fn is_trusted(&self) -> bool {
        self.peer.as_ref().is_some_and(|peer| peer.trusted)
    }

    fn trust(&self) -> &'static str {
        match &self.peer {
            None => "Anonymous",
            Some(peer) if peer.trusted => "Trusted",
            Some(_) => "Untrusted",
        }
    }

    /// The line of a server's log: `Anonymous TLS connection established from NAME[ADDRESS]: …`.
    #[must_use]
    pub fn accepted_from(&self, client: &dyn fmt::Display) -> String {
        let name = self.server_name.as_deref();
        let name = name.map_or(String::new(), |name| format!(" to {}", shown(name)));
        format!(
            "{} TLS connection {} from {client}{name}: {}{}{}{}",
            self.trust(),
            if self.resumed {
                "reused"
            } else {
                "established"
            },
            self.session(" with"),
            self.exchange(),
            signature(self.server_signature.as_ref(), "server"),
            signature(self.client_signature.as_ref(), "client"),
        )
    }

    /// The line about the certificate of a peer.
    #[must_use]
    pub fn certificate_of(&self, peer: &dyn fmt::Display) -> Option<String> {
        let certificate = self.peer.as_ref()?;
        Some(format!(
            "{peer}: subject_CN={}, issuer={}, fingerprint={}, pkey_fingerprint={}",
            shown(&certificate.subject),
            shown(&certificate.issuer),
            certificate.fingerprint,
            certificate.key_fingerprint
        ))
    }

    /// The lines of a `Received:` header, without their tabulators' company of other lines; `asked`
    /// says whether the client was asked for a certificate.
    #[must_use]
    pub fn received(&self, asked: bool) -> Vec<String> {
        let mut lines = vec![format!("\t(using {}", self.session(" with"))];
        let exchange = self.exchange();
        let by_server = signature(self.server_signature.as_ref(), "server");
        if !exchange.is_empty() || !by_server.is_empty() {
            lines.push(format!("\t{exchange}{by_server}"));
        }
        let by_client = signature(self.client_signature.as_ref(), "client");
        if !by_client.is_empty() {
            lines.push(format!("\t{by_client}"));
        }
        if let Some(last) = lines.last_mut() {
            last.push(')');
        }
        lines.push(match &self.peer {
            Some(peer) => format!(
                "\t(Client CN \"{}\", Issuer \"{}\" ({}))",
                commented(&peer.subject),
                commented(&peer.issuer),
                if peer.trusted {
                    "verified OK"
                } else {
                    "not verified"
                }
            ),
            None if asked => "\t(Client did not present a certificate)".to_owned(),
            None => "\t(No client certificate requested)".to_owned(),
        });
        lines
    }

    /// `TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)`.
    fn session(&self, with: &str) -> String {
        let Summary {
            protocol,
            cipher,
            bits,
            ..
        } = self;
        format!("{protocol}{with} cipher {cipher} ({bits}/{bits} bits)")
    }

    fn exchange(&self) -> String {
        match self.key_exchange.map(group_name) {
            None | Some(("", _)) => String::new(),
            Some((name, None)) => format!(" key-exchange {name}"),
            Some((name, Some(curve))) => format!(" key-exchange {name} ({curve})"),
        }
    }
}

fn signature(signature: Option<&Signature>, side: &str) -> String {
    let mut text = String::new();
    if let Some(signature) = signature {
        signature.write(&mut text, side);
    }
    text
}

fn shown(text: &str) -> String {
    String::from_utf8_lossy(&printable(text.as_bytes(), b'?')).into_owned()
}

/// Text that cannot end the comment or the string that it stands in.
fn commented(text: &str) -> String {
    shown(text).replace(['(', ')', '\\', '"'], "?")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary() -> Summary {
        Summary {
            protocol: "TLSv1.3",
            cipher: "TLS_AES_256_GCM_SHA384",
            bits: 256,
            key_exchange: Some(NamedGroup::X25519),
            server_signature: Some(Signature {
                key: KeyKind::Rsa { bits: 2048 },
                scheme: SignatureScheme::RSA_PSS_SHA256,
            }),
            ..Summary::default()
        }
    }

    #[test]
    fn the_log_line_is_the_one_that_analysers_know() {
        assert_eq!(
            summary().accepted_from(&"localhost[127.0.0.1]"),
            "Anonymous TLS connection established from localhost[127.0.0.1]: TLSv1.3 with cipher \
             TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 server-signature RSA-PSS \
             (2048 bits) server-digest SHA256"
        );
    }

    #[test]
    fn the_header_says_who_the_client_is_and_no_name_breaks_it() {
        let mut summary = summary();
        assert_eq!(
            summary.received(false),
            [
                "\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)",
                "\t key-exchange X25519 server-signature RSA-PSS (2048 bits) server-digest SHA256)",
                "\t(No client certificate requested)",
            ]
        );
        summary.peer = Some(PeerCertificate {
            subject: "a) evil\" (b".to_owned(),
            issuer: "CA".to_owned(),
            fingerprint: String::new(),
            key_fingerprint: String::new(),
            trusted: false,
        });
        let lines = summary.received(true);
        assert_eq!(
            lines.last().map(String::as_str),
            Some("\t(Client CN \"a? evil? ?b\", Issuer \"CA\" (not verified))")
        );
    }
}
