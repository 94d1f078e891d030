// SPDX-License-Identifier: MIT OR Apache-2.0
//! Starting, changing and stopping services so that they are what master.cf says.
//!
//! A service that stays keeps its sockets, so that no client is turned away. Its children see
//! the end of their status socket: idle ones go at once, busy ones after their client.
//!
//! *Errors:* at start every error is fatal. At a reload the old configuration stays in force,
//! and the error is logged: a mail system should not stop because of a typing error.
//!
//! *Postfix:* master_conf.c, master_service.c, master_vars.c.

use std::path::Path;

use config::master_cf::{Defaults, MasterCf, Service as Entry};
use runtime::event::master::MasterReloaded;
use runtime::log;
use sys::signal::Signal;

use crate::endpoint::{Named, is_disabled};
use crate::listen;
use crate::params::{self, Params};
use crate::run::{Event, Master};
use crate::service::{Service, ServiceId, StatusPair};

impl Master {
    /// Starts all services of master.cf.
    pub(crate) fn start_services(&mut self) -> Result<(), String> {
        let wanted = read_services(&self.params)?;
        for (entry, named) in wanted {
            self.start_service(entry, named)?;
        }
        Ok(())
    }

    /// Reads the configuration again, and makes it so.
    pub(crate) fn reload(&mut self) {
        let directory = self.params.config_directory.clone();
        let read = params::read(&directory).and_then(|(params, _owner)| {
            let services = read_services(&params)?;
            Ok((params, services))
        });
        let (params, services) = match read {
            Ok(read) => read,
            Err(error) => {
                log::error(error);
                log::warning("reload failed: the old configuration stays in force");
                return;
            }
        };
        self.take_over(params);
        log::info(MasterReloaded {
            version: &self.params.mail_version,
            configuration: &directory.to_string_lossy(),
        });
        self.refresh(services);
    }

    /// Takes new parameters over, except for those that would need other sockets or locks.
    fn take_over(&mut self, mut new: Params) {
        for (name, old, new) in [
            (
                "inet_interfaces",
                &self.params.inet_interfaces,
                &mut new.inet_interfaces,
            ),
            (
                "inet_protocols",
                &self.params.inet_protocols,
                &mut new.inet_protocols,
            ),
        ] {
            if old != new {
                log::warning(format_args!("ignoring {name} parameter value change"));
                log::warning(format_args!("old value: \"{old}\", new value: \"{new}\""));
                log::warning(format_args!("to change {name}, stop and start Postfix"));
                new.clone_from(old);
            }
        }
        new.protocols = self.params.protocols;
        new.queue_directory.clone_from(&self.params.queue_directory);
        new.process_id_directory
            .clone_from(&self.params.process_id_directory);
        new.data_directory.clone_from(&self.params.data_directory);
        new.mail_owner.clone_from(&self.params.mail_owner);
        self.params = new;
        self.environment = self.children_environment();
        self.params.log_setup(self.options.stay).apply();
    }

    /// Stops what is gone, restarts what stays, starts what is new.
    fn refresh(&mut self, wanted: Vec<(Entry, Named)>) {
        let is_wanted = |service: &Service| {
            wanted
                .iter()
                .any(|(entry, named)| service.key() == (named.name.as_str(), entry.kind))
        };
        let gone: Vec<ServiceId> = self
            .services
            .iter()
            .filter(|(_, s)| !is_wanted(s))
            .map(|(id, _)| *id)
            .collect();
        for id in gone {
            self.stop_service(id);
        }
        for (entry, named) in wanted {
            let key = (named.name.as_str(), entry.kind);
            let known = self
                .services
                .iter()
                .find(|(_, s)| s.key() == key)
                .map(|(id, _)| *id);
            let result = match known {
                Some(id) => {
                    if let Some(service) = self.services.get_mut(&id) {
                        service.configure(entry, named);
                    }
                    self.unthrottle(id);
                    self.restart_service(id)
                }
                None => self.start_service(entry, named),
            };
            if let Err(error) = result {
                log::error(error);
            }
        }
    }

    fn start_service(&mut self, entry: Entry, named: Named) -> Result<(), String> {
        let limit = self.params.default_process_limit.max(entry.max_processes);
        let backlog = i32::try_from(limit).unwrap_or(i32::MAX);
        let mut service = Service::new(entry, named);
        service.sockets = listen::open(&service.named, service.entry.kind, backlog, self.owner)?;
        let id = self.next_service_id();
        self.services.insert(id, service);
        self.open_status(id)?;
        self.start_wakeup(id);
        self.changed.insert(id);
        Ok(())
    }

    fn stop_service(&mut self, id: ServiceId) {
        self.close_status(id);
        let Some(service) = self.services.remove(&id) else {
            return;
        };
        for watch in &service.watches {
            self.events.unwatch(*watch);
        }
        for timer in [service.wakeup, service.throttle].into_iter().flatten() {
            self.events.cancel(timer);
        }
        // First nobody new can come, then those who serve are told to go.
        drop(service);
        for pid in self.children.of(id) {
            let _ = sys::spawn::kill(pid, Signal::SIGTERM);
        }
        self.children.retire(id);
    }

    /// Makes the children of a service go, so that new ones take its new settings.
    pub(crate) fn restart_service(&mut self, id: ServiceId) -> Result<(), String> {
        self.close_status(id);
        self.children.retire(id);
        if let Some(service) = self.services.get_mut(&id) {
            service.load.all_retired();
            if let Some(timer) = service.wakeup.take() {
                self.events.cancel(timer);
            }
        }
        self.open_status(id)?;
        self.start_wakeup(id);
        self.changed.insert(id);
        Ok(())
    }

    fn open_status(&mut self, id: ServiceId) -> Result<(), String> {
        let failed = |error| format!("cannot make a status socket: {error}");
        let (ours, theirs) = sys::socket::pair().map_err(failed)?;
        let watch = self
            .events
            .watch_read(&ours, Event::Status(id))
            .map_err(failed)?;
        if let Some(service) = self.services.get_mut(&id) {
            service.status = Some(StatusPair {
                ours,
                theirs,
                watch,
            });
        }
        Ok(())
    }

    fn close_status(&mut self, id: ServiceId) {
        if let Some(pair) = self
            .services
            .get_mut(&id)
            .and_then(|service| service.status.take())
        {
            self.events.unwatch(pair.watch);
        }
    }
}

/// The services of master.cf that shall run here, each key once.
fn read_services(params: &Params) -> Result<Vec<(Entry, Named)>, String> {
    let path = params.config_directory.join("master.cf");
    let chroot = params.chroot_notice.is_some();
    let defaults = Defaults {
        process_limit: params.default_process_limit,
        chroot,
    };
    let master_cf = MasterCf::open(&path, defaults).map_err(|error| error.to_string())?;
    master_cf.warnings.into_iter().for_each(log::warning);
    let no_inet = !params.protocols.ipv4 && !params.protocols.ipv6;
    if no_inet {
        log::warning(format_args!(
            "all network protocols are disabled (inet_protocols = {})",
            params.inet_protocols
        ));
        log::warning("disabling all type \"inet\" services in master.cf");
    }
    let mut services: Vec<(Entry, Named)> = Vec::new();
    for entry in master_cf.services {
        let is_inet = entry.kind == config::master_cf::Kind::Inet;
        if (no_inet && is_inet) || is_disabled(&params.master_service_disable, &entry) {
            continue;
        }
        if entry.chroot_by_default
            && let Some(notice) = &params.chroot_notice
        {
            log::info(context(&path, &entry, notice));
        }
        let named = Named::of(&entry, params).map_err(|text| context(&path, &entry, &text))?;
        let same = |(e, n): &(Entry, Named)| (e.kind, &n.name) == (entry.kind, &named.name);
        if let Some(at) = services.iter().position(same) {
            log::warning(context(&path, &entry, &duplicate(&entry)));
            services.remove(at);
        }
        services.push((entry, named));
    }
    Ok(services)
}

fn duplicate(entry: &Entry) -> String {
    format!(
        "duplicate master.cf entry for service \"{}\" ({}) -- using the last entry",
        entry.name,
        entry.kind.word()
    )
}

fn context(path: &Path, entry: &Entry, text: &str) -> String {
    format!("{}: line {}: {text}", path.display(), entry.line)
}
