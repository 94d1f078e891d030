// SPDX-License-Identifier: MIT OR Apache-2.0
//! The command line: words, addresses, parameters. Lenient, as Postfix is.
//!
//! Addresses stay in external form here: the address parser needs the quotes to find the
//! address among whatever else a client put there.
//!
//! *Errors:* a part that is not finished (`<a@b`, `"a`) is [`Kind::Malformed`]; which command
//! minds is the server's business.
//!
//! *Postfix:* smtpd_token(3), and the address extraction of smtpd(8).

use crate::address::header_list::{List, Node};
use crate::address::token;

/// What an argument looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A word.
    Word,
    /// Something with angle brackets.
    Address,
    /// An unfinished quoted string or bracket.
    Malformed,
}

/// One argument of a command, in external form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// What it looks like.
    pub kind: Kind,
    /// The text, with brackets and quotes.
    pub text: Vec<u8>,
}

impl Argument {
    /// Whether the text is this word, without regard to case.
    pub fn is(&self, word: &str) -> bool {
        self.text.eq_ignore_ascii_case(word.as_bytes())
    }

    /// The value of a parameter `NAME=value`, if this is one with that name.
    pub fn value(&self, name: &str) -> Option<&[u8]> {
        let (start, rest) = self.text.split_at_checked(name.len())?;
        let value = rest.strip_prefix(b"=")?;
        start.eq_ignore_ascii_case(name.as_bytes()).then_some(value)
    }
}

/// Splits a command line into its arguments; the first is the verb. Blanks separate arguments,
/// except in quotes and angle brackets; so does the colon of `FROM:` and `TO:`.
pub fn arguments(line: &[u8]) -> Vec<Argument> {
    let mut rest = line;
    let mut arguments = Vec::new();
    while let Some((argument, tail)) = argument(rest, arguments.len() == 1) {
        arguments.push(argument);
        rest = tail;
    }
    arguments
}

fn argument(line: &[u8], colon_ends: bool) -> Option<(Argument, &[u8])> {
    let line = line.trim_ascii_start();
    line.first()?;
    let mut kind = Kind::Word;
    let mut end = 0;
    while let Some(&byte) = line.get(end) {
        if byte.is_ascii_whitespace() {
            break;
        }
        end += 1;
        match byte {
            b'\\' => end += 1,
            b':' if colon_ends && is_path_label(line.get(..end).unwrap_or_default()) => break,
            b'"' | b'<' => {
                let (length, finished) = enclosed(line.get(end..).unwrap_or_default(), byte);
                end += length;
                if !finished {
                    kind = Kind::Malformed;
                } else if byte == b'<' && kind == Kind::Word {
                    kind = Kind::Address;
                }
            }
            _ => {}
        }
    }
    let (text, rest) = line.split_at_checked(end).unwrap_or((line, b""));
    Some((
        Argument {
            kind,
            text: text.to_vec(),
        },
        rest,
    ))
}

/// Whether the text is what stands before the address in MAIL and RCPT.
fn is_path_label(text: &[u8]) -> bool {
    text.eq_ignore_ascii_case(b"FROM:") || text.eq_ignore_ascii_case(b"TO:")
}

/// How long the text after an opening quote or bracket is, with its closing counterpart, and
/// whether there is one. Brackets nest, and may hold quoted strings.
fn enclosed(text: &[u8], opening: u8) -> (usize, bool) {
    let mut depth = usize::from(opening == b'<');
    let mut quoted = opening == b'"';
    let mut position = 0;
    while let Some(&byte) = text.get(position) {
        position += 1;
        match byte {
            b'\\' => position += 1,
            b'"' => quoted = !quoted,
            b'<' if !quoted => depth += 1,
            b'>' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && !quoted {
            return (position.min(text.len()), true);
        }
    }
    (text.len(), false)
}

/// What is wrong with a path in MAIL FROM or RCPT TO.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathError {
    /// More than one address.
    Several,
    /// No address where one is needed.
    Missing,
    /// With strict_rfc821_envelopes: no angle brackets, or comments, phrases, routes.
    NotStrict,
}

/// Which paths are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathRules {
    /// Whether the null address is one (MAIL FROM, not RCPT TO).
    pub empty_allowed: bool,
    /// strict_rfc821_envelopes: only `<address>`.
    pub strict: bool,
    /// How many tokens are looked at (header_address_token_limit).
    pub token_limit: usize,
}

/// Extracts the address from a path, in internal form; empty for the null address. A source
/// route at the very beginning (`@a,@b:user@c`) is dropped.
pub fn path(text: &[u8], rules: PathRules) -> Result<Vec<u8>, PathError> {
    let inner = text
        .strip_prefix(b"<")
        .and_then(|rest| rest.strip_suffix(b">"));
    let list = List::parse_limited(without_route(inner.unwrap_or(text)), rules.token_limit);
    let mut addresses = list.addresses();
    let address = addresses.next().map(token::internal).unwrap_or_default();
    if addresses.next().is_some() {
        return Err(PathError::Several);
    }
    if rules.strict {
        let only_addresses = list
            .nodes()
            .iter()
            .all(|node| matches!(node, Node::Address(_)));
        if !only_addresses || text.first() != Some(&b'<') || address.first() == Some(&b'@') {
            return Err(PathError::NotStrict);
        }
    }
    if address.is_empty() && !rules.empty_allowed {
        return Err(PathError::Missing);
    }
    Ok(address)
}

fn without_route(path: &[u8]) -> &[u8] {
    if path.first() != Some(&b'@') {
        return path;
    }
    match path.iter().position(|&b| b == b':') {
        Some(colon) => path.get(colon + 1..).unwrap_or_default(),
        None => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(line: &str, expected: &[&str]) {
        let words: Vec<String> = arguments(line.as_bytes())
            .into_iter()
            .map(|a| {
                let mark = if a.kind == Kind::Malformed { "!" } else { "" };
                format!("{mark}{}", String::from_utf8_lossy(&a.text))
            })
            .collect();
        assert_eq!(words, expected);
    }

    #[test]
    fn the_colon_of_from_ends_a_word() {
        check(
            "MAIL FROM:<a@b> SIZE=5",
            &["MAIL", "FROM:", "<a@b>", "SIZE=5"],
        );
        check("MAIL  FROM:  a@b\tX ", &["MAIL", "FROM:", "a@b", "X"]);
        check("MAIL FROM :<a>", &["MAIL", "FROM", ":<a>"]);
        check("RCPT TO:a:b@c", &["RCPT", "TO:", "a:b@c"]);
        check("XCLIENT ADDR=IPV6:::1", &["XCLIENT", "ADDR=IPV6:::1"]);
        check("", &[]);
        check("  \t", &[]);
    }

    #[test]
    fn brackets_and_quotes_hold_blanks() {
        check("RCPT TO:<a b@c> x", &["RCPT", "TO:", "<a b@c>", "x"]);
        check("RCPT TO:<a<b>c d>", &["RCPT", "TO:", "<a<b>c d>"]);
        check(
            "RCPT TO:<\"a>b c\"@d> x",
            &["RCPT", "TO:", "<\"a>b c\"@d>", "x"],
        );
        check("RCPT TO:<x>y<z w>", &["RCPT", "TO:", "<x>y<z w>"]);
        check("RCPT TO:[x y", &["RCPT", "TO:", "[x", "y"]);
        check("RCPT TO:a\\ b c", &["RCPT", "TO:", "a\\ b", "c"]);
        check("RCPT \"TO:x\" y", &["RCPT", "\"TO:x\"", "y"]);
    }

    #[test]
    fn unfinished_parts_are_marked() {
        check("MAIL FROM:<a@b", &["MAIL", "FROM:", "!<a@b"]);
        check("MAIL FROM:<a<b c>", &["MAIL", "FROM:", "!<a<b c>"]);
        check("MAIL FROM:\"a b@c", &["MAIL", "FROM:", "!\"a b@c"]);
        check("MAIL FROM:<\"a b@c>", &["MAIL", "FROM:", "!<\"a b@c>"]);
        check("HELO <", &["HELO", "!<"]);
        check("HELO \\", &["HELO", "\\"]);
    }

    const LENIENT: PathRules = PathRules {
        empty_allowed: false,
        strict: false,
        token_limit: 100,
    };
    const STRICT: PathRules = PathRules {
        strict: true,
        ..LENIENT
    };

    #[test]
    fn paths_are_found_in_what_clients_send() {
        for text in [
            "<a@b>",
            "a@b",
            "<<a@b>>",
            "<Foo <a@b>>",
            "<(x) a@b>",
            "a@b>",
            "<g:a@b;>",
        ] {
            assert_eq!(
                path(text.as_bytes(), LENIENT),
                Ok(b"a@b".to_vec()),
                "{text}"
            );
        }
        assert_eq!(path(b"<\"a b\"@c>", LENIENT), Ok(b"a b@c".to_vec()));
        assert_eq!(path(b"<@r,@s:a@b>", LENIENT), Ok(b"a@b".to_vec()));
    }

    #[test]
    fn one_address_is_wanted() {
        assert_eq!(path(b"<a b@c>", LENIENT), Err(PathError::Several));
        assert_eq!(path(b"<a,b@c>", LENIENT), Err(PathError::Several));
        assert_eq!(path(b"<@r,b@c>", LENIENT), Err(PathError::Several));
        assert_eq!(path(b"<@r,@s:>", LENIENT), Err(PathError::Missing));
        assert_eq!(path(b"<>", LENIENT), Err(PathError::Missing));
        assert_eq!(path(b"(a", LENIENT), Err(PathError::Missing));
        assert_eq!(
            path(
                b"<>",
                PathRules {
                    empty_allowed: true,
                    ..LENIENT
                }
            ),
            Ok(Vec::new())
        );
    }

    #[test]
    fn strict_paths_are_bare_addresses_in_brackets() {
        assert_eq!(path(b"<a@b>", STRICT), Ok(b"a@b".to_vec()));
        for text in [&b"a@b"[..], b"<<a@b>>", b"<(x) a@b>", b"<@b>"] {
            assert_eq!(path(text, STRICT), Err(PathError::NotStrict));
        }
    }

    #[test]
    fn parameters_have_values() {
        let argument = Argument {
            kind: Kind::Word,
            text: b"size=5".to_vec(),
        };
        assert_eq!(argument.value("SIZE"), Some(&b"5"[..]));
        assert_eq!(argument.value("SIZ"), None);
    }

    proptest! {
        #[test]
        fn any_command_is_split_without_loss(line in "[a<>\": \\\\(),@]{0,60}") {
            let squeezed = |bytes: &[u8]| {
                bytes.iter().copied().filter(|b| *b != b' ').collect::<Vec<u8>>()
            };
            let joined: Vec<u8> =
                arguments(line.as_bytes()).into_iter().flat_map(|a| a.text).collect();
            prop_assert_eq!(squeezed(&joined), squeezed(line.as_bytes()));
            for argument in arguments(line.as_bytes()) {
                let _ = path(&argument.text, LENIENT);
            }
        }
    }
}
