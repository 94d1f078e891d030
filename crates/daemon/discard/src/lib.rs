// SPDX-License-Identifier: MIT OR Apache-2.0
#![doc = include_str!("../discard.8.md")]

mod params;

use delivery::record::Records;
use delivery::{Attempt, Message, Reporter, Verdict};
use mail::dsn::{Dsn, Status, split_status_text};
use params::Params;
use queue::Layout;
use server::{Client, Jail, Privileges, Program, SingleClient, Startup, run_single_client};

/// Runs the program.
pub fn main() -> ! {
    run_single_client::<Agent>()
}

/// The agent that throws mail away and calls it sent.
struct Agent {
    layout: Layout,
    reporter: Reporter,
}

impl Program for Agent {
    const NAME: &'static str = "discard";
    /// Reads queue files and talks to trace(8), no more.
    const PRIVILEGES: Privileges = Privileges {
        internet: false,
        ..Privileges::MAIL_OWNER
    };

    fn prepare(start: &Startup) -> Result<Self, String> {
        let params = Params::load(&start.main_cf).map_err(|error| error.to_string())?;
        let records = Records::new(&params.status).map_err(|error| error.to_string())?;
        let depth = u8::try_from(params.hash_queue_depth).unwrap_or(u8::MAX);
        Ok(Agent {
            layout: Layout::relative(&params.hash_queue_names, depth),
            reporter: Reporter::new(&params.status, records, None),
        })
    }

    fn changed_table(&mut self) -> Option<String> {
        self.reporter.changed().map(str::to_owned)
    }
}

impl SingleClient for Agent {
    fn serve(&mut self, client: Client, _jail: &Jail) {
        let mut stream = client.stream;
        let reporter = &mut self.reporter;
        delivery::serve(&mut stream, &self.layout, |message| {
            discard(reporter, message).into()
        });
    }
}

/// Every recipient is "sent", with the next hop as the reason.
fn discard(reporter: &mut Reporter, message: &Message) -> Verdict {
    let (status, reason) = split_status_text(&message.request.nexthop)
        .unwrap_or((Status::new(2, 0, 0), &message.request.nexthop));
    let dsn = Dsn::simple(status, reason);
    let mut verdict = Verdict::Done;
    for recipient in &message.request.recipients {
        let attempt = Attempt {
            message,
            recipient,
            stats: &message.request.stats,
            relay: "none",
        };
        let outcome = reporter.sent(attempt, dsn.clone());
        if outcome == Verdict::Done {
            message.mark_done(recipient.offset);
        }
        verdict |= outcome;
    }
    verdict
}

#[cfg(test)]
mod tests {
    use super::*;
    use delivery::StatusParams;
    use delivery::fixture::{FakeService, captured_log, lines, marks, message};

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
        assert_eq!(discard(&mut reporter, &message), Verdict::Done);
        assert_eq!(marks(&message), b"DD");
        let log = log.borrow().join("\n");
        assert!(log.contains("dsn=2.0.0, status=sent (silently)"), "{log}");
        assert!(trace.requests().is_empty(), "nobody asked for a report");
    }
}
