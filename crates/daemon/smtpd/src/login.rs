// SPDX-License-Identifier: MIT OR Apache-2.0
//! Logins: who may, by which mechanisms, and who did.
//!
//! *Invariants*: a mechanism that main.cf does not allow a session is neither offered to it nor
//! accepted from it. Where main.cf wants passwords encrypted, an open session cannot log in at all.
//!
//! *Errors*: a server that shall authenticate and has no mechanism does not serve.
//!
//! *Postfix:* smtpd_sasl_glue(3).

use std::path::{Path, PathBuf};

use maps::{AddressList, Options, ParentMatch, StringList};
use runtime::event::smtpd;
use runtime::log;
use sasl::{About, Security, Server, Setup};

use crate::params::Params;
use crate::peer::{Peer, UNKNOWN};
use crate::session::Session;

/// Who logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Login {
    /// The mechanism, as the client spelled it.
    pub(crate) method: String,
    /// The name of the user, in printable characters.
    pub(crate) user: String,
}

impl Login {
    /// Whether it proves nothing about the client.
    pub(crate) fn is_anonymous(&self) -> bool {
        self.method.eq_ignore_ascii_case("anonymous")
    }
}

/// The same for log lines, with what MAIL FROM said.
pub(crate) fn event<'a>(login: Option<&'a Login>, sender: Option<&'a str>) -> smtpd::Login<'a> {
    smtpd::Login {
        method: login.map(|login| login.method.as_str()),
        user: login.map(|login| login.user.as_str()),
        sender,
    }
}

/// Where settings of the Cyrus SASL library may be, by its versions and those who package it; the
/// folder `sasl` beside main.cf comes before them.
const CYRUS_DIRECTORIES: [&str; 7] = [
    "/etc/sasl2",
    "/etc/sasl",
    "/usr/lib/sasl2",
    "/usr/lib64/sasl2",
    "/usr/local/lib/sasl2",
    "/usr/lib/sasl",
    "/usr/local/lib/sasl",
];

/// What logging in needs; opened once.
pub(crate) struct Logins {
    pub(crate) server: Box<dyn Server>,
    /// What mechanisms must be like in sessions that are not encrypted, and in those that are.
    open: Security,
    encrypted: Security,
    mechanism_filter: StringList,
    exceptions: AddressList,
}

impl Logins {
    /// Opens it, if main.cf asks for it.
    pub(crate) fn open(
        params: &Params,
        directory: &Path,
        stand_alone: bool,
        options: &Options,
    ) -> Result<Option<Logins>, String> {
        if !params.smtpd_sasl_auth_enable || stand_alone {
            return Ok(None);
        }
        let security = |name: &str, text: &str| {
            Security::parse(text)
                .map_err(|word| format!("unknown {name} value \"{word}\" in \"{text}\""))
        };
        let filter = &params.smtpd_sasl_mechanism_filter;
        let exceptions = "smtpd_sasl_exceptions_networks";
        let parents = ParentMatch::of(exceptions, &params.parent_domain_matches_subdomains);
        Ok(Some(Logins {
            server: sasl::open(&setup(params, directory))?,
            open: security(
                "smtpd_sasl_security_options",
                &params.smtpd_sasl_security_options,
            )?,
            encrypted: security(
                "smtpd_sasl_tls_security_options",
                &params.smtpd_sasl_tls_security_options,
            )?,
            mechanism_filter: StringList::parse("smtpd_sasl_mechanism_filter", filter, options)
                .map_err(|error| error.to_string())?,
            exceptions: AddressList::parse(
                exceptions,
                &params.smtpd_sasl_exceptions_networks,
                parents,
                options,
            )
            .map_err(|error| error.to_string())?,
        }))
    }

    /// The name of a table whose file changed since it was opened.
    pub(crate) fn changed(&self) -> Option<&str> {
        self.mechanism_filter
            .changed()
            .or_else(|| self.exceptions.changed())
    }

    /// The mechanisms of a session. Without any, the process ends: a client that is told that
    /// there are no logins would give up for good.
    fn mechanisms(&mut self, is_encrypted: bool) -> Vec<String> {
        let security = if is_encrypted {
            self.encrypted
        } else {
            self.open
        };
        let mut mechanisms = self.server.mechanisms(security);
        if mechanisms.is_empty() {
            log::fatal("no SASL authentication mechanisms");
        }
        let all = mechanisms.join(" ");
        mechanisms.retain(|name| {
            let allowed = self.mechanism_filter.matches(name.as_bytes());
            allowed.unwrap_or_else(|error| {
                log::fatal(format_args!("smtpd_sasl_mechanism_filter: {error}"))
            })
        });
        if mechanisms.is_empty() {
            log::fatal(format_args!(
                "smtpd_sasl_mechanism_filter discards all mechanisms in '{all}'"
            ));
        }
        mechanisms
    }
}

/// Where passwords are checked.
fn setup(params: &Params, directory: &Path) -> Setup {
    let directories = match params.cyrus_sasl_config_path.as_str() {
        "" => std::iter::once(directory.join("sasl"))
            .chain(CYRUS_DIRECTORIES.iter().map(PathBuf::from))
            .collect(),
        path => path.split(':').map(PathBuf::from).collect(),
    };
    Setup {
        kind: params.smtpd_sasl_type.clone(),
        path: params.smtpd_sasl_path.clone(),
        directories,
        host: params.myhostname.clone(),
        realm: params.smtpd_sasl_local_domain.clone(),
    }
}

impl Session<'_> {
    /// Finds out how this session may log in, if it may. Once more when it becomes encrypted.
    pub(crate) fn find_mechanisms(&mut self) {
        let is_encrypted = self.tls.is_some();
        let only_encrypted = self.site.params.smtpd_tls_auth_only
            || self.site.tls.settings.level == tls::Level::Encrypt;
        let logins = self.site.logins.as_mut();
        let logins = logins.filter(|_| is_encrypted || !only_encrypted);
        self.mechanisms = logins.map(|logins| logins.mechanisms(is_encrypted));
    }

    /// The mechanisms as EHLO lists them. Some clients that need no login insist on one once it
    /// is offered (smtpd_sasl_exceptions_networks).
    pub(crate) fn announced_mechanisms(&mut self) -> Option<String> {
        let mechanisms = self.mechanisms.as_ref()?.join(" ");
        let title = "smtpd_sasl_exceptions_networks";
        let (name, address) = (self.peer.name.as_bytes(), self.peer.address.as_bytes());
        let exceptions = &mut self.site.logins.as_mut()?.exceptions;
        let is_exception = exceptions.matches(name, address).unwrap_or_else(|error| {
            log::warning(format_args!("{title}: {error}"));
            false
        });
        (!is_exception).then_some(mechanisms)
    }

    /// What whoever checks passwords is told about this session.
    pub(crate) fn about_session(&self) -> About {
        let known = |text: &str| match text {
            UNKNOWN => String::new(),
            text => text.to_owned(),
        };
        let Peer {
            address,
            port,
            server_address,
            server_port,
            ..
        } = &self.peer;
        About {
            service: self.site.params.smtpd_sasl_service.clone(),
            local: (known(server_address), known(server_port)),
            remote: (known(address), known(port)),
            encrypted: self.tls.is_some(),
            certified: self.tls.as_ref().is_some_and(tls::Summary::is_trusted),
        }
    }
}
