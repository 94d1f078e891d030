// SPDX-License-Identifier: MIT OR Apache-2.0
//! Queue files, and what is shown of them: the text is that of the original.

use crate::dump::{DumpError, dump};
use crate::options::Show;
use ipc::record::{self, RecordType};
use proptest::prelude::*;

const EVERYTHING: Show = Show {
    body: true,
    header: true,
    envelope: true,
    types: false,
    offsets: false,
    names: false,
    raw: false,
    verbose: false,
};

/// A message whose last recipient was moved behind the end of the file.
fn sample() -> Vec<u8> {
    let mut file = Vec::new();
    let mut add = |kind, data: &str| {
        record::write(&mut file, kind, data.as_bytes());
        file.len()
    };
    add(RecordType::MessageSize, &format!("{:95}", 1));
    add(RecordType::ArrivalTime, "1700000000 1");
    add(RecordType::Attribute, "create_time=1700000000");
    add(RecordType::Attribute, "a=b");
    add(RecordType::ContinuedText, "smtp:filter");
    add(RecordType::Sender, "s@x");
    let pointer = add(RecordType::Recipient, "a@b");
    let back = add(RecordType::Pointer, &format!("{:15}", 0));
    add(RecordType::MessageContent, "");
    add(RecordType::ContinuedText, "Subject: long ");
    add(RecordType::RegularText, "line");
    add(RecordType::RegularText, "\tfolded");
    add(RecordType::RegularText, "");
    add(RecordType::DeletedText, "gone");
    add(RecordType::RegularText, "body");
    add(RecordType::ExtractedInformation, "");
    let heap = add(RecordType::End, "");
    add(RecordType::Recipient, "heap@b");
    add(RecordType::Pointer, &format!("{back:15}"));
    let target = format!("{heap:15}");
    file[pointer + 2..pointer + 17].copy_from_slice(target.as_bytes());
    file
}

fn shown(show: Show, start: u64) -> String {
    let mut out = Vec::new();
    dump("F", sample().as_slice(), start, show, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn pointers_are_followed_and_times_are_for_people() {
    let text = shown(EVERYTHING, 0);
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], "*** ENVELOPE RECORDS F ***");
    assert!(
        lines[2].starts_with("message_arrival_time: "),
        "{}",
        lines[2]
    );
    assert!(lines[2].ends_with(" 2023"), "{}", lines[2]);
    assert!(lines[3].starts_with("create_time: "), "{}", lines[3]);
    assert_eq!(
        lines[4..],
        [
            "named_attribute: a=b",
            "content_filter: smtp:filter",
            "sender: s@x",
            "recipient: a@b",
            "recipient: heap@b",
            "*** MESSAGE CONTENTS F ***",
            "Subject: long line",
            "\tfolded",
            "",
            "body",
            "*** HEADER EXTRACTED F ***",
            "*** MESSAGE FILE END F ***",
        ]
    );
}

#[test]
fn header_and_body_can_be_shown_alone() {
    let nothing = Show::default();
    assert_eq!(
        shown(
            Show {
                header: true,
                ..nothing
            },
            0
        ),
        "Subject: long line\n\tfolded\n"
    );
    assert_eq!(
        shown(
            Show {
                body: true,
                ..nothing
            },
            0
        ),
        "\nbody\n"
    );
}

#[test]
fn offsets_types_and_names_come_first() {
    let show = Show {
        offsets: true,
        types: true,
        names: true,
        ..EVERYTHING
    };
    let text = shown(show, 97);
    assert!(
        text.starts_with("F:        97  84 message_arrival_time: "),
        "{text}"
    );
    let show = Show {
        offsets: true,
        verbose: true,
        ..EVERYTHING
    };
    let text = shown(show, 0);
    assert!(text.contains(" pointer_record:             "), "{text}");
    assert!(
        text.contains(" unterminated_text: Subject: long \n"),
        "{text}"
    );
    assert!(text.contains(" padding: gone\n"), "{text}");
}

#[test]
fn in_the_order_of_the_file_what_is_behind_the_end_is_shown() {
    let text = shown(
        Show {
            raw: true,
            ..EVERYTHING
        },
        0,
    );
    let (before, behind) = text.split_once("*** MESSAGE FILE END F ***\n").unwrap();
    assert!(before.contains("pointer_record: "));
    assert!(!before.contains("heap@b"));
    assert!(behind.starts_with("recipient: heap@b\npointer_record: "));
}

#[test]
fn garbage_is_called_so() {
    let mut out = Vec::new();
    for garbage in [b"garbage".as_slice(), b"S\x01x", b"\xff\xfe"] {
        let result = dump("F", garbage, 0, EVERYTHING, &mut out);
        assert!(
            matches!(result, Err(DumpError::NotAQueueFile)),
            "{garbage:?}"
        );
    }
    assert!(dump("F", b"".as_slice(), 0, EVERYTHING, &mut out).is_ok());
    assert!(out.is_empty());
}

#[test]
fn pointers_in_a_circle_end() {
    let mut file = Vec::new();
    record::write(&mut file, RecordType::ArrivalTime, b"1 1");
    let here = file.len();
    record::write(
        &mut file,
        RecordType::Pointer,
        format!("{here:15}").as_bytes(),
    );
    let result = dump("F", file.as_slice(), 0, EVERYTHING, &mut Vec::new());
    assert!(matches!(result, Err(DumpError::Loop)));
}

proptest! {
    #[test]
    fn any_file_is_shown_or_refused(
        edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        raw in any::<bool>(),
    ) {
        let mut file = sample();
        for (place, byte) in edits {
            let place = place.index(file.len());
            file[place] = byte;
        }
        let _ = dump("F", file.as_slice(), 0, Show { raw, ..EVERYTHING }, &mut io_sink());
    }
}

fn io_sink() -> impl std::io::Write {
    std::io::sink()
}
