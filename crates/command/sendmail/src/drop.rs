// SPDX-License-Identifier: MIT OR Apache-2.0
//! The conversation with postdrop.
//!
//! *Errors*: exit code and text, without the sender in front.
//!
//! *Postfix:* global/mail_stream(3).

use std::io::Write as _;
use std::os::fd::AsFd;
use std::path::Path;
use std::time::Duration;

use config::environment;
use ipc::flags::CleanupStatus;
use ipc::record::{self, RecordType};
use ipc::services::postdrop;
use runtime::stream::Stream;
use runtime::{exit, log};
use sys::spawn::{Child, Ended, Spawn};

use crate::{Failure, Site};

/// How long postdrop may be silent.
const PATIENCE: Duration = Duration::from_secs(3600);

/// A message on its way into the maildrop. Dropping it takes the message back.
pub(crate) struct Drop {
    stream: Stream,
    child: Option<Child>,
    record: Vec<u8>,
    written: u64,
    limit: u64,
    /// A write failed: postdrop is gone, and may have said why.
    broken: bool,
}

impl Drop {
    /// Starts postdrop.
    pub(crate) fn open(site: &Site) -> Result<Drop, Failure> {
        let program = site.params.command_directory.join("postdrop");
        let unable = |why: &dyn std::fmt::Display| {
            (
                exit::UNAVAILABLE,
                format!("unable to execute {} -r: {why}", program.display()),
            )
        };
        let (ours, theirs) = sys::socket::pair().map_err(|error| unable(&error))?;
        let copy = theirs
            .as_fd()
            .try_clone_to_owned()
            .map_err(|error| unable(&error))?;
        let mut spawn = Spawn::new(&program)
            .arg0("postdrop")
            .arg("-r")
            .fd(0, theirs)
            .fd(1, copy);
        for _ in 0..log::verbose_level() {
            spawn = spawn.arg("-v");
        }
        spawn = spawn.env_clear();
        for (name, value) in environment::imported(&site.params.export_environment) {
            spawn = spawn.env(name, value);
        }
        if let Some(directory) = &site.directory {
            spawn = spawn.env("MAIL_CONFIG", directory);
        }
        let child = spawn.spawn().map_err(|error| unable(&error))?;
        let mut drop = Drop::over(Stream::new(ours), site.params.message_size_limit);
        drop.child = Some(child);
        drop.read_announcement(&program)?;
        Ok(drop)
    }

    /// A conversation over an existing stream.
    pub(crate) fn over(mut stream: Stream, limit: u64) -> Drop {
        stream.set_timeout(PATIENCE);
        Drop {
            stream,
            child: None,
            record: Vec::new(),
            written: 0,
            limit,
            broken: false,
        }
    }

    fn read_announcement(&mut self, program: &Path) -> Result<(), Failure> {
        match postdrop::read_announcement(&mut self.stream) {
            Ok(_) => Ok(()),
            // It has said why on standard error; its exit status is the better one.
            Err(error) => {
                let why = format!("{} -r: {error}", program.display());
                Err((self.exit_status().unwrap_or(exit::UNAVAILABLE), why))
            }
        }
    }

    /// Sends one record (buffered). Trouble shows at the end.
    pub(crate) fn record(&mut self, kind: RecordType, data: &[u8]) {
        self.record.clear();
        record::write(&mut self.record, kind, data);
        self.written = self.written.saturating_add(self.record.len() as u64);
        if !self.broken && self.stream.write_all(&self.record).is_err() {
            self.broken = true;
        }
    }

    /// Sends `name=value`.
    pub(crate) fn attribute(&mut self, name: &str, value: impl AsRef<[u8]>) {
        let text = [name.as_bytes(), b"=", value.as_ref()].concat();
        self.record(RecordType::Attribute, &text);
    }

    /// Whether there is no point in going on: postdrop is gone, or has more than it will take.
    pub(crate) fn is_over(&self) -> bool {
        self.broken || self.limit > 0 && self.written > self.limit
    }

    /// Ends the message and gives the verdict; only success means that the message is safe.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        if self.limit > 0 && self.written > self.limit {
            return Err((exit::UNAVAILABLE, CleanupStatus::SIZE.text().to_owned()));
        }
        // Postdrop may have given its verdict before it has read everything.
        let flushed = self.stream.flush();
        match (postdrop::read_reply(&mut self.stream), flushed) {
            (Ok(reply), _) if reply.status.is_empty() => Ok(()),
            (Ok(reply), _) => {
                let text = if reply.reason.is_empty() {
                    reply.status.text().to_owned()
                } else {
                    String::from_utf8_lossy(&reply.reason).into_owned()
                };
                Err((status_code(reply.status), text))
            }
            (Err(_), Err(error)) => Err((
                self.failed_status(),
                format!("error writing queue file: {error}"),
            )),
            (Err(_), Ok(())) => Err((self.failed_status(), CleanupStatus::WRITE.text().to_owned())),
        }
    }

    /// The exit status where postdrop ended without verdict.
    fn failed_status(&mut self) -> i32 {
        match self.exit_status() {
            Some(exit::NOPERM) => exit::NOPERM,
            _ => exit::TEMPFAIL,
        }
    }

    /// What postdrop's own exit status was, if it has one to tell.
    fn exit_status(&mut self) -> Option<i32> {
        let child = self.child.take()?;
        match sys::spawn::wait(child.pid, Some(Duration::from_secs(10))) {
            Ok(Some(Ended::Exited(status))) if status >= exit::USAGE => Some(status),
            _ => None,
        }
    }
}

/// The exit status for a verdict.
fn status_code(status: CleanupStatus) -> i32 {
    if status.contains(CleanupStatus::BAD) {
        exit::SOFTWARE
    } else if status.contains(CleanupStatus::WRITE) {
        exit::TEMPFAIL
    } else if status.contains(CleanupStatus::NOPERM) {
        exit::NOPERM
    } else {
        exit::UNAVAILABLE
    }
}
