// SPDX-License-Identifier: MIT OR Apache-2.0
//! Tables are made, read back, updated and replaced.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use super::*;
use crate::{Maps, Options};

const KINDS: [&str; 4] = ["hash", "btree", "cdb", "lmdb"];

struct Place {
    directory: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self {
            directory: tempfile::tempdir().unwrap(),
        }
    }

    fn name(&self) -> String {
        self.directory.path().join("table").display().to_string()
    }

    fn file(&self, kind: &str) -> PathBuf {
        let suffix = Format::of(kind).unwrap().suffix();
        with_suffix(Path::new(&self.name()), suffix)
    }

    fn maps(&self, kind: &str) -> Maps {
        Maps::open("test", &format!("{kind}:{}", self.name()), &Options::new()).unwrap()
    }
}

fn settings() -> Settings {
    Settings {
        stored: Options::new(),
        duplicates: Duplicates::Ignore,
        mode: 0o640,
    }
}

fn make(place: &Place, kind: &str, settings: &Settings, entries: &[(&str, &str)]) {
    let mut build = Build::create(kind, &place.name(), settings).unwrap();
    for (key, value) in entries {
        build.add(key.as_bytes(), value.as_bytes());
    }
    build.commit().unwrap();
}

#[test]
fn every_type_is_read_back() {
    for kind in KINDS {
        for terminator in [Terminator::Usual, Terminator::Nul, Terminator::None] {
            let place = Place::new();
            let mut settings = settings();
            settings.stored.terminator = terminator;
            make(
                &place,
                kind,
                &settings,
                &[("Key", "Value"), ("key", "second"), ("b", "2")],
            );
            let mut maps = place.maps(kind);
            assert_eq!(maps.get(b"KEY").unwrap().unwrap(), b"Value", "{kind}");
            assert_eq!(maps.get(b"b").unwrap().unwrap(), b"2");
            assert_eq!(maps.get(b"c").unwrap(), None);
            let mode = place.file(kind).metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o640);
            assert_eq!(
                std::fs::read_dir(place.directory.path()).unwrap().count(),
                1
            );
        }
    }
}

#[test]
fn a_replaced_table_is_noticed_by_its_readers_and_keeps_its_permissions() {
    for kind in KINDS {
        let place = Place::new();
        make(&place, kind, &settings(), &[("a", "1")]);
        let permissions = Permissions::from_mode(0o604);
        std::fs::set_permissions(place.file(kind), permissions).unwrap();
        let mut maps = place.maps(kind);
        assert_eq!(maps.changed(), None);
        make(&place, kind, &settings(), &[("a", "2")]);
        assert_eq!(
            maps.changed(),
            Some(format!("{kind}:{}(0,lock|fold_fix|utf8_request)", place.name()).as_str())
        );
        assert_eq!(maps.get(b"a").unwrap().unwrap(), b"1");
        assert_eq!(place.maps(kind).get(b"a").unwrap().unwrap(), b"2");
        let mode = place.file(kind).metadata().unwrap().permissions().mode();
        // A constant database is never updated, always made.
        let kept = if kind == "cdb" { 0o640 } else { 0o604 };
        assert_eq!(mode & 0o777, kept, "{kind}");
    }
}

#[test]
fn an_update_keeps_what_it_does_not_name() {
    for kind in ["hash", "btree", "lmdb"] {
        let place = Place::new();
        make(
            &place,
            kind,
            &settings(),
            &[("a", "1"), ("b", "2"), ("c", "3")],
        );
        let replace = Settings {
            duplicates: Duplicates::Replace,
            ..settings()
        };
        let mut build = Build::update(kind, &place.name(), &replace).unwrap();
        assert!(build.existed());
        build.add(b"a", b"new");
        assert!(build.remove(b"B"));
        assert!(!build.remove(b"nothing"));
        build.commit().unwrap();
        let mut maps = place.maps(kind);
        assert_eq!(maps.get(b"a").unwrap().unwrap(), b"new");
        assert_eq!(maps.get(b"b").unwrap(), None);
        assert_eq!(maps.get(b"c").unwrap().unwrap(), b"3");
    }
}

#[test]
fn an_update_of_a_table_that_is_not_there_makes_it() {
    let place = Place::new();
    let build = Build::update("hash", &place.name(), &settings()).unwrap();
    assert!(!build.existed());
    build.commit().unwrap();
    assert_eq!(place.maps("hash").get(b"a").unwrap(), None);
}

#[test]
fn nothing_changes_before_the_commit() {
    let place = Place::new();
    make(&place, "hash", &settings(), &[("a", "1")]);
    let mut build = Build::create("hash", &place.name(), &settings()).unwrap();
    build.add(b"a", b"2");
    drop(build);
    assert_eq!(place.maps("hash").get(b"a").unwrap().unwrap(), b"1");
    assert_eq!(
        std::fs::read_dir(place.directory.path()).unwrap().count(),
        1
    );
}

#[test]
fn what_a_dead_writer_left_is_used_again() {
    let place = Place::new();
    let left = with_suffix(&place.file("hash"), ".tmp");
    std::fs::write(&left, "half a table").unwrap();
    make(&place, "hash", &settings(), &[("a", "1")]);
    assert_eq!(place.maps("hash").get(b"a").unwrap().unwrap(), b"1");
    assert!(!left.exists());
}

#[test]
fn tables_of_other_types_cannot_be_made() {
    let error = |kind| {
        Build::create(kind, "/no/such/table", &settings())
            .err()
            .unwrap()
            .0
    };
    assert_eq!(
        error("texthash"),
        "unsupported dictionary type: texthash does not support bulk-mode creation."
    );
    assert_eq!(error("foo"), "unsupported dictionary type: foo");
    assert_eq!(
        error("hash"),
        "open database /no/such/table.db: No such file or directory"
    );
}

#[test]
fn entries_added_exactly_are_neither_folded_nor_terminated() {
    let place = Place::new();
    let mut build = Build::create("hash", &place.name(), &settings()).unwrap();
    build.add_exactly(b"YP_MASTER_NAME", b"host");
    build.commit().unwrap();
    let file = File::open(place.file("hash")).unwrap();
    let entries = Format::Hash.load(&place.file("hash"), &file).unwrap();
    assert_eq!(entries, [(b"YP_MASTER_NAME".to_vec(), b"host".to_vec())]);
}
