// SPDX-License-Identifier: MIT OR Apache-2.0
//! What main.cf says about TLS in a server.
//!
//! *Postfix:* the TLS part of pre_jail_init in smtpd(8).

use std::path::PathBuf;

use config::params;
use config::table::Parameter;
use config::value::words;
use runtime::log;

use crate::authorities::Trust;
use crate::certificate::Digest;
use crate::keys::Source;
use crate::offer::{Offer, Strength};

config::select! {
    /// What a server with TLS reads; programs embed it in what they read.
    #[derive(Debug, Clone)]
    #[expect(non_snake_case, reason = "parameters keep their spelling")]
    pub struct ServerParams {
        smtpd_tls_security_level,
        smtpd_use_tls,
        smtpd_enforce_tls,
        smtpd_tls_wrappermode,
        smtpd_tls_loglevel,
        smtpd_tls_chain_files,
        smtpd_tls_cert_file,
        smtpd_tls_key_file,
        smtpd_tls_eccert_file,
        smtpd_tls_eckey_file,
        smtpd_tls_dcert_file,
        smtpd_tls_CAfile,
        smtpd_tls_CApath,
        tls_append_default_CA,
        tls_trust_server_ccerts,
        smtpd_tls_ask_ccert,
        smtpd_tls_req_ccert,
        smtpd_tls_ccert_verifydepth,
        smtpd_tls_fingerprint_digest,
        smtpd_tls_protocols,
        smtpd_tls_mandatory_protocols,
        smtpd_tls_ciphers,
        smtpd_tls_mandatory_ciphers,
        smtpd_tls_exclude_ciphers,
        smtpd_tls_mandatory_exclude_ciphers,
        tls_high_cipherlist,
        tls_medium_cipherlist,
        tls_preempt_cipherlist,
        tls_eecdh_auto_curves,
        tls_server_sni_maps,
    }
}

/// How much a server wants TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Not at all.
    None,
    /// It offers it.
    May,
    /// It insists.
    Encrypt,
}

/// How much is logged about TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum LogLevel {
    /// Nothing but problems.
    #[default]
    Nothing,
    /// One line for each handshake.
    Summary,
    /// What certificates say, too. Steps and contents of handshakes are not logged.
    Certificates,
}

impl LogLevel {
    /// The level of a parameter: a number or a word.
    #[must_use]
    pub fn parse(text: &str) -> Option<LogLevel> {
        let level = text.split(',').next().unwrap_or_default().trim();
        match level.to_ascii_lowercase().as_str() {
            "" | "0" | "none" => Some(LogLevel::Nothing),
            "1" | "routine" => Some(LogLevel::Summary),
            "2" | "debug" | "3" | "ssl-expert" | "4" | "ssl-developer" => {
                Some(LogLevel::Certificates)
            }
            _ => None,
        }
    }
}

/// The settings of a server's TLS.
#[derive(Debug, Clone)]
pub struct ServerSettings {
    /// How much it is wanted.
    pub level: Level,
    /// TLS begins with the first byte.
    pub wrapper: bool,
    /// Clients are asked for a certificate.
    pub ask: bool,
    /// They must have a trusted one.
    pub require: bool,
    /// How much is logged.
    pub log_level: LogLevel,
    pub(crate) source: Option<Source>,
    pub(crate) trust: Trust,
    pub(crate) digest: Digest,
    pub(crate) offer: Offer,
    pub(crate) prefer_own_order: bool,
}

impl ServerSettings {
    /// Reads them; what cannot be had is warned about.
    ///
    /// # Errors
    /// The text of a fatal line: a value that makes no sense.
    pub fn of(params: &ServerParams) -> Result<ServerSettings, String> {
        let level = level(params)?;
        let require = params.smtpd_tls_req_ccert && level == Level::Encrypt;
        let is_used = level != Level::None;
        if params.smtpd_tls_req_ccert && !require && is_used {
            log::warning("Can't require client certs unless TLS is required");
        }
        let digest = &params.smtpd_tls_fingerprint_digest;
        let loglevel = &params.smtpd_tls_loglevel;
        let source = source(params);
        if is_used && source.is_none() {
            log::warning("No server certs available. TLS won't be enabled");
        }
        if is_used {
            warn_about_lists(params);
        }
        let path = |text: &str| (!text.is_empty()).then(|| PathBuf::from(text));
        Ok(ServerSettings {
            level,
            wrapper: params.smtpd_tls_wrappermode,
            ask: params.smtpd_tls_ask_ccert || require,
            require,
            log_level: LogLevel::parse(loglevel)
                .ok_or_else(|| format!("invalid TLS log level: \"{loglevel}\""))?,
            source,
            trust: Trust {
                file: path(&params.smtpd_tls_CAfile),
                directory: path(&params.smtpd_tls_CApath),
                system: params.tls_append_default_CA,
                depth: usize::try_from(params.smtpd_tls_ccert_verifydepth).unwrap_or(0),
                server_certificates: params.tls_trust_server_ccerts,
            },
            digest: Digest::parse(digest)
                .ok_or_else(|| format!("unknown TLS fingerprint digest: \"{digest}\""))?,
            offer: offer(params, level),
            prefer_own_order: params.tls_preempt_cipherlist,
        })
    }
}

fn level(params: &ServerParams) -> Result<Level, String> {
    if params.smtpd_tls_wrappermode {
        return Ok(Level::Encrypt);
    }
    let level = &params.smtpd_tls_security_level;
    match level.to_ascii_lowercase().as_str() {
        "" if params.smtpd_enforce_tls => Ok(Level::Encrypt),
        "" if params.smtpd_use_tls => Ok(Level::May),
        "" | "none" => Ok(Level::None),
        "may" => Ok(Level::May),
        "encrypt" => Ok(Level::Encrypt),
        "fingerprint" | "verify" | "secure" => {
            log::warning(format_args!(
                "smtpd_tls_security_level: unsupported TLS level \"{level}\", using \"encrypt\""
            ));
            Ok(Level::Encrypt)
        }
        _ => Err(format!("Invalid TLS level \"{level}\"")),
    }
}

fn source(params: &ServerParams) -> Option<Source> {
    let chains: Vec<PathBuf> = words(&params.smtpd_tls_chain_files)
        .map(PathBuf::from)
        .collect();
    if !chains.is_empty() {
        return Some(Source::Chains(chains));
    }
    if !params.smtpd_tls_dcert_file.is_empty() {
        log::warning("smtpd_tls_dcert_file: DSA certificates are not available, ignoring it");
    }
    let pairs: Vec<(PathBuf, PathBuf)> = [
        (&params.smtpd_tls_cert_file, &params.smtpd_tls_key_file),
        (&params.smtpd_tls_eccert_file, &params.smtpd_tls_eckey_file),
    ]
    .into_iter()
    .filter(|(certificate, _)| !certificate.is_empty() && *certificate != "none")
    .map(|(certificate, key)| (PathBuf::from(certificate), PathBuf::from(key)))
    .collect();
    (!pairs.is_empty()).then_some(Source::Pairs(pairs))
}

fn offer(params: &ServerParams, level: Level) -> Offer {
    let mut exclusions: Vec<String> = exclusions(&params.smtpd_tls_exclude_ciphers);
    let is_default = is_default::<params::tls_eecdh_auto_curves>(&params.tls_eecdh_auto_curves);
    let groups = words(&params.tls_eecdh_auto_curves).map(str::to_owned);
    let strength = match level {
        Level::Encrypt => Strength::Mandatory,
        Level::None | Level::May => Strength::Opportunistic,
    };
    let (protocols_title, protocols, grade_title, grade) = match strength {
        Strength::Opportunistic => (
            "smtpd_tls_protocols",
            &params.smtpd_tls_protocols,
            "smtpd_tls_ciphers",
            &params.smtpd_tls_ciphers,
        ),
        Strength::Mandatory => (
            "smtpd_tls_mandatory_protocols",
            &params.smtpd_tls_mandatory_protocols,
            "smtpd_tls_mandatory_ciphers",
            &params.smtpd_tls_mandatory_ciphers,
        ),
    };
    if strength == Strength::Mandatory {
        exclusions.extend(self::exclusions(
            &params.smtpd_tls_mandatory_exclude_ciphers,
        ));
    }
    Offer {
        protocols_title,
        protocols: protocols.clone(),
        grade_title,
        grade: grade.clone(),
        exclusions,
        groups: if is_default {
            Vec::new()
        } else {
            groups.collect()
        },
    }
}

fn exclusions(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| c.is_whitespace() || ",:".contains(c));
    parts
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A list of ciphers in OpenSSL's language is not followed: what the library has is in it anyway,
/// unless somebody wrote another one.
fn warn_about_lists(params: &ServerParams) {
    if !is_default::<params::tls_high_cipherlist>(&params.tls_high_cipherlist)
        || !is_default::<params::tls_medium_cipherlist>(&params.tls_medium_cipherlist)
    {
        log::warning(
            "tls_high_cipherlist, tls_medium_cipherlist: lists of ciphers are not supported; \
             leave out single ciphers with smtpd_tls_exclude_ciphers",
        );
    }
}

fn is_default<P: Parameter>(value: &str) -> bool {
    value == P::SPEC.default
}
