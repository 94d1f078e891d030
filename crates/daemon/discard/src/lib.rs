// SPDX-License-Identifier: MIT OR Apache-2.0
#![doc = include_str!("../discard.8.md")]

mod params;

use delivery::Reporter;
use delivery::uniform::Agent;
use mail::dsn::Status;
use params::Params;
use queue::Layout;
use server::{Client, Jail, Privileges, Program, SingleClient, Startup, run_single_client};

/// Runs the program.
pub fn main() -> ! {
    run_single_client::<Discard>()
}

/// The agent that throws mail away and calls it sent; the next hop is the reason.
struct Discard(Agent);

/// What a next hop without a status code means.
const SENT: Status = Status::new(2, 0, 0);

impl Program for Discard {
    const NAME: &'static str = "discard";
    /// Reads queue files and talks to trace(8), no more.
    const PRIVILEGES: Privileges = Privileges {
        internet: false,
        ..Privileges::MAIL_OWNER
    };

    fn prepare(start: &Startup) -> Result<Self, String> {
        let params = Params::load(&start.main_cf).map_err(|error| error.to_string())?;
        let layout = Layout::relative(&params.hash_queue_names, params.hash_queue_depth);
        Agent::new(layout, &params.status).map(Discard)
    }

    fn changed_table(&mut self) -> Option<String> {
        self.0.reporter.changed().map(str::to_owned)
    }
}

impl SingleClient for Discard {
    fn serve(&mut self, mut client: Client, _jail: &Jail) {
        self.0.serve(&mut client.stream, SENT, Reporter::sent);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use delivery::fixture::{FakeService, captured_log, lines, marks, message};
    use delivery::record::Records;
    use delivery::uniform::give;
    use delivery::{StatusParams, Verdict};

    #[test]
    fn every_recipient_is_sent_and_marked_done() {
        let log = captured_log();
        let trace = FakeService::new(0);
        let params =
            StatusParams::load(&config::MainCf::from_text(std::path::Path::new("."), "").unwrap())
                .unwrap();
        let mut reporter = Reporter::new(&params, Records::played_by(&trace.endpoint), None);
        let mut message = message(&lines(&["x"]), &["a@example.org", "b@example.org"]);
        message.request.nexthop = b"silently".to_vec();
        let verdict = give(&mut reporter, &message, SENT, Reporter::sent);
        assert_eq!(verdict, Verdict::Done);
        assert_eq!(marks(&message), b"DD");
        let log = log.borrow().join("\n");
        assert!(log.contains("dsn=2.0.0, status=sent (silently)"), "{log}");
        assert!(trace.requests().is_empty(), "nobody asked for a report");
    }
}
