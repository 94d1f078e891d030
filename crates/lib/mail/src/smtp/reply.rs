// SPDX-License-Identifier: MIT OR Apache-2.0
//! Replies of a server, read line by line.
//!
//! *Invariants*: memory is bounded by the limit, whatever the server sends; lines that are no
//! reply are skipped, and counted.
//!
//! *Postfix:* smtp_chat_resp of smtp(8).

use crate::dsn::{Status, split_status_text};
use nom::{IResult, Parser};

/// A complete reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Three digits.
    pub code: u16,
    /// The enhanced status code at the beginning of the last line, if its class fits the code.
    pub status: Option<Status>,
    /// The whole reply, code included, lines separated by LF.
    pub text: Vec<u8>,
}

impl Reply {
    /// The first digit: 2 success, 3 go on, 4 try later, 5 failure.
    pub fn class(&self) -> u16 {
        self.code / 100
    }
}

/// Collects the lines of one reply, in bounded memory.
#[derive(Debug)]
pub struct ReplyCollector {
    limit: usize,
    text: Vec<u8>,
    lines: usize,
    garbage: usize,
}

impl ReplyCollector {
    /// A collector that adds lines to the reply until it has `limit` bytes.
    pub fn new(limit: usize) -> ReplyCollector {
        ReplyCollector {
            limit,
            text: Vec::new(),
            lines: 0,
            garbage: 0,
        }
    }

    /// Takes a line without its line end; gives the reply when it was the last one. The
    /// collector is then ready for the next reply.
    pub fn push(&mut self, line: &[u8]) -> Option<Reply> {
        self.lines += 1;
        let parsed = reply_line(line);
        if parsed.is_err() {
            self.garbage += 1;
        }
        if self.text.len() < self.limit {
            if !self.text.is_empty() {
                self.text.push(b'\n');
            }
            let room = self.limit.saturating_sub(self.text.len());
            self.text
                .extend_from_slice(line.get(..room).unwrap_or(line));
        }
        let (rest, (code, more)) = parsed.ok()?;
        if more {
            return None;
        }
        let status = split_status_text(rest.trim_ascii_start()).map(|(status, _)| status);
        self.lines = 0;
        Some(Reply {
            code,
            status: status.filter(|status| u16::from(status.class) == code / 100),
            text: std::mem::take(&mut self.text),
        })
    }

    /// What is kept of the present reply, if that is all that will be kept of it.
    pub fn full(&self) -> Option<&[u8]> {
        (self.text.len() >= self.limit).then_some(self.text.as_slice())
    }

    /// How many lines the present reply has so far.
    pub fn lines(&self) -> usize {
        self.lines
    }

    /// How many lines so far were not a reply.
    pub fn garbage(&self) -> usize {
        self.garbage
    }
}

/// Three digits, and whether more lines follow.
fn reply_line(line: &[u8]) -> IResult<&[u8], (u16, bool)> {
    use nom::branch::alt;
    use nom::bytes::complete::{tag, take_while_m_n};
    use nom::combinator::{eof, value, verify};
    let digits = take_while_m_n(3, 3, |b: u8| b.is_ascii_digit()).map(|digits: &[u8]| {
        digits
            .iter()
            .fold(0u16, |code, b| code * 10 + u16::from(b - b'0'))
    });
    let code = verify(digits, |code| *code >= 100);
    (
        code,
        alt((
            value(true, tag(&b"-"[..])),
            value(false, tag(&b" "[..])),
            value(false, eof),
        )),
    )
        .parse(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn collect(lines: &[&str]) -> Option<Reply> {
        let mut collector = ReplyCollector::new(100);
        lines
            .iter()
            .find_map(|line| collector.push(line.as_bytes()))
    }

    #[test]
    fn one_line_is_a_reply() {
        let reply = collect(&["250 2.1.0 Ok"]).expect("reply");
        assert_eq!(reply.code, 250);
        assert_eq!(reply.status, Some(Status::new(2, 1, 0)));
        assert_eq!(reply.text, b"250 2.1.0 Ok");
        assert_eq!(collect(&["354"]).expect("reply").code, 354);
    }

    #[test]
    fn lines_are_joined() {
        let reply = collect(&["550-5.1.1 no", "550 5.7.1 such user"]).expect("reply");
        assert_eq!(reply.text, b"550-5.1.1 no\n550 5.7.1 such user");
        assert_eq!(reply.status, Some(Status::new(5, 7, 1)));
        assert_eq!(reply.class(), 5);
        assert_eq!(collect(&["250-a"]), None);
    }

    #[test]
    fn a_status_of_another_class_is_ignored() {
        assert_eq!(collect(&["450 5.1.1 x"]).expect("reply").status, None);
    }

    #[test]
    fn garbage_is_skipped_and_counted() {
        let mut collector = ReplyCollector::new(100);
        for line in ["hello", "25 x", "2500 x", "250x", "", "099 x"] {
            assert_eq!(collector.push(line.as_bytes()), None);
        }
        assert_eq!(collector.garbage(), 6);
        assert_eq!(collector.lines(), 6);
        assert!(collector.push(b"220 x").is_some());
        assert_eq!(collector.lines(), 0);
    }

    proptest! {
        #[test]
        fn memory_is_bounded(lines in prop::collection::vec("[25 -]{0,40}", 0..50)) {
            let mut collector = ReplyCollector::new(64);
            for line in &lines {
                if let Some(reply) = collector.push(line.as_bytes()) {
                    prop_assert!(reply.text.len() <= 64);
                }
            }
        }
    }
}
