// SPDX-License-Identifier: MIT OR Apache-2.0
#![doc = include_str!("../error.8.md")]

mod params;

use delivery::uniform::Agent;
use delivery::{Attempt, Reporter, Verdict};
use mail::dsn::{Dsn, Status};
use params::Params;
use queue::Layout;
use server::{Client, Jail, Privileges, Program, SingleClient, Startup, run_single_client};

/// Runs the program.
pub fn main() -> ! {
    run_single_client::<Refusal>()
}

/// The agent that delivers nothing: the next hop says why.
struct Refusal {
    agent: Agent,
    /// What a text without a status code means: failure for good, or for now (retry).
    default: Status,
}

impl Program for Refusal {
    const NAME: &'static str = "error";
    /// Reads queue files and talks to bounce(8), no more.
    const PRIVILEGES: Privileges = Privileges {
        internet: false,
        ..Privileges::MAIL_OWNER
    };

    fn prepare(start: &Startup) -> Result<Self, String> {
        let params = Params::load(&start.main_cf).map_err(|error| error.to_string())?;
        let layout = Layout::relative(&params.hash_queue_names, params.hash_queue_depth);
        Ok(Refusal {
            agent: Agent::new(layout, &params.status)?,
            default: default_status(&start.service),
        })
    }

    fn changed_table(&mut self) -> Option<String> {
        self.agent.reporter.changed().map(str::to_owned)
    }
}

impl SingleClient for Refusal {
    fn serve(&mut self, mut client: Client, _jail: &Jail) {
        let report = report_for(self.default);
        self.agent.serve(&mut client.stream, self.default, report);
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

fn report_for(default: Status) -> fn(&mut Reporter, Attempt<'_>, Dsn) -> Verdict {
    if default.class == 4 {
        Reporter::defer
    } else {
        Reporter::bounce
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use delivery::StatusParams;
    use delivery::fixture::{FakeService, captured_log, lines, marks, message};
    use delivery::record::Records;
    use delivery::uniform::give;

    fn refused(nexthop: &str, service: &str) -> (Verdict, Vec<u8>, String) {
        let log = captured_log();
        let bounce = FakeService::new(0);
        let records = Records::played_by(&bounce.endpoint);
        let main_cf = config::MainCf::from_text(std::path::Path::new("."), "").unwrap();
        let params = StatusParams::load(&main_cf).unwrap();
        let mut message = message(&lines(&["x"]), &["a@example.org", "b@example.org"]);
        message.request.nexthop = nexthop.as_bytes().to_vec();
        let mut reporter = Reporter::new(&params, records, None);
        let default = default_status(service);
        let verdict = give(&mut reporter, &message, default, report_for(default));
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
