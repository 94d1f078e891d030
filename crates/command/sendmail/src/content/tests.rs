// SPDX-License-Identifier: MIT OR Apache-2.0
//! Messages as programs write them.

use super::*;

fn pieces(input: &[u8], limit: usize, returns: Returns, dot_ends: bool) -> Vec<(Piece, String)> {
    let mut lines = Lines::new(input, limit, returns, dot_ends);
    let mut text = Vec::new();
    let mut pieces = Vec::new();
    while let Some(piece) = lines.next(&mut text).expect("memory does not fail") {
        pieces.push((piece, String::from_utf8_lossy(&text).into_owned()));
    }
    pieces
}

fn lines(input: &[u8]) -> Vec<String> {
    pieces(input, 100, Returns::Strip, true)
        .into_iter()
        .map(|(_, text)| text)
        .collect()
}

#[test]
fn a_lone_dot_is_the_end_unless_told_otherwise() {
    assert_eq!(lines(b"a\n..\n.\nb\n"), ["a", ".."]);
    assert_eq!(lines(b"a\n.\r\nb\n"), ["a"]);
    assert_eq!(pieces(b"a\n.\nb\n", 100, Returns::Strip, false).len(), 3);
    assert_eq!(lines(b"a\n."), ["a"]);
}

#[test]
fn mbox_separators_at_the_top_are_skipped() {
    assert_eq!(
        lines(b"From x\n>>From y\nSubject: a\nFrom z\n"),
        ["Subject: a", "From z"]
    );
    assert_eq!(lines(b"From: x\n"), ["From: x"]);
}

#[test]
fn returns_are_stripped_as_configured() {
    let strict = |input| pieces(input, 100, Returns::Undecided, true);
    let texts =
        |pieces: Vec<(Piece, String)>| pieces.into_iter().map(|(_, t)| t).collect::<Vec<_>>();
    assert_eq!(texts(strict(b"a\r\nb\r\r\nc\n")), ["a", "b", "c"]);
    assert_eq!(texts(strict(b"a\nb\r\n")), ["a", "b\r"]);
    assert_eq!(texts(pieces(b"a\r\n", 100, Returns::Keep, true)), ["a\r"]);
    assert_eq!(lines(b"a\nb\r\r\n"), ["a", "b"]);
    assert_eq!(Returns::parse("sometimes"), None);
}

#[test]
fn long_lines_come_in_pieces() {
    let found = pieces(b"abcdefgh\nabcd\nabcde", 4, Returns::Keep, true);
    let expected = [
        (Piece::Part, "abcd"),
        (Piece::Line, "efgh"),
        (Piece::Line, "abcd"),
        (Piece::Part, "abcd"),
        (Piece::Line, "e"),
    ];
    let expected: Vec<_> = expected
        .iter()
        .map(|(p, text)| (*p, (*text).to_owned()))
        .collect();
    assert_eq!(found, expected);
    // A dot at the end of a long line is no end.
    assert_eq!(pieces(b"abcd.\nx\n", 4, Returns::Keep, true).len(), 3);
    assert_eq!(lines(b""), Vec::<String>::new());
    assert_eq!(lines(b"\n\n"), ["", ""]);
}

fn recipients(message: &str) -> Vec<String> {
    let mut search = Recipients::new(1000);
    for line in message.lines() {
        search
            .look(line.as_bytes(), true)
            .expect("no header is long");
    }
    let found = search.finish();
    found
        .iter()
        .map(|address| String::from_utf8_lossy(address).into_owned())
        .collect()
}

#[test]
fn recipients_are_found_in_headers_only() {
    let message =
        "Subject: To: x\nTo: A <a@b>,\n  c (d)\nCC: e@f\nbcc: \"g h\"@i\n\nTo: no@where\n";
    assert_eq!(recipients(message), ["a@b", "c", "e@f", "g h@i"]);
    assert_eq!(recipients("no header\nTo: a\n"), Vec::<String>::new());
    assert_eq!(recipients("To: group: a, b;, c\n"), ["a", "b", "c"]);
}

#[test]
fn resent_headers_hide_the_others() {
    assert_eq!(
        recipients("To: a\nResent-To: b\nResent-Cc: c\n"),
        ["b", "c"]
    );
    assert_eq!(recipients("To: a\nResent-From: b\n"), Vec::<String>::new());
}

#[test]
fn a_header_of_any_length_is_an_error() {
    let mut search = Recipients::new(10);
    assert_eq!(search.look(b"To: a", true), Ok(()));
    assert_eq!(search.look(b"bcdefghijk", false), Err(TooLong));
}
