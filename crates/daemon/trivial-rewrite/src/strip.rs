// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which domain decides where an address goes.
//!
//! `user%other@here` names another machine as soon as `@here` is this machine: local domains are
//! taken off, and what remains is brought into standard form, until the last domain is not local
//! or no domain is left. Also quoted local parts are looked into, because not every system on the
//! way respects the quotes, and mail must not be relayed by trickery.
//!
//! *Invariants*: ends after a number of rounds that is bounded by the length of the address.
//!
//! *Postfix:* the resolving loop of trivial-rewrite(8).

use crate::rewrite::{Context, Rules, internal, last, quoted, rewrite_words, strip_trailing_dot};
use mail::address::token::{self, TOKEN_LIMIT, Token};
use maps::LookupError;

/// What resolving needs to know besides the address.
pub(crate) struct Stripper {
    pub(crate) rules: Rules,
    /// The context of local mail.
    pub(crate) context: Context,
    /// `resolve_null_domain`: `user@` is `user`.
    pub(crate) null_domain: bool,
    /// `resolve_dequoted_address`: look into quoted local parts.
    pub(crate) dequoted: bool,
    /// `empty_address_recipient`.
    pub(crate) empty_address: Vec<u8>,
    /// `myhostname`.
    pub(crate) hostname: Vec<u8>,
}

/// An address whose deciding domain is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stripped {
    /// The words of the address, with a domain.
    pub(crate) words: Vec<Token>,
    /// Whether the domain is this machine.
    pub(crate) local: bool,
}

/// Why there is no such domain.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum StripError {
    /// It cannot be found out now whether a domain is local.
    Lookup(LookupError),
    /// Something goes round in circles; the number of rounds.
    Endless(usize),
}

impl Stripper {
    /// Takes local domains off an address in internal form.
    pub(crate) fn strip(
        &self,
        address: &[u8],
        is_local: &mut dyn FnMut(&[u8]) -> Result<bool, LookupError>,
    ) -> Result<Stripped, StripError> {
        let mut words = token::scan(&quoted(address), TOKEN_LIMIT);
        let mut removed: Option<Vec<Token>> = None;
        let limit = address.len() + 100;
        for _ in 0..=limit {
            if last(&words, b'@').is_some() {
                strip_trailing_dot(&mut words);
            }
            if self.null_domain && words.last().is_some_and(|word| word.is(b'@')) {
                words.pop();
            }
            if let Some(at) = last(&words, b'@') {
                let domain = words.get(at + 1..).unwrap_or_default();
                if !domain.is_empty() && !is_local(&internal(domain)).map_err(StripError::Lookup)? {
                    return Ok(Stripped {
                        words,
                        local: false,
                    });
                }
                removed = Some(words.split_off(at));
            }
            if self.has_routing(&words) {
                rewrite_words(&mut words, self.rules, &self.context);
                continue;
            }
            if self.open_quotes(&mut words) {
                continue;
            }
            if matches!(words.as_slice(), [Token::Quoted(text)] if text.is_empty()) {
                words.clear();
            }
            if words.is_empty() {
                words = token::scan(&self.empty_address, TOKEN_LIMIT);
                continue;
            }
            match removed {
                Some(domain) => {
                    words.extend(domain);
                    return Ok(Stripped { words, local: true });
                }
                // Without any domain, it is our own; whether that is local, is asked as for all.
                None => {
                    words.push(Token::Operator(b'@'));
                    words.extend(token::scan(&self.hostname, TOKEN_LIMIT));
                }
            }
        }
        Err(StripError::Endless(limit))
    }

    fn has_routing(&self, words: &[Token]) -> bool {
        last(words, b'@').is_some()
            || (self.rules.swap_bangpath && last(words, b'!').is_some())
            || (self.rules.allow_percent_hack && last(words, b'%').is_some())
    }

    /// Opens a local part that is one quoted string with a routing operator in it.
    fn open_quotes(&self, words: &mut Vec<Token>) -> bool {
        let [Token::Quoted(text)] = words.as_slice() else {
            return false;
        };
        if !self.dequoted {
            return false;
        }
        let find = |operator: u8| text.iter().rposition(|byte| *byte == operator);
        let mut opened = text.clone();
        let text = if find(b'@').is_some() {
            quoted(&opened)
        } else if let Some(percent) = find(b'%').filter(|_| self.rules.allow_percent_hack) {
            if let Some(byte) = opened.get_mut(percent) {
                *byte = b'@';
            }
            quoted(&opened)
        } else if find(b'!').is_some() && self.rules.swap_bangpath {
            opened
        } else {
            return false;
        };
        *words = token::scan(&text, TOKEN_LIMIT);
        rewrite_words(words, self.rules, &self.context);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stripper() -> Stripper {
        Stripper {
            rules: Rules {
                swap_bangpath: true,
                allow_percent_hack: true,
                append_at_myorigin: true,
                append_dot_mydomain: false,
            },
            context: Context {
                origin: b"here.tld".to_vec(),
                domain: b"tld".to_vec(),
            },
            null_domain: false,
            dequoted: true,
            empty_address: b"MAILER-DAEMON".to_vec(),
            hostname: b"here.tld".to_vec(),
        }
    }

    fn strip_with(stripper: &Stripper, address: &str) -> (String, bool) {
        let mut is_local = |domain: &[u8]| Ok(domain == b"here.tld" || domain == b"[127.0.0.1]");
        let stripped = stripper.strip(address.as_bytes(), &mut is_local).unwrap();
        let words = internal(&stripped.words);
        (String::from_utf8(words).unwrap(), stripped.local)
    }

    fn strip(address: &str) -> (String, bool) {
        strip_with(&stripper(), address)
    }

    fn local(address: &str) -> (String, bool) {
        (address.to_owned(), true)
    }

    fn remote(address: &str) -> (String, bool) {
        (address.to_owned(), false)
    }

    #[test]
    fn the_last_domain_decides_unless_it_is_local() {
        assert_eq!(strip("user@there.tld"), remote("user@there.tld"));
        assert_eq!(strip("user@here.tld"), local("user@here.tld"));
        assert_eq!(strip("user@here.tld."), local("user@here.tld"));
        assert_eq!(strip("user@[127.0.0.1]"), local("user@[127.0.0.1]"));
        assert_eq!(strip("user%there.tld@here.tld"), remote("user@there.tld"));
        assert_eq!(strip("there.tld!user@here.tld"), remote("user@there.tld"));
        assert_eq!(strip("user@there.tld@here.tld"), remote("user@there.tld"));
        assert_eq!(strip("user%here.tld@here.tld"), local("user@here.tld"));
        assert_eq!(strip("user%a.b@there.tld"), remote("user%a.b@there.tld"));
    }

    #[test]
    fn quotes_do_not_hide_a_route() {
        assert_eq!(strip("a b%there.tld@here.tld"), remote("a b@there.tld"));
        assert_eq!(strip("a b@there.tld@here.tld"), remote("a b@there.tld"));
        let closed = Stripper {
            dequoted: false,
            ..stripper()
        };
        assert_eq!(
            strip_with(&closed, "a b%there.tld@here.tld"),
            local("a b%there.tld@here.tld")
        );
    }

    #[test]
    fn the_empty_address_has_a_mailbox() {
        assert_eq!(strip(""), local("MAILER-DAEMON@here.tld"));
        assert_eq!(strip("@here.tld"), local("MAILER-DAEMON@here.tld"));
        assert_eq!(strip("user"), local("user@here.tld"));
    }

    #[test]
    fn a_missing_domain_is_an_error_later_or_the_own_one() {
        assert_eq!(strip("user@"), local("user@"));
        let lenient = Stripper {
            null_domain: true,
            ..stripper()
        };
        assert_eq!(strip_with(&lenient, "user@"), local("user@here.tld"));
    }

    #[test]
    fn a_host_name_that_is_not_local_and_endless_configurations_end() {
        let mut nothing_is_local = |_: &[u8]| Ok(false);
        let stripped = stripper().strip(b"user", &mut nothing_is_local).unwrap();
        assert!(!stripped.local);
        let silly = Stripper {
            empty_address: Vec::new(),
            ..stripper()
        };
        let mut all_is_local = |_: &[u8]| Ok(true);
        assert_eq!(
            silly.strip(b"", &mut all_is_local),
            Err(StripError::Endless(100))
        );
    }

    #[test]
    fn a_failing_table_is_reported() {
        let error = LookupError::Retry("down".to_owned());
        let mut failing = |_: &[u8]| Err(LookupError::Retry("down".to_owned()));
        assert_eq!(
            stripper().strip(b"a@b", &mut failing),
            Err(StripError::Lookup(error))
        );
    }
}
