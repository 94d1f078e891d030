// SPDX-License-Identifier: MIT OR Apache-2.0
//! The bodies of Content-Type and Content-Transfer-Encoding, as far as the structure of a message
//! depends on them.
//!
//! *Postfix:* header_token(3), and its use by mime_state(3).

/// What a Content-Type says about what comes after the headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing that matters here.
    Other,
    /// Parts between boundaries.
    Multipart,
    /// A message with headers of its own.
    Message,
    /// A message of which only a part or a reference is here.
    OtherMessage,
}

/// A Content-Type.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ContentType {
    pub(super) kind: Kind,
    /// What parts without a Content-Type are.
    pub(super) part_kind: Kind,
    /// The boundaries; there should be one.
    pub(super) boundaries: Vec<Vec<u8>>,
}

#[derive(Debug, PartialEq, Eq)]
enum Token {
    Special(u8),
    Word(Vec<u8>),
    Quoted(Vec<u8>),
}

impl Token {
    fn is(&self, word: &[u8]) -> bool {
        matches!(self, Self::Word(text) if text.eq_ignore_ascii_case(word))
    }
}

/// How many tokens before a semicolon matter; what comes after them is skipped.
const TOKEN_LIMIT: usize = 3;

/// How many boundaries one header may name.
const BOUNDARY_LIMIT: usize = 10;

/// Takes the body of a header apart.
struct Tokens<'a> {
    rest: &'a [u8],
}

impl Tokens<'_> {
    fn next_byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    /// Bytes up to the one that ends them; a backslash protects the next one.
    fn quoted(&mut self) -> Vec<u8> {
        let mut text = Vec::new();
        while let Some(byte) = self.next_byte() {
            match byte {
                b'"' => break,
                b'\\' => text.extend(self.next_byte()),
                // A line break inside a folded header.
                b'\n' => {}
                byte => text.push(byte),
            }
        }
        text
    }

    fn skip_comment(&mut self) {
        let mut depth = 1_usize;
        while depth > 0 {
            match self.next_byte() {
                Some(b'(') => depth = depth.saturating_add(1),
                Some(b')') => depth -= 1,
                Some(b'\\') => {
                    self.next_byte();
                }
                Some(_) => {}
                None => return,
            }
        }
    }

    fn word(&mut self, first: u8) -> Vec<u8> {
        let ends = |byte: u8| byte <= b' ' || b"()\"".contains(&byte) || SPECIALS.contains(&byte);
        let length = self.rest.iter().position(|byte| ends(*byte));
        let (word, rest) = self.rest.split_at(length.unwrap_or(self.rest.len()));
        self.rest = rest;
        [&[first], word].concat()
    }

    /// The tokens up to the next semicolon, or `None` at the end.
    fn clause(&mut self) -> Option<Vec<Token>> {
        if self.rest.is_empty() {
            return None;
        }
        let mut tokens = Vec::new();
        while let Some(byte) = self.next_byte() {
            let token = match byte {
                b';' => break,
                b'(' => {
                    self.skip_comment();
                    continue;
                }
                b'"' => Token::Quoted(self.quoted()),
                special if SPECIALS.contains(&special) => Token::Special(special),
                blank if blank <= b' ' => continue,
                first => Token::Word(self.word(first)),
            };
            if tokens.len() < TOKEN_LIMIT {
                tokens.push(token);
            }
        }
        Some(tokens)
    }
}

/// The characters that stand for themselves; fewer than RFC 2045 has, so that boundaries which
/// should be quoted and are not are understood.
const SPECIALS: &[u8] = b"/;=";

impl ContentType {
    /// Reads the body of the header.
    pub(super) fn parse(body: &[u8]) -> Self {
        let mut tokens = Tokens { rest: body };
        let mut content_type = Self {
            kind: Kind::Other,
            part_kind: Kind::Other,
            boundaries: Vec::new(),
        };
        let Some(clause) = tokens.clause() else {
            return content_type;
        };
        let subtype = match clause.get(1..3) {
            Some([Token::Special(b'/'), subtype]) => Some(subtype),
            _ => None,
        };
        let is_subtype = |word: &[u8]| subtype.is_some_and(|subtype| subtype.is(word));
        let Some(kind) = clause.first() else {
            return content_type;
        };
        if kind.is(b"message") {
            let has_headers = is_subtype(b"rfc822") || is_subtype(b"global");
            content_type.kind = if has_headers {
                Kind::Message
            } else {
                Kind::OtherMessage
            };
        } else if kind.is(b"multipart") {
            content_type.kind = Kind::Multipart;
            if is_subtype(b"digest") {
                content_type.part_kind = Kind::Message;
            }
            while let Some(clause) = tokens.clause() {
                if let [
                    name,
                    Token::Special(b'='),
                    Token::Word(value) | Token::Quoted(value),
                ] = &clause[..]
                    && name.is(b"boundary")
                    && content_type.boundaries.len() < BOUNDARY_LIMIT
                {
                    content_type.boundaries.push(value.clone());
                }
            }
        }
        content_type
    }
}

/// The content is as it is: `7bit`, `8bit` or `binary`; or it is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transfer {
    SevenBit,
    EightBit,
    /// By the encoding of this name.
    Encoded(&'static str),
}

impl Transfer {
    /// Reads the body of the header; an unknown word says nothing.
    pub(super) fn parse(body: &[u8]) -> Option<Self> {
        let clause = Tokens { rest: body }.clause()?;
        let word = clause.first()?;
        let known: [(&[u8], Self); 5] = [
            (b"7bit", Self::SevenBit),
            (b"8bit", Self::EightBit),
            (b"binary", Self::EightBit),
            (b"quoted-printable", Self::Encoded("quoted-printable")),
            (b"base64", Self::Encoded("base64")),
        ];
        known
            .into_iter()
            .find_map(|(name, transfer)| word.is(name).then_some(transfer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boundaries(body: &str) -> Vec<String> {
        let found = ContentType::parse(body.as_bytes()).boundaries.into_iter();
        found
            .map(|boundary| String::from_utf8(boundary).unwrap())
            .collect()
    }

    #[test]
    fn boundaries_are_words_or_quoted_whatever_else_is_there() {
        assert_eq!(boundaries("multipart/mixed; boundary=a:b.<c>"), ["a:b.<c>"]);
        assert_eq!(
            boundaries("Multipart/x (c); x=\"a;boundary=q\";; BOUNDARY = (y) \"b \\\"c\""),
            ["b \"c"]
        );
        assert_eq!(boundaries("multipart; boundary=\"open"), ["open"]);
        assert_eq!(boundaries("multipart/mixed; boundary="), [""; 0]);
        assert_eq!(boundaries("text/plain; boundary=a"), [""; 0]);
        assert_eq!(boundaries("\"multipart\"/mixed; boundary=a"), [""; 0]);
    }

    #[test]
    fn kinds_tell_what_follows() {
        let kind = |body: &str| ContentType::parse(body.as_bytes()).kind;
        assert_eq!(kind("message/RFC822; x"), Kind::Message);
        assert_eq!(kind("message/partial"), Kind::OtherMessage);
        assert_eq!(kind("multipart/mixed"), Kind::Multipart);
        assert_eq!(kind(""), Kind::Other);
        assert_eq!(
            ContentType::parse(b"multipart/digest; boundary=a").part_kind,
            Kind::Message
        );
    }

    #[test]
    fn encodings_are_words() {
        assert_eq!(Transfer::parse(b" 8BIT (c)"), Some(Transfer::EightBit));
        assert_eq!(
            Transfer::parse(b"base64"),
            Some(Transfer::Encoded("base64"))
        );
        assert_eq!(Transfer::parse(b"x-other"), None);
    }
}
