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

use std::io::Write as _;

use queue::Queue;
use server::{Client, Jail, Privileges, Program, SingleClient, Startup};

use crate::site::Site;

/// The daemon.
pub struct Bounce {
    site: Site,
    purpose: Purpose,
}

/// What the name of the service asks for.
#[derive(Clone, Copy)]
enum Purpose {
    /// Keeping these logs.
    Log(Queue),
    /// Printing the templates, for postconf(1).
    Templates { expanded: bool },
}

impl Purpose {
    fn of(service: &str) -> Option<Purpose> {
        match service {
            "dump_templates" => Some(Purpose::Templates { expanded: false }),
            "expand_templates" => Some(Purpose::Templates { expanded: true }),
            _ => Queue::parse(service)
                .filter(|queue| matches!(queue, Queue::Bounce | Queue::Defer | Queue::Trace))
                .map(Purpose::Log),
        }
    }
}

impl Program for Bounce {
    const NAME: &'static str = "bounce";
    const PRIVILEGES: Privileges = Privileges {
        unlimited_processes: true,
        internet: false,
        ..Privileges::MAIL_OWNER
    };

    fn prepare(start: &Startup) -> Result<Self, String> {
        let purpose = Purpose::of(&start.service).ok_or_else(|| {
            format!(
                "service name must be bounce, defer or trace: {}",
                start.service
            )
        })?;
        Ok(Bounce {
            site: Site::open(&start.main_cf, None)?,
            purpose,
        })
    }
}

impl SingleClient for Bounce {
    fn serve(&mut self, mut client: Client, _jail: &Jail) {
        let stream = &mut client.stream;
        match self.purpose {
            Purpose::Log(log) => service::serve(&self.site, log, stream),
            Purpose::Templates { expanded } => {
                let listing = self.site.templates.listing(expanded);
                let written = stream.write_all(listing.as_bytes());
                if let Err(error) = written.and_then(|()| stream.flush()) {
                    runtime::log::warning(format_args!("write templates: {error}"));
                }
            }
        }
    }
}

/// Runs the daemon.
pub fn main() -> ! {
    server::run_single_client::<Bounce>()
}
