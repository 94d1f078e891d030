// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whether a connection is encrypted, and whom we believe: the parameters that begin with `ssl`.
//!
//! *Postfix:* for libpq "SSL Support" of the manual of PostgreSQL. Files in a home directory are
//! not read unless they are named.

use tls::{ClientSettings, Verification};

/// How much encryption is wanted (`sslmode`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Mode {
    Disable,
    /// If the server insists.
    Allow,
    /// If the server can.
    #[default]
    Prefer,
    Require,
    VerifyAuthority,
    VerifyName,
}

/// One way to try a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Plain,
    /// Encrypted if the server can, otherwise plain.
    IfOffered,
    Encrypted,
}

/// The parameters of one server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Encryption {
    mode: Mode,
    root: Option<String>,
    certificate: Option<String>,
    key: Option<String>,
}

impl Encryption {
    /// Takes a parameter that begins with `ssl`.
    pub(super) fn set(&mut self, name: &str, value: String) -> Result<(), String> {
        let given = (!value.is_empty()).then_some(value.clone());
        match (name, value.as_str()) {
            ("sslmode", "disable") => self.mode = Mode::Disable,
            ("sslmode", "allow") => self.mode = Mode::Allow,
            ("sslmode", "prefer") => self.mode = Mode::Prefer,
            ("sslmode", "require") => self.mode = Mode::Require,
            ("sslmode", "verify-ca") => self.mode = Mode::VerifyAuthority,
            ("sslmode", "verify-full") => self.mode = Mode::VerifyName,
            ("sslmode", _) => return Err(format!("invalid sslmode value: \"{value}\"")),
            ("sslrootcert", _) => self.root = given,
            ("sslcert", _) => self.certificate = given,
            ("sslkey", _) => self.key = given,
            // What nobody misses: compression is gone, and the name of the server is always sent.
            ("sslcompression" | "sslsni", _) => {}
            // Anything else may be what somebody relies on.
            _ => return Err(format!("{name} is not supported")),
        }
        Ok(())
    }

    /// Whether the parameters belong together.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.certificate.is_some() != self.key.is_some() {
            return Err("sslcert and sslkey need each other".to_owned());
        }
        if self.root.is_none() && self.mode >= Mode::VerifyAuthority {
            return Err("this sslmode needs sslrootcert (a file, or \"system\")".to_owned());
        }
        Ok(())
    }

    /// The ways to connect, in their order. Nobody listens to a local socket.
    pub(super) fn ways(&self, is_local: bool) -> &'static [Way] {
        match self.mode {
            _ if is_local => &[Way::Plain],
            Mode::Disable => &[Way::Plain],
            Mode::Allow => &[Way::Plain, Way::Encrypted],
            Mode::Prefer => &[Way::IfOffered, Way::Plain],
            Mode::Require | Mode::VerifyAuthority | Mode::VerifyName => &[Way::Encrypted],
        }
    }

    pub(super) fn settings(&self) -> ClientSettings {
        let system = self.root.as_deref() == Some("system");
        let verification = match &self.root {
            _ if self.mode == Mode::VerifyName || system => Verification::Name,
            Some(_) => Verification::Authority,
            None => Verification::Nothing,
        };
        let path = |text: &Option<String>| text.as_ref().map(Into::into);
        ClientSettings {
            authorities: path(&self.root).filter(|_| !system),
            directory: None,
            system,
            own: path(&self.certificate).zip(path(&self.key)),
            verification,
        }
    }
}
