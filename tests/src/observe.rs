// SPDX-License-Identifier: MIT OR Apache-2.0
//! Observations made comparable: queue ids, times, process ids, versions and ports get stable names.

use std::collections::HashSet;

/// The mail log with everything that differs from run to run replaced, sorted, since the order of
/// lines from different processes is chance. Start-up lines of master are left out.
#[must_use]
pub fn log(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = text.lines().filter_map(log_line).collect();
    lines.sort();
    lines
}

/// What the programs of one `syslog_name` logged, in its order, with everything that differs from
/// run to run replaced.
#[must_use]
pub fn told_by(name: &str, text: &str) -> Vec<String> {
    let of_name = |line: &String| {
        line.strip_prefix(name)
            .is_some_and(|rest| rest.starts_with('/'))
    };
    text.lines().filter_map(log_line).filter(of_name).collect()
}

/// One log line as `postfix/smtpd: text`, or nothing for lines that do not count.
fn log_line(line: &str) -> Option<String> {
    // "Nov 22 10:00:00 host postfix/smtpd[12]: text"
    let rest = line.get(16..)?;
    let (_, rest) = rest.split_once(' ')?;
    let (program, text) = rest.split_once("]: ")?;
    let (program, _) = program.split_once('[')?;
    let start_up = [
        "/master",
        "/postfix-script",
        "/postlogd",
        "/postsuper",
        "/postfix",
    ];
    if start_up.iter().any(|end| program.ends_with(end)) {
        return None;
    }
    Some(format!("{program}: {}", stable(text)))
}

/// Whether each message that a log shows as active is shown as removed, too.
#[must_use]
pub fn stories_end(log: &str) -> bool {
    let with = |end: &str| -> HashSet<&str> {
        log.lines()
            .filter(|line| line.ends_with(end))
            .filter_map(|line| line.split("]: ").nth(1)?.split(':').next())
            .collect()
    };
    with("(queue active)").is_subset(&with(": removed"))
}

/// Any text with queue ids, delays, ports and message ids replaced.
#[must_use]
pub fn stable(text: &str) -> String {
    let mut out = String::new();
    let mut word = String::new();
    for character in text.chars().chain(std::iter::once('\0')) {
        if character.is_ascii_alphanumeric() {
            word.push(character);
            continue;
        }
        out += if is_queue_id(&word) { "QID" } else { &word };
        word.clear();
        if character != '\0' {
            out.push(character);
        }
    }
    let out = between(&out, "delay=", ",", "T");
    let out = between(&out, "delays=", ",", "T");
    let out = between(&out, "message-id=<", "@", "ID");
    port(&out)
}

/// Five hex digits of microseconds and an inode number, as the short form has it.
fn is_queue_id(word: &str) -> bool {
    (8..=16).contains(&word.len())
        && word
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte))
}

fn between(text: &str, before: &str, after: &str, with: &str) -> String {
    let Some(start) = text.find(before).map(|at| at + before.len()) else {
        return text.to_owned();
    };
    let end = text[start..]
        .find(after)
        .map_or(text.len(), |length| start + length);
    format!("{}{with}{}", &text[..start], &text[end..])
}

/// `host[address]:port` of a relay keeps its form and loses its number.
fn port(text: &str) -> String {
    let mut parts = text.split("]:");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let tail = part.trim_start_matches(|c: char| c.is_ascii_digit());
        out += if tail.len() < part.len() {
            "]:PORT"
        } else {
            "]:"
        };
        out += tail;
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_story_ends_when_each_active_message_is_removed() {
        let active =
            "Nov 22 10:00:00 mail postfix/qmgr[1]: 4A1B: from=<>, nrcpt=1 (queue active)\n";
        let removed = "Nov 22 10:00:00 mail postfix/qmgr[1]: 4A1B: removed\n";
        assert!(!super::stories_end(active));
        assert!(super::stories_end(&[active, removed].concat()));
    }

    #[test]
    fn a_log_line_loses_what_differs_from_run_to_run() {
        let text = "Nov 22 10:00:00 mail postfix/local[12]: 4A1B2C3D4E: to=<a@b.test>, \
                    relay=local, delay=0.1, delays=0/0/0/0.1, dsn=2.0.0, status=sent (x)";
        assert_eq!(
            super::log(text),
            [
                "postfix/local: QID: to=<a@b.test>, relay=local, delay=T, delays=T, dsn=2.0.0, \
              status=sent (x)"
            ]
        );
    }
}
