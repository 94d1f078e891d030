// SPDX-License-Identifier: MIT OR Apache-2.0
//! Runs one scenario on both systems and compares what it observed.

use crate::accepted::{Difference, EVERYWHERE};
use kit::instance::privileged;
use kit::{Flavor, Instance, Setup};
use std::fmt::Write as _;

/// What a scenario observed: the names of its cases, and the lines of each.
pub(crate) type Seen = Vec<(String, Vec<String>)>;

/// Whether the original can run here.
///
/// # Panics
/// When it cannot, in continuous integration.
pub(crate) fn possible() -> bool {
    let possible = privileged() && kit::programs::reference().is_some();
    assert!(
        possible || std::env::var_os("CI").is_none(),
        "the comparison needs root and scripts/reference"
    );
    possible
}

/// Boots both systems from the same settings, plays `scenario` on each, and compares the lines it
/// returns.
///
/// # Panics
/// When a line differs that is not accepted, or an accepted difference is no longer there.
#[track_caller]
pub(crate) fn same(
    setup: impl Fn(Setup) -> Setup,
    accepted: &[Difference],
    scenario: impl Fn(&Instance) -> Vec<String>,
) {
    cases(setup, accepted, |instance| {
        vec![(String::new(), scenario(instance))]
    });
}

/// As [`same`], for a scenario of many cases that share one boot of each system.
///
/// # Panics
/// As [`same`].
#[track_caller]
pub(crate) fn cases(
    setup: impl Fn(Setup) -> Setup,
    accepted: &[Difference],
    scenario: impl Fn(&Instance) -> Seen,
) {
    if !possible() {
        return;
    }
    let observe = |flavor| {
        let instance = setup(Setup::of(flavor)).boot();
        let mut seen = scenario(&instance);
        for (_, lines) in &mut seen {
            for line in lines.iter_mut() {
                *line = placeless(&instance, line);
            }
            // Lines of several programs come in any order.
            if lines.iter().any(|line| line.starts_with("postfix/")) {
                lines.sort();
            }
        }
        (seen, instance.log())
    };
    let (theirs, their_log) = observe(Flavor::Theirs);
    if std::env::var_os("POSTHORN_THEIRS_ONLY").is_some() {
        panic!("theirs:\n{theirs:#?}\n{their_log}");
    }
    let (ours, our_log) = observe(Flavor::Ours);
    let differences = differences(&ours, &theirs, accepted);
    assert!(
        differences.is_empty(),
        "- theirs, + ours:\n{differences}\ntheir log ends:\n{}\nour log ends:\n{}",
        end_of(&their_log),
        end_of(&our_log)
    );
}

/// All that differs and is not accepted, as text; empty if nothing does.
pub(crate) fn differences(ours: &Seen, theirs: &Seen, accepted: &[Difference]) -> String {
    let mut text = String::new();
    let mut met = vec![false; accepted.len()];
    let names = |seen: &Seen| {
        seen.iter()
            .map(|(name, _)| name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(ours), names(theirs), "the same cases");
    for ((name, ours), (_, theirs)) in ours.iter().zip(theirs) {
        let mut differing = String::new();
        let (mut only_ours, mut only_theirs) = (without(ours, theirs), without(theirs, ours));
        for (known, met) in accepted.iter().zip(&mut met) {
            while let Some((our_at, their_at)) = known.among(&only_ours, &only_theirs) {
                *met = true;
                our_at.map(|at| only_ours.remove(at));
                their_at.map(|at| only_theirs.remove(at));
            }
        }
        for line in &only_theirs {
            writeln!(differing, "- {line}").expect("text");
        }
        for line in &only_ours {
            writeln!(differing, "+ {line}").expect("text");
        }
        if differing.is_empty()
            && ours.len() == theirs.len()
            && without(ours, theirs).is_empty()
            && ours != theirs
        {
            write!(differing, "order: theirs {theirs:#?}\nours {ours:#?}").expect("text");
        }
        if !differing.is_empty() {
            writeln!(text, "== {name}\n{differing}").expect("text");
        }
    }
    for (difference, _) in accepted.iter().zip(met).filter(|(_, met)| !met) {
        let Difference { ours, theirs, why } = difference;
        writeln!(text, "no longer so ({why}):\n- {theirs}\n+ {ours}").expect("text");
    }
    text
}

/// The lines of `all` that are left when those of `others` are taken away, one for one.
fn without<'a>(all: &'a [String], others: &[String]) -> Vec<&'a String> {
    let mut others: Vec<&String> = others.iter().collect();
    all.iter()
        .filter(|line| match others.iter().position(|other| other == line) {
            Some(at) => {
                others.swap_remove(at);
                false
            }
            None => true,
        })
        .collect()
}

/// A line without the address and the directory of the instance it was observed on.
pub(crate) fn placeless(instance: &Instance, line: &str) -> String {
    let address = instance.address.ip().to_string();
    let directory = instance.path("").display().to_string();
    let directory = directory.trim_end_matches('/');
    let mut line = line.replace(&address, "ADDRESS").replace(directory, "DIR");
    if instance.flavor() == Flavor::Ours {
        for known in EVERYWHERE {
            line = line.replace(known.ours, known.theirs);
        }
    }
    line
}

/// What follows the program in a master.cf entry, so that it has settings (parameters, one a
/// line) and a log name of its own.
pub(crate) fn options(at: usize, settings: &str) -> String {
    let mut options = format!(" -o syslog_name=case{at:03}");
    let lines = settings.lines().map(str::trim);
    for setting in lines.filter(|line| !line.is_empty()) {
        write!(options, " -o {{ {setting} }}").expect("text");
    }
    options
}

fn end_of(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(40)..].join("\n")
}
