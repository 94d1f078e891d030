// SPDX-License-Identifier: MIT OR Apache-2.0
#![doc = include_str!("../bounce.8.md")]
//!
//! # Privileges
//!
//! Runs as `mail_owner`, in a jail if master.cf says so. Reads the template file before the jail;
//! after it, reads and writes the logs in `bounce`, `defer` and `trace`, reads queue files, marks
//! recipients in them, and talks to cleanup. Starts no program. The name of the service in master.cf
//! (`bounce`, `defer` or `trace`) says which logs it keeps.

mod letter;
mod notice;
mod original;
mod params;
mod service;
mod site;
mod template;
#[cfg(test)]
mod tests;
mod wrap;

use queue::Queue;
use server::{Client, Jail, Privileges, Program, SingleClient, Startup};

use crate::site::Site;

/// The daemon.
pub struct Bounce {
    site: Site,
    log: Queue,
}

impl Program for Bounce {
    const NAME: &'static str = "bounce";
    const PRIVILEGES: Privileges = Privileges {
        unlimited_processes: true,
        internet: false,
        ..Privileges::MAIL_OWNER
    };

    fn prepare(start: &Startup) -> Result<Self, String> {
        let log = Queue::parse(&start.service)
            .filter(|queue| matches!(queue, Queue::Bounce | Queue::Defer | Queue::Trace))
            .ok_or_else(|| {
                format!(
                    "service name must be bounce, defer or trace: {}",
                    start.service
                )
            })?;
        Ok(Bounce {
            site: Site::open(&start.main_cf, None)?,
            log,
        })
    }
}

impl SingleClient for Bounce {
    fn serve(&mut self, mut client: Client, _jail: &Jail) {
        service::serve(&self.site, self.log, &mut client.stream);
    }
}

/// Runs the daemon.
pub fn main() -> ! {
    server::run_single_client::<Bounce>()
}
