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
    pub(crate) fn vouch_for_client(&self, chain: &[CertificateDer<'_>]) -> bool {
        self.vouch(chain, KeyUsage::client_auth())
            || self.server_certificates && self.vouch(chain, KeyUsage::server_auth())
    }

    fn vouch(&self, chain: &[CertificateDer<'_>], usage: KeyUsage) -> bool {
        let Some((own, between)) = chain.split_first() else {
            return false;
        };
        let Ok(certificate) = EndEntityCert::try_from(own) else {
            return false;
        };
        let algorithms = aws_lc_rs::default_provider().signature_verification_algorithms;
        let path = certificate.verify_for_usage(
            algorithms.all,
            &self.anchors,
            between,
            UnixTime::now(),
            usage,
            None,
            None,
        );
        path.is_ok_and(|path| path.intermediate_certificates().count() < self.depth)
    }
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.retain(|path| path.is_file());
    files.sort();
    files
}
