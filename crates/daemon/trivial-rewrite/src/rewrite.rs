// SPDX-License-Identifier: MIT OR Apache-2.0
//! The standard form of an address.
//!
//! A pure function of an address in external form, or of its words, and a few parameters.
//!
//! *Bugs*: words without operator between them get a blank also behind `site!`, where the
//! original joins them: `site!a "b"` is `"a b"@site` here, and `ab@site` there.
//!
//! *Postfix:* the rewriting rules of trivial-rewrite(8).

use mail::address::quote_822_local;
use mail::address::token::{self, TOKEN_LIMIT, Token};

/// Which forms without `@` are understood, and whether incomplete addresses are completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rules {
    pub(crate) swap_bangpath: bool,
    pub(crate) allow_percent_hack: bool,
    pub(crate) append_at_myorigin: bool,
    pub(crate) append_dot_mydomain: bool,
}

/// What an incomplete address is completed with; an empty domain adds nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Context {
    /// For addresses without domain.
    pub(crate) origin: Vec<u8>,
    /// For domains without dot.
    pub(crate) domain: Vec<u8>,
}

/// What rewriting did that its caller may want to log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Note {
    /// Nothing of interest.
    Nothing,
    /// `.mydomain` was appended.
    AppendedDomain,
}

/// The standard form of an address, external form to external form.
pub(crate) fn rewrite(address: &[u8], rules: Rules, context: &Context) -> (Vec<u8>, Note) {
    let mut words = token::scan(address, TOKEN_LIMIT);
    let note = rewrite_words(&mut words, rules, context);
    (
        if words.is_empty() {
            Vec::new()
        } else {
            quoted(&internal(&words))
        },
        note,
    )
}

/// An address in external form. A localpart that is empty, alone or behind a source route, is an
/// empty quoted string.
pub(crate) fn quoted(address: &[u8]) -> Vec<u8> {
    let colon = address.iter().position(|byte| *byte == b':');
    let only_route =
        address.first() == Some(&b'@') && colon.is_some_and(|colon| colon + 1 == address.len());
    if only_route || address.is_empty() {
        return [address, b"\"\""].concat();
    }
    quote_822_local(address)
}

/// The address that words make, in internal form. Words that no operator separates get a blank
/// between them, and so do items of lists.
pub(crate) fn internal(words: &[Token]) -> Vec<u8> {
    let mut address = Vec::new();
    let mut before: Option<&Token> = None;
    for word in words {
        if before.is_some_and(|before| {
            before.is(b',') || word.is(b'<') || (before.is_text() && word.is_text())
        }) {
            address.push(b' ');
        }
        before = Some(word);
        match word {
            Token::Atom(text) | Token::Quoted(text) | Token::Comment(text) => {
                address.extend_from_slice(text);
            }
            Token::Literal(text) => {
                address.push(b'[');
                address.extend_from_slice(text);
                address.push(b']');
            }
            Token::Operator(byte) => address.push(*byte),
        }
    }
    address
}

/// The standard form of an address that is split into words.
pub(crate) fn rewrite_words(words: &mut Vec<Token>, rules: Rules, context: &Context) -> Note {
    match words.as_slice() {
        [] => return Note::Nothing,
        [Token::Quoted(text)] if text.is_empty() => return Note::Nothing,
        // A lone "@" is a way to write the empty address.
        [Token::Operator(b'@')] => {
            *words = vec![Token::Quoted(Vec::new())];
            return Note::Nothing;
        }
        _ => {}
    }
    strip_source_route(words);
    if last(words, b'@').is_none() {
        make_domain(words, rules, context);
    }
    let note = complete_domain(words, rules, context);
    strip_trailing_dot(words);
    note
}

/// `@relay,@relay:user@domain` becomes `user@domain`.
fn strip_source_route(words: &mut Vec<Token>) {
    if words.first().is_some_and(|word| word.is(b'@'))
        && let Some(colon) = first(words, b':')
        && colon + 1 < words.len()
    {
        words.drain(..=colon);
    }
}

/// Gives an address without `@` a domain: `site!user`, then `user%domain`, then the default.
fn make_domain(words: &mut Vec<Token>, rules: Rules, context: &Context) {
    if rules.swap_bangpath
        && let Some(bang) = first(words, b'!')
    {
        let mut user = words.split_off(bang + 1);
        words.truncate(bang);
        user.push(Token::Operator(b'@'));
        user.append(words);
        *words = user;
    } else if rules.allow_percent_hack
        && let Some(percent) = last(words, b'%')
    {
        if let Some(word) = words.get_mut(percent) {
            *word = Token::Operator(b'@');
        }
    } else if rules.append_at_myorigin && !context.origin.is_empty() {
        words.push(Token::Operator(b'@'));
        words.extend(token::scan(&context.origin, TOKEN_LIMIT));
    }
}

/// Gives a domain without dot its parent domain.
fn complete_domain(words: &mut Vec<Token>, rules: Rules, context: &Context) -> Note {
    if !rules.append_dot_mydomain || context.domain.is_empty() {
        return Note::Nothing;
    }
    let Some(at) = last(words, b'@') else {
        return Note::Nothing;
    };
    let domain = words.get(at + 1..).unwrap_or_default();
    let complete = |word: &Token| word.is(b'.') || matches!(word, Token::Literal(_));
    if domain.is_empty() || domain.iter().any(complete) {
        return Note::Nothing;
    }
    words.push(Token::Operator(b'.'));
    words.extend(token::scan(&context.domain, TOKEN_LIMIT));
    Note::AppendedDomain
}

/// `domain.` is `domain`; broken forms such as `domain..` stay as they are, so that diagnostics
/// show them.
pub(crate) fn strip_trailing_dot(words: &mut Vec<Token>) {
    if let [.., before, end] = words.as_slice()
        && end.is(b'.')
        && !before.is(b'.')
        && !before.is(b'@')
    {
        words.pop();
    }
}

fn first(words: &[Token], operator: u8) -> Option<usize> {
    words.iter().position(|word| word.is(operator))
}

/// Where the last such operator stands.
pub(crate) fn last(words: &[Token], operator: u8) -> Option<usize> {
    words.iter().rposition(|word| word.is(operator))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: Rules = Rules {
        swap_bangpath: true,
        allow_percent_hack: true,
        append_at_myorigin: true,
        append_dot_mydomain: true,
    };

    fn local() -> Context {
        Context {
            origin: b"origin.tld".to_vec(),
            domain: b"dom.tld".to_vec(),
        }
    }

    fn rewritten(address: &str) -> String {
        String::from_utf8(rewrite(address.as_bytes(), RULES, &local()).0).unwrap()
    }

    #[test]
    fn incomplete_addresses_are_completed() {
        for (address, expected) in [
            ("user", "user@origin.tld"),
            ("user@host", "user@host.dom.tld"),
            ("user@host.sub", "user@host.sub"),
            ("user@", "user@"),
            ("user@[1.2.3.4]", "user@[1.2.3.4]"),
            ("\"\"", "\"\""),
            ("@", "\"\""),
            ("\"a b\"", "\"a b\"@origin.tld"),
        ] {
            assert_eq!(rewritten(address), expected, "{address}");
        }
    }

    #[test]
    fn other_networks_forms_become_standard_form() {
        for (address, expected) in [
            ("site!user", "user@site.dom.tld"),
            ("a.b!c!user", "c!user@a.b"),
            ("user%host", "user@host.dom.tld"),
            ("user%a.b%c.d", "user%a.b@c.d"),
            ("site!user%x", "user%x@site.dom.tld"),
            ("user%a@b.c", "user%a@b.c"),
            ("@a,@b:user@c.d", "user@c.d"),
            ("@a,@b:", "@a, @b:\".dom.tld\""),
        ] {
            assert_eq!(rewritten(address), expected, "{address}");
        }
    }

    #[test]
    fn one_trailing_dot_is_dropped() {
        for (address, expected) in [
            ("user@a.b.", "user@a.b"),
            ("user@a.b..", "user@a.b.."),
            ("user@.", "user@."),
            ("user.", "\"user.\"@origin.tld"),
        ] {
            assert_eq!(rewritten(address), expected, "{address}");
        }
    }

    #[test]
    fn rules_that_are_off_leave_the_address_alone() {
        let rules = Rules {
            swap_bangpath: false,
            allow_percent_hack: false,
            append_at_myorigin: false,
            append_dot_mydomain: false,
        };
        for address in ["a!b", "a%b", "a", "a@b"] {
            assert_eq!(
                rewrite(address.as_bytes(), rules, &local()).0,
                address.as_bytes()
            );
        }
        let remote = Context {
            origin: Vec::new(),
            domain: Vec::new(),
        };
        assert_eq!(rewrite(b"a", RULES, &remote).0, b"a");
        assert_eq!(rewrite(b"a@b", RULES, &remote).0, b"a@b");
        assert_eq!(rewrite(b"a!b", RULES, &remote).0, b"b@a");
    }
}
