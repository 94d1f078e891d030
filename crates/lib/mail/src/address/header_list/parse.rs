// SPDX-License-Identifier: MIT OR Apache-2.0
//! From tokens to a list of addresses.

use super::Node;
use crate::address::token::Token;

/// Reads tokens from the last to the first, and collects nodes in that order.
struct Reader {
    /// What is not read yet.
    unread: Vec<Token>,
    /// Tokens of the address that is being read, last one first.
    address: Vec<Token>,
    /// What has been read, last one first.
    nodes: Vec<Node>,
    /// Whether the next word belongs to the address: it is the last one, or an operator follows.
    expect_word: bool,
    /// Whether a `;` was seen: a `:` can begin a group.
    in_group: bool,
}

/// Groups tokens into addresses and the rest. Takes time in proportion to the input.
pub(super) fn parse(tokens: Vec<Token>) -> Vec<Node> {
    let mut reader = Reader {
        unread: tokens,
        address: Vec::new(),
        nodes: Vec::new(),
        expect_word: true,
        in_group: false,
    };
    while let Some(token) = reader.unread.pop() {
        reader.take(token);
    }
    reader.finish_address();
    reader.nodes.reverse();
    reader.nodes
}

impl Reader {
    fn take(&mut self, token: Token) {
        match token {
            Token::Comment(_) => self.nodes.push(Node::Other(token)),
            Token::Operator(b';') => {
                self.finish_address_and_separate();
                self.nodes.push(Node::Other(token));
                self.in_group = true;
                self.expect_word = true;
            }
            Token::Operator(b':') if self.in_group => {
                self.finish_address();
                self.nodes.push(Node::GroupStart);
                self.keep_until(|token| token.is(b','));
            }
            Token::Operator(b'>') => {
                self.finish_address_and_separate();
                self.nodes.push(Node::Other(token));
                self.bracketed_address();
                self.keep_until(|token| {
                    matches!(token, Token::Operator(b'>' | b';' | b',' | b':'))
                });
                if !self.in_group && self.unread.last().is_some_and(|token| token.is(b':')) {
                    self.nodes.extend(self.unread.pop().map(Node::Other));
                }
                self.expect_word = true;
            }
            Token::Operator(b',') => {
                self.finish_address();
                self.nodes.push(Node::Other(token));
                self.expect_word = true;
            }
            Token::Operator(_) => {
                self.address.push(token);
                self.expect_word = true;
            }
            Token::Atom(_) | Token::Quoted(_) | Token::Literal(_) => {
                if !self.expect_word {
                    self.finish_address_and_separate();
                }
                self.address.push(token);
                self.expect_word = false;
            }
        }
    }

    /// Everything back to the `<` is the address; comments move behind it.
    fn bracketed_address(&mut self) {
        while let Some(token) = self.unread.pop() {
            match token {
                Token::Comment(_) => self.nodes.push(Node::Other(token)),
                Token::Operator(b'<') => {
                    self.finish_address();
                    self.nodes.push(Node::Other(token));
                    return;
                }
                _ => self.address.push(token),
            }
        }
    }

    /// Keeps tokens as they are (the words of a phrase), up to and not including a stop.
    fn keep_until(&mut self, stop: impl Fn(&Token) -> bool) {
        while self.unread.last().is_some_and(|token| !stop(token)) {
            if let Some(token) = self.unread.pop() {
                self.nodes.push(Node::Other(token));
            }
        }
    }

    fn finish_address(&mut self) -> bool {
        if self.address.is_empty() {
            return false;
        }
        let mut tokens = std::mem::take(&mut self.address);
        tokens.reverse();
        self.nodes.push(Node::Address(tokens));
        true
    }

    /// Ends the address where the sender forgot the comma before it.
    fn finish_address_and_separate(&mut self) {
        if self.finish_address() {
            self.nodes.push(Node::Other(Token::Operator(b',')));
        }
    }
}
