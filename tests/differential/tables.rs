// SPDX-License-Identifier: MIT OR Apache-2.0
//! postmap and postalias: the same command lines say and do the same, and each side reads and
//! updates what the other wrote.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Output;

use kit::{Flavor, Instance, Setup, observe, programs};

const KINDS: [&str; 4] = ["hash", "btree", "lmdb", "cdb"];

const MAP: &str = "a b\nKey  value with  spaces  \n\"quo ted\"@x  v\n# comment\nlong\n  continued\n\
    # inner\n  more\nnovalue\ncolon: x\na second\n\"unb x\n\\\"x y z\nback\\ slash v\n";
const ALIASES: &str = "A b\nc:\nx a, b ,  c (comment)\nb@c: d\n: v\nn :v\nm: n: o\no: \"\"\n\
    x,y: z\nUPPER: Low, <a@b>, Foo Bar <c@d>\np: grp: a, b;\npipe: |prog a b, \"|p q\"\n\
    zz: a\\ b, c\\,d, user+x@[1.2.3.4]\nincl: :include:/a/b, \":include:/c d\"\nx: z\nx: w\n";
const NETWORKS: &str = "1.2.3.4/24 a\n1.2.3.0/99 b\n[::1]/64 d\nif 10.0.0.0/8\n10.1.0.0/16 g\n\
    10.0.0.0/8 h\nendif\nendif\n!192.168.0.0/16 not\nnovalue\n1.2.3.4\n";

/// An instance that is not started, with the sources; `None` where the original cannot run.
pub(crate) fn place(flavor: Flavor) -> Option<Instance> {
    let reference = programs::reference();
    if !kit::instance::privileged() || reference.is_none() {
        assert!(
            std::env::var_os("CI").is_none(),
            "needs root and scripts/reference"
        );
        return None;
    }
    let instance = Setup::of(flavor).build();
    let library = reference?.join("usr/lib/postfix");
    let mut dynamic = String::new();
    for (kind, maker) in [
        ("lmdb", "mkmap_lmdb_open"),
        ("cdb", "mkmap_cdb_open"),
        ("pcre", ""),
    ] {
        let library = library.join(format!("postfix-{kind}.so"));
        let library = library.display();
        writeln!(dynamic, "{kind} {library} dict_{kind}_open {maker}").expect("text");
    }
    fs::write(instance.path("etc/dynamicmaps.cf"), dynamic).expect("dynamicmaps.cf");
    let sources = instance.path("tables");
    fs::create_dir(&sources).expect("directory");
    for (name, text) in [("map", MAP), ("aliases", ALIASES), ("networks", NETWORKS)] {
        fs::write(sources.join(name), text).expect("source");
    }
    Some(instance)
}

/// What a command says and how it ends. Entries come in the order of the table, which is each
/// side's own.
fn said(instance: &Instance, line: &str, input: &str) -> String {
    let words: Vec<&str> = line.split(' ').collect();
    let (name, arguments) = words.split_first().expect("a command");
    let output = run(instance, name, arguments, input);
    let mut entries: Vec<String> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(observe::stable)
        .collect();
    entries.retain(|entry| !entry.contains("YP_LAST_MODIFIED"));
    entries.sort();
    let errors = String::from_utf8_lossy(&output.stderr);
    format!(
        "{line}\n{}\n{errors}{:?}",
        entries.join("\n"),
        output.status.code()
    )
}

pub(crate) fn run(instance: &Instance, name: &str, arguments: &[&str], input: &str) -> Output {
    use std::io::Write;
    let mut child = instance
        .command(name)
        .args(arguments)
        .current_dir(instance.path("tables"))
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the command");
    child
        .stdin
        .take()
        .expect("stdin")
        .write_all(input.as_bytes())
        .ok();
    child.wait_with_output().expect("output")
}

#[track_caller]
pub(crate) fn compare(lines: &[(&str, &str)]) {
    let (Some(theirs), Some(ours)) = (place(Flavor::Theirs), place(Flavor::Ours)) else {
        return;
    };
    for (line, input) in lines {
        assert_eq!(said(&ours, line, input), said(&theirs, line, input));
    }
}

#[test]
fn tables_are_made_queried_and_changed_with_the_same_words() {
    for kind in KINDS {
        let all = [
            ("postmap KIND:map", ""),
            ("postmap -q a KIND:map", ""),
            ("postmap -q KEY KIND:map", ""),
            ("postmap -q nothing KIND:map", ""),
            ("postmap -q - KIND:map", "a\nKey\nnothing\nlong\n"),
            ("postmap -f KIND:map", ""),
            ("postmap -q Key KIND:map", ""),
            ("postmap -n KIND:map", ""),
            ("postmap -q a KIND:map", ""),
            ("postmap -w KIND:map", ""),
            ("postmap -r KIND:map", ""),
            ("postmap -q a KIND:map", ""),
            ("postmap -i KIND:map", "new one\na changed\n"),
            ("postmap -d new KIND:map", ""),
            ("postmap -d new KIND:map", ""),
            ("postalias KIND:aliases", ""),
            ("postalias -q x KIND:aliases", ""),
            ("postalias -q - KIND:aliases", "upper\nincl\npipe\nzz\n"),
            ("postalias -i KIND:aliases", "new: a, b\n"),
            ("postalias -q new KIND:aliases", ""),
        ];
        let lines: Vec<(String, &str)> = all
            .iter()
            .map(|(line, input)| (line.replace("KIND", kind), *input))
            .collect();
        let lines: Vec<(&str, &str)> = lines
            .iter()
            .map(|(line, input)| (line.as_str(), *input))
            .collect();
        compare(&lines);
    }
    for kind in ["hash", "btree", "lmdb"] {
        let lines = [
            "postmap KIND:map",
            "postmap -s KIND:map",
            "postalias KIND:aliases",
            "postalias -s KIND:aliases",
        ]
        .map(|line| line.replace("KIND", kind));
        compare(&lines.each_ref().map(|line| (line.as_str(), "")));
    }
}

#[test]
fn other_types_and_mistakes_have_the_same_words() {
    let lines = [
        "postmap -q a hash:none",
        "postmap -q a foo:bar",
        "postmap -q a static:",
        "postmap -q a static:x",
        "postmap -q a inline:{a=b,c=d}",
        "postmap -s inline:{a=b,c=d}",
        "postmap -q a inline:{a}",
        "postmap -q a inline:{a=}",
        "postmap -q root unix:passwd.byname",
        "postmap -q nobody-here unix:passwd.byname",
        "postmap -q a unix:other",
        "postmap -q a fail:x",
        "postmap -q a texthash:map",
        "postmap -s texthash:map",
        "postmap -q a texthash:none",
        "postmap -q 10.1.2.3 cidr:networks",
        "postmap -q 10.2.2.3 cidr:networks",
        "postmap -q 192.168.1.1 cidr:networks",
        "postmap -q 1.2.3.4 cidr:networks",
        "postmap -q name cidr:networks",
        "postmap -q 1.1.1.1 cidr:none",
        "postmap -s static:x",
        "postmap -d a static:x",
        "postmap static:x",
        "postmap texthash:map",
        "postmap none",
        "postmap -q a -s map",
        "postmap -q a -d b map",
        "postmap -q a map static:y",
    ];
    compare(&lines.map(|line| (line, "")));
}

/// Entries that fill several pages, with keys and values that do not fit on one.
fn many() -> String {
    let mut text = String::new();
    for n in 0..4000 {
        writeln!(text, "user{n}@example.com value {n}").expect("text");
    }
    for n in 1..50_usize {
        let (key, value) = ("k".repeat(n * 9), "v".repeat(n * 300));
        writeln!(text, "{key}{n} {value}").expect("text");
    }
    text
}

fn query_all(instance: &Instance, directory: &Path, kind: &str, keys: &str) -> Vec<u8> {
    let table = format!("{kind}:{}", directory.join("many").display());
    let output = run(instance, "postmap", &["-q", "-", &table], keys);
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

#[test]
fn each_side_reads_and_updates_what_the_other_wrote() {
    let (Some(theirs), Some(ours)) = (place(Flavor::Theirs), place(Flavor::Ours)) else {
        return;
    };
    let text = many();
    let keys: String = text
        .lines()
        .map(|line| format!("{}\n", line.split(' ').next().unwrap_or("")))
        .collect();
    let expected: Vec<u8> = text
        .lines()
        .map(|line| line.replacen(' ', "\t", 1) + "\n")
        .collect::<String>()
        .into_bytes();
    for (writer, reader) in [(&ours, &theirs), (&theirs, &ours)] {
        let directory = writer.path("tables");
        fs::write(directory.join("many"), &text).expect("source");
        for kind in KINDS {
            let table = format!("{kind}:{}", directory.join("many").display());
            assert!(run(writer, "postmap", &[&table], "").status.success());
            assert!(
                query_all(reader, &directory, kind, &keys) == expected,
                "{kind}"
            );
            if kind == "cdb" {
                continue;
            }
            let added: String = (0..2000).map(|n| format!("added{n} {n}\n")).collect();
            assert!(
                run(reader, "postmap", &["-i", &table], &added)
                    .status
                    .success()
            );
            assert!(
                run(reader, "postmap", &["-d", "user7@example.com", &table], "")
                    .status
                    .success()
            );
            let found = query_all(
                writer,
                &directory,
                kind,
                "added1999\nuser7@example.com\nuser8@example.com\n",
            );
            assert_eq!(
                String::from_utf8_lossy(&found),
                "added1999\t1999\nuser8@example.com\tvalue 8\n"
            );
            if kind != "lmdb" {
                let file = directory.join("many.db");
                let verified = std::process::Command::new("db5.3_verify")
                    .arg(file)
                    .output();
                assert!(verified.expect("db5.3-util").status.success());
            }
        }
    }
}
