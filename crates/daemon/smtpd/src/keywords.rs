// SPDX-License-Identifier: MIT OR Apache-2.0
//! EHLO keywords that are hidden from clients (smtpd_discard_ehlo_keywords).
//!
//! *Postfix:* global/ehlo_mask(3).

use runtime::log;

/// The keywords, by the names of the parameter.
const NAMES: [&str; 15] = [
    "PIPELINING",
    "SIZE",
    "VRFY",
    "ETRN",
    "STARTTLS",
    "AUTH",
    "VERP",
    "XCLIENT",
    "XFORWARD",
    "ENHANCEDSTATUSCODES",
    "8BITMIME",
    "DSN",
    "SMTPUTF8",
    "CHUNKING",
    "REQTLS",
];

/// Some keywords.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hidden {
    keywords: Vec<&'static str>,
    silent: bool,
}

impl Hidden {
    /// Reads a list of names; `silent-discard` suppresses the log line.
    pub(crate) fn parse(text: &str) -> Hidden {
        let mut hidden = Hidden::default();
        for word in text
            .split([',', ' ', '\t', '\n'])
            .filter(|word| !word.is_empty())
        {
            if word.eq_ignore_ascii_case("silent-discard") {
                hidden.silent = true;
                continue;
            }
            match NAMES.iter().find(|name| word.eq_ignore_ascii_case(name)) {
                Some(name) => hidden.keywords.push(name),
                None => log::warning(format_args!(
                    "unknown EHLO keyword \"{word}\" in \"{text}\""
                )),
            }
        }
        hidden
    }

    /// Whether a keyword is hidden.
    pub(crate) fn has(&self, keyword: &str) -> bool {
        self.keywords.contains(&keyword)
    }

    /// What the log line lists; nothing when there should be none.
    pub(crate) fn listing(&self) -> Option<String> {
        (!self.silent && !self.keywords.is_empty()).then(|| self.keywords.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_without_regard_to_case() {
        let hidden = Hidden::parse("pipelining, Dsn silent-discard");
        assert!(hidden.has("PIPELINING") && hidden.has("DSN") && !hidden.has("SIZE"));
        assert_eq!(hidden.listing(), None);
        assert_eq!(
            Hidden::parse("dsn size").listing().as_deref(),
            Some("DSN SIZE")
        );
        assert_eq!(Hidden::parse(" ").listing(), None);
    }
}
