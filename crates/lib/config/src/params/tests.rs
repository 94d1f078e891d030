// SPDX-License-Identifier: MIT OR Apache-2.0
//! What must hold for the whole table.

use std::collections::HashSet;
use std::path::Path;

use super::*;
use crate::MainCf;

#[test]
fn every_name_is_declared_once() {
    let mut seen = HashSet::new();
    for spec in all() {
        assert!(seen.insert(spec.name), "{} is declared twice", spec.name);
        assert!(std::ptr::eq(find(spec.name).expect("it is there"), *spec));
    }
    assert_eq!(seen.len(), 953);
}

#[test]
fn the_names_in_a_file_are_sorted() {
    for area in AREAS {
        let names: Vec<_> = area.iter().map(|(spec, _)| spec.name).collect();
        let mut sorted = names.clone();
        sorted.sort_unstable();
        if !names.contains(&"2bounce_notice_recipient") {
            assert_eq!(names, sorted);
        }
    }
}

#[test]
fn every_default_is_accepted_by_its_own_type_and_bounds() {
    for level in ["0", "3.12"] {
        let text = format!("compatibility_level = {level}\nmyhostname = mail.example.com\n");
        let main_cf = MainCf::from_text(Path::new("/nowhere"), &text).expect("it parses");
        // The one parameter without default that virtual(8) cannot do without.
        for spec in all()
            .iter()
            .filter(|spec| spec.name != "virtual_mailbox_base")
        {
            let result = crate::value::check(&main_cf, spec);
            assert!(result.is_ok(), "{}: {}", spec.name, result.unwrap_err());
        }
    }
}

#[test]
fn the_version_names_this_product() {
    let version = find("mail_version").expect("it is declared").default;
    assert_eq!(
        version,
        concat!("3.12-posthorn-", env!("CARGO_PKG_VERSION"))
    );
}
