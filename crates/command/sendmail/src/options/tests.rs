// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the programs of the world say to sendmail.

use std::cell::RefCell;
use std::rc::Rc;

use super::*;

fn parse_as(process: &str, words: &[&str]) -> Result<Request, Failure> {
    Request::parse(process, words.iter().map(OsString::from).collect())
}

fn parse(words: &[&str]) -> Request {
    parse_as("sendmail", words).expect("it is accepted")
}

fn refusal(words: &[&str]) -> String {
    let (status, text) = parse_as("sendmail", words).expect_err("it is refused");
    assert_eq!(status, exit::USAGE);
    text
}

fn warnings(words: &[&str]) -> Vec<String> {
    let lines = Rc::new(RefCell::new(Vec::new()));
    log::start("sendmail", vec![log::Sink::Capture(Rc::clone(&lines))]);
    parse(words);
    lines.take()
}

#[test]
fn the_name_and_the_letters_choose_the_mode() {
    assert_eq!(
        parse_as("mailq", &[]).expect("accepted").mode,
        Mode::ListQueue
    );
    assert_eq!(
        parse_as("newaliases", &[]).expect("accepted").mode,
        Mode::NewAliases
    );
    assert_eq!(parse_as("smtpd", &[]).expect("accepted").mode, Mode::Daemon);
    for (words, mode) in [
        (&["-bm", "a@b"][..], Mode::Submit),
        (&["-bd", "-q15m"], Mode::Daemon),
        (&["-bp"], Mode::ListQueue),
        (&["-bi"], Mode::NewAliases),
        (&["-I"], Mode::NewAliases),
        (&["-bs"], Mode::StandAlone),
        (&["-bh"], Mode::Nothing),
        (&["-q"], Mode::FlushAll),
        (&["-q15m"], Mode::Nothing),
        (&["-qRexample.com"], Mode::FlushSite("example.com".into())),
        (&["-qI", "-v"], Mode::Submit),
    ] {
        if words == ["-qI", "-v"] {
            assert_eq!(refusal(words), "specify: -qIqueueid");
        } else {
            assert_eq!(parse(words).mode, mode, "{words:?}");
        }
    }
}

#[test]
fn submission_options_are_taken() {
    let request = parse(&[
        "-oi",
        "-tGf",
        "me@example.com",
        "-FMy Name",
        "-B8BITMIME",
        "-Nsuccess,delay",
        "-Rhdrs",
        "-Venvelope",
        "-Osmtputf8=YES",
        "-oem",
        "-odi",
        "-Am",
        "-L",
        "label",
        "a@b",
        "-x",
    ]);
    assert!(!request.dot_ends && request.from_headers && request.gateway && request.smtputf8);
    assert_eq!(
        request.sender.as_deref(),
        Some(OsStr::new("me@example.com"))
    );
    assert_eq!(request.full_name.as_deref(), Some(OsStr::new("My Name")));
    assert_eq!(request.encoding, Some(Encoding::EightBit));
    assert_eq!(request.notify, Some(Notify::SUCCESS | Notify::DELAY));
    assert_eq!(request.ret, Some(Ret::HDRS));
    assert_eq!(request.envelope_id.as_deref(), Some(OsStr::new("envelope")));
    assert_eq!(request.recipients, ["a@b", "-x"]);
    assert_eq!(parse(&["--", "-f"]).recipients, ["-f"]);
    assert_eq!(
        parse(&["-f", "", "x"]).sender.as_deref(),
        Some(OsStr::new(""))
    );
}

#[test]
fn verbosity_plays_two_roles() {
    assert!(parse(&["-v", "a"]).report);
    let request = parse(&["-v", "-v", "a"]);
    assert!(!request.report);
    assert_eq!(request.verbose(), 2);
    assert_eq!(parse(&["-bp", "-v"]).verbose(), 1);
    log::set_verbose(0);
}

#[test]
fn old_verp_syntax_is_understood_with_a_warning() {
    let verp = |words: &[&str]| parse(words).verp;
    assert_eq!(verp(&["-XV", "a"]), Some(OsString::new()));
    assert_eq!(verp(&["-XV+=", "a"]), Some("+=".into()));
    assert_eq!(verp(&["-V", "+=", "a"]), Some("+=".into()));
    assert_eq!(verp(&["-V+=", "a"]), Some("+=".into()));
    let old = "warning: option -V+= is deprecated with Postfix 2.3; specify -XV+= instead";
    assert_eq!(warnings(&["-V+=", "a"]), [old]);
}

#[test]
fn main_cf_may_be_named_by_file_or_directory() {
    let directory = |name| parse(&["-C", name]).directory;
    assert_eq!(
        directory("/etc/postfix/main.cf"),
        Some("/etc/postfix".into())
    );
    assert_eq!(directory("/etc/postfix"), Some("/etc/postfix".into()));
}

#[test]
fn what_is_not_there_or_does_not_go_together_is_refused() {
    for (words, why) in [
        (&["-n"][..], "-n option not supported"),
        (&["-Z"], "usage: sendmail [options]"),
        (&["-f"], "usage: sendmail [options]"),
        (&["-Bx"], "-B option needs 8BITMIME or 7BIT"),
        (&["-bx"], "unsupported: -bx"),
        (&["-Xf"], "unsupported: -Xf"),
        (&["-qS"], "-qS is not implemented"),
        (&["-qR"], "specify: -qRsitename"),
        (&["-oA"], "-oA requires pathname"),
        (&["-bp", "-qRx"], "-qR can be used only in delivery mode"),
        (&["-bp", "-t"], "-t can be used only in delivery mode"),
        (&["-bv", "-t"], "-t option cannot be used with -bv"),
        (&["-bv", "-Nnever"], "-N option cannot be used with -bv"),
        (&["-bv", "-Rfull"], "-R option cannot be used with -bv"),
        (&["-bv", "-v"], "-v option cannot be used with -bv"),
        (&["-bp", "a"], "display queue mode requires no recipient"),
        (&["-q", "a"], "flush queue mode requires no recipient"),
        (&["-qRx", "a"], "flush site requires no recipient"),
        (&["-qIx", "a"], "flush queue_id requires no recipient"),
        (&["-bd", "a"], "daemon mode requires no recipient"),
        (
            &["-bi", "a"],
            "alias initialization mode requires no recipient",
        ),
        (&["-bs", "a"], "stand-alone mode requires no recipient"),
    ] {
        assert_eq!(refusal(words), why, "{words:?}");
    }
}

#[test]
fn bad_values_are_ignored_with_a_warning() {
    for (word, warning) in [
        ("-Nsometimes", "bad -N option value -- ignored"),
        ("-Rnone", "bad -R option value -- ignored"),
        ("-Vb\u{fc}", "bad syntax in -V option value -- ignored"),
        (
            "-Osmtputf8=maybe",
            "bad -O option value -- ignored: smtputf8=maybe",
        ),
    ] {
        assert_eq!(warnings(&[word, "a"]), [format!("warning: {warning}")]);
    }
    let long = format!("-V{}", "x".repeat(101));
    assert_eq!(
        warnings(&[&long, "a"]),
        ["warning: too long -V option value -- ignored"]
    );
}
