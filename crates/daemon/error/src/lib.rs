// SPDX-License-Identifier: MIT OR Apache-2.0
#![doc = include_str!("../error.8.md")]

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

/// The agent that delivers nothing: the next hop says why.
struct Agent {
    layout: Layout,
    reporter: Reporter,
    /// What a text without a status code means: failure for good, or for now (retry).
    default: Status,
}

impl Program for Agent {
    const NAME: &'static str = "error";
    /// Reads queue files and talks to bounce(8), no more.
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
            default: default_status(&start.service),
        })
    }

    fn changed_table(&mut self) -> Option<String> {
        self.reporter.changed().map(str::to_owned)
    }
}

impl SingleClient for Agent {
    fn serve(&mut self, client: Client, _jail: &Jail) {
        let mut stream = client.stream;
        let (reporter, default) = (&mut self.reporter, self.default);
        delivery::serve(&mut stream, &self.layout, |message| {
            refuse(reporter, default, message).into()
        });
    }
}

/// The `retry` service defers; every other service of this program bounces.
fn default_status(service: &str) -> Status {
    if service == "retry" {
        Status::new(4, 0, 0)
    } else {
        Status::new(5, 0, 0)
    }
}

/// Gives every recipient the outcome that the next hop's text describes.
fn refuse(reporter: &mut Reporter, default: Status, message: &Message) -> Verdict {
    let (status, reason) =
        split_status_text(&message.request.nexthop).unwrap_or((default, &message.request.nexthop));
    let dsn = Dsn::simple(status, reason);
    let mut verdict = Verdict::Done;
    for recipient in &message.request.recipients {
        let attempt = Attempt {
            message,
            recipient,
            stats: &message.request.stats,
            relay: "none",
        };
        let outcome = if default.class == 4 {
            reporter.defer(attempt, dsn.clone())
        } else {
            reporter.bounce(attempt, dsn.clone())
        };
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

    fn refused(nexthop: &str, service: &str) -> (Verdict, Vec<u8>, String) {
        let log = captured_log();
        let bounce = FakeService::new(0);
        let records = Records::played_by(&bounce.endpoint);
        let main_cf = config::MainCf::from_text(std::path::Path::new("."), "").unwrap();
        let params = StatusParams::load(&main_cf).unwrap();
        let mut message = message(&lines(&["x"]), &["a@example.org", "b@example.org"]);
        message.request.nexthop = nexthop.as_bytes().to_vec();
        let mut reporter = Reporter::new(&params, records, None);
        let verdict = refuse(&mut reporter, default_status(service), &message);
        let lines = log.borrow().join("\n");
        (verdict, marks(&message), lines)
    }

    #[test]
    fn every_recipient_bounces_with_the_text_of_the_next_hop() {
        let (verdict, marks, log) = refused("5.1.6 User has moved", "error");
        assert_eq!(verdict, Verdict::Done);
        assert_eq!(marks, b"DD");
        assert!(log.contains("to=<a@example.org>, relay=none, "), "{log}");
        assert!(
            log.contains("dsn=5.1.6, status=bounced (User has moved)"),
            "{log}"
        );
    }

    #[test]
    fn a_text_without_status_gets_the_default_of_the_service() {
        let (_, _, log) = refused("no mail here", "error");
        assert!(
            log.contains("dsn=5.0.0, status=bounced (no mail here)"),
            "{log}"
        );
        let (verdict, marks, log) = refused("later", "retry");
        assert_eq!((verdict, &marks[..]), (Verdict::Retry, &b"RR"[..]));
        assert!(log.contains("dsn=4.0.0, status=deferred (later)"), "{log}");
    }

    #[test]
    fn a_status_of_the_wrong_class_is_replaced_with_a_warning() {
        let (_, _, log) = refused("4.3.2 later", "error");
        assert!(log.contains("warning: "), "{log}");
        assert!(log.contains("dsn=5.0.0, status=bounced"), "{log}");
    }
}
