// SPDX-License-Identifier: MIT OR Apache-2.0
#![doc = include_str!("../showq.8.md")]

mod listing;
mod params;
#[cfg(test)]
mod tests;

use ipc::services::showq::Lister;
use listing::View;
use params::Params;
use queue::scan::{Entry, Scan};
use queue::{Layout, Queue};
use runtime::log;
use runtime::stream::Stream;
use server::{Client, Jail, Privileges, Program, SingleClient, Startup, run_single_client};
use std::io;

/// The order in which people read the queue.
const QUEUES: [Queue; 5] = [
    Queue::Maildrop,
    Queue::Active,
    Queue::Incoming,
    Queue::Deferred,
    Queue::Hold,
];

/// Runs the program.
pub fn main() -> ! {
    run_single_client::<Showq>()
}

/// The queue lister.
struct Showq {
    params: Params,
    layout: Layout,
}

impl Program for Showq {
    const NAME: &'static str = "showq";
    /// Reads the queue and the logs of recipients; changes nothing, calls nobody.
    const PRIVILEGES: Privileges = Privileges {
        internet: false,
        ..Privileges::MAIL_OWNER
    };

    fn prepare(start: &Startup) -> Result<Self, String> {
        let params = Params::load(&start.main_cf).map_err(|error| error.to_string())?;
        let layout = Layout::relative(&params.hash_queue_names, params.hash_queue_depth);
        Ok(Showq { params, layout })
    }
}

impl SingleClient for Showq {
    fn serve(&mut self, client: Client, _jail: &Jail) {
        let mut stream = client.stream;
        if let Err(error) = self.list(&mut stream) {
            // The client may have seen enough.
            log::verbose(format_args!("listing broken off: {error}"));
        }
    }
}

impl Showq {
    /// Lists all queues.
    fn list(&self, stream: &mut Stream) -> io::Result<()> {
        let view = View {
            layout: &self.layout,
            null_sender: &self.params.empty_address_recipient,
            duplicate_limit: usize::try_from(self.params.duplicate_filter_limit).unwrap_or(0),
        };
        let mut lister = Lister::begin(stream)?;
        for queue in QUEUES {
            let mut scan = match Scan::open(&self.layout, queue) {
                Ok(scan) => scan,
                Err(error) => {
                    log::warning(format_args!("scan directory {}: {error}", queue.name()));
                    continue;
                }
            };
            while let Some(entry) = scan.next_entry() {
                if let Ok(Entry::Message { id, .. }) = entry {
                    view.message(&mut lister, queue, &id)?;
                }
            }
        }
        lister.finish()
    }
}
