// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whole submissions to a postdrop that is played here.

use std::path::Path;

use config::MainCf;
use ipc::flags::CleanupStatus;
use ipc::record::{RecordReader, RecordType as R};
use ipc::services::cleanup::Reply;
use ipc::services::postdrop;
use runtime::stream::Stream;

use super::*;
use crate::params::Params;

fn site(settings: &str) -> Site {
    let main_cf = MainCf::from_text(Path::new("/nowhere"), settings).expect("good syntax");
    Site {
        params: Params::load(&main_cf).expect("good values"),
        directory: None,
    }
}

/// Submits `message`; gives the result, and what postdrop got.
fn submit_to(
    site: &Site,
    status: CleanupStatus,
    words: &[&str],
    message: &[u8],
) -> (Result<(), Failure>, Vec<(R, String)>) {
    let words = words.iter().map(OsString::from).collect();
    let request = Request::parse("sendmail", words).expect("good options");
    let envelope = match Envelope::new(site, &request, None) {
        Ok(envelope) => envelope,
        Err(failure) => return (Err(failure), Vec::new()),
    };
    let (mut theirs, ours) = Stream::pair().expect("a pair");
    postdrop::write_reply(
        &mut theirs,
        &Reply {
            status,
            reason: Vec::new(),
        },
    )
    .expect("it is sent");
    let drop = Drop::over(ours, site.params.message_size_limit);
    let result = envelope.send(site, &request, drop, message);
    let mut reader = RecordReader::new(theirs);
    let mut records = Vec::new();
    while let Ok(Some(record)) = reader.next(10_000) {
        records.push((
            record.kind,
            String::from_utf8_lossy(&record.data).into_owned(),
        ));
    }
    (result, records)
}

fn submit_with(words: &[&str], message: &[u8]) -> (Result<(), Failure>, Vec<(R, String)>) {
    submit_to(
        &site("compatibility_level = 3.12\n"),
        CleanupStatus::empty(),
        words,
        message,
    )
}

fn text(kind: R, text: &str) -> (R, String) {
    (kind, text.to_owned())
}

#[test]
fn a_message_with_all_options_is_sent_in_order() {
    let words = [
        "-f",
        "me@example.com",
        "-FMe",
        "-B8BITMIME",
        "-Vsome-id",
        "-Rfull",
        "-Nsuccess",
        "-G",
        "-v",
        "-XV",
        "-Osmtputf8=yes",
        "a@b, C <c@d>",
        "()",
    ];
    let (result, records) = submit_with(&words, b"Subject: hi\n\nbody\n.\nafter\n");
    assert_eq!(result, Ok(()));
    assert_eq!(
        records,
        [
            text(R::Attribute, "envelope_id=some-id"),
            text(R::Attribute, "ret_flags=1"),
            text(R::Attribute, "rewrite_context=remote"),
            text(R::FullName, "Me"),
            text(R::Sender, "me@example.com"),
            text(R::Attribute, "encoding=8bit"),
            text(R::Attribute, "trace_flags=1024"),
            text(R::Attribute, "sendopts=1"),
            text(R::VerpDelimiters, "+="),
            text(R::Attribute, "notify_flags=2"),
            text(R::Recipient, "a@b"),
            text(R::Attribute, "notify_flags=2"),
            text(R::Recipient, "c@d"),
            text(R::Attribute, "notify_flags=2"),
            text(R::Recipient, ""),
            text(R::MessageContent, ""),
            text(R::RegularText, "Subject: hi"),
            text(R::RegularText, ""),
            text(R::RegularText, "body"),
            text(R::ExtractedInformation, ""),
            text(R::End, ""),
        ]
    );
}

#[test]
fn recipients_of_headers_come_after_the_content() {
    let (result, records) = submit_with(&["-t", "-f", "x", "a@b"], b"To: c@d\nBcc: e@f\n\nTo: g\n");
    assert_eq!(result, Ok(()));
    let recipients: Vec<_> = records
        .iter()
        .filter(|(kind, _)| matches!(kind, R::Recipient | R::MessageContent))
        .map(|(_, text)| text.as_str())
        .collect();
    assert_eq!(recipients, ["a@b", "", "c@d", "e@f"]);
}

#[test]
fn verification_sends_a_message_of_its_own() {
    let (result, records) = submit_with(&["-bv", "-f", "me@b", "a@b", "c@d"], b"ignored\n");
    assert_eq!(result, Ok(()));
    let content: Vec<_> = records
        .iter()
        .filter(|(kind, _)| *kind == R::RegularText)
        .collect();
    let texts: Vec<_> = content.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(texts, ["From: me@b", "Subject: probe", "To: a@b, c@d", ""]);
    assert!(records.contains(&text(R::Attribute, "trace_flags=512")));
}

#[test]
fn somebody_must_get_it() {
    let why = "Recipient addresses must be specified on the command line or via the -t option";
    assert_eq!(
        submit_with(&["-f", "x"], b"").0,
        Err((exit::USAGE, why.to_owned()))
    );
    let why = "No recipient addresses found in message header";
    assert_eq!(
        submit_with(&["-t", "-f", "x"], b"\nTo: a\n").0,
        Err((exit::USAGE, why.to_owned()))
    );
}

#[test]
fn a_verdict_decides_the_exit_status() {
    for (status, code, why) in [
        (
            CleanupStatus::BAD,
            exit::SOFTWARE,
            "internal protocol error",
        ),
        (
            CleanupStatus::WRITE,
            exit::TEMPFAIL,
            "queue file write error",
        ),
        (CleanupStatus::NOPERM, exit::NOPERM, "service denied"),
        (
            CleanupStatus::SIZE,
            exit::UNAVAILABLE,
            "message file too big",
        ),
    ] {
        let (result, _) = submit_to(&site(""), status, &["-f", "x", "a"], b"");
        assert_eq!(result, Err((code, why.to_owned())));
    }
}

#[test]
fn input_without_end_ends_at_the_size_limit() {
    struct Endless;
    impl io::Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            buffer.fill(b'\n');
            Ok(buffer.len())
        }
    }
    let site = site("message_size_limit = 5000\n");
    let words = ["-f", "x", "a"].iter().map(OsString::from).collect();
    let request = Request::parse("sendmail", words).expect("good options");
    let envelope = Envelope::new(&site, &request, None).expect("good options");
    let (_theirs, ours) = Stream::pair().expect("a pair");
    let drop = Drop::over(ours, 5000);
    let result = envelope.send(&site, &request, drop, io::BufReader::new(Endless));
    assert_eq!(
        result,
        Err((exit::UNAVAILABLE, "message file too big".to_owned()))
    );
}

#[test]
fn a_postdrop_that_dies_is_a_temporary_failure() {
    let site = site("");
    let words = ["-f", "x", "a"].iter().map(OsString::from).collect();
    let request = Request::parse("sendmail", words).expect("good options");
    let envelope = Envelope::new(&site, &request, None).expect("good options");
    let (theirs, ours) = Stream::pair().expect("a pair");
    drop(theirs);
    let drop = Drop::over(ours, 0);
    let (status, _) = envelope
        .send(&site, &request, drop, &b"x\n"[..])
        .expect_err("it fails");
    assert_eq!(status, exit::TEMPFAIL);
}

#[test]
fn bad_senders_and_delimiters_are_refused() {
    let status = |words: &[&str]| submit_with(words, b"").0.expect_err("it is refused").0;
    assert_eq!(status(&["-XV", "-f", "", "a"]), exit::USAGE);
    assert_eq!(status(&["-XVab", "-f", "x", "a"]), exit::USAGE);
    assert_eq!(status(&["a"]), exit::OSERR);
}

#[test]
fn a_header_that_is_too_long_cannot_be_searched() {
    let site = site("header_size_limit = 100\n");
    let long = format!("To: {}\n", "x@y, ".repeat(100));
    let words = ["-t", "-f", "x"];
    let (result, _) = submit_to(&site, CleanupStatus::empty(), &words, long.as_bytes());
    assert_eq!(result.expect_err("it is refused").0, exit::DATAERR);
}
