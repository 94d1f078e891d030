// SPDX-License-Identifier: MIT OR Apache-2.0
//! Old firewalls that edit SMTP: how they are recognised, and what is done about them.
//!
//! *Postfix:* the PIX workarounds of smtp_helo.

use std::fmt;
use std::time::Duration;

use runtime::log;

use crate::destination::words;

/// Which workarounds are wanted (`smtp_pix_workarounds`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Workarounds {
    /// Say HELO.
    pub(crate) disable_esmtp: bool,
    /// Pause before the final dot, once a message waited for `threshold`.
    pub(crate) delay_dotcrlf: bool,
    /// See above.
    pub(crate) threshold: Duration,
}

impl Workarounds {
    /// Reads the list; unknown words are warned about.
    pub(crate) fn parse(list: &str, threshold: Duration) -> Workarounds {
        let mut wanted = Workarounds {
            threshold,
            ..Workarounds::default()
        };
        for word in words(list) {
            match word.to_ascii_lowercase().as_str() {
                "disable_esmtp" => wanted.disable_esmtp = true,
                "delay_dotcrlf" => wanted.delay_dotcrlf = true,
                _ => log::warning(format_args!("unknown PIX workaround: \"{word}\"")),
            }
        }
        wanted
    }

    /// Whether this greeting was blinded out by a firewall: `220 ***2**0*`.
    pub(crate) fn are_needed(greeting: &[u8]) -> bool {
        greeting.iter().all(|byte| b"20 *\t\n".contains(byte))
    }

    /// What to do for a message that waited for so long.
    pub(crate) fn for_age(mut self, age: Duration) -> Workarounds {
        self.delay_dotcrlf &= age >= self.threshold;
        self
    }

    /// Whether there is nothing to do.
    pub(crate) fn is_empty(self) -> bool {
        !self.disable_esmtp && !self.delay_dotcrlf
    }
}

impl fmt::Display for Workarounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match (self.disable_esmtp, self.delay_dotcrlf) {
            (true, true) => "disable_esmtp delay_dotcrlf",
            (true, false) => "disable_esmtp",
            (false, true) => "delay_dotcrlf",
            (false, false) => "",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_comes_with_age_only() {
        let hour = Duration::from_secs(3600);
        let wanted = Workarounds::parse("disable_esmtp, delay_dotcrlf", hour);
        assert_eq!(wanted.for_age(Duration::ZERO).to_string(), "disable_esmtp");
        assert_eq!(
            wanted.for_age(hour).to_string(),
            "disable_esmtp delay_dotcrlf"
        );
        assert!(Workarounds::are_needed(b"220 ***2**0*"));
        assert!(!Workarounds::are_needed(b"220 mx"));
    }
}
