// SPDX-License-Identifier: MIT OR Apache-2.0
//! The words of an address: atoms, quoted strings, literals, comments and operators.
//!
//! Nothing in the input is thrown away except blanks between tokens (and what is above the
//! token limit), so a token list can always be written back.
//!
//! *Invariants*: text of atoms, quoted strings and literals is kept without its quoting;
//! comments are kept as they are, with parentheses and line breaks. Elsewhere line breaks and
//! tabs become spaces.
//!
//! *Postfix:* global/tok822(3), the scanner and the two output forms.

/// How many tokens of one header are looked at (header_address_token_limit).
pub const TOKEN_LIMIT: usize = 10_240;

/// One word of an address or address list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// Plain text.
    Atom(Vec<u8>),
    /// Text that was, or has to be, in double quotes; without them.
    Quoted(Vec<u8>),
    /// Text between square brackets, without them.
    Literal(Vec<u8>),
    /// A comment with its parentheses.
    Comment(Vec<u8>),
    /// One of `|"(),:;<>@[].%!`.
    Operator(u8),
}

impl Token {
    /// Whether this is that operator.
    pub fn is(&self, operator: u8) -> bool {
        *self == Token::Operator(operator)
    }

    /// Whether this is text rather than an operator.
    pub fn is_text(&self) -> bool {
        !matches!(self, Token::Operator(_))
    }
}

fn is_operator(byte: u8) -> bool {
    b"|\"(),:;<>@[].%!".contains(&byte)
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// Splits text into at most `limit` tokens.
pub fn scan(text: &[u8], limit: usize) -> Vec<Token> {
    let mut scanner = Scanner { rest: text };
    let mut tokens = Vec::new();
    while tokens.len() < limit {
        match scanner.token() {
            Some(token) => tokens.push(token),
            None => break,
        }
    }
    tokens
}

struct Scanner<'a> {
    rest: &'a [u8],
}

impl Scanner<'_> {
    fn next_byte(&mut self) -> Option<u8> {
        let (&byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(byte)
    }

    fn token(&mut self) -> Option<Token> {
        while self.rest.first().copied().is_some_and(is_blank) {
            self.next_byte();
        }
        let first = *self.rest.first()?;
        Some(match first {
            b'(' => Token::Comment(self.comment()),
            b'[' => {
                self.next_byte();
                let text = self.collect(|byte| byte != b']');
                self.next_byte();
                Token::Literal(text)
            }
            b'"' => {
                self.next_byte();
                let text = self.collect(|byte| byte != b'"');
                self.next_byte();
                Token::Quoted(text)
            }
            _ if is_operator(first) => {
                self.next_byte();
                Token::Operator(first)
            }
            _ => {
                let text = self.collect(|byte| !is_blank(byte) && !is_operator(byte));
                let needs_quotes = text
                    .iter()
                    .any(|&b| b <= b' ' || b == 0x7f || b == b'\\' || is_operator(b));
                if needs_quotes {
                    Token::Quoted(text)
                } else {
                    Token::Atom(text)
                }
            }
        })
    }

    /// Text up to a byte that is not wanted; a backslash makes the next byte wanted.
    fn collect(&mut self, wanted: impl Fn(u8) -> bool) -> Vec<u8> {
        let mut text = Vec::new();
        while let Some((&first, rest)) = self.rest.split_first() {
            let byte = if first == b'\\' {
                self.rest = rest;
                match self.rest.first() {
                    Some(&escaped) => escaped,
                    None => break,
                }
            } else if wanted(first) {
                first
            } else {
                break;
            };
            text.push(if is_blank(byte) { b' ' } else { byte });
            self.next_byte();
        }
        text
    }

    /// A comment, nested ones included, by counting instead of recursion.
    fn comment(&mut self) -> Vec<u8> {
        let mut text = Vec::new();
        let mut depth = 0usize;
        while let Some(byte) = self.next_byte() {
            text.push(byte);
            match byte {
                b'(' => depth += 1,
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                b'\\' => {
                    if let Some(escaped) = self.next_byte() {
                        text.push(escaped);
                    }
                }
                _ => {}
            }
        }
        text
    }
}

/// Writes one token in external form, quoted where needed.
pub(super) fn write_external(out: &mut Vec<u8>, token: &Token) {
    let mut escape = |text: &[u8], special: &[u8]| {
        for &byte in text {
            if special.contains(&byte) {
                out.push(b'\\');
            }
            out.push(byte);
        }
    };
    match token {
        Token::Atom(text) | Token::Comment(text) => out.extend_from_slice(text),
        Token::Quoted(text) => {
            escape(b"\"", b"");
            escape(text, b"\"\\\r\n");
            out.push(b'"');
        }
        Token::Literal(text) => {
            escape(b"[", b"");
            escape(text, b"\\\r\n");
            out.push(b']');
        }
        Token::Operator(byte) => out.push(*byte),
    }
}

/// The tokens of one address in external form: quoted, without blanks between tokens.
pub fn external(tokens: &[Token]) -> Vec<u8> {
    let mut out = Vec::new();
    for token in tokens {
        write_external(&mut out, token);
        if token.is(b',') {
            out.push(b' ');
        }
    }
    out
}

/// The tokens of one address in internal form: without quotes.
pub fn internal(tokens: &[Token]) -> Vec<u8> {
    let mut out = Vec::new();
    for token in tokens {
        write_internal(&mut out, token);
    }
    out
}

/// The same, with the blanks that separate words where there is no operator between them: for
/// tokens that were [`scan`]ned from an address rather than found in a list.
pub fn internal_with_blanks(tokens: &[Token]) -> Vec<u8> {
    let mut out = Vec::new();
    for (position, token) in tokens.iter().enumerate() {
        write_internal(&mut out, token);
        if let Some(next) = tokens.get(position + 1)
            && (token.is(b',') || next.is(b'<') || (token.is_text() && next.is_text()))
        {
            out.push(b' ');
        }
    }
    out
}

fn write_internal(out: &mut Vec<u8>, token: &Token) {
    match token {
        Token::Atom(text) | Token::Quoted(text) | Token::Comment(text) => {
            out.extend_from_slice(text);
        }
        Token::Literal(text) => {
            out.push(b'[');
            out.extend_from_slice(text);
            out.push(b']');
        }
        Token::Operator(byte) => out.push(*byte),
    }
}
