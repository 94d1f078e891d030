// SPDX-License-Identifier: MIT OR Apache-2.0
//! Runs one scenario on both systems and compares what it observed.

use kit::instance::privileged;
use kit::{Flavor, Instance, Setup};
use std::fmt::Write as _;

/// A line that is allowed to differ: what ours says, what theirs says, and why.
pub(crate) type Accepted<'a> = (&'a str, &'a str, &'a str);

/// Boots both systems from the same settings, plays `scenario` on each, and compares the lines it
/// returns.
///
/// # Panics
/// When a line differs that is not accepted, or an accepted difference is no longer there.
#[track_caller]
pub(crate) fn same(
    setup: impl Fn(Setup) -> Setup,
    accepted: &[Accepted<'_>],
    scenario: impl Fn(&Instance) -> Vec<String>,
) {
    if !privileged() || kit::programs::reference().is_none() {
        assert!(
            std::env::var_os("CI").is_none(),
            "the comparison needs root and scripts/reference"
        );
        return;
    }
    let observe = |flavor| {
        let instance = setup(Setup::of(flavor)).boot();
        let address = instance.address.ip().to_string();
        let directory = instance
            .path("etc")
            .parent()
            .expect("directory")
            .display()
            .to_string();
        let lines = scenario(&instance);
        let tidy = |line: String| {
            let line = line.replace(&address, "ADDRESS").replace(&directory, "DIR");
            // The queue id, or NOQUEUE, is there since 3.10.
            line.replace("smtpd: NOQUEUE: lost connection", "smtpd: lost connection")
        };
        (
            lines.into_iter().map(tidy).collect::<Vec<_>>(),
            instance.log(),
        )
    };
    let (theirs, their_log) = observe(Flavor::Theirs);
    if std::env::var_os("POSTHORN_THEIRS_ONLY").is_some() {
        panic!("theirs:\n{theirs:#?}\n{their_log}");
    }
    let (mut ours, our_log) = observe(Flavor::Ours);
    for (our_line, their_line, why) in accepted {
        let found = ours.iter_mut().find(|line| line.as_str() == *our_line);
        let found = found.unwrap_or_else(|| panic!("no longer ours: {our_line} ({why})"));
        assert!(
            theirs.iter().any(|line| line == their_line),
            "no longer theirs: {their_line}"
        );
        (*their_line).clone_into(found);
    }
    if ours.iter().any(|line| line.starts_with("postfix/")) {
        ours.sort();
    }
    let mut sorted = theirs.clone();
    if sorted.iter().any(|line| line.starts_with("postfix/")) {
        sorted.sort();
    }
    if ours != sorted {
        let mut text = String::new();
        for line in sorted.iter().filter(|line| !ours.contains(line)) {
            writeln!(text, "- {line}").expect("text");
        }
        for line in ours.iter().filter(|line| !sorted.contains(line)) {
            writeln!(text, "+ {line}").expect("text");
        }
        if text.is_empty() {
            write!(text, "order or number:\ntheirs {sorted:#?}\nours {ours:#?}").expect("text");
        }
        panic!("- theirs, + ours:\n{text}\ntheir log:\n{their_log}\nour log:\n{our_log}");
    }
}
