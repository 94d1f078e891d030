// SPDX-License-Identifier: MIT OR Apache-2.0
//! The message on its way out of this program: to cleanup, or, when a person runs
//! `sendmail -bs`, to postdrop.
//!
//! *Invariants*: after the first failed write nothing more is sent, and the verdict is a
//! failure. Dropping a submission withdraws the message.
//!
//! *Postfix:* global/mail_stream(3).

use std::io::{self, Write as _};
use std::path::Path;
use std::time::Duration;

use ipc::client::{ClientError, Endpoint};
use ipc::flags::{CleanupFlags, CleanupStatus};
use ipc::record::{self, RecordType};
use ipc::services::cleanup::{self, Reply};
use ipc::services::postdrop;
use runtime::log;
use runtime::stream::Stream;
use sys::spawn::{Child, Spawn};

/// A message being written.
pub(crate) struct Submission {
    target: Target,
    failed: bool,
}

enum Target {
    Cleanup(cleanup::Submission),
    Postdrop {
        stream: Stream,
        queue_id: String,
        child: Child,
    },
}

impl Submission {
    /// Begins a message at cleanup.
    pub(crate) fn to_cleanup(
        endpoint: &Endpoint,
        flags: CleanupFlags,
        timeout: Duration,
    ) -> Result<Submission, ClientError> {
        let target = Target::Cleanup(cleanup::Submission::open(endpoint, flags, timeout)?);
        Ok(Submission {
            target,
            failed: false,
        })
    }

    /// Begins a message at postdrop, which runs as a child.
    pub(crate) fn to_postdrop(
        command_directory: &Path,
        timeout: Duration,
    ) -> Result<Submission, String> {
        let program = command_directory.join("postdrop");
        let failed = |what: &dyn std::fmt::Display| format!("{}: {what}", program.display());
        let (ours, theirs) = sys::socket::pair().map_err(|error| failed(&error))?;
        let copy = theirs.try_clone().map_err(|error| failed(&error))?;
        let child = Spawn::new(&program)
            .arg("-r")
            .fd(0, theirs)
            .fd(1, copy)
            .spawn();
        let child = child.map_err(|error| failed(&error))?;
        let mut stream = Stream::new(ours);
        stream.set_timeout(timeout);
        let queue_id = postdrop::read_announcement(&mut stream).map_err(|error| failed(&error))?;
        let queue_id = String::from_utf8_lossy(&queue_id).into_owned();
        Ok(Submission {
            target: Target::Postdrop {
                stream,
                queue_id,
                child,
            },
            failed: false,
        })
    }

    /// The queue id.
    pub(crate) fn queue_id(&self) -> &str {
        match &self.target {
            Target::Cleanup(submission) => submission.queue_id(),
            Target::Postdrop { queue_id, .. } => queue_id,
        }
    }

    /// Writes one record.
    pub(crate) fn record(&mut self, kind: RecordType, data: &[u8]) {
        if self.failed {
            return;
        }
        let written: io::Result<()> = match &mut self.target {
            Target::Cleanup(submission) => submission.record(kind, data),
            Target::Postdrop { stream, .. } => {
                let mut record = Vec::with_capacity(data.len() + 5);
                record::write(&mut record, kind, data);
                stream.write_all(&record)
            }
        };
        self.failed = written.is_err();
    }

    /// Writes `name=value` as an attribute record.
    pub(crate) fn attribute(&mut self, name: &str, value: impl AsRef<[u8]>) {
        let text = [name.as_bytes(), b"=", value.as_ref()].concat();
        self.record(RecordType::Attribute, &text);
    }

    /// Reads the verdict. No verdict, and any failed write, is trouble with the queue file.
    pub(crate) fn finish(self) -> Reply {
        let lost = |error: &dyn std::fmt::Display| {
            log::warning(format_args!("{error}"));
            Reply {
                status: CleanupStatus::WRITE,
                reason: Vec::new(),
            }
        };
        match self.target {
            Target::Cleanup(submission) => submission.finish().unwrap_or_else(|e| lost(&e)),
            Target::Postdrop {
                mut stream, child, ..
            } => {
                let _ = stream.flush();
                let reply = postdrop::read_reply(&mut stream).unwrap_or_else(|e| lost(&e));
                drop(stream);
                let _ = sys::spawn::wait(child.pid, None);
                reply
            }
        }
    }
}
