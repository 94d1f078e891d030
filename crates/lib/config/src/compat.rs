// SPDX-License-Identifier: MIT OR Apache-2.0
//! Compatibility levels: which historical defaults are in force.
//!
//! `compatibility_level` says which release the configuration was written for. Below a
//! threshold a default stays what it was, and the program that depends on it says so where it
//! makes a difference, "using backwards-compatible default setting …".
//!
//! *Postfix:* `global/compat_level`, `global/mail_params.c`.

use std::fmt;

use runtime::log;

use crate::error::ConfigError;
use crate::main_cf::MainCf;
use crate::table::Prefix;

/// A level, `major[.minor[.patch]]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Level([u16; 3]);

impl Level {
    /// The last threshold that changes a default.
    pub const LAST: Level = Level([3, 11, 0]);

    /// Reads a level.
    ///
    /// # Errors
    /// Anything but one to three numbers below 1024 (the first: below 2048) with dots between.
    pub fn parse(text: &str) -> Result<Level, ConfigError> {
        let malformed =
            || ConfigError::Syntax(format!("malformed compatibility level syntax: \"{text}\""));
        let mut parts = [0; 3];
        let mut numbers = text.split('.');
        for (at, part) in parts.iter_mut().enumerate() {
            let Some(number) = numbers.next() else {
                if at == 0 {
                    return Err(malformed());
                }
                break;
            };
            if !number.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(malformed());
            }
            *part = number.parse().map_err(|_| malformed())?;
            if *part >= if at == 0 { 2048 } else { 1024 } {
                return Err(malformed());
            }
        }
        if numbers.next().is_some() {
            Err(malformed())
        } else {
            Ok(Level(parts))
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        let Level([major, minor, patch]) = self;
        match (minor, patch) {
            (0, 0) => write!(out, "{major}"),
            (_, 0) => write!(out, "{major}.{minor}"),
            _ => write!(out, "{major}.{minor}.{patch}"),
        }
    }
}

/// A default that was different in earlier releases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named after the parameters")]
pub enum Legacy {
    AppendDotMydomain,
    /// The chroot column of `master.cf`.
    Chroot,
    SmtpdRelayRestrictions,
    Smtputf8Enable,
    RelayDomains,
    FastFlushDomains,
    MynetworksStyle,
    SmtpdTlsFingerprintDigest,
    SmtpTlsFingerprintDigest,
    LmtpTlsFingerprintDigest,
    SmtpdRelayBeforeRecipientRestrictions,
    RespectfulLogging,
    SmtpTlsSecurityLevel,
}

impl Legacy {
    /// The parameters whose presence settles the matter, the level below which the old
    /// default is in force, and the setting that it amounts to.
    fn facts(self) -> (&'static [&'static str], Level, &'static str) {
        const ONE: Level = Level([1, 0, 0]);
        const TWO: Level = Level([2, 0, 0]);
        const THREE_SIX: Level = Level([3, 6, 0]);
        match self {
            Legacy::AppendDotMydomain => (&["append_dot_mydomain"], ONE, "append_dot_mydomain=yes"),
            Legacy::Chroot => (&[], ONE, "chroot=y"),
            Legacy::SmtpdRelayRestrictions => (
                &["smtpd_relay_restrictions"],
                ONE,
                "\"smtpd_relay_restrictions = (empty)\"",
            ),
            Legacy::Smtputf8Enable => (&["smtputf8_enable"], ONE, "smtputf8_enable=no"),
            Legacy::RelayDomains => (&["relay_domains"], TWO, "relay_domains=$mydestination"),
            Legacy::FastFlushDomains => (
                &["relay_domains", "fast_flush_domains"],
                TWO,
                "relay_domains=$mydestination",
            ),
            Legacy::MynetworksStyle => (
                &["mynetworks", "mynetworks_style"],
                TWO,
                "mynetworks_style=subnet",
            ),
            Legacy::SmtpdTlsFingerprintDigest => (
                &["smtpd_tls_fingerprint_digest"],
                THREE_SIX,
                "smtpd_tls_fingerprint_digest=md5",
            ),
            Legacy::SmtpTlsFingerprintDigest => (
                &["smtp_tls_fingerprint_digest"],
                THREE_SIX,
                "smtp_tls_fingerprint_digest=md5",
            ),
            Legacy::LmtpTlsFingerprintDigest => (
                &["lmtp_tls_fingerprint_digest"],
                THREE_SIX,
                "lmtp_tls_fingerprint_digest=md5",
            ),
            Legacy::SmtpdRelayBeforeRecipientRestrictions => (
                &["smtpd_relay_before_recipient_restrictions"],
                THREE_SIX,
                "smtpd_relay_before_recipient_restrictions=no",
            ),
            Legacy::RespectfulLogging => {
                (&["respectful_logging"], THREE_SIX, "respectful_logging=no")
            }
            Legacy::SmtpTlsSecurityLevel => (
                &["smtp_tls_security_level"],
                Level::LAST,
                "smtp_tls_security_level=(empty)",
            ),
        }
    }

    /// What to say where the old default makes a difference.
    ///
    /// # Errors
    /// A malformed `compatibility_level`.
    pub fn notice(self, main_cf: &MainCf) -> Result<Notice, ConfigError> {
        let (parameters, threshold, setting) = self.facts();
        let is_settled = parameters.iter().any(|name| main_cf.is_set(name));
        let in_force = !is_settled && main_cf.level()? < threshold;
        Ok(Notice(in_force.then_some(setting)))
    }
}

/// What a program says where an old default makes a difference; nothing when it is not in force.
#[derive(Clone, Copy, Debug, Default)]
pub struct Notice(Option<&'static str>);

impl Notice {
    /// Whether the old default is in force.
    #[must_use]
    pub fn in_force(self) -> bool {
        self.0.is_some()
    }

    /// The beginning of the line: what is in force.
    #[must_use]
    pub fn text(self) -> Option<String> {
        let setting = self.0?;
        Some(format!(
            "using backwards-compatible default setting {setting}"
        ))
    }

    /// Logs that the old default has this consequence, "to accept mail for ...".
    pub fn tell(self, consequence: impl fmt::Display) {
        if let Some(text) = self.text() {
            log::info(format_args!("{text} {consequence}"));
        }
    }
}

/// [`Legacy::FastFlushDomains`] as a member of a set made by [`select!`](crate::select!).
pub struct FastFlushNotice(pub Notice);

impl FastFlushNotice {
    /// What to say; the default is the same for all programs.
    ///
    /// # Errors
    /// Those of [`Legacy::notice`].
    pub fn load_as(main_cf: &MainCf, _: Prefix) -> Result<FastFlushNotice, ConfigError> {
        Legacy::FastFlushDomains
            .notice(main_cf)
            .map(FastFlushNotice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn levels_compare_part_by_part() {
        let level = |text| Level::parse(text).expect("a level");
        assert!(level("3.6") < level("3.10"));
        assert!(level("3") < level("3.0.1"));
        assert_eq!(level("2"), level("2.0.0"));
        for bad in ["", "x", "-1", "3.", ".3", "3.6.1.2", "99999", "3.1024"] {
            assert!(Level::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(level("3.06").to_string(), "3.6");
    }

    #[test]
    fn a_setting_or_a_level_silences_the_notice() {
        let notice = |text| {
            let main_cf = MainCf::from_text(Path::new("/nowhere"), text).expect("it parses");
            Legacy::AppendDotMydomain
                .notice(&main_cf)
                .expect("the level is good")
                .text()
        };
        let text = "using backwards-compatible default setting append_dot_mydomain=yes";
        assert_eq!(notice("").as_deref(), Some(text));
        assert_eq!(notice("append_dot_mydomain = yes\n"), None);
        assert_eq!(notice("compatibility_level = 1\n"), None);
    }
}
