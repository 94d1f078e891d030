// SPDX-License-Identifier: MIT OR Apache-2.0
//! What postconf prints and says of configurations, and what it makes of files.
//!
//! The folders in `postconf/` are configurations with everything that is found in real ones;
//! `POSTHORN_CONFIGS` may name a folder with more of them. What may differ is said in
//! [`Versions`], [`ACCEPTED`] and [`BETTER`], and nowhere else.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use kit::Flavor;
use kit::programs::{command, reference, repository};

/// What is asked of every configuration.
const QUESTIONS: [&str; 10] = [
    "-n", "-nf", "-nx", "-M", "-Mf", "-Mx", "-P", "-Px", "-F", "-Ff",
];

/// Texts of the original that are others here, and why.
const ACCEPTED: [(&str, &str, &str); 3] = [
    (
        ", nis:mail.aliases",
        "",
        "there is no NIS, and no default that names it",
    ),
    (
        "\"==\" or \"!=\"\" or \"<\"\" or \"<=\"\" or \">=\"\" or \">\"",
        "\"==\" or \"!=\" or \"<\" or \"<=\" or \">=\" or \">\"",
        "quotes are where they belong",
    ),
    (" ,", ",", "the networks of this host end without a blank"),
];

/// What a program printed and said.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    status: Option<i32>,
    printed: Vec<String>,
    /// Sorted: the original's order is that of its hash tables.
    said: Vec<String>,
}

/// Runs postconf; gives what it did, without what differs from run to run.
fn postconf(flavor: Flavor, directory: &Path, words: &[&str]) -> Answer {
    let mut command = command(flavor, "postconf");
    command.arg("-c").arg(directory);
    if flavor == Flavor::Ours {
        // The original at hand does not know yet what will go.
        command.arg("-q");
    }
    let output = command.args(words).output().expect("postconf runs");
    let lines = |bytes: &[u8]| -> Vec<String> {
        let text = String::from_utf8_lossy(bytes);
        text.lines().map(without_process_id).collect()
    };
    let mut said: Vec<_> = lines(&output.stderr)
        .into_iter()
        .map(|line| match line.split_once("postconf: ") {
            Some((_, text)) => text.to_owned(),
            None => line,
        })
        .collect();
    said.sort();
    Answer {
        status: output.status.code(),
        printed: lines(&output.stdout),
        said,
    }
}

/// `$process_name $process_id` is found in the debugger commands of old samples.
fn without_process_id(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("postconf") {
        text.push_str(before);
        text.push_str("postconf");
        let number = after.trim_start_matches([' ', '.']);
        let digits = number.trim_start_matches(|c: char| c.is_ascii_digit());
        rest = if digits.len() < number.len() && number.len() < after.len() {
            text.push_str(" PID");
            digits
        } else {
            after
        };
    }
    text + rest
}

/// The parameters that only one of the two releases has.
struct Versions {
    only_ours: BTreeSet<String>,
    only_theirs: BTreeSet<String>,
    our_version: String,
    their_version: String,
}

impl Versions {
    fn find() -> Versions {
        let directory = tempfile::tempdir().expect("directory");
        fs::write(directory.path().join("master.cf"), "").expect("master.cf");
        let defaults = |flavor| {
            let answer = postconf(flavor, directory.path(), &["-d"]);
            let pairs = answer.printed.into_iter().map(|line| {
                let (name, value) = line.split_once(" =").expect("a parameter");
                (name.to_owned(), value.trim().to_owned())
            });
            pairs.collect::<BTreeMap<_, _>>()
        };
        let (ours, theirs) = (defaults(Flavor::Ours), defaults(Flavor::Theirs));
        let only = |these: &BTreeMap<String, String>, those: &BTreeMap<String, String>| {
            let names = these.keys().filter(|name| !those.contains_key(*name));
            names.cloned().collect()
        };
        Versions {
            only_ours: only(&ours, &theirs),
            only_theirs: only(&theirs, &ours),
            our_version: ours["mail_version"].clone(),
            their_version: theirs["mail_version"].clone(),
        }
    }

    fn is_in_one_release(&self, name: &str) -> bool {
        self.only_ours.contains(name) || self.only_theirs.contains(name)
    }

    /// An answer as both should give it.
    fn common(&self, mut answer: Answer) -> Answer {
        let mut hidden = false;
        answer.printed.retain(|line| {
            // What is folded belongs to the line before.
            if !line.starts_with(' ') {
                let name = line.split(' ').next().unwrap_or_default();
                hidden = self.is_in_one_release(name);
            }
            !hidden
        });
        answer.said.retain(|line| {
            if line.contains(": #comment after other text is not allowed: ") {
                return false; // Said since 3.8.
            }
            let name = line.split_once("unused parameter: ");
            let name = name.and_then(|(_, rest)| rest.split_once('='));
            !name.is_some_and(|(name, _)| self.is_in_one_release(name))
        });
        let same = |line: &mut String| {
            *line = line
                .replace(&self.our_version, "VERSION")
                .replace(&self.their_version, "VERSION");
            for (theirs, ours, _) in ACCEPTED {
                *line = line.replace(theirs, ours);
            }
            // The original names file and line only of other mistakes than these.
            if let Some((_, why)) = line.split_once(": invalid ") {
                *line = format!("fatal: invalid {why}");
            }
        };
        answer.printed.iter_mut().for_each(same);
        answer.said.iter_mut().for_each(same);
        answer
    }
}

/// The folders with configurations.
fn configurations() -> Vec<PathBuf> {
    let ours = repository().join("tests/differential/postconf");
    let more = std::env::var_os("POSTHORN_CONFIGS").map(PathBuf::from);
    let mut found = Vec::new();
    for folder in [Some(ours), more].into_iter().flatten() {
        let entries = fs::read_dir(folder).expect("a folder of configurations");
        let paths = entries.map(|entry| entry.expect("entry").path());
        found.extend(paths.filter(|path| path.is_dir()));
    }
    found.sort();
    found
}

/// Whether there is something to compare with.
fn comparable() -> bool {
    let found = reference().is_some();
    assert!(
        found || std::env::var_os("CI").is_none(),
        "the comparison needs scripts/reference"
    );
    found
}

/// The differences of two lists of lines.
fn differences(theirs: &[String], ours: &[String]) -> String {
    let mut text = String::new();
    for line in theirs.iter().filter(|line| !ours.contains(line)) {
        writeln!(text, "- {line}").expect("text");
    }
    for line in ours.iter().filter(|line| !theirs.contains(line)) {
        writeln!(text, "+ {line}").expect("text");
    }
    if text.is_empty() && theirs != ours {
        text = format!("order or number:\n{theirs:#?}\n{ours:#?}\n");
    }
    text
}

#[test]
fn configurations_are_printed_and_warned_of_alike() {
    if !comparable() {
        return;
    }
    let versions = Versions::find();
    let mut wrong = String::new();
    for directory in configurations() {
        for question in QUESTIONS {
            let ask = |flavor| versions.common(postconf(flavor, &directory, &[question]));
            let (theirs, ours) = (ask(Flavor::Theirs), ask(Flavor::Ours));
            if theirs != ours {
                writeln!(
                    wrong,
                    "{} {question} ({:?}, {:?})\n{}{}",
                    directory.display(),
                    theirs.status,
                    ours.status,
                    differences(&theirs.printed, &ours.printed),
                    differences(&theirs.said, &ours.said)
                )
                .expect("text");
            }
        }
    }
    assert!(wrong.is_empty(), "- theirs, + ours:\n{wrong}");
}

/// What is asked of single configurations, a command line each.
const REQUESTS: [(&str, &str); 24] = [
    (
        "relay",
        "-d biff mydestination nosuch scan_destination_concurrency_limit",
    ),
    ("relay", "-C service"),
    ("relay", "-C user,builtin -nH"),
    ("relay", "-C foo"),
    ("relay", "-h smtpd_banner mynetworks"),
    (
        "relay",
        "-x smtpd_banner relay_destination_rate_delay maximal_queue_lifetime",
    ),
    (
        "relay",
        "-o mydomain=other.example -xn myorigin masquerade_domains",
    ),
    ("relay", "-o nonsense -n"),
    ("relay", "-M smtp nosuch submission/inet relay/inet"),
    ("relay", "-Mf */inet scan/*"),
    ("relay", "-M a/b/c"),
    ("relay", "-M sm*"),
    ("relay", "-F */unix/wakeup submission/inet/command smtp"),
    ("relay", "-F smtp/inet/colour"),
    ("relay", "-FH submission"),
    (
        "relay",
        "-P */*/syslog_name submission/inet scan/unix/nosuch",
    ),
    ("relay", "-Ph submission/inet/smtpd_relay_restrictions"),
    ("relay", "-PH"),
    ("relay", "-P /smtp"),
    ("rules", "-C user"),
    ("rules", "process_name virtual_maps other nosuch"),
    ("rules", "-Px submission"),
    ("no-master", "-d biff"),
    ("missing", "-d biff"),
];

#[test]
fn requests_are_answered_alike() {
    if !comparable() {
        return;
    }
    let versions = Versions::find();
    let folder = repository().join("tests/differential/postconf");
    for (configuration, words) in REQUESTS {
        let directory = folder.join(configuration);
        let words: Vec<_> = words.split(' ').collect();
        let ask = |flavor| versions.common(postconf(flavor, &directory, &words));
        let (theirs, ours) = (ask(Flavor::Theirs), ask(Flavor::Ours));
        assert_eq!(ours, theirs, "{configuration} {words:?}");
    }
}

/// Changes of files; each begins with the files of `relay`.
const CHANGES: [&[&str]; 26] = [
    &["relayhost = [other.example]"],
    &["-e", "mynetworks=1", "nosuch_parameter ="],
    &["-e", "biff=no", "biff = yes"],
    &["-e", "a b = c"],
    &["-e", "#a = c"],
    &["-X", "mynetworks", "nosuch"],
    &["-X", "a=b"],
    &["-#", "mynetworks", "smtp_tls_policy_maps"],
    &["-#", " "],
    &[
        "-M",
        "smtp/inet = smtp inet n - n - 10 smtpd -o { a = b c } -v",
    ],
    &[
        "-Me",
        "new/unix=new unix - - n - - pipe flags=R user=x argv={/bin/x y}",
    ],
    &["-M", "relay/unix=scan unix - - n - - smtp"],
    &["-M", "smtp/inet=smtp inet"],
    &["-M", "smtp/inet=smtp inet n - n - x smtpd"],
    &["-M", "smtp=smtp inet n - n - 10 smtpd"],
    &["-MX", "*/inet"],
    &["-MX", "nosuch/unix"],
    &["-M#", "scan/unix", "archive/*"],
    &[
        "-F",
        "scan/unix/process_limit=5",
        "relay/unix/command = lmtp -o x=y z",
    ],
    &["-F", "scan/unix/process_limit=many"],
    &["-F", "scan/unix/*=5"],
    &["-F", "nosuch/unix/chroot=n"],
    &[
        "-P",
        "scan/unix/disable_dns_lookups=no",
        "scan/unix/new=1",
        "[::1]:10025/inet/biff=no",
    ],
    &["-P", "scan/unix/a=b c"],
    &[
        "-PX",
        "scan/unix/disable_dns_lookups",
        "relay/unix/syslog_name",
    ],
    &["-PX", "nosuch/unix/x"],
];

#[test]
fn files_are_changed_alike() {
    if !comparable() {
        return;
    }
    let versions = Versions::find();
    let relay = repository().join("tests/differential/postconf/relay");
    for words in CHANGES {
        let change = |flavor| {
            let directory = tempfile::tempdir().expect("directory");
            for name in ["main.cf", "master.cf"] {
                fs::copy(relay.join(name), directory.path().join(name)).expect("copy");
            }
            let mut answer = versions.common(postconf(flavor, directory.path(), words));
            let name = directory.path().display().to_string();
            for line in &mut answer.said {
                *line = line.replace(&name, "DIR");
            }
            let files = ["main.cf", "master.cf"]
                .map(|name| fs::read_to_string(directory.path().join(name)).expect("text"));
            (answer, files)
        };
        let (theirs, their_files) = change(Flavor::Theirs);
        let (ours, our_files) = change(Flavor::Ours);
        assert_eq!(ours, theirs, "{words:?}");
        for (ours, theirs) in our_files.iter().zip(&their_files) {
            let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
            let difference = differences(&lines(theirs), &lines(ours));
            assert!(ours == theirs, "{words:?}, - theirs, + ours:\n{difference}");
        }
    }
}

/// Where the original errs, and ours does not: an entry after its columns, a question, what ours
/// prints, what the original prints, and why.
const BETTER: [(&str, &str, &str, &str, &str); 3] = [
    (
        "{b c} d",
        "-F",
        "x {b c} d",
        "x b c d",
        "the first word keeps its braces, or -e would make two words of it",
    ),
    (
        "-ofoo=bar",
        "-F",
        "x -o foo=bar",
        "x -o f -o -o=bar",
        "an o in the name of a parameter is no option",
    ),
    ("-v", "-Fh", "x -v", "x-v", "words are separated"),
];

#[test]
fn where_the_original_errs_ours_does_not() {
    if !comparable() {
        return;
    }
    for (arguments, question, ours, theirs, why) in BETTER {
        let directory = tempfile::tempdir().expect("directory");
        fs::write(directory.path().join("main.cf"), "").expect("main.cf");
        let entry = format!("a unix - - n - - x {arguments}\n");
        fs::write(directory.path().join("master.cf"), entry).expect("master.cf");
        for (flavor, expected) in [(Flavor::Ours, ours), (Flavor::Theirs, theirs)] {
            let answer = postconf(flavor, directory.path(), &[question, "a/unix/command"]);
            let printed = answer.printed.join("\n");
            let printed = printed
                .strip_prefix("a/unix/command = ")
                .unwrap_or(&printed);
            assert_eq!(printed, expected, "{flavor:?}: {why}");
        }
    }
}

#[test]
fn a_comment_stays_with_the_entry_that_follows_it() {
    if !comparable() {
        return;
    }
    let changed = |flavor| {
        let directory = tempfile::tempdir().expect("directory");
        fs::write(directory.path().join("main.cf"), "").expect("main.cf");
        let text = "a unix - - n - - x\n# about b\nb unix - - n - - y\n";
        let file = directory.path().join("master.cf");
        fs::write(&file, text).expect("master.cf");
        postconf(flavor, directory.path(), &["-F", "a/unix/chroot=y"]);
        fs::read_to_string(&file).expect("master.cf")
    };
    let entry = "a          unix  -       -       y       -       -       x\n";
    let next = "b unix - - n - - y\n";
    assert_eq!(changed(Flavor::Ours), format!("{entry}# about b\n{next}"));
    // The original moves it up.
    assert_eq!(changed(Flavor::Theirs), format!("# about b\n{entry}{next}"));
}
