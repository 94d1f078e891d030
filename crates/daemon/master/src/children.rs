// SPDX-License-Identifier: MIT OR Apache-2.0
//! The processes that master started.
//!
//! *Postfix:* master_proc.c, the table of master_spawn.c.

use std::collections::HashMap;

use crate::service::ServiceId;

/// One process.
#[derive(Debug, Clone)]
pub(crate) struct Child {
    /// The service it serves.
    pub(crate) service: ServiceId,
    /// Which start it was; its reports carry the same number.
    pub(crate) generation: u32,
    /// Whether it waits for a client.
    pub(crate) available: bool,
    /// Whether it was told to go, so that its reports do not come here any more.
    pub(crate) retired: bool,
    /// How many times it became busy.
    pub(crate) uses: u32,
}

/// All processes, by process id.
#[derive(Debug, Default)]
pub(crate) struct Children {
    by_pid: HashMap<u32, Child>,
}

impl Children {
    pub(crate) fn add(&mut self, pid: u32, service: ServiceId, generation: u32) {
        let child = Child {
            service,
            generation,
            available: true,
            retired: false,
            uses: 0,
        };
        self.by_pid.insert(pid, child);
    }

    pub(crate) fn get_mut(&mut self, pid: u32) -> Option<&mut Child> {
        self.by_pid.get_mut(&pid)
    }

    pub(crate) fn remove(&mut self, pid: u32) -> Option<Child> {
        self.by_pid.remove(&pid)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.by_pid.is_empty()
    }

    /// Process ids of one service.
    pub(crate) fn of(&self, service: ServiceId) -> impl Iterator<Item = u32> {
        let mine = self
            .by_pid
            .iter()
            .filter(move |(_, child)| child.service == service);
        mine.map(|(pid, _)| *pid)
    }

    /// All process ids.
    pub(crate) fn pids(&self) -> impl Iterator<Item = u32> {
        self.by_pid.keys().copied()
    }

    /// Marks the processes of a service as told to go.
    pub(crate) fn retire(&mut self, service: ServiceId) {
        for child in self
            .by_pid
            .values_mut()
            .filter(|child| child.service == service)
        {
            child.retired = true;
            child.available = false;
        }
    }
}
