// SPDX-License-Identifier: MIT OR Apache-2.0
//! What main.cf demands of a connection and this client cannot do yet: TLS and SASL.
//!
//! *Invariants*: mail for which the administrator requires encryption or a login is deferred, and
//! never sent without it. Where TLS is only welcome (`may`, `dane` without validation) mail goes
//! in the clear, as to any server that does not offer it.
//!
//! *Postfix:* the level selection of smtp_tls_policy(3), smtp_sasl_passwd_lookup.

use std::net::IpAddr;

use ipc::flags::SendOptions;
use mail::dsn::{Dsn, Status};
use maps::{LookupError, Maps};

/// The tables and settings that may demand something.
pub(crate) struct Demands {
    /// Encryption is mandatory everywhere.
    pub(crate) tls_everywhere: bool,
    /// `smtp_tls_policy_maps`.
    pub(crate) tls_policy: Maps,
    /// `smtp_sasl_password_maps`; `None` without `smtp_sasl_auth_enable`.
    pub(crate) passwords: Option<Maps>,
    /// `mydomain`.
    pub(crate) mydomain: String,
}

/// Whether a security level allows no plaintext.
pub(crate) fn is_mandatory(level: &str) -> bool {
    ["encrypt", "dane-only", "fingerprint", "verify", "secure"]
        .iter()
        .any(|known| level.eq_ignore_ascii_case(known))
}

impl Demands {
    /// The name of a table that changed since it was opened.
    pub(crate) fn changed(&self) -> Option<&str> {
        let passwords = self.passwords.as_ref().and_then(Maps::changed);
        self.tls_policy.changed().or(passwords)
    }

    /// Why a message must not go to this next hop (as written) and host.
    pub(crate) fn unmet(
        &mut self,
        options: SendOptions,
        nexthop: &str,
        domain: &str,
        host: &str,
    ) -> Option<Dsn> {
        if options.contains(SendOptions::REQUIRETLS_ESMTP) && !self.is_near(domain) {
            let text = "REQUIRETLS is required, but our TLS engine is unavailable";
            return Some(Dsn::simple(Status::new(4, 7, 5), text));
        }
        match self.tls_is_required(nexthop, domain) {
            Ok(false) => {}
            Ok(true) => {
                let text = "TLS is required, but our TLS engine is unavailable";
                return Some(Dsn::simple(Status::new(4, 7, 5), text));
            }
            Err(error) => {
                runtime::log::warning(format_args!("smtp_tls_policy_maps: {error}"));
                return Some(Dsn::simple(
                    Status::new(4, 7, 0),
                    "client TLS configuration problem",
                ));
            }
        }
        let passwords = self.passwords.as_mut()?;
        for key in [host, nexthop, domain] {
            match passwords.get(key.as_bytes()) {
                Ok(None) => {}
                Ok(Some(_)) => {
                    let text = format!(
                        "SASL authentication is required for host {host}, \
                         but is not available in this version"
                    );
                    return Some(Dsn::simple(Status::new(4, 7, 0), text));
                }
                Err(error) => {
                    runtime::log::warning(format_args!("smtp_sasl_password_maps: {error}"));
                    return Some(Dsn::simple(Status::new(4, 3, 0), "Temporary lookup error"));
                }
            }
        }
        None
    }

    /// Where the default `smtp_requiretls_policy` does not insist: ourselves, our domain, and
    /// addresses, which only an administrator can have written.
    fn is_near(&self, domain: &str) -> bool {
        let domain = domain.to_ascii_lowercase();
        let ours = self.mydomain.to_ascii_lowercase();
        let below = domain
            .strip_suffix(&ours)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        domain == "localhost" || domain.parse::<IpAddr>().is_ok() || (!ours.is_empty() && below)
    }

    fn tls_is_required(&mut self, nexthop: &str, domain: &str) -> Result<bool, LookupError> {
        if self.tls_policy.is_empty() {
            return Ok(self.tls_everywhere);
        }
        let mut found = self
            .tls_policy
            .get(nexthop.to_ascii_lowercase().as_bytes())?;
        let mut name = domain.to_ascii_lowercase();
        while found.is_none() && !name.is_empty() {
            found = self.tls_policy.get(name.as_bytes())?;
            // ".parent" stands for everything below it.
            let rest = name.strip_prefix('.').unwrap_or(&name);
            name = rest
                .find('.')
                .and_then(|dot| rest.get(dot..))
                .unwrap_or_default()
                .to_owned();
        }
        let Some(policy) = found else {
            return Ok(self.tls_everywhere);
        };
        let policy = String::from_utf8_lossy(&policy).into_owned();
        let level = crate::destination::words(&policy)
            .next()
            .unwrap_or_default()
            .to_owned();
        Ok(is_mandatory(&level))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use maps::Options;

    const NONE: SendOptions = SendOptions::empty();

    fn demands(policy: &str, passwords: &str) -> Demands {
        let open = |title: &str, text: &str| Maps::open(title, text, &Options::default()).unwrap();
        Demands {
            tls_everywhere: false,
            tls_policy: open("smtp_tls_policy_maps", policy),
            mydomain: "home.test".into(),
            passwords: (!passwords.is_empty()).then(|| open("smtp_sasl_password_maps", passwords)),
        }
    }

    #[test]
    fn a_policy_for_a_parent_domain_counts() {
        let mut demands = demands(
            "inline:{ {.example.org = encrypt}, {x.example.org = may} }",
            "",
        );
        let unmet = demands
            .unmet(NONE, "a.b.example.org", "a.b.example.org", "mx")
            .unwrap();
        assert_eq!(
            unmet.reason,
            b"TLS is required, but our TLS engine is unavailable"
        );
        assert_eq!(unmet.status.class, 4);
        assert_eq!(
            demands.unmet(NONE, "x.example.org", "x.example.org", "mx"),
            None
        );
        assert_eq!(
            demands.unmet(NONE, "example.net", "example.net", "mx"),
            None
        );
    }

    #[test]
    fn mail_that_needs_a_login_waits() {
        let mut demands = demands("", "inline:{ {[relay.test]:587 = me:secret} }");
        let unmet = demands
            .unmet(NONE, "[relay.test]:587", "relay.test", "relay.test")
            .unwrap();
        assert!(
            String::from_utf8_lossy(&unmet.reason).starts_with("SASL authentication is required")
        );
        assert_eq!(
            demands.unmet(NONE, "example.net", "example.net", "mx"),
            None
        );
    }

    #[test]
    fn a_message_that_requires_tls_stays_near() {
        let mut demands = demands("", "");
        let mut unmet = |domain: &str| {
            let unmet = demands.unmet(SendOptions::REQUIRETLS_ESMTP, domain, domain, "mx");
            unmet.is_some()
        };
        assert!(unmet("example.org") && unmet("athome.test"));
        assert!(!unmet("home.test") && !unmet("mx.Home.test") && !unmet("::1"));
        assert!(!unmet("localhost"));
    }

    #[test]
    fn opportunistic_levels_need_nothing() {
        for level in ["none", "may", "dane", ""] {
            assert!(!is_mandatory(level));
        }
        assert!(is_mandatory("Encrypt") && is_mandatory("dane-only"));
    }
}
