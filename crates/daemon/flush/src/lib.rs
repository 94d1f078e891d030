// SPDX-License-Identifier: MIT OR Apache-2.0
#![doc = include_str!("../flush.8.md")]

mod logfile;
mod params;
#[cfg(test)]
mod tests;

use ipc::client::write_status;
use ipc::services::flush::{PROTOCOL, Request, Status};
use ipc::trigger::{self, qmgr};
use logfile::{add, drain, file_name};
use maps::{DomainList, Options, ParentMatch};
use params::Params;
use queue::scan::{Entry, Scan};
use queue::trust::MODE_UNTHROTTLE;
use queue::{Layout, Queue, QueueId};
use runtime::log;
use runtime::stream::Stream;
use server::{Client, Jail, Privileges, Program, SingleClient, Startup, run_single_client};
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::time::{Duration, SystemTime};

/// Runs the program.
pub fn main() -> ! {
    run_single_client::<Flush>()
}

/// The fast flush service.
struct Flush {
    params: Params,
    layout: Layout,
    domains: DomainList,
}

/// Whether the queue manager is to forget that a message's destinations were dead.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Urgency {
    /// Somebody says that they are back.
    Now,
    /// It is only time to look again.
    Refresh,
}

impl Program for Flush {
    const NAME: &'static str = "flush";
    /// Renames messages within the queue and keeps its logs; wakes up the queue manager.
    const PRIVILEGES: Privileges = Privileges {
        unlimited_processes: true,
        internet: false,
        ..Privileges::MAIL_OWNER
    };

    fn prepare(start: &Startup) -> Result<Self, String> {
        let params = Params::load(&start.main_cf).map_err(|error| error.to_string())?;
        let name = "fast_flush_domains";
        let parents = ParentMatch::of(name, &params.parent_domain_matches_subdomains);
        let domains = DomainList::parse(
            name,
            &params.fast_flush_domains,
            parents,
            &Options::of(&params.tables),
        )
        .map_err(|error| error.to_string())?;
        let layout = Layout::relative(&params.hash_queue_names, params.hash_queue_depth);
        Ok(Flush {
            params,
            layout,
            domains,
        })
    }

    fn changed_table(&mut self) -> Option<String> {
        self.domains.changed().map(str::to_owned)
    }
}

impl SingleClient for Flush {
    fn serve(&mut self, client: Client, jail: &Jail) {
        let mut stream = client.stream;
        if let Err(error) = ipc::client::announce_protocol(&mut stream, PROTOCOL) {
            log::verbose(format_args!("flush client: {error}"));
            return;
        }
        if is_wakeup(&mut stream) {
            self.refresh(self.params.fast_flush_refresh_time, jail);
            return;
        }
        match Request::read(&mut stream) {
            Ok(request) => self.answer(&request, &mut stream, jail),
            Err(error) => {
                log::warning(format_args!("flush request: {error}"));
                reply(&mut stream, Status::Bad);
            }
        }
    }
}

/// Master's wake-up is a single byte and not a request.
fn is_wakeup(stream: &mut Stream) -> bool {
    matches!(stream.fill(), Ok([trigger::WAKEUP]))
}

fn reply(stream: &mut Stream, status: Status) {
    if let Err(error) = write_status(stream, status.code()) {
        log::verbose(format_args!("flush client: {error}"));
    }
}

impl Flush {
    fn answer(&mut self, request: &Request, stream: &mut Stream, jail: &Jail) {
        match request {
            Request::Add { site, queue_id } => {
                let status = self.add(site, queue_id);
                reply(stream, status);
            }
            Request::SendSite { site } => {
                let status = self.send_site(site, jail);
                reply(stream, status);
            }
            Request::SendFile { queue_id } => {
                let status = self.send_file(queue_id, jail);
                reply(stream, status);
            }
            // These take their time: the client must not wait.
            Request::Refresh => {
                reply(stream, Status::Ok);
                self.refresh(self.params.fast_flush_refresh_time, jail);
            }
            Request::Purge => {
                reply(stream, Status::Ok);
                self.refresh(Duration::ZERO, jail);
            }
        }
    }

    /// The log of a site, if mail for it is remembered.
    fn log_of(&mut self, site: &[u8]) -> Result<QueueId, Status> {
        match self.domains.matches(site) {
            Ok(true) => file_name(site).ok_or(Status::Bad),
            Ok(false) => Err(Status::Deny),
            Err(error) => {
                log::warning(error);
                Err(Status::Fail)
            }
        }
    }

    fn add(&mut self, site: &[u8], queue_id: &[u8]) -> Status {
        let name = match self.log_of(site) {
            Ok(name) => name,
            Err(status) => return status,
        };
        let Some(id) = QueueId::parse(queue_id) else {
            return Status::Bad;
        };
        match add(&self.layout, &name, &id) {
            Ok(()) => Status::Ok,
            Err(error) => {
                log::warning(format_args!(
                    "write fast flush log {}: {error}",
                    name.as_str()
                ));
                Status::Fail
            }
        }
    }

    fn send_site(&mut self, site: &[u8], jail: &Jail) -> Status {
        match self.log_of(site) {
            Ok(name) => self.send_logged(&name, Urgency::Now, jail),
            Err(status) => status,
        }
    }

    fn send_logged(&self, name: &QueueId, urgency: Urgency, jail: &Jail) -> Status {
        let mut moved = 0;
        let drained = drain(&self.layout, name, |id| {
            moved += u32::from(self.release(id, urgency));
        });
        if moved > 0 {
            self.wake_queue_manager(urgency, jail);
        }
        match drained {
            Ok(()) => Status::Ok,
            Err(error) => {
                log::warning(format_args!(
                    "read fast flush log {}: {error}",
                    name.as_str()
                ));
                Status::Fail
            }
        }
    }

    fn send_file(&self, queue_id: &[u8], jail: &Jail) -> Status {
        let Some(id) = QueueId::parse(queue_id) else {
            return Status::Bad;
        };
        if self.release(&id, Urgency::Now) {
            self.wake_queue_manager(Urgency::Now, jail);
        }
        Status::Ok
    }

    /// Moves a deferred message to the incoming queue, due now; false when there is none.
    fn release(&self, id: &QueueId, urgency: Urgency) -> bool {
        for queue in [Queue::Deferred, Queue::Incoming] {
            let path = self.layout.path(queue, id);
            let outcome = File::open(&path).and_then(|file| {
                sys::files::set_times(&file, SystemTime::now())?;
                if urgency == Urgency::Now {
                    let mode = file.metadata()?.mode() & 0o777;
                    file.set_permissions(fs::Permissions::from_mode(mode | MODE_UNTHROTTLE))?;
                }
                if queue == Queue::Incoming {
                    Ok(())
                } else {
                    self.layout.rename(id, queue, Queue::Incoming)
                }
            });
            match outcome {
                Ok(()) => return true,
                // Delivered meanwhile, or another flush was faster.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => log::warning(format_args!("{}: {error}", path.display())),
            }
        }
        false
    }

    fn wake_queue_manager(&self, urgency: Urgency, jail: &Jail) {
        let request: &[u8] = match urgency {
            Urgency::Now => &[qmgr::FLUSH_DEAD, qmgr::SCAN_INCOMING],
            Urgency::Refresh => &[qmgr::SCAN_INCOMING],
        };
        let endpoint = jail.public(&self.params.queue_service_name);
        if let Err(error) = trigger::send(&endpoint, request, self.params.trigger_timeout) {
            log::warning(format_args!("wake up queue manager: {error}"));
        }
    }

    /// Looks after logs nobody asked for: those not looked at for `age` are sent, and empty ones
    /// that are old are removed.
    fn refresh(&self, age: Duration, jail: &Jail) {
        let scan = match Scan::open(&self.layout, Queue::Flush) {
            Ok(scan) => scan,
            Err(error) => {
                log::warning(format_args!("scan directory flush: {error}"));
                return;
            }
        };
        for entry in scan {
            let Ok(Entry::Message { id, .. }) = entry else {
                continue;
            };
            if let Err(error) = self.refresh_one(&id, age, jail) {
                log::warning(format_args!("fast flush log {}: {error}", id.as_str()));
            }
        }
    }

    fn refresh_one(&self, name: &QueueId, age: Duration, jail: &Jail) -> io::Result<()> {
        let metadata = match fs::symlink_metadata(self.layout.path(Queue::Flush, name)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            other => other?,
        };
        let unchanged_for = |limit: Duration, since: io::Result<SystemTime>| {
            since.map(|since| since.elapsed().unwrap_or_default() >= limit)
        };
        if metadata.len() > 0 {
            if unchanged_for(age, metadata.modified())? {
                let _ = self.send_logged(name, Urgency::Refresh, jail);
            }
        } else if unchanged_for(self.params.fast_flush_purge_time, metadata.modified())? {
            self.layout.remove(Queue::Flush, name)?;
        }
        Ok(())
    }
}
