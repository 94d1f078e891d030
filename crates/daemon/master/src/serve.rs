// SPDX-License-Identifier: MIT OR Apache-2.0
//! The life of a service's processes: started for a client, woken, throttled when they fail.
//!
//! *Invariants:* a process that ends badly before it was ever busy means that its program does
//! not work; no other is started for `service_throttle_time`.
//!
//! *Postfix:* master_avail.c, master_spawn.c, master_wakeup.c.

use std::time::Instant;

use runtime::event::master::{BadEnd, BadStartup, ChildEnded};
use runtime::log;
use runtime::text::reason;
use sys::spawn::Ended;

use crate::children::Child;
use crate::run::{Event, Master};
use crate::service::ServiceId;
use crate::{spawn, wakeup};

impl Master {
    /// Starts a child for a client that nobody waits for.
    pub(crate) fn serve_client(&mut self, id: ServiceId) {
        let Some(service) = self.services.get_mut(&id) else {
            return;
        };
        if !service.load.must_watch() {
            return;
        }
        self.generation = self.generation.wrapping_add(1);
        let common = spawn::Common {
            daemon_directory: &self.params.daemon_directory,
            environment: &self.environment,
            flow: &self.flow,
            stay: self.options.stay,
            verbose: log::verbose_level() > 0,
        };
        let stressed = service.load.is_stressed(Instant::now());
        let started = spawn::start(service, &common, self.generation, stressed);
        let path = self.params.daemon_directory.join(&service.entry.command);
        let path = path.display();
        self.changed.insert(id);
        match started {
            Ok(child) => {
                log::verbose(format_args!("spawn command {path}; pid {}", child.pid));
                service.load.started();
                self.children.add(child.pid, id, self.generation);
                if !std::mem::replace(&mut service.used, true) && service.entry.wakeup_only_if_used
                {
                    self.start_wakeup(id);
                }
            }
            Err(error) => {
                let text = format_args!("master_spawn: exec {path}: {}", reason(&error));
                log::at(log::Severity::Fatal, text);
                self.throttle(id);
            }
        }
    }

    /// Collects children that ended.
    pub(crate) fn reap(&mut self) {
        while let Some((pid, ended)) = sys::spawn::reap() {
            // What it reported before it ended has come, and counts.
            if let Some(service) = self.children.get_mut(pid).map(|child| child.service) {
                self.take_reports(service);
            }
            // As the first process of a container, master inherits orphans of others.
            if let Some(child) = self.children.remove(pid) {
                self.child_ended(pid, &child, ended);
            }
        }
    }

    fn child_ended(&mut self, pid: u32, child: &Child, ended: Ended) {
        let Some(service) = self.services.get_mut(&child.service) else {
            return;
        };
        service.load.ended(child.available);
        self.changed.insert(child.service);
        let end = match ended {
            Ended::Exited(0) => return,
            Ended::Exited(status) => BadEnd::Status(status),
            Ended::Signaled(signal) => BadEnd::Signal(signal),
        };
        let path = self.params.daemon_directory.join(&service.entry.command);
        let path = path.to_string_lossy();
        log::warning(ChildEnded {
            path: &path,
            pid,
            end,
        });
        if child.uses == 0 && !child.retired {
            self.throttle(child.service);
        }
    }

    /// Starts no process of this service for a while.
    fn throttle(&mut self, id: ServiceId) {
        let Some(service) = self.services.get_mut(&id) else {
            return;
        };
        if service.load.throttle() {
            let path = self.params.daemon_directory.join(&service.entry.command);
            log::warning(BadStartup {
                path: &path.to_string_lossy(),
            });
            let wait = self.params.service_throttle_time;
            service.throttle = Some(self.events.set_timer(wait, Event::Unthrottle(id)));
            self.changed.insert(id);
        }
    }

    /// Lets this service start processes again.
    pub(crate) fn unthrottle(&mut self, id: ServiceId) {
        if let Some(service) = self.services.get_mut(&id)
            && let Some(timer) = service.throttle.take()
        {
            self.events.cancel(timer);
            service.load.unthrottle();
            log::verbose(format_args!(
                "throttle released for command {}",
                service.entry.command
            ));
            self.changed.insert(id);
        }
    }

    /// Wakes a service now and from then on, if master.cf says so.
    pub(crate) fn start_wakeup(&mut self, id: ServiceId) {
        let waits = self.services.get(&id).is_some_and(|service| {
            service.entry.wakeup.is_zero() || (service.entry.wakeup_only_if_used && !service.used)
        });
        if !waits {
            self.wake(id);
        }
    }

    pub(crate) fn wake(&mut self, id: ServiceId) {
        let Some(service) = self.services.get_mut(&id) else {
            return;
        };
        if !service.load.is_throttled()
            && let Err(error) = wakeup::send(service, self.owner)
        {
            log::warning(format_args!(
                "master_wakeup_timer_event: service {}({}): {}",
                service.entry.name,
                service.named.name,
                reason(&error)
            ));
        }
        if !service.entry.wakeup.is_zero() {
            let timer = self
                .events
                .set_timer(service.entry.wakeup, Event::Wakeup(id));
            service.wakeup = Some(timer);
        }
    }
}
