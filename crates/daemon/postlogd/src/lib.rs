// SPDX-License-Identifier: MIT OR Apache-2.0
//! postlogd(8): writes the log lines of all programs to the mail system's own log file.
//!
//! Programs send one datagram per line. All datagrams that wait are taken, then written with one
//! call, so that a busy system costs few system calls per line, and an idle one shows each line
//! at once. When `maillog_file` is empty, lines that still come (from programs that were started
//! before it was emptied) go to the system log.
//!
//! **Privileges.** Runs as `mail_owner`, may be chrooted. Before it gives up its rights it opens
//! the log file, below the prefixes of `maillog_file_prefixes` only; afterwards it opens nothing.
//! It is alone, so that lines do not mix.
//!
//! *Invariants*: a line of the file is one datagram; control characters in it, and what is
//! no UTF-8, become `?`, since any local user can send one through the set-gid postlog(1).
//!
//! *Postfix:* postlogd(8), global/logwriter(3).

mod logfile;
mod params;

use crate::logfile::LogFile;
use crate::params::Params;
use ipc::services::postlog;
use runtime::log::{self, Sink};
use server::{Datagram, Jail, Privileges, Program, Startup};
use std::time::Duration;

/// The program.
pub struct Postlogd {
    file: Option<LogFile>,
    /// Lines that are not yet written.
    lines: Vec<u8>,
    watchdog: Duration,
}

impl Program for Postlogd {
    const NAME: &'static str = "postlogd";

    const PRIVILEGES: Privileges = Privileges {
        solitary: true,
        keep_stdout: true,
        endless: true,
        internet: false,
        ..Privileges::MAIL_OWNER
    };

    fn prepare(start: &Startup) -> Result<Postlogd, String> {
        if let Some(argument) = start.arguments.first() {
            return Err(format!("unexpected command-line argument: {argument}"));
        }
        let params = Params::load(&start.main_cf).map_err(|error| error.to_string())?;
        let file = LogFile::open(
            &params.maillog_file,
            &params.maillog_file_prefixes,
            &params.maillog_file_permissions,
        )?;
        if let Some(file) = &file {
            // This program would be the one to read what it sends to its own socket.
            log::set_sinks(vec![Sink::Opened { file: file.share() }]);
        }
        Ok(Postlogd {
            file,
            lines: Vec::new(),
            watchdog: params.postlogd_watchdog_timeout,
        })
    }

    fn watchdog(&self) -> Option<Duration> {
        Some(self.watchdog)
    }
}

impl Datagram for Postlogd {
    const DATAGRAM_LIMIT: usize = postlog::DATAGRAM_LIMIT;

    fn datagram(&mut self, bytes: &[u8], _jail: &Jail) {
        let line = bytes.trim_ascii_end();
        if line.is_empty() {
            return;
        }
        if self.file.is_none() {
            log::info(String::from_utf8_lossy(postlog::text_of(line)));
            return;
        }
        // Bytes that are no text become question marks too: readers of logs expect UTF-8.
        for character in String::from_utf8_lossy(line).chars() {
            let printable = !character.is_control() && character != char::REPLACEMENT_CHARACTER;
            let shown = if printable { character } else { '?' };
            self.lines
                .extend_from_slice(shown.encode_utf8(&mut [0; 4]).as_bytes());
        }
        self.lines.push(b'\n');
    }

    fn drained(&mut self, _jail: &Jail) {
        if let Some(file) = &self.file {
            file.append(&self.lines);
        }
        self.lines.clear();
    }
}

#[cfg(test)]
mod tests;
