// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a mechanism is like, and what a session demands of it.
//!
//! *Postfix:* the security options of xsasl_server(3), SASL_README.

use bitflags::bitflags;

bitflags! {
    /// Weaknesses and strengths of a mechanism.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct Traits: u8 {
        /// The password travels as it is.
        const PLAINTEXT = 1;
        /// Falls to an active attack.
        const ACTIVE = 2;
        /// Falls to guessing by somebody who listened.
        const DICTIONARY = 4;
        /// Names nobody.
        const ANONYMOUS = 8;
        /// Past sessions stay secret when the password becomes known.
        const FORWARD_SECRECY = 16;
        /// The server proves who it is, too.
        const MUTUAL_AUTH = 32;
        /// Not for clients.
        const PRIVATE = 64;
    }
}

/// The traits by the names that authentication servers use.
const NAMES: [(&str, Traits); 7] = [
    ("plaintext", Traits::PLAINTEXT),
    ("active", Traits::ACTIVE),
    ("dictionary", Traits::DICTIONARY),
    ("anonymous", Traits::ANONYMOUS),
    ("forward-secrecy", Traits::FORWARD_SECRECY),
    ("mutual-auth", Traits::MUTUAL_AUTH),
    ("private", Traits::PRIVATE),
];

impl Traits {
    /// The trait with this name, without regard to case.
    pub(crate) fn find(name: &str) -> Option<Traits> {
        NAMES
            .iter()
            .find(|(known, _)| name.eq_ignore_ascii_case(known))
            .map(|(_, traits)| *traits)
    }
}

/// What a session demands of a mechanism.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Security {
    forbidden: Traits,
    required: Traits,
}

impl Security {
    /// Reads the value of `smtpd_sasl_security_options`.
    ///
    /// # Errors
    /// The word that is no such option.
    pub fn parse(text: &str) -> Result<Security, String> {
        let mut security = Security::default();
        let words = text.split([',', ' ', '\t', '\r', '\n']);
        for word in words.filter(|word| !word.is_empty()) {
            match word.to_ascii_lowercase().as_str() {
                "noplaintext" => security.forbidden |= Traits::PLAINTEXT,
                "noactive" => security.forbidden |= Traits::ACTIVE,
                "nodictionary" => security.forbidden |= Traits::DICTIONARY,
                "noanonymous" => security.forbidden |= Traits::ANONYMOUS,
                "forward_secrecy" => security.required |= Traits::FORWARD_SECRECY,
                "mutual_auth" => security.required |= Traits::MUTUAL_AUTH,
                _ => return Err(word.to_owned()),
            }
        }
        Ok(security)
    }

    /// Whether a mechanism like this may be used.
    #[must_use]
    pub fn allows(self, traits: Traits) -> bool {
        traits.contains(self.required) && !traits.intersects(self.forbidden | Traits::PRIVATE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(options: &str, traits: Traits) -> bool {
        Security::parse(options).expect("options").allows(traits)
    }

    #[test]
    fn weaknesses_are_forbidden_and_strengths_required() {
        assert!(allows("", Traits::PLAINTEXT | Traits::ANONYMOUS));
        assert!(!allows("noanonymous, noplaintext", Traits::PLAINTEXT));
        assert!(!allows("NoDictionary", Traits::DICTIONARY));
        assert!(!allows("noactive", Traits::ACTIVE));
        assert!(!allows("mutual_auth", Traits::FORWARD_SECRECY));
        assert!(allows("forward_secrecy", Traits::FORWARD_SECRECY));
        assert!(!allows("", Traits::PRIVATE));
    }

    #[test]
    fn an_option_that_nobody_knows_is_named() {
        assert_eq!(
            Security::parse("noanonymous noclue"),
            Err("noclue".to_owned())
        );
    }
}
