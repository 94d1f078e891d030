// SPDX-License-Identifier: MIT OR Apache-2.0
//! Messages of every shape, and what the walker finds in them.

use super::walker::{Event, Fault, Limits, Place, Walker};

const LIMITS: Limits = Limits {
    header: 1000,
    nesting: 3,
    boundary: 10,
};

/// What is found, a line each: `H` own header, `P` of a part, `N` nested, `.` body, `!` fault.
fn found_with(mut walker: Walker, message: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut visit = |event: Event<'_>| {
        let text = |text: &[u8]| String::from_utf8_lossy(text).into_owned();
        found.push(match event {
            Event::Header(Place::Primary, header) => format!("H {}", text(header)),
            Event::Header(Place::Part, header) => format!("P {}", text(header)),
            Event::Header(Place::Nested, header) => format!("N {}", text(header)),
            Event::EndOfHeaders => "end".to_owned(),
            Event::Body { text: line, .. } => format!(". {}", text(line)),
            Event::Fault(fault, _) => format!("! {fault:?}"),
        });
    };
    for line in message.lines() {
        walker.take(line.as_bytes(), false, &mut visit);
    }
    walker.finish(&mut visit);
    found
}

fn found(message: &str) -> Vec<String> {
    found_with(Walker::new(LIMITS), message)
}

#[test]
fn headers_of_parts_and_nested_messages_are_told_apart() {
    assert_eq!(
        found(
            "A : b\n c\nContent-Type: multipart/mixed; boundary=x\n\npre\n--x\n\
             Content-Type: message/rfc822\n\nSubject: in\n\nbody\n--x--\nB: c\n"
        ),
        [
            "H A: b\n c",
            "H Content-Type: multipart/mixed; boundary=x",
            "end",
            ". ",
            ". pre",
            ". --x",
            "P Content-Type: message/rfc822",
            ". ",
            "N Subject: in",
            ". ",
            ". body",
            ". --x--",
            ". B: c",
        ]
    );
}

#[test]
fn the_parts_of_a_digest_are_messages() {
    let digest = "Content-Type: multipart/digest; boundary=\"x y\"\n\n--x y\n\nIn: n\n\n";
    assert!(found(digest).contains(&"N In: n".to_owned()));
}

#[test]
fn an_outer_boundary_ends_everything_inside() {
    let message = "Content-Type: multipart/x; boundary=a\n\n--a\n\
        Content-Type: multipart/x; boundary=b\n\n--b\nB: 1\n\n--a\nA: 1\n\n--b\nB: 2\n\n";
    let found = found(message);
    assert!(found.contains(&"P A: 1".to_owned()));
    assert!(found.contains(&". B: 2".to_owned()));
}

#[test]
fn a_line_that_is_no_header_ends_the_headers() {
    assert_eq!(
        found("A: b\njunk\nC: d"),
        ["H A: b", "end", ". ", ". junk", ". C: d"]
    );
    assert_eq!(found(" lead"), ["end", ". ", ".  lead"]);
    assert_eq!(found("A: b"), ["H A: b", "end"]);
    assert_eq!(found(""), ["end"]);
}

#[test]
fn without_structure_everything_after_the_headers_is_body() {
    let message = "Content-Type: multipart/x; boundary=a\n\n--a\nA: 1\n";
    let found = found_with(Walker::without_structure(LIMITS), message);
    assert_eq!(found.last().unwrap(), ". A: 1");
}

#[test]
fn nesting_and_memory_are_limited() {
    let mut message = String::new();
    for level in 0..20 {
        message += &format!("Content-Type: multipart/x; boundary=b{level}.\n\n--b{level}.\n");
    }
    let found = found(&message);
    let faults = found.iter().filter(|line| *line == "! Nesting").count();
    assert_eq!(faults, 1, "{found:?}");

    let mut walker = Walker::new(LIMITS);
    let mut longest = 0;
    let mut cut = false;
    let mut visit = |event: Event<'_>| match event {
        Event::Header(_, header) => longest = longest.max(header.len()),
        Event::Fault(Fault::LongHeader, _) => cut = true,
        _ => {}
    };
    walker.take(b"A: b", true, &mut visit);
    for _ in 0..1000 {
        walker.take(&[b'x'; 100], true, &mut visit);
    }
    walker.finish(&mut visit);
    assert!(cut && longest <= LIMITS.header + 100, "{longest}");
}

#[test]
fn a_long_boundary_counts_by_its_beginning() {
    let long = "z".repeat(30);
    let message = format!("Content-Type: multipart/x; boundary={long}\n\n--{long}\nA: 1\n\n");
    assert!(found(&message).contains(&"P A: 1".to_owned()));
}

#[test]
fn bytes_that_need_another_encoding_are_faults() {
    let faults = |message: &str| {
        let mut found = found(message);
        found.retain(|line| line.starts_with('!'));
        found
    };
    assert_eq!(faults("A: \u{e9}\n\n"), ["! EightBitHeader"]);
    assert_eq!(faults("A: b\n\n\u{e9}"), ["! EightBitBody"]);
    let eight = "Content-Transfer-Encoding: 8bit\n\n\u{e9}";
    assert_eq!(faults(eight), [""; 0]);
    let encoded = "Content-Type: multipart/x; boundary=a\nContent-Transfer-Encoding: base64\n\n";
    assert_eq!(faults(encoded), ["! EncodedStructure"]);
}
