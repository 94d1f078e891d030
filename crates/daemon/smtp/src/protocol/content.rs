// SPDX-License-Identifier: MIT OR Apache-2.0
//! The content on the wire: CRLF, doubled dots, folded lines.
//!
//! *Invariants*: everything goes out through [`Line`], so nothing in a message can look like the
//! end of it; at most one block is held in memory. Only [`LineWriter::piece`] writes.
//!
//! *Postfix:* smtp_text_out of smtp_proto(3).

use mail::line::Line;

/// Bytes collected before they are given to the connection.
pub(super) const BLOCK: usize = 64 * 1024;

/// Writes lines, or pieces of lines, into a block of bytes.
#[derive(Debug)]
pub(super) struct LineWriter {
    block: Vec<u8>,
    limit: usize,
    room: usize,
    at_start: bool,
    folded: bool,
}

impl LineWriter {
    /// A writer that folds lines beyond `limit` bytes; zero: never.
    pub(super) fn new(limit: usize) -> LineWriter {
        LineWriter {
            block: Vec::with_capacity(BLOCK + 8 * 1024),
            limit,
            room: limit,
            at_start: true,
            folded: false,
        }
    }

    /// Adds a line, or (with `continued`) a piece of one that goes on.
    pub(super) fn piece(&mut self, line: &Line<'_>, continued: bool) {
        let mut text = line.as_bytes();
        loop {
            if self.at_start && text.first() == Some(&b'.') {
                self.block.push(b'.');
            }
            if self.limit == 0 || text.len() < self.room || (text.len() == self.room && !continued)
            {
                self.block.extend_from_slice(text);
                self.at_start &= text.is_empty();
                self.room = self.room.saturating_sub(text.len());
                break;
            }
            let (now, later) = text.split_at(self.room);
            self.block.extend_from_slice(now);
            // The blank of a folded line counts, and is not the dot that is doubled.
            self.block.extend_from_slice(b"\r\n ");
            self.room = self.limit.saturating_sub(1).max(1);
            self.at_start = false;
            self.folded = true;
            text = later;
        }
        if !continued {
            self.block.extend_from_slice(b"\r\n");
            self.room = self.limit;
            self.at_start = true;
        }
    }

    /// Ends a line that is still open, as the last one of a damaged message may be.
    pub(super) fn end_line(&mut self) {
        if !self.at_start {
            self.block.extend_from_slice(b"\r\n");
            self.at_start = true;
            self.room = self.limit;
        }
    }

    /// Whether a line had to be folded.
    pub(super) fn has_folded(&self) -> bool {
        self.folded
    }

    /// Whether enough is collected for a write.
    pub(super) fn is_full(&self) -> bool {
        self.block.len() >= BLOCK
    }

    /// What is collected.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.block
    }

    /// Forgets what was collected, after it was written.
    pub(super) fn clear(&mut self) {
        self.block.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(limit: usize, pieces: &[(&str, bool)]) -> String {
        let mut writer = LineWriter::new(limit);
        for (text, continued) in pieces {
            writer.piece(&Line::from_record(text.as_bytes()), *continued);
        }
        writer.end_line();
        String::from_utf8(writer.bytes().to_vec()).unwrap()
    }

    #[test]
    fn dots_are_doubled_at_the_start_of_lines_only() {
        let pieces = [
            (".", false),
            ("..x", false),
            ("a.", false),
            ("b", true),
            (".c", false),
        ];
        assert_eq!(written(998, &pieces), "..\r\n...x\r\na.\r\nb.c\r\n");
        assert_eq!(written(998, &[("", true), (".d", false)]), "..d\r\n");
    }

    #[test]
    fn a_line_of_exactly_the_limit_is_not_folded() {
        assert_eq!(written(5, &[("12345", false)]), "12345\r\n");
        assert_eq!(written(5, &[("123456", false)]), "12345\r\n 6\r\n");
        assert_eq!(
            written(5, &[("1234567890", false)]),
            "12345\r\n 6789\r\n 0\r\n"
        );
        assert_eq!(written(0, &[("1234567890", false)]), "1234567890\r\n");
    }

    #[test]
    fn pieces_are_folded_as_the_line_they_make() {
        assert_eq!(written(5, &[("123", true), ("45", false)]), "12345\r\n");
        assert_eq!(
            written(5, &[("123", true), ("456", false)]),
            "12345\r\n 6\r\n"
        );
        assert_eq!(
            written(5, &[("12345", true), ("6", false)]),
            "12345\r\n 6\r\n"
        );
        assert_eq!(written(5, &[("123", true)]), "123\r\n");
    }

    #[test]
    fn a_line_feed_inside_a_record_makes_no_line() {
        assert_eq!(written(998, &[("a\n.\nb", false)]), "a . b\r\n");
    }

    #[test]
    fn a_folded_dot_is_no_end_of_data() {
        assert_eq!(written(5, &[("12345.", false)]), "12345\r\n .\r\n");
    }
}
