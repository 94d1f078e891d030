// SPDX-License-Identifier: MIT OR Apache-2.0
#![doc = include_str!("../smtp.8.md")]

mod connect;
mod courier;
mod demands;
mod destination;
mod generic;
mod hosts;
mod order;
mod own;
mod params;
mod pix;
mod progress;
mod protocol;
mod reuse;
mod session;
mod setup;
#[cfg(test)]
mod tests;
mod why;

use std::time::{Duration, Instant};

use config::Prefix;
use delivery::Reporter;
use delivery::filter::StatusFilter;
use delivery::record::Records;
use maps::Options;
use queue::Layout;
use server::{Client, Jail, Privileges, Program, SingleClient, Startup, run_single_client};

use courier::Courier;
use params::Params;

/// Runs the program.
pub fn main() -> ! {
    run_single_client::<Agent>()
}

/// The SMTP or LMTP client.
struct Agent {
    layout: Layout,
    reporter: Reporter,
    courier: Courier,
}

impl Program for Agent {
    const NAME: &'static str = "smtp";
    /// Reads queue files, talks to name servers and mail servers, to bounce(8) and, for generic
    /// addresses, to trivial-rewrite(8). Nothing else.
    const PRIVILEGES: Privileges = Privileges::MAIL_OWNER;

    fn prepare(start: &Startup) -> Result<Self, String> {
        let lmtp = match (start.process.as_str(), start.service.as_str()) {
            ("lmtp", _) | (_, "lmtp") => true,
            ("smtp", _) => false,
            (other, _) => {
                return Err(format!(
                    "unexpected process name \"{other}\" - specify \"smtp\" or \"lmtp\""
                ));
            }
        };
        let prefix = if lmtp { Prefix::Lmtp } else { Prefix::Smtp };
        let params = Params::load_as(&start.main_cf, prefix).map_err(|error| error.to_string())?;
        let title = if lmtp {
            "lmtp_delivery_status_filter"
        } else {
            "smtp_delivery_status_filter"
        };
        let filter = StatusFilter::open(
            title,
            &params.smtp_delivery_status_filter,
            &Options::of(&params.status.tables),
        )
        .map_err(|error| error.to_string())?;
        let records = Records::new(&params.status).map_err(|error| error.to_string())?;
        Ok(Agent {
            layout: Layout::relative(&params.hash_queue_names, params.hash_queue_depth),
            reporter: Reporter::new(&params.status, records, filter),
            courier: setup::courier(&params, lmtp)?,
        })
    }

    fn changed_table(&mut self) -> Option<String> {
        let changed = self
            .courier
            .changed_table()
            .or_else(|| self.reporter.changed());
        changed.map(str::to_owned)
    }

    fn ending(&mut self, _jail: &Jail) {
        self.courier.idle.close();
    }
}

impl SingleClient for Agent {
    fn serve(&mut self, client: Client, _jail: &Jail) {
        let mut stream = client.stream;
        let (courier, reporter) = (&mut self.courier, &mut self.reporter);
        delivery::serve(&mut stream, &self.layout, |message| {
            courier.deliver(message, reporter)
        });
    }

    fn idle(&mut self) -> Option<Duration> {
        self.courier.idle.expire(Instant::now())
    }

    fn rest(&mut self) {
        self.courier.idle.close();
    }
}
