// SPDX-License-Identifier: MIT OR Apache-2.0
//! Eight-bit content for servers that take seven bits: quoted-printable, part by part.
//!
//! Works on lines as they pass, in bounded memory. Only parts that say of themselves that they
//! are 8bit or binary are converted; their label is replaced, and so is that of the multiparts
//! around them.
//!
//! *Invariants*: boundaries are remembered [`DEPTH_LIMIT`] levels deep; a header beyond
//! [`HEADER_LIMIT`] bytes is passed through and says nothing. Output lines have at most 76
//! characters where they were encoded.
//!
//! *Postfix:* mime_state(3) with MIME_OPT_DOWNGRADE.

use mail::header::{is_header_line, parse_header};

use crate::generic::Sink;

/// How deep parts may lie in parts (`mime_nesting_limit`).
const DEPTH_LIMIT: usize = 100;
/// Longest header that is understood, bytes.
const HEADER_LIMIT: usize = 16 * 1024;
/// Longest boundary (RFC 2046 allows 70).
const BOUNDARY_LIMIT: usize = 256;
/// Length of an encoded line before the soft break.
const SOFT_LIMIT: usize = 72;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Text, images and so on.
    Leaf,
    /// Parts between boundaries.
    Multipart,
    /// A multipart whose parts are messages unless they say otherwise.
    Digest,
    /// A message with headers of its own.
    Message,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Headers,
    Body,
}

/// Converts one message.
#[derive(Debug)]
pub(super) struct Downgrade {
    place: Place,
    kind: Kind,
    eight_bit: bool,
    encoding: bool,
    boundaries: Vec<(Vec<u8>, Kind)>,
    /// A header, or the start of a body line, until it is known what it is.
    held: Vec<u8>,
    at_line_start: bool,
    passing: bool,
    encoded: Vec<u8>,
}

impl Downgrade {
    /// At the beginning of a message.
    pub(super) fn new() -> Downgrade {
        Downgrade {
            place: Place::Headers,
            kind: Kind::Leaf,
            eight_bit: false,
            encoding: false,
            boundaries: Vec::new(),
            held: Vec::new(),
            at_line_start: true,
            passing: false,
            encoded: Vec::new(),
        }
    }

    /// Takes a line or a piece of one.
    pub(super) fn piece(&mut self, text: &[u8], continued: bool, sink: &mut Sink<'_>) {
        let starts = std::mem::replace(&mut self.at_line_start, !continued);
        match self.place {
            Place::Headers => self.header_piece(text, starts, continued, sink),
            Place::Body => self.body_piece(text, starts, continued, sink),
        }
    }

    /// At the end of the message.
    pub(super) fn end(&mut self, sink: &mut Sink<'_>) {
        match self.place {
            Place::Headers => {
                self.finish_header(sink);
                self.label(sink);
            }
            Place::Body if !self.encoded.is_empty() => self.hard_break(sink),
            Place::Body => {}
        }
    }

    fn header_piece(&mut self, text: &[u8], starts: bool, continued: bool, sink: &mut Sink<'_>) {
        let folded = matches!(text.first(), Some(b' ' | b'\t'));
        if starts && !(folded && (self.passing || !self.held.is_empty())) {
            self.finish_header(sink);
            self.passing = false;
            if is_header_line(text).is_none() {
                return self.end_of_headers(text, continued, sink);
            }
        }
        if self.passing {
            return sink(text, continued);
        }
        if starts && folded {
            self.held.push(b'\n');
        }
        self.held.extend_from_slice(text);
        if self.held.len() > HEADER_LIMIT {
            emit(&std::mem::take(&mut self.held), continued, sink);
            self.passing = true;
        }
    }

    /// The first line that is no header: an empty one, or (in a malformed message) a body line.
    fn end_of_headers(&mut self, text: &[u8], continued: bool, sink: &mut Sink<'_>) {
        self.label(sink);
        if self.kind == Kind::Message && text.is_empty() && !continued {
            sink(text, continued);
            self.begin_part(Kind::Leaf);
            return;
        }
        self.encoding = self.eight_bit && self.kind == Kind::Leaf;
        self.place = Place::Body;
        if text.is_empty() && !continued {
            sink(text, continued);
        } else {
            self.body_piece(text, true, continued, sink);
        }
    }

    /// Looks at a complete header, and lets it pass unless it will be replaced.
    fn finish_header(&mut self, sink: &mut Sink<'_>) {
        let header = std::mem::take(&mut self.held);
        if header.is_empty() {
            return;
        }
        if let Some((name, body)) = parse_header(&header) {
            if name.eq_ignore_ascii_case(b"content-type") {
                self.content_type(body);
            } else if name.eq_ignore_ascii_case(b"content-transfer-encoding") {
                let encoding = body.trim_ascii();
                self.eight_bit = encoding.eq_ignore_ascii_case(b"8bit")
                    || encoding.eq_ignore_ascii_case(b"binary");
                if self.eight_bit {
                    return;
                }
            }
        }
        emit(&header, false, sink);
    }

    fn content_type(&mut self, body: &[u8]) {
        let end = body
            .iter()
            .position(|b| matches!(b, b';' | b' ' | b'\t' | b'\n'));
        let (full, _) = body.split_at(end.unwrap_or(body.len()));
        let full = full.to_ascii_lowercase();
        self.kind = match full.as_slice() {
            b"multipart/digest" => Kind::Digest,
            b"message/rfc822" | b"message/global" => Kind::Message,
            full if full.starts_with(b"multipart/") => Kind::Multipart,
            // Fragments and references hold no message that could be converted.
            _ => Kind::Leaf,
        };
        if matches!(self.kind, Kind::Multipart | Kind::Digest)
            && let Some(boundary) = parameter(body, b"boundary")
            && !boundary.is_empty()
            && boundary.len() <= BOUNDARY_LIMIT
            && self.boundaries.len() < DEPTH_LIMIT
        {
            self.boundaries.push((boundary, self.kind));
        }
    }

    /// The new label of a part whose old one was left out.
    fn label(&mut self, sink: &mut Sink<'_>) {
        if self.eight_bit {
            let encoding: &[u8] = match self.kind {
                Kind::Leaf => b"Content-Transfer-Encoding: quoted-printable",
                Kind::Multipart | Kind::Digest | Kind::Message => {
                    b"Content-Transfer-Encoding: 7bit"
                }
            };
            sink(encoding, false);
        }
    }

    fn begin_part(&mut self, kind: Kind) {
        self.place = Place::Headers;
        self.kind = kind;
        self.eight_bit = false;
        self.encoding = false;
        self.passing = false;
    }

    fn body_piece(&mut self, text: &[u8], starts: bool, continued: bool, sink: &mut Sink<'_>) {
        if starts && let Some((level, last)) = self.boundary(text) {
            if !self.encoded.is_empty() {
                self.hard_break(sink);
            }
            sink(text, continued);
            let inside = self
                .boundaries
                .get(level)
                .map_or(Kind::Multipart, |(_, kind)| *kind);
            self.boundaries
                .truncate(if last { level } else { level + 1 });
            if last {
                self.encoding = false;
                self.kind = Kind::Multipart;
            } else {
                let kind = if inside == Kind::Digest {
                    Kind::Message
                } else {
                    Kind::Leaf
                };
                self.begin_part(kind);
            }
            return;
        }
        if !self.encoding {
            return sink(text, continued);
        }
        self.encode(text, sink);
        if !continued {
            self.hard_break(sink);
        }
    }

    /// Which boundary the line is, and whether it closes the multipart.
    fn boundary(&self, line: &[u8]) -> Option<(usize, bool)> {
        let rest = line.strip_prefix(b"--")?;
        let matching = self.boundaries.iter().enumerate().rev();
        let mut matching = matching.filter_map(|(level, (boundary, _))| {
            rest.strip_prefix(boundary.as_slice())
                .map(|after| (level, after.starts_with(b"--")))
        });
        matching.next()
    }

    fn encode(&mut self, text: &[u8], sink: &mut Sink<'_>) {
        const HEX: &[u8; 16] = b"0123456789ABCDEF";
        for &byte in text {
            if self.encoded.len() > SOFT_LIMIT {
                self.encoded.push(b'=');
                sink(&self.encoded, false);
                self.encoded.clear();
            }
            let plain = byte == b'\t' || (b' '..=b'~').contains(&byte) && byte != b'=';
            if plain {
                self.encoded.push(byte);
            } else {
                let [high, low] = [byte >> 4, byte & 15].map(|digit| HEX[usize::from(digit)]);
                self.encoded.extend_from_slice(&[b'=', high, low]);
            }
        }
    }

    /// The end of an encoded line: a blank there must not get lost on the way.
    fn hard_break(&mut self, sink: &mut Sink<'_>) {
        match self.encoded.pop() {
            Some(b' ') => self.encoded.extend_from_slice(b"=20"),
            Some(b'\t') => self.encoded.extend_from_slice(b"=09"),
            Some(byte) => self.encoded.push(byte),
            None => {}
        }
        sink(&self.encoded, false);
        self.encoded.clear();
    }
}

/// The value of a parameter of a MIME header.
fn parameter(body: &[u8], wanted: &[u8]) -> Option<Vec<u8>> {
    let mut rest = body;
    loop {
        let semicolon = rest.iter().position(|&b| b == b';')?;
        rest = rest.get(semicolon + 1..)?.trim_ascii_start();
        let equals = rest.iter().position(|b| matches!(b, b'=' | b';'))?;
        let (name, after) = rest.split_at(equals);
        if after.first() != Some(&b'=') {
            continue;
        }
        let value = after.get(1..)?.trim_ascii_start();
        let (value, remaining) = match value.strip_prefix(b"\"") {
            Some(quoted) => unquote(quoted),
            None => {
                let end = value
                    .iter()
                    .position(|b| matches!(b, b';' | b' ' | b'\t' | b'\n' | b'('));
                let (value, remaining) = value.split_at(end.unwrap_or(value.len()));
                (value.to_vec(), remaining)
            }
        };
        if name.trim_ascii().eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = remaining;
    }
}

fn unquote(quoted: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut value = Vec::new();
    let mut bytes = quoted.iter().enumerate();
    while let Some((at, &byte)) = bytes.next() {
        match byte {
            b'"' => return (value, quoted.get(at + 1..).unwrap_or_default()),
            b'\\' => value.extend(bytes.next().map(|(_, &next)| next)),
            _ => value.push(byte),
        }
    }
    (value, &[])
}

fn emit(lines: &[u8], continued: bool, sink: &mut Sink<'_>) {
    let mut lines = lines.split(|&b| b == b'\n').peekable();
    while let Some(line) = lines.next() {
        sink(line, continued && lines.peek().is_none());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn converted(message: &str) -> String {
        let mut out = Vec::new();
        let mut sink = |text: &[u8], continued: bool| {
            out.extend_from_slice(text);
            if !continued {
                out.push(b'\n');
            }
        };
        let mut downgrade = Downgrade::new();
        for line in message.lines() {
            downgrade.piece(line.as_bytes(), false, &mut sink);
        }
        downgrade.end(&mut sink);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_simple_text_becomes_quoted_printable() {
        let text = converted(
            "Subject: x\nContent-Transfer-Encoding: 8bit\nContent-Type: text/plain\n\nå=b \nend",
        );
        assert_eq!(
            text,
            "Subject: x\nContent-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\
             \n=C3=A5=3Db=20\nend\n"
        );
    }

    #[test]
    fn only_parts_that_need_it_are_converted() {
        let text = converted(
            "Content-Type: multipart/mixed;\n\tboundary=\"b 1\"\nContent-Transfer-Encoding: 8bit\n\
             \npreamble\n--b 1\nContent-Transfer-Encoding: 8bit\n\nå\n--b 1\nContent-Transfer-Encoding: base64\n\
             \nYQ==\n--b 1--\nepilogue",
        );
        assert_eq!(
            text,
            "Content-Type: multipart/mixed;\n\tboundary=\"b 1\"\nContent-Transfer-Encoding: 7bit\n\
             \npreamble\n--b 1\nContent-Transfer-Encoding: quoted-printable\n\n=C3=A5\n--b 1\n\
             Content-Transfer-Encoding: base64\n\nYQ==\n--b 1--\nepilogue\n"
        );
    }

    #[test]
    fn messages_inside_messages_are_converted_by_their_own_headers() {
        let text = converted(
            "Content-Type: message/rfc822\nContent-Transfer-Encoding: 8bit\n\n\
             Content-Transfer-Encoding: 8BIT\n\nå",
        );
        assert_eq!(
            text,
            "Content-Type: message/rfc822\nContent-Transfer-Encoding: 7bit\n\n\
             Content-Transfer-Encoding: quoted-printable\n\n=C3=A5\n"
        );
    }

    #[test]
    fn long_lines_are_broken_softly() {
        let text = converted(&format!(
            "Content-Transfer-Encoding: 8bit\n\n{}",
            "å".repeat(40)
        ));
        assert!(text.lines().all(|line| line.len() <= 76), "{text}");
        let body = text.split("\n\n").nth(1).unwrap().replace("=\n", "");
        assert_eq!(body.trim_end(), "=C3=A5".repeat(40));
    }

    #[test]
    fn what_says_nothing_of_eight_bits_is_left_alone() {
        let message = "Content-Type: text/plain\n\nå\n";
        assert_eq!(converted(message), message);
    }

    #[test]
    fn parameters_are_found_in_any_order_and_quoting() {
        let body = b"multipart/mixed; charset=x; Boundary = \"a\\\"b\" ; y=z";
        assert_eq!(parameter(body, b"boundary").unwrap(), b"a\"b");
        assert_eq!(parameter(body, b"y").unwrap(), b"z");
        assert_eq!(parameter(body, b"none"), None);
        assert_eq!(parameter(b"x; boundary", b"boundary"), None);
    }
}
