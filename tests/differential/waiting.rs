// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the commands say about a queue, and do with it: sound files that either side made, and
//! damaged ones.

use crate::accepted::{self, Difference};
use crate::cleanup::{self, USUAL};
use crate::compare::{cases, possible};
use crate::protocol::record;
use kit::{Flavor, Instance, Setup, observe};
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Messages as cleanup is told about them.
const MESSAGES: &[&str] = &[
    "Ss@sender.test|Rr@example.test",
    "S|Rr@example.test|Rsecond@example.test|M|NReceived: x|NSubject: two|N|Nbody|N|Nend",
    "Aencoding=8bit|ienvid|<2|Sj\u{f6}rg@b\u{fc}cher.example|orfc822;o@x.test|n3|Rr@example.test|\
     M|NReceived: x|NSubject: j\u{f6}rg|N|Nj\u{f6}rg",
    "Lsmtp:filter|>other@x.test|V+=|Ss@sender.test|R\"a b\"@example.test|M|NReceived: x|LX-Long: a|Lb|Nc|N|Lx|Ny",
];

/// What is no sound queue file, as its records.
const DAMAGED: &[&str] = &[
    "",
    "T1700000000 5|Ss@sender.test",
    "garbage",
    "T1700000000 5|Ss@s.test|Rr@x.test|M|NSubject: x",
];

/// Queue files that each side's cleanup makes of the messages.
fn sound() -> &'static [Vec<u8>] {
    static FILES: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    FILES.get_or_init(|| {
        let made_by = |flavor| {
            let instance = Setup::of(flavor).without("qmgr").boot();
            cleanup::take_the_queue_managers_place(&instance);
            let file = |text: &&str| {
                let (id, verdict) = cleanup::submit(&instance, "cleanup", text, USUAL);
                fs::read(instance.path("spool/incoming").join(id))
                    .unwrap_or_else(|e| panic!("{text}: {verdict:?}: {e}"))
            };
            MESSAGES.iter().map(file).collect::<Vec<_>>()
        };
        [made_by(Flavor::Theirs), made_by(Flavor::Ours)].concat()
    })
}

fn damaged(text: &str) -> Vec<u8> {
    let parts = text.split('|').map(str::as_bytes);
    parts
        .filter_map(|part| Some(record(*part.first()?, &part[1..])))
        .collect::<Vec<_>>()
        .concat()
}

/// Where the files are put in turn, and with which permissions.
const PLACES: &[(&str, u32)] = &[
    ("deferred/A", 0o700),
    ("hold", 0o700),
    ("incoming", 0o700),
    ("active", 0o700),
    ("incoming", 0o600),
    ("maildrop", 0o644),
    ("corrupt", 0o700),
];

fn put(path: &Path, bytes: &[u8], mode: u32) {
    let owner = nix::unistd::User::from_name("postfix")
        .ok()
        .flatten()
        .expect("account");
    let (uid, gid) = (owner.uid.as_raw(), owner.gid.as_raw());
    let directory = path.parent().expect("directory");
    if !directory.exists() {
        fs::create_dir_all(directory).expect("directory");
        chown(directory, Some(uid), Some(gid)).expect("owner");
        fs::set_permissions(directory, fs::Permissions::from_mode(0o700)).expect("mode");
    }
    fs::write(path, bytes).expect("queue file");
    chown(path, Some(uid), Some(gid)).expect("owner");
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("mode");
    filetime(path);
}

/// All files are of the same time.
fn filetime(path: &Path) {
    let file = fs::File::options().write(true).open(path).expect("file");
    let then = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000);
    file.set_modified(then).expect("time");
}

/// The same queue for either side: its files are called `ABCDE00`, `ABCDE01` and so on.
fn fill(instance: &Instance) {
    let damaged = DAMAGED.iter().map(|text| damaged(text));
    let files = sound().iter().cloned().chain(damaged);
    let spool = instance.path("spool");
    for (at, file) in files.enumerate() {
        let (place, mode) = PLACES[at % PLACES.len()];
        put(
            &spool.join(place).join(format!("ABCDE{at:02}")),
            &file,
            mode,
        );
    }
    let log = "recipient=r@example.test\nstatus=4.4.1\naction=delayed\nreason=connect to x: refused\n\n\
        recipient=gone@example.test\noriginal_recipient=o@example.test\nstatus=4.0.0\naction=delayed\n\
        reason=a reason\n\n";
    put(&spool.join("defer/A/ABCDE00"), log.as_bytes(), 0o600);
}

/// All queue files there are.
fn queue(instance: &Instance) -> Vec<String> {
    let spool = instance.path("spool");
    let shown = |path: PathBuf| {
        let mode = fs::metadata(&path).map_or(0, |known| known.permissions().mode() & 0o777);
        let name = path.strip_prefix(&spool).unwrap_or(&path).display();
        format!("file {name} {mode:o}")
    };
    let mut files: Vec<String> = instance.queue_files().into_iter().map(shown).collect();
    files.sort();
    files
}

/// Runs one command line; `<` comes before its input. What comes of it, in the order of the text
/// unless that is the order of a directory.
fn run(instance: &Instance, line: &str) -> Vec<String> {
    let (words, input) = line.split_once(" < ").unwrap_or((line, ""));
    let mut words = words.split(' ');
    let name = words.next().expect("a command");
    let arguments: Vec<&str> = words.collect();
    let output = instance.feed(name, &arguments, input.replace(' ', "\n").as_bytes());
    let mut seen = vec![format!("exit {:?}", output.status.code())];
    for (stream, bytes) in [("out", output.stdout), ("err", output.stderr)] {
        let text = bytes.escape_ascii().to_string().replace("\\n", "\n");
        let mut lines: Vec<String> = text
            .lines()
            .map(|line| format!("{stream} {line}"))
            .collect();
        if name != "postcat" {
            lines.sort();
        }
        seen.extend(lines);
    }
    if name == "postsuper" {
        seen.extend(queue(instance));
        // It may give files the names that fit their inode numbers.
        seen = seen.iter().map(|line| observe::stable(line)).collect();
    }
    seen
}

#[track_caller]
fn compare(commands: &[String], accepted: &[Difference]) {
    if !possible() {
        return;
    }
    sound();
    cases(
        |setup| setup.without("qmgr").without("pickup"),
        accepted,
        |instance| {
            cleanup::take_the_queue_managers_place(instance);
            fill(instance);
            let play = |line: &String| (line.clone(), run(instance, line));
            commands.iter().map(play).collect()
        },
    );
}

#[test]
fn is_read_by_postcat() {
    let mut commands = Vec::new();
    for at in 0..sound_count() {
        for options in ["-q", "-qe", "-qh", "-qb", "-qeh", "-qo", "-qd"] {
            commands.push(format!("postcat {options} ABCDE{at:02}"));
        }
    }
    commands.extend(
        [
            "postcat -q missing",
            "postcat -q ../ABCDE00",
            "postcat -q ABCDE00 ABCDE01",
            "postcat /nonexistent",
            "postcat -x",
            "postcat -q",
        ]
        .map(str::to_owned),
    );
    compare(&commands, &[accepted::MORE_OPTIONS]);
}

fn sound_count() -> usize {
    MESSAGES.len() * 2 + DAMAGED.len()
}

#[test]
fn is_listed_and_changed() {
    let commands = LINES.map(str::to_owned);
    compare(&commands, accepted::QUEUES);
}

const LINES: [&str; 38] = [
    "postqueue -p",
    "postqueue -j",
    "mailq",
    "sendmail -bp",
    "postqueue",
    "postqueue -x",
    "postqueue -p more",
    "postqueue -i",
    "postqueue -i missing",
    "postqueue -i ../ABCDE00",
    "postqueue -s",
    "postqueue -s not.flushed.test",
    "postqueue -s example.test",
    "postqueue -p -j",
    "mailq -x",
    "postsuper -x",
    "postsuper -d",
    "postsuper -d missing",
    "postsuper -d ../ABCDE00",
    "postsuper -d ABCDE00",
    "postsuper -h ABCDE02",
    "postsuper -h ABCDE01",
    "postsuper -H ABCDE01",
    "postsuper -H ABCDE03",
    "postsuper -h - < ABCDE03 missing ABCDE04",
    "postsuper -r ABCDE01",
    "postsuper -d ABCDE05 incoming",
    "postsuper -d ABCDE06 hold deferred",
    "postsuper -h ALL active",
    "postsuper -H ALL",
    "postsuper -d ALL nonsense",
    "postsuper -d all",
    "postsuper -e ABCDE07",
    "postsuper -d ABCDE08 -h ABCDE09",
    "postsuper -p",
    "postsuper -d ALL deferred",
    "postsuper",
    "postsuper -d ALL",
];
