// SPDX-License-Identifier: MIT OR Apache-2.0
//! postlog(1): lets scripts log like the mail system's programs.
//!
//! **Privileges.** Set-gid `setgid_group`, to reach the socket of postlogd(8). Any local user may
//! run it, so it trusts neither environment nor directory (`server::command`), opens no file but
//! `main.cf`, and starts nothing.
//!
//! *Errors*: status 1 with a fatal line; logging itself never fails.
//!
//! *Postfix:* postlog(1).

mod options;

use crate::options::Options;
use runtime::log::{self, RECORD_LIMIT, Severity};
use server::command::{self, Rights};
use std::io::{self, BufRead, Read as _};
use std::time::Duration;

/// The whole program.
pub fn main() -> ! {
    let process = command::begin("postlog", Rights::SetGid);
    // Standard error shows what a person would want to see, and nothing in a script's output.
    let on_terminal = sys::terminal::is_terminal(io::stderr());
    match run(&process, on_terminal) {
        Ok(()) => std::process::exit(runtime::exit::OK),
        Err(complaint) => log::fatal_status(runtime::exit::FATAL, complaint),
    }
}

fn run(process: &str, on_terminal: bool) -> Result<(), String> {
    let options = Options::parse(std::env::args_os().skip(1))?;
    let configured =
        command::configure_logging_to(process, options.config.as_deref(), on_terminal)?;
    let tag = options
        .tag
        .unwrap_or_else(|| format!("{}/{process}", configured.syslog_name));
    log::set_tag(&tag);
    log::set_name(&tag);
    let severity = options.severity;
    if options.text.is_empty() {
        for_each_line(io::stdin().lock(), |line| log::at(severity, line))
            .map_err(|error| format!("read standard input: {error}"))?;
    } else {
        log::at(severity, options.text.join(" "));
    }
    if severity >= Severity::Fatal {
        // As all programs of the mail system, so that a script in a loop does not fill the log.
        std::thread::sleep(Duration::from_secs(1));
    }
    Ok(())
}

/// Calls `log` for each line; a line that is too long for a record becomes several.
fn for_each_line(mut input: impl BufRead, mut log: impl FnMut(&str)) -> io::Result<()> {
    let mut line = Vec::new();
    loop {
        line.clear();
        let limit = u64::try_from(RECORD_LIMIT).unwrap_or(u64::MAX);
        if input.by_ref().take(limit).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        if line.last() == Some(&b'\n') {
            line.pop();
        }
        log(&String::from_utf8_lossy(&line));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_a_record_and_a_long_one_is_several() {
        let long = "x".repeat(RECORD_LIMIT + 5);
        let text = format!("one\n\ntwo\n{long}\nlast");
        let mut lines = Vec::new();
        for_each_line(text.as_bytes(), |line| lines.push(line.to_owned())).unwrap();
        let mut expected = vec!["one".to_owned(), String::new(), "two".to_owned()];
        expected.push("x".repeat(RECORD_LIMIT));
        expected.extend(["xxxxx".to_owned(), "last".to_owned()]);
        assert_eq!(lines, expected);
    }
}
