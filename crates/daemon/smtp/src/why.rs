// SPDX-License-Identifier: MIT OR Apache-2.0
//! The latest reason why a recipient is not delivered yet.
//!
//! A soft reason is not replaced by a hard one while hosts are being looked up, so that one
//! unreachable name server does not make mail bounce.
//!
//! *Postfix:* the `why` of smtp(8), dsb_simple(3).

use delivery::trouble::error_text;
use mail::dsn::{Dsn, Status};

/// A reason, if there is one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Why(Option<Dsn>);

impl Why {
    /// A reason of our own.
    pub(crate) fn set(&mut self, status: Status, text: impl Into<String>) {
        self.0 = Some(Dsn::simple(status, text.into().into_bytes()));
    }

    /// A reason of any kind.
    pub(crate) fn set_dsn(&mut self, dsn: Dsn) {
        self.0 = Some(dsn);
    }

    /// A reason that came up during a lookup: its class is 4 when the one before was.
    pub(crate) fn set_lookup(&mut self, status: Status, softer: Status, text: String) {
        let status = if self.is_soft() { softer } else { status };
        self.set(status, text);
    }

    /// Makes a permanent reason a temporary one.
    pub(crate) fn soften(&mut self) {
        if let Some(dsn) = &mut self.0 {
            dsn.status = dsn.status.with_class(4);
        }
    }

    /// Replaces the status, keeping the text.
    pub(crate) fn set_status(&mut self, status: Status) {
        if let Some(dsn) = &mut self.0 {
            dsn.status = status;
        }
    }

    /// Whether there is a reason at all.
    pub(crate) fn is_set(&self) -> bool {
        self.0.is_some()
    }

    /// Whether it is temporary.
    pub(crate) fn is_soft(&self) -> bool {
        self.0.as_ref().is_some_and(|dsn| dsn.status.class == 4)
    }

    /// Whether it is that mail would come back to us.
    pub(crate) fn is_loop(&self) -> bool {
        let is_loop = |dsn: &Dsn| (dsn.status.subject, dsn.status.detail) == (4, 6);
        self.0.as_ref().is_some_and(is_loop)
    }

    /// The text, for the log.
    pub(crate) fn text(&self) -> String {
        let text = self
            .0
            .as_ref()
            .map(|dsn| String::from_utf8_lossy(&dsn.reason).into_owned());
        text.unwrap_or_default()
    }

    /// The reason, or an excuse when there is none.
    pub(crate) fn to_dsn(&self) -> Dsn {
        let excuse = || {
            let text = "server unavailable or unable to receive mail";
            Dsn::simple(Status::new(4, 3, 0), text)
        };
        self.0.clone().unwrap_or_else(excuse)
    }
}

/// The system's words for a failed connection.
pub(crate) fn connect_error(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::TimedOut | std::io::ErrorKind::WouldBlock => {
            "Connection timed out".to_owned()
        }
        _ => error_text(error),
    }
}
