// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is done with single messages, and with all of them.
//!
//! *Invariants*: only complete files are touched; every change is a rename, a removal, or a change
//! of permissions. The logs of a deleted message go first, so that a later message with the same id
//! does not inherit them.
//!
//! *Postfix:* delete_one, requeue_one, hold_one, release_one, expire_one of postsuper.

use crate::Interrupted;
use crate::options::Action;
use crate::report::Report;
use queue::scan::Scan;
use queue::trust::{self, MODE_EXPIRED, Verdict};
use queue::{Layout, Queue, QueueId};
use runtime::log;
use std::fs::{self, Metadata, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::time::SystemTime;

/// Where and how messages are worked on.
pub(crate) struct Work<'a> {
    /// Where the queue is.
    pub(crate) layout: &'a Layout,
    /// The queues of the command line; nothing means the usual ones.
    pub(crate) queues: &'a [Queue],
}

impl Action {
    /// The queues that are meant when none are named.
    fn usual_queues(self) -> &'static [Queue] {
        match self {
            Action::Hold => &[Queue::Incoming, Queue::Active, Queue::Deferred],
            Action::Release => &[Queue::Hold],
            Action::Delete | Action::Requeue | Action::Expire | Action::ExpireAndRelease => {
                &[Queue::Hold, Queue::Incoming, Queue::Active, Queue::Deferred]
            }
        }
    }

    /// Whether it makes sense for messages there.
    fn applies_to(self, queue: Queue) -> bool {
        let message = matches!(
            queue,
            Queue::Maildrop | Queue::Incoming | Queue::Active | Queue::Deferred | Queue::Hold
        );
        match self {
            Action::Delete => message,
            // What is in maildrop was not yet checked, and will be looked at anyway.
            Action::Requeue | Action::Expire | Action::ExpireAndRelease => {
                message && queue != Queue::Maildrop
            }
            Action::Hold => message && queue != Queue::Maildrop && queue != Queue::Hold,
            Action::Release => queue == Queue::Hold,
        }
    }
}

/// Whether each message is named in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Telling {
    Each,
    OnlyNumbers,
}

impl Work<'_> {
    fn queues(&self, action: Action) -> impl Iterator<Item = Queue> {
        let queues = if self.queues.is_empty() {
            action.usual_queues()
        } else {
            self.queues
        };
        queues
            .iter()
            .copied()
            .filter(move |queue| action.applies_to(*queue))
    }

    /// Does it with one message, in the first of the queues that has it.
    pub(crate) fn one(
        &self,
        action: Action,
        id: &QueueId,
        report: &mut Report,
    ) -> Result<(), String> {
        for queue in self.queues(action) {
            if self.apply(action, queue, id, Telling::Each, report)? {
                break;
            }
        }
        Ok(())
    }

    /// Does it with all messages.
    pub(crate) fn all(
        &self,
        action: Action,
        report: &mut Report,
        interrupted: &Interrupted,
    ) -> Result<(), String> {
        for queue in self.queues(action) {
            let scan = Scan::open(self.layout, queue)
                .map_err(|error| format!("open directory {}: {error}", queue.name()))?;
            // Moving files while they are listed may list them twice, or never end.
            let ids: Vec<QueueId> = scan.messages().collect();
            for id in ids {
                interrupted.check(report);
                self.apply(action, queue, &id, Telling::OnlyNumbers, report)?;
            }
        }
        Ok(())
    }

    fn apply(
        &self,
        action: Action,
        queue: Queue,
        id: &QueueId,
        telling: Telling,
        report: &mut Report,
    ) -> Result<bool, String> {
        let path = self.layout.path(queue, id);
        let metadata = match trust::examine(&path) {
            Ok(Verdict::Ready(metadata)) => metadata,
            Ok(Verdict::NotReady(_) | Verdict::Gone) => return Ok(false),
            Ok(Verdict::Alien(why)) => {
                log::warning(why);
                return Ok(false);
            }
            Err(error) => return Err(format!("{}: {error}", path.display())),
        };
        let tell = |what: &str| {
            if telling == Telling::Each {
                log::info(format_args!("{}: {what}", id.as_str()));
            }
        };
        match action {
            Action::Delete => {
                self.delete(queue, id)?;
                tell("removed");
                report.deleted += 1;
            }
            Action::Requeue => {
                self.requeue(queue, id)?;
                tell("requeued");
                report.requeued += 1;
            }
            Action::Hold => {
                self.rename(id, queue, Queue::Hold)?;
                tell("placed on hold");
                report.held += 1;
            }
            Action::Release => {
                self.rename(id, queue, Queue::Deferred)?;
                tell("released from hold");
                report.released += 1;
            }
            Action::Expire | Action::ExpireAndRelease => {
                if metadata.mode() & MODE_EXPIRED == 0 {
                    self.expire(queue, id, &metadata)?;
                    tell("expired");
                    report.expired += 1;
                }
                if action == Action::ExpireAndRelease && queue == Queue::Hold {
                    self.rename(id, queue, Queue::Deferred)?;
                    tell("released from hold");
                    report.released += 1;
                }
            }
        }
        Ok(true)
    }

    fn delete(&self, queue: Queue, id: &QueueId) -> Result<(), String> {
        for log in [Queue::Bounce, Queue::Defer, Queue::Trace] {
            removed(
                &self.layout.path(log, id),
                queue::bounce_log::remove(self.layout, log, id),
            )?;
        }
        removed(&self.layout.path(queue, id), self.layout.remove(queue, id))
    }

    /// Back to where mail of local users comes in; the time is that of a new file.
    fn requeue(&self, queue: Queue, id: &QueueId) -> Result<(), String> {
        self.rename(id, queue, Queue::Maildrop)?;
        let timed = self
            .layout
            .open_to_read(Queue::Maildrop, id)
            .and_then(|file| sys::files::set_times(&file, SystemTime::now()));
        match timed {
            // pickup was faster.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => {
                let path = self.layout.path(Queue::Maildrop, id);
                log::warning(format_args!(
                    "{}: reset time stamps: {error}",
                    path.display()
                ));
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    fn expire(&self, queue: Queue, id: &QueueId, metadata: &Metadata) -> Result<(), String> {
        let path = self.layout.path(queue, id);
        let mode = Permissions::from_mode((metadata.mode() & 0o777) | MODE_EXPIRED);
        match fs::set_permissions(&path, mode) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                let path = path.display();
                Err(format!(
                    "expire file {path}: cannot set permission: {error}"
                ))
            }
            _ => Ok(()),
        }
    }

    fn rename(&self, id: &QueueId, from: Queue, to: Queue) -> Result<(), String> {
        match self.layout.rename(id, from, to) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                let (from, to) = (self.layout.path(from, id), self.layout.path(to, id));
                let (from, to) = (from.display(), to.display());
                Err(format!("rename file {from} as {to}: {error}"))
            }
            _ => Ok(()),
        }
    }
}

fn removed(path: &std::path::Path, done: io::Result<()>) -> Result<(), String> {
    match done {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(format!("remove file {}: {error}", path.display()))
        }
        _ => Ok(()),
    }
}
