// SPDX-License-Identifier: MIT OR Apache-2.0
//! One service: a line of master.cf with its sockets, timers and counts.
//!
//! *Postfix:* MASTER_SERV of master.h, master_service.c.

use std::os::fd::OwnedFd;

use config::master_cf::{Kind, Service as Entry};
use runtime::events::{Timer, Watch};

use crate::availability::Availability;
use crate::endpoint::Named;

/// Names a service for as long as master runs; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ServiceId(pub(crate) u32);

/// A service that was started.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) entry: Entry,
    pub(crate) named: Named,
    /// Listening sockets, or the FIFO; open from start to stop.
    pub(crate) sockets: Vec<OwnedFd>,
    /// What watches them; empty while a child does.
    pub(crate) watches: Vec<Watch>,
    pub(crate) status: Option<StatusPair>,
    pub(crate) load: Availability,
    pub(crate) wakeup: Option<Timer>,
    pub(crate) throttle: Option<Timer>,
    /// Whether it has been used since it was started.
    pub(crate) used: bool,
}

/// The socket pair over which the children of a service report.
#[derive(Debug)]
pub(crate) struct StatusPair {
    pub(crate) ours: OwnedFd,
    pub(crate) theirs: OwnedFd,
    pub(crate) watch: Watch,
}

impl Service {
    /// A service without sockets yet.
    pub(crate) fn new(entry: Entry, named: Named) -> Self {
        let load = Availability::new(entry.max_processes, is_stress_capable(&entry, &named));
        Self {
            entry,
            named,
            sockets: Vec::new(),
            watches: Vec::new(),
            status: None,
            load,
            wakeup: None,
            throttle: None,
            used: false,
        }
    }

    /// What makes two services the same across a reload.
    pub(crate) fn key(&self) -> (&str, Kind) {
        (&self.named.name, self.entry.kind)
    }

    /// Takes over what a new master.cf says about this service. The sockets stay.
    pub(crate) fn configure(&mut self, entry: Entry, named: Named) {
        self.load
            .configure(entry.max_processes, is_stress_capable(&entry, &named));
        self.entry = entry;
        // The addresses of open sockets do not change; only the words might.
        self.named.is_public = named.is_public;
    }
}

/// Services that strangers reach, with more than one process, are told about stress.
pub(crate) fn is_stress_capable(entry: &Entry, named: &Named) -> bool {
    named.is_public && entry.max_processes > 1
}
