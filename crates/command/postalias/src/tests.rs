// SPDX-License-Identifier: MIT OR Apache-2.0
//! Command lines, and what they do to files.

use std::path::Path;

use config::MainCf;

use crate::options::{Action, Command, parse};
use crate::params::Params;
use crate::run;

fn command(arguments: &[&str]) -> Result<Command, String> {
    parse(arguments.iter().map(std::ffi::OsString::from))
}

fn params() -> Params {
    let main_cf = MainCf::from_text(Path::new("/nowhere"), "compatibility_level = 3.6\n").unwrap();
    Params::load(&main_cf).unwrap()
}

fn output(arguments: &[&str]) -> Result<(bool, String), String> {
    let mut out = Vec::new();
    let done = run(
        &command(arguments)?,
        &params(),
        maps::Options::new(),
        &mut out,
    )?;
    Ok((done, String::from_utf8(out).unwrap()))
}

#[test]
fn only_one_action_is_possible() {
    let error = |arguments: &[&str]| command(arguments).unwrap_err();
    assert_eq!(
        error(&["-q", "a", "-s", "t"]),
        "specify only one of -s or -q or -d"
    );
    assert_eq!(
        error(&["-q", "a", "-d", "b", "t"]),
        "specify only one of -s -q or -d"
    );
    assert!(error(&["-q", "a"]).starts_with("usage: postalias ["));
    assert!(error(&["-z", "t"]).starts_with("usage: postalias ["));
}

#[test]
fn the_incremental_option_changes_building_only() {
    assert_eq!(command(&["-i", "t"]).unwrap().action, Action::Update);
    assert_eq!(
        command(&["-iq", "k", "t"]).unwrap().action,
        Action::Query(b"k".to_vec())
    );
}

#[test]
fn a_table_is_made_queried_listed_and_changed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("table");
    std::fs::write(&path, "# comment\none: 1\ntwo: \"2 3\"\n").unwrap();
    for kind in ["hash", "btree", "lmdb"] {
        let table = format!("{kind}:{}", path.display());
        assert_eq!(output(&[&table]).unwrap(), (true, String::new()));
        assert_eq!(
            output(&["-q", "One", &table]).unwrap(),
            (true, "1\n".to_owned())
        );
        assert_eq!(
            output(&["-q", "none", &table]).unwrap(),
            (false, String::new())
        );
        assert!(
            output(&["-s", &table])
                .unwrap()
                .1
                .contains("YP_MASTER_NAME:\t")
        );
        assert!(
            output(&["-j", "-s", &table])
                .unwrap()
                .1
                .contains("{\"two\": \"\\\"2 3\\\"\"}\n")
        );
        assert!(output(&["-d", "ONE", &table]).unwrap().0);
        assert!(!output(&["-d", "one", &table]).unwrap().0);
        assert!(!output(&["-q", "one", &table]).unwrap().0);
    }
}

#[test]
fn a_missing_source_is_an_error_that_names_it() {
    assert_eq!(
        output(&["/no/such/table"]).unwrap_err(),
        "open /no/such/table: No such file or directory"
    );
}
