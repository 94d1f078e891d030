// SPDX-License-Identifier: MIT OR Apache-2.0
//! From a list of addresses back to text.

use super::Node;
use crate::address::quote_822_local;
use crate::address::token::{self, Token};

/// Text around an address that is longer than this is dropped: other mail systems were known to
/// fail on it (CERT advisory CA-2003-07).
const PHRASE_LIMIT: usize = 250;

/// Lines up to this length are filled with more addresses.
const FILL_LENGTH: usize = 70;

/// The list with one address per line.
pub(super) fn lines(nodes: &[Node]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut mailbox = Mailbox::default();
    for (position, node) in nodes.iter().enumerate() {
        match node {
            Node::Address(tokens) => {
                let before = out.len();
                out.extend(address(tokens));
                mailbox.address = Some(tokens);
                mailbox.address_length = out.len() - before;
            }
            Node::Other(Token::Operator(b',')) => {
                mailbox.limit_phrase(&mut out);
                out.extend_from_slice(b",\n");
                mailbox = Mailbox {
                    start: out.len(),
                    ..Mailbox::default()
                };
                continue;
            }
            Node::Other(token) => token::write_external(&mut out, token),
            Node::GroupStart => out.push(b':'),
        }
        if nodes
            .get(position + 1)
            .is_some_and(|next| wants_space(node, next))
        {
            out.push(b' ');
        }
    }
    mailbox.limit_phrase(&mut out);
    out
}

/// An address, quoted anew.
fn address(tokens: &[Token]) -> Vec<u8> {
    let internal = token::internal_with_blanks(tokens);
    if internal.is_empty() {
        return b"\"\"".to_vec();
    }
    quote_822_local(&internal)
}

fn wants_space(node: &Node, next: &Node) -> bool {
    let is_text = |node: &Node| match node {
        Node::Address(_) => true,
        Node::Other(token) => token.is_text(),
        Node::GroupStart => false,
    };
    *node == Node::GroupStart
        || *next == Node::Other(Token::Operator(b'<'))
        || (is_text(node) && is_text(next))
}

/// What has been written since the last comma.
#[derive(Default)]
struct Mailbox<'a> {
    start: usize,
    address: Option<&'a [Token]>,
    address_length: usize,
}

impl Mailbox<'_> {
    fn limit_phrase(&self, out: &mut Vec<u8>) {
        let length = out.len().saturating_sub(self.start);
        if let Some(tokens) = self.address
            && length.saturating_sub(self.address_length) > PHRASE_LIMIT
        {
            out.truncate(self.start);
            out.push(b'<');
            out.extend(address(tokens));
            out.push(b'>');
        }
    }
}

/// Joins lines while they fit, and puts a TAB before the others.
pub(super) fn fold(first_line_offset: usize, lines: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(lines.len() + 8);
    let mut length = first_line_offset;
    for (number, line) in lines.split(|&b| b == b'\n').enumerate() {
        if number > 0 {
            if length + 1 + line.len() < FILL_LENGTH {
                out.push(b' ');
                length += 1;
            } else {
                // A line that a comment brought along may have its blank already.
                let has_blank = matches!(line.first(), Some(b' ' | b'\t'));
                out.extend_from_slice(if has_blank { b"\n" } else { b"\n\t" });
                length = 0;
            }
        }
        out.extend_from_slice(line);
        length += line.len();
    }
    out
}
