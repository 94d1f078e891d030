// SPDX-License-Identifier: MIT OR Apache-2.0
//! TLS of this service: what main.cf wants, and the keys.
//!
//! *Postfix:* the TLS part of pre_jail_init in smtpd(8).

use maps::Maps;
use tls::{Level, Server, ServerParams, ServerSettings};

/// Settings, and the context of sessions where there are any.
pub(crate) struct Encryption {
    pub(crate) settings: ServerSettings,
    pub(crate) server: Option<Server>,
}

impl Encryption {
    /// Reads keys, as the user that master started us as. A person at standard input is served
    /// without. `names` are the tables of certificates for single names.
    pub(crate) fn open(
        params: &ServerParams,
        stand_alone: bool,
        names: Maps,
    ) -> Result<Encryption, String> {
        let mut settings = ServerSettings::of(params)?;
        if stand_alone {
            settings.level = Level::None;
            settings.wrapper = false;
        }
        let server = (settings.level != Level::None).then(|| Server::open(&settings, names));
        Ok(Encryption { settings, server })
    }

    /// Whether handshakes are possible.
    pub(crate) fn is_ready(&self) -> bool {
        self.server.as_ref().is_some_and(Server::is_ready)
    }

    /// A key or certificate that was renewed.
    pub(crate) fn changed(&self) -> Option<String> {
        self.server.as_ref().and_then(Server::changed)
    }
}
