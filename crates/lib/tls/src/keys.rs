// SPDX-License-Identifier: MIT OR Apache-2.0
//! Private keys with their certificate chains, from files.
//!
//! *Errors:* the text of a warning, which names the file and never its content.
//!
//! *Postfix:* tls_certkey(3).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls::pki_types::pem::{PemObject, SectionKind};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;

use crate::watch::Watch;

/// A file with keys or certificates is not longer than this.
const MOST_BYTES: u64 = 4 << 20;

/// Where keys are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// `smtpd_tls_chain_files`: each key stands before its chain.
    Chains(Vec<PathBuf>),
    /// `smtpd_tls_cert_file` and `smtpd_tls_key_file`, for each kind of key.
    Pairs(Vec<(PathBuf, PathBuf)>),
}

impl Source {
    /// Reads all keys. The files are watched, also if they cannot be used.
    pub(crate) fn load(&self, watch: &mut Watch) -> Result<Vec<Arc<CertifiedKey>>, String> {
        match self {
            Source::Chains(files) => {
                let mut sections = Vec::new();
                for file in files {
                    sections.extend(read(file, watch)?);
                }
                let names: Vec<String> = files.iter().map(|f| f.display().to_string()).collect();
                chains(sections, &names.join(", "))
            }
            Source::Pairs(pairs) => pairs
                .iter()
                .map(|(certificate, key)| pair(certificate, key, watch))
                .collect(),
        }
    }
}

type Section = (SectionKind, Vec<u8>);

/// The certificates of a file.
pub(crate) fn certificates(
    file: &Path,
    watch: &mut Watch,
) -> Result<Vec<CertificateDer<'static>>, String> {
    let sections = read(file, watch)?.into_iter();
    Ok(sections
        .filter(|(kind, _)| *kind == SectionKind::Certificate)
        .map(|(_, der)| CertificateDer::from(der))
        .collect())
}

fn read(file: &Path, watch: &mut Watch) -> Result<Vec<Section>, String> {
    let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
    watch.add(file).map_err(|error| failed(&error))?;
    let size = std::fs::metadata(file)
        .map_err(|error| failed(&error))?
        .len();
    if size > MOST_BYTES {
        return Err(failed(&"file is too large"));
    }
    let bytes = std::fs::read(file).map_err(|error| failed(&error))?;
    sections(&bytes).map_err(|error| failed(&error))
}

fn sections(pem: &[u8]) -> Result<Vec<Section>, String> {
    Section::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|error| format!("bad PEM data: {error:?}"))
}

/// The keys in a text, each before its chain; `name` says where the text is from.
pub(crate) fn from_pem(pem: &[u8], name: &str) -> Result<Vec<Arc<CertifiedKey>>, String> {
    chains(sections(pem)?, name)
}

/// Keys, each before its chain.
fn chains(sections: Vec<Section>, names: &str) -> Result<Vec<Arc<CertifiedKey>>, String> {
    let mut keys = Vec::new();
    let mut current: Option<(PrivateKeyDer<'static>, Vec<CertificateDer<'static>>)> = None;
    for (kind, der) in sections {
        if kind == SectionKind::Certificate {
            let Some((_, chain)) = &mut current else {
                return Err(format!(
                    "{names}: a certificate stands before the first key"
                ));
            };
            chain.push(CertificateDer::from(der));
        } else if let Some(key) = PrivateKeyDer::from_pem(kind, der)
            && let Some((key, chain)) = current.replace((key, Vec::new()))
        {
            keys.push(certified(key, chain, names)?);
        }
    }
    let Some((key, chain)) = current else {
        return Err(format!("{names}: no private key"));
    };
    keys.push(certified(key, chain, names)?);
    Ok(keys)
}

fn pair(certificate: &Path, key: &Path, watch: &mut Watch) -> Result<Arc<CertifiedKey>, String> {
    let chain = certificates(certificate, watch)?;
    let mut keys = read(key, watch)?.into_iter();
    let found = keys.find_map(|(kind, der)| PrivateKeyDer::from_pem(kind, der));
    let found = found.ok_or_else(|| format!("{}: no private key", key.display()))?;
    certified(found, chain, &certificate.display().to_string())
}

fn certified(
    key: PrivateKeyDer<'static>,
    chain: Vec<CertificateDer<'static>>,
    name: &str,
) -> Result<Arc<CertifiedKey>, String> {
    if chain.is_empty() {
        return Err(format!("{name}: no certificate"));
    }
    let key = any_supported_type(&key).map_err(|error| format!("{name}: {error}"))?;
    let certified = CertifiedKey::new(chain, key);
    match certified.keys_match() {
        // A key that cannot tell what belongs to it is believed.
        Ok(()) | Err(rustls::Error::InconsistentKeys(rustls::InconsistentKeys::Unknown)) => {
            Ok(Arc::new(certified))
        }
        Err(_) => Err(format!(
            "{name}: the key does not belong to the certificate"
        )),
    }
}
