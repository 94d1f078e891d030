// SPDX-License-Identifier: MIT OR Apache-2.0
#![doc = include_str!("../cleanup.8.md")]
//!
//! # Privileges
//!
//! Runs as `mail_owner`, in a jail if master.cf says so. Opens lookup tables before the jail; after
//! it, writes queue files and trace logs, and talks to rewrite, bounce, trace and qmgr. Starts no
//! program. There is no limit on its processes, since smtpd and pickup wait for it.

mod aliases;
mod bounce;
mod checks;
mod conversation;
mod duplicates;
mod faults;
mod local;
mod masquerade;
mod message;
mod output;
mod params;
mod rewrite;
mod site;
mod stages;
#[cfg(test)]
mod tests;

use ipc::client::{Endpoint, Reusable};
use ipc::services::rewrite as rewrite_service;
use queue::Layout;
use server::{Client, Jail, Privileges, Program, SingleClient, Startup};

use crate::params::Params;
use crate::site::Site;

/// The daemon.
pub struct Cleanup {
    site: Site,
}

impl Program for Cleanup {
    const NAME: &'static str = "cleanup";
    const PRIVILEGES: Privileges = Privileges {
        unlimited_processes: true,
        in_flow_delay: true,
        internet: false,
        ..Privileges::MAIL_OWNER
    };

    fn prepare(start: &Startup) -> Result<Self, String> {
        let params = Params::load(&start.main_cf).map_err(|error| error.to_string())?;
        let layout = Layout::relative(&params.hash_queue_names, params.hash_queue_depth);
        let connection = Reusable::new(
            Endpoint::private(&params.rewrite_service_name),
            rewrite_service::PROTOCOL,
        )
        .with_limits(params.ipc_timeout, params.ipc_idle, params.ipc_ttl);
        warn_about_milters(&params);
        let rewriter = rewrite_service::Client::over(connection);
        Ok(Cleanup {
            site: Site::open(params, rewriter, layout)?,
        })
    }

    fn changed_table(&mut self) -> Option<String> {
        self.site.changed_table().map(str::to_owned)
    }
}

impl SingleClient for Cleanup {
    fn serve(&mut self, mut client: Client, _jail: &Jail) {
        conversation::serve(&mut self.site, &mut client.stream);
        self.site.rewriter.close_if_old();
    }
}

fn warn_about_milters(params: &Params) {
    for (name, value) in [
        ("non_smtpd_milters", &params.non_smtpd_milters),
        ("smtpd_milters", &params.smtpd_milters),
    ] {
        if !value.trim().is_empty() {
            runtime::log::warning(format_args!(
                "{name} = {value}: this version applies no milters; mail passes without them"
            ));
        }
    }
}

/// Runs the daemon.
pub fn main() -> ! {
    server::run_single_client::<Cleanup>()
}
