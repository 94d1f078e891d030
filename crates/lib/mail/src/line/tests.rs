// SPDX-License-Identifier: MIT OR Apache-2.0
//! What ends a line, and what ends a message.

use super::*;
use proptest::prelude::*;

fn decode(policy: BareNewline, limit: usize, inputs: &[&[u8]]) -> (Vec<String>, usize, bool) {
    let mut decoder = LineDecoder::new(policy, limit);
    let mut events = Vec::new();
    let mut used = 0;
    for input in inputs {
        used += decoder.feed(input, &mut |event| {
            events.push(match event {
                Event::Line { line, continued } => format!(
                    "{}{}",
                    if continued { "L " } else { "N " },
                    line.as_bytes().escape_ascii()
                ),
                Event::EndOfData => "END".to_string(),
            });
        });
    }
    (events, used, decoder.saw_bare_newline())
}

fn lines(policy: BareNewline, input: &[u8]) -> Vec<String> {
    decode(policy, 100, &[input]).0
}

const STRICT: BareNewline = BareNewline::Normalize;

#[test]
fn dots_are_unstuffed_and_the_end_is_found() {
    let (events, used, bare) = decode(
        STRICT,
        100,
        &[b"a\r\n..b\r\n...\r\n.c\r\n\r\n.\r\nQUIT\r\n"],
    );
    assert_eq!(events, ["N a", "N .b", "N ..", "N c", "N ", "END"]);
    assert_eq!(used, 22);
    assert!(!bare);
}

#[test]
fn empty_message_ends_at_once() {
    assert_eq!(lines(STRICT, b".\r\n"), ["END"]);
}

#[test]
fn no_smuggled_end_of_data_is_accepted() {
    for end in [
        &b"\n.\n"[..],
        b"\n.\r\n",
        b"\r\n.\n",
        b"\r\n.\r",
        b"\r.\r\n",
        b"\r\n.\r\r\n",
        b"\r\n\0.\r\n",
    ] {
        let mut input = b"a".to_vec();
        input.extend_from_slice(end);
        input.extend_from_slice(b"MAIL FROM:<smuggled>\r\n");
        assert!(
            !lines(STRICT, &input).contains(&"END".to_string()),
            "{}",
            end.escape_ascii()
        );
    }
    assert_eq!(lines(STRICT, b"a\n.\nb\r\n.\r\n"), ["N a", "N b", "END"]);
}

#[test]
fn bare_newlines_are_accepted_on_request() {
    for end in [&b"\n.\n"[..], b"\n.\r\n", b"\r\n.\n", b"\r\n.\r\r\n"] {
        let mut input = b"a".to_vec();
        input.extend_from_slice(end);
        assert_eq!(lines(BareNewline::Accept, &input), ["N a", "END"]);
    }
}

#[test]
fn bare_newline_is_seen_only_where_it_matters() {
    assert!(decode(STRICT, 10, &[b"a\nb\r\n"]).2);
    assert!(!decode(STRICT, 10, &[b"a\r\nb\r\n"]).2);
    assert!(!decode(BareNewline::Accept, 10, &[b"a\nb\r\n"]).2);
}

#[test]
fn one_carriage_return_belongs_to_the_line_end() {
    assert_eq!(lines(STRICT, b"a\r\r\n"), ["N a\\r"]);
    assert_eq!(lines(BareNewline::Accept, b"a\r\r\n"), ["N a"]);
    assert_eq!(lines(STRICT, b"a\rb\r\n"), ["N a\\rb"]);
}

#[test]
fn long_lines_come_in_pieces() {
    assert_eq!(
        decode(STRICT, 3, &[b"abcdefgh\r\n"]).0,
        ["L abc", "L def", "N gh"]
    );
    assert_eq!(decode(STRICT, 3, &[b"abc\r\n"]).0, ["N abc"]);
    assert_eq!(decode(STRICT, 3, &[b"abcdef\r\n"]).0, ["L abc", "N def"]);
    assert_eq!(decode(STRICT, 3, &[b"abcd\n"]).0, ["L abc", "N d"]);
    assert_eq!(decode(STRICT, 3, &[b"..cdef\r\n"]).0, ["L .c", "N def"]);
    assert_eq!(
        decode(STRICT, 3, &[b"abc.\r\n.\r\n"]).0,
        ["L abc", "N .", "END"]
    );
}

#[test]
fn memory_is_bounded_by_the_line_length() {
    let mut decoder = LineDecoder::new(STRICT, 2048);
    for _ in 0..1000 {
        decoder.feed(&[b'x'; 10_240], &mut |event| {
            assert!(matches!(&event, Event::Line { line, continued: true } if line.as_bytes().len() == 2048));
        });
        assert!(decoder.partial.capacity() < 10_000);
    }
}

#[test]
fn chunks_have_no_dots_and_no_end() {
    let mut decoder = LineDecoder::for_chunks(STRICT, 100);
    let mut events = Vec::new();
    let mut sink = |event: Event<'_>| match event {
        Event::Line { line, .. } => events.push(line.into_bytes()),
        Event::EndOfData => panic!("no end in chunks"),
    };
    decoder.feed(b".\r\n..\r\nla", &mut sink);
    decoder.feed(b"st", &mut sink);
    decoder.finish(&mut sink);
    decoder.finish(&mut sink);
    assert_eq!(events, [&b"."[..], b"..", b"last"]);
}

#[test]
fn records_never_become_two_lines() {
    let mut out = Vec::new();
    dot_stuff_into(&mut out, &Line::from_record(b".a\n.\nb"));
    assert_eq!(out, b"..a . b\r\n");
    assert_eq!(
        Line::from_record(b"a\rb")
            .without_stray_returns()
            .as_bytes(),
        b"a b"
    );
}

proptest! {
    /// The events do not depend on how the network cuts the stream.
    #[test]
    fn cuts_do_not_matter(
        input in "[a.\r\n]{0,60}",
        cuts in prop::collection::vec(0usize..60, 0..6),
        limit in 1usize..6,
    ) {
        for policy in [BareNewline::Accept, STRICT] {
            let whole = decode(policy, limit, &[input.as_bytes()]);
            let mut cuts: Vec<usize> = cuts.iter().map(|c| *c.min(&input.len())).collect();
            cuts.push(0);
            cuts.push(input.len());
            cuts.sort_unstable();
            let pieces: Vec<&[u8]> =
                cuts.windows(2).map(|w| &input.as_bytes()[w[0]..w[1]]).collect();
            prop_assert_eq!(&decode(policy, limit, &pieces), &whole);
        }
    }

    /// What we send as a client is what we read as a server.
    #[test]
    fn stuffing_is_undone(content in prop::collection::vec("[.a\r]{0,5}", 0..6)) {
        let mut stream = Vec::new();
        for line in &content {
            dot_stuff_into(&mut stream, &Line::from_record(line.as_bytes()));
        }
        stream.extend_from_slice(b".\r\n");
        let mut expected: Vec<String> =
            content.iter().map(|l| format!("N {}", l.as_bytes().escape_ascii())).collect();
        expected.push("END".to_string());
        prop_assert_eq!(lines(STRICT, &stream), expected);
    }
}
