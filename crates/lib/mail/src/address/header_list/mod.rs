// SPDX-License-Identifier: MIT OR Apache-2.0
//! Address lists of headers, command lines and SMTP envelopes.
//!
//! A list is read leniently: comments move behind the address they stand in, missing commas are
//! added, and what is not understood is kept as it is. Reading works from right to left, since
//! the end of a mailbox (`>`, `;`, `,`) says how to read what stands before it.
//!
//! *Postfix:* global/tok822(3) with tok822_parse, and the folding of cleanup(8).

mod parse;
mod print;
#[cfg(test)]
mod tests;

use super::token::{self, TOKEN_LIMIT, Token};

/// A part of an address list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// An address: what stands between the brackets, or alone.
    Address(Vec<Token>),
    /// A word of a phrase, a comment, or an operator between addresses.
    Other(Token),
    /// The colon after the name of a group.
    GroupStart,
}

/// An address list, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    nodes: Vec<Node>,
}

impl List {
    /// Reads a list; text above header_address_token_limit's default is dropped.
    pub fn parse(text: &[u8]) -> List {
        List::parse_limited(text, TOKEN_LIMIT)
    }

    /// Reads a list; text after that many tokens is dropped.
    pub fn parse_limited(text: &[u8], token_limit: usize) -> List {
        List {
            nodes: parse::parse(token::scan(text, token_limit)),
        }
    }

    /// Tokens as they are, without looking for addresses among them.
    pub fn from_tokens(tokens: &[Token]) -> List {
        List {
            nodes: tokens.iter().cloned().map(Node::Other).collect(),
        }
    }

    /// The parts, in order.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The addresses, in order.
    pub fn addresses(&self) -> impl Iterator<Item = &[Token]> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Address(tokens) => Some(tokens.as_slice()),
            Node::Other(_) | Node::GroupStart => None,
        })
    }

    /// The addresses, in order, for editing.
    pub fn addresses_mut(&mut self) -> impl Iterator<Item = &mut Vec<Token>> {
        self.nodes.iter_mut().filter_map(|node| match node {
            Node::Address(tokens) => Some(tokens),
            Node::Other(_) | Node::GroupStart => None,
        })
    }

    /// The list on one line, without line breaks.
    pub fn to_text(&self) -> Vec<u8> {
        let mut text = print::lines(&self.nodes);
        for byte in &mut text {
            if *byte == b'\n' {
                *byte = b' ';
            }
        }
        text
    }

    /// The list as the body of a header: one or more addresses on a line, lines separated by LF,
    /// continuation lines with a TAB in front. `header_name` counts for the first line.
    pub fn to_header_body(&self, header_name: &[u8]) -> Vec<u8> {
        print::fold(header_name.len() + 2, &print::lines(&self.nodes))
    }
}

/// The external-form addresses (`local@domain` without phrase, comment or brackets) in a list.
pub fn addresses(list: &[u8]) -> Vec<Vec<u8>> {
    List::parse(list).addresses().map(token::external).collect()
}

/// Rewrites every address of a header body with `rewrite`, external form to external form, and
/// keeps phrases, comments, groups and routes. When no address changes, the body is given back
/// as it was, line breaks included; otherwise it is written as [`List::to_header_body`] does.
pub fn rewrite(
    header_name: &[u8],
    list: &[u8],
    rewrite: &mut dyn FnMut(&[u8]) -> Vec<u8>,
) -> Vec<u8> {
    let mut parsed = List::parse(list);
    let mut changed = false;
    for tokens in parsed.addresses_mut() {
        let before = token::external(tokens);
        let after = rewrite(&before);
        changed |= before != after;
        *tokens = token::scan(&after, TOKEN_LIMIT);
    }
    if changed {
        parsed.to_header_body(header_name)
    } else {
        list.to_vec()
    }
}
