// SPDX-License-Identifier: MIT OR Apache-2.0
//! Rotating the log file that postlogd(8) writes.
//!
//! *Postfix:* postfix-script logrotate.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use runtime::text::reason;
use sys::clock::{LocalTime, local_time, unix_seconds};
use sys::signal::Signal;

use crate::instance::Instance;
use crate::programs::{Program, find};
use crate::running;

/// How long daemons may take to notice that the file has another name now.
const SETTLING: Duration = Duration::from_secs(1);

/// Renames the file, makes postlogd open a new one, and compresses the old one.
pub(crate) fn log_file(instance: &Instance, arguments: &[String]) -> Result<(), String> {
    if !arguments.is_empty() {
        return Err("usage postfix logrotate (no arguments)".to_owned());
    }
    let params = &instance.params;
    for (name, value) in [
        ("maillog_file", &params.maillog_file),
        ("maillog_file_compressor", &params.maillog_file_compressor),
        (
            "maillog_file_rotate_suffix",
            &params.maillog_file_rotate_suffix,
        ),
    ] {
        if value.is_empty() {
            return Err(format!(
                "empty '{name}' parameter value - logfile rotation failed"
            ));
        }
    }
    let file = &params.maillog_file;
    if file.starts_with("/dev/") {
        return Err(format!("not rotating '{file}'"));
    }
    rotate(instance, file).map_err(|error| format!("logfile '{file}' rotation failed: {error}"))
}

fn rotate(instance: &Instance, file: &str) -> Result<(), String> {
    let now = local_time(unix_seconds(SystemTime::now()));
    let suffix = format_time(&instance.params.maillog_file_rotate_suffix, &now);
    let rotated = format!("{file}.{suffix}");
    std::fs::rename(file, &rotated)
        .map_err(|error| format!("cannot rename it to {rotated}: {}", reason(&error)))?;
    if let Some(pid) = running::master(instance) {
        let sent = sys::spawn::kill(pid, Signal::SIGHUP);
        sent.map_err(|error| format!("cannot reload process {pid}: {}", reason(&error)))?;
    }
    std::thread::sleep(SETTLING);
    let name = &instance.params.maillog_file_compressor;
    let compressor: PathBuf = find(name).ok_or_else(|| format!("{name}: command not found"))?;
    match Program::new(&compressor).args(&[rotated]).run(instance)? {
        0 => Ok(()),
        status => Err(format!("{name}: exit status {status}")),
    }
}

/// The conversions of strftime(3) that a file name has a use for; others stay as they are.
fn format_time(format: &str, time: &LocalTime) -> String {
    let mut text = String::new();
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            text.push(letter);
            continue;
        }
        match letters.next() {
            Some('Y') => text.push_str(&time.year.to_string()),
            Some('y') => text.push_str(&format!("{:02}", time.year.rem_euclid(100))),
            Some('m') => text.push_str(&format!("{:02}", time.month)),
            Some('b') => text.push_str(time.month_name()),
            Some('a') => text.push_str(time.weekday_name()),
            Some('d') => text.push_str(&format!("{:02}", time.day)),
            Some('H') => text.push_str(&format!("{:02}", time.hour)),
            Some('M') => text.push_str(&format!("{:02}", time.minute)),
            Some('S') => text.push_str(&format!("{:02}", time.second)),
            Some('F') => text.push_str(&format_time("%Y-%m-%d", time)),
            Some('T') => text.push_str(&format_time("%H:%M:%S", time)),
            Some('%') | None => text.push('%'),
            Some(other) => text.extend(['%', other]),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_suffix_is_a_time_stamp() {
        let time = LocalTime {
            year: 2026,
            month: 3,
            day: 1,
            weekday: 0,
            hour: 2,
            minute: 3,
            second: 4,
            utc_offset: 0,
        };
        assert_eq!(format_time("%Y%m%d-%H%M%S", &time), "20260301-020304");
        assert_eq!(
            format_time("%F_%T %q 100%", &time),
            "2026-03-01_02:03:04 %q 100%"
        );
    }
}
