// SPDX-License-Identifier: MIT OR Apache-2.0
//! Defaults of long ago that are in force, and are told of where they make a difference.
//!
//! *Postfix:* the `warn_compat_` variables of mail_params(3), as smtpd(8) uses them.

use config::{ConfigError, Legacy, MainCf, Notice};

/// What to say about each.
pub(crate) struct Notices {
    pub(crate) fast_flush_domains: Notice,
    pub(crate) fingerprint_digest: Notice,
    pub(crate) mynetworks: Notice,
    pub(crate) relay_domains: Notice,
    pub(crate) relay_restrictions: Notice,
    pub(crate) relay_after_recipient: Notice,
    pub(crate) smtputf8: Notice,
}

impl Notices {
    pub(crate) fn of(main_cf: &MainCf) -> Result<Notices, ConfigError> {
        Ok(Notices {
            fast_flush_domains: Legacy::FastFlushDomains.notice(main_cf)?,
            fingerprint_digest: Legacy::SmtpdTlsFingerprintDigest.notice(main_cf)?,
            mynetworks: Legacy::MynetworksStyle.notice(main_cf)?,
            relay_domains: Legacy::RelayDomains.notice(main_cf)?,
            relay_restrictions: Legacy::SmtpdRelayRestrictions.notice(main_cf)?,
            relay_after_recipient: Legacy::SmtpdRelayBeforeRecipientRestrictions.notice(main_cf)?,
            smtputf8: Legacy::Smtputf8Enable.notice(main_cf)?,
        })
    }
}
