// SPDX-License-Identifier: MIT OR Apache-2.0
//! One line of the log, in the forms its sinks want.
//!
//! *Invariants:* text is cleaned before it gets here; nothing below adds a control character.

use std::fmt::{Display, Write};
use std::time::SystemTime;

use sys::clock::{LocalTime, local_time, unix_seconds};

use super::{Facility, Severity};

/// Most bytes of text that one line holds; the rest is cut off.
pub const RECORD_LIMIT: usize = 2000;

/// A line about to be written.
pub(super) struct Line<'a> {
    pub(super) tag: &'a str,
    pub(super) name: &'a str,
    pub(super) host: &'a str,
    pub(super) severity: Severity,
    pub(super) text: &'a str,
}

impl Line<'_> {
    /// `name: warning: text`, as a person sees it.
    pub(super) fn for_stderr(&self) -> String {
        format!("{}: {}{}\n", self.name, self.severity.prefix(), self.text)
    }

    /// The line of a log file, without a line end.
    pub(super) fn for_file(&self) -> String {
        let now = local_time(unix_seconds(SystemTime::now()));
        let pid = sys::spawn::own_id();
        file_line(&now, self.host, self.tag, pid, self.severity, self.text)
    }

    /// A datagram for `/dev/log`. The date is that of the C library's syslog(3).
    pub(super) fn for_syslog(&self, facility: Facility) -> String {
        let now = local_time(unix_seconds(SystemTime::now()));
        let priority = facility as u32 | level(self.severity);
        format!(
            "<{priority}>{} {:2} {:02}:{:02}:{:02} {}[{}]: {}{}",
            now.month_name(),
            now.day,
            now.hour,
            now.minute,
            now.second,
            self.tag,
            sys::spawn::own_id(),
            self.severity.prefix(),
            self.text
        )
    }

    /// The line as tests compare it.
    pub(super) fn for_capture(&self) -> String {
        format!("{}{}", self.severity.prefix(), self.text)
    }
}

/// The line of a log file: `Mon DD hh:mm:ss HOST TAG[PID]: warning: text`.
///
/// The day has two digits, as Postfix writes it in its own log files.
pub fn file_line(
    when: &LocalTime,
    host: &str,
    tag: &str,
    pid: u32,
    severity: Severity,
    text: &str,
) -> String {
    let label = host.split('.').next().unwrap_or(host);
    format!(
        "{} {:02} {:02}:{:02}:{:02} {label} {tag}[{pid}]: {}{text}",
        when.month_name(),
        when.day,
        when.hour,
        when.minute,
        when.second,
        severity.prefix(),
    )
}

/// The levels of syslog(3): info, warning, err, crit, crit.
fn level(severity: Severity) -> u32 {
    match severity {
        Severity::Info => 6,
        Severity::Warning => 4,
        Severity::Error => 3,
        Severity::Fatal | Severity::Panic => 2,
    }
}

/// Displays an event, with a question mark for what cannot be printed, up to the limit.
pub(super) fn clean(event: &dyn Display) -> String {
    let mut cleaner = Cleaner(String::with_capacity(160));
    // The one error is ours, for "enough".
    let _ = write!(cleaner, "{event}");
    without_numbers(cleaner.0)
}

/// Drops the number that Rust appends to the words of a system error, `(os error 2)`, wherever an
/// error was displayed inside an event.
fn without_numbers(mut text: String) -> String {
    while let Some(start) = text.find(" (os error ") {
        let rest = text.get(start..).unwrap_or_default();
        let Some(length) = rest.find(')') else { break };
        text.replace_range(start..=start + length, "");
    }
    text
}

struct Cleaner(String);

impl Write for Cleaner {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        for c in text.chars() {
            if self.0.len() + c.len_utf8() > RECORD_LIMIT {
                return Err(std::fmt::Error);
            }
            let printable = !c.is_control() && c != char::REPLACEMENT_CHARACTER;
            self.0.push(if printable { c } else { '?' });
        }
        Ok(())
    }
}
