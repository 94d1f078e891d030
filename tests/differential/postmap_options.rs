// SPDX-License-Identifier: MIT OR Apache-2.0
//! The options of postmap and postalias: the same words, the same exit codes, and files with the
//! same owner and permissions.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;

use kit::{Flavor, Instance};

use crate::tables::{compare, place, run};

/// Somebody who is not root.
const OTHER: u32 = 12_345;

#[test]
fn actions_exclude_each_other_and_types_that_cannot_do_them_say_so() {
    compare(&[
        ("postmap -q a -q b map", ""),
        ("postmap -s -q b map", ""),
        ("postmap -d a -s map", ""),
        ("postmap -s -s hash:map", ""),
        ("postmap -s", ""),
        ("postalias -s", ""),
        ("postmap -b hash:map", ""),
        ("postmap -bq a hash:map", ""),
        ("postmap -s static:x", ""),
        ("postmap -d a static:x", ""),
        ("postmap -d a environ:x", ""),
        ("postmap -d a texthash:map", ""),
        ("postmap -d a inline:{a=b}", ""),
        ("postmap -d a cidr:map", ""),
        ("postmap -d a unix:passwd.byname", ""),
        ("postmap -d a fail:map", ""),
        ("postmap -s fail:map", ""),
        ("postmap -q a fail:map", ""),
        ("postmap fail:map", ""),
        ("postmap -i fail:map", "a b\n"),
        ("postmap proxy:hash:map", ""),
        ("postmap -s proxy:hash:map", ""),
        ("postmap -i cdb:map", "a b\n"),
        ("postmap -d a cdb:map", ""),
        ("postmap static:map", ""),
        ("postmap hash:none", ""),
        ("postmap -d a hash:none", ""),
        ("postmap -c /no/such/place hash:map", ""),
    ]);
}

#[test]
fn a_message_on_standard_input_gives_headers_and_lines_as_keys() {
    let message = "From: a\nX : b\n folded\nContent-Type: multipart/mixed; boundary=\"b 1\"\n\n\
        pre\n--b 1\nContent-Type: message/rfc822\nX-Part: 1\n\nFrom: inner\n\
        Content-Type: multipart/digest; boundary=in\n\n--in\n\nSubject: digest\n\nbody\n\
        --b 1\nContent-Type: message/partial; id=1\n\nNot-A-Header: x\n--b 1\njunk\nA: b\n\
        --b 1--\npost\n";
    for options in ["-h", "-b", "-hb", "-hm", "-bm", "-hbm", "-hmU", "-m"] {
        compare(&[(&format!("postmap {options} -q - static:x"), message)]);
    }
    for message in [
        "A: b\njunk\nC: d\n\nx\n",
        " lead\nA: b\n",
        "\nbody\n",
        "",
        "A: b",
    ] {
        compare(&[
            ("postmap -h -q - static:x", message),
            ("postmap -b -q - static:x", message),
        ]);
    }
}

#[test]
fn terminators_case_and_utf8_are_as_the_options_say() {
    compare(&[
        ("postmap -n hash:map", ""),
        ("postmap -q a hash:map", ""),
        ("postmap -N -q a hash:map", ""),
        ("postmap -nd a hash:map", ""),
        ("postmap -N hash:map", ""),
        ("postmap -n -q a hash:map", ""),
        ("postmap -f hash:map", ""),
        ("postmap -fq Key hash:map", ""),
        ("postmap -q Key hash:map", ""),
        ("postmap -i hash:utf8", "\u{c4} upper\n\u{c9}: alias\n"),
        ("postmap -q \u{e4} hash:utf8", ""),
        ("postmap -ui hash:ascii", "\u{c4} upper\nB ascii\n"),
        ("postmap -us hash:ascii", ""),
        ("postmap -q \u{e4} hash:ascii", ""),
        ("postmap -q - hash:map hash:none", "Key\n"),
        ("postmap -F hash:files", ""),
        ("postmap -d - hash:map", "a\nnothing\nKEY\n"),
        ("postmap -d - hash:map", "nothing\n"),
    ]);
}

/// Builds with a source of this owner and mode in a directory of that owner; what is said, and
/// the file that is made.
fn built(instance: &Instance, line: &str, source: (u32, u32), directory: u32) -> String {
    let place = instance.path("tables");
    for kind in ["db", "cdb", "lmdb"] {
        let _ = fs::remove_file(place.join("map").with_extension(kind));
    }
    let map = place.join("map");
    chown(&map, Some(source.0), Some(source.0)).expect("chown");
    fs::set_permissions(&map, Permissions::from_mode(source.1)).expect("chmod");
    chown(&place, Some(directory), Some(directory)).expect("chown");
    let mut words = line.split(' ');
    let name = words.next().expect("a command");
    let words: Vec<&str> = words.collect();
    let output = run(instance, name, &words, "");
    let mut text = format!(
        "{line} {source:?} {directory}: {:?} {}",
        output.status.code(),
        String::from_utf8_lossy(&output.stderr)
            .lines()
            .filter(|line| line.contains("fatal"))
            .collect::<String>()
    );
    for kind in ["db", "cdb", "lmdb"] {
        text += &shown(&map.with_extension(kind));
    }
    text
}

fn shown(path: &Path) -> String {
    fs::metadata(path).map_or(String::new(), |made| {
        format!(" {}:{} {:o}", made.uid(), made.gid(), made.mode())
    })
}

#[test]
fn a_table_has_the_owner_and_the_permissions_of_its_source() {
    let (Some(theirs), Some(ours)) = (place(Flavor::Theirs), place(Flavor::Ours)) else {
        return;
    };
    let reachable = |instance: &Instance| {
        // The owner of a source must get to it.
        let mut path = instance.path("tables");
        while path.pop() && path != Path::new("/") {
            let mode = fs::metadata(&path).expect("directory").mode();
            fs::set_permissions(&path, Permissions::from_mode(mode | 0o011)).expect("chmod");
        }
    };
    reachable(&theirs);
    reachable(&ours);
    for table in [
        "hash:map",
        "-p hash:map",
        "-o hash:map",
        "cdb:map",
        "lmdb:map",
    ] {
        for source in [(0, 0o600), (OTHER, 0o640), (OTHER, 0o666)] {
            for directory in [0, OTHER] {
                let line = format!("postmap {table}");
                assert_eq!(
                    built(&ours, &line, source, directory),
                    built(&theirs, &line, source, directory)
                );
            }
        }
    }
}

#[test]
fn a_table_of_root_in_a_directory_of_somebody_else_is_warned_about() {
    let Some(ours) = place(Flavor::Ours) else {
        return;
    };
    chown(ours.path("tables"), Some(OTHER), None).expect("chown");
    let output = run(&ours, "postmap", &["hash:map"], "");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains(
            "warning: root-owned file map is in directory ., which is owned by uid 12345"
        ),
        "{said}"
    );
}
