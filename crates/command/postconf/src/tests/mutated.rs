// SPDX-License-Identifier: MIT OR Apache-2.0
//! Configurations with random damage: nothing that reads them may panic, or work without end.
//!
//! The numbers are the same in every run; a failure names the configuration.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use config::master_cf::{Defaults, MasterCf};

use super::*;

/// How many damaged configurations are looked at.
const ROUNDS: u64 = 160;

macro_rules! configuration {
    ($name:literal) => {
        (
            include_str!(concat!(
                "../../../../../tests/differential/postconf/",
                $name,
                "/main.cf"
            )),
            include_str!(concat!(
                "../../../../../tests/differential/postconf/",
                $name,
                "/master.cf"
            )),
        )
    };
}

const CORPUS: [(&str, &str); 7] = [
    configuration!("relay"),
    configuration!("hosting"),
    configuration!("rules"),
    configuration!("language"),
    configuration!("inherited"),
    configuration!("broken-main"),
    configuration!("broken-master"),
];

/// What damage is done with.
const TOKENS: [&str; 24] = [
    "${",
    "}",
    "{",
    "$",
    "$$",
    "$(",
    ")",
    "?",
    ":",
    "=",
    "\n",
    "\n ",
    "\n#",
    "#",
    "\0",
    "\u{e4}",
    "<level",
    "-o",
    " -",
    "99999999999999999999",
    "mysql:",
    "{{{{{{{{",
    "smtpd_banner",
    "$yes",
];

/// A generator of numbers (xorshift64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap_or_default() % limit.max(1)
    }

    /// A part of a text.
    fn part<'t>(&mut self, text: &'t [u8]) -> &'t [u8] {
        let start = self.below(text.len());
        let end = (start + self.below(40)).min(text.len());
        &text[start..end]
    }

    fn damaged(&mut self, text: &str, other: &str) -> Vec<u8> {
        let mut text = text.as_bytes().to_vec();
        for _ in 0..=self.below(5) {
            let at = self.below(text.len());
            let end = (at + self.below(30)).min(text.len());
            let new = match self.below(5) {
                0 => Vec::new(),
                1 => self.part(&text).to_vec(),
                2 => self.part(other.as_bytes()).to_vec(),
                3 => vec![u8::try_from(self.below(256)).unwrap_or_default()],
                _ => TOKENS[self.below(TOKENS.len())].as_bytes().to_vec(),
            };
            let end = if self.below(2) == 0 { at } else { end };
            text.splice(at..end, new);
        }
        text
    }
}

/// Without what would have names looked up.
fn offline(text: &str) -> String {
    let lines = text.split_inclusive('\n');
    lines.filter(|line| !line.contains("_interfaces")).collect()
}

/// Reads the files as daemons and postconf do, and changes them.
fn use_them(directory: &Path, number: u64) {
    let questions: [&[&str]; 6] = [
        &["-nx"],
        &["-Mfx"],
        &["-jPx"],
        &["-Ff"],
        &["-P", "*/*/biff=no"],
        &["-e", "smtpd_banner=x", "biff = no"],
    ];
    let at = usize::try_from(number).unwrap_or_default();
    for words in questions.iter().cycle().skip(at).take(3) {
        let mut all: Vec<OsString> = vec!["-c".into(), directory.into()];
        all.extend(words.iter().map(OsString::from));
        // Whether the answer is an error is not the matter here.
        let _ = run(all, &mut Vec::new());
    }
    if let Ok(main_cf) = MainCf::read(directory) {
        let _ = config::verify(&main_cf);
    }
    let defaults = Defaults {
        process_limit: 100,
        chroot: false,
    };
    let _ = MasterCf::open(&directory.join("master.cf"), defaults);
}

#[test]
fn damaged_configurations_are_read_without_panic_and_in_time() {
    let directory = tempfile::tempdir().expect("a directory");
    let lines = Rc::new(RefCell::new(Vec::new()));
    log::start("postconf", vec![log::Sink::Capture(lines)]);
    let mut slowest = Duration::ZERO;
    for number in 1..=ROUNDS {
        let mut numbers = Numbers(number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let (main, master) = CORPUS[numbers.below(CORPUS.len())];
        let (other, _) = CORPUS[numbers.below(CORPUS.len())];
        let main = numbers.damaged(&offline(main), &offline(other));
        let master = numbers.damaged(master, other);
        std::fs::write(directory.path().join("main.cf"), &main).expect("it is written");
        std::fs::write(directory.path().join("master.cf"), &master).expect("it is written");
        let start = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| use_them(directory.path(), number)));
        slowest = slowest.max(start.elapsed());
        assert!(
            outcome.is_ok(),
            "round {number}, main.cf:\n{}\nmaster.cf:\n{}",
            String::from_utf8_lossy(&main),
            String::from_utf8_lossy(&master)
        );
    }
    assert!(slowest < Duration::from_secs(20), "{slowest:?}");
}
