// SPDX-License-Identifier: MIT OR Apache-2.0
//! Command lines, and what they do to files.

use std::path::Path;

use config::MainCf;

use crate::Options;

use super::command_line::{Action, Command, Program, parse};
use super::run::{Input, Site, run};

fn command(program: Program, arguments: &[&str]) -> Result<Command, String> {
    parse(program, arguments.iter().map(std::ffi::OsString::from))
}

fn answered(program: Program, arguments: &[&str], input: &str) -> Result<(bool, String), String> {
    let main_cf = MainCf::from_text(Path::new("/nowhere"), "compatibility_level = 3.6\n").unwrap();
    let mut out = Vec::new();
    let mut text = input.as_bytes();
    let mut input = Input {
        text: &mut text,
        metadata: None,
    };
    let command = command(program, arguments)?;
    let site = Site::load(&main_cf).unwrap();
    let done = run(
        program,
        &command,
        &site,
        Options::new(),
        &mut input,
        &mut out,
    )?;
    Ok((done, String::from_utf8(out).unwrap()))
}

fn output(program: Program, arguments: &[&str]) -> Result<(bool, String), String> {
    answered(program, arguments, "")
}

#[test]
fn only_one_action_is_possible() {
    for (program, usage) in [
        (Program::Postmap, "usage: postmap ["),
        (Program::Postalias, "usage: postalias ["),
    ] {
        let error = |arguments: &[&str]| command(program, arguments).unwrap_err();
        assert_eq!(
            error(&["-q", "a", "-s", "t"]),
            "specify only one of -s or -q or -d"
        );
        assert_eq!(
            error(&["-q", "a", "-d", "b", "t"]),
            "specify only one of -s -q or -d"
        );
        assert!(error(&["-q", "a"]).starts_with(usage));
        assert!(error(&["-z", "t"]).starts_with(usage));
    }
}

#[test]
fn the_incremental_option_changes_building_only() {
    let action = |arguments: &[&str]| command(Program::Postmap, arguments).unwrap().action;
    assert_eq!(action(&["-i", "t"]), Action::Update);
    assert_eq!(action(&["-iq", "k", "t"]), Action::Query(b"k".to_vec()));
}

#[test]
fn a_table_is_made_queried_listed_and_changed() {
    for (program, source, listed, listed_as_json) in [
        (
            Program::Postmap,
            "# comment\none 1\ntwo 2 3\n",
            "two\t2 3\n",
            "{\"two\": \"2 3\"}\n",
        ),
        (
            Program::Postalias,
            "# comment\none: 1\ntwo: \"2 3\"\n",
            "YP_MASTER_NAME:\t",
            "{\"two\": \"\\\"2 3\\\"\"}\n",
        ),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("table");
        std::fs::write(&path, source).unwrap();
        for kind in ["hash", "btree", "lmdb"] {
            let table = format!("{kind}:{}", path.display());
            let say = |arguments: &[&str]| {
                output(program, &[arguments, &[table.as_str()]].concat()).unwrap()
            };
            assert_eq!(say(&[]), (true, String::new()));
            assert_eq!(say(&["-q", "One"]), (true, "1\n".to_owned()));
            assert_eq!(say(&["-q", "none"]), (false, String::new()));
            assert!(say(&["-s"]).1.contains(listed));
            assert!(say(&["-j", "-s"]).1.contains(listed_as_json));
            assert!(say(&["-d", "ONE"]).0);
            assert!(!say(&["-d", "one"]).0);
            assert!(!say(&["-q", "one"]).0);
        }
    }
}

#[test]
fn a_missing_source_is_an_error_that_names_it() {
    assert_eq!(
        output(Program::Postmap, &["/no/such/table"]).unwrap_err(),
        "open /no/such/table: No such file or directory"
    );
}

#[test]
fn keys_come_from_the_headers_or_the_body_of_a_message() {
    let message = "A: b\n c\nContent-Type: multipart/mixed; boundary=x\n\n--x\nIn: part\n\ntext\n";
    let keys = |options| {
        answered(Program::Postmap, &[options, "-q", "-", "static:y"], message)
            .unwrap()
            .1
    };
    let own = "A: b\n c\ty\nContent-Type: multipart/mixed; boundary=x\ty\n";
    assert_eq!(keys("-h"), own);
    assert_eq!(keys("-hm"), format!("{own}In: part\ty\n"));
    assert_eq!(keys("-b"), "\ty\n--x\ty\nIn: part\ty\n\ty\ntext\ty\n");
    assert_eq!(keys("-bm"), "\ty\n--x\ty\n\ty\ntext\ty\n");
}

#[test]
fn the_options_for_messages_want_a_message() {
    assert_eq!(
        output(Program::Postmap, &["-b", "-q", "a", "static:y"]).unwrap_err(),
        "specify -b -h or -m only with \"-q -\""
    );
}
