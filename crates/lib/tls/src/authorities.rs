// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who may vouch for a peer, and whether somebody did.
//!
//! *Bugs:* a self-signed certificate is not trusted by listing it as an authority, as OpenSSL
//! would; its fingerprint is the way.
//!
//! *Postfix:* tls_set_ca_certificate_info of tls_certkey(3), tls_verify(3).

use std::path::{Path, PathBuf};

use rustls::DistinguishedName;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, TrustAnchor, UnixTime};
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert};

use mail::text::printable;

use crate::certificate::Parts;
use crate::keys::certificates;
use crate::watch::Watch;

/// Where a system keeps the authorities that it trusts, in one file.
const SYSTEM_FILES: [&str; 3] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
];

/// Where to find authorities, and how far to trust them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Trust {
    /// A file whose authorities are told to clients.
    pub(crate) file: Option<PathBuf>,
    /// A directory of such files.
    pub(crate) directory: Option<PathBuf>,
    /// Whether the system's authorities are trusted too.
    pub(crate) system: bool,
    /// How many certificates there may be between the peer's and the end, the last included.
    pub(crate) depth: usize,
    /// Whether a client may show a certificate that was made for servers.
    pub(crate) server_certificates: bool,
}

/// The authorities.
#[derive(Debug, Default)]
pub(crate) struct Authorities {
    anchors: Vec<TrustAnchor<'static>>,
    /// The names that are told to clients.
    pub(crate) hints: Vec<DistinguishedName>,
    depth: usize,
    server_certificates: bool,
}

impl Authorities {
    /// Reads them. What cannot be read is warned about and not trusted.
    pub(crate) fn load(trust: &Trust, watch: &mut Watch, warn: &mut dyn FnMut(String)) -> Self {
        let mut authorities = Authorities {
            depth: trust.depth,
            server_certificates: trust.server_certificates,
            ..Authorities::default()
        };
        if let Some(file) = &trust.file {
            match certificates(file, watch) {
                Ok(found) => authorities.add(&found, true),
                Err(error) => warn(format!("cannot load Certification Authority data: {error}")),
            }
        }
        if let Some(directory) = &trust.directory {
            for file in files(directory) {
                // A directory holds other things as well.
                let found = certificates(&file, &mut Watch::default());
                authorities.add(&found.unwrap_or_default(), false);
            }
        }
        if trust.system {
            let mut known = SYSTEM_FILES.iter().map(Path::new);
            let found = known.find_map(|file| certificates(file, &mut Watch::default()).ok());
            authorities.add(&found.unwrap_or_default(), false);
        }
        authorities
    }

    fn add(&mut self, certificates: &[CertificateDer<'static>], tell: bool) {
        for certificate in certificates {
            let Ok(anchor) = anchor_from_trusted_cert(certificate) else {
                continue;
            };
            let anchor = anchor.to_owned();
            if tell {
                self.hints
                    .push(DistinguishedName::in_sequence(&anchor.subject));
            }
            if !self.anchors.contains(&anchor) {
                self.anchors.push(anchor);
            }
        }
    }

    /// Whether an authority vouches for a client's certificate, with the help of those in between.
    ///
    /// # Errors
    /// Why not, in the words of the log.
    pub(crate) fn vouch_for_client(&self, chain: &[CertificateDer<'_>]) -> Result<(), String> {
        match self.vouch(chain, KeyUsage::client_auth(), "client") {
            Err(_) if self.server_certificates => {
                self.vouch(chain, KeyUsage::server_auth(), "client")
            }
            vouched => vouched,
        }
    }

    /// Whether an authority vouches for a server's certificate.
    ///
    /// # Errors
    /// Why not, in the words of the log.
    pub(crate) fn vouch_for_server(&self, chain: &[CertificateDer<'_>]) -> Result<(), String> {
        self.vouch(chain, KeyUsage::server_auth(), "server")
    }

    fn vouch(
        &self,
        chain: &[CertificateDer<'_>],
        usage: KeyUsage,
        role: &str,
    ) -> Result<(), String> {
        let (own, between) = chain.split_first().ok_or("no certificate")?;
        let certificate = EndEntityCert::try_from(own).map_err(|error| error.to_string())?;
        let algorithms = aws_lc_rs::default_provider().signature_verification_algorithms;
        let path = certificate
            .verify_for_usage(
                algorithms.all,
                &self.anchors,
                between,
                UnixTime::now(),
                usage,
                None,
                None,
            )
            .map_err(|error| reason(&error, chain, role))?;
        if path.intermediate_certificates().count() < self.depth {
            return Ok(());
        }
        Err(format!(
            "certificate chain longer than limit({})",
            self.depth
        ))
    }
}

/// Why nobody vouches for a chain, as the original puts it.
fn reason(error: &webpki::Error, chain: &[CertificateDer<'_>], role: &str) -> String {
    let own = chain.first().and_then(Parts::of);
    match error {
        _ if chain.len() == 1 && own.is_some_and(|own| own.is_self_issued()) => {
            "self-signed certificate".to_owned()
        }
        // Who has only the name of a known authority did not issue it either.
        webpki::Error::UnknownIssuer | webpki::Error::InvalidSignatureForPublicKey => {
            let last = chain.last().and_then(Parts::of);
            let issuer = last.map_or(String::new(), |last| last.issuer_line());
            let issuer = printable(issuer.as_bytes(), b'?');
            format!("untrusted issuer {}", String::from_utf8_lossy(&issuer))
        }
        webpki::Error::CertExpired { .. } => "certificate has expired".to_owned(),
        webpki::Error::CertNotValidYet { .. } => "certificate not yet valid".to_owned(),
        webpki::Error::RequiredEkuNotFoundContext(_) => {
            format!("not designated for use as a {role} certificate")
        }
        other => other.to_string(),
    }
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.retain(|path| path.is_file());
    files.sort();
    files
}
